use crate::base::text::Text;
use crate::explain::why::fixture::{Case, METADATA, SERVER, edited, issuer, resource};
use crate::trace::Event;
use crate::trace::step::Step;
use serde_json::{Value, json};

fn with(name: &str, value: Value) -> Case {
    Case::issuer(&edited(issuer(), name, value))
}

#[test]
fn an_issuer_that_differs_in_one_thing() {
    let cases = [
        ("https://login.example.com/", "issuer-slash"),
        ("http://login.example.com", "issuer-scheme"),
        ("https://login.example.com/{tenantid}", "issuer-template"),
        ("https://tenant.example.net", "issuer-other-tenant"),
    ];
    for (found, rule) in cases {
        with("issuer", json!(found)).finds(rule);
        Case::issuer(&issuer()).lacks(rule);
    }
    with("issuer", json!("https://login.example.com/{tenantid}")).lacks("issuer-other-tenant");
}

#[test]
fn an_issuer_that_is_named_with_a_slash_behind_its_origin() {
    let servers = json!(["https://login.example.com/"]);
    let case =
        Case::resource(SERVER, &edited(resource(), "authorization_servers", servers)).enter(Step::ServerMetadata);
    let case = case.get(Step::ServerMetadata, METADATA).json(200, &issuer());
    case.finds("issuer-slash-added");
    case.lacks("issuer-slash");
    with("issuer", json!("https://login.example.com/")).lacks("issuer-slash-added");
}

#[test]
fn an_issuer_on_this_machine_by_another_name() {
    let servers = json!(["http://localhost:9000"]);
    let case =
        Case::resource(SERVER, &edited(resource(), "authorization_servers", servers)).enter(Step::ServerMetadata);
    let case = case.get(Step::ServerMetadata, "http://localhost:9000/.well-known/oauth-authorization-server");
    case.json(200, &edited(issuer(), "issuer", json!("http://127.0.0.1:9000"))).finds("issuer-loopback-name");
}

#[test]
fn only_the_openid_address_answers() {
    let openid = "https://login.example.com/.well-known/openid-configuration";
    let case = Case::to_issuer().get(Step::ServerMetadata, METADATA).json(404, &json!({}));
    case.get(Step::ServerMetadata, openid).json(200, &issuer()).finds("metadata-only-openid");
    Case::issuer(&issuer()).lacks("metadata-only-openid");
}

#[test]
fn only_the_appended_address_answers() {
    let appended = "https://login.example.com/realm/.well-known/openid-configuration";
    Case::to_issuer().get(Step::ServerMetadata, appended).json(200, &issuer()).finds("metadata-appended");
    Case::issuer(&issuer()).lacks("metadata-appended");
}

#[test]
fn an_endpoint_over_plain_http() {
    with("token_endpoint", json!("http://login.example.com/token")).finds("endpoint-plain");
    with("token_endpoint", json!("http://localhost:1/token")).lacks("endpoint-plain");
}

#[test]
fn pkce_that_is_not_announced() {
    let mut document = issuer();
    document.as_object_mut().expect("an object").remove("code_challenge_methods_supported");
    Case::issuer(&document).finds("pkce-not-advertised");
    Case::issuer(&issuer()).lacks("pkce-not-advertised");
}

#[test]
fn pkce_in_its_plain_form_only() {
    with("code_challenge_methods_supported", json!(["plain"])).finds("pkce-plain-only");
    with("code_challenge_methods_supported", json!(["plain", "S256"])).lacks("pkce-plain-only");
}

#[test]
fn a_scope_that_nobody_can_give() {
    with("scopes_supported", json!(["openid"])).finds("scope-not-offered");
    with("scopes_supported", json!(["openid", "tools:read"])).lacks("scope-not-offered");
}

#[test]
fn an_authorization_server_for_clients_with_secrets() {
    let rule = "no-method-for-public-clients";
    with("token_endpoint_auth_methods_supported", json!(["client_secret_basic"])).finds(rule);
    with("token_endpoint_auth_methods_supported", json!(["none"])).lacks(rule);
    let facts = vec![("token_endpoint_auth_method".to_owned(), Text::plain("client_secret_basic"))];
    let given = Event::Made { step: Step::Registration, facts };
    let case = with("token_endpoint_auth_methods_supported", json!(["client_secret_basic"]));
    case.enter(Step::Registration).event(given).lacks(rule);
}

#[test]
fn an_authorization_server_without_the_code_grant() {
    with("grant_types_supported", json!(["client_credentials"])).finds("code-grant-not-offered");
    with("response_types_supported", json!(["id_token"])).finds("code-grant-not-offered");
    with("grant_types_supported", json!(["authorization_code"])).lacks("code-grant-not-offered");
}
