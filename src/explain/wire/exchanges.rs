//! The trace as the rows of exchanges: one a request with its response, the newest first.

use super::words;
use crate::inspector::Status;
use crate::trace::{Entry, Event, Exchange, ExchangeId, Mark, Millis, RpcKind, StreamEvent, Trace};
use std::collections::BTreeSet;

/// How many methods there are to choose from at most.
const METHODS: usize = 100;

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct ExchangeRow {
    pub id: ExchangeId,
    /// The number of the entry of its request.
    pub number: u32,
    pub sent: Millis,
    /// The JSON-RPC method, or the verb where there is none.
    pub method: String,
    /// The tool, prompt or resource that it is about.
    pub name: Option<String>,
    pub url: String,
    /// Whether it went through a relay of the host.
    pub relayed: bool,
    /// As `data-http-status`.
    pub http_status: Option<String>,
    pub status: Status,
    pub navigation: bool,
    pub took: Option<Millis>,
    pub bytes: Option<usize>,
}

impl ExchangeRow {
    pub fn of(trace: &Trace, id: ExchangeId) -> Option<Self> {
        let exchange = trace.exchange(id)?;
        Some(Self {
            id,
            number: exchange.number,
            sent: exchange.sent,
            method: method(exchange).to_owned(),
            name: exchange.message.as_ref().and_then(|it| it.name.as_deref()).map(str::to_owned),
            url: exchange.request.url.clone(),
            relayed: exchange.request.via.is_some(),
            http_status: exchange.status(),
            status: status(exchange),
            navigation: exchange.navigation,
            took: took(exchange),
            bytes: bytes(exchange),
        })
    }
}

impl ExchangeRow {
    /// How it stands, in words and by its colour.
    pub fn stands(&self) -> (String, &'static str) {
        let http = self.http_status.as_deref();
        (words::stands(http, self.status, self.navigation), words::stands_class(http, self.status))
    }
}

/// How long it took until the headers came, and from then to the end of the response, in milliseconds.
pub fn timing(exchange: &Exchange) -> Option<(Millis, Option<Millis>)> {
    let (_, headers) = exchange.head.as_ref()?;
    let waited = (headers - exchange.sent).max(0.0);
    Some((waited, took(exchange).map(|it| (it - waited).max(0.0))))
}

/// The JSON-RPC method, or the verb where there is none.
pub fn method(exchange: &Exchange) -> &str {
    match &exchange.message {
        Some(message) => &message.method,
        None => exchange.request.method.as_str(),
    }
}

/// How it stands, as the use of an item does.
pub fn status(exchange: &Exchange) -> Status {
    match (&exchange.answer, &exchange.error) {
        (Some(answer), _) => match (answer.kind, answer.mark) {
            (RpcKind::Error, _) => Status::RpcError,
            (_, Some(Mark::ToolError)) => Status::ToolError,
            (_, Some(Mark::InputRequired)) => Status::NeedsInput,
            (_, None) => Status::Ok,
        },
        (None, Some(crate::http::HttpError::Aborted)) => Status::Cancelled,
        (None, Some(_)) => Status::HttpError,
        (None, None) => unanswered(exchange),
    }
}

/// The same by the HTTP response alone.
fn unanswered(exchange: &Exchange) -> Status {
    let status = exchange.head.as_ref().map_or(0, |(head, _)| head.status);
    let awaited = exchange.message.as_ref().is_some_and(|it| it.recorded && it.id.is_some());
    match (exchange.ended.is_some(), awaited) {
        _ if exchange.navigation => Status::Ok,
        _ if status >= 400 => Status::HttpError,
        (false, _) => Status::Pending,
        // HTTP+SSE: the response comes on the stream (MCP 2024-11-05).
        (true, true) if status == 202 => Status::Pending,
        (true, true) => Status::HttpError,
        (true, false) => Status::Ok,
    }
}

/// From the request to its response, in milliseconds.
pub fn took(exchange: &Exchange) -> Option<Millis> {
    let answered = exchange.answer.as_ref().map(|it| (it.at - exchange.sent).max(0.0));
    answered.or_else(|| exchange.took())
}

/// What came back, in bytes.
pub fn bytes(exchange: &Exchange) -> Option<usize> {
    let elsewhere = exchange.answer.as_ref().filter(|it| it.exchange != exchange.id).map(|it| it.bytes);
    let body = exchange.body.as_ref().map(|it| it.bytes);
    let streamed = (exchange.events > 0).then_some(exchange.streamed);
    let none = (exchange.ended.is_some() && exchange.head.is_some()).then_some(0);
    elsewhere.or(body).or(streamed).or(none)
}

/// Which statuses are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    #[default]
    All,
    /// All that did not end well.
    Failed,
    Only(Status),
}

impl Shown {
    /// In the order of the select.
    pub const ALL: [Self; 9] = [
        Self::All,
        Self::Failed,
        Self::Only(Status::Ok),
        Self::Only(Status::Pending),
        Self::Only(Status::ToolError),
        Self::Only(Status::RpcError),
        Self::Only(Status::HttpError),
        Self::Only(Status::NeedsInput),
        Self::Only(Status::Cancelled),
    ];

    /// The value of its option.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Failed => "failed",
            Self::Only(status) => status.name(),
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::All => "All statuses",
            Self::Failed => "All failures",
            Self::Only(status) => match status {
                Status::Ok => "OK",
                Status::Pending => "Pending",
                Status::ToolError => "Tool errors",
                Status::RpcError => "JSON-RPC errors",
                Status::HttpError => "HTTP errors",
                Status::NeedsInput => "Input required",
                Status::Cancelled => "Cancelled",
                Status::Refused => "Refused",
            },
        }
    }

    pub fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|it| it.name() == name).unwrap_or_default()
    }

    fn has(self, exchange: &Exchange) -> bool {
        match self {
            Self::All => true,
            Self::Failed => {
                matches!(status(exchange), Status::ToolError | Status::RpcError | Status::HttpError)
            }
            Self::Only(one) => status(exchange) == one,
        }
    }
}

/// What is listed of all exchanges.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    pub method: Option<String>,
    pub shown: Shown,
}

impl Filter {
    fn has(&self, exchange: &Exchange) -> bool {
        self.method.as_deref().is_none_or(|it| it == method(exchange)) && self.shown.has(exchange)
    }
}

/// The exchanges that are listed: those that are pinned first, each part with the newest first. Where a text was looked
/// for, `found` has those that have it.
pub fn listed(
    trace: &Trace,
    filter: &Filter,
    found: Option<&BTreeSet<ExchangeId>>,
    pinned: &BTreeSet<ExchangeId>,
) -> Vec<ExchangeId> {
    let is_listed = |it: &&Exchange| is_known(trace, it) && filter.has(it);
    let ids: Vec<ExchangeId> = match found {
        Some(found) => {
            let all = found.iter().rev().filter_map(|id| trace.exchange(*id));
            all.filter(is_listed).map(|it| it.id).collect()
        }
        None => trace.newest().filter(is_listed).map(|it| it.id).collect(),
    };
    match pinned.is_empty() {
        true => ids,
        false => {
            let (first, rest): (Vec<_>, Vec<_>) = ids.into_iter().partition(|it| pinned.contains(it));
            first.into_iter().chain(rest).collect()
        }
    }
}

/// The exchanges that [`listed`] finds, from one drawing to the next.
#[derive(Debug, Default)]
pub struct Listed {
    pub ids: Vec<ExchangeId>,
    /// They are all that there are, in the order in which they were sent.
    plain: bool,
    /// The number of the first entry of the trace: another one is another trace, or a cleared one.
    first: Option<u32>,
}

impl Listed {
    /// The same as of now, and whether it has changed. Where all are listed, only those that were sent since are looked at.
    /// With a filter it is all of them, because how they stand decides, and that changes.
    #[must_use]
    pub fn updated(
        mut self,
        trace: &Trace,
        filter: &Filter,
        found: Option<&BTreeSet<ExchangeId>>,
        pinned: &BTreeSet<ExchangeId>,
    ) -> (Self, bool) {
        let plain = *filter == Filter::default() && found.is_none() && pinned.is_empty();
        let first = trace.entries().first().map(|it| it.number);
        if !(plain && self.plain && self.first == first) {
            let ids = listed(trace, filter, found, pinned);
            let changed = ids != self.ids;
            return (Self { ids, plain, first }, changed);
        }
        let last = self.ids.first().copied().unwrap_or_default();
        let since = trace.newest().take_while(|it| it.id > last).filter(|it| is_known(trace, it));
        let since: Vec<ExchangeId> = since.map(|it| it.id).collect();
        let changed = !since.is_empty();
        drop(self.ids.splice(0..0, since));
        (self, changed)
    }
}

/// What was cleared away, or dropped, is not listed any more, though its response may be on its way.
fn is_known(trace: &Trace, exchange: &Exchange) -> bool {
    trace.entries().first().is_some_and(|it| it.number <= exchange.number)
}

/// The methods of all exchanges, to choose from. It is made once, and grows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Methods {
    pub all: BTreeSet<String>,
    last: ExchangeId,
}

impl Methods {
    /// With those of exchanges that came since.
    #[must_use]
    pub fn grown(mut self, trace: &Trace) -> Self {
        let last = self.last;
        for exchange in trace.newest().take_while(|it| it.id > last) {
            self.last = self.last.max(exchange.id);
            if self.all.len() < METHODS && !self.all.contains(method(exchange)) {
                self.all.insert(method(exchange).to_owned());
            }
        }
        self
    }
}

/// Which headers of a response the browser keeps from a page (Fetch standard, CORS protocol: "CORS-safelisted
/// response-header name", `Access-Control-Expose-Headers`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// The response is of this page's own origin, or there is none.
    Nothing,
    /// Others than those that are listed may be there.
    Some {
        /// A header that matters for this response, and is not readable: absent, or hidden.
        wanted: Option<&'static str>,
    },
}

impl Hidden {
    pub fn of(trace: &Trace, exchange: &Exchange) -> Self {
        let Some((head, _)) = exchange.head.as_ref().filter(|(head, _)| head.status != 0) else { return Self::Nothing };
        // So is that of a relay there.
        if exchange.request.is_own()
            || page(trace, exchange.number).is_some_and(|page| page == words::address(&exchange.request.url).0)
        {
            return Self::Nothing;
        }
        let is_initialize = exchange.message.as_ref().is_some_and(|it| &*it.method == "initialize");
        let wanted = match head.status {
            401 | 403 => Some("www-authenticate"),
            _ if is_initialize && head.ok() => Some("mcp-session-id"),
            _ => None,
        };
        Self::Some { wanted: wanted.filter(|it| head.header(it).is_none()) }
    }
}

/// The origin of the page that sent the request of that entry.
fn page(trace: &Trace, number: u32) -> Option<&str> {
    let before = trace.entries().iter().rev().skip_while(|it| it.number > number);
    before.into_iter().find_map(|it| match &it.event {
        Event::Opened { page } => Some(page.as_str()),
        _ => None,
    })
}

/// The newest so many events of its stream in their order, each with the time at which it came.
pub fn events(trace: &Trace, exchange: &Exchange, most: usize) -> Vec<(Millis, StreamEvent)> {
    let of = |entry: &Entry| match &entry.event {
        Event::Streamed { exchange: id, event } if *id == exchange.id => Some((entry.at, event.clone())),
        _ => None,
    };
    let since = trace.entries().iter().rev().take_while(|it| it.number > exchange.number);
    let count = most.min(exchange.events as usize);
    let mut newest: Vec<_> = since.filter_map(of).take(count).collect();
    newest.reverse();
    newest
}

/// The event that brought its response on another exchange: of HTTP+SSE, or of a stream that was taken up again.
pub fn answer_elsewhere(trace: &Trace, exchange: &Exchange) -> Option<(Millis, StreamEvent)> {
    let answer = exchange.answer.as_ref().filter(|it| it.exchange != exchange.id)?;
    let before = trace.entries().iter().rev().skip_while(|it| it.number > answer.number);
    before.into_iter().find_map(|it| match &it.event {
        Event::Streamed { exchange: id, event } if *id == answer.exchange => Some((it.at, event.clone())),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
