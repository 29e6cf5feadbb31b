//! The requests of an audit: what each of them differs in.

use serde::{Deserialize, Serialize};

/// A request that the audit of a server sends besides the check. None calls a tool or registers a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuditProbe {
    /// A GET of the MCP URL without a header of its own, so without a preflight.
    Simple,
    /// The same in `no-cors`: whether anything responds.
    Alive,
    /// The request without token, with a token that nobody issued.
    UnknownToken,
    /// The same with `Bearer` and no token.
    EmptyToken,
    /// A GET for a stream.
    Stream,
    /// A DELETE of a session that does not exist.
    UnknownSession,
    /// The request without token with one more header that MCP uses.
    MethodHeader,
    NameHeader,
    SessionHeader,
    LastEventHeader,
    /// The same with a protocol version that does not exist.
    UnknownVersion,
    /// The same with `Mcp-Method` over a body with another method.
    OtherMethod,
    Tools,
    Resources,
    Prompts,
    /// The request without token as `text/plain`, which needs no preflight.
    PlainText,
    /// DELETE of a session that a probe opened.
    Farewell,
    ResourceMetadata,
    /// Metadata of a path that is no resource.
    NoResource,
    ServerMetadata,
    Keys,
    AuthorizationEndpoint,
    TokenEndpoint,
    Introspection,
}

impl AuditProbe {
    /// The id of the checklist.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Simple | Self::Alive => "P1",
            Self::Tools | Self::Resources | Self::Prompts => "P3",
            Self::UnknownToken => "P4",
            Self::EmptyToken => "P4b",
            Self::Stream | Self::UnknownSession | Self::Farewell => "P5",
            Self::PlainText => "P6",
            Self::MethodHeader | Self::NameHeader | Self::SessionHeader | Self::LastEventHeader => "P7",
            Self::UnknownVersion => "P7b",
            Self::OtherMethod => "P7c",
            Self::ResourceMetadata => "P8",
            Self::NoResource => "P8n",
            Self::ServerMetadata | Self::Keys => "P9",
            Self::AuthorizationEndpoint => "P10",
            Self::TokenEndpoint => "P11",
            Self::Introspection => "P12",
        }
    }
}
