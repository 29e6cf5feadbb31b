//! A requirement as data: who owes it, where it is written, how it is judged.

use super::pasted::Output;
use super::seen::{Seen, status};
use crate::base::revision::Revision;
use crate::explain::fixes::Need;
use crate::trace::check::Clause;
use crate::trace::problem::Owner;
use crate::trace::{Exchange, ExchangeId};

/// What came of a line. The order is that of gravity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Pass,
    /// A page cannot see it.
    Unseen,
    NotTested,
    Warn,
    Fail,
}

impl Verdict {
    pub const ALL: [Self; 5] = [Self::Fail, Self::Warn, Self::Pass, Self::NotTested, Self::Unseen];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::NotTested => "not-tested",
            Self::Unseen => "unseen",
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            Self::Pass => "Passed",
            Self::Warn => "Warning",
            Self::Fail => "Failed",
            Self::NotTested => "Not tested",
            Self::Unseen => "Not visible",
        }
    }

    /// `3 warnings`
    pub fn counted(self, count: usize) -> String {
        match (self, count) {
            (Self::Warn, 0 | 2..) => format!("{count} warnings"),
            _ => format!("{count} {}", self.words().to_lowercase()),
        }
    }

    pub const fn sign(self) -> &'static str {
        match self {
            Self::Pass => "✓",
            Self::Warn => "!",
            Self::Fail => "✗",
            Self::NotTested => "·",
            Self::Unseen => "?",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// How strongly a document asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Must,
    MustNot,
    Should,
    /// No document asks for it; clients in the field need it.
    Field,
}

impl Level {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::MustNot => "MUST NOT",
            Self::Should => "SHOULD",
            Self::Field => "field practice",
        }
    }

    pub const fn is_required(self) -> bool {
        matches!(self, Self::Must | Self::MustNot)
    }
}

/// Whom it concerns. The order is that of weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Security,
    Interoperability,
    Browser,
    Polish,
}

impl Severity {
    pub const ALL: [Self; 4] = [Self::Security, Self::Interoperability, Self::Browser, Self::Polish];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Interoperability => "interoperability",
            Self::Browser => "browser",
            Self::Polish => "polish",
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            Self::Security => "Security",
            Self::Interoperability => "Interoperability",
            Self::Browser => "Browser",
            Self::Polish => "Polish",
        }
    }
}

/// Who has to meet it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    Server,
    Issuer,
    Both,
}

impl Party {
    pub const ALL: [Self; 3] = [Self::Server, Self::Issuer, Self::Both];

    /// As [`Owner::id`] says it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Server => Owner::Server.id(),
            Self::Issuer => Owner::Issuer.id(),
            Self::Both => "both",
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            Self::Server => Owner::Server.words(),
            Self::Issuer => Owner::Issuer.words(),
            Self::Both => "Both servers",
        }
    }
}

/// What testing it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Open,
    Cookies,
    Registration,
    Login,
    /// Further logins, popups or waiting.
    More,
    Unseen,
}

impl Phase {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Cookies => "cookies",
            Self::Registration => "registration",
            Self::Login => "login",
            Self::More => "more",
            Self::Unseen => "unseen",
        }
    }
}

pub struct Line {
    /// Stable: `S-39`.
    pub id: &'static str,
    pub title: &'static str,
    pub level: Level,
    pub party: Party,
    pub severity: Severity,
    pub phase: Phase,
    pub revisions: &'static [Revision],
    pub clause: Clause,
    pub requirement: &'static str,
    pub fix: &'static str,
    /// What can be pasted.
    pub need: Option<Need>,
    how: How,
    /// How the output of the command is judged.
    pub(super) output: Option<fn(&Output<'_>) -> Finding>,
}

/// How it gets its verdict.
#[derive(Clone, Copy)]
enum How {
    Judged(fn(&Seen<'_>) -> Option<Finding>),
    /// In a stage that needs consent. What it takes as long as the function has seen nothing of it.
    Staged(&'static str, fn(&Seen<'_>) -> Option<Finding>),
    /// What it would take.
    Takes(&'static str),
    /// The command that shows it, with the URLs of the attempt.
    Command(fn(&Seen<'_>) -> String),
}

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// 2025-03-26 to 2026-07-28: authorization came with the first of them.
const AUTHORIZED: &[Revision] = &[Revision::R2, Revision::R3, Revision::R4, Revision::R5];
/// Those with protected resource metadata.
pub const SINCE_R3: &[Revision] = &[Revision::R3, Revision::R4, Revision::R5];
pub const SINCE_R4: &[Revision] = &[Revision::R4, Revision::R5];
/// Those with sessions.
pub const SESSIONS: &[Revision] = &[Revision::R2, Revision::R3, Revision::R4];

impl Line {
    pub const fn new(id: &'static str, title: &'static str, level: Level, party: Party, severity: Severity) -> Self {
        let (requirement, fix, how) = ("", "", How::Takes("one login"));
        let (phase, revisions, clause) = (Phase::Login, AUTHORIZED, Clause::McpErrors);
        Self {
            id,
            title,
            level,
            party,
            severity,
            phase,
            revisions,
            clause,
            requirement,
            fix,
            need: None,
            how,
            output: None,
        }
    }

    /// Clause, requirement and fix.
    #[must_use]
    pub const fn says(self, clause: Clause, requirement: &'static str, fix: &'static str) -> Self {
        Self { clause, requirement, fix, ..self }
    }

    #[must_use]
    pub const fn since(self, revisions: &'static [Revision]) -> Self {
        Self { revisions, ..self }
    }

    #[must_use]
    pub const fn needs(self, need: Need) -> Self {
        Self { need: Some(need), ..self }
    }

    #[must_use]
    pub const fn judged(self, judge: fn(&Seen<'_>) -> Option<Finding>) -> Self {
        Self { phase: Phase::Open, how: How::Judged(judge), ..self }
    }

    /// Judged by what the stages with consent have shown.
    #[must_use]
    pub const fn staged(self, phase: Phase, takes: &'static str, judge: fn(&Seen<'_>) -> Option<Finding>) -> Self {
        Self { phase, how: How::Staged(takes, judge), ..self }
    }

    /// Judged by a login and what is tested with its token.
    #[must_use]
    pub const fn by_login(self, judge: fn(&Seen<'_>) -> Option<Finding>) -> Self {
        self.staged(Phase::Login, "one login", judge)
    }

    #[must_use]
    pub const fn takes(self, phase: Phase, takes: &'static str) -> Self {
        Self { phase, how: How::Takes(takes), ..self }
    }

    #[must_use]
    pub const fn unseen(self, command: fn(&Seen<'_>) -> String) -> Self {
        Self { phase: Phase::Unseen, how: How::Command(command), ..self }
    }

    /// What a page cannot see is judged by the output of the command.
    #[must_use]
    pub const fn pasted(self, output: fn(&Output<'_>) -> Finding) -> Self {
        Self { output: Some(output), ..self }
    }

    /// `None` where it does not apply.
    pub fn judge(&self, seen: &Seen<'_>) -> Option<Finding> {
        match self.how {
            How::Judged(_) if self.severity == Severity::Browser && seen.is_relayed() => {
                Some(Finding::not_tested("A relay of the host was used, so the server's CORS headers were not tried."))
            }
            How::Judged(judge) => judge(seen).map(|it| self.spared(it, seen)),
            How::Staged(takes, judge) => Some(judge(seen).map_or_else(|| untested(takes), |it| self.spared(it, seen))),
            How::Takes(takes) => Some(untested(takes)),
            How::Command(command) => Some(Finding::unseen(command(seen))),
        }
    }

    /// What testing it takes, in a sentence, where that is no matter of the server.
    pub fn takes_words(&self) -> Option<String> {
        match self.how {
            How::Staged(takes, _) | How::Takes(takes) => Some(takes_words(takes)),
            How::Judged(_) | How::Command(_) => None,
        }
    }

    /// A 429 says nothing but that there were too many requests. Whether a page can read it still counts.
    fn spared(&self, found: Finding, seen: &Seen<'_>) -> Finding {
        let limited = |it: &&Exchange| found.exchanges.contains(&it.id) && status(it) == 429;
        match seen.exchanges.iter().chain(&seen.staged).copied().find(limited) {
            Some(it) if self.severity != Severity::Browser => {
                Finding::not_tested("The host responded 429, so the audit stopped there.").by(it)
            }
            _ => found,
        }
    }

    /// Whether it matters where nobody has to log in.
    pub fn is_of_open_servers(&self) -> bool {
        let group = |lines: &[Self]| lines.iter().any(|it| it.id == self.id);
        group(&super::reachability::LINES) || group(&super::errors::LINES) || group(&super::transport::LINES)
    }
}

fn takes_words(takes: &str) -> String {
    format!("This takes {takes}.")
}

fn untested(takes: &str) -> Finding {
    Finding::new(Verdict::NotTested, takes_words(takes))
}

/// What a line found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub verdict: Verdict,
    pub seen: String,
    pub values: Option<[String; 2]>,
    pub exchanges: Vec<ExchangeId>,
    pub is_grave: bool,
}

impl Finding {
    fn new(verdict: Verdict, seen: impl Into<String>) -> Self {
        Self { verdict, seen: seen.into(), values: None, exchanges: Vec::new(), is_grave: false }
    }

    pub fn pass(seen: impl Into<String>) -> Self {
        Self::new(Verdict::Pass, seen)
    }

    pub fn warn(seen: impl Into<String>) -> Self {
        Self::new(Verdict::Warn, seen)
    }

    pub fn fail(seen: impl Into<String>) -> Self {
        Self::new(Verdict::Fail, seen)
    }

    /// Nothing was seen by which to judge.
    pub fn not_tested(seen: impl Into<String>) -> Self {
        Self::new(Verdict::NotTested, seen)
    }

    /// A page cannot see it; a command can.
    pub fn unseen(command: impl Into<String>) -> Self {
        Self::new(Verdict::Unseen, command)
    }

    #[must_use]
    pub fn by(mut self, exchange: &Exchange) -> Self {
        self.exchanges.push(exchange.id);
        self
    }

    #[must_use]
    pub fn by_all<'a>(mut self, exchanges: impl IntoIterator<Item = &'a Exchange>) -> Self {
        self.exchanges.extend(exchanges.into_iter().map(|it| it.id));
        self
    }

    #[must_use]
    pub fn differ(self, one: &str, other: &str) -> Self {
        let values = Some([one, other].map(crate::base::text::fact));
        Self { values, ..self }
    }

    #[must_use]
    pub fn grave(self) -> Self {
        Self { is_grave: true, ..self }
    }
}
