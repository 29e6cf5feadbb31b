//! Step mode, hand-over, and what the user sets instead of what discovery finds: the same engine, with the user in it.

mod world;

use flowglass::explain::walkthrough::Walkthrough;
use flowglass::http::{Method, Request};
use flowglass::inspector::{Edited, Input, Inspector, Offer, Phase, Place};
use flowglass::settings::Draft;
use flowglass::trace::Event;
use flowglass::trace::problem::Owner;
use flowglass::trace::step::Step;
use serde_json::{Value, json};
use std::cell::RefCell;
use world::{Answer, World, good, json_answer, resource_metadata, server_metadata, settings};

const BACK: &str = "code=c0de&state={state}&iss={iss}";
const METADATA: &str = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";
const ISSUER_METADATA: &str = "https://login.example.com/.well-known/oauth-authorization-server";
const REGISTER: &str = "https://login.example.com/register";
const TOKEN: &str = "https://login.example.com/token";

fn stepping(draft: &mut Draft) {
    draft.step_mode = true;
}

fn paused(world: &World<'_>) -> Option<Step> {
    world.inspector.paused().map(|it| it.step)
}

fn go(world: &mut World<'_>) {
    world.input(Input::Proceed(None));
}

/// Lets everything go until the step is the one that waits.
fn until(world: &mut World<'_>, step: Step) {
    while paused(world).is_some_and(|it| it != step) {
        go(world);
    }
    assert_eq!(paused(world), Some(step));
}

fn rendered(world: &World<'_>) -> String {
    let trace = world.inspector.trace();
    Walkthrough::of(trace).map(|it| it.render(trace)).unwrap_or_default()
}

fn code(world: &World<'_>) -> &'static str {
    world.inspector.problems().first().map(|it| it.code.as_str()).unwrap_or_default()
}

fn with<'a>(url: &'static str, mut answer: impl FnMut(&Request) -> Answer + 'a) -> World<'a> {
    World::new(move |request| if request.url == url { answer(request) } else { good(request) })
}

fn edited(mut document: Value, name: &str, value: Value) -> Value {
    document[name] = value;
    document
}

#[test]
fn every_request_waits_from_the_first_to_the_one_with_the_token_and_nothing_is_sent_before() {
    let asked = RefCell::new(Vec::new());
    let mut world = World::new(|request| {
        asked.borrow_mut().push(request.url.clone());
        good(request)
    });
    world.connect(settings(stepping));
    let mut steps = Vec::new();
    while let Some(step) = paused(&world) {
        let phase = if step == Step::McpRequest { Phase::Connecting } else { Phase::Authorizing };
        assert_eq!((world.inspector.phase(), world.inspector.busy()), (phase, 0));
        let before = asked.borrow().len();
        steps.push(step);
        go(&mut world);
        let sent = asked.borrow().len() - before;
        assert_eq!(sent, usize::from(step != Step::Authorize), "{}", step.name());
    }
    let discovery = [Step::McpRequest, Step::ResourceMetadata, Step::ServerMetadata];
    assert_eq!(steps, [discovery.as_slice(), &[Step::Registration, Step::Authorize]].concat());
    world.back(BACK);
    assert_eq!(paused(&world), Some(Step::TokenRequest));
    go(&mut world);
    assert_eq!(paused(&world), Some(Step::McpRequestWithToken));
    while paused(&world) == Some(Step::McpRequestWithToken) {
        go(&mut world);
    }
    assert_eq!((paused(&world), world.inspector.phase()), (None, Phase::Connected));
}

#[test]
fn a_stepped_run_and_an_automatic_one_are_drawn_alike() {
    let run = |edit: fn(&mut Draft)| {
        let mut world = World::new(good);
        world.connect(settings(edit));
        while paused(&world).is_some() {
            go(&mut world);
        }
        world.back(BACK);
        while paused(&world).is_some() {
            go(&mut world);
        }
        rendered(&world)
    };
    assert_eq!(run(stepping), run(|_| ()));
}

#[test]
fn a_pause_survives_a_reload() {
    let mut world = World::new(good);
    world.connect(settings(stepping));
    until(&mut world, Step::Registration);
    world.reload();
    assert_eq!((paused(&world), world.inspector.phase()), (Some(Step::Registration), Phase::Authorizing));
    until(&mut world, Step::Authorize);
    go(&mut world);
    world.back(BACK);
    world.reload();
    until(&mut world, Step::TokenRequest);
    go(&mut world);
    assert_eq!(paused(&world), Some(Step::McpRequestWithToken));
    world.reload();
    assert_eq!(paused(&world), Some(Step::McpRequestWithToken));
    while paused(&world).is_some() {
        go(&mut world);
    }
    assert_eq!(world.inspector.phase(), Phase::Connected);
    // What was let go once is not paused again by a reload.
    world.reload();
    world.connect(settings(stepping));
    assert_eq!((paused(&world), world.inspector.phase()), (None, Phase::Connected));
}

#[test]
fn a_first_request_that_was_changed_goes_out_changed_and_stopping_before_it_ends_the_attempt() {
    let mut world = World::new(good);
    world.connect(settings(stepping));
    let held = world.inspector.paused().expect("paused").request.clone();
    let changed = Edited { headers: format!("{}\nX-Trace: 1", Edited::of(&held).headers), ..Edited::of(&held) };
    world.input(Input::Proceed(Some(Box::new(changed))));
    assert!(rendered(&world).contains("edited parts=[\"headers\"]"));

    let mut world = World::new(good);
    world.connect(settings(stepping));
    world.input(Input::StopHere);
    assert_eq!((world.inspector.phase(), code(&world)), (Phase::Failed, "access-denied"));
    assert_eq!(world.inspector.problems().first().and_then(|it| it.step), Some(Step::McpRequest));
    assert!(world.inspector.trace().exchanges().next().is_none());
}

#[test]
fn a_paused_login_is_none_that_waits_for_its_callback() {
    let mut world = World::new(good);
    world.connect(settings(stepping));
    until(&mut world, Step::Authorize);
    assert!(world.inspector.waiting().is_none() && world.left.is_none());
    go(&mut world);
    assert!(world.inspector.waiting().is_some() && world.left.is_some());
}

#[test]
fn the_body_of_a_registration_can_be_changed_and_the_trace_says_so() {
    let bodies = RefCell::new(Vec::new());
    let mut world = with(REGISTER, |request| {
        bodies.borrow_mut().push(request.body.as_ref().map(|it| it.expose()).unwrap_or_default());
        good(request)
    });
    world.connect(settings(stepping));
    until(&mut world, Step::Registration);
    let held = world.inspector.paused().expect("paused").request.clone();
    let changed = Edited { body: r#"{"client_name":"Mine"}"#.to_owned(), ..Edited::of(&held) };
    world.input(Input::Proceed(Some(Box::new(changed))));
    assert_eq!(bodies.borrow().as_slice(), [r#"{"client_name":"Mine"}"#]);
    assert!(rendered(&world).contains("edited parts=[\"body\"]"));
}

#[test]
fn an_address_that_is_not_safe_stays_paused() {
    let mut world = World::new(good);
    world.connect(settings(stepping));
    let held = world.inspector.paused().expect("paused").request.clone();
    let changed = Edited { url: "javascript:alert(1)".to_owned(), ..Edited::of(&held) };
    world.input(Input::Proceed(Some(Box::new(changed))));
    assert_eq!(paused(&world), Some(Step::McpRequest));
}

#[test]
fn the_rest_can_run_by_itself_and_the_next_attempt_pauses_again() {
    let mut world = World::new(good);
    world.connect(settings(stepping));
    world.input(Input::GoOnByItself);
    assert!(world.left.is_some());
    // The login unloads the page, and what was chosen lasts.
    world.reload();
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Connected);
    world.input(Input::Disconnect);
    world.connect(settings(|it| (it.server, it.step_mode) = ("https://mcp.example.com/mcp".to_owned(), true)));
    assert_eq!(paused(&world), Some(Step::McpRequestWithToken));
    while paused(&world).is_some() {
        go(&mut world);
    }
    assert_eq!(world.inspector.phase(), Phase::Connected, "the token is still good");
}

#[test]
fn stopping_at_a_pause_ends_the_attempt_there() {
    let mut world = World::new(good);
    world.connect(settings(stepping));
    until(&mut world, Step::Registration);
    world.input(Input::StopHere);
    assert_eq!((world.inspector.phase(), code(&world)), (Phase::Failed, "access-denied"));
    assert_eq!(world.inspector.problems().first().and_then(|it| it.step), Some(Step::Registration));
    assert_eq!(paused(&world), None);
}

fn two_issuers(request: &Request) -> Answer {
    let second = "https://second.example/.well-known/oauth-authorization-server";
    match request.url.as_str() {
        METADATA => {
            let named = json!(["https://login.example.com", "https://second.example"]);
            json_answer(200, edited(resource_metadata(), "authorization_servers", named))
        }
        url if url == second => json_answer(200, edited(server_metadata(), "issuer", json!("https://second.example"))),
        _ => good(request),
    }
}

#[test]
fn d_04_of_several_authorization_servers_the_first_is_taken_and_said() {
    let mut world = World::new(two_issuers);
    world.connect(settings(|_| ()));
    assert!(rendered(&world).contains("pass authorization-servers count=2"));
    assert!(rendered(&world).contains("used=\"https://login.example.com\""));
}

#[test]
fn d_04_another_one_can_be_chosen_in_step_mode_and_by_a_setting() {
    let mut world = World::new(two_issuers);
    world.connect(settings(stepping));
    until(&mut world, Step::ServerMetadata);
    assert_eq!(world.inspector.choices().len(), 2);
    world.input(Input::Choose("https://nobody.example".to_owned()));
    world.input(Input::Choose("https://second.example".to_owned()));
    let address = world.inspector.paused().map(|it| it.request.url.clone());
    assert_eq!(address.as_deref(), Some("https://second.example/.well-known/oauth-authorization-server"));

    let mut world = World::new(two_issuers);
    world.connect(settings(|it| it.issuer = "https://second.example".to_owned()));
    let wait = world.inspector.waiting().expect("it waits");
    assert_eq!(wait.server.issuer, "https://second.example");
}

#[test]
fn d_21_a_secret_typed_for_one_authorization_server_is_shown_to_no_other() {
    let asked = RefCell::new(Vec::new());
    let mut world = World::new(|request| {
        asked.borrow_mut().push(request.url.clone());
        good(request)
    });
    world.connect(settings(|it| {
        (it.client_id, it.client_secret) = ("me".to_owned(), "geheim".to_owned());
        it.issuer = "https://mine.example".to_owned();
    }));
    // Nothing is at the one that was set, and the one that the server names is not asked in its place.
    assert_eq!((world.inspector.phase(), code(&world)), (Phase::Failed, "metadata-invalid"));
    assert_eq!((world.left.as_deref(), world.inspector.problems()[0].owner), (None, Owner::You));
    assert!(!asked.borrow().iter().any(|it| it.contains("login.example.com")), "{:?}", asked.borrow());
}

#[test]
fn d_06_without_resource_metadata_the_authorization_server_that_was_set_is_asked() {
    let mut world = World::new(|request| match request.url.contains("oauth-protected-resource") {
        true => json_answer(404, Value::Null),
        false => good(request),
    });
    world.connect(settings(|it| it.issuer = "https://login.example.com".to_owned()));
    assert_eq!(world.inspector.waiting().map(|it| it.server.issuer.as_str()), Some("https://login.example.com"));
}

#[test]
fn endpoints_that_were_set_take_the_place_of_those_in_the_metadata() {
    let mut world = World::new(good);
    world.connect(settings(|it| it.authorization_endpoint = "https://login.example.com/other".to_owned()));
    assert!(world.left.as_deref().is_some_and(|it| it.starts_with("https://login.example.com/other?")));
    assert!(rendered(&world).contains("set-by-hand members=[\"authorization_endpoint"));
}

#[test]
fn with_both_endpoints_set_no_metadata_is_asked_for() {
    let asked = RefCell::new(Vec::new());
    let mut world = World::new(|request| {
        asked.borrow_mut().push(request.url.clone());
        good(request)
    });
    world.connect(settings(|it| {
        it.client_id = "me".to_owned();
        it.authorization_endpoint = "https://login.example.com/a".to_owned();
        it.token_endpoint = TOKEN.to_owned();
    }));
    assert!(world.left.is_some());
    assert!(!asked.borrow().iter().any(|it| it.contains("oauth-authorization-server")));
}

#[test]
fn d_24_the_resource_can_be_forced_and_left_out() {
    let left = |mode: &'static str| {
        let mut world = with(METADATA, |_| {
            json_answer(200, edited(resource_metadata(), "resource", json!("https://mcp.example.com")))
        });
        world.connect(settings(|it| it.resource = mode.to_owned()));
        world.left.unwrap_or_default()
    };
    assert!(left("auto").contains("&resource=https%3A%2F%2Fmcp.example.com&"));
    assert!(left("address").contains("&resource=https%3A%2F%2Fmcp.example.com%2Fmcp&"));
    assert!(!left("none").contains("resource="));
}

#[test]
fn d_33_the_way_to_authenticate_can_be_set() {
    let sent = RefCell::new(String::new());
    let mut world = with(TOKEN, |request| {
        *sent.borrow_mut() = request.body.as_ref().map(|it| it.expose()).unwrap_or_default();
        good(request)
    });
    world.connect(settings(|it| {
        (it.client_id, it.client_secret) = ("me".to_owned(), "geheim".to_owned());
        it.token_auth = "client_secret_post".to_owned();
    }));
    world.back(BACK);
    assert!(sent.borrow().ends_with("&client_id=me&client_secret=geheim"), "{}", sent.borrow());
}

/// The command that is handed over.
fn handed<'a>(world: &'a World<'_>) -> Option<&'a Request> {
    match &world.inspector.hand_over()?.offer {
        Offer::Command(request) => Some(request),
        Offer::Login => None,
    }
}

/// A request is blocked, the user brings the answer, and the flow goes on.
#[test]
fn what_the_browser_blocks_can_be_handed_over() {
    let blocked =
        |url: &'static str| World::new(move |request| if request.url == url { Answer::Blocked } else { good(request) });
    let (metadata, resource) = (server_metadata().to_string(), resource_metadata().to_string());
    let cases = [
        (METADATA, Step::ResourceMetadata, resource.as_str()),
        (ISSUER_METADATA, Step::ServerMetadata, metadata.as_str()),
        (REGISTER, Step::Registration, r#"{"client_id":"by-curl"}"#),
    ];
    for (url, step, answer) in cases {
        let mut world = blocked(url);
        world.connect(settings(|_| ()));
        assert_eq!(world.inspector.phase(), Phase::Failed, "{url}");
        assert_eq!(world.inspector.hand_over().map(|it| it.step), Some(step));
        assert_eq!(handed(&world).map(|it| it.url.as_str()), Some(url));
        world.reload();
        assert_eq!((world.inspector.phase(), handed(&world).is_some()), (Phase::Failed, true), "{url}");
        world.input(Input::Paste(answer.to_owned()));
        let pasted = |it: &flowglass::trace::Entry| matches!(&it.event, Event::Pasted { step: it, .. } if *it == step);
        assert!(world.inspector.trace().entries().iter().any(pasted), "{url}");
        world.back(BACK);
        assert_eq!(world.inspector.phase(), Phase::Connected, "{url}");
    }
}

/// A world whose token endpoint no page may read, back from its login; and how often a POST came there.
fn redeemed(posts: &RefCell<usize>) -> World<'_> {
    let mut world = with(TOKEN, |request| {
        *posts.borrow_mut() += usize::from(request.method == Method::Post);
        Answer::Blocked
    });
    world.connect(settings(|_| ()));
    world.back(BACK);
    world
}

#[test]
fn a_blocked_token_request_is_handed_over_with_the_code_of_another_login() {
    let posts = RefCell::new(0);
    let mut world = redeemed(&posts);
    // The server has redeemed this code: no command with it can work.
    assert_eq!((world.inspector.phase(), *posts.borrow(), handed(&world).is_none()), (Phase::Failed, 1, true));
    assert!(world.inspector.hand_over().is_some_and(|it| it.step == Step::TokenRequest && it.offer == Offer::Login));
    world.reload();
    world.input(Input::LogInToHandOver);
    assert_eq!((world.inspector.phase(), world.inspector.problems().len()), (Phase::Authorizing, 0));
    world.reload();
    world.back("code=fresh&state={state}&iss={iss}");
    assert_eq!((world.inspector.phase(), *posts.borrow()), (Phase::Authorizing, 1), "the code is not used");
    world.reload();
    assert!(world.inspector.awaits_hand_over() && world.inspector.problems().is_empty());
    let body = handed(&world).and_then(|it| it.body.as_ref()).map(|it| it.expose()).unwrap_or_default();
    assert!(body.contains("code=fresh") && body.contains("code_verifier="), "{body}");
    assert!(rendered(&world).contains("- code-held-back"));
    world.input(Input::Paste(r#"{"access_token":"t-1","token_type":"Bearer"}"#.to_owned()));
    assert_eq!((world.inspector.phase(), *posts.borrow()), (Phase::Connected, 1));
    assert!(world.inspector.hand_over().is_none());
}

#[test]
fn a_hand_over_that_waits_can_be_ended() {
    let posts = RefCell::new(0);
    let mut world = redeemed(&posts);
    world.input(Input::LogInToHandOver);
    world.back(BACK);
    world.input(Input::StopHere);
    assert_eq!((world.inspector.phase(), code(&world)), (Phase::Failed, "access-denied"));
    assert!(world.inspector.hand_over().is_none());
}

#[test]
fn a_pasted_refusal_is_a_refusal_and_can_be_tried_again() {
    let posts = RefCell::new(0);
    let mut world = redeemed(&posts);
    world.input(Input::LogInToHandOver);
    world.back(BACK);
    world.input(Input::Paste(r#"{"error":"invalid_grant"}"#.to_owned()));
    assert_eq!((world.inspector.phase(), code(&world)), (Phase::Failed, "token-refused"));
    assert!(world.inspector.hand_over().is_some_and(|it| it.can_log_in()));
    world.input(Input::Paste(r#"{"access_token":"t-1","token_type":"Bearer"}"#.to_owned()));
    assert_eq!(world.inspector.phase(), Phase::Connected);
}

#[test]
fn a_login_that_refuses_the_client_can_be_tried_with_a_new_registration() {
    let registered = RefCell::new(0);
    let mut world = with(REGISTER, |request| {
        *registered.borrow_mut() += 1;
        good(request)
    });
    world.connect(settings(|_| ()));
    world.input(Input::Again);
    assert_eq!(*registered.borrow(), 1);
    world.input(Input::AgainAnew);
    assert_eq!(*registered.borrow(), 2);
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Connected);
}

#[test]
fn where_the_browser_keeps_nothing_the_page_is_not_left_for_the_login() {
    for (forgetful, popup) in [(false, false), (true, true)] {
        let mut world = World::new(good);
        world.inspector = Inspector::new(Place { forgetful, ..world::place() });
        world.connect(settings(|_| ()));
        assert!(world.left.is_some());
        assert_eq!((world.inspector.uses_popup(), world.inspector.saved().popup), (popup, popup));
        assert_eq!(rendered(&world).contains("- popup-without-storage"), popup, "{}", rendered(&world));
    }
}
