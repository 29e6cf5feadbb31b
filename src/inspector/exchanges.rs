//! Requests in flight: what they are for, and sending them and giving them up.

use super::Order;
use super::bench::Job;
use super::context::Context;
use super::polling::TaskRequest;
use super::tokens::Cause;
use crate::base::text::{Text, prefix};
use crate::http::sse;
use crate::http::{Head, HttpError, Request};
use crate::mcp::completion;
use crate::mcp::connection::Target;
use crate::mcp::error::Error;
use crate::mcp::jsonrpc::{self, Id, Message};
use crate::mcp::model::{ItemKind, Marks};
use crate::mcp::raw::RawMessage;
use crate::mcp::reader::Reader;
use crate::trace::audit::AuditProbe;
use crate::trace::problem::Problem;
use crate::trace::step::Step;
use crate::trace::{Event, ExchangeId, Mark, Rpc, RpcKind, Way};

/// What a request is for.
#[derive(Clone, PartialEq)]
pub(super) enum Purpose {
    /// A request of the authorization flow.
    Flow(Step),
    Probe,
    /// One of an audit.
    Audit(AuditProbe),
    /// A request to the token endpoint after the login.
    Refresh(Cause),
    Revoke,
    /// Beside the connection, about its token.
    Bench(Job),
    Discover(Id),
    Initialize(Id),
    Initialized,
    List(ItemKind, Id),
    Ask(Target, Id),
    /// About a task that a call became, or about all of them.
    Task(Box<TaskRequest>, Id),
    /// What the user wrote.
    Raw(Box<RawMessage>, Id),
    /// Candidates for an argument.
    Complete(Id),
    /// A use that the user cancelled: what still comes for it is watched for a while.
    Cancelled(Target, Id),
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
    /// HTTP+SSE: a 2xx acknowledged the POST, and the response to its message comes on the stream.
    pub acknowledged: bool,
    /// The HTTP exchange is over. It is still here where the response comes on another one.
    pub over: bool,
    /// How often in a row its stream was taken up without a word from the server.
    pub tries: u32,
    /// Something came on its stream that is no message: the likeliest reason if the answer never comes.
    pub nonsense: Option<Error>,
    /// The last event that came on its stream, or on the stream that it takes up.
    pub last_event: Option<String>,
    /// How much came after it was cancelled, in bytes.
    pub watched: usize,
}

/// The longest response of an authorization server, and the longest document of discovery, in bytes.
const DOCUMENT: usize = 1 << 20;
/// The longest response of an MCP server, and the longest event of its streams, in bytes.
pub const LONGEST_RESPONSE: usize = sse::Decoder::LIMIT;

/// How much of a message is kept in its own row, in bytes.
pub(super) const ROW: usize = 4096;

impl Context<'_> {
    pub fn send(&mut self, step: Option<Step>, purpose: Purpose, request: Request) -> ExchangeId {
        let request = self.relayed(step, &purpose, request);
        let exchange = self.trace.next_exchange();
        self.note(Event::Sent { exchange, step, request: request.clone() });
        if !purpose.is_oauth() {
            self.note_sent(exchange, &request);
        }
        let limit = (!purpose.stays_open()).then_some(self.visit.limit());
        self.network.orders.push(Order::Send { exchange, request: Box::new(request.clone()), limit });
        self.network.running.insert(exchange, Running::new(purpose, request));
        exchange
    }

    fn note_sent(&mut self, exchange: ExchangeId, request: &Request) {
        let Some(body) = request.body.as_ref().map(Text::expose) else { return };
        if let Ok(message) = jsonrpc::message(&body) {
            let rpc = rpc(Way::Out, &message, &body, None);
            self.note(Event::Rpc { exchange, rpc });
        }
    }

    /// A request that this client gives up.
    pub fn abort(&mut self, exchange: ExchangeId) {
        // Of HTTP+SSE the exchange is over with its acknowledgement, and the response is given up all the same.
        let awaited = self.network.running.get(&exchange).is_some_and(|it| it.over && it.awaits());
        if self.network.abort(exchange) || awaited {
            self.note(Event::Failed { exchange, error: HttpError::Aborted });
        }
    }

    pub fn abort_all(&mut self) {
        for exchange in self.network.drain() {
            self.abort(exchange);
        }
    }
}

pub(super) fn rpc(way: Way, message: &Message, text: &str, answers: Option<&str>) -> Rpc {
    let (kind, id, method) = match message {
        Message::Request { id, method, .. } => (RpcKind::Request, Some(id), method.as_str()),
        Message::Notification { method, .. } => (RpcKind::Notification, None, method.as_str()),
        Message::Result { id, .. } => (RpcKind::Result, Some(id), answers.unwrap_or_default()),
        Message::Error { id, .. } => (RpcKind::Error, id.as_ref(), answers.unwrap_or_default()),
    };
    let (id, method) = (id.map(Id::to_string), method.to_owned());
    let mark = mark(message, answers);
    Rpc { way, method, kind, id, text: prefix(text, ROW).into(), bytes: text.len(), cut: text.len() > ROW, mark }
}

/// What the result of a use says of itself.
fn mark(message: &Message, answers: Option<&str>) -> Option<Mark> {
    let Message::Result { result, .. } = message else { return None };
    let is_tool = answers == Some(ItemKind::Tools.method());
    let of_use = is_tool || [ItemKind::Resources, ItemKind::Prompts].iter().any(|it| answers == Some(it.method()));
    let marks = of_use.then(|| Marks::read(result))?;
    match marks.result_type.as_deref() {
        Some("input_required") => Some(Mark::InputRequired),
        _ => (is_tool && marks.is_error).then_some(Mark::ToolError),
    }
}

/// What it means for a request of MCP that the browser gave no response to it.
pub(super) fn error_of(request: &Request, error: HttpError) -> Error {
    let url = request.url.clone();
    match error {
        HttpError::Blocked { said } => Error::Blocked { url, said, asked: request.preflighted() },
        HttpError::Redirected => Error::Redirected { from: url, to: None },
        error => Error::Http { url, error },
    }
}

/// The raw JSON of a result, or the error.
pub(super) type Answer = Result<std::sync::Arc<str>, jsonrpc::RpcError>;

impl Running {
    pub fn new(purpose: Purpose, request: Request) -> Self {
        let reader = Reader::Whole(Vec::new());
        let (answered, acknowledged, over, tries) = (false, false, false, 0);
        let (nonsense, last_event, watched) = (None, None, 0);
        Self {
            purpose,
            request,
            head: None,
            reader,
            answered,
            acknowledged,
            over,
            tries,
            nonsense,
            last_event,
            watched,
        }
    }

    /// Whether somebody waits for it, so that the page is not at rest.
    pub const fn is_busy(&self) -> bool {
        let waits = !self.purpose.stays_open() && !self.purpose.is_cancelled();
        waits && if self.acknowledged { self.awaits() } else { !self.answered }
    }

    /// The id of a message of the user's whose response is still to come.
    pub fn raw_id(&self) -> Option<&Id> {
        match &self.purpose {
            Purpose::Raw(_, id) if !self.answered => Some(id),
            _ => None,
        }
    }

    /// Whether a response to its JSON-RPC request is still to come.
    pub const fn awaits(&self) -> bool {
        !self.answered && self.purpose.id().is_some()
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
            | Self::Task(_, id)
            | Self::Raw(_, id)
            | Self::Complete(id)
            | Self::Cancelled(_, id)
            | Self::Setting(_, id)
            | Self::Listen(id) => Some(id),
            _ => None,
        }
    }

    /// A stream that stays open by design.
    pub const fn stays_open(&self) -> bool {
        matches!(self, Self::Channel(_) | Self::Stream | Self::Listen(_))
    }

    /// The user has cancelled it.
    pub const fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled(..))
    }

    /// Between this client and an authorization server, or a look into what was blocked, or into the token.
    pub const fn is_oauth(&self) -> bool {
        matches!(self, Self::Flow(_) | Self::Probe | Self::Audit(_) | Self::Refresh(_) | Self::Revoke | Self::Bench(_))
    }

    /// How long a response to it may be, in bytes.
    pub const fn most(&self) -> usize {
        if self.is_oauth() { DOCUMENT } else { LONGEST_RESPONSE }
    }

    pub fn method(&self) -> Option<&str> {
        match self {
            Self::Discover(_) => Some("server/discover"),
            Self::Initialize(_) => Some("initialize"),
            Self::List(kind, _) => Some(kind.list().0),
            Self::Ask(target, _) | Self::Cancelled(target, _) => Some(target.kind.method()),
            Self::Task(asked, _) => Some(asked.verb.method()),
            Self::Raw(raw, _) => Some(&raw.method),
            Self::Complete(_) => Some(completion::METHOD),
            Self::Setting(method, _) => Some(method),
            Self::Listen(_) => Some("subscriptions/listen"),
            _ => None,
        }
    }
}
