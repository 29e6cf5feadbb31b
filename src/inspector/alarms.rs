//! What is to be done after a while: the machine has no clock, so it asks to be woken.

use super::Order;
use super::attempt::{Attempt, Signal};
use super::cancelling::Cancellation;
use super::context::Context;
use super::exchanges::{Purpose, Running, error_of};
use crate::http::HttpError;
use crate::mcp::connection::Target;
use crate::trace::{Event, ExchangeId};

/// The number of something to be woken for. Unique while the page is open.
pub type AlarmId = u32;

/// Why the machine wants to be woken.
pub(super) enum Alarm {
    /// Take up the stream of a request that broke off.
    Resume(Box<Running>),
    /// Open the stream of what the server says by itself again, or that of the subscriptions.
    Reopen { last_event: Option<String>, tries: u32 },
    /// HTTP+SSE: nothing was heard for as long as an answer may take.
    Overdue(ExchangeId),
    /// The answer has come, and the stream stays open all the same.
    Linger(ExchangeId),
    /// A cancelled use was watched for long enough.
    Watched(ExchangeId),
    /// The next round of a request that the server wants repeated.
    Round(Target),
    /// Ask how a task stands, by its id.
    Poll(String),
    /// The token of an audit has expired.
    Expired,
    /// An audit has taken as long as it may.
    Audit,
}

/// How long a stream may stay open behind its answer, in milliseconds.
pub(super) const LINGERING: u32 = 2_000;

impl Attempt {
    pub fn woken(self, cx: &mut Context<'_>, alarm: AlarmId) -> Self {
        match cx.network.take_alarm(alarm) {
            Some(Alarm::Overdue(exchange)) => self.overdue(cx, exchange),
            Some(Alarm::Linger(exchange)) => {
                cx.abort(exchange);
                self
            }
            Some(Alarm::Watched(exchange)) => self.unwatched(cx, exchange, |_| Cancellation::Silent),
            Some(alarm) => self.on(Signal::Alarm(alarm), cx),
            None => self,
        }
    }

    fn overdue(self, cx: &mut Context<'_>, exchange: ExchangeId) -> Self {
        let Some(running) = cx.network.running.get(&exchange).filter(|it| !it.answered && !it.purpose.is_cancelled())
        else {
            return self;
        };
        let error = HttpError::Timeout { after: cx.visit.limit() };
        match running.purpose {
            Purpose::Channel(_) if self.connection().is_none_or(|it| !it.posts_elsewhere()) => {
                cx.network.orders.push(Order::Abort(exchange));
                cx.note(Event::Failed { exchange, error });
                let detail = "no endpoint event within the time limit".to_owned();
                let next = self.on(Signal::Closed { exchange, head: None, detail }, cx);
                cx.network.running.remove(&exchange);
                next
            }
            Purpose::Channel(_) => self,
            _ => {
                let problem = error_of(&running.request, error.clone());
                self.timed_out(cx, exchange);
                // The POST was acknowledged: on the wire it is the response that did not come in time.
                cx.note(Event::Failed { exchange, error });
                cx.network.settle(exchange);
                let next = self.on(Signal::Failed(exchange, problem), cx);
                cx.network.abort(exchange);
                next
            }
        }
    }

    /// Nothing more is waited for, and the server is told (B-06); a handshake is never cancelled.
    fn timed_out(&self, cx: &mut Context<'_>, exchange: ExchangeId) {
        if let Self::Connected(it) = self {
            it.timed_out(cx, exchange);
        }
    }
}
