//! What survives the page, in this tab's `sessionStorage` and nowhere else.

use super::{Inspector, State};
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
    pub interrupted: Vec<Ask>,
    /// What is known of servers, by their addresses.
    pub eras: Vec<(String, Era)>,
    pub in_a_row: u32,
    pub wanted_scope: Option<String>,
}

impl Inspector {
    pub fn saved(&self) -> Saved {
        Saved {
            settings: self.settings.clone(),
            connected: self.connects_again(),
            grants: self.grants.clone(),
            clients: self.clients.clone(),
            wait: self.waiting().cloned(),
            interrupted: self.interrupted.clone(),
            eras: self.eras.clone(),
            in_a_row: self.in_a_row,
            wanted_scope: self.wanted_scope.clone(),
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

    /// The inspector as the last page of this tab left it. It sends nothing by itself.
    pub fn restore(&mut self, moment: &Moment, saved: Saved, trace: Vec<Entry>) {
        self.trace = Trace::restored(trace);
        self.settings = saved.settings;
        self.grants = saved.grants;
        self.clients = saved.clients;
        self.in_a_row = saved.in_a_row;
        self.wanted_scope = saved.wanted_scope;
        self.eras = saved.eras;
        for ask in saved.interrupted {
            self.resume(moment, ask);
        }
        (self.resuming, self.token_worked) = (saved.connected, saved.connected);
        match saved.wait {
            Some(wait) => self.state = State::Authorizing(Box::new(Flow::Callback(wait))),
            None => self.restore_ending(),
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
