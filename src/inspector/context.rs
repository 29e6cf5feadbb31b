//! What a phase may use while it takes an input: the moment, and all that outlives the phase.

use super::memory::Memory;
use super::network::Network;
use super::visit::{Record, Visit};
use super::{Place, VIOLATIONS};
use crate::base::revision::Revision;
use crate::base::secret::Secret;
use crate::mcp::connection::Connection;
use crate::oauth::flow::{Config, Moment};
use crate::oauth::token::Grant;
use crate::settings::{Leaving, Settings};
use crate::trace::problem::Problem;
use crate::trace::violation::Breach;
use crate::trace::{Event, ExchangeId, Trace, Violation};

/// See the module.
pub(super) struct Context<'a> {
    pub moment: &'a Moment,
    pub place: &'a Place,
    pub trace: &'a mut Trace,
    pub memory: &'a mut Memory,
    pub network: &'a mut Network,
    pub visit: &'a mut Visit,
    pub record: &'a mut Record,
}

impl Context<'_> {
    pub fn note(&mut self, event: Event) {
        self.trace.push(self.moment.now, event);
    }

    /// Says that a rule was broken by something that came; it is used as far as it goes.
    pub fn violation(&mut self, exchange: ExchangeId, breach: Breach) {
        let violation = Violation { exchange, breach };
        if self.record.violations.len() < VIOLATIONS && !self.record.violations.contains(&violation) {
            self.note(Event::Violated(violation.clone()));
            self.record.violations.push(violation);
        }
    }

    pub fn report(&mut self, problem: Problem) {
        self.record.report(self.trace, self.moment, problem);
    }

    /// The token that the present server would get; a check uses none.
    pub fn grant(&self) -> Option<&Grant> {
        self.visit.grant(self.memory)
    }

    /// The token that the connection uses: granted, or given by hand.
    pub fn access_token(&self) -> Option<&Secret<String>> {
        self.visit.access_token(self.memory)
    }

    /// A request of the user's was answered: the next 401 is the first in a row.
    pub const fn token_worked(&mut self) {
        self.visit.in_a_row = 0;
        (self.memory.token.refreshed, self.memory.token.worked) = (false, true);
    }

    /// Whether the login is opened in a window of its own.
    pub fn uses_popup(&self) -> bool {
        self.place.uses_popup(&self.visit.settings)
    }

    /// What the authorization flow is to reach, and what it may use.
    pub fn config<'b>(&'b self, scope: Option<&'b str>) -> Config<'b> {
        Config {
            settings: &self.visit.settings,
            redirect_uri: &self.place.redirect_uri,
            metadata_document: self.place.metadata_document.as_deref(),
            scope,
            clients: &self.memory.clients,
            check: self.visit.checks(),
            audits: self.memory.staging.is_some(),
        }
    }

    pub fn new_connection(&self, offered: Revision, log_level: Option<&'static str>) -> Connection {
        let settings = &self.visit.settings;
        // In a check nothing goes out that is secret.
        let bare = || Settings { headers: Vec::new(), bearer: None, ..settings.clone() };
        let bare = self.visit.checks().then(bare);
        let settings = bare.as_ref().unwrap_or(settings);
        let granted = || self.grant().map(|it| Secret::new(it.access_token.expose().clone()));
        let token = settings.bearer.clone().or_else(granted);
        let mut connection = Connection::new(settings, token, offered);
        connection.log_level = log_level;
        connection
    }
}

impl Place {
    /// Whether the login is opened in a window of its own.
    pub(super) fn uses_popup(&self, settings: &Settings) -> bool {
        self.framed || self.forgetful || settings.leaving == Leaving::Popup
    }
}
