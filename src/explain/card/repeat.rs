//! The failed request as a `curl -i` command, and what its output has to contain for a page.

use crate::explain::pasted::Asked;
use crate::explain::walkthrough::StepRow;
use crate::explain::walkthrough::drawing::culprit;
use crate::explain::why::evidence::is_probe;
use crate::http::curl;
use crate::trace::problem::Owner;
use crate::trace::{Event, Exchange, Trace};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The command, secrets masked; of a request with a preflight, two commands.
    pub command: String,
    pub asked: Asked,
}

impl Repeat {
    /// The request that a row failed of; probes and navigations are not repeated.
    pub fn of(row: &StepRow, trace: &Trace, owner: Owner) -> Option<Self> {
        let exchanges: Vec<&Exchange> = row
            .exchanges
            .iter()
            .filter_map(|id| trace.exchange(*id))
            .filter(|it| !it.navigation && !is_probe(it))
            .collect();
        let failed = culprit(&exchanges)?;
        let request = &exchanges.iter().find(|it| it.id == failed)?.request;
        let page = trace.entries().iter().rev().find_map(|it| match &it.event {
            Event::Opened { page } => Some(page.as_str()),
            _ => None,
        })?;
        let asked = Asked {
            origin: page.to_owned(),
            method: request.method.as_str(),
            headers: request.preflighted(),
            preflight: request.needs_preflight(),
            is_mcp: owner != Owner::Issuer,
        };
        Some(Self { command: curl::as_browser(request, page), asked })
    }
}
