//! The servers that were connected to, with their settings, without any secret: this list stays in `localStorage`.

use crate::inspector::Inspector;
use crate::settings::{Draft, Settings};
use crate::text::prefix;
use serde::{Deserialize, Serialize};

/// How many are kept.
const KEPT: usize = 12;
/// The longest name that is kept, in bytes: the place is shared by all servers.
const NAME: usize = 200;

/// A server and what was set for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recent {
    pub server: String,
    /// What the server calls itself.
    pub name: String,
    /// The version that was agreed on.
    pub negotiated: String,
    pub authorized: bool,
    pub revision: String,
    pub transport: String,
    pub registration: String,
    pub client_id: String,
    pub client_metadata_url: String,
    pub scope: String,
    pub extra: String,
    pub timeout: String,
    pub memory_only: bool,
}

impl Recent {
    /// The present connection; `None` before it stands.
    pub fn of(inspector: &Inspector) -> Option<Self> {
        let settings: &Settings = inspector.settings()?;
        let connection = inspector.connection()?;
        let info = connection.info.as_ref()?;
        let draft = Draft::of(settings);
        Some(Self {
            server: draft.server,
            name: prefix(info.display_name(), NAME).to_owned(),
            negotiated: info.revision.as_str().to_owned(),
            authorized: connection.has_token(),
            revision: draft.revision,
            transport: draft.transport,
            registration: draft.registration,
            client_id: draft.client_id,
            client_metadata_url: draft.client_metadata_url,
            scope: draft.scope,
            extra: draft.extra,
            timeout: draft.timeout,
            memory_only: draft.memory_only,
        })
    }

    /// The form filled as it was; secrets have to be typed again.
    pub fn draft(&self) -> Draft {
        let or = |text: &str, other: String| if text.is_empty() { other } else { text.to_owned() };
        let empty = Draft::default();
        Draft {
            server: self.server.clone(),
            revision: or(&self.revision, empty.revision),
            transport: or(&self.transport, empty.transport),
            registration: or(&self.registration, empty.registration),
            timeout: or(&self.timeout, empty.timeout),
            client_id: self.client_id.clone(),
            client_metadata_url: self.client_metadata_url.clone(),
            scope: self.scope.clone(),
            extra: self.extra.clone(),
            memory_only: self.memory_only,
            ..Draft::default()
        }
    }
}

/// The list with this server first.
pub fn remember(mut list: Vec<Recent>, newest: Recent) -> Vec<Recent> {
    list.retain(|it| it.server != newest.server);
    list.insert(0, newest);
    list.truncate(KEPT);
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(server: &str) -> Recent {
        Recent { server: server.to_owned(), ..Recent::default() }
    }

    #[test]
    fn the_newest_is_first_and_none_is_there_twice() {
        let list = remember(vec![at("a"), at("b")], at("b"));
        assert_eq!(list.iter().map(|it| it.server.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    }

    #[test]
    fn an_entry_of_an_older_version_fills_the_form_with_defaults() {
        let old: Recent = serde_json::from_str(r#"{"server":"https://a"}"#).expect("valid");
        assert_eq!(old.draft().timeout, Draft::default().timeout);
    }
}
