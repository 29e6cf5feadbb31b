//! The product of all revisions, all ways to get a client id, and all that can go wrong: the walkthrough of each, as it
//! was reviewed (`tests/data/product`). `GOLDEN=write` writes what is new, to be read before it is committed.
//!
//! A file is a cell: first its success with all its steps, then each failure by what differs from that. What reads the
//! same in another file is only named.

#[path = "../golden/mod.rs"]
mod golden;
#[path = "../world/mod.rs"]
mod world;

mod case;
mod failures;

use case::{Asked, Case, SECRETS};
use failures::{Failure, Wrong};
use flowglass::base::revision::Revision;
use flowglass::explain::walkthrough::{StepStatus, Walkthrough};
use flowglass::explain::words::problems;
use flowglass::inspector::{Input, Phase};
use flowglass::mcp::question::Reply;
use flowglass::oauth::request::Callback;
use flowglass::trace::Exchange;
use flowglass::trace::problem::{Code, Problem};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::OnceLock;
use world::{Answer, SERVER, World};

/// No authorization that has a client id ends with these.
const NOT_HERE: [(Code, &str); 8] = [
    (Code::ClientSecretNewOrigin, "the user declines: tests/consent.rs"),
    (Code::EndpointLoopback, "what a public server may not name: tests/consent.rs"),
    (Code::EndpointOtherOrigin, "the user declines: tests/consent.rs"),
    (Code::KeyUnusable, "a client with a private key: tests/credentials.rs"),
    (Code::RedirectLoop, "redirects that come to no end: tests/flows.rs and src/inspector/probes.rs"),
    (Code::ServerNotListed, "what the host of the page lists: tests/listed.rs"),
    (Code::StorageFull, "a browser that keeps nothing: tests/authorization.rs"),
    (Code::Unauthorized, "a token given by hand was refused: there is no authorization at all"),
];

/// One attempt, to its end: whoever is sent to a login logs in.
fn play(case: Case, failure: Option<&'static Failure>) -> World<'static> {
    let gone = matches!(failure.map(|it| &it.wrong), Some(Wrong::Gone));
    let mut redeemed = false;
    let mut world = World::new(move |request| {
        redeemed |= case.asked(request) == Asked::Token;
        match failure.and_then(|it| it.answer(&case, request)) {
            _ if gone && redeemed && request.url == SERVER => Answer::Blocked,
            Some(answer) => answer,
            None => case.good(request),
        }
    });
    let set = failure.and_then(|it| if let Wrong::Set(edit) = it.wrong { Some(edit) } else { None });
    world.connect(case.settings(|draft| set.into_iter().for_each(|edit| edit(draft))));
    while world.inspector.waiting().is_some() && world.inspector.phase() == Phase::Authorizing {
        // The login is another page: of this one nothing is left but what it stored.
        world.reload();
        log_in(case, failure, &mut world);
    }
    if let Some(question) = world.inspector.questions().first().map(|it| it.number) {
        world.input(Input::Reply(question, Reply::Decline));
    }
    world
}

fn log_in(case: Case, failure: Option<&Failure>, world: &mut World<'_>) {
    let left = world.left.clone().unwrap_or_default();
    let there = left.starts_with(&format!("{}/authorize?", case.issuer()));
    match failure.map(|it| &it.wrong) {
        _ if !there => world.input(Input::GiveUp),
        Some(Wrong::GaveUp) => world.input(Input::GiveUp),
        Some(Wrong::Back(query)) => world.back(&query.replace("{issuer}", case.issuer())),
        Some(Wrong::BackTwice) => {
            world.back(&case.back());
            world.input(Input::Callback(Callback::parse("code=c0de&state=used")));
        }
        _ => world.back(&case.back()),
    }
}

/// The steps without the phase, which stands before them.
fn steps(world: &World<'_>) -> String {
    let rendered = world.render();
    rendered.split_once('\n').map(|(_, steps)| steps.to_owned()).unwrap_or_default()
}

fn success(case: Case) -> World<'static> {
    let world = play(case, None);
    let name = case.name();
    assert_eq!(world.inspector.phase(), Phase::Connected, "{name}: {}", world.render());
    assert_eq!((world.inspector.busy(), world.inspector.problems()), (0, &[][..]), "{name}");
    assert_eq!(world.inspector.violations(), [], "{name}");
    let spoken = world.inspector.connection().map(|it| it.revision());
    assert_eq!(spoken, Some(case.revision), "{name}");
    let attempt = Walkthrough::of(world.inspector.trace()).expect("an attempt");
    let open = attempt.rows.iter().find(|it| it.status != StepStatus::Done);
    assert_eq!(open.map(|it| it.step.name()), None, "{name}");
    world
}

/// The requests whose bodies the steps do not show.
fn sent(world: &World<'_>) -> String {
    let told = |it: &&Exchange| it.request.url.ends_with("/register") || it.request.url.ends_with("/token");
    let mut text = String::new();
    for exchange in world.inspector.trace().exchanges().filter(told) {
        let request = &exchange.request;
        let _ = writeln!(text, "{} {}", request.method.as_str(), request.url);
        for (name, value) in &request.headers {
            let _ = writeln!(text, "    {name}: {}", value.masked());
        }
        let body = request.body.as_ref().map(|it| it.masked()).unwrap_or_default();
        let _ = writeln!(text, "    {}", body.replace('&', "\n    &"));
    }
    text
}

/// What a failure says and shows, beside the success of its cell.
fn section(case: Case, failure: &'static Failure, well: &str) -> String {
    let world = play(case, Some(failure));
    let (name, steps) = (format!("{}, {}", case.name(), failure.name), steps(&world));
    let phase = world.inspector.phase();
    assert_eq!(world.inspector.busy(), 0, "{name} waits for something");
    let problem = world.inspector.problems().first().unwrap_or_else(|| panic!("{name} has no problem: {steps}"));
    assert!(matches!(phase, Phase::Failed | Phase::Refused), "{name} ends {phase:?}");
    let attempt = Walkthrough::of(world.inspector.trace()).expect("an attempt");
    let current = attempt.rows.iter().find(|it| it.status == StepStatus::Current);
    assert_eq!(current.map(|it| it.step.name()), None, "{name} is over, and a step goes on");
    let (code, owner) = failure.end(&case);
    let words = problems::of(problem);
    assert_eq!((problem.code, problem.owner), (code, owner), "{name}: {}\n{steps}", words.evidence);
    assert!(!words.title.is_empty() && !words.reason.is_empty() && !words.fix.is_empty(), "{name}");
    head(phase, problem, &steps) + &golden::against(well, &steps)
}

fn head(phase: Phase, problem: &Problem, steps: &str) -> String {
    let clause = problem.clause.map_or("no clause", |it| it.cite().0);
    let (code, owner) = (problem.code.as_str(), problem.owner.words());
    let mut text = format!("{} / {code} / {owner} / {clause}\n", phase.name());
    // Where no step failed, none has the facts.
    let facts = serde_json::to_string(&problem.cause).expect("JSON");
    if !steps.contains(&facts) {
        let _ = writeln!(text, "> {facts}");
    }
    text
}

/// A cell with its success, and with each failure that it can have.
struct Told {
    case: Case,
    success: String,
    failures: BTreeMap<&'static str, String>,
}

impl Told {
    fn of(case: Case) -> Self {
        let world = success(case);
        let well = steps(&world);
        let can_be = failures::all().filter(|it| it.when.holds(&case));
        let failures = can_be.map(|it| (it.name, section(case, it, &well))).collect();
        Self { case, success: format!("== success\n{}\n{}\n", world.render(), sent(&world)), failures }
    }

    /// The golden text: of what reads the same in a file before this one, only where.
    fn text(&self, before: &[Self]) -> String {
        let mut text = self.success.clone();
        for failure in failures::all() {
            let name = failure.name;
            let section = self.failures.get(name);
            let same = before.iter().find(|it| section.is_some() && it.failures.get(name) == section);
            let _ = match (section, same) {
                (None, _) => writeln!(text, "== {name}: {}", failure.when.words()),
                (_, Some(same)) => writeln!(text, "== {name}: as in {}", same.case.name()),
                (Some(section), None) => writeln!(text, "== {name}\n{section}"),
            };
        }
        text
    }
}

/// All cells, told once for all tests.
fn product() -> &'static [Told] {
    static PRODUCT: OnceLock<Vec<Told>> = OnceLock::new();
    PRODUCT.get_or_init(|| Case::all().into_iter().map(Told::of).collect())
}

fn check_all(revision: Revision) {
    for (at, told) in product().iter().enumerate().filter(|(_, it)| it.case.revision == revision) {
        let (name, text) = (told.case.name(), told.text(&product()[..at]));
        for secret in SECRETS {
            assert!(!text.contains(secret), "{name} shows {secret}");
        }
        golden::check(&format!("product/{name}.txt"), &text);
    }
}

#[test]
fn every_cell_of_2024_11_05() {
    check_all(Revision::R1);
}

#[test]
fn every_cell_of_2025_03_26() {
    check_all(Revision::R2);
}

#[test]
fn every_cell_of_2025_06_18() {
    check_all(Revision::R3);
}

#[test]
fn every_cell_of_2025_11_25() {
    check_all(Revision::R4);
}

#[test]
fn every_cell_of_2026_07_28() {
    check_all(Revision::R5);
}

#[test]
fn every_code_is_the_end_of_some_failure() {
    let ends: BTreeSet<&str> = failures::all()
        .flat_map(|it| it.except.iter().map(|it| it.code).chain([it.code]))
        .chain(NOT_HERE.map(|(code, _)| code))
        .map(Code::as_str)
        .collect();
    let missing: Vec<&str> = Code::ALL.iter().map(|(_, name, _)| *name).filter(|it| !ends.contains(it)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn no_failure_is_there_twice_and_every_exception_has_a_reason() {
    let names: BTreeSet<&str> = failures::all().map(|it| it.name).collect();
    assert_eq!(names.len(), failures::all().count());
    assert!(failures::all().flat_map(|it| it.except).all(|it| !it.why.is_empty()));
}

#[test]
fn every_golden_file_is_a_cell() {
    let folder = format!("{}/tests/data/product", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).expect("the folder").map(|it| it.expect("a file").file_name());
    let files: BTreeSet<String> = files.map(|it| it.to_string_lossy().into_owned()).collect();
    let cells: BTreeSet<String> = Case::all().iter().map(|it| format!("{}.txt", it.name())).collect();
    assert_eq!(files, cells);
}
