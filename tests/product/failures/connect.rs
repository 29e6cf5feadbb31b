//! Steps 11 and 12: the server does not take the token, or fails behind the login.

use super::{Failure, When, Wrong, broken, cut, elsewhere, page, stopped_redirect, timeout, unreadable};
use crate::case::{Asked, Case};
use crate::world::{Answer, SERVER, json_answer, message, refused, replied, unauthorized};
use flowglass::http::Request;
use flowglass::trace::problem::{Code, Owner};
use serde_json::{Value, json};

pub const FAILURES: &[Failure] = &[
    server("token-not-accepted", Code::ScopeLimit, |it, _| {
        unauthorized(&format!(r#"{}, error="invalid_token""#, it.challenge()))
    }),
    server("scope-held-is-wanted", Code::ScopeLimit, |_, _| step_up("tools:read")),
    Failure::new(
        "more-scopes-declined",
        When::Always,
        Code::Forbidden,
        Owner::You,
        Wrong::Answer(Asked::Authorized, |_, _| step_up("tools:read tools:call")),
    ),
    server("forbidden", Code::Forbidden, |_, _| json_answer(403, Value::Null)),
    server("server-broken", Code::HttpStatus, broken),
    server("server-timeout", Code::Timeout, timeout),
    server("connection-lost", Code::Truncated, cut),
    server("server-redirected", Code::Redirected, stopped_redirect),
    server("server-elsewhere", Code::Redirected, elsewhere),
    server("server-unreadable", Code::CorsBlocked, unreadable),
    Failure::new("server-unreachable", When::Always, Code::Unreachable, Owner::Network, Wrong::Gone),
    server("server-page", Code::NotJson, page),
    server("stream-cut", Code::Truncated, |_, _| Answer::Text(200, "text/event-stream", "data: {\"jsonrpc\":")),
    handshake("handshake-refused", When::Always, Code::RpcError, |it, request| {
        refused(&message(request), Some(it.revision), json!({"code": -32603, "message": "Internal error"}))
    }),
    handshake("unknown-version", When::Always, Code::VersionMismatch, |it, request| {
        let versions = json!({"protocolVersion": "1999-01-01", "supportedVersions": ["1999-01-01"]});
        replied(&message(request), Some(it.revision), versions)
    }),
    handshake("no-object", When::Handshake, Code::NotMcp, |it, request| {
        replied(&message(request), Some(it.revision), json!([]))
    }),
    handshake("empty-answer", When::Session, Code::Truncated, |_, _| json_answer(200, Value::Null)),
    handshake("foreign-answer", When::Session, Code::NotMcp, |_, _| {
        json_answer(200, json!({"jsonrpc": "2.0", "id": 77, "result": {}}))
    }),
    handshake("not-mcp", When::Session, Code::NotMcp, |_, _| json_answer(200, json!({"hello": "world"}))),
    Failure::new(
        "session-hidden",
        When::Session,
        Code::SessionHidden,
        Owner::Server,
        Wrong::Answer(Asked::Authorized, without_session),
    ),
    handshake("header-mismatch", When::Modern, Code::HeaderMismatch, |it, request| {
        refused(&message(request), Some(it.revision), json!({"code": -32020, "message": "Header mismatch"}))
    }),
    handshake("capability-missing", When::Modern, Code::CapabilityMissing, |it, request| {
        refused(&message(request), Some(it.revision), json!({"code": -32021, "message": "Missing capability"}))
    }),
    stream("no-stream", Code::HttpStatus, |_, _| json_answer(404, Value::Null)),
    stream("no-endpoint", Code::NotMcp, |_, _| Answer::Text(200, "text/event-stream", "event: hello\ndata: x\n\n")),
    stream("foreign-endpoint", Code::EndpointMismatch, |_, _| {
        Answer::Stream("event: endpoint\ndata: https://other.example/messages\n\n")
    }),
    handshake("stream-lost", When::Sse, Code::StreamLost, |_, _| Answer::EndOfStream),
    handshake("no-answer-on-stream", When::Sse, Code::Timeout, |_, _| json_answer(202, Value::Null)),
];

type Answering = fn(&Case, &Request) -> Answer;

/// Whatever is asked with the token.
const fn server(name: &'static str, code: Code, answer: Answering) -> Failure {
    Failure::new(name, When::Always, code, Owner::Server, Wrong::Answer(Asked::Authorized, answer))
}

const fn handshake(name: &'static str, when: When, code: Code, answer: Answering) -> Failure {
    Failure::new(name, when, code, Owner::Server, Wrong::Answer(Asked::Handshake, answer))
}

const fn stream(name: &'static str, code: Code, answer: Answering) -> Failure {
    Failure::new(name, When::Sse, code, Owner::Server, Wrong::Answer(Asked::Stream, answer))
}

fn step_up(scope: &'static str) -> Answer {
    let challenge = format!(r#"Bearer error="insufficient_scope", scope="{scope}""#);
    Answer::Json(403, vec![("www-authenticate", challenge)], json!({"error": "insufficient_scope"}))
}

/// The session id is not exposed to pages, and every later message is refused without it.
fn without_session(case: &Case, request: &Request) -> Answer {
    match case.good(request) {
        Answer::Json(200, _, body) if case.asked(request) == Asked::Handshake => json_answer(200, body),
        _ if request.url == SERVER => json_answer(400, json!("Bad Request: Mcp-Session-Id header is required")),
        other => other,
    }
}
