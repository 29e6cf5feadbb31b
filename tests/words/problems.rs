//! What is said of problems.

use flowglass::base::address::AddressError;
use flowglass::explain::words::problems;
use flowglass::http::{Head, HttpError, Method, RelayFailure, Request, Rule};
use flowglass::settings::TokenAuth;
use flowglass::trace::fix::Fix;
use flowglass::trace::note::Older;
use flowglass::trace::problem::mcp::{self, Excerpt, RpcError, Truncation};
use flowglass::trace::problem::oauth::{
    self, Endpoints, NamedBy, NoCode, NotSigned, Origin, Refusal, Requester, Scope, Transfer,
};
use flowglass::trace::problem::{
    Alive, Blocked, Cause, Claims, Cors, FreshToken, FreshVerdict, Leads, Owner, Problem, Redirect, Shown,
};
use flowglass::trace::step::Step;
use flowglass::trace::{Event, RedactedTrace, Trace};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const ISSUER: &str = "https://as.example";
const SERVER: &str = "https://mcp.example/mcp";

fn text(it: &str) -> String {
    it.to_owned()
}

/// Every problem by its id, which is the names of its variants.
pub fn texts() -> String {
    let mut all = BTreeMap::new();
    for cause in samples() {
        let id = id(&cause);
        let problem = Problem::new(cause);
        let clause = problem.clause.map_or("no clause", |it| it.cite().0);
        let words = problems::of(&problem);
        let mut lines = format!("{} / {} / {clause}\n", problem.code.as_str(), problem.owner.words());
        let reason = words.quote.map(|it| it + " ").unwrap_or_default() + &words.reason;
        for (name, line) in [("", words.title), ("fix ", words.fix), ("reason ", reason), ("evidence ", words.evidence)]
        {
            assert!(!line.is_empty(), "{id}");
            let _ = writeln!(lines, "    {name}{line}");
        }
        lines.push_str(if words.headers.is_some() { "    with headers to add\n" } else { "" });
        all.entry(id).or_insert_with(Vec::new).push(lines);
    }
    all.into_iter().map(|(id, lines)| format!("{id}: {}\n", lines.join(&format!("{id}: ")))).collect()
}

/// The names of the variants of a cause, from the outside in.
fn id(cause: &Cause) -> String {
    let written = serde_json::to_value(cause).expect("JSON");
    let (name, rest) = variant(&written);
    match (cause, rest) {
        (Cause::Authorization(_) | Cause::Mcp(_), Some(inner)) => format!("{name}/{}", variant(inner).0),
        (Cause::Blocked(_), Some(inner)) => format!("{name}/{}", variant(&inner["shown"]).0),
        (Cause::FreshToken(_), Some(inner)) => format!("{name}/{}", variant(&inner["verdict"]).0),
        _ => name,
    }
}

fn variant(written: &Value) -> (String, Option<&Value>) {
    match written {
        Value::String(name) => (name.clone(), None),
        Value::Object(members) => members.iter().next().map(|(name, it)| (name.clone(), Some(it))).expect("a variant"),
        other => panic!("{other}"),
    }
}

/// The names of all variants of a type, as serde lists them where a name is none.
fn variants<T: DeserializeOwned>() -> Vec<String> {
    let error = serde_json::from_str::<T>("\"?\"").err().expect("no variant").to_string();
    let names = error.split('`').skip(3).step_by(2).map(str::to_owned);
    names.collect()
}

#[test]
fn there_is_a_sample_of_every_cause() {
    let samples: BTreeSet<String> = samples().iter().map(id).collect();
    let of = |outer: &str, names: Vec<String>| names.into_iter().map(|it| format!("{outer}/{it}")).collect::<Vec<_>>();
    let mut wanted = of("Authorization", variants::<oauth::Error>());
    wanted.extend(of("Mcp", variants::<mcp::Error>()));
    wanted.extend(of("Blocked", variants::<Shown>()));
    wanted.extend(of("FreshToken", variants::<FreshVerdict>()));
    let inner = ["Authorization", "Mcp", "Blocked", "FreshToken"];
    wanted.extend(variants::<Cause>().into_iter().filter(|it| !inner.contains(&it.as_str())));
    assert_eq!(samples, wanted.into_iter().collect());
}

#[test]
fn the_document_names_who_is_responsible_for_each_code() {
    let document = include_str!("../../docs/problems.md");
    for problem in samples().into_iter().map(Problem::new) {
        let (code, owner) = (problem.code.as_str(), problem.owner.words());
        let row = document.lines().find(|it| it.starts_with(&format!("| [`{code}`]"))).unwrap_or_default();
        let owners = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        assert!(owners.split(", ").any(|it| it == owner), "{code}: {owner}");
    }
}

#[test]
fn a_problem_is_read_again_as_it_was_written() {
    for cause in samples() {
        let problem = Problem::new(cause);
        let written = flowglass::base::stored::write(&problem).expect("it can be written");
        let read: Problem = flowglass::base::stored::read(&written).expect("it can be read");
        assert_eq!((problems::of(&read), &read), (problems::of(&problem), &problem), "{written}");
    }
}

/// Names of headers beside each other are no name with its secret.
#[test]
fn a_problem_without_a_secret_is_exported_as_it_is() {
    let mut trace = Trace::default();
    samples().into_iter().for_each(|it| trace.push(0.0, Event::Stopped(Problem::new(it))));
    let redacted = RedactedTrace::of(&trace);
    let said = |trace: &Trace| -> Vec<_> {
        let stopped = trace.entries().iter().filter_map(|it| match &it.event {
            Event::Stopped(problem) => Some(problem.clone()),
            _ => None,
        });
        stopped.collect()
    };
    assert_eq!(said(redacted.trace()), said(&trace));
}

fn samples() -> Vec<Cause> {
    let mut all: Vec<Cause> = [discovery(), registration(), login(), token(), requests()]
        .into_iter()
        .flatten()
        .map(Cause::Authorization)
        .collect();
    all.extend([answers(), refusals(), transports()].into_iter().flatten().map(Cause::Mcp));
    all.extend(blocked().map(Cause::Blocked));
    all.extend(fresh().map(|it| Cause::FreshToken(Box::new(it))));
    let first = mcp::Error::Status { head: head(405), body: Excerpt::default(), had_session: false };
    let detail = format!("GET {SERVER} responded 404 with text/html");
    all.push(Cause::BothTransports { first: Box::new(Cause::Mcp(first)), detail });
    all.push(Cause::NotListed { server: text(SERVER), listed: 2 });
    all.push(Cause::StoppedByUser);
    all
}

fn discovery() -> Vec<oauth::Error> {
    use oauth::Error as E;
    let unsafe_url = |what: &str, why| E::UnsafeUrl { step: Step::ServerMetadata, what: text(what).into(), why };
    let by = |by| E::IssuerMismatch { asked: text(ISSUER), found: text("https://other.example"), by };
    let none = |by| E::NoMetadata {
        issuer: text(ISSUER),
        by,
        last: format!("{ISSUER}/.well-known/openid-configuration"),
        status: 404,
    };
    let transfer = Transfer {
        what: text("the client secret"),
        typed_for: text(ISSUER),
        to: text("https://new.example"),
        by_relay: false,
    };
    let relayed =
        Transfer { what: text("all requests"), to: text("https://relay.example"), by_relay: true, ..transfer.clone() };
    let endpoints = Endpoints { issuer: text(ISSUER), authorization: text(ISSUER), token: text("https://t.example") };
    vec![
        E::ResourceMismatch { server: text(SERVER), found: text("https://other.example/mcp") },
        E::NoAuthorizationServer { url: text("https://mcp.example/.well-known/oauth-protected-resource") },
        unsafe_url("token_endpoint", AddressError::Plain(text("as.example"))),
        unsafe_url("token_endpoint", AddressError::Local(text("192.168.0.1"))),
        E::SecretKept { transfer, step: Step::TokenRequest },
        E::SecretKept { transfer: relayed, step: Step::Authorize },
        E::EndpointsApart { endpoints, step: Step::Authorize },
        by(NamedBy::ResourceMetadata),
        by(NamedBy::User),
        by(NamedBy::Nobody),
        none(NamedBy::ResourceMetadata),
        none(NamedBy::User),
        E::MetadataUnreadable { url: text(ISSUER) },
        E::MetadataInvalid { url: text(ISSUER), lacks: "token_endpoint".into() },
        E::NoPkce { found: None },
        E::NoPkce { found: Some(vec![text("plain"), text("S512")]) },
    ]
}

fn registration() -> Vec<oauth::Error> {
    use oauth::Error as E;
    let (url, redirect_uri) = (format!("{ISSUER}/register"), text("https://page.example/oauth/callback"));
    let refusal = |error: &str| Refusal { error: Some(text(error)), description: None };
    let silent = Refusal { error: None, description: None };
    let signs = |challenge: Option<&str>, headers: &[&str]| E::NoSignOfOAuth {
        url: format!("{ISSUER}/register"),
        status: 404,
        challenge: challenge.map(text),
        headers: headers.iter().map(|it| text(it)).collect(),
    };
    let unsigned = |why| E::NotSigned { step: Step::TokenRequest, why };
    vec![
        E::NoRegistration { issuer: text(ISSUER), document: true },
        E::NoRegistration { issuer: text(ISSUER), document: false },
        E::RegistrationRefused {
            status: 400,
            refusal: refusal("invalid_redirect_uri"),
            redirect_uri: redirect_uri.clone(),
        },
        E::RegistrationRefused { status: 502, refusal: silent.clone(), redirect_uri: redirect_uri.clone() },
        E::NobodyRegisters { url, status: 404, refusal: silent, redirect_uri },
        signs(None, &[]),
        signs(Some("ApiKey realm=\"x\""), &["x-api-key", "x-tenant"]),
        signs(Some("Basic realm=\"staging\""), &[]),
        E::RegistrationUnreadable { status: 201 },
        unsigned(NotSigned::NoKey),
        unsigned(NotSigned::Key(flowglass::settings::private_key::KeyError::Public)),
        unsigned(NotSigned::NoCrypto),
        unsigned(NotSigned::Unable(text("Invalid key length"))),
    ]
}

fn requester(registered: Origin, auth: TokenAuth, asked_scope: Scope) -> Box<Requester> {
    let redirect_uri = text("https://page.example/oauth/callback");
    Box::new(Requester { id: text("c-1"), registered, auth, redirect_uri, issuer: text(ISSUER), asked_scope })
}

fn login() -> Vec<oauth::Error> {
    use oauth::Error as E;
    let refused = |error: &str, description: Option<&str>, registered, asked_scope| E::Refused {
        error: text(error),
        description: description.map(text),
        by: requester(registered, TokenAuth::None, asked_scope),
    };
    let scope = |registered, asked_scope| refused("invalid_scope", None, registered, asked_scope);
    vec![
        E::StateMismatch { awaited: true },
        E::StateMismatch { awaited: false },
        E::StateMissing,
        E::IssMismatch { expected: text(ISSUER), found: text("https://evil.example") },
        E::IssMissing { expected: text(ISSUER) },
        E::Denied { description: Some(text("not today")) },
        E::GivenUp(requester(Origin::ByHand, TokenAuth::None, Scope::Unknown)),
        refused("server_error", Some("out of order"), Origin::Dynamic, Scope::Unknown),
        refused("invalid_request", Some("Redirect URI mismatch"), Origin::Dynamic, Scope::Unknown),
        refused("invalid_target", None, Origin::Dynamic, Scope::Unknown),
        scope(Origin::Dynamic, Scope::Typed),
        scope(Origin::Dynamic, Scope::Listed),
        scope(Origin::Dynamic, Scope::NotListed),
        scope(Origin::Dynamic, Scope::Unknown),
        scope(Origin::ByHand, Scope::Listed),
        E::NoCode(NoCode::Missing),
        E::NoCode(NoCode::Empty),
        E::NoCode(NoCode::Repeated),
        E::NotKept,
    ]
}

fn token() -> Vec<oauth::Error> {
    use oauth::Error as E;
    let refused = |status, error: Option<&str>, registered, auth| E::TokenRefused {
        status,
        refusal: Refusal { error: error.map(text), description: Some(text("no")) },
        by: requester(registered, auth, Scope::Unknown),
    };
    let client = |auth| refused(401, Some("invalid_client"), Origin::ByHand, auth);
    vec![
        refused(400, Some("invalid_grant"), Origin::Dynamic, TokenAuth::None),
        refused(400, Some("invalid_target"), Origin::Dynamic, TokenAuth::None),
        refused(400, Some("unauthorized_client"), Origin::Dynamic, TokenAuth::None),
        refused(401, Some("invalid_client"), Origin::Dynamic, TokenAuth::None),
        refused(404, None, Origin::Dynamic, TokenAuth::None),
        refused(500, None, Origin::Dynamic, TokenAuth::None),
        client(TokenAuth::None),
        client(TokenAuth::Basic),
        client(TokenAuth::PrivateKeyJwt),
        E::TokenUnreadable { status: 200, media: text("text/html") },
        E::TokenUnreadable { status: 200, media: String::new() },
        E::TokenType { found: Some(text("mac")) },
        E::TokenText,
    ]
}

fn http_errors() -> Vec<HttpError> {
    vec![
        HttpError::Timeout { after: 30_000 },
        HttpError::Redirected,
        HttpError::Cut { said: text("network error") },
        HttpError::TooLarge { limit: 1024 * 1024 },
        HttpError::Blocked { said: text("Failed to fetch") },
        HttpError::Withheld { responded: false },
        HttpError::Aborted,
        HttpError::Forbidden { rule: Rule::ContentSecurityPolicy { directive: text("connect-src") } },
        HttpError::Forbidden { rule: Rule::LoopbackFromHttps },
        HttpError::Forbidden { rule: Rule::LocalNetwork },
        relay(RelayFailure::NoResponse { said: text("Failed to fetch") }),
        relay(RelayFailure::Gateway { status: 502 }),
        relay(RelayFailure::NoRelay { status: 405 }),
    ]
}

fn relay(failure: RelayFailure) -> HttpError {
    HttpError::Relay { to: text("https://inspector.example/relay/legacy"), failure }
}

fn requests() -> Vec<oauth::Error> {
    use oauth::Error as E;
    let step = Step::ServerMetadata;
    let mut all: Vec<E> = http_errors().into_iter().map(|error| E::Http { step, url: text(ISSUER), error }).collect();
    all.push(E::Redirected { step, from: text(ISSUER), to: text("https://other.example") });
    all.extend([503, 400].map(|status| E::Status { step, url: text(ISSUER), status }));
    all
}

fn head(status: u16) -> Head {
    let headers = vec![(text("content-type"), text("text/html; charset=utf-8"))];
    Head { status, url: text(SERVER), redirected: false, headers }
}

fn answers() -> Vec<mcp::Error> {
    use mcp::Error as E;
    let body = || Excerpt::of("<!doctype html>\n<title>Hello</title>");
    let status = |status, had_session| E::Status { head: head(status), body: body(), had_session };
    let plain = Head { headers: Vec::new(), ..head(200) };
    let mut all: Vec<E> = [400, 404, 405, 406, 413, 418, 429, 500].map(|it| status(it, false)).into();
    all.extend([
        status(404, true),
        E::SessionHidden { head: head(400), body: body(), page: text("https://page.example") },
        E::NotJson { head: head(200), body: body() },
        E::NotJson { head: plain, body: Excerpt::of(&"hello ".repeat(50)) },
        E::NotMcp { body: Excerpt::of("{\"status\":\"ok\"}") },
        E::Truncated { at: Truncation::Json(text("EOF while parsing an object")) },
        E::Truncated { at: Truncation::Event },
        E::Truncated { at: Truncation::Stream },
        E::Empty { head: head(200) },
        E::ForeignAnswer { id: Some(text("\"1\"")), body: Excerpt::of("{\"id\":\"1\"}") },
        E::ForeignAnswer { id: None, body: Excerpt::default() },
        E::InvalidResult { detail: text("The result has no content") },
        E::NoList { method: text("tools/list"), member: text("tools") },
    ]);
    all
}

fn refusals() -> Vec<mcp::Error> {
    use mcp::Error as E;
    let error =
        |code, message: &str, data: Option<&str>| RpcError { code, message: text(message), data: data.map(Into::into) };
    let supported = error(-32022, "Unsupported protocol version", Some(r#"{"supported":["2026-07-28"]}"#));
    let version = |answered: Option<&str>, pinned| E::Version {
        offered: text("2025-11-25"),
        answered: answered.map(text),
        pinned,
    };
    vec![
        E::Rpc { method: text("tools/call"), error: error(-32603, "boom", None) },
        E::Rpc { method: text("initialize"), error: supported },
        version(Some("2099-01-01"), false),
        version(Some("2025-06-18"), true),
        version(None, false),
        E::NotModern { why: Older::UnknownMethod },
        E::Unauthorized { body: Excerpt::default() },
        E::Forbidden { challenge: Some(text("Bearer error=\"insufficient_scope\"")), body: Excerpt::default() },
        E::Forbidden { challenge: None, body: Excerpt::of("forbidden") },
        E::TooOften { times: 3 },
        E::ScopeDeclined { required: text("files:write") },
        E::ScopeHeld { required: text("files:write") },
        E::HeaderMismatch { error: error(-32020, "Mcp-Method differs", None) },
        E::MissingCapability { error: error(-32021, "no", Some("{\"tasks\":{}}")) },
    ]
}

fn transports() -> Vec<mcp::Error> {
    use mcp::Error as E;
    let redirected = |from: &str, to: Option<&str>| E::Redirected { from: text(from), to: to.map(text) };
    let mut all: Vec<E> = http_errors().into_iter().map(|error| E::Http { url: text(SERVER), error }).collect();
    all.extend([
        redirected(SERVER, Some("https://other.example/mcp")),
        redirected("https://mcp.example/mcp/", None),
        redirected(SERVER, Some("http://192.168.0.1/mcp")),
        E::RedirectLoop { times: 20, to: text(SERVER) },
        E::Blocked {
            url: text(SERVER),
            said: text("Failed to fetch"),
            asked: vec![text("authorization"), text("content-type")],
        },
        E::NoEndpoint { detail: format!("GET {SERVER}: the stream ended") },
        E::ForeignEndpoint { server: text(SERVER), endpoint: text("https://other.example/messages") },
        E::StreamLost { detail: format!("GET {SERVER}: the stream ended") },
    ]);
    all
}

fn blocked() -> impl Iterator<Item = Blocked> {
    let cors = |get, post, refused: &[&str], some_allowed| {
        let blocked = Request::new(Method::Post, SERVER);
        Shown::Cors(Cors {
            alive: Alive::Reached,
            get,
            post,
            refused: refused.iter().map(|it| text(it)).collect(),
            some_allowed,
            preflight: true,
            fix: Fix::new("https://page.example", Owner::Server, &blocked),
        })
    };
    let redirect = |target: Option<&str>, elsewhere: Option<&str>, leads| {
        let (target, elsewhere) = (target.map(text), elsewhere.map(text));
        Shown::Redirect(Redirect { target, elsewhere, proven: true, leads })
    };
    let slash = format!("{SERVER}/");
    let shown = [
        Shown::MixedContent,
        Shown::Elsewhere { url: text("http://mcp.example/mcp") },
        Shown::Nothing,
        Shown::NotKnown,
        cors(Some(false), None, &[], false),
        cors(Some(true), Some(false), &[], false),
        cors(Some(true), Some(true), &["mcp-method"], true),
        cors(Some(true), Some(true), &["mcp-method", "mcp-name"], false),
        cors(Some(true), Some(true), &[], true),
        Shown::EndlessRedirects,
        redirect(Some(&slash), None, Leads::To(slash.clone())),
        redirect(None, Some(&slash), Leads::To(slash.clone())),
        redirect(None, None, Leads::PostAway),
        redirect(Some("https://sso.example/start"), None, Leads::Login),
    ];
    shown.into_iter().map(|shown| Blocked {
        method: Method::Post,
        url: text(SERVER),
        said: text("Failed to fetch"),
        party: Owner::Server,
        step: Some(Step::McpRequest),
        shown,
    })
}

fn fresh() -> impl Iterator<Item = FreshToken> {
    let claims = |aud: Option<&str>| Claims { aud: aud.map(text), iss: Some(text(ISSUER)), scopes: Some(text("a b")) };
    let cases = [
        (FreshVerdict::NoAudience, Some(claims(None)), Some(SERVER)),
        (FreshVerdict::OtherAudience, Some(claims(Some("account"))), Some(SERVER)),
        (FreshVerdict::OtherAudience, Some(claims(Some("account"))), None),
        (FreshVerdict::Expired, Some(claims(Some(SERVER))), Some(SERVER)),
        (FreshVerdict::OtherIssuer, Some(claims(Some(SERVER))), Some(SERVER)),
        (FreshVerdict::NotAccepted, None, Some(SERVER)),
    ];
    cases.into_iter().map(|(verdict, claims, resource)| FreshToken {
        verdict,
        error: Some(text("invalid_token")),
        description: None,
        server: text(SERVER),
        resource: resource.map(text),
        granted: Some(text("a b")),
        issuer: text(ISSUER),
        claims,
    })
}
