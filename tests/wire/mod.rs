//! The inspector with the user on one side and a server on the other, both played by the test: what the machine orders
//! is written down, line by line, and answered by hand.

#![allow(dead_code, reason = "each test file uses its part")]

use flowglass::explain::words;
use flowglass::http::{Event, Head, HttpError, Method, Request};
use flowglass::inspector::{AlarmId, History, Input, Inspector, Order, Place, Saved};
use flowglass::mcp::connection::{Ask, Target};
use flowglass::mcp::model::ItemKind;
use flowglass::mcp::question::Reply;
use flowglass::oauth::flow::Moment;
use flowglass::settings::Draft;
use flowglass::trace::ExchangeId;
use serde_json::{Value, json};

pub const SERVER: &str = "https://mcp.example.com/mcp";

pub struct Wire {
    pub inspector: Inspector,
    now: f64,
    /// Requests that are not answered yet, the oldest first.
    open: Vec<(ExchangeId, Request)>,
    alarms: Vec<(f64, AlarmId)>,
    transcript: String,
}

/// What every answer with a session says.
pub const SESSION: (&str, &str) = ("mcp-session-id", "s-1");
pub const JSON: (&str, &str) = ("content-type", "application/json");
pub const STREAM: (&str, &str) = ("content-type", "text/event-stream");

impl Wire {
    /// Connects with these settings.
    pub fn connect(edit: impl FnOnce(&mut Draft)) -> Self {
        let mut wire = Self::unopened();
        wire.connect_again(edit);
        wire
    }

    /// A page that was just opened.
    pub fn unopened() -> Self {
        let origin = "http://localhost:3000".to_owned();
        let place = Place {
            redirect_uri: format!("{origin}/oauth/callback"),
            origin,
            framed: false,
            forgetful: false,
            metadata_document: None,
        };
        let (open, alarms) = (Vec::new(), Vec::new());
        Self { inspector: Inspector::new(place), now: 0.0, open, alarms, transcript: String::new() }
    }

    /// What the page before left.
    pub fn restored(&mut self, mut saved: Saved, history: History) {
        let moment = Moment { now: self.now, entropy: [7; 64] };
        let open = std::mem::take(&mut saved.open_calls);
        self.inspector.restore(&moment, saved, Vec::new());
        self.inspector.restore_history(&moment, history, open);
    }

    pub fn connect_again(&mut self, edit: impl FnOnce(&mut Draft)) {
        let mut draft = Draft { server: SERVER.to_owned(), ..Draft::default() };
        edit(&mut draft);
        let settings = draft.settings().unwrap_or_else(|refusals| panic!("{refusals:?}"));
        self.input(Input::Connect(Box::new(settings)));
    }

    /// Takes an input and writes down what is ordered.
    pub fn input(&mut self, input: Input) {
        self.now += 1.0;
        let moment = Moment { now: self.now, entropy: [7; 64] };
        for order in self.inspector.handle(&moment, input) {
            self.ordered(order);
        }
    }

    fn ordered(&mut self, order: Order) {
        let line = match order {
            Order::Send { exchange, request, limit } => {
                let line = format!("> {}{}", written(&request), if limit.is_none() { "  (stays open)" } else { "" });
                self.open.push((exchange, *request));
                line
            }
            Order::Abort(exchange) => {
                let method = self.forget(exchange).map(|it| named(&it)).unwrap_or_default();
                format!("x {method}")
            }
            Order::Limit { limit: None, .. } => "~ no limit while the person thinks".to_owned(),
            Order::Limit { .. } => "~ the time begins anew".to_owned(),
            Order::Wake { alarm, after } => {
                self.alarms.push((self.now + f64::from(after), alarm));
                return;
            }
            Order::Leave(url) | Order::Popup(url) => format!("> leave for {url}"),
            Order::Sign { unsigned, .. } => format!("> sign with {}", unsigned.name),
            Order::Verify(signed) => format!("> verify a signature with {}", signed.key),
            Order::App(call, answer) => format!("> tell app {}.{} {answer:?}", call.frame, call.number),
        };
        self.say(&line);
    }

    fn say(&mut self, line: &str) {
        self.transcript.push_str(line);
        self.transcript.push('\n');
    }

    fn forget(&mut self, exchange: ExchangeId) -> Option<Request> {
        let at = self.open.iter().position(|(it, _)| *it == exchange)?;
        Some(self.open.remove(at).1)
    }

    /// The oldest open request with that method, or that verb for streams.
    pub fn find(&self, method: &str) -> (ExchangeId, Request) {
        let found = self.open.iter().find(|(_, it)| named(it) == method);
        found.cloned().unwrap_or_else(|| panic!("no open {method} in:\n{}", self.transcript))
    }

    /// The newest open request with that method.
    pub fn find_last(&self, method: &str) -> (ExchangeId, Request) {
        self.open.iter().rev().find(|(_, it)| named(it) == method).cloned().expect("it is open")
    }

    pub fn is_open(&self, method: &str) -> bool {
        self.open.iter().any(|(_, it)| named(it) == method)
    }

    /// The JSON of the oldest open request with that method.
    pub fn body(&self, method: &str) -> Value {
        body(&self.find(method).1)
    }

    pub fn header(&self, method: &str, name: &str) -> Option<String> {
        let request = self.find(method).1;
        request.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.expose())
    }

    /// A whole answer.
    pub fn answer(&mut self, method: &str, status: u16, headers: &[(&str, &str)], text: &str) {
        self.say(&format!("< {status} {text}"));
        let exchange = self.head(method, status, headers);
        self.forget(exchange);
        self.input(Input::Http(exchange, Event::Bytes(text.as_bytes().to_vec())));
        self.input(Input::Http(exchange, Event::End));
    }

    /// An answer in JSON-RPC to the oldest open request with that method.
    pub fn result(&mut self, method: &str, result: Value) {
        self.result_with(method, &[JSON], result);
    }

    pub fn result_with(&mut self, method: &str, headers: &[(&str, &str)], result: Value) {
        let id = self.body(method)["id"].clone();
        let text = json!({ "jsonrpc": "2.0", "id": id, "result": result }).to_string();
        self.answer(method, 200, headers, &text);
    }

    pub fn error(&mut self, method: &str, status: u16, error: Value) {
        let id = self.body(method)["id"].clone();
        let text = json!({ "jsonrpc": "2.0", "id": id, "error": error }).to_string();
        self.answer(method, status, &[JSON], &text);
    }

    /// 202 for a notification, or an answer to the server.
    pub fn accepted(&mut self, method: &str) {
        self.answer(method, 202, &[], "");
    }

    fn head(&mut self, method: &str, status: u16, headers: &[(&str, &str)]) -> ExchangeId {
        let (exchange, request) = self.find(method);
        self.head_of(exchange, &request, status, headers);
        exchange
    }

    fn head_of(&mut self, exchange: ExchangeId, request: &Request, status: u16, headers: &[(&str, &str)]) {
        let url = request.url.clone();
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.input(Input::Http(exchange, Event::Head(Head { status, url, redirected: false, headers })));
    }

    /// Begins a stream as the answer; what follows goes to [`Wire::event`].
    pub fn opens(&mut self, method: &str) -> ExchangeId {
        self.say("< 200 text/event-stream");
        self.head(method, 200, &[STREAM])
    }

    /// The same for the newest open request with that method.
    pub fn opens_last(&mut self, method: &str) -> ExchangeId {
        let (exchange, request) = self.find_last(method);
        self.say("< 200 text/event-stream");
        self.head_of(exchange, &request, 200, &[STREAM]);
        exchange
    }

    /// Lines of a stream, without the empty one at the end.
    pub fn event(&mut self, exchange: ExchangeId, lines: &str) {
        for line in lines.lines() {
            self.say(&format!("<   {line}"));
        }
        self.input(Input::Http(exchange, Event::Bytes(format!("{lines}\n\n").into_bytes())));
    }

    /// A message on a stream.
    pub fn message(&mut self, exchange: ExchangeId, message: Value) {
        self.event(exchange, &format!("data: {message}"));
    }

    pub fn ends(&mut self, exchange: ExchangeId) {
        self.say("< end of the stream");
        self.forget(exchange);
        self.input(Input::Http(exchange, Event::End));
    }

    pub fn fails(&mut self, method: &str, error: HttpError) {
        let (exchange, _) = self.find(method);
        self.say(&format!("< {error}"));
        self.forget(exchange);
        self.input(Input::Http(exchange, Event::Failed(error)));
    }

    pub fn blocked(&mut self, method: &str) {
        self.fails(method, HttpError::Blocked { said: "Failed to fetch".to_owned() });
    }

    /// The clock runs to the next alarm; how long that took, in milliseconds.
    pub fn waits(&mut self) -> f64 {
        let first = (0..self.alarms.len()).min_by(|a, b| self.alarms[*a].0.total_cmp(&self.alarms[*b].0));
        let (at, alarm) = self.alarms.remove(first.expect("an alarm is set"));
        let after = at - self.now;
        self.say(&format!("- {after} ms later"));
        self.now = at;
        self.input(Input::Woken(alarm));
        after
    }

    pub fn asks(&mut self, kind: ItemKind, key: &str, arguments: Value) -> Target {
        let target = Target { kind, key: key.to_owned() };
        self.say(&format!("- the person uses {key}"));
        self.input(Input::Ask(Ask { target: target.clone(), arguments: arguments.to_string() }));
        target
    }

    pub fn calls(&mut self, tool: &str, arguments: Value) -> Target {
        self.asks(ItemKind::Tools, tool, arguments)
    }

    pub fn status(&self, target: &Target) -> &'static str {
        self.inspector.outcome(target).map_or("none", |it| it.status.name())
    }

    pub fn violations(&self) -> String {
        self.inspector.violations().iter().map(|it| format!("{}\n", words::violation(&it.breach))).collect()
    }

    /// The newest line of what was written.
    pub fn last_line(&self) -> &str {
        self.transcript.lines().last().unwrap_or_default()
    }

    /// Whether a line that begins so was written.
    pub fn tells(&self, beginning: &str) -> bool {
        self.transcript.lines().any(|it| it.starts_with(beginning))
    }

    /// Forgets what was written so far.
    pub fn quiet(mut self) -> Self {
        self.transcript.clear();
        self
    }

    /// Compares all that was written with `tests/data/protocol`.
    pub fn check(mut self, name: &str) {
        self.say(&format!("= {}", self.inspector.phase().name()));
        let violations = self.violations();
        for line in violations.lines() {
            self.say(&format!("! {line}"));
        }
        super::golden::check(&format!("protocol/{name}.txt"), &self.transcript);
    }
}

fn body(request: &Request) -> Value {
    let text = request.body.as_ref().map(|it| it.expose()).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// The method of a message, `answer` for answers to the server, or the verb.
fn named(request: &Request) -> String {
    let body = body(request);
    match (&body["method"], request.method) {
        (Value::String(method), _) => method.clone(),
        (_, Method::Post) => "answer".to_owned(),
        (_, verb) => verb.as_str().to_owned(),
    }
}

/// Verb, address, the headers that tell revisions apart, and the body.
fn written(request: &Request) -> String {
    let same = ["accept", "content-type"];
    let headers = request.headers.iter().filter(|(name, _)| !same.contains(&name.as_str()));
    let headers: String = headers.map(|(name, value)| format!(" [{name}: {}]", value.masked())).collect();
    let path = request.url.strip_prefix("https://mcp.example.com").unwrap_or(&request.url);
    let body = request.body.as_ref().map(|it| format!(" {}", it.masked())).unwrap_or_default();
    let body = body.replace(concat!("\"version\":\"", env!("CARGO_PKG_VERSION"), "\""), "\"version\":\"…\"");
    format!("{} {path}{headers}{body}", request.method.as_str())
}

pub const AUTO: fn(&mut Draft) = |_| ();

pub fn pinned(revision: &'static str) -> impl FnOnce(&mut Draft) {
    move |it: &mut Draft| it.revision = revision.to_owned()
}

pub fn server(revision: &str, capabilities: Value) -> Value {
    json!({ "protocolVersion": revision, "capabilities": capabilities, "serverInfo": { "name": "example", "version": "1" } })
}

pub fn tools() -> Value {
    json!({ "tools": [{ "name": "echo", "inputSchema": { "type": "object" } }] })
}

pub fn text(said: &str) -> Value {
    json!({ "content": [{ "type": "text", "text": said }] })
}

/// A connection of a revision with a handshake, over Streamable HTTP, with a session and tools, and no stream.
pub fn connected(revision: &'static str) -> Wire {
    let mut wire = Wire::connect(pinned(revision));
    wire.result_with("initialize", &[JSON, SESSION], server(revision, json!({ "tools": {} })));
    wire.accepted("notifications/initialized");
    wire.result("tools/list", tools());
    if wire.is_open("GET") {
        wire.answer("GET", 405, &[], "");
    }
    wire
}

/// A connection over HTTP+SSE (2024-11-05) with tools, and its stream.
pub fn connected_over_sse() -> (Wire, ExchangeId) {
    let mut wire = Wire::connect(|it| it.transport = "sse".to_owned());
    let stream = wire.opens("GET");
    wire.event(stream, "event: endpoint\ndata: /messages?session=1");
    wire.accepted("initialize");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 1, "result": server("2024-11-05", json!({ "tools": {} })) }));
    wire.accepted("notifications/initialized");
    wire.accepted("tools/list");
    wire.message(stream, json!({ "jsonrpc": "2.0", "id": 2, "result": tools() }));
    (wire, stream)
}

pub fn discovered(capabilities: Value) -> Value {
    json!({
        "resultType": "complete",
        "supportedVersions": ["2026-07-28"],
        "capabilities": capabilities,
        "_meta": { "io.modelcontextprotocol/serverInfo": { "name": "example", "version": "1" } },
    })
}

/// A connection of 2026-07-28 with these tools.
pub fn modern(listed: Value) -> Wire {
    let mut wire = Wire::connect(AUTO);
    wire.result("server/discover", discovered(json!({ "tools": {} })));
    wire.result("tools/list", listed);
    wire
}

pub fn complete(said: &str) -> Value {
    let mut result = text(said);
    result["resultType"] = json!("complete");
    result
}

pub fn accept(wire: &mut Wire, content: &str) {
    let number = wire.inspector.questions().first().expect("a question").number;
    wire.input(Input::Reply(number, Reply::Accept(content.to_owned())));
}

pub fn reply(wire: &mut Wire, reply: Reply) {
    let number = wire.inspector.questions().first().expect("a question").number;
    wire.input(Input::Reply(number, reply));
}
