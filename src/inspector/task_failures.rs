//! Polls of tasks that fail, and those that end before the task does.

use super::asks::Status;
use super::attempt::Attempt;
use super::connected::Connected;
use super::context::Context;
use super::polling::TaskRequest;
use super::tasks::{LONGEST, PollingEnd};
use crate::base::text::fact;
use crate::http::HttpError;
use crate::mcp::connection::Target;
use crate::mcp::error::Error;
use crate::mcp::task::TaskVerb;
use crate::trace::violation::Breach;
use crate::trace::{ExchangeId, Millis};

/// After how many polls in a row without a response it is given up.
const TRIES: u32 = 5;
impl Connected {
    pub fn task_unusable(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, id: &str, detail: &str) {
        cx.violation(exchange, Breach::ResultUnusable { detail: fact(detail) });
        let error = Error::InvalidResult { detail: detail.to_owned() };
        self.poll_failed(cx, id, &error);
    }

    /// A poll has no usable response: it is tried again, later each time, and a few times only.
    fn poll_failed(&mut self, cx: &mut Context<'_>, id: &str, error: &Error) {
        let Some(row) = cx.task_row_mut(id) else { return };
        row.failures += 1;
        if row.failures < TRIES {
            let after = (f64::from(row.interval()) * f64::from(1 << row.failures)).min(LONGEST);
            return cx.poll_after(after as u32, id);
        }
        row.end = Some(PollingEnd::NoResponse);
        if let Some(target) = self.call_of(cx, id) {
            let problem = Box::new(error.problem());
            self.work.drop_questions_of(&target);
            self.work.settle(cx, &target, Status::HttpError, |it| it.problem = Some(problem));
        }
        self.let_go(cx, id);
    }

    pub fn stop_polling(&mut self, cx: &mut Context<'_>, id: &str, end: PollingEnd) {
        let Some(row) = cx.task_row_mut(id) else { return };
        let lasted = (row.polled_until() - row.began).max(0.0);
        row.end = Some(end.clone());
        if let Some(target) = self.call_of(cx, id) {
            self.work.drop_questions_of(&target);
            match end {
                PollingEnd::Refused(error) => self.work.settle(cx, &target, Status::RpcError, |it| {
                    it.result.clone_from(&error.data);
                    it.error = Some(error);
                }),
                _ => self.call_overdue(cx, &target, lasted),
            }
        }
        self.let_go(cx, id);
    }

    fn call_overdue(&mut self, cx: &mut Context<'_>, target: &Target, lasted: Millis) {
        let error = HttpError::Timeout { after: lasted as u32 };
        let problem = Box::new(Error::Http { url: cx.visit.server(), error }.problem());
        self.work.settle(cx, target, Status::HttpError, |it| it.problem = Some(problem));
    }

    /// No response to a request about a task. A lost session is renewed, once between two answers.
    pub fn task_failed(
        mut self,
        cx: &mut Context<'_>,
        exchange: ExchangeId,
        asked: &TaskRequest,
        error: &Error,
    ) -> Attempt {
        if asked.verb == TaskVerb::List {
            cx.memory.tasks.listing = None;
            cx.report(error.problem());
            return self.into();
        }
        let id = asked.task.as_str();
        if error.is_lost_session() && cx.task_row(id).is_some_and(|it| it.is_polled() && !it.renewed) {
            let elsewhere = self.other_session(cx, id).is_some();
            if let Some(row) = cx.task_row_mut(id) {
                (row.session, row.renewed) = (None, !elsewhere);
            }
            if !elsewhere {
                return self.session_lost(cx, exchange);
            }
            // The session of the task is over, and not that of the connection, which may know the task too.
            self.poll(cx, id);
            return self.into();
        }
        let terminal = cx.task_row(id).is_some_and(|it| it.task.status.is_terminal());
        match asked.verb {
            // While the task has not ended, the next poll opens it again.
            TaskVerb::Result if !terminal => {}
            TaskVerb::Get | TaskVerb::Result => self.poll_failed(cx, id, error),
            _ => {
                cx.report(error.problem());
                cx.poll_later(id);
            }
        }
        self.into()
    }
}
