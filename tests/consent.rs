//! What this client asks before something leaves: a secret for an origin that it was not typed for, a login and a token
//! endpoint of different origins; and what a server may not name at all.

mod world;

use flowglass::demo;
use flowglass::http::Request;
use flowglass::inspector::{Input, Phase};
use flowglass::mcp::question::{QuestionKind, Reply, Transfer};
use flowglass::settings::servers::Server;
use flowglass::settings::{Draft, Settings, Typed, link};
use flowglass::trace::step::Step;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::rc::Rc;
use world::{Answer, World, good, json_answer, resource_metadata, server_metadata, settings};

const BACK: &str = "code=c0de&state={state}&iss={iss}";
const METADATA: &str = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";
const ISSUER_METADATA: &str = "https://login.example.com/.well-known/oauth-authorization-server";
const TOKEN: &str = "https://login.example.com/token";

type Edit = fn(&mut Draft);
type Sent = Rc<RefCell<Vec<String>>>;

/// A world whose user replies for themselves, with one document that is another.
fn world(url: &'static str, document: Value) -> (World<'static>, Sent) {
    let sent = Sent::default();
    let urls = Rc::clone(&sent);
    let mut world = World::new(move |request: &Request| {
        urls.borrow_mut().push(request.url.clone());
        if request.url == url { json_answer(200, document.clone()) } else { good(request) }
    });
    world.consents = false;
    (world, sent)
}

fn plain() -> (World<'static>, Sent) {
    world("", Value::Null)
}

fn edited(mut document: Value, name: &str, value: Value) -> Value {
    document[name] = value;
    document
}

fn with_secret(draft: &mut Draft) {
    (draft.client_id, draft.client_secret) = ("me".to_owned(), "geheim".to_owned());
}

/// The form as it is edited: what is typed first, then the URL.
fn moved(to: &str, edit: impl FnOnce(&mut Draft)) -> Settings {
    let mut draft = Draft { server: "https://first.example/mcp".to_owned(), ..Draft::default() };
    draft.edit(edit);
    draft.edit(|it| it.server = to.to_owned());
    draft.settings().unwrap_or_else(|refusals| panic!("{refusals:?}"))
}

fn asked(world: &World<'_>) -> Option<QuestionKind> {
    world.inspector.questions().first().map(|it| it.kind)
}

fn reply(world: &mut World<'_>, reply: Reply) {
    let number = world.inspector.questions().first().map(|it| it.number).expect("a question");
    world.input(Input::Reply(number, reply));
}

fn accept(world: &mut World<'_>) {
    reply(world, Reply::Accept(String::new()));
}

/// How it ended, and with which code.
fn end(world: &World<'_>) -> (Phase, &'static str) {
    (world.inspector.phase(), world.inspector.problems().first().map_or("", |it| it.code.as_str()))
}

#[test]
fn a_client_secret_goes_to_another_origin_once_the_user_agreed_and_that_is_asked_once() {
    let (mut world, _) = plain();
    world.connect(settings(with_secret));
    assert_eq!((asked(&world), end(&world)), (Some(QuestionKind::Secret), (Phase::Authorizing, "")));
    assert!(world.left.is_none() && world.inspector.waiting().is_none());
    let transfer = Transfer::read(&world.inspector.questions()[0].params);
    assert_eq!((transfer.what.as_str(), transfer.to.as_str()), ("client secret", "https://login.example.com"));
    accept(&mut world);
    assert!(world.left.take().is_some());
    world.reload();
    world.connect(settings(with_secret));
    assert_eq!((asked(&world), world.left.is_some()), (None, true));
    world.back(BACK);
    assert_eq!(end(&world), (Phase::Connected, ""));
}

#[test]
fn a_client_secret_that_is_declined_stays_where_it_is() {
    for declined in [Reply::Decline, Reply::Cancel] {
        let (mut world, sent) = plain();
        world.connect(settings(with_secret));
        reply(&mut world, declined);
        assert_eq!(end(&world), (Phase::Refused, "client-secret-new-origin"));
        assert!(world.left.is_none() && !sent.borrow().contains(&TOKEN.to_owned()));
        assert_eq!((asked(&world), world.inspector.problems()[0].step), (None, Some(Step::Authorize)));
        assert!(world.render().contains("- declined"));
        world.reload();
        assert_eq!(end(&world), (Phase::Refused, "client-secret-new-origin"));
    }
}

#[test]
fn where_a_link_sends_the_code_is_asked_though_iss_is_promised() {
    let linked = |query: &str| {
        let draft = link::read(query).and_then(|it| it.draft).expect("it fills the form");
        draft.settings().unwrap_or_else(|refusals| panic!("{refusals:?}"))
    };
    let server = "server=https://mcp.example.com/mcp";
    let metadata = edited(server_metadata(), "authorization_response_iss_parameter_supported", json!(true));
    let (mut world, sent) = with_metadata(metadata.clone());
    world.connect(linked(&format!("{server}&token-endpoint=https://evil.example/token")));
    assert_eq!((asked(&world), world.left.is_some()), (Some(QuestionKind::Endpoint), false));
    reply(&mut world, Reply::Decline);
    assert_eq!(end(&world), (Phase::Refused, "endpoint-other-origin"));
    assert!(!sent.borrow().iter().any(|it| it.contains("evil.example")));
    // Typed by the user, it is where they want the code to go.
    let (mut world, _) = with_metadata(metadata);
    world.connect(settings(|it| it.token_endpoint = "https://evil.example/token".to_owned()));
    assert_eq!((asked(&world), world.left.is_some()), (None, true));
    // A client secret that is typed for the server of a link does not go to an authorization server of the link.
    let (mut world, _) = plain();
    let mut secret = linked(&format!("{server}&client-id=me&issuer={}", world::ISSUER));
    secret.client_secret = Some("geheim".into());
    secret.typed = vec![(Typed::ClientSecret, "https://mcp.example.com".to_owned())];
    world.connect(secret);
    assert_eq!((asked(&world), world.left.is_some()), (Some(QuestionKind::Secret), false));
}

#[test]
fn where_a_link_sends_an_assertion_is_asked_with_every_grant() {
    let key = include_str!("data/keys/rfc8410-ed25519.pem");
    let server = "server=https://mcp.example.com/mcp&client-id=me&token-auth=private_key_jwt";
    let evil = "token-endpoint=https://evil.example/token";
    let queries = [
        format!("{server}&grant=client_credentials&{evil}"),
        format!(
            "{server}&redirect-mode=popup&issuer={}&authorization-endpoint=https://evil.example/a&{evil}",
            world::ISSUER
        ),
    ];
    for query in queries {
        let mut draft = link::read(&query).and_then(|it| it.draft).expect("it fills the form");
        key.clone_into(&mut draft.private_key);
        let (mut world, sent) = plain();
        world.connect(draft.settings().unwrap_or_else(|refusals| panic!("{refusals:?}")));
        assert_eq!((asked(&world), world.left.is_some()), (Some(QuestionKind::Secret), false), "{query}");
        reply(&mut world, Reply::Decline);
        assert_eq!(end(&world).0, Phase::Refused);
        assert!(!sent.borrow().iter().any(|it| it.contains("evil.example")));
    }
}

#[test]
fn what_came_with_a_link_is_still_that_once_the_server_was_kept() {
    let query = "server=https://mcp.example.com/mcp&token-endpoint=https://evil.example/token?a=b";
    let draft = link::read(query).and_then(|it| it.draft).expect("it fills the form");
    let kept = serde_json::to_string(&Server::of(&draft)).expect("JSON");
    let again: Server = serde_json::from_str(&kept).expect("a server");
    let (mut world, sent) = plain();
    world.connect(again.without_secrets().draft().settings().unwrap_or_else(|refusals| panic!("{refusals:?}")));
    assert_eq!((asked(&world), world.left.is_some()), (Some(QuestionKind::Endpoint), false));
    assert!(!sent.borrow().iter().any(|it| it.contains("evil.example")));
}

fn with_metadata(metadata: Value) -> (World<'static>, Sent) {
    world(ISSUER_METADATA, metadata)
}

#[test]
fn a_client_secret_is_not_asked_about_where_its_destination_was_typed_or_is_the_servers_own_origin() {
    let typed: [Edit; 2] = [|it| it.issuer = world::ISSUER.to_owned(), |it| it.token_endpoint = TOKEN.to_owned()];
    for edit in typed {
        let (mut world, _) = plain();
        world.connect(settings(|it| {
            with_secret(it);
            edit(it);
        }));
        assert_eq!((asked(&world), world.left.is_some()), (None, true));
    }
    let (mut own, _) =
        world(ISSUER_METADATA, edited(server_metadata(), "token_endpoint", json!("https://mcp.example.com/token")));
    own.connect(settings(with_secret));
    assert_eq!((asked(&own), own.left.is_some()), (None, true));
    let (mut public, _) = plain();
    public.connect(settings(|it| it.client_id = "me".to_owned()));
    assert_eq!((asked(&public), public.left.is_some()), (None, true));
}

#[test]
fn client_credentials_are_asked_about_before_the_token_request() {
    let (mut world, sent) = plain();
    world.connect(settings(|it| {
        with_secret(it);
        it.grant = "client_credentials".to_owned();
    }));
    assert_eq!((asked(&world), sent.borrow().contains(&TOKEN.to_owned())), (Some(QuestionKind::Secret), false));
    accept(&mut world);
    assert_eq!(end(&world), (Phase::Connected, ""));
    let rendered = world.render();
    assert!(
        rendered.contains("asked-for-secret to=\"https://login.example.com\" typed_for=\"https://mcp.example.com\"")
    );
    assert!(rendered.contains("- accepted"));
}

#[test]
fn secrets_do_not_follow_an_edited_server_url() {
    let secrets: [(Edit, &str); 3] = [
        (|it| it.bearer = "t-1".to_owned(), "access token"),
        (|it| (it.header_name, it.header_value) = ("X-Key".to_owned(), "1".to_owned()), "value of the header x-key"),
        (with_secret, "client secret"),
    ];
    for (edit, what) in secrets {
        let (mut world, sent) = plain();
        world.connect(moved(world::SERVER, edit));
        assert_eq!((asked(&world), end(&world).0), (Some(QuestionKind::Secret), Phase::Connecting));
        let transfer = Transfer::read(&world.inspector.questions()[0].params);
        assert_eq!((transfer.what.as_str(), transfer.typed_for.as_str()), (what, "https://first.example"));
        reply(&mut world, Reply::Decline);
        assert_eq!((end(&world), sent.borrow().len()), ((Phase::Refused, "client-secret-new-origin"), 0));
    }
    let (mut world, _) = plain();
    world.connect(moved(world::SERVER, |it| it.bearer = "t-1".to_owned()));
    accept(&mut world);
    assert_eq!(end(&world), (Phase::Connected, ""));
    world.reload();
    world.connect(moved(world::SERVER, |it| it.bearer = "t-1".to_owned()));
    assert_eq!((asked(&world), end(&world)), (None, (Phase::Connected, "")));
}

#[test]
fn nothing_is_asked_where_a_secret_goes_to_the_origin_it_was_typed_for_nor_in_a_check() {
    let (mut world, _) = plain();
    world.connect(moved("https://first.example/other", |it| it.bearer = "t-1".to_owned()));
    assert_eq!(asked(&world), None);
    world.input(Input::Check(Box::new(moved(world::SERVER, with_secret))));
    assert_eq!(asked(&world), None);
    world.input(Input::Demo(Box::new(moved(demo::SERVER, with_secret))));
    assert_eq!(asked(&world), None);
}

#[test]
fn a_code_for_another_origin_than_the_logins_is_asked_about_where_no_iss_is_promised() {
    let apart = || edited(server_metadata(), "token_endpoint", json!("https://collector.example/token"));
    let no_iss = || edited(apart(), "authorization_response_iss_parameter_supported", Value::Null);
    let (mut world_, _) = world(ISSUER_METADATA, no_iss());
    world_.connect(settings(with_secret));
    assert_eq!((asked(&world_), world_.left.is_none()), (Some(QuestionKind::Endpoint), true));
    accept(&mut world_);
    assert_eq!((asked(&world_), world_.left.is_none()), (Some(QuestionKind::Secret), true));
    accept(&mut world_);
    assert!(world_.left.is_some());
    let (mut world_, _) = world(ISSUER_METADATA, no_iss());
    world_.connect(settings(|_| ()));
    reply(&mut world_, Reply::Decline);
    assert_eq!((end(&world_), world_.left.is_none()), ((Phase::Refused, "endpoint-other-origin"), true));
    let typed = |it: &mut Draft| it.token_endpoint = "https://collector.example/token".to_owned();
    for (document, edit) in [(apart(), (|_| ()) as Edit), (no_iss(), typed)] {
        let (mut world, _) = world(ISSUER_METADATA, document);
        world.connect(settings(edit));
        assert_eq!((asked(&world), world.left.is_some()), (None, true));
    }
}

#[test]
fn a_question_survives_the_reload_comes_before_the_pause_of_step_mode_and_ends_with_the_attempt() {
    let (mut world, _) = plain();
    world.connect(settings(|it| {
        with_secret(it);
        it.step_mode = true;
    }));
    while world.inspector.paused().is_some() {
        world.input(Input::Proceed(None));
    }
    assert_eq!((asked(&world), world.inspector.paused().is_none()), (Some(QuestionKind::Secret), true));
    world.reload();
    assert_eq!((asked(&world), end(&world).0), (Some(QuestionKind::Secret), Phase::Authorizing));
    accept(&mut world);
    assert_eq!(world.inspector.paused().map(|it| it.step), Some(Step::Authorize));
    world.input(Input::Proceed(None));
    assert!(world.left.is_some());
    let (mut world, _) = plain();
    world.connect(settings(with_secret));
    world.input(Input::Disconnect);
    assert_eq!((asked(&world), end(&world)), (None, (Phase::Idle, "")));
}

#[test]
fn a_revocation_at_another_origin_is_announced_and_takes_no_secret_there_unasked() {
    let revoke = "https://revoke.example/revoke";
    let (mut world, sent) = world(ISSUER_METADATA, edited(server_metadata(), "revocation_endpoint", json!(revoke)));
    world.connect(settings(with_secret));
    accept(&mut world);
    world.back(BACK);
    world.input(Input::RevokeToken);
    assert_eq!(asked(&world), Some(QuestionKind::Secret));
    reply(&mut world, Reply::Decline);
    assert_eq!(end(&world), (Phase::Connected, "client-secret-new-origin"));
    assert!(!sent.borrow().contains(&revoke.to_owned()));
    world.input(Input::RevokeToken);
    accept(&mut world);
    assert!(sent.borrow().contains(&revoke.to_owned()));
    assert!(world.render().contains("revocation-elsewhere origin=\"https://revoke.example\""));
}

#[test]
fn a_public_server_names_no_url_of_this_machine_or_of_a_private_network() {
    let endpoints = ["authorization_endpoint", "token_endpoint", "registration_endpoint", "revocation_endpoint"];
    let local = ["http://localhost:9/x", "https://192.168.1.1/x", "http://169.254.169.254/x", "https://2130706433/x"];
    for url in local {
        for name in endpoints {
            let (mut world, sent) = world(ISSUER_METADATA, edited(server_metadata(), name, json!(url)));
            world.connect(settings(|_| ()));
            assert_eq!(
                (end(&world), world.left.is_none()),
                ((Phase::Refused, "endpoint-loopback"), true),
                "{name} {url}"
            );
            assert!(sent.borrow().iter().all(|it| it.contains(".example.com/")));
        }
        let issuers = edited(resource_metadata(), "authorization_servers", json!([url]));
        let (mut issuer, sent) = world(METADATA, issuers.clone());
        issuer.connect(settings(|_| ()));
        assert_eq!(end(&issuer), (Phase::Refused, "endpoint-loopback"), "{url}");
        assert!(sent.borrow().iter().all(|it| it.contains(".example.com/")));
    }
}

#[test]
fn a_public_servers_challenge_and_redirects_lead_to_no_private_network() {
    let challenge = |request: &Request| match request.url.as_str() {
        world::SERVER => world::unauthorized(r#"Bearer resource_metadata="http://127.0.0.1:8080/metadata""#),
        url => panic!("{url} was asked"),
    };
    let mut challenged = World::new(challenge);
    challenged.connect(settings(|_| ()));
    assert_eq!(end(&challenged), (Phase::Refused, "endpoint-loopback"));
    for at in [METADATA, ISSUER_METADATA, world::SERVER] {
        let mut redirected = World::new(move |request: &Request| match request.url == at {
            true => Answer::Redirected("http://192.168.0.1/admin", json!({})),
            false => good(request),
        });
        redirected.connect(settings(|_| ()));
        assert_eq!(end(&redirected), (Phase::Refused, "endpoint-loopback"), "{at}");
    }
}

#[test]
fn what_the_user_typed_and_what_a_server_of_this_machine_names_may_be_local() {
    let issuer = "http://localhost:9";
    let metadata = || {
        let mut document = server_metadata();
        document["issuer"] = json!(issuer);
        for name in ["authorization_endpoint", "token_endpoint", "registration_endpoint"] {
            document[name] = json!(format!("{issuer}/{name}"));
        }
        document
    };
    let names_it = edited(resource_metadata(), "authorization_servers", json!([issuer]));
    let mut world = World::new(move |request: &Request| match request.url.as_str() {
        METADATA => json_answer(200, names_it.clone()),
        "http://localhost:9/.well-known/oauth-authorization-server" => json_answer(200, metadata()),
        _ => good(request),
    });
    world.connect(settings(|it| {
        it.issuer = issuer.to_owned();
        it.client_id = "me".to_owned();
    }));
    assert_eq!((end(&world), world.left.is_some()), ((Phase::Authorizing, ""), true));
}
