//! Whole conversations, from the address to the tools or to the reason why not, compared with the walkthrough as it
//! was reviewed (`tests/data/flows`). `GOLDEN=write` writes what is new, to be read before it is committed.

mod golden;
mod world;

use flowglass::http::{HttpError, Request};
use flowglass::inspector::{Input, Phase, Status};
use flowglass::mcp::connection::{Ask, Target};
use flowglass::mcp::model::Kind;
use flowglass::problem::Owner;
use flowglass::settings::Draft;
use serde_json::{Value, json};
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
    Ask { target: Target { kind: Kind::Tools, key: "echo".to_owned() }, arguments: "{}".to_owned() }
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
    let attempt = flowglass::walkthrough::Walkthrough::of(trace).expect("an attempt");
    let pending = attempt.rows.iter().find(|it| it.status != flowglass::walkthrough::StepStatus::Done);
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
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Connected);
}

/// What is seen, and whose it is, where the login ends with that callback.
fn back_with(callback: &str) -> (&'static str, Owner, String) {
    let mut world = World::new(good);
    world.connect(settings(plain));
    world.back(callback);
    let problem = world.inspector.problems().first().expect("a problem");
    (problem.code.as_str(), problem.owner, problem.seen.clone())
}

#[test]
fn a_callback_without_a_state_is_told_from_one_with_another() {
    for none in ["code=x&iss={iss}", "code=x&state=&iss={iss}"] {
        let (code, owner, seen) = back_with(none);
        assert_eq!((code, owner), ("state-mismatch", Owner::Issuer), "{none}");
        assert!(seen.ends_with("the callback has none."), "{seen}");
    }
    assert_eq!(back_with("code=x&state=y&iss={iss}").1, Owner::You);
}

#[test]
fn a_callback_without_a_code_says_what_is_wrong_with_it() {
    for (code, words) in [("", "missing."), ("code=&", "empty."), ("code=a&code=b&", "more than once.")] {
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
    assert!(problem.seen.starts_with("https://mcp.example.com/register answered 404"), "{}", problem.seen);
}

#[test]
fn a_login_that_is_given_up_was_denied_by_nobody() {
    let mut world = World::new(good);
    world.connect(settings(plain));
    world.input(Input::GiveUp);
    let problem = world.inspector.problems().first().expect("a problem");
    assert_eq!((problem.code.as_str(), problem.title.as_str()), ("access-denied", "You gave the login up"));
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
    assert!(world.inspector.problems().iter().all(|it| !it.seen.contains("markup")));
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
fn fresh_tokens_that_are_refused_end_after_three_authorizations() {
    let mut world = World::new(|request| match request.url.as_str() {
        SERVER => mcp(request, Some("never")),
        METADATA => json_answer(200, resource_metadata()),
        _ => issuer(request),
    });
    world.connect(settings(plain));
    for _ in 0..3 {
        world.reload();
        world.back(BACK);
    }
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
    assert!(world.inspector.problems().first().is_some_and(|it| it.fix.is_some()));
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
    assert_eq!(world.inspector.list(Kind::Resources).map(|it| it.items.len()), Some(1));
    assert_eq!(world.inspector.list(Kind::Templates).map(|it| it.items.len()), Some(0));
}
