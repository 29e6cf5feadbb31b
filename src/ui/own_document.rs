//! This page's own client metadata document: where it lies, and whether it can be used.

use crate::base::address::Address;
use crate::web::window;

/// Its file, beside the page.
pub const FILE: &str = "client-metadata.json";

/// The document as the build wrote it, and as this page finds itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnDocument {
    /// The address it was built for; `None`: it was built without one.
    pub built: Option<String>,
    /// Where it is, seen from here.
    pub here: String,
}

impl OwnDocument {
    pub fn found() -> Self {
        let here = format!("{}{}{FILE}", window::origin(), window::base());
        Self { built: window::built("client-metadata"), here }
    }

    /// Its address, where it can be a client id.
    pub fn usable(self) -> Option<String> {
        self.obstacle().is_none().then_some(self.here)
    }

    /// Why it cannot be one, in a sentence (MCP, client id metadata documents: https, and `client_id` is the address).
    pub fn obstacle(&self) -> Option<String> {
        let address = Address::typed(&self.here).ok()?;
        match &self.built {
            _ if address.is_loopback() => {
                Some("An authorization server cannot fetch a document from localhost.".to_owned())
            }
            _ if !address.is_encrypted() => Some("The URL must be https.".to_owned()),
            None => Some("This build has none. Build with cargo xtask dist --origin and its URL.".to_owned()),
            Some(built) if *built != self.here => Some(format!("Built for {built}, but served from another URL.")),
            Some(_) => None,
        }
    }
}
