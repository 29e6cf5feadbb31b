//! Authorization with servers as they are in the field: scopes that have to be registered, issuers with a slash too
//! many, tokens for another audience.

mod world;

use flowglass::explain::card::Card;
use flowglass::explain::why;
use flowglass::explain::words::problems;
use flowglass::http::Request;
use flowglass::inspector::{Input, Phase};
use flowglass::mcp::connection::{Ask, Target};
use flowglass::mcp::model::ItemKind;
use flowglass::mcp::question::Reply;
use flowglass::settings::Draft;
use flowglass::trace::problem::{Owner, Problem};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use world::{Answer, SERVER, World, good, json_answer, resource_metadata, server_metadata, settings};

const METADATA: &str = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";
const ISSUER_METADATA: &str = "https://login.example.com/.well-known/oauth-authorization-server";
const REGISTER: &str = "https://login.example.com/register";
const BACK: &str = "code=c0de&state={state}&iss={iss}";
const INVALID_SCOPE: &str =
    "error=invalid_scope&error_description=Client+was+not+registered+with+scope&state={state}&iss={iss}";

fn plain(_: &mut Draft) {}

fn edited(mut document: Value, name: &str, value: Value) -> Value {
    document[name] = value;
    document
}

/// Servers as they should be, with some responses changed; what the registration endpoint was sent is written down.
fn world<'a>(
    registrations: &'a RefCell<Vec<Value>>,
    mut changed: impl FnMut(&Request) -> Option<Answer> + 'a,
) -> World<'a> {
    World::new(move |request| {
        if request.url == REGISTER {
            registrations.borrow_mut().push(world::message(request));
        }
        changed(request).unwrap_or_else(|| good(request))
    })
}

/// The scopes that were registered, in order.
fn scopes(registrations: &RefCell<Vec<Value>>) -> Vec<Value> {
    registrations.borrow().iter().map(|it| it["scope"].clone()).collect()
}

fn parameter(world: &World<'_>, name: &str) -> Option<String> {
    let url = url::Url::parse(world.left.as_deref().expect("the browser left")).expect("a URL");
    url.query_pairs().find(|(it, _)| it == name).map(|(_, value)| value.into_owned())
}

fn code<'a>(world: &'a World<'_>) -> &'a str {
    world.inspector.problems().first().map_or("", |it| it.code.as_str())
}

fn call(world: &mut World<'_>) {
    let target = Target { kind: ItemKind::Tools, key: "echo".to_owned() };
    world.input(Input::Ask(Ask { target, arguments: "{}".to_owned() }));
}

fn accept(world: &mut World<'_>) {
    let number = world.inspector.questions().first().expect("a question").number;
    world.input(Input::Reply(number, Reply::Accept(String::new())));
}

#[test]
fn the_scope_of_the_authorization_request_is_registered() {
    type Changed = fn(&Request) -> Option<Answer>;
    type Case = (Changed, fn(&mut Draft), Value);
    let unchallenged: Changed = |it| {
        let named = format!("Bearer resource_metadata=\"{METADATA}\"");
        let refused = it.url == SERVER && !world::carries(it, "t-1");
        refused.then(|| Answer::Json(401, vec![("www-authenticate", named)], Value::Null))
    };
    let silent: Changed = |it| match it.url.as_str() {
        SERVER => Some(json_answer(401, Value::Null)),
        METADATA => Some(json_answer(200, edited(resource_metadata(), "scopes_supported", json!([])))),
        _ => None,
    };
    let offline: Changed = |it| {
        let metadata = || edited(server_metadata(), "scopes_supported", json!(["tools:read", "offline_access"]));
        (it.url == ISSUER_METADATA).then(|| json_answer(200, metadata()))
    };
    let cases: [Case; 5] = [
        (|_| None, plain, json!("tools:read")),
        (unchallenged, plain, json!("tools:read tools:call")),
        (silent, plain, Value::Null),
        (offline, plain, json!("tools:read offline_access")),
        (|_| None, |it| it.scope = "typed".to_owned(), json!("typed")),
    ];
    for (changed, edit, expected) in cases {
        let registrations = RefCell::default();
        let mut world = world(&registrations, changed);
        world.connect(settings(edit));
        assert_eq!(scopes(&registrations), std::slice::from_ref(&expected));
        assert_eq!(parameter(&world, "scope").as_deref(), expected.as_str());
    }
}

#[test]
fn a_scope_that_the_metadata_does_not_list_is_not_registered_until_the_login_asks_for_it() {
    let registrations = RefCell::default();
    let mut world = world(&registrations, |it| {
        let metadata = || edited(server_metadata(), "scopes_supported", json!(["openid"]));
        (it.url == ISSUER_METADATA).then(|| json_answer(200, metadata()))
    });
    world.connect(settings(plain));
    assert_eq!(scopes(&registrations), [Value::Null]);
    assert_eq!(parameter(&world, "scope").as_deref(), Some("tools:read"));
    assert!(world.render().contains("scope-unlisted scope=\"tools:read\""), "{}", world.render());
    // The same client serves the next login.
    world.connect(settings(plain));
    assert_eq!(registrations.borrow().len(), 1);
    world.back(INVALID_SCOPE);
    assert_eq!(scopes(&registrations), [Value::Null, json!("tools:read")]);
}

#[test]
fn a_registration_that_is_refused_for_its_scope_is_sent_once_more_without_it() {
    let refusals = [
        (400, json!({"error": "invalid_client_metadata", "error_description": "Requested scopes are not valid: x"})),
        (400, json!({"error": "invalid_scope"})),
        (
            403,
            json!({"error": "insufficient_scope", "error_description": "Not permitted to use specified clientScope"}),
        ),
    ];
    for (status, refusal) in refusals {
        let registrations = RefCell::default();
        let mut world = world(&registrations, |it| {
            let scoped = it.url == REGISTER && world::message(it).get("scope").is_some();
            scoped.then(|| json_answer(status, refusal.clone()))
        });
        world.connect(settings(plain));
        assert_eq!(scopes(&registrations), [json!("tools:read"), Value::Null]);
        assert_eq!(parameter(&world, "scope").as_deref(), Some("tools:read"));
        assert!(world.render().contains("warn scope-not-registrable"), "{}", world.render());
        // The same client serves the next login: the two requests are not repeated.
        world.connect(settings(plain));
        assert_eq!(registrations.borrow().len(), 2);
        world.back(BACK);
        assert_eq!(world.inspector.phase(), Phase::Connected);
    }
}

#[test]
fn a_registration_that_is_refused_for_another_reason_is_not_repeated() {
    let registrations = RefCell::default();
    let mut world = world(&registrations, |it| {
        (it.url == REGISTER).then(|| json_answer(400, json!({"error": "invalid_redirect_uri"})))
    });
    world.connect(settings(plain));
    assert_eq!((code(&world), registrations.borrow().len()), ("registration-refused", 1));
}

#[test]
fn a_scope_that_the_login_refuses_is_registered_once_more() {
    let registrations = RefCell::default();
    let mut world = world(&registrations, |_| None);
    world.connect(settings(plain));
    world.reload();
    world.back(INVALID_SCOPE);
    assert_eq!(world.inspector.phase(), Phase::Authorizing);
    assert_eq!(scopes(&registrations), [json!("tools:read"), json!("tools:read")]);
    assert!(world.render().contains("scope-refused scope=\"tools:read\""));
    world.reload();
    world.back(INVALID_SCOPE);
    assert_eq!((code(&world), registrations.borrow().len()), ("authorization-error", 2));
    let seen = Card::alone(&world.inspector.problems()[0]).why();
    assert!(seen.contains("Client was not registered with scope"), "{seen}");
}

#[test]
fn a_client_with_a_typed_id_is_not_registered_because_of_its_scope() {
    let registrations = RefCell::default();
    let mut world = world(&registrations, |_| None);
    world.connect(settings(|it| it.client_id = "mine".to_owned()));
    world.back(INVALID_SCOPE);
    assert_eq!((code(&world), registrations.borrow().len()), ("authorization-error", 0));
}

/// The problem of a login that ends there, and who is responsible where the rules were asked too.
fn ended(world: &World<'_>) -> (Problem, Owner) {
    let problem = world.inspector.problems().first().expect("a problem").clone();
    let likely = why::of_problem(world.inspector.trace(), &problem);
    let owner = why::owner(&problem, likely.as_ref());
    (problem, owner)
}

#[test]
fn a_client_id_or_secret_that_is_wrong_is_for_whoever_typed_it() {
    let refusal = json!({"error": "invalid_client", "error_description": "Client authentication failed"});
    let with = |edit: fn(&mut Draft)| {
        let registrations = RefCell::default();
        let mut world = world(&registrations, |it| {
            (it.url == "https://login.example.com/token").then(|| json_answer(401, refusal.clone()))
        });
        world.connect(settings(edit));
        world.back(BACK);
        ended(&world)
    };
    type Typed = (fn(&mut Draft), &'static str);
    let typed: [Typed; 2] = [
        (|it| it.client_id = "mine".to_owned(), "Register a public client at `https://login.example.com"),
        (
            |it| (it.client_id, it.client_secret) = ("mine".to_owned(), "wrong".to_owned()),
            "Correct client ID and secret",
        ),
    ];
    for (edit, fix) in typed {
        let (problem, owner) = with(edit);
        assert_eq!((problem.code.as_str(), problem.owner, owner), ("token-refused", Owner::You, Owner::You));
        let card = Card::alone(&problem);
        assert!(card.why().contains("Client authentication failed"), "{}", card.why());
        assert!(card.fix.starts_with(fix) && card.fix.contains(&world::place().redirect_uri), "{}", card.fix);
        assert!(card.reason.contains("mine"), "{}", card.reason);
    }
    assert_eq!(with(plain).1, Owner::Issuer);
}

#[test]
fn a_scope_that_is_refused_is_for_whoever_chose_it() {
    type Edit = fn(&mut Draft);
    let by_hand: Edit = |it| it.client_id = "mine".to_owned();
    let typed: Edit = |it| it.scope = "nonsense".to_owned();
    let cases: [(Edit, Option<Value>, Owner); 6] = [
        (plain, None, Owner::Server),
        (plain, Some(json!(["other"])), Owner::Server),
        (plain, Some(json!(["tools:read"])), Owner::Issuer),
        (by_hand, Some(json!(["tools:read"])), Owner::You),
        (by_hand, Some(json!(["other"])), Owner::Server),
        (typed, None, Owner::You),
    ];
    for (edit, listed, expected) in cases {
        let registrations = RefCell::default();
        let mut world = world(&registrations, |it| {
            let metadata = |listed: &Value| edited(server_metadata(), "scopes_supported", listed.clone());
            (it.url == ISSUER_METADATA).then_some(listed.as_ref()).flatten().map(|it| json_answer(200, metadata(it)))
        });
        world.connect(settings(edit));
        while world.inspector.waiting().is_some() {
            world.back(INVALID_SCOPE);
        }
        let (problem, owner) = ended(&world);
        let why = Card::alone(&problem).why();
        assert_eq!((problem.owner, owner), (expected, expected), "{listed:?}: {why}");
        assert!(why.contains("Client was not registered with scope"), "{why}");
    }
}

#[test]
fn a_redirect_uri_that_is_refused_is_named_with_where_to_register_it() {
    let redirect_uri = world::place().redirect_uri;
    let back = "error=invalid_request&error_description=redirect_uri+mismatch&state={state}&iss={iss}";
    for (id, expected) in [("mine", Owner::You), ("", Owner::Issuer)] {
        let registrations = RefCell::default();
        let mut world = world(&registrations, |_| None);
        world.connect(settings(|it| it.client_id = id.to_owned()));
        world.back(back);
        let (problem, owner) = ended(&world);
        assert_eq!((problem.owner, owner), (expected, expected));
        let id = if id.is_empty() { "c-1" } else { id };
        let fix = problems::of(&problem).fix;
        assert!(fix.contains(&redirect_uri) && fix.contains(&format!("client `{id}`")), "{fix}");
        assert!(fix.contains("https://login.example.com"), "{fix}");
    }
    let registrations = RefCell::default();
    let mut world = world(&registrations, |it| {
        (it.url == REGISTER).then(|| json_answer(400, json!({"error": "invalid_redirect_uri"})))
    });
    world.connect(settings(plain));
    let (problem, owner) = ended(&world);
    assert_eq!(owner, Owner::Issuer);
    let fix = problems::of(&problem).fix;
    assert!(fix.contains(&world::place().redirect_uri), "{fix}");
}

#[test]
fn a_login_that_is_given_up_says_which_redirect_uri_to_register_where() {
    let registrations = RefCell::default();
    let mut world = world(&registrations, |_| None);
    world.connect(settings(|it| it.client_id = "mine".to_owned()));
    world.input(Input::GiveUp);
    let (problem, _) = ended(&world);
    let problem = problems::of(&problem);
    for part in [world::place().redirect_uri.as_str(), "client `mine`", "https://login.example.com"] {
        assert!(problem.fix.contains(part), "{}", problem.fix);
    }
}

#[test]
fn a_step_up_to_a_scope_that_was_never_registered_registers_again() {
    let (registrations, wanted) = (RefCell::default(), Cell::new(false));
    let mut world = world(&registrations, |it| {
        let refused = wanted.get() && it.url == SERVER && world::message(it)["method"] == "tools/call";
        let challenge = r#"Bearer error="insufficient_scope", scope="tools:admin""#.to_owned();
        refused.then(|| Answer::Json(403, vec![("www-authenticate", challenge)], Value::Null))
    });
    world.connect(settings(plain));
    world.back(BACK);
    wanted.set(true);
    call(&mut world);
    accept(&mut world);
    assert_eq!(scopes(&registrations), [json!("tools:read"), json!("tools:read tools:admin")]);
    assert_eq!(parameter(&world, "scope").as_deref(), Some("tools:read tools:admin"));
    assert!(world.render().contains("registration-too-narrow scope="), "{}", world.render());
    wanted.set(false);
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Connected);
}

#[test]
fn a_registration_for_fewer_scopes_than_were_asked_for_is_a_warning() {
    let registrations = RefCell::default();
    let mut world = world(&registrations, |it| {
        (it.url == REGISTER).then(|| json_answer(201, json!({"client_id": "c-1", "scope": "other"})))
    });
    world.connect(settings(plain));
    let expected = "warn scope-narrower asked=\"tools:read\" registered=\"other\"";
    assert!(world.render().contains(expected), "{}", world.render());
}

/// The authorization server is named with a slash behind its origin.
fn slashed(request: &Request) -> Option<Answer> {
    let servers = json!(["https://login.example.com/"]);
    (request.url == METADATA)
        .then(|| json_answer(200, edited(resource_metadata(), "authorization_servers", servers.clone())))
}

#[test]
fn an_issuer_that_is_named_with_a_slash_behind_its_origin_is_a_warning_and_the_document_counts() {
    let registrations = RefCell::default();
    let mut world = world(&registrations, slashed);
    world.connect(settings(plain));
    assert!(world.render().contains("why warn issuer-slash-added (MCP server)"), "{}", world.render());
    assert_eq!(world.inspector.waiting().map(|it| it.server.issuer.as_str()), Some("https://login.example.com"));
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Connected);
    // Tokens and clients are kept by the issuer of the document.
    assert_eq!(world.inspector.grants()[0].issuer, "https://login.example.com");
    assert_eq!(world.inspector.clients()[0].0, "https://login.example.com");
}

#[test]
fn iss_is_compared_with_the_document_where_the_issuer_was_named_with_a_slash() {
    let registrations = RefCell::default();
    let mut world = world(&registrations, slashed);
    world.connect(settings(plain));
    world.back("code=c0de&state={state}&iss=https%3A%2F%2Flogin.example.com%2F");
    assert_eq!(code(&world), "iss-mismatch");
}

#[test]
fn an_issuer_that_the_document_ends_with_a_slash_is_refused() {
    let registrations = RefCell::default();
    let mut world = world(&registrations, |it| {
        let metadata = || edited(server_metadata(), "issuer", json!("https://login.example.com/"));
        (it.url == ISSUER_METADATA).then(|| json_answer(200, metadata()))
    });
    world.connect(settings(plain));
    assert_eq!(code(&world), "issuer-mismatch");
}

#[test]
fn an_authorization_server_that_was_set_is_used_where_the_metadata_names_another_or_none() {
    for named in [json!(["https://other.example"]), json!([])] {
        let registrations = RefCell::default();
        let mut world = world(&registrations, |it| {
            let metadata = || edited(resource_metadata(), "authorization_servers", named.clone());
            (it.url == METADATA).then(|| json_answer(200, metadata()))
        });
        world.connect(settings(|it| it.issuer = "https://login.example.com".to_owned()));
        let rendered = world.render();
        assert!(rendered.contains(&format!("warn issuer-set named={named} set=\"https://login.example.com\"")));
        world.back(BACK);
        assert_eq!(world.inspector.phase(), Phase::Connected);
    }
}

#[test]
fn an_authorization_server_that_was_set_and_says_it_is_another_is_for_the_user_to_correct() {
    let registrations = RefCell::default();
    let mut world = world(&registrations, |it| {
        let metadata = || edited(server_metadata(), "issuer", json!("https://other.example"));
        (it.url == "https://mine.example/.well-known/oauth-authorization-server").then(|| json_answer(200, metadata()))
    });
    world.connect(settings(|it| it.issuer = "https://mine.example".to_owned()));
    assert_eq!((code(&world), world.inspector.problems()[0].owner), ("issuer-mismatch", Owner::You));
}

#[test]
fn a_scope_that_one_server_wanted_is_not_asked_for_at_the_next() {
    const OTHER: &str = "https://other.example.net/mcp";
    let (registrations, wanted) = (RefCell::default(), Cell::new(false));
    let mut world = world(&registrations, |it| match it.url.as_str() {
        SERVER if wanted.get() && world::message(it)["method"] == "tools/call" => {
            let challenge = r#"Bearer error="insufficient_scope", scope="tools:admin""#.to_owned();
            Some(Answer::Json(403, vec![("www-authenticate", challenge)], Value::Null))
        }
        OTHER => Some(json_answer(401, Value::Null)),
        "https://other.example.net/.well-known/oauth-protected-resource/mcp" => {
            Some(json_answer(200, json!({"resource": OTHER, "authorization_servers": ["https://login.example.com"]})))
        }
        _ => None,
    });
    world.connect(settings(plain));
    world.back(BACK);
    wanted.set(true);
    call(&mut world);
    accept(&mut world);
    assert_eq!(parameter(&world, "scope").as_deref(), Some("tools:read tools:admin"));
    world.reload();
    world.connect(settings(|it| it.server = OTHER.to_owned()));
    assert!(world.left.as_deref().is_some_and(|it| it.contains("other.example.net")), "{:?}", world.left);
    assert_eq!(parameter(&world, "scope"), None);
}

#[test]
fn metadata_of_another_origin_that_claims_the_whole_origin_of_the_server_is_a_warning() {
    const ELSEWHERE: &str = "https://elsewhere.example/metadata";
    let registrations = RefCell::default();
    let mut world = world(&registrations, |it| match it.url.as_str() {
        SERVER if !world::carries(it, "t-1") => {
            let challenge = format!("Bearer resource_metadata=\"{ELSEWHERE}\"");
            Some(Answer::Json(401, vec![("www-authenticate", challenge)], Value::Null))
        }
        ELSEWHERE => Some(json_answer(200, edited(resource_metadata(), "resource", json!("https://mcp.example.com")))),
        _ => None,
    });
    world.connect(settings(plain));
    let facts = "metadata=\"https://elsewhere.example\" resource=\"https://mcp.example.com\"";
    let expected = &format!("warn foreign-metadata {facts}");
    assert!(world.render().contains(expected), "{}", world.render());
}

const TOKEN: &str = "https://login.example.com/token";

/// The token endpoint issues this token; the MCP server refuses it with that challenge.
fn issues(token: &str, challenge: &'static str) -> impl Fn(&Request) -> Option<Answer> + use<> {
    let token = token.to_owned();
    move |request| match request.url.as_str() {
        TOKEN => Some(json_answer(200, json!({"access_token": token, "token_type": "Bearer", "scope": "tools:read"}))),
        SERVER if world::carries(request, &token) => Some(world::unauthorized(challenge)),
        _ => None,
    }
}

fn refused_after_one_login(token: &str, challenge: &'static str) -> World<'static> {
    let changed = issues(token, challenge);
    let mut world = World::new(move |request| changed(request).unwrap_or_else(|| good(request)));
    world.connect(settings(plain));
    world.reload();
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Refused, "{}", world.render());
    world
}

#[test]
fn a_token_for_another_audience_is_judged_when_it_comes_and_costs_one_login() {
    let token = world::jwt(&json!({"aud": "account", "iss": "https://login.example.com", "scope": "tools:read"}));
    let world =
        refused_after_one_login(&token, r#"Bearer error="invalid_token", error_description="Audience mismatch""#);
    let problem = &world.inspector.problems()[0];
    assert_eq!((problem.code.as_str(), problem.owner), ("token-audience", Owner::Issuer));
    let card = Card::alone(problem);
    let said = format!("{} {}", card.why(), card.evidence.observed.join(" "));
    for part in
        ["invalid_token", "Audience mismatch", "`aud` is `account`", SERVER, "`iss` is `https://login.example.com`"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    let rendered = world.render();
    let (token_step, next) =
        rendered.split_once("10 token ").and_then(|(_, it)| it.split_once("\n11 ")).expect("steps");
    assert!(token_step.contains("fail audience-other aud=[\"account\"]"), "{token_step}");
    assert!(next.contains("token-audience: Authorization server"), "{next}");
}

#[test]
fn a_fresh_token_without_aud_has_the_wrong_audience_too() {
    let world = refused_after_one_login(&world::jwt(&json!({"iss": "https://login.example.com"})), "Bearer");
    let problem = &world.inspector.problems()[0];
    assert_eq!(problem.code.as_str(), "token-audience");
    let problem = problems::of(problem);
    assert!(
        problem.evidence.contains("`aud` is absent") && problem.reason.contains("no `aud`"),
        "{}",
        problem.evidence
    );
}

#[test]
fn a_fresh_token_that_is_opaque_or_for_this_server_costs_one_login_too() {
    let named = |aud: &str, iss: &str| world::jwt(&json!({"aud": aud, "iss": iss, "exp": 1e10}));
    let cases = [
        ("opaque".to_owned(), Owner::Server),
        (named(SERVER, "https://login.example.com"), Owner::Server),
        (named("https://mcp.example.com", "https://login.example.com"), Owner::Server),
        (named(SERVER, "https://other.example"), Owner::Issuer),
        (world::jwt(&json!({"aud": SERVER, "iss": "https://login.example.com", "exp": 0})), Owner::Issuer),
    ];
    for (token, owner) in cases {
        let challenge = r#"Bearer error="invalid_token", error_description="No such key", scope="tools:read""#;
        let world = refused_after_one_login(&token, challenge);
        let problem = &world.inspector.problems()[0];
        let why = Card::alone(problem).why();
        assert_eq!((problem.code.as_str(), problem.owner), ("scope-limit", owner), "{why}");
        assert!(why.contains("No such key"), "{why}");
    }
}

#[test]
fn a_fresh_token_that_is_refused_for_another_scope_leads_to_a_login_for_it() {
    let registrations = RefCell::default();
    let mut world = world(&registrations, issues("t-2", r#"Bearer error="invalid_token", scope="tools:admin""#));
    world.connect(settings(plain));
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Authorizing);
    assert_eq!(parameter(&world, "scope").as_deref(), Some("tools:admin"));
    world.back(BACK);
    assert_eq!((world.inspector.phase(), code(&world)), (Phase::Refused, "scope-limit"));
}

#[test]
fn a_token_that_was_taken_once_and_is_refused_later_leads_to_a_login() {
    let (registrations, gone) = (RefCell::default(), Cell::new(false));
    let mut world = world(&registrations, |it| {
        let lists = it.url == SERVER && it.body.is_some() && world::message(it)["method"] == "tools/list";
        (lists && !gone.replace(true)).then(|| world::unauthorized("Bearer"))
    });
    world.connect(settings(plain));
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Authorizing, "{}", world.render());
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Connected);
}

#[test]
fn a_call_that_is_refused_with_a_fresh_token_costs_one_login_where_all_else_is_open() {
    let registrations = RefCell::default();
    let mut world = world(&registrations, |it| {
        let called = it.url == SERVER && it.body.is_some() && world::message(it)["method"] == "tools/call";
        let challenge = format!("Bearer resource_metadata=\"{METADATA}\"");
        let guarded = || if called { world::unauthorized(&challenge) } else { world::served(it, None) };
        (it.url == SERVER).then(guarded)
    });
    world.connect(settings(plain));
    assert_eq!(world.inspector.phase(), Phase::Connected);
    call(&mut world);
    world.back(BACK);
    assert_eq!((world.inspector.phase(), code(&world)), (Phase::Refused, "scope-limit"), "{}", world.render());
}

const ELSEWHERE: &str = "https://mcp.example.com/.well-known/oauth-protected-resource";

/// As `bearerAuth` of `@hono/mcp` does by itself: it names the root's well-known URL, and the document is at the path's.
fn misnamed(request: &Request, status: u16) -> Option<Answer> {
    match request.url.as_str() {
        SERVER if !world::carries(request, "geheim") => {
            Some(world::unauthorized(&format!("Bearer resource_metadata=\"{ELSEWHERE}\"")))
        }
        ELSEWHERE => Some(json_answer(status, Value::Null)),
        _ => None,
    }
}

#[test]
fn metadata_that_is_not_where_the_challenge_names_it_is_looked_for_at_the_well_known_url_of_the_path() {
    let registrations = RefCell::default();
    let mut world = world(&registrations, |request| misnamed(request, 404));
    world.connect(settings(plain));
    let rendered = world.render();
    assert!(rendered.contains("why warn metadata-elsewhere-than-named (MCP server)"), "{rendered}");
    let elsewhere = "warn not-where-named url=\"https://mcp.example.com/.well-known/oauth-protected-resource\"";
    assert!(rendered.contains(elsewhere), "{rendered}");
    assert_eq!(parameter(&world, "resource").as_deref(), Some(SERVER));
    assert_eq!(world.inspector.waiting().map(|it| it.server.issuer.as_str()), Some("https://login.example.com"));
}

#[test]
fn metadata_that_is_kept_back_where_the_challenge_names_it_is_looked_for_nowhere_else() {
    for status in [401, 403, 200] {
        let asked = Cell::new(0);
        let registrations = RefCell::default();
        let mut world = world(&registrations, |request| {
            asked.set(asked.get() + u32::from(request.url == METADATA));
            misnamed(request, status)
        });
        world.connect(settings(plain));
        assert_eq!((asked.get(), world.left.is_none()), (0, true), "{status}");
    }
}
