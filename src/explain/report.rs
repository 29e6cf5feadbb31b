//! The report of a check without logging in: what a browser can see of a server, for whoever writes it.
//!
//! It is drawn from the trace like every other view. Three things are kept apart: what was proven, what is likely, and
//! what was not tried.

mod cors;
mod sections;

use crate::base::revision::Revision;
use crate::explain::card::Card;
use crate::explain::walkthrough::cited::cite;
use crate::explain::walkthrough::{Row, Walkthrough};
use crate::explain::why::Finding;
use crate::explain::why::evidence::Evidence;
use crate::trace::check::{Clause, Verdict};
use crate::trace::fix::Fix;
use crate::trace::problem::Problem;
use crate::trace::rule::Rule;
use crate::trace::rule::discovery::Discovery;
use crate::trace::step::Step;
use crate::trace::{Millis, Trace};
use std::fmt::Write as _;

/// One thing that was looked at. Without a verdict it is a fact, or was not tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub verdict: Option<Verdict>,
    pub words: String,
    pub clause: Option<Clause>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// For tests and links.
    pub name: &'static str,
    pub title: &'static str,
    pub lines: Vec<Line>,
}

#[derive(Clone, PartialEq)]
pub struct Report {
    pub server: String,
    /// The origin of the page that asked: CORS may answer another one otherwise.
    pub page: String,
    pub began: Millis,
    pub is_over: bool,
    /// The server wants a token, so a check sees nothing of what follows the login.
    pub wants_login: bool,
    pub sections: Vec<Section>,
    /// No metadata was found: whether anybody registers at the fixed addresses was not tried.
    pub guesses: bool,
    /// What stopped the check, where something did.
    pub problem: Option<Problem>,
    /// The same as it is shown.
    pub card: Option<Card>,
    /// The revision of MCP that was negotiated, in which clauses are cited.
    pub revision: Option<Revision>,
    /// What else the rules found.
    pub findings: Vec<Finding>,
    /// The header lines that the server lacks, or likely lacks.
    pub fix: Option<Fix>,
}

impl Line {
    pub fn fact(words: impl Into<String>) -> Self {
        Self { verdict: None, words: words.into(), clause: None }
    }

    pub fn judged(verdict: Verdict, clause: Clause, words: impl Into<String>) -> Self {
        Self { verdict: Some(verdict), words: words.into(), clause: Some(clause) }
    }

    /// What stands before the words.
    pub const fn sign(&self) -> &'static str {
        match self.verdict {
            Some(Verdict::Pass) => "✓",
            Some(Verdict::Warn) => "!",
            Some(Verdict::Fail) => "✗",
            None => "·",
        }
    }
}

impl Report {
    /// The report of the latest attempt, if that is a check.
    pub fn of(trace: &Trace) -> Option<Self> {
        let attempt = Walkthrough::of(trace).filter(|it| it.is_check)?;
        let evidence = Evidence::gather(&attempt, trace);
        let sections = sections::all(&evidence);
        let stopped = attempt.rows.iter().find_map(|it| it.problem.as_ref());
        let card = stopped.map(|it| Card::of(trace, it));
        let told = card.as_ref().and_then(|it| it.rule);
        let mut findings: Vec<Finding> = attempt.rows.iter().flat_map(|it| it.findings.clone()).collect();
        findings.retain(|it| Some(it.rule) != told);
        findings.sort_by_key(|it| std::cmp::Reverse(it.verdict));
        Some(Self {
            server: attempt.server.clone(),
            page: evidence.page.unwrap_or_default().to_owned(),
            began: attempt.began,
            is_over: attempt.ended.is_some(),
            wants_login: attempt.version.is_none(),
            guesses: guesses(&attempt),
            revision: attempt.revision(),
            problem: attempt.rows.iter().find_map(Row::shown_problem),
            card,
            sections,
            findings,
            fix: cors::fix(&evidence),
        })
    }

    /// Whether a line or a finding has that verdict.
    fn has(&self, verdict: Verdict) -> bool {
        let mut lines = self.sections.iter().flat_map(|it| &it.lines);
        lines.any(|it| it.verdict == Some(verdict)) || self.findings.iter().any(|it| it.verdict == verdict)
    }

    /// The whole in one sentence.
    pub fn summary(&self) -> String {
        match &self.card {
            Some(card) => format!("Stopped: {}", card.title),
            None if self.has(Verdict::Fail) => "The server needs changes".to_owned(),
            None if self.guesses => "No metadata found: whether a client can log in is unknown".to_owned(),
            None => self.good(self.has(Verdict::Warn)).to_owned(),
        }
    }

    /// It promises no more than was looked at.
    const fn good(&self, warns: bool) -> &'static str {
        match (self.wants_login, warns) {
            (true, false) => "No problems found before the login",
            (true, true) => "No problems found before the login, with warnings",
            (false, false) => "No problems found",
            (false, true) => "No problems found, with warnings",
        }
    }

    /// The report to paste into an issue. What servers sent stands in it as text.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "# Check of {}\n", plain(&self.server));
        let _ = writeln!(
            text,
            "Checked from {}, {}, without login or client registration.\n",
            plain(&self.page),
            utc(self.began)
        );
        let _ = writeln!(text, "**{}.**", plain(&self.summary()));
        for section in &self.sections {
            let _ = writeln!(text, "\n## {}\n", section.title);
            for line in &section.lines {
                let _ = writeln!(text, "- {} {}{}", line.sign(), plain(&line.words), link(line.clause, self.revision));
            }
        }
        if let Some(card) = &self.card {
            let _ = writeln!(text, "\n## Problem that stopped the check\n");
            let _ = writeln!(text, "**{}** (`{}`)\n", worded(&card.title), card.code.as_str());
            let _ = writeln!(text, "- Fix: {}", worded(&card.ask()));
            let _ = writeln!(text, "- Reason: {}", worded(&card.why()));
            for it in &card.evidence.observed {
                let _ = writeln!(text, "- Evidence: {}", worded(it));
            }
        }
        self.write_findings(&mut text);
        self.write_fix(&mut text);
        text
    }

    /// What the problem says is missing stands before what was found out by the way.
    fn write_fix(&self, text: &mut String) {
        let stopped = self.card.as_ref().and_then(|it| it.headers.as_ref());
        let Some(fix) = stopped.or(self.fix.as_ref()) else { return };
        text.push_str("\n## Headers to add\n\nTo every response, including errors and the preflight (OPTIONS):\n");
        let _ = writeln!(text, "\n```http\n{}\n```", fix.headers().trim_end());
    }

    fn write_findings(&self, text: &mut String) {
        if self.findings.is_empty() {
            return;
        }
        text.push_str("\n## Fixes\n");
        for it in &self.findings {
            let _ = writeln!(text, "\n### {} (`{}`, step {})\n", it.owner.words(), it.rule, it.step.number());
            let _ = writeln!(
                text,
                "- Fix: {}\n- Reason: {}\n- Evidence: {}{}",
                worded(&it.fix),
                worded(&it.reason),
                plain(&it.seen),
                link(Some(it.clause), self.revision)
            );
        }
    }
}

/// Whether the flow arrived at registrations with nothing but the fixed addresses of 2025-03-26.
fn guesses(attempt: &Walkthrough) -> bool {
    let fallback =
        |row: &Row| row.checks.iter().any(|it| matches!(it.rule, Rule::Discovery(Discovery::DefaultEndpoints)));
    attempt.row(Step::ServerMetadata).is_some_and(fallback)
}

fn link(clause: Option<Clause>, revision: Option<Revision>) -> String {
    clause.map(|it| cite(it, revision)).map(|(title, url)| format!(" ([{title}]({url}))")).unwrap_or_default()
}

/// A text of this product: what stands between backticks in it is code.
fn worded(text: &str) -> String {
    let piece = |(index, it): (usize, &str)| match index % 2 {
        0 => plain(it),
        _ => format!("`{}`", it.replace(char::is_control, " ")),
    };
    text.split('`').enumerate().map(piece).collect()
}

/// Foreign text as text: no markup of Markdown or HTML, and no line of its own.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' => plain.extend(['\\', char]),
            _ if char.is_control() => plain.push(' '),
            _ => plain.push(char),
        }
    }
    plain
}

/// `2026-01-31 09:05 UTC`.
fn utc(at: Millis) -> String {
    let minutes = (at / 60_000.0).floor() as i64;
    let (days, minute) = (minutes.div_euclid(1440), minutes.rem_euclid(1440));
    // Civil from days, after Howard Hinnant.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let (day, month) = (day_of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year}-{month:02}-{day:02} {:02}:{:02} UTC", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(utc(0.0), "1970-01-01 00:00 UTC");
        assert_eq!(utc(1_709_164_800_000.0), "2024-02-29 00:00 UTC");
        assert_eq!(utc(1_790_000_000_000.0), "2026-09-21 14:13 UTC");
    }

    #[test]
    fn what_a_server_says_is_no_markup() {
        assert_eq!(plain("<b>`x`\n# [a](b)"), "\\<b\\>\\`x\\` \\# \\[a\\](b)");
    }
}
