//! What the user sets of an authorization where discovery does not do, and how the login is opened.

use super::TokenAuth;
use crate::base::address::Address;
use serde::{Deserialize, Serialize};

/// What is taken instead of what metadata says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    /// The authorization server to use, as its issuer, whatever the resource metadata names.
    pub issuer: Option<String>,
    pub authorization_endpoint: Option<Address>,
    pub token_endpoint: Option<Address>,
    pub registration_endpoint: Option<Address>,
    /// The origins among them that came with a link: the user has not typed them.
    #[serde(default)]
    pub linked: Vec<String>,
}

impl ByHand {
    /// The origins that the user typed.
    pub fn origins(&self) -> Vec<String> {
        self.urls().filter_map(|it| origin(&it)).filter(|it| !self.linked.contains(it)).collect()
    }

    /// Whether a URL has an origin that came with a link.
    pub fn is_linked(&self, url: &str) -> bool {
        origin(url).is_some_and(|it| self.linked.contains(&it))
    }

    /// The URLs that came with a link.
    pub fn linked_urls(&self) -> Vec<String> {
        self.urls().filter(|it| self.is_linked(it)).collect()
    }

    /// All that is set.
    pub(super) fn urls(&self) -> impl Iterator<Item = String> {
        let endpoints = [&self.authorization_endpoint, &self.token_endpoint, &self.registration_endpoint];
        let endpoints = endpoints.map(|it| it.as_ref().map(|it| it.as_given().to_owned()));
        self.issuer.clone().into_iter().chain(endpoints.into_iter().flatten())
    }
}

pub(super) fn origin(url: &str) -> Option<String> {
    Address::typed(url).ok().map(|it| it.origin())
}

/// The `resource` parameter (RFC 8707).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResourceMode {
    /// Verbatim from the resource metadata; none where there is no such metadata (2025-03-26).
    #[default]
    AsNamed,
    /// The server's own URL.
    Address,
    None,
}

impl ResourceMode {
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::AsNamed, "auto", "From the resource metadata"),
        (Self::Address, "address", "URL of the server"),
        (Self::None, "none", "Do not send"),
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
        [(Self::SameWindow, "same-window", "Same window"), (Self::Popup, "popup", "Popup")];

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
    /// The user logs in.
    #[default]
    AuthorizationCode,
    /// The client's own secret, without a user (RFC 6749 §4.4). In a page it is for testing only.
    ClientCredentials,
}

impl GrantType {
    pub const ALL: [(Self, &'static str, &'static str); 2] = [
        (Self::AuthorizationCode, "authorization_code", "Authorization code"),
        (Self::ClientCredentials, "client_credentials", "Client credentials (for testing)"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(it, ..)| *it == self).map_or("authorization_code", |(_, name, _)| name)
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, it, _)| *it == name).map(|(it, ..)| it)
    }
}

/// The ways to authenticate at the token endpoint, as the user chooses among them.
pub const TOKEN_AUTH: [(&str, &str); 5] = [
    ("auto", "Automatic"),
    ("none", "none (public client)"),
    ("client_secret_basic", "client_secret_basic (header)"),
    ("client_secret_post", "client_secret_post (body)"),
    ("private_key_jwt", "private_key_jwt (signed)"),
];

pub fn token_auth(name: &str) -> Option<TokenAuth> {
    TokenAuth::parse(name)
}
