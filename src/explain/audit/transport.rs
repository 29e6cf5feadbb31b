//! S-107 to S-115: transport and sessions.

use super::line::{Finding, Level, Line, Party, SESSIONS, Severity};
use super::seen::{Access, Seen, header, is_success, outcome, status};
use super::with_token;
use crate::base::address::Address;
use crate::base::revision::Revision;
use crate::base::text::fact;
use crate::explain::fixes::Need;
use crate::explain::why::evidence::Document;
use crate::trace::Exchange;
use crate::trace::audit::AuditProbe;
use crate::trace::check::Clause;

pub static LINES: [Line; 9] = [
    Line::new("S-107", "https everywhere", Level::Must, Party::Both, Severity::Security)
        .says(Clause::OAuthTls, "All URLs are https, except on loopback.", "Serve https only.")
        .since(&Revision::ALL)
        .judged(encrypted),
    Line::new("S-108", "Origin is validated", Level::Must, Party::Server, Severity::Security)
        .says(
            Clause::McpOrigin,
            "A server on loopback or in a private network validates `Origin`. Otherwise any website can use it.",
            "List the allowed origins, respond 403 to others, and bind to 127.0.0.1.",
        )
        .since(&Revision::ALL)
        .needs(Need::Origin)
        .judged(origin),
    Line::new("S-109", "JSON-RPC as text/plain is refused", Level::Field, Party::Server, Severity::Security)
        .says(
            Clause::Cors,
            "JSON-RPC as `text/plain` is refused: it needs no preflight, so any website can send it.",
            "Require `application/json`, and respond 415 to anything else.",
        )
        .since(&Revision::ALL)
        .judged(plain_text),
    Line::new("S-110", "Sessions are no authentication", Level::MustNot, Party::Server, Severity::Security)
        .says(
            Clause::AuthorizationUrlSafe,
            "A session ID without a token gets 401.",
            "Verify the token on every request.",
        )
        .since(SESSIONS)
        .by_login(with_token::no_authentication),
    Line::new("S-111", "Session IDs are random", Level::Must, Party::Server, Severity::Security)
        .says(
            Clause::McpSession,
            "Session IDs are random, in visible ASCII.",
            "Make session IDs with a cryptographic random generator.",
        )
        .since(SESSIONS)
        .by_login(with_token::random),
    Line::new("S-112", "Ended sessions get 404", Level::Must, Party::Server, Severity::Interoperability)
        .says(Clause::McpSession, "An ended or unknown session gets 404.", "Respond 404 to unknown sessions.")
        .since(SESSIONS)
        .by_login(with_token::ended),
    Line::new("S-113", "There are no sessions", Level::Should, Party::Server, Severity::Interoperability)
        .says(
            Clause::McpHeaders,
            "The session header is ignored, no session is opened, and GET and DELETE get 405.",
            "Remove sessions and the GET stream for this revision.",
        )
        .since(&[Revision::R5])
        .judged(stateless),
    Line::new("S-114", "Headers agree with the body", Level::Must, Party::Server, Severity::Security)
        .says(
            Clause::McpHeaders,
            "A header that differs from the body, or an unknown version, gets 400.",
            "Validate the headers before dispatch.",
        )
        .since(&[Revision::R5])
        .by_login(with_token::headers),
    Line::new("S-115", "The message endpoint is guarded", Level::Field, Party::Server, Severity::Security)
        .says(
            Clause::McpSse,
            "The endpoint of HTTP+SSE is of the same origin, and asks for the token too.",
            "Guard both endpoints.",
        )
        .since(&[Revision::R1])
        .by_login(with_token::message_endpoint),
];

fn encrypted(seen: &Seen<'_>) -> Option<Finding> {
    let is_plain = |url: &&str| url.starts_with("http:") && !Address::typed(url).is_ok_and(|it| it.is_loopback());
    let server = seen.server.as_given();
    let resources = seen.resources.iter().flat_map(|it| urls(it));
    let issuers = seen.issuers.iter().flat_map(|it| urls(it));
    let plain = std::iter::once(server).chain(resources).chain(issuers).find(is_plain);
    Some(match plain {
        Some(url) => Finding::fail(format!("{} is not encrypted.", fact(url))),
        None => Finding::pass("All URLs that were seen are https, or on loopback."),
    })
}

/// The members of a document that are URLs for machines.
fn urls<'a>(document: &'a Document<'_>) -> impl Iterator<Item = &'a str> {
    let named = |name: &str| name.ends_with("_endpoint") || matches!(name, "issuer" | "resource" | "jwks_uri");
    let servers = document.list("authorization_servers").unwrap_or_default();
    document.members().filter(move |(name, _)| named(name)).filter_map(|(_, it)| it.as_str()).chain(servers)
}

fn origin(seen: &Seen<'_>) -> Option<Finding> {
    let request = seen.request().filter(|_| seen.server.is_local() && !seen.is_own())?;
    Some(match status(request) {
        200..300 if Address::typed(seen.page).is_ok_and(|it| it.is_loopback()) => Finding::not_tested(
            "Flowglass is on loopback, an origin that a server may allow. Check from a public origin, or with curl.",
        )
        .by(request),
        200..300 => Finding::fail(format!("A request from {} was processed.", fact(seen.page))).by(request),
        0 => Finding::not_tested("No response could be read.").by(request),
        403 => Finding::pass(outcome(request)).by(request),
        _ => Finding::not_tested(format!("{}. It shows nothing of `Origin`.", outcome(request))).by(request),
    })
}

fn plain_text(seen: &Seen<'_>) -> Option<Finding> {
    let Some(asked) = seen.probe(AuditProbe::PlainText).filter(|it| status(it) != 0) else {
        return Some(Finding::not_tested("No response to `text/plain` could be read."));
    };
    let refused = Document::of(asked).is_some_and(|it| it.get("error").is_some());
    Some(
        match is_success(asked) && !refused {
            true => Finding::fail(format!("It was processed. {}", outcome(asked))),
            false => Finding::pass(outcome(asked)),
        }
        .by(asked),
    )
}

/// Behind a 401 it is not known that a server has no handshake.
fn stateless(seen: &Seen<'_>) -> Option<Finding> {
    if seen.revision != Some(Revision::R5) || seen.access != Access::Open {
        return None;
    }
    let minted = seen.server_requests().find(|it| header(it, "mcp-session-id").is_some());
    let methods = [AuditProbe::Stream, AuditProbe::UnknownSession];
    let read: Vec<&Exchange> = methods.into_iter().filter_map(|it| seen.probe(it)).collect();
    Some(match (minted, read.iter().find(|it| is_success(it))) {
        (Some(it), _) => Finding::warn("A session was opened.").by(it),
        (None, Some(it)) => Finding::warn(outcome(it)).by(it),
        (None, None) => Finding::pass("No session was opened.").by_all(read),
    })
}
