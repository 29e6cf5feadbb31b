//! The steps of an authorized connection, as the walkthrough numbers them.

use serde::{Deserialize, Serialize};

/// The fifteen rows of the walkthrough, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Step {
    McpRequest,
    Unauthorized,
    ResourceMetadata,
    ServerMetadata,
    Registration,
    Pkce,
    AuthorizationUrl,
    Authorize,
    Consent,
    Callback,
    Code,
    TokenRequest,
    Token,
    McpRequestWithToken,
    Connected,
    Refresh,
    StepUp,
    Revoke,
}

impl Step {
    pub const ALL: [Self; 15] = [
        Self::McpRequest,
        Self::Unauthorized,
        Self::ResourceMetadata,
        Self::ServerMetadata,
        Self::Registration,
        Self::Pkce,
        Self::AuthorizationUrl,
        Self::Authorize,
        Self::Consent,
        Self::Callback,
        Self::Code,
        Self::TokenRequest,
        Self::Token,
        Self::McpRequestWithToken,
        Self::Connected,
    ];

    /// What may follow a connection, once each time it happens.
    pub const LATER: [Self; 3] = [Self::Refresh, Self::StepUp, Self::Revoke];

    pub const fn is_later(self) -> bool {
        matches!(self, Self::Refresh | Self::StepUp | Self::Revoke)
    }

    /// The name that tests and links use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::McpRequest => "mcp-request",
            Self::Unauthorized => "unauthorized",
            Self::ResourceMetadata => "resource-metadata",
            Self::ServerMetadata => "server-metadata",
            Self::Registration => "registration",
            Self::Pkce => "pkce",
            Self::AuthorizationUrl => "authorization-url",
            Self::Authorize => "authorize",
            Self::Consent => "consent",
            Self::Callback => "callback",
            Self::Code => "code",
            Self::TokenRequest => "token-request",
            Self::Token => "token",
            Self::McpRequestWithToken => "mcp-request-with-token",
            Self::Connected => "connected",
            Self::Refresh => "refresh",
            Self::StepUp => "step-up",
            Self::Revoke => "revoke",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().chain(Self::LATER).find(|it| it.name() == name)
    }

    /// The number that is drawn: the article's twelve, with 2a to 2c for discovery and registration.
    pub const fn number(self) -> &'static str {
        match self {
            Self::McpRequest => "1",
            Self::Unauthorized => "2",
            Self::ResourceMetadata => "2a",
            Self::ServerMetadata => "2b",
            Self::Registration => "2c",
            Self::Pkce => "3",
            Self::AuthorizationUrl => "4",
            Self::Authorize => "5",
            Self::Consent => "6",
            Self::Callback => "7",
            Self::Code => "8",
            Self::TokenRequest => "9",
            Self::Token => "10",
            Self::McpRequestWithToken => "11",
            Self::Connected => "12",
            Self::Refresh => "↻",
            Self::StepUp => "↑",
            Self::Revoke => "×",
        }
    }
}
