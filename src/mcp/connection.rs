//! One connection to an MCP server over Streamable HTTP: what its requests look like in each revision.
//!
//! It knows the revision, the session and the token, and writes requests; who waits for what is the inspector's.

use super::model::{Kind, ServerInfo};
use crate::address::Address;
use crate::http::{Method, Redirect, Request};
use crate::jsonrpc::{self, Id};
use crate::revision::Revision;
use crate::secret::Secret;
use crate::settings::Settings;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// A use of one item of a server: a tool's call, a resource's reading, a prompt's getting.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Target {
    pub kind: Kind,
    /// Name or URI.
    pub key: String,
}

/// What a person asks for. The arguments go out as they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    pub target: Target,
    /// Raw JSON; for resources unused.
    pub arguments: String,
}

/// The state of a connection that its requests depend on.
#[derive(Clone)]
pub struct Connection {
    pub server: Address,
    offered: Revision,
    headers: Vec<(String, Text)>,
    token: Option<Secret<String>>,
    session: Option<Secret<String>>,
    pub info: Option<ServerInfo>,
    last_id: i64,
}

impl Connection {
    pub fn new(settings: &Settings, token: Option<Secret<String>>) -> Self {
        let headers = settings.headers.iter().map(|it| (it.name.clone(), Text::secret(it.value.expose().as_str())));
        Self {
            server: settings.server.clone(),
            offered: settings.revision.unwrap_or(Revision::LATEST),
            headers: headers.collect(),
            token,
            session: None,
            info: None,
            last_id: 0,
        }
    }

    pub const fn has_token(&self) -> bool {
        self.token.is_some()
    }

    pub const fn has_session(&self) -> bool {
        self.session.is_some()
    }

    /// The session id, where the server gave one and the browser shows it.
    pub fn session_id(&self) -> Option<Text> {
        self.session.as_ref().map(|it| Text::secret(it.expose().as_str()))
    }

    /// `initialize` with the offered revision (MCP, lifecycle). No version header and no session yet.
    pub fn initialize(&mut self) -> (Id, Request) {
        let params = jsonrpc::raw(&json!({
            "protocolVersion": self.offered.as_str(),
            "capabilities": {},
            "clientInfo": { "name": "flowglass", "title": "Flowglass", "version": env!("CARGO_PKG_VERSION") },
        }));
        self.request("initialize", Some(&params))
    }

    /// Takes the answer to `initialize`, with the session id where the browser shows one.
    pub fn initialized(&mut self, info: ServerInfo, session: Option<&str>) -> Request {
        self.info = Some(info);
        self.session = session.map(Secret::from);
        self.notify("notifications/initialized", None)
    }

    /// The next page of a list.
    pub fn list(&mut self, kind: Kind, cursor: Option<&str>) -> (Id, Request) {
        let params = cursor.map(|it| jsonrpc::raw(&json!({ "cursor": it })));
        self.request(kind.list().0, params.as_deref())
    }

    /// The request for what a person asks; `None` where the arguments are not JSON.
    pub fn ask(&mut self, ask: &Ask) -> Option<(Id, Request)> {
        #[derive(Serialize)]
        struct Named<'a> {
            name: &'a str,
            arguments: &'a RawValue,
        }
        let key = ask.target.key.as_str();
        let params = match ask.target.kind {
            Kind::Tools | Kind::Prompts => {
                let arguments = serde_json::from_str::<&RawValue>(&ask.arguments).ok()?;
                jsonrpc::raw(&Named { name: key, arguments })
            }
            Kind::Resources | Kind::Templates => jsonrpc::raw(&json!({ "uri": key })),
        };
        Some(self.request(ask.target.kind.method(), Some(&params)))
    }

    /// Says that an answer is not wanted any more (MCP, cancellation).
    pub fn cancelled(&self, id: &Id) -> Request {
        let params = jsonrpc::raw(&json!({ "requestId": id, "reason": "the person cancelled" }));
        self.notify("notifications/cancelled", Some(&params))
    }

    /// Answers a request of the server's: `ping` with an empty result, all others are not offered.
    pub fn answer(&self, id: &Id, method: &str) -> Request {
        let text = match method {
            "ping" => jsonrpc::result(id, &jsonrpc::raw(&Value::Object(serde_json::Map::new()))),
            _ => jsonrpc::error(id, -32601, "Method not found"),
        };
        self.post(text)
    }

    /// `DELETE`, where there is a session to end.
    pub fn close(&self) -> Option<Request> {
        self.session.as_ref()?;
        Some(self.dressed(Request::new(Method::Delete, self.server.href())))
    }

    fn request(&mut self, method: &str, params: Option<&RawValue>) -> (Id, Request) {
        self.last_id += 1;
        let id = Id::Number(self.last_id);
        let request = self.post(jsonrpc::request(&id, method, params));
        (id, request)
    }

    fn notify(&self, method: &str, params: Option<&RawValue>) -> Request {
        self.post(jsonrpc::notification(method, params))
    }

    fn post(&self, body: String) -> Request {
        let request = Request::new(Method::Post, self.server.href())
            .header("accept", Text::plain("application/json, text/event-stream"))
            .header("content-type", Text::plain("application/json"))
            .body(Text::plain(body));
        self.dressed(request)
    }

    /// Adds version, session, token and the person's own headers, each where it belongs.
    fn dressed(&self, mut request: Request) -> Request {
        let revision = self.info.as_ref().map(|it| it.revision).filter(|it| it.has_version_header());
        if let Some(revision) = revision {
            request = request.header("mcp-protocol-version", Text::plain(revision.as_str()));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Draft;

    fn connection(token: Option<&str>) -> Connection {
        let draft = Draft { server: "https://a.example/mcp".to_owned(), ..Draft::default() };
        let Ok(settings) = draft.settings() else { panic!("refused") };
        Connection::new(&settings, token.map(Secret::from))
    }

    fn names(request: &Request) -> Vec<&str> {
        request.headers.iter().map(|(name, _)| name.as_str()).collect()
    }

    fn info(revision: &str) -> ServerInfo {
        ServerInfo::parse(&format!(r#"{{"protocolVersion":"{revision}"}}"#)).1.expect("known")
    }

    #[test]
    fn initialize_has_no_version_header_and_may_follow_a_redirect() {
        let (_, request) = connection(None).initialize();
        assert_eq!(names(&request), ["accept", "content-type"]);
        assert_eq!(request.redirect, Redirect::Follow);
    }

    #[test]
    fn a_65_the_version_header_follows_from_2025_06_18_on() {
        for (revision, has) in
            [("2024-11-05", false), ("2025-03-26", false), ("2025-06-18", true), ("2025-11-25", true)]
        {
            let mut it = connection(None);
            it.initialized(info(revision), None);
            assert_eq!(names(&it.list(Kind::Tools, None).1).contains(&"mcp-protocol-version"), has, "{revision}");
        }
    }

    #[test]
    fn what_carries_a_token_or_a_session_follows_no_redirect() {
        assert_eq!(connection(Some("t")).initialize().1.redirect, Redirect::Stop);
        let mut it = connection(None);
        it.initialized(info("2025-11-25"), Some("s"));
        assert_eq!(it.list(Kind::Tools, None).1.redirect, Redirect::Stop);
        assert_eq!(it.close().map(|it| it.method), Some(Method::Delete));
    }

    #[test]
    fn arguments_go_out_as_they_stand() {
        let target = Target { kind: Kind::Tools, key: "a".to_owned() };
        let ask = Ask { target, arguments: r#"{"n":1.00}"#.to_owned() };
        let (_, request) = connection(None).ask(&ask).expect("JSON");
        assert!(request.body.expect("a body").expose().contains(r#""arguments":{"n":1.00}"#));
        assert!(connection(None).ask(&Ask { arguments: "{".to_owned(), ..ask }).is_none());
    }
}
