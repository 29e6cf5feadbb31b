//! What comes from the server by itself: its requests, its notifications, and what a person says to them.

use super::asks::{Logged, Progress};
use super::exchanges::{Answer, Purpose};
use super::{Inspector, Order, State, Status};
use crate::checks::Clause;
use crate::jsonrpc::{self, Id, RpcError};
use crate::mcp::connection::{Ask, Connection, Target};
use crate::mcp::error::Error;
use crate::mcp::model::Kind;
use crate::members::Members;
use crate::oauth::flow::Moment;
use crate::question::{self, Asker, Kind as QuestionKind, Question, Reply, Wanted};
use crate::trace::ExchangeId;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::sync::Arc;

/// How many log messages are kept, of a use and of the connection.
const LOGS: usize = 500;
/// How many times the limit a use may take that keeps telling of its progress.
const LIVELY: f64 = 10.0;
/// What a person's refusal of sampling is called (MCP, sampling, "Error Handling").
const REJECTED: i64 = -1;
/// A page has to be visited before the request can be granted (2025-11-25, elicitation).
const URL_ELICITATION: i64 = -32042;

/// The levels of RFC 5424, the least grave first.
pub const LOG_LEVELS: [&str; 8] = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

impl Inspector {
    /// A request of the server's: answered at once, put to the person, or refused.
    pub(super) fn asked_by_server(
        &mut self,
        moment: &Moment,
        exchange: ExchangeId,
        id: &Id,
        method: &str,
        params: Option<Arc<str>>,
    ) {
        let Some(connection) = self.connection() else { return };
        let revision = connection.revision();
        if !revision.has_handshake() {
            let words = format!("The server sent the request {method}. From 2026-07-28 on only clients send requests.");
            return self.violation(moment, exchange, Clause::McpRounds, &words);
        }
        let params = params.unwrap_or_else(|| "{}".into());
        let roots = self.settings.as_ref().map(|it| it.roots.clone()).unwrap_or_default();
        match question::wanted(revision, method, &params, &roots) {
            Wanted::Known(result) => self.answer_server(moment, |it| it.answer(id, &jsonrpc::known(&result))),
            Wanted::Refused { code, why } => {
                let words = format!("The server asked for {method}, but {why}.");
                self.violation(moment, exchange, Clause::McpLifecycle, &words);
                self.answer_server(moment, |it| it.refuse(id, code, &why));
            }
            Wanted::Ask(kind) => {
                let asker = Asker::Request { id: id.clone(), during: self.use_of(exchange) };
                self.put(kind, &params, asker);
            }
        }
    }

    fn answer_server(&mut self, moment: &Moment, write: impl FnOnce(&Connection) -> crate::http::Request) {
        if let Some(request) = self.connection().map(write) {
            self.send(moment, None, Purpose::Aside, request);
        }
    }

    /// The use that an exchange belongs to. On a stream that is shared it can only be the one that waits.
    fn use_of(&self, exchange: ExchangeId) -> Option<Target> {
        match self.running.get(&exchange).map(|it| &it.purpose) {
            Some(Purpose::Ask(target, _)) => Some(target.clone()),
            _ => {
                let mut open = self.outcomes.iter().filter(|(_, it)| it.status.is_open());
                open.next().filter(|_| open.next().is_none()).map(|(target, _)| target.clone())
            }
        }
    }

    /// Puts a question to the person; the use that it belongs to waits for them, and its time does not run.
    pub(super) fn put(&mut self, kind: QuestionKind, params: &str, asker: Asker) {
        self.last_question += 1;
        if let Asker::Request { during: Some(target), .. } = &asker {
            self.pause(target);
            if let Some(outcome) = self.outcomes.get_mut(target).filter(|it| it.status == Status::Pending) {
                outcome.status = Status::NeedsInput;
            }
        }
        self.questions.push(Question { number: self.last_question, kind, params: params.into(), asker });
    }

    /// What a person said to a question.
    pub(super) fn replied(&mut self, moment: &Moment, number: u32, reply: &Reply) {
        let Some(at) = self.questions.iter().position(|it| it.number == number) else { return };
        let question = self.questions.remove(at);
        match &question.asker {
            Asker::Request { id, during } => {
                match question.result(reply) {
                    Some(result) => self.answer_server(moment, |it| it.answer(id, &result)),
                    None => self.answer_server(moment, |it| it.refuse(id, REJECTED, "The person declined")),
                }
                self.goes_on(moment, during.as_ref());
            }
            Asker::Round { .. } => self.round_replied(moment, &question, reply),
            Asker::StepUp { .. } => self.step_up_replied(moment, &question, reply),
            Asker::Nobody { .. } => {}
        }
    }

    /// A use waits for the server again.
    fn goes_on(&mut self, moment: &Moment, during: Option<&Target>) {
        let Some(target) = during else { return };
        if self.questions.iter().any(|it| it.asker.target() == Some(target)) {
            return;
        }
        self.extend(moment, target);
        if let Some(outcome) = self.outcomes.get_mut(target).filter(|it| it.status == Status::NeedsInput) {
            outcome.status = Status::Pending;
        }
    }

    /// Nobody waits for the answers to a use's questions any more.
    pub(super) fn drop_questions_of(&mut self, target: &Target) {
        self.questions.retain(|it| it.asker.target() != Some(target));
        self.rounds.remove(target);
    }

    /// An error that names pages to visit first: each is put to the person (E-59).
    pub(super) fn ask_for_pages(&mut self, target: &Target, error: &RpcError) {
        let data = error.data.as_deref().filter(|_| error.code == URL_ELICITATION);
        let pages = data.and_then(Members::of).and_then(|it| it.list("elicitations")).unwrap_or_default();
        let is_page = |it: &&RawValue| Members::of(it.get()).is_some_and(|it| it.get("mode") == Some("\"url\""));
        for page in pages.into_iter().filter(is_page) {
            self.last_question += 1;
            let asker = Asker::Nobody { target: target.clone() };
            let params = page.get().into();
            self.questions.push(Question { number: self.last_question, kind: QuestionKind::Url, params, asker });
        }
    }

    pub(super) fn notified(&mut self, moment: &Moment, exchange: ExchangeId, method: &str, params: Option<&str>) {
        let params = params.unwrap_or("{}");
        match method {
            "notifications/progress" => self.progressed(moment, exchange, params),
            "notifications/message" => self.logged(moment, exchange, params),
            "notifications/tools/list_changed" => self.list_changed(moment, &[Kind::Tools]),
            "notifications/prompts/list_changed" => self.list_changed(moment, &[Kind::Prompts]),
            "notifications/resources/list_changed" => self.list_changed(moment, &[Kind::Resources, Kind::Templates]),
            "notifications/resources/updated" => self.resource_updated(moment, params),
            "notifications/cancelled" => self.cancelled_by_server(moment, params),
            "notifications/subscriptions/acknowledged" => self.subscribed(moment, exchange, params),
            _ => {}
        }
    }

    fn progressed(&mut self, moment: &Moment, exchange: ExchangeId, params: &str) {
        let all = Members::of(params).unwrap_or_default();
        let (Some(token), Some(progress)) = (all.read::<Id>("progressToken"), all.read("progress")) else {
            let words = "A progress notification lacks progressToken or progress.";
            return self.violation(moment, exchange, Clause::McpMessages, words);
        };
        let asked = self.running.iter().find_map(|(_, it)| match &it.purpose {
            Purpose::Ask(target, id) if *id == token && !it.answered => Some(target.clone()),
            _ => None,
        });
        let Some(target) = asked else { return };
        self.extend(moment, &target);
        let Some(outcome) = self.outcomes.get_mut(&target) else { return };
        let backwards = outcome.progress.as_ref().is_some_and(|it| progress <= it.done);
        outcome.progress = Some(Progress { done: progress, total: all.read("total"), message: all.shown("message") });
        if backwards {
            self.violation(moment, exchange, Clause::McpMessages, "The progress of a request did not increase.");
        }
    }

    /// A sign of life: the time for the answer begins anew (B-06).
    fn extend(&mut self, moment: &Moment, target: &Target) {
        let limit = self.limit();
        let outcome = self.outcomes.get(target);
        // Not for ever, however lively (B-06).
        if outcome.is_some_and(|it| moment.now - it.began < f64::from(limit) * LIVELY) {
            self.limit_use(target, Some(limit));
        }
    }

    /// A person thinks: no time runs.
    fn pause(&mut self, target: &Target) {
        self.limit_use(target, None);
    }

    fn limit_use(&mut self, target: &Target, limit: Option<u32>) {
        let asked = |it: &Purpose| matches!(it, Purpose::Ask(asked, _) if asked == target);
        if let Some((exchange, _)) = self.running.iter().find(|(_, it)| asked(&it.purpose)) {
            self.orders.push(Order::Limit { exchange: *exchange, limit });
        }
    }

    fn logged(&mut self, moment: &Moment, exchange: ExchangeId, params: &str) {
        let Some(all) = Members::of(params) else { return };
        let line = Logged {
            at: moment.now,
            level: all.words("level").unwrap_or_default(),
            logger: all.words("logger"),
            data: all.words("data").unwrap_or_default().into(),
        };
        if let Some(outcome) = self.use_of(exchange).and_then(|it| self.outcomes.get_mut(&it)) {
            keep(&mut outcome.logs, line.clone());
        }
        keep(&mut self.logs, line);
    }

    fn list_changed(&mut self, moment: &Moment, kinds: &[Kind]) {
        for kind in kinds {
            if self.lists.contains_key(kind) {
                self.load(moment, *kind);
            }
        }
    }

    /// A resource that was subscribed to changed: read again where it was read before (E-23).
    fn resource_updated(&mut self, moment: &Moment, params: &str) {
        let Some(uri) = Members::of(params).and_then(|it| it.read("uri")) else { return };
        let target = Target { kind: Kind::Resources, key: uri };
        if self.outcomes.get(&target).is_some_and(|it| !it.status.is_open()) {
            self.ask(moment, Ask { target, arguments: "{}".to_owned() });
        }
    }

    fn cancelled_by_server(&mut self, moment: &Moment, params: &str) {
        let Some(cancelled) = Members::of(params).and_then(|it| it.read::<Id>("requestId")) else { return };
        let found =
            self.questions.iter().position(|it| matches!(&it.asker, Asker::Request { id, .. } if *id == cancelled));
        if let Some(at) = found {
            let question = self.questions.remove(at);
            self.goes_on(moment, question.asker.target());
        }
    }

    /// What of a subscription the server honours; the rest is said (B-41).
    fn subscribed(&mut self, moment: &Moment, exchange: ExchangeId, params: &str) {
        let granted = Members::of(params).unwrap_or_default().object("notifications").values();
        let body = self.running.get(&exchange).and_then(|it| it.request.body.as_ref()).map(|it| it.expose());
        let sent: Value = serde_json::from_str(&body.unwrap_or_default()).unwrap_or_default();
        let asked = sent.pointer("/params/notifications").and_then(Value::as_object).cloned().unwrap_or_default();
        for (name, value) in asked {
            if granted.get(&name) != Some(&value) {
                let words = format!("The server does not announce {name} as it was asked to.");
                self.violation(moment, exchange, Clause::McpSubscriptions, &words);
            }
        }
    }

    /// Subscribes to a resource, or ends that, as the revision has it (E-23).
    pub(super) fn subscribe(&mut self, moment: &Moment, uri: String) {
        let there = self.subscriptions.contains(&uri);
        let State::Connected(connection) = &mut self.state else { return };
        let modern = !connection.revision().has_handshake();
        let method = if there { "resources/unsubscribe" } else { "resources/subscribe" };
        let call = (!modern).then(|| connection.call(method, &json!({ "uri": uri })));
        match there {
            true => self.subscriptions.retain(|it| *it != uri),
            false => self.subscriptions.push(uri),
        }
        match call {
            Some((id, request)) => {
                self.send(moment, None, Purpose::Setting(method, id), request);
            }
            None => self.listen(moment),
        }
    }

    /// Sets how much the server logs: by a request, or with each request from 2026-07-28 on (E-40).
    pub(super) fn set_log_level(&mut self, moment: &Moment, level: &str) {
        let level = LOG_LEVELS.into_iter().find(|it| *it == level);
        self.log_level = level;
        let State::Connected(connection) = &mut self.state else { return };
        connection.log_level = level;
        if let Some(level) = level.filter(|_| connection.revision().has_handshake()) {
            let (id, request) = connection.call("logging/setLevel", &json!({ "level": level }));
            self.send(moment, None, Purpose::Setting("logging/setLevel", id), request);
        }
    }

    pub(super) fn setting_answered(&mut self, moment: &Moment, method: &'static str, answer: Answer) {
        self.in_a_row = 0;
        if let Err(error) = answer {
            if method == "resources/subscribe" {
                self.subscriptions.pop();
            }
            self.report(moment, Error::Rpc { method: method.to_owned(), error }.problem());
        }
    }
}

fn keep(logs: &mut Vec<Logged>, line: Logged) {
    if logs.len() >= LOGS {
        logs.remove(0);
    }
    logs.push(line);
}
