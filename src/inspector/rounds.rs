//! Requests that take several rounds (MCP 2026-07-28, multi round-trip requests): a result that wants input first.

use super::alarms::Alarm;
use super::asks::Status;
use super::bounds::QUESTIONS;
use super::connected::Connected;
use super::context::Context;
use crate::mcp::connection::{Params, Target};
use crate::mcp::jsonrpc;
use crate::mcp::model::Marks;
use crate::mcp::question::{self, Asker, Question, Reply, Wanted};
use crate::trace::ExchangeId;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::sync::Arc;

/// After how many rounds a server is taken to ask for ever.
const ROUNDS: u32 = 10;
/// The pause before a repetition for which there is nothing to ask, in milliseconds.
const PACE: u32 = 250;

/// The present round of a use.
#[derive(Default)]
pub(super) struct Round {
    /// To be sent back byte for byte, and not to be looked into (E-54).
    state: Option<Box<RawValue>>,
    answers: Answers,
    /// Whether the server asked for answers at all.
    asked: bool,
}

/// Answers by the keys of their questions.
#[derive(Default)]
pub(super) struct Answers(Vec<(String, Box<RawValue>)>);

impl Answers {
    pub fn push(&mut self, key: String, answer: Box<RawValue>) {
        self.0.push((key, answer));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_str())
    }
}

impl Serialize for Answers {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(key, answer)| (key, answer)))
    }
}

#[derive(serde::Deserialize)]
pub(super) struct InputRequest<'a> {
    pub method: String,
    #[serde(borrow)]
    pub params: Option<&'a RawValue>,
}

impl Connected {
    pub fn input_required(&mut self, cx: &mut Context<'_>, target: &Target, exchange: ExchangeId, result: &Arc<str>) {
        let marks = Marks::read(result);
        let Some(outcome) = self.work.outcomes.get_mut(target) else { return };
        outcome.rounds += 1;
        let detail = match (marks.input_requests, marks.request_state) {
            _ if outcome.rounds > ROUNDS => format!("The server requested input {} times in a row", outcome.rounds),
            (None, None) => "The result is input_required but has neither inputRequests nor requestState".to_owned(),
            (requests, state) => match self.open_round(cx, target, requests, state) {
                Ok(()) => return self.round_open(cx, target),
                Err(detail) => detail,
            },
        };
        self.work.rounds.remove(target);
        self.work.drop_questions_of(target);
        self.ask_invalid(cx, target, exchange, Arc::clone(result), detail);
    }

    /// Answers what is known, and puts the rest to the user.
    fn open_round(
        &mut self,
        cx: &mut Context<'_>,
        target: &Target,
        requests: Option<&RawValue>,
        state: Option<&RawValue>,
    ) -> Result<(), String> {
        let state = match state.map(RawValue::get) {
            Some(text) if !text.starts_with('"') => return Err("requestState is not a string".to_owned()),
            _ => state.map(ToOwned::to_owned),
        };
        let wanted: Vec<(String, Box<RawValue>)> = match requests {
            Some(raw) => members(raw.get()).ok_or("inputRequests is not an object")?,
            None => Vec::new(),
        };
        self.work
            .rounds
            .insert(target.clone(), Round { state, answers: Answers::default(), asked: requests.is_some() });
        for (key, raw) in wanted {
            self.input_wanted(cx, target, key, raw.get())?;
        }
        Ok(())
    }

    fn input_wanted(&mut self, cx: &mut Context<'_>, target: &Target, key: String, raw: &str) -> Result<(), String> {
        let request: InputRequest<'_> = serde_json::from_str(raw)
            .map_err(|error| format!("The input request \"{key}\" cannot be read: {error}"))?;
        let params = request.params.map_or("{}", RawValue::get);
        let revision = self.connection.revision();
        match question::wanted(revision, &request.method, params, &cx.visit.settings.roots) {
            Wanted::Known(answer) => self.answer_round(target, key, jsonrpc::known(&answer)),
            Wanted::Ask(_) if self.work.questions.open().len() >= QUESTIONS => {
                return Err(format!("The result has more than {QUESTIONS} input requests"));
            }
            Wanted::Ask(kind) => {
                let asker = Asker::Round { target: target.clone(), key };
                self.work.put(cx, kind, params, asker);
            }
            // Not declared, so it must not be asked for (E-58).
            Wanted::Refused { why, .. } => return Err(format!("The server requested {}, but {why}", request.method)),
        }
        Ok(())
    }

    fn answer_round(&mut self, target: &Target, key: String, answer: Box<RawValue>) {
        if let Some(round) = self.work.rounds.get_mut(target) {
            round.answers.push(key, answer);
        }
    }

    /// Waits for the user, or goes on where there is nothing to wait for.
    fn round_open(&mut self, cx: &mut Context<'_>, target: &Target) {
        if self.work.questions.asks_for(target) {
            if let Some(outcome) = self.work.outcomes.get_mut(target) {
                outcome.status = Status::NeedsInput;
            }
            return;
        }
        match self.work.rounds.get(target).is_some_and(|it| it.asked) {
            true => self.next_round(cx, target),
            false => cx.network.wake_after(PACE, Alarm::Round(target.clone())),
        }
    }

    /// The user answered a question of a round. Who declines to sample ends the use: the server does not wait (E-57).
    pub fn round_replied(&mut self, cx: &mut Context<'_>, question: &Question, reply: &Reply) {
        let Asker::Round { target, key } = &question.asker else { return };
        match question.result(reply) {
            Some(answer) => {
                self.answer_round(target, key.clone(), answer);
                self.round_open(cx, target);
            }
            None => self.work.cancel(cx, Some(&self.connection), target),
        }
    }

    /// The same request again, with a new id, the answers and the state (E-53).
    pub fn next_round(&mut self, cx: &mut Context<'_>, target: &Target) {
        let Some(round) = self.work.rounds.remove(target) else { return };
        let Some(ask) = self.work.outcomes.get(target).map(|it| it.ask.clone()) else { return };
        let mut more = Params::new();
        if round.asked {
            more.push(("inputResponses", jsonrpc::raw(&round.answers)));
        }
        if let Some(state) = round.state {
            more.push(("requestState", state));
        }
        self.send_ask(cx, &ask, more);
    }
}

/// The members of an object in raw JSON, sorted by their names; `None` where it is none.
pub(super) fn members(object: &str) -> Option<Vec<(String, Box<RawValue>)>> {
    let all: std::collections::BTreeMap<String, Box<RawValue>> = serde_json::from_str(object).ok()?;
    Some(all.into_iter().collect())
}
