//! The MCP endpoint itself: paths, media types, sessions, streams, refusals.

mod refused;
mod stream;

use super::compare::{Difference, difference, mentions};
use super::evidence::{Evidence, body, header, is_html};
use super::{ASKED, Rule};
use crate::address::Address;
use crate::checks::{Clause, Verdict};
use crate::http::{Head, HttpError, Method};
use crate::problem::Owner;
use crate::step::Step;
use crate::trace::Exchange;
use crate::walkthrough::StepStatus;

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
        cause: "Likely this is the address of the older HTTP+SSE transport, which is read with GET.",
        fix: "Use the Streamable HTTP address, often /mcp; or choose HTTP+SSE as the transport.",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[404, 405])?;
            let old = path(&answer.request.url).ends_with("/sse");
            old.then(|| format!("POST to {} was answered {}.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "path-missing",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::McpTransport,
        cause: "The address has no path. Likely the MCP endpoint has one, most often /mcp.",
        fix: "Add the endpoint's path to the address.",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[404, 405])?;
            path(&answer.request.url)
                .is_empty()
                .then(|| format!("POST to {} was answered {}.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "path-ends-in-slash",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::McpTransport,
        cause: "Likely the endpoint is there without the last slash: to most servers these are two paths.",
        fix: "Take the last slash off the address.",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[404, 405])?;
            let slash = answer.request.url.ends_with('/') && !path(&answer.request.url).is_empty();
            slash.then(|| format!("POST to {} was answered {}.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "post-not-allowed",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::McpTransport,
        cause: "Something is at this path and takes no POST. Likely it is a page, or the MCP endpoint is beside it.",
        fix: "Find the endpoint's path in the server's configuration; often it is /mcp.",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[405])?;
            let named = path(&answer.request.url);
            let other = !named.is_empty() && !named.ends_with("/sse") && !answer.request.url.ends_with('/');
            let allow = head.header("allow").map(|it| format!(" Allow: {it}.")).unwrap_or_default();
            other.then(|| format!("POST to {} was answered 405.{allow}", answer.request.url))
        },
    },
    Rule {
        name: "address-redirects-slash",
        at: MCP,
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::McpTransport,
        cause: "The endpoint is mounted with another last slash than the address has. A redirect costs a preflight more, and loses the token in many clients.",
        fix: "Use the final address, or mount the endpoint at both.",
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
        cause: "A browser does not show a page where a redirect leads. Likely only the last slash differs (307 or 308 of a framework's router), or http leads to https.",
        fix: "Try the address with, or without, its last slash; mount the endpoint at the address that you publish.",
        look: |it, step| {
            let stopped = it.exchanges(step).find(|it| it.error == Some(HttpError::Redirected))?;
            Some(format!("{} {} was answered with a redirect.", stopped.request.method.as_str(), stopped.request.url))
        },
    },
    Rule {
        name: "tunnel-page",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Network,
        clause: Clause::McpTransport,
        cause: "A tunnel or a guard before the server shows a page of its own to browsers.",
        fix: "Turn the interstitial off for this path, or send the header that the tunnel asks for (ngrok-skip-browser-warning) under headers.",
        look: |it, step| page(it, step, &["ngrok", "cloudflare", "localtunnel", "loca.lt", "just a moment", "captcha"]),
    },
    Rule {
        name: "login-page-before-server",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Network,
        clause: Clause::McpTransport,
        cause: "Likely a login gateway stands before the server and shows its login page instead of an answer.",
        fix: "Exempt the MCP endpoint and /.well-known/ from the gateway; MCP has its own authorization.",
        look: |it, step| page(it, step, &["sign in", "log in", "login", "password"]),
    },
    Rule {
        name: "slow-answer",
        at: ASKED,
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::HttpStatus,
        cause: "Likely a cold start, a sleeping instance, or a slow connection behind the server.",
        fix: "If the next attempt is as slow, measure where the time goes on the server; keep one instance warm.",
        look: |it, step| {
            let waited = |it: &Exchange| it.head.as_ref().map_or(0.0, |(_, at)| at - it.sent);
            let slow = it.exchanges(step).find(|it| waited(it) > 5000.0)?;
            Some(format!("{} took {:.1} s to answer.", slow.request.url, waited(slow) / 1000.0))
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
    Some(format!("{} answered {} with a web page that says “{word}”.", answer.request.url, head.status))
}

#[cfg(test)]
mod tests;
