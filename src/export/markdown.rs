//! The attempt as a report in Markdown: for an issue, or for whoever runs the server.

use super::line;
use crate::base::format;
use crate::base::revision::Revision;
use crate::base::text::{Reveal, Text};
use crate::explain::card::Card;
use crate::explain::walkthrough::cited::cite;
use crate::explain::walkthrough::{StepRow, StepStatus, Walkthrough};
use crate::explain::why::Finding;
use crate::explain::wire::lines::{self, Block};
use crate::explain::words;
use crate::trace::RedactedTrace;
use crate::trace::check::{Check, Verdict};
use crate::trace::{Event, Exchange, ExchangeId, Millis, StreamEvent, Trace};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How many lines of a request or an answer are written.
const LINES: usize = 60;
/// How many exchanges of a step, and events of a stream.
const EXCHANGES: usize = 20;
const EVENTS: usize = 20;

type Streams<'a> = BTreeMap<ExchangeId, Vec<&'a StreamEvent>>;

pub fn write(trace: &RedactedTrace, now: Millis) -> String {
    let trace = trace.trace();
    let mut text = String::from("# MCP authorization report\n");
    let Some(attempt) = Walkthrough::of(trace) else { return text + "\nNo requests yet.\n" };
    // What has to be changed comes first; when and how it was seen is read by whoever changes it.
    problems(&mut text, trace);
    text.push_str("\n## Run\n\n");
    let _ = writeln!(text, "- Server: {}", code(&attempt.server));
    let _ = writeln!(text, "- Outcome: {}, {}", attempt.title(), attempt.progress());
    if let Some(version) = &attempt.version {
        let _ = writeln!(text, "- Protocol version: {}", code(version));
    }
    let _ = writeln!(text, "- Started: {}", format::instant(attempt.began));
    let _ = writeln!(text, "- Written: {} by Flowglass {}", format::instant(now), env!("CARGO_PKG_VERSION"));
    text.push_str("- Secrets are masked.\n");
    overview(&mut text, &attempt, trace);
    let streams = super::streams(trace);
    for row in attempt.rows.iter().filter(|it| tells(it)) {
        step(&mut text, row, &attempt, trace, &streams);
    }
    violations(&mut text, trace, attempt.revision());
    text
}

const fn tells(row: &StepRow) -> bool {
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
        problem(text, &Card::of(trace, it));
    }
}

/// The card: title, fix, reason, evidence.
fn problem(text: &mut String, card: &Card) {
    let at = card.evidence.step.map(|step| format!(" (step {})", step.number())).unwrap_or_default();
    let _ = writeln!(text, "\n### {}{at}\n", worded(&card.title));
    let _ = writeln!(text, "- Fix: {}", worded(&card.ask()));
    let _ = writeln!(text, "- Reason: {}", worded(&card.why()));
    if let Some(values) = &card.values {
        for (name, value) in values.names.iter().zip(values.texts()) {
            let _ = writeln!(text, "  - {name}: {}", code(&value));
        }
    }
    for it in &card.evidence.observed {
        let _ = writeln!(text, "- Evidence: {}", worded(it));
    }
    let _ = writeln!(text, "- Code: {}", code(card.code.as_str()));
    if let Some(rule) = card.rule {
        let _ = writeln!(text, "- Rule: {}", code(rule));
    }
    if let Some((title, url)) = card.cited() {
        let _ = writeln!(text, "- Clause: [{}]({url})", prose(&title));
    }
    if let Some(it) = card.snippets.first() {
        let _ = write!(text, "\n{}:\n\n{}", it.framework.name(), fenced("text", &it.text));
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

fn step(text: &mut String, row: &StepRow, attempt: &Walkthrough, trace: &Trace, streams: &Streams<'_>) {
    let _ = writeln!(text, "\n## {} {} ({})", row.step.number(), row.step.title(), row.status.name());
    let told = row.step.told();
    let _ = writeln!(text, "\n{}\n\n- Why: {}\n- Without it: {}", told.what, told.why, told.without);
    for note in &row.notes {
        let _ = writeln!(text, "\n> {}", prose(&words::note(note)));
    }
    facts(text, &row.shown_facts());
    let exchanges = row.exchanges.iter().filter_map(|id| trace.exchange(*id));
    for it in exchanges.take(EXCHANGES) {
        exchange(text, it);
        events(text, streams.get(&it.id).map(Vec::as_slice).unwrap_or_default());
    }
    more(text, row.exchanges.len(), EXCHANGES, "requests");
    checks(text, &row.checks, attempt.revision());
    findings(text, &attempt.findings_beside_card(row), attempt.revision());
}

/// What is left out after so many.
fn more(text: &mut String, all: usize, written: usize, what: &str) {
    if let Some(more) = all.checked_sub(written).filter(|it| *it > 0) {
        let _ = writeln!(text, "\n{more} more {what} omitted.");
    }
}

/// The events of a stream that was the answer.
fn events(text: &mut String, events: &[&StreamEvent]) {
    for it in events.iter().take(EVENTS) {
        let id = it.id.as_deref().map(|id| format!(", id {}", code(id))).unwrap_or_default();
        let _ = writeln!(text, "\nEvent {}{id}:\n", code(&it.event));
        let _ = write!(text, "{}", block("json", &lines::message(&it.body(), Reveal::Masked)));
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
    let status = it.status().unwrap_or_else(|| "no response".to_owned());
    let took = it.took().map(|it| format!(", {}", format::milliseconds(it))).unwrap_or_default();
    let relayed = it.request.via.as_ref().map(|it| format!(", relayed by {}", code(&it.to))).unwrap_or_default();
    let _ =
        writeln!(text, "\n**{}** {} → {status}{took}{relayed}\n", it.request.method.as_str(), code(&it.request.url));
    let _ = write!(text, "{}", block("http", &lines::request(&it.request, Reveal::Masked)));
    let answer = lines::answer(it, Reveal::Masked);
    if !answer.lines.is_empty() {
        let _ = write!(text, "\n{}", block("http", &answer));
    }
    if let Some(error) = &it.error {
        let _ = writeln!(text, "\nIncomplete response: {}.", prose(&error.to_string()));
    }
}

fn block(kind: &str, block: &Block) -> String {
    let lines: Vec<String> = block.lines.iter().take(LINES).map(lines::Line::written).collect();
    let more = block.lines.len() - lines.len();
    let more = if more > 0 { format!("\n{more} more lines omitted.\n") } else { String::new() };
    let note = block.note.as_ref().map(|it| format!("\n{it}\n")).unwrap_or_default();
    fenced(kind, &lines.join("\n")) + &more + &note
}

fn checks(text: &mut String, checks: &[Check], revision: Option<Revision>) {
    for (index, check) in checks.iter().enumerate() {
        let (title, url) = cite(check.rule.clause(), revision);
        let before = if index == 0 { "\n" } else { "" };
        let (sign, words) = (sign(check.verdict), prose(&words::rule(&check.rule)));
        let _ = writeln!(text, "{before}- {sign}: {words} ([{}]({url}))", prose(&title));
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
fn findings(text: &mut String, findings: &[Finding], revision: Option<Revision>) {
    for it in findings {
        let (title, url) = cite(it.clause, revision);
        let _ = writeln!(text, "\nLikely cause ({}): {}\n", code(it.rule), sign(it.verdict));
        let _ = writeln!(text, "- Fix: {}: {}", it.owner.words(), worded(&it.fix));
        let _ = writeln!(text, "- Reason: {}", worded(&it.reason));
        let _ = writeln!(text, "- Evidence: {} ([{}]({url}))", worded(&it.seen), prose(&title));
    }
}

fn violations(text: &mut String, trace: &Trace, revision: Option<Revision>) {
    let broken = latest(trace).filter_map(|it| match it {
        Event::Violated(violation) => Some(&violation.breach),
        _ => None,
    });
    for (index, breach) in broken.enumerate() {
        if index == 0 {
            text.push_str("\n## Protocol violations\n\n");
        }
        let (title, url) = cite(breach.clause(), revision);
        let _ = writeln!(text, "- {} ([{}]({url}))", prose(&words::violation(breach)), prose(&title));
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

/// A text of this product: what stands between backticks in it is code.
fn worded(text: &str) -> String {
    let pieces = text.split('`').enumerate();
    pieces.map(|(index, it)| if index % 2 == 0 { prose(it) } else { code(it) }).collect()
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
    use crate::http::sse;
    use crate::trace::step::Step;

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
        assert!(report.contains("\n2 more events omitted.\n") && !report.contains("e-21"), "{report}");
    }
}
