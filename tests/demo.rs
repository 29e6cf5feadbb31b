//! The demo world under the whole inspector: what works, and each fault with the end that its lesson names and the steps
//! as they were reviewed (`tests/data/faults.txt`). `GOLDEN=write` writes what is new, to be read before it is committed.

mod golden;

use flowglass::base::stored;
use flowglass::demo::lesson::{Ends, Lesson};
use flowglass::demo::login::Asked;
use flowglass::demo::{Demo, Fault, SERVER, Stage, State, is_ours};
use flowglass::explain::audit::{Audit, Verdict as Judged};
use flowglass::explain::walkthrough::{StepRow, StepStatus, Walkthrough};
use flowglass::explain::why;
use flowglass::explain::words::problems;
use flowglass::http::Event;
use flowglass::inspector::{AlarmId, Input, Inspector, Order, Phase, Place, Status};
use flowglass::mcp::connection::{Ask, Target};
use flowglass::mcp::model::ItemKind;
use flowglass::mcp::question::Reply;
use flowglass::oauth::flow::Moment;
use flowglass::oauth::request::Callback;
use flowglass::settings::Draft;
use flowglass::trace::ExchangeId;
use flowglass::trace::check::{Clause, Verdict};
use flowglass::trace::problem::{Owner, Problem};
use flowglass::trace::step::Step;
use std::collections::VecDeque;

const PAGE: &str = "http://localhost:3000/";

/// The inspector, the demo, and a browser between them.
struct Play {
    inspector: Inspector,
    demo: Demo,
    now: f64,
    left: Option<String>,
    /// Exchanges that are not over.
    open: Vec<ExchangeId>,
}

fn stage(fault: Option<Fault>) -> Stage {
    Stage { page: PAGE.to_owned(), fault }
}

fn place() -> Place {
    Place {
        origin: "http://localhost:3000".to_owned(),
        redirect_uri: format!("{PAGE}oauth/callback/"),
        framed: false,
        forgetful: false,
        metadata_document: None,
    }
}

impl Play {
    fn new(fault: Option<Fault>) -> Self {
        let demo = Demo { stage: stage(fault), state: State::default() };
        Self { inspector: Inspector::new(place()), demo, now: 1.8e12, left: None, open: Vec::new() }
    }

    fn moment(&mut self) -> Moment {
        self.now += 10.0;
        let mut entropy = [7; 64];
        entropy[32..].fill(9);
        Moment { now: self.now, entropy }
    }

    fn input(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        let mut alarms: Vec<(f64, AlarmId)> = Vec::new();
        while let Some(input) =
            inputs.pop_front().or_else(|| (!alarms.is_empty()).then(|| Input::Woken(alarms.remove(0).1)))
        {
            if let Input::Http(exchange, Event::End | Event::Failed(_)) = &input {
                self.open.retain(|it| it != exchange);
            }
            let moment = self.moment();
            for order in self.inspector.handle(&moment, input) {
                match order {
                    Order::Send { exchange, request, .. } => {
                        assert!(is_ours(&request.url), "{} is of the network", request.url);
                        self.open.push(exchange);
                        let said = self.demo.handle(&moment, exchange, &request);
                        inputs.extend(said.into_iter().map(|it| Input::Http(it.exchange, it.event)));
                    }
                    Order::Leave(url) | Order::Popup(url) => self.left = Some(url),
                    Order::Wake { alarm, after } => alarms.push((self.now + f64::from(after), alarm)),
                    Order::Abort(exchange) => self.open.retain(|it| *it != exchange),
                    Order::Limit { .. } | Order::Verify(_) | Order::Sign { .. } | Order::App(..) => {}
                }
            }
        }
    }

    fn connect(&mut self, edit: impl FnOnce(&mut Draft)) {
        let mut draft = Draft { server: SERVER.to_owned(), ..Draft::default() };
        edit(&mut draft);
        let settings = draft.settings().unwrap_or_else(|refusals| panic!("{refusals:?}"));
        self.input(Input::Demo(Box::new(settings)));
    }

    /// The audit of the demo's servers, as a page sees them.
    fn audit(fault: Option<Fault>) -> Audit {
        let mut play = Self::new(fault);
        let draft = Draft { server: SERVER.to_owned(), ..Draft::default() };
        let settings = draft.settings().unwrap_or_else(|refusals| panic!("{refusals:?}"));
        play.input(Input::Check(Box::new(settings)));
        assert_eq!(play.left, None, "nobody leaves for a login");
        Audit::of(play.inspector.trace()).expect("an audit")
    }

    /// What the login page makes of the address that the browser left for. The page is another document: what the
    /// servers know is what the storage holds.
    fn asked(&mut self) -> Asked {
        let kept = stored::write(&self.demo.state).expect("it can be written");
        self.demo.state = stored::read(&kept).expect("it can be read");
        let left = self.left.take().expect("the browser left");
        let query = left.strip_prefix(&self.demo.stage.authorize()).expect("for the login page").to_owned();
        self.demo.asked(&query)
    }

    fn answer(&mut self, allow: bool) {
        let Asked::Person(consent) = self.asked() else { panic!("nobody is asked") };
        let moment = self.moment();
        let url = match allow {
            true => self.demo.allowed(&moment, &consent, "Ada"),
            false => self.demo.denied(&consent),
        };
        let query = url.strip_prefix(&place().redirect_uri).expect("back to this page").to_owned();
        self.input(Input::Callback(Callback::parse(&query)));
    }

    /// Allows whatever is asked, until nothing is asked any more.
    fn allow_all(&mut self) -> u32 {
        let mut times = 0;
        while self.left.is_some() && times < 9 {
            self.answer(true);
            times += 1;
        }
        times
    }

    fn call(&mut self, tool: &str, arguments: &str) {
        self.input(Input::Ask(Ask { target: target(tool), arguments: arguments.to_owned() }));
    }

    fn result(&self, tool: &str) -> (Status, String) {
        let outcome = self.inspector.outcome(&target(tool)).expect("it was called");
        (outcome.status, outcome.result.as_deref().unwrap_or_default().to_owned())
    }

    /// The steps as text, without secrets.
    fn steps(&self) -> String {
        let steps = self.walkthrough().render(self.inspector.trace());
        assert!(self.inspector.grants().iter().all(|it| !steps.contains(it.access_token.expose().as_str())));
        steps
    }

    /// A run with a fault to its end: whoever is sent to a login allows all, or gives up where it leads nowhere.
    fn to_its_end(fault: Fault) -> Self {
        let mut play = Self::new(Some(fault));
        play.connect(|_| ());
        match Lesson::of(fault).ends {
            Ends::AtLogin(..) => play.input(Input::GiveUp),
            _ => drop(play.allow_all()),
        }
        play
    }

    fn walkthrough(&self) -> Walkthrough {
        Walkthrough::of(self.inspector.trace()).expect("an attempt")
    }
}

fn target(tool: &str) -> Target {
    Target { kind: ItemKind::Tools, key: tool.to_owned() }
}

fn connected(revision: &str) -> Play {
    let mut play = Play::new(None);
    play.connect(|it| it.revision = revision.to_owned());
    assert_eq!(play.inspector.phase(), Phase::Authorizing);
    assert_eq!(play.allow_all(), 1);
    assert_eq!(play.inspector.phase(), Phase::Connected, "{revision}");
    play
}

#[test]
fn every_revision_goes_through_all_twelve_steps() {
    for revision in ["auto", "2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"] {
        let play = connected(revision);
        for row in play.walkthrough().rows.iter().take_while(|it| it.step <= Step::Connected) {
            assert_eq!(row.status, StepStatus::Done, "{revision}: {}", row.step.name());
        }
        let spoken = play.inspector.connection().expect("connected").revision();
        assert_eq!(spoken.as_str(), if revision == "auto" { "2026-07-28" } else { revision });
        assert!(play.inspector.violations().is_empty(), "{revision}: {:?}", play.inspector.violations());
        for (kind, count) in
            [(ItemKind::Tools, 7), (ItemKind::Resources, 3), (ItemKind::Templates, 1), (ItemKind::Prompts, 2)]
        {
            assert_eq!(play.inspector.list(kind).map(|it| it.items.len()), Some(count), "{revision}: {kind:?}");
        }
    }
}

#[test]
fn the_tools_do_what_they_say_in_every_revision() {
    for revision in ["2026-07-28", "2025-11-25", "2025-03-26"] {
        let mut play = connected(revision);
        for (tool, arguments, status, words) in [
            ("echo", r#"{"message":"Ahoy"}"#, Status::Ok, "Ahoy"),
            ("echo", "{}", Status::RpcError, ""),
            ("add", r#"{"a":6,"b":3}"#, Status::Ok, "9"),
            ("divide", r#"{"a":6,"b":0}"#, Status::ToolError, "zero"),
            ("count_slowly", r#"{"to":3}"#, Status::Ok, "Counted to 3."),
            ("weather", "{}", Status::Ok, "Beaufort"),
        ] {
            play.call(tool, arguments);
            let (is, result) = play.result(tool);
            assert_eq!(is, status, "{revision}: {tool} {result}");
            assert!(result.contains(words), "{revision}: {tool} {result}");
        }
        assert!(play.inspector.violations().is_empty(), "{revision}: {:?}", play.inspector.violations());
    }
}

#[test]
fn a_tool_that_asks_gets_its_answer() {
    for revision in ["2026-07-28", "2025-11-25", "2025-06-18"] {
        let mut play = connected(revision);
        play.call("book_table", "{}");
        let question = play.inspector.questions().first().unwrap_or_else(|| panic!("{revision}: nobody asks")).number;
        assert_eq!(play.result("book_table").0, Status::NeedsInput, "{revision}");
        let content = r#"{"guests":3,"place":"outside","name":"Grace","dog":true}"#.to_owned();
        play.input(Input::Reply(question, Reply::Accept(content)));
        let (status, result) = play.result("book_table");
        assert_eq!(status, Status::Ok, "{revision}: {result}");
        assert!(
            result.contains("A table for 3 outside is kept for Grace. The dog is welcome."),
            "{revision}: {result}"
        );
    }
}

#[test]
fn a_tool_that_needs_more_scopes_leads_to_another_login_and_runs_again() {
    let mut play = connected("auto");
    play.call("read_diary", "{}");
    let question = play.inspector.questions().first().expect("a step-up").number;
    play.input(Input::Reply(question, Reply::Accept(String::new())));
    let Asked::Person(consent) = play.asked() else { panic!("nobody is asked") };
    let scopes: Vec<&str> = consent.scopes.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(scopes, ["mcp:use", "offline_access", "diary:read"]);
    let moment = play.moment();
    let url = play.demo.allowed(&moment, &consent, "Ada");
    play.input(Input::Callback(Callback::parse(url.split_once('?').expect("a query").1)));
    assert_eq!(play.inspector.phase(), Phase::Connected);
    assert!(play.result("read_diary").1.contains("Ada was the first"));
}

#[test]
fn a_denial_ends_as_one() {
    let mut play = Play::new(None);
    play.connect(|_| ());
    play.answer(false);
    assert_eq!(play.inspector.phase(), Phase::Failed);
    assert_eq!(play.inspector.problems()[0].code.as_str(), "access-denied");
}

#[test]
fn a_refresh_rotates_and_a_revocation_ends_the_token() {
    let mut play = connected("auto");
    let old = play.inspector.grant().and_then(|it| it.refresh_token.clone()).expect("a refresh token");
    play.input(Input::RefreshToken);
    let new = play.inspector.grant().and_then(|it| it.refresh_token.clone()).expect("a refresh token");
    assert!(old != new);
    play.call("echo", r#"{"message":"again"}"#);
    assert_eq!(play.result("echo").0, Status::Ok);
    play.input(Input::RevokeToken);
    assert!(play.inspector.grant().is_none());
    assert!(play.inspector.problems().is_empty());
    play.call("echo", r#"{"message":"no more"}"#);
    assert_eq!(play.inspector.phase(), Phase::Authorizing, "the token that was given back is refused");
}

#[test]
fn a_token_that_has_expired_is_refreshed_and_the_call_runs_again() {
    let mut play = connected("2025-11-25");
    play.now += 3_700_000.0;
    play.call("echo", r#"{"message":"an hour later"}"#);
    assert_eq!((play.inspector.phase(), play.result("echo").0), (Phase::Connected, Status::Ok));
    assert!(play.walkthrough().rows.iter().any(|it| it.step == Step::Refresh && it.status == StepStatus::Done));
}

#[test]
fn the_demo_button_begins_anew_with_whatever_fault() {
    let mut play = connected("auto");
    play.demo.stage = stage(Some(Fault::NoPkce));
    play.connect(|_| ());
    assert_eq!(play.inspector.problems()[0].code.as_str(), "pkce-unsupported");
}

#[test]
fn every_fault_ends_as_its_lesson_says() {
    for (fault, name, _) in Fault::ALL {
        let mut play = Play::new(Some(fault));
        play.connect(|_| ());
        let lesson = Lesson::of(fault);
        if let Ends::AtLogin(step, verdict) = lesson.ends {
            assert!(matches!(play.asked(), Asked::Refused(_)), "{name}");
            assert_eq!(play.walkthrough().row(step).and_then(|it| it.verdict()), Some(verdict), "{name}");
            play.input(Input::GiveUp);
            assert_eq!(play.inspector.problems()[0].code.as_str(), "access-denied", "{name}");
            continue;
        }
        play.allow_all();
        let problem = play.inspector.problems().first().map(|it| (it.code, problems::of(it).title));
        match lesson.ends {
            Ends::Problem(code) => {
                assert_eq!(problem.as_ref().map(|(it, _)| *it), Some(code), "{name}: {problem:?}");
                let ends = if code.ending() == flowglass::trace::problem::Ending::Refused {
                    Phase::Refused
                } else {
                    Phase::Failed
                };
                assert_eq!(play.inspector.phase(), ends, "{name}");
            }
            Ends::Connected(step, verdict) => {
                assert_eq!((play.inspector.phase(), problem), (Phase::Connected, None), "{name}");
                assert_eq!(play.walkthrough().row(step).and_then(|it| it.verdict()), Some(verdict), "{name}");
            }
            Ends::AtLogin(..) => {}
        }
        assert_eq!(play.inspector.busy(), 0, "{name} waits for something");
    }
}

#[test]
fn every_fault_is_told_in_its_steps() {
    let well = connected("auto");
    let mut text = format!("== no fault\nconnected\n{}\n", well.steps());
    for (fault, name, words) in Fault::ALL {
        let play = Play::to_its_end(fault);
        let problem = play.inspector.problems().first();
        let said = problem.map(|it| format!(" / {} / {}", it.code.as_str(), it.owner.words())).unwrap_or_default();
        text += &format!("== {name}: {words}\n{}{said}\n", play.inspector.phase().name());
        text += &format!("{}\n", golden::against(&well.steps(), &play.steps()));
        assert!(problem.is_some() || play.inspector.is_connected(), "{name}");
    }
    golden::check("faults.txt", &text);
}

#[test]
fn the_login_leads_nowhere_but_back_into_the_app() {
    let mut play = Play::new(None);
    play.connect(|_| ());
    let left = play.left.clone().expect("the browser left");
    let query = left.split_once('?').expect("a query").1;
    assert!(matches!(play.demo.asked(query), Asked::Person(_)));
    for (part, by) in [
        ("client_id=demo-", "client_id=x-"),
        ("redirect_uri=http%3A%2F%2Flocalhost", "redirect_uri=https%3A%2F%2Fevil.example"),
    ] {
        let changed = query.replace(part, by);
        assert!(changed != query && matches!(play.demo.asked(&changed), Asked::Refused(_)), "{by}");
    }
    assert!(matches!(play.demo.asked(&format!("{query}&redirect_uri=https%3A%2F%2Fevil.example")), Asked::Refused(_)));
    for (part, by) in [
        ("S256", "plain"),
        ("response_type=code", "response_type=token"),
        ("scope=", "scope=x+"),
        ("resource=https", "resource=http"),
    ] {
        let changed = query.replace(part, by);
        let Asked::Answered(url) = play.demo.asked(&changed) else { panic!("{by} was taken") };
        assert!(url.starts_with(&place().redirect_uri) && url.contains("error="), "{url}");
    }
}

#[test]
fn what_was_stopped_in_the_middle_is_over() {
    let mut play = connected("2025-11-25");
    play.call("book_table", "{}");
    assert_eq!(play.open.len(), 1);
    play.input(Input::Disconnect);
    assert!(play.open.is_empty() && play.inspector.busy() == 0);
}

#[test]
fn a_concealed_run_names_neither_its_fault_nor_its_cause() {
    for (fault, name, words) in Fault::ALL {
        let play = Play::to_its_end(fault);
        let concealed = play.walkthrough().concealed();
        let told = concealed.render(play.inspector.trace());
        assert!(!told.contains(name) && !told.contains(words), "{name}: {told}");
        if let Some(problem) = play.inspector.problems().first() {
            assert!(!told.contains(problem.code.as_str()), "{name}: {told}");
        }
        assert!(concealed.rows.iter().all(|row| row.verdict().is_none()), "{name}");
        // What was on the wire stays, and so does the step at which it ended.
        let kept = |it: &Walkthrough| it.rows.iter().map(|row| (row.status, row.exchanges.clone())).collect::<Vec<_>>();
        assert_eq!(kept(&concealed), kept(&play.walkthrough()), "{name}");
    }
}

/// Whom the page names: in the notice where something failed, else in what the rules say of that step.
fn blamed(play: &Play, ends: Ends) -> Vec<Owner> {
    let trace = play.inspector.trace();
    match (play.inspector.problems().first(), ends) {
        (Some(problem), _) => vec![why::owner(problem, why::of_problem(trace, problem).as_ref())],
        (None, Ends::Connected(step, _)) => {
            let found = play.walkthrough().row(step).map(|it| it.findings.clone()).unwrap_or_default();
            found.into_iter().map(|it| it.owner).collect()
        }
        (None, _) => Vec::new(),
    }
}

#[test]
fn every_lesson_blames_whom_the_page_blames() {
    for (fault, name, _) in Fault::ALL {
        let mut play = Play::new(Some(fault));
        play.connect(|_| ());
        let lesson = Lesson::of(fault);
        match lesson.ends {
            Ends::AtLogin(..) => play.input(Input::GiveUp),
            _ => drop(play.allow_all()),
        }
        let blamed = blamed(&play, lesson.ends);
        assert!(
            blamed.iter().all(|it| *it == lesson.owner),
            "{name}: {blamed:?}, and the lesson says {:?}",
            lesson.owner
        );
        assert_eq!(blamed.is_empty(), fault == Fault::NoResourceMetadata, "{name}: {blamed:?}");
        // The panel of the step says the same.
        let shown =
            play.walkthrough().rows.iter().filter_map(StepRow::shown_problem).all(|it| it.owner == lesson.owner);
        assert!(shown, "{name}");
    }
}

#[test]
fn where_nothing_is_wrong_nothing_warns() {
    for revision in ["auto", "2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"] {
        for row in connected(revision).walkthrough().rows {
            let warns = row.verdict().is_some_and(|it| it != Verdict::Pass);
            assert!(!warns, "{revision}: {} {:?} {:?}", row.step.name(), row.checks, row.findings);
        }
    }
}

fn problem_of(fault: Fault) -> Problem {
    let mut play = Play::new(Some(fault));
    play.connect(|_| ());
    play.allow_all();
    play.inspector.problems().first().expect("a problem").clone()
}

#[test]
fn a_problem_says_what_was_seen_and_cites_what_was_broken() {
    let html = problem_of(Fault::TokenAsHtml);
    let html = problems::of(&html);
    assert!(
        html.evidence.contains("text/html") && html.reason.contains("HTML page"),
        "{} {}",
        html.evidence,
        html.reason
    );
    assert!(problems::of(&problem_of(Fault::UnknownVersion)).reason.contains("not known"));
    assert_eq!(problem_of(Fault::ResourceRefused).clause, Some(Clause::ResourceIndicator));
    assert_eq!(problem_of(Fault::TokenRefused).clause, Some(Clause::TokenError));
    assert_eq!(problem_of(Fault::NoCode).clause, Some(Clause::AuthorizationResponse));
}

/// The lines that an audit without login finds a fault or a warning in.
fn found(audit: &Audit) -> Vec<&'static str> {
    audit.items.iter().filter(|it| it.verdict >= Judged::Warn).map(|it| it.line.id).collect()
}

#[test]
fn the_audit_of_the_demo_names_the_line_of_each_fault_that_shows_before_the_login() {
    let right = found(&Play::audit(None));
    let faults = [
        (Fault::HiddenChallenge, "S-7"),
        (Fault::NoResourceMetadata, "S-14"),
        (Fault::MetadataAtWrongPath, "S-24"),
        (Fault::ForeignResource, "S-28"),
        (Fault::WrongIssuer, "S-39"),
        (Fault::UnsafeEndpoint, "S-40"),
        (Fault::NoPkce, "S-42"),
        (Fault::NoRegistration, "S-55"),
        (Fault::TokenEndpointBlocked, "S-75"),
        (Fault::NoCors, "S-4"),
        (Fault::CorsMissingOnErrors, "S-4"),
    ];
    for (fault, line) in faults {
        let found = found(&Play::audit(Some(fault)));
        assert!(found.contains(&line) && !right.contains(&line), "{}: {found:?}, without: {right:?}", fault.name());
    }
}

#[test]
fn the_demo_without_a_fault_works_for_any_client_in_a_browser() {
    let audit = Play::audit(None);
    let verdicts = &audit.verdicts;
    assert_eq!((verdicts.any_client, verdicts.browser), (Judged::Pass, Judged::Pass), "{:?}", found(&audit));
    assert!(audit.items.iter().all(|it| it.verdict != Judged::Fail), "{:?}", found(&audit));
}
