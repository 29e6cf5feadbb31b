//! Requests in flight: sending them, and sorting what comes back for them.

use super::bench::Job;
use super::{Inspector, Order, State};
use crate::checks::Clause;
use crate::http::{Event as HttpEvent, Head, HttpError, Method, Request, Response};
use crate::jsonrpc::{self, Came, Id, Message, NotAMessage};
use crate::mcp::connection::{Connection, Target, Transport};
use crate::mcp::error::Error;
use crate::mcp::model::Kind;
use crate::mcp::reader::Reader;
use crate::oauth::flow::Moment;
use crate::problem::Problem;
use crate::question::Asker;
use crate::step::Step;
use crate::text::{self, Text, prefix};
use crate::trace::{Body, Event, ExchangeId, Rpc, RpcKind, StreamEvent, Way};

/// What a request is for.
#[derive(Clone, PartialEq)]
pub(super) enum Purpose {
    /// A request of the authorization flow.
    Flow(Step),
    Probe,
    /// A request to the token endpoint after the login, or to the revocation endpoint.
    Token(Step),
    /// Beside the connection, about its token.
    Bench(Job),
    Discover(Id),
    Initialize(Id),
    Initialized,
    List(Kind, Id),
    Ask(Target, Id),
    /// A request of this client's own whose answer only matters if it is an error: its method.
    Setting(&'static str, Id),
    /// The stream of HTTP+SSE. What is said if it does not come about and something else was tried before.
    Channel(Option<Box<Problem>>),
    /// The stream of what the server says by itself (2025-03-26 to 2025-11-25).
    Stream,
    /// The stream of what was subscribed to (2026-07-28).
    Listen(Id),
    /// A message that no answer is awaited for: a cancellation, an answer to the server, the farewell.
    Aside,
}

/// A request in flight, and what came back for it so far.
pub(super) struct Running {
    pub purpose: Purpose,
    pub request: Request,
    pub head: Option<Head>,
    pub reader: Reader,
    /// The JSON-RPC answer has come; what follows changes nothing.
    pub answered: bool,
    /// HTTP+SSE: the POST is over, and the answer comes on the stream.
    pub acknowledged: bool,
    /// How often in a row its stream was taken up without a word from the server.
    pub tries: u32,
    /// Something came on its stream that is no message: the likeliest reason if the answer never comes.
    pub nonsense: Option<Error>,
    /// The last event that came on its stream, or on the stream that it takes up.
    pub last_event: Option<String>,
}

/// How much of a message is kept in its own row, in bytes.
const ROW: usize = 4096;

impl Inspector {
    pub(super) fn send(
        &mut self,
        moment: &Moment,
        step: Option<Step>,
        purpose: Purpose,
        request: Request,
    ) -> ExchangeId {
        let exchange = self.trace.next_exchange();
        self.note(moment, Event::Sent { exchange, step, request: request.clone() });
        if !purpose.is_oauth() {
            self.note_sent(moment, exchange, &request);
        }
        let limit = (!purpose.stays_open()).then_some(self.limit());
        self.orders.push(Order::Send { exchange, request: Box::new(request.clone()), limit });
        self.running.insert(exchange, Running::new(purpose, request));
        exchange
    }

    /// How long an answer may take, in milliseconds.
    pub(super) fn limit(&self) -> u32 {
        self.settings.as_ref().map_or(60_000, |it| it.timeout)
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
        Rpc { way, method, kind, id, text: prefix(text, ROW).into(), bytes: text.len(), cut: text.len() > ROW }
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
        if head.redirected && !running.purpose.is_oauth() {
            return self.moved(moment, exchange, &head.url);
        }
        running.reader = Reader::of(&head);
        running.head = Some(head);
    }

    fn heard_bytes(&mut self, moment: &Moment, exchange: ExchangeId, bytes: &[u8]) {
        let Some(running) = self.running.get_mut(&exchange) else { return };
        let events = running.reader.feed(bytes);
        if let Some(id) = running.reader.last_event_id() {
            running.last_event = Some(id.to_owned());
        }
        for event in events {
            self.note(moment, Event::Streamed { exchange, event: StreamEvent::from(&event) });
            match event.event.as_str() {
                // Empty data only carries an id (MCP 2025-11-25, priming event).
                "message" if !event.data.is_empty() && !self.is_aside(exchange) => {
                    self.heard_messages(moment, exchange, &event.data)
                }
                "endpoint" => self.endpoint(moment, exchange, &event.data),
                _ => {}
            }
        }
    }

    /// What the bench asks: nothing of its answer is for the connection.
    fn is_aside(&self, exchange: ExchangeId) -> bool {
        self.running.get(&exchange).is_some_and(|it| matches!(it.purpose, Purpose::Bench(_)))
    }

    /// The messages of a body or an event.
    fn heard_messages(&mut self, moment: &Moment, exchange: ExchangeId, text: &str) {
        match jsonrpc::parse(text) {
            Ok(messages) => {
                let batch = text.trim_start().starts_with('[');
                if batch && self.connection().is_some_and(|it| it.info.is_some() && !it.revision().has_batches()) {
                    let words = "The server sent several messages as one list. Only 2025-03-26 has batches.";
                    self.violation(moment, exchange, Clause::McpMessages, words);
                }
                for message in messages {
                    match message {
                        Ok(came) => self.heard_message(moment, exchange, text, came),
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
            cut: text.len() > ROW,
        };
        self.note(moment, Event::Rpc { exchange, rpc });
        let words = "The server sent something that is no JSON-RPC message. It is on the wire page as it came.";
        self.violation(moment, exchange, Clause::McpMessages, words);
    }

    /// A text that is no message. The stream may still bring the answer, a body that was read whole cannot.
    fn heard_nonsense(&mut self, moment: &Moment, exchange: ExchangeId, text: &str, why: &NotAMessage) {
        self.note_unreadable(moment, exchange, text);
        let Some(running) = self.running.get_mut(&exchange) else { return };
        let Some(error) = running.head.as_ref().map(|head| Error::unreadable(head, text, why)) else { return };
        match running.reader {
            Reader::Whole(_) => self.failed(moment, exchange, &error),
            Reader::Stream(_) => running.nonsense = Some(error),
        }
    }

    fn heard_message(&mut self, moment: &Moment, exchange: ExchangeId, text: &str, came: Came) {
        if !came.marked {
            let words = "The server sent a message without \"jsonrpc\": \"2.0\".";
            self.violation(moment, exchange, Clause::McpMessages, words);
        }
        let message = came.message;
        let asker = match &message {
            Message::Result { id, .. } | Message::Error { id: Some(id), .. } => self.asked_with(exchange, id),
            _ => Some(exchange),
        };
        let answers = asker.and_then(|it| self.running.get(&it)).and_then(|it| it.purpose.method());
        let rpc = self.rpc(Way::In, &message, text, answers);
        self.note(moment, Event::Rpc { exchange, rpc });
        if let Some(running) = self.running.get_mut(&exchange) {
            running.tries = 0;
        }
        match message {
            Message::Request { id, method, params } => self.asked_by_server(moment, exchange, &id, &method, params),
            Message::Notification { method, params } => self.notified(moment, exchange, &method, params.as_deref()),
            Message::Result { id, result } => self.answered(moment, exchange, Some(&id), Ok(result)),
            Message::Error { id, error } => self.answered(moment, exchange, id.as_ref(), Err(error)),
        }
    }

    /// The exchange whose request had that id: this one, or another whose answer comes on a stream that is shared.
    fn asked_with(&self, exchange: ExchangeId, id: &Id) -> Option<ExchangeId> {
        let here = self.running.get(&exchange)?;
        if here.purpose.id() == Some(id) {
            return Some(exchange);
        }
        let shared = here.purpose.stays_open() || here.request.method == Method::Get;
        let other = self.running.iter().find(|(_, it)| shared && it.purpose.id() == Some(id));
        other.map(|(exchange, _)| *exchange)
    }

    fn answered(&mut self, moment: &Moment, exchange: ExchangeId, id: Option<&Id>, answer: Answer) {
        // An answer without an id can only be an error of this very request.
        let asker = id.map_or(Some(exchange), |id| self.asked_with(exchange, id));
        let waiting = asker.filter(|it| self.running.get(it).is_some_and(|it| it.purpose.id().is_some()));
        let Some(asker) = waiting else { return self.unasked(moment, exchange, id) };
        let Some(running) = self.running.get_mut(&asker) else { return };
        if running.answered {
            let words = "The server answered one request twice. The first answer counts.";
            return self.violation(moment, exchange, Clause::McpMessages, words);
        }
        running.answered = true;
        let status = running.head.clone();
        let over = running.acknowledged;
        match running.purpose.clone() {
            Purpose::Discover(_) => self.discovered(moment, asker, answer),
            Purpose::Initialize(_) => self.initialize_answered(moment, asker, status.as_ref(), answer),
            Purpose::List(kind, _) => self.list_answered(moment, asker, kind, answer),
            Purpose::Ask(target, _) => self.ask_answered(moment, &target, asker, answer),
            Purpose::Setting(method, _) => self.setting_answered(moment, method, answer),
            Purpose::Listen(_) => self.listen_over(moment, asker, answer),
            _ => {}
        }
        if over {
            self.running.remove(&asker);
        } else {
            self.linger(asker);
        }
    }

    /// An answer that nobody waits for. One that comes late, after a cancellation, is nobody's fault.
    fn unasked(&mut self, moment: &Moment, exchange: ExchangeId, id: Option<&Id>) {
        let known = |id: &Id| match id {
            Id::Number(id) => self.connection().is_some_and(|it| (1..=it.last_id()).contains(id)),
            Id::Text(id) => id.starts_with("listen-") || id.starts_with("trial-"),
        };
        if id.is_some_and(|id| !known(id)) {
            let words = "The server answered with an id that no request had.";
            self.violation(moment, exchange, Clause::McpMessages, words);
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
            (Purpose::Token(step), Some(head)) => {
                let (step, body) = (*step, running.reader.text().unwrap_or_default());
                self.running.remove(&exchange);
                self.token_answered(moment, step, Ok(Response { head, body }));
            }
            (Purpose::Bench(job), Some(head)) => {
                let (job, body) = (*job, running.reader.text().unwrap_or_default());
                self.running.remove(&exchange);
                self.bench_answered(moment, exchange, job, Ok(Response { head, body }));
            }
            (_, Some(head)) => self.mcp_ended(moment, exchange, &head),
            (_, None) => {}
        }
        if self.running.get(&exchange).is_some_and(|it| !it.acknowledged || it.answered) {
            self.running.remove(&exchange);
        }
    }

    /// A body that was read whole, and the end of the exchange.
    fn note_body(&mut self, moment: &Moment, exchange: ExchangeId) {
        let Some(running) = self.running.get(&exchange) else { return };
        let oauth = running.purpose.is_oauth();
        if let Some(body) = running.reader.text().filter(|it| !it.is_empty()) {
            let body = Body::new(if oauth { text::json(&body) } else { Text::plain(body) });
            self.note(moment, Event::Body { exchange, body });
        }
        self.note(moment, Event::Ended { exchange });
    }

    fn mcp_ended(&mut self, moment: &Moment, exchange: ExchangeId, head: &Head) {
        let Some(running) = self.running.get(&exchange) else { return };
        let body = running.reader.text();
        if head.status == 401 && !matches!(running.purpose, Purpose::Aside) {
            return self.unauthorized(moment, exchange, head, &body.unwrap_or_default());
        }
        match &running.purpose {
            Purpose::Listen(_) if body.is_some() && head.ok() => {
                self.heard_messages(moment, exchange, &body.unwrap_or_default());
            }
            purpose if purpose.stays_open() => {
                self.stream_over(moment, exchange, Some(head), "the stream ended");
            }
            purpose if purpose.id().is_none() => {
                self.notice_ended(moment, exchange, head, &body.unwrap_or_default());
            }
            _ => self.request_ended(moment, exchange, head, body),
        }
    }

    /// The end of what came back for a request that wants an answer.
    fn request_ended(&mut self, moment: &Moment, exchange: ExchangeId, head: &Head, body: Option<String>) {
        let connection = self.connection();
        let had_session = connection.is_some_and(Connection::has_session);
        let on_stream = connection.is_some_and(|it| matches!(it.transport, Transport::Sse { .. }));
        match body {
            // Whatever the body says: a 404 with a session id means that the session is over (MCP, session management).
            Some(body) if head.status == 404 && had_session => {
                return self.failed(moment, exchange, &refusal(head, body, had_session));
            }
            // What the status says weighs more than the words beside it: often it is this page's Origin that is refused.
            Some(_) if head.status == 403 && self.steps_up(moment, exchange, head) => return,
            Some(body) if head.status == 403 => {
                return self.failed(moment, exchange, &refusal(head, body, had_session));
            }
            Some(body) if on_stream && head.ok() && jsonrpc::parse(&body).is_err() => {
                return self.acknowledged(exchange);
            }
            Some(body) if head.ok() || jsonrpc::parse(&body).is_ok() => self.heard_messages(moment, exchange, &body),
            Some(body) => return self.failed(moment, exchange, &refusal(head, body, had_session)),
            None => {}
        }
        if self.running.get(&exchange).is_some_and(|it| !it.answered) {
            self.unanswered(moment, exchange);
        }
    }

    /// An answer ended, and what was asked for was not in it.
    fn unanswered(&mut self, moment: &Moment, exchange: ExchangeId) {
        if self.resume_later(moment, exchange) {
            return;
        }
        let Some(running) = self.running.get(&exchange) else { return };
        if let Some(error) = running.nonsense.clone() {
            return self.failed(moment, exchange, &error);
        }
        let detail = match &running.reader {
            Reader::Whole(_) => {
                let body = running.reader.text().unwrap_or_default();
                return self.failed(moment, exchange, &Error::ForeignAnswer { body });
            }
            reader if reader.is_cut() => "The stream ended in the middle of an event",
            Reader::Stream(_) => "The stream ended, and the answer was not in it",
        };
        self.failed(moment, exchange, &Error::Truncated { detail: detail.to_owned() });
    }

    fn heard_failure(&mut self, moment: &Moment, exchange: ExchangeId, error: HttpError) {
        self.note_partial_body(moment, exchange);
        self.note(moment, Event::Failed { exchange, error: error.clone() });
        let Some(running) = self.running.get(&exchange) else { return };
        if running.answered {
            self.running.remove(&exchange);
            return;
        }
        match &running.purpose {
            Purpose::Flow(_) | Purpose::Probe => {
                self.running.remove(&exchange);
                self.flow_or_probe(moment, Err(error));
            }
            Purpose::Token(step) => {
                let step = *step;
                self.running.remove(&exchange);
                self.token_answered(moment, step, Err(error));
            }
            Purpose::Bench(job) => {
                let job = *job;
                self.running.remove(&exchange);
                self.bench_answered(moment, exchange, job, Err(error));
            }
            Purpose::Channel(_) | Purpose::Stream | Purpose::Listen(_) => {
                self.stream_over(moment, exchange, None, &error.to_string());
            }
            _ => {
                let broken = matches!(error, HttpError::Cut { .. } | HttpError::Blocked { .. });
                if !broken || !self.resume_later(moment, exchange) {
                    self.mcp_failed(moment, exchange, error);
                }
            }
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
        if self.running.remove(&exchange).is_some_and(|it| !it.acknowledged) {
            self.note(moment, Event::Failed { exchange, error: HttpError::Aborted });
            self.orders.push(Order::Abort(exchange));
        }
    }

    pub(super) fn abort_all(&mut self, moment: &Moment) {
        self.alarms.clear();
        self.unproven.clear();
        self.after_lists.clear();
        // Requests of the server's are answered on the connection that they came on.
        self.questions.retain(|it| !matches!(it.asker, Asker::Request { .. }));
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

impl Running {
    pub fn new(purpose: Purpose, request: Request) -> Self {
        let reader = Reader::Whole(Vec::new());
        let (answered, acknowledged, tries) = (false, false, 0);
        let (nonsense, last_event) = (None, None);
        Self { purpose, request, head: None, reader, answered, acknowledged, tries, nonsense, last_event }
    }

    /// Whether somebody waits for it, so that the page is not at rest.
    pub const fn is_busy(&self) -> bool {
        !self.answered && !self.purpose.stays_open()
    }
}

impl Purpose {
    /// The id whose answer is awaited.
    pub const fn id(&self) -> Option<&Id> {
        match self {
            Self::Discover(id)
            | Self::Initialize(id)
            | Self::List(_, id)
            | Self::Ask(_, id)
            | Self::Setting(_, id)
            | Self::Listen(id) => Some(id),
            _ => None,
        }
    }

    /// A stream that stays open by design.
    pub const fn stays_open(&self) -> bool {
        matches!(self, Self::Channel(_) | Self::Stream | Self::Listen(_))
    }

    /// Between this client and an authorization server, or a look into what was blocked, or into the token.
    const fn is_oauth(&self) -> bool {
        matches!(self, Self::Flow(_) | Self::Probe | Self::Token(_) | Self::Bench(_))
    }

    const fn method(&self) -> Option<&'static str> {
        match self {
            Self::Discover(_) => Some("server/discover"),
            Self::Initialize(_) => Some("initialize"),
            Self::List(kind, _) => Some(kind.list().0),
            Self::Ask(target, _) => Some(target.kind.method()),
            Self::Setting(method, _) => Some(method),
            Self::Listen(_) => Some("subscriptions/listen"),
            _ => None,
        }
    }
}
