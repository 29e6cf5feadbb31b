//! A message that the user writes: any method with any params, sent as the connection sends its own.

use super::connection::{self, Connection, Params};
use super::jsonrpc::{self, Id, Message};
use super::mirror;
use super::model::{Item, ItemKind};
use super::task::names_task;
use crate::base::text::Text;
use crate::http::Request;
use crate::json::members::Members;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt;

/// The methods of requests that a client may send (MCP 2024-11-05 to 2026-07-28), to choose from.
pub const METHODS: [&str; 16] = [
    "ping",
    "tools/list",
    "tools/call",
    "resources/list",
    "resources/templates/list",
    "resources/read",
    "prompts/list",
    "prompts/get",
    "completion/complete",
    "logging/setLevel",
    "server/discover",
    "tasks/list",
    "tasks/get",
    "tasks/result",
    "tasks/update",
    "tasks/cancel",
];

/// A method and its params, before it has an id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawMessage {
    pub method: String,
    /// Raw JSON, as it goes out.
    pub params: Option<String>,
}

/// Why what was typed cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    NoMethod,
    /// The parser's words.
    NotJson(String),
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMethod => f.write_str("Enter a method, such as tools/list."),
            Self::NotJson(said) => write!(f, "The params are not JSON: {said}."),
        }
    }
}

impl RawMessage {
    /// What was typed; empty params are none.
    pub fn typed(method: &str, params: &str) -> Result<Self, NotSent> {
        let (method, params) = (method.trim(), params.trim());
        if method.is_empty() {
            return Err(NotSent::NoMethod);
        }
        if !params.is_empty() {
            serde_json::from_str::<&RawValue>(params).map_err(|it| NotSent::NotJson(it.to_string()))?;
        }
        let params = Some(params).filter(|it| !it.is_empty()).map(str::to_owned);
        Ok(Self { method: method.to_owned(), params })
    }

    /// The request or notification that a body holds, without what a connection adds to each; `None` where it holds none,
    /// or was cut.
    pub fn of_sent(body: &str) -> Option<Self> {
        let (id, method, params) = match jsonrpc::message(body).ok()? {
            Message::Request { id, method, params } => (Some(id), method, params),
            Message::Notification { method, params } => (None, method, params),
            Message::Result { .. } | Message::Error { .. } => return None,
        };
        let params = params.and_then(|it| match Members::of(&it) {
            Some(all) => own(&all, id.as_ref()),
            None => Some(it.to_string()),
        });
        Some(Self { method, params })
    }

    /// Whether it goes out without an id (MCP, "Notifications").
    pub fn is_notification(&self) -> bool {
        self.method.starts_with("notifications/")
    }

    /// Whether it is about the tool, prompt or resource of that name or URI.
    pub fn is_about(&self, key: &str) -> bool {
        self.name().as_deref() == Some(key)
    }

    /// The tool, prompt or resource that it is about.
    fn name(&self) -> Option<String> {
        let all = Members::of(self.params.as_deref()?)?;
        let is = |kind: ItemKind| self.method == kind.method();
        match () {
            () if is(ItemKind::Tools) || is(ItemKind::Prompts) => all.read("name"),
            () if is(ItemKind::Resources) => all.read("uri"),
            () => None,
        }
    }

    /// The task that it is about.
    fn task(&self) -> Option<String> {
        let params = self.params.as_deref().filter(|_| names_task(&self.method))?;
        Members::of(params)?.read("taskId")
    }

    /// The headers that mirror the arguments of a tool.
    fn mirrored(&self, tool: &Item) -> Vec<(String, String)> {
        let params = self.params.as_deref().and_then(Members::of).unwrap_or_default();
        let schema = tool.input_schema.as_deref();
        schema.zip(params.get("arguments")).map(|(schema, it)| mirror::headers(schema, it)).unwrap_or_default()
    }
}

/// Params without the `_meta` that a connection writes; nothing where nothing else was in them.
fn own(params: &Members<'_>, id: Option<&Id>) -> Option<String> {
    let mut kept = Params::new();
    for (name, value) in params.iter() {
        match Members::of(value.get()).filter(|_| name == "_meta") {
            Some(meta) => kept.extend(users(&meta, id).map(|it| (name, it))),
            None => kept.push((name, value.to_owned())),
        }
    }
    let only_ours = kept.is_empty() && params.iter().next().is_some();
    (!only_ours).then(|| connection::object(&kept).get().to_owned())
}

/// The members of a `_meta` that the user wrote.
fn users(meta: &Members<'_>, id: Option<&Id>) -> Option<Box<RawValue>> {
    let is_ours = |name: &str, value: &RawValue| match name {
        "progressToken" => serde_json::from_str(value.get()).ok().as_ref() == id,
        _ => connection::OWN_META.contains(&name),
    };
    let kept: Params<'_> =
        meta.iter().filter(|(name, it)| !is_ours(name, it)).map(|(name, it)| (name, it.to_owned())).collect();
    (!kept.is_empty()).then(|| connection::object(&kept))
}

impl Connection {
    /// The request for a message that the user wrote, with the headers and the `_meta` of this connection; without an id
    /// where it is a notification. The schema of the tool that it calls says which arguments are mirrored in headers.
    pub fn raw(&mut self, raw: &RawMessage, tool: Option<&Item>) -> (Option<Id>, Request) {
        let known = raw.params.as_deref().map(jsonrpc::known);
        if raw.is_notification() {
            return (None, self.notify(&raw.method, known.as_deref()));
        }
        let id = self.next_id();
        let all = known.as_ref().map_or_else(|| Some(Members::default()), |it| Members::of(it.get()));
        let params: Option<Params<'_>> =
            all.as_ref().map(|it| it.iter().map(|(name, value)| (name, value.to_owned())).collect());
        // Params that are no object have no room for `_meta`, and an empty one stays where nothing is added.
        let bare = known.is_some() && self.revision().has_handshake();
        let Some(params) = params.filter(|it| !(bare && it.is_empty())) else {
            return (Some(id.clone()), self.send(jsonrpc::request(&id, &raw.method, known.as_deref())));
        };
        let mut request = self.post(&id, &raw.method, params, raw.name().as_deref());
        if let Some(task) = raw.task() {
            request = self.routed(request, &task);
        }
        let tool = tool.filter(|_| !self.revision().has_handshake());
        for (name, value) in tool.map(|it| raw.mirrored(it)).unwrap_or_default() {
            request = request.header(&name, Text::plain(value));
        }
        (Some(id), request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::revision::Revision;
    use crate::settings::Draft;

    fn sent(revision: Revision, method: &str, params: &str) -> (Option<Id>, String, Request) {
        let draft = Draft { server: "https://mcp.example/mcp".to_owned(), ..Draft::default() };
        let settings = draft.settings().unwrap_or_else(|refusals| panic!("{refusals:?}"));
        let mut connection = Connection::new(&settings, None, revision);
        let raw = RawMessage::typed(method, params).expect("it can be sent");
        let (id, request) = connection.raw(&raw, None);
        let body = request.body.as_ref().map(Text::expose).unwrap_or_default();
        (id, body, request)
    }

    #[test]
    fn what_was_typed_goes_out_as_it_stands() {
        let (id, body, _) = sent(Revision::R4, "x/y", r#" {"n": 1.0, "a": {"b" :[ ]}, "n": 2} "#);
        assert_eq!(id, Some(Id::Number(1)));
        assert_eq!(body, r#"{"jsonrpc":"2.0","id":1,"method":"x/y","params":{"n":1.0,"a":{"b" :[ ]},"n":2}}"#);
        assert_eq!(sent(Revision::R4, "ping", "").1, r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#);
        assert_eq!(sent(Revision::R4, "x", "[1,2]").1, r#"{"jsonrpc":"2.0","id":1,"method":"x","params":[1,2]}"#);
    }

    #[test]
    fn a_notification_has_no_id() {
        let (id, body, _) = sent(Revision::R4, "notifications/x", r#"{"a":1}"#);
        assert_eq!((id, body.as_str()), (None, r#"{"jsonrpc":"2.0","method":"notifications/x","params":{"a":1}}"#));
    }

    #[test]
    fn the_connection_adds_what_its_revision_asks_for_and_the_users_meta_stays() {
        let params = r#"{"name":"echo","_meta":{"a.example/x":1},"arguments":{}}"#;
        let (_, body, request) = sent(Revision::LATEST, "tools/call", params);
        let header = |name: &str| request.headers.iter().find(|(it, _)| it == name).map(|(_, it)| it.expose());
        assert_eq!(header("mcp-method").as_deref(), Some("tools/call"));
        assert_eq!(header("mcp-name").as_deref(), Some("echo"));
        let meta = Members::of(&body).expect("an object").object("params").object("_meta");
        assert_eq!((meta.get("a.example/x"), meta.get("progressToken")), (Some("1"), Some("1")));
        assert!(meta.get("io.modelcontextprotocol/protocolVersion").is_some());
        let again = RawMessage::of_sent(&body).expect("a message");
        let params = r#"{"_meta":{"a.example/x":1},"name":"echo","arguments":{}}"#;
        assert_eq!((again.method.as_str(), again.params.as_deref()), ("tools/call", Some(params)));
    }

    #[test]
    fn what_a_connection_adds_is_not_sent_twice() {
        for (revision, method, params) in [
            (Revision::R4, "tools/call", r#"{"name":"echo","arguments":{}}"#),
            (Revision::LATEST, "tools/list", r#"{"cursor":"2"}"#),
            (Revision::R4, "x", r#"{"_meta":{"progressToken":"mine"}}"#),
            (Revision::R4, "x", "{}"),
        ] {
            let (_, body, _) = sent(revision, method, params);
            assert_eq!(RawMessage::of_sent(&body).and_then(|it| it.params).as_deref(), Some(params), "{body}");
        }
        let bare = sent(Revision::LATEST, "tools/list", "").1;
        assert_eq!(RawMessage::of_sent(&bare), Some(RawMessage { method: "tools/list".to_owned(), params: None }));
        for other in ["", r#"{"jsonrpc":"2.0","id":1,"result":{}}"#, r#"{"jsonrpc":"2.0","id":1,"meth"#] {
            assert_eq!(RawMessage::of_sent(other), None, "{other}");
        }
    }

    #[test]
    fn what_cannot_be_sent_is_said() {
        assert_eq!(RawMessage::typed(" ", "{}"), Err(NotSent::NoMethod));
        assert!(matches!(RawMessage::typed("x", "{"), Err(NotSent::NotJson(_))));
    }
}
