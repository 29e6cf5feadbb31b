//! The values of an attempt in the texts of a rule: `{server}` becomes the server's URL.

use super::evidence::Evidence;
use crate::base::address::Address;
use crate::base::text::prefix;
use crate::oauth::discovery;
use crate::trace::step::Step;

/// Of a longer value its beginning is shown.
const LONGEST: usize = 300;

/// The names that a text may have, and what stands there where the attempt has no such value.
const NAMES: [(&str, &str); 7] = [
    ("{server}", "the server's URL"),
    ("{page}", "the origin of Flowglass"),
    ("{issuer}", "the issuer of the authorization server"),
    ("{named}", "the issuer that `authorization_servers` names"),
    ("{metadata}", "the well-known URL of the resource metadata"),
    ("{resource}", "the resource"),
    ("{redirect}", "the redirect URI"),
];

pub fn fill(text: &str, evidence: &Evidence<'_>) -> String {
    NAMES.iter().filter(|(name, _)| text.contains(name)).fold(text.to_owned(), |text, (name, fallback)| {
        let value = value(name, evidence).map(|it| format!("`{}`", prefix(&it, LONGEST).replace('`', "'")));
        text.replace(name, value.as_deref().unwrap_or(fallback))
    })
}

pub fn value(name: &str, evidence: &Evidence<'_>) -> Option<String> {
    match name {
        "{server}" => Some(evidence.attempt.server.clone()),
        "{page}" => evidence.page.map(str::to_owned),
        "{issuer}" => evidence.issuer.as_ref()?.text("issuer").map(str::to_owned),
        "{named}" => evidence.resource.as_ref()?.list("authorization_servers")?.first().map(|it| (*it).to_owned()),
        "{metadata}" => metadata(evidence.server.as_ref()?),
        "{resource}" => evidence.parameter("resource").map(str::to_owned),
        "{redirect}" => redirect(evidence),
        _ => None,
    }
}

/// Where the resource metadata belongs (RFC 9728 §3.1).
fn metadata(server: &Address) -> Option<String> {
    discovery::resource_metadata(server, None).first().map(Address::href)
}

/// The redirect URI of the authorization request, or of the registration before it.
fn redirect(evidence: &Evidence<'_>) -> Option<String> {
    let registered = || {
        let (request, _) = evidence.last(Step::Registration)?;
        let sent = super::evidence::sent_json(request)?;
        sent.get("redirect_uris")?.get(0)?.as_str().map(str::to_owned)
    };
    evidence.parameter("redirect_uri").map(str::to_owned).or_else(registered)
}
