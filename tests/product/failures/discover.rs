//! Steps 2 to 2c: metadata and registration.

use super::{
    Except, Failure, When, Wrong, broken, cut, edited, elsewhere, error, not_found, page, timeout, too_large,
    unreachable, unreadable, without,
};
use crate::case::Asked::{IssuerMetadata, Registration, ResourceMetadata, Server};
use crate::case::{Asked, Case};
use crate::world::{json_answer, resource_metadata, unauthorized};
use flowglass::http::Request;
use flowglass::trace::problem::{Code, Owner};
use serde_json::{Value, json};

/// Without resource metadata a client goes on as with a server of 2025-03-26, and nobody is there: who has to register
/// is refused, and a login that is nowhere is given up.
const NOBODY_THERE: &[Except] = &[Except {
    when: When::ByHand,
    code: Code::AccessDenied,
    owner: Owner::You,
    why: "without a registration the browser leaves for a login that is not there",
}];

/// Nothing but the server itself said where to register.
const NOT_NAMED: &[Except] = &[Except {
    when: When::RegistersByGuess,
    code: Code::RegistrationRefused,
    owner: Owner::Server,
    why: "without any metadata the address is a guess, and what is missing is the metadata",
}];

pub const FAILURES: &[Failure] = &[
    named("unsafe-metadata-address", Code::UnsafeUrl, Server, |_, _| {
        unauthorized(r#"Bearer resource_metadata="http://mcp.example.com/metadata""#)
    }),
    named("resource-metadata-missing", Code::RegistrationRefused, ResourceMetadata, not_found).except(NOBODY_THERE),
    named("resource-metadata-page", Code::RegistrationRefused, ResourceMetadata, page).except(NOBODY_THERE),
    named("resource-metadata-unreadable", Code::CorsBlocked, ResourceMetadata, unreadable),
    named("resource-metadata-broken", Code::HttpStatus, ResourceMetadata, broken),
    named("resource-metadata-timeout", Code::Timeout, ResourceMetadata, timeout),
    named("resource-metadata-cut", Code::Truncated, ResourceMetadata, cut),
    named("resource-metadata-too-large", Code::TooLarge, ResourceMetadata, too_large),
    named("resource-metadata-elsewhere", Code::Redirected, ResourceMetadata, elsewhere),
    named("foreign-resource", Code::ResourceMismatch, ResourceMetadata, |_, _| {
        edited(resource_metadata(), "resource", json!("https://other.example/mcp"))
    }),
    named("no-authorization-server", Code::MetadataInvalid, ResourceMetadata, |_, _| {
        edited(resource_metadata(), "authorization_servers", json!([]))
    }),
    named("unsafe-issuer", Code::UnsafeUrl, ResourceMetadata, |_, _| {
        edited(resource_metadata(), "authorization_servers", json!(["http://login.example.com"]))
    }),
    Failure::new(
        "another-issuer-set",
        When::ResourceMetadata,
        Code::MetadataInvalid,
        Owner::You,
        Wrong::Set(|it| it.issuer = "https://other.example".to_owned()),
    ),
    // A server of 2025-03-26 without any has the fixed endpoints, which is no failure.
    named("issuer-metadata-missing", Code::MetadataInvalid, IssuerMetadata, not_found).issuers(),
    issuer("issuer-metadata-page", Code::MetadataInvalid, page),
    issuer("issuer-metadata-broken", Code::HttpStatus, broken),
    issuer("issuer-metadata-timeout", Code::Timeout, timeout),
    issuer("issuer-metadata-cut", Code::Truncated, cut),
    issuer("issuer-metadata-too-large", Code::TooLarge, too_large),
    issuer("issuer-metadata-elsewhere", Code::Redirected, elsewhere),
    issuer("issuer-metadata-unreadable", Code::CorsBlocked, unreadable),
    network(IssuerMetadata, "issuer-metadata-unreachable", When::IssuerMetadata),
    issuer("wrong-issuer", Code::IssuerMismatch, |it, _| {
        edited(it.metadata(), "issuer", json!("https://other.example"))
    }),
    issuer("no-issuer", Code::MetadataInvalid, |it, _| without(it.metadata(), "issuer")),
    issuer("no-token-endpoint", Code::MetadataInvalid, |it, _| without(it.metadata(), "token_endpoint")),
    issuer("unsafe-authorization-endpoint", Code::UnsafeUrl, |it, _| {
        edited(it.metadata(), "authorization_endpoint", json!("javascript:alert(1)"))
    }),
    issuer("unsafe-token-endpoint", Code::UnsafeUrl, |it, _| {
        edited(it.metadata(), "token_endpoint", json!("http://login.example.com/token"))
    }),
    issuer("no-pkce", Code::PkceUnsupported, |it, _| without(it.metadata(), "code_challenge_methods_supported")),
    issuer("pkce-plain-only", Code::PkceUnsupported, |it, _| {
        edited(it.metadata(), "code_challenge_methods_supported", json!(["plain"]))
    }),
    Failure::new(
        "metadata-document-not-taken",
        When::Document,
        Code::RegistrationUnavailable,
        Owner::You,
        Wrong::Answer(IssuerMetadata, |it, _| {
            let mut metadata = it.metadata();
            metadata["client_id_metadata_document_supported"] = json!(false);
            without(metadata, "registration_endpoint")
        }),
    ),
    Failure::new(
        "no-registration-endpoint",
        When::RegistersByMetadata,
        Code::RegistrationUnavailable,
        Owner::You,
        Wrong::Answer(IssuerMetadata, |it, _| without(it.metadata(), "registration_endpoint")),
    ),
    registers("registration-closed", Code::RegistrationRefused, |_, _| json_answer(401, Value::Null)),
    registers("registration-missing", Code::RegistrationRefused, not_found).except(NOT_NAMED),
    registers("registration-broken", Code::RegistrationRefused, broken),
    registers("redirect-uri-refused", Code::RegistrationRefused, |_, _| error("invalid_redirect_uri")),
    registers("client-metadata-refused", Code::RegistrationRefused, |_, _| error("invalid_client_metadata")),
    registers("registration-page", Code::RegistrationRefused, page),
    registers("registration-without-id", Code::RegistrationRefused, |_, _| json_answer(201, json!({"client": "c-1"}))),
    registers("registration-timeout", Code::Timeout, timeout),
    registers("registration-cut", Code::Truncated, cut),
    registers("registration-too-large", Code::TooLarge, too_large),
    registers("registration-elsewhere", Code::Redirected, elsewhere),
    registers("registration-unreadable", Code::CorsBlocked, unreadable),
    network(Registration, "registration-unreachable", When::Registers),
];

type Answering = fn(&Case, &Request) -> crate::world::Answer;

/// Of the resource metadata: the MCP server has to mend it.
const fn named(name: &'static str, code: Code, asked: Asked, answer: Answering) -> Failure {
    Failure::new(name, When::ResourceMetadata, code, Owner::Server, Wrong::Answer(asked, answer))
}

const fn issuer(name: &'static str, code: Code, answer: Answering) -> Failure {
    Failure::new(name, When::IssuerMetadata, code, Owner::Issuer, Wrong::Answer(IssuerMetadata, answer))
}

const fn registers(name: &'static str, code: Code, answer: Answering) -> Failure {
    Failure::new(name, When::Registers, code, Owner::Issuer, Wrong::Answer(Registration, answer))
}

const fn network(asked: Asked, name: &'static str, when: When) -> Failure {
    Failure::new(name, when, Code::Unreachable, Owner::Network, Wrong::Answer(asked, unreachable))
}

impl Failure {
    /// Whose fault it is said to be: the authorization server's.
    const fn issuers(self) -> Self {
        Self { owner: Owner::Issuer, ..self }
    }
}
