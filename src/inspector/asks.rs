//! What a person asks of a connected server: its lists, and the use of its items.

use super::exchanges::{Answer, Purpose};
use super::{Inspector, State};
use crate::checks::Clause;
use crate::jsonrpc::RpcError;
use crate::mcp::connection::{Ask, Params, Target};
use crate::mcp::era::{HEADER_MISMATCH, METHOD_NOT_FOUND};
use crate::mcp::error::Error;
use crate::mcp::mirror;
use crate::mcp::model::{self, BadItem, Cache, Item, Kind, Marks, Page};
use crate::oauth::flow::Moment;
use crate::problem::{Code, Ending, Owner, Problem};
use crate::step::Step;
use crate::trace::{ExchangeId, Millis};
use std::sync::Arc;

/// How many pages of a list are read before it is called endless.
const PAGES: usize = 1000;
/// Authorizations that lie further apart are not in a row, in milliseconds.
const ROW_OF_AUTHORIZATIONS: f64 = 60_000.0;

/// A list as far as it has come.
#[derive(Clone, PartialEq)]
pub struct Listing {
    pub items: Arc<Vec<Arc<Item>>>,
    /// Items that could not be read, shown with the reason.
    pub bad: Arc<Vec<BadItem>>,
    pub state: ListState,
    /// How long a client that keeps answers might use this one.
    pub cache: Option<Cache>,
    cursors: Vec<String>,
    /// It changed while it was being loaded.
    stale: bool,
}

#[derive(Clone, PartialEq)]
pub enum ListState {
    Loading,
    Ready,
    Failed(Box<Problem>),
}

/// How the use of an item stands. The names are those of `data-status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Pending,
    Ok,
    ToolError,
    RpcError,
    HttpError,
    Cancelled,
    Refused,
    /// A person is asked something before there is an answer.
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
    pub exchange: Option<ExchangeId>,
    /// How far it is, as the server told last.
    pub progress: Option<Progress>,
    /// What the server logged meanwhile.
    pub logs: Vec<Logged>,
    /// How often the server asked for input, or for a repetition.
    pub rounds: u32,
    /// It was sent again once: after a lost session, or with headers that were made anew.
    again: bool,
}

/// How far a use is (MCP, progress).
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    pub done: f64,
    pub total: Option<f64>,
    pub message: Option<String>,
}

/// A log message of the server's.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    pub at: Millis,
    pub level: String,
    pub logger: Option<String>,
    /// A text, or raw JSON.
    pub data: Arc<str>,
}

impl Outcome {
    /// A use that waits for a connection.
    pub(super) const fn pending(ask: Ask, began: Millis) -> Self {
        Self {
            ask,
            status: Status::Pending,
            began,
            ended: None,
            result: None,
            error: None,
            problem: None,
            exchange: None,
            progress: None,
            logs: Vec::new(),
            rounds: 0,
            again: false,
        }
    }
}

impl Inspector {
    /// Loads a list from its first page. What was there stays until the first answer is.
    pub(super) fn load(&mut self, moment: &Moment, kind: Kind) {
        if let Some(list) = self.lists.get_mut(&kind).filter(|it| it.state == ListState::Loading) {
            list.stale = true;
            return;
        }
        let (items, bad) = self.lists.get(&kind).map(|it| (it.items.clone(), it.bad.clone())).unwrap_or_default();
        let (state, cursors) = (ListState::Loading, Vec::new());
        self.lists.insert(kind, Listing { items, bad, state, cache: None, cursors, stale: false });
        self.load_page(moment, kind, None);
    }

    fn load_page(&mut self, moment: &Moment, kind: Kind, cursor: Option<&str>) {
        let State::Connected(connection) = &mut self.state else { return };
        let (id, request) = connection.list(kind, cursor);
        self.send(moment, Some(Step::Connected), Purpose::List(kind, id), request);
    }

    pub(super) fn list_answered(&mut self, moment: &Moment, exchange: ExchangeId, kind: Kind, answer: Answer) {
        let result = match answer {
            Ok(result) => result,
            // Many servers with resources know no templates, and say so by not knowing the method.
            Err(error) if kind == Kind::Templates && error.code == METHOD_NOT_FOUND => {
                r#"{"resourceTemplates":[]}"#.into()
            }
            Err(error) => {
                let method = kind.list().0.to_owned();
                return self.list_failed(moment, kind, Error::Rpc { method, error }.problem());
            }
        };
        let Some(page) = model::page(kind, &result) else {
            return self.list_failed(moment, kind, no_list(kind));
        };
        self.succeeded(moment);
        self.lost_lists.retain(|it| *it != kind);
        let page = self.judge_page(moment, exchange, kind, page);
        self.take_page(moment, exchange, kind, page);
    }

    /// Sorts out what must not be used, and says what is not as it should be.
    fn judge_page(&mut self, moment: &Moment, exchange: ExchangeId, kind: Kind, mut page: Page) -> Page {
        let modern = self.connection().is_some_and(|it| !it.revision().has_handshake());
        if modern && kind == Kind::Tools {
            page.exclude(|item| mirror::check(item.input_schema.as_deref()?).err().map(|it| it.to_string()));
        }
        if page.bad_cursor {
            let words = format!(
                "The nextCursor of {} is not a string, so the rest of the list cannot be asked for.",
                kind.list().0
            );
            self.violation(moment, exchange, Clause::McpTools, &words);
        }
        for bad in &page.bad {
            let words = format!("An item of {} cannot be used: {}.", kind.list().0, bad.reason);
            self.violation(moment, exchange, Clause::McpTools, &words);
        }
        page
    }

    fn take_page(&mut self, moment: &Moment, exchange: ExchangeId, kind: Kind, page: Page) {
        let Some(list) = self.lists.get_mut(&kind) else { return };
        if list.cursors.is_empty() {
            (list.items, list.bad, list.cache) = (Arc::default(), Arc::default(), page.cache);
        }
        Arc::make_mut(&mut list.items).extend(page.items);
        Arc::make_mut(&mut list.bad).extend(page.bad);
        match page.next {
            Some(next) if !list.cursors.contains(&next) && list.cursors.len() < PAGES => {
                list.cursors.push(next.clone());
                self.load_page(moment, kind, Some(&next));
            }
            // A cursor that came before, or no end: what there is, is shown.
            Some(_) => {
                list.state = ListState::Ready;
                let words = format!("The pages of {} go on for ever: a cursor came twice.", kind.list().0);
                self.violation(moment, exchange, Clause::McpTools, &words);
            }
            None => self.list_ready(moment, kind),
        }
    }

    fn list_ready(&mut self, moment: &Moment, kind: Kind) {
        let Some(list) = self.lists.get_mut(&kind) else { return };
        list.state = ListState::Ready;
        if std::mem::take(&mut list.stale) {
            return self.load(moment, kind);
        }
        for ask in std::mem::take(&mut self.after_lists) {
            self.ask(moment, ask);
        }
    }

    /// No answer to a list. A lost session is renewed, once for each list.
    pub(super) fn list_unanswered(&mut self, moment: &Moment, exchange: ExchangeId, kind: Kind, error: &Error) {
        if error.is_lost_session() && !self.lost_lists.contains(&kind) {
            self.lost_lists.push(kind);
            self.lists.remove(&kind);
            return self.session_lost(moment, exchange);
        }
        self.list_failed(moment, kind, error.problem());
    }

    pub(super) fn list_failed(&mut self, moment: &Moment, kind: Kind, problem: Problem) {
        if let Some(list) = self.lists.get_mut(&kind) {
            list.state = ListState::Failed(Box::new(problem.clone()));
        }
        self.report(moment, problem);
        for ask in std::mem::take(&mut self.after_lists) {
            self.ask(moment, ask);
        }
    }

    /// Uses an item. One use of it at a time: a second press while it is pending is the same use.
    pub(super) fn ask(&mut self, moment: &Moment, ask: Ask) {
        let target = ask.target.clone();
        let before = self.outcomes.get(&target).filter(|it| it.status.is_open());
        if before.is_some_and(|it| it.exchange.is_some()) || !matches!(self.state, State::Connected(_)) {
            return;
        }
        let kept = before.map(|it| (it.began, it.again));
        let (began, again) = kept.unwrap_or((moment.now, false));
        self.rounds.remove(&target);
        self.outcomes.insert(target, Outcome { again, ..Outcome::pending(ask.clone(), began) });
        self.send_ask(moment, &ask, Params::new());
    }

    /// Sends a use, or a further round of one.
    pub(super) fn send_ask(&mut self, moment: &Moment, ask: &Ask, more: Params<'_>) {
        let item = self.lists.get(&ask.target.kind).and_then(|it| it.items.iter().find(|it| it.key == ask.target.key));
        let item = item.cloned();
        let State::Connected(connection) = &mut self.state else { return };
        let Some((id, request)) = connection.ask(ask, item.as_deref(), more) else { return };
        let exchange = self.send(moment, None, Purpose::Ask(ask.target.clone(), id), request);
        if let Some(outcome) = self.outcomes.get_mut(&ask.target) {
            (outcome.status, outcome.exchange) = (Status::Pending, Some(exchange));
        }
    }

    pub(super) fn ask_answered(&mut self, moment: &Moment, target: &Target, exchange: ExchangeId, answer: Answer) {
        self.in_a_row = 0;
        (self.refreshed, self.token_worked) = (false, true);
        self.drop_questions_of(target);
        match answer {
            Ok(result) => self.ask_result(moment, target, exchange, result),
            Err(error) if error.code == HEADER_MISMATCH && self.may_ask_again(target) => {
                self.ask_with_new_headers(moment, target);
            }
            Err(error) => self.ask_refused(moment, target, exchange, error),
        }
    }

    fn ask_result(&mut self, moment: &Moment, target: &Target, exchange: ExchangeId, result: Arc<str>) {
        let marks = Marks::read(&result);
        if !marks.is_object {
            let detail = "The result is not an object".to_owned();
            return self.ask_invalid(moment, target, exchange, Arc::clone(&result), detail);
        }
        let modern = self.connection().is_some_and(|it| !it.revision().has_handshake());
        self.judge_result(moment, target, exchange, &marks, modern);
        match marks.result_type.as_deref().filter(|_| modern) {
            None | Some("complete") => {}
            Some("input_required") => return self.input_required(moment, target, exchange, &result),
            Some(other) => {
                let detail = format!("Its resultType is \"{other}\", which no capability of this client allows");
                return self.ask_invalid(moment, target, exchange, result.clone(), detail);
            }
        }
        let failed = target.kind == Kind::Tools && marks.is_error;
        let status = if failed { Status::ToolError } else { Status::Ok };
        self.settle(moment, target, status, |it| {
            it.result = Some(result.clone());
            it.exchange = Some(exchange);
        });
    }

    /// What a result lacks is said; it is shown all the same.
    fn judge_result(
        &mut self,
        moment: &Moment,
        target: &Target,
        exchange: ExchangeId,
        marks: &Marks<'_>,
        modern: bool,
    ) {
        if modern && marks.result_type.is_none() {
            let words = "The result has no resultType, which every result of 2026-07-28 has. It counts as complete.";
            self.violation(moment, exchange, Clause::McpStateless, words);
        }
        let list = self.lists.get(&target.kind);
        let item = list.and_then(|it| it.items.iter().find(|it| it.key == target.key));
        let promised = item.is_some_and(|it| it.output_schema.is_some()) && target.kind == Kind::Tools;
        let complete = marks.result_type.as_deref().is_none_or(|it| it == "complete");
        if promised && complete && !marks.structured && !marks.is_error {
            let words = "The tool has an output schema, and its result no structuredContent.";
            self.violation(moment, exchange, Clause::McpTools, words);
        }
    }

    pub(super) fn ask_invalid(
        &mut self,
        moment: &Moment,
        target: &Target,
        exchange: ExchangeId,
        result: Arc<str>,
        detail: String,
    ) {
        self.violation(moment, exchange, Clause::McpRounds, &format!("{detail}."));
        let problem = Box::new(Error::InvalidResult { detail }.problem());
        self.settle(moment, target, Status::HttpError, |it| {
            it.result = Some(result);
            it.problem = Some(problem);
            it.exchange = Some(exchange);
        });
    }

    fn ask_refused(&mut self, moment: &Moment, target: &Target, exchange: ExchangeId, error: RpcError) {
        self.ask_for_pages(target, &error);
        self.settle(moment, target, Status::RpcError, |it| {
            it.result.clone_from(&error.data);
            it.error = Some(error);
            it.exchange = Some(exchange);
        });
    }

    fn may_ask_again(&self, target: &Target) -> bool {
        self.outcomes.get(target).is_some_and(|it| !it.again)
    }

    /// The server says that headers do not fit: the schema they are made by may be old (A-25).
    fn ask_with_new_headers(&mut self, moment: &Moment, target: &Target) {
        if let Some(outcome) = self.outcomes.get_mut(target) {
            (outcome.again, outcome.exchange) = (true, None);
            self.after_lists.push(outcome.ask.clone());
        }
        self.load(moment, Kind::Tools);
    }

    /// No answer to a use: shown with the item, and the connection stays. A lost session is renewed once.
    pub(super) fn ask_failed(&mut self, moment: &Moment, exchange: ExchangeId, target: &Target, error: &Error) {
        if error.is_lost_session() && self.may_ask_again(target) {
            if let Some(outcome) = self.outcomes.get_mut(target) {
                (outcome.again, outcome.exchange) = (true, None);
                self.interrupted.push(outcome.ask.clone());
            }
            return self.session_lost(moment, exchange);
        }
        self.drop_questions_of(target);
        let problem = Box::new(error.problem());
        self.settle(moment, target, Status::HttpError, |it| it.problem = Some(problem));
    }

    /// Cancelling: the server is told, nothing more is waited for, a late answer is ignored.
    pub(super) fn cancel(&mut self, moment: &Moment, target: &Target) {
        let asked = |purpose: &Purpose| matches!(purpose, Purpose::Ask(it, _) if it == target);
        let running = self.running.iter().find(|(_, it)| asked(&it.purpose));
        let running = running.map(|(exchange, it)| (*exchange, it.purpose.id().cloned()));
        self.forget_alarms_of(target);
        self.drop_questions_of(target);
        if let Some((exchange, id)) = running {
            let told = self.connection().zip(id);
            let notice = told.and_then(|(it, id)| it.cancelled(&id, "the person cancelled"));
            if let Some(request) = notice {
                self.send(moment, None, Purpose::Aside, request);
            }
            self.abort(moment, exchange);
        }
        if self.outcomes.get(target).is_some_and(|it| it.status.is_open()) {
            self.settle(moment, target, Status::Cancelled, |_| ());
        }
    }

    /// The attempt that was to bring an answer ended: what was asked ends with it.
    pub(super) fn settle_interrupted(&mut self, moment: &Moment, problem: &Problem) {
        self.interrupted.clear();
        self.questions.clear();
        let pending: Vec<Target> =
            self.outcomes.iter().filter(|(_, it)| it.status.is_open()).map(|(target, _)| target.clone()).collect();
        let status = match (problem.code, problem.code.ending()) {
            (Code::AccessDenied, _) => Status::Cancelled,
            (_, Ending::Refused) => Status::Refused,
            (_, Ending::Failed) => Status::HttpError,
        };
        for target in pending {
            let problem = Box::new(problem.clone());
            self.settle(moment, &target, status, |it| it.problem = Some(problem));
        }
    }

    /// A list was answered, so the token is good. That ends no row of authorizations: what they are for may be a call.
    fn succeeded(&mut self, moment: &Moment) {
        self.token_worked = true;
        let quiet = !self.outcomes.iter().any(|(_, it)| it.status.is_open());
        if quiet && moment.now - self.authorized > ROW_OF_AUTHORIZATIONS {
            self.in_a_row = 0;
            self.refreshed = false;
        }
    }

    pub(super) fn settle(&mut self, moment: &Moment, target: &Target, status: Status, edit: impl FnOnce(&mut Outcome)) {
        if let Some(outcome) = self.outcomes.get_mut(target) {
            outcome.status = status;
            outcome.ended = Some(moment.now);
            edit(outcome);
        }
    }
}

fn no_list(kind: Kind) -> Problem {
    let (method, member) = kind.list();
    Problem::new(Code::NotMcp, Owner::Server, format!("The answer to {method} has no list"))
        .seen(format!("The result has no \"{member}\" that is a list."))
        .cause("The result does not have the shape that the specification gives.")
        .advice(format!("Answer {method} with an object that has \"{member}\"."))
}
