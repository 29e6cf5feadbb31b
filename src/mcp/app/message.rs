//! The messages that this client sends to an app.

use super::VERSION;
use super::bridge::{Subject, Theme};
use super::csp::Reach;
use crate::mcp::jsonrpc::{self, Id};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// The height up to which an app grows with what it shows, in CSS pixels.
pub const HIGHEST: u32 = 2_000;

/// The response to `ui/initialize`.
pub fn initialized(id: &Id, subject: &Subject) -> String {
    jsonrpc::result(
        id,
        &jsonrpc::raw(&Initialized {
            protocol_version: VERSION,
            host_info: json!({ "name": "flowglass", "title": "Flowglass", "version": env!("CARGO_PKG_VERSION") }),
            host_capabilities: capabilities(&subject.reach),
            host_context: Context {
                tool_info: Tool { tool: jsonrpc::known(&subject.tool.raw) },
                theme: subject.theme,
                display_mode: "inline",
                available_display_modes: ["inline"],
                container_dimensions: json!({ "width": subject.width, "maxHeight": HIGHEST }),
                platform: "web",
            },
        }),
    )
}

/// No conversation, no downloads, no permissions: none of them is declared.
fn capabilities(reach: &Reach) -> Value {
    let csp = json!({
        "connectDomains": reach.connect,
        "resourceDomains": reach.resources,
        "frameDomains": reach.frames,
        "baseUriDomains": reach.bases,
    });
    json!({ "openLinks": {}, "serverTools": {}, "serverResources": {}, "logging": {}, "sandbox": { "csp": csp } })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Initialized {
    protocol_version: &'static str,
    host_info: Value,
    host_capabilities: Value,
    host_context: Context,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    tool_info: Tool,
    theme: Theme,
    display_mode: &'static str,
    available_display_modes: [&'static str; 1],
    container_dimensions: Value,
    platform: &'static str,
}

#[derive(Serialize)]
struct Tool {
    tool: Box<RawValue>,
}

/// The arguments of the call, which are raw JSON.
pub fn tool_input(arguments: &str) -> String {
    #[derive(Serialize)]
    struct Input {
        arguments: Box<RawValue>,
    }
    notification("ui/notifications/tool-input", &jsonrpc::raw(&Input { arguments: jsonrpc::known(arguments) }))
}

/// The result of the call, which is raw JSON.
pub fn tool_result(result: &str) -> String {
    notification("ui/notifications/tool-result", &jsonrpc::known(result))
}

pub fn tool_cancelled(reason: &str) -> String {
    notification("ui/notifications/tool-cancelled", &jsonrpc::raw(&json!({ "reason": reason })))
}

pub fn theme_changed(theme: Theme) -> String {
    notification("ui/notifications/host-context-changed", &jsonrpc::raw(&json!({ "theme": theme })))
}

/// The id of the only request that this client sends to an app.
const TEARDOWN: &str = "teardown";

pub fn teardown(reason: &str) -> String {
    let params = jsonrpc::raw(&json!({ "reason": reason }));
    jsonrpc::request(&Id::Text(TEARDOWN.to_owned()), "ui/resource-teardown", Some(&params))
}

/// Whether a response is that to [`teardown`].
pub fn is_teardown(id: &Id) -> bool {
    matches!(id, Id::Text(it) if it == TEARDOWN)
}

fn notification(method: &str, params: &RawValue) -> String {
    jsonrpc::notification(method, Some(params))
}
