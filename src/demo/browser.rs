//! What a browser lets a page see of an answer (Fetch standard, CORS protocol), played for the demo's servers.

use super::answer::{Answer, Body, End, event};
use super::{Fault, ISSUER, Said, Stage};
use crate::http::{Event, Head, HttpError, Mode, Request};
use crate::trace::ExchangeId;

/// How long an answer takes, in milliseconds: long enough to be seen.
const LATENCY: u32 = 40;

/// What a server says to pages of other origins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy {
    /// All that is needed may be read.
    Open,
    /// Answers may be read; this header is not exposed.
    Hides(&'static str),
    /// There are no CORS lines.
    Closed,
}

/// Headers that a page may read of answers that are open to it.
const EXPOSED: [&str; 4] = ["content-type", "cache-control", "www-authenticate", "mcp-session-id"];

pub(super) fn policy(stage: &Stage, url: &str, status: u16) -> Policy {
    let (issuer, path) = (url.starts_with(ISSUER), super::path(url));
    match stage.fault {
        Some(Fault::HiddenChallenge) if !issuer => Policy::Hides("www-authenticate"),
        Some(Fault::SessionHidden) if !issuer => Policy::Hides("mcp-session-id"),
        Some(Fault::NoCors) if !issuer => Policy::Closed,
        Some(Fault::CorsMissingOnErrors) if !issuer && status >= 400 => Policy::Closed,
        Some(Fault::TokenEndpointBlocked) if issuer && path == "/token" => Policy::Closed,
        _ => Policy::Open,
    }
}

pub(super) fn shown(policy: Policy, exchange: ExchangeId, request: &Request, answer: Answer) -> Vec<Said> {
    let events = match (request.mode, policy) {
        (Mode::Opaque, _) => vec![(LATENCY, Event::Head(head(request, 0, Vec::new()))), (0, Event::End)],
        (Mode::Readable, Policy::Closed) => {
            vec![(LATENCY, Event::Failed(HttpError::Blocked { said: "Failed to fetch".to_owned() }))]
        }
        (Mode::Readable, _) => read(policy, request, answer),
    };
    events.into_iter().map(|(after, event)| Said { exchange, after, event }).collect()
}

fn read(policy: Policy, request: &Request, answer: Answer) -> Vec<(u32, Event)> {
    let visible = |name: &str| EXPOSED.contains(&name) && policy != Policy::Hides(match_static(name));
    let headers = answer.headers.into_iter().filter(|(name, _)| visible(name));
    let mut headers: Vec<(String, String)> = headers.map(|(name, value)| (name.to_owned(), value)).collect();
    let media = match &answer.body {
        Body::Empty => None,
        Body::Whole { media, .. } => Some(*media),
        Body::Stream { .. } => Some("text/event-stream"),
    };
    headers.extend(media.map(|it| ("content-type".to_owned(), it.to_owned())));
    let mut events = vec![(LATENCY, Event::Head(head(request, answer.status, headers)))];
    events.extend(body(answer.body));
    events
}

/// The name as a constant, to compare it with one.
fn match_static(name: &str) -> &'static str {
    EXPOSED.into_iter().find(|it| *it == name).unwrap_or_default()
}

fn body(body: Body) -> Vec<(u32, Event)> {
    match body {
        Body::Empty => vec![(0, Event::End)],
        Body::Whole { text, .. } => vec![(0, Event::Bytes(text.into_bytes())), (0, Event::End)],
        Body::Stream { events, end } => {
            let parts = events.into_iter().map(|it| {
                let text = event(&it.message);
                let whole = text.len() - if end == End::Broken { text.len() / 2 } else { 0 };
                (it.after, Event::Bytes(text.into_bytes().into_iter().take(whole).collect()))
            });
            let last = match end {
                End::Well => Some(Event::End),
                End::Open => None,
                End::Broken => Some(Event::Failed(HttpError::Cut { said: "network error".to_owned() })),
            };
            parts.chain(last.map(|it| (0, it))).collect()
        }
    }
}

fn head(request: &Request, status: u16, headers: Vec<(String, String)>) -> Head {
    Head { status, url: request.url.clone(), redirected: false, headers }
}
