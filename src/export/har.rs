//! HAR 1.2, as browsers' network panels write and read it.

use super::RedactedTrace;
use crate::format;
use crate::http::{Head, Mode, Request};
use crate::text::{MASK, Text};
use crate::trace::{Event, Exchange, Trace};
use crate::wire::words;
use serde_json::{Value, json};

/// What stands for a secret in an address, where a mask would be no character of one.
const IN_ADDRESS: &str = "REDACTED";

pub fn write(trace: &RedactedTrace) -> String {
    let trace = trace.trace();
    let entries: Vec<Value> = trace.exchanges().map(|it| entry(trace, it)).collect();
    let har = json!({"log": {
        "version": "1.2",
        "creator": {"name": "Flowglass", "version": env!("CARGO_PKG_VERSION")},
        "pages": [],
        "entries": entries,
        "comment": format!("Secrets are masked: {MASK}, and {IN_ADDRESS} in addresses. A page does not see all that a browser sends and receives."),
    }});
    serde_json::to_string_pretty(&har).unwrap_or_default()
}

fn entry(trace: &Trace, exchange: &Exchange) -> Value {
    let took = exchange.took().unwrap_or_default();
    let waited = exchange.head.as_ref().map_or(took, |(_, at)| (at - exchange.sent).max(0.0));
    let mut entry = json!({
        "startedDateTime": format::instant(exchange.sent),
        "time": took.max(waited),
        "request": request(&exchange.request),
        "response": response(trace, exchange),
        "cache": {},
        "timings": {"send": 0, "wait": waited, "receive": (took - waited).max(0.0)},
    });
    if let (Some(comment), Some(entry)) = (comment(exchange), entry.as_object_mut()) {
        entry.insert("comment".to_owned(), Value::String(comment));
    }
    entry
}

/// What a request was for.
fn comment(exchange: &Exchange) -> Option<String> {
    let step = exchange.step.map(|it| format!("Step {}: {}.", it.number(), it.title()));
    let left =
        exchange.navigation.then(|| "The browser went there itself: a page sees nothing of the answer.".to_owned());
    let probe = (exchange.request.mode == Mode::Opaque).then(|| "A probe: its answer was not to be read.".to_owned());
    let all: Vec<String> = step.into_iter().chain(left).chain(probe).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

fn request(request: &Request) -> Value {
    let url = address(&request.url);
    let (_, _, query) = words::address(&url);
    let fields = query.map(|it| it.split('#').next().unwrap_or_default()).map(fields).unwrap_or_default();
    let headers: Vec<Value> = request.headers.iter().map(|(name, value)| pair(name, &value.masked())).collect();
    let mut written = json!({
        "method": request.method.as_str(),
        "url": url,
        "httpVersion": "unknown",
        "cookies": [],
        "headers": headers,
        "queryString": fields,
        "headersSize": -1,
        "bodySize": request.body.as_ref().map_or(0, Text::len),
    });
    if let (Some(body), Some(written)) = (&request.body, written.as_object_mut()) {
        written.insert("postData".to_owned(), post_data(request, &body.masked()));
    }
    written
}

fn post_data(request: &Request, body: &str) -> Value {
    let found = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    json!({"mimeType": found.map(|(_, value)| value.masked()).unwrap_or_default(), "text": body})
}

fn fields(query: &str) -> Vec<Value> {
    form_urlencoded::parse(query.as_bytes()).map(|(name, value)| pair(&name, &value)).collect()
}

fn pair(name: &str, value: &str) -> Value {
    json!({"name": name, "value": value})
}

/// An address in the characters of one.
fn address(url: &str) -> String {
    let url = url.replace(MASK, IN_ADDRESS);
    percent_encoding::utf8_percent_encode(&url, percent_encoding::CONTROLS).to_string()
}

fn response(trace: &Trace, exchange: &Exchange) -> Value {
    let Some((head, _)) = exchange.head.as_ref().filter(|(head, _)| head.status != 0) else {
        return nothing(exchange);
    };
    let headers: Vec<Value> = head.headers.iter().map(|(name, value)| pair(name, value)).collect();
    let mut content = content(trace, exchange, head);
    if let (Some(error), Some(content)) = (&exchange.error, content.as_object_mut()) {
        content.insert("comment".to_owned(), Value::String(format!("No whole answer: {error}.")));
    }
    json!({
        "status": head.status,
        "statusText": "",
        "httpVersion": "unknown",
        "cookies": [],
        "headers": headers,
        "content": content,
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    })
}

/// No answer that a page may read; status 0 is how browsers write that.
fn nothing(exchange: &Exchange) -> Value {
    let why = match (&exchange.error, exchange.navigation) {
        (Some(error), _) => format!("No answer: {error}."),
        (None, true) => "The answer was the browser's.".to_owned(),
        (None, false) => "No answer yet, or none that a page may read.".to_owned(),
    };
    json!({
        "status": 0,
        "statusText": "",
        "httpVersion": "unknown",
        "cookies": [],
        "headers": [],
        "content": {"size": 0, "mimeType": "x-unknown"},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
        "comment": why,
    })
}

fn content(trace: &Trace, exchange: &Exchange, head: &Head) -> Value {
    let media = head.header("content-type").unwrap_or("x-unknown");
    match &exchange.body {
        Some(body) if body.is_cut() => json!({
            "size": body.bytes, "mimeType": media, "text": body.text.masked(),
            "comment": format!("Only the first {} were kept, or are written here.", format::bytes(body.text.len())),
        }),
        Some(body) => json!({"size": body.bytes, "mimeType": media, "text": body.text.masked()}),
        None if exchange.events > 0 => {
            let text = events(trace, exchange);
            json!({"size": text.len(), "mimeType": media, "text": text, "comment": "Written again from the events of the stream."})
        }
        None => json!({"size": 0, "mimeType": media}),
    }
}

/// The events of a stream, as a stream has them.
fn events(trace: &Trace, exchange: &Exchange) -> String {
    let mut text = String::new();
    for entry in trace.entries() {
        let Event::Streamed { exchange: id, event } = &entry.event else { continue };
        if *id == exchange.id {
            let id = event.id.as_ref().map(|it| format!("id: {it}\n")).unwrap_or_default();
            let data = event.data.replace('\n', "\ndata: ");
            text.push_str(&format!("event: {}\n{id}data: {data}\n\n", event.event));
        }
    }
    text
}
