//! Calls that become tasks: created, polled, asked for input, cancelled, listed, and taken up by the next page.

mod golden;
mod wire;

use flowglass::http::HttpError;
use flowglass::inspector::{History, Input, PollingEnd};
use flowglass::mcp::connection::Target;
use flowglass::mcp::model::ItemKind;
use flowglass::mcp::question::Reply;
use serde_json::{Value, json};
use wire::{AUTO, JSON, SESSION, Wire, accept, discovered, pinned, reply, server, text};

const RELATED: &str = "io.modelcontextprotocol/related-task";

fn listed(support: &str) -> Value {
    json!({ "tools": [{ "name": "dig", "inputSchema": { "type": "object" }, "execution": { "taskSupport": support } }] })
}

/// A server of 2025-11-25 with tasks, and one tool.
fn connected(support: &str) -> Wire {
    let mut wire = Wire::connect(pinned("2025-11-25"));
    opened(&mut wire, support);
    wire
}

fn opened(wire: &mut Wire, support: &str) {
    opened_in(wire, support, SESSION);
}

fn opened_in(wire: &mut Wire, support: &str, session: (&str, &str)) {
    let tasks = json!({ "list": {}, "cancel": {}, "requests": { "tools": { "call": {} } } });
    wire.result_with("initialize", &[JSON, session], server("2025-11-25", json!({ "tools": {}, "tasks": tasks })));
    wire.accepted("notifications/initialized");
    wire.answer("GET", 405, &[], "");
    wire.result("tools/list", listed(support));
}

fn task(status: &str) -> Value {
    json!({ "taskId": "t-1", "status": status, "createdAt": "2026-11-25T10:00:00Z", "lastUpdatedAt": "2026-11-25T10:00:01Z",
        "ttl": 600_000, "pollInterval": 2_000 })
}

/// A call that has become a task.
fn digging(wire: &mut Wire) -> Target {
    let target = wire.calls("dig", json!({ "deep": true }));
    wire.result("tools/call", json!({ "task": task("working") }));
    target
}

fn polled(wire: &mut Wire, answer: Value) {
    // Every input takes a millisecond.
    let after = wire.waits();
    assert!((1_990.0..=2_000.0).contains(&after), "{after}");
    wire.result("tasks/get", answer);
}

fn status_of(wire: &Wire, id: &str) -> &'static str {
    wire.inspector.task(id).expect("the task is known").task.status.name()
}

#[test]
fn e_80_a_tool_is_called_as_a_task_where_it_allows_or_requires_it() {
    for (support, wanted, sent) in [
        ("required", false, true),
        ("optional", false, false),
        ("optional", true, true),
        ("forbidden", true, false),
        ("sometimes", true, false),
    ] {
        let mut wire = connected(support);
        let target = Target { kind: ItemKind::Tools, key: "dig".to_owned() };
        wire.input(Input::CallAsTask(target, wanted));
        wire.calls("dig", json!({}));
        assert_eq!(wire.body("tools/call")["params"].get("task").is_some(), sent, "{support} {wanted}");
    }
}

#[test]
fn a_server_without_the_capability_gets_no_task() {
    let mut wire = Wire::connect(pinned("2025-11-25"));
    wire.result("initialize", server("2025-11-25", json!({ "tools": {}, "tasks": { "list": {} } })));
    wire.accepted("notifications/initialized");
    wire.result("tools/list", listed("required"));
    wire.calls("dig", json!({}));
    assert_eq!(wire.body("tools/call")["params"].get("task"), None);
}

#[test]
fn e_81_a_task_is_polled_until_it_ends_and_its_result_is_the_result_of_the_call() {
    let mut wire = connected("required").quiet();
    let target = digging(&mut wire);
    assert_eq!((wire.status(&target), status_of(&wire, "t-1")), ("pending", "working"));
    polled(&mut wire, task("working"));
    polled(&mut wire, task("completed"));
    assert_eq!(wire.body("tasks/result")["params"], json!({ "taskId": "t-1" }));
    wire.result("tasks/result", text("gold"));
    assert_eq!((wire.status(&target), status_of(&wire, "t-1")), ("ok", "completed"));
    assert!(!wire.is_open("tasks/get"));
    assert_eq!(wire.inspector.calls(&target).len(), 1);
    wire.check("a-call-as-a-task");
}

#[test]
fn a_failed_task_gives_the_error_of_its_call_and_a_tool_error_is_one() {
    let mut wire = connected("required");
    let target = digging(&mut wire);
    polled(&mut wire, task("failed"));
    wire.error("tasks/result", 200, json!({ "code": -32603, "message": "collapsed" }));
    assert_eq!((wire.status(&target), status_of(&wire, "t-1")), ("rpc-error", "failed"));
    let mut wire = connected("required");
    let target = digging(&mut wire);
    polled(&mut wire, task("failed"));
    wire.result("tasks/result", json!({ "content": [], "isError": true }));
    assert_eq!(wire.status(&target), "tool-error");
}

#[test]
fn what_a_task_asks_comes_on_the_stream_of_its_result() {
    let mut wire = connected("required");
    let target = digging(&mut wire);
    polled(&mut wire, task("input_required"));
    let stream = wire.opens("tasks/result");
    let params = json!({ "message": "Where?", "requestedSchema": { "type": "object" }, "_meta": { RELATED: { "taskId": "t-1" } } });
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": "q", "method": "elicitation/create", "params": params }));
    assert_eq!(wire.status(&target), "needs-input");
    // Asked once more, it is not opened a second time.
    polled(&mut wire, task("input_required"));
    accept(&mut wire, r#"{"here":true}"#);
    let answer = wire.body("answer")["result"].clone();
    assert_eq!((&answer["action"], &answer["content"]["here"]), (&json!("accept"), &json!(true)));
    assert_eq!(answer["_meta"][RELATED]["taskId"], "t-1");
    wire.accepted("answer");
    assert_eq!(wire.status(&target), "pending");
    let id = wire.body("tasks/result")["id"].clone();
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": id, "result": text("gold") }));
    assert_eq!(wire.status(&target), "ok");
    wire.result("tasks/get", task("completed"));
    assert_eq!(status_of(&wire, "t-1"), "completed");
}

#[test]
fn a_request_on_the_shared_stream_belongs_to_the_task_that_it_names() {
    let mut wire = Wire::connect(pinned("2025-11-25"));
    let tasks = json!({ "requests": { "tools": { "call": {} } } });
    wire.result("initialize", server("2025-11-25", json!({ "tools": {}, "tasks": tasks })));
    wire.accepted("notifications/initialized");
    wire.result("tools/list", listed("required"));
    let shared = wire.opens("GET");
    let target = digging(&mut wire);
    wire.asks(ItemKind::Tools, "other", json!({}));
    let params = json!({ "messages": [], "_meta": { RELATED: { "taskId": "t-1" } } });
    wire.message(shared, json!({ "jsonrpc": "2.0", "id": 1, "method": "sampling/createMessage", "params": params }));
    assert_eq!(wire.status(&target), "needs-input");
    let notice = json!({ "jsonrpc": "2.0", "method": "notifications/tasks/status", "params": task("cancelled") });
    wire.message(shared, notice);
    assert_eq!((wire.status(&target), status_of(&wire, "t-1")), ("cancelled", "cancelled"));
    assert!(wire.inspector.questions().is_empty());
}

#[test]
fn progress_goes_on_by_the_token_of_the_call() {
    let mut wire = connected("required");
    let target = wire.calls("dig", json!({}));
    let token = wire.body("tools/call")["params"]["_meta"]["progressToken"].clone();
    wire.result("tools/call", json!({ "task": task("working") }));
    wire.waits();
    let stream = wire.opens("tasks/get");
    let params = json!({ "progressToken": token, "progress": 2, "total": 4 });
    wire.message(stream, json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": params }));
    let outcome = wire.inspector.outcome(&target).expect("an outcome");
    assert_eq!(outcome.reports.newest().map(|it| it.done), Some(2.0));
}

#[test]
fn a_cancelled_call_cancels_its_task_and_a_late_end_changes_nothing_of_the_call() {
    let mut wire = connected("required");
    let target = digging(&mut wire);
    wire.input(Input::Cancel(target.clone()));
    assert_eq!(wire.status(&target), "cancelled");
    assert!(!wire.is_open("notifications/cancelled"));
    assert_eq!(wire.body("tasks/cancel")["params"], json!({ "taskId": "t-1" }));
    wire.error("tasks/cancel", 200, json!({ "code": -32602, "message": "already ended" }));
    assert_eq!(wire.inspector.task("t-1").and_then(|it| it.refusal.clone()).map(|it| it.code), Some(-32602));
    // The poll that was due before is not due any more.
    wire.waits();
    wire.waits();
    wire.result("tasks/get", task("completed"));
    assert!(!wire.is_open("tasks/result"));
    assert_eq!((wire.status(&target), status_of(&wire, "t-1")), ("cancelled", "completed"));
    // What it came to can still be seen.
    wire.input(Input::ShowTaskResult("t-1".to_owned()));
    wire.result("tasks/result", text("gold"));
    assert!(wire.inspector.task("t-1").is_some_and(|it| matches!(it.result, Some(Ok(_)))));
    assert_eq!(wire.status(&target), "cancelled");
}

#[test]
fn a_task_that_the_server_does_not_know_any_more_ends_its_call() {
    let mut wire = connected("required");
    let target = digging(&mut wire);
    wire.waits();
    wire.error("tasks/get", 200, json!({ "code": -32602, "message": "Task not found" }));
    assert_eq!(wire.status(&target), "rpc-error");
    let row = wire.inspector.task("t-1").expect("the task");
    assert!(matches!(&row.end, Some(PollingEnd::Refused(error)) if error.message == "Task not found"));
    assert!(!row.is_polled());
}

#[test]
fn polls_without_a_response_are_repeated_ever_later_and_a_few_times_only() {
    let mut wire = connected("required");
    let target = digging(&mut wire);
    assert_eq!(wire.waits(), 2_000.0);
    for later in [4_000.0, 8_000.0, 16_000.0, 32_000.0] {
        wire.fails("tasks/get", HttpError::Timeout { after: 30_000 });
        // The server is told that nothing more is waited for.
        wire.accepted("notifications/cancelled");
        assert_eq!(wire.waits(), later - 3.0);
    }
    wire.fails("tasks/get", HttpError::Timeout { after: 30_000 });
    assert_eq!(wire.status(&target), "http-error");
    assert_eq!(wire.inspector.task("t-1").and_then(|it| it.end.clone()), Some(PollingEnd::NoResponse));
}

#[test]
fn a_task_is_not_polled_beyond_its_lifetime() {
    let mut wire = connected("required");
    let target = wire.calls("dig", json!({}));
    let short = json!({ "taskId": "t-1", "status": "working", "ttl": 1_000, "pollInterval": 300_000 });
    wire.result("tools/call", json!({ "task": short }));
    wire.waits();
    assert!(!wire.is_open("tasks/get"));
    assert_eq!(wire.status(&target), "http-error");
    assert_eq!(wire.inspector.task("t-1").and_then(|it| it.end.clone()), Some(PollingEnd::Overdue));
}

#[test]
fn a_response_that_is_no_usable_task_ends_the_call() {
    let mut wire = connected("required");
    let target = wire.calls("dig", json!({}));
    wire.result("tools/call", json!({ "task": { "taskId": "t-1", "status": "sleeping" } }));
    assert_eq!(wire.status(&target), "http-error");
    assert!(wire.violations().contains("sleeping"));
    assert!(wire.inspector.tasks_here().is_empty());
}

#[test]
fn a_server_that_answers_with_a_result_at_once_is_taken_at_its_word() {
    let mut wire = connected("required");
    let target = wire.calls("dig", json!({}));
    wire.result("tools/call", text("gold"));
    assert_eq!(wire.status(&target), "ok");
    assert!(wire.inspector.tasks_here().is_empty());
}

#[test]
fn a_lost_session_is_renewed_and_the_task_is_polled_on_not_called_again() {
    let mut wire = connected("required");
    let target = digging(&mut wire);
    wire.waits();
    wire.answer("tasks/get", 404, &[], "");
    opened(&mut wire, "required");
    assert!(!wire.is_open("tools/call"));
    assert_eq!(wire.status(&target), "pending");
    wire.result("tasks/get", task("completed"));
    wire.result("tasks/result", text("gold"));
    assert_eq!(wire.status(&target), "ok");
}

#[test]
fn a_session_that_is_lost_over_and_over_is_renewed_once() {
    let mut wire = connected("required");
    digging(&mut wire);
    wire.waits();
    wire.answer("tasks/get", 404, &[], "");
    opened(&mut wire, "required");
    wire.answer("tasks/get", 404, &[], "");
    assert!(!wire.is_open("initialize"));
    assert!(wire.inspector.task("t-1").is_some_and(flowglass::inspector::TaskRow::is_polled));
}

#[test]
fn e_88_the_next_page_of_the_tab_takes_the_task_up() {
    let mut wire = connected("required");
    let target = digging(&mut wire);
    let saved = wire.inspector.saved();
    let mut next = Wire::unopened();
    next.restored(saved, History::default());
    next.connect_again(pinned("2025-11-25"));
    opened(&mut next, "required");
    assert_eq!(next.status(&target), "pending");
    let outcome = next.inspector.outcome(&target).expect("an outcome");
    assert_eq!(outcome.ask.arguments, r#"{"deep":true}"#);
    next.result("tasks/get", task("completed"));
    next.result("tasks/result", text("gold"));
    assert_eq!(next.status(&target), "ok");
    assert_eq!(next.inspector.calls(&target).len(), 1);
}

/// The next page of a tab with a task, in a session of its own.
fn next_page() -> (Wire, Target) {
    let mut wire = connected("required");
    let target = digging(&mut wire);
    let mut next = Wire::unopened();
    next.restored(wire.inspector.saved(), History::default());
    next.connect_again(pinned("2025-11-25"));
    opened_in(&mut next, "required", ("mcp-session-id", "s-2"));
    (next, target)
}

#[test]
fn a_task_is_polled_and_answered_in_the_session_that_it_began_in() {
    let (mut next, target) = next_page();
    assert_eq!(next.header("tasks/get", "mcp-session-id").as_deref(), Some("s-1"));
    assert!(next.body("tasks/get")["id"].is_string());
    next.result("tasks/get", task("input_required"));
    assert_eq!(next.header("tasks/result", "mcp-session-id").as_deref(), Some("s-1"));
    let stream = next.opens("tasks/result");
    let params = json!({ "message": "Where?", "_meta": { RELATED: { "taskId": "t-1" } } });
    next.message(stream, json!({ "jsonrpc": "2.0", "id": "q", "method": "elicitation/create", "params": params }));
    reply(&mut next, Reply::Decline);
    assert_eq!(next.header("answer", "mcp-session-id").as_deref(), Some("s-1"));
    next.accepted("answer");
    let id = next.body("tasks/result")["id"].clone();
    next.message(stream, json!({ "jsonrpc": "2.0", "id": id, "result": text("gold") }));
    assert_eq!((next.status(&target), next.violations().as_str()), ("ok", ""));
}

#[test]
fn a_task_whose_session_is_over_is_polled_in_that_of_the_connection() {
    let (mut next, target) = next_page();
    next.answer("tasks/get", 404, &[], "");
    assert!(!next.is_open("initialize"));
    assert_eq!(next.header("tasks/get", "mcp-session-id").as_deref(), Some("s-2"));
    next.error("tasks/get", 200, json!({ "code": -32602, "message": "Task not found" }));
    assert_eq!(next.status(&target), "rpc-error");
}

#[test]
fn a_call_of_the_same_tool_waits_for_the_task_that_is_taken_up() {
    let mut wire = connected("required");
    let target = digging(&mut wire);
    let mut next = Wire::unopened();
    next.restored(wire.inspector.saved(), History::default());
    next.connect_again(pinned("2025-11-25"));
    opened(&mut next, "required");
    next.calls("dig", json!({}));
    assert!(!next.is_open("tools/call"));
    assert_eq!(next.status(&target), "pending");
}

#[test]
fn all_tasks_of_the_server_are_listed_page_by_page() {
    let mut wire = connected("required");
    digging(&mut wire);
    let other = json!({ "taskId": "t-2", "status": "completed" });
    wire.input(Input::ListTasks);
    wire.input(Input::ListTasks);
    wire.result("tasks/list", json!({ "tasks": [task("working"), other], "nextCursor": "2" }));
    assert_eq!(wire.body("tasks/list")["params"], json!({ "cursor": "2" }));
    wire.result("tasks/list", json!({ "tasks": [{ "taskId": "t-3", "status": "working" }] }));
    let ids =
        |wire: &Wire| -> Vec<String> { wire.inspector.tasks_here().iter().map(|it| it.task.id.clone()).collect() };
    assert_eq!(ids(&wire), ["t-3", "t-2", "t-1"]);
    assert!(!wire.is_open("tasks/list"));
    wire.input(Input::ShowTaskResult("t-2".to_owned()));
    wire.result("tasks/result", text("older"));
    assert!(wire.inspector.task("t-2").is_some_and(|it| matches!(it.result, Some(Ok(_)))));
    wire.input(Input::ListTasks);
    wire.result("tasks/list", json!({ "tasks": [other_again()], "nextCursor": "2" }));
    wire.result("tasks/list", json!({ "tasks": [], "nextCursor": "2" }));
    assert_eq!(ids(&wire), ["t-2", "t-1"]);
}

fn other_again() -> Value {
    json!({ "taskId": "t-2", "status": "completed" })
}

fn modern_task(status: &str, more: Value) -> Value {
    let mut task =
        json!({ "resultType": "complete", "taskId": "t 1", "status": status, "ttlMs": null, "pollIntervalMs": 2_000 });
    let all = task.as_object_mut().expect("an object");
    all.extend(more.as_object().cloned().unwrap_or_default());
    task
}

/// A server of 2026-07-28 whose tool has become a task.
fn modern() -> (Wire, Target) {
    let mut wire = Wire::connect(AUTO);
    let extensions = json!({ "io.modelcontextprotocol/tasks": {} });
    wire.result("server/discover", discovered(json!({ "tools": {}, "extensions": extensions })));
    wire.result("tools/list", json!({ "tools": [{ "name": "dig", "inputSchema": { "type": "object" } }] }));
    let target = wire.calls("dig", json!({}));
    let mut created = modern_task("working", json!({}));
    created["resultType"] = json!("task");
    wire.result("tools/call", created);
    (wire, target)
}

fn asked(key: &str) -> Value {
    let params = json!({ "message": "Where?", "requestedSchema": { "type": "object" } });
    json!({ "inputRequests": { key: { "method": "elicitation/create", "params": params }, "roots": { "method": "roots/list" } } })
}

#[test]
fn e_85_e_86_the_extension_is_declared_and_the_result_comes_with_the_poll() {
    let (mut wire, target) = modern();
    wire.waits();
    let meta = wire.body("tasks/get")["params"]["_meta"].clone();
    let extensions = &meta["io.modelcontextprotocol/clientCapabilities"]["extensions"];
    assert_eq!(extensions["io.modelcontextprotocol/tasks"], json!({}));
    assert_eq!(wire.header("tasks/get", "mcp-name").as_deref(), Some("t 1"));
    assert_eq!(wire.header("tasks/get", "mcp-method").as_deref(), Some("tasks/get"));
    wire.result("tasks/get", modern_task("completed", json!({ "result": text("gold") })));
    assert_eq!(wire.status(&target), "ok");
    assert!(!wire.is_open("tasks/result"));
    assert_eq!(wire.violations(), "");
}

#[test]
fn e_89_a_task_is_subscribed_to_and_a_notification_ends_its_call() {
    let (mut wire, target) = modern();
    let asked = wire.body("subscriptions/listen")["params"]["notifications"].clone();
    assert_eq!(asked, json!({ "taskIds": ["t 1"] }));
    let stream = wire.opens("subscriptions/listen");
    // A server may tell of tasks or not: neither breaks a rule.
    let acknowledged = json!({ "notifications": {} });
    wire.message(
        stream,
        json!({ "jsonrpc": "2.0", "method": "notifications/subscriptions/acknowledged", "params": acknowledged }),
    );
    assert_eq!(wire.violations(), "");
    let mut task = modern_task("completed", json!({ "result": text("gold") }));
    task.as_object_mut().expect("an object").remove("resultType");
    wire.message(stream, json!({ "jsonrpc": "2.0", "method": "notifications/tasks", "params": task }));
    assert_eq!((wire.status(&target), status_of(&wire, "t 1")), ("ok", "completed"));
}

#[test]
fn e_89_a_server_that_refuses_is_not_asked_to_tell_of_tasks_again() {
    let (mut wire, target) = modern();
    wire.answer("subscriptions/listen", 400, &[], "");
    assert!(!wire.is_open("subscriptions/listen"));
    assert_eq!(wire.violations(), "");
    wire.waits();
    wire.result("tasks/get", modern_task("completed", json!({ "result": text("gold") })));
    assert_eq!(wire.status(&target), "ok");
    wire.calls("dig", json!({}));
    let mut created = modern_task("working", json!({}));
    (created["resultType"], created["taskId"]) = (json!("task"), json!("t 2"));
    wire.result("tools/call", created);
    assert!(!wire.is_open("subscriptions/listen"));
}

#[test]
fn a_task_that_has_ended_when_it_is_created_is_polled_for_its_result() {
    let mut wire = Wire::connect(AUTO);
    wire.result("server/discover", discovered(json!({ "tools": {} })));
    wire.result("tools/list", json!({ "tools": [{ "name": "dig", "inputSchema": { "type": "object" } }] }));
    let target = wire.calls("dig", json!({}));
    let mut created = modern_task("completed", json!({}));
    created["resultType"] = json!("task");
    wire.result("tools/call", created);
    assert_eq!(wire.status(&target), "pending");
    wire.result("tasks/get", modern_task("completed", json!({ "result": text("gold") })));
    assert_eq!((wire.status(&target), wire.violations().as_str()), ("ok", ""));
}

#[test]
fn e_86_a_failed_task_of_2026_07_28_holds_the_error() {
    let (mut wire, target) = modern();
    wire.waits();
    let error = json!({ "error": { "code": -32603, "message": "collapsed" } });
    wire.result("tasks/get", modern_task("failed", error));
    assert_eq!(wire.status(&target), "rpc-error");
}

#[test]
fn e_87_input_requests_are_asked_once_and_answered_by_an_update() {
    let (mut wire, target) = modern();
    wire.waits();
    wire.result("tasks/get", modern_task("input_required", asked("where")));
    // The roots are known: they go at once.
    assert_eq!(wire.body("tasks/update")["params"]["inputResponses"], json!({ "roots": { "roots": [] } }));
    wire.result("tasks/update", json!({ "resultType": "complete" }));
    assert_eq!((wire.status(&target), wire.inspector.questions().len()), ("needs-input", 1));
    wire.waits();
    wire.result("tasks/get", modern_task("input_required", asked("where")));
    assert_eq!(wire.inspector.questions().len(), 1);
    assert!(!wire.is_open("tasks/update"));
    accept(&mut wire, r#"{"at":"sea"}"#);
    let sent = wire.body("tasks/update")["params"].clone();
    assert_eq!(sent["inputResponses"]["where"]["content"], json!({ "at": "sea" }));
    assert_eq!((&sent["taskId"], wire.header("tasks/update", "mcp-name").as_deref()), (&json!("t 1"), Some("t 1")));
    wire.result("tasks/update", json!({ "resultType": "complete" }));
    assert_eq!(wire.status(&target), "pending");
    // The server is behind: the question that was answered is not asked again.
    wire.waits();
    wire.result("tasks/get", modern_task("input_required", asked("where")));
    assert!(wire.inspector.questions().is_empty());
}

#[test]
fn a_sampling_of_a_task_that_the_person_declines_cancels_it() {
    let (mut wire, target) = modern();
    wire.waits();
    let sampling = json!({ "s": { "method": "sampling/createMessage", "params": { "messages": [], "maxTokens": 1 } } });
    wire.result("tasks/get", modern_task("input_required", json!({ "inputRequests": sampling })));
    reply(&mut wire, Reply::Decline);
    assert_eq!(wire.status(&target), "cancelled");
    assert_eq!(wire.body("tasks/cancel")["params"]["taskId"], "t 1");
    wire.result("tasks/cancel", json!({ "resultType": "complete" }));
    wire.waits();
    wire.result("tasks/get", modern_task("cancelled", json!({})));
    assert_eq!(status_of(&wire, "t 1"), "cancelled");
}

#[test]
fn e_85_a_task_is_no_response_to_anything_but_a_call() {
    let mut wire = Wire::connect(AUTO);
    wire.result("server/discover", discovered(json!({ "prompts": {} })));
    wire.result("prompts/list", json!({ "prompts": [{ "name": "p" }] }));
    let target = wire.asks(ItemKind::Prompts, "p", json!({}));
    wire.result("prompts/get", json!({ "resultType": "task", "taskId": "a", "status": "working" }));
    assert_eq!(wire.status(&target), "http-error");
}

#[test]
fn a_hostile_task_asks_nothing_that_is_not_offered_and_says_so_once() {
    let (mut wire, target) = modern();
    let inputs = json!({ "inputRequests": { "x": { "method": "tasks/get" }, "y": 7, "z".repeat(2_000): {} } });
    for _ in 0..2 {
        wire.waits();
        wire.result("tasks/get", modern_task("input_required", inputs.clone()));
    }
    assert_eq!(wire.violations().lines().count(), 2);
    assert_eq!(wire.status(&target), "pending");
}

#[test]
fn e_71_changed_roots_are_told_where_the_revision_has_it() {
    let roots = || vec![flowglass::settings::Root { uri: "file:///a".to_owned(), name: None }];
    let mut wire = connected("optional");
    wire.input(Input::Roots(roots()));
    assert_eq!(wire.body("notifications/roots/list_changed").get("params"), None);
    wire.accepted("notifications/roots/list_changed");
    wire.input(Input::Roots(roots()));
    assert!(!wire.is_open("notifications/roots/list_changed"));
    let (mut wire, _) = modern();
    wire.input(Input::Roots(roots()));
    assert!(!wire.is_open("notifications/roots/list_changed"));
    assert_eq!(wire.inspector.settings().map(|it| it.roots.len()), Some(1));
}

#[test]
fn an_answer_to_sampling_can_be_given_once_more() {
    let mut wire = connected("optional");
    wire.calls("dig", json!({}));
    let stream = wire.opens("tools/call");
    for id in [1, 2] {
        let params = json!({ "messages": [] });
        wire.message(
            stream,
            json!({ "jsonrpc": "2.0", "id": id, "method": "sampling/createMessage", "params": params }),
        );
    }
    accept(&mut wire, "Ahoy");
    wire.accepted("answer");
    let last = wire.inspector.last_sampled().cloned().expect("an answer");
    reply(&mut wire, last);
    assert_eq!(wire.body("answer")["result"]["content"]["text"], "Ahoy");
}
