//! The connection stands: the user asks, the server answers and asks, and either may end it.

use super::Input;
use super::alarms::Alarm;
use super::attempt::{Attempt, Signal};
use super::cancelling::Cancellation;
use super::context::Context;
use super::exchanges::{Answer, Purpose, error_of};
use super::lists::ListState;
use super::negotiating::{Findings, Negotiating};
use super::work::Work;
use crate::base::revision::Revision;
use crate::http::HttpError;
use crate::mcp::connection::Connection;
use crate::mcp::error::Error;
use crate::mcp::question::{Asker, Reply};
use crate::trace::{Event, ExchangeId};

pub(super) struct Connected {
    pub connection: Connection,
    /// A session that is renewed begins with what was found out before.
    pub findings: Findings,
    pub work: Work,
}

impl From<Connected> for Attempt {
    fn from(phase: Connected) -> Self {
        Self::Connected(Box::new(phase))
    }
}

impl Connected {
    pub fn on(self, signal: Signal, cx: &mut Context<'_>) -> Attempt {
        match self.taken(signal, cx) {
            Attempt::Connected(mut connected) => {
                connected.work.close_received(cx, &connected.connection);
                Attempt::Connected(connected)
            }
            other => other,
        }
    }

    fn taken(mut self, signal: Signal, cx: &mut Context<'_>) -> Attempt {
        match signal {
            Signal::Input(input) => return self.on_input(input, cx),
            Signal::Alarm(alarm) => self.woken(cx, alarm),
            Signal::Answered { exchange, purpose, answer, .. } => self.answered(cx, exchange, purpose, answer),
            Signal::Requested { exchange, id, method, params } => {
                let params = params.as_deref().unwrap_or("{}");
                self.work.requested(cx, &self.connection, exchange, (&id, &method, params));
            }
            Signal::Notified { exchange, method, params } => {
                self.notified(cx, exchange, &method, params.as_deref().unwrap_or("{}"));
            }
            Signal::Failed(exchange, error) => return self.failed(cx, exchange, &error),
            Signal::Unanswered(exchange, error) => return self.unanswered(cx, exchange, error),
            Signal::Closed { exchange, head, detail } => {
                return self.stream_over(cx, exchange, head.as_ref(), &detail);
            }
            Signal::Moved(exchange, to) => return Attempt::from(self).moved(cx, exchange, &to),
            Signal::Unauthorized { exchange, head, body } => {
                self.keep_raw(cx, exchange);
                return Attempt::from(self).unauthorized(cx, exchange, head, body);
            }
            Signal::InsufficientScope(exchange, head) => {
                return Attempt::from(self).insufficient_scope(cx, exchange, &head);
            }
            other => return Attempt::from(self).on_any(other, cx),
        }
        self.into()
    }

    fn on_input(mut self, input: Input, cx: &mut Context<'_>) -> Attempt {
        match input {
            Input::Ask(ask) => self.ask(cx, ask),
            Input::Cancel(target) => match self.task_of(&target) {
                Some(task) => self.cancel_task(cx, &task),
                None => self.work.cancel(cx, Some(&self.connection), &target),
            },
            Input::Complete(asked) => self.complete(cx, *asked),
            Input::CancelTask(id) => self.cancel_task(cx, &id),
            Input::ShowTaskResult(id) => self.show_task_result(cx, &id),
            Input::ListTasks => self.list_tasks(cx),
            Input::Roots(roots) => self.set_roots(cx, roots),
            Input::Raw(raw) => {
                self.send_raw(cx, *raw);
            }
            Input::CancelRaw(id) => self.cancel_raw(cx, &id),
            Input::App(app) => self.app(cx, app),
            Input::Refresh(kind) => self.load(cx, kind),
            Input::Subscribe(uri) => self.subscribe(cx, uri),
            Input::LogLevel(level) => self.set_log_level(cx, &level),
            Input::Test(kind) => return self.test(cx, kind),
            Input::Reply(number, reply) => return self.replied(cx, number, &reply),
            other => return Attempt::from(self).on_any(Signal::Input(other), cx),
        }
        self.into()
    }

    fn woken(&mut self, cx: &mut Context<'_>, alarm: Alarm) {
        match alarm {
            Alarm::Resume(running) => self.take_up(cx, *running),
            Alarm::Reopen { last_event, tries } => self.reopen(cx, last_event, tries),
            Alarm::Round(target) => self.next_round(cx, &target),
            Alarm::Poll(task) => self.poll(cx, &task),
            Alarm::Overdue(_) | Alarm::Linger(_) | Alarm::Watched(_) | Alarm::Audit | Alarm::Expired => {}
        }
    }

    fn replied(mut self, cx: &mut Context<'_>, number: u32, reply: &Reply) -> Attempt {
        let Some(question) = self.work.questions.take(number) else { return self.into() };
        self.work.questions.remember(&question, reply);
        match question.asker {
            Asker::Round { .. } => self.round_replied(cx, &question, reply),
            Asker::Task { .. } => self.task_replied(cx, &question, reply),
            Asker::StepUp { .. } => return Attempt::from(self).step_up_replied(cx, &question, reply),
            _ => self.work.replied(cx, Some(&self.connection), &question, reply),
        }
        self.into()
    }

    fn answered(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, purpose: Purpose, answer: Answer) {
        match purpose {
            Purpose::List(kind, _) => self.list_answered(cx, exchange, kind, answer),
            Purpose::Ask(target, _) => self.ask_answered(cx, &target, exchange, answer),
            Purpose::Task(asked, _) => self.task_answered(cx, exchange, &asked, answer),
            Purpose::Complete(_) => self.completed(cx, exchange, &answer),
            Purpose::Raw(..) => cx.raw_answered(exchange, answer),
            Purpose::Cancelled(..) => {
                self.work.cancellation(cx.moment.now, exchange, |after| Cancellation::Responded { after });
            }
            Purpose::Setting(method, _) => self.setting_answered(cx, method, answer),
            Purpose::Listen(_) => self.listen_over(cx, exchange, answer),
            _ => {}
        }
    }

    /// A request has no answer: a list or a use of an item shows it.
    fn failed(self, cx: &mut Context<'_>, exchange: ExchangeId, error: &Error) -> Attempt {
        match cx.network.settle(exchange) {
            Some(Purpose::List(kind, _)) => return self.list_unanswered(cx, exchange, kind, error),
            Some(Purpose::Ask(target, _)) => return self.ask_failed(cx, exchange, &target, error),
            Some(Purpose::Task(asked, _)) => return self.task_failed(cx, exchange, &asked, error),
            Some(Purpose::Raw(..)) => return self.raw_failed(cx, exchange, error),
            Some(Purpose::Complete(_)) => return self.completion_failed(cx, exchange, error),
            Some(Purpose::Setting(..)) => cx.report(error.problem()),
            // A list of changes, or what the server says by itself: its absence is no failure.
            _ => {}
        }
        self.into()
    }

    fn unanswered(self, cx: &mut Context<'_>, exchange: ExchangeId, error: HttpError) -> Attempt {
        let Some(running) = cx.network.running.get(&exchange) else { return self.into() };
        let (timeout, error) = (matches!(error, HttpError::Timeout { .. }), error_of(&running.request, error));
        if timeout {
            self.timed_out(cx, exchange);
        }
        self.failed(cx, exchange, &error)
    }

    /// Nothing more is waited for, and the server is told (B-06).
    pub fn timed_out(&self, cx: &mut Context<'_>, exchange: ExchangeId) {
        let id = cx.network.running.get(&exchange).and_then(|it| it.purpose.id());
        let notice = id.and_then(|id| self.connection.cancelled(id, "request timed out"));
        if let Some(request) = notice {
            cx.send(None, Purpose::Aside, request);
        }
    }

    /// The session is over (B-11): another one, on a connection of its own.
    pub fn session_lost(self, cx: &mut Context<'_>, exchange: ExchangeId) -> Attempt {
        let (offered, findings, work) = self.leave(cx, exchange);
        let connection = cx.new_connection(offered, work.log_level);
        cx.note(Event::Entered(connection.first_step()));
        Negotiating { connection, findings, work, held: None }.initialize(cx)
    }

    /// The server did not respond: connecting again shows whether it is still there.
    pub fn reconnect(self, cx: &mut Context<'_>, exchange: ExchangeId) -> Attempt {
        let (_, _, work) = self.leave(cx, exchange);
        Negotiating::begin(cx, work)
    }

    /// Ends the connection for another one to the same server, after which what was asked and interrupted runs again.
    fn leave(self, cx: &mut Context<'_>, exchange: ExchangeId) -> (Revision, Findings, Work) {
        let Self { connection, findings, mut work } = self;
        cx.network.running.remove(&exchange);
        work.interrupt();
        cx.note(Event::Began { server: cx.visit.server(), first: Some(exchange) });
        work.abort_all(cx);
        work.lists.retain(|_, it| it.state != ListState::Loading);
        (connection.offered, findings, work)
    }
}
