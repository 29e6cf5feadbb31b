//! A token that was issued just now, and that the MCP server refuses with 401.

use super::{About, Code, Owner};
use crate::trace::check::Clause;
use serde::{Deserialize, Serialize};

/// What was refused, and how; never the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreshToken {
    pub verdict: FreshVerdict,
    /// What the server said: the challenge, or the body where the challenge says nothing or is hidden.
    pub error: Option<String>,
    pub description: Option<String>,
    /// The server that the token is for.
    pub server: String,
    /// `resource` as it was sent (RFC 8707).
    pub resource: Option<String>,
    /// The scope that was granted.
    pub granted: Option<String>,
    /// The issuer of the authorization server's metadata.
    pub issuer: String,
    /// What the token says of itself; `None` where it is opaque.
    pub claims: Option<Claims>,
}

/// What a token says of itself, lists as one string.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub aud: Option<String>,
    pub iss: Option<String>,
    pub scopes: Option<String>,
}

/// What is wrong with it, as far as that can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FreshVerdict {
    NoAudience,
    OtherAudience,
    Expired,
    /// It names another issuer than the metadata does.
    OtherIssuer,
    /// Nothing: the server does not accept what its authorization server issues.
    NotAccepted,
}

impl FreshToken {
    pub(super) const fn about(&self) -> About {
        let (code, owner, clause) = match self.verdict {
            FreshVerdict::NoAudience | FreshVerdict::OtherAudience => {
                (Code::TokenAudience, Owner::Issuer, Clause::McpAudience)
            }
            FreshVerdict::Expired | FreshVerdict::OtherIssuer => {
                (Code::ScopeLimit, Owner::Issuer, Clause::BearerRefused)
            }
            FreshVerdict::NotAccepted => (Code::ScopeLimit, Owner::Server, Clause::BearerRefused),
        };
        About { code, owner, step: None, clause: Some(clause) }
    }
}
