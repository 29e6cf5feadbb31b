use crate::explain::why::fixture::{Case, ISSUER, edited, issuer};
use crate::trace::Event;
use crate::trace::note::Note;
use crate::trace::problem::Code;
use crate::trace::step::Step;
use serde_json::json;

fn back(error: &str, description: &str) -> Case {
    Case::to_login().back(&[("error", error), ("error_description", description)])
}

/// A login with a client that was registered before.
fn with_old_client() -> Case {
    let case = Case::issuer(&issuer()).enter(Step::Registration);
    case.event(Event::Noted { step: Step::Registration, note: Note::ClientRegisteredBefore }).leaves("tools:read")
}

fn given_up(case: Case) -> Case {
    case.event(Event::Returned { callback: None }).stopped(Code::AccessDenied, Step::Consent)
}

#[test]
fn the_resource_is_refused() {
    back("invalid_target", "").finds("resource-refused");
    Case::refused("invalid_target", "unknown").finds("resource-refused");
    Case::refused("invalid_grant", "").lacks("resource-refused");
}

#[test]
fn the_parameter_resource_is_not_known() {
    back("invalid_request", "AADSTS901002: The 'resource' parameter is not supported").finds("resource-not-understood");
    back("invalid_target", "resource").lacks("resource-not-understood");
}

#[test]
fn a_client_that_was_forgotten() {
    let case = with_old_client().back(&[("error", "unauthorized_client")]);
    case.finds("client-unknown");
    case.lacks("client-not-allowed");
}

#[test]
fn a_client_that_may_not() {
    back("unauthorized_client", "").finds("client-not-allowed");
    Case::refused("invalid_client", "").finds("client-not-allowed");
    back("unauthorized_client", "").lacks("client-unknown");
}

#[test]
fn a_scope_that_is_refused() {
    let case = back("invalid_scope", "unknown scope");
    case.finds("scope-refused");
    let document = edited(issuer(), "scopes_supported", json!(["openid"]));
    let case = Case::issuer(&document).leaves("tools:read openid").back(&[("error", "invalid_scope")]);
    let row = case.attempt();
    let seen = &row.row(Step::Callback).expect("a row").findings[0].seen;
    assert!(seen.ends_with("Not in its scopes_supported: tools:read."), "{seen}");
    case.lacks("scope-listed-and-refused");
    let document = edited(issuer(), "scopes_supported", json!(["tools:read"]));
    let case = Case::issuer(&document).leaves("tools:read").back(&[("error", "invalid_scope")]);
    case.finds("scope-listed-and-refused");
    case.lacks("scope-refused");
}

#[test]
fn a_prompt_that_may_not_be_shown() {
    back("login_required", "").finds("prompt-none");
    back("access_denied", "").lacks("prompt-none");
}

#[test]
fn a_rule_says_no() {
    back("access_denied", "User is not assigned to the client").finds("denied-by-rule");
    back("access_denied", "The user said no").lacks("denied-by-rule");
}

#[test]
fn the_authorization_server_fails() {
    back("server_error", "").finds("login-failed-inside");
    back("access_denied", "").lacks("login-failed-inside");
}

#[test]
fn the_login_sends_nobody_back() {
    given_up(Case::to_login()).finds("login-without-return");
    Case::to_login().lacks("login-without-return");
}

#[test]
fn the_login_sends_nobody_back_with_an_old_client() {
    given_up(with_old_client()).finds("login-with-old-client");
    given_up(Case::to_login()).lacks("login-with-old-client");
}

#[test]
fn the_login_sends_nobody_back_to_localhost() {
    given_up(Case::to_login()).finds("redirect-uri-by-name");
    back("access_denied", "").lacks("redirect-uri-by-name");
}

#[test]
fn an_iss_that_differs_in_one_thing() {
    let cases = [
        ("https://login.example.com/", "iss-slash"),
        ("http://login.example.com", "iss-other-spelling"),
        ("https://login.example.com/realm", "iss-other-spelling"),
        ("https://evil.example", "iss-foreign"),
    ];
    for (found, rule) in cases {
        Case::to_login().back(&[("iss", found)]).finds(rule);
        Case::to_login().back(&[("iss", ISSUER)]).lacks(rule);
    }
}

#[test]
fn an_iss_that_was_promised() {
    Case::to_login().back(&[]).stopped(Code::IssMissing, Step::Callback).finds("iss-promised");
    Case::to_login().back(&[]).lacks("iss-promised");
}

#[test]
fn a_state_that_was_cut() {
    Case::to_login().back(&[("state", "0123456789ab")]).finds("state-altered");
    Case::to_login().back(&[("state", "0123456789abcdef")]).lacks("state-altered");
    Case::to_login().back(&[("state", "somebody else's")]).lacks("state-altered");
}
