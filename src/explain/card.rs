//! A failure as it is shown on every page, in the report and in the walkthrough: what happened, who has to change what,
//! why, and what was observed.
//!
//! It is made of facts that are stored, so it is the same after a reload. Where a rule of [`why`] narrows the problem
//! down, the card has the narrowed cause in the place of the general one.

mod differ;
mod needs;
mod repeat;
mod values;

pub use differ::{Run, runs};
pub use repeat::Repeat;
pub use values::Values;

use crate::base::revision::Revision;
use crate::explain::fixes::{self, Fill, Snippet};
use crate::explain::walkthrough::cited::cite;
use crate::explain::walkthrough::{StepRow, Walkthrough};
use crate::explain::why::{self, Finding};
use crate::explain::words::problems;
use crate::http::{Mode, Request};
use crate::trace::check::Clause;
use crate::trace::fix::Fix;
use crate::trace::problem::{Cause, Code, Owner, Problem, Shown, oauth};
use crate::trace::step::Step;
use crate::trace::{Exchange, Trace};

/// How many exchanges are listed as evidence.
const EXCHANGES: usize = 12;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub code: Code,
    /// The rule that narrowed it down.
    pub rule: Option<&'static str>,
    /// What happened, in one line.
    pub title: String,
    /// Who has to change something.
    pub owner: Owner,
    /// The host of the owner, where it has one.
    pub host: Option<String>,
    /// What the owner has to change.
    pub fix: String,
    /// The response headers that would mend it (CORS).
    pub headers: Option<Fix>,
    /// The fix as it is written with a framework, the recognised one first.
    pub snippets: Vec<Snippet>,
    /// The refusal as it was received: status, `error`, `error_description`.
    pub quote: Option<String>,
    pub reason: String,
    /// The two values that had to be the same.
    pub values: Option<Values>,
    pub evidence: Evidence,
    /// The failed request, to be repeated outside of the browser.
    pub repeat: Option<Repeat>,
    pub clause: Option<Clause>,
    /// The revision of MCP that was negotiated, in which the clause is cited.
    pub revision: Option<Revision>,
}

/// What a card rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    pub step: Option<Step>,
    /// Sentences.
    pub observed: Vec<String>,
    pub exchanges: Vec<Observed>,
}

/// An exchange in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    pub request: String,
    pub outcome: String,
    /// Whether a response could be read.
    pub readable: bool,
}

impl Card {
    /// The cards of problems of the latest attempt, in their order.
    pub fn all(trace: &Trace, problems: &[Problem]) -> Vec<Self> {
        let attempt = Walkthrough::of(trace);
        problems.iter().map(|it| Self::within(attempt.as_ref(), trace, it)).collect()
    }

    pub fn of(trace: &Trace, problem: &Problem) -> Self {
        Self::within(Walkthrough::of(trace).as_ref(), trace, problem)
    }

    /// The card of a problem by itself, as of a call that failed.
    pub fn alone(problem: &Problem) -> Self {
        let words = problems::of(problem);
        Self {
            code: problem.code,
            rule: None,
            title: words.title,
            owner: problem.owner,
            host: None,
            fix: words.fix,
            headers: words.headers,
            snippets: Vec::new(),
            quote: words.quote,
            reason: words.reason,
            values: Values::of(&problem.cause),
            evidence: Evidence { step: problem.step, observed: vec![words.evidence], exchanges: Vec::new() },
            repeat: None,
            clause: problem.clause,
            revision: None,
        }
    }

    fn within(attempt: Option<&Walkthrough>, trace: &Trace, problem: &Problem) -> Self {
        let mut this = Self::alone(problem);
        let Some(attempt) = attempt else { return this };
        let row = attempt.rows.iter().find(|row| row.problem.as_ref() == Some(problem));
        if let Some(finding) = row.and_then(|it| it.likely.as_ref()) {
            this.narrow(finding, is_specific(&problem.cause));
        }
        this.revision = attempt.revision();
        let hosts = attempt.hosts(trace);
        this.host = match this.owner {
            Owner::Server => hosts.server,
            Owner::Issuer => hosts.issuer,
            _ => None,
        };
        this.evidence.step = row.map(|it| it.step).or(this.evidence.step);
        this.repeat = row.and_then(|row| Repeat::of(row, trace, this.owner));
        this.evidence.exchanges = row.map(|it| observed(it, trace)).unwrap_or_default();
        this.snippets = this.written(problem, &why::evidence::Evidence::gather(attempt, trace));
        this
    }

    fn written(&self, problem: &Problem, evidence: &why::evidence::Evidence<'_>) -> Vec<Snippet> {
        let Some(need) = needs::need(self, problem) else { return Vec::new() };
        let recognised = match self.owner {
            Owner::Issuer => fixes::issuer(evidence),
            _ => fixes::server(evidence),
        };
        fixes::snippets(need, recognised, &self.fill(evidence))
    }

    /// The values of the attempt that snippets are filled with.
    fn fill(&self, evidence: &why::evidence::Evidence<'_>) -> Fill {
        let page = evidence.page.unwrap_or("https://inspector.example").to_owned();
        let asked = Request::get(evidence.attempt.server.as_str());
        let value = |name| why::fill::value(name, evidence);
        Fill {
            headers: Some(self.headers.clone().unwrap_or_else(|| Fix::new(&page, self.owner, &asked))),
            redirect_uri: value("{redirect}").unwrap_or_else(|| format!("{page}/oauth/callback")),
            issuer: value("{issuer}")
                .or_else(|| value("{named}"))
                .unwrap_or_else(|| "https://as.example.com".to_owned()),
            server: evidence.attempt.server.clone(),
            page,
        }
    }

    /// A cause that names its facts keeps its words; the rule adds what it saw, and knows better who is responsible.
    fn narrow(&mut self, finding: &Finding, specific: bool) {
        self.rule = Some(finding.rule);
        if self.evidence.observed.iter().all(|it| it.replace('`', "") != finding.seen) {
            self.evidence.observed.push(finding.seen.clone());
        }
        if specific {
            return;
        }
        self.owner = finding.owner;
        self.title = finding.title.to_owned();
        self.fix.clone_from(&finding.fix);
        self.reason.clone_from(&finding.reason);
        self.clause = Some(finding.clause);
    }
}

/// Whether a cause names what is wrong more precisely than a rule can.
fn is_specific(cause: &Cause) -> bool {
    match cause {
        Cause::Blocked(blocked) => !matches!(blocked.shown, Shown::Nothing | Shown::MixedContent),
        Cause::FreshToken(_) | Cause::NotListed { .. } | Cause::StoppedByUser => true,
        Cause::Authorization(error) => is_specific_refusal(error),
        Cause::Mcp(_) | Cause::BothTransports { .. } => false,
    }
}

fn is_specific_refusal(error: &oauth::Error) -> bool {
    match error {
        oauth::Error::Refused { error, description, by } => by.subject(error, description.as_deref()).is_some(),
        oauth::Error::TokenRefused { refusal, by, .. } => {
            let error = refusal.error.as_deref().unwrap_or_default();
            by.subject(error, refusal.description.as_deref()).is_some()
        }
        oauth::Error::NoSignOfOAuth { .. } => true,
        _ => false,
    }
}

/// The exchanges of a step, probes included.
fn observed(row: &StepRow, trace: &Trace) -> Vec<Observed> {
    let exchanges = row.exchanges.iter().filter_map(|id| trace.exchange(*id));
    let mut all: Vec<Observed> = exchanges.map(of_exchange).collect();
    let more = all.len().saturating_sub(EXCHANGES);
    all.drain(..more);
    all
}

fn of_exchange(exchange: &Exchange) -> Observed {
    let readable = exchange.head.is_some();
    let outcome = exchange.status().unwrap_or_else(|| "no response".to_owned());
    Observed { request: request(exchange), outcome, readable }
}

/// Method and URL, and what a probe differs in.
fn request(exchange: &Exchange) -> String {
    let Request { method, url, mode, headers, .. } = &exchange.request;
    let (method, url) = (method.as_str(), url.split(['?', '#']).next().unwrap_or_default());
    if *mode == Mode::Opaque {
        return format!("no-cors {method} {url}");
    }
    match headers.as_slice() {
        [(name, _)] if why::evidence::is_probe(exchange) => format!("{method} {url} with {name}"),
        _ => format!("{method} {url}"),
    }
}

impl Card {
    /// Title and URL of the clause.
    pub fn cited(&self) -> Option<(String, String)> {
        self.clause.map(|it| cite(it, self.revision))
    }

    /// Owner, host and fix in one sentence, for texts without colours.
    pub fn ask(&self) -> String {
        let host = self.host.as_deref().map(|it| format!(" `{it}`")).unwrap_or_default();
        format!("{}{host}: {}", self.owner.words(), self.fix)
    }

    /// The reason with what was received.
    pub fn why(&self) -> String {
        match &self.quote {
            Some(quote) => format!("{quote} {}", self.reason),
            None => self.reason.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Event;
    use crate::trace::problem::oauth::Error;

    #[test]
    fn a_problem_without_an_attempt_has_a_card_of_its_own() {
        let problem = Error::IssMissing { expected: "https://as.example".to_owned() }.problem();
        let card = Card::of(&Trace::default(), &problem);
        assert_eq!((card.rule, card.host.as_deref(), card.owner), (None, None, Owner::Issuer));
        assert!(card.ask().starts_with("Authorization server: "));
    }

    #[test]
    fn the_host_of_the_owner_is_named() {
        let mut trace = Trace::default();
        trace.push(0.0, Event::Began { server: "https://mcp.example:8787/mcp".to_owned(), first: None });
        trace.push(0.0, Event::Entered(Step::ResourceMetadata));
        let error = Error::NoAuthorizationServer { url: "https://mcp.example:8787/x".to_owned() };
        let problem = error.problem();
        trace.push(1.0, Event::Stopped(problem.clone()));
        let card = Card::of(&trace, &problem);
        assert_eq!((card.owner, card.host.as_deref()), (Owner::Server, Some("mcp.example:8787")));
        assert_eq!(card, Card::all(&trace, &[problem]).remove(0));
    }
}
