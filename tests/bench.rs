//! The token bench, the negative tests and the ledger, against servers that are functions.

mod world;

use flowglass::base::stored;
use flowglass::explain::ledger::{self, SecretKind, Stored};
use flowglass::explain::walkthrough::Walkthrough;
use flowglass::http::{HttpError, Request};
use flowglass::inspector::{Input, Introspection, Phase, Signature, Verified};
use flowglass::oauth::negative::Negative;
use flowglass::trace::Event;
use flowglass::trace::check::Check;
use flowglass::trace::rule::proof::Proof;
use flowglass::trace::step::Step;
use serde_json::{Value, json};
use std::cell::RefCell;
use world::{Answer, SERVER, World, good, json_answer, mcp, server_metadata, settings};

const BACK: &str = "code=c0de&state={state}&iss={iss}";
const TOKEN: &str = "https://login.example.com/token";
const KEYS: &str = "https://login.example.com/jwks";
const INTROSPECT: &str = "https://login.example.com/introspect";
/// {"alg":"RS256","kid":"k-1"} . {"aud":"https://mcp.example.com/mcp"} . sig
const JWT: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImstMSJ9.eyJhdWQiOiJodHRwczovL21jcC5leGFtcGxlLmNvbS9tY3AifQ.c2ln";

/// What the authorization server does with what it should refuse, and what it was sent.
#[derive(Default)]
struct Minds {
    /// Answers in place of its own, by the beginning of the address and a part of the body.
    answers: Vec<(&'static str, &'static str, Answer)>,
    forms: Vec<String>,
    redeemed: bool,
}

fn refused(error: &str) -> Answer {
    json_answer(400, json!({ "error": error }))
}

fn tokens(refresh: &str) -> Answer {
    let tokens = json!({"access_token": JWT, "token_type": "Bearer", "refresh_token": refresh, "expires_in": 60});
    json_answer(200, tokens)
}

fn servers(minds: &RefCell<Minds>) -> impl FnMut(&Request) -> Answer + '_ {
    move |request| {
        let body = request.body.as_ref().map(|it| it.expose()).unwrap_or_default();
        let mut minds = minds.borrow_mut();
        if request.url.starts_with("https://login") {
            minds.forms.push(body.clone());
        }
        let bent = minds.answers.iter().find(|(url, part, _)| request.url.starts_with(url) && body.contains(part));
        if let Some((.., answer)) = bent {
            return answer.clone();
        }
        match request.url.as_str() {
            "https://login.example.com/.well-known/oauth-authorization-server" => {
                let mut document = server_metadata();
                document["jwks_uri"] = json!(KEYS);
                document["introspection_endpoint"] = json!(INTROSPECT);
                json_answer(200, document)
            }
            TOKEN if body.contains("grant_type=refresh_token") => match body.contains("refresh_token=rt-1&") {
                true if minds.redeemed => refused("invalid_grant"),
                true => {
                    minds.redeemed = true;
                    tokens("rt-2")
                }
                false => tokens("rt-3"),
            },
            TOKEN if body.contains("code=c0de&") => {
                // A code is good once.
                let first = minds.forms.iter().filter(|it| it.contains("code=c0de&")).count() == 1;
                if first { tokens("rt-1") } else { refused("invalid_grant") }
            }
            TOKEN => refused(if body.contains("other.example") { "invalid_target" } else { "invalid_grant" }),
            KEYS => json_answer(200, json!({"keys": [{"kty": "RSA", "kid": "k-1", "n": "1", "e": "AQAB"}]})),
            INTROSPECT => json_answer(200, json!({"active": true, "scope": "tools:read", "aud": SERVER})),
            SERVER => mcp(request, Some(JWT)),
            _ => good(request),
        }
    }
}

fn authorized(minds: &RefCell<Minds>) -> World<'_> {
    let mut world = World::new(servers(minds));
    world.connect(settings(|_| ()));
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Connected);
    world
}

fn verdict(world: &World<'_>, kind: Negative) -> Option<&'static str> {
    world.inspector.bench().tested(kind).map(|it| it.check.verdict.name())
}

fn held(world: &World<'_>) -> String {
    world.inspector.grant().map(|it| it.access_token.expose().clone()).unwrap_or_default()
}

fn kinds(world: &World<'_>) -> Vec<(&'static str, &'static str, usize)> {
    ledger::entries(&world.inspector).iter().map(|it| (it.kind.name(), it.state(), it.times)).collect()
}

#[test]
fn a_call_without_a_good_token_is_refused_and_disturbs_nothing() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    let began = |world: &World<'_>| {
        world.inspector.trace().entries().iter().filter(|it| matches!(it.event, Event::Began { .. })).count()
    };
    for kind in [Negative::NoToken, Negative::DamagedToken] {
        let before = began(&world);
        world.input(Input::Test(kind));
        assert_eq!((verdict(&world, kind), world.inspector.phase()), (Some("pass"), Phase::Connected));
        assert_eq!((began(&world), held(&world).as_str()), (before, JWT));
    }
    let rows = Walkthrough::of(world.inspector.trace()).expect("began");
    let row = rows.row(Step::McpRequestWithToken).expect("a row");
    let names: Vec<_> = row.tests.iter().map(|it| it.kind.name()).collect();
    assert_eq!(names, ["no-token", "damaged-token"]);
    assert!(world.inspector.problems().is_empty() && world.inspector.violations().is_empty());
}

#[test]
fn what_goes_out_without_a_good_token_is_what_is_said() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    world.input(Input::Test(Negative::NoToken));
    world.input(Input::Test(Negative::DamagedToken));
    let sent = |kind| {
        let exchange = world.inspector.bench().tested(kind).and_then(|it| it.exchange).expect("sent");
        let request = &world.inspector.trace().exchange(exchange).expect("known").request;
        request.headers.iter().find(|(name, _)| name == "authorization").map(|(_, value)| value.expose())
    };
    assert_eq!(sent(Negative::NoToken), None);
    let damaged = sent(Negative::DamagedToken).expect("a token");
    assert!(damaged.starts_with("Bearer ") && damaged.len() == "Bearer ".len() + JWT.len() && !damaged.ends_with(JWT));
}

#[test]
fn a_server_that_takes_anybody_fails_the_test() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    let result = json!({"jsonrpc": "2.0", "id": "trial-1", "result": {"tools": []}});
    minds.borrow_mut().answers.push((SERVER, "trial-1", json_answer(200, result)));
    world.input(Input::Test(Negative::NoToken));
    assert_eq!((verdict(&world, Negative::NoToken), world.inspector.phase()), (Some("fail"), Phase::Connected));
}

#[test]
fn the_old_refresh_token_is_remembered_and_refused() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    assert!(world.inspector.may_test(Negative::OldRefresh).is_err());
    world.input(Input::RefreshToken);
    world.reload();
    world.connect(settings(|_| ()));
    world.input(Input::Test(Negative::OldRefresh));
    assert_eq!((verdict(&world, Negative::OldRefresh), held(&world).as_str()), (Some("pass"), JWT));
    assert!(minds.borrow().forms.last().expect("a form").contains("refresh_token=rt-1&"));
}

#[test]
fn an_old_refresh_token_that_works_fails_the_test_and_its_tokens_are_not_kept() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    world.input(Input::RefreshToken);
    let stolen = json!({"access_token": "stolen", "token_type": "Bearer"});
    minds.borrow_mut().answers.push((TOKEN, "refresh_token=rt-1&", json_answer(200, stolen)));
    world.input(Input::Test(Negative::OldRefresh));
    assert_eq!((verdict(&world, Negative::OldRefresh), held(&world).as_str()), (Some("fail"), JWT));
}

#[test]
fn a_code_is_used_twice_right_after_a_login() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    world.input(Input::Test(Negative::CodeTwice));
    assert_eq!((verdict(&world, Negative::CodeTwice), world.inspector.phase()), (Some("pass"), Phase::Connected));
    let minds = minds.borrow();
    let forms: Vec<_> = minds.forms.iter().filter(|it| it.contains("code=c0de&")).collect();
    assert!(forms.len() == 2 && forms[0] == forms[1], "{forms:?}");
}

#[test]
fn tests_that_need_a_login_take_one_and_the_good_connection_is_back() {
    for (kind, wrong) in [
        (Negative::WrongVerifier, "code_verifier="),
        (Negative::OtherRedirect, "callback%2Fother"),
        (Negative::WrongResource, "resource=https%3A%2F%2Fother.example%2Fmcp"),
    ] {
        let minds = RefCell::default();
        let mut world = authorized(&minds);
        world.input(Input::Test(kind));
        assert_eq!(world.inspector.phase(), Phase::Authorizing);
        world.reload();
        world.back("code=another&state={state}&iss={iss}");
        assert_eq!((verdict(&world, kind), world.inspector.phase()), (Some("pass"), Phase::Connected), "{kind:?}");
        assert_eq!(held(&world), JWT);
        let minds = minds.borrow();
        let (first, bent) = (&minds.forms[minds.forms.len() - 2..], minds.forms.last().expect("a form"));
        assert!(bent.contains("code=another&") && bent.contains(wrong), "{first:?}");
    }
}

#[test]
fn with_a_popup_a_test_that_needs_a_login_leaves_tokens_in_memory_where_they_are() {
    let minds = RefCell::default();
    let mut world = World::new(servers(&minds));
    world.connect(settings(|it| {
        it.memory_only = true;
        it.redirect_mode = "popup".to_owned();
    }));
    world.back(BACK);
    world.input(Input::Test(Negative::WrongVerifier));
    world.back("code=another&state={state}&iss={iss}");
    assert_eq!((verdict(&world, Negative::WrongVerifier), held(&world).as_str()), (Some("pass"), JWT));
    assert_eq!(world.inspector.phase(), Phase::Connected);
}

#[test]
fn a_wrong_verifier_is_not_the_one_of_the_login() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    world.input(Input::Test(Negative::WrongVerifier));
    let right = world.inspector.waiting().expect("it waits").verifier.expose().to_owned();
    world.back("code=another&state={state}&iss={iss}");
    assert!(!minds.borrow().forms.last().expect("a form").contains(&right));
}

#[test]
fn a_test_whose_login_is_given_up_or_denied_loses_nothing() {
    for denied in [false, true] {
        let minds = RefCell::default();
        let mut world = authorized(&minds);
        world.input(Input::Test(Negative::WrongVerifier));
        world.reload();
        match denied {
            true => world.back("error=access_denied&state={state}&iss={iss}"),
            false => world.input(Input::GiveUp),
        }
        let found = (verdict(&world, Negative::WrongVerifier), world.inspector.phase(), held(&world));
        assert_eq!(found, (Some("warn"), Phase::Connected, JWT.to_owned()));
        assert!(world.inspector.problems().is_empty());
    }
}

#[test]
fn a_test_that_cannot_leave_for_its_login_is_over_and_the_connection_goes_on() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    world.input(Input::Test(Negative::WrongVerifier));
    world.input(Input::NotKept);
    let found = (verdict(&world, Negative::WrongVerifier), world.inspector.phase(), held(&world));
    assert_eq!(found, (Some("warn"), Phase::Connected, JWT.to_owned()));
    assert_eq!(world.inspector.problems().first().map(|it| it.code.as_str()), Some("storage-full"));
}

#[test]
fn the_walkthrough_of_the_good_run_stays_and_gets_a_branch() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    world.input(Input::Test(Negative::WrongVerifier));
    world.reload();
    world.back("code=another&state={state}&iss={iss}");
    let text = world.render();
    assert!(text.contains("9 token-request done [pass]"), "{text}");
    assert!(text.contains("test wrong-verifier: pass grant-refused error=\"invalid_grant\" status=400"), "{text}");
    assert!(text.contains("12 connected done"), "{text}");
}

#[test]
fn the_signature_is_verified_with_the_key_of_the_token() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    world.input(Input::CheckSignature);
    assert_eq!(world.inspector.bench().signature(), Some(&Signature::Waiting(Some("k-1".to_owned()))));
    world.input(Input::Verified(Verified::Holds));
    let Some(Signature::Known(check)) = world.inspector.bench().signature() else { panic!("not known") };
    assert_eq!(*check, Check::pass(Step::Token, Proof::SignatureHolds { kid: Some("k-1".to_owned()) }));
    // A token of its own has a signature of its own.
    world.input(Input::RefreshToken);
    assert_eq!(world.inspector.bench().signature(), None);
}

#[test]
fn keys_that_cannot_be_read_are_no_verdict_on_the_signature() {
    for (answer, verdict) in [
        (Answer::Blocked, "warn"),
        (Answer::Failed(HttpError::Timeout { after: 1 }), "warn"),
        (json_answer(404, Value::Null), "warn"),
        (json_answer(200, json!({"keys": []})), "fail"),
    ] {
        let minds = RefCell::default();
        let mut world = authorized(&minds);
        minds.borrow_mut().answers.push((KEYS, "", answer));
        world.input(Input::CheckSignature);
        let Some(Signature::Known(check)) = world.inspector.bench().signature() else { panic!("not known") };
        assert_eq!((check.verdict.name(), world.inspector.phase()), (verdict, Phase::Connected), "{:?}", check.rule);
    }
}

#[test]
fn an_introspection_is_shown_and_judged_and_a_refusal_is_said() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    world.input(Input::Introspect);
    let checks = |world: &World<'_>| match world.inspector.bench().introspection() {
        Some(Introspection::Answered { checks, .. }) => checks.iter().map(|it| it.verdict.name()).collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    assert_eq!(checks(&world), ["pass", "pass", "pass"]);
    minds.borrow_mut().answers.push((INTROSPECT, "", json_answer(401, json!({"error": "invalid_client"}))));
    world.input(Input::Introspect);
    assert_eq!((checks(&world), world.inspector.phase()), (vec!["warn"], Phase::Connected));
}

#[test]
fn the_ledger_knows_every_secret_and_where_it_went() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    world.input(Input::RefreshToken);
    world.input(Input::Test(Negative::DamagedToken));
    let mut found = kinds(&world);
    found.sort();
    let names: Vec<_> = found.iter().map(|(name, state, _)| (*name, *state)).collect();
    let expected = [
        ("access-token", "in use"),
        ("code", "redeemed"),
        ("refresh-token", "in use"),
        ("refresh-token", "no longer used"),
        ("session", "in use"),
        ("verifier", "used"),
    ];
    assert_eq!(names, expected);
    let entries = ledger::entries(&world.inspector);
    let of = |kind: SecretKind| entries.iter().find(|it| it.kind == kind && it.live).expect("listed");
    assert_eq!(of(SecretKind::AccessToken).sent, ["https://mcp.example.com"]);
    assert!(of(SecretKind::AccessToken).expires.is_some() && of(SecretKind::AccessToken).times > 1);
    assert!(entries.iter().all(|it| it.stored == Stored::Tab));
    assert!(entries.iter().filter(|it| it.kind == SecretKind::Code).all(|it| it.sent == ["https://login.example.com"]));
}

#[test]
fn what_a_person_typed_is_in_the_ledger_too() {
    let mut world = World::new(|request: &Request| mcp(request, Some("by-hand")));
    world.connect(settings(|it| {
        it.bearer = "by-hand".to_owned();
        it.client_secret = "s".to_owned();
        it.headers = vec![("X-Key".to_owned(), "k".to_owned())];
    }));
    let found: Vec<_> = kinds(&world).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(found, ["client-secret", "header", "access-token", "session"]);
}

#[test]
fn everything_is_forgotten() {
    let minds = RefCell::default();
    let mut world = authorized(&minds);
    world.input(Input::ForgetEverything);
    assert_eq!((world.inspector.phase(), kinds(&world)), (Phase::Idle, vec![]));
    assert!(world.inspector.trace().entries().is_empty() && world.inspector.settings().is_none());
    assert!(world.inspector.saved() == flowglass::inspector::Saved::default());
}

#[test]
fn d_36_in_memory_only_no_token_is_written_and_the_flow_survives_the_login() {
    let minds = RefCell::default();
    let mut world = World::new(servers(&minds));
    world.connect(settings(|it| it.memory_only = true));
    world.reload();
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Connected);
    let written = stored::write(&world.inspector.saved()).expect("it can be written");
    let trace = world.inspector.trace().entries().iter();
    let trace: String = trace.filter_map(|it| stored::write(&it.stored_masked())).collect();
    for secret in [JWT, "rt-1", "c0de"] {
        assert!(!written.contains(secret) && !trace.contains(secret), "{secret}");
    }
    assert!(world.inspector.may_test(Negative::WrongVerifier).is_err());
    assert!(ledger::entries(&world.inspector).iter().all(|it| it.stored == Stored::Memory));
}
