//! What each row of the walkthrough draws: messages between the lanes, and what happened away from them.
//!
//! Whatever is drawn solid was in the trace. A plan is a line without words; an inference says that it is one.

use super::glance;
use super::words::{Drawing, Party};
use super::{StepRow, StepStatus, Walkthrough};
use crate::base::format;
use crate::explain::wire::{self, words};
use crate::http::{HttpError, Request};
use crate::trace::check::Verdict;
use crate::trace::note::Note;
use crate::trace::problem::{Code, Owner};
use crate::trace::step::Step;
use crate::trace::{Exchange, ExchangeId, Trace};

/// A row of the list, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    pub step: Step,
    pub status: StepStatus,
    pub verdict: Option<Verdict>,
    /// The rules that found something, with spaces between; for tests.
    pub rules: Option<String>,
    /// What failed, and who is responsible.
    pub failure: Option<(Code, Owner)>,
    /// How long it took, where it did.
    pub took: String,
    /// Whether the user changed a request of it before it was sent.
    pub edited: bool,
    pub marks: Vec<Mark>,
}

/// The words of a message: what it is, and what of it matters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Said {
    pub what: String,
    pub detail: String,
}

impl Said {
    fn with_detail(self, more: &str) -> Self {
        let detail = if self.detail.is_empty() { more.to_owned() } else { format!("{}, {more}", self.detail) };
        Self { detail, ..self }
    }
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
    /// Whether it went through a relay of the host.
    pub relayed: bool,
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
    /// What has not happened yet; from a party to itself where it does something alone.
    Plan(Party, Party),
}

/// The fifteen rows: of an attempt, or of none yet.
pub fn rows(attempt: Option<&Walkthrough>, trace: &Trace) -> Vec<Drawn> {
    let Some(attempt) = attempt else {
        return Step::ALL.into_iter().map(planned).collect();
    };
    let drawn = |row: &StepRow| Drawn {
        step: row.step,
        status: row.status,
        verdict: row.verdict(),
        rules: rules(row),
        failure: row.shown_problem().map(|it| (it.code, it.owner)),
        took: attempt.took(row, trace),
        edited: row.notes.iter().any(|it| matches!(it, Note::Edited { .. })),
        marks: marks(attempt, row, trace),
    };
    attempt.rows.iter().map(drawn).collect()
}

/// A row of which nothing has happened.
fn planned(step: Step) -> Drawn {
    let (took, marks) = (String::new(), vec![plan(step)]);
    let status = StepStatus::Pending;
    Drawn { step, status, verdict: None, rules: None, failure: None, took, edited: false, marks }
}

fn rules(row: &StepRow) -> Option<String> {
    let names: Vec<&str> = row.findings.iter().map(|it| it.rule).collect();
    (!names.is_empty()).then(|| names.join(" "))
}

fn plan(step: Step) -> Mark {
    match step.drawing() {
        Drawing::Message(from, to) => Mark::Plan(from, to),
        Drawing::Away => Mark::Plan(Party::You, Party::Issuer),
        Drawing::Own(party) => Mark::Plan(party, party),
    }
}

fn marks(attempt: &Walkthrough, row: &StepRow, trace: &Trace) -> Vec<Mark> {
    let exchanges: Vec<&Exchange> = row.exchanges.iter().filter_map(|id| trace.exchange(*id)).collect();
    let failed = (row.status == StepStatus::Failed).then(|| culprit(&exchanges)).flatten();
    let mut marks: Vec<Mark> = own(attempt, row, trace).into_iter().collect();
    for exchange in &exchanges {
        marks.push(Mark::Exchange { id: exchange.id, failed: failed == Some(exchange.id) });
        marks.extend(preflight(exchange));
    }
    if marks.is_empty() && row.status == StepStatus::Pending {
        marks.push(plan(row.step));
    }
    marks
}

/// What a failed step failed of: what brought no answer, else what was answered last.
pub fn culprit(exchanges: &[&Exchange]) -> Option<ExchangeId> {
    let broken = exchanges.iter().find(|it| it.error.as_ref().is_some_and(|it| *it != HttpError::Aborted));
    broken.or(exchanges.last()).map(|it| it.id)
}

/// An exchange of a step as it stands now.
pub fn arrow(step: Step, id: ExchangeId, trace: &Trace) -> Option<Arrow> {
    let exchange = trace.exchange(id)?;
    let request = &exchange.request;
    let relayed = request.via.is_some();
    let said = glance::request(step, request, wire::method_of(trace, id));
    Some(Arrow {
        method: request.method.as_str(),
        url: request.url.clone(),
        status: exchange.status(),
        outcome: outcome(exchange),
        said: if relayed { said.with_detail("relayed") } else { said },
        relayed,
        is_over: exchange.ended.is_some(),
    })
}

/// What is said of a request that has not left.
pub fn request(step: Step, request: &Request) -> Said {
    glance::request(step, request, None)
}

fn outcome(exchange: &Exchange) -> Option<String> {
    match (exchange.status(), &exchange.error) {
        (Some(status), _) => Some(status),
        (None, Some(HttpError::Timeout { .. })) => Some("no response".to_owned()),
        (None, Some(HttpError::Aborted)) => Some("canceled".to_owned()),
        (None, Some(_)) => Some("interrupted".to_owned()),
        (None, None) => (!exchange.navigation).then(|| "…".to_owned()),
    }
}

/// The question that the browser asked by itself, where its answer is why nothing was shown.
fn preflight(exchange: &Exchange) -> Option<Mark> {
    let blocked = matches!(exchange.error, Some(HttpError::Blocked { .. })) && exchange.head.is_none();
    let server = exchange.step.map_or(Party::Server, |it| it.route().1);
    let (_, path, _) = words::address(&exchange.request.url);
    let said = Said { what: format!("OPTIONS {}", glance::short(path)), detail: "preflight, inferred".to_owned() };
    (blocked && exchange.request.needs_preflight()).then_some(Mark::Inferred((Party::Browser, server), said))
}

/// What a row draws beside its exchanges.
fn own(attempt: &Walkthrough, row: &StepRow, trace: &Trace) -> Option<Mark> {
    match (row.status, row.step) {
        (StepStatus::Pending, _) => None,
        (StepStatus::Skipped, _) => skipped(attempt, row.step).map(Mark::Note),
        (_, Step::Registration) if row.exchanges.is_empty() => unregistered(row).map(Mark::Note),
        (_, Step::Pkce) => (!row.facts.is_empty()).then_some(Mark::Own(Party::Client)),
        (_, Step::Consent) => attempt.away_words().map(Mark::Away),
        (_, step) => {
            let Drawing::Message(from, to) = step.drawing() else { return None };
            Some(Mark::Message((from, to), said(attempt, row, trace)?))
        }
    }
}

/// What a message says that is no exchange of its own.
fn said(attempt: &Walkthrough, row: &StepRow, trace: &Trace) -> Option<Said> {
    let last = |step: Step| attempt.row(step)?.exchanges.iter().rev().find_map(|id| trace.exchange(*id));
    match row.step {
        Step::Unauthorized => glance::challenge(last(Step::McpRequest)?),
        Step::AuthorizationUrl if !row.facts.is_empty() => {
            Some(Said { what: "authorization URL".to_owned(), detail: String::new() })
        }
        Step::Callback if !row.facts.is_empty() => {
            Some(Said { what: "redirect".to_owned(), detail: glance::names(&row.facts) })
        }
        Step::Code if !row.facts.is_empty() => Some(Said { what: "code received".to_owned(), detail: String::new() }),
        Step::Token => glance::tokens(last(Step::TokenRequest)?),
        Step::Connected => {
            let version = attempt.version.clone()?;
            let answered = last(Step::McpRequestWithToken).or_else(|| last(Step::McpRequest))?;
            Some(Said { what: answered.status()?, detail: version })
        }
        _ => None,
    }
}

/// Why steps were skipped, said once: where the first of them stands.
fn skipped(attempt: &Walkthrough, step: Step) -> Option<&'static str> {
    let why = attempt.unneeded(step)?;
    let before = attempt.rows.iter().take_while(|it| it.step != step).last();
    let said = before.and_then(|it| attempt.unneeded(it.step));
    (said != Some(why)).then(|| why.words())
}

/// Why no registration was sent, although there is a client ID.
fn unregistered(row: &StepRow) -> Option<&'static str> {
    row.notes.iter().find_map(|note| match note {
        Note::ClientByHand => Some("no request: pre-registered"),
        Note::ClientIsDocument => Some("no request: the client ID is a metadata document"),
        Note::ClientRegisteredBefore => Some("no request: registered earlier in this tab"),
        _ => None,
    })
}

impl Walkthrough {
    /// How long the person was away, or where the login is that is not over.
    fn away_words(&self) -> Option<String> {
        let away = self.away.as_ref()?;
        let host = words::host(&away.url);
        match (away.back, self.ended) {
            (Some(back), _) => {
                Some(format!("Away for {} at {host}: login and consent", format::milliseconds(back - away.left)))
            }
            (None, None) => Some(format!("Waiting for your login at {host}")),
            (None, Some(_)) => Some(format!("The browser went to {host}")),
        }
    }
}
