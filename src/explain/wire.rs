//! The trace as the rows of the wire page: requests, stream events, JSON-RPC messages, in the order of the wire.

pub mod exchanges;
mod flat;
mod layout;
pub mod lines;
pub mod search;
pub mod words;

use crate::base::text::needle::Needle;
use crate::base::text::prefix;
use crate::trace::{Entry, Event, Exchange, ExchangeId, Millis, Rpc, StreamEvent, Trace, Way};
use std::fmt::Write as _;

/// How much of an event is read in its row, in bytes.
const GLANCE: usize = 120;

/// What a row is. The names are those of `data-kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireKind {
    Http,
    Sse,
    Rpc,
}

impl WireKind {
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
pub struct WireRow {
    /// The number of its entry in the trace.
    pub number: u32,
    pub at: Millis,
    pub kind: WireKind,
    /// The verb, the type of the event, or the method.
    pub method: String,
    pub url: String,
    /// Whether its request went through a relay of the host.
    pub relayed: bool,
    /// As `data-http-status`; only for requests.
    pub status: Option<String>,
    /// What else the user reads at a glance: `request 1`, `id 41 {…`.
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

/// The rows of the raw view, from one drawing to the next.
#[derive(Debug, Default)]
pub struct Rows {
    /// In their order.
    pub numbers: Vec<u32>,
    basis: Basis,
    /// The last entry that was looked at.
    last: u32,
}

/// What rows were found for: with another one, all of them are found anew.
#[derive(Debug, Default, PartialEq, Eq)]
struct Basis {
    filter: String,
    kind: Option<WireKind>,
    /// The number of the first entry of the trace, and how many were dropped within it.
    first: Option<u32>,
    dropped: usize,
}

impl Rows {
    /// The same as of now, and whether it has changed. Where no text is looked for, only the entries that came since are
    /// looked at. A text may be a status, which comes later than its row.
    #[must_use]
    pub fn updated(mut self, trace: &Trace, filter: &str, kind: Option<WireKind>) -> (Self, bool) {
        let (entries, filter) = (trace.entries(), filter.trim().to_owned());
        let (first, dropped) = (entries.first().map(|it| it.number), trace.dropped().entries);
        let basis = Basis { filter, kind, first, dropped };
        let last = entries.last().map_or(self.last, |it| it.number);
        if !basis.filter.is_empty() || basis != self.basis {
            let numbers = found(trace, &basis.filter, kind);
            let changed = numbers != self.numbers;
            return (Self { numbers, basis, last }, changed);
        }
        let since = entries.partition_point(|it| it.number <= self.last);
        let count = self.numbers.len();
        let since = entries.iter().skip(since).filter(|it| is_of(it, kind)).filter(known(trace));
        self.numbers.extend(since.map(|it| it.number));
        self.last = last;
        let changed = self.numbers.len() != count;
        (self, changed)
    }
}

fn is_of(entry: &Entry, kind: Option<WireKind>) -> bool {
    WireKind::of(&entry.event).is_some_and(|it| kind.is_none_or(|kind| kind == it))
}

/// The numbers of the rows that a filter lets through, in order: it is a substring of kind, method, URL, status or
/// detail, in either case. Rows are only made where they are drawn.
fn found(trace: &Trace, filter: &str, kind: Option<WireKind>) -> Vec<u32> {
    let needle = Needle::new(filter);
    let fits = |entry: &&Entry| is_of(entry, kind);
    let mut detail = String::new();
    let matches = |entry: &&Entry| needle.as_ref().is_none_or(|it| has(trace, entry, it, &mut detail));
    trace.entries().iter().filter(fits).filter(known(trace)).filter(matches).map(|it| it.number).collect()
}

/// Whether a row has a text. There may be 100,000 of them, so the row itself is not made for it.
fn has(trace: &Trace, entry: &Entry, needle: &Needle, detail: &mut String) -> bool {
    let Some(exchange) = entry.event.exchange().and_then(|it| trace.exchange(it)) else { return false };
    let method = match &entry.event {
        Event::Sent { request, .. } => request.method.as_str(),
        Event::Streamed { event, .. } => &event.event,
        Event::Rpc { rpc, .. } => &rpc.method,
        _ => return false,
    };
    detail.clear();
    let kind = WireKind::of(&entry.event).map_or("", WireKind::name);
    needle.is_in(kind)
        || needle.is_in(method)
        || needle.is_in(&exchange.request.url)
        || (matches!(entry.event, Event::Sent { .. }) && exchange.status().is_some_and(|it| needle.is_in(&it)))
        || (write_detail(detail, &entry.event, exchange).is_ok() && needle.is_in(detail))
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
pub fn row(trace: &Trace, number: u32) -> Option<WireRow> {
    of(trace, entry(trace, number)?)
}

/// The row of the request of an exchange.
pub fn request_of(trace: &Trace, exchange: ExchangeId) -> Option<u32> {
    let number = trace.exchange(exchange)?.number;
    entry(trace, number).map(|it| it.number)
}

/// The method of the JSON-RPC message that an exchange carries out.
pub fn method_of(trace: &Trace, id: ExchangeId) -> Option<&str> {
    let message = trace.exchange(id)?.message.as_ref();
    message.filter(|it| it.recorded).map(|it| &*it.method)
}

fn of(trace: &Trace, entry: &Entry) -> Option<WireRow> {
    let id = entry.event.exchange()?;
    let exchange = trace.exchange(id)?;
    let mut detail = String::new();
    write_detail(&mut detail, &entry.event, exchange).ok()?;
    let row = |kind, method: &str| WireRow {
        number: entry.number,
        at: entry.at,
        kind,
        method: method.to_owned(),
        url: exchange.request.url.clone(),
        relayed: exchange.request.via.is_some(),
        status: None,
        detail: detail.clone(),
        comes_in: true,
        state: "",
        took: None,
        bytes: None,
        exchange: id,
    };
    match &entry.event {
        Event::Sent { request, .. } => Some(sent(row(WireKind::Http, request.method.as_str()), exchange)),
        Event::Streamed { event, .. } => Some(streamed(row(WireKind::Sse, &event.event), event)),
        Event::Rpc { rpc, .. } => Some(message(row(WireKind::Rpc, &rpc.method), rpc)),
        _ => None,
    }
}

fn sent(row: WireRow, exchange: &Exchange) -> WireRow {
    let (status, took, state) = (exchange.status(), exchange.took(), state(exchange));
    let bytes = exchange.body.as_ref().map(|it| it.bytes);
    WireRow { status, comes_in: false, state, took, bytes, ..row }
}

fn streamed(row: WireRow, event: &StreamEvent) -> WireRow {
    WireRow { bytes: Some(event.bytes), ..row }
}

fn message(row: WireRow, rpc: &Rpc) -> WireRow {
    WireRow { comes_in: rpc.way == Way::In, bytes: Some(rpc.bytes), ..row }
}

/// What else the user reads of an entry at a glance.
fn write_detail(detail: &mut String, event: &Event, exchange: &Exchange) -> std::fmt::Result {
    match event {
        Event::Sent { .. } => exchange.error.as_ref().map_or(Ok(()), |it| write!(detail, "{it}")),
        Event::Streamed { event, .. } => {
            event.id.as_ref().map_or(Ok(()), |it| write!(detail, "id {it} "))?;
            detail.write_str(prefix(&event.data, GLANCE))
        }
        Event::Rpc { rpc, .. } => {
            let id = rpc.id.as_deref().map(|it| (" ", it)).unwrap_or_default();
            write!(detail, "{}{}{}", rpc.kind.name(), id.0, id.1)
        }
        _ => Ok(()),
    }
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
    fn rows_go_on_with_what_comes_and_are_found_anew_for_another_filter_or_trace() {
        let mut trace = sent();
        let mut rows = Rows::default();
        let mut update = |trace: &Trace, filter: &str, kind: Option<WireKind>| {
            let (now, changed) = std::mem::take(&mut rows).updated(trace, filter, kind);
            assert_eq!(now.numbers, found(trace, filter, kind));
            rows = now;
            (rows.numbers.clone(), changed)
        };
        assert_eq!(update(&trace, "", None), (vec![1], true));
        trace.push(2.0, Event::Ended { exchange: 1 });
        assert_eq!(update(&trace, " ", None), (vec![1], false));
        trace.push(3.0, Event::Sent { exchange: 2, step: None, request: Request::get("https://b/") });
        assert_eq!(update(&trace, "", None), (vec![1, 3], true));
        assert_eq!(update(&trace, "", Some(WireKind::Sse)), (vec![], true));
        assert_eq!(update(&trace, "404", None), (vec![], false));
        // Its status came later than its row.
        let head = Head { status: 404, url: String::new(), redirected: false, headers: Vec::new() };
        trace.push(4.0, Event::Answered { exchange: 2, head });
        assert_eq!(update(&trace, "404", None), (vec![3], true));
        assert_eq!(update(&trace, "", None), (vec![1, 3], true));
        trace.clear();
        assert_eq!(update(&trace, "", None), (vec![], true));
        trace.push(5.0, Event::Sent { exchange: 3, step: None, request: Request::get("https://c/") });
        assert_eq!(update(&trace, "", None), (vec![5], true));
    }

    #[test]
    fn the_filter_leaves_out_the_rest() {
        let trace = sent();
        assert!(found(&trace, "rpc", None).is_empty());
        assert!(found(&trace, "", Some(WireKind::Sse)).is_empty());
        assert_eq!(found(&trace, "get", Some(WireKind::Http)), [1]);
    }
}
