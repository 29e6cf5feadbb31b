//! What a server asks of the person: input in a form or on a page (elicitation), an answer to write (sampling).
//!
//! Both ways of asking lead here: requests of the server's (up to 2025-11-25), and inputs that a result wants before
//! there is one (2026-07-28, multi round-trip requests).

pub mod form;

use crate::jsonrpc::{self, Id};
use crate::mcp::connection::Target;
use crate::mcp::era::{INVALID_PARAMS, METHOD_NOT_FOUND};
use crate::members::{self, Members};
use crate::revision::Revision;
use crate::settings::Root;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::sync::Arc;

/// One question, waiting for a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Unique while the page is open.
    pub number: u32,
    pub kind: Kind,
    /// The raw `params`.
    pub params: Arc<str>,
    pub asker: Asker,
}

/// What is asked. The names are those of `data-kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Form,
    Url,
    Sampling,
    /// The server wants more scopes than the token has.
    StepUp,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Form => "elicitation",
            Self::Url => "elicitation-url",
            Self::Sampling => "sampling",
            Self::StepUp => "step-up",
        }
    }
}

/// Who waits for the answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Asker {
    /// A request of the server's, and the use during which it came, where it came on its stream.
    Request { id: Id, during: Option<Target> },
    /// A result that wants input, under this key.
    Round { target: Target, key: String },
    /// Nobody: an error named a page to visit first (2025-11-25, -32042).
    Nobody { target: Target },
    /// This client, before it asks for more scopes.
    StepUp { target: Option<Target> },
}

impl Asker {
    /// The use that waits for it.
    pub const fn target(&self) -> Option<&Target> {
        match self {
            Self::Request { during: target, .. } | Self::StepUp { target } => target.as_ref(),
            Self::Round { target, .. } | Self::Nobody { target } => Some(target),
        }
    }
}

/// What a person answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Raw JSON: the content of a form, the message written; unused where there is nothing to say.
    Accept(String),
    Decline,
    Cancel,
}

/// What becomes of something that a server wants of its client.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    Ask(Kind),
    /// Known without asking: raw JSON.
    Known(Arc<str>),
    /// Not offered: the error to give, and whether asking for it broke a rule.
    Refused {
        code: i64,
        why: String,
    },
}

/// Judges a request, or an input request, by its method.
pub fn wanted(revision: Revision, method: &str, params: &str, roots: &[Root]) -> Wanted {
    match method {
        "ping" if revision.has_handshake() => Wanted::Known("{}".into()),
        "roots/list" => Wanted::Known(json!({ "roots": listed(roots) }).to_string().into()),
        "sampling/createMessage" => sampling(params),
        "elicitation/create" if revision.has_elicitation() => elicitation(revision, params),
        "elicitation/create" => refused(METHOD_NOT_FOUND, "this revision has no elicitation"),
        other => refused(METHOD_NOT_FOUND, &format!("Flowglass does not know the method {other}")),
    }
}

fn listed(roots: &[Root]) -> Vec<Value> {
    let one = |root: &Root| match &root.name {
        Some(name) => json!({ "uri": root.uri, "name": name }),
        None => json!({ "uri": root.uri }),
    };
    roots.iter().map(one).collect()
}

/// `tools` need a capability of their own, which this client does not declare (2025-11-25, sampling).
fn sampling(params: &str) -> Wanted {
    match member(params, "tools").or_else(|| member(params, "toolChoice")) {
        Some(_) => refused(INVALID_PARAMS, "sampling with tools was not offered"),
        None => Wanted::Ask(Kind::Sampling),
    }
}

fn elicitation(revision: Revision, params: &str) -> Wanted {
    match member(params, "mode").as_ref().map(|it| it.as_str().unwrap_or_default()) {
        None | Some("form") => Wanted::Ask(Kind::Form),
        Some("url") if revision.has_url_elicitation() => Wanted::Ask(Kind::Url),
        Some(mode) => refused(INVALID_PARAMS, &format!("the elicitation mode \"{mode}\" was not offered")),
    }
}

fn refused(code: i64, why: &str) -> Wanted {
    Wanted::Refused { code, why: why.to_owned() }
}

/// A value in memory; its text where it cannot be held there.
fn held(raw: &RawValue) -> Value {
    members::shown(raw.get()).unwrap_or_else(|| raw.get().into())
}

/// A member of an object in raw JSON; `null` counts as absent.
fn member(object: &str, name: &str) -> Option<Value> {
    Members::of(object)?.value(name).map(held)
}

impl Question {
    /// The result to send; `None` where the person's refusal is an error instead (sampling).
    pub fn result(&self, reply: &Reply) -> Option<Box<RawValue>> {
        match (self.kind, reply) {
            (Kind::Sampling, Reply::Accept(text)) => Some(message(text)),
            (Kind::Sampling | Kind::StepUp, _) => None,
            (Kind::Form, Reply::Accept(content)) => {
                Some(jsonrpc::raw(&Accepted { action: "accept", content: jsonrpc::known(content) }))
            }
            (Kind::Url, Reply::Accept(_)) => Some(jsonrpc::raw(&json!({ "action": "accept" }))),
            (_, Reply::Decline) => Some(jsonrpc::raw(&json!({ "action": "decline" }))),
            (_, Reply::Cancel) => Some(jsonrpc::raw(&json!({ "action": "cancel" }))),
        }
    }

    /// What the server says with it.
    pub fn message(&self) -> String {
        member(&self.params, "message").and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The page that it wants visited, as it was given.
    pub fn url(&self) -> String {
        member(&self.params, "url").and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

#[derive(serde::Serialize)]
struct Accepted {
    action: &'static str,
    content: Box<RawValue>,
}

/// A message that a person wrote in the place of a model.
fn message(text: &str) -> Box<RawValue> {
    jsonrpc::raw(&json!({
        "role": "assistant",
        "content": { "type": "text", "text": text },
        "model": "a person, by hand",
        "stopReason": "endTurn",
    }))
}

/// The scopes of a step-up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Scopes {
    /// What the server wants now.
    pub required: String,
    pub held: String,
    /// All that will be asked for.
    pub scope: String,
}

impl Scopes {
    pub fn read(params: &str) -> Self {
        serde_json::from_str(params).unwrap_or_default()
    }
}

/// What a server wants answered by a model, as far as a person needs to see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sampling {
    pub messages: Vec<Said>,
    pub system_prompt: Option<String>,
    pub max_tokens: Option<f64>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    pub role: String,
    pub content: Value,
}

/// A text as it is, any other value as JSON.
fn words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Said {
    fn read(message: &RawValue) -> Self {
        let all = Members::of(message.get()).unwrap_or_default();
        let content = held(all.value("content").unwrap_or(message));
        Self { role: all.words("role").unwrap_or_default(), content }
    }

    /// Its text; any other content as JSON.
    pub fn text(&self) -> String {
        words(self.content.get("text").filter(|it| it.is_string()).unwrap_or(&self.content))
    }
}

impl Sampling {
    /// All of it, whatever its types: nobody answers what they were not shown.
    pub fn read(params: &str) -> Self {
        let all = Members::of(params).unwrap_or_default();
        let messages = all.list("messages").or_else(|| all.value("messages").map(|it| vec![it]));
        Self {
            messages: messages.unwrap_or_default().into_iter().map(Said::read).collect(),
            system_prompt: all.words("systemPrompt"),
            max_tokens: all.read("maxTokens"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(revision: Revision, method: &str, params: &str) -> Wanted {
        let roots = [Root { uri: "file:///a".to_owned(), name: None }];
        wanted(revision, method, params, &roots)
    }

    fn code(it: &Wanted) -> Option<i64> {
        match it {
            Wanted::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    fn question(kind: Kind) -> Question {
        let asker = Asker::Request { id: Id::Number(1), during: None };
        Question { number: 1, kind, params: "{}".into(), asker }
    }

    fn result(kind: Kind, reply: &Reply) -> Option<String> {
        question(kind).result(reply).map(|it| it.get().to_owned())
    }

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
    fn a_69_e_71_ping_and_roots_are_answered_without_asking() {
        assert_eq!(judged(Revision::R4, "ping", ""), Wanted::Known("{}".into()));
        let roots = r#"{"roots":[{"uri":"file:///a"}]}"#;
        assert_eq!(judged(Revision::R1, "roots/list", ""), Wanted::Known(roots.into()));
        assert_eq!(code(&judged(Revision::R5, "ping", "")), Some(-32601));
    }

    #[test]
    fn e_61_e_67_modes_of_elicitation() {
        assert_eq!(judged(Revision::R3, "elicitation/create", "{}"), Wanted::Ask(Kind::Form));
        assert_eq!(judged(Revision::R4, "elicitation/create", r#"{"mode":"url"}"#), Wanted::Ask(Kind::Url));
        assert_eq!(code(&judged(Revision::R3, "elicitation/create", r#"{"mode":"url"}"#)), Some(-32602));
        assert_eq!(code(&judged(Revision::R4, "elicitation/create", r#"{"mode":"mind"}"#)), Some(-32602));
        assert_eq!(code(&judged(Revision::R2, "elicitation/create", "{}")), Some(-32601));
    }

    #[test]
    fn e_70_sampling_with_tools_is_not_offered() {
        assert_eq!(judged(Revision::R4, "sampling/createMessage", "{}"), Wanted::Ask(Kind::Sampling));
        assert_eq!(code(&judged(Revision::R4, "sampling/createMessage", r#"{"tools":[]}"#)), Some(-32602));
        assert_eq!(code(&judged(Revision::R4, "tasks/get", "{}")), Some(-32601));
    }

    #[test]
    fn e_63_content_goes_with_an_accepted_form_alone() {
        let accept = Reply::Accept(r#"{"n":1.0}"#.to_owned());
        assert_eq!(result(Kind::Form, &accept).as_deref(), Some(r#"{"action":"accept","content":{"n":1.0}}"#));
        assert_eq!(result(Kind::Url, &accept).as_deref(), Some(r#"{"action":"accept"}"#));
        for kind in [Kind::Form, Kind::Url] {
            assert_eq!(result(kind, &Reply::Decline).as_deref(), Some(r#"{"action":"decline"}"#));
            assert_eq!(result(kind, &Reply::Cancel).as_deref(), Some(r#"{"action":"cancel"}"#));
        }
        assert_eq!(result(Kind::Sampling, &Reply::Decline), None);
        let said: Value = serde_json::from_str(&result(Kind::Sampling, &Reply::Accept("Hi".to_owned())).expect("some"))
            .expect("JSON");
        assert_eq!((&said["role"], &said["content"]["text"]), (&json!("assistant"), &json!("Hi")));
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
