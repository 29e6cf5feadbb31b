//! A trace without its secrets.

use super::secrets::Secrets;
use crate::trace::{Entry, Event, ExchangeId, Trace};
use serde_json::Value;

/// How much of a body is given away, in bytes.
const BODY: usize = 256 * 1024;
/// How many requests beside the steps are kept of an attempt, after each request of a step.
pub(super) const BESIDE: usize = 50;

/// A trace in which every secret is a mask, wherever it stood. There is no other way to make one than to redact it.
#[derive(Clone, PartialEq)]
pub struct RedactedTrace(Trace);

impl RedactedTrace {
    /// Takes the secrets out: those that are marked, those that stand under a name that says so (a header, a
    /// parameter, a member), and every other place where one of them stands again, encoded or not.
    ///
    /// It works on the written form, in which texts are masked already, so that no field of any event is forgotten.
    pub fn of(trace: &Trace) -> Self {
        Self::redacted(trace, |_| true)
    }

    /// The latest attempt alone, without most of what was asked beside its steps: what the pictures of the steps are
    /// made of, after however many calls. The secrets of the rest are known all the same.
    pub fn of_attempt(trace: &Trace) -> Self {
        let kept = Attempt::of(trace);
        Self::redacted(trace, |it| kept.has(it))
    }

    fn redacted(trace: &Trace, is_kept: impl Fn(&Entry) -> bool) -> Self {
        let mut secrets = Secrets::default();
        for text in trace.entries().iter().flat_map(|it| it.event.texts()) {
            secrets.learn_text(text);
        }
        let (kept, left): (Vec<&Entry>, Vec<&Entry>) = trace.entries().iter().partition(|it| is_kept(it));
        left.into_iter().for_each(|it| learn_left(&mut secrets, &it.event));
        let cut = kept.into_iter().map(|it| it.cut(BODY));
        let mut written: Vec<Value> = cut.filter_map(|it| serde_json::to_value(it).ok()).collect();
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

/// What stands under a name that says so in an event that is not given away: it may stand again in one that is.
fn learn_left(secrets: &mut Secrets, event: &Event) {
    match event {
        Event::Answered { head, .. } => head.headers.iter().for_each(|(name, it)| secrets.learn_pair(name, it)),
        Event::Body { body, .. } => body.text.pieces().iter().for_each(|it| secrets.learn_named(it.as_str())),
        Event::Streamed { event, .. } => secrets.learn_named(&event.data),
        Event::Sent { request, .. } => secrets.learn_named(&request.url),
        _ => {}
    }
}

/// Which entries tell the latest attempt.
struct Attempt {
    began: u32,
    /// Where this page was when it began.
    opened: Option<u32>,
    /// In order.
    exchanges: Vec<ExchangeId>,
}

impl Attempt {
    fn of(trace: &Trace) -> Self {
        let last = |is: fn(&Event) -> bool| trace.entries().iter().rev().find(|it| is(&it.event));
        let began = last(|it| matches!(it, Event::Began { .. }));
        let opened = last(|it| matches!(it, Event::Opened { .. })).map(|it| it.number);
        let first = began.and_then(|it| match it.event {
            Event::Began { first, .. } => first,
            _ => None,
        });
        let began = began.map_or(0, |it| it.number);
        let mut exchanges: Vec<ExchangeId> = first.into_iter().collect();
        let mut beside = 0;
        for entry in trace.entries().iter().filter(|it| it.number > began) {
            let Event::Sent { exchange, step, .. } = &entry.event else { continue };
            beside = if step.is_some() { 0 } else { beside + 1 };
            exchanges.extend((beside <= BESIDE).then_some(*exchange));
        }
        exchanges.sort_unstable();
        Self { began, opened, exchanges }
    }

    fn has(&self, entry: &Entry) -> bool {
        match entry.event.exchange() {
            Some(exchange) => self.exchanges.binary_search(&exchange).is_ok(),
            None => entry.number >= self.began || self.opened == Some(entry.number),
        }
    }
}
