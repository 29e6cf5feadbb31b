//! All that went into and out of the machines, in order: what every page draws from.
//!
//! A [`Trace`] only grows. It keeps an index of its exchanges, so that pages need not search.

mod event;

pub use event::{Body, Event, Rpc, RpcKind, StreamEvent, Violation, Way};

use crate::http::{Head, HttpError, Request};
use crate::map::Map;
use crate::step::Step;
use crate::text::Text;
use serde::{Deserialize, Serialize};

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

/// A request and what came back for it, gathered.
#[derive(Clone, PartialEq)]
pub struct Exchange {
    pub id: ExchangeId,
    pub step: Option<Step>,
    pub request: Request,
    pub sent: Millis,
    pub head: Option<(Head, Millis)>,
    pub body: Option<Body>,
    /// How many stream events came.
    pub events: u32,
    pub ended: Option<Millis>,
    pub error: Option<HttpError>,
    /// The navigation that leaves for a login: it has no status.
    pub navigation: bool,
}

impl Exchange {
    /// What `data-http-status` says: absent while pending, `blocked` where the browser hid the answer.
    pub fn status(&self) -> Option<String> {
        match (&self.head, &self.error) {
            // An opaque answer came, and the browser hides all of it.
            (Some((head, _)), _) if head.status == 0 => Some("blocked".to_owned()),
            (Some((head, _)), _) => Some(head.status.to_string()),
            (None, Some(HttpError::Blocked { .. } | HttpError::Redirected)) => Some("blocked".to_owned()),
            (None, _) => None,
        }
    }

    /// From the request to the end of the answer, in milliseconds.
    pub fn took(&self) -> Option<Millis> {
        self.ended.map(|end| (end - self.sent).max(0.0))
    }
}

/// The entries and an index of them.
#[derive(Clone, Default, PartialEq)]
pub struct Trace {
    entries: Vec<Entry>,
    exchanges: Map<ExchangeId, Exchange>,
    last: u32,
    last_exchange: ExchangeId,
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
        self.exchanges.iter().map(|(_, it)| it)
    }

    /// The number for the next exchange.
    pub fn next_exchange(&mut self) -> ExchangeId {
        self.last_exchange += 1;
        self.last_exchange
    }

    pub fn push(&mut self, at: Millis, event: Event) {
        let number = self.last + 1;
        self.put(Entry { number, at, event });
    }

    /// Forgets everything but the numbers, so that none is given twice.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.exchanges.retain(|it| it.ended.is_none() && it.error.is_none() && !it.navigation);
    }

    fn put(&mut self, entry: Entry) {
        self.last = self.last.max(entry.number);
        self.index(entry.at, &entry.event);
        self.entries.push(entry);
    }

    fn index(&mut self, at: Millis, event: &Event) {
        if let Event::Sent { exchange, step, request } = event {
            self.last_exchange = self.last_exchange.max(*exchange);
            let navigation = *step == Some(Step::Authorize);
            let it = Exchange {
                id: *exchange,
                step: *step,
                request: request.clone(),
                sent: at,
                head: None,
                body: None,
                events: 0,
                ended: None,
                error: None,
                navigation,
            };
            self.exchanges.insert(*exchange, it);
            return;
        }
        let Some(known) = event.exchange().and_then(|id| self.exchanges.get_mut(&id)) else { return };
        match event {
            Event::Answered { head, .. } => known.head = Some((head.clone(), at)),
            Event::Body { body, .. } => known.body = Some(body.clone()),
            Event::Streamed { .. } => known.events += 1,
            Event::Ended { .. } => known.ended = Some(at),
            Event::Failed { error, .. } => {
                known.error = Some(error.clone());
                known.ended = Some(at);
            }
            _ => {}
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
        let mut entry = self.stored();
        let mask = |text: &mut Text| *text = Text::plain(text.masked());
        let facts = |facts: &mut Vec<(String, Text)>| facts.iter_mut().for_each(|(_, it)| mask(it));
        match &mut entry.event {
            Event::Sent { request, .. } => {
                request.headers.iter_mut().for_each(|(_, it)| mask(it));
                request.body.iter_mut().for_each(mask);
            }
            Event::Body { body, .. } => mask(&mut body.text),
            Event::Made { facts: it, .. } | Event::Returned { callback: Some(it) } => facts(it),
            _ => {}
        }
        entry
    }

    /// Whether it may be dropped first where the storage is full.
    pub const fn is_bulk(&self) -> bool {
        matches!(self.event, Event::Body { .. } | Event::Streamed { .. } | Event::Rpc { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let body = Body::new(crate::text::json(r#"{"access_token":"geheim"}"#));
        let facts = vec![("code".to_owned(), Text::secret("geheim"))];
        let events = [
            Event::Sent { exchange: 1, step: None, request: request.body(Text::secret("geheim")) },
            Event::Body { exchange: 1, body },
            Event::Made { step: Step::Code, facts: facts.clone() },
            Event::Returned { callback: Some(facts) },
        ];
        for event in events {
            let entry = Entry { number: 1, at: 0.0, event };
            assert!(crate::stored::write(&entry.stored()).is_some_and(|it| it.contains("geheim")));
            assert!(crate::stored::write(&entry.stored_masked()).is_some_and(|it| !it.contains("geheim")));
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
        let body = Body::new(crate::text::json(&format!(r#"{{"access_token":"{token}"}}"#)));
        let entry = Entry { number: 1, at: 0.0, event: Event::Body { exchange: 1, body } };
        let whole = entry.cut(STORED * 2);
        for (entry, cut) in [(&whole, false), (&entry.cut(STORED), true), (&whole.cut(STORED).cut(STORED * 2), true)] {
            let written = serde_json::to_string(entry).expect("JSON");
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
        let event =
            crate::sse::Event { event: "message".to_owned(), id: None, data: "x".repeat(STORED + 1), retry: None };
        let event = Event::Streamed { exchange: 1, event: StreamEvent::from(&event) };
        let Event::Streamed { event, .. } = Entry { number: 1, at: 0.0, event }.stored().event else {
            panic!("no event")
        };
        assert_eq!((event.data.len(), event.body().is_cut()), (STORED, true));
    }
}
