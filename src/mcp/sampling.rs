//! Sampling: what a server wants answered by a model, as a conversation with its wishes, and the messages that the user
//! writes in the model's place.

use crate::json::members::{self, Members};
use crate::mcp::jsonrpc;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::sync::Arc;

/// What stands in the place of a model's name.
const MODEL: &str = "written manually by the user";

/// A message that the user wrote in place of a model.
pub(super) fn message(text: &str) -> Box<RawValue> {
    jsonrpc::raw(&json!({
        "role": "assistant",
        "content": { "type": "text", "text": text },
        "model": MODEL,
        "stopReason": "endTurn",
    }))
}

/// A tool use that the user wrote in place of a model. The input goes out as it stands.
pub(super) fn tool_use(number: u32, tool: &str, input: &str) -> Box<RawValue> {
    let id = format!("use-{number}");
    let content = ToolUse { kind: "tool_use", id: &id, name: tool, input: jsonrpc::known(input) };
    jsonrpc::raw(&Sampled { role: "assistant", content, model: MODEL, stop_reason: "toolUse" })
}

#[derive(Serialize)]
struct Sampled<'a> {
    role: &'static str,
    content: ToolUse<'a>,
    model: &'static str,
    #[serde(rename = "stopReason")]
    stop_reason: &'static str,
}

#[derive(Serialize)]
struct ToolUse<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
    name: &'a str,
    input: Box<RawValue>,
}

/// What a server wants answered by a model, as far as the user needs to see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sampling {
    pub messages: Vec<Said>,
    pub system_prompt: Option<String>,
    pub max_tokens: Option<f64>,
    pub temperature: Option<f64>,
    pub stop_sequences: Vec<String>,
    pub include_context: Option<String>,
    /// The models that it would like, the most wanted first.
    pub models: Vec<String>,
    /// What matters how much, from 0 to 1: cost, speed, intelligence.
    pub priorities: [Option<f64>; 3],
    pub tools: Vec<OfferedTool>,
    /// `auto`, `required` or `none`.
    pub tool_choice: Option<String>,
}

/// A tool that the model may use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfferedTool {
    pub name: String,
    pub description: Option<String>,
    /// Raw JSON.
    pub input_schema: Option<Arc<str>>,
}

impl OfferedTool {
    fn read(tool: &RawValue) -> Option<Self> {
        let all = Members::of(tool.get())?;
        let input_schema = all.value("inputSchema").map(|it| it.get().into());
        Some(Self { name: all.read("name")?, description: all.shown("description"), input_schema })
    }
}

/// A message of a conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    pub role: String,
    pub parts: Vec<Part>,
}

/// A block of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Text(String),
    ToolUse {
        tool: String,
        input: String,
    },
    /// What a tool answered: its texts, other blocks as JSON.
    ToolResult {
        text: String,
        failed: bool,
    },
    /// An image or a sound, as raw JSON.
    Media(Arc<str>),
    /// Anything else, as JSON.
    Other(String),
}

/// A text as it is, any other value as JSON.
fn words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Said {
    fn read(message: &RawValue) -> Self {
        let all = Members::of(message.get()).unwrap_or_default();
        let content = all.value("content").unwrap_or(message);
        Self { role: all.words("role").unwrap_or_default(), parts: parts(content) }
    }

    /// All of it as text.
    pub fn text(&self) -> String {
        let texts: Vec<String> = self.parts.iter().map(Part::text).collect();
        texts.join("\n")
    }
}

/// The blocks of a content: one, or a list of them (2025-11-25).
fn parts(content: &RawValue) -> Vec<Part> {
    match serde_json::from_str::<Vec<&RawValue>>(content.get()) {
        Ok(blocks) if blocks.iter().all(|it| it.get().starts_with('{')) => blocks.into_iter().map(Part::read).collect(),
        _ => vec![Part::read(content)],
    }
}

impl Part {
    fn read(block: &RawValue) -> Self {
        let all = Members::of(block.get()).unwrap_or_default();
        let kind: String = all.read("type").unwrap_or_default();
        match (kind.as_str(), all.shown("text")) {
            ("text" | "", Some(text)) => Self::Text(text),
            ("tool_use", _) => Self::ToolUse {
                tool: all.words("name").unwrap_or_default(),
                input: all.get("input").unwrap_or("{}").to_owned(),
            },
            ("tool_result", _) => Self::ToolResult {
                text: all.value("content").map(|it| joined(&parts(it))).unwrap_or_default(),
                failed: all.read("isError").unwrap_or(false),
            },
            ("image" | "audio", _) => Self::Media(block.get().into()),
            _ => Self::Other(words(&held(block))),
        }
    }

    /// As text; what is none, as JSON.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Other(text) | Self::ToolResult { text, .. } => text.clone(),
            Self::ToolUse { tool, input } => format!("{tool} {input}"),
            Self::Media(raw) => raw.to_string(),
        }
    }
}

fn joined(parts: &[Part]) -> String {
    parts.iter().map(Part::text).collect::<Vec<_>>().join("\n")
}

impl Sampling {
    /// All of it, whatever its types: nobody answers what they were not shown.
    pub fn read(params: &str) -> Self {
        let all = Members::of(params).unwrap_or_default();
        let messages = all.list("messages").or_else(|| all.value("messages").map(|it| vec![it]));
        let wanted = all.object("modelPreferences");
        let hint = |it: &RawValue| Members::of(it.get())?.words("name");
        let tools = all.list("tools").unwrap_or_default();
        Self {
            messages: messages.unwrap_or_default().into_iter().map(Said::read).collect(),
            system_prompt: all.words("systemPrompt"),
            max_tokens: all.read("maxTokens"),
            temperature: all.read("temperature"),
            stop_sequences: all.strings("stopSequences").unwrap_or_default(),
            include_context: all.words("includeContext"),
            models: wanted.list("hints").unwrap_or_default().into_iter().filter_map(hint).collect(),
            priorities: ["costPriority", "speedPriority", "intelligencePriority"].map(|it| wanted.read(it)),
            tools: tools.into_iter().filter_map(OfferedTool::read).collect(),
            tool_choice: all.object("toolChoice").words("mode"),
        }
    }
}

/// A value in memory; its text where it cannot be held there.
pub(super) fn held(raw: &RawValue) -> Value {
    members::shown(raw.get()).unwrap_or_else(|| raw.get().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_sees_all_of_a_sampling_whatever_its_types() {
        let params = r#"{"messages":[{"role":7,"content":{"type":"text","text":"cut \ud83d"}},"bare",{"content":[1]}],
            "systemPrompt":["be evil"],"maxTokens":"many"}"#;
        let read = Sampling::read(params);
        let said: Vec<_> = read.messages.iter().map(|it| (it.role.as_str(), it.text())).collect();
        assert_eq!(said, [("7", "cut \u{fffd}".to_owned()), ("", "bare".to_owned()), ("", "[1]".to_owned())]);
        assert_eq!((read.system_prompt.as_deref(), read.max_tokens), (Some(r#"["be evil"]"#), None));
        assert_eq!(Sampling::read(r#"{"messages":"all"}"#).messages.len(), 1);
    }

    #[test]
    fn e_70_tools_and_wishes_of_a_sampling_are_shown_and_a_tool_use_is_an_answer() {
        let read = Sampling::read(
            r#"{"messages":[{"role":"assistant","content":[{"type":"text","text":"Looking"},{"type":"tool_use","name":"find","input":{"n":1.0}}]},
                {"role":"user","content":{"type":"tool_result","content":[{"type":"text","text":"none"}],"isError":true}}],
                "modelPreferences":{"hints":[{"name":"small"},{}],"speedPriority":0.9},"stopSequences":["END"],
                "tools":[{"name":"find","inputSchema":{ "type":"object" }},{"name":3}],"toolChoice":{"mode":"required"}}"#,
        );
        assert_eq!(read.messages[0].text(), "Looking\nfind {\"n\":1.0}");
        assert_eq!(read.messages[1].parts, [Part::ToolResult { text: "none".to_owned(), failed: true }]);
        assert_eq!((read.models, read.priorities), (vec!["small".to_owned()], [None, Some(0.9), None]));
        assert_eq!(read.tools.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["find"]);
        assert_eq!((read.stop_sequences, read.tool_choice.as_deref()), (vec!["END".to_owned()], Some("required")));
        let used = tool_use(1, "find", r#"{"n":1.0}"#);
        let said = used.get();
        assert!(said.contains(r#""type":"tool_use","id":"use-1","name":"find","input":{"n":1.0}"#), "{said}");
        assert!(said.contains(r#""stopReason":"toolUse""#), "{said}");
    }

    #[test]
    fn a_sampling_request_is_read_as_far_as_it_goes() {
        let read = Sampling::read(
            r#"{"messages":[{"role":"user","content":{"type":"text","text":"2+2?"}},{"role":"user","content":{"type":"image"}}],"maxTokens":10}"#,
        );
        assert_eq!(read.messages[0].text(), "2+2?");
        assert_eq!(read.messages[1].text(), r#"{"type":"image"}"#);
        assert_eq!(read.max_tokens, Some(10.0));
        assert_eq!(Sampling::read("[]"), Sampling::default());
    }
}
