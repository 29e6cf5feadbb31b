//! What is said of a token that was issued just now, and is refused.

use super::Words;
use crate::trace::problem::{FreshToken, FreshVerdict};

pub(super) fn words(token: &FreshToken) -> Words {
    let (title, reason, fix) = match (token.verdict, &token.resource) {
        (FreshVerdict::NoAudience, _) => (
            "The token has no audience",
            "MCP servers must refuse a token that was not issued for them, and this one has no `aud`.",
            audience(token),
        ),
        (FreshVerdict::OtherAudience, Some(_)) => (
            "The token has the wrong audience",
            "Likely cause: the authorization server ignores `resource` (RFC 8707).",
            audience(token),
        ),
        (FreshVerdict::OtherAudience, None) => (
            "The token has the wrong audience",
            "No `resource` was sent, so the authorization server chose the audience.",
            audience(token),
        ),
        (FreshVerdict::Expired, _) => (
            "The token had expired when it was issued",
            "`exp` is in the past at the time of issue.",
            "Synchronize the authorization server's clock (NTP), and compute `exp` from it.".to_owned(),
        ),
        (FreshVerdict::OtherIssuer, _) => (
            "The token has another issuer than the metadata",
            "Likely cause: the MCP server compares `iss` with the metadata.",
            format!("Issue tokens with `iss` = `{}`, the `issuer` of the metadata.", token.issuer),
        ),
        (FreshVerdict::NotAccepted, _) => (
            "The MCP server refuses a new token",
            "The MCP server does not accept what its authorization server has just issued. Another login would bring the same token.",
            "Log why the token is refused, and compare `iss`, `aud`, scope and signing key with what the server expects.".to_owned(),
        ),
    };
    Words::new(title).fix(fix).reason(reason).quote(response(token)).evidence(facts(token))
}

fn audience(token: &FreshToken) -> String {
    let wanted = token.resource.as_deref().unwrap_or(&token.server);
    format!("Issue the token with `aud` = `{wanted}`, the `resource` of the request.")
}

fn response(token: &FreshToken) -> String {
    let error = token.error.as_deref().map(|it| format!(" `{it}`")).unwrap_or_default();
    let description = token.description.as_deref().map(|it| format!(": “{it}”")).unwrap_or_default();
    format!("The MCP server responded 401{error}{description}.")
}

/// The claims of the token, beside what it was requested for.
fn facts(token: &FreshToken) -> String {
    let resource = token.resource.as_deref().unwrap_or("not sent");
    let granted = token.granted.as_deref().unwrap_or("not named");
    let Some(claims) = &token.claims else {
        return format!("The token is opaque; `resource` was `{resource}`, the granted scope `{granted}`.");
    };
    let claim = |name: &str, value: &Option<String>| match value {
        Some(value) => format!("`{name}` is `{value}`"),
        None => format!("`{name}` is absent"),
    };
    format!(
        "{}, `resource` was `{resource}`; {}, the issuer is `{}`; the scope is `{}`.",
        claim("aud", &claims.aud),
        claim("iss", &claims.iss),
        token.issuer,
        claims.scopes.as_deref().unwrap_or(granted)
    )
}
