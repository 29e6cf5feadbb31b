//! What the user sets before connecting, the draft it is typed into, the servers that are kept, and what the host sets.

mod by_hand;
pub mod dock;
mod draft;
pub mod host;
pub mod import;
pub mod link;
pub mod private_key;
pub mod servers;
mod token_auth;
mod typed;

pub use by_hand::{ByHand, GrantType, Leaving, ResourceMode, TOKEN_AUTH, token_auth};
pub use draft::{Draft, Field, Refusal, root_lines, roots};
pub use token_auth::TokenAuth;
pub use typed::Typed;

use crate::base::address::Address;
use crate::base::revision::Revision;
use crate::base::secret::{Secret, in_storage};
use serde::{Deserialize, Serialize};

/// How this client gets a client id (the MCP specification, "Client Registration Approaches").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Registration {
    /// Pre-registered if a client id is given, else by metadata document if one is given and offered, else dynamic.
    #[default]
    Auto,
    PreRegistered,
    MetadataDocument,
    Dynamic,
}

impl Registration {
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Auto, "auto", "Automatic"),
        (Self::PreRegistered, "pre-registered", "Pre-registered"),
        (Self::MetadataDocument, "client-metadata-document", "Client ID metadata document"),
        (Self::Dynamic, "dynamic", "Dynamic (RFC 7591)"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(it, ..)| *it == self).map_or("auto", |(_, name, _)| name)
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, it, _)| *it == name).map(|(it, ..)| it)
    }
}

/// A transport that the user pinned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pinned {
    StreamableHttp,
    /// HTTP+SSE (2024-11-05).
    Sse,
}

impl Pinned {
    pub const ALL: [(Self, &'static str, &'static str); 2] =
        [(Self::StreamableHttp, "streamable-http", "Streamable HTTP"), (Self::Sse, "sse", "HTTP+SSE (2024-11-05)")];

    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(it, ..)| *it == self).map_or("auto", |(_, name, _)| name)
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, it, _)| *it == name).map(|(it, ..)| it)
    }
}

/// A folder that the server may be told of (MCP, roots).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// `file://…`
    pub uri: String,
    pub name: Option<String>,
}

/// What is remembered of a connection: everything that was set.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub server: Address,
    /// `None`: found out by asking, and any known one accepted.
    pub revision: Option<Revision>,
    /// `None`: found out by asking.
    pub transport: Option<Pinned>,
    /// Headers of the user's own; their values are treated as secrets.
    pub headers: Vec<Header>,
    /// A typed token instead of OAuth.
    #[serde(with = "in_storage::option")]
    pub bearer: Option<Secret<String>>,
    pub registration: Registration,
    pub client_id: Option<String>,
    #[serde(with = "in_storage::option")]
    pub client_secret: Option<Secret<String>>,
    /// What the client signs its assertions with. In memory alone: no page after this one has it.
    #[serde(skip)]
    pub private_key: Option<Secret<String>>,
    pub client_metadata_url: Option<String>,
    pub scope: Option<String>,
    /// Further parameters of the authorization request.
    pub extra: Vec<(String, String)>,
    /// The secrets above, each with the origin of the server URL that it was typed for.
    pub typed: Vec<(Typed, String)>,
    /// How the client proves itself at the token endpoint; `None`: as registered, or as the metadata offers.
    pub token_auth: Option<TokenAuth>,
    pub resource: ResourceMode,
    pub by_hand: ByHand,
    pub grant: GrantType,
    pub leaving: Leaving,
    /// Pause before every request of the authorization.
    pub step_mode: bool,
    /// What the server is told when it asks for roots.
    pub roots: Vec<Root>,
    /// How long an answer may take, in milliseconds.
    pub timeout: u32,
    /// Tokens are not kept in the tab's storage: they end with the page.
    pub memory_only: bool,
}

impl Settings {
    /// The origin that a secret was typed for.
    pub fn typed_for(&self, typed: &Typed) -> Option<&str> {
        self.typed.iter().find(|(it, _)| it == typed).map(|(_, origin)| origin.as_str())
    }

    /// Whether the client can prove itself, to whoever asks for it.
    pub fn has_credentials(&self) -> bool {
        self.client_secret.is_some() || self.token_auth == Some(TokenAuth::PrivateKeyJwt)
    }
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub name: String,
    #[serde(with = "in_storage")]
    pub value: Secret<String>,
}
