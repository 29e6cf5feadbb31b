//! What waits for the user's reply: questions, and what each reply lets go on.

use super::consent::Held;
use super::step_up::StepUp;
use crate::mcp::connection::Target;
use crate::mcp::jsonrpc::Id;
use crate::mcp::question::{Asker, Question, QuestionKind, Reply};
use std::sync::Arc;

#[derive(Default)]
pub(super) struct Questions {
    /// The oldest first.
    open: Vec<Question>,
    /// What of the token waits for the reply to a question of this client's own.
    pub held: Option<Held>,
    /// What waits for the reply to a 403 that names scopes.
    pub step_up: Option<StepUp>,
    /// What the user answered last to a request for sampling: a server that works in a loop asks again and again.
    pub last_sampled: Option<Reply>,
}

impl Questions {
    pub fn open(&self) -> &[Question] {
        &self.open
    }

    pub fn put(&mut self, number: u32, kind: QuestionKind, params: Arc<str>, asker: Asker) {
        self.open.push(Question { number, kind, params, asker });
    }

    /// Keeps an answer to sampling, to be given once more.
    pub fn remember(&mut self, question: &Question, reply: &Reply) {
        if question.kind == QuestionKind::Sampling && question.result(reply).is_some() {
            self.last_sampled = Some(reply.clone());
        }
    }

    pub fn take(&mut self, number: u32) -> Option<Question> {
        self.take_where(|it| it.number == number)
    }

    /// The question that a request of the server's put.
    pub fn take_request(&mut self, id: &Id) -> Option<Question> {
        self.take_where(|it| matches!(&it.asker, Asker::Request { id: asked, .. } if asked == id))
    }

    /// The question that became a task of this client's.
    pub fn take_received(&mut self, wanted: &str) -> Option<Question> {
        self.take_where(|it| matches!(&it.asker, Asker::Received { task, .. } if task == wanted))
    }

    pub fn asks_for_received(&self, wanted: &str) -> bool {
        self.open.iter().any(|it| matches!(&it.asker, Asker::Received { task, .. } if task == wanted))
    }

    fn take_where(&mut self, is_it: impl Fn(&Question) -> bool) -> Option<Question> {
        let at = self.open.iter().position(is_it)?;
        Some(self.open.remove(at))
    }

    /// Whether the user is asked that input request of a task.
    pub fn asks_of_task(&self, id: &str, wanted: &str) -> bool {
        let is_it = |it: &Asker| matches!(it, Asker::Task { task, key, .. } if task == id && key == wanted);
        self.open.iter().any(|it| is_it(&it.asker))
    }

    pub fn asks_for(&self, target: &Target) -> bool {
        self.open.iter().any(|it| it.asker.target() == Some(target))
    }

    pub fn drop_of(&mut self, target: &Target) {
        self.open.retain(|it| it.asker.target() != Some(target));
    }

    /// Nobody waits for the replies to what an app asked.
    pub fn drop_of_app(&mut self, frame: u32) {
        self.open.retain(|it| !matches!(&it.asker, Asker::App(call) if call.frame == frame));
    }

    /// Requests of the server's are answered on the connection that they came on.
    pub fn drop_requests(&mut self) {
        self.open.retain(|it| !matches!(it.asker, Asker::Request { .. } | Asker::Received { .. }));
    }

    /// One at a time: a second 403 meanwhile is answered by the same login.
    pub fn drop_step_up(&mut self) {
        self.open.retain(|it| it.kind != QuestionKind::StepUp);
    }
}
