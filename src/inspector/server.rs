//! What comes from the server by itself: its requests, its notifications, and what the user says to them.

use super::apps;
use super::asks::Status;
use super::bounds::QUESTIONS;
use super::connected::Connected;
use super::context::Context;
use super::exchanges::{Answer, Purpose};
use super::progress::Progress;
use super::streams::TASK_IDS;
use super::subscriptions::SUBSCRIBE;
use super::work::Work;
use crate::base::text::fact;
use crate::http::Request;
use crate::json::members::Members;
use crate::mcp::connection::{Connection, Target};
use crate::mcp::error::Error;
use crate::mcp::jsonrpc::{self, Id, RpcError};
use crate::mcp::model::ItemKind;
use crate::mcp::question::{self, Asker, Question, QuestionKind, Reply, Wanted};
use crate::mcp::received;
use crate::mcp::task;
use crate::settings::Root;
use crate::trace::ExchangeId;
use crate::trace::violation::Breach;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// How many times the limit a use may take that keeps telling of its progress.
pub(super) const LIVELY: f64 = 10.0;
/// What the user's refusal of sampling is called (MCP, sampling, "Error Handling").
pub(super) const REJECTED: i64 = -1;
/// Nothing more can be put to the user just now (JSON-RPC 2.0 §5.1, server errors).
const BUSY: i64 = -32000;
/// The request that says how much is logged (MCP, logging).
const SET_LEVEL: &str = "logging/setLevel";
/// A page has to be visited before the request can be granted (2025-11-25, elicitation).
const URL_ELICITATION: i64 = -32042;

/// The levels of RFC 5424, the least grave first.
pub const LOG_LEVELS: [&str; 8] = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

/// One of [`LOG_LEVELS`] by its name.
pub(super) fn log_level(name: &str) -> Option<&'static str> {
    LOG_LEVELS.into_iter().find(|it| *it == name)
}

impl Work {
    /// A request of the server's: answered at once, put to the user, or refused.
    pub fn requested(
        &mut self,
        cx: &mut Context<'_>,
        connection: &Connection,
        exchange: ExchangeId,
        (id, method, params): (&Id, &str, &str),
    ) {
        let revision = connection.revision();
        if !revision.has_handshake() {
            return cx.violation(exchange, Breach::RequestFromServer { method: fact(method) });
        }
        if let Some(verb) = received::is_about(method).filter(|_| revision.has_core_tasks()) {
            return self.about_received(cx, connection, (exchange, id), verb, params);
        }
        if cx.network.purpose(exchange).is_some_and(Purpose::is_cancelled) {
            // The user has cancelled what this is asked for.
            if cx.may_answer(exchange) {
                cx.answer_server(connection.refuse(id, REJECTED, "The request that this belongs to was cancelled"));
            }
            return;
        }
        match question::wanted(revision, method, params, &cx.visit.settings.roots) {
            Wanted::Known(result) if cx.may_answer(exchange) => {
                cx.respond_to(connection, id, params, jsonrpc::known(&result));
            }
            Wanted::Known(_) => {}
            Wanted::Refused { code, why } => {
                let breach = Breach::NotDeclared { method: fact(method), reason: fact(&why) };
                cx.refuse_server(connection, exchange, id, (code, &why), breach);
            }
            Wanted::Ask(_) if self.questions.open().len() >= QUESTIONS => {
                let why = format!("{QUESTIONS} requests are already waiting for the user");
                let breach = Breach::TooManyWaiting { limit: QUESTIONS, method: fact(method) };
                cx.refuse_server(connection, exchange, id, (BUSY, &why), breach);
            }
            Wanted::Ask(kind) => {
                let during = self.use_of(cx, exchange, params);
                match received::lifetime(params).filter(|_| revision.has_core_tasks()) {
                    Some(ttl) => self.receive(cx, connection, (exchange, id), (kind, params, during), ttl),
                    None => self.put(cx, kind, params, Asker::Request { id: id.clone(), during }),
                }
            }
        }
    }

    /// The use that an exchange belongs to. On a stream that is shared it can only be the one that waits.
    fn use_of(&self, cx: &Context<'_>, exchange: ExchangeId, params: &str) -> Option<Target> {
        let task = task::related(params).and_then(|it| cx.memory.tasks.target(&cx.visit.server(), &it));
        match cx.network.purpose(exchange) {
            _ if task.is_some() => task,
            Some(Purpose::Ask(target, _)) => Some(target.clone()),
            Some(Purpose::Task(asked, _)) => asked.target.clone(),
            _ => self.only_open().cloned(),
        }
    }

    /// Puts a question to the user; the use that it belongs to waits for them, and its time does not run.
    pub fn put(&mut self, cx: &mut Context<'_>, kind: QuestionKind, params: &str, asker: Asker) {
        if let Asker::Request { during: Some(target), .. } | Asker::Received { during: Some(target), .. } = &asker {
            // The user thinks: no time runs.
            cx.network.limit_use(target, None);
            self.turn(target, Status::Pending, Status::NeedsInput);
        }
        self.questions.put(cx.network.next_question(), kind, params.into(), asker);
    }

    /// What the user said to a question that was just taken, where it ends no phase.
    pub fn replied(
        &mut self,
        cx: &mut Context<'_>,
        connection: Option<&Connection>,
        question: &Question,
        reply: &Reply,
    ) {
        match &question.asker {
            Asker::Request { id, during } => {
                if let Some(connection) = connection {
                    let connection = cx.answering(connection, &question.params);
                    cx.answer_server(match question.result(reply) {
                        Some(result) => connection.answer(id, &of_task(&question.params, result)),
                        None => connection.refuse(id, REJECTED, "The user declined"),
                    });
                }
                self.goes_on(cx, during.as_ref());
            }
            Asker::Received { task, during } => {
                if let Some(connection) = connection {
                    self.received_replied(cx, connection, (question, task), reply);
                }
                self.goes_on(cx, during.as_ref());
            }
            Asker::Client => self.consent_replied(cx, question, reply),
            Asker::App(call) => cx.tell_app(*call, apps::answer(reply)),
            Asker::Round { .. } | Asker::Task { .. } | Asker::StepUp { .. } | Asker::Nobody { .. } => {}
        }
    }

    /// A use waits for the server again.
    pub(super) fn goes_on(&mut self, cx: &mut Context<'_>, during: Option<&Target>) {
        let Some(target) = during else { return };
        if self.questions.asks_for(target) {
            return;
        }
        self.extend(cx, target);
        self.turn(target, Status::NeedsInput, Status::Pending);
    }

    /// An error that names pages to visit first: each is put to the user (E-59).
    pub fn ask_for_pages(&mut self, cx: &mut Context<'_>, target: &Target, error: &RpcError) {
        let data = error.data.as_deref().filter(|_| error.code == URL_ELICITATION);
        let pages = data.and_then(Members::of).and_then(|it| it.list("elicitations")).unwrap_or_default();
        let is_page = |it: &&RawValue| Members::of(it.get()).is_some_and(|it| it.get("mode") == Some("\"url\""));
        let room = QUESTIONS.saturating_sub(self.questions.open().len());
        for page in pages.into_iter().filter(is_page).take(room) {
            let (number, asker) = (cx.network.next_question(), Asker::Nobody { target: target.clone() });
            self.questions.put(number, QuestionKind::Url, page.get().into(), asker);
        }
    }

    /// A notification of the server's that needs no connection that stands.
    pub fn notified(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, method: &str, params: &str) {
        match method {
            "notifications/message" => self.logged(cx, exchange, params),
            "notifications/cancelled" => self.cancelled_by_server(cx, params),
            _ => {}
        }
    }

    fn cancelled_by_server(&mut self, cx: &mut Context<'_>, params: &str) {
        let Some(cancelled) = Members::of(params).and_then(|it| it.read::<Id>("requestId")) else { return };
        if let Some(question) = self.questions.take_request(&cancelled) {
            self.goes_on(cx, question.asker.target());
        }
    }

    /// A sign of life: the time for the answer begins anew (B-06).
    pub fn extend(&mut self, cx: &mut Context<'_>, target: &Target) {
        let limit = cx.visit.limit();
        let outcome = self.outcomes.get(target);
        // Not for ever, however lively (B-06).
        if outcome.is_some_and(|it| cx.moment.now - it.began < f64::from(limit) * LIVELY) {
            cx.network.limit_use(target, Some(limit));
        }
    }
}

/// An answer says which task it is for, where its request does (2025-11-25, "Associating Task-Related Messages").
fn of_task(params: &str, result: Box<RawValue>) -> Box<RawValue> {
    match task::related(params) {
        Some(task) => task::relating(&result, &task),
        None => result,
    }
}

impl Context<'_> {
    /// The connection that a request of the server's is answered on: in the session of its task, where it is about one.
    fn answering(&self, connection: &Connection, params: &str) -> Connection {
        let task = task::related(params);
        let row = task.and_then(|it| self.memory.tasks.get(&self.visit.server(), &it));
        let session = row.and_then(|it| it.session.as_ref());
        session.map_or_else(|| connection.clone(), |it| connection.in_session(it))
    }

    /// Answers a request, with the task that it names.
    pub(super) fn respond_to(&mut self, connection: &Connection, id: &Id, params: &str, result: Box<RawValue>) {
        let connection = self.answering(connection, params);
        self.answer_server(connection.answer(id, &of_task(params, result)));
    }

    pub(super) fn answer_server(&mut self, answer: Request) {
        self.send(None, Purpose::Aside, answer);
    }

    /// Says why, here and to the server.
    fn refuse_server(
        &mut self,
        connection: &Connection,
        exchange: ExchangeId,
        id: &Id,
        (code, why): (i64, &str),
        breach: Breach,
    ) {
        self.violation(exchange, breach);
        if self.may_answer(exchange) {
            self.answer_server(connection.refuse(id, code, why));
        }
    }
}

impl Connected {
    pub fn notified(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, method: &str, params: &str) {
        match method {
            "notifications/progress" => self.progressed(cx, exchange, params),
            "notifications/tools/list_changed" => self.list_changed(cx, &[ItemKind::Tools]),
            "notifications/prompts/list_changed" => self.list_changed(cx, &[ItemKind::Prompts]),
            "notifications/resources/list_changed" => {
                self.list_changed(cx, &[ItemKind::Resources, ItemKind::Templates])
            }
            "notifications/resources/updated" => self.resource_updated(cx, params),
            "notifications/subscriptions/acknowledged" => self.subscribed(cx, exchange, params),
            "notifications/tasks/status" | "notifications/tasks" => self.task_notified(cx, exchange, params),
            _ => self.work.notified(cx, exchange, method, params),
        }
    }

    fn progressed(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, params: &str) {
        let all = Members::of(params).unwrap_or_default();
        let (Some(token), Some(progress)) = (all.read::<Id>("progressToken"), all.read("progress")) else {
            return cx.violation(exchange, Breach::ProgressIncomplete);
        };
        let asked = cx.network.running.iter().find_map(|(_, it)| match &it.purpose {
            Purpose::Ask(target, id) if *id == token && !it.answered => Some(target.clone()),
            _ => None,
        });
        let asked = asked.or_else(|| self.call_with_token(cx, &token));
        let Some(target) = asked else { return cx.extend_raw(&token) };
        self.work.extend(cx, &target);
        let Some(outcome) = self.work.outcomes.get_mut(&target) else { return };
        let backwards = outcome.reports.newest().is_some_and(|it| progress <= it.done);
        let message = all.shown("message");
        outcome.reports.push(Progress { at: cx.moment.now, done: progress, total: all.read("total"), message });
        if backwards {
            cx.violation(exchange, Breach::ProgressNotIncreasing);
        }
    }

    fn list_changed(&mut self, cx: &mut Context<'_>, kinds: &[ItemKind]) {
        for kind in kinds {
            if let Some(list) = self.work.lists.get_mut(kind) {
                list.announce();
                self.load(cx, *kind);
            }
        }
    }

    /// What of a subscription the server honours; the rest is said (B-41).
    fn subscribed(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, params: &str) {
        let granted = Members::of(params).unwrap_or_default().object("notifications").values();
        let body = cx.network.running.get(&exchange).and_then(|it| it.request.body.as_ref()).map(|it| it.expose());
        let sent: Value = serde_json::from_str(&body.unwrap_or_default()).unwrap_or_default();
        let asked = sent.pointer("/params/notifications").and_then(Value::as_object).cloned().unwrap_or_default();
        for (name, value) in asked {
            // Of tasks a server may tell or not: they are polled all the same.
            if name != TASK_IDS && granted.get(&name) != Some(&value) {
                cx.violation(exchange, Breach::NotAcknowledged { name: fact(&name) });
            }
        }
    }

    /// The folders that the server may be told of are others from now on, and it is told that (E-71).
    pub fn set_roots(&mut self, cx: &mut Context<'_>, roots: Vec<Root>) {
        if cx.visit.settings.roots == roots {
            return;
        }
        cx.visit.settings.roots = roots;
        if let Some(request) = self.connection.roots_changed() {
            cx.send(None, Purpose::Aside, request);
        }
    }

    /// Sets how much the server logs: by a request, or with each request from 2026-07-28 on (E-40).
    pub fn set_log_level(&mut self, cx: &mut Context<'_>, level: &str) {
        let level = log_level(level);
        self.work.log_level = level;
        let connection = &mut self.connection;
        connection.log_level = level;
        if let Some(level) = level.filter(|_| connection.revision().has_handshake()) {
            let (id, request) = connection.call(SET_LEVEL, &json!({ "level": level }));
            cx.send(None, Purpose::Setting(SET_LEVEL, id), request);
        }
    }

    pub fn setting_answered(&mut self, cx: &mut Context<'_>, method: &'static str, answer: Answer) {
        cx.visit.in_a_row = 0;
        if method == SET_LEVEL {
            let work = &mut self.work;
            match answer {
                Ok(_) => work.taken_level = work.log_level,
                Err(_) => work.log_level = work.taken_level,
            }
            self.connection.log_level = self.work.log_level;
        }
        if let Err(error) = answer {
            if method == SUBSCRIBE {
                self.work.subscriptions.drop_last();
            }
            cx.report(Error::Rpc { method: method.to_owned(), error }.problem());
        }
    }
}
