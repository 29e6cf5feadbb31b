//! All that went into and out of the machines, in order: what every page draws from.
//!
//! A [`Trace`] only grows. It keeps an index of its exchanges, so that pages need not search.

pub mod audit;
mod ceiling;
pub mod check;
mod event;
mod exchange;
pub mod fix;
pub mod negative;
pub mod note;
pub mod problem;
pub mod quota;
mod redacted;
pub mod rule;
mod secrets;
pub mod step;
pub mod violation;

pub use ceiling::{Ceiling, Dropped};
pub use event::{Body, Event, Mark, Rpc, RpcKind, StreamEvent, Way};
pub use exchange::{Answered, Asked, Exchange};
pub use redacted::{BESIDE, Masks, RedactedTrace};
pub use secrets::Secrets;
pub use violation::Violation;

use crate::base::text::Text;
use crate::http::Request;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Milliseconds since the Unix epoch, as the browser's clock gives them.
pub type Millis = f64;

/// The number of a request and all that came back for it. Unique in a trace.
pub type ExchangeId = u32;

/// How much of a body is kept outside memory, in bytes.
pub const STORED: usize = 16 * 1024;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Counts up from 1.
    pub number: u32,
    pub at: Millis,
    pub event: Event,
}

/// The entries and an index of them.
#[derive(Clone, Default, PartialEq)]
pub struct Trace {
    entries: Vec<Entry>,
    exchanges: BTreeMap<ExchangeId, Exchange>,
    /// The exchanges whose JSON-RPC request has no response yet, by its id. Where two have one id, it is the later one.
    asked: BTreeMap<String, ExchangeId>,
    /// Responses that came on another exchange than their request, by the number of their entry.
    elsewhere: BTreeMap<u32, ExchangeId>,
    last: u32,
    last_exchange: ExchangeId,
    /// How much text of bodies, events and messages the entries hold, in bytes.
    bytes: usize,
    /// Before this place there is none.
    whole_from: usize,
    dropped: Dropped,
}

/// What a trace held before it was cleared.
pub struct Cleared {
    entries: Vec<Entry>,
    dropped: Dropped,
}

impl Cleared {
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl Trace {
    /// A trace as it was kept; numbers go on after the last one.
    pub fn restored(entries: Vec<Entry>) -> Self {
        let mut trace = Self::default();
        for entry in entries {
            trace.put(entry);
        }
        trace
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn exchange(&self, id: ExchangeId) -> Option<&Exchange> {
        self.exchanges.get(&id)
    }

    pub fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.exchanges.values()
    }

    /// How many there are.
    pub fn exchange_count(&self) -> usize {
        self.exchanges.len()
    }

    /// The same, the newest first.
    pub fn newest(&self) -> impl Iterator<Item = &Exchange> {
        self.exchanges.values().rev()
    }

    /// The exchange that the message of an entry answers, where it came on another one.
    pub fn answered_elsewhere(&self, number: u32) -> Option<ExchangeId> {
        self.elsewhere.get(&number).copied()
    }

    /// The number for the next exchange.
    pub fn next_exchange(&mut self) -> ExchangeId {
        self.last_exchange += 1;
        self.last_exchange
    }

    /// The number that the last exchange got.
    pub const fn last_exchange(&self) -> ExchangeId {
        self.last_exchange
    }

    pub fn push(&mut self, at: Millis, event: Event) {
        let number = self.last + 1;
        self.put(Entry { number, at, event });
    }

    /// Forgets everything but the numbers, so that none is given twice. Gives what it held.
    pub fn clear(&mut self) -> Cleared {
        let cleared = Cleared { entries: std::mem::take(&mut self.entries), dropped: self.dropped };
        (self.bytes, self.whole_from, self.dropped) = (0, 0, Dropped::default());
        self.exchanges.retain(|_, it| it.ended.is_none() && it.error.is_none() && !it.navigation);
        self.asked.retain(|_, it| self.exchanges.contains_key(it));
        self.elsewhere.clear();
        cleared
    }

    /// Puts what was cleared before what has come since.
    pub fn put_back(&mut self, cleared: Cleared) {
        let newer = std::mem::take(self);
        (self.last, self.last_exchange) = (newer.last, newer.last_exchange);
        self.dropped = Dropped {
            texts: cleared.dropped.texts + newer.dropped.texts,
            entries: cleared.dropped.entries + newer.dropped.entries,
        };
        for entry in cleared.entries.into_iter().chain(newer.entries) {
            self.put(entry);
        }
    }

    fn put(&mut self, entry: Entry) {
        self.last = self.last.max(entry.number);
        self.index(&entry);
        self.bytes += entry.bytes();
        self.entries.push(entry);
        self.keep_below(Ceiling::USUAL);
    }

    fn index(&mut self, entry: &Entry) {
        if let Event::Sent { exchange, step, request } = &entry.event {
            self.last_exchange = self.last_exchange.max(*exchange);
            let sent = Exchange::sent(entry.number, entry.at, *exchange, *step, request);
            self.exchanges.insert(*exchange, sent);
            return;
        }
        let Some(known) = entry.event.exchange().and_then(|id| self.exchanges.get_mut(&id)) else { return };
        known.take(entry.at, &entry.event);
        let Event::Rpc { exchange, rpc } = &entry.event else { return };
        match (rpc.way, rpc.kind) {
            (Way::Out, RpcKind::Request) => self.asked.extend(rpc.id.clone().map(|id| (id, *exchange))),
            (Way::In, RpcKind::Result | RpcKind::Error) => self.answered(entry, *exchange, rpc),
            _ => {}
        }
    }

    /// A response: it belongs to the request with its id, of this exchange or of one that still waits. A response without
    /// an id can only be one to the request of this very exchange.
    fn answered(&mut self, entry: &Entry, carrier: ExchangeId, rpc: &Rpc) {
        let here = self.exchanges.get(&carrier).and_then(Exchange::rpc_id);
        let asker = match rpc.id.as_deref() {
            Some(id) if here != Some(id) => self.asked.get(id).copied(),
            _ => here.map(|_| carrier),
        };
        let known = asker.and_then(|it| self.exchanges.get_mut(&it)).filter(|it| it.answer.is_none());
        let Some(known) = known else { return };
        let (at, kind, mark, bytes) = (entry.at, rpc.kind, rpc.mark, rpc.bytes);
        known.answer = Some(Answered { number: entry.number, exchange: carrier, at, kind, mark, bytes });
        if let Some(id) = known.rpc_id() {
            self.asked.remove(id);
        }
        if known.id != carrier {
            self.elsewhere.insert(entry.number, known.id);
        }
    }
}

impl Entry {
    /// The entry as it is kept in `sessionStorage`: bodies cut at [`STORED`] bytes.
    #[must_use]
    pub fn stored(&self) -> Self {
        self.cut(STORED)
    }

    /// The entry with bodies of at most so many bytes.
    #[must_use]
    pub fn cut(&self, limit: usize) -> Self {
        let event = match &self.event {
            Event::Body { exchange, body } => Event::Body { exchange: *exchange, body: body.cut(limit) },
            Event::Pasted { step, body } => Event::Pasted { step: *step, body: body.cut(limit) },
            Event::Streamed { exchange, event } => Event::Streamed { exchange: *exchange, event: event.cut(limit) },
            Event::Sent { exchange, step, request } => {
                let body = request.body.as_ref().map(|it| it.head(limit));
                let request = Request { body, ..request.clone() };
                Event::Sent { exchange: *exchange, step: *step, request }
            }
            other => other.clone(),
        };
        Self { number: self.number, at: self.at, event }
    }

    /// The same without its secrets, for a tab that is to keep none.
    #[must_use]
    pub fn stored_masked(&self) -> Self {
        let Self { number, at, event } = self.stored();
        Self { number, at, event: event.map_texts(|it| Text::plain(it.masked())) }
    }

    /// As it may be given away.
    #[must_use]
    pub fn without_secrets(&self) -> Self {
        Self { number: self.number, at: self.at, event: self.event.without_secrets() }
    }

    /// Whether it may be dropped first where the storage is full.
    pub const fn is_bulk(&self) -> bool {
        matches!(self.event, Event::Body { .. } | Event::Streamed { .. } | Event::Rpc { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Head, HttpError};
    use crate::trace::step::Step;

    fn sent(exchange: ExchangeId) -> Event {
        Event::Sent { exchange, step: None, request: Request::get("https://a/") }
    }

    #[test]
    fn an_exchange_gathers_what_belongs_to_it() {
        let mut trace = Trace::default();
        let id = trace.next_exchange();
        trace.push(1.0, sent(id));
        assert_eq!(trace.exchange(id).and_then(Exchange::status), None);
        let head = Head { status: 204, url: String::new(), redirected: false, headers: Vec::new() };
        trace.push(2.0, Event::Answered { exchange: id, head });
        trace.push(3.0, Event::Ended { exchange: id });
        let exchange = trace.exchange(id).expect("known");
        assert_eq!((exchange.status().as_deref(), exchange.took()), (Some("204"), Some(2.0)));
    }

    fn message(way: Way, kind: RpcKind, id: Option<&str>) -> Rpc {
        let (method, text) = ("ping".to_owned(), "{}".into());
        Rpc { way, method, kind, id: id.map(str::to_owned), text, bytes: 2, cut: false, mark: None }
    }

    #[test]
    fn a_response_belongs_to_its_request_on_whichever_exchange_it_comes() {
        let mut trace = Trace::default();
        trace.push(1.0, sent(1));
        for (exchange, id) in [(2, "7"), (3, "8"), (4, "7")] {
            let body = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#);
            let request = Request::get("https://a/").body(Text::plain(body.as_str()));
            trace.push(1.0, Event::Sent { exchange, step: None, request });
            trace.push(1.0, Event::Rpc { exchange, rpc: message(Way::Out, RpcKind::Request, Some(id)) });
        }
        let answers = [(1, RpcKind::Result, Some("8")), (2, RpcKind::Result, Some("7")), (4, RpcKind::Error, None)];
        for (exchange, kind, id) in answers {
            trace.push(5.0, Event::Rpc { exchange, rpc: message(Way::In, kind, id) });
        }
        let carrier = |id| trace.exchange(id).and_then(|it| it.answer.as_ref()).map(|it| (it.exchange, it.kind));
        assert_eq!(carrier(1), None);
        assert_eq!((carrier(2), carrier(3)), (Some((2, RpcKind::Result)), Some((1, RpcKind::Result))));
        assert_eq!(carrier(4), Some((4, RpcKind::Error)));
        assert_eq!((trace.answered_elsewhere(8), trace.answered_elsewhere(9)), (Some(3), None));
    }

    #[test]
    fn what_the_browser_hid_is_said_to_be_blocked() {
        let mut trace = Trace::default();
        trace.push(1.0, sent(1));
        trace.push(2.0, Event::Failed { exchange: 1, error: HttpError::Blocked { said: String::new() } });
        assert_eq!(trace.exchange(1).and_then(Exchange::status).as_deref(), Some("blocked"));
    }

    #[test]
    fn a_restored_trace_goes_on_with_new_numbers() {
        let mut trace = Trace::default();
        trace.push(1.0, sent(7));
        let mut again = Trace::restored(trace.entries().to_vec());
        assert_eq!(again.next_exchange(), 8);
        again.push(2.0, Event::Disconnected);
        assert_eq!(again.entries().last().map(|it| it.number), Some(2));
    }

    #[test]
    fn d_36_what_is_kept_without_secrets_holds_none() {
        let request = Request::get("https://a/").header("authorization", Text::credentials("Bearer", "geheim"));
        let body = Body::new(crate::base::text::json(r#"{"access_token":"geheim"}"#));
        let facts = vec![("code".to_owned(), Text::secret("geheim"))];
        let events = [
            Event::Sent { exchange: 1, step: None, request: request.body(Text::secret("geheim")) },
            Event::Body { exchange: 1, body: body.clone() },
            Event::Made { step: Step::Code, facts: facts.clone() },
            Event::Pasted { step: Step::Code, body: body.clone() },
            Event::Returned { callback: Some(facts) },
        ];
        for event in events {
            let entry = Entry { number: 1, at: 0.0, event };
            assert!(crate::base::stored::write(&entry.stored()).is_some_and(|it| it.contains("geheim")));
            assert!(crate::base::stored::write(&entry.stored_masked()).is_some_and(|it| !it.contains("geheim")));
        }
    }

    #[test]
    fn a_long_body_is_cut_in_storage_and_says_so() {
        let body = Body::new(Text::plain("x".repeat(STORED * 2)));
        let entry = Entry { number: 1, at: 0.0, event: Event::Body { exchange: 1, body } };
        let Event::Body { body, .. } = entry.stored().event else { panic!("no body") };
        assert_eq!((body.text.len(), body.bytes, body.is_cut()), (STORED, STORED * 2, true));
    }

    #[test]
    fn a_body_that_a_mask_made_shorter_is_not_cut() {
        let token = "t".repeat(STORED);
        let body = Body::new(crate::base::text::json(&format!(r#"{{"access_token":"{token}"}}"#)));
        let entry = Entry { number: 1, at: 0.0, event: Event::Body { exchange: 1, body } };
        let whole = entry.cut(STORED * 2);
        for (entry, cut) in [(&whole, false), (&entry.cut(STORED), true), (&whole.cut(STORED).cut(STORED * 2), true)] {
            let written = serde_json::to_string(&entry.without_secrets()).expect("JSON");
            let read: Entry = serde_json::from_str(&written).expect("an entry");
            let Event::Body { body, .. } = read.event else { panic!("no body") };
            assert_eq!((body.text.len() < body.bytes, body.is_cut()), (true, cut));
        }
    }

    #[test]
    fn a_body_of_before_the_flag_is_cut_where_its_length_says_so_and_no_mask_stands_in_it() {
        for (text, cut) in [("{\"a\":", true), ("{\"code\":\"••••••••\"}", false), (&"x".repeat(40), false)]
        {
            let text = serde_json::to_string(text).expect("JSON");
            let body: Body = serde_json::from_str(&format!(r#"{{"text":{text},"bytes":40}}"#)).expect("a body");
            assert_eq!(body.is_cut(), cut, "{text}");
        }
    }

    #[test]
    fn a_long_event_is_cut_and_says_so() {
        let event = crate::http::sse::Event {
            event: "message".to_owned(),
            id: None,
            data: "x".repeat(STORED + 1),
            retry: None,
        };
        let event = Event::Streamed { exchange: 1, event: StreamEvent::from(&event) };
        let Event::Streamed { event, .. } = Entry { number: 1, at: 0.0, event }.stored().event else {
            panic!("no event")
        };
        assert_eq!((event.data.len(), event.body().is_cut()), (STORED, true));
    }
}
