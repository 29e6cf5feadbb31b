//! The MCP server: its transport and its eras. What it offers stands in [`super::tools`] and [`super::things`].

use super::answer::{Answer, End, Part, event, put};
use super::state::{McpSession, Waiting, keep, random};
use super::{Demo, Fault, Said, guard, lists, tools};
use crate::base::revision::Revision;
use crate::base::text::Text;
use crate::http::{Event, Method, Request};
use crate::mcp::era::{HEADER_MISMATCH, METHOD_NOT_FOUND, UNSUPPORTED_VERSION};
use crate::mcp::mirror;
use crate::oauth::flow::Moment;
use crate::trace::ExchangeId;
use serde_json::{Value, json};

const VERSION_META: &str = "io.modelcontextprotocol/protocolVersion";

/// A JSON-RPC request that has passed all checks of its transport.
pub(super) struct Call {
    pub exchange: ExchangeId,
    pub revision: Revision,
    pub id: Value,
    pub method: String,
    pub params: Value,
}

impl Call {
    pub fn param(&self, name: &str) -> &str {
        self.params.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// One of the arguments of a tool or prompt.
    pub fn argument(&self, name: &str) -> Option<&Value> {
        self.params.get("arguments")?.get(name)
    }

    /// A result in the words of its revision (2026-07-28 marks each as complete).
    pub fn result(&self, mut result: Value) -> Value {
        if !self.revision.has_handshake() && result.get("resultType").is_none() {
            put(&mut result, "resultType", json!("complete"));
        }
        json!({ "jsonrpc": "2.0", "id": self.id, "result": result })
    }

    pub fn error(&self, code: i64, message: &str) -> Value {
        json!({ "jsonrpc": "2.0", "id": self.id, "error": { "code": code, "message": message } })
    }
}

impl Demo {
    /// An answer, and what is said on streams that were open.
    pub(super) fn server(
        &mut self,
        moment: &Moment,
        exchange: ExchangeId,
        path: &str,
        request: &Request,
    ) -> (Answer, Vec<Said>) {
        let wrong = self.stage.has(Fault::MetadataAtWrongPath);
        let alone = |answer| (answer, Vec::new());
        match (path, request.method) {
            (guard::METADATA, Method::Get) if !wrong => alone(Answer::json(200, &guard::metadata(&self.stage))),
            (guard::WRONG_METADATA, Method::Get) if wrong => alone(Answer::json(200, &guard::metadata(&self.stage))),
            ("/mcp", _) if self.stage.has(Fault::HtmlInsteadOfJson) => {
                alone(Answer::page(200, "Welcome to the harbour"))
            }
            ("/mcp", method) => match self.guard(moment, request) {
                Err(answer) => alone(answer),
                Ok(_) if self.stage.has(Fault::ServerError) => alone(Answer::page(502, "Bad gateway")),
                Ok(claims) => match method {
                    Method::Post => self.post(moment, exchange, request, &claims),
                    Method::Get => alone(Answer::empty(405)),
                    Method::Delete => alone(self.close(request)),
                },
            },
            _ => alone(Answer::json(404, &json!({ "error": "not_found" }))),
        }
    }

    fn close(&mut self, request: &Request) -> Answer {
        let id = header(request, "mcp-session-id").unwrap_or_default();
        self.state.sessions.retain(|it| it.id != id);
        Answer::empty(204)
    }

    fn post(
        &mut self,
        moment: &Moment,
        exchange: ExchangeId,
        request: &Request,
        claims: &super::jwt::Claims,
    ) -> (Answer, Vec<Said>) {
        let body = request.body.as_ref().map(Text::expose).unwrap_or_default();
        let Ok(message) = serde_json::from_str::<Value>(&body) else {
            return (refuse(&Value::Null, -32700, "This is not JSON", &Value::Null), Vec::new());
        };
        let method = message.get("method").and_then(Value::as_str).unwrap_or_default().to_owned();
        let (id, params) = (message.get("id").cloned(), message.get("params").cloned().unwrap_or_default());
        let answers = id.is_some() && method.is_empty();
        let call = Call { exchange, revision: Revision::LATEST, id: id.unwrap_or_default(), method, params };
        if !answers && !call.id.is_null() {
            return (self.called(moment, call, request, claims), Vec::new());
        }
        // A notification, or an answer to the server's own question.
        match self.session(&call, request) {
            Err(refused) => (refused, Vec::new()),
            Ok(_) if answers => (Answer::empty(202), self.told(&call.id, message.get("result"))),
            Ok(_) => (Answer::empty(202), Vec::new()),
        }
    }

    fn called(&mut self, moment: &Moment, call: Call, request: &Request, claims: &super::jwt::Claims) -> Answer {
        let answered = match call.params.get("_meta").and_then(|it| it.get(VERSION_META)).and_then(Value::as_str) {
            Some(version) => modern(&self.stage, &call, version, request),
            None if call.method == "initialize" => return self.initialize(moment, &call),
            None => self.session(&call, request),
        };
        match answered {
            Err(answer) => answer,
            Ok(revision) => self.use_it(moment, &Call { revision, ..call }, claims),
        }
    }

    fn use_it(&mut self, moment: &Moment, call: &Call, claims: &super::jwt::Claims) -> Answer {
        if call.method == "tools/call" {
            return match tools::scope(call.param("name")) {
                Some(scope) if !claims.has_scope(scope) => self.insufficient(scope),
                _ => self.tool(moment, call, claims.text("sub")),
            };
        }
        match lists::answer(call) {
            Some(result) if self.stage.has(Fault::BrokenStream) => {
                Answer::stream(vec![Part::now(call.result(result))], End::Broken)
            }
            Some(result) => Answer::json(200, &call.result(result)),
            None => Answer::json(200, &call.error(METHOD_NOT_FOUND, "Unknown method or name")),
        }
    }

    /// The older revisions: what was asked for where it is spoken, else the newest with a handshake.
    fn initialize(&mut self, moment: &Moment, call: &Call) -> Answer {
        let asked = Revision::parse(call.param("protocolVersion"));
        let spoken = asked.filter(|it| it.has_handshake() && it.has_streams());
        let revision = spoken.unwrap_or(Revision::LATEST_WITH_HANDSHAKE);
        let version = if self.stage.has(Fault::UnknownVersion) { "2031-01-01" } else { revision.as_str() };
        let session = McpSession { id: random("session", moment), revision: revision.as_str().to_owned() };
        let mut result = lists::about();
        put(&mut result, "protocolVersion", json!(version));
        put(&mut result, "serverInfo", lists::info());
        // It is of an older revision, whatever the call was read as.
        let answer = json!({ "jsonrpc": "2.0", "id": call.id, "result": result });
        let id = session.id.clone();
        keep(&mut self.state.sessions, session);
        let answer = match self.stage.has(Fault::BrokenStream) {
            true => Answer::stream(vec![Part::now(answer)], End::Broken),
            false => Answer::json(200, &answer),
        };
        answer.header("mcp-session-id", id)
    }

    /// MCP, session management: every later request names its session and its version.
    fn session(&self, call: &Call, request: &Request) -> Result<Revision, Answer> {
        let Some(id) = header(request, "mcp-session-id") else {
            return Err(refuse(&call.id, -32000, "Mcp-Session-Id is missing", &Value::Null));
        };
        let Some(session) = self.state.sessions.iter().find(|it| it.id == id) else {
            return Err(Answer::json(404, &call.error(-32001, "Unknown session")));
        };
        let revision = Revision::parse(&session.revision).unwrap_or(Revision::LATEST_WITH_HANDSHAKE);
        match header(request, "mcp-protocol-version") {
            Some(it) if it != revision.as_str() => {
                Err(refuse(&call.id, -32000, "MCP-Protocol-Version is not the negotiated version", &Value::Null))
            }
            None if revision.has_version_header() => {
                Err(refuse(&call.id, -32000, "MCP-Protocol-Version is missing", &Value::Null))
            }
            _ => Ok(revision),
        }
    }

    /// Leaves the stream of a call open, and remembers who waits.
    pub(super) fn wait_for(&mut self, moment: &Moment, call: &Call, params: &Value) -> Answer {
        let ask = format!("ask-{}", random("ask", moment));
        let question = json!({ "jsonrpc": "2.0", "id": ask, "method": "elicitation/create", "params": params });
        keep(&mut self.state.waiting, Waiting { ask, exchange: call.exchange, call: call.id.to_string() });
        Answer::stream(vec![Part::now(question)], End::Open)
    }

    /// The user's answer to a question of the server's: the call that waited for it is over.
    fn told(&mut self, ask: &Value, answer: Option<&Value>) -> Vec<Said> {
        let at = self.state.waiting.iter().position(|it| Some(it.ask.as_str()) == ask.as_str());
        let Some(waited) = at.map(|at| self.state.waiting.remove(at)) else { return Vec::new() };
        let id: Value = serde_json::from_str(&waited.call).unwrap_or_default();
        let result = tools::booked(answer.unwrap_or(&Value::Null));
        let text = event(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
        let said = |after, event| Said { exchange: waited.exchange, after, event };
        vec![said(60, Event::Bytes(text.into_bytes())), said(0, Event::End)]
    }
}

/// 2026-07-28: every request says its version, and its headers what its body says.
fn modern(stage: &super::Stage, call: &Call, version: &str, request: &Request) -> Result<Revision, Answer> {
    if [Fault::SessionHidden, Fault::UnknownVersion].iter().any(|it| stage.has(*it)) {
        return Err(Answer::json(400, &call.error(METHOD_NOT_FOUND, "Unknown method")));
    }
    if version != Revision::LATEST.as_str() {
        let supported = json!({ "supported": lists::VERSIONS, "requested": version });
        return Err(refuse(&call.id, UNSUPPORTED_VERSION, "Unsupported protocol version", &supported));
    }
    let name = call.params.get("name").or_else(|| call.params.get("uri")).and_then(Value::as_str);
    let same = header(request, "mcp-protocol-version").as_deref() == Some(version)
        && header(request, "mcp-method").as_deref() == Some(call.method.as_str())
        && name.is_none_or(|it| header(request, "mcp-name") == Some(mirror::encoded(it)));
    match same {
        true => Ok(Revision::LATEST),
        false => Err(refuse(&call.id, HEADER_MISMATCH, "Header mismatch", &Value::Null)),
    }
}

fn refuse(id: &Value, code: i64, message: &str, data: &Value) -> Answer {
    let mut error = json!({ "code": code, "message": message });
    if !data.is_null() {
        put(&mut error, "data", data.clone());
    }
    Answer::json(400, &json!({ "jsonrpc": "2.0", "id": id, "error": error }))
}

fn header(request: &Request, name: &str) -> Option<String> {
    request.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.expose())
}
