//! Requests of a server's that it wants as tasks (2025-11-25): this client makes the task, the server asks how it stands.

mod golden;
mod wire;

use flowglass::mcp::question::{QuestionKind, Reply};
use flowglass::trace::ExchangeId;
use serde_json::{Value, json};
use wire::{AUTO, Wire, accept, discovered, pinned, reply, server};

const RELATED: &str = "io.modelcontextprotocol/related-task";

fn opened(revision: &'static str) -> (Wire, ExchangeId) {
    let mut wire = Wire::connect(pinned(revision));
    wire.result("initialize", server(revision, json!({ "tools": {} })));
    wire.accepted("notifications/initialized");
    wire.result("tools/list", json!({ "tools": [{ "name": "dig", "inputSchema": { "type": "object" } }] }));
    let stream = wire.opens("GET");
    (wire, stream)
}

/// The server asks, and gets this.
fn asks(wire: &mut Wire, stream: ExchangeId, method: &str, params: &Value) -> Value {
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": "q", "method": method, "params": params }));
    answer(wire)
}

fn answer(wire: &mut Wire) -> Value {
    let body = wire.body("answer");
    wire.accepted("answer");
    body
}

fn elicitation() -> Value {
    json!({ "message": "Where?", "requestedSchema": { "type": "object" }, "task": { "ttl": 60_000 } })
}

fn sampling() -> Value {
    json!({ "messages": [], "maxTokens": 1, "task": {} })
}

/// A request that has become a task. Its id.
fn created(wire: &mut Wire, stream: ExchangeId, method: &str, params: &Value) -> Value {
    let answer = asks(wire, stream, method, params);
    let task = &answer["result"]["task"];
    assert_eq!((&answer["id"], &task["status"]), (&json!("q"), &json!("working")));
    json!({ "taskId": task["taskId"] })
}

fn status(wire: &mut Wire, stream: ExchangeId, task: &Value) -> Value {
    asks(wire, stream, "tasks/get", task)["result"]["status"].clone()
}

fn told(wire: &mut Wire) -> Value {
    let body = wire.body("notifications/tasks/status");
    wire.accepted("notifications/tasks/status");
    body["params"]["status"].clone()
}

#[test]
fn e_80_the_capability_is_declared_where_the_revision_has_it() {
    let requests = json!({ "sampling": { "createMessage": {} }, "elicitation": { "create": {} } });
    let tasks = json!({ "list": {}, "cancel": {}, "requests": requests });
    for (revision, expected) in [("2025-11-25", Some(tasks)), ("2025-06-18", None)] {
        let declared = Wire::connect(pinned(revision)).body("initialize")["params"]["capabilities"].clone();
        assert_eq!(declared.get("tasks"), expected.as_ref(), "{revision}");
    }
    let mut wire = Wire::connect(AUTO);
    wire.result("server/discover", discovered(json!({ "tools": {} })));
    let meta = &wire.body("tools/list")["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"];
    assert_eq!(meta.get("tasks"), None);
}

#[test]
fn e_81_a_request_becomes_a_task_and_its_result_is_fetched_when_the_user_has_responded() {
    let (mut wire, stream) = opened("2025-11-25");
    let task = created(&mut wire, stream, "elicitation/create", &elicitation());
    assert_eq!(wire.inspector.questions().first().map(|it| it.kind), Some(QuestionKind::Form));
    let got = asks(&mut wire, stream, "tasks/get", &task)["result"].clone();
    assert_eq!((&got["status"], &got["ttl"], &got["pollInterval"]), (&json!("working"), &json!(60_000), &json!(1_000)));
    assert_eq!(got["taskId"].as_str().map(str::len), Some(32));
    accept(&mut wire, r#"{"at":"sea"}"#);
    assert_eq!(told(&mut wire), "completed");
    assert_eq!(status(&mut wire, stream, &task), "completed");
    let result = asks(&mut wire, stream, "tasks/result", &task)["result"].clone();
    assert_eq!((&result["action"], &result["content"]), (&json!("accept"), &json!({ "at": "sea" })));
    assert_eq!(result["_meta"][RELATED], task);
    let listed = asks(&mut wire, stream, "tasks/list", &json!({}))["result"]["tasks"].clone();
    assert_eq!((listed.as_array().map(Vec::len), &listed[0]["taskId"]), (Some(1), &task["taskId"]));
    assert_eq!(wire.violations(), "");
}

#[test]
fn e_81_a_request_for_the_result_waits_until_the_task_has_ended() {
    let (mut wire, stream) = opened("2025-11-25");
    let task = created(&mut wire, stream, "sampling/createMessage", &sampling());
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": "r", "method": "tasks/result", "params": task }));
    assert!(!wire.is_open("answer"));
    accept(&mut wire, "Ahoy");
    let given = answer(&mut wire);
    assert_eq!((&given["id"], &given["result"]["content"]["text"]), (&json!("r"), &json!("Ahoy")));
    assert_eq!(told(&mut wire), "completed");
}

#[test]
fn what_the_user_declines_is_a_failed_sampling_and_a_completed_elicitation() {
    let (mut wire, stream) = opened("2025-11-25");
    let sampled = created(&mut wire, stream, "sampling/createMessage", &sampling());
    reply(&mut wire, Reply::Decline);
    assert_eq!(told(&mut wire), "failed");
    assert_eq!(asks(&mut wire, stream, "tasks/result", &sampled)["error"]["code"], -1);
    let elicited = created(&mut wire, stream, "elicitation/create", &elicitation());
    reply(&mut wire, Reply::Decline);
    assert_eq!(told(&mut wire), "completed");
    assert_eq!(asks(&mut wire, stream, "tasks/result", &elicited)["result"]["action"], "decline");
}

#[test]
fn a_task_that_the_server_cancels_is_asked_no_more() {
    let (mut wire, stream) = opened("2025-11-25");
    let task = created(&mut wire, stream, "elicitation/create", &elicitation());
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": "c", "method": "tasks/cancel", "params": task }));
    assert_eq!(told(&mut wire), "cancelled");
    assert_eq!(answer(&mut wire)["result"]["status"], "cancelled");
    assert!(wire.inspector.questions().is_empty());
    assert_eq!(asks(&mut wire, stream, "tasks/cancel", &task)["error"]["code"], -32602);
    assert_eq!(asks(&mut wire, stream, "tasks/result", &task)["error"]["code"], -1);
    assert_eq!(asks(&mut wire, stream, "tasks/get", &json!({ "taskId": "other" }))["error"]["code"], -32602);
}

#[test]
fn a_task_ends_with_the_call_that_it_belongs_to() {
    let (mut wire, stream) = opened("2025-11-25");
    let target = wire.calls("dig", json!({}));
    let task = created(&mut wire, stream, "elicitation/create", &elicitation());
    assert_eq!(wire.status(&target), "needs-input");
    wire.result("tools/call", wire::text("done"));
    assert_eq!((wire.status(&target), told(&mut wire)), ("ok", json!("cancelled")));
    assert_eq!(status(&mut wire, stream, &task), "cancelled");
}

#[test]
fn where_no_task_was_declared_the_wish_for_one_is_ignored() {
    let (mut wire, stream) = opened("2025-06-18");
    wire.message(
        stream,
        json!({ "jsonrpc": "2.0", "id": "q", "method": "elicitation/create", "params": elicitation() }),
    );
    assert!(!wire.is_open("answer"));
    accept(&mut wire, "{}");
    assert_eq!(answer(&mut wire)["result"]["action"], "accept");
    assert_eq!(asks(&mut wire, stream, "tasks/list", &json!({}))["error"]["code"], -32601);
}
