//! The MCP endpoint itself: paths, media types, sessions, streams, refusals.

mod refused;
mod stream;

use super::differ::{Difference, difference, mentions};
use super::evidence::{Evidence, body, header, is_html};
use super::{ASKED, Rule};
use crate::base::address::Address;
use crate::explain::walkthrough::StepStatus;
use crate::http::{Head, HttpError, Method};
use crate::trace::Exchange;
use crate::trace::check::{Clause, Verdict};
use crate::trace::problem::Owner;
use crate::trace::step::Step;

pub use refused::RULES as REFUSED;
pub use stream::RULES as STREAM;

/// Where MCP messages go.
const MCP: &[Step] = &[Step::McpRequest, Step::McpRequestWithToken, Step::Connected];

pub const RULES: &[Rule] = &[
    Rule {
        name: "post-to-sse-path",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::McpTransport,
        title: "This URL is the HTTP+SSE endpoint",
        fix: "Connect to the Streamable HTTP URL (often `/mcp`), or set the transport to HTTP+SSE.",
        reason: "POST is refused at this path. Likely cause: it is the endpoint of the older transport, which is opened with GET.",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[404, 405])?;
            let old = path(&answer.request.url).ends_with("/sse");
            old.then(|| format!("POST to {} got {}.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "path-missing",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::McpTransport,
        title: "The URL has no path",
        fix: "Add the path of the MCP endpoint to the URL, often `/mcp`.",
        reason: "The root of this host is not an MCP endpoint.",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[404, 405])?;
            path(&answer.request.url).is_empty().then(|| format!("POST to {} got {}.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "path-ends-in-slash",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::McpTransport,
        title: "The URL has a trailing slash",
        fix: "Connect to the URL without its trailing slash.",
        reason: "Most servers treat the two as different paths. Likely cause: the endpoint is at the path without the slash.",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[404, 405])?;
            let slash = answer.request.url.ends_with('/') && !path(&answer.request.url).is_empty();
            slash.then(|| format!("POST to {} got {}.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "post-not-allowed",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::McpTransport,
        title: "The path does not accept POST",
        fix: "Connect to the path of the MCP endpoint, often `/mcp`; the server's configuration has it.",
        reason: "A resource exists at this path, but it is not a Streamable HTTP endpoint.",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[405])?;
            let named = path(&answer.request.url);
            let other = !named.is_empty() && !named.ends_with("/sse") && !answer.request.url.ends_with('/');
            let allow = head.header("allow").map(|it| format!(" Allow: {it}.")).unwrap_or_default();
            other.then(|| format!("POST to {} got 405.{allow}", answer.request.url))
        },
    },
    Rule {
        name: "address-redirects-slash",
        at: MCP,
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::McpTransport,
        title: "The endpoint is mounted with another trailing slash",
        fix: "Mount the endpoint at {server} too, without a redirect.",
        reason: "A redirect needs another preflight, and many clients drop the token on the way.",
        look: |it, step| {
            let slash = |(answer, head): &(&Exchange, &Head)| {
                head.redirected && difference(&answer.request.url, &head.url) == Some(Difference::Slash)
            };
            let (answer, head) = it.answers(step).find(slash)?;
            Some(format!("{} redirected to {}.", answer.request.url, head.url))
        },
    },
    Rule {
        name: "address-redirects",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::McpTransport,
        title: "The server redirects the MCP request",
        fix: "Serve the MCP endpoint at {server} itself, or connect to the final URL.",
        reason: "Browsers hide the target of a redirect. Likely cause: a trailing slash (307 or 308 of a router), or http to https.",
        look: |it, step| {
            let stopped = it.exchanges(step).find(|it| it.error == Some(HttpError::Redirected))?;
            Some(format!("{} {} was redirected.", stopped.request.method.as_str(), stopped.request.url))
        },
    },
    Rule {
        name: "tunnel-page",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Network,
        clause: Clause::McpTransport,
        title: "A tunnel shows its own page",
        fix: "Disable the tunnel's warning page, or add the header that it asks for (`ngrok-skip-browser-warning`).",
        reason: "The response is an HTML page of a tunnel or gateway, not of the MCP server.",
        look: |it, step| page(it, step, &["ngrok", "cloudflare", "localtunnel", "loca.lt", "just a moment", "captcha"]),
    },
    Rule {
        name: "login-page-before-server",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Network,
        clause: Clause::McpTransport,
        title: "A login gateway responds instead of the server",
        fix: "Exempt the MCP endpoint and `/.well-known/` from the gateway; MCP has its own authorization.",
        reason: "The response is a login page. Likely cause: a gateway in front of the server requires a session cookie.",
        look: |it, step| page(it, step, &["sign in", "log in", "login", "password"]),
    },
    Rule {
        name: "slow-answer",
        at: ASKED,
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::HttpStatus,
        title: "The response is slow",
        fix: "If the next attempt is as slow, profile the server, and keep one instance running.",
        reason: "Likely cause: a cold start, a sleeping instance, or a slow backend.",
        look: |it, step| {
            let waited = |it: &Exchange| it.head.as_ref().map_or(0.0, |(_, at)| at - it.sent);
            let slow = it.exchanges(step).find(|it| waited(it) > 5000.0)?;
            Some(format!("{} took {:.1} s to respond.", slow.request.url, waited(slow) / 1000.0))
        },
    },
];

/// The answer with one of these statuses at which a POST of this step failed.
pub(super) fn failed<'a>(evidence: &Evidence<'a>, step: Step, statuses: &[u16]) -> Option<(&'a Exchange, &'a Head)> {
    evidence.row(step).filter(|it| it.status == StepStatus::Failed)?;
    let posts = evidence.answers(step).filter(|(it, _)| it.request.method == Method::Post);
    posts.last().filter(|(post, head)| statuses.contains(&head.status) && !streams(evidence, step, &post.request.url))
}

/// HTTP+SSE: what gives the stream need not take messages.
fn streams(evidence: &Evidence<'_>, step: Step, url: &str) -> bool {
    let here = |it: &Exchange| it.request.method == Method::Get && it.request.url == url;
    evidence.answers(step).any(|(it, head)| here(it) && head.ok() && head.media_type() == "text/event-stream")
}

pub(super) fn has_token(exchange: &Exchange) -> bool {
    header(exchange, "authorization").is_some()
}

fn path(url: &str) -> String {
    Address::typed(url).map(|it| it.path().to_owned()).unwrap_or_default()
}

/// A web page that came for an MCP message and has one of these words.
fn page(evidence: &Evidence<'_>, step: Step, words: &[&str]) -> Option<String> {
    let (answer, head) = evidence.last(step).filter(|(answer, head)| is_html(answer, head))?;
    let text = body(answer).to_ascii_lowercase();
    let word = words.iter().find(|it| text.contains(**it)).filter(|it| mentions(&text, &[**it]))?;
    Some(format!("{} responded {} with a web page that says “{word}”.", answer.request.url, head.status))
}

#[cfg(test)]
mod tests;
