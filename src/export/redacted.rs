//! A trace without its secrets.

use super::secrets::Secrets;
use crate::trace::{Entry, Trace};
use serde_json::Value;

/// How much of a body is given away, in bytes.
const BODY: usize = 256 * 1024;

/// A trace in which every secret is a mask, wherever it stood. There is no other way to make one than [`Self::of`].
#[derive(Clone, PartialEq)]
pub struct RedactedTrace(Trace);

impl RedactedTrace {
    /// Takes the secrets out: those that are marked, those that stand under a name that says so (a header, a
    /// parameter, a member), and every other place where one of them stands again, encoded or not.
    ///
    /// It works on the written form, in which texts are masked already, so that no field of any event is forgotten.
    pub fn of(trace: &Trace) -> Self {
        let cut: Vec<Entry> = trace.entries().iter().map(|it| it.cut(BODY)).collect();
        let mut secrets = Secrets::default();
        for text in trace.entries().iter().flat_map(|it| it.event.texts()) {
            secrets.learn_text(text);
        }
        let mut written: Vec<Value> = cut.iter().filter_map(|it| serde_json::to_value(it).ok()).collect();
        written.iter().for_each(|it| secrets.learn_value(it));
        secrets.sort();
        written.iter_mut().for_each(|it| secrets.redact(it));
        // An entry that cannot be read any more is left out: better than one that is not masked.
        let entries = written.into_iter().filter_map(|it| serde_json::from_value(it).ok());
        Self(Trace::restored(entries.collect()))
    }

    /// The same with bodies of at most so many bytes.
    #[must_use]
    pub fn short(&self, limit: usize) -> Self {
        Self(Trace::restored(self.0.entries().iter().map(|it| it.cut(limit)).collect()))
    }

    pub const fn trace(&self) -> &Trace {
        &self.0
    }
}
