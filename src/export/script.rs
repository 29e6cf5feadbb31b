//! The requests of the latest attempt as a script that goes the same way again, with secrets of its own.
//!
//! Where this client put a secret of its own, the script has a variable: [`Script::header`] and the tables of fields
//! list all such places. Most values the script takes from the responses that it gets, or makes up, as the client did;
//! the rest are asked for before anything is sent, each as a variable of the environment that begins with
//! `FLOWGLASS_`. A mask anywhere else is text, whoever wrote it: a server names no variable. A value goes to one origin
//! (and to the one that it came from), as it did in the run.

mod exchange;
mod helpers;
pub(super) mod shell;
pub mod single;

use super::line;
use crate::base::format;
use crate::base::text::MASK;
use crate::explain::wire::words;
use crate::http::{Mode, Request, is_token};
use crate::trace::BESIDE;
use crate::trace::RedactedTrace;
use crate::trace::{Event, Exchange, ExchangeId, Millis, Trace};
use exchange::{is_form, is_registration, is_stream, members, title};
use serde_json::Value;
use shell::Word;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write as _;

pub fn write(trace: &RedactedTrace, now: Millis) -> String {
    let server = super::server(trace).unwrap_or_default();
    let exchanges = exchanges(trace.trace());
    let mut script = Script::new(server, &exchanges);
    exchanges.iter().for_each(|it| script.exchange(it));
    let mut text = String::from("#!/usr/bin/env bash\n");
    let _ = writeln!(text, "# The requests that Flowglass sent to {}, written {}.", line(server), format::date(now));
    text.push_str(
        "# Run it with bash. It repeats the requests with its own secrets; none of yours are in this file.\n",
    );
    text.push_str("set -euo pipefail\n\n");
    for name in &script.needed {
        let _ = writeln!(text, "{}", helpers::asked(name));
    }
    if let Some(uri) = script.redirect.as_ref().filter(|_| script.registers) {
        let _ = writeln!(text, "{}", helpers::REDIRECT.replace("{uri}", &shell::literal(&line(uri))));
    }
    text.push_str(&helpers::used_in(&script.commands));
    text + &script.commands + "\necho 'Done.'\n"
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
struct Script<'a> {
    commands: String,
    /// What has to be set before the run.
    needed: Vec<String>,
    /// What the script has by itself at this place.
    known: Vec<String>,
    /// The URL of the server, as it was typed.
    server: &'a str,
    /// The origin that each value goes to, and the one that it came from.
    destinations: Vec<(String, String)>,
    sources: Vec<(String, String)>,
    /// Where the browser comes back to.
    redirect: Option<String>,
    /// Whether it registers a client, which may come back to another place.
    registers: bool,
    /// The id that the client was given in the run, in whose place the script has one of its own.
    client: Option<String>,
    /// How many requests beside the steps there were in a row.
    beside: usize,
}

impl<'a> Script<'a> {
    fn new(server: &'a str, exchanges: &[&Exchange]) -> Self {
        let left = exchanges.iter().find(|it| it.navigation).map(|it| words::address(&it.request.url).2);
        let redirect = left.flatten().and_then(|query| {
            // The last one is this client's own: an endpoint may have a query before it.
            let fields = form_urlencoded::parse(query.as_bytes());
            fields.filter(|(name, _)| name == "redirect_uri").last().map(|(_, value)| value.into_owned())
        });
        Self {
            commands: String::new(),
            needed: Vec::new(),
            known: vec!["REDIRECT_URI".to_owned()],
            server,
            destinations: Vec::new(),
            sources: Vec::new(),
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
            (false, Ordering::Equal) => self.commands.push_str("\n# Further requests outside the steps are omitted.\n"),
            (false, Ordering::Greater) => {}
        }
    }

    /// The login, which the user does in a browser.
    fn navigation(&mut self, it: &Exchange) {
        self.know(&["CODE_VERIFIER", "CODE_CHALLENGE", "STATE"]);
        let url = self.address(&it.request, Self::authorization_field);
        let _ = write!(self.commands, "\n{}", helpers::PAIR);
        let _ = write!(self.commands, "\n# {}\n{}", title(it), helpers::LOGIN.replace("{url}", &url));
        self.know(&["CODE"]);
    }

    fn request(&mut self, it: &Exchange) {
        let is_message = it.request.body.as_ref().is_some_and(|it| it.masked().starts_with("{\"jsonrpc\""));
        let url = self.address(&it.request, if is_message { Self::session_field } else { |_, _, _, _| None });
        let arguments = self.arguments(it);
        let seen = it.status().filter(|it| it != "blocked").unwrap_or_else(|| "-".to_owned());
        let verb = if is_stream(&it.request) { "listen".to_owned() } else { format!("send {seen}") };
        let mut command = format!("{verb} -X {}", it.request.method.as_str());
        for argument in arguments {
            let _ = write!(command, " \\\n  {argument}");
        }
        let _ = writeln!(command, " \\\n  --url {url}");
        if command.contains(MASK) {
            command.insert_str(0, &format!("# Replace {MASK} with your own value.\n"));
        }
        // A stream that was opened again is heard once.
        if is_stream(&it.request) && self.commands.contains(&command) {
            return;
        }
        let _ = write!(self.commands, "\n# {}\n{command}", title(it));
        self.take(it);
    }

    fn arguments(&mut self, it: &Exchange) -> Vec<String> {
        let request = &it.request;
        let mut arguments = Vec::new();
        // A name that is none could be read as an option of another meaning.
        for (name, value) in request.headers.iter().filter(|(name, _)| !name.is_empty() && name.bytes().all(is_token)) {
            let header = self.header(name, &line(&value.masked()), &request.url);
            arguments.push(format!("-H {}", self.written(header)));
        }
        if let Some(body) = &request.body {
            let body = self.body(it, &body.masked().replace('\0', ""));
            arguments.push(format!("--data-raw {body}"));
        }
        arguments
    }

    /// Of a header that this client fills with a secret, the whole value is one, behind its scheme.
    fn header(&mut self, name: &str, value: &str, url: &str) -> Word {
        let lower = name.to_ascii_lowercase();
        let (scheme, secret) = value.split_once(' ').map_or(("", value), |(scheme, rest)| (scheme, rest));
        let variable: Option<Cow<'_, str>> = match (lower.as_str(), scheme) {
            _ if secret != MASK => None,
            ("authorization", "Bearer") => Some("ACCESS_TOKEN".into()),
            ("authorization", "Basic") => Some("CLIENT_CREDENTIALS".into()),
            ("mcp-session-id", "") => Some("MCP_SESSION_ID".into()),
            // What MCP puts into headers is from the server, or meant for the server to name.
            (other, "") if !other.starts_with("mcp-") && other != "last-event-id" => {
                Some(header_variable(other).into())
            }
            _ => None,
        };
        match variable.filter(|it| self.may_go(it, url)) {
            Some(variable) => {
                let mut word = Word::text(format!("{name}: {scheme} ").trim_end());
                word.literal(" ");
                word.variable(&variable);
                word
            }
            None => Word::text(&format!("{name}: {value}")),
        }
    }

    fn address(&mut self, request: &Request, variable: FieldVariable<'a>) -> String {
        let url = line(&request.url);
        // A server with a secret in its query: the URL as a whole was typed.
        if url == self.server && url.contains(MASK) && self.may_go("SERVER_URL", &url) {
            let mut word = Word::default();
            word.variable("SERVER_URL");
            return self.written(word);
        }
        let (path, query) = url.split_once('?').map_or((url.as_str(), None), |(path, query)| (path, Some(query)));
        let mut word = Word::text(path);
        if let Some(query) = query {
            word.literal("?");
            self.fields(&mut word, query, &url, variable);
        }
        self.written(word)
    }

    fn body(&mut self, exchange: &Exchange, body: &str) -> String {
        let request = &exchange.request;
        let redirect = self.redirect.as_ref().filter(|_| is_registration(exchange)).map(|it| format!("\"{it}\""));
        if is_form(request) {
            let mut word = Word::default();
            self.fields(&mut word, body, &request.url, Self::form_field);
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
    fn fields(&mut self, word: &mut Word, form: &str, url: &str, variable: FieldVariable<'a>) {
        let hint = form.split('&').find_map(|it| it.strip_prefix("token_type_hint="));
        for (index, field) in form.split('&').enumerate() {
            if index > 0 {
                word.literal("&");
            }
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            match variable(self, name, value, hint).filter(|it| self.may_go(it, url)) {
                Some(variable) => word.field(name, variable),
                None => word.and(Word::text(field)),
            }
        }
    }

    /// What this client itself puts into the query of the authorization request.
    fn authorization_field(&self, name: &str, value: &str, _: Option<&str>) -> Option<&'static str> {
        match name {
            "code_challenge" => Some("CODE_CHALLENGE"),
            "state" if value == MASK => Some("STATE"),
            _ => self.of_client(name, value),
        }
    }

    /// The session of HTTP+SSE, which the server names in the URL for messages.
    fn session_field(&self, name: &str, value: &str, _: Option<&str>) -> Option<&'static str> {
        let is_session = matches!(name, "sessionId" | "session_id" | "sessionid");
        (is_session && value == MASK).then_some("SESSION_ID")
    }

    /// What this client itself puts into a form (RFC 6749 §4.1.3, §6; RFC 7009 §2.1; RFC 7521 §4.2).
    fn form_field(&self, name: &str, value: &str, hint: Option<&str>) -> Option<&'static str> {
        match name {
            _ if value != MASK => self.of_client(name, value),
            "code" => Some("CODE"),
            "code_verifier" => Some("CODE_VERIFIER"),
            "refresh_token" => Some("REFRESH_TOKEN"),
            "client_secret" => Some("CLIENT_SECRET"),
            "client_assertion" => Some("CLIENT_ASSERTION"),
            "token" if hint == Some("refresh_token") => Some("REFRESH_TOKEN"),
            "token" => Some("ACCESS_TOKEN"),
            _ => None,
        }
    }

    fn of_client(&self, name: &str, value: &str) -> Option<&'static str> {
        let decoded = form_urlencoded::parse(value.as_bytes()).next().map(|(it, _)| it.into_owned());
        let is = |known: &Option<String>| known.is_some() && decoded == *known;
        match name {
            "client_id" if is(&self.client) => Some("CLIENT_ID"),
            "redirect_uri" if self.registers && is(&self.redirect) => Some("REDIRECT_URI"),
            _ => None,
        }
    }

    /// A value goes to the first origin that it went to in the run, and back to where it came from.
    fn may_go(&mut self, name: &str, url: &str) -> bool {
        const PUBLIC: [&str; 3] = ["CLIENT_ID", "REDIRECT_URI", "CODE_CHALLENGE"];
        let origin = origin(url);
        if PUBLIC.contains(&name) || self.sources.iter().any(|(it, from)| it == name && from == origin) {
            return true;
        }
        if let Some((_, first)) = self.destinations.iter().find(|(it, _)| it == name) {
            return first == origin;
        }
        self.destinations.push((name.to_owned(), origin.to_owned()));
        true
    }

    /// The word as the shell reads it; what it needs and the script has not is asked for.
    fn written(&mut self, word: Word) -> String {
        for name in word.variables() {
            let known = self.known.iter().chain(&self.needed).any(|it| it == name);
            match () {
                () if known => {}
                () if helpers::is_of_the_moment(name) => {
                    let _ = write!(self.commands, "\n{}\n", helpers::asked(name));
                    self.known.push(name.to_owned());
                }
                () => self.needed.push(name.to_owned()),
            }
        }
        word.written()
    }

    /// These have a new value from here on.
    fn know(&mut self, names: &[&str]) {
        self.known.extend(names.iter().map(|it| (*it).to_owned()));
        self.destinations.retain(|(it, _)| !names.contains(&it.as_str()));
        self.sources.retain(|(it, _)| !names.contains(&it.as_str()));
    }

    fn came_from(&mut self, name: &str, url: &str) {
        self.know(&[name]);
        self.sources.push((name.to_owned(), origin(url).to_owned()));
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
            let _ = writeln!(self.commands, ": \"${{{variable}:?the response has no {name}}}\"");
            self.came_from(&variable, &it.request.url);
        }
        if named == ["client_id", "client_secret"] {
            let _ = writeln!(self.commands, "{}", helpers::CREDENTIALS);
            self.came_from("CLIENT_CREDENTIALS", &it.request.url);
        }
        self.take_session(it);
    }

    fn take_session(&mut self, it: &Exchange) {
        const NAME: &str = "mcp-session-id";
        let was_sent = it.request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(NAME));
        if !was_sent && it.head.as_ref().is_some_and(|(head, _)| head.header(NAME).is_some()) {
            let _ = writeln!(self.commands, "MCP_SESSION_ID=$(header {NAME})");
            self.came_from("MCP_SESSION_ID", &it.request.url);
        }
    }
}

/// What decides how a variable is filled in the field of a name, with its value and the hint of its form.
type FieldVariable<'a> = fn(&Script<'a>, &str, &str, Option<&str>) -> Option<&'static str>;

/// As it is written: two that differ in writing count as two.
fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let length = url.get(start..).and_then(|it| it.find(['/', '?', '#', '\\']));
    length.and_then(|it| url.get(..start + it)).unwrap_or(url)
}

/// What the variable of a header is called that was typed for the server.
pub(super) fn header_variable(name: &str) -> String {
    let upper = |it: char| if it.is_ascii_alphanumeric() { it.to_ascii_uppercase() } else { '_' };
    format!("HEADER_{}", name.chars().map(upper).collect::<String>())
}
