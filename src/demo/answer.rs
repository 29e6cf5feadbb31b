//! An answer of one of the demo's servers, before the browser has looked at it.

use serde_json::{Value, json};

pub(super) const JSON: &str = "application/json";

pub(super) struct Answer {
    pub status: u16,
    /// Names in lower case, as the browser shows them.
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
}

pub(super) enum Body {
    Empty,
    Whole { media: &'static str, text: String },
    Stream { events: Vec<Part>, end: End },
}

/// One event of a stream, so many milliseconds after the one before.
pub(super) struct Part {
    pub after: u32,
    pub message: Value,
}

/// How a stream ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Well,
    /// It stays open: something is waited for.
    Open,
    /// It breaks off in the middle of its last event.
    Broken,
}

impl Answer {
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Body::Empty }
    }

    pub fn json(status: u16, value: &Value) -> Self {
        Self::whole(status, JSON, value.to_string())
    }

    /// A web page, where none should be.
    pub fn page(status: u16, title: &str) -> Self {
        let text = format!("<!doctype html>\n<title>{title}</title>\n<h1>{title}</h1>\n");
        Self::whole(status, "text/html; charset=utf-8", text)
    }

    fn whole(status: u16, media: &'static str, text: String) -> Self {
        Self { status, headers: Vec::new(), body: Body::Whole { media, text } }
    }

    pub fn stream(events: Vec<Part>, end: End) -> Self {
        Self { status: 200, headers: Vec::new(), body: Body::Stream { events, end } }
    }

    /// An OAuth error (RFC 6749 §5.2, RFC 7591 §3.2.2).
    pub fn refusal(status: u16, error: &str, description: &str) -> Self {
        Self::json(status, &json!({ "error": error, "error_description": description }))
            .header("cache-control", "no-store")
    }

    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl Part {
    pub const fn now(message: Value) -> Self {
        Self { after: 0, message }
    }
}

/// A message as an event of a stream.
pub(super) fn event(message: &Value) -> String {
    format!("event: message\ndata: {message}\n\n")
}

/// Sets a member of an object.
pub(super) fn put(object: &mut Value, name: &str, member: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), member);
    }
}
