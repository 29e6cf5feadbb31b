use crate::explain::why::fixture::{Case, NOW, SERVER, client, edited, issuer};
use crate::trace::problem::Code;
use crate::trace::step::Step;
use serde_json::{Value, json};

fn unregistrable(takes_documents: bool) -> Case {
    let document = edited(issuer(), "client_id_metadata_document_supported", json!(takes_documents));
    let case = Case::issuer(&edited(document, "registration_endpoint", Value::Null)).enter(Step::Registration);
    case.stopped(Code::RegistrationUnavailable, Step::Registration)
}

fn refused(error: &str, description: &str) -> Case {
    Case::to_registration().json(400, &json!({"error": error, "error_description": description}))
}

fn registered(name: &str, value: Value) -> Case {
    Case::to_registration().json(201, &edited(client(), name, value))
}

#[test]
fn no_way_at_all() {
    unregistrable(false).finds("no-way-to-register");
    unregistrable(true).lacks("no-way-to-register");
}

#[test]
fn a_metadata_document_would_do() {
    unregistrable(true).finds("metadata-document-not-given");
    unregistrable(false).lacks("metadata-document-not-given");
}

#[test]
fn nobody_at_the_address_that_was_guessed() {
    let challenged =
        |it| Case::at(SERVER).challenged(it).enter(Step::Registration).registers("http://localhost:3000/cb");
    let guessed = || challenged(&[("www-authenticate", "Bearer")]);
    guessed().json(404, &json!({})).finds("nobody-at-fixed-endpoints");
    // Nothing shows that it is about OAuth.
    challenged(&[]).json(404, &json!({})).lacks("nobody-at-fixed-endpoints");
    guessed().json(400, &json!({})).lacks("nobody-at-fixed-endpoints");
    // Here metadata names it.
    Case::to_registration().json(404, &json!({})).lacks("nobody-at-fixed-endpoints");
}

#[test]
fn a_redirect_uri_on_this_machine_is_refused() {
    let case = refused("invalid_redirect_uri", "");
    case.finds("redirect-uri-loopback");
    case.lacks("redirect-uri-not-allowed");
}

#[test]
fn a_redirect_uri_of_a_host_is_refused() {
    let case = Case::issuer(&issuer()).enter(Step::Registration).registers("https://inspector.example.com/cb");
    let case = case.json(400, &json!({"error": "invalid_redirect_uri"}));
    case.finds("redirect-uri-not-allowed");
    case.lacks("redirect-uri-loopback");
}

#[test]
fn registration_is_closed() {
    Case::to_registration().json(401, &json!({})).finds("registration-needs-token");
    refused("invalid_client_metadata", "").lacks("registration-needs-token");
}

#[test]
fn clients_without_a_secret_are_refused() {
    refused("invalid_client_metadata", "token_endpoint_auth_method none").finds("public-client-refused");
    refused("invalid_client_metadata", "bad client_name").lacks("public-client-refused");
}

#[test]
fn something_else_is_refused() {
    refused("invalid_client_metadata", "bad client_name").finds("client-metadata-refused");
    refused("invalid_client_metadata", "public client").lacks("client-metadata-refused");
}

#[test]
fn a_redirect_uri_that_was_written_down_otherwise() {
    for stored in ["http://localhost:3000/oauth/callback/", "http://127.0.0.1:3000/oauth/callback"] {
        registered("redirect_uris", json!([stored])).finds("registered-redirect-differs");
    }
    Case::to_registration().json(201, &client()).lacks("registered-redirect-differs");
}

#[test]
fn registered_for_other_grants() {
    registered("grant_types", json!(["implicit"])).finds("registered-without-code-grant");
    registered("grant_types", json!(["authorization_code"])).lacks("registered-without-code-grant");
}

#[test]
fn registered_without_refresh_tokens() {
    registered("grant_types", json!(["authorization_code"])).finds("registered-without-refresh");
    registered("grant_types", json!(["authorization_code", "refresh_token"])).lacks("registered-without-refresh");
}

#[test]
fn a_secret_that_is_over() {
    registered("client_secret_expires_at", json!(NOW - 5.0)).finds("client-secret-expired");
    registered("client_secret_expires_at", json!(0)).lacks("client-secret-expired");
    registered("client_secret_expires_at", json!(NOW + 3600.0)).lacks("client-secret-expired");
}

#[test]
fn too_many_registrations() {
    Case::to_registration().json(429, &json!({})).finds("registration-limited");
}
