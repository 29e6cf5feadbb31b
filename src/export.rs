//! A trace as texts for others: a diagram, a report, a HAR, a script, a file that can be opened again.
//!
//! Nothing here takes a [`Trace`](crate::trace::Trace): all take a [`RedactedTrace`], whose constructors take the
//! secrets out. An export cannot show what it cannot be given.

mod curl;
pub mod file;
mod har;
mod markdown;
mod mermaid;
mod redacted;
pub mod scene;
mod secrets;
mod svg;

pub use redacted::RedactedTrace;

use crate::format;
use crate::map::Map;
use crate::trace::{Event, ExchangeId, Millis, StreamEvent, Trace};
use crate::wire::words;

/// In which form a trace is given away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    Har,
    Mermaid,
    Svg,
    Markdown,
    Curl,
    Trace,
}

impl Export {
    pub const ALL: [Self; 6] = [Self::Har, Self::Mermaid, Self::Svg, Self::Markdown, Self::Curl, Self::Trace];

    /// What the button says.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Har => "HAR",
            Self::Mermaid => "Mermaid",
            Self::Svg => "SVG",
            Self::Markdown => "Report",
            Self::Curl => "curl",
            Self::Trace => "Trace",
        }
    }

    /// What one can do with it.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Har => "Every request and answer, for the network panel of a browser (HAR 1.2)",
            Self::Mermaid => "The sequence as a Mermaid diagram, for documents and tickets",
            Self::Svg => "The five lanes as a picture",
            Self::Markdown => "Steps, checks and problems as a report in Markdown",
            Self::Curl => "The requests as a shell script, with variables in the place of secrets",
            Self::Trace => "The trace itself, to be opened here again or compared with another run",
        }
    }

    /// The name that tests and buttons use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Har => "export-har",
            Self::Mermaid => "export-mermaid",
            Self::Svg => "export-svg",
            Self::Markdown => "export-markdown",
            Self::Curl => "export-curl",
            Self::Trace => "export-trace",
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Har => "har",
            Self::Mermaid => "mmd",
            Self::Svg => "svg",
            Self::Markdown => "md",
            Self::Curl => "sh",
            Self::Trace => "json",
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Har | Self::Trace => "application/json",
            Self::Svg => "image/svg+xml",
            Self::Markdown => "text/markdown",
            Self::Mermaid | Self::Curl => "text/plain",
        }
    }

    /// `flowglass-mcp.example.com-2026-01-09.har`.
    pub fn file_name(self, trace: &RedactedTrace, now: Millis) -> String {
        let host: String = server(trace).map(words::host).unwrap_or_default().chars().map(in_name).collect();
        let host = if host.is_empty() { host } else { format!("{host}-") };
        format!("flowglass-{host}{}.{}", format::date(now), self.extension())
    }

    /// The trace as far as this form tells of it.
    pub fn redacted(self, trace: &Trace) -> RedactedTrace {
        match self {
            Self::Har | Self::Trace => RedactedTrace::of(trace),
            Self::Mermaid | Self::Svg | Self::Markdown | Self::Curl => RedactedTrace::of_attempt(trace),
        }
    }

    pub fn write(self, trace: &RedactedTrace, now: Millis) -> String {
        match self {
            Self::Har => har::write(trace),
            Self::Mermaid => mermaid::write(trace),
            Self::Svg => svg::write(trace),
            Self::Markdown => markdown::write(trace, now),
            Self::Curl => curl::write(trace, now),
            Self::Trace => file::write(trace),
        }
    }
}

/// The server of the latest attempt.
fn server(trace: &RedactedTrace) -> Option<&str> {
    trace.trace().entries().iter().rev().find_map(|it| match &it.event {
        Event::Began { server, .. } => Some(server.as_str()),
        _ => None,
    })
}

/// The events of each stream, in order.
fn streams(trace: &Trace) -> Map<ExchangeId, Vec<&StreamEvent>> {
    let mut streams: Map<ExchangeId, Vec<&StreamEvent>> = Map::default();
    for entry in trace.entries() {
        let Event::Streamed { exchange, event } = &entry.event else { continue };
        match streams.get_mut(exchange) {
            Some(events) => events.push(event),
            None => streams.insert(*exchange, vec![event]),
        }
    }
    streams
}

/// What a file may be called everywhere.
fn in_name(it: char) -> char {
    if it.is_ascii_alphanumeric() || it == '.' { it } else { '-' }
}

/// On one line, without control characters: for headings and comments.
fn line(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect()
}

/// At most so many characters, and a sign where there were more.
fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some(_) => text.chars().take(limit.saturating_sub(1)).chain(['…']).collect(),
        None => text.to_owned(),
    }
}
