//! How a client authenticates at the token endpoint.

use serde::{Deserialize, Serialize};

/// How the client authenticates at the token endpoint (RFC 7591 §2, `token_endpoint_auth_method`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenAuth {
    None,
    Basic,
    Post,
    /// With a signed assertion (RFC 7523 §2.2).
    PrivateKeyJwt,
}

impl TokenAuth {
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic => "client_secret_basic",
            Self::Post => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
        }
    }

    /// Whether the secret itself goes out.
    pub const fn sends_secret(self) -> bool {
        matches!(self, Self::Basic | Self::Post)
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::None, Self::Basic, Self::Post, Self::PrivateKeyJwt].into_iter().find(|it| it.name() == name)
    }
}
