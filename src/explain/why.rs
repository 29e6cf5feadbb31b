//! Why a step failed, or looks wrong: rules that look at the whole attempt and name the case.
//!
//! A [`Problem`] says what stopped the machine. A [`Rule`] narrows that down from everything
//! that the trace holds: documents, parameters, statuses, headers, times, what was blocked and what the probes showed.
//! What it saw stands in [`Finding::seen`]; a cause that the evidence does not prove is called likely. Rules never
//! change what the machine does.

mod authorization;
mod cors;
mod differ;
mod discovery;
pub(crate) mod evidence;
pub(crate) mod fill;
#[cfg(test)]
mod fixture;
mod issuer;
mod registration;
mod token;
mod transport;

use crate::explain::walkthrough::{StepRow, StepStatus, Walkthrough};
use crate::trace::Trace;
use crate::trace::check::{Clause, Verdict};
use crate::trace::problem::oauth;
use crate::trace::problem::{Code, Owner, Problem};
use crate::trace::step::Step;
use evidence::Evidence;

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A stable name in kebab case. Rules are added, and their names never change meaning.
    pub rule: &'static str,
    pub step: Step,
    pub verdict: Verdict,
    /// What was seen; nothing that was not. Never holds a secret.
    pub seen: String,
    /// The cause in one line.
    pub title: &'static str,
    pub owner: Owner,
    /// What the owner has to change.
    pub fix: String,
    /// Why that is so.
    pub reason: String,
    pub clause: Clause,
}

/// Evidence in, finding out.
pub struct Rule {
    pub name: &'static str,
    /// The steps that it looks at, each by itself.
    at: &'static [Step],
    verdict: Verdict,
    /// Of a rule for several steps, `Owner::Server` is whoever answers at the step.
    owner: Owner,
    clause: Clause,
    /// Texts, in which [`fill::fill`] puts the values of the attempt.
    title: &'static str,
    fix: &'static str,
    reason: &'static str,
    /// What it saw, where it applies.
    look: fn(&Evidence<'_>, Step) -> Option<String>,
}

/// The steps in which something is asked of a server.
const ASKED: &[Step] = &[
    Step::McpRequest,
    Step::ResourceMetadata,
    Step::ServerMetadata,
    Step::Registration,
    Step::TokenRequest,
    Step::McpRequestWithToken,
    Step::Connected,
];

/// All rules, by what they look at.
const AREAS: [&[Rule]; 14] = [
    discovery::RULES,
    discovery::RESOURCE,
    issuer::RULES,
    registration::RULES,
    authorization::RULES,
    token::RULES,
    token::ANSWER,
    token::AUDIENCE,
    token::CLAIMS,
    transport::RULES,
    transport::REFUSED,
    transport::STREAM,
    cors::RULES,
    cors::ENDPOINTS,
];

/// Every rule.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    AREAS.into_iter().flatten()
}

/// What the rules find in an attempt: the gravest first, and of those the most specific.
pub fn findings(attempt: &Walkthrough, trace: &Trace) -> Vec<Finding> {
    let evidence = Evidence::gather(attempt, trace);
    let reached = |step: Step| attempt.row(step).is_some_and(|it| it.status != StepStatus::Pending);
    let mut found = Vec::new();
    for rule in rules() {
        let steps = rule.at.iter().copied().filter(|it| reached(*it));
        found.extend(steps.filter_map(|step| Some(rule.finding(step, (rule.look)(&evidence, step)?, &evidence))));
    }
    found.sort_by_key(|it| std::cmp::Reverse(it.verdict));
    found
}

/// What the rules narrow a problem down to, wherever in its attempt they saw it.
pub fn of_problem(trace: &Trace, problem: &Problem) -> Option<Finding> {
    let attempt = Walkthrough::of(trace)?;
    let row = attempt.rows.into_iter().find(|it| it.problem.as_ref().is_some_and(|it| it == problem))?;
    row.likely
}

/// The finding that explains what failed at a row: the one of the step before that caused it, else the gravest here.
pub fn narrowed(attempt: &Walkthrough, trace: &Trace, row: &StepRow) -> Option<Finding> {
    let before = match (row.problem.as_ref()?.code, row.step) {
        (Code::ScopeLimit, _) if was_unauthorized(row, trace) => of_token(attempt, &[token::AUDIENCE, token::CLAIMS]),
        (Code::TokenAudience, _) => of_token(attempt, &[token::AUDIENCE]),
        (Code::AccessDenied, Step::Consent) => attempt.row(Step::Registration).and_then(gravest),
        _ => None,
    };
    before.or_else(|| gravest(row)).cloned()
}

/// Whose a problem is: the rules know it better where they narrow it down.
pub fn owner(problem: &Problem, likely: Option<&Finding>) -> Owner {
    likely.map_or(problem.owner, |it| it.owner)
}

fn gravest(row: &StepRow) -> Option<&Finding> {
    row.findings.first().filter(|it| it.verdict == Verdict::Fail)
}

/// Whether the last request of a row had a token, and was answered 401.
fn was_unauthorized(row: &StepRow, trace: &Trace) -> bool {
    let last = row.exchanges.last().and_then(|id| trace.exchange(*id));
    last.is_some_and(|it| {
        let refused = it.head.as_ref().is_some_and(|(head, _)| head.status == 401);
        refused && evidence::header(it, "authorization").is_some()
    })
}

/// What is wrong with the token itself: that was seen when it came, and is why it is refused.
fn of_token<'a>(attempt: &'a Walkthrough, rules: &[&[Rule]]) -> Option<&'a Finding> {
    let said_of_itself = |it: &&Finding| rules.iter().copied().flatten().any(|rule| rule.name == it.rule);
    attempt.row(Step::Token)?.findings.iter().find(said_of_itself)
}

impl Rule {
    /// Title, fix and reason as they are written here.
    pub const fn texts(&self) -> [&'static str; 3] {
        [self.title, self.fix, self.reason]
    }

    pub const fn responsible(&self) -> Owner {
        self.owner
    }

    pub const fn cites(&self) -> Clause {
        self.clause
    }

    fn finding(&self, step: Step, seen: String, evidence: &Evidence<'_>) -> Finding {
        let owner = match self.owner {
            Owner::Server if self.at.len() > 1 => oauth::owner(step),
            owner => owner,
        };
        Finding {
            rule: self.name,
            step,
            verdict: self.verdict,
            seen,
            title: self.title,
            owner,
            fix: fill::fill(self.fix, evidence),
            reason: fill::fill(self.reason, evidence),
            clause: self.clause,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_has_a_name_of_its_own_and_whole_sentences() {
        let mut names = BTreeSet::new();
        for rule in rules() {
            assert!(rule.name.chars().all(|it| it.is_ascii_lowercase() || it == '-'), "{}", rule.name);
            assert!(names.insert(rule.name), "{} is there twice", rule.name);
            assert!(rule.reason.ends_with('.') && rule.fix.ends_with('.'), "{}", rule.name);
            assert!(!rule.at.is_empty() && rule.verdict != Verdict::Pass, "{}", rule.name);
        }
        assert!(names.len() >= 40, "{} rules", names.len());
    }

    #[test]
    fn every_rule_has_a_test_that_names_it() {
        let tests = [
            include_str!("why/discovery/tests.rs"),
            include_str!("why/issuer/tests.rs"),
            include_str!("why/registration/tests.rs"),
            include_str!("why/authorization/tests.rs"),
            include_str!("why/token/tests.rs"),
            include_str!("why/transport/tests.rs"),
            include_str!("why/cors/tests.rs"),
        ];
        let named = |rule: &Rule| tests.iter().any(|it| it.contains(&format!("\"{}\"", rule.name)));
        let missing: Vec<&str> = rules().filter(|it| !named(it)).map(|it| it.name).collect();
        assert_eq!(missing, Vec::<&str>::new());
    }

    #[test]
    fn a_run_without_fault_finds_nothing() {
        assert_eq!(fixture::Case::whole().rules(), Vec::<&str>::new());
    }
}
