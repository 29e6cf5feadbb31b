//! What the user asks of a connected server: the use of its items.

use super::attempt::Attempt;
use super::cancelling::Cancellation;
use super::connected::Connected;
use super::context::Context;
use super::exchanges::{Answer, Purpose};
use super::logs::Logs;
use super::progress::Reports;
use crate::base::text::fact;
use crate::mcp::connection::{Ask, Params, Target};
use crate::mcp::era::HEADER_MISMATCH;
use crate::mcp::error::Error;
use crate::mcp::jsonrpc::{self, RpcError};
use crate::mcp::model::{Item, ItemKind, Marks};
use crate::mcp::task::{self, Detailed, TaskSupport};
use crate::trace::problem::Problem;
use crate::trace::violation::Breach;
use crate::trace::{ExchangeId, Millis};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

/// How the use of an item stands. The names are those of `data-status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    Pending,
    Ok,
    ToolError,
    RpcError,
    HttpError,
    Cancelled,
    Refused,
    /// The user is asked something before there is an answer.
    NeedsInput,
}

impl Status {
    /// Whether the answer is still to come.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::NeedsInput)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ok => "ok",
            Self::ToolError => "tool-error",
            Self::RpcError => "rpc-error",
            Self::HttpError => "http-error",
            Self::Cancelled => "cancelled",
            Self::Refused => "refused",
            Self::NeedsInput => "needs-input",
        }
    }
}

/// The newest use of an item, and what came of it.
#[derive(Clone, PartialEq)]
pub struct Outcome {
    pub ask: Ask,
    pub status: Status,
    pub began: Millis,
    pub ended: Option<Millis>,
    /// The raw result, or the raw `data` of an error.
    pub result: Option<Arc<str>>,
    pub error: Option<RpcError>,
    pub problem: Option<Box<Problem>>,
    /// The length of the result in bytes, where the history of calls has no room for it.
    pub dropped: Option<usize>,
    pub exchange: Option<ExchangeId>,
    /// How far it is, as the server told.
    pub reports: Reports,
    /// What the server logged meanwhile.
    pub logs: Logs,
    /// What the server did after the user cancelled it.
    pub cancellation: Option<Cancellation>,
    /// The id of the task that it became.
    pub task: Option<String>,
    /// How often the server asked for input, or for a repetition.
    pub rounds: u32,
    /// It was sent again once: after a lost session, or with headers that were made anew.
    pub(super) again: bool,
}

impl Outcome {
    /// A use that waits for a connection.
    pub(super) fn pending(ask: Ask, began: Millis) -> Self {
        Self {
            ask,
            status: Status::Pending,
            began,
            ended: None,
            result: None,
            error: None,
            problem: None,
            dropped: None,
            exchange: None,
            reports: Reports::default(),
            logs: Logs::default(),
            cancellation: None,
            task: None,
            rounds: 0,
            again: false,
        }
    }
}

impl Connected {
    /// What was interrupted runs again.
    pub fn ask_interrupted(&mut self, cx: &mut Context<'_>) {
        for ask in std::mem::take(&mut self.work.interrupted) {
            self.ask(cx, ask);
        }
        for raw in std::mem::take(&mut self.work.interrupted_raw) {
            self.send_raw(cx, raw);
        }
    }

    /// Uses an item. One use of it at a time: a second press while it is pending is the same use.
    pub fn ask(&mut self, cx: &mut Context<'_>, ask: Ask) {
        let target = ask.target.clone();
        let before = self.work.outcomes.get(&target).filter(|it| it.status.is_open());
        if before.is_some_and(|it| it.exchange.is_some()) {
            return;
        }
        let kept = before.map(|it| (it.began, it.again));
        let (began, again) = kept.unwrap_or((cx.moment.now, false));
        self.work.rounds.remove(&target);
        self.work.outcomes.insert(target, Outcome { again, ..Outcome::pending(ask.clone(), began) });
        self.send_ask(cx, &ask, Params::new());
    }

    /// Sends a use, or a further round of one.
    pub fn send_ask(&mut self, cx: &mut Context<'_>, ask: &Ask, mut more: Params<'_>) {
        let list = self.work.lists.get(&ask.target.kind);
        let item = list.and_then(|it| it.items.iter().find(|it| it.key == ask.target.key)).cloned();
        if item.as_ref().is_some_and(|it| self.calls_as_task(cx, it, &ask.target)) {
            more.push(("task", jsonrpc::raw(&json!({}))));
        }
        let Some((id, request)) = self.connection.ask(ask, item.as_deref(), more) else { return };
        let exchange = cx.send(None, Purpose::Ask(ask.target.clone(), id), request);
        if let Some(outcome) = self.work.outcomes.get_mut(&ask.target) {
            (outcome.status, outcome.exchange) = (Status::Pending, Some(exchange));
        }
    }

    pub fn ask_answered(&mut self, cx: &mut Context<'_>, target: &Target, exchange: ExchangeId, answer: Answer) {
        cx.token_worked();
        self.work.drop_questions_of(target);
        match answer {
            Ok(result) => self.ask_result(cx, target, exchange, result),
            Err(error) if error.code == HEADER_MISMATCH && self.work.may_ask_again(target) => {
                self.ask_with_new_headers(cx, target);
            }
            Err(error) => self.ask_refused(cx, target, exchange, error),
        }
    }

    fn ask_result(&mut self, cx: &mut Context<'_>, target: &Target, exchange: ExchangeId, result: Arc<str>) {
        let marks = Marks::read(&result);
        if !marks.is_object {
            let detail = "The result is not an object".to_owned();
            return self.ask_invalid(cx, target, exchange, Arc::clone(&result), detail);
        }
        let modern = !self.connection.revision().has_handshake();
        if let Some(created) = self.created_task(target, &result, &marks) {
            return self.task_created(cx, target, exchange, created, Arc::clone(&result));
        }
        self.judge_result(cx, target, exchange, &marks, modern);
        match marks.result_type.as_deref().filter(|_| modern) {
            None | Some("complete") => {}
            Some("input_required") => return self.input_required(cx, target, exchange, &result),
            Some(other) => {
                let detail =
                    format!("resultType is \"{other}\", which needs a capability that Flowglass did not declare");
                return self.ask_invalid(cx, target, exchange, result.clone(), detail);
            }
        }
        self.settle_result(cx, target, exchange, Arc::clone(&result), &marks);
    }

    /// Whether a tool is called as a task: where it has to be, or where the user wants it.
    fn calls_as_task(&self, cx: &Context<'_>, tool: &Item, target: &Target) -> bool {
        let info = self.connection.info.as_ref().filter(|_| target.kind == ItemKind::Tools);
        match info.map(|it| it.task_support(tool)).unwrap_or_default() {
            TaskSupport::Forbidden => false,
            TaskSupport::Optional => cx.memory.tasks.is_wanted(&cx.visit.server(), target),
            TaskSupport::Required => true,
        }
    }

    /// The task that a call became, where it became one.
    fn created_task(&self, target: &Target, result: &str, marks: &Marks<'_>) -> Option<Result<Detailed, String>> {
        let info = self.connection.info.as_ref().filter(|_| target.kind == ItemKind::Tools)?;
        match info.revision.has_handshake() {
            true if info.has_tasks() => task::created(result),
            true => None,
            // This client declares the extension with each request, whatever the server declared.
            false => (marks.result_type.as_deref() == Some("task")).then(|| Detailed::read(result)),
        }
    }

    /// The result of a call that was a task for a while.
    pub fn ask_settled(
        &mut self,
        cx: &mut Context<'_>,
        target: &Target,
        exchange: ExchangeId,
        result: Arc<str>,
        marks: &Marks<'_>,
    ) {
        self.judge_result(cx, target, exchange, marks, false);
        self.settle_result(cx, target, exchange, result, marks);
    }

    fn settle_result(
        &mut self,
        cx: &mut Context<'_>,
        target: &Target,
        exchange: ExchangeId,
        result: Arc<str>,
        marks: &Marks<'_>,
    ) {
        let failed = target.kind == ItemKind::Tools && marks.is_error;
        let status = if failed { Status::ToolError } else { Status::Ok };
        self.work.settle(cx, target, status, |it| {
            it.result = Some(result);
            it.exchange = Some(exchange);
        });
    }

    /// What a result lacks is said; it is shown all the same.
    fn judge_result(
        &mut self,
        cx: &mut Context<'_>,
        target: &Target,
        exchange: ExchangeId,
        marks: &Marks<'_>,
        modern: bool,
    ) {
        if modern && marks.result_type.is_none() {
            cx.violation(exchange, Breach::NoResultType);
        }
        let list = self.work.lists.get(&target.kind);
        let item = list.and_then(|it| it.items.iter().find(|it| it.key == target.key));
        let promised = item.is_some_and(|it| it.output_schema.is_some()) && target.kind == ItemKind::Tools;
        let complete = marks.result_type.as_deref().is_none_or(|it| it == "complete");
        if promised && complete && !marks.structured && !marks.is_error {
            cx.violation(exchange, Breach::NoStructuredContent);
        }
    }

    pub fn ask_invalid(
        &mut self,
        cx: &mut Context<'_>,
        target: &Target,
        exchange: ExchangeId,
        result: Arc<str>,
        detail: String,
    ) {
        cx.violation(exchange, Breach::ResultUnusable { detail: fact(&detail) });
        let problem = Box::new(Error::InvalidResult { detail }.problem());
        self.work.settle(cx, target, Status::HttpError, |it| {
            it.result = Some(result);
            it.problem = Some(problem);
            it.exchange = Some(exchange);
        });
    }

    pub fn ask_refused(&mut self, cx: &mut Context<'_>, target: &Target, exchange: ExchangeId, error: RpcError) {
        self.work.ask_for_pages(cx, target, &error);
        self.work.settle(cx, target, Status::RpcError, |it| {
            it.result.clone_from(&error.data);
            it.error = Some(error);
            it.exchange = Some(exchange);
        });
    }

    /// The server says that headers do not fit: the schema they are made by may be old.
    fn ask_with_new_headers(&mut self, cx: &mut Context<'_>, target: &Target) {
        if let Some(ask) = self.work.once_more(target) {
            self.work.after_lists.push(ask);
        }
        self.load(cx, ItemKind::Tools);
    }

    /// No response to a use: shown with the item. A lost session is renewed once; where nothing could be read at all, the
    /// server may be gone, which connecting again shows. The use itself is not repeated: it may have had its effect.
    pub fn ask_failed(mut self, cx: &mut Context<'_>, exchange: ExchangeId, target: &Target, error: &Error) -> Attempt {
        if error.is_lost_session() && self.work.may_ask_again(target) {
            if let Some(ask) = self.work.once_more(target) {
                self.work.interrupted.push(ask);
            }
            return self.session_lost(cx, exchange);
        }
        self.work.drop_questions_of(target);
        let problem = Box::new(error.problem());
        self.work.settle(cx, target, Status::HttpError, |it| it.problem = Some(problem));
        match error {
            Error::Blocked { .. } => self.reconnect(cx, exchange),
            _ => self.into(),
        }
    }
}
