//! What is said of a request whose answer the browser hid, by what the probes showed.

use super::Words;
use crate::base::address::Address;
use crate::trace::problem::{Alive, Blocked, Cors, Leads, Redirect, Shown};
use crate::trace::step::Step;

/// What the page's host does to `no-cors` probes.
const EMBEDDER_POLICY: &str =
    "`Cross-Origin-Embedder-Policy: require-corp` of the host of Flowglass hides the response";

pub(super) fn words(blocked: &Blocked) -> Words {
    let url = blocked.url.as_str();
    match &blocked.shown {
        Shown::MixedContent => Words::new("An https page may not request plain http")
            .fix(format!("Serve `{}` over https, or open Flowglass on `http://localhost`.", host(url)))
            .reason("Flowglass is loaded over https, and browsers block its requests to plain http (mixed content).")
            .evidence(nothing(blocked)),
        Shown::Elsewhere { url: other } => elsewhere(url, other),
        Shown::Nothing => Words::new(format!("No server responds at {}", host(url)))
            .fix("Check that the server runs, and its URL. Open the URL in a new tab to see the browser's error.")
            .reason("There was no connection. Candidates: the server is down, wrong host or port, DNS, an untrusted certificate, or local network access was not permitted.")
            .evidence(nothing(blocked)),
        Shown::NotKnown => Words::new("No response could be read")
            .fix("Open the URL in a new tab. If it responds, add the CORS headers there; for certainty, host Flowglass without `Cross-Origin-Embedder-Policy: require-corp`.")
            .reason("Either no server responds, or its responses lack `Access-Control-Allow-Origin`. The host of Flowglass blocks the probe that tells them apart.")
            .evidence(format!("The browser blocked {} `{url}` ({}). {EMBEDDER_POLICY}.", blocked.method.as_str(), blocked.said)),
        Shown::Cors(cors) => Words::new(title(cors, blocked.step))
            .fix(fix(cors))
            .reason(cause(cors, blocked.step))
            .evidence(seen(cors, blocked))
            .headers(cors.fix.clone()),
        Shown::EndlessRedirects => Words::new("The server likely redirects in a loop")
            .fix("Respond at the URL that you publish, without a redirect.")
            .reason("Browsers stop after 20 redirects. Likely cause: they lead back to a URL that redirects again.")
            .evidence(format!("`{url}` redirects, and a request that follows it got no response.")),
        Shown::Redirect(redirect) => leads(url, redirect).evidence(redirected(url, redirect)),
    }
}

fn nothing(blocked: &Blocked) -> String {
    let Blocked { method, url, said, .. } = blocked;
    format!("The browser blocked {} `{url}` ({said}), and a no-cors probe got no response either.", method.as_str())
}

/// What did not respond as a page may read it.
const fn place(step: Option<Step>) -> &'static str {
    match step {
        Some(Step::TokenRequest) => "the token endpoint",
        Some(Step::Registration) => "the registration endpoint",
        Some(Step::ServerMetadata) => "the authorization server metadata",
        Some(Step::ResourceMetadata) => "the resource metadata",
        _ => "the MCP endpoint",
    }
}

/// The cause as far as it is known: what is missing, and where.
fn title(cors: &Cors, step: Option<Step>) -> String {
    let place = place(step);
    match (cors.refused.as_slice(), !cors.some_allowed) {
        ([_, ..], true) => format!("The preflight (OPTIONS) is refused at {place}"),
        ([one], false) => format!("The preflight does not allow {one} at {place}"),
        ([_, _, ..], false) => format!("The preflight does not allow {} headers at {place}", cors.refused.len()),
        ([], false) => format!("Error responses likely lack CORS headers at {place}"),
        ([], true) => format!("CORS headers are missing at {place}"),
    }
}

fn fix(cors: &Cors) -> String {
    if cors.refused.is_empty() {
        return "Send these headers with every response, errors included, and respond to OPTIONS with 204 before authentication.".to_owned();
    }
    let names: Vec<String> = cors.refused.iter().map(|it| format!("`{it}`")).collect();
    format!(
        "Add {} to `Access-Control-Allow-Headers`, and send these headers with every response, errors included.",
        names.join(", ")
    )
}

fn seen(cors: &Cors, blocked: &Blocked) -> String {
    let mut seen =
        format!("The browser blocked {} ({}). {}", blocked.method.as_str(), blocked.said, plain_probe(cors.alive));
    seen.push_str(match cors.get {
        Some(true) => "; a GET without extra headers was readable",
        Some(false) => "; a GET without extra headers was not readable",
        None => "",
    });
    seen.push_str(match cors.post {
        Some(true) => "; a POST without a preflight was readable.",
        Some(false) => "; a POST without a preflight was not readable.",
        None => ".",
    });
    seen
}

fn plain_probe(alive: Alive) -> String {
    match alive {
        Alive::Reached => "A no-cors probe reached the server".to_owned(),
        Alive::Reported => format!("{EMBEDDER_POLICY} of a no-cors probe, but the browser reports one"),
        Alive::Withheld => format!("{EMBEDDER_POLICY} of a no-cors probe"),
    }
}

fn cause(cors: &Cors, step: Option<Step>) -> String {
    if !cors.refused.is_empty() {
        let names = cors.refused.join(", ");
        return match cors.some_allowed {
            true => format!("A probe with {names} was blocked, and others were readable: the preflight response does not list it."),
            false => "Every probe with a header that needs a preflight was blocked. Likely cause: OPTIONS gets 401 from the token check, or 404 or 405 from the router.".to_owned(),
        };
    }
    match (cors.preflight, cors.get, cors.post) {
        _ if step == Some(Step::TokenRequest) => "The token response, or its preflight, has no `Access-Control-Allow-Origin` for Flowglass. Many authorization servers send it only to origins that are registered with the client; the code is redeemed all the same.",
        (false, ..) => "This request needs no preflight, so its response has no `Access-Control-Allow-Origin` for Flowglass.",
        (true, Some(true), Some(false)) => "Responses to POST have no `Access-Control-Allow-Origin` for Flowglass, or error responses only.",
        (true, Some(true), _) => "Each header is allowed by itself. Candidates: this response (a 401, an error) has no CORS headers, the connection broke, POST is not in `Access-Control-Allow-Methods`, or the preflight gets an error status.",
        _ => "Not even a plain GET was readable. Likely cause: no response has `Access-Control-Allow-Origin` for Flowglass, or error responses (401, 405) lack it.",
    }.to_owned()
}

/// The URL does not respond, and another one of the same machine does.
fn elsewhere(url: &str, other: &str) -> Words {
    let scheme = url.split_once("://").map(|(it, _)| it) != other.split_once("://").map(|(it, _)| it);
    Words::new(format!("No server responds at {}, but one at {}", origin(url), origin(other)))
        .fix(format!("Connect to `{other}`."))
        .reason(match scheme {
            true => "Likely cause: the port speaks the other scheme (http or https).",
            false => "Likely cause: the server listens on only one loopback interface (127.0.0.1 or ::1).",
        })
        .evidence(format!("`{url}` did not respond; a probe of `{other}` got a response."))
}

fn redirected(url: &str, redirect: &Redirect) -> String {
    match (&redirect.target, &redirect.elsewhere) {
        (Some(to), _) => format!("`{url}` redirects to `{to}`."),
        (None, Some(to)) if !redirect.proven => format!("`{url}` is not readable; a GET of `{to}` is."),
        (None, Some(to)) => format!("`{url}` redirects, and browsers hide the target. A GET of `{to}` was readable."),
        (None, None) => format!("`{url}` redirects; browsers hide the status and the target."),
    }
}

/// Where it leads, and what to do about it.
fn leads(url: &str, redirect: &Redirect) -> Words {
    let likely = if redirect.target.is_some() { "" } else { "likely " };
    match &redirect.leads {
        Leads::To(to) => Words::new(format!("The server redirects, {likely}{}", how(url, to)))
            .fix(format!("Connect to `{to}`, or let the server respond at both URLs."))
            .reason("A browser follows a redirect only if the preflight and each response allow it, and never with a token or a session."),
        Leads::PostAway => Words::new("The server redirects POST, but not GET")
            .fix("Respond at this URL without a redirect, or connect to the target (`curl -sSI -X POST` shows it).")
            .reason("Likely cause: the endpoint is mounted at another path, or a gateway redirects requests to a login page."),
        Leads::Login => Words::new(format!("The server redirects, {likely}to a login page"))
            .fix("Exempt the MCP endpoint and `/.well-known/` from the gateway: MCP has its own authorization.")
            .reason("Likely cause: a gateway in front of the server requires a session cookie, which Flowglass does not send."),
    }
}

fn how(from: &str, to: &str) -> String {
    let slash = from != to && from.trim_end_matches('/') == to.trim_end_matches('/');
    let rest = |url: &str| url.split_once("://").map(|(_, rest)| rest.trim_end_matches('/').to_owned());
    let scheme = from.starts_with("http:") && to.starts_with("https:") && rest(from) == rest(to);
    match (slash, scheme) {
        (true, _) => format!("to the URL {} its trailing slash", if to.ends_with('/') { "with" } else { "without" }),
        (_, true) => "from http to https".to_owned(),
        _ => "to another URL".to_owned(),
    }
}

fn host(url: &str) -> String {
    Address::typed(url).map(|it| it.host()).unwrap_or_default()
}

fn origin(url: &str) -> String {
    Address::typed(url).map_or_else(|_| url.to_owned(), |it| it.origin())
}
