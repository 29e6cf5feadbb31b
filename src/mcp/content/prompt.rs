//! The messages of a prompt as they are taken along: as they would reach a model, in words or in JSON.

use super::shape::Shape;
use super::{Block, Body, Content};
use crate::base::format;
use crate::json::members::Members;
use crate::mcp::model::ItemKind;
use serde_json::value::RawValue;
use std::sync::Arc;

/// Each message by its role and its texts; what is no text is named.
pub fn as_text(result: &str) -> String {
    let groups = Content::read(ItemKind::Prompts, result).groups;
    let message = |role: Option<String>, blocks: Vec<Block>| {
        let said: Vec<String> = blocks.iter().map(|it| in_words(it, result)).collect();
        format!("{}:\n{}", role.unwrap_or_default(), said.join("\n"))
    };
    let messages: Vec<String> = groups.into_iter().map(|it| message(it.role, it.blocks)).collect();
    messages.join("\n\n")
}

/// The list of messages as it was received.
pub fn as_json(result: &str) -> Option<Arc<str>> {
    Members::of(result)?.value("messages").map(RawValue::get).map(Arc::from)
}

fn in_words(block: &Block, result: &str) -> String {
    match (&block.body, block.shape) {
        (Body::Text(text), Shape::Unknown) => format!("[unknown content: {}]", text.all(result)),
        (Body::Text(text), _) => text.all(result).to_string(),
        (Body::Media(media), shape) => format!("[{}: {}, {}]", shape.name(), media.mime, format::bytes(media.size)),
        (Body::Link(link), _) => format!("[resource link: {}]", link.uri),
        (Body::Nothing, _) => {
            let uri = block.resource.as_ref().map(|it| it.uri.as_str()).unwrap_or_default();
            format!("[resource: {uri}]")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn messages_are_taken_with_their_roles_and_what_is_no_text_is_named() {
        let resource =
            json!({ "type": "resource", "resource": { "uri": "a:b", "mimeType": "text/plain", "text": "log" } });
        let messages = json!([
            { "role": "user", "content": { "type": "text", "text": "Say\n\"hello\"" } },
            { "role": "assistant", "content": [resource, { "type": "image", "mimeType": "image/png", "data": "QUJD" }] },
            { "role": "user", "content": { "type": "resource_link", "uri": "x:y", "name": "n" } },
        ]);
        let result = json!({ "description": "d", "messages": messages }).to_string();
        assert_eq!(
            as_text(&result),
            "user:\nSay\n\"hello\"\n\nassistant:\nlog\n[image: image/png, 3 B]\n\nuser:\n[resource link: x:y]"
        );
        let taken = as_json(&result).expect("messages");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&taken).expect("JSON"), messages);
        assert_eq!((as_text("{}"), as_json("[]")), (String::new(), None));
    }
}
