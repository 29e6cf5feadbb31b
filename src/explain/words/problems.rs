//! What is said of a problem: what was seen, the cause, what to change; a file for each kind of cause.

mod fresh;
mod mcp;
mod oauth;
mod probes;

use crate::base::format::counted;
use crate::base::text::sentence;
use crate::http::{RelayFailure, Rule};
use crate::trace::fix::Fix;
use crate::trace::problem::{Cause, Problem};

/// A problem in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// What happened, in one line.
    pub title: String,
    /// What its owner has to change.
    pub fix: String,
    /// The refusal as it was received: status, `error`, `error_description`.
    pub quote: Option<String>,
    /// Why it failed.
    pub reason: String,
    /// What was observed; nothing that was not.
    pub evidence: String,
    /// The response headers that would mend it (CORS).
    pub headers: Option<Fix>,
}

impl Words {
    fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = sentence(&fix.into());
        self
    }

    fn quote(mut self, quote: impl Into<String>) -> Self {
        self.quote = Some(sentence(&quote.into()));
        self
    }

    fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = sentence(&reason.into());
        self
    }

    fn evidence(mut self, evidence: impl Into<String>) -> Self {
        self.evidence = sentence(&evidence.into());
        self
    }

    fn headers(mut self, headers: Fix) -> Self {
        self.headers = Some(headers);
        self
    }
}

/// The words of a problem.
pub fn of(problem: &Problem) -> Words {
    of_cause(&problem.cause)
}

fn of_cause(cause: &Cause) -> Words {
    match cause {
        Cause::Authorization(error) => oauth::words(error),
        Cause::Mcp(error) => mcp::words(error),
        Cause::BothTransports { first, detail } => {
            let mut words = of_cause(first);
            words.evidence.push_str(&format!(" HTTP+SSE was tried next: {detail}."));
            words
        }
        Cause::Blocked(blocked) => probes::words(blocked),
        Cause::FreshToken(token) => fresh::words(token),
        Cause::NotListed { server, listed } => Words::new("Flowglass may not connect to this server")
            .fix(format!(
                "Add `{server}` to `servers` in `inspector.json` beside Flowglass, or set `onlyListed` to `false`."
            ))
            .reason(format!(
                "`onlyListed` is `true` in `inspector.json`, which lists {} and not this URL.",
                counted(*listed, "server", "servers")
            ))
            .evidence("Nothing was sent to it."),
        Cause::StoppedByUser => Words::new("You stopped the authorization")
            .fix("Connect again to continue.")
            .reason("The request was paused, and you ended the authorization there.")
            .evidence("It was not sent."),
    }
}

/// A rule of the browser's own, which no header of the server changes.
fn forbidden(url: &str, rule: &Rule) -> Words {
    let (title, reason, fix) = match rule {
        Rule::ContentSecurityPolicy { directive } => (
            "A Content-Security-Policy blocks the request",
            "The Content-Security-Policy of the host of Flowglass decides which servers it may reach. The request was not sent.",
            format!(
                "Allow the origin in `{directive}` of the Content-Security-Policy, as `{directive} 'self' http: https:`."
            ),
        ),
        Rule::LoopbackFromHttps => (
            "This browser blocks http://localhost from https",
            "WebKit treats it as mixed content; Chromium and Firefox allow it. The request was not sent.",
            "Open Flowglass on `http://localhost`, serve the MCP server over https, or use Chromium or Firefox."
                .to_owned(),
        ),
        Rule::LocalNetwork => (
            "The browser blocks local network access",
            "Chromium asks before a public page reaches a private host, and the permission was denied. The request was not sent.",
            "Allow local network access for this site in the browser's settings, then connect again.".to_owned(),
        ),
    };
    Words::new(title).fix(fix).reason(reason).evidence(format!("`{url}`: {rule}."))
}

/// A relay of the host, which stands between the browser and the server.
fn relay(url: &str, to: &str, failure: &RelayFailure) -> Words {
    let (title, reason, fix, evidence) = match failure {
        RelayFailure::NoResponse { said } => (
            "The relay of this host does not respond",
            "There was no connection to the relay, it redirects, or its response lacks CORS headers on another origin.",
            format!("Check that `{to}` is reachable, and that `relays` in `inspector.json` names it."),
            format!("`{url}` was requested from `{to}`: {said}."),
        ),
        RelayFailure::Gateway { status } => (
            "The relay of this host cannot reach the server",
            "A gateway responds so when its upstream is down, refuses the connection or has another name.",
            format!("Check the upstream of `{to}` in the web server's configuration, and that the server runs."),
            format!("`{url}` was requested from `{to}`, which responded {status}."),
        ),
        RelayFailure::NoRelay { status } => (
            "The host has no relay at this path",
            "The response is a page of the host or a refusal of POST, without `Content-Security-Policy: sandbox`.",
            format!(
                "Add the relay `{to}` to the web server's configuration, or remove it from `relays` in `inspector.json`."
            ),
            format!("`{url}` was requested from `{to}`, which responded {status}."),
        ),
    };
    Words::new(title).fix(fix).reason(reason).evidence(evidence)
}
