//! What a server asks of the user: input in a form or on a page (elicitation), an answer to write (sampling).
//!
//! Both ways of asking lead here: requests of the server's (up to 2025-11-25), and inputs that a result wants before
//! there is one (2026-07-28, multi round-trip requests).

use crate::base::address::{Address, AddressError};
use crate::base::revision::Revision;
use crate::json::members::Members;
use crate::mcp::app::AppCall;
use crate::mcp::connection::Target;
use crate::mcp::era::{INVALID_PARAMS, METHOD_NOT_FOUND};
use crate::mcp::jsonrpc::{self, Id};
use crate::mcp::sampling;
use crate::settings::Root;
pub use crate::trace::problem::oauth::{Endpoints, Transfer};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::sync::Arc;

/// One question, waiting for the user.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Unique while the page is open.
    pub number: u32,
    pub kind: QuestionKind,
    /// The raw `params`.
    pub params: Arc<str>,
    pub asker: Asker,
}

/// What is asked. The names are those of `data-kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionKind {
    Form,
    Url,
    Sampling,
    /// The server wants more scopes than the token has.
    StepUp,
    /// Something that was typed would go to an origin that it was not typed for.
    Secret,
    /// A code would go to another origin than the login's, and no `iss` is promised.
    Endpoint,
    /// An app would call a tool.
    AppCall,
    /// An app would open a page.
    AppLink,
    /// An app would be shown over the whole page.
    AppFullscreen,
}

impl QuestionKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Form => "elicitation",
            Self::Url => "elicitation-url",
            Self::Sampling => "sampling",
            Self::StepUp => "step-up",
            Self::Secret => "secret",
            Self::Endpoint => "endpoint",
            Self::AppCall => "app-call",
            Self::AppLink => "app-link",
            Self::AppFullscreen => "app-fullscreen",
        }
    }
}

/// Who waits for the answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Asker {
    /// A request of the server's, and the use during which it came, where it came on its stream.
    Request { id: Id, during: Option<Target> },
    /// A request of the server's that is a task by now (2025-11-25), and the use during which it came.
    Received { task: String, during: Option<Target> },
    /// A result that wants input, under this key.
    Round { target: Target, key: String },
    /// A task that a call became, under this key (2026-07-28).
    Task { task: String, key: String, target: Target },
    /// Nobody: an error named a page to visit first (2025-11-25, -32042).
    Nobody { target: Target },
    /// This client, before it asks for more scopes.
    StepUp { target: Option<Target> },
    /// This client, before something leaves.
    Client,
    /// An app, with a request of its own.
    App(AppCall),
}

impl Asker {
    /// The use that waits for it.
    pub const fn target(&self) -> Option<&Target> {
        match self {
            Self::Request { during: target, .. } | Self::Received { during: target, .. } | Self::StepUp { target } => {
                target.as_ref()
            }
            Self::Round { target, .. } | Self::Task { target, .. } | Self::Nobody { target } => Some(target),
            Self::Client | Self::App(_) => None,
        }
    }
}

/// What the user answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Raw JSON: the content of a form, the message written; unused where there is nothing to say.
    Accept(String),
    /// Sampling: the model would call this tool, with this raw JSON (2025-11-25, "Sampling with Tools").
    ToolUse {
        tool: String,
        input: String,
    },
    Decline,
    Cancel,
}

/// What becomes of something that a server wants of its client.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    Ask(QuestionKind),
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
        "sampling/createMessage" => sampled(revision, params),
        "elicitation/create" if revision.has_elicitation() => elicitation(revision, params),
        "elicitation/create" => refused(METHOD_NOT_FOUND, "this protocol version has no elicitation"),
        other => refused(METHOD_NOT_FOUND, &format!("Flowglass does not support the method {other}")),
    }
}

fn listed(roots: &[Root]) -> Vec<Value> {
    let one = |root: &Root| match &root.name {
        Some(name) => json!({ "uri": root.uri, "name": name }),
        None => json!({ "uri": root.uri }),
    };
    roots.iter().map(one).collect()
}

/// `tools` are declared from the revision on that has them (2025-11-25, sampling).
fn sampled(revision: Revision, params: &str) -> Wanted {
    let tools = member(params, "tools").or_else(|| member(params, "toolChoice"));
    match tools.filter(|_| !revision.has_sampling_tools()) {
        Some(_) => refused(INVALID_PARAMS, "Flowglass does not declare sampling with tools"),
        None => Wanted::Ask(QuestionKind::Sampling),
    }
}

fn elicitation(revision: Revision, params: &str) -> Wanted {
    match member(params, "mode").as_ref().map(|it| it.as_str().unwrap_or_default()) {
        None | Some("form") => Wanted::Ask(QuestionKind::Form),
        Some("url") if revision.has_url_elicitation() => Wanted::Ask(QuestionKind::Url),
        Some(mode) => refused(INVALID_PARAMS, &format!("Flowglass does not declare the elicitation mode \"{mode}\"")),
    }
}

fn refused(code: i64, why: &str) -> Wanted {
    Wanted::Refused { code, why: why.to_owned() }
}

/// A member of an object in raw JSON; `null` counts as absent.
fn member(object: &str, name: &str) -> Option<Value> {
    Members::of(object)?.value(name).map(sampling::held)
}

impl Question {
    /// The result to send; `None` where the user's refusal is an error instead (sampling).
    pub fn result(&self, reply: &Reply) -> Option<Box<RawValue>> {
        match (self.kind, reply) {
            (QuestionKind::Sampling, Reply::Accept(text)) => Some(sampling::message(text)),
            (QuestionKind::Sampling, Reply::ToolUse { tool, input }) => {
                Some(sampling::tool_use(self.number, tool, input))
            }
            (
                QuestionKind::Sampling
                | QuestionKind::StepUp
                | QuestionKind::Secret
                | QuestionKind::Endpoint
                | QuestionKind::AppCall
                | QuestionKind::AppLink
                | QuestionKind::AppFullscreen,
                _,
            ) => None,
            (QuestionKind::Form, Reply::Accept(content)) => {
                Some(jsonrpc::raw(&Accepted { action: "accept", content: jsonrpc::known(content) }))
            }
            (QuestionKind::Url, Reply::Accept(_)) => Some(jsonrpc::raw(&json!({ "action": "accept" }))),
            (_, Reply::ToolUse { .. }) => None,
            (_, Reply::Decline) => Some(jsonrpc::raw(&json!({ "action": "decline" }))),
            (_, Reply::Cancel) => Some(jsonrpc::raw(&json!({ "action": "cancel" }))),
        }
    }

    /// What the server says with it.
    pub fn message(&self) -> String {
        member(&self.params, "message").and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The page that it wants visited, where it may be opened: a server on the internet names none of this machine or of
    /// a private network.
    pub fn page(&self, server: Option<&Address>) -> Result<Address, AddressError> {
        let given = self.url();
        server.map_or_else(|| Address::given(&given), |by| Address::named(&given, by))
    }

    /// The page that it wants visited, as it was given.
    pub fn url(&self) -> String {
        member(&self.params, "url").and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Accepted {
    action: &'static str,
    content: Box<RawValue>,
}

/// What an app would call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppsCall {
    pub tool: String,
    /// Raw JSON.
    pub arguments: String,
}

impl AppsCall {
    pub fn read(params: &str) -> Self {
        serde_json::from_str(params).unwrap_or_default()
    }
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

impl Transfer {
    pub fn read(params: &str) -> Self {
        serde_json::from_str(params).unwrap_or_default()
    }
}

impl Endpoints {
    pub fn read(params: &str) -> Self {
        serde_json::from_str(params).unwrap_or_default()
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

    fn question(kind: QuestionKind) -> Question {
        let asker = Asker::Request { id: Id::Number(1), during: None };
        Question { number: 1, kind, params: "{}".into(), asker }
    }

    fn result(kind: QuestionKind, reply: &Reply) -> Option<String> {
        question(kind).result(reply).map(|it| it.get().to_owned())
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
        assert_eq!(judged(Revision::R3, "elicitation/create", "{}"), Wanted::Ask(QuestionKind::Form));
        assert_eq!(judged(Revision::R4, "elicitation/create", r#"{"mode":"url"}"#), Wanted::Ask(QuestionKind::Url));
        assert_eq!(code(&judged(Revision::R3, "elicitation/create", r#"{"mode":"url"}"#)), Some(-32602));
        assert_eq!(code(&judged(Revision::R4, "elicitation/create", r#"{"mode":"mind"}"#)), Some(-32602));
        assert_eq!(code(&judged(Revision::R2, "elicitation/create", "{}")), Some(-32601));
    }

    #[test]
    fn e_70_sampling_with_tools_is_offered_where_the_revision_has_it() {
        let tools = r#"{"tools":[]}"#;
        assert_eq!(judged(Revision::R4, "sampling/createMessage", tools), Wanted::Ask(QuestionKind::Sampling));
        assert_eq!(judged(Revision::R3, "sampling/createMessage", "{}"), Wanted::Ask(QuestionKind::Sampling));
        assert_eq!(code(&judged(Revision::R3, "sampling/createMessage", tools)), Some(-32602));
        assert_eq!(code(&judged(Revision::R4, "tasks/get", "{}")), Some(-32601));
    }

    #[test]
    fn e_63_content_goes_with_an_accepted_form_alone() {
        let accept = Reply::Accept(r#"{"n":1.0}"#.to_owned());
        assert_eq!(result(QuestionKind::Form, &accept).as_deref(), Some(r#"{"action":"accept","content":{"n":1.0}}"#));
        assert_eq!(result(QuestionKind::Url, &accept).as_deref(), Some(r#"{"action":"accept"}"#));
        for kind in [QuestionKind::Form, QuestionKind::Url] {
            assert_eq!(result(kind, &Reply::Decline).as_deref(), Some(r#"{"action":"decline"}"#));
            assert_eq!(result(kind, &Reply::Cancel).as_deref(), Some(r#"{"action":"cancel"}"#));
        }
        assert_eq!(result(QuestionKind::Sampling, &Reply::Decline), None);
        let said: Value =
            serde_json::from_str(&result(QuestionKind::Sampling, &Reply::Accept("Hi".to_owned())).expect("some"))
                .expect("JSON");
        assert_eq!((&said["role"], &said["content"]["text"]), (&json!("assistant"), &json!("Hi")));
    }

    #[test]
    fn a_public_server_has_no_page_of_a_private_network_opened() {
        let asked =
            |url: &str| Question { params: json!({ "url": url }).to_string().into(), ..question(QuestionKind::Url) };
        let (public, local) = (Address::typed("https://a.example"), Address::typed("http://10.0.0.1"));
        let refused = |server: &Result<Address, AddressError>, url| asked(url).page(server.as_ref().ok()).is_err();
        assert!(refused(&public, "http://localhost:8080/reset") && refused(&public, "https://192.168.1.1/"));
        assert!(!refused(&local, "http://localhost:8080/reset") && !refused(&public, "https://b.example/"));
    }
}
