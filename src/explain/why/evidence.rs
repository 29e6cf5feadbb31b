//! What the rules look at, gathered once: the exchanges of each step, and the documents that came.

use crate::base::address::Address;
use crate::base::text::Text;
use crate::explain::walkthrough::{StepRow, Walkthrough};
use crate::http::{Head, HttpError, Method, Mode};
use crate::oauth::challenge::{self, Challenge};
use crate::trace::note::Note;
use crate::trace::step::Step;
use crate::trace::{Event, Exchange, Millis, Trace};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// Longer bodies are no metadata, and are not parsed.
const LONGEST: usize = 256 * 1024;

/// See the module.
pub struct Evidence<'a> {
    pub attempt: &'a Walkthrough,
    pub trace: &'a Trace,
    pub server: Option<Address>,
    /// The origin of this page.
    pub page: Option<&'a str>,
    pub resource: Option<Document<'a>>,
    pub issuer: Option<Document<'a>>,
    pub client: Option<Document<'a>>,
    pub token: Option<Document<'a>>,
    /// What an access token that is a JWT says of itself.
    pub claims: Option<Document<'a>>,
    /// The parameters of the authorization request.
    pub sent: Vec<(String, String)>,
}

/// A JSON object and the exchange that brought it.
pub struct Document<'a> {
    pub from: &'a Exchange,
    members: Map<String, Value>,
}

/// What the browser blocked, and what the probes that followed showed.
pub struct Probes<'a> {
    pub blocked: &'a Exchange,
    /// Whether anything responded, as far as the host of this page lets a probe tell.
    pub alive: Option<bool>,
    pub readable: Option<bool>,
    pub simple_post: Option<bool>,
    pub refused: Vec<String>,
    pub allowed: Vec<String>,
    /// A 3xx is proven.
    pub redirects: bool,
    /// Another URL of the same host responds.
    pub elsewhere: bool,
}

impl<'a> Evidence<'a> {
    pub fn gather(attempt: &'a Walkthrough, trace: &'a Trace) -> Self {
        let page = trace.entries().iter().rev().find_map(|it| match &it.event {
            Event::Opened { page } => Some(page.as_str()),
            _ => None,
        });
        let mut this = Self {
            attempt,
            trace,
            server: Address::typed(&attempt.server).ok(),
            page,
            resource: None,
            issuer: None,
            client: None,
            token: None,
            claims: None,
            sent: Vec::new(),
        };
        this.resource = this.document(Step::ResourceMetadata);
        this.issuer = this.document(Step::ServerMetadata);
        this.client = this.document(Step::Registration);
        this.token = this.document(Step::TokenRequest);
        this.claims = this.token.as_ref().and_then(Document::claims);
        let left = attempt.row(Step::Authorize).and_then(|it| it.exchanges.last());
        let left = left.and_then(|id| trace.exchange(*id));
        this.sent = left.map(|it| query(&it.request.url)).unwrap_or_default();
        this
    }

    pub fn row(&self, step: Step) -> Option<&'a StepRow> {
        self.attempt.row(step)
    }

    pub fn all(&self, step: Step) -> impl Iterator<Item = &'a Exchange> + use<'a> {
        let (trace, row) = (self.trace, self.attempt.row(step));
        let ids = row.map(|it| it.exchanges.as_slice()).unwrap_or_default();
        ids.iter().filter_map(move |id| trace.exchange(*id))
    }

    /// The exchanges of a step, without the probes that looked into what was blocked.
    pub fn exchanges(&self, step: Step) -> impl Iterator<Item = &'a Exchange> + use<'a> {
        self.all(step).filter(|it| !is_probe(it))
    }

    /// Those that were answered so that the page could read it. What the host responded in place of a relayed server says
    /// nothing of that server.
    pub fn answers(&self, step: Step) -> impl Iterator<Item = (&'a Exchange, &'a Head)> + use<'a> {
        let read = self.exchanges(step).filter_map(|it| Some((it, it.head.as_ref().map(|(head, _)| head)?)));
        read.filter(|(exchange, head)| !is_of_host(exchange, head))
    }

    pub fn last(&self, step: Step) -> Option<(&'a Exchange, &'a Head)> {
        self.answers(step).last()
    }

    /// The first answer with that status.
    pub fn with_status(&self, step: Step, status: u16) -> Option<(&'a Exchange, &'a Head)> {
        self.answers(step).find(|(_, head)| head.status == status)
    }

    /// What another origin answered, to which a redirect led, is not taken for this one's.
    fn document(&self, step: Step) -> Option<Document<'a>> {
        let taken = self.answers(step).filter(|(it, head)| head.ok() && it.stayed());
        taken.filter_map(|(it, _)| Document::of(it)).last()
    }

    /// The JSON of the last answer of a step that was an error.
    pub fn refusal(&self, step: Step) -> Option<Document<'a>> {
        self.last(step).filter(|(_, head)| !head.ok()).and_then(|(it, _)| Document::of(it))
    }

    /// The error code and description of a refused request, or of the callback.
    pub fn error(&self, step: Step) -> Option<(String, String)> {
        if step == Step::Callback {
            return Some((self.fact(step, "error")?, self.fact(step, "error_description").unwrap_or_default()));
        }
        let document = self.refusal(step)?;
        let text = |name| document.text(name).unwrap_or_default().to_owned();
        Some((document.text("error")?.to_owned(), text("error_description")))
    }

    /// The challenges of the 401 that began it, where they could be read.
    pub fn challenges(&self) -> Option<(&'a str, Vec<Challenge>)> {
        let (_, head) = self.with_status(Step::McpRequest, 401)?;
        let value = head.header("www-authenticate")?;
        Some((value, challenge::parse(value)))
    }

    /// A fact of a row, as far as it is no secret.
    pub fn fact(&self, step: Step, name: &str) -> Option<String> {
        let facts = self.row(step)?.shown_facts();
        let found = facts.into_iter().find(|(it, _)| it == name);
        found.filter(|(_, value)| !value.has_secret()).map(|(_, value)| value.expose())
    }

    /// A parameter of the authorization request.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.sent.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Whether the last request of a step carried a signed assertion of who the client is (RFC 7523 §2.2).
    pub fn asserts(&self, step: Step) -> bool {
        let fields = self.last(step).map(|(request, _)| sent_form(request)).unwrap_or_default();
        fields.iter().any(|(name, _)| name == "client_assertion")
    }

    /// Whether the client was registered before this attempt.
    pub fn has_old_client(&self) -> bool {
        self.row(Step::Registration).is_some_and(|it| it.notes.contains(&Note::ClientRegisteredBefore))
    }

    /// What the browser blocked at a step, once all probes are over.
    pub fn probes(&self, step: Step) -> Option<Probes<'a>> {
        let probes: Vec<&Exchange> = self.all(step).filter(|it| is_probe(it)).collect();
        let url = probes.first()?.request.url.as_str();
        let blocked = self.exchanges(step).filter(|it| is_blocked(it) && it.request.url == url).last()?;
        if probes.iter().any(|it| it.ended.is_none()) {
            return None;
        }
        let mut this = Probes {
            blocked,
            alive: None,
            readable: None,
            simple_post: None,
            refused: Vec::new(),
            allowed: Vec::new(),
            redirects: false,
            elsewhere: false,
        };
        let (here, elsewhere): (Vec<_>, Vec<_>) = probes.into_iter().partition(|it| it.request.url == url);
        here.into_iter().for_each(|it| this.take(it));
        this.elsewhere = elsewhere.into_iter().any(|it| it.head.is_some());
        Some(this)
    }

    /// When the exchange was answered, or else ended.
    pub fn answered_at(exchange: &Exchange) -> Option<Millis> {
        exchange.head.as_ref().map(|(_, at)| *at).or(exchange.ended)
    }
}

impl Probes<'_> {
    fn take(&mut self, probe: &Exchange) {
        let (answered, request) = (probe.head.is_some(), &probe.request);
        match (request.mode, request.method, request.headers.first()) {
            _ if probe.error == Some(HttpError::Redirected) => self.redirects = true,
            (Mode::Opaque, Method::Post, _) => {}
            (Mode::Opaque, ..) => self.alive = responded(probe),
            (_, Method::Post, _) => self.simple_post = Some(answered),
            (_, _, None) => self.readable = Some(answered),
            (_, _, Some((name, _))) if answered => self.allowed.push(name.clone()),
            (_, _, Some((name, _))) => self.refused.push(name.clone()),
        }
    }
}

/// Whether a `no-cors` probe got a response, where that is known.
fn responded(probe: &Exchange) -> Option<bool> {
    match &probe.error {
        Some(HttpError::Withheld { responded }) => responded.then_some(true),
        _ => Some(probe.head.is_some()),
    }
}

impl<'a> Document<'a> {
    pub fn of(exchange: &'a Exchange) -> Option<Self> {
        let body = exchange.body.as_ref().filter(|it| it.bytes <= LONGEST && !it.is_cut())?;
        match serde_json::from_str(&body.text.expose()) {
            Ok(Value::Object(members)) => Some(Self { from: exchange, members }),
            _ => None,
        }
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    pub fn members(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.members.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// A list of texts; one that is alone counts as a list of one.
    pub fn list(&self, name: &str) -> Option<Vec<&str>> {
        match self.get(name)? {
            Value::Array(items) => Some(items.iter().filter_map(Value::as_str).collect()),
            Value::String(one) => Some(vec![one.as_str()]),
            _ => None,
        }
    }

    /// Seconds, as JWT and OAuth count them.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.get(name)?.as_f64()
    }

    pub fn url(&self) -> &'a str {
        self.from.request.url.as_str()
    }

    /// What the access token says, where it is a JWT (RFC 7519 §3); nothing is verified.
    pub fn claims(&self) -> Option<Self> {
        let payload = self.text("access_token")?.split('.').nth(1)?;
        let bytes = URL_SAFE_NO_PAD.decode(payload).ok()?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(members)) => Some(Self { from: self.from, members }),
            _ => None,
        }
    }
}

fn is_of_host(exchange: &Exchange, head: &Head) -> bool {
    let Some(via) = &exchange.request.via else { return false };
    via.gateway_error(head).is_some() || via.is_missing(exchange.request.method, head)
}

/// Requests of this client carry `accept`, and probes never do.
pub fn is_probe(exchange: &Exchange) -> bool {
    let request = &exchange.request;
    !exchange.navigation && request.method != Method::Delete && header(exchange, "accept").is_none()
}

pub fn is_blocked(exchange: &Exchange) -> bool {
    matches!(exchange.error, Some(HttpError::Blocked { .. }))
}

/// A header of the request; `None` is not there.
pub fn header(exchange: &Exchange, name: &str) -> Option<String> {
    let mut headers = exchange.request.headers.iter();
    headers.find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.expose())
}

pub fn body(exchange: &Exchange) -> String {
    exchange.body.as_ref().map(|it| it.text.head(LONGEST).expose()).unwrap_or_default()
}

pub fn is_html(exchange: &Exchange, head: &Head) -> bool {
    head.media_type() == "text/html" || body(exchange).trim_start().to_ascii_lowercase().starts_with("<!doctype html")
}

/// The parameters in an address.
fn query(url: &str) -> Vec<(String, String)> {
    let query = url.split_once('?').map(|(_, query)| query).unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The fields of a form that was sent.
pub fn sent_form(exchange: &Exchange) -> Vec<(String, String)> {
    let text = exchange.request.body.as_ref().map(Text::expose).unwrap_or_default();
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// A JSON body that was sent.
pub fn sent_json(exchange: &Exchange) -> Option<Value> {
    serde_json::from_str(&exchange.request.body.as_ref()?.expose()).ok()
}
