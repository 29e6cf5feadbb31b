//! The two metadata documents: RFC 9728 (protected resource) and RFC 8414 / OpenID (authorization server).
//!
//! Identifiers stay the strings they came as; endpoints become checked addresses. What is wrong with one member does
//! not spoil the others: the member counts as absent.

use crate::base::address::{Address, AddressError};
use crate::json::members::Members;
use crate::settings::ByHand;
use serde::{Deserialize, Serialize};

/// Protected resource metadata (RFC 9728 §2), as far as this client uses it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Sent verbatim as the `resource` parameter (RFC 8707).
    pub resource: Option<String>,
    pub authorization_servers: Vec<String>,
    pub scopes_supported: Vec<String>,
}

impl Resource {
    /// `None` where the text is not a JSON object.
    pub fn parse(text: &str) -> Option<Self> {
        let document = Members::of(text)?;
        Some(Self {
            resource: document.read("resource"),
            authorization_servers: document.strings("authorization_servers").unwrap_or_default(),
            scopes_supported: document.strings("scopes_supported").unwrap_or_default(),
        })
    }
}

/// Authorization server metadata (RFC 8414 §2, RFC 9207 §3), as far as this client uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// Compared as a string, never normalized.
    pub issuer: String,
    pub authorization_endpoint: Address,
    pub token_endpoint: Address,
    pub registration_endpoint: Option<Address>,
    /// RFC 7009.
    pub revocation_endpoint: Option<Address>,
    /// RFC 7662.
    pub introspection_endpoint: Option<Address>,
    /// Where the keys are that its tokens are signed with (RFC 7517).
    pub jwks_uri: Option<Address>,
    /// `None`: not said.
    pub code_challenge_methods: Option<Vec<String>>,
    pub token_auth_methods: Option<Vec<String>>,
    pub token_auth_algs: Option<Vec<String>>,
    pub scopes_supported: Vec<String>,
    /// Values of `prompt` (OpenID Connect).
    #[serde(default)]
    pub prompt_values: Vec<String>,
    /// RFC 9207: the callback will carry `iss`.
    pub sends_iss: bool,
    pub takes_metadata_documents: bool,
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataError {
    NotAnObject,
    Missing(&'static str),
    Unsafe(&'static str, AddressError),
}

impl Server {
    /// Reads a document. `read` says which URLs whoever wrote it may name.
    pub fn parse(text: &str, read: impl Fn(&str) -> Result<Address, AddressError>) -> Result<Self, MetadataError> {
        let document = Members::of(text).ok_or(MetadataError::NotAnObject)?;
        let address = |name| {
            let given = document.read::<String>(name);
            given.map(|it| read(&it).map_err(|error| MetadataError::Unsafe(name, error))).transpose()
        };
        let endpoint = |name| address(name)?.ok_or(MetadataError::Missing(name));
        let flag = |name| document.read::<bool>(name).unwrap_or_default();
        Ok(Self {
            issuer: document.read("issuer").ok_or(MetadataError::Missing("issuer"))?,
            authorization_endpoint: endpoint("authorization_endpoint")?,
            token_endpoint: endpoint("token_endpoint")?,
            registration_endpoint: address("registration_endpoint")?,
            revocation_endpoint: address("revocation_endpoint")?,
            // Only the token bench uses these two: an address that cannot be used is no reason to stop.
            introspection_endpoint: address("introspection_endpoint").unwrap_or_default(),
            jwks_uri: address("jwks_uri").unwrap_or_default(),
            code_challenge_methods: document.strings("code_challenge_methods_supported"),
            token_auth_methods: document.strings("token_endpoint_auth_methods_supported"),
            token_auth_algs: document.strings("token_endpoint_auth_signing_alg_values_supported"),
            scopes_supported: document.strings("scopes_supported").unwrap_or_default(),
            prompt_values: document.strings("prompt_values_supported").unwrap_or_default(),
            sends_iss: flag("authorization_response_iss_parameter_supported"),
            takes_metadata_documents: flag("client_id_metadata_document_supported"),
        })
    }

    /// The issuer that a document claims, whatever else is wrong with it.
    pub fn issuer_of(text: &str) -> Result<String, MetadataError> {
        let document = Members::of(text).ok_or(MetadataError::NotAnObject)?;
        document.read("issuer").ok_or(MetadataError::Missing("issuer"))
    }

    /// The authorization server as the user described it, where they did: both endpoints that a login needs.
    pub fn by_hand(by_hand: &ByHand, issuer: &str) -> Option<Self> {
        Some(Self {
            issuer: issuer.to_owned(),
            authorization_endpoint: by_hand.authorization_endpoint.clone()?,
            token_endpoint: by_hand.token_endpoint.clone()?,
            registration_endpoint: by_hand.registration_endpoint.clone(),
            ..Self::bare(issuer.to_owned(), by_hand.token_endpoint.clone()?)
        })
    }

    /// The same with what the user set instead, and the names of what that replaced.
    #[must_use]
    pub fn overridden(mut self, by_hand: &ByHand) -> (Self, Vec<&'static str>) {
        let mut replaced = Vec::new();
        if let Some(it) = &by_hand.authorization_endpoint {
            self.authorization_endpoint = it.clone();
            replaced.push("authorization_endpoint");
        }
        if let Some(it) = &by_hand.token_endpoint {
            self.token_endpoint = it.clone();
            replaced.push("token_endpoint");
        }
        if let Some(it) = &by_hand.registration_endpoint {
            self.registration_endpoint = Some(it.clone());
            replaced.push("registration_endpoint");
        }
        (self, replaced)
    }

    /// The endpoints of a 2025-03-26 server that has no metadata: fixed paths at its origin.
    pub fn defaults(server: &Address) -> Self {
        Self {
            authorization_endpoint: server.at("/authorize"),
            registration_endpoint: Some(server.at("/register")),
            ..Self::bare(server.origin(), server.at("/token"))
        }
    }

    /// One endpoint, and nothing that is known beside it.
    fn bare(issuer: String, endpoint: Address) -> Self {
        Self {
            issuer,
            authorization_endpoint: endpoint.clone(),
            token_endpoint: endpoint,
            registration_endpoint: None,
            revocation_endpoint: None,
            introspection_endpoint: None,
            jwks_uri: None,
            code_challenge_methods: None,
            token_auth_methods: None,
            token_auth_algs: None,
            scopes_supported: Vec::new(),
            prompt_values: Vec::new(),
            sends_iss: false,
            takes_metadata_documents: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str = r#"{"issuer":"https://as.example","authorization_endpoint":"https://as.example/a",
        "token_endpoint":"https://as.example/t"}"#;

    #[test]
    fn the_minimum_is_enough() {
        let server = Server::parse(MINIMAL, Address::given).expect("valid");
        assert_eq!((server.issuer.as_str(), server.code_challenge_methods), ("https://as.example", None));
    }

    #[test]
    fn an_unsafe_endpoint_is_named() {
        let text = MINIMAL.replace("https://as.example/a", "javascript:alert(1)");
        assert!(matches!(
            Server::parse(&text, Address::given),
            Err(MetadataError::Unsafe("authorization_endpoint", _))
        ));
    }

    #[test]
    fn a_wrong_type_spoils_only_its_own_member() {
        let text = r#"{"resource":"https://a/mcp","authorization_servers":"x","scopes_supported":["a",1]}"#;
        let resource = Resource::parse(text).expect("an object");
        assert_eq!(resource.resource.as_deref(), Some("https://a/mcp"));
        assert!(resource.authorization_servers.is_empty());
        assert_eq!(resource.scopes_supported, ["a"]);
    }
}
