//! What a server notes about an item besides its names: icon, size, annotations.

use super::Item;
use crate::json::members::Members;
use serde_json::Value;

/// The longest icon that is drawn, in bytes of its URL.
const ICON: usize = 128 << 10;
/// What an icon may be (MCP, icons). No SVG: nothing draws one unasked.
const ICONS: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];

/// The first icon of an implementation that is part of the message itself (2025-11-25 and later).
pub(super) fn icon(of: &Members<'_>) -> Option<String> {
    let all = of.list("icons")?;
    all.into_iter().filter_map(|it| Members::of(it.get())?.read::<String>("src")).find(|src| {
        let kind = src.strip_prefix("data:").and_then(|it| it.split([';', ',']).next());
        src.len() <= ICON && kind.is_some_and(|it| ICONS.contains(&it))
    })
}

/// An annotation (`audience`, `priority`, `lastModified`) as text, where its value is one that can be.
pub(in crate::mcp) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(all) => {
            Some(all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")).filter(|it| !it.is_empty())
        }
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl Item {
    /// An image that is part of the item (2025-11-25 and later), as for a server.
    pub fn icon(&self) -> Option<String> {
        icon(&Members::of(&self.raw)?)
    }

    /// Of a resource, in bytes, before it is encoded.
    pub fn size(&self) -> Option<u64> {
        Members::of(&self.raw)?.read("size")
    }

    /// What the server notes about the item (`audience`, `priority`, `lastModified`), in words.
    pub fn annotation(&self, name: &str) -> Option<String> {
        self.annotations.get(name).and_then(text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ItemKind, ServerInfo, item};

    #[test]
    fn an_icon_is_part_of_the_message_and_no_svg() {
        let icon = |icons: &str| {
            ServerInfo::parse(&format!(r#"{{"protocolVersion":"2025-11-25","serverInfo":{{"icons":{icons}}}}}"#))
                .1?
                .icon
        };
        let all = r#"["x",{"src":"https://a.example/i.png"},{"src":"data:image/svg+xml,<svg/>"},{"src":"data:image/png;base64,AA=="}]"#;
        assert_eq!(icon(all).as_deref(), Some("data:image/png;base64,AA=="));
        assert_eq!(icon(r#"[{"src":"data:image/pngx,a"},{"src":"javascript:alert(1)"},{}]"#), None);
        assert_eq!(icon("{}"), None);
    }

    #[test]
    fn e_26_what_is_noted_about_a_resource_is_read_as_far_as_it_can_be() {
        let noted = r#""annotations":{"audience":["user",3,"assistant"],"priority":0.8,"lastModified":"2026-01-12T15:00:58Z","x":{}}"#;
        let item =
            item(ItemKind::Resources, &format!(r#"{{"uri":"a:b","name":"n","size":2048,{noted}}}"#)).expect("valid");
        assert_eq!((item.size(), item.icon()), (Some(2048), None));
        let read = ["audience", "priority", "lastModified", "x", "y"].map(|name| item.annotation(name));
        let words = |text: &str| Some(text.to_owned());
        assert_eq!(read, [words("user, assistant"), words("0.8"), words("2026-01-12T15:00:58Z"), None, None]);
    }

    #[test]
    fn e_49_an_item_has_an_icon_as_a_server_has() {
        let icon = |src: &str| {
            item(ItemKind::Prompts, &format!(r#"{{"name":"n","icons":[{{"src":"{src}"}}]}}"#)).expect("valid").icon()
        };
        assert_eq!(icon("data:image/png;base64,AA==").as_deref(), Some("data:image/png;base64,AA=="));
        assert_eq!(icon("https://a.example/i.png"), None);
    }
}
