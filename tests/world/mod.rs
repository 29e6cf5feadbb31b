//! A small world for the inspector: servers as functions, a browser that does what is ordered, a clock that ticks.

#![allow(dead_code, unused_imports, reason = "each test file uses its part")]

use flowglass::base::stored;
use flowglass::explain::walkthrough::Walkthrough;
use flowglass::http::{Event, Head, HttpError, Mode, Request};
use flowglass::inspector::{AlarmId, Input, Inspector, Order, Place, Saved};
use flowglass::mcp::question::{Asker, Reply};
use flowglass::oauth::assertion::Signature;
use flowglass::oauth::flow::Moment;
use flowglass::oauth::request::Callback;
use flowglass::settings::{Draft, Settings};
use flowglass::trace::{Entry, ExchangeId};
use serde_json::Value;
use std::collections::VecDeque;

mod servers;

pub use servers::*;

pub const SERVER: &str = "https://mcp.example.com/mcp";
pub const ISSUER: &str = "https://login.example.com";

/// What comes back for a request.
#[derive(Clone)]
pub enum Answer {
    Json(u16, Vec<(&'static str, String)>, Value),
    /// A body of another type than JSON, which is named first.
    Text(u16, &'static str, &'static str),
    /// The answer of another address, to which a redirect led.
    Redirected(&'static str, Value),
    /// HTTP+SSE: a stream that stays open behind these events.
    Stream(&'static str),
    /// HTTP+SSE: 202, and this comes on the stream that is open.
    OnStream(Value),
    /// HTTP+SSE: 202, and the stream that is open ends.
    EndOfStream,
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
    /// Whether the user accepts what this client asks before something leaves.
    pub consents: bool,
    /// Whether the clock runs to the next alarm once nothing is on its way.
    pub waits: bool,
    /// What random numbers are made of: states and verifiers of a login differ where it differs.
    pub entropy: u8,
    /// What the browser signs with: one signature for all, or why there is none.
    pub signature: Signature,
    /// The stream that was opened last.
    stream: Option<ExchangeId>,
}

/// More than any conversation takes: what goes on longer does not come to rest.
const TURNS: usize = 2_000;

pub fn place() -> Place {
    let origin = "http://localhost:3000".to_owned();
    Place {
        redirect_uri: format!("{origin}/oauth/callback"),
        origin,
        framed: false,
        forgetful: false,
        metadata_document: None,
    }
}

pub fn settings(edit: impl FnOnce(&mut Draft)) -> Settings {
    let mut draft = Draft { server: SERVER.to_owned(), ..Draft::default() };
    edit(&mut draft);
    draft.settings().unwrap_or_else(|refusals| panic!("{refusals:?}"))
}

impl<'a> World<'a> {
    pub fn new(server: impl FnMut(&Request) -> Answer + 'a) -> Self {
        let (server, signature) = (Box::new(server), Ok(b"signature".to_vec()));
        Self {
            inspector: Inspector::new(place()),
            server,
            now: 1_000.0,
            left: None,
            consents: true,
            waits: true,
            entropy: 7,
            signature,
            stream: None,
        }
    }

    fn moment(&mut self) -> Moment {
        self.now += 10.0;
        let mut entropy = [self.entropy; 64];
        entropy[32..].fill(self.entropy + 2);
        Moment { now: self.now, entropy }
    }

    /// Takes an input, and does what is ordered until nothing is left to do.
    pub fn input(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        let mut alarms: Vec<(f64, AlarmId)> = Vec::new();
        let mut turns = 0;
        while let Some(input) = inputs.pop_front().or_else(|| self.consent()).or_else(|| self.next_alarm(&mut alarms)) {
            turns += 1;
            assert!(turns < TURNS, "the world does not come to rest");
            let moment = self.moment();
            for order in self.inspector.handle(&moment, input) {
                match order {
                    Order::Send { exchange, request, .. } => {
                        let answer = (self.server)(&request);
                        inputs.extend(self.answered(exchange, &request, answer));
                    }
                    Order::Leave(url) | Order::Popup(url) => self.left = Some(url),
                    Order::Wake { alarm, after } => alarms.push((self.now + f64::from(after), alarm)),
                    Order::Sign { id, .. } => inputs.push_back(Input::Signed(id, self.signature.clone())),
                    Order::Abort(_) | Order::Limit { .. } | Order::Verify(_) | Order::App(..) => {}
                }
            }
        }
    }

    /// What the user says to a question of this client's own.
    fn consent(&mut self) -> Option<Input> {
        let question = self.inspector.questions().first().filter(|it| it.asker == Asker::Client && self.consents)?;
        Some(Input::Reply(question.number, Reply::Accept(String::new())))
    }

    /// What the browser reports of an answer.
    fn answered(&mut self, exchange: ExchangeId, request: &Request, answer: Answer) -> Vec<Input> {
        let accepted = || events(request, json_answer(202, Value::Null)).into_iter();
        let on = |exchange: Option<ExchangeId>, event| exchange.map(|it| Input::Http(it, event));
        let here = |event| Input::Http(exchange, event);
        match answer {
            Answer::Stream(_) => {
                self.stream = Some(exchange);
                events(request, answer).into_iter().map(here).collect()
            }
            Answer::OnStream(message) => {
                let event = Event::Bytes(format!("data: {message}\n\n").into_bytes());
                accepted().map(here).chain(on(self.stream, event)).collect()
            }
            Answer::EndOfStream => accepted().map(here).chain(on(self.stream, Event::End)).collect(),
            other => events(request, other).into_iter().map(here).collect(),
        }
    }

    /// Nothing is on its way: the clock runs to the next alarm.
    fn next_alarm(&mut self, alarms: &mut Vec<(f64, AlarmId)>) -> Option<Input> {
        let first = (0..alarms.len()).filter(|_| self.waits).min_by(|a, b| alarms[*a].0.total_cmp(&alarms[*b].0))?;
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
        let state: String = form_urlencoded::byte_serialize(self.state().as_bytes()).collect();
        let query = query.replace("{state}", &state).replace("{iss}", "https%3A%2F%2Flogin.example.com");
        self.now += 14_000.0;
        self.input(Input::Callback(Callback::parse(&query)));
    }

    /// The page is unloaded: all that is left is what the storage holds, as text.
    pub fn reload(&mut self) {
        let written = stored::write(&self.inspector.saved()).expect("the state can be written");
        let saved: Saved = stored::read(&written).expect("the state can be read");
        assert_eq!(stored::write(&saved), Some(written), "nothing of the state is lost or changed");
        let entries: Vec<Entry> = self.inspector.trace().entries().iter().map(kept).collect();
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

/// An entry, as the next page finds it.
fn kept(entry: &Entry) -> Entry {
    let stored = entry.stored();
    let text = stored::write(&stored).expect("an entry can be written");
    let read = stored::read(&text).expect("an entry can be read");
    assert!(read == stored, "{text}");
    read
}

fn events(request: &Request, answer: Answer) -> Vec<Event> {
    let typed = |media: &str| vec![("content-type", media.to_owned())];
    match answer {
        Answer::Blocked => vec![Event::Failed(HttpError::Blocked { said: "Failed to fetch".to_owned() })],
        Answer::Failed(error) => vec![Event::Failed(error)],
        Answer::Json(_, headers, _) if request.mode == Mode::Opaque => {
            vec![Event::Head(head(request, 0, headers)), Event::End]
        }
        Answer::Json(status, mut headers, body) => {
            headers.extend(typed("application/json"));
            let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
            vec![Event::Head(head(request, status, headers)), Event::Bytes(body), Event::End]
        }
        Answer::Text(status, media, body) => {
            vec![Event::Head(head(request, status, typed(media))), Event::Bytes(body.into()), Event::End]
        }
        Answer::Redirected(to, body) => {
            let head = Head { url: to.to_owned(), redirected: true, ..head(request, 200, typed("application/json")) };
            vec![Event::Head(head), Event::Bytes(body.to_string().into_bytes()), Event::End]
        }
        Answer::Stream(body) => {
            vec![Event::Head(head(request, 200, typed("text/event-stream"))), Event::Bytes(body.into())]
        }
        Answer::OnStream(_) | Answer::EndOfStream => Vec::new(),
    }
}

fn head(request: &Request, status: u16, headers: Vec<(&'static str, String)>) -> Head {
    let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Head { status, url: request.url.clone(), redirected: false, headers }
}
