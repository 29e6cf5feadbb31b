//! Messages that the user writes: sent as the connection sends its own, and their responses are exchanges like any other.

mod golden;
mod wire;

use flowglass::explain::wire::exchanges::{ExchangeRow, listed};
use flowglass::inspector::{Input, Phase};
use flowglass::mcp::raw::RawMessage;
use serde_json::json;
use std::collections::BTreeSet;
use wire::{JSON, SESSION, Wire, connected, connected_over_sse, modern, server, text};

fn sends(wire: &mut Wire, method: &str, params: &str) {
    let raw = RawMessage::typed(method, params).expect("it can be sent");
    wire.input(Input::Raw(Box::new(raw)));
}

/// The newest exchange that carries a message of that method.
fn row(wire: &Wire, method: &str) -> ExchangeRow {
    let trace = wire.inspector.trace();
    let ids = listed(trace, &Default::default(), None, &BTreeSet::new());
    let rows = ids.into_iter().filter_map(|id| ExchangeRow::of(trace, id));
    rows.into_iter().find(|it| it.method == method).expect("it was sent")
}

fn stands(wire: &Wire, method: &str) -> (&'static str, Option<String>) {
    let row = row(wire, method);
    (row.status.name(), row.http_status)
}

#[test]
fn a_message_goes_out_with_the_headers_of_the_connection_and_its_response_is_an_exchange() {
    let mut wire = connected("2025-11-25");
    sends(&mut wire, "x/y", r#"{"n":1.0}"#);
    assert_eq!(wire.header("x/y", "mcp-session-id").as_deref(), Some("s-1"));
    assert_eq!(wire.header("x/y", "mcp-protocol-version").as_deref(), Some("2025-11-25"));
    assert_eq!(wire.body("x/y"), json!({ "jsonrpc": "2.0", "id": 3, "method": "x/y", "params": { "n": 1.0 } }));
    assert_eq!((wire.inspector.busy(), stands(&wire, "x/y").0), (1, "pending"));
    wire.result("x/y", json!({ "y": 2 }));
    assert_eq!((wire.inspector.busy(), stands(&wire, "x/y")), (0, ("ok", Some("200".to_owned()))));
    assert_eq!((wire.violations(), wire.inspector.phase()), (String::new(), Phase::Connected));
}

#[test]
fn errors_and_tools_that_fail_are_told_apart_and_change_nothing_of_the_connection() {
    let mut wire = connected("2025-11-25");
    let params = r#"{"name":"echo","arguments":{}}"#;
    sends(&mut wire, "tools/call", params);
    wire.result("tools/call", json!({ "content": [], "isError": true }));
    let failed = row(&wire, "tools/call");
    assert_eq!((failed.status.name(), failed.name.as_deref()), ("tool-error", Some("echo")));
    sends(&mut wire, "tools/call", params);
    wire.error("tools/call", 400, json!({ "code": -32602, "message": "no" }));
    assert_eq!(stands(&wire, "tools/call"), ("rpc-error", Some("400".to_owned())));
    sends(&mut wire, "tools/call", params);
    wire.answer("tools/call", 500, &[], "broken");
    assert_eq!(stands(&wire, "tools/call"), ("http-error", Some("500".to_owned())));
    sends(&mut wire, "tools/call", params);
    wire.blocked("tools/call");
    assert_eq!(stands(&wire, "tools/call"), ("http-error", Some("blocked".to_owned())));
    assert!(wire.inspector.problems().is_empty());
    assert_eq!((wire.inspector.busy(), wire.inspector.phase()), (0, Phase::Connected));
}

#[test]
fn the_events_of_a_stream_are_in_the_exchange_and_the_response_ends_it() {
    let mut wire = connected("2025-11-25");
    sends(&mut wire, "tools/call", r#"{"name":"echo"}"#);
    let stream = wire.opens("tools/call");
    let progress = json!({ "progressToken": 3, "progress": 1 });
    wire.message(stream, json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": progress }));
    assert_eq!(stands(&wire, "tools/call").0, "pending");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 3, "result": text("hello") }));
    assert_eq!(stands(&wire, "tools/call").0, "ok");
    wire.ends(stream);
    let exchange = wire.inspector.trace().exchange(stream).expect("there");
    assert_eq!((exchange.events, exchange.answer.as_ref().map(|it| it.exchange)), (2, Some(stream)));
    wire.check("message-of-the-user");
}

#[test]
fn a_notification_waits_for_no_response() {
    let mut wire = connected("2025-11-25");
    sends(&mut wire, "notifications/roots/list_changed", "");
    assert_eq!(wire.body("notifications/roots/list_changed").get("id"), None);
    wire.accepted("notifications/roots/list_changed");
    assert_eq!(stands(&wire, "notifications/roots/list_changed"), ("ok", Some("202".to_owned())));
}

#[test]
fn arguments_that_a_tool_wants_in_headers_are_there_and_a_result_may_want_input() {
    let region = json!({ "type": "string", "x-mcp-header": "Region" });
    let schema = json!({ "type": "object", "properties": { "region": region } });
    let mut wire = modern(json!({ "resultType": "complete", "tools": [{ "name": "run", "inputSchema": schema }] }));
    sends(&mut wire, "tools/call", r#"{"name":"run","arguments":{"region":"north"}}"#);
    let header = |name: &str| wire.header("tools/call", name);
    assert_eq!(header("mcp-param-region").as_deref(), Some("north"));
    assert_eq!((header("mcp-name").as_deref(), header("mcp-method").as_deref()), (Some("run"), Some("tools/call")));
    wire.result("tools/call", json!({ "resultType": "input_required", "requestState": "s" }));
    assert_eq!(stands(&wire, "tools/call").0, "needs-input");
    assert!(wire.inspector.questions().is_empty());
}

#[test]
fn over_http_with_sse_the_response_on_the_stream_belongs_to_the_request() {
    let (mut wire, stream) = connected_over_sse();
    sends(&mut wire, "ping", "");
    wire.accepted("ping");
    assert_eq!(stands(&wire, "ping"), ("pending", Some("202".to_owned())));
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 3, "result": {} }));
    let row = row(&wire, "ping");
    assert_eq!((row.status.name(), row.bytes), ("ok", Some(36)));
    assert_eq!(wire.inspector.busy(), 0);
}

#[test]
fn a_lost_session_is_renewed_and_the_message_is_not_repeated() {
    let mut wire = connected("2025-11-25");
    sends(&mut wire, "ping", "");
    wire.answer("ping", 404, &[], "");
    wire.result_with("initialize", &[JSON, SESSION], server("2025-11-25", json!({ "tools": {} })));
    wire.accepted("notifications/initialized");
    assert_eq!(wire.inspector.phase(), Phase::Connected);
    assert!(!wire.is_open("ping"));
}

/// The id of the newest message that waits, cancelled.
fn cancels(wire: &mut Wire) {
    let id = wire.inspector.waiting_raw().cloned().expect("one waits");
    wire.input(Input::CancelRaw(id));
}

#[test]
fn a_message_that_waits_is_cancelled_the_server_is_told_and_what_comes_late_is_no_violation() {
    let mut wire = connected("2025-11-25");
    sends(&mut wire, "x/y", "");
    cancels(&mut wire);
    let told = wire.body("notifications/cancelled");
    assert_eq!(told["params"], json!({ "requestId": 3, "reason": "the user cancelled" }));
    assert_eq!((stands(&wire, "x/y"), wire.is_open("x/y")), (("cancelled", None), false));
    wire.accepted("notifications/cancelled");
    assert_eq!((wire.inspector.busy(), wire.inspector.waiting_raw()), (0, None));
    assert_eq!((wire.violations(), wire.inspector.phase()), (String::new(), Phase::Connected));
}

#[test]
fn of_two_that_wait_the_newest_is_cancelled_first_and_one_that_was_answered_is_not() {
    let mut wire = connected("2025-11-25");
    sends(&mut wire, "x/1", "");
    sends(&mut wire, "x/2", "");
    cancels(&mut wire);
    assert_eq!((stands(&wire, "x/1").0, stands(&wire, "x/2").0), ("pending", "cancelled"));
    let first = wire.inspector.waiting_raw().cloned().expect("the other waits");
    wire.result("x/1", json!({}));
    wire.accepted("notifications/cancelled");
    wire.input(Input::CancelRaw(first));
    assert_eq!((stands(&wire, "x/1").0, wire.is_open("notifications/cancelled")), ("ok", false));
}

#[test]
fn from_2026_07_28_on_closing_the_response_cancels_the_message() {
    let mut wire = modern(json!({ "resultType": "complete", "tools": [] }));
    sends(&mut wire, "x/y", "");
    cancels(&mut wire);
    assert_eq!((stands(&wire, "x/y").0, wire.is_open("notifications/cancelled")), ("cancelled", false));
}

#[test]
fn over_http_with_sse_the_acknowledged_message_is_cancelled_too() {
    let (mut wire, _) = connected_over_sse();
    sends(&mut wire, "ping", "");
    wire.accepted("ping");
    cancels(&mut wire);
    assert!(wire.is_open("notifications/cancelled"));
    assert_eq!((stands(&wire, "ping").0, wire.inspector.waiting_raw()), ("cancelled", None));
}

#[test]
fn without_a_connection_nothing_goes_out() {
    let mut wire = connected("2025-11-25");
    wire.input(Input::Disconnect);
    let before = wire.inspector.trace().exchanges().count();
    sends(&mut wire, "ping", "");
    assert_eq!(wire.inspector.trace().exchanges().count(), before);
}
