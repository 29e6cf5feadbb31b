//! The trace as the steps of the walkthrough: each with its exchanges, checks, and what the client made.
//!
//! Nothing is here that is not in the trace. A step that the machine never entered is pending, or was skipped.

pub mod cited;
pub mod decisive;
pub mod drawing;
pub mod fields;
mod glance;
mod short;
pub mod slides;
mod summary;
pub mod told;
pub mod words;

pub use summary::Hosts;

use crate::base::revision::Revision;
use crate::base::text::{Reveal, Text};
use crate::explain::why::{self, Finding};
use crate::explain::words as said;
use crate::oauth::negative::Tested;
use crate::trace::check::{Check, Verdict};
use crate::trace::note::Note;
use crate::trace::problem::Problem;
use crate::trace::step::Step;
use crate::trace::{Entry, Event, ExchangeId, Millis, Trace};
use std::fmt::Write as _;

/// How a step stands. The names are those of `data-status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepStatus {
    Pending,
    Current,
    Done,
    Failed,
    Skipped,
}

impl StepStatus {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Current => "current",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// One row of the walkthrough.
#[derive(Clone, PartialEq)]
pub struct StepRow {
    pub step: Step,
    pub status: StepStatus,
    pub exchanges: Vec<ExchangeId>,
    pub checks: Vec<Check>,
    /// What the client made by itself, or what the callback brought, by name.
    pub facts: Vec<(String, Text)>,
    pub notes: Vec<Note>,
    /// What was done wrong here on purpose, after all had gone well.
    pub tests: Vec<Tested>,
    pub problem: Option<Problem>,
    /// What the rules say of it, the gravest first.
    pub findings: Vec<Finding>,
    /// What they narrow the problem down to.
    pub likely: Option<Finding>,
}

impl StepRow {
    pub fn new(step: Step) -> Self {
        let (exchanges, checks, facts, notes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (tests, findings) = (Vec::new(), Vec::new());
        let status = StepStatus::Pending;
        Self { step, status, exchanges, checks, facts, notes, tests, problem: None, findings, likely: None }
    }

    /// What was found goes; what was on the wire stays.
    fn forget(&mut self) {
        (self.checks, self.facts, self.notes, self.problem) = (Vec::new(), Vec::new(), Vec::new(), None);
    }

    /// Nothing stays but what was sent, received and made.
    fn conceal(&mut self) {
        (self.checks, self.notes, self.tests) = (Vec::new(), Vec::new(), Vec::new());
        (self.problem, self.findings, self.likely) = (None, Vec::new(), None);
    }

    /// What failed, and whose it is as far as the rules know.
    pub fn shown_problem(&self) -> Option<Problem> {
        let problem = self.problem.clone()?;
        Some(Problem { owner: why::owner(&problem, self.likely.as_ref()), ..problem })
    }

    /// The gravest verdict, where a rule was checked.
    pub fn verdict(&self) -> Option<Verdict> {
        let failed = self.problem.as_ref().map(|_| Verdict::Fail);
        let found = self.findings.iter().map(|it| it.verdict);
        self.checks.iter().map(|it| it.verdict).chain(failed).chain(found).max()
    }
}

/// One attempt to connect, as far as it has come.
#[derive(Clone, PartialEq)]
pub struct Walkthrough {
    pub server: String,
    pub rows: Vec<StepRow>,
    pub began: Millis,
    /// When it connected or stopped.
    pub ended: Option<Millis>,
    /// When the browser left for the login, where to, and when it was back.
    pub away: Option<Away>,
    /// The protocol version that was agreed on, once connected.
    pub version: Option<String>,
    /// A reload went on with it: it took as long as it had taken before.
    resumed: bool,
    /// Whether it is a check, which ends before the login.
    pub is_check: bool,
}

#[derive(Clone, PartialEq)]
pub struct Away {
    pub url: String,
    pub left: Millis,
    pub back: Option<Millis>,
}

impl Walkthrough {
    /// The latest attempt in a trace; `None` before the first.
    pub fn of(trace: &Trace) -> Option<Self> {
        let entries = trace.entries();
        let start = entries.iter().rposition(|it| matches!(it.event, Event::Began { .. }))?;
        Self::read(entries.get(start..)?, trace)
    }

    /// The attempt that begins with the first of these entries.
    pub fn read(entries: &[Entry], trace: &Trace) -> Option<Self> {
        let (first, rest) = entries.split_first()?;
        let Event::Began { server, first: exchange } = &first.event else { return None };
        let rows = Step::ALL.into_iter().map(StepRow::new).collect();
        let (server, began) = (server.clone(), first.at);
        let mut this =
            Self { server, rows, began, ended: None, away: None, version: None, is_check: false, resumed: false };
        if let Some(row) = this.row_mut(Step::McpRequest) {
            row.exchanges.extend(exchange);
        }
        for entry in rest {
            this.take(entry);
        }
        for finding in why::findings(&this, trace) {
            this.edit(finding.step, |it| it.findings.push(finding.clone()));
        }
        let likely: Vec<_> = this.rows.iter().map(|row| why::narrowed(&this, trace, row)).collect();
        for (row, likely) in this.rows.iter_mut().zip(likely) {
            row.likely = likely;
        }
        Some(this)
    }

    /// The same without what was found out about it, for somebody who is to find that out.
    #[must_use]
    pub fn concealed(mut self) -> Self {
        self.rows.iter_mut().for_each(StepRow::conceal);
        self
    }

    pub fn row(&self, step: Step) -> Option<&StepRow> {
        self.rows.iter().rev().find(|it| it.step == step)
    }

    /// The step to look at: the failed one, else the current one, else the last that was done.
    pub fn focus(&self) -> Option<Step> {
        let with = |status| self.rows.iter().rev().find(move |it| it.status == status);
        let row = with(StepStatus::Failed).or_else(|| with(StepStatus::Current)).or_else(|| with(StepStatus::Done));
        row.map(|it| it.step)
    }

    /// The step to begin at: the failed or the current one; where all went well, the first of the story.
    pub fn opening(&self) -> Option<Step> {
        let went_well =
            |it: &StepRow| matches!(it.status, StepStatus::Done | StepStatus::Skipped | StepStatus::Pending);
        match self.rows.iter().all(went_well) {
            true => self.rows.iter().find(|it| it.status == StepStatus::Done).map(|it| it.step),
            false => self.focus(),
        }
    }

    pub fn has_failed(&self) -> bool {
        self.rows.iter().any(|it| it.status == StepStatus::Failed)
    }

    /// The revision of MCP that was negotiated.
    pub fn revision(&self) -> Option<Revision> {
        Revision::parse(self.version.as_deref()?)
    }

    /// What the rules found at a row, but what the card of a problem has already.
    pub fn findings_beside_card(&self, row: &StepRow) -> Vec<Finding> {
        let is_told = |rule: &str| {
            let mut failed = self.rows.iter().filter(|it| it.problem.is_some());
            failed.any(|it| it.likely.as_ref().is_some_and(|it| it.rule == rule))
        };
        row.findings.iter().filter(|it| !is_told(it.rule)).cloned().collect()
    }

    /// The row of a step; of one that happened several times, the last.
    fn row_mut(&mut self, step: Step) -> Option<&mut StepRow> {
        self.rows.iter_mut().rev().find(|it| it.step == step)
    }

    /// What may follow a connection has a row of its own each time.
    fn enter_later(&mut self, step: Step) {
        self.rows.push(StepRow { status: StepStatus::Current, ..StepRow::new(step) });
    }

    fn take(&mut self, entry: &Entry) {
        match &entry.event {
            Event::Entered(step) if step.is_later() => self.enter_later(*step),
            Event::Entered(step) => self.enter(*step),
            Event::Over { step, well } => self.edit(*step, |it| {
                it.status = if *well { StepStatus::Done } else { StepStatus::Failed };
            }),
            Event::Sent { exchange, step: Some(step), .. } => self.edit(*step, |it| it.exchanges.push(*exchange)),
            Event::Checked(check) => self.edit(check.step, |it| it.checks.push(check.clone())),
            Event::Made { step, facts } => self.edit(*step, |it| it.facts.clone_from(facts)),
            Event::Noted { step, note } => self.edit(*step, |it| it.notes.push(note.clone())),
            Event::Resumed => self.resumed = true,
            Event::Pasted { step, body } => self.edit(*step, |it| {
                it.notes.push(Note::Pasted);
                it.facts = vec![("answer".to_owned(), body.text.clone())];
            }),
            Event::Left { url } => self.away = Some(Away { url: url.clone(), left: entry.at, back: None }),
            Event::Returned { callback } => self.came_back(entry.at, callback.as_deref()),
            Event::Connected { version, .. } => self.connected(entry.at, version),
            Event::Stopped(problem) => self.stopped(entry.at, problem),
            Event::Examining => self.is_check = true,
            Event::Examined => self.examined(entry.at),
            Event::Disconnected => self.broken_off(entry.at),
            Event::Tested(tested) => self.tested(tested),
            _ => {}
        }
    }

    fn edit(&mut self, step: Step, edit: impl FnOnce(&mut StepRow)) {
        if let Some(row) = self.row_mut(step) {
            edit(row);
        }
    }

    /// A test is a branch of the step that it abuses; where that step was not taken, of the one that brought the token.
    fn tested(&mut self, tested: &Tested) {
        let step = Some(tested.check.step).filter(|it| self.row(*it).is_some()).unwrap_or(Step::Token);
        self.edit(step, |it| {
            it.tests.retain(|test| test.kind != tested.kind);
            it.tests.push(tested.clone());
        });
    }

    /// Arriving at a step: those before it are done, or were skipped; those after it begin anew.
    fn enter(&mut self, step: Step) {
        for row in self.rows.iter_mut().filter(|it| !it.step.is_later()) {
            // Going back to a step that was done, as for another login: it begins anew too.
            if row.step > step || (row.step == step && row.status == StepStatus::Done) {
                row.forget();
            }
            row.status = match (row.step.cmp(&step), row.status) {
                (std::cmp::Ordering::Less, StepStatus::Current | StepStatus::Failed) => StepStatus::Done,
                (std::cmp::Ordering::Less, StepStatus::Pending) => StepStatus::Skipped,
                (std::cmp::Ordering::Less, status) => status,
                (std::cmp::Ordering::Equal, _) => StepStatus::Current,
                (std::cmp::Ordering::Greater, _) => StepStatus::Pending,
            };
            if row.status == StepStatus::Current {
                row.problem = None;
            }
        }
        self.ended = self.ended.filter(|_| self.resumed);
    }

    fn came_back(&mut self, at: Millis, callback: Option<&[(String, Text)]>) {
        if let Some(away) = self.away.as_mut().filter(|it| it.back.is_none()) {
            away.back = Some(at);
        }
        // A stray callback, long after the login, says nothing about this attempt.
        let awaited = [Step::Consent, Step::Callback].into_iter().filter_map(|it| self.row(it));
        let awaited = awaited.map(|it| it.status).any(|it| it == StepStatus::Current);
        if let Some(facts) = callback.filter(|_| awaited) {
            self.edit(Step::Callback, |it| it.facts = facts.to_vec());
        }
    }

    fn connected(&mut self, at: Millis, version: &str) {
        self.enter(Step::Connected);
        self.version = Some(version.to_owned());
        self.edit(Step::Connected, |it| it.status = StepStatus::Done);
        self.ended = self.ended.or(Some(at));
    }

    /// A problem fails the step it belongs to; a problem after the connection stands fails none.
    fn stopped(&mut self, at: Millis, problem: &Problem) {
        let connected = self.row(Step::Connected).is_some_and(|it| it.status == StepStatus::Done);
        let current = self.rows.iter().find(|it| it.status == StepStatus::Current).map(|it| it.step);
        let step = problem.step.or(current).filter(|it| !connected || it.is_later());
        let Some(step) = step else { return };
        if let Some(row) = current.filter(|it| *it < step && !step.is_later()).and_then(|it| self.row_mut(it)) {
            row.status = StepStatus::Done;
        }
        self.edit(step, |it| {
            it.status = StepStatus::Failed;
            it.problem = Some(problem.clone());
        });
        self.ended = Some(at);
    }

    /// A check ends where it would register.
    fn examined(&mut self, at: Millis) {
        self.ended = Some(at);
        let Some(row) = self.rows.iter_mut().find(|it| it.status == StepStatus::Current) else { return };
        row.status = StepStatus::Done;
        row.notes.push(Note::CheckEnds);
    }

    /// The person ended the attempt before it came to an end.
    fn broken_off(&mut self, at: Millis) {
        let Some(row) = self.rows.iter_mut().find(|it| it.status == StepStatus::Current) else { return };
        row.status = StepStatus::Failed;
        row.notes.push(Note::Ended);
        self.ended = Some(at);
    }

    /// The whole as plain text, secrets masked: what golden tests compare.
    pub fn render(&self, trace: &Trace) -> String {
        let mut text = String::new();
        for row in &self.rows {
            let verdict = row.verdict().map(|it| format!(" [{}]", it.name())).unwrap_or_default();
            let _ = writeln!(text, "{} {} {}{verdict}", row.step.number(), row.step.name(), row.status.name());
            for exchange in row.exchanges.iter().filter_map(|id| trace.exchange(*id)) {
                let status = exchange.status().unwrap_or_else(|| "-".to_owned());
                let _ = writeln!(text, "    {} {} -> {status}", exchange.request.method.as_str(), exchange.request.url);
            }
            for (name, value) in row.shown_facts() {
                let _ = writeln!(text, "    {name}={}", value.write(Reveal::Masked));
            }
            for note in &row.notes {
                let _ = writeln!(text, "    - {}{}", note.id(), said::facts_of_note(note));
            }
            for check in &row.checks {
                let (verdict, rule) = (check.verdict.name(), &check.rule);
                let _ = writeln!(text, "    {verdict} {}{}", rule.id(), said::facts_of_rule(rule));
            }
            for test in &row.tests {
                let (verdict, rule) = (test.check.verdict.name(), &test.check.rule);
                let _ = writeln!(
                    text,
                    "    test {}: {verdict} {}{}",
                    test.kind.name(),
                    rule.id(),
                    said::facts_of_rule(rule)
                );
            }
            if let Some(problem) = row.shown_problem() {
                let facts = serde_json::to_string(&problem.cause).unwrap_or_default();
                let _ = writeln!(text, "    {}: {} / {facts}", problem.code.as_str(), problem.owner.words());
            }
            for it in &row.findings {
                let _ = writeln!(text, "    why {} {} ({}): {}", it.verdict.name(), it.rule, it.owner.words(), it.seen);
            }
        }
        text
    }
}
