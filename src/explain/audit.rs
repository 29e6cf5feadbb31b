//! The audit of a server: requirements as data, and pure functions from what was seen to a verdict.
//!
//! A line is a requirement with its id, clause and words; a file holds a group of them. What a page cannot see, and what
//! needs consent or a login, is a line as well, with the reason why it has no verdict: a line that was not tested is
//! never a pass.

mod authorization_endpoint;
mod challenge;
pub mod compare;
mod errors;
#[cfg(test)]
mod fixture;
pub mod json;
mod line;
pub mod link;
mod logged_in;
pub mod markdown;
mod openid;
pub mod pasted;
mod reachability;
mod refresh;
mod refreshed;
mod registered;
mod registration;
mod resource_metadata;
mod seen;
mod server_metadata;
mod server_relations;
pub mod stages;
#[cfg(test)]
mod tests;
mod token_endpoint;
mod tokens;
mod transport;
mod verdicts;
mod why;
mod with_token;

pub use line::{Finding, Level, Line, Party, Phase, Severity, Verdict};
pub use verdicts::Verdicts;

use crate::base::revision::Revision;
use crate::explain::card::Card;
use crate::explain::fixes::{self, Fill, Snippet};
use crate::explain::walkthrough::{StepRow, Walkthrough};
use crate::explain::why::evidence::Evidence;
use crate::explain::why::fill;
use crate::http::Request;
use crate::trace::audit::AuditSpan;
use crate::trace::fix::Fix;
use crate::trace::problem::{Owner, Problem};
use crate::trace::{ExchangeId, Millis, Trace};
use seen::{Access, Seen};
use stages::Stages;

/// Lines of one area, in the order in which they are listed.
pub struct Group {
    pub name: &'static str,
    pub title: &'static str,
    pub lines: &'static [Line],
}

pub const GROUPS: [Group; 13] = [
    Group { name: "reachability", title: "Reachability and CORS", lines: &reachability::LINES },
    Group { name: "challenge", title: "Challenge, 401 and 403", lines: &challenge::LINES },
    Group { name: "resource-metadata", title: "Protected resource metadata", lines: &resource_metadata::LINES },
    Group { name: "server-metadata", title: "Authorization server metadata", lines: &server_metadata::LINES },
    Group { name: "server-relations", title: "Metadata that must agree", lines: &server_relations::LINES },
    Group { name: "registration", title: "Client registration", lines: &registration::LINES },
    Group { name: "authorization-endpoint", title: "Authorization endpoint", lines: &authorization_endpoint::LINES },
    Group { name: "token-endpoint", title: "Token endpoint", lines: &token_endpoint::LINES },
    Group { name: "tokens", title: "Tokens and resource binding", lines: &tokens::LINES },
    Group { name: "refresh", title: "Refresh and revocation", lines: &refresh::LINES },
    Group { name: "errors", title: "Errors", lines: &errors::LINES },
    Group { name: "transport", title: "Transport and sessions", lines: &transport::LINES },
    Group { name: "openid", title: "OpenID Connect", lines: &openid::LINES },
];

/// A line and what came of it.
#[derive(Clone, PartialEq)]
pub struct Item {
    pub line: &'static Line,
    pub verdict: Verdict,
    /// What was seen, or what it would take.
    pub seen: String,
    /// The two values that differ.
    pub values: Option<[String; 2]>,
    pub evidence: Vec<Proof>,
    /// It stands above all other findings.
    pub is_grave: bool,
    /// The verdict is that of an output which the user pasted.
    pub is_pasted: bool,
    /// What can be pasted into the server, where that may be wanted.
    snippets: Vec<Snippet>,
}

/// An exchange that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    pub exchange: ExchangeId,
    /// The number of the entry of its request, by which the wire page knows it.
    pub number: u32,
    /// Method, URL and status.
    pub outcome: String,
}

/// One thing to change, and the lines that it settles.
#[derive(Clone, PartialEq)]
pub struct Repair {
    pub items: Vec<Item>,
    pub snippets: Vec<Snippet>,
}

/// What a page sees of a server, without a login and in the stages that the user agreed to.
#[derive(Clone, PartialEq)]
pub struct Audit {
    pub server: String,
    /// The origin of the page that asked: another one may get another result.
    pub page: String,
    pub began: Millis,
    pub is_over: bool,
    /// The server speaks MCP without a token: there is no authorization to judge.
    pub is_open: bool,
    /// The stages with consent, and how they stand.
    pub stages: Stages,
    /// What was negotiated; behind a 401 it is unknown.
    pub revision: Option<Revision>,
    /// All lines that apply.
    pub items: Vec<Item>,
    pub repairs: Vec<Repair>,
    pub verdicts: Verdicts,
    /// What stopped the check at the step where it would stop a connection.
    pub problem: Option<Problem>,
    pub card: Option<Card>,
}

impl Audit {
    /// The audit of the latest attempt, if that is one.
    pub fn of(trace: &Trace) -> Option<Self> {
        let span = AuditSpan::of(trace)?;
        let attempt = Walkthrough::read(span.check(), trace)?;
        let evidence = Evidence::gather(&attempt, trace);
        let login = span.login().and_then(|it| Walkthrough::read(it, trace));
        let login = login.as_ref().map(|it| Evidence::gather(it, trace));
        let seen = Seen::of(&evidence, span, login.as_ref())?;
        let items = judged(&seen, &evidence);
        let stopped = attempt.rows.iter().find_map(|it| it.problem.as_ref());
        let is_open = seen.access == Access::Open;
        Some(Self {
            server: attempt.server.clone(),
            page: seen.page.to_owned(),
            began: attempt.began,
            is_over: attempt.ended.is_some(),
            is_open,
            revision: seen.revision,
            repairs: repairs(&items),
            stages: Stages::of(&span),
            verdicts: Verdicts::of(&items, is_open, seen.tokens().is_some()),
            items,
            problem: attempt.rows.iter().find_map(StepRow::shown_problem),
            card: stopped.map(|it| Card::of(trace, it)),
        })
    }

    /// Whether the latest attempt is an audit, over or not.
    pub fn is_latest(trace: &Trace) -> bool {
        AuditSpan::of(trace).is_some()
    }

    pub fn count(&self, verdict: Verdict) -> usize {
        self.items.iter().filter(|it| it.verdict == verdict).count()
    }

    /// The lines of a group that apply.
    pub fn group(&self, group: &Group) -> Vec<Item> {
        let inside = |it: &&Item| group.lines.iter().any(|line| line.id == it.line.id);
        self.items.iter().filter(inside).cloned().collect()
    }
}

fn judged(seen: &Seen<'_>, evidence: &Evidence<'_>) -> Vec<Item> {
    let lines = GROUPS.iter().flat_map(|it| it.lines.iter()).filter(|it| applies(it, seen));
    lines.filter_map(|line| Some(Item::of(line, line.judge(seen)?, seen, evidence))).collect()
}

/// Behind a 401 the revision is unknown: what the latest two ask for is judged.
fn applies(line: &Line, seen: &Seen<'_>) -> bool {
    let spoken = match seen.revision {
        Some(revision) => line.revisions.contains(&revision),
        None => line.revisions.contains(&Revision::R4) || line.revisions.contains(&Revision::R5),
    };
    spoken && (seen.access != Access::Open || line.is_of_open_servers())
}

impl Item {
    fn of(line: &'static Line, found: Finding, seen: &Seen<'_>, of: &Evidence<'_>) -> Self {
        let proof = |id: &ExchangeId| {
            let exchange = seen.evidence.trace.exchange(*id)?;
            Some(Proof { exchange: *id, number: exchange.number, outcome: seen::outcome(exchange) })
        };
        let evidence = found.exchanges.iter().filter_map(proof).collect();
        let Finding { verdict, seen, values, is_grave, .. } = found;
        // What is not visible may turn out to be wrong.
        let may_be_wrong = verdict >= Verdict::Warn || verdict == Verdict::Unseen;
        let snippets = if may_be_wrong { snippets(line, of) } else { Vec::new() };
        Self { line, verdict, seen, values, evidence, is_grave, is_pasted: false, snippets }
    }

    /// The graver, the further in front.
    pub fn gravity(&self) -> (bool, Verdict, std::cmp::Reverse<Severity>) {
        (self.is_grave, self.verdict, std::cmp::Reverse(self.line.severity))
    }
}

/// What to change, the gravest first. Lines with the same snippets are one change.
fn repairs(items: &[Item]) -> Vec<Repair> {
    let mut found: Vec<&Item> = items.iter().filter(|it| it.verdict >= Verdict::Warn).collect();
    found.sort_by_key(|it| std::cmp::Reverse(it.gravity()));
    let mut repairs: Vec<Repair> = Vec::new();
    for item in found {
        let same = |it: &&mut Repair| {
            let first = it.items.first().map(|it| it.line);
            first.is_some_and(|it| it.need.is_some() && it.need == item.line.need)
        };
        match repairs.iter_mut().find(same) {
            Some(repair) => repair.items.push(item.clone()),
            None => repairs.push(Repair { snippets: item.snippets.clone(), items: vec![item.clone()] }),
        }
    }
    repairs
}

fn snippets(line: &Line, evidence: &Evidence<'_>) -> Vec<Snippet> {
    let Some(need) = line.need else { return Vec::new() };
    let recognised = match need.owner() {
        Owner::Issuer => fixes::issuer(evidence),
        _ => fixes::server(evidence),
    };
    let value = |name| fill::value(name, evidence);
    let page = evidence.page.unwrap_or_default().to_owned();
    let asked = Request::get(evidence.attempt.server.as_str());
    let fill = Fill {
        headers: Some(Fix::new(&page, need.owner(), &asked)),
        redirect_uri: format!("{page}/oauth/callback"),
        issuer: value("{named}").or_else(|| value("{issuer}")).unwrap_or_else(|| "https://as.example.com".to_owned()),
        server: evidence.attempt.server.clone(),
        page,
    };
    fixes::snippets(need, recognised, &fill)
}
