//! A trace without its secrets.

use super::secrets::Secrets;
use crate::base::named;
use crate::base::text::Piece;
use crate::trace::{Body, Entry, Event, ExchangeId, Rpc, StreamEvent, Trace};
use serde::Serialize;
use serde_json::Value;

/// How much of a body is given away, in bytes.
const BODY: usize = 256 * 1024;
/// How many requests beside the steps are kept of an attempt, after each request of a step.
pub const BESIDE: usize = 50;

/// A trace in which every secret is a mask, wherever it stood. There is no other way to make one than to redact it.
#[derive(Clone, PartialEq)]
pub struct RedactedTrace(Trace);

impl RedactedTrace {
    /// Takes the secrets out: those that are marked, those that stand under a name that says so (a header, a
    /// parameter, a member), and every other place where one of them stands again, encoded or not.
    ///
    /// It masks the written form of what is without its marked secrets already, so that no field of any event is forgotten.
    pub fn of(trace: &Trace) -> Self {
        Self::redacted(trace, BODY, |_| true)
    }

    /// The latest attempt alone, without most of what was asked beside its steps: what the pictures of the steps are
    /// made of, after however many calls. The secrets of the rest are known all the same.
    pub fn of_attempt(trace: &Trace) -> Self {
        let kept = Attempt::of(trace);
        Self::redacted(trace, BODY, |it| kept.has(it))
    }

    /// All since the last connect. The secrets of the rest are known all the same.
    pub fn since_connect(trace: &Trace) -> Self {
        let kept = Attempt::since(trace, usize::MAX);
        Self::redacted(trace, BODY, |it| kept.has(it))
    }

    /// The requests of these exchanges alone. The secrets of the rest are known all the same.
    pub fn of_exchanges(trace: &Trace, ids: &[ExchangeId]) -> Self {
        let is_sent = |it: &Entry| matches!(&it.event, Event::Sent { exchange, .. } if ids.contains(exchange));
        Self::redacted(trace, usize::MAX, is_sent)
    }

    /// With bodies of at most so many bytes.
    fn redacted(trace: &Trace, limit: usize, is_kept: impl Fn(&Entry) -> bool) -> Self {
        let Masks(secrets) = Masks::of(trace);
        let kept = trace.entries().iter().filter(|it| is_kept(it));
        Self(Trace::restored(kept.filter_map(|it| masked(&secrets, it.cut(limit))).collect()))
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

/// The secrets of a trace, for texts of the same connection that are given away beside it.
pub struct Masks(Secrets);

impl Masks {
    pub fn of(trace: &Trace) -> Self {
        let mut secrets = Secrets::default();
        trace.entries().iter().for_each(|it| learn(&mut secrets, &it.event));
        secrets.sort();
        Self(secrets)
    }

    /// A text with a mask for every secret in it: those that are known, and what stands under a name that says so.
    pub fn masked(&self, text: &str) -> String {
        self.0.masked(text)
    }
}

/// An entry without secrets. One that cannot be read any more is left out: better than one that is not masked.
fn masked(secrets: &Secrets, entry: Entry) -> Option<Entry> {
    if plain(&entry.event).is_some_and(|texts| texts.into_iter().all(|it| secrets.is_none_in(it))) {
        return Some(entry);
    }
    let mut written = written(&entry.without_secrets())?;
    secrets.redact(&mut written);
    named::from_str(&written.to_string()).ok()
}

/// As it is in a file, read back: writing it straight into values would be a second serializer for all types.
fn written(it: &impl Serialize) -> Option<Value> {
    serde_json::from_str(&serde_json::to_string(it).ok()?).ok()
}

/// All texts of an event of the kinds that come by the thousand, which mostly hold no secret; `None` where the written
/// form has to be looked at. Every field is named here, so that a new one has to be thought of.
fn plain(event: &Event) -> Option<Vec<&str>> {
    Some(match event {
        Event::Ended { exchange: _ } => Vec::new(),
        Event::Body { exchange: _, body: Body { text, bytes: _, cut: _ } } => match text.pieces() {
            [] => Vec::new(),
            [Piece::Plain(text)] => vec![text],
            _ => return None,
        },
        Event::Streamed { exchange: _, event: StreamEvent { event, id, data, bytes: _, cut: _ } } => {
            [Some(event.as_str()), id.as_deref(), Some(data)].into_iter().flatten().collect()
        }
        Event::Rpc { exchange: _, rpc: Rpc { way: _, method, kind: _, id, text, bytes: _, cut: _, mark: _ } } => {
            [Some(method.as_str()), id.as_deref(), Some(text)].into_iter().flatten().collect()
        }
        _ => return None,
    })
}

/// The secrets of an event: those that are marked, and those that stand under a name that says so, in any text of it.
/// Of the events that come by the thousand the texts are listed; of every other its written form has them.
fn learn(secrets: &mut Secrets, event: &Event) {
    event.texts().into_iter().for_each(|it| secrets.learn_text(it));
    if let Some(texts) = plain(event) {
        return texts.into_iter().for_each(|it| secrets.learn_named(it));
    }
    match event {
        Event::Sent { request, .. } => {
            secrets.learn_named(&request.url);
            request.body.iter().for_each(|it| secrets.learn_named(&it.masked()));
            request.headers.iter().for_each(|(name, it)| secrets.learn_pair(name, &it.masked()));
        }
        Event::Answered { head, .. } => {
            secrets.learn_named(&head.url);
            head.headers.iter().for_each(|(name, it)| secrets.learn_pair(name, it));
        }
        other => written(&other.without_secrets()).iter().for_each(|it| secrets.learn_value(it)),
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
        Self::since(trace, BESIDE)
    }

    /// With at most so many requests beside the steps in a row.
    fn since(trace: &Trace, most: usize) -> Self {
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
            exchanges.extend((beside <= most).then_some(*exchange));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::{MASK, Text};
    use crate::http::sse;
    use crate::trace::{RpcKind, Way};

    fn streamed(data: &str) -> Event {
        let event = sse::Event { event: "message".to_owned(), data: data.to_owned(), id: None, retry: None };
        Event::Streamed { exchange: 1, event: StreamEvent::from(&event) }
    }

    fn rpc(text: &str) -> Event {
        let (method, kind) = ("tools/call".to_owned(), RpcKind::Result);
        let rpc =
            Rpc { way: Way::In, method, kind, id: None, text: text.into(), bytes: text.len(), cut: false, mark: None };
        Event::Rpc { exchange: 1, rpc }
    }

    #[test]
    fn what_is_secret_in_one_event_is_masked_in_every_other() {
        let named = r#"{"access_token":"geheim-1"}"#;
        let body = |text: &str| Event::Body { exchange: 1, body: Body::new(Text::plain(text)) };
        for source in [streamed(named), rpc(named), body(named)] {
            let mut trace = Trace::default();
            for event in [body("say geheim-1"), streamed("say geheim-1"), rpc("say geheim-1"), source] {
                trace.push(0.0, event);
            }
            let written = serde_json::to_string(RedactedTrace::of(&trace).trace().entries()).expect("JSON");
            assert!(!written.contains("geheim") && written.matches(&format!("say {MASK}")).count() == 3, "{written}");
        }
    }

    #[test]
    fn what_holds_no_secret_stays_as_it_is() {
        let mut trace = Trace::default();
        for event in [streamed("{}"), rpc("{}"), Event::Ended { exchange: 1 }, Event::Disconnected] {
            trace.push(0.0, event);
        }
        assert!(*RedactedTrace::of(&trace).trace() == trace);
    }
}
