//! The bridge between an app and this client: JSON-RPC over `postMessage` (apps specification, "Communication Protocol").
//!
//! A machine that sends nothing itself: [`Bridge::handle`] takes what happened and says what to do. An app is foreign code:
//! what it may ask for is bounded, calls and links wait for the user, and each message is logged.

mod display;
mod orders;

pub use orders::{Answer, By, Ending, Input, Line, Mode, Order, Subject, Theme, Wish};

use super::is_callable;
use super::message::{self, HIGHEST};
use crate::base::address::Address;
use crate::base::text::prefix;
use crate::json::members::Members;
use crate::mcp::era::{INVALID_PARAMS, METHOD_NOT_FOUND};
use crate::mcp::jsonrpc::{self, Id, Message};
use crate::mcp::model::Item;
use crate::mcp::raw::RawMessage;
use crate::trace::Millis;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many messages of an app are read in a second.
const RATE: u32 = 100;
/// A longer message is not read, in bytes.
const LONGEST: usize = 4 << 20;
/// How many of its requests wait for an answer.
const WAITING: usize = 16;
/// As much of a message is kept in the log, in bytes.
const LOGGED: usize = 16 << 10;
/// The least height of an app, in CSS pixels.
const LOWEST: u32 = 40;

const INVALID_REQUEST: i64 = -32600;
/// The code for what the user or this client refuses (apps specification, "Requests").
const REFUSED: i64 = -32000;

/// What the app is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// For the page that takes the document.
    Loading,
    /// For `ui/initialize`.
    Loaded,
    /// For `ui/notifications/initialized`: nothing is sent before.
    Initializing,
    Running,
    /// For the response to `ui/resource-teardown`.
    Closing,
}

/// A request of the app's that is not answered yet.
struct Waiting {
    id: Id,
    then: Then,
}

enum Then {
    /// Sent, once the user allows it.
    Send(RawMessage),
    Open(Address),
    /// Shown over the whole page.
    Expand,
    /// Its answer is the server's.
    Respond,
}

/// See the module.
pub struct Bridge {
    subject: Subject,
    state: State,
    ending: Option<Ending>,
    waiting: BTreeMap<u32, Waiting>,
    last: u32,
    mode: Mode,
    /// Whether the app may be shown over the whole page.
    expands: bool,
    /// How many messages to a conversation it said.
    messages: u32,
    /// When the present second began, and how many messages came in it.
    second: (Millis, u32),
    orders: Vec<Order>,
}

impl Bridge {
    pub fn new(subject: Subject) -> Self {
        let (waiting, orders) = (BTreeMap::new(), Vec::new());
        Self {
            subject,
            state: State::Loading,
            ending: None,
            waiting,
            last: 0,
            mode: Mode::Inline,
            expands: false,
            messages: 0,
            second: (0.0, 0),
            orders,
        }
    }

    /// Takes what happened, and says what to do. `tools` are those that the server lists now.
    pub fn handle(&mut self, now: Millis, input: Input, tools: &[Arc<Item>]) -> Vec<Order> {
        match input {
            Input::Said(text) => self.said(now, text.as_deref(), tools),
            Input::Answered(number, answer) => self.answered(number, answer),
            Input::Ended(ending) => self.ended(ending),
            Input::Theme(theme) => self.theme(theme),
            Input::Show(mode) => self.show(mode),
            Input::Measured { width, height } => self.measured(width, height),
            Input::Parted => self.part(),
            Input::Close => self.close("The user closed the app"),
        }
        std::mem::take(&mut self.orders)
    }

    fn said(&mut self, now: Millis, text: Option<&str>, tools: &[Arc<Item>]) {
        if !self.may_speak(now) {
            return;
        }
        let Some(text) = text.filter(|it| it.len() <= LONGEST) else {
            return self.log(By::App, "warning", "A message that is not JSON, or too long, was not read");
        };
        let Ok(message) = jsonrpc::message(text) else {
            return self.log(By::App, "warning", &format!("Not a JSON-RPC message: {text}"));
        };
        self.log(By::App, &level(&message), text);
        match message {
            Message::Request { id, method, params } => {
                self.requested(id, &method, params.as_deref().unwrap_or("{}"), tools);
            }
            Message::Notification { method, params } => self.notified(&method, params.as_deref().unwrap_or("{}")),
            Message::Result { id, .. } | Message::Error { id: Some(id), .. } => self.responded(&id),
            Message::Error { id: None, .. } => {}
        }
    }

    /// Whether one more message is read in this second. What is too much is said once.
    fn may_speak(&mut self, now: Millis) -> bool {
        if now - self.second.0 >= 1_000.0 || now < self.second.0 {
            self.second = (now, 0);
        }
        self.second.1 = self.second.1.saturating_add(1);
        if self.second.1 == RATE + 1 {
            self.log(By::App, "warning", &format!("More than {RATE} messages in a second: the others are not read"));
        }
        self.second.1 <= RATE
    }

    fn requested(&mut self, id: Id, method: &str, params: &str, tools: &[Arc<Item>]) {
        match (method, self.state) {
            (_, State::Closing) => {}
            ("ping", _) => self.respond(&id, "{}"),
            ("ui/initialize", State::Loading | State::Loaded) => self.initialize(&id, params),
            ("ui/initialize", _) => self.refuse(&id, INVALID_REQUEST, "The app is initialized already"),
            (_, State::Loading | State::Loaded) => self.refuse(&id, INVALID_REQUEST, "ui/initialize comes first"),
            _ if self.waiting.len() >= WAITING => self.refuse(&id, REFUSED, "Too many requests are waiting"),
            ("tools/call", _) => self.call(id, params, tools),
            ("resources/read", _) => self.read(id, params),
            ("ui/open-link", _) => self.link(id, params),
            ("ui/request-display-mode", _) => self.display(id, params),
            ("ui/message", _) => self.message(&id, params),
            ("ui/update-model-context", _) => self.refuse(&id, REFUSED, "Flowglass has no model"),
            (other, _) => self.refuse(&id, METHOD_NOT_FOUND, &format!("Flowglass does not support the method {other}")),
        }
    }

    /// A tool that the server lists, and that apps may call; its arguments and nothing else of the params go out.
    fn call(&mut self, id: Id, params: &str, tools: &[Arc<Item>]) {
        let all = Members::of(params).unwrap_or_default();
        let name = all.read::<String>("name").unwrap_or_default();
        let arguments = all.value("arguments").map_or("{}", |it| it.get()).to_owned();
        match tools.iter().find(|it| it.key == name) {
            None => return self.refuse(&id, INVALID_PARAMS, "The server lists no such tool"),
            Some(tool) if !is_callable(tool) => {
                return self.refuse(&id, INVALID_PARAMS, "Apps may not call this tool");
            }
            Some(_) => {}
        }
        let params = format!("{{\"name\":{},\"arguments\":{arguments}}}", json!(name));
        let message = RawMessage { method: "tools/call".to_owned(), params: Some(params) };
        let number = self.wait(id, Then::Send(message));
        self.orders.push(Order::Ask(number, Wish::Call { tool: name, arguments }));
    }

    fn read(&mut self, id: Id, params: &str) {
        let Some(uri) = Members::of(params).and_then(|it| it.read::<String>("uri")) else {
            return self.refuse(&id, INVALID_PARAMS, "uri is missing");
        };
        let params = Some(json!({ "uri": uri }).to_string());
        let number = self.wait(id, Then::Respond);
        self.orders.push(Order::Send(number, RawMessage { method: "resources/read".to_owned(), params }));
    }

    fn link(&mut self, id: Id, params: &str) {
        let url = Members::of(params).and_then(|it| it.read::<String>("url")).unwrap_or_default();
        let Ok(page) = Address::named(&url, &self.subject.server) else {
            return self.refuse(&id, INVALID_PARAMS, "Flowglass does not open this URL");
        };
        let number = self.wait(id, Then::Open(page.clone()));
        self.orders.push(Order::Ask(number, Wish::Link(page)));
    }

    fn wait(&mut self, id: Id, then: Then) -> u32 {
        self.last += 1;
        self.waiting.insert(self.last, Waiting { id, then });
        self.last
    }

    fn notified(&mut self, method: &str, params: &str) {
        match (method, self.state) {
            // Once: an app that loads the page of the frame again gets nothing more.
            ("ui/notifications/sandbox-proxy-ready", State::Loading) => {
                self.state = State::Loaded;
                self.log(By::Host, "info", &format!("Content-Security-Policy: {}", self.subject.reach.policy()));
                self.orders.push(Order::Load);
            }
            ("ui/notifications/initialized", State::Initializing) => self.run(),
            ("ui/notifications/size-changed", State::Running | State::Initializing) => self.resize(params),
            ("ui/notifications/request-teardown", State::Running) => self.close("The app asked to be closed"),
            _ => {}
        }
    }

    fn run(&mut self) {
        self.state = State::Running;
        if self.subject.in_parts {
            message::parts(&self.subject.arguments).iter().for_each(|it| self.post(message::tool_input_partial(it)));
        }
        self.post(message::tool_input(&self.subject.arguments));
        if let Some(ending) = self.ending.clone() {
            self.tell(&ending);
        }
    }

    fn tell(&mut self, ending: &Ending) {
        self.post(match ending {
            Ending::Result(result) => message::tool_result(result),
            Ending::Cancelled(reason) => message::tool_cancelled(reason),
        });
    }

    fn resize(&mut self, params: &str) {
        let height = Members::of(params).and_then(|it| it.read::<f64>("height")).filter(|it| it.is_finite());
        if let Some(height) = height {
            let height = height.ceil().clamp(f64::from(LOWEST), f64::from(HIGHEST));
            self.orders.push(Order::Resize(height as u32));
        }
    }

    fn responded(&mut self, id: &Id) {
        if self.state == State::Closing && message::is_teardown(id) {
            self.orders.push(Order::Remove);
        }
    }

    fn answered(&mut self, number: u32, answer: Answer) {
        let Some(Waiting { id, then }) = self.waiting.remove(&number) else { return };
        match (then, answer) {
            (Then::Send(message), Answer::Allowed) => {
                self.waiting.insert(number, Waiting { id, then: Then::Respond });
                self.orders.push(Order::Send(number, message));
            }
            (Then::Open(page), Answer::Allowed) => {
                self.orders.push(Order::Open(page));
                self.respond(&id, "{}");
            }
            (Then::Expand, answer) => {
                if answer == Answer::Allowed {
                    self.show(Mode::Fullscreen);
                }
                self.respond_mode(&id);
            }
            (_, Answer::Result(result)) => self.respond(&id, &result),
            (_, Answer::Error(error)) => self.refuse(&id, error.code, &error.message),
            (_, Answer::Declined) => self.refuse(&id, REFUSED, "The user declined"),
            (_, Answer::Allowed | Answer::Unanswered) => self.refuse(&id, REFUSED, "The server did not respond"),
        }
    }

    /// The first ending counts.
    fn ended(&mut self, ending: Ending) {
        if self.ending.is_some() {
            return;
        }
        if self.state == State::Running {
            self.tell(&ending);
        }
        self.ending = Some(ending);
    }

    fn theme(&mut self, theme: Theme) {
        if self.subject.theme != theme {
            self.subject.theme = theme;
            if self.state == State::Running {
                self.post(message::theme_changed(theme));
            }
        }
    }

    fn part(&mut self) {
        for (_, Waiting { id, .. }) in std::mem::take(&mut self.waiting) {
            self.refuse(&id, REFUSED, "There is no connection to the server");
        }
    }

    /// An app that runs is told, and may respond first (apps specification, "Cleanup").
    fn close(&mut self, reason: &str) {
        match self.state {
            State::Running => {
                self.state = State::Closing;
                self.post(message::teardown(reason));
            }
            State::Closing => {}
            State::Loading | State::Loaded | State::Initializing => self.orders.push(Order::Remove),
        }
    }

    fn respond(&mut self, id: &Id, result: &str) {
        self.post(jsonrpc::result(id, &jsonrpc::known(result)));
    }

    fn refuse(&mut self, id: &Id, code: i64, why: &str) {
        self.post(jsonrpc::error(id, code, why));
    }

    fn post(&mut self, text: String) {
        self.log(By::Host, "debug", &text);
        self.orders.push(Order::Post(text));
    }

    fn log(&mut self, by: By, level: &str, text: &str) {
        let is_json = text.len() <= LOGGED && text.starts_with('{');
        let (level, text) = (level.to_owned(), prefix(text, LOGGED).to_owned());
        self.orders.push(Order::Log(Line { by, level, text, is_json }));
    }
}

/// What an app logs has the level that it gives.
fn level(message: &Message) -> String {
    let given = match message {
        Message::Notification { method, params: Some(params) } if method == "notifications/message" => {
            Members::of(params).and_then(|it| it.read("level"))
        }
        _ => None,
    };
    given.map_or_else(|| "debug".to_owned(), |it: String| prefix(&it, 40).to_owned())
}

#[cfg(test)]
mod tests;
