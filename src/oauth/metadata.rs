//! The two metadata documents: RFC 9728 (protected resource) and RFC 8414 / OpenID (authorization server).
//!
//! Identifiers stay the strings they came as; endpoints become checked addresses. A wrong type in one member does
//! not spoil the others: the member counts as absent.

use crate::address::{Address, AddressError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
        let document = object(text)?;
        Some(Self {
            resource: string(&document, "resource"),
            authorization_servers: strings(&document, "authorization_servers").unwrap_or_default(),
            scopes_supported: strings(&document, "scopes_supported").unwrap_or_default(),
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
    /// `None`: not said.
    pub code_challenge_methods: Option<Vec<String>>,
    pub token_auth_methods: Option<Vec<String>>,
    pub scopes_supported: Vec<String>,
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
    pub fn parse(text: &str) -> Result<Self, MetadataError> {
        let document = object(text).ok_or(MetadataError::NotAnObject)?;
        let endpoint = |name| address(&document, name)?.ok_or(MetadataError::Missing(name));
        let flag = |name| document.get(name).and_then(Value::as_bool).unwrap_or_default();
        Ok(Self {
            issuer: string(&document, "issuer").ok_or(MetadataError::Missing("issuer"))?,
            authorization_endpoint: endpoint("authorization_endpoint")?,
            token_endpoint: endpoint("token_endpoint")?,
            registration_endpoint: address(&document, "registration_endpoint")?,
            revocation_endpoint: address(&document, "revocation_endpoint")?,
            code_challenge_methods: strings(&document, "code_challenge_methods_supported"),
            token_auth_methods: strings(&document, "token_endpoint_auth_methods_supported"),
            scopes_supported: strings(&document, "scopes_supported").unwrap_or_default(),
            sends_iss: flag("authorization_response_iss_parameter_supported"),
            takes_metadata_documents: flag("client_id_metadata_document_supported"),
        })
    }

    /// The issuer that a document claims, whatever else is wrong with it.
    pub fn issuer_of(text: &str) -> Option<String> {
        string(&object(text)?, "issuer")
    }

    /// The endpoints of a 2025-03-26 server that has no metadata: fixed paths at its origin.
    pub fn defaults(server: &Address) -> Self {
        Self {
            issuer: server.origin(),
            authorization_endpoint: server.at("/authorize"),
            token_endpoint: server.at("/token"),
            registration_endpoint: Some(server.at("/register")),
            revocation_endpoint: None,
            code_challenge_methods: None,
            token_auth_methods: None,
            scopes_supported: Vec::new(),
            sends_iss: false,
            takes_metadata_documents: false,
        }
    }
}

type Document = serde_json::Map<String, Value>;

pub(super) use crate::tolerant::object;

pub(super) fn string(document: &Document, name: &str) -> Option<String> {
    document.get(name).and_then(Value::as_str).map(str::to_owned)
}

pub(super) fn strings(document: &Document, name: &str) -> Option<Vec<String>> {
    let items = document.get(name)?.as_array()?;
    Some(items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

fn address(document: &Document, name: &'static str) -> Result<Option<Address>, MetadataError> {
    let given = string(document, name);
    given.map(|it| Address::given(&it).map_err(|error| MetadataError::Unsafe(name, error))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str = r#"{"issuer":"https://as.example","authorization_endpoint":"https://as.example/a",
        "token_endpoint":"https://as.example/t"}"#;

    #[test]
    fn the_minimum_is_enough() {
        let server = Server::parse(MINIMAL).expect("valid");
        assert_eq!((server.issuer.as_str(), server.code_challenge_methods), ("https://as.example", None));
    }

    #[test]
    fn an_unsafe_endpoint_is_named() {
        let text = MINIMAL.replace("https://as.example/a", "javascript:alert(1)");
        assert!(matches!(Server::parse(&text), Err(MetadataError::Unsafe("authorization_endpoint", _))));
    }

    #[test]
    fn a_member_that_cannot_be_read_spoils_only_itself() {
        let text = MINIMAL.replacen('{', r#"{"service_documentation":"cut \ud83d","x":1e999,"#, 1);
        assert!(Server::parse(&text).is_ok());
        assert_eq!(Server::issuer_of(&text).as_deref(), Some("https://as.example"));
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
