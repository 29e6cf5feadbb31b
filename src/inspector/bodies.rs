//! The end of an exchange: its body where it was read whole, and what is made of an answer that is missing.

use super::attempt::{Attempt, Signal};
use super::context::Context;
use super::exchanges::Purpose;
use crate::base::text::{self, Text};
use crate::http::{Head, HttpError, Response};
use crate::mcp::connection::Connection;
use crate::mcp::error::{Error, Excerpt, Truncation};
use crate::mcp::jsonrpc::{self, Message};
use crate::mcp::reader::Reader;
use crate::trace::violation::Breach;
use crate::trace::{Body, Event, ExchangeId};

/// How much is kept of a body that is too long, in bytes.
const EXCERPT: usize = 16 << 10;

impl Attempt {
    pub fn heard_end(self, cx: &mut Context<'_>, exchange: ExchangeId) -> Self {
        cx.note_body(exchange);
        let Some(running) = cx.network.running.get_mut(&exchange) else { return self };
        let Some(head) = running.head.clone() else {
            cx.network.running.remove(&exchange);
            return self;
        };
        if running.purpose.is_oauth() {
            let (purpose, body) = (running.purpose.clone(), running.reader.take_text().unwrap_or_default());
            let answer = running.no_relay().map_or(Ok(Response { head, body }), Err);
            cx.network.running.remove(&exchange);
            return self.on(Signal::Response(exchange, purpose, answer), cx);
        }
        let next = match running.acknowledged {
            true => {
                cx.post_over(exchange);
                self
            }
            false => self.mcp_ended(cx, exchange, head),
        };
        if cx.network.running.get(&exchange).is_some_and(|it| !it.acknowledged) {
            cx.network.running.remove(&exchange);
        }
        next
    }

    fn mcp_ended(self, cx: &mut Context<'_>, exchange: ExchangeId, head: Head) -> Self {
        let Some(running) = cx.network.running.get_mut(&exchange) else { return self };
        let body = running.reader.take_text();
        if running.purpose.is_cancelled() {
            return self.cancelled_over(cx, exchange, body);
        }
        if head.status == 401 && !matches!(running.purpose, Purpose::Aside) {
            return self.on(Signal::Unauthorized { exchange, head, body: body.unwrap_or_default() }, cx);
        }
        match &running.purpose {
            Purpose::Listen(_) if body.is_some() && head.ok() => {
                self.heard_messages(cx, exchange, &body.unwrap_or_default())
            }
            purpose if purpose.stays_open() => {
                self.on(Signal::Closed { exchange, head: Some(head), detail: "the stream ended".to_owned() }, cx)
            }
            Purpose::Initialized => self.initialized(cx, exchange, head, body.unwrap_or_default()),
            purpose if purpose.id().is_none() => self,
            _ => self.request_ended(cx, exchange, head, body),
        }
    }

    /// The answer to a notification: 202 without a body.
    fn initialized(self, cx: &mut Context<'_>, exchange: ExchangeId, head: Head, body: String) -> Self {
        if head.ok() {
            return self.on(Signal::Initialized, cx);
        }
        let had_session = self.connection().is_some_and(Connection::has_session);
        let body = Excerpt::of(&body);
        let error = match head.status {
            400 | 404 if !had_session => Error::SessionHidden { head, body, page: cx.place.origin.clone() },
            _ => Error::Status { head, body, had_session },
        };
        self.on(Signal::Failed(exchange, error), cx)
    }

    /// The end of what came back for a request that wants an answer.
    fn request_ended(mut self, cx: &mut Context<'_>, exchange: ExchangeId, head: Head, body: Option<String>) -> Self {
        let had_session = self.connection().is_some_and(Connection::has_session);
        let body = match body {
            // Whatever the body says: a 404 with a session id means that the session is over (MCP, session management).
            Some(body) if head.status == 404 && had_session => {
                return self.on(Signal::Failed(exchange, refusal(&head, &body, had_session)), cx);
            }
            // What the status says weighs more than the words beside it: often it is this page's Origin that is refused.
            Some(_) if head.status == 403 && cx.may_step_up(exchange, &head) => {
                return self.on(Signal::InsufficientScope(exchange, head), cx);
            }
            Some(body) if head.status == 403 => {
                return self.on(Signal::Failed(exchange, refusal(&head, &body, had_session)), cx);
            }
            Some(body) if head.ok() || jsonrpc::parse(&body).is_ok() => {
                self = self.heard_messages(cx, exchange, &body);
                body
            }
            Some(body) => return self.on(Signal::Failed(exchange, refusal(&head, &body, had_session)), cx),
            None => String::new(),
        };
        match cx.network.running.get(&exchange).is_some_and(|it| !it.answered) {
            true => self.unanswered(cx, exchange, &body),
            false => self,
        }
    }

    /// An answer ended, and what was asked for was not in it.
    fn unanswered(self, cx: &mut Context<'_>, exchange: ExchangeId, body: &str) -> Self {
        if self.resumes() && cx.resume_later(exchange) {
            return self;
        }
        let Some(running) = cx.network.running.get(&exchange) else { return self };
        let error = match (&running.nonsense, &running.reader) {
            (Some(error), _) => error.clone(),
            (None, Reader::Whole(_)) => Error::foreign(body),
            (None, reader) if reader.is_cut() => Error::Truncated { at: Truncation::Event },
            (None, Reader::Stream(_)) => Error::Truncated { at: Truncation::Stream },
        };
        self.on(Signal::Failed(exchange, error), cx)
    }

    pub fn heard_failure(self, cx: &mut Context<'_>, exchange: ExchangeId, error: HttpError) -> Self {
        let error = cx.of_relay(exchange, error);
        cx.note_partial_body(exchange, matches!(error, HttpError::TooLarge { .. }));
        cx.note(Event::Failed { exchange, error: error.clone() });
        let Some(running) = cx.network.running.get(&exchange) else { return self };
        if running.answered {
            cx.network.running.remove(&exchange);
            return self;
        }
        if running.acknowledged {
            cx.post_over(exchange);
            return self;
        }
        let purpose = running.purpose.clone();
        if purpose.is_cancelled() {
            cx.network.running.remove(&exchange);
            return self.cancelled_over(cx, exchange, None);
        }
        if purpose.is_oauth() {
            cx.network.running.remove(&exchange);
            return self.on(Signal::Response(exchange, purpose, Err(error)), cx);
        }
        let broken = matches!(error, HttpError::Cut { .. } | HttpError::Blocked { .. } | HttpError::Relay { .. });
        let next = match purpose.stays_open() {
            true => self.on(Signal::Closed { exchange, head: None, detail: error.to_string() }, cx),
            false if broken && self.resumes() && cx.resume_later(exchange) => self,
            false => self.on(Signal::Unanswered(exchange, error), cx),
        };
        cx.network.running.remove(&exchange);
        next
    }

    /// Whether an answer that broke off can be taken up.
    fn resumes(&self) -> bool {
        self.is_connected() && self.connection().is_some_and(|it| it.revision().has_streams())
    }
}

impl Context<'_> {
    /// HTTP+SSE: the POST is over. Its message may still wait for a response, which comes on the stream alone.
    fn post_over(&mut self, exchange: ExchangeId) {
        let Some(running) = self.network.running.get_mut(&exchange) else { return };
        running.over = true;
        let (id, body) = (running.purpose.id().cloned(), running.reader.take_text().unwrap_or_default());
        if running.answered || id.is_none() {
            self.network.running.remove(&exchange);
        }
        let Some(id) = id else { return };
        if let Ok(Message::Result { id: given, .. } | Message::Error { id: Some(given), .. }) = jsonrpc::message(&body)
            && given == id
        {
            self.violation(exchange, Breach::ResponseInPost);
        }
    }

    /// A body that was read whole, and the end of the exchange.
    fn note_body(&mut self, exchange: ExchangeId) {
        let Some(running) = self.network.running.get(&exchange) else { return };
        let oauth = running.purpose.is_oauth();
        if let Some(body) = running.reader.text().filter(|it| !it.is_empty()) {
            let body = Body::new(if oauth { text::json(&body) } else { Text::plain(body.into_owned()) });
            self.note(Event::Body { exchange, body });
        }
        self.note(Event::Ended { exchange });
    }

    /// What came of a body that broke off; the beginning, where it was too long.
    fn note_partial_body(&mut self, exchange: ExchangeId, excerpt: bool) {
        let reader = self.network.running.get(&exchange).map(|it| &it.reader);
        let Some(text) = reader.and_then(|it| it.text()).filter(|it| !it.is_empty()) else { return };
        let body = match excerpt {
            true => Body::excerpt(&text, EXCERPT),
            false => Body::new(text::json(&text)),
        };
        self.note(Event::Body { exchange, body });
    }
}

/// An HTTP error without a JSON-RPC message in it.
fn refusal(head: &Head, body: &str, had_session: bool) -> Error {
    let body = Excerpt::of(body);
    match head.status {
        403 => Error::Forbidden { challenge: head.header("www-authenticate").map(str::to_owned), body },
        _ => Error::Status { head: head.clone(), body, had_session },
    }
}
