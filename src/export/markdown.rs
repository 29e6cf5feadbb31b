//! The attempt as a report in Markdown: for an issue, or for whoever runs the server.

use super::{RedactedTrace, line};
use crate::checks::{Check, Verdict};
use crate::cors::Framework;
use crate::format;
use crate::map::Map;
use crate::problem::Problem;
use crate::text::{Reveal, Text};
use crate::trace::{Event, Exchange, ExchangeId, Millis, StreamEvent, Trace, Violation};
use crate::walkthrough::{Row, StepStatus, Walkthrough};
use crate::why::{self, Finding};
use crate::wire::lines::{self, Block};
use std::fmt::Write as _;

/// How many lines of a request or an answer are written.
const LINES: usize = 60;
/// How many exchanges of a step, and events of a stream.
const EXCHANGES: usize = 20;
const EVENTS: usize = 20;

type Streams<'a> = Map<ExchangeId, Vec<&'a StreamEvent>>;

pub fn write(trace: &RedactedTrace, now: Millis) -> String {
    let trace = trace.trace();
    let mut text = String::from("# MCP authorization report\n\n");
    let Some(attempt) = Walkthrough::of(trace) else { return text + "Nothing has happened yet.\n" };
    let _ = writeln!(text, "- Server: {}", code(&attempt.server));
    let _ = writeln!(text, "- Outcome: {}, {}", attempt.title(), attempt.progress());
    if let Some(version) = &attempt.version {
        let _ = writeln!(text, "- Protocol version: {}", code(version));
    }
    let _ = writeln!(text, "- Begun: {}", format::instant(attempt.began));
    let _ = writeln!(text, "- Written: {} by Flowglass {}", format::instant(now), env!("CARGO_PKG_VERSION"));
    text.push_str("- Secrets are masked.\n");
    problems(&mut text, trace);
    overview(&mut text, &attempt, trace);
    let streams = super::streams(trace);
    for row in attempt.rows.iter().filter(|it| tells(it)) {
        step(&mut text, row, trace, &streams);
    }
    violations(&mut text, trace);
    text
}

const fn tells(row: &Row) -> bool {
    !matches!(row.status, StepStatus::Pending | StepStatus::Skipped)
}

/// The events since the latest attempt began.
fn latest(trace: &Trace) -> impl Iterator<Item = &Event> {
    let events = trace.entries().iter().map(|it| &it.event);
    let began = trace.entries().iter().rposition(|it| matches!(it.event, Event::Began { .. })).unwrap_or_default();
    events.skip(began)
}

fn problems(text: &mut String, trace: &Trace) {
    let stopped = latest(trace).filter_map(|it| match it {
        Event::Stopped(problem) => Some(problem),
        _ => None,
    });
    for (index, it) in stopped.enumerate() {
        if index == 0 {
            text.push_str("\n## Problems\n");
        }
        problem(text, it, why::of_problem(trace, it).as_ref());
    }
}

fn problem(text: &mut String, it: &Problem, likely: Option<&Finding>) {
    let at = it.step.map(|step| format!(" (step {})", step.number())).unwrap_or_default();
    let _ = writeln!(text, "\n### {}{at}\n", prose(&it.title));
    let _ = writeln!(text, "- Code: {}", code(it.code.as_str()));
    let _ = writeln!(text, "- Seen: {}", prose(&it.seen));
    let _ = writeln!(text, "- Cause: {}", prose(&it.cause));
    let _ = writeln!(text, "- Whose: {}", it.owner.words());
    let _ = writeln!(text, "- Change: {}", prose(&it.advice));
    if let Some(likely) = likely {
        let _ = writeln!(text, "- More closely ({}): {} {}", code(likely.rule), prose(likely.cause), prose(likely.fix));
    }
    if let Some((title, url)) = it.clause.map(|it| it.cite()) {
        let _ = writeln!(text, "- Clause: [{}]({url})", prose(title));
    }
    if let Some(fix) = &it.fix {
        let _ = write!(text, "\n{}", fenced("http", &fix.written(Framework::Headers)));
    }
}

fn overview(text: &mut String, attempt: &Walkthrough, trace: &Trace) {
    text.push_str("\n## Steps\n\n| | step | status | verdict | took |\n|---|---|---|---|---|\n");
    for row in &attempt.rows {
        let (number, title, status) = (row.step.number(), row.step.title(), row.status.name());
        let verdict = row.verdict().map(Verdict::name).unwrap_or_default();
        let _ = writeln!(text, "| {number} | {title} | {status} | {verdict} | {} |", attempt.took(row, trace));
    }
}

fn step(text: &mut String, row: &Row, trace: &Trace, streams: &Streams<'_>) {
    let _ = writeln!(text, "\n## {} {} ({})", row.step.number(), row.step.title(), row.status.name());
    let _ = writeln!(text, "\n{}", row.step.explanation());
    for note in &row.notes {
        let _ = writeln!(text, "\n> {}", prose(note));
    }
    facts(text, &row.shown_facts());
    let exchanges = row.exchanges.iter().filter_map(|id| trace.exchange(*id));
    for it in exchanges.take(EXCHANGES) {
        exchange(text, it);
        events(text, streams.get(&it.id).map(Vec::as_slice).unwrap_or_default());
    }
    more(text, row.exchanges.len(), EXCHANGES, "requests");
    checks(text, &row.checks);
    findings(text, &row.findings);
}

/// What is left out after so many.
fn more(text: &mut String, all: usize, written: usize, what: &str) {
    if let Some(more) = all.checked_sub(written).filter(|it| *it > 0) {
        let _ = writeln!(text, "\n{more} more {what} are not written here.");
    }
}

/// The events of a stream that was the answer.
fn events(text: &mut String, events: &[&StreamEvent]) {
    for it in events.iter().take(EVENTS) {
        let id = it.id.as_deref().map(|id| format!(", id {}", code(id))).unwrap_or_default();
        let _ = writeln!(text, "\nEvent {}{id}:\n", code(&it.event));
        let _ = write!(text, "{}", block("json", &lines::message(&it.body())));
    }
    more(text, events.len(), EVENTS, "events");
}

fn facts(text: &mut String, facts: &[(String, Text)]) {
    for (index, (name, value)) in facts.iter().enumerate() {
        let before = if index == 0 { "\n" } else { "" };
        let _ = writeln!(text, "{before}- {} = {}", code(name), code(&value.masked()));
    }
}

fn exchange(text: &mut String, it: &Exchange) {
    let status = it.status().unwrap_or_else(|| "no answer seen".to_owned());
    let took = it.took().map(|it| format!(", {}", format::milliseconds(it))).unwrap_or_default();
    let _ = writeln!(text, "\n**{}** {} → {status}{took}\n", it.request.method.as_str(), code(&it.request.url));
    let _ = write!(text, "{}", block("http", &lines::request(&it.request, Reveal::Masked)));
    let answer = lines::answer(it, Reveal::Masked);
    if !answer.lines.is_empty() {
        let _ = write!(text, "\n{}", block("http", &answer));
    }
    if let Some(error) = &it.error {
        let _ = writeln!(text, "\nNo whole answer: {}.", prose(&error.to_string()));
    }
}

fn block(kind: &str, block: &Block) -> String {
    let lines: Vec<String> = block.lines.iter().take(LINES).map(lines::Line::written).collect();
    let more = block.lines.len() - lines.len();
    let more = if more > 0 { format!("\n{more} more lines are not written here.\n") } else { String::new() };
    let note = block.note.as_ref().map(|it| format!("\n{it}\n")).unwrap_or_default();
    fenced(kind, &lines.join("\n")) + &more + &note
}

fn checks(text: &mut String, checks: &[Check]) {
    for (index, check) in checks.iter().enumerate() {
        let (title, url) = check.clause.cite();
        let before = if index == 0 { "\n" } else { "" };
        let (sign, words) = (sign(check.verdict), prose(&check.words));
        let _ = writeln!(text, "{before}- {sign}: {words} ([{}]({url}))", prose(title));
    }
}

const fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✓ passed",
        Verdict::Warn => "! warning",
        Verdict::Fail => "✗ failed",
    }
}

/// What the rules say of the step.
fn findings(text: &mut String, findings: &[Finding]) {
    for it in findings {
        let (title, url) = it.clause.cite();
        let _ = writeln!(text, "\nWhy ({}): {}\n", code(it.rule), sign(it.verdict));
        let _ = writeln!(text, "- Seen: {}", prose(&it.seen));
        let _ = writeln!(text, "- Cause: {}", prose(it.cause));
        let _ = writeln!(text, "- Whose: {}", it.owner.words());
        let _ = writeln!(text, "- Change: {} ([{}]({url}))", prose(it.fix), prose(title));
    }
}

fn violations(text: &mut String, trace: &Trace) {
    let broken = latest(trace).filter_map(|it| match it {
        Event::Violated(violation) => Some(violation),
        _ => None,
    });
    for (index, Violation { clause, words, .. }) in broken.enumerate() {
        if index == 0 {
            text.push_str("\n## Rules of the protocol that were broken\n\n");
        }
        let (title, url) = clause.cite();
        let _ = writeln!(text, "- {} ([{}]({url}))", prose(words), prose(title));
    }
}

/// Foreign text as prose: nothing of it is markup, and it stays on its line.
fn prose(text: &str) -> String {
    let mut written = String::new();
    for it in line(text).chars() {
        match it {
            '<' => written.push_str("&lt;"),
            '&' => written.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '#' | '|' | '~' | '!' | '>' | '@' => {
                written.extend(['\\', it]);
            }
            _ => written.push(it),
        }
    }
    written
}

/// Foreign text as code, between more backticks than it has in a row.
fn code(text: &str) -> String {
    let ticks = "`".repeat(ticks(text) + 1);
    let text = line(text);
    let space = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

fn fenced(kind: &str, text: &str) -> String {
    let fence = "`".repeat(ticks(text).max(2) + 1);
    format!("{fence}{kind}\n{text}\n{fence}\n")
}

/// The longest run of backticks.
fn ticks(text: &str) -> usize {
    text.split(|it| it != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Request;
    use crate::sse;
    use crate::step::Step;

    #[test]
    fn foreign_text_is_no_markup() {
        assert_eq!(prose("<b>[x](y)\n# `z`"), "&lt;b\\>\\[x\\]\\(y\\) \\# \\`z\\`");
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(fenced("", "```\nx"), "````\n```\nx\n````\n");
    }

    #[test]
    fn an_answer_that_came_as_a_stream_is_written_event_by_event() {
        let mut trace = Trace::default();
        trace.push(0.0, Event::Began { server: "https://a/mcp".to_owned(), first: None });
        trace.push(0.0, Event::Entered(Step::Connected));
        trace.push(
            1.0,
            Event::Sent { exchange: 1, step: Some(Step::Connected), request: Request::get("https://a/mcp") },
        );
        for number in 1..=EVENTS + 2 {
            let event = sse::Event {
                event: "message".to_owned(),
                data: format!("{{\"id\":{number}}}"),
                id: Some(format!("e-{number}")),
                retry: None,
            };
            trace.push(2.0, Event::Streamed { exchange: 1, event: StreamEvent::from(&event) });
        }
        let report = write(&RedactedTrace::of(&trace), 3.0);
        assert!(report.contains("\nEvent `message`, id `e-1`:\n\n```json\n{\n  \"id\": 1\n}\n```\n"), "{report}");
        assert!(report.contains("\n2 more events are not written here.\n") && !report.contains("e-21"), "{report}");
    }
}
