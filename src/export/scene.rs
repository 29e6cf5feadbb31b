//! What a picture of the latest attempt has in it: the lanes and the strokes between them, as the page draws them.

use crate::explain::card::Card;
use crate::explain::walkthrough::drawing::{self, Drawn, Mark, Said};
use crate::explain::walkthrough::words::Party;
use crate::explain::walkthrough::{self, Hosts, StepStatus, Walkthrough};
use crate::explain::wire::words;
use crate::trace::RedactedTrace;
use crate::trace::Trace;
use crate::trace::check::Verdict;
use crate::trace::step::Step;

pub struct Scene {
    pub title: String,
    pub hosts: Hosts,
    pub rows: Vec<SceneRow>,
}

/// A step of which something happened, or of which it is said why nothing did.
pub struct SceneRow {
    /// Which row of the walkthrough it is.
    pub index: usize,
    pub step: Step,
    pub failed: bool,
    /// The gravest verdict, where a rule was checked.
    pub verdict: Option<Verdict>,
    /// Its state in words.
    pub words: &'static str,
    /// What it failed of, in a line.
    pub problem: Option<String>,
    pub strokes: Vec<Stroke>,
}

pub enum Stroke {
    Message(Message),
    /// What a party does by itself.
    Own(Party, &'static str),
    /// The time away from the page.
    Away(String),
    Note(String),
}

pub struct Message {
    pub from: Party,
    pub to: Party,
    pub words: String,
    /// The status it was answered with, where it was.
    pub outcome: Option<String>,
    pub line: Line,
    pub bad: bool,
}

/// How an arrow is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// An exchange.
    Solid,
    /// An answer, or what was handed over inside the browser.
    Dashed,
    /// What no page can see.
    Inferred,
}

impl Scene {
    /// `None` where no attempt was made.
    pub fn of(trace: &RedactedTrace) -> Option<Self> {
        let trace = trace.trace();
        let attempt = Walkthrough::of(trace)?;
        let title = format!("{}: {}, {}", attempt.title(), attempt.server, attempt.progress());
        let drawn = drawing::rows(Some(&attempt), trace).into_iter().zip(&attempt.rows).enumerate();
        let drawn = drawn.map(|(at, (it, of))| SceneRow { problem: problem(of, trace), ..row(at, it, trace) });
        let rows = drawn.filter(|it| !it.strokes.is_empty()).collect();
        Some(Self { title, hosts: attempt.hosts(trace), rows })
    }

    /// The name of a lane, and whom it stands for.
    pub fn lane(&self, party: Party) -> (&'static str, Option<&str>) {
        let under = match party {
            Party::Client => Some("Flowglass"),
            Party::Server => self.hosts.server.as_deref(),
            Party::Issuer if self.hosts.issuer.is_some() && self.hosts.issuer == self.hosts.server => Some("same host"),
            Party::Issuer => self.hosts.issuer.as_deref(),
            Party::You | Party::Browser => None,
        };
        (party.title(), under)
    }
}

impl Message {
    /// Whether no answer came that a page may read.
    pub fn is_lost(&self) -> bool {
        self.outcome.as_deref().is_some_and(|it| it != "…" && words::class(Some(it)) == "blocked")
    }
}

fn problem(row: &walkthrough::StepRow, trace: &Trace) -> Option<String> {
    let failed = row.problem.as_ref().filter(|_| row.status == StepStatus::Failed);
    failed.map(|it| Card::of(trace, it).title.replace('`', ""))
}

fn row(index: usize, drawn: Drawn, trace: &Trace) -> SceneRow {
    let (step, failed, verdict) = (drawn.step, drawn.status == StepStatus::Failed, drawn.verdict);
    let words = drawn.words();
    let strokes = drawn.marks.into_iter().filter_map(|it| stroke(step, failed, it, trace)).collect();
    SceneRow { index, step, failed, verdict, words, problem: None, strokes }
}

fn stroke(step: Step, failed: bool, mark: Mark, trace: &Trace) -> Option<Stroke> {
    let message = |(from, to): (Party, Party), said: Said, line, bad| {
        let words = format!("{} {}", said.what, said.detail).trim_end().to_owned();
        Message { from, to, words, outcome: None, line, bad }
    };
    Some(match mark {
        Mark::Exchange { id, failed } => {
            let arrow = drawing::arrow(step, id, trace)?;
            let message = message(step.route(), arrow.said, Line::Solid, failed);
            Stroke::Message(Message { outcome: arrow.outcome, ..message })
        }
        Mark::Message(ends, said) => Stroke::Message(message(ends, said, Line::Dashed, failed)),
        Mark::Inferred(ends, said) => Stroke::Message(message(ends, said, Line::Inferred, false)),
        Mark::Own(party) => Stroke::Own(party, "verifier → S256 → challenge"),
        Mark::Away(words) => Stroke::Away(words),
        Mark::Note(words) => Stroke::Note(words.to_owned()),
        Mark::Plan(..) => return None,
    })
}
