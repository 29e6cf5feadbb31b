//! What each row of the walkthrough draws: messages between the lanes, and what happened away from them.
//!
//! Whatever is drawn solid was in the trace. A plan is a line without words; an inference says that it is one.

use super::glance;
use super::words::{Drawing, Party};
use super::{Row, StepStatus, Walkthrough};
use crate::checks::Verdict;
use crate::format;
use crate::http::HttpError;
use crate::step::Step;
use crate::trace::{Exchange, ExchangeId, Trace};
use crate::wire::{self, words};

/// A row of the list, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    pub step: Step,
    pub status: StepStatus,
    pub verdict: Option<Verdict>,
    /// The rules that found something, with spaces between; for tests.
    pub rules: Option<String>,
    /// How long it took, where it did.
    pub took: String,
    pub marks: Vec<Mark>,
}

/// The words of a message: what it is, and what of it matters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Said {
    pub what: String,
    pub detail: String,
}

/// An exchange as an arrow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    pub method: &'static str,
    pub url: String,
    /// As [`Exchange::status`].
    pub status: Option<String>,
    /// The same in words; `None` where there is nothing to wait for.
    pub outcome: Option<String>,
    pub said: Said,
    /// Whether it will stay as it is.
    pub is_over: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// An exchange, by its number: [`arrow`] says what is drawn of it.
    Exchange {
        id: ExchangeId,
        failed: bool,
    },
    /// What an exchange drawn elsewhere brought, or what was handed over inside the browser.
    Message((Party, Party), Said),
    /// What must have happened, although no page can see it.
    Inferred((Party, Party), Said),
    Own(Party),
    Away(String),
    Note(&'static str),
    Plan(Party, Party),
}

/// The fifteen rows: of an attempt, or of none yet.
pub fn rows(attempt: Option<&Walkthrough>, trace: &Trace) -> Vec<Drawn> {
    let Some(attempt) = attempt else {
        return Step::ALL.into_iter().map(planned).collect();
    };
    let drawn = |row: &Row| Drawn {
        step: row.step,
        status: row.status,
        verdict: row.verdict(),
        rules: rules(row),
        took: attempt.took(row, trace),
        marks: marks(attempt, row, trace),
    };
    attempt.rows.iter().map(drawn).collect()
}

/// A row of which nothing has happened.
fn planned(step: Step) -> Drawn {
    let marks = plan(step).into_iter().collect();
    Drawn { step, status: StepStatus::Pending, verdict: None, rules: None, took: String::new(), marks }
}

fn rules(row: &Row) -> Option<String> {
    let names: Vec<&str> = row.findings.iter().map(|it| it.rule).collect();
    (!names.is_empty()).then(|| names.join(" "))
}

fn plan(step: Step) -> Option<Mark> {
    match step.drawing() {
        Drawing::Message(from, to) => Some(Mark::Plan(from, to)),
        Drawing::Away => Some(Mark::Plan(Party::You, Party::Issuer)),
        Drawing::Own(_) => None,
    }
}

fn marks(attempt: &Walkthrough, row: &Row, trace: &Trace) -> Vec<Mark> {
    let exchanges: Vec<&Exchange> = row.exchanges.iter().filter_map(|id| trace.exchange(*id)).collect();
    let failed = (row.status == StepStatus::Failed).then(|| culprit(&exchanges)).flatten();
    let mut marks: Vec<Mark> = own(attempt, row, trace).into_iter().collect();
    for exchange in &exchanges {
        marks.push(Mark::Exchange { id: exchange.id, failed: failed == Some(exchange.id) });
        marks.extend(preflight(exchange));
    }
    if marks.is_empty() && row.status == StepStatus::Pending {
        marks.extend(plan(row.step));
    }
    marks
}

/// What a failed step failed of: what brought no answer, else what was answered last.
fn culprit(exchanges: &[&Exchange]) -> Option<ExchangeId> {
    let broken = exchanges.iter().find(|it| it.error.as_ref().is_some_and(|it| *it != HttpError::Aborted));
    broken.or(exchanges.last()).map(|it| it.id)
}

/// An exchange of a step as it stands now.
pub fn arrow(step: Step, id: ExchangeId, trace: &Trace) -> Option<Arrow> {
    let exchange = trace.exchange(id)?;
    let request = &exchange.request;
    Some(Arrow {
        method: request.method.as_str(),
        url: request.url.clone(),
        status: exchange.status(),
        outcome: outcome(exchange),
        said: glance::request(step, request, wire::method_of(trace, id)),
        is_over: exchange.ended.is_some(),
    })
}

fn outcome(exchange: &Exchange) -> Option<String> {
    match (exchange.status(), &exchange.error) {
        (Some(status), _) => Some(status),
        (None, Some(HttpError::Timeout { .. })) => Some("no answer".to_owned()),
        (None, Some(HttpError::Aborted)) => Some("given up".to_owned()),
        (None, Some(_)) => Some("broken off".to_owned()),
        (None, None) => (!exchange.navigation).then(|| "…".to_owned()),
    }
}

/// The question that the browser asked by itself, where its answer is why nothing was shown.
fn preflight(exchange: &Exchange) -> Option<Mark> {
    let blocked = matches!(exchange.error, Some(HttpError::Blocked { .. })) && exchange.head.is_none();
    let server = exchange.step.map_or(Party::Server, |it| it.route().1);
    let (_, path, _) = words::address(&exchange.request.url);
    let said =
        Said { what: format!("OPTIONS {}", glance::short(path)), detail: "inferred: a page cannot see it".to_owned() };
    (blocked && exchange.request.needs_preflight()).then_some(Mark::Inferred((Party::Browser, server), said))
}

/// What a row draws beside its exchanges.
fn own(attempt: &Walkthrough, row: &Row, trace: &Trace) -> Option<Mark> {
    match (row.status, row.step) {
        (StepStatus::Pending, _) => None,
        (StepStatus::Skipped, _) => skipped(attempt, row.step).map(Mark::Note),
        (_, Step::Pkce) => (!row.facts.is_empty()).then_some(Mark::Own(Party::Client)),
        (_, Step::Consent) => attempt.away_words().map(Mark::Away),
        (_, step) => {
            let Drawing::Message(from, to) = step.drawing() else { return None };
            Some(Mark::Message((from, to), said(attempt, row, trace)?))
        }
    }
}

/// What a message says that is no exchange of its own.
fn said(attempt: &Walkthrough, row: &Row, trace: &Trace) -> Option<Said> {
    let last = |step: Step| attempt.row(step)?.exchanges.iter().rev().find_map(|id| trace.exchange(*id));
    match row.step {
        Step::Unauthorized => glance::challenge(last(Step::McpRequest)?),
        Step::AuthorizationUrl if !row.facts.is_empty() => {
            Some(Said { what: "open this address".to_owned(), detail: String::new() })
        }
        Step::Callback if !row.facts.is_empty() => {
            Some(Said { what: "redirect".to_owned(), detail: glance::names(&row.facts) })
        }
        Step::Code if !row.facts.is_empty() => Some(Said { what: "code".to_owned(), detail: String::new() }),
        Step::Token => glance::tokens(last(Step::TokenRequest)?),
        Step::Connected => {
            let version = attempt.version.clone()?;
            let answered = last(Step::McpRequestWithToken).or_else(|| last(Step::McpRequest))?;
            Some(Said { what: answered.status()?, detail: version })
        }
        _ => None,
    }
}

/// Why steps were left out, said once: where the first of them stands.
fn skipped(attempt: &Walkthrough, step: Step) -> Option<&'static str> {
    let without = |step: Step| attempt.row(step).is_some_and(|it| it.status == StepStatus::Skipped);
    match step {
        Step::McpRequest => Some("not needed: the client has a token already"),
        Step::Unauthorized if !without(Step::McpRequest) => Some("not needed: the server asked for no token"),
        _ => None,
    }
}

impl Walkthrough {
    /// How long the person was away, or where the login is that is not over.
    fn away_words(&self) -> Option<String> {
        let away = self.away.as_ref()?;
        let host = words::host(&away.url);
        match (away.back, self.ended) {
            (Some(back), _) => Some(format!("You were away {} at {host}", format::milliseconds(back - away.left))),
            (None, None) => Some(format!("Your login at {host} is open")),
            (None, Some(_)) => Some(format!("You left for {host}")),
        }
    }
}
