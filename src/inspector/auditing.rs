//! An audit: what a page can see of a server without a login, after the check has gone as far as a connection would; and
//! the stages that wait for the user's consent. It reads and asks for what should be refused, and calls no tool.

mod consented;
pub(super) mod ending;
mod requests;
mod site;
mod stage;
mod with_token;

use super::alarms::Alarm;
use super::attempt::{Attempt, Signal};
use super::bench::Job;
use super::context::Context;
use super::exchanges::Purpose;
use super::hand_over::HandOver;
use super::idle::Idle;
use super::stopped::Stopped;
use super::visit::Aim;
use super::work::Work;
use crate::base::address::Address;
use crate::base::secret::Secret;
use crate::http::{HttpError, Request, Response};
use crate::inspector::{Input, Order};
use crate::mcp::connection::Connection;
use crate::oauth::negative::Negative;
use crate::trace::audit::AuditProbe;
use crate::trace::problem::{Ending, Problem};
use crate::trace::{Event, ExchangeId, Millis};
pub(super) use site::Site;
pub(super) use stage::Stage;
use std::collections::VecDeque;

/// Requests at most, of all that is asked without consent and of each stage.
const MOST: usize = 30;
/// Requests at a time, where they do not go out one by one.
const AT_ONCE: usize = 2;
/// How long a response may take, in milliseconds.
const PATIENCE: u32 = 10_000;
/// How long all of it may take, in milliseconds.
const WHOLE: u32 = 30_000;

pub(super) struct Auditing {
    stage: Stage,
    queue: VecDeque<Asked>,
    /// Requests without a response yet.
    running: usize,
    sent: usize,
    /// Origins that responded 429: nothing more is sent to them.
    limited: Vec<String>,
    after: After,
    /// With the token of the login.
    pub connection: Option<Box<Connection>>,
    /// The session that a second `initialize` opened.
    second: Option<Secret<String>>,
    /// When the token will have expired, while that is waited for.
    pub until: Option<Millis>,
    pub work: Work,
}

/// What is sent, and what it is for.
pub(super) enum Asked {
    Probe(AuditProbe, Request),
    /// The same that the token bench sends.
    Test(Negative, Request),
}

/// What stands once all was asked.
pub(super) enum After {
    /// A check ends; what stopped it, where something did.
    Check(Option<(Problem, Option<HandOver>)>),
    /// The check that a stage went on with ended like that.
    Checked(Option<(Ending, Option<HandOver>)>),
    /// A connection is parted from.
    Connection,
}

impl Asked {
    const fn request(&self) -> &Request {
        match self {
            Self::Probe(_, request) | Self::Test(_, request) => request,
        }
    }
}

impl Auditing {
    pub fn begin(cx: &mut Context<'_>, work: Work, stopped: Option<(Problem, Option<HandOver>)>) -> Attempt {
        Self::of(cx, Stage::Reach, After::Check(stopped), None, work)
    }

    /// A stage that the user agreed to.
    pub fn of(
        cx: &mut Context<'_>,
        stage: Stage,
        after: After,
        connection: Option<Box<Connection>>,
        work: Work,
    ) -> Attempt {
        let wait = ending::until_expiry(cx).filter(|_| stage == Stage::Expiry);
        cx.network.wake_after(WHOLE + wait.unwrap_or(0), Alarm::Audit);
        let (queue, limited) = (VecDeque::new(), Site::of(cx).limited().map(origin).collect());
        let mut this =
            Self { stage, queue, running: 0, sent: 0, limited, after, connection, second: None, until: None, work };
        if let Some(wait) = wait {
            this.until = Some(cx.moment.now + f64::from(wait));
            cx.network.wake_after(wait, Alarm::Expired);
            return Attempt::Auditing(Box::new(this));
        }
        this.enqueue(cx);
        this.advance(cx)
    }

    pub fn on(mut self, signal: Signal, cx: &mut Context<'_>) -> Attempt {
        match signal {
            Signal::Response(exchange, Purpose::Audit(probe), answer) => self.answered(cx, exchange, probe, &answer),
            Signal::Response(exchange, Purpose::Bench(Job::Test(kind)), answer) => {
                cx.test_answered(exchange, kind, &answer);
                self.went(cx)
            }
            Signal::Alarm(Alarm::Expired) if self.until.take().is_some() => {
                self.enqueue(cx);
                self.advance(cx)
            }
            // Nothing of what waits for the expiry is sent.
            Signal::Input(Input::GiveUp) if self.until.take().is_some() => self.advance(cx),
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
        let head = answer.as_ref().ok().map(|it| &it.head);
        if head.is_some_and(|it| it.status == 429) {
            self.spare(cx, exchange);
        }
        if let Ok(answer) = answer
            && answer.head.ok()
        {
            self.succeeded(cx, probe, answer);
        }
        self.went(cx)
    }

    /// What a response leaves for those that follow.
    fn succeeded(&mut self, cx: &mut Context<'_>, probe: AuditProbe, answer: &Response) {
        let session = answer.head.header("mcp-session-id");
        match (probe, session) {
            (AuditProbe::Register, _) => cx.keep_audit_client(&answer.body),
            (AuditProbe::Refresh, _) => self.refreshed(cx, &answer.body),
            (AuditProbe::WiderScope, _) => cx.keep_refreshed(&answer.body, false),
            (AuditProbe::TwinRefresh | AuditProbe::AfterTwins, _) => cx.keep_newest_refresh(&answer.body),
            (AuditProbe::SecondSession, session) => self.second = session.map(Secret::from),
            (AuditProbe::Farewell, _) | (_, None) => {}
            // What is asked with the token is in the session of its connection.
            (_, Some(session)) if self.connection.is_none() => {
                let request = requests::farewell(&cx.visit.settings.server, session);
                self.queue.push_front(Asked::Probe(AuditProbe::Farewell, request));
            }
            _ => {}
        }
    }

    fn refreshed(&mut self, cx: &mut Context<'_>, body: &str) {
        cx.keep_refreshed(body, true);
        let token = cx.grant().map(|it| it.access_token.clone());
        if let (Some(connection), Some(token)) = (&mut self.connection, token) {
            connection.set_token(token);
        }
    }

    /// The connection that is tested.
    pub const fn audited(&self) -> Option<&Connection> {
        match &self.connection {
            Some(it) => Some(it),
            None => None,
        }
    }

    /// A request has its response.
    fn went(mut self, cx: &mut Context<'_>) -> Attempt {
        self.running = self.running.saturating_sub(1);
        self.advance(cx)
    }

    /// The host wants no more requests for now (RFC 6585 §4).
    fn spare(&mut self, cx: &Context<'_>, exchange: ExchangeId) {
        let asked = cx.trace.exchange(exchange).map(|it| origin(&it.request.url)).unwrap_or_default();
        self.queue.retain(|it| origin(&it.request().url) != asked);
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
            if self.stage == Stage::Revocation && cx.needs_another_login() {
                return self.log_in_again(cx);
            }
            self.enqueue(cx);
        }
    }

    fn enqueue(&mut self, cx: &Context<'_>) {
        let requests = self.requests(cx);
        let allowed = requests.into_iter().filter(|it| !self.limited.contains(&origin(&it.request().url)));
        self.queue.extend(allowed);
    }

    fn send(&mut self, cx: &mut Context<'_>) {
        let at_once = if self.stage.is_parallel() { AT_ONCE } else { 1 };
        while self.running < at_once
            && self.sent < MOST
            && let Some(asked) = self.queue.pop_front()
        {
            let exchange = match asked {
                Asked::Probe(probe, request) => {
                    let exchange = cx.send(None, Purpose::Audit(probe), request);
                    cx.note(Event::Probed { exchange, probe });
                    exchange
                }
                Asked::Test(kind, request) => cx.send(None, Purpose::Bench(Job::Test(kind)), request),
            };
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
        match self.after {
            After::Check(Some((problem, hand_over))) => Stopped::by(cx, self.work, problem, hand_over),
            After::Check(None) => {
                cx.note(Event::Examined);
                Attempt::Idle(Box::new(Idle { work: self.work })).disconnect(cx)
            }
            After::Checked(ended) => {
                cx.abort_all();
                cx.stage_over();
                match ended {
                    Some((ending, hand_over)) => {
                        Attempt::Stopped(Box::new(Stopped { ending, hand_over, work: self.work }))
                    }
                    None => Attempt::Idle(Box::new(Idle { work: self.work })),
                }
            }
            After::Connection => Attempt::Auditing(Box::new(self)).disconnect(cx),
        }
    }
}

fn origin(url: &str) -> String {
    Address::typed(url).map(|it| it.origin()).unwrap_or_default()
}
