//! What the browser blocked, narrowed down by the probes and by what could be read beside it.

mod token;

use super::compare::{is_local, name};
use super::evidence::{Evidence, Probes, is_blocked};
use super::{ASKED, Rule};
use crate::address::Address;
use crate::checks::{Clause, Verdict};
use crate::problem::Owner;
use crate::step::Step;

pub use token::RULES as ENDPOINTS;

/// The steps whose blocked requests are looked into.
const PROBED: &[Step] = &[
    Step::McpRequest,
    Step::ServerMetadata,
    Step::Registration,
    Step::TokenRequest,
    Step::McpRequestWithToken,
    Step::Connected,
];

pub const RULES: &[Rule] = &[
    Rule {
        name: "mixed-content",
        at: ASKED,
        verdict: Verdict::Fail,
        owner: Owner::Browser,
        clause: Clause::MixedContent,
        cause: "This page came over https, and browsers let such pages ask no plain http but that of this machine.",
        fix: "Serve that address over https, or open this inspector from http://localhost.",
        look: |it, step| {
            let (url, address) = blocked(it, step)?;
            let mixed = it.page?.starts_with("https:") && !address.is_encrypted() && !address.is_loopback();
            mixed.then(|| format!("This page is {}, and {url} was blocked.", it.page.unwrap_or_default()))
        },
    },
    Rule {
        name: "local-network",
        at: ASKED,
        verdict: Verdict::Fail,
        owner: Owner::Browser,
        clause: Clause::LocalNetwork,
        cause: "The page is public and the address is in a local network: browsers ask for your leave first. Likely it was not given, if the server runs.",
        fix: "Allow access to the local network for this site in the browser's settings, or open this inspector from http://localhost.",
        look: |it, step| {
            let (url, address) = blocked(it, step)?;
            let page = Address::typed(it.page?).ok()?;
            (is_local(&address) && !is_local(&page) && page.is_encrypted())
                .then(|| format!("This page is {}, and {url} was blocked.", page.origin()))
        },
    },
    Rule {
        name: "server-not-running",
        at: PROBED,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::Cors,
        cause: "Nothing on this machine answers at that port. Likely the server is not running, or listens on another port.",
        fix: "Start the server, and compare the port with what it prints.",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| !it.alive)?;
            let local = address(&probes).is_some_and(|it| it.is_loopback());
            (local && it.page.is_some_and(is_loopback_page))
                .then(|| format!("{} gave no sign of life.", probes.blocked.request.url))
        },
    },
    Rule {
        name: "localhost-two-addresses",
        at: PROBED,
        verdict: Verdict::Warn,
        owner: Owner::You,
        clause: Clause::Cors,
        cause: "localhost is 127.0.0.1 and ::1. Likely, if the server runs, it listens on one of them and the browser asked the other.",
        fix: "Try http://127.0.0.1 with the same port, or let the server listen on both.",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| !it.alive)?;
            let by_name = address(&probes).is_some_and(|it| name(&it) == "localhost");
            by_name.then(|| format!("{} gave no sign of life.", probes.blocked.request.url))
        },
    },
    Rule {
        name: "cors-absent",
        at: PROBED,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::Cors,
        cause: "The address answers, and what it answered could not be read. Likely no answer of it carries the CORS lines; or error answers alone lack them, and these were errors (a 401, a 405).",
        fix: "Send Access-Control-Allow-Origin with every answer, and answer OPTIONS with 204 and the allowed methods and headers.",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| it.alive && it.readable == Some(false))?;
            Some(format!("A plain GET of {} could not be read either.", probes.blocked.request.url))
        },
    },
    Rule {
        name: "cors-not-for-post",
        at: PROBED,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::Cors,
        cause: "Answers to GET carry Access-Control-Allow-Origin, and answers to POST do not. Likely the line is set in one handler, or errors leave before it is set.",
        fix: "Set the CORS lines before the request is handled, for all methods and errors.",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| it.readable == Some(true) && it.simple_post == Some(false))?;
            Some(format!(
                "A GET of {} could be read; a POST without a preflight could not.",
                probes.blocked.request.url
            ))
        },
    },
    Rule {
        name: "preflight-lacks-authorization",
        at: PROBED,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::Cors,
        cause: "Of all headers only authorization is refused. Likely Access-Control-Allow-Headers is *, which never covers authorization.",
        fix: "List authorization by its name in Access-Control-Allow-Headers.",
        look: |it, step| {
            let probes = it.probes(step)?;
            let only = matches!(probes.refused.as_slice(), [one] if one == "authorization");
            only.then(|| format!("Allowed: {}. Refused: authorization.", probes.allowed.join(", ")))
        },
    },
    Rule {
        name: "preflight-lacks-header",
        at: PROBED,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::Cors,
        cause: "The preflight is answered, and its list of headers is too short for MCP.",
        fix: "Add the refused names to Access-Control-Allow-Headers.",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| !it.refused.is_empty() && !it.allowed.is_empty())?;
            let other = probes.refused.iter().any(|it| it != "authorization");
            other.then(|| format!("Allowed: {}. Refused: {}.", probes.allowed.join(", "), probes.refused.join(", ")))
        },
    },
    Rule {
        name: "preflight-refused",
        at: PROBED,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::Cors,
        cause: "A GET without headers can be read, and each header that needs a preflight is refused. Likely OPTIONS itself fails: answered 401 by the check for a token, or 404 or 405 by the router.",
        fix: "Answer OPTIONS before authentication, with 204 and the CORS lines.",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| it.readable == Some(true) && it.allowed.is_empty())?;
            (!probes.refused.is_empty()).then(|| format!("Refused: {}. Allowed: none.", probes.refused.join(", ")))
        },
    },
    Rule {
        name: "cors-not-on-errors",
        at: PROBED,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::Cors,
        cause: "GET, POST and every header are allowed by themselves. Likely this very answer, a 401 or an error, leaves without the CORS lines.",
        fix: "Put CORS outermost, before authentication and error handling, so that every answer carries its lines.",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| it.readable == Some(true) && it.simple_post != Some(false))?;
            (probes.refused.is_empty() && !probes.allowed.is_empty())
                .then(|| format!("All readable by itself: GET, POST, {}.", probes.allowed.join(", ")))
        },
    },
];

/// The first request of a step that was blocked, unless a probe showed that the browser lets this page ask there.
fn blocked<'a>(evidence: &Evidence<'a>, step: Step) -> Option<(&'a str, Address)> {
    if evidence.probes(step).is_some_and(|it| it.alive) {
        return None;
    }
    let url = evidence.exchanges(step).find(|it| is_blocked(it))?.request.url.as_str();
    Some((url, Address::typed(url).ok()?))
}

fn address(probes: &Probes<'_>) -> Option<Address> {
    Address::typed(&probes.blocked.request.url).ok()
}

fn is_loopback_page(page: &str) -> bool {
    Address::typed(page).is_ok_and(|it| it.is_loopback())
}

#[cfg(test)]
mod tests;
