//! An attempt in a heading and a line, and a row's state in words.

use super::drawing::Drawn;
use super::{StepRow, StepStatus, Walkthrough};
use crate::base::format::milliseconds as duration;
use crate::base::text::Text;
use crate::explain::wire::words::host;
use crate::trace::check::Verdict;
use crate::trace::problem::Code;
use crate::trace::step::Step;
use crate::trace::{Exchange, ExchangeId, Millis, Trace};

/// Whom the lanes stand for, as far as the trace says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts {
    pub server: Option<String>,
    pub issuer: Option<String>,
}

impl Walkthrough {
    pub fn title(&self) -> &'static str {
        let is = |step: Step, status: StepStatus| self.row(step).is_some_and(|it| it.status == status);
        if self.is_check {
            return "Check without logging in";
        }
        match is(Step::Connected, StepStatus::Done) {
            true if is(Step::McpRequest, StepStatus::Skipped) => "Connected with a stored token",
            true if is(Step::Unauthorized, StepStatus::Skipped) => "Connected without authorization",
            _ => "Authorization",
        }
    }

    /// Where it stands, and how long it took.
    pub fn progress(&self) -> String {
        let with = |status: StepStatus| self.rows.iter().find(|it| it.status == status).map(|it| it.step);
        let took = self.ended.map(|it| duration(it - self.began)).unwrap_or_default();
        match (with(StepStatus::Failed), with(StepStatus::Current)) {
            (Some(step), _) => format!("stopped at step {} after {took}", step.number()),
            (None, Some(Step::Consent)) => "waiting for your login".to_owned(),
            (None, Some(step)) => format!("step {} of 12", step.number()),
            (None, None) => self.finished(&took),
        }
    }

    fn finished(&self, took: &str) -> String {
        let away = self.away.as_ref().and_then(|it| Some(it.back? - it.left));
        match away {
            Some(away) => format!("12 steps in {took}, away for {}", duration(away)),
            None => format!("took {took}"),
        }
    }

    pub fn hosts(&self, trace: &Trace) -> Hosts {
        let issuer = [Step::ServerMetadata, Step::Registration, Step::Authorize, Step::TokenRequest];
        let mut asked = issuer.into_iter().filter_map(|step| trace.exchange(*self.row(step)?.exchanges.first()?));
        Hosts {
            server: Some(host(&self.server).to_owned()).filter(|it| !it.is_empty()),
            issuer: asked.next().map(|it| host(&it.request.url).to_owned()),
        }
    }

    /// How long a step took, and with how many requests.
    pub fn took(&self, row: &StepRow, trace: &Trace) -> String {
        let away = self.away.as_ref().filter(|_| row.step == Step::Consent);
        let away = away.and_then(|it| Some(it.back? - it.left));
        let exchanges: Vec<&Exchange> = row.exchanges.iter().filter_map(|id| trace.exchange(*id)).collect();
        match (away, exchanges.as_slice()) {
            (Some(away), _) => duration(away),
            (None, []) => String::new(),
            (None, [one]) => one.took().map(duration).unwrap_or_default(),
            (None, many) => format!("{} requests, {}", many.len(), duration(span(many))),
        }
    }

    /// The exchanges that tell what happened at a step: an answer is told by what it answers.
    pub fn telling(&self, step: Step) -> Vec<ExchangeId> {
        let of = |step: Step| self.row(step).map(|it| it.exchanges.as_slice()).unwrap_or_default();
        match (of(step), step) {
            ([], Step::Unauthorized) => of(Step::McpRequest).last().copied().into_iter().collect(),
            ([], Step::Token) => of(Step::TokenRequest).last().copied().into_iter().collect(),
            (own, _) => own.to_vec(),
        }
    }
}

/// From the first request to the last answer; several may have been on their way at once.
fn span(exchanges: &[&Exchange]) -> Millis {
    let begin = exchanges.iter().map(|it| it.sent).fold(f64::INFINITY, f64::min);
    let end = exchanges.iter().filter_map(|it| it.ended).fold(begin, f64::max);
    end - begin
}

impl StepRow {
    /// What of the facts is shown: a callback of somebody else is judged by state and iss, and nothing else of it is used.
    pub fn shown_facts(&self) -> Vec<(String, Text)> {
        let foreign = [Code::StateMismatch, Code::IssMismatch, Code::IssMissing];
        let is_foreign = self.problem.as_ref().is_some_and(|it| foreign.contains(&it.code));
        let judged = |name: &str| !is_foreign || name == "state" || name == "iss";
        self.facts.iter().filter(|(name, _)| judged(name)).cloned().collect()
    }
}

impl Drawn {
    /// What the mark of the row means.
    pub const fn words(&self) -> &'static str {
        match (self.status, self.verdict) {
            (StepStatus::Pending, _) => "not yet",
            (StepStatus::Current, _) => "now",
            (StepStatus::Skipped, _) => "skipped",
            (StepStatus::Failed, _) => "failed",
            (StepStatus::Done, None) => "done",
            (StepStatus::Done, Some(Verdict::Pass)) => "done, checks passed",
            (StepStatus::Done, Some(Verdict::Warn)) => "done, a check warns",
            (StepStatus::Done, Some(Verdict::Fail)) => "done, a check failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::drawing::{self, Mark};
    use super::super::told::Unneeded;
    use super::*;
    use crate::http::{Head, HttpError, Method, Request};
    use crate::oauth::error::Error;
    use crate::trace::Event;

    const SERVER: &str = "https://mcp.example/mcp";

    fn began() -> Trace {
        let mut trace = Trace::default();
        trace.push(0.0, Event::Began { server: SERVER.to_owned(), first: None });
        trace.push(0.0, Event::Entered(Step::McpRequest));
        send(&mut trace, Step::McpRequest, Request::new(Method::Post, SERVER), Some(401));
        trace
    }

    fn send(trace: &mut Trace, step: Step, request: Request, status: Option<u16>) {
        let exchange = trace.next_exchange();
        trace.push(10.0, Event::Sent { exchange, step: Some(step), request });
        if let Some(status) = status {
            let head = Head { status, url: String::new(), redirected: false, headers: Vec::new() };
            trace.push(20.0, Event::Answered { exchange, head });
            trace.push(30.0, Event::Ended { exchange });
        }
    }

    fn at_login() -> Trace {
        let mut trace = began();
        let url = "https://login.example/authorize?client_id=a&state=b";
        trace.push(40.0, Event::Entered(Step::Unauthorized));
        trace.push(40.0, Event::Entered(Step::Authorize));
        send(&mut trace, Step::Authorize, Request::get(url), None);
        trace.push(50.0, Event::Left { url: url.to_owned() });
        trace.push(50.0, Event::Entered(Step::Consent));
        trace
    }

    fn told(trace: &Trace) -> (&'static str, String) {
        let attempt = Walkthrough::of(trace).expect("began");
        (attempt.title(), attempt.progress())
    }

    fn marks(trace: &Trace, step: Step) -> Vec<Mark> {
        let rows = drawing::rows(Walkthrough::of(trace).as_ref(), trace);
        rows.into_iter().find(|it| it.step == step).expect("a row").marks
    }

    #[test]
    fn before_anything_happened_there_are_plans_and_nothing_else() {
        let rows = drawing::rows(None, &Trace::default());
        assert_eq!(rows.len(), 15);
        assert!(rows.iter().flat_map(|it| &it.marks).all(|it| matches!(it, Mark::Plan(..))));
    }

    #[test]
    fn a_login_that_waits_is_open_and_then_it_was_away() {
        let mut trace = at_login();
        assert_eq!(told(&trace), ("Authorization", "waiting for your login".to_owned()));
        assert_eq!(marks(&trace, Step::Consent), [Mark::Away("Waiting for your login at login.example".to_owned())]);
        trace.push(2050.0, Event::Returned { callback: None });
        assert_eq!(
            marks(&trace, Step::Consent),
            [Mark::Away("Away for 2.0 s at login.example: login and consent".to_owned())]
        );
    }

    #[test]
    fn the_leaving_is_an_exchange_without_a_status() {
        let trace = at_login();
        let marks = marks(&trace, Step::Authorize);
        let [Mark::Exchange { id, failed: false }] = marks.as_slice() else { panic!("no exchange") };
        let arrow = drawing::arrow(Step::Authorize, *id, &trace).expect("known");
        assert_eq!((arrow.status.as_deref(), arrow.outcome.as_deref()), (None, None));
        assert_eq!(arrow.said.detail, "client_id, state");
    }

    #[test]
    fn a_hidden_challenge_is_said_to_be_hidden() {
        let marks = marks(&at_login(), Step::Unauthorized);
        let [Mark::Message(_, said)] = marks.as_slice() else { panic!("no message") };
        assert_eq!((said.what.as_str(), said.detail.as_str()), ("401", "challenge hidden by the browser"));
    }

    #[test]
    fn of_a_foreign_callback_nothing_is_shown_but_what_it_is_judged_by() {
        let mut trace = at_login();
        let callback = ["code", "state", "error_description"].map(|it| (it.to_owned(), Text::plain("x"))).to_vec();
        trace.push(60.0, Event::Returned { callback: Some(callback) });
        let facts = |trace: &Trace| {
            let attempt = Walkthrough::of(trace).expect("began");
            attempt.row(Step::Callback).expect("a row").shown_facts().len()
        };
        assert_eq!(facts(&trace), 3);
        trace.push(60.0, Event::Stopped(Error::StateMismatch { awaited: true }.problem().at(Step::Callback)));
        assert_eq!(facts(&trace), 1);
    }

    #[test]
    fn the_challenge_is_told_by_the_request_that_was_refused() {
        let attempt = Walkthrough::of(&at_login()).expect("began");
        assert_eq!((attempt.telling(Step::Unauthorized), attempt.telling(Step::Token)), (vec![1], vec![]));
    }

    #[test]
    fn a_failure_says_at_which_step() {
        let mut trace = at_login();
        trace.push(60.0, Event::Returned { callback: None });
        trace.push(60.0, Event::Stopped(Error::Denied { description: None }.problem().at(Step::Callback)));
        assert_eq!(told(&trace), ("Authorization", "stopped at step 7 after 60 ms".to_owned()));
        assert_eq!(Walkthrough::of(&trace).and_then(|it| it.opening()), Some(Step::Callback));
    }

    #[test]
    fn a_server_that_wants_no_token_leaves_the_steps_out_and_says_why() {
        let mut trace = began();
        trace.push(90.0, Event::Connected { server: SERVER.to_owned(), version: "2025-11-25".to_owned() });
        assert_eq!(told(&trace), ("Connected without authorization", "took 90 ms".to_owned()));
        assert_eq!(marks(&trace, Step::Unauthorized), [Mark::Note(Unneeded::NoTokenRequired.words())]);
        assert!(marks(&trace, Step::Pkce).is_empty());
        let attempt = Walkthrough::of(&trace).expect("began");
        assert_eq!(attempt.unneeded(Step::Pkce), Some(Unneeded::NoTokenRequired));
        assert_eq!((attempt.unneeded(Step::McpRequest), attempt.opening()), (None, Some(Step::McpRequest)));
        let hosts = Walkthrough::of(&trace).expect("began").hosts(&trace);
        assert_eq!((hosts.server.as_deref(), hosts.issuer), (Some("mcp.example"), None));
    }

    #[test]
    fn an_attempt_that_the_person_ends_is_over() {
        let mut trace = began();
        trace.push(70.0, Event::Disconnected);
        assert_eq!(told(&trace).1, "stopped at step 1 after 70 ms");
    }

    #[test]
    fn a_preflight_is_an_inference_and_no_exchange() {
        let mut trace = Trace::default();
        trace.push(0.0, Event::Began { server: SERVER.to_owned(), first: None });
        trace.push(0.0, Event::Entered(Step::McpRequest));
        send(&mut trace, Step::McpRequest, Request::new(Method::Delete, SERVER), None);
        trace.push(5.0, Event::Failed { exchange: 1, error: HttpError::Blocked { said: String::new() } });
        let marks = marks(&trace, Step::McpRequest);
        assert!(matches!(marks.as_slice(), [Mark::Exchange { .. }, Mark::Inferred(..)]));
    }
}
