use crate::explain::why::fixture::{Case, Headers, SERVER};
use crate::http::HttpError;
use crate::trace::problem::Code;
use crate::trace::step::Step;
use serde_json::json;

const FIRST: Step = Step::McpRequest;

fn failed_at(server: &str, status: u16, headers: Headers<'_>, body: &str) -> Case {
    Case::at(server).mcp(FIRST, &[]).answer(status, headers, body).stopped(Code::HttpStatus, FIRST)
}

fn failed(status: u16, body: &str) -> Case {
    failed_at(SERVER, status, &[], body)
}

fn failed_with(more: Headers<'_>, status: u16, headers: Headers<'_>) -> Case {
    Case::at(SERVER).mcp(FIRST, more).answer(status, headers, "").stopped(Code::HttpStatus, FIRST)
}

#[test]
fn a_post_to_the_older_transport() {
    failed_at("https://mcp.example.com/sse", 405, &[], "").finds("post-to-sse-path");
    failed(405, "").lacks("post-to-sse-path");
}

#[test]
fn an_address_without_a_path() {
    failed_at("https://mcp.example.com/", 404, &[], "").finds("path-missing");
    failed(404, "").lacks("path-missing");
}

#[test]
fn an_address_with_a_last_slash() {
    failed_at("https://mcp.example.com/mcp/", 404, &[], "").finds("path-ends-in-slash");
    failed(404, "").lacks("path-ends-in-slash");
}

#[test]
fn a_path_that_takes_no_post() {
    failed_at(SERVER, 405, &[("allow", "GET")], "").finds("post-not-allowed");
    failed(404, "").lacks("post-not-allowed");
    // What gives the stream of HTTP+SSE takes none by design.
    let refused = Case::at(SERVER).mcp(FIRST, &[]).answer(405, &[], "").get(FIRST, SERVER);
    let streams = refused.answer(200, &[("content-type", "text/event-stream")], "");
    streams.stopped(Code::EndpointMismatch, FIRST).lacks("post-not-allowed");
}

#[test]
fn a_redirect_to_the_slash() {
    let case = Case::at(SERVER).mcp(FIRST, &[]);
    case.moved("https://mcp.example.com/mcp/", &json!({})).finds("address-redirects-slash");
    Case::at(SERVER).mcp(FIRST, &[]).moved("https://mcp.example.com/x", &json!({})).lacks("address-redirects-slash");
}

#[test]
fn a_redirect_that_was_not_followed() {
    Case::at(SERVER).mcp(FIRST, &[]).fail(HttpError::Redirected).finds("address-redirects");
}

#[test]
fn the_page_of_a_tunnel() {
    let html = [("content-type", "text/html")];
    failed_at(SERVER, 200, &html, "<title>ngrok</title>").finds("tunnel-page");
    failed_at(SERVER, 200, &html, "<title>App</title>").lacks("tunnel-page");
}

#[test]
fn a_login_page() {
    failed_at(SERVER, 200, &[("content-type", "text/html")], "<h1>Sign in</h1>").finds("login-page-before-server");
    failed(200, "Sign in").lacks("login-page-before-server");
}

#[test]
fn a_slow_answer() {
    Case::at(SERVER).mcp(FIRST, &[]).wait(6000.0).json(200, &json!({})).finds("slow-answer");
    Case::at(SERVER).mcp(FIRST, &[]).wait(900.0).json(200, &json!({})).lacks("slow-answer");
}

#[test]
fn this_page_s_origin_is_refused() {
    failed(403, "Invalid Origin header").finds("origin-refused");
    failed(403, "no").lacks("origin-refused");
}

#[test]
fn the_host_is_refused() {
    failed(421, "Invalid Host header").finds("host-refused");
    failed(403, "no").lacks("host-refused");
}

#[test]
fn forbidden_before_anybody_logged_in() {
    failed(403, "no").finds("forbidden-before-login");
    failed(403, "Invalid Origin").lacks("forbidden-before-login");
}

#[test]
fn a_token_is_missed_without_401() {
    failed(400, "Missing Authorization header").finds("token-missing-without-challenge");
    failed(400, "Bad Request").lacks("token-missing-without-challenge");
}

#[test]
fn forbidden_and_no_scope_named() {
    let token = [("authorization", "Bearer t-1")];
    failed_with(&token, 403, &[]).finds("forbidden-challenge-hidden");
    failed_with(&token, 403, &[]).lacks("forbidden-without-scope");
    let silent = failed_with(&token, 403, &[("www-authenticate", "Bearer")]);
    silent.finds("forbidden-without-scope");
    silent.lacks("forbidden-challenge-hidden");
    let named = [("www-authenticate", "Bearer error=\"insufficient_scope\", scope=\"a\"")];
    failed_with(&token, 403, &named).lacks("forbidden-without-scope");
}

#[test]
fn what_is_accepted_is_refused() {
    failed(406, "").finds("accept-refused");
}

#[test]
fn json_is_refused() {
    failed(415, "").finds("media-type-refused");
}

#[test]
fn too_large() {
    failed(413, "").finds("request-too-large");
    failed(431, "").finds("request-too-large");
}

#[test]
fn too_often() {
    failed_with(&[], 429, &[("retry-after", "30")]).finds("requests-limited");
}

#[test]
fn a_proxy_without_a_server() {
    failed(502, "").finds("gateway-without-server");
    failed(500, "").lacks("gateway-without-server");
}

#[test]
fn a_server_that_failed() {
    failed(500, "").finds("server-failed");
    Case::to_token().answer(500, &[], "").finds("server-failed");
    failed(502, "").lacks("server-failed");
}

#[test]
fn a_session_id_that_is_hidden() {
    let step = Step::Connected;
    let case = Case::at(SERVER).mcp(FIRST, &[]).json(200, &json!({})).enter(step).mcp(step, &[]);
    case.answer(400, &[], "Mcp-Session-Id header is required").finds("session-id-not-exposed");
    failed(400, "Bad Request").lacks("session-id-not-exposed");
}

#[test]
fn a_session_that_was_forgotten() {
    failed_with(&[("mcp-session-id", "s-1")], 404, &[]).finds("session-lost");
    failed(404, "").lacks("session-lost");
}

#[test]
fn a_stream_that_was_held_back() {
    let case = || Case::at(SERVER).mcp(FIRST, &[]);
    let stream = [("content-type", "text/event-stream")];
    case().stream(&stream, 3, 4000.0).finds("stream-held-back");
    case().stream(&stream, 3, 100.0).lacks("stream-held-back");
    // To this machine no proxy is between: the server may have had nothing to say.
    let local = || Case::at("http://localhost:3001/mcp").mcp(FIRST, &[]);
    local().stream(&stream, 3, 4000.0).lacks("stream-held-back");
}

#[test]
fn a_stream_whose_length_is_known_is_none_that_is_held_back() {
    let stream = [("content-type", "text/event-stream"), ("content-length", "90"), ("x-accel-buffering", "no")];
    let case = Case::at(SERVER).mcp(FIRST, &[]).stream(&stream, 1, 0.0);
    assert_eq!(case.rules(), Vec::<&str>::new());
}

#[test]
fn a_stream_by_another_name() {
    failed(200, "event: message\ndata: {}\n\n").finds("stream-mislabelled");
    failed(200, "{}").lacks("stream-mislabelled");
}
