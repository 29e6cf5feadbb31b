//! What a user and a server do with each other: it passes from phase to phase until they part, so that a login, a lost
//! session and a refresh in between keep it.

use super::asks::{Outcome, Status};
use super::changes::Changes;
use super::completing::Completing;
use super::context::Context;
use super::history::History;
use super::lists::{ListState, Listing};
use super::logs::Logs;
use super::questions::Questions;
use super::rounds::Round;
use super::subscriptions::Subscriptions;
use crate::mcp::connection::{Ask, Target};
use crate::mcp::model::ItemKind;
use crate::mcp::raw::RawMessage;
use crate::mcp::received::ReceivedTasks;
use crate::oauth::flow::Moment;
use crate::trace::Millis;
use crate::trace::problem::{Code, Ending, Problem};
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct Work {
    pub lists: BTreeMap<ItemKind, Listing>,
    /// Lists for which a lost session was renewed already.
    pub lost_lists: Vec<ItemKind>,
    /// What the server changed in its lists.
    pub changes: Changes,
    pub outcomes: BTreeMap<Target, Outcome>,
    /// What the user asked and a 401, or the end of a session, interrupted.
    pub interrupted: Vec<Ask>,
    pub interrupted_raw: Vec<RawMessage>,
    /// What the user asked and what waits for a list.
    pub after_lists: Vec<Ask>,
    pub rounds: BTreeMap<Target, Round>,
    pub questions: Questions,
    /// The tasks that the server made of its requests.
    pub received: ReceivedTasks,
    /// The candidates that were asked for last.
    pub completing: Option<Completing>,
    pub subscriptions: Subscriptions,
    /// The server refused to tell of tasks (2026-07-28): it is not asked to again.
    pub tasks_unheard: bool,
    pub log_level: Option<&'static str>,
    /// The level that the server took last: one that it refuses leaves this.
    pub taken_level: Option<&'static str>,
    pub logs: Logs,
}

impl Work {
    /// What stays to be looked at after parting.
    pub fn parted(self) -> Self {
        Self { logs: self.logs, changes: self.changes, ..Self::default() }
    }

    /// The attempt ended: what was asked ends with it, and nothing is asked any more.
    pub fn ended(mut self, cx: &mut Context<'_>, problem: &Problem) -> Self {
        let open = self.outcomes.iter().filter(|(_, it)| it.status.is_open());
        let open: Vec<Target> = open.map(|(target, _)| target.clone()).collect();
        let status = match (problem.code, problem.code.ending()) {
            (Code::AccessDenied, _) => Status::Cancelled,
            (_, Ending::Refused) => Status::Refused,
            (_, Ending::Failed) => Status::HttpError,
        };
        for target in open {
            let problem = Box::new(problem.clone());
            self.settle(cx, &target, status, |it| it.problem = Some(problem));
        }
        self.stop_watching();
        let Self { lists, lost_lists, changes, outcomes, rounds, subscriptions, log_level, logs, .. } = self;
        Self { lists, lost_lists, changes, outcomes, rounds, subscriptions, log_level, logs, ..Self::default() }
    }

    /// Gives up all that is in flight, and what could only come of it.
    pub fn abort_all(&mut self, cx: &mut Context<'_>) {
        self.after_lists.clear();
        self.stop_watching();
        self.questions.drop_requests();
        self.received = ReceivedTasks::default();
        cx.abort_all();
    }

    /// Keeps what the user asked and what is not answered yet, so that it runs again on the next connection.
    pub fn interrupt(&mut self) {
        // A task goes on without a connection, and is taken up on the next one.
        let open = self.outcomes.iter().filter(|(_, it)| it.status == Status::Pending && it.task.is_none());
        let open: Vec<Ask> = open.map(|(_, it)| it.ask.clone()).collect();
        for ask in open {
            if let Some(outcome) = self.outcomes.get_mut(&ask.target) {
                outcome.exchange = None;
            }
            self.interrupted.retain(|it| it.target != ask.target);
            self.interrupted.push(ask);
        }
    }

    /// The calls of tools that end with the page: neither tasks, which the next page takes up, nor what was interrupted,
    /// which it sends again; and none that the storage has no room for.
    pub fn open_calls(&self) -> Vec<(Ask, Millis)> {
        let ends = |it: &&Outcome| {
            let target = &it.ask.target;
            it.status.is_open()
                && it.task.is_none()
                && target.kind == ItemKind::Tools
                && it.ask.arguments.len() <= History::ONE
                && self.interrupted.iter().all(|ask| ask.target != *target)
        };
        self.outcomes.values().filter(ends).map(|it| (it.ask.clone(), it.began)).collect()
    }

    /// What the user asked and what interrupted it, for the page that takes over after the login.
    pub fn resume(&mut self, moment: &Moment, ask: Ask) {
        self.outcomes.insert(ask.target.clone(), Outcome::pending(ask.clone(), moment.now));
        self.interrupted.push(ask);
    }

    /// A use is over. The calls of tools are kept.
    pub fn settle(&mut self, cx: &mut Context<'_>, target: &Target, status: Status, edit: impl FnOnce(&mut Outcome)) {
        let Some(outcome) = self.outcomes.get_mut(target) else { return };
        outcome.status = status;
        outcome.ended = Some(cx.moment.now);
        edit(outcome);
        if target.kind == ItemKind::Tools {
            cx.memory.history.push(cx.visit.server(), outcome);
        }
    }

    /// The status of a use; only where it has this one now.
    pub fn turn(&mut self, target: &Target, from: Status, to: Status) {
        if let Some(outcome) = self.outcomes.get_mut(target).filter(|it| it.status == from) {
            outcome.status = to;
        }
    }

    pub fn is_open(&self, target: &Target) -> bool {
        self.outcomes.get(target).is_some_and(|it| it.status.is_open())
    }

    /// The only use that waits, where there is just one.
    pub fn only_open(&self) -> Option<&Target> {
        let mut open = self.outcomes.iter().filter(|(_, it)| it.status.is_open());
        open.next().filter(|_| open.next().is_none()).map(|(target, _)| target)
    }

    pub fn may_ask_again(&self, target: &Target) -> bool {
        self.outcomes.get(target).is_some_and(|it| !it.again)
    }

    /// It is sent once more, and not a third time. What is to be asked then.
    pub fn once_more(&mut self, target: &Target) -> Option<Ask> {
        let outcome = self.outcomes.get_mut(target)?;
        (outcome.again, outcome.exchange) = (true, None);
        Some(outcome.ask.clone())
    }

    /// Nobody waits for the answers to a use's questions any more.
    pub fn drop_questions_of(&mut self, target: &Target) {
        self.questions.drop_of(target);
        self.rounds.remove(target);
    }

    pub fn loading(&self) -> Vec<ItemKind> {
        let loading = self.lists.iter().filter(|(_, it)| it.state == ListState::Loading);
        loading.map(|(kind, _)| *kind).collect()
    }
}
