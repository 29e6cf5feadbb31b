//! What survives the page, in this tab's `sessionStorage` and nowhere else.

use super::{Bench, Inspector, Paused, State};
use crate::mcp::connection::Ask;
use crate::mcp::era::Era;
use crate::oauth::flow::{Flow, Moment, Wait};
use crate::oauth::registration::Client;
use crate::oauth::token::Grant;
use crate::settings::Settings;
use crate::trace::{Entry, Event, Trace};
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
    /// The flow that is paused in step mode, and before what.
    pub paused: Option<(Flow, Paused)>,
    /// The login is in a window of its own, which has a copy of this.
    pub popup: bool,
    pub last_issuer: Option<String>,
    pub interrupted: Vec<Ask>,
    /// What is known of servers, by their addresses.
    pub eras: Vec<(String, Era)>,
    pub in_a_row: u32,
    pub wanted_scope: Option<String>,
    pub bench: Bench,
}

impl Inspector {
    pub fn saved(&self) -> Saved {
        let memory_only = self.settings.as_ref().filter(|it| it.memory_only);
        Saved {
            // A token that was given by hand is one too.
            settings: memory_only.map(|it| Settings { bearer: None, ..it.clone() }).or_else(|| self.settings.clone()),
            connected: self.connects_again(),
            grants: if memory_only.is_some() { Vec::new() } else { self.grants.clone() },
            clients: self.clients.clone(),
            wait: self.waiting().cloned(),
            paused: self.held(),
            popup: self.uses_popup() && self.waiting().is_some(),
            last_issuer: self.last_issuer.clone(),
            interrupted: self.interrupted.clone(),
            eras: self.eras.clone(),
            in_a_row: self.in_a_row,
            wanted_scope: self.wanted_scope.clone(),
            bench: if memory_only.is_some() { self.bench.without_secrets() } else { self.bench.clone() },
        }
    }

    /// A page that was opened at the redirect URI by a callback of somebody else's does not connect, and the next one
    /// does: what the tab had stays its own.
    const fn connects_again(&self) -> bool {
        match self.state {
            State::Connected(_) => true,
            State::Authorizing(_) | State::Investigating(..) => false,
            State::Idle | State::Connecting(_) | State::Stopped(_) => self.resuming,
        }
    }

    /// Tokens, clients, a flow that waits, settings, trace: as a tab that was just opened, but for the numbers.
    pub(super) fn forget_everything(&mut self, moment: &Moment) {
        self.abort_all(moment);
        self.trace.clear();
        let fresh = Self::new(self.place.clone());
        let old = std::mem::replace(self, fresh);
        (self.trace, self.orders) = (old.trace, old.orders);
        (self.last_alarm, self.last_signing) = (old.last_alarm, old.last_signing);
    }

    /// The inspector as the last page of this tab left it. It sends nothing by itself.
    pub fn restore(&mut self, moment: &Moment, saved: Saved, trace: Vec<Entry>) {
        self.trace = Trace::restored(trace);
        self.settings = saved.settings;
        self.grants = saved.grants;
        self.clients = saved.clients;
        self.in_a_row = saved.in_a_row;
        self.wanted_scope = saved.wanted_scope;
        self.eras = saved.eras;
        self.bench = saved.bench;
        for ask in saved.interrupted {
            self.resume(moment, ask);
        }
        (self.resuming, self.token_worked) = (saved.connected, saved.connected);
        self.last_issuer = saved.last_issuer;
        match (saved.wait, saved.paused) {
            (Some(wait), _) => self.state = State::Authorizing(Box::new(Flow::Callback(wait))),
            (None, Some((flow, paused))) => {
                (self.state, self.paused) = (State::Authorizing(Box::new(flow)), Some(paused));
            }
            (None, None) => self.restore_ending(),
        }
    }

    fn held(&self) -> Option<(Flow, Paused)> {
        match (&self.state, &self.paused) {
            (State::Authorizing(flow), Some(paused)) => Some((flow.as_ref().clone(), paused.clone())),
            _ => None,
        }
    }

    /// An attempt that ended badly still stands there after a reload, until the next one.
    fn restore_ending(&mut self) {
        let began = |entry: &&Entry| {
            !matches!(entry.event, Event::Began { .. } | Event::Connected { .. } | Event::Disconnected)
        };
        let last = self.trace.entries().iter().rev().take_while(began);
        let problems = last.clone().filter_map(|entry| match &entry.event {
            Event::Stopped(problem) => Some(problem.clone()),
            _ => None,
        });
        self.problems = problems.collect();
        let violations = last.filter_map(|entry| match &entry.event {
            Event::Violated(violation) => Some(violation.clone()),
            _ => None,
        });
        self.violations = violations.collect();
        if let Some(problem) = self.problems.first() {
            self.state = State::Stopped(problem.code.ending());
        }
    }
}
