//! HAR 1.2, as browsers' network panels write and read it.

use crate::base::format;
use crate::base::text::{MASK, Text};
use crate::explain::wire::words;
use crate::http::{Head, Mode, Request};
use crate::trace::RedactedTrace;
use crate::trace::{Exchange, Millis, StreamEvent};
use serde::Serialize;
use std::borrow::Cow;

/// What stands for a secret in an address, where a mask would be no character of one.
const IN_ADDRESS: &str = "REDACTED";

#[derive(Serialize)]
struct Har<'a> {
    log: Log<'a>,
}

#[derive(Serialize)]
struct Log<'a> {
    version: &'static str,
    creator: Creator,
    pages: [(); 0],
    entries: Vec<HarEntry<'a>>,
    comment: String,
}

#[derive(Serialize)]
struct Creator {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HarEntry<'a> {
    started_date_time: String,
    time: Millis,
    request: Sent<'a>,
    response: Answer<'a>,
    cache: Cache,
    timings: Timings,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

#[derive(Serialize)]
struct Cache {}

#[derive(Serialize)]
struct Timings {
    send: u8,
    wait: Millis,
    receive: Millis,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sent<'a> {
    method: &'static str,
    url: String,
    http_version: &'static str,
    cookies: [(); 0],
    headers: Vec<Pair<'a>>,
    query_string: Vec<Pair<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostData>,
    headers_size: i8,
    body_size: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    mime_type: String,
    text: String,
}

#[derive(Serialize)]
struct Pair<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    status: u16,
    status_text: &'static str,
    http_version: &'static str,
    cookies: [(); 0],
    headers: Vec<Pair<'a>>,
    content: Content<'a>,
    #[serde(rename = "redirectURL")]
    redirect_url: &'static str,
    headers_size: i8,
    body_size: i8,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Content<'a> {
    size: usize,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

/// What the format asks for and a page cannot know.
const UNKNOWN: &str = "unknown";

pub fn write(trace: &RedactedTrace) -> String {
    let trace = trace.trace();
    let streams = super::streams(trace);
    let events = |it: &Exchange| streams.get(&it.id).map(Vec::as_slice).unwrap_or_default();
    let har = Har {
        log: Log {
            version: "1.2",
            creator: Creator { name: "Flowglass", version: env!("CARGO_PKG_VERSION") },
            pages: [],
            entries: trace.exchanges().map(|it| entry(it, events(it))).collect(),
            comment: format!(
                "Secrets are masked: {MASK}, and {IN_ADDRESS} in URLs. A web page does not see everything that the browser sends and receives."
            ),
        },
    };
    serde_json::to_string_pretty(&har).unwrap_or_default()
}

fn entry<'a>(exchange: &'a Exchange, events: &[&StreamEvent]) -> HarEntry<'a> {
    let took = exchange.took().unwrap_or_default();
    let waited = exchange.head.as_ref().map_or(took, |(_, at)| (at - exchange.sent).max(0.0));
    HarEntry {
        started_date_time: format::instant(exchange.sent),
        time: took.max(waited),
        request: request(&exchange.request),
        response: response(exchange, events),
        cache: Cache {},
        timings: Timings { send: 0, wait: waited, receive: (took - waited).max(0.0) },
        comment: comment(exchange),
    }
}

/// What a request was for.
fn comment(exchange: &Exchange) -> Option<String> {
    let step = exchange.step.map(|it| format!("Step {}: {}.", it.number(), it.title()));
    let left = exchange.navigation.then(|| "Browser navigation: a web page cannot see the response.".to_owned());
    let probe = (exchange.request.mode == Mode::Opaque).then(|| "Probe: its response cannot be read.".to_owned());
    let relayed = exchange.request.via.as_ref().map(|it| format!("Relayed by {}.", it.to));
    let all: Vec<String> = step.into_iter().chain(left).chain(probe).chain(relayed).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

fn request(request: &Request) -> Sent<'_> {
    let url = address(&request.url);
    let (_, _, query) = words::address(&url);
    let query_string = query.map(|it| it.split('#').next().unwrap_or_default()).map(fields).unwrap_or_default();
    Sent {
        method: request.method.as_str(),
        http_version: UNKNOWN,
        cookies: [],
        headers: request.headers.iter().map(|(name, value)| pair(name, value.masked())).collect(),
        query_string,
        post_data: request.body.as_ref().map(|it| post_data(request, it)),
        headers_size: -1,
        body_size: request.body.as_ref().map_or(0, Text::len),
        url,
    }
}

fn post_data(request: &Request, body: &Text) -> PostData {
    let found = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    PostData { mime_type: found.map(|(_, value)| value.masked()).unwrap_or_default(), text: body.masked() }
}

fn fields<'a>(query: &str) -> Vec<Pair<'a>> {
    form_urlencoded::parse(query.as_bytes()).map(|(name, value)| pair(name.into_owned(), value.into_owned())).collect()
}

fn pair<'a>(name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Pair<'a> {
    Pair { name: name.into(), value: value.into() }
}

/// An address in the characters of one.
fn address(url: &str) -> String {
    let url = url.replace(MASK, IN_ADDRESS);
    percent_encoding::utf8_percent_encode(&url, percent_encoding::CONTROLS).to_string()
}

fn response<'a>(exchange: &'a Exchange, events: &[&StreamEvent]) -> Answer<'a> {
    let Some((head, _)) = exchange.head.as_ref().filter(|(head, _)| head.status != 0) else {
        return nothing(exchange);
    };
    let headers = head.headers.iter().map(|(name, value)| pair(name.as_str(), value.as_str())).collect();
    let mut content = content(exchange, head, events);
    if let Some(error) = &exchange.error {
        content.comment = Some(format!("Incomplete response: {error}."));
    }
    Answer { status: head.status, headers, content, ..empty() }
}

fn empty<'a>() -> Answer<'a> {
    Answer {
        status: 0,
        status_text: "",
        http_version: UNKNOWN,
        cookies: [],
        headers: Vec::new(),
        content: Content { size: 0, mime_type: "x-unknown", text: None, comment: None },
        redirect_url: "",
        headers_size: -1,
        body_size: -1,
        comment: None,
    }
}

/// No answer that a page may read; status 0 is how browsers write that.
fn nothing<'a>(exchange: &Exchange) -> Answer<'a> {
    let why = match (&exchange.error, exchange.navigation) {
        (Some(error), _) => format!("No response: {error}."),
        (None, true) => "Browser navigation: a web page cannot see the response.".to_owned(),
        (None, false) => "No response yet, or the browser blocked it.".to_owned(),
    };
    Answer { comment: Some(why), ..empty() }
}

fn content<'a>(exchange: &Exchange, head: &'a Head, events: &[&StreamEvent]) -> Content<'a> {
    let mime_type = head.header("content-type").unwrap_or("x-unknown");
    match &exchange.body {
        Some(body) => Content {
            size: body.bytes,
            mime_type,
            text: Some(body.text.masked()),
            comment: body.is_cut().then(|| format!("Only the first {} were kept.", format::bytes(body.text.len()))),
        },
        None if !events.is_empty() => {
            let text: String = events.iter().map(|it| written(it)).collect();
            let comment = Some("Reconstructed from the events of the stream.".to_owned());
            Content { size: text.len(), mime_type, text: Some(text), comment }
        }
        None => Content { size: 0, mime_type, text: None, comment: None },
    }
}

/// An event as a stream has it.
fn written(event: &StreamEvent) -> String {
    let id = event.id.as_ref().map(|it| format!("id: {it}\n")).unwrap_or_default();
    let data = event.data.replace('\n', "\ndata: ");
    format!("event: {}\n{id}data: {data}\n\n", event.event)
}
