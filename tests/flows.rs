//! Whole conversations, from the address to the tools or to the reason why not, compared with the walkthrough as it
//! was reviewed (`tests/data/flows`). `GOLDEN=write` writes what is new, to be read before it is committed.

mod golden;
mod world;

use flowglass::explain::card::Card;
use flowglass::explain::why;
use flowglass::explain::words::problems;
use flowglass::http::{HttpError, Request};
use flowglass::inspector::{Input, Phase, Status};
use flowglass::mcp::connection::{Ask, Target};
use flowglass::mcp::model::ItemKind;
use flowglass::settings::Draft;
use flowglass::trace::problem::{Cause, Owner, Problem, oauth};
use serde_json::{Value, json};
use std::cell::RefCell;
use world::{Answer, SERVER, World, good, issuer, json_answer, mcp, resource_metadata, server_metadata, settings};

const METADATA: &str = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";
const ISSUER_METADATA: &str = "https://login.example.com/.well-known/oauth-authorization-server";
const BACK: &str = "code=c0de&state={state}&iss={iss}";

fn check(name: &str, world: &World<'_>) {
    let rendered = world.render();
    for secret in ["c0de", "t-1", "r-1", "BwcHBwcHBwcHBwc"] {
        assert!(!rendered.contains(secret), "{name} shows {secret}");
    }
    golden::check(&format!("flows/{name}.txt"), &rendered);
}

/// An authorization with the answers for one address changed.
fn with<'a>(url: &'static str, mut answer: impl FnMut(&Request) -> Answer + 'a) -> World<'a> {
    World::new(move |request| if request.url == url { answer(request) } else { good(request) })
}

fn plain(_: &mut Draft) {}

fn edited(mut document: Value, name: &str, value: Value) -> Value {
    document[name] = value;
    document
}

fn echo() -> Ask {
    Ask { target: Target { kind: ItemKind::Tools, key: "echo".to_owned() }, arguments: "{}".to_owned() }
}

#[test]
fn a_server_without_authorization_connects_at_once() {
    let mut world = World::new(|request| mcp(request, None));
    world.connect(settings(plain));
    check("open", &world);
    world.input(Input::Ask(echo()));
    assert!(world.inspector.outcome(&echo().target).is_some_and(|it| it.status == Status::Ok));
}

#[test]
fn the_whole_authorization_in_twelve_steps() {
    let mut world = World::new(good);
    world.connect(settings(plain));
    check("waiting", &world);
    world.back(BACK);
    check("dynamic", &world);
}

#[test]
fn a_reload_at_the_login_changes_nothing() {
    let mut world = World::new(good);
    world.connect(settings(plain));
    world.reload();
    assert_eq!(world.inspector.phase(), Phase::Authorizing);
    world.back(BACK);
    check("dynamic", &world);
}

#[test]
fn a_reload_of_a_connected_tab_keeps_the_steps_of_its_authorization() {
    let mut world = World::new(good);
    world.connect(settings(plain));
    world.back(BACK);
    world.reload();
    world.connect(settings(plain));
    let trace = world.inspector.trace();
    let attempt = flowglass::explain::walkthrough::Walkthrough::of(trace).expect("an attempt");
    let pending = attempt.rows.iter().find(|it| it.status != flowglass::explain::walkthrough::StepStatus::Done);
    assert_eq!(pending.map(|it| it.step.name()), None);
    assert_eq!(attempt.title(), "Authorization");
    assert!(attempt.ended.is_some_and(|it| it - attempt.began < 20_000.0));
    // A new attempt is one.
    world.input(Input::Disconnect);
    world.connect(settings(plain));
    assert!(world.render().contains("1 mcp-request skipped"));
}

#[test]
fn a_client_id_given_by_hand_is_not_registered() {
    let mut world = World::new(good);
    world.connect(settings(|it| it.client_id = "mine".to_owned()));
    world.back(BACK);
    check("by-hand", &world);
}

#[test]
fn a_metadata_document_is_used_where_it_is_offered() {
    let metadata = edited(server_metadata(), "client_id_metadata_document_supported", json!(true));
    let mut world = with(ISSUER_METADATA, |_| json_answer(200, metadata.clone()));
    world.connect(settings(|it| it.client_metadata_url = "https://inspector.example.com/client.json".to_owned()));
    world.back(BACK);
    check("metadata-document", &world);
}

#[test]
fn a_hidden_challenge_leads_to_the_well_known_addresses() {
    let mut world = with(SERVER, |request| match mcp(request, Some("t-1")) {
        Answer::Json(401, _, body) => json_answer(401, body),
        other => other,
    });
    world.connect(settings(plain));
    world.back(BACK);
    check("hidden-challenge", &world);
}

#[test]
fn a_server_of_2025_03_26_without_any_metadata_has_fixed_endpoints() {
    let mut world = World::new(|request| match request.url.as_str() {
        SERVER => mcp(request, Some("t-1")),
        "https://mcp.example.com/register" => json_answer(201, json!({"client_id": "c-2"})),
        "https://mcp.example.com/token" => json_answer(200, json!({"access_token": "t-1", "token_type": "bearer"})),
        _ => json_answer(404, Value::Null),
    });
    world.connect(settings(plain));
    assert!(world.left.as_deref().is_some_and(|it| it.starts_with("https://mcp.example.com/authorize?")));
    assert!(world.left.as_deref().is_some_and(|it| !it.contains("resource=")));
    world.back("code=c0de&state={state}");
    check("fixed-endpoints", &world);
}

#[test]
fn metadata_is_looked_for_past_a_blocked_address() {
    let mut world = World::new(|request| match request.url.as_str() {
        ISSUER_METADATA => Answer::Blocked,
        "https://login.example.com/.well-known/openid-configuration" => json_answer(200, server_metadata()),
        _ => good(request),
    });
    world.connect(settings(plain));
    world.back(BACK);
    check("past-a-blocked-address", &world);
}

#[test]
fn a_denial_ends_in_a_step_like_any_other() {
    let mut world = World::new(good);
    world.connect(settings(plain));
    world.back("error=access_denied&error_description=no&state={state}&iss={iss}");
    check("denied", &world);
}

#[test]
fn a_foreign_state_leaves_the_flow_waiting_and_the_right_callback_completes_it() {
    let mut world = World::new(good);
    world.connect(settings(plain));
    world.back("code=evil&state=foreign&iss={iss}");
    assert_eq!(world.inspector.phase(), Phase::Refused);
    check("foreign-state", &world);
    world.reload();
    assert_eq!(world.inspector.phase(), Phase::Refused);
    assert_eq!(world.inspector.problems().len(), 1);
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Connected);
}

/// What is seen, and who is responsible, where the login ends with that callback.
fn back_with(callback: &str) -> (&'static str, Owner, String) {
    let mut world = World::new(good);
    world.connect(settings(plain));
    world.back(callback);
    let problem = world.inspector.problems().first().expect("a problem");
    (problem.code.as_str(), problem.owner, problems::of(problem).evidence)
}

#[test]
fn a_callback_without_a_state_is_told_from_one_with_another() {
    for none in ["code=x&iss={iss}", "code=x&state=&iss={iss}"] {
        let (code, owner, seen) = back_with(none);
        assert_eq!((code, owner), ("state-mismatch", Owner::Issuer), "{none}");
        assert!(seen.contains("the response has none."), "{seen}");
    }
    assert_eq!(back_with("code=x&state=y&iss={iss}").1, Owner::You);
}

#[test]
fn a_callback_without_a_code_says_what_is_wrong_with_it() {
    for (code, words) in [("", "absent."), ("code=&", "empty."), ("code=a&code=b&", "more than once.")] {
        let (name, owner, seen) = back_with(&format!("{code}state={{state}}&iss={{iss}}"));
        assert_eq!((name, owner), ("code-missing", Owner::Issuer), "{code}");
        assert!(seen.ends_with(words), "{seen}");
    }
}

#[test]
fn where_nobody_registers_at_the_fixed_address_the_metadata_is_what_is_missing() {
    let mut world = World::new(|request| match request.url.as_str() {
        SERVER => mcp(request, Some("t-1")),
        _ => json_answer(404, Value::Null),
    });
    world.connect(settings(plain));
    let problem = world.inspector.problems().first().expect("a problem");
    assert_eq!((problem.code.as_str(), problem.owner), ("registration-refused", Owner::Server));
    let problem = problems::of(problem);
    assert!(problem.evidence.contains("https://mcp.example.com/register` responded 404"), "{}", problem.evidence);
}

/// A server that answers 401 to everything, with that challenge; how it ends.
fn with_an_api_key(challenge: Option<&'static str>, registration: (u16, Value), edit: fn(&mut Draft)) -> Problem {
    let mut world = World::new(move |request| {
        let challenge = challenge.map(|it| ("www-authenticate", it.to_owned()));
        match request.url.ends_with("/register") {
            true => json_answer(registration.0, registration.1.clone()),
            false => Answer::Json(401, challenge.into_iter().collect(), json!({"error": "unauthorized"})),
        }
    });
    world.connect(settings(edit));
    assert_eq!(world.left, None);
    world.inspector.problems().first().expect("a problem").clone()
}

#[test]
fn a_401_without_any_sign_of_oauth_wants_a_header_and_no_registration() {
    let refused = || (401, json!({"error": "unauthorized"}));
    let problem = with_an_api_key(None, refused(), plain);
    assert_eq!((problem.code.as_str(), problem.owner), ("unauthorized", Owner::You));
    let words = problems::of(&problem);
    assert!(words.reason.contains("API key") && words.reason.contains("hidden"), "{}", words.reason);
    assert!(words.fix.contains("expose `WWW-Authenticate`"), "{}", words.fix);

    let problem = problems::of(&with_an_api_key(Some("ApiKey realm=\"x\""), (404, Value::Null), plain));
    assert!(problem.evidence.contains("`WWW-Authenticate` is `ApiKey"), "{}", problem.evidence);
    assert!(!problem.reason.contains("hidden"), "{}", problem.reason);

    let typed = |it: &mut Draft| it.headers = vec![("x-key".to_owned(), "old".to_owned())];
    let problem = problems::of(&with_an_api_key(None, refused(), typed));
    assert!(
        problem.evidence.contains("a request with x-key") && problem.reason.contains("expired"),
        "{}",
        problem.evidence
    );
}

#[test]
fn a_basic_challenge_is_named() {
    let problem = with_an_api_key(Some("Basic realm=\"staging\""), (401, Value::Null), plain);
    assert_eq!(problem.code.as_str(), "unauthorized");
    let problem = problems::of(&problem);
    assert!(problem.title.contains("Basic") && problem.evidence.contains("staging"), "{}", problem.evidence);
    assert!(problem.fix.contains("Authorization: Basic"), "{}", problem.fix);
}

#[test]
fn an_endpoint_for_registrations_at_the_fixed_address_is_a_sign_of_oauth() {
    let problem = with_an_api_key(None, (400, json!({"error": "invalid_client_metadata"})), plain);
    assert_eq!(problem.code.as_str(), "registration-refused");
    let problem = with_an_api_key(Some("Bearer"), (401, Value::Null), plain);
    assert_eq!((problem.code.as_str(), problem.owner), ("registration-refused", Owner::Issuer));
}

#[test]
fn a_403_without_a_readable_challenge_is_likely_a_missing_scope() {
    let mut world = World::new(|request| match request.url.as_str() {
        SERVER if world::carries(request, "t-1") => json_answer(403, Value::Null),
        _ => good(request),
    });
    world.connect(settings(plain));
    world.back("code=c0de&state={state}&iss={iss}");
    let problem = world.inspector.problems().first().expect("a problem").clone();
    assert_eq!(problem.code.as_str(), "forbidden");
    let words = problems::of(&problem);
    assert!(words.reason.contains("a scope is missing"), "{}", words.reason);
    assert!(words.fix.contains("WWW-Authenticate"), "{}", words.fix);
    let likely = why::of_problem(world.inspector.trace(), &problem).map(|it| it.rule);
    assert_eq!(likely, Some("forbidden-challenge-hidden"));
}

#[test]
fn a_login_that_is_given_up_was_denied_by_nobody() {
    let mut world = World::new(good);
    world.connect(settings(plain));
    world.input(Input::GiveUp);
    let problem = world.inspector.problems().first().expect("a problem");
    assert_eq!(problem.code.as_str(), "access-denied");
    assert!(matches!(&problem.cause, Cause::Authorization(oauth::Error::GivenUp(_))));
}

#[test]
fn a_card_is_the_same_after_a_reload() {
    let said = |world: &World<'_>| -> Vec<Card> { Card::all(world.inspector.trace(), world.inspector.problems()) };
    let back = "error=invalid_scope&error_description=no&state={state}&iss={iss}";
    for end in [back, "code=&state={state}&iss={iss}", "code=x&state={state}&iss=https%3A%2F%2Fevil.example"] {
        let mut world = World::new(good);
        world.connect(settings(|it| it.client_id = "mine".to_owned()));
        world.back(end);
        let before = said(&world);
        assert_eq!(before.len(), 1, "{end}");
        world.reload();
        assert_eq!(said(&world), before, "{end}");
    }
}

#[test]
fn a_callback_that_nobody_waits_for_is_refused() {
    let mut world = World::new(good);
    world.input(Input::Callback(flowglass::oauth::request::Callback::parse("code=x&state=y")));
    assert_eq!(world.inspector.phase(), Phase::Refused);
    assert_eq!(world.inspector.problems().first().map(|it| it.code.as_str()), Some("state-mismatch"));
}

#[test]
fn a_callback_works_once() {
    let mut world = World::new(good);
    world.connect(settings(plain));
    world.back(BACK);
    world.back(BACK);
    assert_eq!(world.inspector.problems().first().map(|it| it.code.as_str()), Some("state-mismatch"));
}

#[test]
fn a_foreign_iss_is_refused_and_its_error_text_is_not_shown() {
    let mut world = World::new(good);
    world.connect(settings(plain));
    world.back("error=evil&error_description=markup&state={state}&iss=https%3A%2F%2Fevil.example");
    check("foreign-iss", &world);
    assert!(world.inspector.problems().iter().all(|it| !format!("{:?}", problems::of(it)).contains("markup")));
}

#[test]
fn a_promised_iss_that_is_missing_is_refused() {
    let mut world = World::new(good);
    world.connect(settings(plain));
    world.back("code=c0de&state={state}");
    check("missing-iss", &world);
}

#[test]
fn what_breaks_a_rule_before_the_login_never_leaves() {
    let issuer_document = |name: &'static str, value: Value| {
        let document = edited(server_metadata(), name, value);
        with(ISSUER_METADATA, move |_| json_answer(200, document.clone()))
    };
    let cases = [
        ("no-pkce", issuer_document("code_challenge_methods_supported", json!(["plain"]))),
        ("wrong-issuer", issuer_document("issuer", json!("https://login.example.com/"))),
        ("unsafe-endpoint", issuer_document("authorization_endpoint", json!("javascript:alert(1)"))),
        ("no-registration", issuer_document("registration_endpoint", Value::Null)),
        (
            "foreign-resource",
            with(METADATA, |_| {
                json_answer(200, edited(resource_metadata(), "resource", json!("https://other.example/mcp")))
            }),
        ),
        (
            "no-authorization-server",
            with(METADATA, |_| json_answer(200, edited(resource_metadata(), "authorization_servers", json!([])))),
        ),
        (
            "registration-refused",
            with("https://login.example.com/register", |_| {
                json_answer(
                    400,
                    json!({"error": "invalid_redirect_uri", "error_description": "localhost is not allowed"}),
                )
            }),
        ),
        (
            "registration-blocked",
            with("https://login.example.com/register", |request| match request.needs_preflight() {
                true => Answer::Blocked,
                false => json_answer(405, Value::Null),
            }),
        ),
    ];
    for (name, mut world) in cases {
        world.connect(settings(plain));
        assert_eq!(world.left, None, "{name}");
        check(name, &world);
    }
}

#[test]
fn what_the_token_endpoint_can_do_wrong() {
    let token = |answer: fn() -> Answer| with("https://login.example.com/token", move |_| answer());
    let cases = [
        ("token-refused", token(|| json_answer(400, json!({"error": "invalid_grant"})))),
        ("token-unreadable", token(|| json_answer(200, json!({"token": "t-1"})))),
        ("token-of-another-type", token(|| json_answer(200, json!({"access_token": "t-1", "token_type": "DPoP"})))),
        ("token-timeout", token(|| Answer::Failed(HttpError::Timeout { after: 60_000 }))),
        ("token-blocked", token(|| Answer::Blocked)),
    ];
    for (name, mut world) in cases {
        world.connect(settings(plain));
        world.back(BACK);
        check(name, &world);
    }
}

#[test]
fn what_an_mcp_server_can_do_wrong_in_the_first_request() {
    let server = |answer: fn(&Request) -> Answer| World::new(answer);
    let cases = [
        ("unreachable", server(|_| Answer::Blocked)),
        (
            "cors-blocked",
            server(|it| if it.needs_preflight() { Answer::Blocked } else { json_answer(405, Value::Null) }),
        ),
        ("server-error", server(|_| json_answer(500, json!("boom")))),
        ("no-endpoint", server(|_| json_answer(404, json!({"detail": "Not Found"})))),
        (
            "rpc-refusal",
            server(|_| {
                json_answer(200, json!({"jsonrpc": "2.0", "id": 1, "error": {"code": -32600, "message": "no"}}))
            }),
        ),
        (
            "unknown-version",
            server(|_| {
                json_answer(200, json!({"jsonrpc": "2.0", "id": 1, "result": {"protocolVersion": "1999-01-01"}}))
            }),
        ),
        ("timeout", server(|_| Answer::Failed(HttpError::Timeout { after: 60_000 }))),
        ("redirect", server(|_| Answer::Failed(HttpError::Redirected))),
        ("cut", server(|_| Answer::Failed(HttpError::Cut { said: "network error".to_owned() }))),
    ];
    for (name, mut world) in cases {
        world.connect(settings(plain));
        check(name, &world);
    }
}

#[test]
fn a_token_given_by_hand_that_is_refused_starts_no_authorization() {
    let mut world = World::new(good);
    world.connect(settings(|it| it.bearer = "stale".to_owned()));
    assert_eq!(world.left, None);
    check("bearer-refused", &world);
}

#[test]
fn a_call_that_a_401_interrupts_runs_again_after_the_login() {
    let valid = std::cell::Cell::new(true);
    let mut world = World::new(|request| match request.url.as_str() {
        SERVER if !valid.get() => mcp(request, Some("another")),
        _ => good(request),
    });
    world.connect(settings(plain));
    world.back(BACK);
    valid.set(false);
    world.input(Input::Ask(echo()));
    assert_eq!(world.inspector.phase(), Phase::Authorizing);
    world.reload();
    valid.set(true);
    world.back(BACK);
    check("interrupted-call", &world);
    assert!(world.inspector.outcome(&echo().target).is_some_and(|it| it.status == Status::Ok));
}

#[test]
fn a_fresh_token_that_is_refused_ends_after_one_login() {
    let mut world = World::new(|request| match request.url.as_str() {
        SERVER => mcp(request, Some("never")),
        METADATA => json_answer(200, resource_metadata()),
        _ => issuer(request),
    });
    world.connect(settings(plain));
    world.reload();
    world.back(BACK);
    check("refused-tokens", &world);
}

#[test]
fn a_lost_session_is_renewed_once_and_the_call_runs_again() {
    let calls = std::cell::Cell::new(0);
    let mut world = World::new(|request| {
        let body = request.body.as_ref().map(|it| it.expose()).unwrap_or_default();
        if body.contains("tools/call") {
            calls.set(calls.get() + 1);
            if calls.get() == 1 {
                return json_answer(
                    404,
                    json!({"jsonrpc": "2.0", "id": null, "error": {"code": -32001, "message": "Session not found"}}),
                );
            }
        }
        mcp(request, None)
    });
    world.connect(settings(plain));
    world.input(Input::Ask(echo()));
    assert_eq!(world.inspector.phase(), Phase::Connected);
    assert!(world.inspector.outcome(&echo().target).is_some_and(|it| it.status == Status::Ok));
}

#[test]
fn an_attempt_that_failed_still_says_so_after_a_reload() {
    let mut world = World::new(|_| json_answer(500, json!("boom")));
    world.connect(settings(plain));
    world.reload();
    assert_eq!(world.inspector.phase(), Phase::Failed);
    assert_eq!(world.inspector.problems().first().map(|it| it.code.as_str()), Some("http-status"));
    check("server-error", &world);
}

#[test]
fn b_12_a_hidden_session_id_is_named_with_the_line_that_exposes_it() {
    let mut world = World::new(|request| match mcp(request, None) {
        Answer::Json(200, _, body) => json_answer(200, body),
        _ => json_answer(400, json!("Bad Request: Mcp-Session-Id header is required")),
    });
    world.connect(settings(plain));
    check("hidden-session", &world);
    assert!(world.inspector.problems().first().is_some_and(|it| problems::of(it).headers.is_some()));
}

#[test]
fn a_server_without_templates_has_an_empty_list_of_them_and_no_problem() {
    let mut world = World::new(|request| {
        let body: Value =
            request.body.as_ref().and_then(|it| serde_json::from_str(&it.expose()).ok()).unwrap_or_default();
        let answer = |result: Value| json_answer(200, json!({"jsonrpc": "2.0", "id": body["id"], "result": result}));
        match body["method"].as_str() {
            Some("initialize") => answer(json!({"protocolVersion": "2025-11-25", "capabilities": {"resources": {}}})),
            Some("resources/list") => answer(json!({"resources": [{"uri": "a:b", "name": "b"}]})),
            Some("resources/templates/list") => json_answer(
                200,
                json!({"jsonrpc": "2.0", "id": body["id"], "error": {"code": -32601, "message": "Method not found"}}),
            ),
            _ => json_answer(202, Value::Null),
        }
    });
    world.connect(settings(plain));
    assert!(world.inspector.problems().is_empty());
    assert_eq!(world.inspector.list(ItemKind::Resources).map(|it| it.items.len()), Some(1));
    assert_eq!(world.inspector.list(ItemKind::Templates).map(|it| it.items.len()), Some(0));
}

#[test]
fn redirects_that_come_to_no_end_are_a_loop() {
    const OTHER: &str = "https://mcp.example.com/other";
    let asked = RefCell::new(0);
    let mut world = World::new(|request| {
        *asked.borrow_mut() += 1;
        Answer::Redirected(if request.url == OTHER { SERVER } else { OTHER }, Value::Null)
    });
    world.connect(settings(|_| ()));
    let code = world.inspector.problems().first().map(|it| it.code.as_str());
    assert_eq!((world.inspector.phase(), code), (Phase::Failed, Some("redirect-loop")));
    assert!(*asked.borrow() < 10);
}
