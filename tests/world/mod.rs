//! A small world for the inspector: servers as functions, a browser that does what is ordered, a clock that ticks.

#![allow(dead_code, reason = "each test file uses its part")]

use flowglass::http::{Event, Head, HttpError, Method, Mode, Request};
use flowglass::inspector::{AlarmId, Input, Inspector, Order, Place, Saved};
use flowglass::oauth::assertion::Signature;
use flowglass::oauth::flow::Moment;
use flowglass::oauth::request::Callback;
use flowglass::settings::{Draft, Settings};
use flowglass::stored;
use flowglass::trace::Entry;
use flowglass::walkthrough::Walkthrough;
use serde_json::{Value, json};
use std::collections::VecDeque;

pub const SERVER: &str = "https://mcp.example.com/mcp";
pub const ISSUER: &str = "https://login.example.com";

/// What comes back for a request.
#[derive(Clone)]
pub enum Answer {
    Json(u16, Vec<(&'static str, String)>, Value),
    /// Opaque: no CORS, or nothing there.
    Blocked,
    Failed(HttpError),
}

/// An answer in JSON without headers of its own.
pub fn json_answer(status: u16, body: Value) -> Answer {
    Answer::Json(status, Vec::new(), body)
}

type Server<'a> = Box<dyn FnMut(&Request) -> Answer + 'a>;

pub struct World<'a> {
    pub inspector: Inspector,
    server: Server<'a>,
    now: f64,
    /// Where the browser was sent to.
    pub left: Option<String>,
    /// What the browser signs with: one signature for all, or why there is none.
    pub signature: Signature,
}

pub fn place() -> Place {
    let origin = "http://localhost:3000".to_owned();
    Place { redirect_uri: format!("{origin}/oauth/callback"), origin, framed: false, metadata_document: None }
}

pub fn settings(edit: impl FnOnce(&mut Draft)) -> Settings {
    let mut draft = Draft { server: SERVER.to_owned(), ..Draft::default() };
    edit(&mut draft);
    draft.settings().unwrap_or_else(|refusals| panic!("{refusals:?}"))
}

impl<'a> World<'a> {
    pub fn new(server: impl FnMut(&Request) -> Answer + 'a) -> Self {
        let signature = Ok(b"signature".to_vec());
        Self { inspector: Inspector::new(place()), server: Box::new(server), now: 1_000.0, left: None, signature }
    }

    fn moment(&mut self) -> Moment {
        self.now += 10.0;
        let mut entropy = [7; 64];
        entropy[32..].fill(9);
        Moment { now: self.now, entropy }
    }

    /// Takes an input, and does what is ordered until nothing is left to do.
    pub fn input(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        let mut alarms: Vec<(f64, AlarmId)> = Vec::new();
        while let Some(input) = inputs.pop_front().or_else(|| self.next_alarm(&mut alarms)) {
            let moment = self.moment();
            for order in self.inspector.handle(&moment, input) {
                match order {
                    Order::Send { exchange, request, .. } => {
                        let events = events(&request, (self.server)(&request));
                        inputs.extend(events.into_iter().map(|it| Input::Http(exchange, it)));
                    }
                    Order::Leave(url) | Order::Popup(url) => self.left = Some(url),
                    Order::Wake { alarm, after } => alarms.push((self.now + f64::from(after), alarm)),
                    Order::Sign { id, .. } => inputs.push_back(Input::Signed(id, self.signature.clone())),
                    Order::Abort(_) | Order::Limit { .. } | Order::Verify(_) => {}
                }
            }
        }
    }

    /// Nothing is on its way: the clock runs to the next alarm.
    fn next_alarm(&mut self, alarms: &mut Vec<(f64, AlarmId)>) -> Option<Input> {
        let first = (0..alarms.len()).min_by(|a, b| alarms[*a].0.total_cmp(&alarms[*b].0))?;
        let (at, alarm) = alarms.remove(first);
        self.now = self.now.max(at);
        Some(Input::Woken(alarm))
    }

    pub fn connect(&mut self, settings: Settings) {
        self.input(Input::Connect(Box::new(settings)));
    }

    /// The state that went out with the authorization request.
    pub fn state(&self) -> String {
        let url = url::Url::parse(self.left.as_deref().expect("the browser left")).expect("an address");
        url.query_pairs().find(|(name, _)| name == "state").expect("a state").1.into_owned()
    }

    /// The browser is back, with this query; `{state}` and `{iss}` are filled in.
    pub fn back(&mut self, query: &str) {
        let query = query.replace("{state}", &self.state()).replace("{iss}", "https%3A%2F%2Flogin.example.com");
        self.now += 14_000.0;
        self.input(Input::Callback(Callback::parse(&query)));
    }

    /// The page is unloaded: all that is left is what the storage holds, as text.
    pub fn reload(&mut self) {
        let saved = stored::write(&self.inspector.saved()).expect("the state can be written");
        let entries: Vec<String> = self
            .inspector
            .trace()
            .entries()
            .iter()
            .map(|it| stored::write(&it.stored()).expect("it can be written"))
            .collect();
        let saved: Saved = stored::read(&saved).expect("the state can be read");
        let entries: Vec<Entry> = entries.iter().map(|it| stored::read(it).expect("an entry can be read")).collect();
        self.inspector = Inspector::new(place());
        let moment = self.moment();
        self.inspector.restore(&moment, saved, entries);
    }

    pub fn render(&self) -> String {
        let trace = self.inspector.trace();
        let phase = format!("{}\n", self.inspector.phase().name());
        phase + &Walkthrough::of(trace).map(|it| it.render(trace)).unwrap_or_default()
    }
}

fn events(request: &Request, answer: Answer) -> Vec<Event> {
    match answer {
        Answer::Json(_, headers, _) if request.mode == Mode::Opaque => {
            vec![Event::Head(head(request, 0, headers)), Event::End]
        }
        Answer::Json(status, mut headers, body) => {
            headers.push(("content-type", "application/json".to_owned()));
            let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
            vec![Event::Head(head(request, status, headers)), Event::Bytes(body), Event::End]
        }
        Answer::Blocked => vec![Event::Failed(HttpError::Blocked { said: "Failed to fetch".to_owned() })],
        Answer::Failed(error) => vec![Event::Failed(error)],
    }
}

fn head(request: &Request, status: u16, headers: Vec<(&'static str, String)>) -> Head {
    let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Head { status, url: request.url.clone(), redirected: false, headers }
}

/// An MCP server with one tool, which answers whoever has a token, or everybody.
pub fn mcp(request: &Request, token: Option<&str>) -> Answer {
    let bearer = token.map(|it| format!("Bearer {it}"));
    let sent = request.headers.iter().find(|(name, _)| name == "authorization").map(|(_, value)| value.expose());
    if bearer.is_some() && sent != bearer {
        let challenge = r#"Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="tools:read""#;
        return Answer::Json(401, vec![("www-authenticate", challenge.to_owned())], json!({"error": "invalid_token"}));
    }
    match request.method {
        Method::Delete => return json_answer(200, Value::Null),
        Method::Get => return json_answer(405, Value::Null),
        Method::Post => {}
    }
    let body: Value = serde_json::from_str(&request.body.as_ref().expect("a body").expose()).expect("JSON");
    let result = match body["method"].as_str() {
        Some("initialize") => json!({
            "protocolVersion": body["params"]["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "example", "version": "1"},
        }),
        Some("tools/list") => json!({"tools": [{"name": "echo", "inputSchema": {"type": "object"}}]}),
        Some("tools/call") => json!({"content": [{"type": "text", "text": "hello"}]}),
        // As the SDK of 2025-11-25 answers what comes before its handshake.
        _ if !body["id"].is_null() => {
            let error = json!({"code": -32000, "message": "Bad Request: Server not initialized"});
            return json_answer(400, json!({"jsonrpc": "2.0", "error": error, "id": null}));
        }
        _ => return json_answer(202, Value::Null),
    };
    let answer = json!({"jsonrpc": "2.0", "id": body["id"], "result": result});
    Answer::Json(200, vec![("mcp-session-id", "s-1".to_owned())], answer)
}

/// An authorization server; `edit` may change an answer before it is given.
pub fn issuer(request: &Request) -> Answer {
    match request.url.as_str() {
        "https://login.example.com/.well-known/oauth-authorization-server" => json_answer(200, server_metadata()),
        "https://login.example.com/register" => {
            let body: Value = serde_json::from_str(&request.body.as_ref().expect("a body").expose()).expect("JSON");
            let mut answer = body;
            answer["client_id"] = json!("c-1");
            json_answer(201, answer)
        }
        "https://login.example.com/token" => Answer::Json(
            200,
            vec![("cache-control", "no-store".to_owned())],
            json!({"access_token": "t-1", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "r-1", "scope": "tools:read"}),
        ),
        _ => json_answer(404, json!({"error": "not found"})),
    }
}

pub fn server_metadata() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://login.example.com/authorize",
        "token_endpoint": "https://login.example.com/token",
        "registration_endpoint": "https://login.example.com/register",
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    })
}

pub fn resource_metadata() -> Value {
    json!({"resource": SERVER, "authorization_servers": [ISSUER], "scopes_supported": ["tools:read", "tools:call"]})
}

/// Both servers as they should be, the MCP server with that token.
pub fn good(request: &Request) -> Answer {
    match request.url.as_str() {
        SERVER => mcp(request, Some("t-1")),
        "https://mcp.example.com/.well-known/oauth-protected-resource/mcp" => json_answer(200, resource_metadata()),
        _ => issuer(request),
    }
}
