use crate::explain::why::fixture::{Case, ISSUER, NOW, SERVER, edited, issuer, jwt, token};
use crate::trace::Event;
use crate::trace::step::Step;
use serde_json::{Value, json};

fn with(name: &str, value: Value) -> Case {
    Case::token(&edited(token(), name, value))
}

fn without(name: &str) -> Case {
    let mut answer = token();
    answer.as_object_mut().expect("an object").remove(name);
    Case::token(&answer)
}

fn claims(claims: &Value) -> Case {
    Case::token(&jwt(claims))
}

fn scoped(scope: &str) -> Case {
    let case = Case::issuer(&issuer()).leaves(scope).back(&[("iss", ISSUER)]).trades();
    case.json(200, &token()).enter(Step::Token)
}

#[test]
fn the_verifier_is_refused() {
    Case::refused("invalid_grant", "PKCE verification failed").finds("pkce-failed");
    Case::refused("invalid_grant", "code expired").lacks("pkce-failed");
}

#[test]
fn the_code_was_used() {
    Case::refused("invalid_grant", "Code has already been redeemed").finds("code-used");
    Case::refused("invalid_grant", "").lacks("code-used");
}

#[test]
fn the_code_was_sent_twice() {
    let again = |said: &str| {
        let body = json!({"error": "invalid_grant", "error_description": said});
        Case::refused("invalid_grant", "").trades().json(400, &body)
    };
    again("").finds("code-sent-twice");
    // Whoever used it before was this tab.
    again("The code was used before").finds("code-sent-twice");
    again("The code was used before").lacks("code-used");
    Case::refused("invalid_grant", "").lacks("code-sent-twice");
}

#[test]
fn the_code_was_over() {
    Case::refused("invalid_grant", "The code has expired").finds("code-expired");
    Case::refused("invalid_grant", "").lacks("code-expired");
}

#[test]
fn the_code_came_late() {
    let case = Case::to_login().back(&[]).wait(90_000.0).trades().json(400, &json!({"error": "invalid_grant"}));
    case.finds("code-late");
    case.lacks("grant-refused-without-reason");
    Case::refused("invalid_grant", "").lacks("code-late");
}

#[test]
fn the_redirect_uri_is_compared_otherwise() {
    Case::refused("invalid_grant", "redirect_uri mismatch").finds("token-redirect-uri-differs");
    Case::refused("invalid_grant", "").lacks("token-redirect-uri-differs");
}

#[test]
fn no_reason_is_given() {
    Case::refused("invalid_grant", "").finds("grant-refused-without-reason");
    Case::refused("invalid_grant", "PKCE").lacks("grant-refused-without-reason");
}

#[test]
fn a_secret_is_asked_for() {
    Case::refused("invalid_client", "client authentication required").finds("secret-expected");
    Case::refused("invalid_grant", "").lacks("secret-expected");
}

#[test]
fn the_grant_is_not_taken() {
    Case::refused("unsupported_grant_type", "").finds("code-grant-refused");
    Case::refused("unsupported_grant_type", "").lacks("client-credentials-refused");
    let case = proven("unsupported_grant_type");
    case.finds("client-credentials-refused");
    case.lacks("code-grant-refused");
}

#[test]
fn the_assertion_is_refused() {
    let case = proven("invalid_client");
    case.finds("assertion-refused");
    case.lacks("secret-expected");
    case.lacks("client-not-allowed");
    proven("invalid_grant").lacks("assertion-refused");
}

/// What a client with a key asked without a login was refused with that.
fn proven(error: &str) -> Case {
    let fields = [("grant_type", "client_credentials"), ("client_assertion", "a.b.c")];
    let case = Case::to_registration().json(201, &json!({})).enter(Step::TokenRequest).trades_with(&fields);
    case.json(401, &json!({ "error": error }))
}

#[test]
fn the_form_is_not_read() {
    Case::to_token().answer(415, &[], "").finds("token-form-not-read");
    Case::refused("invalid_request", "grant_type is missing").finds("token-form-not-read");
    Case::refused("invalid_grant", "").lacks("token-form-not-read");
}

#[test]
fn the_answer_is_a_form() {
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    Case::to_token().answer(200, &kind, "access_token=t-1&token_type=bearer").finds("token-answer-form-encoded");
    Case::token(&token()).lacks("token-answer-form-encoded");
}

#[test]
fn an_error_with_status_200() {
    Case::token(&json!({"error": "invalid_grant"})).finds("token-error-as-success");
    Case::token(&token()).lacks("token-error-as-success");
}

#[test]
fn an_id_token_and_nothing_else() {
    Case::token(&json!({"id_token": "x"})).finds("token-answer-only-identity");
    Case::token(&token()).lacks("token-answer-only-identity");
}

#[test]
fn no_token_type() {
    without("token_type").finds("token-type-missing");
    Case::token(&token()).lacks("token-type-missing");
}

#[test]
fn a_token_that_may_be_cached() {
    let case = Case::to_token().answer(200, &[("content-type", "application/json")], &token().to_string());
    case.enter(Step::Token).finds("token-cacheable");
    Case::token(&token()).lacks("token-cacheable");
}

#[test]
fn less_was_granted() {
    scoped("tools:read tools:call").finds("scope-not-granted");
    scoped("tools:read").lacks("scope-not-granted");
    scoped("tools:read offline_access").lacks("scope-not-granted");
}

#[test]
fn no_refresh_token_came() {
    scoped("tools:read offline_access").finds("refresh-token-missing");
    scoped("tools:read").lacks("refresh-token-missing");
}

#[test]
fn a_life_in_quotes() {
    with("expires_in", json!("3600")).finds("token-life-no-number");
    Case::token(&token()).lacks("token-life-no-number");
}

#[test]
fn a_life_that_is_over() {
    with("expires_in", json!(0)).finds("token-life-over");
    with("expires_in", json!(-5)).finds("token-life-over");
    Case::token(&token()).lacks("token-life-over");
}

#[test]
fn an_audience_with_another_slash() {
    claims(&json!({"aud": format!("{SERVER}/")})).finds("token-audience-slash");
    claims(&json!({"aud": SERVER})).lacks("token-audience-slash");
}

#[test]
fn another_audience() {
    claims(&json!({"aud": ["https://api.example.com"]})).finds("token-audience-other");
    claims(&json!({"aud": ["https://api.example.com", SERVER]})).lacks("token-audience-other");
}

#[test]
fn no_audience() {
    claims(&json!({"iss": ISSUER})).finds("token-without-audience");
    Case::token(&token()).lacks("token-without-audience");
}

#[test]
fn a_token_of_another_issuer() {
    claims(&json!({"aud": SERVER, "iss": "https://sts.example.net"})).finds("token-issuer-other");
    claims(&json!({"aud": SERVER, "iss": ISSUER})).lacks("token-issuer-other");
}

#[test]
fn a_token_that_is_over_when_it_comes() {
    claims(&json!({"aud": SERVER, "exp": NOW - 100.0})).finds("token-expired-on-arrival");
    claims(&json!({"aud": SERVER, "exp": NOW + 3600.0})).lacks("token-expired-on-arrival");
}

#[test]
fn a_token_from_a_clock_that_is_ahead() {
    claims(&json!({"aud": SERVER, "iat": NOW + 600.0})).finds("token-from-the-future");
    claims(&json!({"aud": SERVER, "nbf": NOW + 600.0})).finds("token-from-the-future");
    claims(&json!({"aud": SERVER, "iat": NOW + 20.0})).lacks("token-from-the-future");
}

#[test]
fn a_date_that_differs() {
    let dated = |date: &str| Case::at(SERVER).challenged(&[("date", date), ("www-authenticate", "Bearer")]);
    dated("Mon, 21 Sep 2026 12:00:00 GMT").finds("clock-skew");
    // NOW in words.
    dated("Mon, 21 Sep 2026 14:13:20 GMT").lacks("clock-skew");
}

#[test]
fn a_fresh_token_is_refused() {
    let refused = |case: Case| {
        let case = case.enter(Step::McpRequestWithToken);
        case.mcp(Step::McpRequestWithToken, &[("authorization", "Bearer t-1")]).json(401, &json!({}))
    };
    refused(Case::token(&token())).finds("fresh-token-refused");
    refused(Case::token(&token()).wait(120_000.0)).lacks("fresh-token-refused");
    // The 401 began another attempt, whose first request it is.
    let case = refused(Case::token(&jwt(&json!({"aud": "other"}))));
    let case = case.event(Event::Began { server: SERVER.to_owned(), first: Some(7) }).enter(Step::McpRequest);
    let attempt = case.attempt();
    let finding = attempt.rows[0].findings.first().expect("a finding");
    assert_eq!((finding.rule, finding.seen.ends_with("aud in it is other.")), ("fresh-token-refused", true));
    assert!(!finding.seen.contains("e30."), "no token is shown");
}
