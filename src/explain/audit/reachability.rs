//! S-1 to S-10: whether a page reaches the server, and what CORS lets it send and read.
//!
//! A page sees neither a preflight's status nor why it was refused: both follow from what differs between requests.

use super::line::{Finding, Level, Line, Party, Phase, SESSIONS, Severity};
use super::pasted::{Output, command};
use super::seen::{Seen, header, is_hidden, outcome, status};
use super::with_token;
use crate::base::revision::Revision;
use crate::base::text::{Text, fact};
use crate::explain::fixes::Need;
use crate::explain::why::evidence::{Probes, is_probe};
use crate::http::{HttpError, Method, Request};
use crate::trace::Exchange;
use crate::trace::audit::AuditProbe;
use crate::trace::check::Clause;
use crate::trace::step::Step;

pub static LINES: [Line; 10] = [
    Line::new("S-1", "A page reaches the URL", Level::Field, Party::Server, Severity::Browser)
        .says(
            Clause::Cors,
            "The MCP URL responds to a page over HTTPS, or on loopback to a page on loopback.",
            "Serve HTTPS at the MCP URL, reachable from where users are, with CORS headers.",
        )
        .judged(reaches),
    Line::new("S-2", "The URL does not redirect", Level::Field, Party::Server, Severity::Browser)
        .says(
            Clause::Cors,
            "The MCP URL responds itself. A preflight is never redirected, and `Authorization` is dropped at another origin.",
            "Publish the final URL, with or without the last slash, as https.",
        )
        .judged(redirects),
    Line::new("S-3", "The preflight needs no credentials", Level::Field, Party::Server, Severity::Browser)
        .says(
            Clause::Cors,
            "`OPTIONS` returns 2xx before authentication, because a preflight never carries credentials.",
            "Put the CORS middleware outside the authentication middleware.",
        )
        .needs(Need::Cors)
        .judged(preflight),
    Line::new("S-4", "Every response allows the origin", Level::Field, Party::Server, Severity::Browser)
        .says(
            Clause::Cors,
            "Every response carries `Access-Control-Allow-Origin`, errors included.",
            "Set `Access-Control-Allow-Origin` at the outermost layer, for errors as well.",
        )
        .needs(Need::Cors)
        .judged(origin),
    Line::new("S-5", "Authorization is allowed by name", Level::Field, Party::Server, Severity::Browser)
        .says(
            Clause::Cors,
            "`Access-Control-Allow-Headers` lists `authorization`; `*` does not cover it.",
            "Add `authorization` to `Access-Control-Allow-Headers`. Chromium lets `*` pass, other browsers do not.",
        )
        .needs(Need::Cors)
        .judged(authorization),
    Line::new("S-6", "The headers of MCP are allowed", Level::Field, Party::Server, Severity::Browser)
        .says(
            Clause::Cors,
            "`Access-Control-Allow-Headers` lists the request headers of the spoken revision of MCP.",
            "List the headers in `Access-Control-Allow-Headers`, or echo the requested names.",
        )
        .needs(Need::Cors)
        .judged(headers),
    Line::new("S-7", "The challenge is exposed", Level::Field, Party::Server, Severity::Browser)
        .says(
            Clause::Exposed,
            "`Access-Control-Expose-Headers` lists `WWW-Authenticate`, so that a page can read the challenge.",
            "Add `WWW-Authenticate` to `Access-Control-Expose-Headers`.",
        )
        .needs(Need::Cors)
        .judged(exposed),
    Line::new("S-8", "The session ID is exposed", Level::Field, Party::Server, Severity::Browser)
        .says(
            Clause::Exposed,
            "`Access-Control-Expose-Headers` lists `Mcp-Session-Id`.",
            "Add `Mcp-Session-Id` to `Access-Control-Expose-Headers`.",
        )
        .since(SESSIONS)
        .needs(Need::Cors)
        .by_login(with_token::exposed),
    Line::new("S-9", "No credentials for foreign origins", Level::Field, Party::Both, Severity::Security)
        .says(
            Clause::Cors,
            "Foreign origins are not given responses to requests with cookies.",
            "Drop `Access-Control-Allow-Credentials`; bearer tokens need none.",
        )
        .staged(Phase::Cookies, "consent to send the cookies of that host", credentials),
    Line::new("S-10", "Caches vary by origin", Level::Field, Party::Both, Severity::Polish)
        .says(
            Clause::Cors,
            "`Vary: Origin` is sent where the origin is echoed, and `Access-Control-Max-Age` on the preflight.",
            "Send `Vary: Origin`, or `Access-Control-Allow-Origin: *`.",
        )
        .unseen(preflight_command)
        .pasted(varies),
];

fn preflight_command(seen: &Seen<'_>) -> String {
    let asked = Request::get(seen.server.href())
        .header("Origin", Text::plain(seen.page))
        .header("Access-Control-Request-Method", Text::plain("POST"))
        .header("Access-Control-Request-Headers", Text::plain("authorization,content-type,mcp-protocol-version"));
    command(&asked).replacen("curl -si", "curl -si -X OPTIONS", 1)
}

/// Fetch, "CORS protocol and HTTP caches".
fn varies(output: &Output<'_>) -> Finding {
    let response = output.response;
    let origins = response.all("access-control-allow-origin");
    let varies = response.list("vary").iter().any(|it| it == "origin" || it == "*");
    match (origins.as_slice(), varies) {
        _ if !(200..300).contains(&response.status) => output.shows_nothing(),
        ([], _) => Finding::not_tested("The preflight response has no `Access-Control-Allow-Origin`."),
        ([origin, ..], false) if *origin != "*" => {
            Finding::warn(format!("`Vary: Origin` is absent, and `Access-Control-Allow-Origin` is {}.", fact(origin)))
        }
        _ if response.all("access-control-max-age").is_empty() => {
            Finding::warn("`Access-Control-Max-Age` is absent from the preflight response.")
        }
        _ => Finding::pass("`Vary` and `Access-Control-Max-Age` are as they should be."),
    }
}

fn reaches(seen: &Seen<'_>) -> Option<Finding> {
    let simple = seen.probe(AuditProbe::Simple);
    if let Some(read) = seen.server_requests().find(|it| status(it) != 0) {
        return Some(Finding::pass(outcome(read)).by(read));
    }
    let Some(simple) = simple.filter(|it| it.ended.is_some()) else {
        return Some(Finding::not_tested("No request was sent."));
    };
    let forbidden = |it: &&Exchange| matches!(it.error, Some(HttpError::Forbidden { .. }));
    Some(match seen.is_alive() {
        _ if seen.server_requests().any(|it| forbidden(&it)) => {
            Finding::not_tested("The browser did not send the request.").by(simple)
        }
        false if is_mixed(seen) => {
            Finding::not_tested("A page over https may not request a URL over http (mixed content).").by(simple)
        }
        false if seen.exchanges.iter().any(|it| it.error == Some(HttpError::Withheld { responded: false })) => {
            Finding::not_tested("The browser does not tell whether anything responds.").by(simple)
        }
        true => Finding::warn("Something responds, but a page may not read it.").by(simple),
        false => Finding::fail("No response, not even one that is hidden from pages.").by(simple),
    })
}

/// Mixed Content §4: only loopback is trusted without TLS.
fn is_mixed(seen: &Seen<'_>) -> bool {
    seen.page.starts_with("https:") && !seen.server.is_encrypted() && !seen.server.is_loopback()
}

fn redirects(seen: &Seen<'_>) -> Option<Finding> {
    let moved = |it: &&Exchange| {
        it.error == Some(HttpError::Redirected) || it.head.as_ref().is_some_and(|(head, _)| head.redirected)
    };
    let steps = [Some(Step::McpRequest), Some(Step::Connected), None];
    let asked = || seen.exchanges.iter().copied().filter(|it| steps.contains(&it.step)).filter(|it| is_here(seen, it));
    let fail = |it: &Exchange| Finding::fail("The URL responds with a redirect.").by(it);
    let pass = |it: &Exchange| Finding::pass(outcome(it)).by(it);
    // Some hosts redirect what a browser asks for by itself, and nothing that a client of MCP does.
    let own = || asked().filter(|it| it.request.method == Method::Post || !is_probe(it));
    let found = own().find(moved).map(fail).or_else(|| own().find(|it| status(it) != 0).map(pass));
    let found = found.or_else(|| asked().find(moved).map(fail));
    Some(found.or_else(|| asked().find(|it| status(it) != 0).map(pass)).unwrap_or_else(unreadable))
}

fn is_here(seen: &Seen<'_>, exchange: &Exchange) -> bool {
    exchange.request.url == seen.server.href()
}

fn unreadable() -> Finding {
    Finding::not_tested("No response could be read.")
}

/// What the requests to the MCP URL showed of CORS, without those that were never sent.
fn look<'a>(seen: &'a Seen<'_>) -> Option<(&'a Exchange, Option<Probes<'a>>)> {
    let request = seen.request().filter(|it| it.ended.is_some() && !seen.is_own())?;
    Some((request, seen.evidence.probes(Step::McpRequest)))
}

fn preflight(seen: &Seen<'_>) -> Option<Finding> {
    let (request, probes) = look(seen)?;
    if !is_hidden(request) {
        return Some(if status(request) == 0 { unreadable() } else { Finding::pass(outcome(request)).by(request) });
    }
    let simple = seen.probe(AuditProbe::Simple).filter(|it| status(it) != 0);
    let allowed = probes.as_ref().is_some_and(|it| !it.allowed.is_empty());
    Some(match simple {
        _ if allowed => Finding::pass("A preflight for one header succeeds."),
        Some(simple) => {
            Finding::fail("A GET without preflight can be read, a POST with one cannot.").by(simple).by(request)
        }
        None if seen.is_alive() => Finding::warn("Nothing can be read, so the preflight may fail as well.").by(request),
        None => unreadable(),
    })
}

fn origin(seen: &Seen<'_>) -> Option<Finding> {
    let (request, probes) = look(seen)?;
    let preflight = probes.is_some_and(|it| it.refused.is_empty() && !it.allowed.is_empty());
    // Where an empty token shows that `Authorization` is allowed, what hides is the 401 for a bad token.
    let allowed = seen.reads(seen.probe(AuditProbe::EmptyToken)).then_some(AuditProbe::UnknownToken);
    let asked = [AuditProbe::Simple, AuditProbe::Stream, AuditProbe::PlainText].into_iter().chain(allowed);
    let rest: Vec<&Exchange> = asked.filter_map(|it| seen.probe(it)).collect();
    let hidden: Vec<&Exchange> = rest.iter().copied().filter(|it| is_hidden(it)).collect();
    let read = rest.iter().any(|it| status(it) != 0);
    Some(match (is_hidden(request), read) {
        (true, false) if seen.is_alive() => Finding::fail("No response can be read.").by(request).by_all(hidden),
        (true, _) if preflight => Finding::fail("The preflight succeeds, and the response cannot be read.").by(request),
        (true, true) => Finding::not_tested("The request is blocked before its response.").by(request),
        (true, false) => unreadable(),
        (false, _) if status(request) == 0 => unreadable(),
        (false, _) if hidden.is_empty() => Finding::pass("Every response could be read.").by(request),
        (false, _) => {
            let seen: Vec<String> = hidden.iter().map(|it| outcome(it)).collect();
            Finding::warn(format!("Some responses are hidden: {}.", seen.join(", "))).by(request).by_all(hidden)
        }
    })
}

fn authorization(seen: &Seen<'_>) -> Option<Finding> {
    let (request, _) = look(seen)?;
    let sent = [AuditProbe::UnknownToken, AuditProbe::EmptyToken].map(|it| seen.probe(it));
    let [Some(token), empty] = sent else { return Some(Finding::not_tested("No request with a token was sent.")) };
    let readable = seen.reads(Some(token)) || seen.reads(empty);
    Some(match (status(request) != 0, readable) {
        (_, true) => Finding::pass(outcome(token)).by(token),
        (true, false) if is_hidden(token) => {
            Finding::fail("The request can be read, and not with `Authorization`.").by(request).by(token)
        }
        _ => unreadable(),
    })
}

/// Each header with the revisions that send it.
const HEADERS: [(AuditProbe, &str); 5] = [
    (AuditProbe::MethodHeader, "mcp-method"),
    (AuditProbe::NameHeader, "mcp-name"),
    (AuditProbe::SessionHeader, "mcp-session-id"),
    (AuditProbe::LastEventHeader, "last-event-id"),
    (AuditProbe::UnknownVersion, "mcp-protocol-version"),
];

fn headers(seen: &Seen<'_>) -> Option<Finding> {
    let (request, probes) = look(seen)?;
    let refused = probes.map(|it| it.refused).unwrap_or_default();
    if is_hidden(request) && !refused.is_empty() {
        return Some(Finding::fail(format!("Not allowed: {}.", refused.join(", "))).by(request));
    }
    if status(request) == 0 {
        return Some(unreadable());
    }
    let asked = || HEADERS.iter().filter_map(|(probe, name)| Some((seen.probe(*probe)?, *name)));
    // What this request carries is allowed: then it is the response to the probe that is hidden.
    let carried = |name: &str| request.request.headers.iter().any(|(it, _)| it.eq_ignore_ascii_case(name));
    let hidden: Vec<(&Exchange, &str)> = asked().filter(|(it, name)| is_hidden(it) && !carried(name)).collect();
    let mut names: Vec<&str> = hidden.iter().map(|(_, name)| *name).collect();
    let ended = seen.probe(AuditProbe::UnknownSession).filter(|it| is_hidden(it) && !names.contains(&"mcp-session-id"));
    names.extend(ended.map(|_| "method DELETE"));
    let evidence = hidden.iter().map(|(it, _)| *it).chain(ended);
    // Behind a 401 the revision is unknown: what the latest two send is spoken.
    let latest = [Revision::R4, Revision::R5];
    let spoken = |name: &&str| match seen.revision {
        Some(it) => sends(it, name),
        None => latest.into_iter().all(|it| sends(it, name)),
    };
    Some(match names.is_empty() {
        true => Finding::pass(format!("{} headers were tried.", asked().count())).by(request),
        false if names.iter().any(spoken) => {
            Finding::fail(format!("Not allowed: {}.", names.join(", "))).by(request).by_all(evidence)
        }
        false => Finding::warn(format!("Not allowed: {}.", names.join(", "))).by(request).by_all(evidence),
    })
}

fn sends(revision: Revision, name: &str) -> bool {
    match name {
        "mcp-protocol-version" => revision.has_version_header(),
        "mcp-method" | "mcp-name" => !revision.has_handshake(),
        _ => revision.has_streams(),
    }
}

fn exposed(seen: &Seen<'_>) -> Option<Finding> {
    let refused = seen.refused().filter(|_| !seen.is_own())?;
    Some(match (header(refused, "www-authenticate"), seen.resource().is_some()) {
        (Some(_), _) => Finding::pass("`WWW-Authenticate` could be read.").by(refused),
        (None, true) => {
            let words = "No `WWW-Authenticate` could be read: hidden or absent. The metadata is at its well-known URL.";
            Finding::warn(words).by(refused)
        }
        (None, false) => {
            Finding::fail("No `WWW-Authenticate` could be read, and there is no metadata at the well-known URL.")
                .by(refused)
        }
    })
}

/// Readable with cookies; a cookie alone that is taken for a login is a fault.
fn credentials(seen: &Seen<'_>) -> Option<Finding> {
    let probes = [AuditProbe::ServerWithCookies, AuditProbe::ResourceWithCookies];
    let asked: Vec<&Exchange> =
        probes.into_iter().filter_map(|it| seen.probe(it)).filter(|it| it.ended.is_some()).collect();
    let first = asked.first()?;
    let let_in = seen.responded(AuditProbe::ServerWithCookies).filter(|it| (200..300).contains(&status(it)));
    let read = asked.iter().find(|it| status(it) != 0);
    Some(match (let_in.filter(|_| seen.refused().is_some()), read) {
        (Some(it), _) => Finding::fail(format!("A cookie alone was enough. {}", outcome(it))).by(it),
        (None, Some(it)) => Finding::warn(format!("A page may read it, with cookies. {}", outcome(it))).by(it),
        (None, None) if asked.iter().all(|it| is_hidden(it)) => Finding::pass("A page may not read it.").by_all(asked),
        (None, None) => Finding::not_tested(outcome(first)).by(first),
    })
}
