//! What happens while a server works: log messages and the calls that they belong to, progress, lists that change, and
//! what a server does with a call that was cancelled.

mod golden;
mod wire;

use flowglass::explain::wire::exchanges::status;
use flowglass::inspector::{Cancellation, History, Input, Link, Logs, Status};
use flowglass::mcp::connection::Target;
use flowglass::mcp::model::{Cache, ItemKind};
use flowglass::trace::Exchange;
use serde_json::{Value, json};
use wire::{AUTO, JSON, SESSION, Wire, connected, connected_over_sse, discovered, modern, pinned, server, text, tools};

fn logs(data: Value) -> Value {
    let params = json!({ "level": "info", "logger": "harbour", "data": data });
    json!({ "jsonrpc": "2.0", "method": "notifications/message", "params": params })
}

/// The last message: what it belongs to, and how that is known.
fn belongs(wire: &Wire) -> Option<(String, Link)> {
    let call = wire.inspector.logs().newest().next()?.1.call.clone()?;
    Some((call.target.map_or(call.method, |it| it.key), call.link))
}

/// With a stream of what the server says by itself.
fn with_stream() -> (Wire, u32) {
    let mut wire = Wire::connect(pinned("2025-11-25"));
    wire.result_with("initialize", &[JSON, SESSION], server("2025-11-25", json!({ "tools": { "listChanged": true } })));
    wire.accepted("notifications/initialized");
    wire.result("tools/list", tools());
    let stream = wire.opens("GET");
    (wire, stream)
}

fn cancellation(wire: &Wire, target: &Target) -> Cancellation {
    wire.inspector.outcome(target).and_then(|it| it.cancellation).expect("a cancellation")
}

#[test]
fn a_message_in_a_response_belongs_to_its_request_and_one_on_the_shared_stream_to_the_only_call() {
    let (mut wire, shared) = with_stream();
    wire.message(shared, logs(json!("nothing is open")));
    assert_eq!(belongs(&wire), None);
    let target = wire.calls("echo", json!({}));
    wire.message(shared, logs(json!("while it works")));
    assert_eq!(belongs(&wire), Some(("echo".to_owned(), Link::OnlyOpen)));
    let own = wire.opens("tools/call");
    wire.message(own, logs(json!("in its response")));
    assert_eq!(belongs(&wire), Some(("echo".to_owned(), Link::Response)));
    wire.asks(ItemKind::Tools, "other", json!({}));
    wire.message(shared, logs(json!("of which of the two?")));
    assert_eq!(belongs(&wire), None);
    assert_eq!(wire.inspector.outcome(&target).map(|it| it.logs.len()), Some(2));
    wire.input(Input::Refresh(ItemKind::Tools));
    let list = wire.opens("tools/list");
    wire.message(list, logs(json!("in the response to a list")));
    assert_eq!(belongs(&wire), Some(("tools/list".to_owned(), Link::Response)));
}

#[test]
fn data_is_kept_as_a_text_or_as_json_and_the_log_can_be_cleared() {
    let (mut wire, shared) = with_stream();
    for (data, kept, is_json) in [
        (json!("a text"), "a text", false),
        (json!({ "a": 1 }), r#"{"a":1}"#, true),
        (json!("{}"), "{}", false),
        (Value::Null, "", false),
    ] {
        wire.message(shared, logs(data));
        let logged = wire.inspector.logs().newest().next().expect("a message").1.clone();
        assert_eq!((&*logged.data, logged.is_json), (kept, is_json));
    }
    wire.input(Input::ClearLogs);
    assert!(wire.inspector.logs().is_empty());
    wire.message(shared, logs(json!("again")));
    assert_eq!(wire.inspector.logs().numbers(), 4..5);
    wire.input(Input::Undo);
    assert_eq!(wire.inspector.logs().numbers(), 0..5);
    wire.input(Input::ClearLogs);
    wire.message(shared, logs(json!("once more")));
    wire.input(Input::Disconnect);
    assert_eq!(wire.inspector.logs().len(), 1);
}

#[test]
fn after_a_reload_the_log_goes_on_on_the_same_connection_and_on_no_other() {
    let (mut wire, shared) = with_stream();
    for number in 0..3 {
        wire.message(shared, logs(json!(number)));
    }
    let left = |server: &str| {
        let mut next = Wire::unopened();
        next.restored(wire.inspector.saved(), History::default());
        next.inspector.restore_logs(wire.inspector.logs().stored(Logs::BYTES_STORED));
        assert_eq!(next.inspector.logs().numbers(), 0..3);
        next.connect_again(|it| (it.revision, it.server) = ("2025-11-25".to_owned(), server.to_owned()));
        next
    };
    assert!(left("https://other.example.com/mcp").inspector.logs().is_empty());
    let mut next = left(wire::SERVER);
    next.result_with("initialize", &[JSON, SESSION], server("2025-11-25", json!({})));
    next.accepted("notifications/initialized");
    let stream = next.opens("GET");
    next.message(stream, logs(json!("after the reload")));
    assert_eq!((next.inspector.logs().numbers(), next.inspector.logs().lost()), (0..4, 0));
}

#[test]
fn of_the_pages_of_a_list_the_one_that_is_fresh_for_the_shortest_time_counts() {
    let page = |next: Option<&str>, hint: Value| {
        let mut page = json!({ "resultType": "complete", "tools": [], "nextCursor": next });
        hint.as_object().into_iter().flatten().for_each(|(name, value)| page[name] = value.clone());
        page
    };
    let hinted = |ms: u64, scope: &str| json!({ "ttlMs": ms, "cacheScope": scope });
    for (second, cache) in [
        (hinted(1_000, "private"), Some(Cache { fresh: 1_000, private: true })),
        (hinted(90_000, "private"), Some(Cache { fresh: 60_000, private: false })),
        (json!({}), None),
    ] {
        let mut wire = modern(page(Some("2"), hinted(60_000, "public")));
        let first = wire.inspector.list(ItemKind::Tools).and_then(|it| it.fresh_until).expect("a time");
        wire.result("tools/list", page(None, second));
        let list = wire.inspector.list(ItemKind::Tools).expect("a list");
        assert_eq!((list.pages(), list.cache), (2, cache));
        let until = list.fresh_until.unwrap_or_default();
        assert_eq!(until == first, cache.is_some_and(|it| it.fresh == 60_000), "{cache:?}");
        assert_eq!(until > 0.0, cache.is_some());
    }
}

#[test]
fn a_level_that_the_server_refuses_leaves_the_one_before() {
    let mut wire = connected("2025-11-25");
    wire.input(Input::LogLevel("error".to_owned()));
    wire.result("logging/setLevel", json!({}));
    wire.input(Input::LogLevel("debug".to_owned()));
    assert_eq!(wire.inspector.log_level(), Some("debug"));
    wire.error("logging/setLevel", 200, json!({ "code": -32602, "message": "no" }));
    assert_eq!(wire.inspector.log_level(), Some("error"));
}

#[test]
fn all_messages_of_progress_stay_with_their_call() {
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    let stream = wire.opens("tools/call");
    for step in 1..4 {
        let params = json!({ "progressToken": 3, "progress": step, "total": 3, "message": format!("step {step}") });
        wire.message(stream, json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": params }));
    }
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 3, "result": text("done") }));
    let outcome = wire.inspector.outcome(&target).expect("an outcome");
    let messages: Vec<_> = outcome.reports.messages().filter_map(|(_, it)| it.message.clone()).collect();
    assert_eq!(messages, ["step 3", "step 2", "step 1"]);
    assert_eq!(outcome.reports.newest().and_then(|it| it.total), Some(3.0));
}

fn list_changed(wire: &mut Wire, stream: u32) {
    wire.message(stream, json!({ "jsonrpc": "2.0", "method": "notifications/tools/list_changed" }));
}

fn listed(names: &[&str]) -> Value {
    let tools: Vec<_> = names.iter().map(|it| json!({ "name": it, "inputSchema": { "type": "object" } })).collect();
    json!({ "tools": tools })
}

/// The changes, the newest first: added, removed, changed.
fn changes(wire: &Wire) -> Vec<[String; 3]> {
    let all = wire.inspector.changes().newest();
    all.map(|it| {
        let changed: Vec<_> = it.changed.iter().map(|it| it.key.as_str()).collect();
        [it.added.join(" "), it.removed.join(" "), changed.join(" ")]
    })
    .collect()
}

#[test]
fn a_list_that_the_server_says_has_changed_is_compared_with_the_one_before() {
    let (mut wire, stream) = with_stream();
    list_changed(&mut wire, stream);
    assert_eq!(changes(&wire), Vec::<[String; 3]>::new());
    wire.result("tools/list", listed(&["new"]));
    let told = |it: [&str; 3]| it.map(str::to_owned);
    let first = changes(&wire);
    assert!(first.len() == 1 && first[0][0] == "new" && first[0][1].contains("echo"), "{first:?}");
    // What the user reloads is no change that the server told of.
    wire.input(Input::Refresh(ItemKind::Tools));
    wire.result("tools/list", listed(&["new", "other"]));
    assert_eq!(changes(&wire).len(), 1);
    list_changed(&mut wire, stream);
    wire.result("tools/list", listed(&["other", "new"]));
    assert_eq!(changes(&wire)[0], told(["", "", ""]));
}

#[test]
fn a_list_in_pages_that_changes_again_meanwhile_is_compared_as_a_whole() {
    let (mut wire, stream) = with_stream();
    list_changed(&mut wire, stream);
    let mut page = listed(&["a"]);
    page["nextCursor"] = json!("2");
    wire.result("tools/list", page);
    list_changed(&mut wire, stream);
    wire.result("tools/list", listed(&["b"]));
    assert!(changes(&wire).is_empty());
    wire.result("tools/list", listed(&["a", "b", "c"]));
    let [change] = &changes(&wire)[..] else { panic!("one change") };
    assert_eq!(change[0], "a b c");
}

#[test]
fn a_list_that_changes_before_it_was_whole_is_compared_with_the_first_whole_one() {
    let mut wire = Wire::connect(AUTO);
    wire.result("server/discover", discovered(json!({ "tools": { "listChanged": true } })));
    let stream = wire.opens("subscriptions/listen");
    list_changed(&mut wire, stream);
    wire.result("tools/list", listed(&["a"]));
    assert!(changes(&wire).is_empty());
    wire.result("tools/list", listed(&["a", "b"]));
    assert_eq!(changes(&wire), [["b".to_owned(), String::new(), String::new()]]);
}

#[test]
fn a_response_after_a_cancellation_is_told_and_ignored() {
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    wire.input(Input::Cancel(target.clone()));
    assert_eq!(cancellation(&wire, &target), Cancellation::Waiting);
    let id = wire.body("tools/call")["id"].clone();
    let late = json!({ "jsonrpc": "2.0", "id": id, "result": text("late") }).to_string();
    wire.answer("tools/call", 200, &[JSON], &late);
    assert!(matches!(cancellation(&wire, &target), Cancellation::Responded { .. }));
    let outcome = wire.inspector.outcome(&target).expect("an outcome");
    assert_eq!((wire.status(&target), outcome.result.as_deref(), wire.violations().as_str()), ("cancelled", None, ""));
}

#[test]
fn a_server_that_says_nothing_more_has_stopped() {
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    wire.opens("tools/call");
    wire.input(Input::Cancel(target.clone()));
    wire.waits();
    assert_eq!((cancellation(&wire, &target), wire.is_open("tools/call")), (Cancellation::Silent, false));
}

#[test]
fn a_server_that_ends_its_response_without_one_has_stopped() {
    for fails in [false, true] {
        let mut wire = connected("2025-11-25");
        let target = wire.calls("echo", json!({}));
        let stream = wire.opens("tools/call");
        // An event with an id could be taken up: not for what nobody wants any more.
        wire.event(stream, "id: 1\ndata:");
        wire.input(Input::Cancel(target.clone()));
        wire.accepted("notifications/cancelled");
        match fails {
            false => wire.ends(stream),
            true => wire.blocked("tools/call"),
        }
        assert!(matches!(cancellation(&wire, &target), Cancellation::Ended { .. }), "{fails}");
        assert_eq!((wire.status(&target), wire.inspector.busy()), ("cancelled", 0));
        assert!(wire.inspector.is_connected() && wire.inspector.problems().is_empty());
    }
}

#[test]
fn a_refusal_of_a_cancelled_call_leads_to_nothing() {
    for status in [401, 403, 404] {
        let mut wire = connected("2025-11-25");
        let target = wire.calls("echo", json!({}));
        wire.input(Input::Cancel(target.clone()));
        wire.answer("tools/call", status, &[("www-authenticate", "Bearer")], "");
        assert!(matches!(cancellation(&wire, &target), Cancellation::Ended { .. }), "{status}");
        assert!(wire.inspector.is_connected() && wire.inspector.problems().is_empty(), "{status}");
    }
}

#[test]
fn a_server_that_pours_on_is_not_read_for_long() {
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    let stream = wire.opens("tools/call");
    wire.input(Input::Cancel(target.clone()));
    for _ in 0..20 {
        if wire.is_open("tools/call") {
            wire.message(stream, logs(json!("x".repeat(4_000))));
        }
    }
    assert!(matches!(cancellation(&wire, &target), Cancellation::KeptSending { .. }));
    assert!(!wire.is_open("tools/call"));
}

#[test]
fn what_a_cancelled_call_asks_of_the_user_is_refused() {
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    let stream = wire.opens("tools/call");
    wire.input(Input::Cancel(target));
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 7, "method": "elicitation/create", "params": {} }));
    assert!(wire.inspector.questions().is_empty());
    assert!(wire.is_open("answer"));
}

#[test]
fn a_call_after_a_cancelled_one_of_the_same_tool_is_another() {
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    let first = wire.opens("tools/call");
    wire.input(Input::Cancel(target.clone()));
    wire.calls("echo", json!({}));
    wire.opens_last("tools/call");
    wire.message(first, json!({ "jsonrpc": "2.0", "id": 3, "result": text("late") }));
    let outcome = wire.inspector.outcome(&target).expect("an outcome");
    assert_eq!((wire.status(&target), outcome.cancellation), ("pending", None));
    wire.waits();
    assert_eq!(wire.status(&target), "pending");
}

#[test]
fn a_late_response_over_http_with_sse_comes_on_the_stream_and_is_told() {
    let (mut wire, stream) = connected_over_sse();
    let target = wire.calls("echo", json!({}));
    wire.accepted("tools/call");
    wire.input(Input::Cancel(target.clone()));
    assert_eq!(wire.inspector.busy(), 1);
    wire.accepted("notifications/cancelled");
    assert_eq!((wire.inspector.busy(), cancellation(&wire, &target)), (0, Cancellation::Waiting));
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 3, "result": text("late") }));
    assert!(matches!(cancellation(&wire, &target), Cancellation::Responded { .. }));
}

/// How the exchange of the call stands on the wire page.
fn on_the_wire(wire: &Wire) -> Status {
    let is_call = |it: &&Exchange| it.message.as_ref().is_some_and(|it| &*it.method == "tools/call");
    status(wire.inspector.trace().exchanges().filter(is_call).last().expect("a call"))
}

/// Time passes until the exchange of the call is over.
fn ends_in_time(wire: &mut Wire) -> Status {
    while on_the_wire(wire) == Status::Pending {
        wire.waits();
    }
    on_the_wire(wire)
}

#[test]
fn a_call_over_http_with_sse_that_is_cancelled_ends_on_the_wire_though_its_post_was_acknowledged() {
    let (mut wire, stream) = connected_over_sse();
    let target = wire.calls("echo", json!({}));
    wire.accepted("tools/call");
    assert_eq!(on_the_wire(&wire), Status::Pending);
    wire.input(Input::Cancel(target.clone()));
    wire.accepted("notifications/cancelled");
    assert_eq!(ends_in_time(&mut wire), Status::Cancelled);
    assert_eq!(cancellation(&wire, &target), Cancellation::Silent);
    // What comes all the same is on the wire and breaks no rule (the two may cross), and the connection goes on.
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 3, "result": text("late") }));
    assert_eq!((on_the_wire(&wire), wire.status(&target), wire.violations().as_str()), (Status::Ok, "cancelled", ""));
    let again = wire.calls("echo", json!({}));
    wire.accepted("tools/call");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 4, "result": text("hello") }));
    assert_eq!((wire.status(&again), on_the_wire(&wire)), ("ok", Status::Ok));
}

#[test]
fn a_call_over_http_with_sse_that_is_out_of_time_ends_on_the_wire() {
    let (mut wire, _) = connected_over_sse();
    let target = wire.calls("echo", json!({}));
    wire.accepted("tools/call");
    assert_eq!((ends_in_time(&mut wire), wire.status(&target)), (Status::HttpError, "http-error"));
    assert_eq!(wire.body("notifications/cancelled")["params"]["requestId"], 3);
}

#[test]
fn a_call_over_http_with_sse_ends_on_the_wire_with_its_connection() {
    let (mut wire, _) = connected_over_sse();
    wire.calls("echo", json!({}));
    wire.accepted("tools/call");
    wire.input(Input::Disconnect);
    assert_eq!(on_the_wire(&wire), Status::Cancelled);
}

#[test]
fn in_2026_07_28_the_closed_stream_is_all_that_there_is() {
    let mut wire = modern(tools());
    let target = wire.calls("echo", json!({}));
    wire.input(Input::Cancel(target.clone()));
    assert_eq!((cancellation(&wire, &target), wire.is_open("tools/call")), (Cancellation::Closed, false));
}

#[test]
fn a_connection_that_ends_leaves_no_watch_behind() {
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    wire.input(Input::Cancel(target));
    wire.input(Input::Disconnect);
    assert!(!wire.is_open("tools/call"));
}

/// With a subscription to a resource that was read.
fn subscribed() -> (Wire, u32, Target) {
    let mut wire = Wire::connect(pinned("2025-11-25"));
    wire.result_with(
        "initialize",
        &[JSON, SESSION],
        server("2025-11-25", json!({ "resources": { "subscribe": true } })),
    );
    wire.accepted("notifications/initialized");
    let stream = wire.opens("GET");
    let target = wire.asks(ItemKind::Resources, "notes://log", json!({}));
    wire.result("resources/read", contents("calm"));
    wire.input(Input::Subscribe("notes://log".to_owned()));
    wire.result("resources/subscribe", json!({}));
    (wire, stream, target)
}

fn contents(said: &str) -> Value {
    json!({ "contents": [{ "uri": "notes://log", "text": said }] })
}

fn updated(uri: &str) -> Value {
    json!({ "jsonrpc": "2.0", "method": "notifications/resources/updated", "params": { "uri": uri } })
}

#[test]
fn e_23_an_update_of_a_subscribed_resource_is_kept_with_what_was_read_before_it() {
    let (mut wire, stream, target) = subscribed();
    let update = |wire: &Wire| wire.inspector.resource_update("notes://log").cloned();
    assert!(update(&wire).is_none());
    wire.message(stream, updated("notes://log"));
    // Another one while it is read again: what was read before is still what there is to compare with.
    wire.message(stream, updated("notes://log"));
    wire.result("resources/read", contents("rough"));
    let told = update(&wire).expect("an update");
    assert_eq!((told.times, told.before.as_deref()), (2, Some(&*contents("calm").to_string())));
    let read = wire.inspector.outcome(&target).and_then(|it| it.result.clone());
    assert_eq!(read.as_deref(), Some(&*contents("rough").to_string()));
    // What was not subscribed to is not kept.
    wire.message(stream, updated("notes://other"));
    assert!(wire.inspector.resource_update("notes://other").is_none());
    wire.input(Input::Subscribe("notes://log".to_owned()));
    assert!(update(&wire).is_none());
}
