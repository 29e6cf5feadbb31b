//! What a person sets of an authorization where discovery does not do, and how the login is opened.

use crate::address::Address;
use crate::oauth::registration::TokenAuth;
use serde::{Deserialize, Serialize};

/// What is taken instead of what metadata says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    /// The authorization server to use, as its issuer: one of those that the resource metadata names, or, where there
    /// is no such metadata, the one to ask.
    pub issuer: Option<String>,
    pub authorization_endpoint: Option<Address>,
    pub token_endpoint: Option<Address>,
    pub registration_endpoint: Option<Address>,
}

/// The `resource` parameter (RFC 8707).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResourceMode {
    /// Verbatim from the resource metadata; none where there is no such metadata (2025-03-26).
    #[default]
    AsNamed,
    /// The server's own address.
    Address,
    None,
}

impl ResourceMode {
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::AsNamed, "auto", "As the resource metadata names it"),
        (Self::Address, "address", "The address of the server"),
        (Self::None, "none", "Send none"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(it, ..)| *it == self).map_or("auto", |(_, name, _)| name)
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, it, _)| *it == name).map(|(it, ..)| it)
    }
}

/// Where the login is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Leaving {
    #[default]
    SameWindow,
    Popup,
}

impl Leaving {
    pub const ALL: [(Self, &'static str, &'static str); 2] =
        [(Self::SameWindow, "same-window", "In this window"), (Self::Popup, "popup", "In a popup")];

    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(it, ..)| *it == self).map_or("same-window", |(_, name, _)| name)
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, it, _)| *it == name).map(|(it, ..)| it)
    }
}

/// What is traded for a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GrantType {
    /// A person logs in.
    #[default]
    AuthorizationCode,
    /// The client's own secret, without a person (RFC 6749 §4.4). In a page it is for testing only.
    ClientCredentials,
}

impl GrantType {
    pub const ALL: [(Self, &'static str, &'static str); 2] = [
        (Self::AuthorizationCode, "authorization_code", "With a login"),
        (Self::ClientCredentials, "client_credentials", "Client credentials, for testing"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(it, ..)| *it == self).map_or("authorization_code", |(_, name, _)| name)
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, it, _)| *it == name).map(|(it, ..)| it)
    }
}

/// The ways to authenticate at the token endpoint, as a person chooses among them.
pub const TOKEN_AUTH: [(&str, &str); 5] = [
    ("auto", "Automatic"),
    ("none", "none: a public client"),
    ("client_secret_basic", "client_secret_basic: in a header"),
    ("client_secret_post", "client_secret_post: in the form"),
    ("private_key_jwt", "private_key_jwt: signed with a key"),
];

pub fn token_auth(name: &str) -> Option<TokenAuth> {
    TokenAuth::parse(name)
}
