//! Requests of a server's that it wants as tasks (2025-11-25): the user is asked as ever, and the server asks how it stands.

use super::context::Context;
use super::exchanges::Purpose;
use super::server::REJECTED;
use super::work::Work;
use crate::mcp::connection::{Connection, Target};
use crate::mcp::jsonrpc::Id;
use crate::mcp::question::{Asker, Question, QuestionKind, Reply};
use crate::mcp::received::{Ending, Reaction};
use crate::mcp::task::{TaskStatus, TaskVerb};
use crate::trace::ExchangeId;
use sha2::{Digest, Sha256};

impl Work {
    /// A request that is to become a task: the user is asked, and the server gets the task.
    pub(super) fn receive(
        &mut self,
        cx: &mut Context<'_>,
        connection: &Connection,
        (exchange, id): (ExchangeId, &Id),
        (kind, params, during): (QuestionKind, &str, Option<Target>),
        ttl: f64,
    ) {
        if !cx.may_answer(exchange) {
            return;
        }
        let task = cx.task_id();
        let response = self.received.create(cx.moment.now, task.clone(), ttl);
        cx.respond_to(connection, id, params, response);
        self.put(cx, kind, params, Asker::Received { task, during });
    }

    /// A request about a task of this client's.
    pub(super) fn about_received(
        &mut self,
        cx: &mut Context<'_>,
        connection: &Connection,
        (exchange, id): (ExchangeId, &Id),
        verb: TaskVerb,
        params: &str,
    ) {
        if !cx.may_answer(exchange) {
            return;
        }
        match self.received.asked(cx.moment.now, verb, id, params) {
            Reaction::Respond(result) => cx.answer_server(connection.answer(id, &result)),
            Reaction::Refuse(code, why) => cx.answer_server(connection.refuse(id, code, why)),
            Reaction::Wait => {}
            Reaction::Cancel(task) => {
                self.end_received(
                    cx,
                    connection,
                    &task,
                    TaskStatus::Cancelled,
                    Err((REJECTED, "The task was cancelled")),
                );
                if let Some(result) = self.received.described(&task) {
                    cx.answer_server(connection.answer(id, &result));
                }
                if let Some(question) = self.questions.take_received(&task) {
                    self.goes_on(cx, question.asker.target());
                }
            }
        }
    }

    /// What the user said is what the task came to. A refusal of sampling is an error.
    pub(super) fn received_replied(
        &mut self,
        cx: &mut Context<'_>,
        connection: &Connection,
        (question, task): (&Question, &str),
        reply: &Reply,
    ) {
        let (status, ending) = match question.result(reply) {
            Some(result) => (TaskStatus::Completed, Ok(result)),
            None => (TaskStatus::Failed, Err((REJECTED, "The user declined"))),
        };
        self.end_received(cx, connection, task, status, ending);
    }

    fn end_received(
        &mut self,
        cx: &mut Context<'_>,
        connection: &Connection,
        task: &str,
        status: TaskStatus,
        ending: Ending,
    ) {
        let Some(ended) = self.received.end(cx.moment.now, task, status, ending) else { return };
        for id in ended.waiting {
            cx.answer_server(match &ended.ending {
                Ok(result) => connection.answer(&id, result),
                Err((code, why)) => connection.refuse(&id, *code, why),
            });
        }
        cx.send(None, Purpose::Aside, connection.task_status(&ended.notification));
    }

    /// Ends the tasks that nobody asks the user for any more, because the call that they belong to is over.
    pub(super) fn close_received(&mut self, cx: &mut Context<'_>, connection: &Connection) {
        if self.received.is_empty() {
            return;
        }
        for task in self.received.open() {
            if !self.questions.asks_for_received(&task) {
                let ending = Err((REJECTED, "The call that this belongs to is over"));
                self.end_received(cx, connection, &task, TaskStatus::Cancelled, ending);
            }
        }
    }
}

impl Context<'_> {
    /// An id that cannot be guessed, and says nothing of where it comes from.
    fn task_id(&mut self) -> String {
        let number = self.network.next_question();
        let digest = Sha256::new().chain_update(self.moment.entropy).chain_update(number.to_be_bytes()).finalize();
        digest.iter().take(16).map(|it| format!("{it:02x}")).collect()
    }
}
