//! What a task wants to know before it goes on (2026-07-28, "Task Update Requests"): put to the user, and answered with
//! `tasks/update`.

use super::asks::Status;
use super::bounds::QUESTIONS;
use super::connected::Connected;
use super::context::Context;
use super::rounds::{Answers, InputRequest, members};
use crate::base::text::fact;
use crate::mcp::connection::Target;
use crate::mcp::jsonrpc;
use crate::mcp::question::{self, Asker, Question, Reply, Wanted};
use crate::mcp::task::TaskVerb;
use crate::trace::ExchangeId;
use crate::trace::violation::Breach;
use serde_json::value::RawValue;

/// How many input requests of a task are taken, and how long a key of one may be, in bytes.
const INPUTS: usize = 1_000;
const KEY: usize = 1 << 10;

impl Connected {
    /// What the server wants to know before the task goes on; each once, however often it is said (2026-07-28).
    pub fn put_inputs(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, id: &str, requests: Option<&str>) {
        let target = self.call_of(cx, id);
        let (Some(target), Some(requests)) = (target, requests.and_then(members)) else { return };
        let mut known = Answers::default();
        for (key, raw) in requests.into_iter().filter(|(key, _)| key.len() <= KEY) {
            let seen = cx.task_row(id).is_none_or(|it| it.seen.contains(&key) || it.seen.len() >= INPUTS);
            if !seen && !self.work.questions.asks_of_task(id, &key) {
                self.put_input(cx, (exchange, id, &target), key, &raw, &mut known);
            }
        }
        if !known.is_empty() {
            self.update_task(cx, id, &known);
        }
        if self.work.questions.asks_for(&target) {
            self.work.turn(&target, Status::Pending, Status::NeedsInput);
        }
    }

    fn put_input(
        &mut self,
        cx: &mut Context<'_>,
        (exchange, id, target): (ExchangeId, &str, &Target),
        key: String,
        raw: &RawValue,
        known: &mut Answers,
    ) {
        let Ok(request) = serde_json::from_str::<InputRequest<'_>>(raw.get()) else {
            let detail = format!("The input request \"{}\" cannot be read", fact(&key));
            cx.violation(exchange, Breach::ResultUnusable { detail });
            return cx.mark_seen(id, key);
        };
        let params = request.params.map_or("{}", RawValue::get);
        match question::wanted(self.connection.revision(), &request.method, params, &cx.visit.settings.roots) {
            Wanted::Known(answer) => known.push(key, jsonrpc::known(&answer)),
            // The next poll brings it again.
            Wanted::Ask(_) if self.work.questions.open().len() >= QUESTIONS => {}
            Wanted::Ask(kind) => {
                let asker = Asker::Task { task: id.to_owned(), key, target: target.clone() };
                self.work.put(cx, kind, params, asker);
            }
            Wanted::Refused { why, .. } => {
                let breach = Breach::NotDeclared { method: fact(&request.method), reason: fact(&why) };
                cx.violation(exchange, breach);
                cx.mark_seen(id, key);
            }
        }
    }

    fn update_task(&mut self, cx: &mut Context<'_>, id: &str, answers: &Answers) {
        for key in answers.keys() {
            cx.mark_seen(id, key.to_owned());
        }
        self.send_task(cx, TaskVerb::Update, id, vec![("inputResponses", jsonrpc::raw(answers))]);
    }

    /// The user answered a question of a task. Who declines to sample ends it: there is no answer that says so.
    pub fn task_replied(&mut self, cx: &mut Context<'_>, question: &Question, reply: &Reply) {
        let Asker::Task { task, key, target } = &question.asker else { return };
        let Some(answer) = question.result(reply) else { return self.cancel_task(cx, task) };
        let mut answers = Answers::default();
        answers.push(key.clone(), answer);
        self.update_task(cx, task, &answers);
        if !self.work.questions.asks_for(target) {
            self.work.turn(target, Status::NeedsInput, Status::Pending);
        }
    }
}

impl Context<'_> {
    fn mark_seen(&mut self, task: &str, key: String) {
        if let Some(row) = self.task_row_mut(task) {
            row.seen.insert(key);
        }
    }
}
