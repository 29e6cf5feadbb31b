//! Calls that became tasks: polled until they end, their input requests put to the user, their results fetched.
//!
//! A task is polled with `tasks/get`. Its result comes with that from 2026-07-28 on, and by `tasks/result` before, which
//! is also opened while the task waits for input: what the server asks may come on its stream.

use super::Order;
use super::alarms::Alarm;
use super::asks::{Outcome, Status};
use super::connected::Connected;
use super::context::Context;
use super::exchanges::{Answer, Purpose};
use super::tasks::{PollingEnd, SHORTEST, TaskRow};
use crate::base::secret::Secret;
use crate::mcp::connection::{Params, Target};
use crate::mcp::jsonrpc::Id;
use crate::mcp::model::Marks;
use crate::mcp::task::{Detailed, TaskStatus, TaskVerb};
use crate::trace::ExchangeId;
use std::sync::Arc;

/// A request about a task.
#[derive(Clone, PartialEq)]
pub(super) struct TaskRequest {
    pub verb: TaskVerb,
    /// Its id; empty for the list of all.
    pub task: String,
    /// The call that became it.
    pub target: Option<Target>,
}

impl Context<'_> {
    pub fn task_row(&self, task: &str) -> Option<&TaskRow> {
        self.memory.tasks.get(&self.visit.server(), task)
    }

    pub fn task_row_mut(&mut self, task: &str) -> Option<&mut TaskRow> {
        self.memory.tasks.get_mut(&self.visit.server(), task)
    }

    /// The request about a task that is not answered yet.
    fn asked(&self, verb: TaskVerb, task: &str) -> Option<ExchangeId> {
        let is_it = |purpose: &Purpose| matches!(purpose, Purpose::Task(it, _) if it.verb == verb && it.task == task);
        self.network.running.iter().find(|(_, it)| is_it(&it.purpose) && !it.answered).map(|(exchange, _)| *exchange)
    }

    pub fn poll_after(&mut self, after: u32, task: &str) {
        self.network.forget_poll(task);
        self.network.wake_after(after, Alarm::Poll(task.to_owned()));
    }

    /// The next poll, as far away as the server wants it.
    pub fn poll_later(&mut self, task: &str) {
        if let Some(row) = self.task_row(task).filter(|it| it.is_polled()) {
            let after = row.interval();
            self.poll_after(after, task);
        }
    }
}

impl Connected {
    /// The response to a call is a task: the call waits for its result.
    pub fn task_created(
        &mut self,
        cx: &mut Context<'_>,
        target: &Target,
        exchange: ExchangeId,
        read: Result<Detailed, String>,
        result: Arc<str>,
    ) {
        let detailed = match read {
            Ok(detailed) => detailed,
            Err(detail) => return self.ask_invalid(cx, target, exchange, result, detail),
        };
        let Some(outcome) = self.work.outcomes.get_mut(target) else { return };
        let id = detailed.task.id.clone();
        outcome.task = Some(id.clone());
        let row = TaskRow::new(cx.visit.server(), detailed.task.clone(), Some(outcome.ask.clone()), cx.moment.now);
        let token = cx.network.purpose(exchange).and_then(Purpose::id).cloned();
        let session = self.connection.session().cloned();
        cx.memory.tasks.add(TaskRow { token, session, ..row });
        // From 2026-07-28 on the response to the call holds no result, even of a task that has ended ("Task Creation").
        let ended = detailed.task.status.is_terminal() && detailed.result.is_none() && detailed.error.is_none();
        let modern = !self.has_results();
        match ended && modern {
            true => self.poll(cx, &id),
            false => self.task_heard(cx, exchange, detailed),
        }
        if modern && cx.task_row(&id).is_some_and(TaskRow::is_polled) {
            // The server may tell of it before it is asked.
            self.listen(cx);
        }
    }

    /// The connection stands: the tasks of this server that have not ended are polled again, and their calls wait for them.
    pub fn take_up_tasks(&mut self, cx: &mut Context<'_>) {
        cx.memory.tasks.listing = None;
        let server = cx.visit.server();
        if !self.connection.info.as_ref().is_some_and(|it| it.has_tasks()) {
            return;
        }
        for id in cx.memory.tasks.polled(&server) {
            self.wait_again(cx, &id);
            self.poll(cx, &id);
        }
    }

    /// The call of a task waits for it, unless another call of its tool does.
    fn wait_again(&mut self, cx: &Context<'_>, task: &str) {
        let Some(row) = cx.task_row(task).filter(|it| it.waits) else { return };
        let Some(ask) = row.ask.clone().filter(|it| !self.work.is_open(&it.target)) else { return };
        let outcome = Outcome { task: Some(task.to_owned()), ..Outcome::pending(ask.clone(), row.began) };
        self.work.outcomes.insert(ask.target, outcome);
    }

    /// It is time to ask how a task stands.
    pub fn poll(&mut self, cx: &mut Context<'_>, id: &str) {
        let Some(row) = cx.task_row(id).filter(|it| it.is_polled()) else { return };
        let (over, terminal) = (cx.moment.now > row.polled_until(), row.task.status.is_terminal());
        if over {
            return self.stop_polling(cx, id, PollingEnd::Overdue);
        }
        // Ended, and only the result is missing.
        let verb = if terminal && self.has_results() { TaskVerb::Result } else { TaskVerb::Get };
        if cx.asked(verb, id).is_none() {
            self.send_task(cx, verb, id, Params::new());
        }
    }

    /// Whether results come by a request of their own.
    fn has_results(&self) -> bool {
        self.connection.revision().has_handshake()
    }

    pub fn send_task(&mut self, cx: &mut Context<'_>, verb: TaskVerb, task: &str, more: Params<'_>) -> ExchangeId {
        let (id, request) = match self.other_session(cx, task) {
            Some(session) => {
                let id = format!("task-{}-{}", cx.moment.now, cx.trace.last_exchange() + 1);
                self.connection.task_in(&session, id, (verb, task), more)
            }
            None => self.connection.task(verb, task, more),
        };
        let target = cx.memory.tasks.target(&cx.visit.server(), task);
        let asked = TaskRequest { verb, task: task.to_owned(), target };
        let exchange = cx.send(None, Purpose::Task(Box::new(asked), id), request);
        // While nothing else is on its way for the call, this is its exchange.
        if let Some(outcome) = self.call_of(cx, task).and_then(|it| self.work.outcomes.get_mut(&it)) {
            outcome.exchange.get_or_insert(exchange);
        }
        exchange
    }

    /// The session that a task began in, where that is another one than the connection's.
    pub fn other_session(&self, cx: &Context<'_>, task: &str) -> Option<Secret<String>> {
        let session = cx.task_row(task)?.session.as_ref();
        session.filter(|it| Some(*it) != self.connection.session()).cloned()
    }

    /// The call that waits for a task.
    pub fn call_of(&self, cx: &Context<'_>, task: &str) -> Option<Target> {
        let target = cx.task_row(task)?.ask.as_ref()?.target.clone();
        let waits = |it: &Outcome| it.status.is_open() && it.task.as_deref() == Some(task);
        self.work.outcomes.get(&target).is_some_and(waits).then_some(target)
    }

    /// The task that a call waits for.
    pub fn task_of(&self, target: &Target) -> Option<String> {
        self.work.outcomes.get(target).filter(|it| it.status.is_open()).and_then(|it| it.task.clone())
    }

    pub fn task_answered(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, asked: &TaskRequest, answer: Answer) {
        cx.token_worked();
        let id = asked.task.as_str();
        match (asked.verb, answer) {
            (TaskVerb::List, answer) => self.tasks_listed(cx, answer),
            (TaskVerb::Result, answer) => self.result_came(cx, exchange, id, answer),
            (TaskVerb::Get, Ok(result)) => match Detailed::read(&result) {
                Ok(detailed) if detailed.task.id == id => self.task_heard(cx, exchange, detailed),
                Ok(_) => self.task_unusable(cx, exchange, id, "tasks/get returned another task"),
                Err(detail) => self.task_unusable(cx, exchange, id, &detail),
            },
            (TaskVerb::Get, Err(error)) => self.stop_polling(cx, id, PollingEnd::Refused(error)),
            (TaskVerb::Cancel | TaskVerb::Update, Ok(result)) => match Detailed::read(&result) {
                Ok(detailed) if detailed.task.id == id => self.task_heard(cx, exchange, detailed),
                _ if cx.task_row(id).is_some_and(TaskRow::is_polled) => cx.poll_after(SHORTEST as u32, id),
                _ => {}
            },
            (TaskVerb::Cancel | TaskVerb::Update, Err(error)) => {
                if let Some(row) = cx.task_row_mut(id) {
                    row.refusal = Some(error);
                }
                cx.poll_later(id);
            }
        }
    }

    /// How a task stands, whoever said it: the response to a poll, to the call, or a notification.
    pub fn task_heard(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, detailed: Detailed) {
        let Detailed { task, result, error, input_requests } = detailed;
        let (id, status) = (task.id.clone(), task.status);
        let Some(row) = cx.task_row_mut(&id) else { return };
        (row.failures, row.renewed) = (0, false);
        // What has ended stays as it ended ("Task Status Lifecycle").
        if !row.task.status.is_terminal() || row.task.status == status {
            row.task = task;
        }
        match row.task.status {
            TaskStatus::Working => cx.poll_later(&id),
            TaskStatus::InputRequired => {
                match self.has_results() {
                    true => self.open_result(cx, &id),
                    false => self.put_inputs(cx, exchange, &id, input_requests.as_deref()),
                }
                cx.poll_later(&id);
            }
            TaskStatus::Cancelled => self.cancelled_by_server(cx, &id),
            TaskStatus::Completed | TaskStatus::Failed if self.has_results() => self.fetch(cx, &id),
            TaskStatus::Completed | TaskStatus::Failed => match (error, result) {
                (Some(error), _) => self.result_came(cx, exchange, &id, Err(error)),
                (None, Some(result)) => self.result_came(cx, exchange, &id, Ok(result)),
                (None, None) => {
                    self.task_unusable(cx, exchange, &id, "The task has ended but has no result and no error")
                }
            },
        }
    }

    fn cancelled_by_server(&mut self, cx: &mut Context<'_>, id: &str) {
        if let Some(target) = self.call_of(cx, id) {
            self.work.drop_questions_of(&target);
            self.work.settle(cx, &target, Status::Cancelled, |_| ());
        }
        self.let_go(cx, id);
    }

    /// Nothing more is awaited of a task.
    pub fn let_go(&mut self, cx: &mut Context<'_>, id: &str) {
        cx.network.forget_poll(id);
        if let Some(row) = cx.task_row_mut(id) {
            row.waits = false;
        }
        for verb in [TaskVerb::Get, TaskVerb::Result] {
            if let Some(exchange) = cx.asked(verb, id) {
                cx.abort(exchange);
            }
        }
    }

    /// A task that waits for input: what the server asks may come on the stream of its result, which stays open as long.
    fn open_result(&mut self, cx: &mut Context<'_>, id: &str) {
        let waits = cx.task_row(id).is_some_and(|it| it.waits);
        if waits && cx.asked(TaskVerb::Result, id).is_none() {
            let exchange = self.send_task(cx, TaskVerb::Result, id, Params::new());
            cx.network.orders.push(Order::Limit { exchange, limit: None });
        }
    }

    /// A task has ended, and its result is fetched; where that was asked for before, it has to come now.
    fn fetch(&mut self, cx: &mut Context<'_>, id: &str) {
        if !cx.task_row(id).is_some_and(|it| it.waits) {
            return;
        }
        match cx.asked(TaskVerb::Result, id) {
            Some(exchange) => cx.network.orders.push(Order::Limit { exchange, limit: Some(cx.visit.limit()) }),
            None => drop(self.send_task(cx, TaskVerb::Result, id, Params::new())),
        }
    }

    /// The result of a task is the result of its call.
    fn result_came(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, id: &str, answer: Answer) {
        let Some(row) = cx.task_row_mut(id) else { return };
        let terminal = row.task.status.is_terminal();
        if answer.is_err() && !terminal {
            // Not the call's own error: the task has not ended. What is wrong, the next poll says.
            return cx.poll_later(id);
        }
        cx.memory.tasks.hold(&cx.visit.server(), id, answer.clone());
        if let Some(target) = self.call_of(cx, id) {
            self.work.drop_questions_of(&target);
            match answer {
                Ok(result) => self.task_settled(cx, &target, exchange, result),
                Err(error) => self.ask_refused(cx, &target, exchange, error),
            }
        }
        if let Some(row) = cx.task_row_mut(id) {
            row.waits = false;
        }
        if !terminal && cx.asked(TaskVerb::Get, id).is_none() {
            // Its result came before the word that it has ended.
            self.send_task(cx, TaskVerb::Get, id, Params::new());
        }
    }

    fn task_settled(&mut self, cx: &mut Context<'_>, target: &Target, exchange: ExchangeId, result: Arc<str>) {
        let marks = Marks::read(&result);
        match marks.is_object {
            true => self.ask_settled(cx, target, exchange, Arc::clone(&result), &marks),
            false => {
                let detail = "The result is not an object".to_owned();
                self.ask_invalid(cx, target, exchange, Arc::clone(&result), detail);
            }
        }
    }

    /// The user cancels a task: its call is over at once, and the task when the server says so.
    pub fn cancel_task(&mut self, cx: &mut Context<'_>, id: &str) {
        if let Some(target) = self.call_of(cx, id) {
            self.work.drop_questions_of(&target);
            self.work.settle(cx, &target, Status::Cancelled, |_| ());
        }
        let Some(row) = cx.task_row_mut(id) else { return };
        let over = row.task.status.is_terminal();
        (row.waits, row.refusal) = (false, None);
        if let Some(exchange) = cx.asked(TaskVerb::Result, id) {
            cx.abort(exchange);
        }
        let can = self.connection.info.as_ref().is_some_and(|it| it.cancels_tasks());
        if can && !over && cx.asked(TaskVerb::Cancel, id).is_none() {
            self.send_task(cx, TaskVerb::Cancel, id, Params::new());
        }
    }

    /// The user wants to see what a task came to that has ended.
    pub fn show_task_result(&mut self, cx: &mut Context<'_>, id: &str) {
        let ended = |it: &TaskRow| it.task.status.is_terminal() && it.result.is_none();
        let verb = if self.has_results() { TaskVerb::Result } else { TaskVerb::Get };
        if cx.task_row(id).is_some_and(ended) && cx.asked(verb, id).is_none() {
            self.send_task(cx, verb, id, Params::new());
        }
    }

    /// A notification of how a task stands. None is relied on.
    pub fn task_notified(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, params: &str) {
        if let Ok(detailed) = Detailed::read(params) {
            self.task_heard(cx, exchange, detailed);
        }
    }

    /// The call that became a task, by the token that its progress is reported with.
    pub fn call_with_token(&self, cx: &Context<'_>, token: &Id) -> Option<Target> {
        let row = cx.memory.tasks.with_token(&cx.visit.server(), token)?;
        self.call_of(cx, &row.task.id)
    }
}
