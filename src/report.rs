//! The report of a check without logging in: what a browser can see of a server, for whoever writes it.
//!
//! It is drawn from the trace like every other view. Three things are kept apart: what was proven, what is likely, and
//! what was not tried.

mod cors;
mod sections;

use crate::checks::{Clause, Verdict};
use crate::cors::{Fix, Framework};
use crate::problem::Problem;
use crate::trace::{Millis, Trace};
use crate::walkthrough::{Row, Walkthrough};
use crate::why::Finding;
use crate::why::evidence::Evidence;
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
    /// What stopped the check, where something did.
    pub problem: Option<Problem>,
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
        let mut findings: Vec<Finding> = attempt.rows.iter().flat_map(|it| it.findings.clone()).collect();
        findings.sort_by_key(|it| std::cmp::Reverse(it.verdict));
        Some(Self {
            server: attempt.server.clone(),
            page: evidence.page.unwrap_or_default().to_owned(),
            began: attempt.began,
            is_over: attempt.ended.is_some(),
            wants_login: attempt.version.is_none(),
            problem: attempt.rows.iter().find_map(Row::shown_problem),
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
        match &self.problem {
            Some(problem) => format!("Stopped: {}", problem.title),
            None if self.has(Verdict::Fail) => "Something has to change".to_owned(),
            None => self.good(self.has(Verdict::Warn)).to_owned(),
        }
    }

    /// It promises no more than was looked at.
    const fn good(&self, warns: bool) -> &'static str {
        match (self.wants_login, warns) {
            (true, false) => "Nothing wrong was found before the login",
            (true, true) => "Nothing stops a client before the login, with warnings",
            (false, false) => "Nothing is wrong",
            (false, true) => "Works, with warnings",
        }
    }

    /// The report to paste into an issue. What servers sent stands in it as text.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "# Check of {}\n", plain(&self.server));
        let _ = writeln!(
            text,
            "From a page at {}, {}. Nobody logged in and nothing was registered.\n",
            plain(&self.page),
            utc(self.began)
        );
        let _ = writeln!(text, "**{}.**", plain(&self.summary()));
        for section in &self.sections {
            let _ = writeln!(text, "\n## {}\n", section.title);
            for line in &section.lines {
                let _ = writeln!(text, "- {} {}{}", line.sign(), plain(&line.words), link(line.clause));
            }
        }
        if let Some(problem) = &self.problem {
            let _ = writeln!(text, "\n## What stopped the check\n");
            let _ = writeln!(
                text,
                "**{}** (`{}`). {} {}\n",
                plain(&problem.title),
                problem.code.as_str(),
                plain(&problem.seen),
                problem.cause
            );
            let _ = writeln!(text, "Change: {}", plain(&problem.advice));
        }
        self.write_findings(&mut text);
        self.write_fix(&mut text);
        text
    }

    /// What the problem says is missing stands before what was found out by the way.
    fn write_fix(&self, text: &mut String) {
        let Some(fix) = self.problem.as_ref().and_then(|it| it.fix.as_ref()).or(self.fix.as_ref()) else { return };
        text.push_str("\n## Header lines to paste\n\nFor every answer, errors and the preflight (OPTIONS) included:\n");
        let _ = writeln!(text, "\n```http\n{}\n```", fix.written(Framework::Headers).trim_end());
    }

    fn write_findings(&self, text: &mut String) {
        if self.findings.is_empty() {
            return;
        }
        text.push_str("\n## What to change\n");
        for it in &self.findings {
            let _ = writeln!(text, "\n### {} (`{}`, step {})\n", it.owner.words(), it.rule, it.step.number());
            let _ = writeln!(
                text,
                "- Seen: {}\n- Cause: {}\n- Change: {}{}",
                plain(&it.seen),
                it.cause,
                it.fix,
                link(Some(it.clause))
            );
        }
    }
}

fn link(clause: Option<Clause>) -> String {
    clause.map(Clause::cite).map(|(title, url)| format!(" ([{title}]({url}))")).unwrap_or_default()
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
