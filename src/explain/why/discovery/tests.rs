use crate::explain::why::fixture::{Case, RESOURCE, SERVER, edited, resource};
use crate::trace::step::Step;
use serde_json::{Value, json};

fn challenge(value: &str) -> Case {
    Case::at(SERVER).challenged(&[("www-authenticate", value)])
}

fn named(url: &str, server: &str) -> Case {
    Case::resource(server, &edited(resource(), "resource", json!(url)))
}

fn at(url: &str) -> Case {
    Case::at(SERVER).challenged(&[]).enter(Step::ResourceMetadata).get(Step::ResourceMetadata, url)
}

#[test]
fn a_challenge_that_cannot_be_read() {
    Case::at(SERVER).challenged(&[]).finds("challenge-hidden");
    challenge("Bearer").lacks("challenge-hidden");
}

#[test]
fn a_challenge_for_passwords() {
    challenge(r#"Basic realm="x""#).finds("challenge-basic-only");
    challenge(r#"Basic realm="x", Bearer realm="x""#).lacks("challenge-basic-only");
}

#[test]
fn a_challenge_without_a_scheme() {
    challenge(r#"resource_metadata="https://mcp.example.com/x""#).finds("challenge-malformed");
    challenge("Bearer https://mcp.example.com/x").finds("challenge-malformed");
    challenge(r#"Bearer realm="x""#).lacks("challenge-malformed");
}

#[test]
fn a_challenge_that_leads_to_another_origin() {
    challenge(r#"Bearer resource_metadata="http://mcp.example.com/x""#).finds("challenge-metadata-elsewhere");
    challenge(r#"Bearer resource_metadata="https://mcp.example.com/x""#).lacks("challenge-metadata-elsewhere");
}

#[test]
fn a_challenge_with_the_well_known_part_appended() {
    let appended = "Bearer resource_metadata=\"https://mcp.example.com/mcp/.well-known/oauth-protected-resource\"";
    challenge(appended).finds("challenge-metadata-appended");
    challenge(&format!("Bearer resource_metadata=\"{RESOURCE}\"")).lacks("challenge-metadata-appended");
}

#[test]
fn metadata_that_is_only_at_the_root() {
    at("https://mcp.example.com/.well-known/oauth-protected-resource").json(200, &resource()).finds("metadata-at-root");
    at(RESOURCE).json(200, &resource()).lacks("metadata-at-root");
}

#[test]
fn a_fallback_page_in_place_of_metadata() {
    let case = at(RESOURCE).answer(200, &[("content-type", "text/html")], "<!doctype html><title>App</title>");
    case.finds("metadata-is-a-page");
    case.lacks("metadata-not-json");
    let owner = |case: &Case, step| case.attempt().row(step).expect("a row").findings[0].owner;
    assert_eq!(owner(&case, Step::ResourceMetadata), crate::trace::problem::Owner::Server);
    let case = Case::to_issuer().get(Step::ServerMetadata, "https://login.example.com/x");
    let case = case.answer(200, &[("content-type", "text/html")], "<!DOCTYPE HTML>");
    assert_eq!(owner(&case, Step::ServerMetadata), crate::trace::problem::Owner::Issuer);
}

#[test]
fn metadata_that_is_a_list() {
    at(RESOURCE).json(200, &json!([1])).finds("metadata-not-json");
    at(RESOURCE).json(200, &resource()).lacks("metadata-not-json");
}

#[test]
fn metadata_called_text() {
    at(RESOURCE).answer(200, &[("content-type", "text/plain")], &resource().to_string()).finds("metadata-media-type");
    at(RESOURCE).json(200, &resource()).lacks("metadata-media-type");
}

#[test]
fn metadata_that_redirects() {
    at(RESOURCE).moved("https://mcp.example.com/elsewhere", &resource()).finds("metadata-redirects");
}

#[test]
fn metadata_behind_the_check_for_a_token() {
    at(RESOURCE).json(401, &json!({})).finds("metadata-guarded");
    at(RESOURCE).json(404, &json!({})).lacks("metadata-guarded");
}

#[test]
fn a_challenge_that_names_a_place_without_metadata() {
    let named = || challenge(&format!("Bearer resource_metadata=\"{RESOURCE}\"")).enter(Step::ResourceMetadata);
    let asked = |case: Case| case.get(Step::ResourceMetadata, RESOURCE);
    asked(named()).json(404, &json!({})).finds("metadata-not-where-named");
    asked(named()).json(200, &resource()).lacks("metadata-not-where-named");
    // Nobody said that it would be there.
    at(RESOURCE).json(404, &json!({})).lacks("metadata-not-where-named");
    let elsewhere = |status| {
        let case = challenge(r#"Bearer resource_metadata="https://mcp.example.com/x""#).enter(Step::ResourceMetadata);
        let case = case.get(Step::ResourceMetadata, "https://mcp.example.com/x").json(404, &json!({}));
        case.get(Step::ResourceMetadata, RESOURCE).json(status, &resource())
    };
    elsewhere(200).finds("metadata-elsewhere-than-named");
    elsewhere(200).lacks("metadata-not-where-named");
    elsewhere(404).finds("metadata-not-where-named");
    elsewhere(404).lacks("metadata-elsewhere-than-named");
    asked(named()).json(200, &resource()).lacks("metadata-elsewhere-than-named");
}

#[test]
fn metadata_of_another_origin_is_not_judged() {
    let case = at(RESOURCE).moved("https://other.example/x", &json!({}));
    case.lacks("authorization-servers-missing");
    at(RESOURCE).moved("https://mcp.example.com/x", &json!({})).finds("authorization-servers-missing");
}

#[test]
fn no_authorization_servers() {
    Case::resource(SERVER, &edited(resource(), "authorization_servers", Value::Null))
        .finds("authorization-servers-missing");
    Case::resource(SERVER, &resource()).lacks("authorization-servers-missing");
}

#[test]
fn an_empty_list_of_authorization_servers() {
    for value in [json!([]), json!([""])] {
        Case::resource(SERVER, &edited(resource(), "authorization_servers", value))
            .finds("authorization-servers-empty");
    }
    Case::resource(SERVER, &resource()).lacks("authorization-servers-empty");
}

#[test]
fn authorization_servers_that_are_no_list_of_texts() {
    for value in [json!("https://login.example.com"), json!([{"issuer": "https://login.example.com"}])] {
        Case::resource(SERVER, &edited(resource(), "authorization_servers", value))
            .finds("authorization-servers-no-list");
    }
    Case::resource(SERVER, &resource()).lacks("authorization-servers-no-list");
}

#[test]
fn two_authorization_servers() {
    let two = json!(["https://login.example.com", "https://other.example.com"]);
    Case::resource(SERVER, &edited(resource(), "authorization_servers", two)).finds("several-authorization-servers");
    Case::resource(SERVER, &resource()).lacks("several-authorization-servers");
}

#[test]
fn a_resource_that_differs_in_one_thing() {
    let cases = [
        ("https://mcp.example.com/mcp/", SERVER, "resource-slash"),
        ("https://mcp.example.com/MCP", SERVER, "resource-case"),
        ("https://mcp.example.com:8443/mcp", SERVER, "resource-port"),
        ("http://mcp.example.com/mcp", SERVER, "resource-scheme"),
        ("http://127.0.0.1:8000/mcp", "http://localhost:8000/mcp", "resource-loopback-name"),
        ("https://mcp.example.com/sse", SERVER, "resource-other-path"),
        ("http://mcp-server:8000/mcp", SERVER, "resource-internal"),
    ];
    for (url, server, rule) in cases {
        named(url, server).finds(rule);
        named(server, server).lacks(rule);
    }
}

#[test]
fn a_resource_that_covers_the_server_is_fine() {
    assert_eq!(named("https://mcp.example.com", SERVER).rules(), Vec::<&str>::new());
}
