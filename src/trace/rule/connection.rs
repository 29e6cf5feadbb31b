//! How this client and the MCP server found each other.

use crate::trace::check::Clause;
use serde::{Deserialize, Serialize};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionRule {
    BearerInHeader,
    Discovered {
        version: String,
    },
    /// The handshake works, and the browser hid the answer to `server/discover`.
    ProbeHidden,
    VersionAgreed {
        version: String,
    },
    /// On the same origin.
    ServerMoved {
        from: String,
        to: String,
    },
    MessagesPostedTo {
        url: String,
    },
}

impl ConnectionRule {
    /// Its id, and its clause.
    pub(super) const fn row(&self) -> (&'static str, Clause) {
        match self {
            Self::BearerInHeader => ("bearer-in-header", Clause::BearerHeader),
            Self::Discovered { .. } => ("discovered", Clause::McpDiscovery),
            Self::ProbeHidden => ("probe-hidden", Clause::Cors),
            Self::VersionAgreed { .. } => ("version-agreed", Clause::McpVersion),
            Self::ServerMoved { .. } => ("server-moved", Clause::McpTransport),
            Self::MessagesPostedTo { .. } => ("messages-posted-to", Clause::McpSse),
        }
    }
}
