//! Resources and prompts of the demo's MCP server.

use super::server::Call;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

const GUIDE: &str = "# The harbour\n\nIt exists in this page only. The MCP server and the authorization server are part of Flowglass; \
their URLs end in `.invalid`, which no request can reach.\n\nEvery check is real: the code works once, the verifier must fit, \
a token for another audience is refused. Choose a fault on the first page to see what happens when one of the two servers is wrong.\n";

const CREST: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120" width="240" height="240"><rect width="120" height="120" rx="12" fill="#0b6b66"/><g fill="none" stroke="#fff" stroke-width="6" stroke-linecap="round"><circle cx="60" cy="28" r="9"/><path d="M60 38v58M40 52h40M26 74c4 16 18 24 34 24s30-8 34-24"/></g></svg>"##;

pub(super) fn resources() -> Value {
    json!([
        { "uri": "harbour://guide", "name": "guide", "title": "Guide", "description": "What this harbour is", "mimeType": "text/markdown" },
        { "uri": "harbour://berths", "name": "berths", "title": "Berths", "description": "Who lies where", "mimeType": "application/json" },
        { "uri": "harbour://crest", "name": "crest", "title": "Crest", "description": "A picture", "mimeType": "image/svg+xml" },
    ])
}

pub(super) fn templates() -> Value {
    json!([
        { "uriTemplate": "harbour://tides/{day}", "name": "tides", "title": "Tides of a day", "description": "High and low water", "mimeType": "application/json" },
    ])
}

pub(super) fn read(uri: &str) -> Option<Value> {
    let text = |media: &str, text: &str| json!({ "uri": uri, "mimeType": media, "text": text });
    let content = match (uri, uri.strip_prefix("harbour://tides/")) {
        ("harbour://guide", _) => text("text/markdown", GUIDE),
        ("harbour://berths", _) => text("application/json", &berths().to_string()),
        ("harbour://crest", _) => json!({ "uri": uri, "mimeType": "image/svg+xml", "blob": STANDARD.encode(CREST) }),
        (_, Some(day)) if !day.is_empty() => text("application/json", &tides(day).to_string()),
        _ => return None,
    };
    Some(json!({ "contents": [content] }))
}

fn berths() -> Value {
    json!([
        { "berth": 1, "ship": "Petrel", "since": "2026-07-28" },
        { "berth": 2, "ship": null, "since": null },
        { "berth": 3, "ship": "Kittiwake", "since": "2025-11-25" },
    ])
}

fn tides(day: &str) -> Value {
    json!({ "day": day, "high": ["03:12", "15:40"], "low": ["09:25", "21:51"] })
}

pub(super) fn prompts() -> Value {
    json!([
        {
            "name": "greet", "title": "Greet a ship", "description": "A greeting over the radio",
            "arguments": [
                { "name": "ship", "description": "Whom to greet", "required": true },
                { "name": "tone", "description": "formal or friendly" },
            ],
        },
        { "name": "explain_pkce", "title": "Explain PKCE", "description": "For someone new to it" },
    ])
}

pub(super) fn prompt(call: &Call) -> Option<Value> {
    let argument = |name: &str| call.argument(name).and_then(Value::as_str).filter(|it| !it.is_empty());
    let words = match call.param("name") {
        "greet" => format!(
            "Greet the ship {} over the radio, in a {} tone, in two sentences.",
            argument("ship").unwrap_or("without a name"),
            argument("tone").unwrap_or("friendly"),
        ),
        "explain_pkce" => {
            "Explain in three sentences why a client sends the hash first and the verifier later.".to_owned()
        }
        _ => return None,
    };
    Some(json!({ "messages": [{ "role": "user", "content": { "type": "text", "text": words } }] }))
}
