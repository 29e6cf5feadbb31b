//! What is blocked on the way through the flow: documents, registration, tokens, and the modern probe.

use crate::address::Address;
use crate::checks::{Clause, Verdict};
use crate::problem::Owner;
use crate::step::Step;
use crate::trace::Exchange;
use crate::why::Rule;
use crate::why::evidence::{Evidence, is_blocked};

const DOCUMENTS: &[Step] = &[Step::ResourceMetadata, Step::ServerMetadata];
const MCP: &[Step] = &[Step::McpRequest, Step::McpRequestWithToken];

pub const RULES: &[Rule] = &[
    Rule {
        name: "metadata-without-cors",
        at: DOCUMENTS,
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::Cors,
        cause: "The host answers pages elsewhere, and not here. Likely this path has no Access-Control-Allow-Origin, or redirects to where there is none.",
        fix: "Send Access-Control-Allow-Origin: * with metadata, with 404 too: it is public.",
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
        cause: "The token endpoint answers, and not to pages. Many authorization servers allow only origins that are registered with the client.",
        fix: "Allow this page's origin at the token endpoint, often a setting of the client (“web origins”, “allowed origins”, “single-page application”).",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| it.alive)?;
            let elsewhere = reads_elsewhere(it, probes.blocked);
            (!elsewhere).then(|| format!("{} answers, and the answer cannot be read.", probes.blocked.request.url))
        },
    },
    Rule {
        name: "token-errors-without-cors",
        at: &[Step::TokenRequest],
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::Cors,
        cause: "The same host lets this page read other answers. Likely the token endpoint refused the code, and its error answers lack the CORS lines; or this path alone has none.",
        fix: "Send Access-Control-Allow-Origin with every answer of the token endpoint, 400 and 401 included.",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| it.alive)?;
            let elsewhere = reads_elsewhere(it, probes.blocked);
            elsewhere.then(|| {
                format!("{} was blocked, and other answers of that host could be read.", probes.blocked.request.url)
            })
        },
    },
    Rule {
        name: "registration-without-cors",
        at: &[Step::Registration],
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::Cors,
        cause: "A registration is JSON, so the browser asks first (OPTIONS). The endpoint does not allow pages, or not this header.",
        fix: "Answer OPTIONS at the registration endpoint with Access-Control-Allow-Headers: content-type; until then register by hand.",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| it.alive)?;
            Some(format!("{} answers, and this page may not read it.", probes.blocked.request.url))
        },
    },
    Rule {
        name: "modern-headers-not-allowed",
        at: MCP,
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::Cors,
        cause: "The two requests differ in these headers. Likely Access-Control-Allow-Headers lacks them, so clients of 2026-07-28 cannot reach this server from a page.",
        fix: "Add them to Access-Control-Allow-Headers.",
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
