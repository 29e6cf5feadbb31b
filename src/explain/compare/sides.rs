//! One side of a comparison: a step as named values.

use crate::base::text::Text;
use crate::explain::walkthrough::{StepRow, Walkthrough};
use crate::explain::wire::words;
use crate::trace::step::Step;
use crate::trace::{Exchange, Trace};
use serde_json::{Map, Value};

/// What is random by nature, or the time.
const RANDOM: [&str; 18] = [
    "state",
    "nonce",
    "code",
    "code_challenge",
    "code_verifier",
    "access_token",
    "refresh_token",
    "id_token",
    "client_secret",
    "client_id_issued_at",
    "client_secret_expires_at",
    "registration_access_token",
    "registration_client_uri",
    "session_state",
    "authorization",
    "mcp-session-id",
    "last-event-id",
    "sessionid",
];

/// What stands for a value that is only looked for.
const THERE: &str = "(present)";

pub struct Side<'a> {
    trace: &'a Trace,
    /// Whether the client was given its id in this run, so that it is another each time.
    registered: bool,
    version: Option<&'a str>,
}

impl<'a> Side<'a> {
    pub fn new(trace: &'a Trace, attempt: &'a Walkthrough) -> Self {
        let registered = attempt.row(Step::Registration).is_some_and(|it| !it.exchanges.is_empty());
        Self { trace, registered, version: attempt.version.as_deref() }
    }

    fn value(&self, name: &str, value: &str) -> String {
        let name = name.to_ascii_lowercase();
        let random = RANDOM.contains(&name.as_str()) || (name == "client_id" && self.registered);
        if random { THERE.to_owned() } else { value.to_owned() }
    }
}

/// What of a step is compared, each under a name of its own.
pub fn of_row(side: &Side<'_>, row: &StepRow) -> Vec<(String, String)> {
    let mut list = vec![("status".to_owned(), row.status.name().to_owned())];
    list.extend(row.verdict().map(|it| ("verdict".to_owned(), it.name().to_owned())));
    list.extend(row.problem.as_ref().map(|it| ("problem".to_owned(), it.code.as_str().to_owned())));
    let version = side.version.filter(|_| row.step == Step::Connected);
    list.extend(version.map(|it| ("protocol version".to_owned(), it.to_owned())));
    let exchanges: Vec<&Exchange> = row.exchanges.iter().filter_map(|id| side.trace.exchange(*id)).collect();
    for (index, exchange) in exchanges.iter().enumerate() {
        request(&mut list, index + 1, exchange);
    }
    // Of several requests the last is the one that counted.
    exchanges.last().into_iter().for_each(|it| parameters(&mut list, side, it));
    for (name, value) in &row.facts {
        put(&mut list, format!("parameter {name}"), side.value(name, &value.masked()));
    }
    for check in &row.checks {
        put(&mut list, format!("check {}", check.rule.clause().cite().0), check.verdict.name().to_owned());
    }
    list
}

/// Adds a value; one whose name is there already is counted.
fn put(list: &mut Vec<(String, String)>, name: String, value: String) {
    let taken = |list: &[(String, String)], name: &str| list.iter().any(|(it, _)| it == name);
    let unique = if taken(list, &name) {
        let mut others = (2..).map(|number: usize| format!("{name} ({number})"));
        others.find(|it| !taken(list, it)).unwrap_or(name)
    } else {
        name
    };
    list.push((unique, value));
}

fn request(list: &mut Vec<(String, String)>, number: usize, exchange: &Exchange) {
    let (origin, path, _) = words::address(&exchange.request.url);
    put(list, format!("request {number}"), format!("{} {origin}{path}", exchange.request.method.as_str()));
    let status = exchange.status().unwrap_or_else(|| "no response".to_owned());
    put(list, format!("request {number} status"), status);
}

fn parameters(list: &mut Vec<(String, String)>, side: &Side<'_>, exchange: &Exchange) {
    let request = &exchange.request;
    let (_, _, query) = words::address(&request.url);
    let mut named: Vec<(String, String, String)> = Vec::new();
    let mut add = |kind: &str, pairs: Vec<(String, String)>| {
        named.extend(pairs.into_iter().map(|(name, value)| (format!("{kind} {name}"), name, value)));
    };
    add("parameter", form(query.unwrap_or_default()));
    add("header", request.headers.iter().map(|(name, it)| (name.to_ascii_lowercase(), it.masked())).collect());
    add("parameter", request.body.as_ref().map(body).unwrap_or_default());
    // Answers of MCP are messages: of them the status is enough.
    let answer = exchange.body.as_ref().map(|it| members(&it.text.masked())).unwrap_or_default();
    add(
        "response",
        answer.into_iter().filter(|(name, _)| !["jsonrpc", "id", "result", "error"].contains(&name.as_str())).collect(),
    );
    for (label, name, value) in named {
        put(list, label, side.value(&name, &value));
    }
}

/// What a request carries: the members of JSON, the fields of a form. A message is told by its method.
fn body(text: &Text) -> Vec<(String, String)> {
    let text = text.masked();
    let there = members(&text);
    match there.iter().any(|(name, _)| name == "jsonrpc") {
        true => there.into_iter().filter(|(name, _)| name == "method").collect(),
        false if there.is_empty() => form(&text),
        false => there,
    }
}

fn form(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// The members of an object, their values as text.
fn members(text: &str) -> Vec<(String, String)> {
    let object: Map<String, Value> = serde_json::from_str(text).unwrap_or_default();
    let written = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    object.into_iter().map(|(name, value)| (name, written(value))).collect()
}
