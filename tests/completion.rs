//! Completion of arguments: how it is asked in each revision, and what of the responses counts.

mod golden;
mod wire;

use flowglass::inspector::{Found, Input};
use flowglass::mcp::completion::Completion;
use flowglass::mcp::connection::Target;
use flowglass::mcp::model::ItemKind;
use serde_json::{Value, json};
use wire::{AUTO, JSON, Wire, discovered, pinned, server};

const COMPLETE: &str = "completion/complete";

fn of(revision: &'static str) -> Wire {
    let mut wire = Wire::connect(pinned(revision));
    wire.result_with("initialize", &[JSON], server(revision, json!({ "completions": {} })));
    wire.accepted("notifications/initialized");
    if wire.is_open("GET") {
        wire.answer("GET", 405, &[], "");
    }
    wire
}

fn types(wire: &mut Wire, kind: ItemKind, typed: &str, others: &[(&str, &str)]) {
    let of = Target { kind, key: "chart".to_owned() };
    let others = others.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let asked = Completion { of, argument: "port".to_owned(), typed: typed.to_owned(), others };
    wire.input(Input::Complete(Box::new(asked)));
}

fn values(all: &[&str]) -> Value {
    json!({ "completion": { "values": all } })
}

/// What is shown: the text that was typed, and what came of it.
fn shown(wire: &Wire) -> (String, Option<Vec<String>>) {
    let completing = wire.inspector.completing().expect("a request").clone();
    let found = match completing.found {
        Found::Candidates(it) => Some(it.values),
        _ => None,
    };
    (completing.asked.typed, found)
}

#[test]
fn e_32_a_prompt_and_a_template_are_named_each_in_its_way() {
    let mut wire = of("2025-11-25");
    types(&mut wire, ItemKind::Prompts, "It", &[("sea", "Ionian")]);
    let params = &wire.body(COMPLETE)["params"];
    assert_eq!(params["ref"], json!({ "type": "ref/prompt", "name": "chart" }));
    assert_eq!(params["argument"], json!({ "name": "port", "value": "It" }));
    assert_eq!(params["context"], json!({ "arguments": { "sea": "Ionian" } }));
    wire.result(COMPLETE, values(&["Ithaca"]));
    types(&mut wire, ItemKind::Templates, "", &[]);
    let params = &wire.body(COMPLETE)["params"];
    assert_eq!(params["ref"], json!({ "type": "ref/resource", "uri": "chart" }));
    assert_eq!(params.get("context"), None);
}

#[test]
fn e_32_the_other_arguments_are_told_from_2025_06_18_on() {
    for (revision, told) in [("2025-03-26", false), ("2025-06-18", true)] {
        let mut wire = of(revision);
        types(&mut wire, ItemKind::Prompts, "", &[("sea", "Ionian")]);
        assert_eq!(wire.body(COMPLETE)["params"].get("context").is_some(), told, "{revision}");
    }
}

#[test]
fn a_06_a_modern_request_has_the_headers_and_the_meta_of_every_other() {
    let mut wire = Wire::connect(AUTO);
    wire.result("server/discover", discovered(json!({ "completions": {} })));
    types(&mut wire, ItemKind::Prompts, "I", &[]);
    assert_eq!(wire.header(COMPLETE, "mcp-method").as_deref(), Some(COMPLETE));
    assert_eq!(wire.header(COMPLETE, "mcp-name"), None);
    let meta = &wire.body(COMPLETE)["params"]["_meta"];
    assert_eq!(meta["io.modelcontextprotocol/protocolVersion"], "2026-07-28");
}

#[test]
fn a_response_for_an_older_text_changes_nothing() {
    let mut wire = of("2025-11-25");
    types(&mut wire, ItemKind::Prompts, "I", &[]);
    types(&mut wire, ItemKind::Prompts, "It", &[]);
    wire.result(COMPLETE, values(&["Ischia", "Ithaca"]));
    assert_eq!(shown(&wire), ("It".to_owned(), None));
    wire.result(COMPLETE, values(&["Ithaca"]));
    assert_eq!(shown(&wire), ("It".to_owned(), Some(vec!["Ithaca".to_owned()])));
}

#[test]
fn an_error_of_completion_is_no_problem_of_the_page() {
    let mut wire = of("2025-11-25");
    types(&mut wire, ItemKind::Prompts, "I", &[]);
    wire.error(COMPLETE, 200, json!({ "code": -32602, "message": "No such prompt" }));
    let found = wire.inspector.completing().map(|it| it.found.clone());
    assert_eq!(found, Some(Found::Refused(-32602, "No such prompt".to_owned())));
    types(&mut wire, ItemKind::Prompts, "It", &[]);
    wire.answer(COMPLETE, 500, &[], "");
    assert_eq!(wire.inspector.completing().map(|it| it.found.clone()), Some(Found::Nothing));
    assert!(wire.inspector.problems().is_empty() && wire.inspector.is_connected());
}

#[test]
fn e_32_a_server_without_the_capability_is_not_asked_and_the_oldest_revision_is_tried_once() {
    let mut wire = wire::connected("2025-11-25");
    types(&mut wire, ItemKind::Prompts, "I", &[]);
    assert!(!wire.is_open(COMPLETE) && !wire.inspector.completes());
    let mut wire = wire::connected("2024-11-05");
    types(&mut wire, ItemKind::Prompts, "I", &[]);
    wire.error(COMPLETE, 200, json!({ "code": -32601, "message": "Method not found" }));
    assert!(!wire.inspector.completes());
    types(&mut wire, ItemKind::Prompts, "It", &[]);
    assert!(!wire.is_open(COMPLETE));
}
