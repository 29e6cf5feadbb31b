//! What is under way: requests in flight, requests that wait for a signature, alarms, and the orders for all of them.

use super::Order;
use super::alarms::{Alarm, AlarmId, LINGERING};
use super::bench::Job;
use super::bounds::Rate;
use super::exchanges::{Purpose, Running};
use super::sign::{SigningId, Unproven};
use crate::http::Method;
use crate::http::relay::Relays;
use crate::mcp::app::AppCall;
use crate::mcp::connection::Target;
use crate::mcp::jsonrpc::Id;
use crate::mcp::reader::Reader;
use crate::oauth::negative::Negative;
use crate::trace::ExchangeId;
use std::collections::BTreeMap;

/// Its numbers go on while the page is open, so that what comes late for an old one is never taken for a new one.
#[derive(Default)]
pub(super) struct Network {
    pub running: BTreeMap<ExchangeId, Running>,
    /// Requests that wait for their signature.
    pub unproven: BTreeMap<SigningId, Unproven>,
    last_signing: SigningId,
    alarms: BTreeMap<AlarmId, Alarm>,
    last_alarm: AlarmId,
    /// Requests of the server's that were answered without the user, and streams that were opened again early.
    pub answers: Rate,
    pub reconnects: Rate,
    last_question: u32,
    /// Requests of apps, by the exchanges that answer them.
    pub apps: BTreeMap<ExchangeId, AppCall>,
    /// Where requests go instead of their own origin.
    pub relays: Relays,
    pub orders: Vec<Order>,
}

impl Network {
    /// The orders since the last call.
    pub fn take_orders(&mut self) -> Vec<Order> {
        std::mem::take(&mut self.orders)
    }

    /// Requests in flight or waiting to be sent, without streams that stay open by design.
    pub fn busy(&self) -> usize {
        // Requests that wait to be sent, or sent again, count as being on their way.
        let waits = |alarm: &&Alarm| matches!(alarm, Alarm::Resume(_) | Alarm::Round(_));
        let waiting = self.alarms.values().filter(waits).count();
        self.running.iter().filter(|(_, it)| it.is_busy()).count() + waiting + self.unproven.len()
    }

    /// All that is in flight. What only waited is forgotten.
    pub fn drain(&mut self) -> Vec<ExchangeId> {
        self.alarms.clear();
        self.unproven.clear();
        self.running.keys().copied().collect()
    }

    /// Gives a request up; says whether its exchange was still open.
    pub fn abort(&mut self, exchange: ExchangeId) -> bool {
        let open = self.running.remove(&exchange).is_some_and(|it| !it.over);
        if open {
            self.orders.push(Order::Abort(exchange));
        }
        open
    }

    pub fn purpose(&self, exchange: ExchangeId) -> Option<&Purpose> {
        self.running.get(&exchange).map(|it| &it.purpose)
    }

    /// The exchange whose request had that id: this one, or another whose answer comes on a stream that is shared.
    pub fn asked_with(&self, exchange: ExchangeId, id: &Id) -> Option<ExchangeId> {
        let here = self.running.get(&exchange)?;
        if here.purpose.id() == Some(id) {
            return Some(exchange);
        }
        let shared = here.purpose.stays_open() || here.request.method == Method::Get;
        let other = self.running.iter().find(|(_, it)| shared && it.purpose.id() == Some(id));
        other.map(|(exchange, _)| *exchange)
    }

    /// The request of a use, and its id.
    pub fn use_of(&self, target: &Target) -> Option<(ExchangeId, Option<Id>)> {
        let asked = |purpose: &Purpose| matches!(purpose, Purpose::Ask(it, _) if it == target);
        let running = self.running.iter().find(|(_, it)| asked(&it.purpose));
        running.map(|(exchange, it)| (*exchange, it.purpose.id().cloned()))
    }

    /// From now on the request of a use has that much time, or no limit.
    pub fn limit_use(&mut self, target: &Target, limit: Option<u32>) {
        if let Some((exchange, _)) = self.use_of(target) {
            self.orders.push(Order::Limit { exchange, limit });
        }
    }

    /// No poll of a task is due any more.
    pub fn forget_poll(&mut self, task: &str) {
        self.alarms.retain(|_, alarm| !matches!(alarm, Alarm::Poll(it) if it == task));
    }

    /// Nothing more is waited for; says what the request was for.
    pub fn settle(&mut self, exchange: ExchangeId) -> Option<Purpose> {
        let running = self.running.get_mut(&exchange)?;
        running.answered = true;
        Some(running.purpose.clone())
    }

    /// A stream that goes on behind its answer is closed after a while.
    pub fn linger(&mut self, exchange: ExchangeId) {
        let streams =
            |it: &Running| !it.purpose.stays_open() && (it.acknowledged || matches!(it.reader, Reader::Stream(_)));
        if self.running.get(&exchange).is_some_and(streams) {
            self.wake_after(LINGERING, Alarm::Linger(exchange));
        }
    }

    pub fn wake_after(&mut self, after: u32, alarm: Alarm) {
        self.last_alarm += 1;
        self.alarms.insert(self.last_alarm, alarm);
        self.orders.push(Order::Wake { alarm: self.last_alarm, after });
    }

    pub fn take_alarm(&mut self, alarm: AlarmId) -> Option<Alarm> {
        self.alarms.remove(&alarm)
    }

    /// What was waited for is not wanted any more.
    pub fn forget_alarms_of(&mut self, target: &Target) {
        self.alarms.retain(|_, alarm| match alarm {
            Alarm::Resume(running) => !matches!(&running.purpose, Purpose::Ask(it, _) if it == target),
            Alarm::Round(it) => it != target,
            _ => true,
        });
    }

    /// The id of the newest message of the user's whose response is still to come.
    pub fn waiting_raw(&self) -> Option<&Id> {
        let broken = self.alarms.values().filter_map(|alarm| match alarm {
            Alarm::Resume(running) => running.raw_id(),
            _ => None,
        });
        self.running.values().filter_map(Running::raw_id).chain(broken).max()
    }

    /// The exchange on which the response to one of them is awaited.
    pub fn raw_with(&self, id: &Id) -> Option<ExchangeId> {
        let running = self.running.iter().find(|(_, it)| it.raw_id() == Some(id));
        running.map(|(exchange, _)| *exchange)
    }

    /// The stream that was to bring it broke off, and is not taken up; says whether that was due.
    pub fn forget_raw(&mut self, id: &Id) -> bool {
        let due = self.alarms.len();
        self.alarms.retain(|_, alarm| !matches!(alarm, Alarm::Resume(running) if running.raw_id() == Some(id)));
        self.alarms.len() < due
    }

    pub fn next_signing(&mut self) -> SigningId {
        self.last_signing += 1;
        self.last_signing
    }

    pub fn next_question(&mut self) -> u32 {
        self.last_question += 1;
        self.last_question
    }

    /// The test whose answer is awaited.
    pub fn testing(&self) -> Option<Negative> {
        self.running.values().find_map(|it| match it.purpose {
            Purpose::Bench(Job::Test(kind)) => Some(kind),
            _ => None,
        })
    }

    /// Revocations that are on their way.
    pub fn revoking(&self) -> usize {
        let running = self.running.values().map(|it| &it.purpose);
        let waiting = self.unproven.values().map(|it| &it.purpose);
        running.chain(waiting).filter(|it| matches!(it, Purpose::Revoke)).count()
    }
}
