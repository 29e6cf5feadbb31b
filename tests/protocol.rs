//! The client side of MCP, revision by revision, as transcripts that were reviewed (`tests/data/protocol`), and the
//! requirements of the specification that need a conversation to be shown. `GOLDEN=write` writes transcripts.

mod golden;
mod wire;

use flowglass::explain::card::Card;
use flowglass::explain::words::problems;
use flowglass::http::HttpError;
use flowglass::inspector::{Input, ListState, Phase};
use flowglass::mcp::connection::Target;
use flowglass::mcp::model::ItemKind;
use flowglass::mcp::question::Reply;
use serde_json::{Value, json};
use wire::{
    AUTO, JSON, SESSION, STREAM, Wire, accept, complete, connected, connected_over_sse, discovered, modern, pinned,
    reply, server, text, tools,
};

fn form(key: &str, state: Option<&str>) -> Value {
    let schema = json!({ "type": "object", "properties": { "ok": { "type": "boolean" } } });
    let request =
        json!({ "method": "elicitation/create", "params": { "message": "Sure?", "requestedSchema": schema } });
    let mut result = json!({ "resultType": "input_required", "inputRequests": {} });
    result["inputRequests"][key] = request;
    if let Some(state) = state {
        result["requestState"] = json!(state);
    }
    result
}

// Transcripts, a revision each.

#[test]
fn c_02_the_conversation_of_2024_11_05_over_http_with_sse() {
    let (mut wire, stream) = connected_over_sse();
    let target = wire.calls("echo", json!({ "a": 1 }));
    wire.accepted("tools/call");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 9, "method": "ping" }));
    wire.accepted("answer");
    let progress = json!({ "progressToken": 3, "progress": 1, "total": 2 });
    wire.message(stream, json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": progress }));
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 3, "result": text("hello") }));
    assert_eq!(wire.status(&target), "ok");
    assert_eq!(wire.inspector.busy(), 0);
    wire.input(Input::Disconnect);
    wire.check("2024-11-05");
}

#[test]
fn a_70_the_conversation_of_2025_03_26_with_a_batch() {
    let mut wire = connected("2025-03-26");
    let target = wire.calls("echo", json!({}));
    let log = json!({ "jsonrpc": "2.0", "method": "notifications/message", "params": { "level": "info", "data": "working" } });
    let ping = json!({ "jsonrpc": "2.0", "id": "p", "method": "ping" });
    let result = json!({ "jsonrpc": "2.0", "id": 3, "result": text("hello") });
    wire.answer("tools/call", 200, &[JSON], &json!([log, ping, result]).to_string());
    wire.accepted("answer");
    assert_eq!((wire.status(&target), wire.inspector.logs().len()), ("ok", 1));
    wire.input(Input::Disconnect);
    wire.check("2025-03-26");
}

#[test]
fn the_conversation_of_2025_06_18_with_a_question() {
    let mut wire = connected("2025-06-18");
    let target = wire.calls("echo", json!({}));
    let stream = wire.opens("tools/call");
    let schema = json!({ "type": "object", "properties": { "name": { "type": "string" } } });
    let params = json!({ "message": "Who?", "requestedSchema": schema });
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 7, "method": "elicitation/create", "params": params }));
    assert_eq!(wire.status(&target), "needs-input");
    accept(&mut wire, r#"{"name":"me"}"#);
    assert_eq!(wire.status(&target), "pending");
    wire.accepted("answer");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 3, "result": text("hello me") }));
    wire.ends(stream);
    assert_eq!(wire.status(&target), "ok");
    wire.check("2025-06-18");
}

#[test]
fn b_17_b_18_the_conversation_of_2025_11_25_with_a_stream_that_is_taken_up_again() {
    let mut wire = Wire::connect(AUTO);
    wire.answer(
        "server/discover",
        400,
        &[JSON],
        r#"{"jsonrpc":"2.0","error":{"code":-32000,"message":"no"},"id":null}"#,
    );
    wire.result_with("initialize", &[JSON, SESSION], server("2025-11-25", json!({ "tools": { "listChanged": true } })));
    wire.accepted("notifications/initialized");
    wire.result("tools/list", tools());
    let own = wire.opens("GET");
    let target = wire.calls("echo", json!({}));
    let stream = wire.opens("tools/call");
    wire.event(stream, "id: e-1\nretry: 500\ndata:");
    wire.ends(stream);
    assert_eq!(wire.inspector.busy(), 1);
    assert!((499.0..=501.0).contains(&wire.waits()));
    let again = wire.opens_last("GET");
    wire.message(again, json!({ "jsonrpc": "2.0", "id": 3, "result": text("late") }));
    wire.ends(again);
    assert_eq!(wire.status(&target), "ok");
    wire.message(own, json!({ "jsonrpc": "2.0", "method": "notifications/tools/list_changed" }));
    wire.result("tools/list", tools());
    wire.input(Input::Disconnect);
    wire.check("2025-11-25");
}

#[test]
fn the_conversation_of_2026_07_28_in_rounds() {
    let mut wire = Wire::connect(AUTO);
    wire.error(
        "server/discover",
        400,
        json!({ "code": -32022, "message": "no", "data": { "supported": ["2026-07-28"] } }),
    );
    wire.result("server/discover", discovered(json!({ "tools": { "listChanged": true } })));
    let region = json!({ "type": "string", "x-mcp-header": "Region" });
    let listed = json!({ "resultType": "complete", "ttlMs": 1000, "cacheScope": "public", "tools": [
        { "name": "run", "inputSchema": { "type": "object", "properties": { "region": region } } },
    ] });
    wire.result("tools/list", listed);
    let stream = wire.opens("subscriptions/listen");
    let granted = json!({ "notifications": { "toolsListChanged": true } });
    wire.message(
        stream,
        json!({ "jsonrpc": "2.0", "method": "notifications/subscriptions/acknowledged", "params": granted }),
    );
    let target = wire.calls("run", json!({ "region": "eu" }));
    wire.result("tools/call", form("confirm", Some("a\"b\\u00e4")));
    assert_eq!(wire.status(&target), "needs-input");
    accept(&mut wire, r#"{"ok":true}"#);
    wire.result("tools/call", json!({ "resultType": "input_required", "requestState": "more" }));
    wire.waits();
    wire.result("tools/call", complete("done"));
    assert_eq!(wire.status(&target), "ok");
    wire.input(Input::Disconnect);
    wire.check("2026-07-28");
}

// Requirements, by their numbers in the list of what a client must do.

#[test]
fn a_25_a_header_mismatch_loads_the_list_again_and_repeats_the_call_once() {
    let mut wire = modern(tools()).quiet();
    let target = wire.calls("echo", json!({}));
    let mismatch = json!({ "code": -32020, "message": "Header mismatch" });
    wire.error("tools/call", 400, mismatch.clone());
    assert_eq!(wire.status(&target), "pending");
    wire.result("tools/list", tools());
    wire.error("tools/call", 400, mismatch);
    assert_eq!(wire.status(&target), "rpc-error");
}

#[test]
fn a_31_a_32_a_revision_that_the_server_lists_is_asked_for() {
    let mut wire = Wire::connect(AUTO);
    wire.error(
        "server/discover",
        400,
        json!({ "code": -32022, "message": "no", "data": { "supported": ["2025-06-18"] } }),
    );
    assert_eq!(wire.body("initialize")["params"]["protocolVersion"], "2025-06-18");
}

#[test]
fn a_34_a_capability_that_is_missing_is_named() {
    let mut wire = Wire::connect(AUTO);
    let data = json!({ "requiredCapabilities": { "tasks": {} } });
    wire.error("server/discover", 400, json!({ "code": -32021, "message": "no", "data": data }));
    let problem = &wire.inspector.problems()[0];
    assert_eq!((problem.code.as_str(), Card::alone(problem).why().contains("tasks")), ("capability-missing", true));
}

#[test]
fn a_37_a_result_without_a_type_is_complete_and_the_lack_is_said() {
    let mut wire = modern(tools());
    let target = wire.calls("echo", json!({}));
    wire.result("tools/call", text("hello"));
    assert_eq!(wire.status(&target), "ok");
    assert!(wire.violations().contains("no resultType"));
}

#[test]
fn a_38_a_40_a_result_of_a_type_that_was_not_offered_is_invalid() {
    let mut wire = modern(tools());
    let target = wire.calls("echo", json!({}));
    wire.result("tools/call", json!({ "resultType": "task", "taskId": "1" }));
    assert_eq!(wire.status(&target), "http-error");
    assert!(wire.inspector.outcome(&target).is_some_and(|it| it.result.is_some()));
}

#[test]
fn a_4_row_14_a_401_is_no_evidence_of_an_era() {
    let mut wire = Wire::connect(AUTO);
    wire.answer("server/discover", 401, &[], "");
    assert_eq!(wire.inspector.phase(), Phase::Authorizing);
}

#[test]
fn a_4_rows_15_16_17_19_end_the_attempt_without_a_handshake() {
    for (status, headers, body) in
        [(403, JSON, "{}"), (500, JSON, "{}"), (503, JSON, ""), (200, ("content-type", "text/html"), "<html>")]
    {
        let mut wire = Wire::connect(AUTO);
        wire.answer("server/discover", status, &[headers], body);
        assert_eq!(wire.inspector.phase(), Phase::Failed, "{status} {body}");
        assert!(!wire.is_open("initialize"));
    }
    let mut wire = Wire::connect(AUTO);
    wire.fails("server/discover", HttpError::Timeout { after: 1000 });
    assert_eq!(wire.inspector.problems()[0].code.as_str(), "timeout");
}

#[test]
fn a_4_row_20_a_blocked_probe_leads_to_a_handshake_and_proves_nothing() {
    let mut wire = Wire::connect(AUTO);
    wire.blocked("server/discover");
    wire.result("initialize", server("2025-11-25", json!({})));
    wire.accepted("notifications/initialized");
    assert_eq!(wire.inspector.phase(), Phase::Connected);
    wire.connect_again(AUTO);
    assert!(wire.is_open("server/discover"));
}

#[test]
fn a_53_what_is_known_of_a_server_is_used_and_found_out_anew_when_it_fails() {
    let mut wire = Wire::connect(AUTO);
    wire.answer("server/discover", 404, &[], "");
    wire.result("initialize", server("2025-06-18", json!({})));
    wire.accepted("notifications/initialized");
    wire.connect_again(AUTO);
    assert!(!wire.is_open("server/discover"));
    wire.error("initialize", 400, json!({ "code": -32022, "message": "no", "data": { "supported": ["2026-07-28"] } }));
    wire.result("server/discover", discovered(json!({})));
    assert_eq!(wire.inspector.phase(), Phase::Connected);
}

#[test]
fn a_55_a_plain_refusal_leads_to_the_older_transport_and_both_are_told_if_it_fails_too() {
    let mut wire = Wire::connect(AUTO);
    wire.answer("server/discover", 405, &[], "");
    wire.answer("initialize", 405, &[], "");
    wire.answer("GET", 404, &[], "");
    let problem = &wire.inspector.problems()[0];
    assert_eq!(problem.code.as_str(), "http-status");
    let seen = problems::of(problem).evidence;
    assert!(seen.contains("405") && seen.contains("404"), "{seen}");
}

#[test]
fn a_61_an_unknown_revision_ends_the_attempt() {
    let mut wire = Wire::connect(pinned("2025-11-25"));
    wire.result("initialize", server("2025-06-18", json!({})));
    assert_eq!(wire.inspector.problems()[0].code.as_str(), "version-mismatch");
}

#[test]
fn a_68_a_refused_revision_is_replaced_by_one_that_is_listed() {
    let mut wire = Wire::connect(AUTO);
    wire.answer("server/discover", 404, &[], "");
    let data = json!({ "supported": ["2024-11-05"], "requested": "2025-11-25" });
    wire.error("initialize", 400, json!({ "code": -32602, "message": "Unsupported protocol version", "data": data }));
    assert_eq!(wire.body("initialize")["params"]["protocolVersion"], "2024-11-05");
}

#[test]
fn b_06_a_call_out_of_time_is_cancelled_and_progress_is_a_sign_of_life() {
    let mut wire = connected("2025-11-25").quiet();
    let target = wire.calls("echo", json!({}));
    let stream = wire.opens("tools/call");
    let progress = |done: u32| json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": { "progressToken": 3, "progress": done } });
    wire.message(stream, progress(1));
    wire.message(stream, progress(1));
    assert!(wire.violations().contains("did not increase"));
    wire.fails("tools/call", HttpError::Timeout { after: 60_000 });
    assert_eq!(wire.body("notifications/cancelled")["params"]["requestId"], 3);
    assert_eq!(wire.status(&target), "http-error");
    wire.check("call-out-of-time");
}

#[test]
fn b_10_b_13_the_session_of_the_first_answer_goes_with_everything_and_ends_with_delete() {
    let mut wire = connected("2025-11-25");
    wire.calls("echo", json!({}));
    assert_eq!(wire.header("tools/call", "mcp-session-id").as_deref(), Some("s-1"));
    wire.result_with("tools/call", &[JSON, ("mcp-session-id", "other")], text("hello"));
    wire.input(Input::Disconnect);
    assert_eq!(wire.header("DELETE", "mcp-session-id").as_deref(), Some("s-1"));
}

#[test]
fn b_11_a_lost_session_is_renewed_once_and_everything_runs_again() {
    let mut wire = connected("2025-11-25");
    let (first, second) = (wire.calls("echo", json!({})), wire.asks(ItemKind::Tools, "other", json!({})));
    wire.answer("tools/call", 404, &[], "");
    wire.result_with("initialize", &[JSON, ("mcp-session-id", "s-2")], server("2025-11-25", json!({ "tools": {} })));
    wire.accepted("notifications/initialized");
    wire.result("tools/list", tools());
    for target in [&first, &second] {
        assert_eq!(wire.status(target), "pending");
        assert_eq!(wire.header("tools/call", "mcp-session-id").as_deref(), Some("s-2"));
        wire.result("tools/call", text("hello"));
    }
    assert_eq!((wire.status(&first), wire.status(&second)), ("ok", "ok"));
}

#[test]
fn b_11_a_list_that_lost_its_session_is_loaded_in_another_and_not_for_ever() {
    let mut wire = connected("2025-11-25");
    for round in 0..2 {
        wire.input(Input::Refresh(ItemKind::Tools));
        wire.answer("tools/list", 404, &[], "");
        if round == 0 {
            wire.result_with("initialize", &[JSON, SESSION], server("2025-11-25", json!({ "tools": {} })));
            wire.accepted("notifications/initialized");
            wire.answer("tools/list", 404, &[], "");
        }
        assert!(!wire.is_open("initialize"));
    }
    assert!(matches!(wire.inspector.list(ItemKind::Tools).map(|it| &it.state), Some(ListState::Failed(_))));
}

#[test]
fn a_connected_server_that_went_away_ends_as_failed_and_one_that_is_there_stays_connected() {
    for there in [true, false] {
        let mut wire = connected("2025-11-25");
        let target = wire.calls("echo", json!({}));
        wire.blocked("tools/call");
        assert_eq!(wire.status(&target), "http-error");
        // Whether the call had its effect is not known, so it is not sent again.
        assert!(wire.is_open("initialize") && !wire.is_open("tools/call"));
        if there {
            wire.result_with(
                "initialize",
                &[JSON, ("mcp-session-id", "s-2")],
                server("2025-11-25", json!({ "tools": {} })),
            );
            wire.accepted("notifications/initialized");
            wire.result("tools/list", tools());
            assert_eq!((wire.inspector.phase(), wire.status(&target)), (Phase::Connected, "http-error"));
        } else {
            wire.blocked("initialize");
            // The probes that look for the cause are blocked too.
            while wire.is_open("GET") {
                wire.blocked("GET");
            }
            assert_eq!((wire.inspector.phase(), wire.status(&target)), (Phase::Failed, "http-error"));
        }
    }
}

#[test]
fn a_list_that_was_loaded_and_is_blocked_leads_to_one_reconnect() {
    let mut wire = connected("2025-11-25");
    wire.input(Input::Refresh(ItemKind::Tools));
    wire.blocked("tools/list");
    wire.result_with("initialize", &[JSON, SESSION], server("2025-11-25", json!({ "tools": {} })));
    wire.accepted("notifications/initialized");
    wire.blocked("tools/list");
    assert!(!wire.is_open("initialize"));
    assert!(matches!(wire.inspector.list(ItemKind::Tools).map(|it| &it.state), Some(ListState::Failed(_))));
}

#[test]
fn b_15_a_stream_that_is_not_offered_is_no_failure() {
    for status in [400, 404, 405, 501] {
        let mut wire = Wire::connect(pinned("2025-11-25"));
        wire.result("initialize", server("2025-11-25", json!({})));
        wire.accepted("notifications/initialized");
        wire.answer("GET", status, &[], "");
        assert_eq!((wire.inspector.phase(), wire.inspector.problems().len()), (Phase::Connected, 0));
    }
}

#[test]
fn b_16_what_broke_off_is_taken_up_a_few_times_and_not_for_ever() {
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    let stream = wire.opens("tools/call");
    wire.event(stream, "id: 1\ndata:");
    wire.fails("tools/call", HttpError::Cut { said: "reset".to_owned() });
    let mut pauses = Vec::new();
    while wire.status(&target) == "pending" {
        pauses.push(wire.waits());
        assert_eq!(wire.header("GET", "last-event-id").as_deref(), Some("1"));
        wire.fails("GET", HttpError::Blocked { said: "gone".to_owned() });
    }
    assert_eq!((wire.status(&target), pauses.len()), ("http-error", 5));
    assert!(pauses.is_sorted() && pauses[0] < pauses[4]);
}

#[test]
fn b_19_b_33_cancelling_is_said_before_2026_07_28_and_shown_by_closing_from_then_on() {
    let mut older = connected("2025-11-25");
    let target = older.calls("echo", json!({}));
    older.input(Input::Cancel(target.clone()));
    // What still comes is watched for a while, and nothing is waited for.
    assert!(older.is_open("notifications/cancelled") && older.is_open("tools/call"));
    older.accepted("notifications/cancelled");
    assert_eq!((older.inspector.busy(), older.waits().round()), (0, 4_997.0));
    assert!(!older.is_open("tools/call"));
    let mut newer = modern(tools());
    newer.calls("echo", json!({}));
    newer.input(Input::Cancel(target.clone()));
    assert!(!newer.is_open("notifications/cancelled") && !newer.is_open("tools/call"));
    assert_eq!((older.status(&target), newer.status(&target)), ("cancelled", "cancelled"));
}

#[test]
fn b_31_a_request_of_a_modern_server_is_a_violation_and_not_answered() {
    let mut wire = modern(tools());
    wire.calls("echo", json!({}));
    let stream = wire.opens("tools/call");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 1, "method": "sampling/createMessage", "params": {} }));
    assert!(!wire.is_open("answer") && wire.inspector.questions().is_empty());
    assert!(wire.violations().contains("sampling/createMessage"));
}

#[test]
fn b_34_a_stream_that_goes_on_behind_its_answer_is_closed() {
    let mut wire = modern(tools());
    let target = wire.calls("echo", json!({}));
    let stream = wire.opens("tools/call");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 2, "result": complete("hello") }));
    assert_eq!((wire.status(&target), wire.inspector.busy()), ("ok", 0));
    wire.waits();
    assert!(!wire.is_open("tools/call"));
}

#[test]
fn b_40_b_41_b_46_only_what_is_offered_is_listened_to_and_what_is_not_honoured_is_said() {
    let mut wire = Wire::connect(AUTO);
    let capabilities = json!({ "tools": {}, "prompts": { "listChanged": true }, "resources": { "subscribe": true } });
    wire.result("server/discover", discovered(capabilities));
    let asked = &wire.body("subscriptions/listen")["params"]["notifications"];
    assert_eq!(*asked, json!({ "promptsListChanged": true }));
    let stream = wire.opens("subscriptions/listen");
    let granted = json!({ "notifications": {} });
    wire.message(
        stream,
        json!({ "jsonrpc": "2.0", "method": "notifications/subscriptions/acknowledged", "params": granted }),
    );
    assert!(wire.violations().contains("promptsListChanged"));
    wire.input(Input::Subscribe("file:///a".to_owned()));
    let asked = &wire.body("subscriptions/listen")["params"]["notifications"];
    assert_eq!(asked["resourceSubscriptions"], json!(["file:///a"]));
}

#[test]
fn b_43_b_45_a_subscription_that_drops_is_made_again_and_the_lists_are_loaded_anew() {
    let mut wire = Wire::connect(AUTO);
    wire.result("server/discover", discovered(json!({ "tools": { "listChanged": true } })));
    wire.result("tools/list", tools());
    let stream = wire.opens("subscriptions/listen");
    let first = wire.body("subscriptions/listen")["id"].clone();
    wire.ends(stream);
    wire.waits();
    assert_ne!(wire.body("subscriptions/listen")["id"], first);
    assert!(wire.is_open("tools/list"));
}

#[test]
fn c_01_c_03_messages_go_nowhere_but_to_the_origin_of_the_stream() {
    for (given, phase) in [
        ("https://evil.example/messages", Phase::Refused),
        ("//evil.example/messages", Phase::Refused),
        ("javascript:alert(1)", Phase::Refused),
        ("messages", Phase::Connecting),
        ("https://mcp.example.com/x?y", Phase::Connecting),
    ] {
        let mut wire = Wire::connect(|it| it.transport = "sse".to_owned());
        let stream = wire.opens("GET");
        wire.event(stream, &format!("event: endpoint\ndata: {given}"));
        assert_eq!(wire.inspector.phase(), phase, "{given}");
        assert_eq!(wire.is_open("initialize"), phase == Phase::Connecting, "{given}");
    }
}

#[test]
fn c_04_a_stream_that_is_lost_ends_what_waits_for_it() {
    let mut wire = Wire::connect(|it| it.transport = "sse".to_owned());
    let stream = wire.opens("GET");
    wire.event(stream, "event: endpoint\ndata: /m");
    wire.accepted("initialize");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 1, "result": server("2024-11-05", json!({})) }));
    wire.accepted("notifications/initialized");
    let target = wire.calls("echo", json!({}));
    wire.accepted("tools/call");
    wire.ends(stream);
    assert_eq!((wire.inspector.phase(), wire.status(&target)), (Phase::Failed, "http-error"));
    assert_eq!(wire.inspector.problems()[0].code.as_str(), "stream-lost");
    assert_eq!(wire.inspector.busy(), 0);
}

#[test]
fn c_05_the_token_goes_with_the_stream_and_with_every_message() {
    let mut wire = Wire::connect(|it| {
        it.transport = "sse".to_owned();
        it.bearer = "t-1".to_owned();
    });
    assert_eq!(wire.header("GET", "authorization").as_deref(), Some("Bearer t-1"));
    let stream = wire.opens("GET");
    wire.event(stream, "event: endpoint\ndata: /m");
    assert_eq!(wire.header("initialize", "authorization").as_deref(), Some("Bearer t-1"));
}

#[test]
fn a_stream_that_never_names_an_endpoint_ends_in_time() {
    let mut wire = Wire::connect(|it| it.transport = "sse".to_owned());
    wire.opens("GET");
    wire.waits();
    assert_eq!((wire.inspector.phase(), wire.inspector.problems()[0].code.as_str()), (Phase::Failed, "not-mcp"));
}

#[test]
fn an_answer_that_never_comes_on_the_stream_ends_in_time() {
    let mut wire = Wire::connect(|it| it.transport = "sse".to_owned());
    let stream = wire.opens("GET");
    wire.event(stream, "event: endpoint\ndata: /m");
    wire.accepted("initialize");
    while wire.inspector.phase() == Phase::Connecting {
        wire.waits();
    }
    assert_eq!(wire.inspector.problems()[0].code.as_str(), "timeout");
}

#[test]
fn a_03_e_40_the_log_level_is_set_by_a_request_and_later_goes_with_each() {
    let mut older = connected("2025-11-25");
    older.input(Input::LogLevel("debug".to_owned()));
    assert_eq!(older.body("logging/setLevel")["params"], json!({ "level": "debug" }));
    let mut newer = modern(tools());
    newer.input(Input::LogLevel("debug".to_owned()));
    assert!(!newer.is_open("logging/setLevel"));
    newer.calls("echo", json!({}));
    assert_eq!(newer.body("tools/call")["params"]["_meta"]["io.modelcontextprotocol/logLevel"], "debug");
}

#[test]
fn e_43_a_cursor_that_comes_again_ends_the_list_and_is_said() {
    let mut wire = connected("2025-11-25");
    wire.input(Input::Refresh(ItemKind::Tools));
    for _ in 0..2 {
        let mut page = tools();
        page["nextCursor"] = json!("");
        wire.result("tools/list", page);
    }
    assert!(!wire.is_open("tools/list") && wire.violations().contains("a cursor was repeated"));
    assert_eq!(wire.inspector.list(ItemKind::Tools).map(|it| it.items.len()), Some(2));
}

#[test]
fn e_50_e_51_e_52_e_53_a_round_is_the_same_request_with_answers_a_state_and_a_new_id() {
    let mut wire = modern(tools());
    let target = wire.calls("echo", json!({ "a": 1 }));
    let first = wire.body("tools/call");
    wire.result("tools/call", form("k", Some("s")));
    accept(&mut wire, r#"{"ok":true}"#);
    let second = wire.body("tools/call");
    assert_ne!(first["id"], second["id"]);
    assert_eq!(second["params"]["arguments"], json!({ "a": 1 }));
    assert_eq!(second["params"]["inputResponses"], json!({ "k": { "action": "accept", "content": { "ok": true } } }));
    assert_eq!(second["params"]["requestState"], "s");
    wire.result("tools/call", complete("done"));
    assert_eq!(wire.status(&target), "ok");
}

#[test]
fn e_54_the_state_goes_back_byte_for_byte_and_not_at_all_where_there_was_none() {
    let mut wire = modern(tools());
    wire.calls("echo", json!({}));
    let id = wire.body("tools/call")["id"].clone();
    let raw = r#""a\u00e4\/ü\n""#;
    let result =
        format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{{"resultType":"input_required","requestState":{raw}}}}}"#);
    wire.answer("tools/call", 200, &[JSON], &result);
    wire.waits();
    let sent = wire.find("tools/call").1.body.expect("a body").expose();
    assert!(sent.contains(&format!(r#""requestState":{raw}"#)), "{sent}");
    wire.result("tools/call", form("k", None));
    accept(&mut wire, "{}");
    assert_eq!(wire.body("tools/call")["params"].get("requestState"), None);
}

#[test]
fn e_56_a_server_that_asks_for_ever_is_stopped() {
    let mut wire = modern(tools());
    let target = wire.calls("echo", json!({}));
    for _ in 0..10 {
        wire.result("tools/call", json!({ "resultType": "input_required", "requestState": "s" }));
        assert!((249.0..=251.0).contains(&wire.waits()));
    }
    wire.result("tools/call", json!({ "resultType": "input_required", "requestState": "s" }));
    assert_eq!(wire.status(&target), "http-error");
    assert_eq!(wire.inspector.busy(), 0);
}

#[test]
fn e_57_declining_a_form_goes_to_the_server_and_declining_to_sample_ends_the_call() {
    let mut wire = modern(tools());
    let target = wire.calls("echo", json!({}));
    wire.result("tools/call", form("k", None));
    reply(&mut wire, Reply::Decline);
    assert_eq!(wire.body("tools/call")["params"]["inputResponses"], json!({ "k": { "action": "decline" } }));
    let sampling = json!({ "method": "sampling/createMessage", "params": { "messages": [], "maxTokens": 1 } });
    wire.result("tools/call", json!({ "resultType": "input_required", "inputRequests": { "s": sampling } }));
    reply(&mut wire, Reply::Decline);
    assert_eq!((wire.status(&target), wire.is_open("tools/call")), ("cancelled", false));
}

#[test]
fn e_58_an_input_that_was_not_offered_is_refused_and_said() {
    let mut wire = modern(tools());
    let target = wire.calls("echo", json!({}));
    let inputs = json!({ "a": { "method": "tasks/get" }, "b": { "method": "roots/list" } });
    wire.result("tools/call", json!({ "resultType": "input_required", "inputRequests": inputs }));
    assert_eq!(wire.status(&target), "http-error");
    assert!(wire.violations().contains("tasks/get"));
}

#[test]
fn e_59_an_error_that_names_a_page_puts_it_to_the_person() {
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    let page = json!({ "mode": "url", "elicitationId": "1", "url": "https://a.example/", "message": "Log in" });
    wire.error(
        "tools/call",
        200,
        json!({ "code": -32042, "message": "Log in first", "data": { "elicitations": [page] } }),
    );
    assert_eq!(wire.status(&target), "rpc-error");
    let question = &wire.inspector.questions()[0];
    assert_eq!((question.kind.name(), question.url()), ("elicitation-url", "https://a.example/".to_owned()));
}

#[test]
fn e_67_e_70_what_was_not_offered_is_refused_with_its_code_and_said() {
    let mut wire = connected("2025-06-18");
    wire.calls("echo", json!({}));
    let stream = wire.opens("tools/call");
    for (method, params, code) in [
        ("elicitation/create", json!({ "mode": "url" }), -32602),
        ("sampling/createMessage", json!({ "tools": [] }), -32602),
        ("tasks/get", json!({}), -32601),
    ] {
        wire.message(stream, json!({ "jsonrpc": "2.0", "id": "q", "method": method, "params": params }));
        assert_eq!(wire.body("answer")["error"]["code"], code, "{method}");
        assert!(wire.violations().contains(method));
        wire.accepted("answer");
    }
}

#[test]
fn e_70_a_person_who_declines_to_sample_is_an_error_and_the_call_goes_on() {
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    let stream = wire.opens("tools/call");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 7, "method": "sampling/createMessage", "params": {} }));
    assert_eq!(wire.status(&target), "needs-input");
    reply(&mut wire, Reply::Decline);
    assert_eq!(wire.body("answer")["error"]["code"], -1);
    assert_eq!(wire.status(&target), "pending");
}

#[test]
fn e_71_roots_are_those_that_the_person_set() {
    let mut wire = Wire::connect(|it| {
        it.revision = "2025-11-25".to_owned();
        it.roots = "file:///a the first".to_owned();
    });
    wire.result("initialize", server("2025-11-25", json!({})));
    wire.accepted("notifications/initialized");
    let stream = wire.opens("GET");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 1, "method": "roots/list" }));
    assert_eq!(wire.body("answer")["result"], json!({ "roots": [{ "uri": "file:///a", "name": "the first" }] }));
}

#[test]
fn e_23_a_subscribed_resource_that_changed_is_read_again() {
    let mut wire = Wire::connect(pinned("2025-11-25"));
    wire.result("initialize", server("2025-11-25", json!({ "resources": { "subscribe": true } })));
    wire.accepted("notifications/initialized");
    let own = wire.opens("GET");
    let target = wire.asks(ItemKind::Resources, "file:///a", json!({}));
    wire.result("resources/read", json!({ "contents": [] }));
    wire.input(Input::Subscribe("file:///a".to_owned()));
    wire.result("resources/subscribe", json!({}));
    let updated =
        json!({ "jsonrpc": "2.0", "method": "notifications/resources/updated", "params": { "uri": "file:///a" } });
    wire.message(own, updated);
    assert_eq!((wire.status(&target), wire.is_open("resources/read")), ("pending", true));
    wire.input(Input::Subscribe("file:///a".to_owned()));
    assert!(wire.is_open("resources/unsubscribe") && !wire.inspector.is_subscribed("file:///a"));
}

#[test]
fn a_late_answer_is_ignored_and_an_answer_to_nothing_is_said() {
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    wire.input(Input::Cancel(target.clone()));
    let second = wire.calls("echo", json!({}));
    let stream = wire.opens_last("tools/call");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 3, "result": text("late") }));
    assert_eq!((wire.status(&second), wire.violations().as_str()), ("pending", ""));
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 99, "result": text("whose?") }));
    assert!(wire.violations().contains("an id that no request had"));
}

#[test]
fn questions_end_with_what_asked_them() {
    let mut wire = connected("2025-11-25");
    let target: Target = wire.calls("echo", json!({}));
    let stream = wire.opens("tools/call");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 7, "method": "elicitation/create", "params": {} }));
    assert_eq!(wire.inspector.questions().len(), 1);
    wire.message(
        stream,
        json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 7 } }),
    );
    assert_eq!((wire.inspector.questions().len(), wire.status(&target)), (0, "pending"));
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 8, "method": "elicitation/create", "params": {} }));
    wire.input(Input::Disconnect);
    assert!(wire.inspector.questions().is_empty());
}

#[test]
fn a_stream_says_what_it_is_by_its_media_type() {
    let mut wire = Wire::connect(|it| it.transport = "sse".to_owned());
    wire.answer("GET", 200, &[("content-type", "text/html")], "<html>");
    assert_eq!(wire.inspector.problems()[0].code.as_str(), "not-mcp");
    assert_eq!(STREAM.1, "text/event-stream");
}
