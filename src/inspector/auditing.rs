//! The open stage of an audit: what a page can see of a server without a login, after the check has gone as far as a
//! connection would. It reads and asks for what should be refused; it calls no tool and registers no client.

mod requests;
mod site;

use super::alarms::Alarm;
use super::attempt::{Attempt, Signal};
use super::context::Context;
use super::exchanges::Purpose;
use super::hand_over::HandOver;
use super::idle::Idle;
use super::stopped::Stopped;
use super::visit::Aim;
use super::work::Work;
use crate::base::address::Address;
use crate::http::{HttpError, Request, Response};
use crate::inspector::Order;
use crate::trace::audit::AuditProbe;
use crate::trace::problem::Problem;
use crate::trace::{Event, ExchangeId};
use requests::Stage;
use site::Site;
use std::collections::VecDeque;

/// Requests at most.
const MOST: usize = 30;
/// Requests at a time.
const AT_ONCE: usize = 2;
/// How long a response may take, in milliseconds.
const PATIENCE: u32 = 10_000;
/// How long all of it may take, in milliseconds.
const WHOLE: u32 = 30_000;

pub(super) struct Auditing {
    stage: Stage,
    queue: VecDeque<(AuditProbe, Request)>,
    /// Requests without a response yet.
    running: usize,
    sent: usize,
    /// Origins that responded 429: nothing more is sent to them.
    limited: Vec<String>,
    /// What stopped the check, where something did.
    stopped: Option<(Problem, Option<HandOver>)>,
    pub work: Work,
}

impl Auditing {
    pub fn begin(cx: &mut Context<'_>, work: Work, stopped: Option<(Problem, Option<HandOver>)>) -> Attempt {
        cx.network.wake_after(WHOLE, Alarm::Audit);
        let (queue, limited) = (VecDeque::new(), Site::of(cx).limited().map(origin).collect());
        let stage = Stage::Reach;
        let mut this = Self { stage, queue, running: 0, sent: 0, limited, stopped, work };
        this.enqueue(cx);
        this.advance(cx)
    }

    pub fn on(self, signal: Signal, cx: &mut Context<'_>) -> Attempt {
        match signal {
            Signal::Response(exchange, Purpose::Audit(probe), answer) => self.answered(cx, exchange, probe, &answer),
            Signal::Alarm(Alarm::Audit) => self.end(cx),
            other => Attempt::Auditing(Box::new(self)).on_any(other, cx),
        }
    }

    fn answered(
        mut self,
        cx: &mut Context<'_>,
        exchange: ExchangeId,
        probe: AuditProbe,
        answer: &Result<Response, HttpError>,
    ) -> Attempt {
        self.running = self.running.saturating_sub(1);
        let head = answer.as_ref().ok().map(|it| &it.head);
        if head.is_some_and(|it| it.status == 429) {
            self.spare(cx, exchange);
        }
        let session = head.filter(|it| it.ok()).and_then(|it| it.header("mcp-session-id"));
        if let Some(session) = session.filter(|_| probe != AuditProbe::Farewell) {
            self.queue.push_front((AuditProbe::Farewell, requests::farewell(&cx.visit.settings.server, session)));
        }
        self.advance(cx)
    }

    /// The host wants no more requests for now (RFC 6585 §4).
    fn spare(&mut self, cx: &Context<'_>, exchange: ExchangeId) {
        let asked = cx.trace.exchange(exchange).map(|it| origin(&it.request.url)).unwrap_or_default();
        self.queue.retain(|(_, request)| origin(&request.url) != asked);
        self.limited.push(asked);
    }

    /// Sends what may go out now, and goes on to the next stage where one is over.
    fn advance(mut self, cx: &mut Context<'_>) -> Attempt {
        loop {
            self.send(cx);
            if self.running > 0 {
                return Attempt::Auditing(Box::new(self));
            }
            match self.stage.next() {
                Some(stage) if self.stage != Stage::Reach || Site::of(cx).responds() => self.stage = stage,
                _ => return self.end(cx),
            }
            self.enqueue(cx);
        }
    }

    fn enqueue(&mut self, cx: &Context<'_>) {
        let requests = self.stage.requests(&Site::of(cx));
        let allowed = requests.into_iter().filter(|(_, it)| !self.limited.contains(&origin(&it.url)));
        self.queue.extend(allowed);
    }

    fn send(&mut self, cx: &mut Context<'_>) {
        while self.running < AT_ONCE
            && self.sent < MOST
            && let Some((probe, request)) = self.queue.pop_front()
        {
            let exchange = cx.send(None, Purpose::Audit(probe), request);
            cx.note(Event::Probed { exchange, probe });
            cx.network.orders.push(Order::Limit { exchange, limit: Some(PATIENCE.min(cx.visit.limit())) });
            (self.running, self.sent) = (self.running + 1, self.sent + 1);
        }
        if self.sent == MOST {
            self.queue.clear();
        }
    }

    /// All was asked, or the time is over.
    fn end(self, cx: &mut Context<'_>) -> Attempt {
        cx.visit.aim = Aim::Connection;
        match self.stopped {
            Some((problem, hand_over)) => Stopped::by(cx, self.work, problem, hand_over),
            None => {
                cx.note(Event::Examined);
                Attempt::Idle(Box::new(Idle { work: self.work })).disconnect(cx)
            }
        }
    }
}

fn origin(url: &str) -> String {
    Address::typed(url).map(|it| it.origin()).unwrap_or_default()
}
