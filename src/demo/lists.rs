//! What the demo's MCP server says of itself, and its lists.

use super::answer::put;
use super::server::Call;
use super::{things, tools};
use crate::base::revision::Revision;
use serde_json::{Value, json};

/// The versions that `server/discover` lists.
pub(super) const VERSIONS: [&str; 4] = ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"];

/// What is said in every revision.
pub(super) fn about() -> Value {
    json!({
        "capabilities": { "tools": {}, "resources": {}, "prompts": {} },
        "instructions": "A harbour that exists in this page only. Get the weather, book a table, read the diary: nothing leaves this tab.",
    })
}

pub(super) fn info() -> Value {
    json!({ "name": "flowglass-demo", "title": "Harbour office (simulated)", "version": "1.0.0" })
}

/// The result of any request but a tool's call; `None` where there is none.
pub(super) fn answer(call: &Call) -> Option<Value> {
    let result = match call.method.as_str() {
        "server/discover" => discovered(),
        "ping" => json!({}),
        "tools/list" => json!({ "tools": tools::list(call.revision) }),
        "resources/list" => json!({ "resources": things::resources() }),
        "resources/templates/list" => json!({ "resourceTemplates": things::templates() }),
        "resources/read" => things::read(call.param("uri"))?,
        "prompts/list" => json!({ "prompts": things::prompts() }),
        "prompts/get" => things::prompt(call)?,
        _ => return None,
    };
    Some(cached(call, result))
}

fn discovered() -> Value {
    let mut result = about();
    put(&mut result, "supportedVersions", json!(VERSIONS));
    put(&mut result, "_meta", json!({ "io.modelcontextprotocol/serverInfo": info() }));
    result
}

/// From 2026-07-28 on lists and readings say how long they hold.
fn cached(call: &Call, mut result: Value) -> Value {
    if call.revision == Revision::R5 && call.method != "prompts/get" {
        put(&mut result, "ttlMs", json!(60_000));
        put(&mut result, "cacheScope", json!("private"));
    }
    result
}
