//! What comes back for a request in flight, sorted by what the request was for: heads, events, and the messages in them.

use super::Order;
use super::alarms::Alarm;
use super::attempt::{Attempt, Signal};
use super::cancelling::Cancellation;
use super::context::Context;
use super::exchanges::{Answer, Purpose, ROW, rpc};
use crate::base::text::prefix;
use crate::http::{Event as HttpEvent, Head, HttpError, Method, Response};
use crate::mcp::connection::Connection;
use crate::mcp::error::Error;
use crate::mcp::jsonrpc::{self, Came, Id, Message, NotAMessage};
use crate::mcp::reader::Reader;
use crate::trace::violation::Breach;
use crate::trace::{Event, ExchangeId, Rpc, RpcKind, StreamEvent, Way};

impl Attempt {
    /// What happened to a request. One that is not in flight any more (cancelled, answered in time) is past.
    pub fn heard(self, cx: &mut Context<'_>, exchange: ExchangeId, event: HttpEvent) -> Self {
        if !cx.network.running.contains_key(&exchange) {
            return self;
        }
        match event {
            HttpEvent::Head(head) => self.heard_head(cx, exchange, head),
            HttpEvent::Bytes(bytes) => self.heard_bytes(cx, exchange, &bytes),
            HttpEvent::End => self.heard_end(cx, exchange),
            HttpEvent::Failed(error) => self.heard_failure(cx, exchange, error),
        }
    }

    fn heard_head(self, cx: &mut Context<'_>, exchange: ExchangeId, head: Head) -> Self {
        let Some(running) = cx.network.running.get(&exchange) else { return self };
        let (failure, head) = (running.gateway_error(&head), running.request.responded(head));
        cx.note(Event::Answered { exchange, head: head.clone() });
        if let Some(error) = failure {
            cx.network.orders.push(Order::Abort(exchange));
            return self.heard_failure(cx, exchange, error);
        }
        let Some(running) = cx.network.running.get_mut(&exchange) else { return self };
        if head.redirected && !running.purpose.is_oauth() && !running.purpose.is_cancelled() {
            return self.on(Signal::Moved(exchange, head.url), cx);
        }
        running.reader = Reader::of(&head);
        let passed = head.status != 401 && cx.visit.refused_method.as_deref() == running.purpose.method();
        running.head = Some(head);
        if passed {
            cx.visit.refused_method = None;
        }
        if cx.opens_stream(exchange) {
            return self.stream_seen(cx, exchange);
        }
        match self.is_acknowledgement(cx, exchange) {
            true => self.acknowledged(cx, exchange),
            false => self,
        }
    }

    /// An audit asks whether there is a stream, and listens to none.
    fn stream_seen(self, cx: &mut Context<'_>, exchange: ExchangeId) -> Self {
        let Some(running) = cx.network.running.get(&exchange) else { return self };
        let (purpose, head) = (running.purpose.clone(), running.head.clone());
        cx.abort(exchange);
        match head {
            Some(head) => self.on(Signal::Response(exchange, purpose, Ok(Response { head, body: String::new() })), cx),
            None => self,
        }
    }

    /// HTTP+SSE: any 2xx to a POST, whatever its media type and body (MCP 2024-11-05, "HTTP with SSE").
    fn is_acknowledgement(&self, cx: &Context<'_>, exchange: ExchangeId) -> bool {
        let Some(running) = cx.network.running.get(&exchange) else { return false };
        let posted = running.request.method == Method::Post && !running.purpose.is_oauth();
        let on_stream = self.connection().is_some_and(Connection::posts_elsewhere);
        posted && on_stream && running.head.as_ref().is_some_and(Head::ok)
    }

    /// HTTP+SSE: the POST is acknowledged; the response comes on the stream, or not in time. What the POST says besides
    /// is kept as its body, and nothing more.
    fn acknowledged(self, cx: &mut Context<'_>, exchange: ExchangeId) -> Self {
        let Some(running) = cx.network.running.get_mut(&exchange) else { return self };
        running.acknowledged = true;
        running.reader = Reader::Whole(Vec::new());
        let initialized = running.purpose == Purpose::Initialized;
        match running.awaits() {
            true => cx.network.wake_after(cx.visit.limit(), Alarm::Overdue(exchange)),
            false => cx.network.linger(exchange),
        }
        if initialized { self.on(Signal::Initialized, cx) } else { self }
    }

    fn heard_bytes(mut self, cx: &mut Context<'_>, exchange: ExchangeId, bytes: &[u8]) -> Self {
        if cx.pours_on(exchange, bytes.len()) {
            return self.unwatched(cx, exchange, |after| Cancellation::KeptSending { after });
        }
        let Some(running) = cx.network.running.get_mut(&exchange) else { return self };
        let events = running.reader.feed(bytes);
        let limit = running.purpose.most();
        if running.reader.exceeds(limit) {
            cx.network.orders.push(Order::Abort(exchange));
            return self.heard_failure(cx, exchange, HttpError::TooLarge { limit });
        }
        if let Some(id) = running.reader.last_event_id() {
            running.last_event = Some(id.to_owned());
        }
        for event in events {
            cx.note(Event::Streamed { exchange, event: StreamEvent::from(&event) });
            match event.event.as_str() {
                // Empty data only carries an id (MCP 2025-11-25, priming event).
                "message" if !event.data.is_empty() && !is_aside(cx, exchange) => {
                    self = self.heard_messages(cx, exchange, &event.data);
                }
                "endpoint" if !is_aside(cx, exchange) => self = self.on(Signal::Endpoint(exchange, event.data), cx),
                _ => {}
            }
        }
        self
    }

    /// The messages of a body or an event.
    pub fn heard_messages(mut self, cx: &mut Context<'_>, exchange: ExchangeId, text: &str) -> Self {
        match jsonrpc::parse(text) {
            Ok(messages) => {
                let batch = text.trim_start().starts_with('[');
                if batch && self.connection().is_some_and(|it| it.info.is_some() && !it.revision().has_batches()) {
                    cx.violation(exchange, Breach::Batch);
                }
                for message in messages {
                    match message {
                        Ok(came) => self = self.heard_message(cx, exchange, text, came),
                        Err(_) => cx.note_unreadable(exchange, text),
                    }
                }
                self
            }
            Err(why) => self.heard_nonsense(cx, exchange, text, &why),
        }
    }

    /// A text that is no message. The stream may still bring the answer, a body that was read whole cannot.
    fn heard_nonsense(self, cx: &mut Context<'_>, exchange: ExchangeId, text: &str, why: &NotAMessage) -> Self {
        cx.note_unreadable(exchange, text);
        let Some(running) = cx.network.running.get_mut(&exchange) else { return self };
        let Some(error) = running.head.as_ref().map(|head| Error::unreadable(head, text, why)) else { return self };
        match running.reader {
            Reader::Whole(_) => return self.on(Signal::Failed(exchange, error), cx),
            Reader::Stream(_) => running.nonsense = Some(error),
        }
        self
    }

    fn heard_message(self, cx: &mut Context<'_>, exchange: ExchangeId, text: &str, came: Came) -> Self {
        if !came.marked {
            cx.violation(exchange, Breach::NoJsonRpcVersion);
        }
        let message = came.message;
        let asker = match &message {
            Message::Result { id, .. } | Message::Error { id: Some(id), .. } => cx.network.asked_with(exchange, id),
            _ => Some(exchange),
        };
        let answers = asker.and_then(|it| cx.network.running.get(&it)).and_then(|it| it.purpose.method());
        let rpc = rpc(Way::In, &message, text, answers);
        cx.note(Event::Rpc { exchange, rpc });
        if let Some(running) = cx.network.running.get_mut(&exchange) {
            running.tries = 0;
        }
        match message {
            Message::Request { id, method, params } => self.on(Signal::Requested { exchange, id, method, params }, cx),
            Message::Notification { method, params } => self.on(Signal::Notified { exchange, method, params }, cx),
            Message::Result { id, result } => self.answered(cx, exchange, Some(&id), Ok(result)),
            Message::Error { id, error } => self.answered(cx, exchange, id.as_ref(), Err(error)),
        }
    }

    fn answered(self, cx: &mut Context<'_>, exchange: ExchangeId, id: Option<&Id>, answer: Answer) -> Self {
        // An answer without an id can only be an error of this very request.
        let asker = id.map_or(Some(exchange), |id| cx.network.asked_with(exchange, id));
        let waiting = asker.filter(|it| cx.network.running.get(it).is_some_and(|it| it.purpose.id().is_some()));
        let Some(asker) = waiting else {
            self.unasked(cx, exchange, id);
            return self;
        };
        let Some(running) = cx.network.running.get_mut(&asker) else { return self };
        if running.answered {
            cx.violation(exchange, Breach::SecondResponse);
            return self;
        }
        running.answered = true;
        let (head, purpose, over) = (running.head.clone(), running.purpose.clone(), running.over);
        let next = self.on(Signal::Answered { exchange: asker, purpose, head, answer }, cx);
        if over {
            cx.network.running.remove(&asker);
        } else {
            cx.network.linger(asker);
        }
        next
    }

    /// An answer that nobody waits for. One that comes late, after a cancellation, is nobody's fault.
    fn unasked(&self, cx: &mut Context<'_>, exchange: ExchangeId, id: Option<&Id>) {
        let known = |id: &Id| match id {
            Id::Number(id) => self.connection().is_some_and(|it| (1..=it.last_id()).contains(id)),
            Id::Text(id) => ["listen-", "trial-", "task-"].iter().any(|it| id.starts_with(it)),
        };
        if id.is_some_and(|id| !known(id)) {
            cx.violation(exchange, Breach::UnknownId);
        }
    }
}

/// What the bench or an audit asks: nothing of its answer is for the connection.
fn is_aside(cx: &Context<'_>, exchange: ExchangeId) -> bool {
    matches!(cx.network.purpose(exchange), Some(Purpose::Bench(_) | Purpose::Audit(_)))
}

impl Context<'_> {
    /// Whether the response to a GET of an audit is a stream that stays open.
    fn opens_stream(&self, exchange: ExchangeId) -> bool {
        let running = self.network.running.get(&exchange);
        running.is_some_and(|it| {
            let get = it.request.method == Method::Get && matches!(it.purpose, Purpose::Audit(_));
            get && matches!(it.reader, Reader::Stream(_))
        })
    }

    fn note_unreadable(&mut self, exchange: ExchangeId, text: &str) {
        let rpc = Rpc {
            way: Way::In,
            method: String::new(),
            kind: RpcKind::Unreadable,
            id: None,
            text: prefix(text, ROW).into(),
            bytes: text.len(),
            cut: text.len() > ROW,
            mark: None,
        };
        self.note(Event::Rpc { exchange, rpc });
        self.violation(exchange, Breach::NotAMessage);
    }
}
