//! What the MCP server did with the token of the login and with variants of it, and with sessions.

use super::line::{Finding, Verdict};
use super::logged_in::has_public_client;
use super::seen::{Seen, header, is_success, outcome, status};
use crate::explain::why::evidence::Document;
use crate::mcp::jsonrpc::{self, Message};
use crate::oauth::challenge;
use crate::oauth::negative::Negative;
use crate::trace::Exchange;
use crate::trace::audit::AuditProbe;
use crate::trace::step::Step;

/// A list that was given, and not an error in a response that is a success.
fn processed(exchange: &Exchange) -> bool {
    let body = exchange.body.as_ref().map(|it| it.text.expose()).unwrap_or_default();
    is_success(exchange) && !jsonrpc::message(&body).is_ok_and(|it| matches!(it, Message::Error { .. }))
}

fn takes_token(seen: &Seen<'_>) -> bool {
    seen.responded(AuditProbe::WithToken).is_some_and(processed)
}

fn refused(exchange: &Exchange) -> Finding {
    match status(exchange) {
        401 => Finding::pass(outcome(exchange)),
        _ if processed(exchange) => Finding::fail(outcome(exchange)).grave(),
        _ => Finding::warn(outcome(exchange)),
    }
    .by(exchange)
}

pub fn scheme(seen: &Seen<'_>) -> Option<Finding> {
    let asked = seen.responded(AuditProbe::LowerCaseScheme)?;
    Some(
        match status(asked) {
            _ if !takes_token(seen) => Finding::not_tested("The token itself was not taken."),
            401 => Finding::fail(outcome(asked)),
            _ => Finding::pass(outcome(asked)),
        }
        .by(asked),
    )
}

/// Any 403 to a request with the token.
pub fn scopes(seen: &Seen<'_>) -> Option<Finding> {
    seen.tokens()?;
    let Some(asked) = seen.staged.iter().copied().find(|it| status(it) == 403 && it.request.url == seen.server.href())
    else {
        return Some(Finding::not_tested("No request with the token got 403."));
    };
    let parsed = header(asked, "www-authenticate").map(challenge::parse).unwrap_or_default();
    let bearer = challenge::bearer(&parsed);
    let has = |name: &str| bearer.is_some_and(|it| it.param(name).is_some());
    let missing: Vec<&str> = ["error", "scope", "resource_metadata"].into_iter().filter(|it| !has(it)).collect();
    Some(
        match missing.is_empty() {
            true => Finding::pass(outcome(asked)),
            false => Finding::warn(format!("{} without {}", outcome(asked), missing.join(", "))),
        }
        .by(asked),
    )
}

pub fn damaged(seen: &Seen<'_>) -> Option<Finding> {
    Some(grave_if_failed(seen.tested(Negative::DamagedToken)?))
}

fn grave_if_failed(finding: Finding) -> Finding {
    if finding.verdict == Verdict::Fail { finding.grave() } else { finding }
}

pub fn unsigned(seen: &Seen<'_>) -> Option<Finding> {
    seen.responded(AuditProbe::WithToken)?;
    let made = [AuditProbe::UnsignedToken, AuditProbe::IdToken].into_iter().filter_map(|it| seen.responded(it));
    let worst = made.map(refused).max_by_key(|it| it.verdict);
    Some(worst.unwrap_or_else(|| Finding::not_tested("The token is opaque, and the login brought no ID token.")))
}

/// What testing with an expired token takes.
pub const EXPIRY: &str = "one login, and waiting until the token has expired";

pub fn expired(seen: &Seen<'_>) -> Option<Finding> {
    let asked = seen.responded(AuditProbe::ExpiredToken)?;
    let finding = if status(asked) == 401 { Finding::pass } else { Finding::fail };
    Some(finding(outcome(asked)).by(asked))
}

pub fn taken_after_expiry(seen: &Seen<'_>) -> Option<Finding> {
    let asked = seen.responded(AuditProbe::ExpiredToken)?;
    Some(if processed(asked) { Finding::fail(outcome(asked)).grave() } else { Finding::pass(outcome(asked)) }.by(asked))
}

/// The endpoint to which HTTP+SSE posts, without a token. One of another origin was refused by the connection.
pub fn message_endpoint(seen: &Seen<'_>) -> Option<Finding> {
    let tested = seen.span.tested(Negative::NoToken);
    let posted = tested.and_then(|it| seen.evidence.trace.exchange(it.exchange?));
    match posted.is_some_and(|it| it.request.url != seen.server.href()) {
        true => seen.tested(Negative::NoToken).map(grave_if_failed),
        false => {
            seen.probe(AuditProbe::WithToken).map(|it| Finding::not_tested("The transport is not HTTP+SSE.").by(it))
        }
    }
}

/// A token for another resource, where the authorization server issued one.
pub fn foreign(seen: &Seen<'_>) -> Option<Finding> {
    match seen.responded(AuditProbe::ForeignToken) {
        Some(asked) => Some(foreign_taken(seen, asked)),
        None => {
            let test = seen.tested(Negative::WrongResource)?;
            Some(match test.verdict {
                Verdict::Pass => Finding { seen: "No token for another resource was issued.".to_owned(), ..test },
                _ => Finding { verdict: Verdict::NotTested, ..test },
            })
        }
    }
}

/// The same `aud` all the same shows nothing of the server.
fn foreign_taken(seen: &Seen<'_>, asked: &Exchange) -> Finding {
    let issued = seen.span.tested(Negative::WrongResource).and_then(|it| seen.evidence.trace.exchange(it.exchange?));
    let claims = issued.and_then(Document::of).and_then(|it| it.claims());
    let audiences = claims.as_ref().and_then(|it| it.list("aud")).unwrap_or_default();
    let resource = seen.login.and_then(|it| it.parameter("resource")).unwrap_or_default();
    match audiences.is_empty() || audiences.contains(&resource) {
        true => Finding::not_tested("The token for another resource does not show another `aud`.").by(asked),
        false => refused(asked),
    }
}

/// The session id of a handshake, of the login or of the second one.
fn session(exchange: &Exchange) -> Option<&str> {
    header(exchange, "mcp-session-id")
}

fn opened<'a>(seen: &Seen<'a>) -> Option<&'a str> {
    let login = seen.login?;
    let steps = [Step::McpRequestWithToken, Step::McpRequest, Step::Connected];
    steps.into_iter().flat_map(|it| login.exchanges(it)).find_map(session)
}

pub fn exposed(seen: &Seen<'_>) -> Option<Finding> {
    let asked = seen.responded(AuditProbe::WithToken)?;
    Some(
        match (opened(seen), status(asked)) {
            (Some(_), _) => Finding::pass("The session ID could be read."),
            (None, 400) => Finding::fail(format!("No session ID could be read, and then {}.", outcome(asked))),
            (None, _) => Finding::pass("No session ID was needed."),
        }
        .by(asked),
    )
}

pub fn no_authentication(seen: &Seen<'_>) -> Option<Finding> {
    match seen.tested(Negative::NoToken) {
        Some(found) => Some(grave_if_failed(found)),
        None => seen.probe(AuditProbe::WithToken).map(|_| no_session()),
    }
}

fn no_session() -> Finding {
    Finding::not_tested("The server opened no session that Flowglass can read.")
}

/// Session ids of fewer characters can be guessed.
const SHORT: usize = 16;

pub fn random(seen: &Seen<'_>) -> Option<Finding> {
    let asked = seen.probe(AuditProbe::WithToken)?;
    let (Some(first), Some(second)) = (opened(seen), seen.responded(AuditProbe::SecondSession)) else {
        return Some(no_session().by(asked));
    };
    let Some(other) = session(second) else { return Some(no_session().by(second)) };
    let number = |it: &str| it.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().ok();
    let follows = matches!((number(first), number(other)), (Some(one), Some(two)) if one.abs_diff(two) <= 10);
    let is_visible = |it: &str| it.bytes().all(|it| (0x21..=0x7e).contains(&it));
    Some(
        match () {
            () if first == other => Finding::fail("Two sessions have the same ID."),
            () if follows => Finding::fail("Session IDs count up."),
            () if !is_visible(first) => Finding::fail("A session ID has characters outside of visible ASCII."),
            () if first.len() < SHORT => Finding::warn(format!("A session ID has {} characters.", first.len())),
            () => Finding::pass(format!("Two session IDs of {} characters differ.", first.len())),
        }
        .by(second),
    )
}

pub fn ended(seen: &Seen<'_>) -> Option<Finding> {
    let asked = seen.probe(AuditProbe::WithToken)?;
    let Some(used) = seen.responded(AuditProbe::EndedSession) else { return Some(no_session().by(asked)) };
    let was_ended = seen.responded(AuditProbe::SessionEnd).is_some_and(is_success);
    Some(
        match status(used) {
            _ if !was_ended => Finding::not_tested("The server did not end the session."),
            404 => Finding::pass(outcome(used)),
            200..300 | 500.. => Finding::fail(outcome(used)),
            _ => Finding::warn(outcome(used)),
        }
        .by(used),
    )
}

pub fn headers(seen: &Seen<'_>) -> Option<Finding> {
    let probes = [AuditProbe::VersionWithToken, AuditProbe::MethodWithToken];
    let asked: Vec<&Exchange> = probes.into_iter().filter_map(|it| seen.responded(it)).collect();
    let (taken, other) = (asked.iter().find(|it| processed(it)), asked.iter().find(|it| status(it) != 400));
    let first = asked.first()?;
    Some(match (taken, other) {
        (Some(it), _) => Finding::fail(format!("It was processed. {}", outcome(it))).by(it),
        (None, Some(it)) => Finding::warn(outcome(it)).by(it),
        (None, None) => Finding::pass(outcome(first)).by_all(asked),
    })
}

pub fn verifier(seen: &Seen<'_>) -> Option<Finding> {
    seen.tested(Negative::WrongVerifier)
}

pub fn redirect(seen: &Seen<'_>) -> Option<Finding> {
    seen.tested(Negative::OtherRedirect)
}

/// Ignoring `resource` is not yet a fault: whether the MCP server takes the token decides.
pub fn foreign_resource(seen: &Seen<'_>) -> Option<Finding> {
    let found = seen.tested(Negative::WrongResource)?;
    Some(Finding { verdict: warned(found.verdict), ..found })
}

pub const fn warned(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Fail => Verdict::Warn,
        other => other,
    }
}

pub fn code_twice(seen: &Seen<'_>) -> Option<Finding> {
    seen.tested(Negative::CodeTwice)
}

pub fn exact_redirect(seen: &Seen<'_>) -> Option<Finding> {
    seen.tested(Negative::OtherRedirectAtLogin)
}

/// The same for a client that is a document: the redirect URI was not in it.
pub fn document_redirect(seen: &Seen<'_>) -> Option<Finding> {
    let found = seen.tested(Negative::OtherRedirectAtLogin)?;
    let client = seen.login?.parameter("client_id")?;
    Some(match client.starts_with("https://") {
        true => found,
        false => Finding::not_tested("The client of the login is no client ID metadata document."),
    })
}

/// A client that authenticates may do without (OAuth 2.1 §7.5.1).
pub fn needs_challenge(seen: &Seen<'_>) -> Option<Finding> {
    let found = seen.tested(Negative::NoChallenge)?;
    let verdict = if has_public_client(seen) { found.verdict } else { warned(found.verdict) };
    Some(Finding { verdict, ..found })
}

pub fn returns_errors(seen: &Seen<'_>) -> Option<Finding> {
    seen.tested(Negative::UnknownScope)
}

pub fn refuses_plain(seen: &Seen<'_>) -> Option<Finding> {
    let methods = seen.issuer()?.list("code_challenge_methods_supported").unwrap_or_default();
    match methods.contains(&"plain") {
        true => seen.probe(AuditProbe::TwinRefresh).map(|_| Finding::not_tested("`plain` is declared.")),
        false => seen.tested(Negative::PlainChallenge),
    }
}
