//! S-75 to S-85: the token endpoint. Without a login it is asked once, with a code that nobody issued.

use super::line::{Finding, Level, Line, Party, Phase, Severity};
use super::logged_in;
use super::seen::{Seen, is_hidden, outcome, status};
use super::with_token;
use crate::base::text::fact;
use crate::explain::fixes::Need;
use crate::explain::why::evidence::Document;
use crate::trace::Exchange;
use crate::trace::audit::AuditProbe;
use crate::trace::check::Clause;

pub static LINES: [Line; 11] = [
    Line::new("S-75", "A page can read token responses", Level::Field, Party::Issuer, Severity::Browser)
        .says(
            Clause::OAuthCors,
            "Responses of the token endpoint are readable from other origins, errors too.",
            "Allow the origin at the token endpoint, for errors too. Some servers allow origins for each client.",
        )
        .needs(Need::IssuerCors)
        .judged(readable),
    Line::new("S-76", "Token errors are JSON", Level::Must, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::TokenError,
            "A refused token request gets 400 or 401 with a registered `error`, as JSON.",
            "Respond 400 or 401 with a registered error code, as JSON.",
        )
        .judged(errors),
    Line::new("S-77", "Unknown clients are named", Level::Field, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::TokenError,
            "An unknown client gets `invalid_client`. Otherwise clients never register again.",
            "Look up the client before the code.",
        )
        .judged(unknown_client),
    Line::new("S-78", "Token responses are complete", Level::Must, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::TokenResponse,
            "A token response is 200, JSON, with `access_token` and `token_type`.",
            "Return the required members.",
        )
        .by_login(logged_in::complete),
    Line::new("S-79", "Tokens are not cached", Level::Must, Party::Issuer, Severity::Security)
        .says(Clause::TokenCache, "Token responses carry `Cache-Control: no-store`.", "Add `Cache-Control: no-store`.")
        .by_login(logged_in::uncached),
    Line::new("S-80", "Tokens are short-lived", Level::Should, Party::Issuer, Severity::Security)
        .says(
            Clause::TokenResponse,
            "`expires_in` is there and at most an hour.",
            "Shorten the lifetime of access tokens.",
        )
        .by_login(logged_in::lifetime),
    Line::new("S-81", "The verifier is checked", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::PkceVerified,
            "A wrong or missing `code_verifier` is refused with `invalid_grant`.",
            "Enforce PKCE at the token endpoint.",
        )
        .staged(Phase::More, "a login of which the code is spoiled", with_token::verifier),
    Line::new("S-82", "A code works once", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::CodeOnce,
            "A code is redeemed once; using it again revokes its tokens.",
            "Consume the code when it is used.",
        )
        .staged(Phase::More, "one login that ends", with_token::code_twice),
    Line::new("S-83", "Codes are bound to the client", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::CodeBound,
            "Codes and refresh tokens are bound to the client, and `redirect_uri` is enforced if sent.",
            "Store client and redirect URI with the code.",
        )
        .staged(Phase::More, "a login of which the code is spoiled", with_token::redirect),
    Line::new("S-84", "Foreign resources are refused", Level::Field, Party::Issuer, Severity::Security)
        .says(
            Clause::ResourceIndicator,
            "A `resource` that was not granted gets `invalid_target`.",
            "Implement RFC 8707.",
        )
        .staged(Phase::More, "a login for another resource", with_token::foreign_resource),
    Line::new("S-85", "Public clients need no secret", Level::Field, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::RegistrationResponse,
            "A client that registered with `none` redeems a code without a secret.",
            "Honour the registered method.",
        )
        .by_login(logged_in::needs_no_secret),
];

fn asked<'a>(seen: &'a Seen<'_>) -> Option<&'a Exchange> {
    seen.probe(AuditProbe::TokenEndpoint).filter(|it| it.ended.is_some())
}

fn not_reached() -> Finding {
    Finding::not_tested("No response of the token endpoint could be read.")
}

fn readable(seen: &Seen<'_>) -> Option<Finding> {
    if let Some(of_login) = logged_in::readable(seen) {
        return Some(of_login);
    }
    let Some(asked) = asked(seen) else { return Some(not_reached()) };
    Some(
        match is_hidden(asked) {
            true => Finding::warn(
                "The error is hidden. A server that allows origins for each client may allow this one after login.",
            ),
            false if status(asked) == 0 => not_reached(),
            false => Finding::pass(outcome(asked)),
        }
        .by(asked),
    )
}

/// The error code of the response, where it is one that can be read.
fn error<'a>(exchange: &'a Exchange) -> Option<(Document<'a>, String)> {
    let document = Document::of(exchange)?;
    let error = document.text("error")?.to_owned();
    Some((document, error))
}

/// RFC 6749 §5.2, RFC 8707 §2, RFC 9449 §5 and §8.
const REGISTERED: [&str; 9] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "invalid_target",
    "use_dpop_nonce",
    "invalid_dpop_proof",
];

fn errors(seen: &Seen<'_>) -> Option<Finding> {
    let Some(asked) = asked(seen).filter(|it| status(it) != 0) else { return Some(not_reached()) };
    let finding = match (status(asked), error(asked)) {
        (400 | 401, Some((_, error))) if !REGISTERED.contains(&error.as_str()) => {
            Finding::fail(format!("{} with `{}`, which is not registered", outcome(asked), fact(&error)))
        }
        (400 | 401, Some((_, error))) => Finding::pass(format!("{} with `{}`", outcome(asked), fact(&error))),
        (400 | 401, None) => Finding::fail(format!("{} without `error` in JSON", outcome(asked))),
        _ => Finding::fail(outcome(asked)),
    };
    Some(finding.by(asked))
}

fn unknown_client(seen: &Seen<'_>) -> Option<Finding> {
    let Some((asked, error)) = asked(seen).and_then(|it| Some((it, error(it)?.1))) else {
        return Some(not_reached());
    };
    Some(
        match error.as_str() {
            "invalid_client" => Finding::pass("`invalid_client`"),
            other => Finding::warn(format!("`{}` for an unknown client", fact(other))),
        }
        .by(asked),
    )
}
