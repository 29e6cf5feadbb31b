//! Apps of servers: what they ask of the user and of the server, and that nothing of them outlives them.

mod golden;
mod wire;

use flowglass::base::address::Address;
use flowglass::http::HttpError;
use flowglass::inspector::{AppInput, Input, Phase};
use flowglass::mcp::app::AppCall;
use flowglass::mcp::app::bridge::{By, Line, Wish};
use flowglass::mcp::question::{AppsCall, QuestionKind, Reply};
use flowglass::mcp::raw::RawMessage;
use serde_json::json;
use wire::{AUTO, Wire, connected, discovered, pinned, reply, server, text};

const CALL: AppCall = AppCall { frame: 2, number: 5 };

fn app(wire: &mut Wire, input: AppInput) {
    wire.input(Input::App(input));
}

fn sends(wire: &mut Wire) {
    let params = Some(r#"{"name":"echo","arguments":{}}"#.to_owned());
    app(wire, AppInput::Send(CALL, Box::new(RawMessage { method: "tools/call".to_owned(), params })));
}

fn asks(wire: &mut Wire) {
    app(wire, AppInput::Ask(CALL, Wish::Call { tool: "echo".to_owned(), arguments: r#"{"a":1.0}"#.to_owned() }));
}

#[test]
fn e_90_the_extension_is_declared_in_every_revision() {
    let settings = json!({ "mimeTypes": ["text/html;profile=mcp-app"] });
    for revision in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let declared = Wire::connect(pinned(revision)).body("initialize")["params"]["capabilities"].clone();
        assert_eq!(declared["extensions"]["io.modelcontextprotocol/ui"], settings, "{revision}");
    }
    let mut wire = Wire::connect(AUTO);
    wire.result("server/discover", discovered(json!({ "tools": {} })));
    let meta = &wire.body("tools/list")["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"];
    assert_eq!(meta["extensions"]["io.modelcontextprotocol/ui"], settings);
}

#[test]
fn a_request_of_an_app_is_an_exchange_whose_response_goes_to_the_app() {
    let mut wire = connected("2025-11-25");
    sends(&mut wire);
    assert_eq!(wire.body("tools/call")["params"]["name"], "echo");
    wire.result("tools/call", text("hi"));
    let told = r#"> tell app 2.5 Result("{\"content\":[{\"text\":\"hi\",\"type\":\"text\"}]}")"#;
    assert_eq!(wire.last_line(), told);
    sends(&mut wire);
    wire.error("tools/call", 200, json!({ "code": -32602, "message": "no" }));
    assert!(wire.last_line().starts_with("> tell app 2.5 Error("), "{}", wire.last_line());
    sends(&mut wire);
    wire.fails("tools/call", HttpError::Timeout { after: 1 });
    assert!(wire.tells("> tell app 2.5 Unanswered"));
    assert_eq!(wire.inspector.phase(), Phase::Connected);
}

#[test]
fn what_an_app_wants_waits_for_the_user() {
    let mut wire = connected("2025-11-25");
    asks(&mut wire);
    let question = wire.inspector.questions().first().expect("a question").clone();
    assert_eq!(question.kind, QuestionKind::AppCall);
    let asked = AppsCall { tool: "echo".to_owned(), arguments: r#"{"a":1.0}"#.to_owned() };
    assert_eq!(AppsCall::read(&question.params), asked);
    reply(&mut wire, Reply::Accept(String::new()));
    assert_eq!(wire.last_line(), "> tell app 2.5 Allowed");
    for no in [Reply::Decline, Reply::Cancel] {
        asks(&mut wire);
        reply(&mut wire, no);
        assert_eq!(wire.last_line(), "> tell app 2.5 Declined");
    }
    let page = Address::given("https://docs.example.com/a").expect("valid");
    app(&mut wire, AppInput::Ask(CALL, Wish::Link(page)));
    let question = wire.inspector.questions().first().expect("a question");
    assert_eq!((question.kind, question.url().as_str()), (QuestionKind::AppLink, "https://docs.example.com/a"));
    assert!(!wire.is_open("tools/call"));
}

#[test]
fn nothing_of_an_app_outlives_it() {
    let mut wire = connected("2025-11-25");
    asks(&mut wire);
    sends(&mut wire);
    app(&mut wire, AppInput::Closed(CALL.frame));
    assert_eq!(wire.inspector.questions().len(), 0);
    wire.result("tools/call", text("hi"));
    assert!(!wire.tells("> tell app"));
}

#[test]
fn without_a_connection_an_app_is_told_so() {
    let mut wire = Wire::connect(pinned("2025-11-25"));
    sends(&mut wire);
    assert_eq!(wire.last_line(), "> tell app 2.5 Unanswered");
    asks(&mut wire);
    assert_eq!((wire.inspector.questions().len(), wire.last_line()), (0, "> tell app 2.5 Unanswered"));
    wire.result("initialize", server("2025-11-25", json!({})));
}

#[test]
fn a_request_of_an_app_is_not_repeated_after_a_login() {
    let mut wire = connected("2025-11-25");
    sends(&mut wire);
    wire.answer("tools/call", 401, &[("www-authenticate", "Bearer")], "");
    assert!(wire.tells("> tell app 2.5 Unanswered"));
    assert!(!wire.is_open("tools/call"));
}

#[test]
fn e_96_messages_of_an_app_are_in_the_log() {
    let mut wire = connected("2025-11-25");
    let line = |by, text: &str| Line { by, level: "debug".to_owned(), text: text.to_owned(), is_json: true };
    app(&mut wire, AppInput::Log(vec![line(By::App, r#"{"a":1}"#), line(By::Host, r#"{"b":2}"#)]));
    let logged: Vec<_> =
        wire.inspector.logs().newest().map(|(_, it)| (it.logger.clone(), it.data.to_string())).collect();
    let of = |logger: &str, data: &str| (Some(logger.to_owned()), data.to_owned());
    assert_eq!(logged, [of("host", r#"{"b":2}"#), of("app", r#"{"a":1}"#)]);
}
