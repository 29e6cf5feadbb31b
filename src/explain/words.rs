//! Facts of the trace into sentences. Nothing decides by them: they are the last step before a page, an export or a
//! report, and what is said stands here and nowhere else.

pub mod agreement;
pub mod live;
mod notes;
pub mod problems;
mod rules;
pub mod schema;
pub mod servers;
mod violations;

pub use notes::era;

use crate::base::text::sentence;
use crate::trace::note::Note;
use crate::trace::rule::Rule;
use crate::trace::violation::Breach;
use serde::Serialize;
use serde_json::Value;

/// A note as a sentence.
pub fn note(note: &Note) -> String {
    sentence(&notes::words(note))
}

/// What a rule found, as a sentence.
pub fn rule(rule: &Rule) -> String {
    sentence(&rules::words(rule))
}

/// What of the protocol was broken, in sentences.
pub fn violation(breach: &Breach) -> String {
    sentence(&format!("{}.", violations::words(breach)))
}

/// The facts of a finding as they are in a file, a name and a value each: what golden tests compare.
pub fn facts_of_rule(rule: &Rule) -> String {
    match rule {
        Rule::Refusal { found, .. } => facts(found, 1),
        rule => facts(rule, 2),
    }
}

/// The facts of a note, likewise.
pub fn facts_of_note(note: &Note) -> String {
    facts(note, 1)
}

/// So many names stand around the facts, of the area and of the finding.
fn facts(it: &impl Serialize, names: usize) -> String {
    let mut written = serde_json::to_value(it).unwrap_or_default();
    for _ in 0..names {
        let Value::Object(members) = written else { return String::new() };
        written = members.into_iter().next().map(|(_, it)| it).unwrap_or_default();
    }
    let Value::Object(facts) = written else { return String::new() };
    // Of a problem its code tells enough.
    let value = |it: Value| it.get("code").cloned().unwrap_or(it);
    facts.into_iter().map(|(name, it)| format!(" {name}={}", value(it))).collect()
}
