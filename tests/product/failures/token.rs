//! Steps 9 and 10: the token request and its answer.

use super::{
    Except, Failure, When, Wrong, broken, cut, error, page, stopped_redirect, timeout, too_large, unreachable,
    unreadable,
};
use crate::case::{Asked, Case};
use crate::world::{Answer, json_answer, jwt};
use flowglass::http::Request;
use flowglass::trace::problem::{Code, Owner};
use serde_json::json;

pub const FAILURES: &[Failure] = &[
    token("code-refused", Code::TokenRefused, |_, _| error("invalid_grant")),
    token("client-refused", Code::TokenRefused, |_, _| json_answer(401, json!({"error": "invalid_client"})))
        .except(TYPED),
    token("grant-type-refused", Code::TokenRefused, |_, _| error("unauthorized_client")),
    Failure::new(
        "resource-refused",
        When::Resource,
        Code::TokenRefused,
        Owner::Issuer,
        Wrong::Answer(Asked::Token, |_, _| error("invalid_target")),
    ),
    token("token-endpoint-broken", Code::TokenRefused, broken),
    token("token-page", Code::TokenInvalid, page),
    token("no-token", Code::TokenInvalid, |_, _| json_answer(200, json!({"token": "t-1"}))),
    token("token-of-another-type", Code::TokenInvalid, |_, _| {
        json_answer(200, json!({"access_token": "t-1", "token_type": "DPoP"}))
    }),
    token("token-with-a-line-end", Code::TokenInvalid, |_, _| {
        json_answer(200, json!({"access_token": "t-1\r\nx: y", "token_type": "Bearer"}))
    }),
    token("token-for-another-audience", Code::TokenAudience, |_, _| {
        let claims = json!({"aud": "account", "iss": "https://login.example.com", "scope": "tools:read"});
        json_answer(200, json!({"access_token": jwt(&claims), "token_type": "Bearer"}))
    }),
    token("token-timeout", Code::Timeout, timeout),
    token("token-cut", Code::Truncated, cut),
    token("token-too-large", Code::TooLarge, too_large),
    token("token-redirected", Code::Redirected, stopped_redirect),
    token("token-unreadable", Code::CorsBlocked, unreadable),
    Failure::new(
        "token-unreachable",
        When::Always,
        Code::Unreachable,
        Owner::Network,
        Wrong::Answer(Asked::Token, unreachable),
    ),
];

const fn token(name: &'static str, code: Code, answer: fn(&Case, &Request) -> Answer) -> Failure {
    Failure::new(name, When::Always, code, Owner::Issuer, Wrong::Answer(Asked::Token, answer))
}

const TYPED: &[Except] = &[Except {
    when: When::ByHand,
    code: Code::TokenRefused,
    owner: Owner::You,
    why: "the client id, and the secret where there is one, were typed",
}];
