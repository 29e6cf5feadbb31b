//! Why a browser showed no answer: probes that differ in one thing, and what they prove.
//!
//! A blocked request is an opaque `TypeError`. What the other side lacks is found by difference: does anything
//! answer; may a plain GET be read; may a POST without a preflight be read; which of the asked headers makes a GET
//! fail. What the probes do not prove is said to be a candidate. They run only when something was blocked.

mod fix;

pub use fix::{Fix, Framework};

use crate::address::Address;
use crate::checks::Clause;
use crate::http::{Head, HttpError, Method, Mode, Request};
use crate::problem::{Code, Owner, Problem};
use crate::step::Step;
use crate::text::Text;

/// What one probe differs in.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Probe {
    Alive,
    PlainGet,
    SimplePost,
    Header(String),
}

/// What the probes showed so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Findings {
    readable: Option<bool>,
    simple_post: Option<bool>,
    refused: Vec<String>,
    allowed: Vec<String>,
}

/// A blocked request that is being looked into.
#[derive(Clone, PartialEq)]
pub struct Investigation {
    blocked: Request,
    /// What the browser said, in its own words.
    said: String,
    owner: Owner,
    step: Option<Step>,
    /// The origin of this page: the one that must be allowed.
    page: String,
    running: Probe,
    found: Findings,
}

/// What to do next.
pub enum Next {
    Ask(Box<Investigation>, Request),
    Conclude(Problem),
}

impl Investigation {
    /// Begins with the probe that asks whether anything answers at all.
    pub fn begin(blocked: Request, said: String, owner: Owner, step: Option<Step>, page: &str) -> (Self, Request) {
        let (running, found, page) = (Probe::Alive, Findings::default(), page.to_owned());
        let this = Self { blocked, said, owner, step, page, running, found };
        let probe = this.request(&Probe::Alive);
        (this, probe)
    }

    /// Takes the outcome of the running probe.
    pub fn heard(mut self, outcome: &Result<Head, HttpError>) -> Next {
        let answered = outcome.is_ok();
        match self.running.clone() {
            Probe::Alive if !answered => return Next::Conclude(self.unreachable()),
            Probe::Alive => {}
            Probe::PlainGet => self.found.readable = Some(answered),
            Probe::SimplePost => self.found.simple_post = Some(answered),
            Probe::Header(name) if answered => self.found.allowed.push(name),
            Probe::Header(name) => self.found.refused.push(name),
        }
        match self.next() {
            Some(probe) => {
                let request = self.request(&probe);
                self.running = probe;
                Next::Ask(Box::new(self), request)
            }
            None => Next::Conclude(self.conclude()),
        }
    }

    /// The step that the blocked request belongs to.
    pub const fn step(&self) -> Option<Step> {
        self.step
    }

    fn next(&self) -> Option<Probe> {
        if !self.blocked.needs_preflight() {
            return None;
        }
        match self.running {
            Probe::Alive => Some(Probe::PlainGet),
            Probe::PlainGet if self.blocked.method == Method::Post => Some(Probe::SimplePost),
            _ => self.next_header(),
        }
    }

    /// Header probes tell something only where a GET without them could be read.
    fn next_header(&self) -> Option<Probe> {
        let tried = |name: &String| self.found.allowed.contains(name) || self.found.refused.contains(name);
        let open = self.found.readable == Some(true);
        let next = self.blocked.preflighted().into_iter().find(|name| open && !tried(name));
        next.map(Probe::Header)
    }

    fn request(&self, probe: &Probe) -> Request {
        let url = self.blocked.url.as_str();
        match probe {
            Probe::Alive => Request { mode: Mode::Opaque, ..Request::get(url) },
            Probe::PlainGet => Request::get(url),
            Probe::SimplePost => Request::new(Method::Post, url)
                .header("content-type", Text::plain("text/plain"))
                .body(Text::plain("probe")),
            // A preflight asks for names only; no secret is risked for a probe.
            Probe::Header(name) => Request::get(url).header(name, Text::plain(probe_value(name))),
        }
    }

    fn who(&self) -> &'static str {
        match self.owner {
            Owner::Issuer => "the authorization server",
            _ => "the MCP server",
        }
    }

    fn problem(&self, code: Code, owner: Owner, title: &str) -> Problem {
        Problem { step: self.step, ..Problem::new(code, owner, title).clause(Clause::Cors) }
    }

    fn unreachable(&self) -> Problem {
        let address = Address::typed(&self.blocked.url).ok();
        let mixed = self.page.starts_with("https:")
            && address.as_ref().is_some_and(|it| !it.is_encrypted() && !it.is_loopback());
        let host = address.map(|it| it.host()).unwrap_or_default();
        let seen = format!(
            "The browser stopped {} {} ({}), and a probe that any answer would satisfy found none either.",
            self.blocked.method.as_str(),
            self.blocked.url,
            self.said
        );
        if mixed {
            return self
                .problem(Code::Unreachable, Owner::Browser, "A page on https may not ask plain http")
                .seen(seen)
                .cause("This page came over https and the address is plain http: browsers block that as mixed content.")
                .advice(format!("Serve {host} over https, or open this inspector from http://localhost."));
        }
        self.problem(Code::Unreachable, Owner::Network, &format!("Nothing answers at {host}"))
            .seen(seen)
            .cause("No connection came about. Candidates: the server is not running, a wrong host or port, a name that does not resolve, a certificate that the browser does not trust, or a leave to reach this network that was not given.")
            .advice("Check that the server runs and the address is right; open the address in a tab of its own to see what the browser says of the connection.")
    }

    fn conclude(&self) -> Problem {
        let title = format!("The browser may not read the answers of {}", self.who());
        self.problem(Code::CorsBlocked, self.owner, &title)
            .seen(self.seen())
            .cause(self.cause())
            .advice(match self.found.refused.is_empty() {
                false => "Allow these headers in the answer to the preflight (OPTIONS), and send the other lines with every answer, errors included.",
                true => "Send these lines with every answer, errors included, and answer the preflight (OPTIONS) with them and status 204.",
            })
            .fix(Fix::new(&self.page, self.owner, &self.blocked))
    }

    fn seen(&self) -> String {
        let mut seen = format!(
            "The browser stopped {} and showed no answer ({}). A plain probe reached the server",
            self.blocked.method.as_str(),
            self.said
        );
        seen.push_str(match self.found.readable {
            Some(true) => ", and a GET without extra headers could be read",
            Some(false) => ", but a GET without extra headers could not be read either",
            None => "",
        });
        seen.push_str(match self.found.simple_post {
            Some(true) => "; so could a POST that needs no preflight.",
            Some(false) => "; a POST that needs no preflight could not be read.",
            None => ".",
        });
        seen
    }

    fn cause(&self) -> String {
        let found = &self.found;
        if !found.refused.is_empty() {
            let names = found.refused.join(", ");
            return format!(
                "Of the headers asked for, {names} made a probe fail: the answer to the preflight does not list it in Access-Control-Allow-Headers."
            );
        }
        match (self.blocked.needs_preflight(), found.readable, found.simple_post) {
            (false, ..) => "This request needs no preflight, so its answer lacks Access-Control-Allow-Origin for this page.".to_owned(),
            (true, Some(true), Some(false)) => "Its answers to POST lack Access-Control-Allow-Origin for this page; perhaps only its error answers do.".to_owned(),
            (true, Some(true), _) => "Each header alone is allowed, so it is none of them. Candidates: only this very answer (a 401, an error) lacks the lines; the connection broke off before an answer (the server crashed, a proxy gave up); the method is not in Access-Control-Allow-Methods; the preflight is answered with an error status.".to_owned(),
            _ => "Not even a plain GET could be read. Likely no answer of this address carries Access-Control-Allow-Origin for this page; or only its error answers lack it, and all that came were errors (a 401, a 405), which a page cannot tell. Whether the preflight is answered well is not known.".to_owned(),
        }
    }
}

fn probe_value(name: &str) -> &'static str {
    match name {
        "content-type" => "application/json",
        "authorization" => "Bearer probe",
        "mcp-protocol-version" => crate::revision::Revision::LATEST.as_str(),
        _ => "probe",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocked() -> Request {
        Request::new(Method::Post, "https://mcp.example/mcp")
            .header("content-type", Text::plain("application/json"))
            .header("mcp-protocol-version", Text::plain("2025-11-25"))
    }

    fn run(blocked: Request, answers: impl Fn(&Request) -> bool) -> (Problem, Vec<Request>) {
        let (mut it, mut request) =
            Investigation::begin(blocked, "Failed to fetch".to_owned(), Owner::Server, None, "http://localhost:3000");
        let mut asked = Vec::new();
        loop {
            let head = Head { status: 200, url: request.url.clone(), redirected: false, headers: Vec::new() };
            let outcome = if answers(&request) { Ok(head) } else { Err(HttpError::Blocked { said: String::new() }) };
            asked.push(request);
            match it.heard(&outcome) {
                Next::Ask(next, probe) => (it, request) = (*next, probe),
                Next::Conclude(problem) => return (problem, asked),
            }
        }
    }

    #[test]
    fn nothing_answers_is_not_cors() {
        let (problem, asked) = run(blocked(), |_| false);
        assert_eq!((problem.code, asked.len()), (Code::Unreachable, 1));
    }

    #[test]
    fn the_one_header_that_is_not_allowed_is_named() {
        let (problem, asked) = run(blocked(), |it| !it.preflighted().contains(&"mcp-protocol-version".to_owned()));
        assert_eq!(problem.code, Code::CorsBlocked);
        assert!(problem.cause.contains("mcp-protocol-version") && !problem.cause.contains("content-type"));
        assert_eq!(asked.len(), 5);
    }

    #[test]
    fn a_server_without_cors_is_asked_no_more_than_needed() {
        let (problem, asked) = run(blocked(), |it| it.mode == Mode::Opaque);
        // All that came may have been errors: what was not seen is likely.
        assert!(problem.cause.contains("Likely no answer") && problem.cause.contains("Access-Control-Allow-Origin"));
        assert_eq!(asked.len(), 3);
    }

    #[test]
    fn an_unreadable_simple_get_needs_one_probe() {
        let (problem, asked) = run(Request::get("https://as.example/x"), |it| it.mode == Mode::Opaque);
        assert_eq!((problem.code, asked.len()), (Code::CorsBlocked, 1));
    }

    #[test]
    fn no_probe_carries_a_secret() {
        let request = blocked().header("authorization", Text::credentials("Bearer", "geheim"));
        let (_, asked) = run(request, |_| true);
        assert!(asked.iter().all(|it| it.headers.iter().all(|(_, value)| !value.expose().contains("geheim"))));
    }
}
