//! What is blocked on the way through the flow: documents, registration, tokens, and the modern probe.

use crate::base::address::Address;
use crate::explain::why::Rule;
use crate::explain::why::evidence::{Evidence, is_blocked};
use crate::trace::Exchange;
use crate::trace::check::{Clause, Verdict};
use crate::trace::problem::Owner;
use crate::trace::step::Step;

const DOCUMENTS: &[Step] = &[Step::ResourceMetadata, Step::ServerMetadata];
const MCP: &[Step] = &[Step::McpRequest, Step::McpRequestWithToken];

pub const RULES: &[Rule] = &[
    Rule {
        name: "metadata-without-cors",
        at: DOCUMENTS,
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::Cors,
        title: "The metadata lacks CORS headers",
        fix: "Send `Access-Control-Allow-Origin: *` with the metadata, with 404 too: it is public.",
        reason: "Other responses of this host are readable, this one is not. Likely cause: this path has no `Access-Control-Allow-Origin`, or redirects to a URL without it.",
        look: |it, step| {
            let blocked = it.exchanges(step).find(|it| is_blocked(it))?;
            reads_elsewhere(it, blocked).then(|| format!("{} was blocked.", blocked.request.url))
        },
    },
    Rule {
        name: "token-without-cors",
        at: &[Step::TokenRequest],
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::Cors,
        title: "The token endpoint does not allow this origin",
        fix: "Allow {page} at the token endpoint, often a setting of the client (\"web origins\", \"single-page application\").",
        reason: "The token endpoint responds, but the browser does not let Flowglass read it. Many authorization servers allow only origins that are registered with the client.",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| it.alive == Some(true))?;
            let elsewhere = reads_elsewhere(it, probes.blocked);
            (!elsewhere).then(|| format!("{} responds, and the response cannot be read.", probes.blocked.request.url))
        },
    },
    Rule {
        name: "token-errors-without-cors",
        at: &[Step::TokenRequest],
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::Cors,
        title: "Errors of the token endpoint lack CORS headers",
        fix: "Send `Access-Control-Allow-Origin` with every response of the token endpoint, 400 and 401 included.",
        reason: "Other responses of this host are readable. Likely cause: the token endpoint refused the code, and its error responses lack CORS headers.",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| it.alive == Some(true))?;
            let elsewhere = reads_elsewhere(it, probes.blocked);
            elsewhere.then(|| {
                format!("{} was blocked, and other responses of that host were readable.", probes.blocked.request.url)
            })
        },
    },
    Rule {
        name: "registration-without-cors",
        at: &[Step::Registration],
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::Cors,
        title: "The registration endpoint does not allow this origin",
        fix: "Respond to OPTIONS at the registration endpoint with `Access-Control-Allow-Headers: content-type`. To continue now, register the client manually.",
        reason: "A registration request is JSON, so the browser sends a preflight. Its response does not allow this origin or `content-type`.",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| it.alive == Some(true))?;
            Some(format!("{} responds, and the response is not readable.", probes.blocked.request.url))
        },
    },
    Rule {
        name: "modern-headers-not-allowed",
        at: MCP,
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::Cors,
        title: "The headers of 2026-07-28 are not allowed",
        fix: "Add the headers named in the evidence to `Access-Control-Allow-Headers`.",
        reason: "One request was blocked, and the next without these headers was readable. Clients of 2026-07-28 in a browser cannot reach this server.",
        look: |it, step| {
            let blocked = it.exchanges(step).find(|it| is_blocked(it))?;
            let (read, _) =
                it.answers(step).find(|(it, _)| it.sent > blocked.sent && it.request.url == blocked.request.url)?;
            let had = read.request.preflighted();
            let more: Vec<String> = blocked.request.preflighted().into_iter().filter(|it| !had.contains(it)).collect();
            (!more.is_empty()).then(|| format!("Blocked with {} and readable without.", more.join(", ")))
        },
    },
];

/// Whether an answer of the same origin could be read, other than at this very address.
fn reads_elsewhere(evidence: &Evidence<'_>, blocked: &Exchange) -> bool {
    let Some(origin) = origin(blocked) else { return false };
    let readable = |it: &&Exchange| it.head.as_ref().is_some_and(|(head, _)| head.status != 0);
    evidence.trace.exchanges().filter(readable).any(|it| self::origin(it).as_ref() == Some(&origin))
}

fn origin(exchange: &Exchange) -> Option<String> {
    Address::typed(&exchange.request.url).ok().map(|it| it.origin())
}
