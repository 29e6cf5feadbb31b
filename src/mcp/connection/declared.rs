//! What this client declares of itself to a server.

use super::Connection;
use crate::base::revision::Revision;
use crate::mcp::{app, received, task};
use serde_json::{Map, Value, json};

/// MCP extension, OAuth client credentials.
const CLIENT_CREDENTIALS: &str = "io.modelcontextprotocol/oauth-client-credentials";

impl Connection {
    /// What this client declared to the server: capabilities by their names.
    pub fn declared(&self) -> Value {
        self.capabilities(self.revision())
    }

    /// What this client declares: what the user can give, and the extensions that are in use.
    pub(super) fn capabilities(&self, revision: Revision) -> Value {
        let mut all = capabilities(revision);
        let mut extensions = Map::new();
        if self.client_credentials {
            extensions.insert(CLIENT_CREDENTIALS.to_owned(), json!({}));
        }
        // Servers offer tools with apps to those that declare them, in whatever revision (E-90).
        extensions.insert(app::EXTENSION.to_owned(), app::declared());
        if !revision.has_handshake() {
            // The server decides which calls become tasks, but only for a client that declares them (E-85).
            extensions.insert(task::EXTENSION.to_owned(), json!({}));
        }
        if let Some(all) = all.as_object_mut() {
            if revision.has_core_tasks() {
                all.insert("tasks".to_owned(), received::declared());
            }
            all.insert("extensions".to_owned(), extensions.into());
        }
        all
    }
}

pub(super) fn client_info() -> Value {
    json!({ "name": "flowglass", "title": "Flowglass", "version": env!("CARGO_PKG_VERSION") })
}

/// What this client offers a server. Nothing more than the user in front of it can give.
pub fn capabilities(revision: Revision) -> Value {
    let sampling = if revision.has_sampling_tools() { json!({ "tools": {} }) } else { json!({}) };
    let roots = if revision.has_handshake() { json!({ "listChanged": true }) } else { json!({}) };
    match (revision.has_elicitation(), revision.has_url_elicitation()) {
        (false, _) => json!({ "roots": roots, "sampling": sampling }),
        (true, false) => json!({ "roots": roots, "sampling": sampling, "elicitation": {} }),
        (true, true) => json!({ "roots": roots, "sampling": sampling, "elicitation": { "form": {}, "url": {} } }),
    }
}
