//! What is to be done after a while: the machine has no clock, so it asks to be woken.

use super::exchanges::{Purpose, Running};
use super::{Inspector, Order};
use crate::http::HttpError;
use crate::mcp::connection::Target;
use crate::mcp::error::Error;
use crate::mcp::reader::Reader;
use crate::oauth::flow::Moment;
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
    /// The next round of a request that the server wants repeated.
    Round(Target),
}

/// How long a stream may stay open behind its answer, in milliseconds.
const LINGERING: u32 = 2_000;

impl Inspector {
    pub(super) fn wake_after(&mut self, after: u32, alarm: Alarm) {
        self.last_alarm += 1;
        self.alarms.insert(self.last_alarm, alarm);
        self.orders.push(Order::Wake { alarm: self.last_alarm, after });
    }

    /// A stream that goes on behind its answer is closed after a while.
    pub(super) fn linger(&mut self, exchange: ExchangeId) {
        let streams = |it: &Running| !it.purpose.stays_open() && matches!(it.reader, Reader::Stream(_));
        if self.running.get(&exchange).is_some_and(streams) {
            self.wake_after(LINGERING, Alarm::Linger(exchange));
        }
    }

    /// HTTP+SSE: the POST is over; the answer comes on the stream, or not in time.
    pub(super) fn acknowledged(&mut self, exchange: ExchangeId) {
        if let Some(running) = self.running.get_mut(&exchange) {
            running.acknowledged = true;
            self.wake_after(self.limit(), Alarm::Overdue(exchange));
        }
    }

    pub(super) fn woken(&mut self, moment: &Moment, alarm: AlarmId) {
        match self.alarms.remove(&alarm) {
            Some(Alarm::Resume(running)) => self.take_up(moment, *running),
            Some(Alarm::Reopen { last_event, tries }) => self.reopen(moment, last_event, tries),
            Some(Alarm::Overdue(exchange)) => self.overdue(moment, exchange),
            Some(Alarm::Linger(exchange)) => self.abort(moment, exchange),
            Some(Alarm::Round(target)) => self.next_round(moment, &target),
            None => {}
        }
    }

    fn overdue(&mut self, moment: &Moment, exchange: ExchangeId) {
        let Some(running) = self.running.get(&exchange) else { return };
        match running.purpose {
            Purpose::Channel(_) if self.connection().is_none_or(|it| !it.posts_elsewhere()) => {
                self.orders.push(Order::Abort(exchange));
                let after = self.limit();
                self.note(moment, Event::Failed { exchange, error: HttpError::Timeout { after } });
                self.stream_over(moment, exchange, None, "no endpoint event came in time");
                self.running.remove(&exchange);
            }
            Purpose::Channel(_) => {}
            _ => {
                let (url, after) = (running.request.url.clone(), self.limit());
                self.timed_out(moment, exchange);
                self.failed(moment, exchange, &Error::Http { url, error: HttpError::Timeout { after } });
                self.running.remove(&exchange);
            }
        }
    }

    /// Requests that wait to be sent, or sent again: they count as being on their way.
    pub(super) fn waiting_to_send(&self) -> usize {
        let waits = |alarm: &&Alarm| matches!(alarm, Alarm::Resume(_) | Alarm::Round(_));
        self.alarms.iter().map(|(_, alarm)| alarm).filter(waits).count()
    }

    /// What was waited for is not wanted any more.
    pub(super) fn forget_alarms_of(&mut self, target: &Target) {
        self.alarms.retain(|alarm| match alarm {
            Alarm::Resume(running) => !matches!(&running.purpose, Purpose::Ask(it, _) if it == target),
            Alarm::Round(it) => it != target,
            _ => true,
        });
    }
}
