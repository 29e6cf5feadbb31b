//! Statuses with which an MCP endpoint refuses.

use super::{MCP, failed, has_token};
use crate::checks::{Clause, Verdict};
use crate::oauth::challenge;
use crate::problem::Owner;
use crate::step::Step;
use crate::why::compare::mentions;
use crate::why::evidence::{Evidence, body, header};
use crate::why::{ASKED, Rule};

pub const RULES: &[Rule] = &[
    Rule {
        name: "origin-refused",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::McpOrigin,
        cause: "The server checks Origin, as it should against DNS rebinding, and this page's is not on its list.",
        fix: "Add this page's origin to the allowed origins of the server.",
        look: |it, step| {
            let (answer, _) = failed(it, step, &[403])?;
            let page = it.page.unwrap_or("this page's");
            mentions(&body(answer), &["origin"]).then(|| format!("403 with words about Origin; this page's is {page}."))
        },
    },
    Rule {
        name: "host-refused",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::McpOrigin,
        cause: "The server checks Host against DNS rebinding, and the name that it is asked by is not on its list. Likely it runs behind a proxy or a tunnel.",
        fix: "Add the public host to the allowed hosts of the server.",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[400, 403, 421])?;
            let told = mentions(&body(answer), &["invalid host", "host header", "host not allowed"]);
            told.then(|| format!("{} answered {} with words about Host.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "forbidden-before-login",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::BearerRefused,
        cause: "Without a token the answer is 401 with a challenge. Likely a firewall, a list of addresses, or the check of Origin refused this request.",
        fix: "Answer 401 where a token is missing; look at what stands before the server.",
        look: |it, step| {
            let (answer, _) = failed(it, step, &[403])?;
            let silent = !has_token(answer) && !mentions(&body(answer), &["origin", "host header", "invalid host"]);
            silent.then(|| format!("{} answered 403 to a request without a token.", answer.request.url))
        },
    },
    Rule {
        name: "token-missing-without-challenge",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::BearerChallenge,
        cause: "Likely the server misses a token and does not say so with 401. No client begins to log in then.",
        fix: "Answer 401 with WWW-Authenticate: Bearer resource_metadata=\"…\".",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[400, 403, 500])?;
            let words =
                ["unauthorized", "unauthenticated", "authorization header", "access token", "bearer", "missing token"];
            (!has_token(answer) && mentions(&body(answer), &words))
                .then(|| format!("A request without a token was answered {}, with words about one.", head.status))
        },
    },
    Rule {
        name: "forbidden-without-scope",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::McpScope,
        cause: "The token is good and may not do this, and the server does not say what is missing. With error=\"insufficient_scope\" and scope the client could ask for more.",
        fix: "Answer 403 with WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"…\".",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[403]).filter(|(it, _)| has_token(it))?;
            let list = head.header("www-authenticate").map(challenge::parse).unwrap_or_default();
            let error = challenge::bearer(&list).and_then(|it| it.param("error"));
            let silent = error != Some("insufficient_scope") && !mentions(&body(answer), &["origin"]);
            silent.then(|| {
                format!(
                    "403 with {}.",
                    error.map_or_else(|| "no readable challenge".to_owned(), |it| format!("error={it}"))
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
        cause: "The client accepts application/json and text/event-stream, as MCP asks, and the server takes neither. Likely it compares the header as a whole.",
        fix: "Split Accept at its commas, and take the two in any order.",
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
        cause: "MCP messages are application/json, and the server does not read that here. Likely it expects parameters with it, or another endpoint answers.",
        fix: "Take application/json, with or without a charset.",
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
        cause: "431 is about headers, where a large token counts; 413 is about the body. Likely a proxy's limit is lower than the server's.",
        fix: "Raise the limit for headers (large tokens: 16 KB) or for bodies.",
        look: |it, step| {
            let (answer, head) = failed(it, step, &[413, 431])?;
            let headers: usize = answer.request.headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
            let body = answer.request.body.as_ref().map_or(0, crate::text::Text::len);
            Some(format!("{} to {headers} bytes of headers and {body} of body.", head.status))
        },
    },
    Rule {
        name: "requests-limited",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::HttpStatus,
        cause: "The server, or what stands before it, counts requests, and there were too many.",
        fix: "Wait as long as Retry-After says. Discovery and the handshake take about ten requests: allow that many at once.",
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
        cause: "A proxy answered, and got nothing good from what is behind it: that is down, still starting, crashed on this request, or too slow.",
        fix: "Look whether the process behind the proxy runs, and into its log at this moment.",
        look: |it, step| status(it, step, &[502, 503, 504, 520, 521, 522, 523, 524]),
    },
    Rule {
        name: "server-failed",
        at: ASKED,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::HttpStatus,
        cause: "The program itself failed on this request. The request was well formed, as the wire shows.",
        fix: "Look for the exception in its log at this moment; answer errors of the request with 4xx.",
        look: |it, step| status(it, step, &[500, 501]),
    },
];

fn status(evidence: &Evidence<'_>, step: Step, statuses: &[u16]) -> Option<String> {
    let (answer, head) = evidence.last(step).filter(|(_, head)| statuses.contains(&head.status))?;
    Some(format!("{} {} was answered {}.", answer.request.method.as_str(), answer.request.url, head.status))
}
