//! Messages that the user writes. They go out with the headers of the connection, and their response is an exchange like
//! any other: nothing of the connection follows from it.

use super::Order;
use super::attempt::Attempt;
use super::connected::Connected;
use super::context::Context;
use super::exchanges::Purpose;
use super::server::LIVELY;
use crate::http::HttpError;
use crate::mcp::error::Error;
use crate::mcp::jsonrpc::Id;
use crate::mcp::model::ItemKind;
use crate::mcp::raw::RawMessage;
use crate::trace::{Event, ExchangeId};

impl Connected {
    pub fn send_raw(&mut self, cx: &mut Context<'_>, raw: RawMessage) -> ExchangeId {
        let tools = self.work.lists.get(&ItemKind::Tools).filter(|_| raw.method == ItemKind::Tools.method());
        let called = tools.and_then(|it| it.items.iter().find(|tool| raw.is_about(&tool.key))).cloned();
        let (id, request) = self.connection.raw(&raw, called.as_deref());
        let purpose = id.map_or(Purpose::Aside, |id| Purpose::Raw(Box::new(raw), id));
        cx.send(None, purpose, request)
    }

    /// Cancelling: before 2026-07-28 the server is told, from then on closing the response is the cancellation (MCP,
    /// cancellation). Nothing more is waited for, unlike the use of an item: what comes late is on the wire.
    pub fn cancel_raw(&mut self, cx: &mut Context<'_>, id: &Id) {
        let exchange = cx.network.raw_with(id);
        if !cx.network.forget_raw(id) && exchange.is_none() {
            return;
        }
        if let Some(notice) = self.connection.cancelled(id, "the user cancelled") {
            cx.send(None, Purpose::Aside, notice);
        }
        if let Some(exchange) = exchange {
            cx.network.abort(exchange);
            // Of HTTP+SSE the exchange is over with its acknowledgement, and the response is given up all the same.
            cx.note(Event::Failed { exchange, error: HttpError::Aborted });
        }
    }

    /// A 401 leads to a new token, unless it was typed; what it interrupted is sent again with it.
    pub fn keep_raw(&mut self, cx: &mut Context<'_>, exchange: ExchangeId) {
        // An app asks again itself, where it still wants that.
        if cx.app_unanswered(exchange) {
            return;
        }
        if let Some(Purpose::Raw(raw, _)) = cx.network.purpose(exchange).filter(|_| !cx.visit.has_bearer()) {
            self.work.interrupted_raw.push((**raw).clone());
        }
    }

    /// No response: the exchange says so. A lost session is renewed, and the message is not repeated: the user may.
    pub fn raw_failed(self, cx: &mut Context<'_>, exchange: ExchangeId, error: &Error) -> Attempt {
        cx.app_unanswered(exchange);
        if error.is_lost_session() { self.session_lost(cx, exchange) } else { self.into() }
    }
}

impl Context<'_> {
    /// A sign of life for a message with that token: the time for its response begins anew, though not for ever (B-06).
    pub fn extend_raw(&mut self, token: &Id) {
        let Some(exchange) = self.network.raw_with(token) else { return };
        let (began, limit) = (self.trace.exchange(exchange).map_or(0.0, |it| it.sent), self.visit.limit());
        if self.moment.now - began < f64::from(limit) * LIVELY {
            self.network.orders.push(Order::Limit { exchange, limit: Some(limit) });
        }
    }
}
