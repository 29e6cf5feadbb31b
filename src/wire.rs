//! The trace as the rows of the wire page: requests, stream events, JSON-RPC messages, in the order of the wire.

mod flat;
mod layout;
pub mod lines;
pub mod words;

use crate::text::prefix;
use crate::trace::{Entry, Event, Exchange, ExchangeId, Millis, Rpc, StreamEvent, Trace, Way};

/// How much of an event is read in its row, in bytes.
const GLANCE: usize = 120;

/// What a row is. The names are those of `data-kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Http,
    Sse,
    Rpc,
}

impl Kind {
    pub const fn of(event: &Event) -> Option<Self> {
        match event {
            Event::Sent { .. } => Some(Self::Http),
            Event::Streamed { .. } => Some(Self::Sse),
            Event::Rpc { .. } => Some(Self::Rpc),
            _ => None,
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Sse => "sse",
            Self::Rpc => "rpc",
        }
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The number of its entry in the trace.
    pub number: u32,
    pub at: Millis,
    pub kind: Kind,
    /// The verb, the type of the event, or the method.
    pub method: String,
    pub url: String,
    /// As `data-http-status`; only for requests.
    pub status: Option<String>,
    /// What else a person reads at a glance: `request 1`, `id 41 {…`.
    pub detail: String,
    /// Whether it came in; requests go out.
    pub comes_in: bool,
    /// What a request waits for, as long as it does.
    pub state: &'static str,
    pub took: Option<Millis>,
    /// Of the body, the event or the message.
    pub bytes: Option<usize>,
    pub exchange: ExchangeId,
}

impl Row {
    /// Whether a filter finds it: a substring of kind, method, address, status or detail, in any case.
    pub fn matches(&self, lower: &str) -> bool {
        let texts =
            [self.kind.name(), &self.method, &self.url, self.status.as_deref().unwrap_or_default(), &self.detail];
        texts.iter().any(|it| it.to_lowercase().contains(lower))
    }
}

/// The numbers of the rows that a filter lets through, in order. Rows are only made where they are drawn.
pub fn found(trace: &Trace, filter: &str, kind: Option<Kind>) -> Vec<u32> {
    let lower = filter.trim().to_lowercase();
    let fits = |entry: &&Entry| Kind::of(&entry.event).is_some_and(|it| kind.is_none_or(|kind| kind == it));
    let matches = |entry: &&Entry| lower.is_empty() || of(trace, entry).is_some_and(|it| it.matches(&lower));
    trace.entries().iter().filter(fits).filter(known(trace)).filter(matches).map(|it| it.number).collect()
}

/// Events of an exchange that was cleared away are no rows.
fn known(trace: &Trace) -> impl Fn(&&Entry) -> bool {
    |entry| entry.event.exchange().is_some_and(|it| trace.exchange(it).is_some())
}

/// The entry of that number, if it is still there.
pub fn entry(trace: &Trace, number: u32) -> Option<&Entry> {
    let entries = trace.entries();
    let at = entries.binary_search_by_key(&number, |it| it.number).ok()?;
    entries.get(at)
}

/// The row of that number.
pub fn row(trace: &Trace, number: u32) -> Option<Row> {
    of(trace, entry(trace, number)?)
}

/// The row of the request of an exchange.
pub fn request_of(trace: &Trace, exchange: ExchangeId) -> Option<u32> {
    let sent = |it: &&Entry| matches!(it.event, Event::Sent { exchange: id, .. } if id == exchange);
    trace.entries().iter().find(sent).map(|it| it.number)
}

/// The method of the JSON-RPC message that an exchange carries out.
pub fn method_of(trace: &Trace, id: ExchangeId) -> Option<&str> {
    trace.entries().iter().find_map(|it| match &it.event {
        Event::Rpc { exchange, rpc } if *exchange == id && rpc.way == Way::Out => Some(rpc.method.as_str()),
        _ => None,
    })
}

fn of(trace: &Trace, entry: &Entry) -> Option<Row> {
    let id = entry.event.exchange()?;
    let exchange = trace.exchange(id)?;
    let row = |kind, method: &str| Row {
        number: entry.number,
        at: entry.at,
        kind,
        method: method.to_owned(),
        url: exchange.request.url.clone(),
        status: None,
        detail: String::new(),
        comes_in: true,
        state: "",
        took: None,
        bytes: None,
        exchange: id,
    };
    match &entry.event {
        Event::Sent { request, .. } => Some(sent(row(Kind::Http, request.method.as_str()), exchange)),
        Event::Streamed { event, .. } => Some(streamed(row(Kind::Sse, &event.event), event)),
        Event::Rpc { rpc, .. } => Some(message(row(Kind::Rpc, &rpc.method), rpc)),
        _ => None,
    }
}

fn sent(row: Row, exchange: &Exchange) -> Row {
    let detail = exchange.error.as_ref().map(ToString::to_string).unwrap_or_default();
    let (status, took, state) = (exchange.status(), exchange.took(), state(exchange));
    let bytes = exchange.body.as_ref().map(|it| it.bytes);
    Row { status, detail, comes_in: false, state, took, bytes, ..row }
}

fn streamed(row: Row, event: &StreamEvent) -> Row {
    let id = event.id.as_ref().map(|it| format!("id {it} ")).unwrap_or_default();
    let detail = format!("{id}{}", prefix(&event.data, GLANCE));
    Row { detail, bytes: Some(event.bytes), ..row }
}

fn message(row: Row, rpc: &Rpc) -> Row {
    let detail = format!("{} {}", rpc.kind.name(), rpc.id.as_deref().unwrap_or_default()).trim_end().to_owned();
    Row { detail, comes_in: rpc.way == Way::In, bytes: Some(rpc.bytes), ..row }
}

const fn state(exchange: &Exchange) -> &'static str {
    match (exchange.navigation, exchange.ended.is_some(), exchange.head.is_some()) {
        (true, ..) | (_, true, _) => "",
        (false, false, true) => "open",
        (false, false, false) => "…",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Head, Request};

    fn sent() -> Trace {
        let mut trace = Trace::default();
        trace.push(1.0, Event::Sent { exchange: 1, step: None, request: Request::get("https://a/") });
        trace
    }

    #[test]
    fn a_request_is_one_row_however_much_is_known_of_it() {
        let mut trace = sent();
        assert_eq!(found(&trace, "", None), [1]);
        let head = Head { status: 200, url: String::new(), redirected: false, headers: Vec::new() };
        trace.push(2.0, Event::Answered { exchange: 1, head });
        trace.push(3.0, Event::Ended { exchange: 1 });
        assert_eq!(found(&trace, "HTTPS://A", None), [1]);
        assert_eq!(row(&trace, 1).and_then(|it| it.status).as_deref(), Some("200"));
        assert_eq!((row(&trace, 2), request_of(&trace, 1)), (None, Some(1)));
    }

    #[test]
    fn the_filter_leaves_out_the_rest() {
        let trace = sent();
        assert!(found(&trace, "rpc", None).is_empty());
        assert!(found(&trace, "", Some(Kind::Sse)).is_empty());
        assert_eq!(found(&trace, "get", Some(Kind::Http)), [1]);
    }
}
