//! Why a browser showed no answer: probes that differ in one thing, and what they prove.
//!
//! A blocked request is an opaque `TypeError`. What the other side lacks is found by difference: does anything
//! answer; may a plain GET be read; may a POST without a preflight be read; which of the asked headers makes a GET
//! fail. What the probes do not prove is said to be a candidate. They run only when something was blocked.

mod redirect;

use crate::base::address::Address;
use crate::base::text::Text;
use crate::http::{Head, HttpError, Method, Mode, Redirect, Request};
use crate::trace::fix::Fix;
use crate::trace::problem::{Alive, Blocked, Cause, Cors, Owner, Problem, Redirect as RedirectShown, Shown};
use crate::trace::step::Step;

/// What one probe differs in.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Probe {
    Alive,
    /// `redirect: "manual"`: an opaque redirect proves a 3xx.
    PlainGet,
    /// The same, following: where it ends.
    Followed,
    SimplePost,
    /// A POST that follows, in `no-cors`: whether anything responds at the end of its redirects.
    FollowedPost,
    Header(String),
    /// Another URL on the same host and port, which may be the one that works.
    Elsewhere(String),
}

/// What the probes showed so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Findings {
    readable: Option<bool>,
    simple_post: Option<bool>,
    refused: Vec<String>,
    allowed: Vec<String>,
    /// Nothing responds, as far as the browser lets through.
    dead: bool,
    /// The policy of the page's host hid the outcome of a `no-cors` probe.
    withheld: bool,
    /// For that reason it is not known whether anything responds.
    uncertain: bool,
    /// A 3xx is proven.
    redirects: bool,
    /// The redirects come to no end that responds.
    endless: bool,
    /// Where the redirects lead, where a page may see that.
    target: Option<String>,
    tried: Vec<String>,
    /// Another URL that responds.
    elsewhere: Option<String>,
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

    /// A redirect that was not followed, because the request carries a secret: where does it lead?
    pub fn of_redirect(blocked: Request, owner: Owner, step: Option<Step>, page: &str) -> (Self, Request) {
        let found = Findings { redirects: true, ..Findings::default() };
        let (running, said, page) = (Probe::Followed, HttpError::Redirected.to_string(), page.to_owned());
        let this = Self { blocked, said, owner, step, page, running, found };
        let probe = this.request(&Probe::Followed);
        (this, probe)
    }

    /// Takes the outcome of the running probe.
    pub fn heard(mut self, outcome: &Result<Head, HttpError>) -> Next {
        self.take(outcome);
        match self.next() {
            Some(probe) => {
                let request = self.request(&probe);
                self.running = probe;
                Next::Ask(Box::new(self), request)
            }
            None => Next::Conclude(self.conclude()),
        }
    }

    fn take(&mut self, outcome: &Result<Head, HttpError>) {
        if let Err(HttpError::Withheld { responded }) = outcome {
            return self.take_withheld(*responded);
        }
        let answered = outcome.is_ok();
        let found = &mut self.found;
        let redirected = matches!(outcome, Err(HttpError::Redirected));
        match self.running.clone() {
            Probe::Alive => found.dead = !answered,
            Probe::PlainGet if redirected => (found.redirects, found.endless) = (true, found.dead),
            Probe::PlainGet => found.readable = Some(answered),
            Probe::Followed => {
                found.readable = Some(answered);
                found.target = outcome.as_ref().ok().filter(|it| it.redirected).map(|it| it.url.clone());
            }
            Probe::SimplePost if redirected => found.redirects = true,
            Probe::SimplePost => found.simple_post = Some(answered),
            Probe::FollowedPost => found.endless = !answered,
            Probe::Header(name) if answered => found.allowed.push(name),
            Probe::Header(name) => found.refused.push(name),
            Probe::Elsewhere(url) => {
                // A page for what is not there proves nothing.
                let there = outcome.as_ref().is_ok_and(|it| !matches!(it.status, 404 | 410));
                found.elsewhere = there.then(|| url.clone());
                found.tried.push(url);
            }
        }
    }

    /// A probe that the page's own host makes fail proves nothing of the server, but that it responded where the browser
    /// reports so. Of a request that follows redirects that is the first response, not the end.
    fn take_withheld(&mut self, responded: bool) {
        let found = &mut self.found;
        found.withheld = true;
        match &self.running {
            Probe::Alive => found.uncertain = !responded,
            Probe::Elsewhere(url) => {
                found.elsewhere = responded.then(|| url.clone());
                found.tried.push(url.clone());
            }
            _ => {}
        }
    }

    /// The step that the blocked request belongs to.
    pub const fn step(&self) -> Option<Step> {
        self.step
    }

    fn next(&self) -> Option<Probe> {
        let (post, found) = (self.blocked.method == Method::Post, &self.found);
        match self.running {
            // A GET there has no effects, but whoever counts requests to a token endpoint counts it.
            Probe::Alive if self.step == Some(Step::TokenRequest) => None,
            Probe::Alive => Some(Probe::PlainGet),
            Probe::PlainGet if found.redirects && !found.endless => Some(Probe::Followed),
            Probe::PlainGet if found.redirects => None,
            Probe::PlainGet if found.dead => self.next_url(),
            _ if !self.blocked.needs_preflight() => None,
            Probe::PlainGet if post => Some(Probe::SimplePost),
            Probe::SimplePost if found.redirects => Some(Probe::FollowedPost),
            Probe::FollowedPost if found.endless => None,
            Probe::SimplePost | Probe::PlainGet if found.readable == Some(true) => self.next_header(),
            Probe::Header(_) => self.next_header(),
            _ => self.next_url(),
        }
    }

    /// Header probes tell something only where a GET without them could be read.
    fn next_header(&self) -> Option<Probe> {
        let tried = |name: &String| self.found.allowed.contains(name) || self.found.refused.contains(name);
        let next = self.blocked.preflighted().into_iter().find(|name| !tried(name));
        next.map(Probe::Header)
    }

    /// Only the URL that the user typed is tried otherwise, and only until one responds.
    fn next_url(&self) -> Option<Probe> {
        let typed = self.owner == Owner::Server && self.step != Some(Step::ResourceMetadata);
        if !typed || self.found.elsewhere.is_some() || self.found.target.is_some() {
            return None;
        }
        let urls = redirect::candidates(&self.blocked.url, &self.page, self.found.dead);
        urls.into_iter().find(|it| !self.found.tried.contains(it)).map(Probe::Elsewhere)
    }

    fn request(&self, probe: &Probe) -> Request {
        let url = self.blocked.url.as_str();
        match probe {
            Probe::Alive => Request { mode: Mode::Opaque, ..Request::get(url) },
            Probe::PlainGet => Request::get(url).redirect(Redirect::Stop),
            // What a relay redirects to is seen through that relay.
            Probe::Followed => Request { via: self.blocked.via.clone(), ..Request::get(url) },
            Probe::SimplePost => simple_post(url).redirect(Redirect::Stop),
            Probe::FollowedPost => Request { mode: Mode::Opaque, ..simple_post(url) },
            Probe::Elsewhere(url) if self.found.dead => Request { mode: Mode::Opaque, ..Request::get(url) },
            Probe::Elsewhere(url) => Request::get(url).redirect(Redirect::Stop),
            // A preflight asks for names only; no secret is risked for a probe.
            Probe::Header(name) => Request::get(url).header(name, Text::plain(probe_value(name))),
        }
    }

    fn conclude(self) -> Problem {
        let shown = self.shown();
        let Self { blocked, said, owner: party, step, .. } = self;
        Problem::new(Cause::Blocked(Blocked { method: blocked.method, url: blocked.url, said, party, step, shown }))
    }

    fn shown(&self) -> Shown {
        let found = &self.found;
        match () {
            () if found.redirects && found.endless => Shown::EndlessRedirects,
            () if found.redirects || (found.elsewhere.is_some() && !found.dead) => Shown::Redirect(self.redirect()),
            () if found.dead => self.unreachable(),
            () if found.uncertain && found.readable != Some(true) && found.simple_post != Some(true) => Shown::NotKnown,
            () => Shown::Cors(self.cors()),
        }
    }

    fn unreachable(&self) -> Shown {
        let address = Address::typed(&self.blocked.url).ok();
        let mixed =
            self.page.starts_with("https:") && address.is_some_and(|it| !it.is_encrypted() && !it.is_loopback());
        match &self.found.elsewhere {
            _ if mixed => Shown::MixedContent,
            Some(url) => Shown::Elsewhere { url: url.clone() },
            None => Shown::Nothing,
        }
    }

    fn cors(&self) -> Cors {
        let found = &self.found;
        Cors {
            alive: match (found.withheld, found.uncertain) {
                (false, _) => Alive::Reached,
                (true, false) => Alive::Reported,
                (true, true) => Alive::Withheld,
            },
            get: found.readable,
            post: found.simple_post,
            refused: found.refused.clone(),
            some_allowed: !found.allowed.is_empty(),
            preflight: self.blocked.needs_preflight(),
            fix: Fix::new(&self.page, self.owner, &self.blocked),
        }
    }

    fn redirect(&self) -> RedirectShown {
        let Findings { target, elsewhere, redirects, readable, .. } = self.found.clone();
        let get_responds = readable == Some(true) && target.is_none();
        let leads = redirect::leads(&self.blocked.url, target.as_deref().or(elsewhere.as_deref()), get_responds);
        RedirectShown { target, elsewhere, proven: redirects, leads }
    }
}

fn simple_post(url: &str) -> Request {
    Request::new(Method::Post, url).header("content-type", Text::plain("text/plain")).body(Text::plain("probe"))
}

fn probe_value(name: &str) -> &'static str {
    match name {
        "content-type" => "application/json",
        "authorization" => "Bearer probe",
        "mcp-protocol-version" => crate::base::revision::Revision::LATEST.as_str(),
        _ => "probe",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::problem::{Code, Leads};

    fn shown(problem: Problem) -> Shown {
        match problem.cause {
            Cause::Blocked(it) => it.shown,
            other => panic!("{other:?}"),
        }
    }

    /// Where a redirect leads, and whether a page could see that.
    fn leads(problem: Problem) -> (Leads, bool) {
        match shown(problem) {
            Shown::Redirect(it) => (it.leads, it.target.is_some()),
            other => panic!("{other:?}"),
        }
    }

    fn blocked() -> Request {
        Request::new(Method::Post, "https://mcp.example/mcp")
            .header("content-type", Text::plain("application/json"))
            .header("mcp-protocol-version", Text::plain("2025-11-25"))
    }

    fn run(blocked: Request, answers: impl Fn(&Request) -> bool) -> (Problem, Vec<Request>) {
        let head = |url: &str| Head { status: 200, url: url.to_owned(), redirected: false, headers: Vec::new() };
        let hidden = || HttpError::Blocked { said: String::new() };
        probed(blocked, |it| if answers(it) { Ok(head(&it.url)) } else { Err(hidden()) })
    }

    fn probed(blocked: Request, answer: impl Fn(&Request) -> Result<Head, HttpError>) -> (Problem, Vec<Request>) {
        let (mut it, mut request) =
            Investigation::begin(blocked, "Failed to fetch".to_owned(), Owner::Server, None, "http://localhost:3000");
        let mut asked = Vec::new();
        loop {
            let outcome = answer(&request);
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
        assert_eq!((problem.code, asked.len()), (Code::Unreachable, 2));
    }

    #[test]
    fn a_url_of_the_same_host_and_port_that_responds_is_advised() {
        let post = |url| Request::new(Method::Post, url).header("content-type", Text::plain("application/json"));
        let (problem, asked) = run(post("https://localhost:3001/mcp"), |it| it.url.starts_with("http://localhost:"));
        assert_eq!((problem.code, problem.owner), (Code::Unreachable, Owner::You));
        assert_eq!(shown(problem), Shown::Elsewhere { url: "http://localhost:3001/mcp".to_owned() });
        assert!(asked.iter().all(|it| it.url.contains("://localhost:3001/")));
        let (problem, _) = run(post("http://127.0.0.1:3001/mcp"), |it| it.url.starts_with("http://localhost:"));
        assert_eq!(shown(problem), Shown::Elsewhere { url: "http://localhost:3001/mcp".to_owned() });
    }

    /// A server that redirects, with CORS headers: what follows gets what is at the end, what does not an opaque redirect.
    fn redirecting(end: impl Fn(&Request) -> Result<Head, HttpError>) -> Problem {
        let answer = |it: &Request| match (it.redirect, it.mode) {
            (Redirect::Stop, _) if it.url == blocked().url => Err(HttpError::Redirected),
            _ => end(it),
        };
        probed(blocked(), answer).0
    }

    fn at(url: &str, redirected: bool) -> Head {
        Head { status: 405, url: url.to_owned(), redirected, headers: Vec::new() }
    }

    #[test]
    fn a_redirect_is_told_from_missing_cors() {
        let hidden = || Err(HttpError::Blocked { said: String::new() });
        let to = |url: &'static str| redirecting(move |_| Ok(at(url, true)));
        let slash = to("https://mcp.example/mcp/");
        assert_eq!((slash.code, slash.owner), (Code::Redirected, Owner::You));
        assert_eq!(leads(slash), (Leads::To("https://mcp.example/mcp/".to_owned()), true));
        assert_eq!(leads(to("https://sso.example/login")), (Leads::Login, true));
        // The end of it has no CORS headers, and the URL with the slash can be read.
        let likely = redirecting(|it| match (it.mode, it.url.ends_with("/mcp/")) {
            (Mode::Opaque, _) | (_, true) => Ok(at(&it.url, false)),
            _ => hidden(),
        });
        assert_eq!(leads(likely), (Leads::To("https://mcp.example/mcp/".to_owned()), false));
        let unknown = redirecting(|it| if it.mode == Mode::Opaque { Ok(at(&it.url, false)) } else { hidden() });
        assert_eq!(leads(unknown), (Leads::Login, false));
    }

    #[test]
    fn a_redirect_loop_is_named() {
        let hidden = || Err(HttpError::Blocked { said: String::new() });
        assert_eq!(redirecting(|_| hidden()).code, Code::RedirectLoop);
        // Only a POST is redirected.
        let (problem, _) = probed(blocked(), |it| match (it.method, it.redirect) {
            (Method::Get, _) => Ok(at(&it.url, false)),
            (_, Redirect::Stop) => Err(HttpError::Redirected),
            _ => hidden(),
        });
        assert_eq!(problem.code, Code::RedirectLoop);
    }

    #[test]
    fn the_one_header_that_is_not_allowed_is_named() {
        let (problem, asked) = run(blocked(), |it| !it.preflighted().contains(&"mcp-protocol-version".to_owned()));
        assert_eq!(problem.code, Code::CorsBlocked);
        assert!(matches!(shown(problem), Shown::Cors(it) if it.refused == ["mcp-protocol-version"] && it.some_allowed));
        assert_eq!(asked.len(), 5);
    }

    #[test]
    fn a_server_without_cors_is_asked_no_more_than_needed() {
        let (problem, asked) = run(blocked(), |it| it.mode == Mode::Opaque);
        // All that came may have been errors: what was not seen is likely.
        assert!(matches!(shown(problem), Shown::Cors(it) if it.get == Some(false) && it.refused.is_empty()));
        assert_eq!(asked.len(), 4);
    }

    /// Under `Cross-Origin-Embedder-Policy: require-corp`: what is opaque is withheld, and all else as `answers` says.
    fn embedded(responded: bool, answers: impl Fn(&Request) -> bool) -> Problem {
        let hidden = || HttpError::Blocked { said: String::new() };
        let answer = |it: &Request| match it.mode {
            Mode::Opaque => Err(HttpError::Withheld { responded }),
            Mode::Readable if answers(it) => Ok(at(&it.url, false)),
            Mode::Readable => Err(hidden()),
        };
        probed(blocked(), answer).0
    }

    #[test]
    fn a_probe_that_the_page_s_host_blocks_is_no_proof_that_nothing_responds() {
        let unknown = embedded(false, |_| false);
        assert_eq!((unknown.code, unknown.owner), (Code::Unreachable, Owner::Network));
        assert_eq!(shown(unknown), Shown::NotKnown);
        assert_eq!(embedded(true, |_| false).code, Code::CorsBlocked);
    }

    #[test]
    fn a_readable_get_proves_a_response_whatever_the_page_s_host_blocks() {
        let problem = embedded(false, |it| !it.preflighted().contains(&"mcp-protocol-version".to_owned()));
        assert_eq!(problem.code, Code::CorsBlocked);
        assert!(matches!(shown(problem), Shown::Cors(it) if it.refused == ["mcp-protocol-version"]));
    }

    #[test]
    fn a_withheld_response_says_nothing_of_the_end_of_redirects() {
        let (problem, _) = probed(blocked(), |it| match (it.mode, it.method, it.redirect) {
            (Mode::Opaque, ..) => Err(HttpError::Withheld { responded: true }),
            (_, Method::Post, Redirect::Stop) => Err(HttpError::Redirected),
            _ => Ok(at(&it.url, false)),
        });
        assert_eq!(problem.code, Code::Redirected);
    }

    #[test]
    fn an_unreadable_simple_get_needs_two_probes() {
        let (problem, asked) = run(Request::get("https://as.example/x"), |it| it.mode == Mode::Opaque);
        assert_eq!((problem.code, asked.len()), (Code::CorsBlocked, 2));
    }

    #[test]
    fn no_probe_carries_a_secret() {
        let request = blocked().header("authorization", Text::credentials("Bearer", "geheim"));
        let (_, asked) = run(request, |_| true);
        assert!(asked.iter().all(|it| it.headers.iter().all(|(_, value)| !value.expose().contains("geheim"))));
    }
}
