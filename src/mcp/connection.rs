//! One connection to an MCP server: what its requests look like in each revision and on each transport.
//!
//! It knows the revision, the session and the token, and writes requests; who waits for what is the inspector's.

mod declared;

use super::mirror;
use super::model::{Item, ItemKind, ServerInfo};
use crate::base::address::Address;
use crate::base::revision::Revision;
use crate::base::secret::Secret;
use crate::base::text::Text;
use crate::http::{Method, Redirect, Request};
use crate::json::members::Members as Object;
use crate::mcp::jsonrpc::{self, Id};
use crate::settings::{GrantType, Settings};
pub use declared::capabilities;
use declared::client_info;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// A use of one item of a server: a tool's call, a resource's reading, a prompt's getting.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Target {
    pub kind: ItemKind,
    /// Name or URI.
    pub key: String,
}

/// What the user asks for. The arguments go out as they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    pub target: Target,
    /// Raw JSON; for resources unused.
    pub arguments: String,
}

/// How messages travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Every message is a POST to the server's address, and its answer comes back on it (2025-03-26 and later).
    Streamable,
    /// HTTP+SSE (2024-11-05): answers come on a stream, which also says where messages are posted.
    Sse { post: Option<Address> },
}

impl Transport {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Streamable => "Streamable HTTP",
            Self::Sse { .. } => "HTTP+SSE",
        }
    }
}

/// Members of `params`, in order; the values are raw JSON.
pub type Params<'a> = Vec<(&'a str, Box<RawValue>)>;

/// The state of a connection that its requests depend on.
#[derive(Clone)]
pub struct Connection {
    pub server: Address,
    pub transport: Transport,
    /// The revision that is asked for, until one is agreed on.
    pub offered: Revision,
    pub info: Option<ServerInfo>,
    /// The log level that requests opt in to (2026-07-28), or that was set last.
    pub log_level: Option<&'static str>,
    /// Whether its tokens come from client credentials, which is an extension that is declared.
    client_credentials: bool,
    headers: Vec<(String, Text)>,
    token: Option<Secret<String>>,
    session: Option<Secret<String>>,
    last_id: i64,
}

const VERSION_META: &str = "io.modelcontextprotocol/protocolVersion";
const CLIENT_META: &str = "io.modelcontextprotocol/clientInfo";
const CAPABILITIES_META: &str = "io.modelcontextprotocol/clientCapabilities";
const LOG_META: &str = "io.modelcontextprotocol/logLevel";
/// What a connection writes into `_meta` by itself, besides the token for progress.
pub(super) const OWN_META: [&str; 4] = [VERSION_META, CLIENT_META, CAPABILITIES_META, LOG_META];

impl Connection {
    pub fn new(settings: &Settings, token: Option<Secret<String>>, offered: Revision) -> Self {
        let headers = settings.headers.iter().map(|it| (it.name.clone(), Text::secret(it.value.expose().as_str())));
        Self {
            server: settings.server.clone(),
            transport: Transport::Streamable,
            offered,
            info: None,
            log_level: None,
            client_credentials: settings.grant == GrantType::ClientCredentials,
            headers: headers.collect(),
            token,
            session: None,
            last_id: 0,
        }
    }

    /// A refresh brought another token; everything else of the connection stays.
    pub fn set_token(&mut self, token: Secret<String>) {
        self.token = Some(token);
    }

    pub const fn has_token(&self) -> bool {
        self.token.is_some()
    }

    pub const fn has_session(&self) -> bool {
        self.session.is_some()
    }

    /// The revision that was agreed on, else the one that is asked for.
    pub fn revision(&self) -> Revision {
        self.info.as_ref().map_or(self.offered, |it| it.revision)
    }

    /// The session id, where the server gave one and the browser shows it.
    pub fn session_id(&self) -> Option<Text> {
        self.session.as_ref().map(|it| Text::secret(it.expose().as_str()))
    }

    /// The same as it is kept.
    pub const fn session(&self) -> Option<&Secret<String>> {
        self.session.as_ref()
    }

    /// The same connection in another session, such as that of a page before this one.
    #[must_use]
    pub fn in_session(&self, session: &Secret<String>) -> Self {
        Self { session: Some(session.clone()), ..self.clone() }
    }

    /// The highest id that a request of this connection had.
    pub const fn last_id(&self) -> i64 {
        self.last_id
    }

    /// `server/discover` (2026-07-28). Its id is a string of its own, so that a handshake after it begins at 1.
    pub fn discover(&self) -> (Id, Request) {
        let id = Id::Text("discover-1".to_owned());
        let request = self.post(&id, "server/discover", Params::new(), None);
        (id, request)
    }

    /// `initialize` with the offered revision (MCP, lifecycle). No version header and no session yet.
    pub fn initialize(&mut self) -> (Id, Request) {
        let params = vec![
            ("protocolVersion", jsonrpc::raw(&self.offered.as_str())),
            ("capabilities", jsonrpc::raw(&self.capabilities(self.offered))),
            ("clientInfo", jsonrpc::raw(&client_info())),
        ];
        self.request("initialize", params, None)
    }

    /// Takes the answer to `initialize`, with the session id where the browser shows one.
    pub fn initialized(&mut self, info: ServerInfo, session: Option<&str>) -> Request {
        self.info = Some(info);
        self.session = session.filter(|_| self.transport == Transport::Streamable).map(Secret::from);
        self.notify("notifications/initialized", None)
    }

    /// The next page of a list.
    pub fn list(&mut self, kind: ItemKind, cursor: Option<&str>) -> (Id, Request) {
        let params = cursor.map(|it| ("cursor", jsonrpc::raw(&it)));
        self.request(kind.list().0, params.into_iter().collect(), None)
    }

    /// The request for what the user asks; `None` where the arguments are not JSON.
    ///
    /// `more` are the members that a further round adds (2026-07-28, multi round-trip requests). The item's schema
    /// says which arguments are mirrored in headers.
    pub fn ask(&mut self, ask: &Ask, item: Option<&Item>, more: Params<'_>) -> Option<(Id, Request)> {
        let (key, kind) = (ask.target.key.as_str(), ask.target.kind);
        let arguments = serde_json::from_str::<&RawValue>(&ask.arguments).ok()?;
        let mut params = match kind {
            ItemKind::Tools | ItemKind::Prompts => {
                vec![("name", jsonrpc::raw(&key)), ("arguments", arguments.to_owned())]
            }
            ItemKind::Resources | ItemKind::Templates => vec![("uri", jsonrpc::raw(&key))],
        };
        params.extend(more);
        let (id, mut request) = self.request(kind.method(), params, Some(key));
        let schema =
            item.filter(|_| !self.has_handshake() && kind == ItemKind::Tools).and_then(|it| it.input_schema.as_deref());
        for (name, value) in schema.map(|it| mirror::headers(it, &ask.arguments)).unwrap_or_default() {
            request = request.header(&name, Text::plain(value));
        }
        Some((id, request))
    }

    /// The same connection before its handshake.
    #[must_use]
    pub fn unopened(&self) -> Self {
        Self { offered: self.revision(), info: None, session: None, last_id: 0, ..self.clone() }
    }

    /// Any other request: `logging/setLevel`, `resources/subscribe`.
    pub fn call(&mut self, method: &str, params: &Value) -> (Id, Request) {
        let members = params.as_object().into_iter().flatten();
        let params = members.map(|(name, value)| (name.as_str(), jsonrpc::raw(value))).collect();
        self.request(method, params, None)
    }

    /// `subscriptions/listen` (2026-07-28): the answer is a stream of what was asked to be told.
    pub fn listen(&mut self, notifications: &Value) -> (Id, Request) {
        self.last_id += 1;
        let id = Id::Text(format!("listen-{}", self.last_id));
        let request =
            self.post(&id, "subscriptions/listen", vec![("notifications", jsonrpc::raw(notifications))], None);
        (id, request)
    }

    /// A request beside the connection, with another token or none: its id is nobody else's, and nothing changes here.
    pub fn trial(&self, token: Option<Secret<String>>) -> Request {
        let tools = self.info.as_ref().is_some_and(|it| it.offers(ItemKind::Tools));
        let method = match (tools, self.has_handshake()) {
            (true, _) => ItemKind::Tools.list().0,
            (false, true) => "ping",
            (false, false) => "server/discover",
        };
        let mut other = Self { token, ..self.clone() };
        // A typed header may hold a token as well.
        other.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
        other.post(&Id::Text("trial-1".to_owned()), method, Params::new(), None)
    }

    /// Says that an answer is not wanted any more; from 2026-07-28 on closing its stream says that.
    pub fn cancelled(&self, id: &Id, reason: &str) -> Option<Request> {
        let params = jsonrpc::raw(&json!({ "requestId": id, "reason": reason }));
        self.has_handshake().then(|| self.notify("notifications/cancelled", Some(&params)))
    }

    /// Says that the folders changed that the server may be told of; from 2026-07-28 on nobody is told (E-71).
    pub fn roots_changed(&self) -> Option<Request> {
        self.has_handshake().then(|| self.notify("notifications/roots/list_changed", None))
    }

    /// Answers a request of the server's.
    pub fn answer(&self, id: &Id, result: &RawValue) -> Request {
        self.send(jsonrpc::result(id, result))
    }

    /// Refuses a request of the server's.
    pub fn refuse(&self, id: &Id, code: i64, message: &str) -> Request {
        self.send(jsonrpc::error(id, code, message))
    }

    /// GET for a stream: what the server says by itself, or the rest of one that broke off after an event.
    pub fn stream(&self, last_event_id: Option<&str>) -> Request {
        let get = Request::get(self.server.href()).header("accept", Text::plain("text/event-stream"));
        let get = match last_event_id {
            Some(id) => get.header("last-event-id", Text::plain(in_header(id))),
            None => get,
        };
        self.dressed(get)
    }

    /// `DELETE`, where there is a session to end.
    pub fn close(&self) -> Option<Request> {
        self.session.as_ref()?;
        Some(self.dressed(Request::new(Method::Delete, self.server.href())))
    }

    fn has_handshake(&self) -> bool {
        self.revision().has_handshake()
    }

    pub(super) const fn next_id(&mut self) -> Id {
        self.last_id += 1;
        Id::Number(self.last_id)
    }

    pub(super) fn request(&mut self, method: &str, params: Params<'_>, name: Option<&str>) -> (Id, Request) {
        let id = self.next_id();
        let request = self.post(&id, method, params, name);
        (id, request)
    }

    /// A request. From 2026-07-28 on it carries `_meta` with all that a handshake would have said, and the headers
    /// that name it; before, `_meta` only asks for progress. Members of a `_meta` in `params` are kept.
    pub(super) fn post(&self, id: &Id, method: &str, mut params: Params<'_>, name: Option<&str>) -> Request {
        let mut meta = serde_json::Map::new();
        if name.is_some() {
            meta.insert("progressToken".to_owned(), json!(id));
        }
        if !self.has_handshake() {
            meta.extend(self.meta());
        }
        if let Some(at) = params.iter().position(|(name, _)| *name == "_meta") {
            meta.extend(Object::of(params.remove(at).1.get()).unwrap_or_default().values());
        }
        if !meta.is_empty() {
            params.insert(0, ("_meta", jsonrpc::raw(&meta)));
        }
        let params = (!params.is_empty()).then(|| object(&params));
        let mut request = self.send(jsonrpc::request(id, method, params.as_deref()));
        if !self.has_handshake() {
            request = request.header("mcp-method", Text::plain(method));
            if let Some(name) = name {
                request = request.header("mcp-name", Text::plain(mirror::encoded(name)));
            }
        }
        request
    }

    fn meta(&self) -> impl Iterator<Item = (String, Value)> {
        let level = self.log_level.map(|it| (LOG_META.to_owned(), json!(it)));
        let always = [
            (VERSION_META.to_owned(), json!(self.revision().as_str())),
            (CLIENT_META.to_owned(), client_info()),
            (CAPABILITIES_META.to_owned(), self.capabilities(self.revision())),
        ];
        always.into_iter().chain(level)
    }

    pub(super) fn notify(&self, method: &str, params: Option<&RawValue>) -> Request {
        self.send(jsonrpc::notification(method, params))
    }

    pub(super) fn send(&self, body: String) -> Request {
        let to = match &self.transport {
            Transport::Sse { post: Some(post) } => post,
            _ => &self.server,
        };
        let request = Request::new(Method::Post, to.href())
            .header("accept", Text::plain("application/json, text/event-stream"))
            .header("content-type", Text::plain("application/json"))
            .body(Text::plain(body));
        self.dressed(request)
    }

    /// Adds version, session, token and the user's own headers, each where it belongs.
    fn dressed(&self, mut request: Request) -> Request {
        let agreed = self.info.is_some() || !self.has_handshake();
        if agreed && self.revision().has_version_header() {
            request = request.header("mcp-protocol-version", Text::plain(self.revision().as_str()));
        }
        if let Some(session) = &self.session {
            request = request.header("mcp-session-id", Text::secret(session.expose().as_str()));
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", Text::credentials("Bearer", token.expose()));
        }
        request.headers.extend(self.headers.iter().cloned());
        let secret = request.headers.iter().any(|(_, value)| value.has_secret());
        request.redirect(if secret { Redirect::Stop } else { Redirect::Follow })
    }
}

/// Members as one object, in their order.
pub(super) fn object(params: &Params<'_>) -> Box<RawValue> {
    jsonrpc::raw(&Members(params))
}

struct Members<'a>(&'a Params<'a>);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A text whose UTF-8 a header is to carry: a character a byte, because a header's value is bytes to the browser, and
/// it takes no other (WHATWG HTML §9.2.3 for `Last-Event-ID`; Fetch standard, byte sequences).
fn in_header(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

#[cfg(test)]
mod tests;
