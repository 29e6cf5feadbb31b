//! Attempts written down by hand, for the tests of the rules.

use crate::base::text::{self, Text};
use crate::explain::walkthrough::Walkthrough;
use crate::http::{Head, HttpError, Method, Mode, Request};
use crate::trace::problem::{Cause, Code, Owner, Problem};
use crate::trace::step::Step;
use crate::trace::{Body, Event, ExchangeId, StreamEvent, Trace};
use serde_json::{Value, json};

pub const SERVER: &str = "https://mcp.example.com/mcp";
pub const RESOURCE: &str = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";
pub const ISSUER: &str = "https://login.example.com";
pub const METADATA: &str = "https://login.example.com/.well-known/oauth-authorization-server";
pub const TOKEN: &str = "https://login.example.com/token";
pub const REGISTER: &str = "https://login.example.com/register";
const CHALLENGE: &str =
    r#"Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp""#;
/// Seconds since the epoch at which the cases begin.
pub const NOW: f64 = 1_790_000_000.0;

pub struct Case {
    trace: Trace,
    now: f64,
    last: ExchangeId,
}

pub type Headers<'a> = &'a [(&'a str, &'a str)];

impl Case {
    /// Nothing but the address.
    pub fn at(server: &str) -> Self {
        Self::on("http://localhost:3000", server)
    }

    pub fn on(page: &str, server: &str) -> Self {
        let case = Self { trace: Trace::default(), now: NOW * 1000.0, last: 0 };
        let began = case.event(Event::Opened { page: page.to_owned() });
        began.event(Event::Began { server: server.to_owned(), first: None }).enter(Step::McpRequest)
    }

    pub fn event(mut self, event: Event) -> Self {
        self.now += 10.0;
        self.trace.push(self.now, event);
        self
    }

    pub fn enter(self, step: Step) -> Self {
        self.event(Event::Entered(step))
    }

    pub fn wait(mut self, milliseconds: f64) -> Self {
        self.now += milliseconds;
        self
    }

    pub fn send(mut self, step: Step, request: Request) -> Self {
        self.last = self.trace.next_exchange();
        let exchange = self.last;
        self.event(Event::Sent { exchange, step: Some(step), request })
    }

    pub fn head(self, status: u16, headers: Headers<'_>) -> Self {
        self.head_at("", status, headers)
    }

    fn head_at(self, redirected_to: &str, status: u16, headers: Headers<'_>) -> Self {
        let exchange = self.last;
        let headers = headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let redirected = !redirected_to.is_empty();
        let head = Head { status, url: redirected_to.to_owned(), redirected, headers };
        self.event(Event::Answered { exchange, head })
    }

    fn end(self, body: &str) -> Self {
        let exchange = self.last;
        let body = Body::new(text::json(body));
        self.event(Event::Body { exchange, body }).event(Event::Ended { exchange })
    }

    pub fn answer(self, status: u16, headers: Headers<'_>, body: &str) -> Self {
        self.head(status, headers).end(body)
    }

    pub fn json(self, status: u16, body: &Value) -> Self {
        self.answer(status, &[("content-type", "application/json"), ("cache-control", "no-store")], &body.to_string())
    }

    /// The answer came from another address.
    pub fn moved(self, to: &str, body: &Value) -> Self {
        self.head_at(to, 200, &[("content-type", "application/json")]).end(&body.to_string())
    }

    pub fn fail(self, error: HttpError) -> Self {
        let exchange = self.last;
        self.event(Event::Failed { exchange, error })
    }

    pub fn block(self) -> Self {
        self.fail(HttpError::Blocked { said: String::new() })
    }

    /// Events of a stream, one after another, and its end.
    pub fn stream(mut self, headers: Headers<'_>, count: usize, pause: f64) -> Self {
        self = self.head(200, headers).wait(pause);
        let exchange = self.last;
        for _ in 0..count {
            let event = StreamEvent { event: "message".to_owned(), id: None, data: "{}".into(), bytes: 2, cut: false };
            self = self.event(Event::Streamed { exchange, event });
        }
        self.event(Event::Ended { exchange })
    }

    pub fn get(self, step: Step, url: &str) -> Self {
        self.send(step, Request::get(url).header("accept", Text::plain("application/json")))
    }

    pub fn mcp(self, step: Step, more: Headers<'_>) -> Self {
        let server = Walkthrough::of(&self.trace).expect("began").server;
        let post = Request::new(Method::Post, server)
            .header("content-type", Text::plain("application/json"))
            .header("accept", Text::plain("application/json, text/event-stream"));
        let post = more.iter().fold(post, |post, &(name, value)| post.header(name, Text::plain(value)));
        self.send(step, post.body(Text::plain("{}")))
    }

    /// The probes that follow a blocked request; `answers` says which of them are answered.
    pub fn probed(mut self, step: Step, headers: &[&str], answers: impl Fn(&str) -> bool) -> Self {
        let url = self.trace.exchange(self.last).expect("blocked").request.url.clone();
        let get = || Request::get(url.as_str());
        let mut probes = vec![("alive", Request { mode: Mode::Opaque, ..get() })];
        if answers("alive") && !headers.is_empty() {
            let post = Request::new(Method::Post, url.as_str()).header("content-type", Text::plain("text/plain"));
            probes.extend([("get", get()), ("post", post.body(Text::plain("probe")))]);
            probes.extend(headers.iter().map(|name| (*name, get().header(name, Text::plain("probe")))));
        }
        for (name, probe) in probes {
            let status = if name == "alive" { 0 } else { 200 };
            self = self.send(step, probe);
            self = if answers(name) { self.answer(status, &[], "") } else { self.block() };
        }
        self
    }

    /// The first request was answered 401 with that challenge.
    pub fn challenged(self, headers: Headers<'_>) -> Self {
        self.mcp(Step::McpRequest, &[]).answer(401, headers, "").enter(Step::Unauthorized)
    }

    fn to_resource(server: &str) -> Self {
        Self::at(server).challenged(&[("www-authenticate", CHALLENGE)]).enter(Step::ResourceMetadata)
    }

    /// The resource metadata is that.
    pub fn resource(server: &str, document: &Value) -> Self {
        Self::to_resource(server).get(Step::ResourceMetadata, RESOURCE).json(200, document)
    }

    /// Good resource metadata, and the next step.
    pub fn to_issuer() -> Self {
        Self::resource(SERVER, &resource()).enter(Step::ServerMetadata)
    }

    /// The authorization server's metadata is that.
    pub fn issuer(document: &Value) -> Self {
        Self::to_issuer().get(Step::ServerMetadata, METADATA).json(200, document)
    }

    pub fn to_registration() -> Self {
        let uri = "http://localhost:3000/oauth/callback";
        Self::issuer(&issuer()).enter(Step::Registration).registers(uri)
    }

    /// A registration that asks for that redirect URI.
    pub fn registers(self, uri: &str) -> Self {
        let body = json!({"redirect_uris": [uri], "token_endpoint_auth_method": "none"}).to_string();
        let post = Request::new(Method::Post, REGISTER)
            .header("content-type", Text::plain("application/json"))
            .header("accept", Text::plain("application/json"));
        self.send(Step::Registration, post.body(Text::plain(body)))
    }

    /// The browser leaves with that scope.
    pub fn leaves(self, scope: &str) -> Self {
        let fields = [
            ("client_id", "c-1"),
            ("redirect_uri", "http://localhost:3000/oauth/callback"),
            ("state", "0123456789abcdef"),
            ("resource", SERVER),
            ("scope", scope),
        ];
        let query = fields.map(|(name, value)| format!("{name}={}", text::encode(value))).join("&");
        let url = format!("{ISSUER}/authorize?{query}");
        let case = self.enter(Step::Pkce).enter(Step::AuthorizationUrl).enter(Step::Authorize);
        let case = case.send(Step::Authorize, Request::get(url.as_str()));
        case.event(Event::Left { url }).enter(Step::Consent)
    }

    pub fn to_login() -> Self {
        Self::to_registration().json(201, &client()).leaves("tools:read")
    }

    /// The browser is back with that.
    pub fn back(self, callback: Headers<'_>) -> Self {
        let texts = callback.iter().map(|&(name, value)| (name.to_owned(), Text::plain(value))).collect();
        let case = self.wait(14_000.0).event(Event::Returned { callback: Some(texts) });
        case.enter(Step::Callback)
    }

    /// The token request is on its way.
    pub fn trades(self) -> Self {
        self.trades_with(&[("grant_type", "authorization_code"), ("code", "c0de")])
    }

    /// A token request with such fields is on its way.
    pub fn trades_with(self, fields: Headers<'_>) -> Self {
        let fields: Vec<_> = fields.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let post = Request::new(Method::Post, TOKEN)
            .header("content-type", Text::plain("application/x-www-form-urlencoded"))
            .header("accept", Text::plain("application/json"));
        let case = self.enter(Step::Code).enter(Step::TokenRequest);
        case.send(Step::TokenRequest, post.body(text::form(&fields)))
    }

    pub fn to_token() -> Self {
        Self::to_login().back(&[("state", "0123456789abcdef"), ("iss", ISSUER)]).trades()
    }

    /// The token request was refused.
    pub fn refused(error: &str, description: &str) -> Self {
        let body = json!({"error": error, "error_description": description});
        Self::to_token().json(400, &body).stopped(Code::TokenRefused, Step::TokenRequest)
    }

    /// The token endpoint answered that.
    pub fn token(answer: &Value) -> Self {
        Self::to_token().json(200, answer).enter(Step::Token)
    }

    pub fn stopped(self, code: Code, step: Step) -> Self {
        self.event(Event::Stopped(Problem {
            code,
            owner: Owner::Server,
            ..Problem::new(Cause::StoppedByUser).at(step)
        }))
    }

    /// All twelve steps, without fault.
    pub fn whole() -> Self {
        let case = Self::token(&token()).enter(Step::McpRequestWithToken);
        let case = case.mcp(Step::McpRequestWithToken, &[("authorization", "Bearer t-1")]).json(200, &json!({}));
        case.event(Event::Connected { server: SERVER.to_owned(), version: "2025-11-25".to_owned() })
    }

    pub fn attempt(&self) -> Walkthrough {
        Walkthrough::of(&self.trace).expect("it began")
    }

    /// The rules that found something.
    pub fn rules(&self) -> Vec<&'static str> {
        self.attempt().rows.iter().flat_map(|it| &it.findings).map(|it| it.rule).collect()
    }

    /// Asserts that a rule finds something.
    pub fn finds(&self, rule: &str) {
        assert!(self.rules().contains(&rule), "{rule} is not in {:?}", self.rules());
    }

    /// Asserts that it does not.
    pub fn lacks(&self, rule: &str) {
        assert!(!self.rules().contains(&rule), "{rule} is there");
    }
}

pub fn edited(mut document: Value, name: &str, value: Value) -> Value {
    document[name] = value;
    document
}

pub fn resource() -> Value {
    json!({"resource": SERVER, "authorization_servers": [ISSUER], "scopes_supported": ["tools:read"]})
}

pub fn issuer() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://login.example.com/authorize",
        "token_endpoint": TOKEN,
        "registration_endpoint": REGISTER,
        "code_challenge_methods_supported": ["S256"],
    })
}

pub fn client() -> Value {
    json!({"client_id": "c-1", "redirect_uris": ["http://localhost:3000/oauth/callback"]})
}

pub fn token() -> Value {
    json!({"access_token": "t-1", "token_type": "Bearer", "expires_in": 3600, "scope": "tools:read"})
}

/// A token answer whose access token is a JWT with these claims, unsigned.
pub fn jwt(claims: &Value) -> Value {
    use base64::Engine as _;
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims.to_string());
    edited(token(), "access_token", json!(format!("e30.{payload}.c2ln")))
}
