//! S-104 to S-106: what errors say.

use super::line::{Finding, Level, Line, Party, Severity};
use super::seen::{Access, Seen, outcome, status};
use crate::base::text::fact;
use crate::explain::why::evidence::{Document, body};
use crate::trace::Exchange;
use crate::trace::audit::AuditProbe;
use crate::trace::check::Clause;

pub static LINES: [Line; 3] = [
    Line::new("S-104", "Errors reveal nothing", Level::Field, Party::Both, Severity::Security)
        .says(Clause::HttpStatus, "Bodies have no stack traces and no SQL.", "Add a generic error handler.")
        .judged(no_traces),
    Line::new("S-105", "Failures are not disguised", Level::Field, Party::Both, Severity::Interoperability)
        .says(
            Clause::McpErrors,
            "Missing authorization is not disguised as 404, nor a missing well-known URL as 401, 403 or 5xx.",
            "Correct the rules of the server, the proxy or the CDN.",
        )
        .judged(honest),
    Line::new("S-106", "Error descriptions are ASCII", Level::Must, Party::Issuer, Severity::Polish)
        .says(
            Clause::TokenError,
            "`error_description` has no characters outside of %x20-21, %x23-5B and %x5D-7E.",
            "Write `error_description` in ASCII, without quotes and backslashes.",
        )
        .judged(ascii),
];

/// What stack traces and databases write.
const TRACES: [&str; 7] = [
    "Traceback (most recent call last)",
    "node_modules/",
    "\\n    at ",
    "\n    at ",
    "SQLSTATE",
    "java.lang.",
    "System.NullReferenceException",
];

fn no_traces(seen: &Seen<'_>) -> Option<Finding> {
    let failed: Vec<&Exchange> = seen.exchanges.iter().copied().filter(|it| status(it) >= 400).collect();
    let found = failed.iter().find_map(|it| {
        let text = body(it);
        TRACES.into_iter().find(|trace| text.contains(trace)).map(|trace| (*it, trace))
    });
    Some(match found {
        Some((it, trace)) => {
            let words = format!("Likely a stack trace: `{}`. {}", trace.trim(), outcome(it));
            Finding::warn(words).by(it)
        }
        None if failed.is_empty() => Finding::not_tested("No error response could be read."),
        None => Finding::pass(format!("{} error responses were read.", failed.len())),
    })
}

fn honest(seen: &Seen<'_>) -> Option<Finding> {
    let request = seen.request().filter(|it| status(it) == 404 && seen.access == Access::Guarded);
    let none = seen.probe(AuditProbe::NoResource);
    let disguised = none.filter(|it| matches!(status(it), 401 | 403 | 500..));
    let known = request.is_some() || none.is_some_and(|it| status(it) != 0);
    Some(match request.or(disguised) {
        Some(it) => Finding::fail(outcome(it)).by(it),
        None if known => Finding::pass("Failures have their own status.").by_all(none),
        None => Finding::not_tested("No response for a path that does not exist could be read."),
    })
}

fn ascii(seen: &Seen<'_>) -> Option<Finding> {
    let asked = seen.probe(AuditProbe::TokenEndpoint)?;
    let document = Document::of(asked)?;
    let description = document.text("error_description").unwrap_or_default();
    let allowed = |it: u8| matches!(it, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    Some(match description.bytes().all(allowed) {
        true => Finding::pass("All characters are allowed.").by(asked),
        false => Finding::warn(fact(description)).by(asked),
    })
}
