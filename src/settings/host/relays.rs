//! `relays`: for an origin, the path of the page's own origin or the https URL that its requests are sent to.

use super::{Members, Reader, Wrong, join};
use crate::base::address::Address;
use crate::http::relay::Relay;
use crate::settings::servers::clean;
use serde_json::Value;

impl Reader {
    pub(super) fn relays(&mut self, relays: &Members) -> Vec<Relay> {
        let mut all = Vec::new();
        for (origin, to) in relays {
            let part = join("relays", &clean(origin));
            let relay = match to {
                Value::String(to) if is_relay(to) => read(origin, to).ok_or(Wrong::NoOrigin),
                Value::String(_) => Err(Wrong::NoRelay),
                _ => Err(Wrong::Type("a string")),
            };
            match relay {
                Ok(relay) => all.push(relay),
                Err(wrong) => self.fault(part, wrong),
            }
        }
        all
    }
}

fn read(origin: &str, to: &str) -> Option<Relay> {
    let address = Address::typed(origin).ok()?;
    let is_origin = address.origin() == origin.trim_end_matches('/').to_ascii_lowercase();
    is_origin.then(|| Relay { origin: address.origin(), to: to.to_owned() })
}

/// `//other` and `/\other` are other hosts to a browser, and dots lead elsewhere.
fn is_relay(to: &str) -> bool {
    let clean = |it: &str| !it.contains(['?', '#', '\\']) && !it.contains(char::is_whitespace);
    match to.strip_prefix('/') {
        Some(rest) => !rest.starts_with('/') && clean(rest) && Address::typed(&format!("https://host{to}")).is_ok(),
        None => clean(to) && Address::typed(to).is_ok_and(|it| it.is_encrypted()),
    }
}
