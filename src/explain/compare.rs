//! Two runs beside each other: which steps, requests, parameters, checks and statuses differ.
//!
//! What is random by nature is compared by whether it is there.

pub mod beside;
mod sides;

use crate::explain::walkthrough::{StepRow, StepStatus, Walkthrough};
use crate::trace::RedactedTrace;
use crate::trace::step::Step;
use sides::{Side, of_row};

/// One thing that is not the same in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `None` for what is of no step.
    pub step: Option<Step>,
    /// What of it: `status`, `parameter scope`, `response issuer`.
    pub what: String,
    /// `None` where it is not there.
    pub this: Option<String>,
    pub that: Option<String>,
}

/// What was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub differences: Vec<Difference>,
    /// How many things were compared.
    pub compared: usize,
}

/// The latest attempts of two traces; `None` where one of them has none.
pub fn compare(this: &RedactedTrace, that: &RedactedTrace) -> Option<Comparison> {
    let (first, second) = (Walkthrough::of(this.trace())?, Walkthrough::of(that.trace())?);
    let (left, right) = (Side::new(this.trace(), &first), Side::new(that.trace(), &second));
    let mut all = Comparison { differences: Vec::new(), compared: 0 };
    all.take(
        None,
        vec![("server".to_owned(), first.server.clone())],
        vec![("server".to_owned(), second.server.clone())],
    );
    let ends = ends(&first, &second);
    let is_in_both = |step: Step| ends.as_ref().is_none_or(|it| it.step >= Some(step));
    for (step, index) in steps(&first, &second).into_iter().filter(|(step, _)| is_in_both(*step)) {
        let side = |side: &Side<'_>, row: Option<&StepRow>| row.map(|it| of_row(side, it)).unwrap_or_default();
        all.take(Some(step), side(&left, nth(&first, step, index)), side(&right, nth(&second, step, index)));
    }
    all.differences.extend(ends);
    Some(all)
}

/// The furthest step that an attempt has come to; what may follow a connection is as far as can be.
fn reached(attempt: &Walkthrough) -> Step {
    let come = |row: &&StepRow| !matches!(row.status, StepStatus::Pending | StepStatus::Skipped);
    let last = attempt.rows.iter().filter(come).map(|it| it.step).max().unwrap_or(Step::McpRequest);
    if last >= Step::Connected { Step::Revoke } else { last }
}

/// Where one ended and the other went on: in one line, in the place of every step that did not come to be.
fn ends(first: &Walkthrough, second: &Walkthrough) -> Option<Difference> {
    let (this, that) = (reached(first), reached(second));
    let words = |attempt: &Walkthrough, last: Step| {
        let failed = attempt.row(last).is_some_and(|it| it.status == StepStatus::Failed);
        let (verb, number) = (if failed { "stopped at" } else { "reached" }, last.min(Step::Connected).number());
        let rest = if last == this.min(that) { "; later steps absent" } else { "" };
        Some(format!("{verb} step {number}{rest}"))
    };
    let what = "later steps".to_owned();
    (this != that).then(|| Difference {
        step: Some(this.min(that)),
        what,
        this: words(first, this),
        that: words(second, that),
    })
}

/// Every step of either, and which of its rows: what may follow a connection has one each time it happens.
fn steps(first: &Walkthrough, second: &Walkthrough) -> Vec<(Step, usize)> {
    let count = |it: &Walkthrough, step: Step| it.rows.iter().filter(|row| row.step == step).count();
    let most = |step: Step| count(first, step).max(count(second, step));
    let all = Step::ALL.into_iter().chain(Step::LATER);
    all.flat_map(|step| (0..most(step)).map(move |index| (step, index))).collect()
}

fn nth(attempt: &Walkthrough, step: Step, index: usize) -> Option<&StepRow> {
    attempt.rows.iter().filter(|it| it.step == step).nth(index)
}

impl Comparison {
    /// Notes what differs between two lists of named values; names are unique in each.
    fn take(&mut self, step: Option<Step>, this: Vec<(String, String)>, that: Vec<(String, String)>) {
        let value =
            |list: &[(String, String)], name: &str| list.iter().find(|(it, _)| it == name).map(|(_, it)| it.clone());
        let only_there = that.iter().filter(|(name, _)| value(&this, name).is_none());
        for (name, _) in this.iter().chain(only_there) {
            self.compared += 1;
            let (this, that) = (value(&this, name), value(&that, name));
            if this != that {
                self.differences.push(Difference { step, what: name.clone(), this, that });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Text;
    use crate::http::{Head, Method, Request};
    use crate::trace::check::Check;
    use crate::trace::problem::{Cause, Code, Problem};
    use crate::trace::rule::discovery::Discovery;
    use crate::trace::{Body, Event, Trace};

    fn run(scope: &str, state: &str, status: u16) -> RedactedTrace {
        let mut trace = Trace::default();
        trace.push(0.0, Event::Began { server: "https://a/mcp".to_owned(), first: None });
        trace.push(0.0, Event::Entered(Step::ServerMetadata));
        trace.push(
            0.0,
            Event::Sent {
                exchange: 1,
                step: Some(Step::ServerMetadata),
                request: Request::new(Method::Post, format!("https://b/x?state={state}"))
                    .body(Text::plain("{\"client_name\":\"x\"}")),
            },
        );
        let head = Head { status, url: String::new(), redirected: false, headers: Vec::new() };
        trace.push(1.0, Event::Answered { exchange: 1, head });
        trace.push(
            1.0,
            Event::Body { exchange: 1, body: Body::new(Text::plain(format!("{{\"scopes\":[\"{scope}\"]}}"))) },
        );
        trace.push(1.0, Event::Checked(Check::pass(Step::ServerMetadata, Discovery::IssuerIdentical)));
        trace.push(2.0, Event::Entered(Step::AuthorizationUrl));
        let facts = [("state", state), ("scope", scope)].map(|(name, value)| (name.to_owned(), Text::plain(value)));
        trace.push(2.0, Event::Made { step: Step::AuthorizationUrl, facts: facts.to_vec() });
        RedactedTrace::of(&trace)
    }

    #[test]
    fn runs_that_differ_in_what_is_random_are_the_same() {
        let comparison = compare(&run("read", "state-1", 200), &run("read", "state-2", 200)).expect("two attempts");
        assert_eq!(comparison.differences, []);
        assert!(comparison.compared > 20);
    }

    #[test]
    fn what_differs_is_named_with_both_values() {
        let comparison = compare(&run("read", "s", 200), &run("write", "s", 404)).expect("two attempts");
        let told: Vec<(&str, Option<&str>, Option<&str>)> = comparison
            .differences
            .iter()
            .map(|it| (it.what.as_str(), it.this.as_deref(), it.that.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                ("request 1 status", Some("200"), Some("404")),
                ("response scopes", Some("[\"read\"]"), Some("[\"write\"]")),
                ("parameter scope", Some("read"), Some("write")),
            ]
        );
    }

    #[test]
    fn a_row_that_only_one_has_is_there_on_one_side_alone() {
        let mut with = run("read", "s", 200).trace().clone();
        with.push(3.0, Event::Connected { server: "https://a/mcp".to_owned(), version: "2025-11-25".to_owned() });
        let mut longer = with.clone();
        longer.push(3.0, Event::Entered(Step::Refresh));
        let comparison = compare(&RedactedTrace::of(&with), &RedactedTrace::of(&longer)).expect("two attempts");
        let [one] = comparison.differences.as_slice() else { panic!("{comparison:?}") };
        assert_eq!((one.step, one.this.as_deref(), one.that.as_deref()), (Some(Step::Refresh), None, Some("current")));
    }

    #[test]
    fn where_one_run_stopped_the_steps_of_the_other_are_one_difference() {
        let longer = run("read", "s", 200);
        let mut trace = longer.trace().clone();
        let entries = trace.entries().iter().filter(|it| it.at < 2.0).cloned().collect();
        let mut stopped = Trace::restored(entries);
        let problem = Problem { code: Code::NotJson, ..Problem::new(Cause::StoppedByUser).at(Step::ServerMetadata) };
        stopped.push(3.0, Event::Stopped(problem));
        let stopped = RedactedTrace::of(&stopped);
        let told = |this: &RedactedTrace, that: &RedactedTrace| {
            let comparison = compare(this, that).expect("two attempts");
            let last = comparison.differences.last().cloned().expect("a difference");
            let of_later = comparison.differences.iter().filter(|it| it.step > Some(Step::ServerMetadata));
            (of_later.count(), last.what, last.this, last.that)
        };
        let (short, long) = ("stopped at step 2b; later steps absent".to_owned(), "reached step 4".to_owned());
        let what = "later steps".to_owned();
        assert_eq!(told(&longer, &stopped), (0, what.clone(), Some(long.clone()), Some(short.clone())));
        assert_eq!(told(&stopped, &longer), (0, what.clone(), Some(short.clone()), Some(long)));
        // A connection is the end of the way, whatever followed it.
        trace.push(4.0, Event::Connected { server: "https://a/mcp".to_owned(), version: "2025-11-25".to_owned() });
        trace.push(5.0, Event::Entered(Step::Refresh));
        assert_eq!(
            told(&stopped, &RedactedTrace::of(&trace)),
            (0, what, Some(short), Some("reached step 12".to_owned()))
        );
    }

    #[test]
    fn without_an_attempt_there_is_nothing_to_compare() {
        let none = RedactedTrace::of(&Trace::default());
        assert_eq!(compare(&none, &run("read", "s", 200)), None);
    }
}
