//! The demo world: an MCP server and an authorization server inside the page.
//!
//! Request in, response out, behind the same port as fetch: the inspector cannot tell them from servers of the network,
//! so what it says of them is what it would say of real ones. They have addresses under `.invalid`, which no request
//! can reach (RFC 6761 §6.4), and answer for nothing else. Like everything in the core they take time and randomness
//! as arguments; what they remember is a [`State`] that survives the redirect.
//!
//! The parts: [`browser`] is what a page gets to see of an answer, `issuer` and [`login`] the authorization server,
//! `guard` and `server` the MCP server, [`fault`] what can be wrong with them, [`lesson`] what that teaches, [`trial`] what of
//! it the user knows.

mod answer;
mod browser;
pub mod fault;
mod grants;
mod guard;
mod issuer;
mod jwt;
pub mod lesson;
mod lists;
pub mod login;
mod register;
mod server;
mod state;
mod things;
mod tools;
pub mod trial;

pub use crate::base::simulated::{ISSUER, SERVER, is_ours};
pub use fault::Fault;
pub use state::State;
pub use trial::Trial;

use crate::base::simulated::ORIGIN;
use crate::http::{Event, Request};
use crate::oauth::flow::Moment;
use crate::trace::ExchangeId;

/// Where the play is given, and what is wrong in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Stage {
    /// The address of this page's app, with its last slash: the login lies below it, and the browser returns to it.
    pub page: String,
    pub fault: Option<Fault>,
}

impl Stage {
    /// The address of the login page.
    pub fn authorize(&self) -> String {
        format!("{}demo/authorize/", self.page)
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }
}

/// What happens to an exchange, so many milliseconds after what was said before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub exchange: ExchangeId,
    pub after: u32,
    pub event: Event,
}

/// Both servers.
pub struct Demo {
    pub stage: Stage,
    pub state: State,
}

impl Demo {
    /// Answers a request. What it says may also be for an exchange that has been waiting.
    pub fn handle(&mut self, moment: &Moment, exchange: ExchangeId, request: &Request) -> Vec<Said> {
        self.state.wake(moment);
        let path = path(&request.url);
        let (answer, more) = match request.url.strip_prefix(ISSUER) {
            Some(_) => (self.issuer(moment, path, request), Vec::new()),
            None => self.server(moment, exchange, path, request),
        };
        let policy = browser::policy(&self.stage, &request.url, answer.status);
        let mut said = browser::shown(policy, exchange, request, answer);
        said.extend(more);
        said
    }
}

/// The path of an address, without a query.
fn path(url: &str) -> &str {
    let below = url.strip_prefix("https://").and_then(|it| it.find('/').and_then(|at| it.get(at..)));
    below.and_then(|it| it.split(['?', '#']).next()).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_that_cannot_exist_are_of_the_demo_world() {
        for ours in [SERVER, ISSUER, "https://mcp.flowglass.invalid/.well-known/x?y=1"] {
            assert!(is_ours(ours), "{ours}");
        }
        for foreign in [
            "https://mcp.example.com/mcp",
            "http://mcp.flowglass.invalid/mcp",
            "https://flowglass.invalid.example.com/",
            "https://mcp.flowglass.invalid.example.com/",
            "https://mcp.flowglass.invalid@example.com/",
            "https://user@mcp.flowglass.invalid/",
            "https://mcp.flowglass.invalid:8443/",
            "https://example.com/.flowglass.invalid",
            "https://example.com?.flowglass.invalid",
            "https://example.com\\.flowglass.invalid",
            "javascript:alert(1)//.flowglass.invalid",
            "",
        ] {
            assert!(!is_ours(foreign), "{foreign}");
        }
    }
}
