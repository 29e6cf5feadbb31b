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
mod tests;
