//! Requests in flight: sending them, and sorting what comes back for them.

use super::{Inspector, Order, State};
use crate::http::{Event as HttpEvent, Head, HttpError, Request, Response};
use crate::jsonrpc::{self, Id, Message, NotAMessage};
use crate::mcp::connection::{Connection, Target};
use crate::mcp::error::Error;
use crate::mcp::model::Kind;
use crate::mcp::reader::Reader;
use crate::oauth::flow::Moment;
use crate::step::Step;
use crate::text::{self, Text, prefix};
use crate::trace::{Body, Event, ExchangeId, Rpc, RpcKind, StreamEvent, Way};

/// What a request is for.
#[derive(Clone, PartialEq)]
pub(super) enum Purpose {
    /// A request of the authorization flow.
    Flow(Step),
    Probe,
    Initialize(Id),
    Initialized,
    List(Kind, Id),
    Ask(Target, Id),
    /// A message that no answer is awaited for: a cancellation, an answer to the server, the farewell.
    Aside,
}

/// A request in flight, and what came back for it so far.
pub(super) struct Running {
    pub purpose: Purpose,
    pub request: Request,
    pub head: Option<Head>,
    reader: Reader,
    /// The JSON-RPC answer has come; what follows changes nothing.
    pub answered: bool,
}

/// How much of a message is kept in its own row, in bytes.
const ROW: usize = 4096;

impl Inspector {
    pub(super) fn send(&mut self, moment: &Moment, step: Option<Step>, purpose: Purpose, request: Request) {
        let exchange = self.trace.next_exchange();
        self.note(moment, Event::Sent { exchange, step, request: request.clone() });
        if !matches!(purpose, Purpose::Flow(_) | Purpose::Probe) {
            self.note_sent(moment, exchange, &request);
        }
        let limit = self.settings.as_ref().map_or(60_000, |it| it.timeout);
        self.orders.push(Order::Send { exchange, request: Box::new(request.clone()), limit });
        let reader = Reader::Whole(Vec::new());
        self.running.insert(exchange, Running { purpose, request, head: None, reader, answered: false });
    }

    fn note_sent(&mut self, moment: &Moment, exchange: ExchangeId, request: &Request) {
        let Some(body) = request.body.as_ref().map(Text::expose) else { return };
        if let Ok(message) = jsonrpc::message(&body) {
            let rpc = self.rpc(Way::Out, &message, &body, None);
            self.note(moment, Event::Rpc { exchange, rpc });
        }
    }

    fn rpc(&self, way: Way, message: &Message, text: &str, answers: Option<&str>) -> Rpc {
        let (kind, id, method) = match message {
            Message::Request { id, method, .. } => (RpcKind::Request, Some(id), method.as_str()),
            Message::Notification { method, .. } => (RpcKind::Notification, None, method.as_str()),
            Message::Result { id, .. } => (RpcKind::Result, Some(id), answers.unwrap_or_default()),
            Message::Error { id, .. } => (RpcKind::Error, id.as_ref(), answers.unwrap_or_default()),
        };
        let (id, method) = (id.map(Id::to_string), method.to_owned());
        Rpc { way, method, kind, id, text: prefix(text, ROW).into(), bytes: text.len() }
    }

    /// What happened to a request. One that is not in flight any more (cancelled, answered in time) is past.
    pub(super) fn heard(&mut self, moment: &Moment, exchange: ExchangeId, event: HttpEvent) {
        if !self.running.contains_key(&exchange) {
            return;
        }
        match event {
            HttpEvent::Head(head) => self.heard_head(moment, exchange, head),
            HttpEvent::Bytes(bytes) => self.heard_bytes(moment, exchange, &bytes),
            HttpEvent::End => self.heard_end(moment, exchange),
            HttpEvent::Failed(error) => self.heard_failure(moment, exchange, error),
        }
    }

    fn heard_head(&mut self, moment: &Moment, exchange: ExchangeId, head: Head) {
        self.note(moment, Event::Answered { exchange, head: head.clone() });
        let Some(running) = self.running.get_mut(&exchange) else { return };
        if head.redirected && !matches!(running.purpose, Purpose::Flow(_) | Purpose::Probe) {
            return self.moved(moment, exchange, &head.url);
        }
        running.reader = Reader::of(&head);
        running.head = Some(head);
    }

    fn heard_bytes(&mut self, moment: &Moment, exchange: ExchangeId, bytes: &[u8]) {
        let Some(running) = self.running.get_mut(&exchange) else { return };
        for event in running.reader.feed(bytes) {
            self.note(moment, Event::Streamed { exchange, event: StreamEvent::from(&event) });
            // Empty data only carries an id (MCP 2025-11-25, priming event).
            if event.event == "message" && !event.data.is_empty() {
                self.heard_messages(moment, exchange, &event.data);
            }
        }
    }

    /// The messages of a body or an event.
    fn heard_messages(&mut self, moment: &Moment, exchange: ExchangeId, text: &str) {
        match jsonrpc::parse(text) {
            Ok(messages) => {
                for message in messages {
                    match message {
                        Ok(message) => self.heard_message(moment, exchange, text, message),
                        Err(_) => self.note_unreadable(moment, exchange, text),
                    }
                }
            }
            Err(why) => self.heard_nonsense(moment, exchange, text, &why),
        }
    }

    fn note_unreadable(&mut self, moment: &Moment, exchange: ExchangeId, text: &str) {
        let rpc = Rpc {
            way: Way::In,
            method: String::new(),
            kind: RpcKind::Unreadable,
            id: None,
            text: prefix(text, ROW).into(),
            bytes: text.len(),
        };
        self.note(moment, Event::Rpc { exchange, rpc });
    }

    /// A text that is no message. The stream may still bring the answer, a body that was read whole cannot.
    fn heard_nonsense(&mut self, moment: &Moment, exchange: ExchangeId, text: &str, why: &NotAMessage) {
        self.note_unreadable(moment, exchange, text);
        let whole = self.running.get(&exchange).filter(|it| matches!(it.reader, Reader::Whole(_)));
        if let Some(head) = whole.and_then(|it| it.head.clone()) {
            self.failed(moment, exchange, &Error::unreadable(&head, text, why));
        }
    }

    fn heard_message(&mut self, moment: &Moment, exchange: ExchangeId, text: &str, message: Message) {
        let answers = self.running.get(&exchange).and_then(|it| it.purpose.method());
        let rpc = self.rpc(Way::In, &message, text, answers);
        self.note(moment, Event::Rpc { exchange, rpc });
        match message {
            Message::Request { id, method, .. } => self.asked_by_server(moment, &id, &method),
            Message::Notification { .. } => {}
            Message::Result { id, result } => self.answered(moment, exchange, Some(&id), Ok(result)),
            Message::Error { id, error } => self.answered(moment, exchange, id.as_ref(), Err(error)),
        }
    }

    fn asked_by_server(&mut self, moment: &Moment, id: &Id, method: &str) {
        if let Some(request) = self.connection().map(|it| it.answer(id, method)) {
            self.send(moment, None, Purpose::Aside, request);
        }
    }

    fn answered(&mut self, moment: &Moment, exchange: ExchangeId, id: Option<&Id>, answer: Answer) {
        let Some(running) = self.running.get_mut(&exchange) else { return };
        // An answer without an id can only be an error of this very request.
        if running.answered || id.is_some_and(|it| Some(it) != running.purpose.id()) {
            return;
        }
        running.answered = true;
        let head = running.head.clone();
        match running.purpose.clone() {
            Purpose::Initialize(_) => self.initialize_answered(moment, exchange, head.as_ref(), answer),
            Purpose::List(kind, _) => self.list_answered(moment, kind, answer),
            Purpose::Ask(target, _) => self.ask_answered(moment, &target, exchange, answer),
            _ => {}
        }
    }

    fn heard_end(&mut self, moment: &Moment, exchange: ExchangeId) {
        self.note_body(moment, exchange);
        let Some(running) = self.running.get(&exchange) else { return };
        match (&running.purpose, running.head.clone()) {
            (Purpose::Flow(_) | Purpose::Probe, Some(head)) => {
                let body = running.reader.text().unwrap_or_default();
                self.running.remove(&exchange);
                self.flow_or_probe(moment, Ok(Response { head, body }));
            }
            (_, Some(head)) => self.mcp_ended(moment, exchange, &head),
            (_, None) => {}
        }
        self.running.remove(&exchange);
    }

    /// A body that was read whole, and the end of the exchange.
    fn note_body(&mut self, moment: &Moment, exchange: ExchangeId) {
        let Some(running) = self.running.get(&exchange) else { return };
        let oauth = matches!(running.purpose, Purpose::Flow(_));
        if let Some(body) = running.reader.text().filter(|it| !it.is_empty()) {
            let body = Body::new(if oauth { text::json(&body) } else { Text::plain(body) });
            self.note(moment, Event::Body { exchange, body });
        }
        self.note(moment, Event::Ended { exchange });
    }

    fn mcp_ended(&mut self, moment: &Moment, exchange: ExchangeId, head: &Head) {
        let Some(running) = self.running.get(&exchange) else { return };
        let (body, cut) = (running.reader.text(), running.reader.is_cut());
        if head.status == 401 && !matches!(running.purpose, Purpose::Aside) {
            return self.unauthorized(moment, exchange, head, &body.unwrap_or_default());
        }
        let had_session = self.connection().is_some_and(Connection::has_session);
        match body {
            // Whatever the body says: a 404 with a session id means that the session is over (MCP, session management).
            Some(body) if head.status == 404 && had_session && running.purpose.id().is_some() => {
                self.failed(moment, exchange, &refusal(head, body, had_session));
            }
            Some(body) if running.purpose.id().is_none() => self.notice_ended(moment, exchange, head, &body),
            Some(body) if head.ok() || jsonrpc::message(&body).is_ok() => self.heard_messages(moment, exchange, &body),
            Some(body) => self.failed(moment, exchange, &refusal(head, body, had_session)),
            None => {}
        }
        if self.running.get(&exchange).is_some_and(|it| !it.answered && it.purpose.id().is_some()) {
            let detail = match cut {
                true => "The stream ended in the middle of an event",
                false => "The stream ended, and the answer was not in it",
            };
            self.failed(moment, exchange, &Error::Truncated { detail: detail.to_owned() });
        }
    }

    fn heard_failure(&mut self, moment: &Moment, exchange: ExchangeId, error: HttpError) {
        self.note_partial_body(moment, exchange);
        self.note(moment, Event::Failed { exchange, error: error.clone() });
        let Some(running) = self.running.get(&exchange) else { return };
        if running.answered {
            self.running.remove(&exchange);
            return;
        }
        match running.purpose {
            Purpose::Flow(_) | Purpose::Probe => {
                self.running.remove(&exchange);
                self.flow_or_probe(moment, Err(error));
            }
            _ => self.mcp_failed(moment, exchange, error),
        }
        self.running.remove(&exchange);
    }

    fn note_partial_body(&mut self, moment: &Moment, exchange: ExchangeId) {
        let text = self.running.get(&exchange).and_then(|it| it.reader.text());
        if let Some(text) = text.filter(|it| !it.is_empty()) {
            self.note(moment, Event::Body { exchange, body: Body::new(text::json(&text)) });
        }
    }

    /// A request that this client gives up.
    pub(super) fn abort(&mut self, moment: &Moment, exchange: ExchangeId) {
        if self.running.remove(&exchange).is_some() {
            self.note(moment, Event::Failed { exchange, error: HttpError::Aborted });
            self.orders.push(Order::Abort(exchange));
        }
    }

    pub(super) fn abort_all(&mut self, moment: &Moment) {
        let all: Vec<ExchangeId> = self.running.iter().map(|(exchange, _)| *exchange).collect();
        for exchange in all {
            self.abort(moment, exchange);
        }
    }

    fn flow_or_probe(&mut self, moment: &Moment, answer: Result<Response, HttpError>) {
        match self.state {
            State::Investigating(..) => self.probed(moment, answer.map(|it| it.head)),
            State::Authorizing(_) => self.advance(moment, crate::oauth::flow::Input::Response(answer)),
            _ => {}
        }
    }
}

/// The raw JSON of a result, or the error.
pub(super) type Answer = Result<std::sync::Arc<str>, jsonrpc::RpcError>;

/// An HTTP error without a JSON-RPC message in it.
fn refusal(head: &Head, body: String, had_session: bool) -> Error {
    match head.status {
        403 => Error::Forbidden { challenge: head.header("www-authenticate").map(str::to_owned), body },
        _ => Error::Status { head: head.clone(), body, had_session },
    }
}

impl Purpose {
    /// The id whose answer is awaited.
    pub const fn id(&self) -> Option<&Id> {
        match self {
            Self::Initialize(id) | Self::List(_, id) | Self::Ask(_, id) => Some(id),
            _ => None,
        }
    }

    const fn method(&self) -> Option<&'static str> {
        match self {
            Self::Initialize(_) => Some("initialize"),
            Self::List(kind, _) => Some(kind.list().0),
            Self::Ask(target, _) => Some(target.kind.method()),
            _ => None,
        }
    }
}
