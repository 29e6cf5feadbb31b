//! The requests of the latest attempt as a script that goes the same way again, with secrets of its own.
//!
//! What is secret is a variable. Most of them the script takes from the answers that it gets, or makes up, as the
//! client did; the rest are asked for before anything is sent.

mod helpers;
mod shell;

use super::redacted::BESIDE;
use super::{RedactedTrace, line};
use crate::format;
use crate::http::{Method, Mode, Request, is_token};
use crate::step::Step;
use crate::text::{MASK, Text};
use crate::trace::{Event, Exchange, ExchangeId, Millis, Trace};
use crate::wire::words;
use serde_json::{Map, Value};
use shell::Word;
use std::cmp::Ordering;
use std::fmt::Write as _;

pub fn write(trace: &RedactedTrace, now: Millis) -> String {
    let server = super::server(trace).unwrap_or_default();
    let exchanges = exchanges(trace.trace());
    let mut script = Script::new(&exchanges);
    exchanges.iter().for_each(|it| script.exchange(it));
    let mut text = String::from("#!/usr/bin/env bash\n");
    let _ = writeln!(text, "# The requests that Flowglass sent to {}, written {}.", line(server), format::date(now));
    text.push_str(
        "# Run it with bash: it goes the same way again, with secrets of its own. None of yours is in here.\n",
    );
    text.push_str("set -euo pipefail\n\n");
    for name in &script.needed {
        let _ = writeln!(text, ": \"${{{name}:?{}}}\"", helpers::source(name));
    }
    if let Some(uri) = script.redirect.as_ref().filter(|_| script.registers) {
        let _ = writeln!(text, "{}", helpers::REDIRECT.replace("{uri}", &shell::literal(&line(uri))));
    }
    text.push_str(&helpers::used_in(&script.commands));
    text + &script.commands + "\necho 'All was sent.'\n"
}

/// The requests of the latest attempt that a script can send, in order. What was done wrong on purpose is not among
/// them: a test of the server is none that the flow needs.
fn exchanges(trace: &Trace) -> Vec<&Exchange> {
    let began = trace.entries().iter().rposition(|it| matches!(it.event, Event::Began { .. })).unwrap_or_default();
    let attempt = trace.entries().iter().skip(began).map(|it| &it.event);
    let tested: Vec<ExchangeId> = attempt
        .clone()
        .filter_map(|it| match it {
            Event::Tested(it) => it.exchange,
            _ => None,
        })
        .collect();
    let ids = attempt.filter_map(|it| match it {
        Event::Began { first, .. } => *first,
        Event::Sent { exchange, .. } => Some(*exchange),
        _ => None,
    });
    let sent = ids.filter(|it| !tested.contains(it)).filter_map(|it| trace.exchange(it));
    let is_http = |it: &Exchange| it.request.url.starts_with("https://") || it.request.url.starts_with("http://");
    sent.filter(|it| it.request.mode != Mode::Opaque && is_http(it)).collect()
}

/// What was written so far.
struct Script {
    commands: String,
    /// What has to be set before the run.
    needed: Vec<String>,
    /// What the script has by itself at this place.
    known: Vec<String>,
    /// Where the browser comes back to.
    redirect: Option<String>,
    /// Whether it registers a client, which may come back to another place.
    registers: bool,
    /// The id that the client was given in the run, in whose place the script has one of its own.
    client: Option<String>,
    /// How many requests beside the steps there were in a row.
    beside: usize,
}

impl Script {
    fn new(exchanges: &[&Exchange]) -> Self {
        let left = exchanges.iter().find(|it| it.navigation).map(|it| words::address(&it.request.url).2);
        let redirect = left.flatten().and_then(|query| {
            let mut fields = form_urlencoded::parse(query.as_bytes());
            fields.find(|(name, _)| name == "redirect_uri").map(|(_, value)| value.into_owned())
        });
        Self {
            commands: String::new(),
            needed: Vec::new(),
            known: Vec::new(),
            redirect,
            registers: exchanges.iter().any(|it| is_registration(it)),
            client: None,
            beside: 0,
        }
    }

    fn exchange(&mut self, it: &Exchange) {
        self.beside = if it.step.is_some() { 0 } else { self.beside + 1 };
        match (it.navigation, self.beside.cmp(&BESIDE)) {
            (true, _) => self.navigation(it),
            (false, Ordering::Less) => self.request(it),
            (false, Ordering::Equal) => {
                self.commands.push_str("\n# More requests beside the steps are left out here.\n")
            }
            (false, Ordering::Greater) => {}
        }
    }

    /// The login, which a person does in a browser.
    fn navigation(&mut self, it: &Exchange) {
        self.know(&["CODE_VERIFIER", "CODE_CHALLENGE", "STATE"]);
        let url = self.address(&it.request);
        let _ = write!(self.commands, "\n{}", helpers::PAIR);
        let _ = write!(self.commands, "\n# {}\n{}", title(it), helpers::LOGIN.replace("{url}", &url));
        self.know(&["CODE"]);
    }

    fn request(&mut self, it: &Exchange) {
        let url = self.address(&it.request);
        let arguments = self.arguments(&it.request);
        let seen = it.status().filter(|it| it != "blocked").unwrap_or_else(|| "-".to_owned());
        let verb = if is_stream(&it.request) { "listen".to_owned() } else { format!("send {seen}") };
        let mut command = format!("{verb} -X {}", it.request.method.as_str());
        for argument in arguments {
            let _ = write!(command, " \\\n  {argument}");
        }
        let _ = writeln!(command, " \\\n  --url {url}");
        // A stream that was opened again is heard once.
        if is_stream(&it.request) && self.commands.contains(&command) {
            return;
        }
        let _ = write!(self.commands, "\n# {}\n{command}", title(it));
        self.take(it);
    }

    fn arguments(&mut self, request: &Request) -> Vec<String> {
        let mut arguments = Vec::new();
        // A name that is none could be read as an option of another meaning.
        for (name, value) in request.headers.iter().filter(|(name, _)| !name.is_empty() && name.bytes().all(is_token)) {
            let header = format!("{name}: {}", line(&value.masked()));
            arguments.push(format!("-H {}", self.written(Word::header(name, &header))));
        }
        if let Some(body) = &request.body {
            let body = self.body(request, &body.masked().replace('\0', ""));
            arguments.push(format!("--data-raw {body}"));
        }
        arguments
    }

    fn address(&mut self, request: &Request) -> String {
        let url = line(&request.url);
        let (path, query) = url.split_once('?').map_or((url.as_str(), None), |(path, query)| (path, Some(query)));
        let mut word = Word::text(path);
        if let Some(query) = query {
            word.literal("?");
            self.fields(&mut word, query);
        }
        self.written(word)
    }

    fn body(&mut self, request: &Request, body: &str) -> String {
        let redirect = self.redirect.as_ref().filter(|_| self.registers).map(|it| format!("\"{it}\""));
        if is_form(request) {
            let mut word = Word::default();
            self.fields(&mut word, body);
            return self.written(word);
        }
        match redirect.as_ref().and_then(|it| body.split_once(it.as_str())) {
            Some((before, after)) => {
                let mut word = Word::text(&format!("{before}\""));
                word.variable("REDIRECT_URI");
                word.and(Word::text(&format!("\"{after}")));
                self.written(word)
            }
            None => self.written(Word::text(body)),
        }
    }

    /// The fields of a form or a query: what the script has by itself is put in the place of what the run had.
    fn fields(&self, word: &mut Word, form: &str) {
        let hint = form.split('&').find_map(|it| it.strip_prefix("token_type_hint="));
        for (index, field) in form.split('&').enumerate() {
            if index > 0 {
                word.literal("&");
            }
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            match self.field(name, value, hint) {
                Some(variable) => word.field(name, variable),
                None => word.and(Word::text(field)),
            }
        }
    }

    fn field(&self, name: &str, value: &str, hint: Option<&str>) -> Option<&'static str> {
        let decoded = form_urlencoded::parse(value.as_bytes()).next().map(|(it, _)| it.into_owned());
        let is = |known: &Option<String>| known.is_some() && decoded == *known;
        match name {
            "code_challenge" => Some("CODE_CHALLENGE"),
            "client_id" if is(&self.client) => Some("CLIENT_ID"),
            "redirect_uri" if self.registers && is(&self.redirect) => Some("REDIRECT_URI"),
            // The code stands in the script as the address has it; what an answer brought has to be encoded.
            "refresh_token" if value == MASK => Some("REFRESH_TOKEN"),
            "client_secret" if value == MASK => Some("CLIENT_SECRET"),
            "token" if value == MASK && hint == Some("refresh_token") => Some("REFRESH_TOKEN"),
            "token" if value == MASK => Some("ACCESS_TOKEN"),
            _ => None,
        }
    }

    /// The word as the shell reads it; what it needs and the script has not is asked for.
    fn written(&mut self, word: Word) -> String {
        for name in word.variables() {
            let known = self.known.iter().chain(&self.needed).any(|it| it == name) || name == "REDIRECT_URI";
            match () {
                () if known => {}
                () if helpers::is_of_the_moment(name) => {
                    let _ = write!(self.commands, "\n: \"${{{name}:?{}}}\"\n", helpers::source(name));
                    self.known.push(name.to_owned());
                }
                () => self.needed.push(name.to_owned()),
            }
        }
        word.written()
    }

    fn know(&mut self, names: &[&str]) {
        self.known.extend(names.iter().map(|it| (*it).to_owned()));
    }

    /// What the answer brings that later requests need.
    fn take(&mut self, it: &Exchange) {
        if !it.head.as_ref().is_some_and(|(head, _)| head.ok()) {
            return;
        }
        let answer = members(it.body.as_ref().map(|it| &it.text));
        let has = |name: &str| answer.get(name).is_some_and(Value::is_string);
        let mut named = Vec::new();
        if is_registration(it) {
            named.extend(["client_id", "client_secret"].into_iter().filter(|it| has(it)));
            self.client = answer.get("client_id").and_then(Value::as_str).map(str::to_owned);
        } else if is_form(&it.request) {
            named.extend(["access_token", "refresh_token"].into_iter().filter(|it| has(it)));
        }
        for name in &named {
            let variable = name.to_ascii_uppercase();
            let _ = writeln!(self.commands, "{variable}=$(member {name})");
            let _ = writeln!(self.commands, ": \"${{{variable}:?the answer has no {name}}}\"");
            self.know(&[&variable]);
        }
        if named.contains(&"client_secret") {
            let _ = writeln!(self.commands, "{}", helpers::CREDENTIALS);
            self.know(&["CLIENT_CREDENTIALS"]);
        }
        self.take_session(it);
    }

    fn take_session(&mut self, it: &Exchange) {
        const NAME: &str = "mcp-session-id";
        let was_sent = it.request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(NAME));
        if !was_sent && it.head.as_ref().is_some_and(|(head, _)| head.header(NAME).is_some()) {
            let _ = writeln!(self.commands, "MCP_SESSION_ID=$(header {NAME})");
            self.know(&["MCP_SESSION_ID"]);
        }
    }
}

fn title(it: &Exchange) -> String {
    let step = it.step.map_or_else(|| "Beside the steps".to_owned(), |it| format!("{} {}", it.number(), it.title()));
    let answered = it.status().map(|it| format!(", answered {it}")).unwrap_or_default();
    step + &answered
}

fn is_registration(it: &Exchange) -> bool {
    it.step == Some(Step::Registration) && it.request.method == Method::Post
}

fn has_header(request: &Request, name: &str, part: &str) -> bool {
    request.headers.iter().any(|(it, value)| it.eq_ignore_ascii_case(name) && value.masked().contains(part))
}

fn is_form(request: &Request) -> bool {
    has_header(request, "content-type", "application/x-www-form-urlencoded")
}

/// Whether it asks for a stream that stays open.
fn is_stream(request: &Request) -> bool {
    request.method == Method::Get && has_header(request, "accept", "text/event-stream")
}

fn members(text: Option<&Text>) -> Map<String, Value> {
    text.and_then(|it| serde_json::from_str(&it.masked()).ok()).unwrap_or_default()
}
