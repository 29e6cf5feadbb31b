//! Relays of the host: what goes through them, what of it is said, and who is responsible where they fail.

mod world;

use flowglass::export::Export;
use flowglass::http::relay::Relay;
use flowglass::http::{HttpError, Method, Request};
use flowglass::inspector::{Input, Phase};
use flowglass::mcp::question::{QuestionKind, Reply, Transfer};
use flowglass::settings::Settings;
use flowglass::trace::note::Note;
use flowglass::trace::problem::{Code, Owner};
use flowglass::trace::{Event, RedactedTrace};
use std::cell::RefCell;
use std::rc::Rc;
use world::{Answer, World, good, settings};

const PAGE: &str = "http://localhost:3000";
const BACK: &str = "code=c0de&state={state}&iss={iss}";
const SERVER: (&str, &str) = ("https://mcp.example.com", "/relay/mcp");
const ISSUER: (&str, &str) = ("https://login.example.com", "/relay/login/");

type Sent = Rc<RefCell<Vec<String>>>;

/// A world whose host has these relays, and what was fetched in it.
fn world(relays: &[(&str, &str)], answer: fn(&Request) -> Answer) -> (World<'static>, Sent) {
    let sent = Sent::default();
    let urls = Rc::clone(&sent);
    let mut world = World::new(move |request: &Request| {
        urls.borrow_mut().push(request.fetched().into_owned());
        answer(request)
    });
    world.consents = false;
    let relay = |(origin, to): &(&str, &str)| Relay { origin: (*origin).to_owned(), to: (*to).to_owned() };
    world.input(Input::Relays(relays.iter().map(relay).collect()));
    (world, sent)
}

fn server() -> Settings {
    settings(|_| ())
}

fn with_bearer() -> Settings {
    settings(|it| it.bearer = "geheim".to_owned())
}

/// How it ended, and who is responsible.
fn end(world: &World<'_>) -> (Phase, Option<(Code, Owner)>) {
    (world.inspector.phase(), world.inspector.problems().first().map(|it| (it.code, it.owner)))
}

fn notes(world: &World<'_>) -> Vec<Note> {
    let entries = world.inspector.trace().entries().iter();
    let noted = entries.filter_map(|it| match &it.event {
        Event::Noted { note: note @ Note::Relayed { .. }, .. } => Some(note.clone()),
        _ => None,
    });
    noted.collect()
}

#[test]
fn a_login_goes_through_the_relays_and_the_real_urls_stay() {
    let (mut world, sent) = world(&[SERVER, ISSUER], good);
    world.connect(server());
    assert!(world.left.as_deref().is_some_and(|it| it.starts_with("https://login.example.com/authorize?")));
    assert!(world.left.as_deref().is_some_and(|it| it.contains("resource=https%3A%2F%2Fmcp.example.com%2Fmcp")));
    world.back(BACK);
    assert_eq!(end(&world), (Phase::Connected, None));
    assert!(sent.borrow().contains(&format!("{PAGE}/relay/login/token")), "{sent:?}");
    assert!(sent.borrow().iter().all(|it| it.starts_with(&format!("{PAGE}/relay/"))), "{sent:?}");
    for exchange in world.inspector.trace().exchanges() {
        assert!(!exchange.request.url.starts_with(PAGE), "{}", exchange.request.url);
        assert_eq!(exchange.request.via.is_some(), !exchange.navigation, "{}", exchange.request.url);
        assert!(!exchange.request.needs_preflight(), "{}", exchange.request.url);
    }
}

#[test]
fn what_a_relay_is_is_said_once_for_each_origin() {
    let (mut world, _) = world(&[SERVER, ISSUER], good);
    world.connect(server());
    world.back(BACK);
    let note = |origin: &str, to: &str| Note::Relayed { origin: origin.to_owned(), relay: format!("{PAGE}{to}") };
    assert_eq!(notes(&world), [note(SERVER.0, "/relay/mcp"), note(ISSUER.0, "/relay/login")]);
}

#[test]
fn an_origin_that_is_not_listed_and_the_demo_are_not_relayed() {
    let (mut world, sent) = world(&[SERVER, ("https://mcp.flowglass.invalid", "/relay/demo")], good);
    world.connect(server());
    world.back(BACK);
    assert!(sent.borrow().contains(&"https://login.example.com/token".to_owned()), "{sent:?}");
    let demo = settings(|it| it.server = flowglass::base::simulated::SERVER.to_owned());
    world.input(Input::Demo(Box::new(demo)));
    assert_eq!(sent.borrow().last().map(String::as_str), Some(flowglass::base::simulated::SERVER));
}

#[test]
fn exports_name_the_relay_beside_the_real_url() {
    let (mut world, _) = world(&[SERVER, ISSUER], good);
    world.connect(server());
    world.back(BACK);
    let trace = RedactedTrace::of(world.inspector.trace());
    assert!(Export::Har.write(&trace, 0.0).contains("Relayed by http://localhost:3000/relay/login."));
    let report = Export::Markdown.write(&trace, 0.0);
    assert!(
        report.contains("`https://login.example.com/token` → 200")
            && report.contains("relayed by `http://localhost:3000/relay/login`")
    );
}

#[test]
fn a_relay_that_fails_is_the_hosts_and_nothing_is_asked_of_the_server() {
    let failures: [fn(&Request) -> Answer; 5] = [
        |_| Answer::Blocked,
        |_| Answer::Text(502, "text/html", "Bad Gateway"),
        |_| Answer::Text(504, "text/plain", ""),
        // A static host: no POST, and its page for everything else.
        |request| match request.method {
            Method::Get => Answer::Text(200, "text/html", "<title>Flowglass</title>"),
            _ => Answer::Text(405, "text/html", "Not Allowed"),
        },
        |_| Answer::Text(200, "text/html; charset=utf-8", "<title>Flowglass</title>"),
    ];
    for (index, failure) in failures.into_iter().enumerate() {
        for pinned in ["auto", "2025-11-25", "2026-07-28"] {
            let (mut world, sent) = world(&[SERVER], failure);
            world.connect(settings(|it| it.revision = pinned.to_owned()));
            assert_eq!(end(&world), (Phase::Failed, Some((Code::Unreachable, Owner::Host))), "{index} {pinned}");
            assert!(sent.borrow().iter().all(|it| it.starts_with(PAGE)), "no probe: {sent:?}");
        }
    }
}

#[test]
fn a_relay_that_fails_in_a_login_is_the_hosts_too() {
    let failures: [fn() -> Answer; 3] =
        [|| Answer::Blocked, || Answer::Text(502, "text/html", ""), || Answer::Text(404, "text/html", "")];
    for failure in failures {
        let sent = Sent::default();
        let urls = Rc::clone(&sent);
        let mut world = World::new(move |request: &Request| {
            urls.borrow_mut().push(request.fetched().into_owned());
            if request.url.ends_with("/token") { failure() } else { good(request) }
        });
        let relay = Relay { origin: ISSUER.0.to_owned(), to: ISSUER.1.to_owned() };
        world.input(Input::Relays(vec![relay]));
        world.connect(server());
        world.back(BACK);
        assert_eq!(end(&world), (Phase::Failed, Some((Code::Unreachable, Owner::Host))));
        assert_eq!(sent.borrow().iter().filter(|it| it.ends_with("/token")).count(), 1, "{sent:?}");
    }
}

#[test]
fn a_response_of_the_server_stays_the_servers() {
    let (mut world, _) = world(&[SERVER], |_| Answer::Text(500, "text/plain", "down"));
    world.connect(server());
    assert_eq!(end(&world), (Phase::Failed, Some((Code::HttpStatus, Owner::Server))));
    let (mut direct, _) = self::world(&[], |_| Answer::Blocked);
    direct.connect(server());
    assert_eq!(end(&direct).1.map(|it| it.1), Some(Owner::Network), "without a relay probes look into it");
}

#[test]
fn a_redirect_is_looked_into_through_the_relay() {
    let (mut world, sent) = world(&[SERVER], |request| match request.method {
        Method::Get => Answer::Redirected("http://localhost:3000/relay/mcp/mcp/", serde_json::json!({})),
        _ => Answer::Failed(HttpError::Redirected),
    });
    world.connect(with_bearer());
    assert_eq!(end(&world).1.map(|it| it.0), Some(Code::Redirected));
    assert!(sent.borrow().iter().all(|it| it.starts_with(&format!("{PAGE}/relay/mcp/"))), "{sent:?}");
    let cause = format!("{:?}", world.inspector.problems().first().map(|it| it.cause.clone()));
    assert!(cause.contains("https://mcp.example.com/mcp/"), "{cause}");
}

#[test]
fn a_relay_of_another_origin_gets_no_secret_before_the_user_agreed() {
    let elsewhere = [(SERVER.0, "https://relay.example.com/mcp")];
    let (mut world, sent) = world(&elsewhere, good);
    world.connect(with_bearer());
    let question = world.inspector.questions().first().map(|it| (it.kind, it.number, Transfer::read(&it.params)));
    let (kind, number, transfer) = question.expect("a question");
    assert_eq!((kind, transfer.by_relay, sent.borrow().len()), (QuestionKind::Secret, true, 0));
    assert_eq!((transfer.typed_for.as_str(), transfer.to.as_str()), (SERVER.0, "https://relay.example.com"));
    world.input(Input::Reply(number, Reply::Decline));
    assert_eq!(
        (end(&world), sent.borrow().len()),
        ((Phase::Refused, Some((Code::ClientSecretNewOrigin, Owner::You))), 0)
    );
    world.consents = true;
    world.connect(with_bearer());
    world.consents = false;
    assert!(
        sent.borrow().iter().all(|it| it.starts_with("https://relay.example.com/mcp/")) && !sent.borrow().is_empty()
    );
    world.connect(with_bearer());
    assert!(world.inspector.questions().is_empty(), "asked once a tab");
}

#[test]
fn before_a_login_through_a_relay_of_another_origin_the_user_is_asked() {
    let (mut world, sent) = world(&[(ISSUER.0, "https://relay.example.com/login")], good);
    world.connect(server());
    assert_eq!(
        (world.inspector.questions().first().map(|it| it.kind), &world.left),
        (Some(QuestionKind::Secret), &None)
    );
    let number = world.inspector.questions()[0].number;
    world.input(Input::Reply(number, Reply::Accept(String::new())));
    assert!(world.left.is_some());
    world.back(BACK);
    assert_eq!(end(&world), (Phase::Connected, None));
    assert!(sent.borrow().contains(&"https://relay.example.com/login/token".to_owned()), "{sent:?}");
}

#[test]
fn the_endpoint_of_http_sse_is_relative_to_the_real_url() {
    let (mut world, sent) = world(&[SERVER], |request| {
        if request.url.starts_with("https://mcp.example.com/") {
            world::served(request, Some(flowglass::base::revision::Revision::R1))
        } else {
            good(request)
        }
    });
    world.connect(server());
    assert_eq!(end(&world), (Phase::Connected, None));
    let endpoint = format!("{PAGE}/relay/mcp/messages?session=1");
    assert!(sent.borrow().contains(&endpoint), "{sent:?}");
}
