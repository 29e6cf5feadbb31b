//! The sentences of the token response, and of refresh, step-up and revocation.

use crate::explain::words::problems;
use crate::trace::rule::tokens::Tokens;
use std::borrow::Cow;

pub fn words(rule: &Tokens) -> Cow<'static, str> {
    match rule {
        Tokens::TypeBearer => "token_type is Bearer".into(),
        Tokens::TypeMissing => "token_type is missing; Bearer is assumed".into(),
        Tokens::AllScopesGranted => "The response has no scope: the requested scope was granted".into(),
        Tokens::ScopesGranted { granted } => format!("Granted: {granted}").into(),
        Tokens::OfflineAccessNotGranted { granted } => {
            format!("Granted: {granted}. offline_access was not granted; OpenID Connect requires prompt=consent for it")
                .into()
        }
        Tokens::ScopesNotGranted { missing } => format!("Requested but not granted: {missing}").into(),
        Tokens::Lifetime { seconds, refreshable } => {
            format!("expires_in is {seconds} s, {} a refresh token", with(*refreshable)).into()
        }
        Tokens::NoLifetime { refreshable } => {
            format!("expires_in is missing: the token lifetime is unknown ({} a refresh token)", with(*refreshable))
                .into()
        }
        Tokens::NotCached => "The response has cache-control: no-store".into(),
        Tokens::MayBeCached => "The response has no cache-control: no-store".into(),
        Tokens::RefreshRotated => "The refresh token was rotated; the old one must no longer work".into(),
        Tokens::RefreshUnchangedPublic => "The refresh token was not rotated; for a public client it should be".into(),
        Tokens::RefreshUnchanged => "The refresh token was not rotated".into(),
        Tokens::RefreshedLifetime { seconds } => format!("expires_in of the new token is {seconds} s").into(),
        Tokens::RefreshedNoLifetime => "The response has no expires_in".into(),
        Tokens::RefreshFailed { problem } => format!("Refresh failed: {}", problems::of(problem).evidence).into(),
        Tokens::ScopesJoined { scope } => format!("Requested scope, earlier and new combined: {scope}").into(),
        Tokens::RevocationElsewhere { origin } => {
            format!("The revocation endpoint is on {origin}, not on the origin of the token endpoint").into()
        }
        Tokens::RevocationUnsupported => {
            "The authorization server cannot revoke this kind of token: it stays valid until it expires".into()
        }
        Tokens::Revoked => "The tokens were revoked and deleted from this tab".into(),
        Tokens::RevocationFailed { problem } => format!("Revocation failed: {}", problems::of(problem).evidence).into(),
    }
}

const fn with(refreshable: bool) -> &'static str {
    if refreshable { "with" } else { "without" }
}
