//! Requirements on authorization, against servers that are functions: what was asked of whom, and what went with it.

mod world;

use flowglass::explain::card::Card;
use flowglass::http::{Redirect, Request};
use flowglass::inspector::{Input, Phase};
use flowglass::mcp::connection::{Ask, Target};
use flowglass::mcp::model::ItemKind;
use flowglass::settings::Draft;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use world::{Answer, ISSUER, SERVER, World, good, json_answer, mcp, resource_metadata, server_metadata, settings};

const METADATA: &str = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";
const ROOT_METADATA: &str = "https://mcp.example.com/.well-known/oauth-protected-resource";
const ISSUER_METADATA: &str = "https://login.example.com/.well-known/oauth-authorization-server";
const REGISTER: &str = "https://login.example.com/register";
const TOKEN: &str = "https://login.example.com/token";
const BACK: &str = "code=c0de&state={state}&iss={iss}";

type Sent = RefCell<Vec<Request>>;

/// A world that writes down what it is sent, with the answers for some addresses changed.
fn world<'a>(sent: &'a Sent, mut changed: impl FnMut(&Request) -> Option<Answer> + 'a) -> World<'a> {
    World::new(move |request| {
        sent.borrow_mut().push(request.clone());
        changed(request).unwrap_or_else(|| good(request))
    })
}

/// The same with one document in the place of another.
fn with<'a>(sent: &'a Sent, url: &'static str, document: Value) -> World<'a> {
    world(sent, move |it| (it.url == url).then(|| json_answer(200, document.clone())))
}

fn edited(mut document: Value, name: &str, value: Value) -> Value {
    document[name] = value;
    document
}

fn plain(_: &mut Draft) {}

/// The addresses that were asked and hold this, in their order.
fn asked(sent: &Sent, part: &str) -> Vec<String> {
    sent.borrow().iter().map(|it| it.url.clone()).filter(|it| it.contains(part)).collect()
}

fn requests(sent: &Sent, url: &str) -> Vec<Request> {
    sent.borrow().iter().filter(|it| it.url == url).cloned().collect()
}

fn header(request: &Request, name: &str) -> Option<String> {
    request.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.expose())
}

fn body(request: &Request) -> String {
    request.body.as_ref().map(|it| it.expose()).unwrap_or_default()
}

/// A field of the form that a request carries.
fn field(request: &Request, name: &str) -> Option<String> {
    let body = body(request);
    url::form_urlencoded::parse(body.as_bytes()).find(|(it, _)| it == name).map(|(_, value)| value.into_owned())
}

/// A parameter of the address that the browser left for.
fn parameter(world: &World<'_>, name: &str) -> Option<String> {
    let url = url::Url::parse(world.left.as_deref().expect("the browser left")).expect("an address");
    url.query_pairs().find(|(it, _)| it == name).map(|(_, value)| value.into_owned())
}

fn code<'a>(world: &'a World<'_>) -> &'a str {
    world.inspector.problems().first().map_or("", |it| it.code.as_str())
}

fn call(world: &mut World<'_>) {
    let target = Target { kind: ItemKind::Tools, key: "echo".to_owned() };
    world.input(Input::Ask(Ask { target, arguments: "{}".to_owned() }));
}

/// Nothing but 404 where metadata is looked for.
fn without_metadata(request: &Request) -> Option<Answer> {
    request.url.contains("/.well-known/").then(|| json_answer(404, Value::Null))
}

#[test]
fn d_01_a_401_begins_an_authorization_and_the_token_ends_it() {
    let sent = Sent::default();
    let mut world = world(&sent, |_| None);
    world.connect(settings(plain));
    assert_eq!(world.inspector.phase(), Phase::Authorizing);
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Connected);
}

#[test]
fn d_02_the_bearer_challenge_is_found_among_others_in_any_case() {
    let sent = Sent::default();
    let challenge = r#"Basic realm="a, Bearer b", BEARER  error=invalid_token ,resource_metadata="https://mcp.example.com/meta", scope="a \"b\"""#;
    let mut world = world(&sent, |it| match it.url.as_str() {
        SERVER => Some(Answer::Json(401, vec![("www-authenticate", challenge.to_owned())], Value::Null)),
        "https://mcp.example.com/meta" => Some(json_answer(200, resource_metadata())),
        _ => None,
    });
    world.connect(settings(plain));
    assert_eq!(asked(&sent, "/meta"), ["https://mcp.example.com/meta"]);
    assert_eq!(parameter(&world, "scope").as_deref(), Some("a \"b\""));
}

#[test]
fn d_03_the_challenged_address_is_the_only_one_else_the_path_comes_before_the_root() {
    for (challenge, expected) in [(true, vec![METADATA]), (false, vec![METADATA, ROOT_METADATA])] {
        let sent = Sent::default();
        let mut world = world(&sent, |it| match it.url.as_str() {
            METADATA | ROOT_METADATA => Some(json_answer(404, Value::Null)),
            SERVER if !challenge => Some(json_answer(401, Value::Null)),
            _ => None,
        });
        world.connect(settings(plain));
        assert_eq!(asked(&sent, "oauth-protected-resource"), expected);
    }
}

#[test]
fn d_04_the_first_of_several_authorization_servers_is_taken_and_said() {
    let sent = Sent::default();
    let servers = json!([ISSUER, "https://other.example"]);
    let mut world = with(&sent, METADATA, edited(resource_metadata(), "authorization_servers", servers));
    world.connect(settings(plain));
    assert!(world.left.as_deref().is_some_and(|it| it.starts_with(ISSUER)));
    assert!(world.render().contains("pass authorization-servers count=2"));
    assert!(asked(&sent, "other.example").is_empty());
}

#[test]
fn d_05_a_resource_that_does_not_hold_this_server_ends_the_attempt_at_once() {
    let left = |resource: &str| {
        let sent = Sent::default();
        let mut world = with(&sent, METADATA, edited(resource_metadata(), "resource", json!(resource)));
        world.connect(settings(plain));
        assert_eq!(world.left.is_none(), code(&world) == "resource-mismatch", "{resource}");
        assert!(world.left.is_some() || asked(&sent, "login.example.com").is_empty(), "{resource}");
        world.left.is_some()
    };
    for resource in [SERVER, "https://mcp.example.com", "https://mcp.example.com/"] {
        assert!(left(resource), "{resource}");
    }
    for resource in ["https://evil.example/mcp", "https://mcp.example.com/other", "https://mcp.example.com/mc", "x"] {
        assert!(!left(resource), "{resource}");
    }
}

#[test]
fn d_06_d_12_without_resource_metadata_the_origin_of_the_server_is_the_authorization_server() {
    let sent = Sent::default();
    let origin = "https://mcp.example.com";
    let document = json!({
        "issuer": origin, "authorization_endpoint": "https://mcp.example.com/login",
        "token_endpoint": "https://mcp.example.com/t", "registration_endpoint": "https://mcp.example.com/r",
        "code_challenge_methods_supported": ["S256"],
    });
    let mut world = world(&sent, |it| match it.url.as_str() {
        METADATA | ROOT_METADATA => Some(json_answer(404, Value::Null)),
        "https://mcp.example.com/.well-known/oauth-authorization-server" => Some(json_answer(200, document.clone())),
        "https://mcp.example.com/r" => Some(json_answer(201, json!({"client_id": "c-9"}))),
        _ => None,
    });
    world.connect(settings(plain));
    assert!(world.left.as_deref().is_some_and(|it| it.starts_with("https://mcp.example.com/login?")));
    assert_eq!(
        asked(&sent, "oauth-authorization-server"),
        ["https://mcp.example.com/.well-known/oauth-authorization-server"]
    );
}

#[test]
fn d_07_d_08_metadata_of_both_kinds_is_looked_for_in_order() {
    let at = |path: &str| format!("https://login.example.com{path}");
    let both = [at("/.well-known/oauth-authorization-server"), at("/.well-known/openid-configuration")];
    let tenant = [
        at("/.well-known/oauth-authorization-server/tenant1"),
        at("/.well-known/openid-configuration/tenant1"),
        at("/tenant1/.well-known/openid-configuration"),
    ];
    for (issuer, places) in [(at(""), both.to_vec()), (at("/tenant1"), tenant.to_vec())] {
        let sent = Sent::default();
        let document = edited(server_metadata(), "issuer", json!(issuer));
        let mut world = world(&sent, |it| match it.url.as_str() {
            METADATA => Some(json_answer(200, edited(resource_metadata(), "authorization_servers", json!([issuer])))),
            url if places.last().is_some_and(|it| it == url) => Some(json_answer(200, document.clone())),
            url if url.contains("login.example.com") && url.contains("well-known") => {
                Some(json_answer(404, Value::Null))
            }
            _ => None,
        });
        world.connect(settings(plain));
        let looked: Vec<_> =
            asked(&sent, "login.example.com").into_iter().filter(|it| it.contains("well-known")).collect();
        assert_eq!(looked, places);
        assert!(world.left.is_some());
    }
}

#[test]
fn d_09_nothing_of_another_issuers_document_is_used_and_no_other_address_is_tried() {
    for found in [
        "https://login.example.com/",
        "https://LOGIN.example.com",
        "https://login.example.com:443",
        "https://evil.example",
    ] {
        let sent = Sent::default();
        let mut world = with(&sent, ISSUER_METADATA, edited(server_metadata(), "issuer", json!(found)));
        world.connect(settings(plain));
        assert_eq!((code(&world), &world.left), ("issuer-mismatch", &None), "{found}");
        assert_eq!(asked(&sent, "login.example.com"), [ISSUER_METADATA]);
    }
}

#[test]
fn d_10_metadata_without_s256_is_refused_and_no_metadata_at_all_is_not() {
    for methods in [Value::Null, json!([]), json!(["plain"]), json!("S256")] {
        let sent = Sent::default();
        let document = edited(server_metadata(), "code_challenge_methods_supported", methods.clone());
        let mut world = with(&sent, ISSUER_METADATA, document);
        world.connect(settings(plain));
        assert_eq!((code(&world), &world.left), ("pkce-unsupported", &None), "{methods}");
    }
    let sent = Sent::default();
    let mut world = world(&sent, |it| match it.url.as_str() {
        "https://mcp.example.com/register" => Some(json_answer(201, json!({"client_id": "c-2"}))),
        _ => without_metadata(it),
    });
    world.connect(settings(plain));
    assert_eq!(parameter(&world, "code_challenge_method").as_deref(), Some("S256"));
}

#[test]
fn d_11_d_43_no_address_is_used_that_is_not_https_or_of_this_machine() {
    let endpoints = ["authorization_endpoint", "token_endpoint", "registration_endpoint"];
    let addresses = [
        "http://login.example.com/x",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc",
        "vbscript:x",
        "https://u:p@login.example.com/",
    ];
    for (name, address) in endpoints.iter().flat_map(|name| addresses.map(|it| (name, it))) {
        let sent = Sent::default();
        let mut world = with(&sent, ISSUER_METADATA, edited(server_metadata(), name, json!(address)));
        world.connect(settings(plain));
        assert_eq!((code(&world), &world.left), ("unsafe-url", &None), "{name} {address}");
    }
    for address in addresses {
        let sent = Sent::default();
        let mut world = with(&sent, METADATA, edited(resource_metadata(), "authorization_servers", json!([address])));
        world.connect(settings(plain));
        assert_eq!((code(&world), &world.left), ("unsafe-url", &None), "{address}");
        let sent = Sent::default();
        let challenge = format!(r#"Bearer resource_metadata="{address}""#);
        let mut challenged = self::world(&sent, |it| {
            (it.url == SERVER).then(|| Answer::Json(401, vec![("www-authenticate", challenge.clone())], Value::Null))
        });
        challenged.connect(settings(plain));
        assert_eq!((code(&challenged), &challenged.left), ("unsafe-url", &None), "{address}");
    }
    let sent = Sent::default();
    let document = edited(server_metadata(), "token_endpoint", json!("http://127.0.0.1:9/token"));
    let mut world = with(&sent, ISSUER_METADATA, document);
    world.connect(settings(plain));
    // Safe by its scheme, and still not for a server elsewhere to name.
    assert_eq!((code(&world), &world.left), ("endpoint-loopback", &None));
}

#[test]
fn d_13_d_15_without_any_metadata_the_fixed_endpoints_are_used_with_pkce() {
    let sent = Sent::default();
    let mut world = world(&sent, |it| match it.url.as_str() {
        "https://mcp.example.com/register" => Some(json_answer(201, json!({"client_id": "c-2"}))),
        "https://mcp.example.com/token" => {
            Some(json_answer(200, json!({"access_token": "t-1", "token_type": "Bearer"})))
        }
        _ => without_metadata(it),
    });
    world.connect(settings(plain));
    assert!(world.left.as_deref().is_some_and(|it| it.starts_with("https://mcp.example.com/authorize?")));
    assert!(parameter(&world, "code_challenge").is_some_and(|it| it.len() == 43));
    assert_eq!(parameter(&world, "resource"), None);
    world.back("code=c0de&state={state}");
    assert_eq!(world.inspector.phase(), Phase::Connected);
    assert!(field(&requests(&sent, "https://mcp.example.com/token")[0], "code_verifier").is_some());
}

#[test]
fn d_14_metadata_is_asked_for_without_a_header_that_needs_a_preflight() {
    let sent = Sent::default();
    let mut world = world(&sent, without_metadata);
    world.connect(settings(plain));
    let all = sent.borrow().iter().filter(|it| it.url.contains("/.well-known/")).cloned().collect::<Vec<_>>();
    assert!(
        all.len() > 2 && all.iter().all(|it| !it.needs_preflight() && header(it, "mcp-protocol-version").is_none())
    );
}

#[test]
fn d_16_a_client_is_found_by_hand_then_by_registration_else_the_person_is_asked() {
    let sent = Sent::default();
    let mut by_hand = world(&sent, |_| None);
    by_hand.connect(settings(|it| it.client_id = "mine".to_owned()));
    assert_eq!((parameter(&by_hand, "client_id").as_deref(), requests(&sent, REGISTER).len()), (Some("mine"), 0));
    let sent = Sent::default();
    let mut dynamic = world(&sent, |_| None);
    dynamic.connect(settings(plain));
    assert_eq!((parameter(&dynamic, "client_id").as_deref(), requests(&sent, REGISTER).len()), (Some("c-1"), 1));
    let sent = Sent::default();
    let mut neither = with(&sent, ISSUER_METADATA, edited(server_metadata(), "registration_endpoint", Value::Null));
    neither.connect(settings(plain));
    assert_eq!((code(&neither), &neither.left), ("registration-unavailable", &None));
}

#[test]
fn d_18_an_id_and_a_secret_given_by_hand_are_what_the_client_is() {
    let sent = Sent::default();
    let mut world = world(&sent, |_| None);
    world.connect(settings(|it| (it.client_id, it.client_secret) = ("mine".to_owned(), "s3cret".to_owned())));
    world.back(BACK);
    let token = &requests(&sent, TOKEN)[0];
    assert_eq!(header(token, "authorization").as_deref(), Some("Basic bWluZTpzM2NyZXQ="));
    assert!(!world.left.as_deref().unwrap_or_default().contains("s3cret"));
}

#[test]
fn d_19_d_20_d_22_a_registration_says_what_this_page_is_and_where_it_is_called_back() {
    let sent = Sent::default();
    let mut world = world(&sent, |_| None);
    world.connect(settings(plain));
    world.back(BACK);
    let asked: Value = serde_json::from_str(&body(&requests(&sent, REGISTER)[0])).expect("JSON");
    let here = "http://localhost:3000/oauth/callback";
    assert_eq!((&asked["application_type"], &asked["redirect_uris"]), (&json!("native"), &json!([here])));
    assert_eq!(asked["grant_types"], json!(["authorization_code", "refresh_token"]));
    assert_eq!(parameter(&world, "redirect_uri").as_deref(), Some(here));
    assert_eq!(field(&requests(&sent, TOKEN)[0], "redirect_uri").as_deref(), Some(here));
}

#[test]
fn d_19_a_registration_that_is_refused_says_why() {
    let sent = Sent::default();
    let refusal = json!({"error": "invalid_redirect_uri", "error_description": "no localhost here"});
    let mut world = world(&sent, |it| (it.url == REGISTER).then(|| json_answer(400, refusal.clone())));
    world.connect(settings(plain));
    let problem = &world.inspector.problems()[0];
    assert_eq!(problem.code.as_str(), "registration-refused");
    let seen = Card::alone(problem).why();
    assert!(seen.contains("no localhost here"), "{seen}");
}

#[test]
fn d_21_a_client_is_used_with_the_authorization_server_that_knows_it_and_with_no_other() {
    let sent = Sent::default();
    let moved = Cell::new(false);
    let mut world = world(&sent, |it| match it.url.as_str() {
        METADATA if moved.get() => {
            Some(json_answer(200, edited(resource_metadata(), "authorization_servers", json!(["https://new.example"]))))
        }
        "https://new.example/.well-known/oauth-authorization-server" => Some(json_answer(
            200,
            json!({
                "issuer": "https://new.example", "authorization_endpoint": "https://new.example/authorize",
                "token_endpoint": "https://new.example/token", "registration_endpoint": "https://new.example/register",
                "code_challenge_methods_supported": ["S256"],
            }),
        )),
        "https://new.example/register" => Some(json_answer(201, json!({"client_id": "new-1"}))),
        _ => None,
    });
    world.connect(settings(plain));
    assert_eq!(parameter(&world, "client_id").as_deref(), Some("c-1"));
    moved.set(true);
    world.connect(settings(plain));
    assert_eq!(parameter(&world, "client_id").as_deref(), Some("new-1"));
    assert!(sent.borrow().iter().filter(|it| it.url.contains("new.example")).all(|it| !body(it).contains("c-1")));
    moved.set(false);
    world.connect(settings(plain));
    assert_eq!((parameter(&world, "client_id").as_deref(), requests(&sent, REGISTER).len()), (Some("c-1"), 1));
}

#[test]
fn d_23_d_24_the_resource_goes_out_in_both_requests_as_the_metadata_writes_it() {
    for resource in [SERVER, "https://mcp.example.com", "https://mcp.example.com/", "https://MCP.example.com/mcp"] {
        let sent = Sent::default();
        let mut world = with(&sent, METADATA, edited(resource_metadata(), "resource", json!(resource)));
        world.connect(settings(plain));
        assert_eq!(parameter(&world, "resource").as_deref(), Some(resource));
        world.back(BACK);
        assert_eq!(field(&requests(&sent, TOKEN)[0], "resource").as_deref(), Some(resource));
    }
}

#[test]
fn d_25_scopes_are_those_of_the_challenge_else_those_that_are_published_else_none() {
    let scope = |challenge: Option<&str>, published: Value| {
        let sent = Sent::default();
        let challenge = format!(
            "Bearer resource_metadata=\"{METADATA}\"{}",
            challenge.map(|it| format!(", scope=\"{it}\"")).unwrap_or_default()
        );
        let mut world = world(&sent, |it| match it.url.as_str() {
            SERVER => Some(Answer::Json(401, vec![("www-authenticate", challenge.clone())], Value::Null)),
            METADATA => Some(json_answer(200, edited(resource_metadata(), "scopes_supported", published.clone()))),
            _ => None,
        });
        world.connect(settings(plain));
        parameter(&world, "scope")
    };
    assert_eq!(scope(Some("other"), json!(["a", "b"])).as_deref(), Some("other"));
    assert_eq!(scope(None, json!(["a", "b"])).as_deref(), Some("a b"));
    assert_eq!(scope(None, json!([])), None);
    assert_eq!(scope(None, Value::Null), None);
}

#[test]
fn d_27_a_callback_with_another_state_or_none_gets_no_token() {
    for query in
        ["code=c0de&state=other&iss={iss}", "code=c0de&iss={iss}", "code=c0de&state={state}&state={state}&iss={iss}"]
    {
        let sent = Sent::default();
        let mut world = world(&sent, |_| None);
        world.connect(settings(plain));
        world.back(query);
        assert_eq!((code(&world), requests(&sent, TOKEN).len()), ("state-mismatch", 0), "{query}");
    }
}

#[test]
fn d_28_d_29_d_46_what_was_recorded_before_the_login_decides_after_it() {
    let sent = Sent::default();
    let turned = Cell::new(false);
    let mut world = world(&sent, |it| match it.url.as_str() {
        ISSUER_METADATA if turned.get() => {
            Some(json_answer(200, edited(server_metadata(), "token_endpoint", json!("https://evil.example/token"))))
        }
        _ => None,
    });
    world.connect(settings(plain));
    let verifier = world.inspector.waiting().expect("it waits").verifier.expose().to_owned();
    turned.set(true);
    world.reload();
    let wait = world.inspector.saved().wait.expect("it waits");
    assert_eq!((wait.server.issuer.as_str(), wait.client.id.as_str()), (ISSUER, "c-1"));
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Connected);
    assert_eq!(field(&requests(&sent, TOKEN)[0], "code_verifier"), Some(verifier));
    assert!(asked(&sent, "evil.example").is_empty());
}

#[test]
fn d_30_the_issuer_of_a_callback_is_compared_as_a_string_before_the_code_goes_anywhere() {
    let same = "&iss=https%3A%2F%2Flogin.example.com";
    let others = [
        "https://login.example.com/",
        "https://LOGIN.example.com",
        "https://login.example.com:443",
        "https://login.example.co%6D",
        "https://evil.example",
    ];
    let outcome = |promised: bool, iss: &str| {
        let sent = Sent::default();
        let name = "authorization_response_iss_parameter_supported";
        let mut world = with(&sent, ISSUER_METADATA, edited(server_metadata(), name, json!(promised)));
        world.connect(settings(plain));
        world.back(&format!("code=c0de&state={{state}}{iss}"));
        (code(&world).to_owned(), requests(&sent, TOKEN).len())
    };
    for promised in [true, false] {
        assert_eq!(outcome(promised, same), (String::new(), 1));
        for other in others {
            let encoded: String = url::form_urlencoded::byte_serialize(other.as_bytes()).collect();
            assert_eq!(outcome(promised, &format!("&iss={encoded}")), ("iss-mismatch".to_owned(), 0), "{other}");
        }
    }
    assert_eq!(outcome(true, ""), ("iss-missing".to_owned(), 0));
    assert_eq!(outcome(false, ""), (String::new(), 1));
}

#[test]
fn d_31_d_32_a_callback_is_judged_by_its_state_then_its_issuer_then_its_error() {
    let end = |query: &str| {
        let sent = Sent::default();
        let mut world = world(&sent, |_| None);
        world.connect(settings(plain));
        world.back(query);
        let shown = world.inspector.problems().iter().any(|it| format!("{it:?}").contains("markup"));
        assert!(requests(&sent, TOKEN).is_empty());
        (code(&world).to_owned(), shown)
    };
    let error = "error=server_error&error_description=markup&code=c0de";
    assert_eq!(
        end(&format!("{error}&state=other&iss=https%3A%2F%2Fevil.example")),
        ("state-mismatch".to_owned(), false)
    );
    assert_eq!(
        end(&format!("{error}&state={{state}}&iss=https%3A%2F%2Fevil.example")),
        ("iss-mismatch".to_owned(), false)
    );
    assert_eq!(end(&format!("{error}&state={{state}}")), ("iss-missing".to_owned(), false));
    assert_eq!(end(&format!("{error}&state={{state}}&iss={{iss}}")), ("authorization-error".to_owned(), true));
}

#[test]
fn d_33_a_client_proves_itself_in_the_way_that_the_token_endpoint_takes() {
    let sent_with = |methods: Value, secret: &str| {
        let sent = Sent::default();
        let name = "token_endpoint_auth_methods_supported";
        let mut world = with(&sent, ISSUER_METADATA, edited(server_metadata(), name, methods));
        world.connect(settings(|it| (it.client_id, it.client_secret) = ("a b".to_owned(), secret.to_owned())));
        world.back(BACK);
        let token = requests(&sent, TOKEN).remove(0);
        assert!(field(&token, "code_verifier").is_some());
        (header(&token, "authorization"), field(&token, "client_id"), field(&token, "client_secret"))
    };
    let basic = (Some("Basic YStiOnMlMkYx".to_owned()), None, None);
    let post = (None, Some("a b".to_owned()), Some("s/1".to_owned()));
    for methods in [Value::Null, json!(["client_secret_basic"]), json!(["client_secret_post", "client_secret_basic"])] {
        assert_eq!(sent_with(methods, "s/1"), basic);
    }
    assert_eq!(sent_with(json!(["client_secret_post"]), "s/1"), post);
    assert_eq!(sent_with(json!(["none"]), ""), (None, Some("a b".to_owned()), None));
}

#[test]
fn d_34_the_token_goes_with_every_request_to_its_server_and_never_in_an_address() {
    let sent = Sent::default();
    let mut world = world(&sent, |_| None);
    world.connect(settings(plain));
    world.back(BACK);
    let before = requests(&sent, SERVER).iter().filter(|it| header(it, "authorization").is_none()).count();
    call(&mut world);
    world.input(Input::Disconnect);
    let all = requests(&sent, SERVER);
    let without = all.iter().filter(|it| header(it, "authorization").is_none()).count();
    assert_eq!(without, before);
    assert!(all.iter().any(|it| it.method.as_str() == "DELETE") && all.iter().any(|it| it.method.as_str() == "GET"));
    assert!(sent.borrow().iter().all(|it| !it.url.contains("t-1") && !it.url.contains("c0de")));
}

#[test]
fn d_35_a_token_is_sent_to_no_other_server() {
    let sent = Sent::default();
    let mut world = world(&sent, |it| it.url.starts_with("https://other.example").then(|| mcp(it, None)));
    world.connect(settings(plain));
    world.back(BACK);
    world.connect(settings(|it| it.server = "https://other.example/mcp".to_owned()));
    assert_eq!(world.inspector.phase(), Phase::Connected);
    let others = sent.borrow().iter().filter(|it| it.url.contains("other.example")).cloned().collect::<Vec<_>>();
    assert!(!others.is_empty() && others.iter().all(|it| header(it, "authorization").is_none()));
    assert!(
        sent.borrow()
            .iter()
            .filter(|it| it.url != SERVER)
            .all(|it| !format!("{:?}", header(it, "authorization")).contains("t-1"))
    );
}

#[test]
fn d_36_a_token_is_kept_with_its_issuer_resource_and_client_and_shown_nowhere() {
    let sent = Sent::default();
    let mut world = world(&sent, |_| None);
    world.connect(settings(plain));
    world.back(BACK);
    let saved = world.inspector.saved();
    let grant = &saved.grants[0];
    assert_eq!((saved.grants.len(), grant.issuer.as_str(), grant.client.id.as_str()), (1, ISSUER, "c-1"));
    assert_eq!((grant.resource.as_deref(), grant.server.as_str()), (Some(SERVER), SERVER));
    let shown = world.render();
    assert!(!shown.contains("t-1") && !shown.contains("r-1") && !shown.contains("c0de"));
}

#[test]
fn d_38_a_second_401_is_the_end_and_a_plain_403_is_no_reason_to_log_in() {
    let sent = Sent::default();
    let forbidden = Cell::new(false);
    let mut world = world(&sent, |it| (it.url == SERVER && forbidden.get()).then(|| json_answer(403, Value::Null)));
    world.connect(settings(plain));
    world.back(BACK);
    world.left = None;
    forbidden.set(true);
    call(&mut world);
    assert_eq!((&world.left, requests(&sent, TOKEN).len()), (&None, 1));
}

#[test]
fn d_45_what_carries_a_secret_is_not_sent_on_to_another_address() {
    let sent = Sent::default();
    let mut world = world(&sent, |_| None);
    world.connect(settings(plain));
    world.back(BACK);
    call(&mut world);
    for request in sent.borrow().iter() {
        let secret = header(request, "authorization").is_some() || header(request, "mcp-session-id").is_some();
        let secret = secret || field(request, "code").is_some();
        assert!(!secret || request.redirect == Redirect::Stop, "{}", request.url);
    }
    assert_eq!(requests(&sent, TOKEN)[0].redirect, Redirect::Stop);
}

#[test]
fn d_48_headers_of_ones_own_go_to_the_server_and_to_nobody_else() {
    let sent = Sent::default();
    let mut world = world(&sent, |_| None);
    world.connect(settings(|it| it.headers = vec![("x-api-key".to_owned(), "k-1".to_owned())]));
    world.back(BACK);
    call(&mut world);
    for request in sent.borrow().iter() {
        assert_eq!(header(request, "x-api-key").is_some(), request.url == SERVER, "{}", request.url);
    }
}

#[test]
fn nobody_leaves_from_a_tab_that_cannot_keep_what_the_way_back_needs() {
    let sent = Sent::default();
    let mut world = world(&sent, |_| None);
    world.connect(settings(plain));
    world.input(Input::NotKept);
    assert_eq!(world.inspector.phase(), Phase::Failed);
    let problem = &world.inspector.problems()[0];
    assert_eq!((problem.code.as_str(), problem.step.map(|it| it.name())), ("storage-full", Some("authorize")));
    assert!(world.inspector.waiting().is_none());
}

#[test]
fn metadata_is_looked_for_past_a_page_that_stands_for_every_address() {
    let sent = Sent::default();
    let mut world = world(&sent, |it| match it.url.as_str() {
        ISSUER_METADATA => Some(json_answer(200, json!("a page"))),
        "https://login.example.com/.well-known/openid-configuration" => Some(json_answer(200, server_metadata())),
        _ => None,
    });
    world.connect(settings(plain));
    assert!(world.render().contains(&format!("warn server-metadata-not-object url=\"{ISSUER_METADATA}\"")));
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Connected);
}

#[test]
fn a_secret_that_is_bound_to_no_authorization_server_is_warned_of_where_the_server_names_none() {
    let said = "warn credentials-unbound origin=\"https://mcp.example.com\"";
    let with = |issuer: &'static str, missing: bool| {
        let sent = Sent::default();
        let mut world = world(&sent, |it| (missing && it.url == METADATA).then(|| json_answer(404, Value::Null)));
        world.connect(settings(|it| {
            (it.client_id, it.client_secret) = ("me".to_owned(), "geheim".to_owned());
            it.issuer = issuer.to_owned();
        }));
        world.render().contains(said)
    };
    assert_eq!([with("", true), with("", false), with(ISSUER, true)], [true, false, false]);
}
