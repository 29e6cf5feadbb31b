//! What the browser blocked, narrowed down by the probes and by what could be read beside it.

mod token;

use super::differ::name;
use super::evidence::{Evidence, Probes, is_blocked};
use super::{ASKED, Rule};
use crate::base::address::Address;
use crate::trace::check::{Clause, Verdict};
use crate::trace::problem::Owner;
use crate::trace::step::Step;

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
        title: "An https page may not request plain http",
        fix: "Open Flowglass on `http://localhost`, or serve the URL over https.",
        reason: "Flowglass is loaded over https, and browsers block its requests to plain http hosts other than this machine (mixed content).",
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
        title: "The browser may block local network access",
        fix: "Allow local network access for this site in the browser's settings, or open Flowglass on `http://localhost`.",
        reason: "A public page requested a private host, which needs your permission. If the server runs, the permission is likely missing.",
        look: |it, step| {
            let (url, address) = blocked(it, step)?;
            let page = Address::typed(it.page?).ok()?;
            (address.is_local() && !page.is_local() && page.is_encrypted())
                .then(|| format!("This page is {}, and {url} was blocked.", page.origin()))
        },
    },
    Rule {
        name: "server-not-running",
        at: PROBED,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::Cors,
        title: "No server runs at this port",
        fix: "Start the server, and compare its port with the URL that you typed.",
        reason: "Nothing on this machine responds at that port.",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| it.alive == Some(false) && !it.redirects && !it.elsewhere)?;
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
        title: "`localhost` may be the wrong loopback interface",
        fix: "Connect to `http://127.0.0.1` with the same port, or let the server listen on `::1` as well.",
        reason: "`localhost` is both 127.0.0.1 and ::1. If the server runs, it likely listens on one of them only.",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| it.alive == Some(false) && !it.redirects && !it.elsewhere)?;
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
        title: "CORS headers are missing",
        fix: "Send `Access-Control-Allow-Origin` with every response, and respond to OPTIONS with 204, the allowed methods and the allowed headers.",
        reason: "The server responds, but the browser does not let Flowglass read it. Likely cause: no response has CORS headers, or error responses (401, 405) lack them.",
        look: |it, step| {
            let probes =
                it.probes(step).filter(|it| it.alive == Some(true) && it.readable == Some(false) && !it.redirects)?;
            Some(format!("A plain GET of {} could not be read either.", probes.blocked.request.url))
        },
    },
    Rule {
        name: "cors-not-for-post",
        at: PROBED,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::Cors,
        title: "POST responses lack CORS headers",
        fix: "Set the CORS headers before the request is handled, for all methods and errors.",
        reason: "Responses to GET have `Access-Control-Allow-Origin`, responses to POST do not. Likely cause: one handler sets it, or errors are sent before it is set.",
        look: |it, step| {
            let probes = it
                .probes(step)
                .filter(|it| it.readable == Some(true) && it.simple_post == Some(false) && !it.redirects)?;
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
        title: "The preflight does not allow `authorization`",
        fix: "Add `authorization` to `Access-Control-Allow-Headers` by name.",
        reason: "Only `authorization` is refused. Likely cause: `Access-Control-Allow-Headers` is `*`, which does not cover it (Fetch standard).",
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
        title: "The preflight does not allow a header of MCP",
        fix: "Add the refused headers to `Access-Control-Allow-Headers`.",
        reason: "The preflight response lists too few request headers.",
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
        title: "The preflight request fails",
        fix: "Respond to OPTIONS before authentication, with 204 and the CORS headers.",
        reason: "A plain GET is readable, but every request with a preflight is blocked. Likely cause: OPTIONS gets 401 from the token check, or 404 or 405 from the router.",
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
        title: "Error responses lack CORS headers",
        fix: "Make CORS the outermost layer, before authentication and error handling.",
        reason: "GET, POST and each header are allowed by themselves. Likely cause: this response is an error (often 401) without CORS headers.",
        look: |it, step| {
            let probes = it.probes(step).filter(|it| it.readable == Some(true) && it.simple_post != Some(false))?;
            (probes.refused.is_empty() && !probes.allowed.is_empty())
                .then(|| format!("All readable by itself: GET, POST, {}.", probes.allowed.join(", ")))
        },
    },
];

/// The first request of a step that was blocked, unless a probe showed that the browser lets this page ask there.
fn blocked<'a>(evidence: &Evidence<'a>, step: Step) -> Option<(&'a str, Address)> {
    if evidence.probes(step).is_some_and(|it| it.alive == Some(true)) {
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
