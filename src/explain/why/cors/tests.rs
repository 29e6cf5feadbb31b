use crate::base::text::Text;
use crate::explain::why::fixture::{Case, RESOURCE, SERVER, edited, issuer};
use crate::http::Request;
use crate::trace::step::Step;
use serde_json::{Value, json};

const FIRST: Step = Step::McpRequest;
const HEADERS: [&str; 3] = ["authorization", "content-type", "mcp-protocol-version"];

/// The first request was blocked, and these probes are answered.
fn blocked(answers: impl Fn(&str) -> bool) -> Case {
    Case::at(SERVER).mcp(FIRST, &[]).block().probed(FIRST, &HEADERS, answers)
}

fn local(server: &str, alive: bool) -> Case {
    Case::at(server).mcp(FIRST, &[]).block().probed(FIRST, &HEADERS, |_| alive)
}

#[test]
fn plain_http_from_an_https_page() {
    let on = |page: &str| Case::on(page, "http://mcp.example.com/mcp").mcp(FIRST, &[]).block();
    on("https://inspector.example.com").finds("mixed-content");
    on("http://localhost:3000").lacks("mixed-content");
}

#[test]
fn this_machine_from_a_public_page() {
    let on = |page: &str| Case::on(page, "http://localhost:8000/mcp").mcp(FIRST, &[]).block();
    on("https://inspector.example.com").finds("local-network");
    on("http://localhost:3000").lacks("local-network");
    on("https://inspector.example.com").probed(FIRST, &HEADERS, |_| true).lacks("local-network");
}

#[test]
fn nothing_at_that_port() {
    local("http://127.0.0.1:8000/mcp", false).finds("server-not-running");
    local("http://127.0.0.1:8000/mcp", true).lacks("server-not-running");
}

#[test]
fn localhost_is_two_addresses() {
    local("http://localhost:8000/mcp", false).finds("localhost-two-addresses");
    local("http://127.0.0.1:8000/mcp", false).lacks("localhost-two-addresses");
}

#[test]
fn no_cors_at_all() {
    blocked(|it| it == "alive").finds("cors-absent");
    blocked(|_| true).lacks("cors-absent");
}

#[test]
fn cors_for_get_only() {
    blocked(|it| it != "post").finds("cors-not-for-post");
    blocked(|_| true).lacks("cors-not-for-post");
}

#[test]
fn a_star_does_not_cover_authorization() {
    let case = blocked(|it| it != "authorization");
    case.finds("preflight-lacks-authorization");
    case.lacks("preflight-lacks-header");
}

#[test]
fn a_header_is_not_on_the_list() {
    let case = blocked(|it| it != "mcp-protocol-version");
    case.finds("preflight-lacks-header");
    case.lacks("preflight-refused");
}

#[test]
fn options_itself_fails() {
    let case = blocked(|it| !HEADERS.contains(&it));
    case.finds("preflight-refused");
    case.lacks("preflight-lacks-header");
}

#[test]
fn only_this_answer_lacks_the_lines() {
    blocked(|_| true).finds("cors-not-on-errors");
    blocked(|it| it != "post").lacks("cors-not-on-errors");
}

#[test]
fn probes_that_are_not_over_prove_nothing() {
    let case = Case::at(SERVER).mcp(FIRST, &[]).block().send(FIRST, Request::get(SERVER));
    assert_eq!(case.rules(), Vec::<&str>::new());
}

#[test]
fn a_document_that_pages_may_not_read() {
    let to = || Case::at(SERVER).challenged(&[]).enter(Step::ResourceMetadata);
    to().get(Step::ResourceMetadata, RESOURCE).block().finds("metadata-without-cors");
    to().get(Step::ResourceMetadata, "https://other.example/x").block().lacks("metadata-without-cors");
}

fn token_elsewhere() -> Case {
    let document = edited(issuer(), "token_endpoint", Value::Null);
    let form = Text::plain("application/x-www-form-urlencoded");
    let post = Request::new(crate::http::Method::Post, "https://api.example.net/token");
    let post = post.header("content-type", form).header("accept", Text::plain("application/json"));
    Case::issuer(&document).enter(Step::TokenRequest).send(Step::TokenRequest, post)
}

#[test]
fn a_token_endpoint_without_cors() {
    token_elsewhere().block().probed(Step::TokenRequest, &[], |_| true).finds("token-without-cors");
    Case::to_token().block().probed(Step::TokenRequest, &[], |_| true).lacks("token-without-cors");
}

#[test]
fn a_token_endpoint_whose_errors_lack_cors() {
    Case::to_token().block().probed(Step::TokenRequest, &[], |_| true).finds("token-errors-without-cors");
    Case::to_token().block().probed(Step::TokenRequest, &[], |_| false).lacks("token-errors-without-cors");
}

#[test]
fn a_registration_endpoint_without_cors() {
    let blocked = || Case::to_registration().block();
    blocked().probed(Step::Registration, &["content-type"], |it| it == "alive").finds("registration-without-cors");
    blocked().probed(Step::Registration, &[], |_| false).lacks("registration-without-cors");
}

#[test]
fn the_modern_probe_is_blocked_and_the_handshake_read() {
    let probe =
        |names: &[(&str, &str)]| Case::at(SERVER).mcp(FIRST, names).block().mcp(FIRST, &[]).json(200, &json!({}));
    probe(&[("mcp-method", "server/discover")]).finds("modern-headers-not-allowed");
    probe(&[]).lacks("modern-headers-not-allowed");
}
