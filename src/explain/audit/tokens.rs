//! S-86 to S-95: tokens and the resource that they are for. Nearly all of it takes a login.

use super::line::{Finding, Level, Line, Party, Phase, Severity};
use super::logged_in;
use super::seen::{Seen, outcome, status};
use super::with_token;
use crate::explain::fixes::Need;
use crate::explain::why::evidence::Document;
use crate::trace::audit::AuditProbe;
use crate::trace::check::Clause;

pub static LINES: [Line; 10] = [
    Line::new("S-86", "aud is the resource", Level::Should, Party::Issuer, Severity::Security)
        .says(Clause::ResourceIndicator, "`aud` is the `resource` that was asked for.", "Set `aud` from `resource`.")
        .needs(Need::Audience)
        .by_login(logged_in::audience),
    Line::new("S-87", "Tokens are the server's own", Level::MustNot, Party::Both, Severity::Security)
        .says(
            Clause::AuthorizationUrlSafe,
            "The token is not one of a third party that is passed through.",
            "Issue tokens of your own.",
        )
        .by_login(logged_in::own),
    Line::new("S-88", "JWTs follow the profile", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::JwtClaims,
            "A JWT has `typ`, `iss`, `exp`, `iat`, `sub`, `client_id` and `jti`, and its signature verifies.",
            "Follow the profile of RFC 9068, or use opaque tokens.",
        )
        .by_login(logged_in::profile),
    Line::new("S-89", "A changed token gets 401", Level::Must, Party::Server, Severity::Security)
        .says(Clause::TokenValidation, "A token with one character changed gets 401.", "Verify the signature.")
        .by_login(with_token::damaged),
    Line::new("S-90", "Unsigned and ID tokens get 401", Level::Must, Party::Server, Severity::Security)
        .says(
            Clause::TokenValidation,
            "A token with `alg: none`, and an ID token, get 401.",
            "Pin the algorithms and `typ`.",
        )
        .by_login(with_token::unsigned),
    Line::new("S-91", "Tokens for others get 401", Level::Must, Party::Server, Severity::Security)
        .says(Clause::McpAudience, "A token for another resource gets 401.", "Compare `aud` with the own `resource`.")
        .staged(Phase::More, "a token for another resource", with_token::foreign),
    Line::new("S-92", "Tokens in the query are ignored", Level::Must, Party::Server, Severity::Security)
        .says(Clause::BearerHeader, "A token in the query is ignored.", "Read the header only.")
        .takes(Phase::More, "consent to put a token into a URL"),
    Line::new("S-93", "Scopes are enforced", Level::Must, Party::Server, Severity::Security)
        .says(Clause::McpScope, "Scopes are enforced.", "Check the scope of each operation.")
        .takes(Phase::More, "a login with the smallest scope"),
    Line::new("S-94", "Tokens are small and without names", Level::Field, Party::Issuer, Severity::Polish)
        .says(
            Clause::JwtClaims,
            "A readable JWT has no e-mail address and no name, and is below 4 KB.",
            "Drop the claims.",
        )
        .by_login(logged_in::small),
    Line::new("S-95", "Introspection needs authorization", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::Introspection,
            "The introspection endpoint requires callers to authenticate.",
            "Authenticate callers of the introspection endpoint.",
        )
        .judged(introspection),
];

fn introspection(seen: &Seen<'_>) -> Option<Finding> {
    seen.issuer()?.text("introspection_endpoint")?;
    let Some(asked) = seen.probe(AuditProbe::Introspection).filter(|it| status(it) != 0) else {
        return Some(Finding::not_tested("No response of the introspection endpoint could be read."));
    };
    let answers = Document::of(asked).is_some_and(|it| it.get("active").is_some());
    Some(
        match status(asked) {
            200 if answers => Finding::fail("A caller without credentials got a response."),
            400 | 401 | 403 => Finding::pass(outcome(asked)),
            400..500 => Finding::not_tested(format!("{} shows nothing of introspection.", outcome(asked))),
            _ => Finding::warn(outcome(asked)),
        }
        .by(asked),
    )
}
