//! A server that is right, as a trace of its audit, and one response of it changed: what the tests of the lines judge.

use super::Audit;
use crate::base::text::{self, Text};
use crate::http::relay::{Relay, Relays};
use crate::http::{Head, HttpError, Method, Mode, Request};
use crate::trace::audit::AuditProbe;
use crate::trace::step::Step;
use crate::trace::{Body, Event, Trace};
use serde_json::{Value, json};

pub const SERVER: &str = "https://mcp.example.com/mcp";
pub const RESOURCE: &str = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";
pub const ROOT: &str = "https://mcp.example.com/.well-known/oauth-protected-resource";
pub const ISSUER: &str = "https://login.example.com";
pub const METADATA: &str = "https://login.example.com/.well-known/oauth-authorization-server";
pub const OPENID: &str = "https://login.example.com/.well-known/openid-configuration";
const CHALLENGE: &str = r#"Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="tools:read""#;
const REFUSED: &str = r#"Bearer error="invalid_token", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp""#;

#[derive(Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub error: Option<HttpError>,
    /// Where a redirect led that was followed.
    pub moved: Option<String>,
}

/// What a request is for: of the check, or one of the probes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Asked {
    Request,
    Resource,
    Server,
    Probe(AuditProbe),
}

#[derive(Clone)]
pub struct Site {
    pub page: String,
    pub server: String,
    /// What was negotiated, where nobody had to log in.
    pub version: Option<&'static str>,
    exchanges: Vec<(Asked, Request, Answer)>,
}

impl Answer {
    pub fn of(status: u16, body: &str) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self { status, headers, body: body.to_owned(), error: None, moved: None }
    }

    pub fn json(status: u16, body: &Value) -> Self {
        Self::of(status, &body.to_string())
    }

    pub fn page(status: u16) -> Self {
        let headers = vec![("content-type".to_owned(), "text/html".to_owned())];
        Self { headers, ..Self::of(status, "<!doctype html><title>Home</title>") }
    }

    pub fn failed(error: HttpError) -> Self {
        Self { error: Some(error), ..Self::of(0, "") }
    }

    pub fn blocked() -> Self {
        Self::failed(HttpError::Blocked { said: "Failed to fetch".to_owned() })
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(it, _)| it != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

pub fn resource() -> Value {
    json!({
        "resource": SERVER, "authorization_servers": [ISSUER], "scopes_supported": ["tools:read"],
        "bearer_methods_supported": ["header"], "resource_name": "Tools"
    })
}

pub fn metadata() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://login.example.com/authorize",
        "token_endpoint": "https://login.example.com/token",
        "registration_endpoint": "https://login.example.com/register",
        "introspection_endpoint": "https://login.example.com/introspect",
        "jwks_uri": "https://login.example.com/jwks",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["tools:read", "offline_access"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "authorization_response_iss_parameter_supported": true
    })
}

impl Site {
    /// Everything as it should be.
    pub fn right() -> Self {
        let (page, server) = ("http://localhost:3000".to_owned(), SERVER.to_owned());
        let mut this = Self { page, server, version: None, exchanges: Vec::new() };
        this.check();
        this.probe_server();
        this.probe_metadata();
        this.probe_endpoints();
        this
    }

    fn check(&mut self) {
        let post = post(SERVER).header("accept", Text::plain("application/json"));
        let post = post.header("content-type", Text::plain("application/json"));
        let refused = Answer::json(401, &Value::Null).with("www-authenticate", CHALLENGE);
        self.exchanges.push((Asked::Request, post, refused));
        let get = |url: &str| Request::get(url).header("accept", Text::plain("application/json"));
        self.exchanges.push((Asked::Resource, get(RESOURCE), Answer::json(200, &resource())));
        self.exchanges.push((Asked::Server, get(METADATA), Answer::json(200, &metadata())));
    }

    fn add(&mut self, probe: AuditProbe, request: Request, answer: Answer) {
        self.exchanges.push((Asked::Probe(probe), request, answer));
    }

    fn probe_server(&mut self) {
        use AuditProbe::{
            Alive, EmptyToken, LastEventHeader, MethodHeader, NameHeader, PlainText, Prompts, Resources, SessionHeader,
            Simple, Stream, Tools, UnknownSession, UnknownToken, UnknownVersion,
        };
        let refused = || Answer::json(401, &Value::Null).with("www-authenticate", CHALLENGE);
        self.add(Simple, Request::get(SERVER), refused());
        let alive = Request { mode: Mode::Opaque, ..Request::get(SERVER) };
        self.add(Alive, alive, Answer::of(0, ""));
        self.add(UnknownToken, post(SERVER), Answer::json(401, &Value::Null).with("www-authenticate", REFUSED));
        self.add(EmptyToken, post(SERVER), refused());
        self.add(Stream, Request::get(SERVER).header("accept", Text::plain("text/event-stream")), refused());
        self.add(UnknownSession, Request::new(Method::Delete, SERVER), refused());
        let rest =
            [MethodHeader, NameHeader, SessionHeader, LastEventHeader, UnknownVersion, Tools, Resources, Prompts];
        for probe in rest {
            self.add(probe, post(SERVER), refused());
        }
        self.add(PlainText, post(SERVER), refused());
    }

    fn probe_metadata(&mut self) {
        let get = |url: &str| Request::get(url).header("accept", Text::plain("application/json"));
        self.add(AuditProbe::ResourceMetadata, get(ROOT), Answer::json(404, &Value::Null));
        let none = format!("{RESOURCE}/flowglass-audit-none");
        self.add(AuditProbe::NoResource, get(&none), Answer::json(404, &Value::Null));
        self.add(AuditProbe::ServerMetadata, get(OPENID), Answer::json(200, &metadata()));
        let keys = json!({"keys": [{"kty": "RSA", "kid": "1", "n": "x", "e": "AQAB"}]});
        self.add(AuditProbe::Keys, get("https://login.example.com/jwks"), Answer::json(200, &keys));
    }

    fn probe_endpoints(&mut self) {
        let authorize = Request::get("https://login.example.com/authorize");
        self.add(AuditProbe::AuthorizationEndpoint, authorize, Answer::blocked());
        let refused = json!({"error": "invalid_client", "error_description": "Unknown client"});
        self.add(AuditProbe::TokenEndpoint, post("https://login.example.com/token"), Answer::json(400, &refused));
        let introspect = post("https://login.example.com/introspect");
        self.add(AuditProbe::Introspection, introspect, Answer::json(401, &Value::Null));
    }

    /// One response changed.
    #[must_use]
    pub fn edit(mut self, asked: Asked, edit: impl Fn(&mut Answer)) -> Self {
        for (it, _, answer) in &mut self.exchanges {
            if *it == asked {
                edit(answer);
            }
        }
        self
    }

    #[must_use]
    pub fn set(self, asked: Asked, answer: &Answer) -> Self {
        self.edit(asked, |it| *it = answer.clone())
    }

    /// The response to a probe changed.
    #[must_use]
    pub fn on(self, probe: AuditProbe, answer: &Answer) -> Self {
        self.set(Asked::Probe(probe), answer)
    }

    /// All requests to the MCP URL but those that need no preflight, or all of them.
    #[must_use]
    pub fn block(mut self, blocked: impl Fn(&Request) -> bool) -> Self {
        for (_, request, answer) in &mut self.exchanges {
            if blocked(request) {
                *answer = Answer::blocked();
            }
        }
        self
    }

    /// Those requests alone.
    #[must_use]
    pub fn keep(mut self, keep: &[Asked]) -> Self {
        self.exchanges.retain(|(asked, ..)| keep.contains(asked));
        self
    }

    /// The requests to the MCP server through a relay of the host.
    #[must_use]
    pub fn relayed(mut self) -> Self {
        let relay = Relay { origin: "https://mcp.example.com".to_owned(), to: "/relay/mcp".to_owned() };
        let relays = Relays::new(&[relay], &self.page);
        for (_, request, _) in &mut self.exchanges {
            request.via = relays.via(&request.url).cloned().map(Box::new);
        }
        self
    }

    /// The request without token with one header more, as a look into what was blocked sends it: a GET.
    #[must_use]
    pub fn tried(mut self, header: &str, answer: &Answer) -> Self {
        let get = Request::get(SERVER).header(header, Text::plain("x"));
        self.exchanges.push((Asked::Request, get, answer.clone()));
        self
    }

    /// The request without token carries that header.
    #[must_use]
    pub fn carrying(mut self, header: &str) -> Self {
        for (_, request, _) in self.exchanges.iter_mut().filter(|(it, ..)| *it == Asked::Request) {
            request.headers.push((header.to_owned(), Text::plain("x")));
        }
        self
    }

    /// One more document.
    #[must_use]
    pub fn also(mut self, probe: AuditProbe, url: &str, document: &Value) -> Self {
        let get = Request::get(url).header("accept", Text::plain("application/json"));
        self.add(probe, get, Answer::json(200, document));
        self
    }

    /// The MCP server at another URL.
    #[must_use]
    pub fn at(mut self, server: &str) -> Self {
        for (_, request, _) in self.exchanges.iter_mut().filter(|(_, it, _)| it.url == SERVER) {
            server.clone_into(&mut request.url);
        }
        server.clone_into(&mut self.server);
        self
    }

    /// A member of a document, changed or taken away.
    #[must_use]
    pub fn member(self, asked: Asked, name: &str, value: &Value) -> Self {
        self.edit(asked, |answer| {
            let mut document: Value = serde_json::from_str(&answer.body).expect("a document");
            let members = document.as_object_mut().expect("an object");
            members.remove(name);
            if !value.is_null() {
                members.insert(name.to_owned(), value.clone());
            }
            answer.body = document.to_string();
        })
    }

    /// The same in both documents of the authorization server.
    #[must_use]
    pub fn both(self, name: &str, value: &Value) -> Self {
        let openid = Asked::Probe(AuditProbe::ServerMetadata);
        self.member(Asked::Server, name, value).member(openid, name, value)
    }

    pub fn trace(&self) -> Trace {
        let mut trace = Trace::default();
        let mut now = 1_790_000_000_000.0;
        let mut push = |trace: &mut Trace, event: Event| {
            now += 10.0;
            trace.push(now, event);
        };
        push(&mut trace, Event::Opened { page: self.page.clone() });
        push(&mut trace, Event::Began { server: self.server.clone(), first: None });
        push(&mut trace, Event::Examining);
        for (asked, request, answer) in &self.exchanges {
            let step = match asked {
                Asked::Request => Some(Step::McpRequest),
                Asked::Resource => Some(Step::ResourceMetadata),
                Asked::Server => Some(Step::ServerMetadata),
                Asked::Probe(_) => None,
            };
            if let Some(step) = step {
                push(&mut trace, Event::Entered(step));
            }
            for event in events(trace.next_exchange(), step, *asked, request, answer) {
                push(&mut trace, event);
            }
            if let Some(version) = self.version.filter(|_| *asked == Asked::Request) {
                push(&mut trace, Event::Connected { server: self.server.clone(), version: version.to_owned() });
            }
        }
        push(&mut trace, Event::Examined);
        trace
    }

    pub fn audit(&self) -> Audit {
        Audit::of(&self.trace()).expect("an audit")
    }
}

fn post(url: &str) -> Request {
    Request::new(Method::Post, url)
}

fn events(exchange: u32, step: Option<Step>, asked: Asked, request: &Request, answer: &Answer) -> Vec<Event> {
    let mut events = vec![Event::Sent { exchange, step, request: request.clone() }];
    if let Asked::Probe(probe) = asked {
        events.push(Event::Probed { exchange, probe });
    }
    if let Some(error) = &answer.error {
        events.push(Event::Failed { exchange, error: error.clone() });
        return events;
    }
    let (url, redirected) = (answer.moved.as_ref().unwrap_or(&request.url).clone(), answer.moved.is_some());
    let head = Head { status: answer.status, url, redirected, headers: answer.headers.clone() };
    let body = Body::new(text::json(&answer.body));
    events.extend([Event::Answered { exchange, head }, Event::Body { exchange, body }, Event::Ended { exchange }]);
    events
}
