//! The calls of tools that a tab keeps, and a call given away: as a command that runs as it is, as a link that calls
//! nothing.

mod golden;
mod wire;

use flowglass::base::text::MASK;
use flowglass::export::call::{Left, command, link};
use flowglass::http::HttpError;
use flowglass::inspector::{Call, Cancellation, History, Input};
use flowglass::mcp::connection::{Ask, Target};
use flowglass::mcp::model::ItemKind;
use flowglass::settings::{Draft, link as settings_link};
use serde_json::{Value, json};
use std::process::Command;
use wire::{SERVER, Wire, connected, modern, pinned, server, text, tools};

const TOKEN: &str = "geheim-token-1";

fn echo() -> Target {
    Target { kind: ItemKind::Tools, key: "echo".to_owned() }
}

fn ask(arguments: Value) -> Ask {
    Ask { target: echo(), arguments: arguments.to_string() }
}

fn called(wire: &mut Wire, said: &str) {
    wire.calls("echo", json!({ "message": said }));
    wire.result("tools/call", text(said));
}

fn statuses(wire: &Wire) -> Vec<&'static str> {
    wire.inspector.calls(&echo()).into_iter().map(|it| it.status.name()).collect()
}

/// What bash makes of a command: each curl that it runs, an argument a line.
#[cfg(unix)]
fn run(command: &str) -> String {
    let curl = "curl() { printf '%s\\n' \"$@\" >&2; printf 'Mcp-Session-Id: s-2\\r\\n'; }\n";
    let bash = Command::new("bash").args(["-c", &format!("{curl}{command}")]).env("TOKEN", TOKEN).output();
    let output = bash.expect("bash");
    assert!(output.status.success(), "{command}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn every_finished_call_is_kept_however_it_ended() {
    let mut wire = connected("2025-11-25");
    called(&mut wire, "one");
    wire.calls("echo", json!({}));
    wire.error("tools/call", 200, json!({ "code": -32602, "message": "no", "data": { "x": 1 } }));
    wire.calls("echo", json!({}));
    wire.result("tools/call", json!({ "content": [], "isError": true }));
    wire.calls("echo", json!({}));
    wire.fails("tools/call", HttpError::Timeout { after: 1 });
    wire.calls("echo", json!({}));
    wire.input(Input::Cancel(echo()));
    assert_eq!(statuses(&wire), ["cancelled", "http-error", "tool-error", "rpc-error", "ok"]);
    let raw: Vec<_> = wire.inspector.calls(&echo()).into_iter().map(Call::raw).collect();
    assert_eq!(raw[3].as_deref(), Some(r#"{"code":-32602,"message":"no","data":{"x":1}}"#));
    assert!(raw[0].is_none() && raw[1].is_none());
}

#[test]
fn a_call_that_is_pending_is_none_yet_and_is_shown_before_any_other() {
    let mut wire = connected("2025-11-25");
    called(&mut wire, "one");
    wire.calls("echo", json!({}));
    wire.input(Input::ShowCall(echo(), 1));
    assert_eq!((statuses(&wire).len(), wire.status(&echo())), (1, "pending"));
}

#[test]
fn an_opened_call_is_shown_until_the_next_one_ends() {
    let mut wire = connected("2025-11-25");
    called(&mut wire, "one");
    called(&mut wire, "two");
    let shown = |wire: &Wire| wire.inspector.outcome(&echo()).and_then(|it| it.result.clone()).unwrap_or_default();
    wire.input(Input::ShowCall(echo(), 1));
    assert!(shown(&wire).contains("one"));
    called(&mut wire, "three");
    assert!(shown(&wire).contains("three"));
}

#[test]
fn calls_outlive_the_connection_but_no_result_is_shown_of_them() {
    let mut wire = connected("2025-11-25");
    called(&mut wire, "one");
    wire.input(Input::Disconnect);
    assert!(wire.inspector.outcome(&echo()).is_none());
    assert_eq!(statuses(&wire), ["ok"]);
    wire.connect_again(pinned("2025-11-25"));
    assert_eq!((statuses(&wire), wire.inspector.outcome(&echo()).is_some()), (vec!["ok"], false));
    wire.input(Input::ForgetEverything);
    assert!(wire.inspector.history().numbered(1).is_none());
}

#[test]
fn after_a_reload_the_open_result_is_there_again_before_and_after_connecting() {
    let mut wire = connected("2025-11-25");
    called(&mut wire, "one");
    called(&mut wire, "two");
    wire.input(Input::ShowCall(echo(), 1));
    let before = &wire.inspector;
    let calls: Vec<Call> = before.calls(&echo()).into_iter().cloned().collect();
    let (saved, history) = (before.saved(), History::restored(calls, before.history().all_shown()));
    let mut next = Wire::unopened();
    next.restored(saved, history);
    let shown = |wire: &Wire| wire.inspector.outcome(&echo()).and_then(|it| it.result.clone()).unwrap_or_default();
    assert!(shown(&next).contains("one"));
    next.connect_again(pinned("2025-11-25"));
    assert!(shown(&next).contains("one"));
    assert_eq!(statuses(&next), ["ok", "ok"]);
    next.input(Input::Disconnect);
    next.connect_again(pinned("2025-11-25"));
    assert!(next.inspector.outcome(&echo()).is_none());
}

#[test]
fn a_call_without_a_response_is_a_cancelled_one_of_the_page_that_was_left() {
    let mut wire = connected("2025-11-25");
    called(&mut wire, "one");
    wire.calls("echo", json!({ "message": "two" }));
    let calls: Vec<Call> = wire.inspector.calls(&echo()).into_iter().cloned().collect();
    let mut next = Wire::unopened();
    next.restored(wire.inspector.saved(), History::restored(calls, wire.inspector.history().all_shown()));
    next.connect_again(pinned("2025-11-25"));
    assert_eq!(statuses(&next), ["cancelled", "ok"]);
    let left: Vec<bool> = next.inspector.calls(&echo()).into_iter().map(|it| it.left).collect();
    let outcome = next.inspector.outcome(&echo()).and_then(|it| it.cancellation);
    assert_eq!((left, outcome), (vec![true, false], Some(Cancellation::Left)));
    assert!(next.inspector.saved().open_calls.is_empty() && !next.is_open("tools/call"));
}

#[test]
fn with_tokens_in_memory_only_no_open_call_outlasts_the_page() {
    let mut wire = Wire::connect(|it| (it.memory_only, it.revision) = (true, "2025-11-25".to_owned()));
    wire.result_with("initialize", &[wire::JSON], server("2025-11-25", json!({ "tools": {} })));
    wire.accepted("notifications/initialized");
    wire.result("tools/list", tools());
    wire.calls("echo", json!({ "message": TOKEN }));
    assert_eq!(wire.status(&echo()), "pending");
    assert!(wire.inspector.saved().open_calls.is_empty());
}

#[test]
fn a_removed_call_comes_back_with_its_result_until_the_next_attempt() {
    let mut wire = connected("2025-11-25");
    called(&mut wire, "one");
    called(&mut wire, "two");
    let shown = |wire: &Wire| wire.inspector.history().shown(&echo());
    wire.input(Input::RemoveCall(2));
    assert_eq!((statuses(&wire).len(), shown(&wire)), (1, None));
    wire.input(Input::Undo);
    assert_eq!((statuses(&wire).len(), shown(&wire)), (2, Some(2)));
    wire.input(Input::Undo);
    assert_eq!(statuses(&wire).len(), 2, "there is nothing more to bring back");
    wire.input(Input::RemoveCall(1));
    wire.connect_again(pinned("2025-11-25"));
    assert!(wire.inspector.removed().is_none());
    wire.input(Input::RemoveCall(2));
    wire.input(Input::ForgetEverything);
    assert!(wire.inspector.removed().is_none());
}

#[test]
fn a_cleared_trace_comes_back_before_what_was_sent_since() {
    let mut wire = connected("2025-11-25");
    let numbers = |wire: &Wire| wire.inspector.trace().entries().iter().map(|it| it.number).collect::<Vec<_>>();
    let before = numbers(&wire);
    wire.calls("echo", json!({}));
    wire.input(Input::ClearTrace);
    assert!(numbers(&wire).is_empty());
    wire.result("tools/call", text("one"));
    let since = numbers(&wire);
    assert!(!since.is_empty());
    wire.input(Input::Undo);
    let all = numbers(&wire);
    assert!(all.starts_with(&before) && all.ends_with(&since) && all.is_sorted_by(|a, b| a < b));
    let call = wire.inspector.trace().newest().find(|it| it.rpc_id().is_some()).expect("the call");
    assert!(call.answer.is_some());
    assert_eq!(call.status().as_deref(), Some("200"));
    wire.input(Input::ClearTrace);
    wire.input(Input::DropRemoved);
    wire.input(Input::Undo);
    assert!(numbers(&wire).is_empty());
}

#[test]
fn a_call_of_another_server_is_none_of_this_one() {
    let mut wire = connected("2025-11-25");
    called(&mut wire, "one");
    wire.connect_again(|it| it.server = "https://other.example.com/mcp".to_owned());
    assert!(statuses(&wire).is_empty());
}

#[test]
#[cfg(unix)]
fn a_command_without_a_session_is_one_request_with_a_variable_for_the_token() {
    let mut wire = Wire::connect(|it| {
        it.bearer = TOKEN.to_owned();
        it.headers = vec![("X-Team".to_owned(), "geheim-team".to_owned())];
    });
    wire.result("server/discover", wire::discovered(json!({ "tools": {} })));
    wire.result("tools/list", tools());
    let text = command(&wire.inspector, &ask(json!({ "message": "it's $HOME" }))).expect("a command");
    assert!(text.starts_with("curl -sS --globoff \\\n") && !text.contains("geheim"), "{text}");
    let ran = run(&text);
    for line in [
        "--url",
        SERVER,
        &format!("authorization: Bearer {TOKEN}"),
        "X-Team: ",
        "mcp-method: tools/call",
        "mcp-name: echo",
        "mcp-protocol-version: 2026-07-28",
    ] {
        assert!(ran.lines().any(|it| it == line), "{line} in {ran}");
    }
    let body: Value = serde_json::from_str(ran.lines().last().expect("the body")).expect("JSON");
    assert_eq!(body["params"]["arguments"], json!({ "message": "it's $HOME" }));
}

#[test]
#[cfg(unix)]
fn where_the_server_gives_sessions_the_command_opens_one_of_its_own() {
    let wire = connected("2025-06-18");
    let text = command(&wire.inspector, &ask(json!({}))).expect("a command");
    assert!(!text.contains("s-1"), "{text}");
    let ran = run(&text);
    let sessions = ran.lines().filter(|it| *it == "mcp-session-id: s-2").count();
    let methods: Vec<&str> = ran.lines().filter(|it| it.starts_with("{\"jsonrpc\"")).collect();
    assert_eq!((sessions, methods.len()), (2, 3), "{ran}");
    for (body, method) in methods.into_iter().zip(["initialize", "notifications/initialized", "tools/call"]) {
        assert!(body.contains(&format!("\"{method}\"")), "{body}");
    }
}

#[test]
#[cfg(unix)]
fn over_http_sse_the_command_posts_to_the_origin_of_its_stream_whatever_the_event_says() {
    let mut wire = Wire::connect(|it| {
        (it.transport, it.bearer) = ("sse".to_owned(), TOKEN.to_owned());
    });
    let stream = wire.opens("GET");
    wire.event(stream, "event: endpoint\ndata: /messages?sessionId=s-1");
    wire.answer("initialize", 202, &[], "");
    let initialized = server("2024-11-05", json!({ "tools": {} }));
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 1, "result": initialized }));
    let text = command(&wire.inspector, &ask(json!({}))).expect("a command");
    assert!(!text.contains("s-1") && !text.contains(TOKEN), "{text}");
    for (endpoint, url) in [
        ("/messages?sessionId=s-2", "https://mcp.example.com/messages?sessionId=s-2"),
        ("https://mcp.example.com/m", "https://mcp.example.com/m"),
        ("https://evil.example/m", "https://mcp.example.com/https://evil.example/m"),
        (".evil.example/m", "https://mcp.example.com/.evil.example/m"),
        ("//evil.example/m", "https://mcp.example.com/"),
    ] {
        let events = format!("printf 'event: endpoint\\r\\ndata: {endpoint}\\r\\n\\r\\ndata: {{}}\\n'");
        let curl =
            "curl() { case $* in *--data-raw*) printf '%s\\n' \"$@\" >&2 ;; *) ".to_owned() + &events + " ;; esac; }\n";
        let output = Command::new("bash").args(["-c", &(curl + &text)]).output().expect("bash");
        let ran = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(ran.lines().filter(|it| *it == url).count(), 3, "{endpoint}: {ran}");
    }
}

#[test]
fn a_secret_among_the_arguments_is_masked_in_a_command_and_left_out_of_a_link() {
    let mut wire = Wire::connect(|it| it.bearer = TOKEN.to_owned());
    wire.result("server/discover", wire::discovered(json!({ "tools": {} })));
    wire.result("tools/list", tools());
    let named = ask(json!({ "apiKey": "geheim-key", "a": 1 }));
    let text = command(&wire.inspector, &named).expect("a command");
    assert!(text.starts_with(&format!("# Replace {MASK}")) && !text.contains("geheim"), "{text}");
    let made = link(&wire.inspector, &named).expect("a link");
    assert_eq!(made.left, Left::Secrets);
    assert_eq!(settings_link::arguments(&made.query).as_deref(), Some(r#"{"a":1}"#));
    let hidden = ask(json!({ "note": format!("it is {TOKEN}") }));
    assert!(!command(&wire.inspector, &hidden).expect("a command").contains(TOKEN));
    let made = link(&wire.inspector, &hidden).expect("a link");
    assert_eq!((made.left, settings_link::arguments(&made.query)), (Left::SecretArguments, None));
}

#[test]
fn a_link_brings_the_server_and_the_arguments_and_no_more() {
    let wire = modern(tools());
    let text = "{\"message\": \"ä & ?=#+ %41\", \"n\": 1.50}";
    let made = link(&wire.inspector, &Ask { target: echo(), arguments: text.to_owned() }).expect("a link");
    let draft = settings_link::read(&made.query).and_then(|it| it.draft).expect("it fills the form");
    assert!(draft == Draft { server: SERVER.to_owned(), ..Draft::default() });
    let arguments = settings_link::arguments(&made.query).expect("arguments");
    let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    assert_eq!((read(&arguments), arguments.contains("1.50"), made.left), (read(text), true, Left::Nothing));
    let long = ask(json!({ "message": "x".repeat(10_000) }));
    let made = link(&wire.inspector, &long).expect("a link");
    assert_eq!((made.left, settings_link::arguments(&made.query)), (Left::LongArguments, None));
}

#[test]
fn without_a_connection_or_with_arguments_that_are_no_json_there_is_no_command() {
    let mut wire = connected("2025-11-25");
    let broken = Ask { target: echo(), arguments: "{".to_owned() };
    assert!(command(&wire.inspector, &broken).is_none());
    wire.input(Input::Disconnect);
    assert!(command(&wire.inspector, &ask(json!({}))).is_none());
}
