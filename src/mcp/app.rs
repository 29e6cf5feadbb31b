//! MCP Apps (SEP-1865, extension `io.modelcontextprotocol/ui`): what a tool says of its app, the page that its `ui://`
//! resource holds, what that page may reach, and the bridge between the app and this client.

pub mod bridge;
pub mod csp;
pub mod message;
pub mod page;

use super::model::Item;
use crate::json::members::Members;
use serde_json::{Value, json};

pub const EXTENSION: &str = "io.modelcontextprotocol/ui";
/// The one media type of an app's page.
pub const MIME: &str = "text/html;profile=mcp-app";
/// The version of the bridge (apps specification, "Lifecycle").
pub const VERSION: &str = "2026-01-26";

/// A longer URI names no app, in bytes.
const URI: usize = 8 << 10;

/// The settings with which this client declares the extension.
pub fn declared() -> Value {
    json!({ "mimeTypes": [MIME] })
}

/// The `ui://` resource that shows the results of a tool: `_meta.ui.resourceUri`, or the older `_meta["ui/resourceUri"]`.
pub fn resource_of(tool: &Item) -> Option<String> {
    let meta = Members::of(&tool.raw)?.object("_meta");
    let uri = meta.object("ui").read::<String>("resourceUri").or_else(|| meta.read("ui/resourceUri"));
    uri.filter(|it| it.starts_with("ui://") && it.len() <= URI)
}

/// Whether apps may call a tool: `_meta.ui.visibility` contains `app`, or is absent.
pub fn is_callable(tool: &Item) -> bool {
    let ui = Members::of(&tool.raw).unwrap_or_default().object("_meta").object("ui");
    ui.strings("visibility").is_none_or(|it| it.iter().any(|who| who == "app"))
}

/// A request of an app's that is answered later: its frame, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppCall {
    /// Unique while the page is open.
    pub frame: u32,
    pub number: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mcp::model::{ItemKind, page};
    use std::sync::Arc;

    fn tool(meta: &str) -> Arc<Item> {
        let list = format!(r#"{{"tools":[{{"name":"a","inputSchema":{{}},"_meta":{meta}}}]}}"#);
        page(ItemKind::Tools, &list).expect("a page").items.remove(0)
    }

    #[test]
    fn e_91_a_tool_names_its_app_in_two_ways_and_the_newer_counts() {
        let uri = |meta| resource_of(&tool(meta));
        assert_eq!(uri(r#"{"ui":{"resourceUri":"ui://a/b"}}"#).as_deref(), Some("ui://a/b"));
        assert_eq!(uri(r#"{"ui/resourceUri":"ui://old"}"#).as_deref(), Some("ui://old"));
        assert_eq!(uri(r#"{"ui":{"resourceUri":"ui://a"},"ui/resourceUri":"ui://old"}"#).as_deref(), Some("ui://a"));
        for none in ["{}", "null", "[]", r#"{"ui":7}"#, r#"{"ui":{"resourceUri":"https://a.example/"}}"#] {
            assert_eq!(uri(none), None, "{none}");
        }
        assert_eq!(uri(&format!(r#"{{"ui":{{"resourceUri":"ui://{}"}}}}"#, "a".repeat(URI))), None);
    }

    #[test]
    fn e_91_apps_call_what_is_visible_to_them() {
        let callable = |meta| is_callable(&tool(meta));
        assert!(callable("{}") && callable(r#"{"ui":{"visibility":["app"]}}"#));
        assert!(callable(r#"{"ui":{"visibility":["model","app"]}}"#) && callable(r#"{"ui":{"visibility":"x"}}"#));
        assert!(!callable(r#"{"ui":{"visibility":["model"]}}"#) && !callable(r#"{"ui":{"visibility":[]}}"#));
    }
}
