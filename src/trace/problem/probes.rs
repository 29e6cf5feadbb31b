//! What probes showed of a request whose answer the browser hid.

use super::{About, Code, Owner, names};
use crate::http::Method;
use crate::trace::check::Clause;
use crate::trace::fix::Fix;
use crate::trace::step::Step;
use serde::{Deserialize, Serialize};

/// A request whose answer the browser hid, and what probes showed of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    pub method: Method,
    pub url: String,
    /// What the browser said, in its own words.
    pub said: String,
    /// Who answers at the URL.
    pub party: Owner,
    pub step: Option<Step>,
    pub shown: Shown,
}

/// What the probes showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// A page on https may not ask plain http.
    MixedContent,
    /// Nothing responds, and another URL of the same machine does.
    Elsewhere {
        url: String,
    },
    /// Nothing responds.
    Nothing,
    /// No response could be read, and the policy of the page's host hides whether one came.
    NotKnown,
    /// Something responds, and a page may not read it.
    Cors(Cors),
    /// Redirects come to no end that responds.
    EndlessRedirects,
    Redirect(Redirect),
}

/// What a page may read, and what it may not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cors {
    pub alive: Alive,
    /// Whether a GET without extra headers could be read; `None` where it was not tried.
    pub get: Option<bool>,
    /// The same of a POST that needs no preflight.
    pub post: Option<bool>,
    /// The headers that made a probe fail.
    #[serde(with = "names")]
    pub refused: Vec<String>,
    /// Whether one header at least is allowed.
    pub some_allowed: bool,
    /// Whether the request needs a preflight.
    pub preflight: bool,
    /// The lines that would let the page read it.
    pub fix: Fix,
}

/// How it is known that something responds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Alive {
    /// A plain probe reached the server.
    Reached,
    /// The policy of the page's host hid the response to it, and the browser reports that one came.
    Reported,
    /// The policy hid whether one came.
    Withheld,
}

/// A redirect, as far as pages can see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// Where it leads, where a page may see that.
    pub target: Option<String>,
    /// Another URL of the host that responds: it likely leads there.
    pub elsewhere: Option<String>,
    /// A 3xx is proven.
    pub proven: bool,
    pub leads: Leads,
}

/// What is at the end of a redirect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Leads {
    /// To a URL that would work instead.
    To(String),
    /// Only POST is redirected.
    PostAway,
    /// To a page for people.
    Login,
}

impl Blocked {
    pub(super) const fn about(&self) -> About {
        let (code, owner, clause) = match &self.shown {
            Shown::MixedContent => (Code::Unreachable, Owner::Browser, Clause::Cors),
            Shown::Elsewhere { .. } => (Code::Unreachable, Owner::You, Clause::Cors),
            Shown::Nothing | Shown::NotKnown => (Code::Unreachable, Owner::Network, Clause::Cors),
            Shown::Cors(_) => (Code::CorsBlocked, self.party, Clause::Cors),
            Shown::EndlessRedirects => (Code::RedirectLoop, self.party, Clause::McpTransport),
            Shown::Redirect(Redirect { leads: Leads::To(_), .. }) => {
                (Code::Redirected, Owner::You, Clause::McpTransport)
            }
            Shown::Redirect(_) => (Code::Redirected, self.party, Clause::McpTransport),
        };
        About { code, owner, step: self.step, clause: Some(clause) }
    }
}
