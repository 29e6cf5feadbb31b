//! Statuses with which an MCP endpoint refuses.

use super::{MCP, failed, has_token};
use crate::explain::why::differ::mentions;
use crate::explain::why::evidence::{Evidence, body, header};
use crate::explain::why::{ASKED, Rule};
use crate::oauth::challenge;
use crate::trace::check::{Clause, Verdict};
use crate::trace::problem::Owner;
use crate::trace::step::Step;

pub const RULES: &[Rule] = &[
    Rule {
        name: "origin-refused",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::McpOrigin,
        title: "The server does not allow this Origin",
        fix: "Add {page} to the allowed origins of the server.",
        reason: "The server validates `Origin` against DNS rebinding, as MCP requires, and this origin is not on its list.",
        look: |it, step| {
            let (answer, _) = failed(it, step, &[403])?;
            let page = it.page.unwrap_or("this page's");
            mentions(&body(answer), &["origin"])
                .then(|| format!("403 that mentions `Origin`; the origin of Flowglass is {page}."))
        },
    },
    Rule {
        name: "host-refused",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::McpOrigin,
        title: "The server does not allow this Host",
        fix: "Add the public host name of {server} to the allowed hosts of the server.",
        reason: "The server validates `Host` against DNS rebinding. Likely cause: it runs behind a proxy or tunnel and knows its internal name only.",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[400, 403, 421])?;
            let told = mentions(&body(answer), &["invalid host", "host header", "host not allowed"]);
            told.then(|| format!("{} responded {} and the body mentions `Host`.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "forbidden-before-login",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::BearerRefused,
        title: "403 instead of 401 without a token",
        fix: "Respond 401 with a challenge when the token is missing, and check what is in front of the server.",
        reason: "A missing token gets 401 (RFC 6750 §3.1). Likely cause: a firewall, an IP allowlist, or the check of `Origin`.",
        look: |it, step| {
            let (answer, _) = failed(it, step, &[403])?;
            let silent = !has_token(answer) && !mentions(&body(answer), &["origin", "host header", "invalid host"]);
            silent.then(|| format!("{} responded 403 to a request without a token.", answer.request.url))
        },
    },
    Rule {
        name: "token-missing-without-challenge",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::BearerChallenge,
        title: "A missing token is not reported with 401",
        fix: "Respond 401 with `WWW-Authenticate: Bearer resource_metadata=\"…\"`.",
        reason: "The body says that a token is missing, but the status is not 401. Clients do not start a login then.",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[400, 403, 500])?;
            let words =
                ["unauthorized", "unauthenticated", "authorization header", "access token", "bearer", "missing token"];
            (!has_token(answer) && mentions(&body(answer), &words))
                .then(|| format!("A request without a token got {}, and the body mentions a token.", head.status))
        },
    },
    Rule {
        name: "forbidden-challenge-hidden",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::Exposed,
        title: "The challenge of the 403 is missing or not exposed",
        fix: "Send `WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"…\"` with 403, and `Access-Control-Expose-Headers: WWW-Authenticate`.",
        reason: "Likely cause: the token lacks a scope. The challenge that names it is absent, or hidden by the browser.",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[403]).filter(|(it, _)| has_token(it))?;
            let silent = head.header("www-authenticate").is_none() && !mentions(&body(answer), &["origin"]);
            silent.then(|| {
                format!("{} responded 403 to a token, without a readable WWW-Authenticate.", answer.request.url)
            })
        },
    },
    Rule {
        name: "forbidden-without-scope",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::McpScope,
        title: "403 does not name the missing scope",
        fix: "Respond 403 with `WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"…\"`.",
        reason: "The token is valid but may not do this. With `insufficient_scope` and `scope` a client can request more.",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[403]).filter(|(it, _)| has_token(it))?;
            let list = challenge::parse(head.header("www-authenticate")?);
            let error = challenge::bearer(&list).and_then(|it| it.param("error"));
            let silent = error != Some("insufficient_scope") && !mentions(&body(answer), &["origin"]);
            silent.then(|| {
                format!(
                    "403 with {}.",
                    error.map_or_else(|| "no error in its challenge".to_owned(), |it| format!("error={it}"))
                )
            })
        },
    },
    Rule {
        name: "accept-refused",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::McpTransport,
        title: "The server refuses the `Accept` header",
        fix: "Parse `Accept` as a list, and accept both media types in any order.",
        reason: "The client accepts `application/json` and `text/event-stream`, as MCP requires. Likely cause: the server compares the header as one string.",
        look: |it, step| {
            let (answer, _) = failed(it, step, &[406])?;
            Some(format!("406 to accept: {}.", header(answer, "accept").unwrap_or_default()))
        },
    },
    Rule {
        name: "media-type-refused",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::McpTransport,
        title: "The server refuses `application/json`",
        fix: "Accept `Content-Type: application/json`, with or without a charset.",
        reason: "MCP messages are JSON. Likely cause: the server expects an exact header value, or another endpoint responds.",
        look: |it, step| {
            let (answer, _) = failed(it, step, &[415])?;
            Some(format!("415 to content-type: {}.", header(answer, "content-type").unwrap_or_default()))
        },
    },
    Rule {
        name: "request-too-large",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::HttpStatus,
        title: "The request is too large for the server",
        fix: "Raise the limit for headers (tokens: 16 KB) or for bodies, at the proxy too.",
        reason: "431 is about headers, where a large token counts, 413 about the body. Likely cause: the limit of a proxy.",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[413, 431])?;
            let headers: usize = answer.request.headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
            let body = answer.request.body.as_ref().map_or(0, crate::base::text::Text::len);
            Some(format!("{} to {headers} bytes of headers and {body} of body.", head.status))
        },
    },
    Rule {
        name: "requests-limited",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::HttpStatus,
        title: "Too many requests",
        fix: "Allow about ten requests at once for discovery and handshake. To continue now, wait as long as `Retry-After` says.",
        reason: "The server, or a proxy in front of it, limits requests (429).",
        look: |it, step| {
            let (_, head) = failed(it, step, &[429])?;
            let wait = head.header("retry-after").map(|it| format!(" Retry-After: {it}.")).unwrap_or_default();
            Some(format!("429.{wait}"))
        },
    },
    Rule {
        name: "gateway-without-server",
        at: ASKED,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::HttpStatus,
        title: "The proxy cannot reach the server",
        fix: "Check that the process behind the proxy runs, and read its log.",
        reason: "The response is from a proxy. The server behind it is down, starting, too slow, or crashed on this request.",
        look: |it, step| status(it, step, &[502, 503, 504, 520, 521, 522, 523, 524]),
    },
    Rule {
        name: "server-failed",
        at: ASKED,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::HttpStatus,
        title: "The server failed with an internal error",
        fix: "Find the exception in the server's log; report invalid requests with 4xx.",
        reason: "The request was well formed, and the server responded with 5xx.",
        look: |it, step| status(it, step, &[500, 501]),
    },
];

fn status(evidence: &Evidence<'_>, step: Step, statuses: &[u16]) -> Option<String> {
    let (answer, head) = evidence.last(step).filter(|(_, head)| statuses.contains(&head.status))?;
    Some(format!("{} {} got {}.", answer.request.method.as_str(), answer.request.url, head.status))
}
