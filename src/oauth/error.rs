//! How a peer, or the user, can end an authorization: [`Error`] is a cause of a problem, and lives in the trace.

pub use crate::trace::problem::oauth::{Error, NoCode, Refusal, Requester, Scope, owner};

use crate::oauth::flow::Wait;
use crate::oauth::registration::Client;
use crate::oauth::scope;

impl Requester {
    pub fn of(client: &Client, issuer: &str) -> Self {
        Self {
            id: client.id.clone(),
            registered: client.origin,
            auth: client.auth,
            redirect_uri: client.redirect_uri.clone(),
            issuer: issuer.to_owned(),
            asked_scope: Scope::Unknown,
        }
    }

    /// The client of a flow. `typed`: whether the user set the scope.
    pub fn of_flow(wait: &Wait, typed: bool) -> Self {
        let listed = &wait.server.scopes_supported;
        let wanted = wait.target.scope.as_deref().unwrap_or_default();
        let asked_scope = match (typed, listed.is_empty()) {
            (true, _) => Scope::Typed,
            (false, true) => Scope::Unknown,
            (false, false) if scope::covers(&listed.join(" "), wanted) => Scope::Listed,
            (false, false) => Scope::NotListed,
        };
        Self { asked_scope, ..Self::of(&wait.client, &wait.server.issuer) }
    }
}
