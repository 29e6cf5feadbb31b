//! The messages that this client sends to an app.

use super::VERSION;
use super::bridge::{Mode, Subject, Theme};
use crate::json::members::Members;
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
            host_capabilities: capabilities(subject),
            host_context: Context {
                tool_info: Tool { tool: jsonrpc::known(&subject.tool.raw) },
                theme: subject.theme,
                display_mode: Mode::Inline,
                available_display_modes: [Mode::Inline, Mode::Fullscreen],
                container_dimensions: json!({ "width": subject.width, "maxHeight": HIGHEST }),
                platform: "web",
            },
        }),
    )
}

/// Messages are shown, of whatever kind. No model and no downloads: neither is declared.
fn capabilities(Subject { reach, granted, .. }: &Subject) -> Value {
    let granted: serde_json::Map<_, _> = granted.iter().map(|it| ((*it).to_owned(), json!({}))).collect();
    let message = json!({ "text": {}, "image": {}, "audio": {}, "resource": {}, "resourceLink": {} });
    let csp = json!({
        "connectDomains": reach.connect,
        "resourceDomains": reach.resources,
        "frameDomains": reach.frames,
        "baseUriDomains": reach.bases,
    });
    json!({
        "openLinks": {},
        "serverTools": {},
        "serverResources": {},
        "logging": {},
        "message": message,
        "sandbox": { "csp": csp, "permissions": granted },
    })
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
    display_mode: Mode,
    available_display_modes: [Mode; 2],
    container_dimensions: Value,
    platform: &'static str,
}

#[derive(Serialize)]
struct Tool {
    tool: Box<RawValue>,
}

#[derive(Serialize)]
struct Input {
    arguments: Box<RawValue>,
}

/// The arguments of the call, which are raw JSON.
pub fn tool_input(arguments: &str) -> String {
    notification("ui/notifications/tool-input", &jsonrpc::raw(&Input { arguments: jsonrpc::known(arguments) }))
}

/// The beginning of the arguments, as raw JSON.
pub fn tool_input_partial(arguments: &str) -> String {
    notification("ui/notifications/tool-input-partial", &jsonrpc::raw(&Input { arguments: jsonrpc::known(arguments) }))
}

/// The most parts that arguments are given in.
const PARTS: usize = 32;

/// What a model would have written of the arguments when it is at each of their members: those before it, and half of a
/// text. Each is raw JSON of an object.
pub fn parts(arguments: &str) -> Vec<String> {
    let all = Members::of(arguments).map(|it| it.once()).unwrap_or_default();
    let member = |name: &str, value: &str| format!("{}:{value}", json!(name));
    let mut written: Vec<String> = Vec::new();
    let mut parts = Vec::new();
    for (name, value) in all.iter().take(PARTS) {
        let value = value.get();
        let half = half(value).map(|it| member(name, &it));
        parts.push(format!("{{{}}}", written.iter().cloned().chain(half).collect::<Vec<_>>().join(",")));
        written.push(member(name, value));
    }
    parts
}

/// The first half of a text, as JSON again.
fn half(value: &str) -> Option<String> {
    let text: String = serde_json::from_str(value).ok()?;
    let half: String = text.chars().take(text.chars().count() / 2).collect();
    (!half.is_empty()).then(|| json!(half).to_string())
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

/// How it is displayed now, and the size of its frame in CSS pixels.
pub fn mode_changed(mode: Mode, width: u32, height: u32) -> String {
    let dimensions = match mode {
        Mode::Inline => json!({ "width": width, "maxHeight": HIGHEST }),
        Mode::Fullscreen => json!({ "width": width, "height": height }),
    };
    let context = json!({ "displayMode": mode, "containerDimensions": dimensions });
    notification("ui/notifications/host-context-changed", &jsonrpc::raw(&context))
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
