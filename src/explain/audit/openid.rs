//! S-116 to S-119: the OpenID Connect side of an authorization server, where it has one.

use super::line::{Finding, Level, Line, Party, SINCE_R4, Severity};
use super::logged_in;
use super::seen::Seen;
use crate::explain::fixes::Need;
use crate::explain::why::evidence::Document;
use crate::trace::check::Clause;

pub static LINES: [Line; 4] = [
    Line::new("S-116", "The OpenID document is complete", Level::Must, Party::Issuer, Severity::Polish)
        .says(
            Clause::OpenIdDiscovery,
            "The OpenID document has its required members, and RS256 among the algorithms of ID tokens.",
            "Add the members that are missing.",
        )
        .judged(complete),
    Line::new("S-117", "The OpenID document has PKCE", Level::Must, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::OpenIdDiscovery,
            "The OpenID document, too, has `code_challenge_methods_supported`.",
            "Add `code_challenge_methods_supported` to both documents.",
        )
        .since(SINCE_R4)
        .needs(Need::S256)
        .judged(pkce),
    Line::new("S-118", "The ID token is right", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::OpenIdDiscovery,
            "An ID token, if asked for, has the right `iss`, `aud`, `nonce` and `exp`.",
            "Follow OpenID Connect Core.",
        )
        .by_login(logged_in::id_token),
    Line::new("S-119", "offline_access is listed", Level::Field, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::OfflineAccess,
            "`offline_access` is listed where refresh tokens depend on it.",
            "Add `offline_access` to `scopes_supported`.",
        )
        .judged(offline),
];

fn document<'a>(seen: &'a Seen<'_>) -> Option<&'a Document<'a>> {
    seen.issuer_documents().into_iter().find(|it| it.url().contains("/.well-known/openid-configuration"))
}

const REQUIRED: [&str; 6] = [
    "issuer",
    "authorization_endpoint",
    "jwks_uri",
    "response_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
];

fn complete(seen: &Seen<'_>) -> Option<Finding> {
    let document = document(seen)?;
    let algorithms = document.list("id_token_signing_alg_values_supported").unwrap_or_default();
    let missing: Vec<&str> = REQUIRED.into_iter().filter(|it| document.get(it).is_none()).collect();
    Some(
        match missing.is_empty() {
            false => Finding::warn(format!("Absent: {}.", missing.join(", "))),
            true if !algorithms.contains(&"RS256") => Finding::warn("RS256 is not among the algorithms."),
            true => Finding::pass("Nothing is missing."),
        }
        .by(document.from),
    )
}

fn pkce(seen: &Seen<'_>) -> Option<Finding> {
    let document = document(seen)?;
    let has = |it: &Document<'_>| it.get("code_challenge_methods_supported").is_some();
    let other = seen.issuer_documents().into_iter().find(|it| has(it));
    Some(
        match (has(document), other) {
            (true, _) => Finding::pass("It is there."),
            (false, Some(other)) => Finding::fail("Only the other document has it.").by(other.from),
            // S-42 says that neither has it.
            (false, None) => return None,
        }
        .by(document.from),
    )
}

fn offline(seen: &Seen<'_>) -> Option<Finding> {
    let document = document(seen)?;
    let refreshes = document.list("grant_types_supported").unwrap_or_default().contains(&"refresh_token");
    let listed = document.list("scopes_supported").filter(|_| refreshes)?;
    Some(
        match listed.contains(&"offline_access") {
            true => Finding::pass("It is listed."),
            false => Finding::warn("Refresh tokens are supported, and `offline_access` is not listed."),
        }
        .by(document.from),
    )
}
