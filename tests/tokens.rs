//! The life of a token after the login: refresh, more scopes, revocation, against servers that are functions.

mod world;

use flowglass::explain::walkthrough::{StepStatus, Walkthrough};
use flowglass::http::Request;
use flowglass::inspector::{Input, Phase};
use flowglass::mcp::connection::{Ask, Target};
use flowglass::mcp::model::ItemKind;
use flowglass::mcp::question::Reply;
use flowglass::oauth::request::Callback;
use flowglass::trace::step::Step;
use serde_json::{Value, json};
use std::cell::RefCell;
use world::{Answer, SERVER, World, good, json_answer, mcp, resource_metadata, server_metadata, settings};

const BACK: &str = "code=c0de&state={state}&iss={iss}";
const TOKEN: &str = "https://login.example.com/token";
const REVOKE: &str = "https://login.example.com/revoke";

/// What the servers think of tokens, changed by the test as it goes.
#[derive(Default)]
struct Minds {
    /// The token that the MCP server takes; any before the test says so.
    good: Option<&'static str>,
    /// Scopes that a call needs.
    wanted: Option<&'static str>,
    /// What the token endpoint answers to a refresh.
    refresh: Option<(u16, Value)>,
    /// Forms that the token and revocation endpoints were sent.
    forms: Vec<String>,
}

fn servers(minds: &RefCell<Minds>) -> impl FnMut(&Request) -> Answer + '_ {
    move |request| {
        let mut minds = minds.borrow_mut();
        let body = request.body.as_ref().map(|it| it.expose()).unwrap_or_default();
        match request.url.as_str() {
            "https://login.example.com/.well-known/oauth-authorization-server" => {
                let mut document = server_metadata();
                document["revocation_endpoint"] = json!(REVOKE);
                json_answer(200, document)
            }
            REVOKE => {
                minds.forms.push(body);
                json_answer(200, Value::Null)
            }
            TOKEN if body.contains("grant_type=refresh_token") => {
                minds.forms.push(body);
                let (status, answer) = minds.refresh.clone().expect("a refresh was not expected");
                json_answer(status, answer)
            }
            SERVER => {
                let wanted = minds.wanted.filter(|_| body.contains("tools/call"));
                if let Some(scope) = wanted {
                    let challenge = format!(r#"Bearer error="insufficient_scope", scope="{scope}""#);
                    return Answer::Json(403, vec![("www-authenticate", challenge)], Value::Null);
                }
                mcp(request, Some(minds.good.unwrap_or("t-1")))
            }
            "https://mcp.example.com/.well-known/oauth-protected-resource/mcp" => json_answer(200, resource_metadata()),
            _ => good(request),
        }
    }
}

fn authorized<'a>(minds: &'a RefCell<Minds>) -> World<'a> {
    let mut world = World::new(servers(minds));
    world.connect(settings(|_| ()));
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Connected);
    world
}

fn echo() -> Target {
    Target { kind: ItemKind::Tools, key: "echo".to_owned() }
}

fn call(world: &mut World<'_>) {
    world.input(Input::Ask(Ask { target: echo(), arguments: "{}".to_owned() }));
}

fn status(world: &World<'_>) -> &'static str {
    world.inspector.outcome(&echo()).map_or("none", |it| it.status.name())
}

fn step(world: &World<'_>, step: Step) -> Option<StepStatus> {
    Walkthrough::of(world.inspector.trace())?.row(step).map(|it| it.status)
}

fn reply(world: &mut World<'_>, reply: Reply) {
    let number = world.inspector.questions().first().expect("a question").number;
    world.input(Input::Reply(number, reply));
}

fn scope_asked(world: &World<'_>) -> String {
    let url = url::Url::parse(world.left.as_deref().expect("the browser left")).expect("an address");
    url.query_pairs().find(|(name, _)| name == "scope").expect("a scope").1.into_owned()
}

#[test]
fn d_38_a_401_is_cured_by_a_refresh_and_the_call_runs_again() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    let tokens = json!({"access_token": "t-2", "token_type": "Bearer", "refresh_token": "r-2", "expires_in": 60});
    (minds.borrow_mut().good, minds.borrow_mut().refresh) = (Some("t-2"), Some((200, tokens)));
    call(&mut world);
    assert_eq!((status(&world), world.inspector.phase()), ("ok", Phase::Connected));
    assert_eq!(step(&world, Step::Refresh), Some(StepStatus::Done));
    let forms = &minds.borrow().forms;
    assert_eq!(forms.len(), 1);
    assert!(forms[0].contains("refresh_token=r-1&resource="), "{}", forms[0]);
}

#[test]
fn d_37_a_refresh_that_is_refused_leads_to_a_login_and_the_call_runs_again() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    (minds.borrow_mut().good, minds.borrow_mut().refresh) =
        (Some("none"), Some((400, json!({"error": "invalid_grant"}))));
    call(&mut world);
    assert_eq!((status(&world), world.inspector.phase()), ("pending", Phase::Authorizing));
    minds.borrow_mut().good = Some("t-1");
    world.reload();
    world.back(BACK);
    assert_eq!((status(&world), world.inspector.phase()), ("ok", Phase::Connected));
}

#[test]
fn d_38_a_refresh_that_does_not_help_is_not_tried_twice() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    let tokens = json!({"access_token": "t-2", "token_type": "Bearer", "expires_in": 60});
    (minds.borrow_mut().good, minds.borrow_mut().refresh) = (Some("none"), Some((200, tokens)));
    call(&mut world);
    assert_eq!(world.inspector.phase(), Phase::Authorizing);
    assert_eq!(minds.borrow().forms.len(), 1);
}

#[test]
fn a_refresh_by_the_button_that_is_refused_is_reported_and_the_tab_stays_connected() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    minds.borrow_mut().refresh = Some((400, json!({"error": "invalid_grant"})));
    world.input(Input::RefreshToken);
    assert_eq!(world.inspector.phase(), Phase::Connected);
    assert_eq!(world.inspector.problems()[0].code.as_str(), "token-refused");
    assert_eq!(step(&world, Step::Refresh), Some(StepStatus::Failed));
}

#[test]
fn each_refresh_has_a_row_of_its_own() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    for token in ["r-2", "r-3"] {
        let tokens = json!({"access_token": "t-1", "token_type": "Bearer", "refresh_token": token});
        minds.borrow_mut().refresh = Some((200, tokens));
        world.input(Input::RefreshToken);
    }
    let rows = Walkthrough::of(world.inspector.trace()).expect("began").rows;
    assert_eq!(rows.iter().filter(|it| it.step == Step::Refresh && it.status == StepStatus::Done).count(), 2);
    assert!(minds.borrow().forms[1].contains("refresh_token=r-2"));
}

#[test]
fn d_39_d_40_more_scopes_are_asked_for_with_those_of_before_and_the_call_runs_again() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    minds.borrow_mut().wanted = Some("tools:admin");
    call(&mut world);
    assert_eq!(status(&world), "needs-input");
    assert_eq!(world.inspector.questions()[0].kind.name(), "step-up");
    reply(&mut world, Reply::Accept(String::new()));
    assert_eq!(world.inspector.phase(), Phase::Authorizing);
    assert_eq!(scope_asked(&world), "tools:read tools:admin");
    minds.borrow_mut().wanted = None;
    world.reload();
    world.back(BACK);
    assert_eq!((status(&world), world.inspector.phase()), ("ok", Phase::Connected));
    assert_eq!(step(&world, Step::StepUp), Some(StepStatus::Done));
}

#[test]
fn a_declined_step_up_is_a_cancelled_call_of_a_connected_tab() {
    for declined in [Reply::Decline, Reply::Cancel] {
        let minds = RefCell::default();
        let mut world = authorized(&minds);
        minds.borrow_mut().wanted = Some("tools:admin");
        call(&mut world);
        reply(&mut world, declined);
        assert_eq!((status(&world), world.inspector.phase()), ("cancelled", Phase::Connected));
        assert_eq!(step(&world, Step::StepUp), Some(StepStatus::Failed));
    }
}

#[test]
fn d_41_scopes_that_are_held_already_are_not_asked_for_again() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    minds.borrow_mut().wanted = Some("tools:read");
    call(&mut world);
    assert_eq!((status(&world), world.inspector.phase()), ("refused", Phase::Refused));
    assert_eq!(world.inspector.problems()[0].code.as_str(), "scope-limit");
}

#[test]
fn d_41_d_42_step_ups_end_after_three_authorizations_in_a_row() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    let mut logins = 1;
    for scope in ["a", "b", "c", "d"] {
        minds.borrow_mut().wanted = Some(scope);
        if logins == 1 {
            call(&mut world);
        }
        if world.inspector.phase() == Phase::Refused {
            break;
        }
        reply(&mut world, Reply::Accept(String::new()));
        logins += 1;
        minds.borrow_mut().wanted = match scope {
            "a" => Some("b"),
            "b" => Some("c"),
            _ => Some("d"),
        };
        world.back(BACK);
    }
    assert_eq!((logins, world.inspector.phase()), (3, Phase::Refused));
    assert_eq!(world.inspector.problems()[0].code.as_str(), "scope-limit");
}

#[test]
fn tokens_are_given_back_and_forgotten() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    world.input(Input::RevokeToken);
    let forms = minds.borrow().forms.clone();
    assert!(forms[0].contains("token=r-1&token_type_hint=refresh_token"), "{forms:?}");
    assert!(forms[1].contains("token=t-1&token_type_hint=access_token"), "{forms:?}");
    assert!(world.inspector.grant().is_none());
    assert_eq!((step(&world, Step::Revoke), world.inspector.phase()), (Some(StepStatus::Done), Phase::Connected));
}

#[test]
fn a_kind_of_token_that_cannot_be_given_back_is_said_and_forgotten() {
    let minds = RefCell::default();
    let mut inner = servers(&minds);
    let mut world = World::new(move |request: &Request| match request.body.as_ref().map(|it| it.expose()) {
        Some(body) if request.url == REVOKE && body.contains("hint=access_token") => {
            json_answer(400, json!({"error": "unsupported_token_type"}))
        }
        _ => inner(request),
    });
    world.connect(settings(|_| ()));
    world.back(BACK);
    world.input(Input::RevokeToken);
    assert!(world.inspector.grant().is_none() && world.inspector.problems().is_empty());
    let walkthrough = Walkthrough::of(world.inspector.trace()).expect("began");
    assert_eq!(walkthrough.row(Step::Revoke).and_then(|it| it.verdict()), Some(flowglass::trace::check::Verdict::Warn));
}

#[test]
fn d_26_a_refresh_token_is_asked_for_where_it_is_on_offer() {
    let minds = RefCell::default();
    let mut inner = servers(&minds);
    let mut world = World::new(move |request: &Request| match request.url.as_str() {
        "https://login.example.com/.well-known/oauth-authorization-server" => {
            let mut document = server_metadata();
            document["scopes_supported"] = json!(["offline_access"]);
            json_answer(200, document)
        }
        _ => inner(request),
    });
    world.connect(settings(|_| ()));
    assert_eq!(scope_asked(&world), "tools:read offline_access");
    world.connect(settings(|it| it.scope = "mine".to_owned()));
    assert_eq!(scope_asked(&world), "mine");
}

#[test]
fn a_token_that_no_header_can_carry_is_not_taken_from_a_refresh() {
    for bad in ["t-2\r\nX-Injected: yes", "t-\u{e9}", "\u{202e}"] {
        let minds = RefCell::default();
        let mut world = authorized(&minds);
        minds.borrow_mut().refresh = Some((200, json!({ "access_token": bad, "token_type": "Bearer" })));
        world.input(Input::RefreshToken);
        assert_eq!(world.inspector.problems()[0].code.as_str(), "token-invalid");
        assert_eq!(world.inspector.grant().map(|it| it.access_token.expose().as_str()), Some("t-1"));
    }
}

#[test]
fn a_foreign_callback_takes_nothing_from_a_connected_tab() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    world.reload();
    world.input(Input::Callback(Callback::parse("code=c0de&state=of-somebody-else")));
    assert_eq!(world.inspector.phase(), Phase::Refused);
    assert!(world.inspector.saved().connected, "the next page of this tab connects again");
    world.reload();
    world.input(Input::Disconnect);
    assert!(!world.inspector.saved().connected);
}
