//! What outlives an attempt: tokens, registered clients, what is known of servers, and what the user agreed to.

use super::bench::Bench;
use super::consent::Pair;
use super::history::History;
use super::removed::Removed;
use super::stages::Agreed;
use super::tasks::Tasks;
use crate::base::simulated;
use crate::mcp::era::Era;
use crate::oauth::flow::Wait;
use crate::oauth::registration::{Client, Origin};
use crate::oauth::token::Grant;
use crate::trace::Millis;

#[derive(Default)]
pub(super) struct Memory {
    pub grants: Vec<Grant>,
    /// Registered clients, by issuer.
    pub clients: Vec<(String, Client)>,
    /// The issuer that the last login was at.
    pub last_issuer: Option<String>,
    /// What is known of servers, by their addresses.
    pub eras: Vec<(String, Era)>,
    /// Origins of secrets and logins, each with one that the user agreed to.
    pub allowed: Vec<Pair>,
    pub token: TokenUse,
    pub bench: Bench,
    /// The finished calls of tools.
    pub history: History,
    pub tasks: Tasks,
    /// What the user removed last, as long as it can be had back.
    pub removed: Option<Removed>,
    /// The stage of an audit that is on its way.
    pub staging: Option<Agreed>,
    /// The last page of this tab was connected, and this one connects again.
    pub resuming: bool,
}

/// What the last token has done so far.
#[derive(Default)]
pub(super) struct TokenUse {
    /// When it was granted.
    pub since: Millis,
    /// A request was answered that carried it.
    pub worked: bool,
    /// A refresh cured a 401, and nothing has succeeded since.
    pub refreshed: bool,
}

impl Memory {
    pub fn grant(&self, server: &str) -> Option<&Grant> {
        self.grants.iter().find(|it| it.server == server)
    }

    pub fn forget_grant(&mut self, server: &str) {
        self.grants.retain(|it| it.server != server);
    }

    /// A token takes the place of the one that its server had.
    pub fn keep_grant(&mut self, server: &str, grant: Grant) {
        self.forget_grant(server);
        self.bench.token_changed();
        self.grants.push(grant);
    }

    /// A registered client is kept by its issuer, and used again by later flows of this tab.
    pub fn keep_client(&mut self, wait: &Wait) {
        let (issuer, client) = (wait.server.issuer.clone(), wait.client.clone());
        self.last_issuer = Some(issuer.clone());
        if client.origin == Origin::Dynamic {
            self.forget_client(&issuer);
            self.clients.push((issuer, client));
        }
    }

    pub fn forget_client(&mut self, issuer: &str) {
        self.clients.retain(|(it, _)| it != issuer);
    }

    /// The registration that the last authorization used.
    pub fn forget_last_client(&mut self) {
        if let Some(issuer) = self.last_issuer.clone() {
            self.forget_client(&issuer);
        }
    }

    pub fn era(&self, server: &str) -> Option<Era> {
        self.eras.iter().find(|(it, _)| it == server).map(|(_, era)| *era)
    }

    pub fn remember_era(&mut self, server: String, era: Era) {
        self.forget_era(&server);
        self.eras.push((server, era));
    }

    pub fn forget_era(&mut self, server: &str) {
        self.eras.retain(|(it, _)| it != server);
    }

    /// The demo begins anew, so that each of its lessons can be seen from the first step on.
    pub fn forget_demo(&mut self) {
        self.grants.retain(|it| !simulated::is_ours(&it.server));
        self.clients.retain(|(issuer, _)| !simulated::is_ours(issuer));
        self.eras.retain(|(server, _)| !simulated::is_ours(server));
    }
}
