//! Requests that take several rounds (MCP 2026-07-28, multi round-trip requests): a result that wants input first.

use super::alarms::Alarm;
use super::{Inspector, Status};
use crate::jsonrpc;
use crate::mcp::connection::{Params, Target};
use crate::mcp::model::Marks;
use crate::oauth::flow::Moment;
use crate::question::{self, Asker, Question, Reply, Wanted};
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
struct Answers(Vec<(String, Box<RawValue>)>);

impl Serialize for Answers {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(key, answer)| (key, answer)))
    }
}

#[derive(serde::Deserialize)]
struct InputRequest<'a> {
    method: String,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
}

impl Inspector {
    pub(super) fn input_required(&mut self, moment: &Moment, target: &Target, exchange: ExchangeId, result: &Arc<str>) {
        let marks = Marks::read(result);
        let Some(outcome) = self.outcomes.get_mut(target) else { return };
        outcome.rounds += 1;
        let detail = match (marks.input_requests, marks.request_state) {
            _ if outcome.rounds > ROUNDS => format!("The server asked for input {} times in a row", outcome.rounds),
            (None, None) => "The server wants input, and neither inputRequests nor requestState is there".to_owned(),
            (requests, state) => match self.open_round(target, requests, state) {
                Ok(()) => return self.round_open(moment, target),
                Err(detail) => detail,
            },
        };
        self.rounds.remove(target);
        self.drop_questions_of(target);
        self.ask_invalid(moment, target, exchange, Arc::clone(result), detail);
    }

    /// Answers what is known, and puts the rest to the person.
    fn open_round(
        &mut self,
        target: &Target,
        requests: Option<&RawValue>,
        state: Option<&RawValue>,
    ) -> Result<(), String> {
        let state = match state.map(RawValue::get) {
            Some(text) if !text.starts_with('"') => return Err("Its requestState is not a string".to_owned()),
            _ => state.map(ToOwned::to_owned),
        };
        let wanted: Vec<(String, Box<RawValue>)> = match requests {
            Some(raw) => members(raw.get()).ok_or("Its inputRequests is not an object")?,
            None => Vec::new(),
        };
        self.rounds.insert(target.clone(), Round { state, answers: Answers::default(), asked: requests.is_some() });
        for (key, raw) in wanted {
            self.input_wanted(target, key, raw.get())?;
        }
        Ok(())
    }

    fn input_wanted(&mut self, target: &Target, key: String, raw: &str) -> Result<(), String> {
        let request: InputRequest<'_> = serde_json::from_str(raw)
            .map_err(|error| format!("The input request \"{key}\" cannot be read: {error}"))?;
        let params = request.params.map_or("{}", RawValue::get);
        let Some(revision) = self.connection().map(|it| it.revision()) else { return Ok(()) };
        let roots = self.settings.as_ref().map(|it| it.roots.clone()).unwrap_or_default();
        match question::wanted(revision, &request.method, params, &roots) {
            Wanted::Known(answer) => self.answer_round(target, key, jsonrpc::known(&answer)),
            Wanted::Ask(kind) => {
                let asker = Asker::Round { target: target.clone(), key };
                self.put(kind, params, asker);
            }
            // Not declared, so it must not be asked for (E-58).
            Wanted::Refused { why, .. } => return Err(format!("It asks for {}, but {why}", request.method)),
        }
        Ok(())
    }

    fn answer_round(&mut self, target: &Target, key: String, answer: Box<RawValue>) {
        if let Some(round) = self.rounds.get_mut(target) {
            round.answers.0.push((key, answer));
        }
    }

    /// Waits for the person, or goes on where there is nothing to wait for.
    fn round_open(&mut self, moment: &Moment, target: &Target) {
        if self.questions.iter().any(|it| it.asker.target() == Some(target)) {
            if let Some(outcome) = self.outcomes.get_mut(target) {
                outcome.status = Status::NeedsInput;
            }
            return;
        }
        match self.rounds.get(target).is_some_and(|it| it.asked) {
            true => self.next_round(moment, target),
            false => self.wake_after(PACE, Alarm::Round(target.clone())),
        }
    }

    /// A person answered a question of a round. Who declines to sample ends the use: the server does not wait (E-57).
    pub(super) fn round_replied(&mut self, moment: &Moment, question: &Question, reply: &Reply) {
        let Asker::Round { target, key } = &question.asker else { return };
        match question.result(reply) {
            Some(answer) => {
                self.answer_round(target, key.clone(), answer);
                self.round_open(moment, target);
            }
            None => self.cancel(moment, target),
        }
    }

    /// The same request again, with a new id, the answers and the state (E-53).
    pub(super) fn next_round(&mut self, moment: &Moment, target: &Target) {
        let Some(round) = self.rounds.remove(target) else { return };
        let Some(ask) = self.outcomes.get(target).map(|it| it.ask.clone()) else { return };
        let mut more = Params::new();
        if round.asked {
            more.push(("inputResponses", jsonrpc::raw(&round.answers)));
        }
        if let Some(state) = round.state {
            more.push(("requestState", state));
        }
        self.send_ask(moment, &ask, more);
    }
}

/// The members of an object in raw JSON, sorted by their names; `None` where it is none.
fn members(object: &str) -> Option<Vec<(String, Box<RawValue>)>> {
    let all: std::collections::BTreeMap<String, Box<RawValue>> = serde_json::from_str(object).ok()?;
    Some(all.into_iter().collect())
}
