//! What the causes of an authorization's end are made of.

use super::super::Owner;
use crate::settings::TokenAuth;
use crate::settings::private_key::KeyError;
use serde::{Deserialize, Serialize};

/// Who named the authorization server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum NamedBy {
    #[default]
    ResourceMetadata,
    User,
    /// The server's own origin (2025-03-26).
    Nobody,
}

impl NamedBy {
    pub(super) const fn owner(self) -> Owner {
        if matches!(self, Self::User) { Owner::You } else { Owner::Issuer }
    }
}

/// An error answer (RFC 6749 §5.2, RFC 7591 §3.2.2), as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub error: Option<String>,
    pub description: Option<String>,
}

/// Something that was typed, and where it would go, by origins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Transfer {
    /// What it is: a client secret, an access token, the values of headers.
    pub what: String,
    pub typed_for: String,
    pub to: String,
    /// The host of the page lists it as a relay for the other origin.
    pub by_relay: bool,
}

/// The endpoints of an authorization server, by origins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Endpoints {
    pub issuer: String,
    pub authorization: String,
    pub token: String,
}

/// Why nothing was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotSigned {
    /// The key was in memory, and went with its page.
    NoKey,
    Key(KeyError),
    /// `crypto.subtle` exists on https and localhost only.
    NoCrypto,
    /// The browser cannot use the key; what it said.
    Unable(String),
}

impl NotSigned {
    pub(super) const fn owner(&self) -> Owner {
        if matches!(self, Self::NoCrypto) { Owner::Browser } else { Owner::You }
    }
}

/// Where a client id came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    ByHand,
    MetadataDocument,
    Dynamic,
}

/// The client of a refused request, at its authorization server: that decides who has to change something, and what has
/// to be registered where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester {
    pub id: String,
    pub registered: Origin,
    pub auth: TokenAuth,
    pub redirect_uri: String,
    pub issuer: String,
    pub asked_scope: Scope,
}

/// Where the scope of the request came from, and whether the authorization server lists all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    Typed,
    Listed,
    NotListed,
    /// The authorization server lists none.
    Unknown,
}

/// What of a client a refusal is about, where that can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A client ID that the user typed.
    TypedClient,
    Scope,
    RedirectUri,
}

impl Requester {
    /// What a refusal is about, by its code and by what the server wrote beside it.
    pub fn subject(&self, error: &str, description: Option<&str>) -> Option<Subject> {
        let about_redirect = error.contains("redirect_uri")
            || (error != "invalid_grant" && description.is_some_and(|it| it.to_ascii_lowercase().contains("redirect")));
        match error {
            "invalid_client" if self.is_typed() => Some(Subject::TypedClient),
            "invalid_scope" => Some(Subject::Scope),
            _ => about_redirect.then_some(Subject::RedirectUri),
        }
    }

    pub fn is_typed(&self) -> bool {
        self.registered == Origin::ByHand
    }

    pub(super) fn owner(&self, error: &str, description: Option<&str>) -> Owner {
        match (self.subject(error, description), self.asked_scope) {
            (Some(Subject::TypedClient), _) | (Some(Subject::Scope), Scope::Typed) => Owner::You,
            (Some(Subject::Scope), Scope::NotListed) => Owner::Server,
            (Some(Subject::Scope | Subject::RedirectUri), _) if self.is_typed() => Owner::You,
            (Some(Subject::Scope), Scope::Unknown) => Owner::Server,
            _ => Owner::Issuer,
        }
    }
}
