//! A use that the user cancels, and what the server does then: for a while what still comes for it is watched.
//!
//! Whoever is told of a cancellation should stop and not respond (MCP, cancellation). That shows only as long as the
//! response is still read, so before 2026-07-28 the exchange stays open for a few seconds. From then on closing the
//! response is the cancellation itself, and nothing can be seen of what follows.

use super::Order;
use super::alarms::Alarm;
use super::asks::{Outcome, Status};
use super::attempt::Attempt;
use super::context::Context;
use super::exchanges::{Purpose, Running};
use super::work::Work;
use crate::mcp::connection::{Connection, Target};
use crate::mcp::jsonrpc::{self, Id};
use crate::trace::{ExchangeId, Millis};

/// How long is watched what comes after a cancellation, in milliseconds.
pub const WATCHED: u32 = 5_000;
/// How much may come in that time, in bytes: a server that pours on is not read for seconds.
pub const ROOM: usize = 64 << 10;

/// What the server did after it was told that a use is cancelled. Times are in milliseconds since then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cancellation {
    /// Nothing so far; it is still watched.
    Waiting,
    /// A response came: a result or an error.
    Responded { after: Millis },
    /// More than [`ROOM`] came, and no response in it.
    KeptSending { after: Millis },
    /// The HTTP response ended, and no JSON-RPC response was in it.
    Ended { after: Millis },
    /// No response within [`WATCHED`].
    Silent,
    /// From 2026-07-28 on: closing the response is the cancellation.
    Closed,
    /// The connection ended before it was known.
    Unknown,
    /// Nobody cancelled it: the page was left or reloaded, which closed the exchange.
    Left,
}

impl Cancellation {
    /// As an attribute: whether the server stopped, as far as a client can see.
    pub const fn obeyed(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Responded { .. } | Self::KeptSending { .. } => "no",
            Self::Ended { .. } | Self::Silent => "yes",
            Self::Closed | Self::Unknown | Self::Left => "unknown",
        }
    }
}

impl Work {
    /// Cancelling: the server is told, nothing more is waited for, a late response changes nothing but what is said of it.
    pub fn cancel(&mut self, cx: &mut Context<'_>, connection: Option<&Connection>, target: &Target) {
        let running = cx.network.use_of(target);
        cx.network.forget_alarms_of(target);
        self.drop_questions_of(target);
        let told = running.map(|(exchange, id)| cx.cancel(connection, exchange, target, id));
        if self.is_open(target) {
            self.settle(cx, target, Status::Cancelled, |it| it.cancellation = told);
        }
    }

    /// What became of a cancelled use; said once.
    pub fn cancellation(&mut self, now: Millis, exchange: ExchangeId, became: impl FnOnce(Millis) -> Cancellation) {
        let watched =
            |it: &&mut Outcome| it.exchange == Some(exchange) && it.cancellation == Some(Cancellation::Waiting);
        if let Some(outcome) = self.outcomes.values_mut().find(watched) {
            outcome.cancellation = Some(became((now - outcome.ended.unwrap_or(now)).max(0.0)));
        }
    }

    /// Nothing is watched any more.
    pub fn stop_watching(&mut self) {
        for outcome in self.outcomes.values_mut() {
            if outcome.cancellation == Some(Cancellation::Waiting) {
                outcome.cancellation = Some(Cancellation::Unknown);
            }
        }
    }
}

impl Context<'_> {
    fn cancel(
        &mut self,
        connection: Option<&Connection>,
        exchange: ExchangeId,
        target: &Target,
        id: Option<Id>,
    ) -> Cancellation {
        let told = connection.zip(id).and_then(|(it, id)| Some((it.cancelled(&id, "the user cancelled")?, id)));
        let Some((notice, id)) = told else {
            self.abort(exchange);
            return if connection.is_some() { Cancellation::Closed } else { Cancellation::Unknown };
        };
        self.send(None, Purpose::Aside, notice);
        if let Some(running) = self.network.running.get_mut(&exchange) {
            running.purpose = Purpose::Cancelled(target.clone(), id);
        }
        // The time of the request itself runs no more.
        self.network.orders.push(Order::Limit { exchange, limit: None });
        self.network.wake_after(WATCHED, Alarm::Watched(exchange));
        Cancellation::Waiting
    }

    /// Counts what comes of a use that was cancelled, in bytes; says whether it is too much.
    pub fn pours_on(&mut self, exchange: ExchangeId, bytes: usize) -> bool {
        let running = self.network.running.get_mut(&exchange).filter(|it| it.purpose.is_cancelled() && !it.answered);
        running.is_some_and(|it| {
            it.watched += bytes;
            it.watched > ROOM
        })
    }
}

impl Attempt {
    /// The watch over a cancelled use ends.
    pub fn unwatched(
        mut self,
        cx: &mut Context<'_>,
        exchange: ExchangeId,
        became: impl FnOnce(Millis) -> Cancellation,
    ) -> Self {
        if cx.network.running.get(&exchange).is_some_and(is_watched) {
            self.work_mut().cancellation(cx.moment.now, exchange, became);
            cx.abort(exchange);
        }
        self
    }

    /// The HTTP response to a cancelled use is over, with this body where it was no stream.
    pub fn cancelled_over(mut self, cx: &mut Context<'_>, exchange: ExchangeId, body: Option<String>) -> Self {
        if let Some(body) = body.filter(|it| jsonrpc::parse(it).is_ok()) {
            self = self.heard_messages(cx, exchange, &body);
        }
        self.work_mut().cancellation(cx.moment.now, exchange, |after| Cancellation::Ended { after });
        self
    }
}

fn is_watched(running: &Running) -> bool {
    running.purpose.is_cancelled() && !running.answered
}
