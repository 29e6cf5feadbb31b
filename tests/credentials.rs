//! Tokens without a login (MCP extension, OAuth client credentials), and clients that prove themselves with a key.

mod world;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flowglass::base::revision::Revision;
use flowglass::explain::words::problems;
use flowglass::http::Request;
use flowglass::inspector::{Input, Phase};
use flowglass::oauth::assertion::NotSigned;
use flowglass::settings::Draft;
use serde_json::{Value, json};
use std::cell::RefCell;
use world::{World, good, json_answer, server_metadata, settings};

const KEY: &str = include_str!("data/keys/rfc8410-ed25519.pem");
const BACK: &str = "code=c0de&state={state}&iss={iss}";
const ISSUER_METADATA: &str = "https://login.example.com/.well-known/oauth-authorization-server";
const TOKEN: &str = "https://login.example.com/token";
const RESOURCE: &str = "resource=https%3A%2F%2Fmcp.example.com%2Fmcp";

/// The good servers, and the bodies of what is sent to an address.
fn watched<'a>(url: &'static str, bodies: &'a RefCell<Vec<String>>) -> World<'a> {
    World::new(move |request: &Request| {
        if request.url == url {
            bodies.borrow_mut().push(request.body.as_ref().map(|it| it.expose()).unwrap_or_default());
        }
        good(request)
    })
}

fn with_key(draft: &mut Draft) {
    (draft.client_id, draft.private_key) = ("me".to_owned(), KEY.to_owned());
    draft.grant = "client_credentials".to_owned();
}

fn code<'a>(world: &'a World<'_>) -> &'a str {
    world.inspector.problems().first().map_or("", |it| it.code.as_str())
}

fn field(body: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(body.as_bytes()).find(|(it, _)| it == name).map(|(_, value)| value.into_owned())
}

/// A part of a JWT.
fn part(assertion: &str, index: usize) -> Value {
    let part = assertion.split('.').nth(index).expect("a part");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

#[test]
fn d_61_client_credentials_need_no_login_and_follow_the_same_discovery() {
    let sent = RefCell::new(Vec::new());
    let mut world = World::new(|request: &Request| {
        if request.url == TOKEN {
            sent.borrow_mut().push(request.clone());
        }
        good(request)
    });
    world.connect(settings(|it| {
        (it.client_id, it.client_secret) = ("me".to_owned(), "geheim".to_owned());
        it.grant = "client_credentials".to_owned();
        it.issuer = "https://login.example.com".to_owned();
    }));
    assert_eq!((world.inspector.phase(), world.left.as_deref()), (Phase::Connected, None));
    let sent = sent.take();
    let [request] = sent.as_slice() else { panic!("{} requests", sent.len()) };
    let body = request.body.as_ref().expect("a body").expose();
    assert_eq!(body, format!("grant_type=client_credentials&{RESOURCE}&scope=tools%3Aread"));
    assert!(request.headers.iter().any(|(name, _)| name == "authorization"), "client_secret_basic");
    assert!(world.render().contains("6 consent skipped"));
    assert!(world.render().contains("credentials-in-page set=\"https://login.example.com\""));
}

#[test]
fn d_65_client_credentials_for_one_authorization_server_are_shown_to_no_other() {
    let bodies = RefCell::new(Vec::new());
    let mut world = watched(TOKEN, &bodies);
    world.connect(settings(|it| {
        (it.client_id, it.client_secret) = ("me".to_owned(), "geheim".to_owned());
        (it.grant, it.issuer) = ("client_credentials".to_owned(), "https://mine.example".to_owned());
    }));
    // Nothing is at the one that was set, and the one that the server names gets nothing in its place.
    assert_eq!((world.inspector.phase(), code(&world)), (Phase::Failed, "metadata-invalid"));
    assert_eq!(*bodies.borrow(), Vec::<String>::new());
}

#[test]
fn d_62_d_64_a_key_signs_for_the_client_which_sends_no_id_beside() {
    let bodies = RefCell::new(Vec::new());
    let mut world = watched(TOKEN, &bodies);
    world.connect(settings(with_key));
    assert_eq!((world.inspector.phase(), world.left.as_deref()), (Phase::Connected, None));
    let body = bodies.borrow().concat();
    let start = format!("grant_type=client_credentials&{RESOURCE}&scope=tools%3Aread&client_assertion_type=");
    assert!(body.starts_with(&start), "{body}");
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    assert_eq!(field(&body, "client_assertion_type").as_deref(), Some(kind));
    assert_eq!((field(&body, "client_id"), field(&body, "assertion")), (None, None));
    let assertion = field(&body, "client_assertion").expect("an assertion");
    assert!(assertion.ends_with(".c2lnbmF0dXJl"), "{assertion}");
    assert_eq!(part(&assertion, 0), json!({"alg": "EdDSA", "typ": "JWT"}));
    let claims = part(&assertion, 1);
    assert_eq!([&claims["iss"], &claims["sub"], &claims["aud"]], ["me", "me", "https://login.example.com"]);
    let rendered = world.render();
    assert!(rendered.contains("signed algorithm=\"EdDSA\" client=\"me\" issuer=\"https://login.example.com\""));
    assert!(!rendered.contains(&assertion));
}

#[test]
fn d_63_methods_and_algorithms_that_the_metadata_does_not_list_are_said() {
    let mut metadata = server_metadata();
    metadata["token_endpoint_auth_methods_supported"] = json!(["client_secret_basic"]);
    metadata["token_endpoint_auth_signing_alg_values_supported"] = json!(["RS256"]);
    let mut world = World::new(|request: &Request| match request.url.as_str() {
        ISSUER_METADATA => json_answer(200, metadata.clone()),
        _ => good(request),
    });
    world.connect(settings(with_key));
    let rendered = world.render();
    let method = "auth-method-unlisted listed=[\"client_secret_basic\"] used=\"PrivateKeyJwt\"";
    assert!(rendered.contains(method), "{rendered}");
    assert!(rendered.contains("signing-algorithm-unlisted listed=[\"RS256\"] used=\"EdDSA\""), "{rendered}");
}

#[test]
fn d_60_the_extension_is_declared_where_it_is_used_and_nowhere_else() {
    let declared = |edit: fn(&mut Draft), revision: Revision| {
        let bodies = RefCell::new(Vec::new());
        let mut world = watched(world::SERVER, &bodies);
        world.connect(settings(|it| {
            edit(it);
            it.revision = revision.as_str().to_owned();
        }));
        let bodies = bodies.take();
        let first: Value = serde_json::from_str(bodies.first().expect("a request")).expect("JSON");
        let handshake = &first["params"]["capabilities"];
        let meta = &first["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"];
        if revision.has_handshake() { handshake["extensions"].clone() } else { meta["extensions"].clone() }
    };
    for revision in Revision::ALL {
        let name = "io.modelcontextprotocol/oauth-client-credentials";
        assert_eq!(declared(with_key, revision)[name], json!({}), "{}", revision.as_str());
        assert_eq!(declared(|_| (), revision)[name], Value::Null, "{}", revision.as_str());
    }
}

#[test]
fn a_key_that_went_with_its_page_is_said_to_be_gone() {
    let mut world = World::new(good);
    let mut settings = settings(with_key);
    settings.private_key = None;
    world.connect(settings);
    assert_eq!((world.inspector.phase(), code(&world)), (Phase::Failed, "key-unusable"));
    assert!(problems::of(&world.inspector.problems()[0]).reason.contains("in memory"));
}

#[test]
fn a_key_that_cannot_be_read_is_told_of_before_anything_is_sent_with_it() {
    let bodies = RefCell::new(Vec::new());
    let mut world = watched(TOKEN, &bodies);
    world.connect(settings(|it| {
        with_key(it);
        it.private_key = r#"{"kty":"EC","crv":"P-256","x":"a","y":"b"}"#.to_owned();
    }));
    assert_eq!((world.inspector.phase(), code(&world), bodies.borrow().len()), (Phase::Failed, "key-unusable", 0));
    assert!(problems::of(&world.inspector.problems()[0]).evidence.contains("This JWK is a public key"));
}

#[test]
fn what_the_browser_cannot_sign_with_ends_the_flow_with_its_words() {
    for why in [NotSigned::NoCrypto, NotSigned::Unable("Invalid key length".to_owned())] {
        let mut world = World::new(good);
        world.signature = Err(why.clone());
        world.connect(settings(with_key));
        assert_eq!((world.inspector.phase(), code(&world), world.inspector.busy()), (Phase::Failed, "key-unusable", 0));
        if why != NotSigned::NoCrypto {
            assert!(problems::of(&world.inspector.problems()[0]).evidence.contains("Invalid key length"));
        }
    }
}

#[test]
fn in_step_mode_the_request_is_shown_with_its_assertion() {
    let mut world = World::new(good);
    world.connect(settings(|it| {
        with_key(it);
        it.step_mode = true;
    }));
    let mut shown = 0;
    while let Some(paused) = world.inspector.paused() {
        if paused.request.url == TOKEN {
            shown += 1;
            let body = paused.request.body.clone().expect("a body");
            assert!(body.expose().contains("&client_assertion=ey") && !body.masked().contains("ey"));
        }
        world.input(Input::Proceed(None));
    }
    assert_eq!((world.inspector.phase(), shown), (Phase::Connected, 1));
}

#[test]
fn a_login_in_a_popup_is_redeemed_with_an_assertion_and_so_is_its_refresh_token() {
    let bodies = RefCell::new(Vec::new());
    let mut world = watched(TOKEN, &bodies);
    world.connect(settings(|it| {
        with_key(it);
        (it.grant, it.redirect_mode) = ("authorization_code".to_owned(), "popup".to_owned());
    }));
    world.back(BACK);
    assert_eq!(world.inspector.phase(), Phase::Connected);
    world.input(Input::RefreshToken);
    let bodies = bodies.take();
    assert_eq!(
        bodies.iter().map(|it| field(it, "grant_type")).collect::<Vec<_>>(),
        [Some("authorization_code".to_owned()), Some("refresh_token".to_owned()),]
    );
    let once = bodies.iter().map(|it| part(&field(it, "client_assertion").expect("an assertion"), 1)["jti"].clone());
    let once: Vec<_> = once.collect();
    assert_ne!(once[0], once[1]);
}
