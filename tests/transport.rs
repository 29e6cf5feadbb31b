//! Requirements on messages and transports that need a conversation to be shown: versions, headers, sessions, streams.
//! What was sent decides; the answers are played by hand.

mod golden;
mod wire;

use flowglass::explain::words::{self, problems};
use flowglass::http::{HttpError, Rule};
use flowglass::inspector::{Input, Phase};
use flowglass::mcp::model::ItemKind;
use flowglass::mcp::question::Reply;
use flowglass::trace::problem::{Code, Owner};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use wire::{
    AUTO, JSON, SESSION, Wire, accept, complete, connected, discovered, modern, pinned, reply, server, text, tools,
};

fn notification(method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "method": method, "params": params })
}

/// A tool that wants one of its arguments in a header.
fn mirrored() -> Value {
    let region = json!({ "type": "string", "x-mcp-header": "Region" });
    json!({ "resultType": "complete", "tools": [
        { "name": "run", "inputSchema": { "type": "object", "properties": { "region": region } } },
    ] })
}

#[test]
fn a_04_e_48_every_modern_request_declares_what_this_client_can_do_and_invents_no_names() {
    let mut wire = Wire::connect(AUTO);
    let mut seen = vec![wire.body("server/discover")];
    wire.result("server/discover", discovered(json!({ "tools": { "listChanged": true }, "resources": {} })));
    seen.extend(["tools/list", "resources/list", "subscriptions/listen"].map(|it| wire.body(it)));
    wire.result("tools/list", tools());
    wire.calls("echo", json!({}));
    seen.push(wire.body("tools/call"));
    let known = ["protocolVersion", "clientInfo", "clientCapabilities", "logLevel"];
    for body in seen {
        let meta = body["params"]["_meta"].as_object().expect("a _meta");
        assert!(meta["io.modelcontextprotocol/clientCapabilities"].is_object(), "{body}");
        let own = |name: &&String| name.as_str() != "progressToken";
        for name in meta.keys().filter(own) {
            let name = name.strip_prefix("io.modelcontextprotocol/").unwrap_or_default();
            assert!(known.contains(&name), "{body}");
        }
    }
}

#[test]
fn a_05_e_41_ids_and_progress_tokens_of_what_is_open_differ() {
    let mut wire = modern(tools());
    let mut ids = BTreeSet::new();
    let mut tokens = BTreeSet::new();
    for tool in ["a", "b", "c"] {
        wire.calls(tool, json!({}));
        let (_, request) = wire.find_last("tools/call");
        let body: Value = serde_json::from_str(&request.body.expect("a body").expose()).expect("JSON");
        assert!(body["id"].is_string() || body["id"].is_i64(), "{body}");
        ids.insert(body["id"].to_string());
        tokens.insert(body["params"]["_meta"]["progressToken"].to_string());
    }
    assert_eq!((ids.len(), tokens.len(), tokens.contains("null")), (3, 3, false));
}

#[test]
fn a_10_nothing_is_notified_in_2026_07_28() {
    let mut wire = modern(tools());
    let target = wire.calls("echo", json!({}));
    wire.input(Input::Cancel(target));
    wire.input(Input::Disconnect);
    for method in ["notifications/initialized", "notifications/cancelled", "notifications/roots/list_changed"] {
        assert!(!wire.is_open(method), "{method}");
    }
}

#[test]
fn a_11_names_of_headers_are_the_same_in_any_case() {
    let mut wire = Wire::connect(pinned("2025-11-25"));
    let headers = [("Content-Type", "Application/JSON; charset=UTF-8"), ("MCP-SESSION-ID", "s-1")];
    wire.result_with("initialize", &headers, server("2025-11-25", json!({ "tools": {} })));
    assert_eq!(wire.header("notifications/initialized", "mcp-session-id").as_deref(), Some("s-1"));
}

#[test]
fn a_26_a_27_headers_of_arguments_are_sent_from_a_page_too_and_only_where_a_schema_asks_for_them() {
    let mut wire = modern(mirrored());
    wire.calls("run", json!({ "region": "eu" }));
    assert_eq!(wire.header("tools/call", "mcp-param-region").as_deref(), Some("eu"));
    wire.result("tools/call", complete("done"));
    wire.calls("unlisted", json!({ "region": "eu" }));
    let names: Vec<String> = wire.find("tools/call").1.headers.into_iter().map(|(name, _)| name).collect();
    assert!(!names.iter().any(|it| it.starts_with("mcp-param-")), "{names:?}");
}

#[test]
fn a_33_a_35_an_error_is_read_at_any_status_and_codes_without_a_meaning_get_none() {
    for (status, code) in [(200, -32602), (400, -32602), (404, -32601), (400, -32001), (400, -32010), (500, -32603)] {
        let mut wire = modern(tools());
        let target = wire.calls("echo", json!({}));
        wire.error("tools/call", status, json!({ "code": code, "message": "no" }));
        assert_eq!((wire.status(&target), wire.inspector.phase()), ("rpc-error", Phase::Connected), "{status} {code}");
        assert!(!wire.is_open("server/discover") && !wire.is_open("initialize") && !wire.is_open("tools/list"));
    }
}

#[test]
fn a_36_a_resource_that_is_not_there_is_an_error_of_that_reading_in_either_code() {
    for code in [-32002, -32602] {
        let mut wire = connected("2025-11-25");
        let target = wire.asks(ItemKind::Resources, "file:///gone", json!({}));
        wire.error("resources/read", 200, json!({ "code": code, "message": "Resource not found" }));
        assert_eq!((wire.status(&target), wire.inspector.phase()), ("rpc-error", Phase::Connected));
    }
}

#[test]
fn a_39_what_a_server_calls_itself_changes_nothing_that_is_sent() {
    let conversation = |name: &str, version: &str| {
        let mut wire = Wire::connect(pinned("2025-11-25"));
        let mut info = server("2025-11-25", json!({ "tools": {} }));
        info["serverInfo"] = json!({ "name": name, "version": version });
        wire.result_with("initialize", &[JSON, SESSION], info);
        wire.accepted("notifications/initialized");
        wire.result("tools/list", tools());
        wire.calls("echo", json!({}));
        ["GET", "tools/call"].map(|it| {
            let request = wire.find(it).1;
            let headers: Vec<_> =
                request.headers.iter().map(|(name, value)| format!("{name}: {}", value.expose())).collect();
            (request.url.clone(), headers, request.body.map(|it| it.expose()))
        })
    };
    assert_eq!(conversation("example", "1"), conversation("modelcontextprotocol/inspector", "0.0.1-broken"));
}

#[test]
fn a_40_extensions_of_the_server_are_no_reason_to_stop() {
    let mut wire = Wire::connect(AUTO);
    let capabilities =
        json!({ "tools": {}, "extensions": { "io.modelcontextprotocol/tasks": {}, "com.example/x": {} } });
    wire.result("server/discover", discovered(capabilities));
    let own = &wire.body("tools/list")["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"];
    assert!(own.get("extensions").is_none_or(|it| it.get("com.example/x").is_none()), "{own}");
    wire.result("tools/list", tools());
    assert_eq!(wire.inspector.phase(), Phase::Connected);
}

#[test]
fn a_50_a_56_the_era_is_asked_for_first_unless_it_is_pinned() {
    assert!(Wire::connect(AUTO).is_open("server/discover"));
    assert!(Wire::connect(pinned("2026-07-28")).is_open("server/discover"));
    let older = Wire::connect(pinned("2025-06-18"));
    assert!(!older.is_open("server/discover") && older.is_open("initialize"));
}

#[test]
fn a_51_a_52_the_body_of_a_400_decides_whether_there_is_a_handshake() {
    for (body, falls_back) in [
        ("", true),
        ("<html>", true),
        (r#"{"detail":"no"}"#, true),
        (r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no"}}"#, true),
        (r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32020,"message":"no"}}"#, false),
        (r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32021,"message":"no","data":{}}}"#, false),
    ] {
        let mut wire = Wire::connect(AUTO);
        wire.answer("server/discover", 400, &[JSON], body);
        assert_eq!(wire.is_open("initialize"), falls_back, "{body}");
    }
}

#[test]
fn a_54_versions_that_a_modern_server_names_in_its_refusal_are_shown() {
    let mut wire = Wire::connect(pinned("2025-11-25"));
    let data = json!({ "supported": ["2026-07-28"], "requested": "2025-11-25" });
    wire.error("initialize", 400, json!({ "code": -32022, "message": "Unsupported protocol version", "data": data }));
    let problem = &wire.inspector.problems()[0];
    let seen = problems::of(problem).evidence;
    assert!(seen.contains("2026-07-28"), "{seen}");
}

#[test]
fn a_62_a_63_the_handshake_stands_alone_and_is_closed_by_a_notification() {
    let mut wire = Wire::connect(pinned("2025-03-26"));
    assert!(wire.body("initialize").is_object());
    assert!(!wire.is_open("notifications/initialized") && !wire.is_open("tools/list") && !wire.is_open("GET"));
    wire.result_with("initialize", &[JSON, SESSION], server("2025-03-26", json!({ "tools": {} })));
    assert_eq!(wire.body("notifications/initialized").get("id"), None);
}

#[test]
fn a_64_a_handshake_is_never_cancelled() {
    let mut wire = Wire::connect(pinned("2025-11-25"));
    wire.input(Input::Disconnect);
    assert!(!wire.is_open("notifications/cancelled") && !wire.is_open("initialize"));
    let mut late = Wire::connect(pinned("2025-11-25"));
    late.fails("initialize", HttpError::Timeout { after: 60_000 });
    assert!(!late.is_open("notifications/cancelled"));
}

#[test]
fn a_66_the_version_header_is_left_out_where_the_revision_does_not_know_it() {
    for (revision, sent) in
        [("2025-03-26", None), ("2025-06-18", Some("2025-06-18")), ("2025-11-25", Some("2025-11-25"))]
    {
        let mut wire = connected(revision);
        wire.calls("echo", json!({}));
        assert_eq!(wire.header("tools/call", "mcp-protocol-version").as_deref(), sent);
    }
}

#[test]
fn a_71_members_of_another_era_change_nothing() {
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    let mut result = text("hello");
    result["resultType"] = json!("task");
    result["ttlMs"] = json!(5);
    wire.result("tools/call", result);
    assert_eq!(wire.status(&target), "ok");
}

#[test]
fn b_01_every_message_is_a_post_of_its_own_that_takes_both_kinds_of_answer() {
    let mut wire = connected("2025-11-25");
    wire.calls("a", json!({}));
    wire.calls("b", json!({}));
    for (_, request) in [wire.find("tools/call"), wire.find_last("tools/call")] {
        let accept = request.headers.iter().find(|(name, _)| name == "accept").map(|(_, value)| value.expose());
        let accept = accept.unwrap_or_default();
        assert!(accept.contains("application/json") && accept.contains("text/event-stream"), "{accept}");
        let body: Value = serde_json::from_str(&request.body.expect("a body").expose()).expect("JSON");
        assert!(body.is_object());
    }
    assert_ne!(wire.find("tools/call").0, wire.find_last("tools/call").0);
}

#[test]
fn b_02_an_answer_is_read_by_its_media_type_whatever_its_case_and_parameters() {
    for kind in ["application/json", "Application/Json;charset=utf-8", "application/json ; charset=utf-8"] {
        let mut wire = connected("2025-11-25");
        let target = wire.calls("echo", json!({}));
        wire.result_with("tools/call", &[("content-type", kind)], text("hello"));
        assert_eq!(wire.status(&target), "ok", "{kind}");
    }
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    let body = format!("data: {}\n\n", json!({ "jsonrpc": "2.0", "id": 3, "result": text("hello") }));
    wire.answer("tools/call", 200, &[("content-type", "TEXT/event-stream; charset=utf-8")], &body);
    assert_eq!(wire.status(&target), "ok");
}

#[test]
fn b_03_a_202_without_a_body_is_enough_for_a_notification() {
    let mut wire = Wire::connect(pinned("2025-11-25"));
    wire.result_with("initialize", &[JSON, SESSION], server("2025-11-25", json!({ "tools": {} })));
    wire.accepted("notifications/initialized");
    assert!(wire.is_open("tools/list") && wire.inspector.problems().is_empty());
}

#[test]
fn b_04_comments_and_empty_events_of_a_stream_say_nothing() {
    let mut wire = modern(tools());
    let target = wire.calls("echo", json!({}));
    let id = wire.body("tools/call")["id"].clone();
    let stream = wire.opens("tools/call");
    for nothing in [": keep-alive", "data:", "id: 1\ndata:", "event: message\ndata:", ":"] {
        wire.event(stream, nothing);
    }
    assert_eq!((wire.status(&target), wire.violations().as_str()), ("pending", ""));
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": id, "result": complete("hello") }));
    assert_eq!(wire.status(&target), "ok");
}

#[test]
fn b_05_answers_on_several_streams_at_once_find_their_calls() {
    let mut wire = connected("2025-11-25");
    let (first, second) = (wire.calls("a", json!({})), wire.calls("b", json!({})));
    let (one, two) = (wire.opens("tools/call"), wire.opens_last("tools/call"));
    wire.message(two, json!({ "jsonrpc": "2.0", "id": 4, "result": text("b") }));
    assert_eq!((wire.status(&first), wire.status(&second)), ("pending", "ok"));
    wire.message(one, json!({ "jsonrpc": "2.0", "id": 3, "result": text("a") }));
    assert_eq!(wire.status(&first), "ok");
}

#[test]
fn b_07_headers_or_bodies_that_are_too_large_are_told_apart() {
    let advice = |status: u16| {
        let mut wire = Wire::connect(|it| {
            it.revision = "2025-11-25".to_owned();
            it.transport = "streamable-http".to_owned();
        });
        wire.answer("initialize", status, &[], "");
        let problem = &wire.inspector.problems()[0];
        assert_eq!(problem.code.as_str(), "http-status");
        problems::of(problem).reason
    };
    assert_eq!(advice(413), advice(431));
    assert_ne!(advice(431), advice(400));
}

#[test]
fn b_13_a_server_may_forbid_to_end_its_session() {
    let mut wire = connected("2025-11-25");
    wire.input(Input::Disconnect);
    wire.answer("DELETE", 405, &[], "");
    assert_eq!((wire.inspector.phase(), wire.inspector.problems().len()), (Phase::Idle, 0));
}

#[test]
fn b_14_a_session_is_masked_where_it_is_shown() {
    let mut wire = connected("2025-11-25");
    wire.calls("echo", json!({}));
    let headers = wire.find("tools/call").1.headers;
    let session = headers.iter().find(|(name, _)| name == "mcp-session-id").map(|(_, value)| value).expect("a session");
    assert_eq!(session.expose(), "s-1");
    assert!(!session.masked().contains("s-1"));
}

#[test]
fn b_20_a_server_that_asks_is_answered_by_a_post_of_the_same_session_and_revision() {
    let mut wire = connected("2025-11-25");
    wire.calls("echo", json!({}));
    let stream = wire.opens("tools/call");
    for (id, method, answer) in [(json!(7), "ping", json!({})), (json!("r"), "roots/list", json!({ "roots": [] }))] {
        wire.message(stream, json!({ "jsonrpc": "2.0", "id": id, "method": method }));
        assert_eq!(wire.body("answer"), json!({ "jsonrpc": "2.0", "id": id, "result": answer }));
        assert_eq!(wire.header("answer", "mcp-session-id").as_deref(), Some("s-1"));
        assert_eq!(wire.header("answer", "mcp-protocol-version").as_deref(), Some("2025-11-25"));
        wire.accepted("answer");
    }
}

#[test]
fn b_32_a_modern_stream_that_breaks_loses_the_call_which_is_not_made_again_unasked() {
    let mut wire = modern(tools());
    let target = wire.calls("echo", json!({}));
    let first = wire.body("tools/call")["id"].clone();
    let stream = wire.opens("tools/call");
    wire.event(stream, "id: e-1\ndata:");
    wire.fails("tools/call", HttpError::Cut { said: "reset".to_owned() });
    assert_eq!(wire.status(&target), "http-error");
    assert!(!wire.is_open("tools/call") && !wire.is_open("GET"));
    wire.calls("echo", json!({}));
    assert_ne!(wire.body("tools/call")["id"], first);
}

#[test]
fn b_42_b_43_a_subscription_speaks_under_its_own_id_and_may_end_in_good_order() {
    let mut wire = Wire::connect(AUTO);
    wire.result("server/discover", discovered(json!({ "tools": { "listChanged": true } })));
    wire.result("tools/list", tools());
    let id = wire.body("subscriptions/listen")["id"].clone();
    let stream = wire.opens("subscriptions/listen");
    let meta = json!({ "io.modelcontextprotocol/subscriptionId": id });
    let granted = json!({ "_meta": meta, "notifications": { "toolsListChanged": true } });
    wire.message(stream, notification("notifications/subscriptions/acknowledged", granted));
    wire.message(stream, notification("notifications/tools/list_changed", json!({ "_meta": meta })));
    assert!(wire.is_open("tools/list"));
    wire.result("tools/list", tools());
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": id, "result": { "resultType": "complete", "_meta": meta } }));
    wire.ends(stream);
    assert_eq!((wire.inspector.phase(), wire.violations().as_str()), (Phase::Connected, ""));
}

#[test]
fn b_44_a_part_of_a_subscribed_resource_may_be_what_changed() {
    let mut wire = Wire::connect(pinned("2025-11-25"));
    wire.result("initialize", server("2025-11-25", json!({ "resources": { "subscribe": true } })));
    wire.accepted("notifications/initialized");
    let own = wire.opens("GET");
    let part = wire.asks(ItemKind::Resources, "file:///a/part", json!({}));
    wire.result("resources/read", json!({ "contents": [] }));
    wire.input(Input::Subscribe("file:///a".to_owned()));
    wire.result("resources/subscribe", json!({}));
    wire.message(own, notification("notifications/resources/updated", json!({ "uri": "file:///a/part" })));
    assert_eq!((wire.status(&part), wire.is_open("resources/read")), ("pending", true));
}

/// A connection over HTTP+SSE, whose server answers with this revision.
fn over_sse(revision: &str) -> (Wire, flowglass::trace::ExchangeId) {
    let mut wire = Wire::connect(|it| it.transport = "sse".to_owned());
    let stream = wire.opens("GET");
    wire.event(stream, "event: endpoint\ndata: /messages?session=1");
    wire.accepted("initialize");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 1, "result": server(revision, json!({})) }));
    wire.accepted("notifications/initialized");
    (wire, stream)
}

#[test]
fn c_02_messages_go_to_the_endpoint_and_their_answers_come_on_the_stream() {
    let (mut wire, stream) = over_sse("2024-11-05");
    let target = wire.calls("echo", json!({}));
    assert_eq!(wire.find("tools/call").1.url, "https://mcp.example.com/messages?session=1");
    let id = wire.body("tools/call")["id"].clone();
    wire.accepted("tools/call");
    assert_eq!(wire.status(&target), "pending");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": id, "result": text("hello") }));
    assert_eq!(wire.status(&target), "ok");
}

/// What servers say to a POST over HTTP+SSE besides 202 and no body. The second is that of Cloudflare's `agents`.
const ACKNOWLEDGEMENTS: [(u16, &str, &str); 6] = [
    (202, "text/plain", "Accepted"),
    (202, "text/event-stream", "Accepted"),
    (200, "text/event-stream", "event: message\ndata: {\"ok\":true}\n\n"),
    (200, "application/json", "{\"ok\":true}"),
    (204, "text/html", ""),
    (299, "", "<html>"),
];

#[test]
fn c_02_any_2xx_to_a_post_is_an_acknowledgement_whatever_its_media_type_and_body() {
    for (status, media, body) in ACKNOWLEDGEMENTS {
        let headers = &[("content-type", media)];
        let mut wire = Wire::connect(|it| it.transport = "sse".to_owned());
        let stream = wire.opens("GET");
        wire.event(stream, "event: endpoint\ndata: /messages");
        wire.answer("initialize", status, headers, body);
        wire.message(stream, json!({ "jsonrpc": "2.0", "id": 1, "result": server("2024-11-05", json!({})) }));
        wire.answer("notifications/initialized", status, headers, body);
        assert_eq!(wire.inspector.phase(), Phase::Connected, "{status} {body}");
        let target = wire.calls("echo", json!({}));
        let id = wire.body("tools/call")["id"].clone();
        wire.answer("tools/call", status, headers, body);
        assert_eq!((wire.status(&target), wire.inspector.busy()), ("pending", 1), "{status} {body}");
        wire.message(stream, json!({ "jsonrpc": "2.0", "id": id, "result": text("hello") }));
        assert_eq!((wire.status(&target), wire.inspector.busy()), ("ok", 0), "{status} {body}");
        assert_eq!(wire.violations(), "");
    }
}

#[test]
fn c_02_the_head_of_the_post_is_enough_and_its_body_may_break_or_never_end() {
    for cut in [true, false] {
        let (mut wire, stream) = over_sse("2024-11-05");
        let target = wire.calls("echo", json!({}));
        let id = wire.body("tools/call")["id"].clone();
        wire.opens("tools/call");
        if cut {
            wire.fails("tools/call", HttpError::Cut { said: "network error".to_owned() });
        }
        assert_eq!(wire.status(&target), "pending");
        wire.message(stream, json!({ "jsonrpc": "2.0", "id": id, "result": text("hello") }));
        assert_eq!((wire.status(&target), wire.inspector.busy()), ("ok", 0));
        while wire.is_open("tools/call") {
            wire.waits();
        }
        assert_eq!((wire.status(&target), wire.inspector.phase()), ("ok", Phase::Connected));
    }
}

#[test]
fn c_02_a_response_in_the_body_of_the_post_is_named_and_not_taken() {
    let (mut wire, _) = over_sse("2024-11-05");
    let target = wire.calls("echo", json!({}));
    wire.result("tools/call", text("hello"));
    assert_eq!(wire.status(&target), "pending");
    assert!(wire.violations().contains("in the body of the POST"), "{}", wire.violations());
    while wire.status(&target) == "pending" {
        wire.waits();
    }
    assert_eq!(wire.status(&target), "http-error");
}

#[test]
fn c_06_the_older_transport_is_said_to_be_deprecated() {
    let (wire, _) = over_sse("2024-11-05");
    let era = wire.inspector.era_of(wire::SERVER).expect("it is known");
    assert!(words::era(era).contains("deprecated"), "{}", words::era(era));
}

#[test]
fn c_07_leaving_closes_the_stream_and_says_nothing() {
    let (mut wire, _) = over_sse("2024-11-05");
    wire.input(Input::Disconnect);
    assert!(!wire.is_open("GET") && !wire.is_open("DELETE"));
    assert_eq!(wire.inspector.phase(), Phase::Idle);
}

#[test]
fn c_08_a_newer_revision_over_the_older_transport_has_its_version_header() {
    for (revision, sent) in [("2024-11-05", None), ("2025-06-18", Some("2025-06-18"))] {
        let (mut wire, _) = over_sse(revision);
        wire.calls("echo", json!({}));
        assert_eq!(wire.header("tools/call", "mcp-protocol-version").as_deref(), sent);
    }
}

#[test]
fn e_45_e_46_a_list_that_is_still_fresh_is_asked_for_all_the_same() {
    let mut listed = tools();
    (listed["ttlMs"], listed["cacheScope"]) = (json!(3_600_000), json!("public"));
    let mut wire = modern(listed);
    assert!(wire.inspector.list(ItemKind::Tools).is_some());
    wire.input(Input::Refresh(ItemKind::Tools));
    assert!(wire.is_open("tools/list"));
}

#[test]
fn e_42_who_cancels_is_not_answered_any_more() {
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    wire.input(Input::Cancel(target.clone()));
    assert_eq!(wire.body("notifications/cancelled")["params"]["requestId"], 3);
    let stream = wire.opens("tools/call");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 3, "result": text("late") }));
    let outcome = wire.inspector.outcome(&target).expect("an outcome");
    assert_eq!((wire.status(&target), outcome.result.as_deref()), ("cancelled", None));
}

#[test]
fn e_55_what_is_answered_in_one_round_is_not_sent_with_another_call() {
    let mut wire = modern(tools());
    let first = wire.calls("a", json!({}));
    let schema = json!({ "type": "object", "properties": { "ok": { "type": "boolean" } } });
    let request = json!({ "method": "elicitation/create", "params": { "message": "?", "requestedSchema": schema } });
    wire.result(
        "tools/call",
        json!({ "resultType": "input_required", "inputRequests": { "k": request }, "requestState": "s" }),
    );
    wire.calls("b", json!({}));
    let other = wire.body("tools/call");
    assert!(other["params"].get("requestState").is_none() && other["params"].get("inputResponses").is_none());
    wire.result("tools/call", complete("b"));
    accept(&mut wire, r#"{"ok":true}"#);
    assert_eq!(wire.body("tools/call")["params"]["name"], "a");
    assert_eq!(wire.body("tools/call")["params"]["requestState"], "s");
    wire.result("tools/call", complete("a"));
    assert_eq!(wire.status(&first), "ok");
}

#[test]
fn e_60_elicitation_is_declared_with_a_mode_from_2025_11_25_on() {
    let declared = |revision: &'static str| {
        Wire::connect(pinned(revision)).body("initialize")["params"]["capabilities"].get("elicitation").cloned()
    };
    assert_eq!(declared("2025-03-26"), None);
    assert_eq!(declared("2025-06-18"), Some(json!({})));
    assert_eq!(declared("2025-11-25"), Some(json!({ "form": {}, "url": {} })));
}

#[test]
fn e_66_saying_yes_to_a_page_is_consent_alone_and_unknown_pages_that_are_done_are_ignored() {
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    let stream = wire.opens("tools/call");
    let params = json!({ "mode": "url", "elicitationId": "1", "url": "https://a.example/", "message": "Log in" });
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 7, "method": "elicitation/create", "params": params }));
    reply(&mut wire, Reply::Accept(String::new()));
    assert_eq!(wire.body("answer")["result"], json!({ "action": "accept" }));
    wire.accepted("answer");
    for id in ["1", "unknown"] {
        wire.message(stream, notification("notifications/elicitation/complete", json!({ "elicitationId": id })));
    }
    assert_eq!((wire.status(&target), wire.violations().as_str()), ("pending", ""));
    assert!(wire.inspector.questions().is_empty());
}

#[test]
fn ten_thousand_log_messages_are_kept_each_with_the_time_at_which_it_came() {
    let mut wire = connected_with_stream();
    let (stream, _) = wire.find("GET");
    for number in 0..10_002 {
        let params = json!({ "level": "info", "logger": "loop", "data": format!("message {number}") });
        wire.message(stream, notification("notifications/message", params));
    }
    let logs = wire.inspector.logs();
    assert_eq!((logs.len(), logs.dropped()), (10_000, 2));
    let kept: Vec<_> = logs.newest().map(|(number, it)| (number, it.at, it.data.to_string())).collect();
    assert!(kept.iter().all(|(number, _, data)| *data == format!("message {number}")));
    assert!(kept.windows(2).all(|pair| pair[0].1 > pair[1].1), "each has its own time");
}

/// A connection of 2025-11-25 with the stream of what the server says by itself.
fn connected_with_stream() -> Wire {
    let mut wire = Wire::connect(pinned("2025-11-25"));
    wire.result_with("initialize", &[JSON, SESSION], server("2025-11-25", json!({ "tools": {}, "logging": {} })));
    wire.accepted("notifications/initialized");
    wire.result("tools/list", tools());
    wire.opens("GET");
    wire
}

#[test]
fn a_server_that_floods_with_requests_gets_fifty_responses_a_second_and_that_is_said() {
    let mut wire = connected_with_stream();
    let (stream, _) = wire.find("GET");
    let pings = (0..120).map(|id| format!("data: {}\n\n", json!({ "jsonrpc": "2.0", "id": id, "method": "ping" })));
    wire.event(stream, pings.collect::<String>().trim_end());
    let mut answers = 0;
    while wire.is_open("answer") {
        wire.accepted("answer");
        answers += 1;
    }
    assert_eq!(answers, 50);
    assert!(wire.violations().contains("more than 50 requests in 1 s"), "{}", wire.violations());
}

#[test]
fn two_hundred_questions_wait_and_the_next_is_refused() {
    let mut wire = connected_with_stream();
    let (stream, _) = wire.find("GET");
    let params = json!({ "message": "m", "requestedSchema": { "type": "object", "properties": {} } });
    for id in 0..201 {
        let message = json!({ "jsonrpc": "2.0", "id": id, "method": "elicitation/create", "params": params });
        wire.message(stream, message);
    }
    assert_eq!(wire.inspector.questions().len(), 200);
    assert_eq!(wire.body("answer")["error"]["code"], -32000);
    assert!(wire.violations().contains("200 requests are already waiting for the user"), "{}", wire.violations());
}

/// The pauses before a stream that ends with this `retry` and brought a message is opened again.
fn pauses(retry: &str, times: usize) -> Vec<f64> {
    let mut wire = connected_with_stream();
    let mut pauses = Vec::new();
    for number in 0..times {
        let (stream, _) = wire.find("GET");
        if number > 0 {
            wire.opens("GET");
        }
        wire.event(
            stream,
            &format!("id: {number}\nretry: {retry}\ndata: {}", notification("notifications/x", json!({}))),
        );
        wire.ends(stream);
        pauses.push(wire.waits());
    }
    pauses
}

#[test]
fn b_17_a_stream_is_opened_again_when_the_server_asks_for_it_but_not_at_once_and_not_again_and_again() {
    assert_eq!(pauses("500", 2), [500.0, 500.0]);
    assert_eq!(pauses("2500", 3), [2500.0; 3]);
    for next_to_nothing in ["0", "1", "99"] {
        assert_eq!(pauses(next_to_nothing, 7), [1000.0; 7], "{next_to_nothing}");
    }
    assert_eq!(pauses("200", 7), [200.0, 200.0, 200.0, 200.0, 200.0, 1000.0, 1000.0]);
}

#[test]
fn a_document_over_a_megabyte_is_not_read_further() {
    let mut wire = Wire::connect(pinned("2025-11-25"));
    wire.answer("initialize", 401, &[("www-authenticate", "Bearer")], "");
    let document = format!("{{\"resource\":\"{}\"}}", "x".repeat(1 << 20));
    let (exchange, _) = wire.find("GET");
    wire.answer("GET", 200, &[JSON], &document);
    assert!(!wire.inspector.trace().exchange(exchange).is_some_and(|it| it.error.is_none()));
    let problem = wire.inspector.problems().first().expect("a problem");
    assert_eq!(problem.code.as_str(), "too-large");
    let kept = wire.inspector.trace().exchange(exchange).and_then(|it| it.body.clone()).expect("its beginning");
    assert_eq!((kept.is_cut(), kept.bytes, kept.text.len()), (true, document.len(), 16 << 10));
}

#[test]
fn an_event_without_an_end_ends_the_call_and_not_the_connection() {
    let mut wire = connected("2025-11-25");
    let target = wire.calls("echo", json!({}));
    let stream = wire.opens("tools/call");
    wire.input(Input::Http(stream, flowglass::http::Event::Bytes(b"data: ".to_vec())));
    for _ in 0..257 {
        wire.input(Input::Http(stream, flowglass::http::Event::Bytes(vec![b'x'; 1 << 20])));
    }
    assert_eq!((wire.status(&target), wire.inspector.phase()), ("http-error", Phase::Connected));
    assert!(!wire.is_open("tools/call"), "it is aborted");
    let problem = wire.inspector.outcome(&target).and_then(|it| it.problem.as_ref()).expect("a problem");
    assert_eq!(problem.code.as_str(), "too-large");
}

#[test]
fn what_the_browser_forbids_by_itself_is_no_fault_of_the_server() {
    let rules = [
        (Rule::ContentSecurityPolicy { directive: "connect-src".to_owned() }, Owner::Host),
        (Rule::LoopbackFromHttps, Owner::Browser),
        (Rule::LocalNetwork, Owner::Browser),
    ];
    for (rule, owner) in rules {
        let mut wire = Wire::connect(pinned("2025-11-25"));
        wire.fails("initialize", HttpError::Forbidden { rule: rule.clone() });
        let problem = wire.inspector.problems().first().expect("a problem");
        assert_eq!((wire.inspector.phase(), problem.code, problem.owner), (Phase::Failed, Code::Unreachable, owner));
        let seen = problems::of(problem).evidence;
        assert!(seen.contains(&rule.to_string()), "{seen}");
        // No probe would show anything else.
        assert_eq!(wire.inspector.busy(), 0);
    }
}
