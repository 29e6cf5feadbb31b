//! What survives the page, in this tab's `sessionStorage` and nowhere else.

use super::attempt::Attempt;
use super::authorizing::{Authorizing, Redeemer, Waiting};
use super::consent::Pair;
use super::history::History;
use super::idle::Idle;
use super::memory::{Memory, TokenUse};
use super::negotiating::Negotiating;
use super::stages::Agreed;
use super::stopped::Stopped;
use super::tasks::{TaskRow, Tasks};
use super::testing::{Stage, Testing};
use super::visit::{Aim, Visit};
use super::work::Work;
use super::{Bench, HandOver, Inspector, Logs, Paused, StoredLogs};
use crate::mcp::connection::{Ask, Target};
use crate::mcp::era::Era;
use crate::mcp::raw::RawMessage;
use crate::oauth::flow::{Flow, Moment, Wait};
use crate::oauth::negative::Negative;
use crate::oauth::registration::Client;
use crate::oauth::token::Grant;
use crate::settings::Settings;
use crate::trace::{Entry, Event, Millis, Trace};
use serde::{Deserialize, Serialize};

/// All that the next page of this tab needs, secrets included.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    pub settings: Option<Settings>,
    /// Whether the tab was connected: then a reload connects again.
    pub connected: bool,
    pub grants: Vec<Grant>,
    /// Registered clients, by issuer.
    pub clients: Vec<(String, Client)>,
    /// The flow that waits for its callback.
    pub wait: Option<Wait>,
    /// The test that the login is for.
    pub test: Option<Negative>,
    /// The flow that is paused in step mode, and before what.
    pub paused: Option<(Flow, Paused)>,
    /// Whether a request that opens the connection is paused: it is made again.
    #[serde(default)]
    pub paused_opening: bool,
    /// The flow that waits for the reply to a question of this client's own, and what is held until then.
    pub held: Option<(Flow, Paused)>,
    /// Origins of secrets and logins, each with one that the user agreed to.
    pub allowed: Vec<Pair>,
    /// What was handed over to the user, and whether the next code is.
    pub hand_over: Option<HandOver>,
    #[serde(default)]
    pub hands_over_code: bool,
    /// Step mode is over for this attempt.
    #[serde(default)]
    pub automatic: bool,
    /// A callback that was not ours is shown, while the flow goes on waiting.
    #[serde(default)]
    pub foreign_callback: bool,
    /// The login is in a window of its own, which has a copy of this.
    pub popup: bool,
    pub last_issuer: Option<String>,
    pub interrupted: Vec<Ask>,
    #[serde(default)]
    pub interrupted_raw: Vec<RawMessage>,
    /// Calls of tools without a response, each with when it began. The next page has them as cancelled.
    #[serde(default)]
    pub open_calls: Vec<(Ask, Millis)>,
    /// What is known of servers, by their addresses.
    pub eras: Vec<(String, Era)>,
    pub in_a_row: u32,
    pub refused_method: Option<String>,
    pub wanted_scope: Option<String>,
    pub bench: Bench,
    /// The stage of an audit that the login is for.
    #[serde(default)]
    pub staging: Option<Agreed>,
    /// The tasks that calls of this tab became.
    #[serde(default)]
    pub tasks: Vec<TaskRow>,
    /// The tools of servers that are to be called as tasks.
    #[serde(default)]
    pub called_as_tasks: Vec<(String, Target)>,
}

impl Inspector {
    pub fn saved(&self) -> Saved {
        let (memory, work, authorizing) = (&self.memory, self.attempt.work(), self.attempt.authorization());
        let visit = self.visit.as_ref();
        let memory_only = visit.is_some_and(|it| it.settings.memory_only);
        let stored = |settings: &Settings| match memory_only {
            // A typed token is one too.
            true => Settings { bearer: None, ..settings.clone() },
            false => settings.clone(),
        };
        let waits = |paused: &Paused| Some((authorizing?.flow.clone(), paused.clone()));
        let (paused, held) = match authorizing.map(|it| &it.waiting) {
            Some(Waiting::Step(paused, _)) => (waits(paused), None),
            Some(Waiting::Consent(paused, _)) => (None, waits(paused)),
            _ => (None, None),
        };
        Saved {
            settings: visit.map(|it| stored(&it.settings)),
            connected: self.connects_again(),
            grants: if memory_only { Vec::new() } else { memory.grants.clone() },
            clients: memory.clients.clone(),
            wait: self.waiting().cloned(),
            test: self.attempt.test(),
            paused,
            paused_opening: matches!(&self.attempt, Attempt::Negotiating(it) if it.held.is_some()),
            held,
            allowed: memory.allowed.clone(),
            hand_over: self.hand_over().cloned(),
            hands_over_code: authorizing.is_some_and(|it| it.waiting.redeemer() == Redeemer::User),
            automatic: visit.is_some_and(|it| it.automatic),
            foreign_callback: self.record.foreign_callback,
            popup: self.uses_popup() && self.waiting().is_some(),
            last_issuer: memory.last_issuer.clone(),
            interrupted: work.interrupted.clone(),
            interrupted_raw: work.interrupted_raw.clone(),
            // Arguments may repeat a token.
            open_calls: if memory_only { Vec::new() } else { work.open_calls() },
            eras: memory.eras.clone(),
            in_a_row: visit.map_or(0, |it| it.in_a_row),
            refused_method: visit.and_then(|it| it.refused_method.clone()),
            wanted_scope: authorizing.and_then(|it| it.scope.clone()),
            bench: if memory_only { memory.bench.without_secrets() } else { memory.bench.clone() },
            staging: memory.staging,
            tasks: if memory_only { Vec::new() } else { memory.tasks.stored() },
            called_as_tasks: memory.tasks.stored_wanted(),
        }
    }

    /// A page that was opened at the redirect URI by a callback of somebody else's does not connect, and the next one
    /// does: what the tab had stays its own.
    const fn connects_again(&self) -> bool {
        match self.attempt {
            Attempt::Connected(_) => true,
            Attempt::Authorizing(_) | Attempt::Testing(_) | Attempt::Investigating(_) | Attempt::Auditing(_) => false,
            Attempt::Idle(_) | Attempt::Asking(_) | Attempt::Negotiating(_) | Attempt::Stopped(_) => {
                self.memory.resuming
            }
        }
    }

    /// The settings of the connection that the last page of this tab had, as long as this page has begun none.
    pub fn left_settings(&self) -> Option<&Settings> {
        self.settings().filter(|_| self.memory.resuming && matches!(self.attempt, Attempt::Idle(_)))
    }

    /// The inspector as the last page of this tab left it. It sends nothing by itself.
    pub fn restore(&mut self, moment: &Moment, saved: Saved, trace: Vec<Entry>) {
        self.trace = Trace::restored(trace);
        self.visit = saved.settings.map(|settings| Visit {
            in_a_row: saved.in_a_row,
            refused_method: saved.refused_method,
            automatic: saved.automatic,
            ..Visit::new(settings, Aim::Connection)
        });
        self.memory = Memory {
            grants: saved.grants,
            clients: saved.clients,
            last_issuer: saved.last_issuer,
            eras: saved.eras,
            allowed: saved.allowed,
            token: TokenUse { worked: saved.connected, ..TokenUse::default() },
            bench: saved.bench,
            history: History::default(),
            tasks: Tasks::restored(saved.tasks, saved.called_as_tasks),
            resuming: saved.connected,
            staging: saved.staging,
            removed: None,
        };
        let mut work = Work { interrupted_raw: saved.interrupted_raw, ..Work::default() };
        for ask in saved.interrupted {
            work.resume(moment, ask);
        }
        self.record.foreign_callback = saved.foreign_callback;
        if saved.foreign_callback {
            self.restore_record();
        }
        let redeemer = if saved.hands_over_code { Redeemer::User } else { Redeemer::Flowglass };
        let scope = saved.wanted_scope;
        let authorizing = |flow, waiting, work| Authorizing { flow, scope, waiting, work };
        self.attempt = match (saved.wait, saved.test, saved.paused, saved.held) {
            (Some(wait), Some(kind), ..) => Testing { kind, stage: Stage::Login(Box::new(wait)), work }.into(),
            (Some(wait), ..) => authorizing(Flow::Callback(wait), Waiting::Peer(redeemer), work).into(),
            (None, _, Some((flow, paused)), _) => authorizing(flow, Waiting::Step(paused, redeemer), work).into(),
            (None, _, None, Some((flow, held))) => {
                let next = authorizing(flow, Waiting::Peer(redeemer), work);
                return self.tell(moment, |_, cx| next.held(cx, held));
            }
            _ if saved.paused_opening => return self.tell(moment, |_, cx| Negotiating::begin(cx, work)),
            (None, _, None, None) => match saved.hand_over {
                Some(handed) if redeemer == Redeemer::User => handed.waiting(work).into(),
                hand_over => self.restored_ending(hand_over, work),
            },
        };
        self.end_lost_stage(moment);
    }

    /// The calls that the last page of this tab kept, and those that had no response when it was left; after
    /// [`Inspector::restore`].
    pub fn restore_history(&mut self, moment: &Moment, history: History, open: Vec<(Ask, Millis)>) {
        self.memory.history = history;
        if let Some(visit) = &self.visit {
            self.memory.history.leave(moment.now, &visit.server(), open);
        }
    }

    /// The log messages that the last page of this tab kept, after [`Inspector::restore`].
    pub fn restore_logs(&mut self, logs: StoredLogs) {
        self.attempt.work_mut().logs = Logs::restored(logs);
    }

    /// An attempt that ended badly still stands there after a reload, until the next one.
    fn restored_ending(&mut self, hand_over: Option<HandOver>, work: Work) -> Attempt {
        self.restore_record();
        match self.record.problems.first().map(|it| it.code.ending()) {
            Some(ending) => Attempt::Stopped(Box::new(Stopped { ending, hand_over, work })),
            None => Attempt::Idle(Box::new(Idle { work })),
        }
    }

    /// What went wrong in the latest attempt, as the trace has it.
    fn restore_record(&mut self) {
        let began = |entry: &&Entry| {
            !matches!(entry.event, Event::Began { .. } | Event::Connected { .. } | Event::Disconnected)
        };
        let last = self.trace.entries().iter().rev().take_while(began);
        let problems = last.clone().filter_map(|entry| match &entry.event {
            Event::Stopped(problem) => Some(problem.clone()),
            _ => None,
        });
        self.record.problems = problems.collect();
        let violations = last.filter_map(|entry| match &entry.event {
            Event::Violated(violation) => Some(violation.clone()),
            _ => None,
        });
        self.record.violations = violations.collect();
    }
}
