//! A trace as texts for others: a diagram, a report, a HAR, a script, a file that can be opened again.
//!
//! Nothing here takes a [`Trace`](crate::trace::Trace): all take a [`RedactedTrace`](crate::trace::RedactedTrace), whose constructors take the
//! secrets out. An export cannot show what it cannot be given.

pub mod bridge;
pub mod call;
pub mod clients;
pub mod file;
mod har;
pub mod logs;
mod markdown;
mod mermaid;
pub mod scene;
mod script;
pub mod svg;

use crate::base::format;
use crate::explain::wire::words;
use crate::trace::problem::Ending;
use crate::trace::{Event, ExchangeId, Millis, RedactedTrace, StreamEvent, Trace};
use std::collections::BTreeMap;

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

/// How much of the tab a HAR or a trace tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Since the last connect.
    #[default]
    Attempt,
    Tab,
}

impl Scope {
    /// With the names of the select.
    pub const ALL: [(Self, &'static str, &'static str); 2] =
        [(Self::Attempt, "attempt", "since the last connect"), (Self::Tab, "tab", "the whole tab")];

    pub fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|(_, it, _)| *it == name).map(|(it, ..)| it).unwrap_or_default()
    }
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
            Self::Har => "Requests and responses, for the network panel of a browser (HAR 1.2)",
            Self::Mermaid => "Sequence diagram, for documents and tickets",
            Self::Svg => "The five lanes as an image",
            Self::Markdown => "Report in Markdown: steps, checks, problems",
            Self::Curl => "The requests as a shell script, with variables for secrets",
            Self::Trace => "Open it in Flowglass again, or compare it with another run",
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
            // The ending that an installed Flowglass opens (`assets/app.webmanifest`).
            Self::Trace => "flowglass.json",
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

    /// `flowglass-mcp.example.com-2026-01-09-refused.har`.
    pub fn file_name(self, trace: &RedactedTrace, now: Millis) -> String {
        let host: String = server(trace).map(words::host).unwrap_or_default().chars().map(in_name).collect();
        let host = if host.is_empty() { host } else { format!("{host}-") };
        format!("flowglass-{host}{}-{}.{}", format::date(now), outcome(trace), self.extension())
    }

    /// The trace as far as this form tells of it. What draws the steps tells the latest attempt alone.
    pub fn redacted(self, trace: &Trace, scope: Scope) -> RedactedTrace {
        match self {
            Self::Har | Self::Trace if scope == Scope::Tab => RedactedTrace::of(trace),
            Self::Har | Self::Trace => RedactedTrace::since_connect(trace),
            Self::Mermaid | Self::Svg | Self::Markdown | Self::Curl => RedactedTrace::of_attempt(trace),
        }
    }

    /// With the usual look, where it is a picture.
    pub fn write(self, trace: &RedactedTrace, now: Millis) -> String {
        match self {
            Self::Har => har::write(trace),
            Self::Mermaid => mermaid::write(trace),
            Self::Svg => svg::write(trace, svg::Look::default()),
            Self::Markdown => markdown::write(trace, now),
            Self::Curl => script::write(trace, now),
            Self::Trace => file::write(trace),
        }
    }
}

/// One exchange as a command for bash and zsh, without secrets; `None` where only a browser can send its request.
pub fn command(trace: &Trace, id: ExchangeId) -> Option<String> {
    script::single::write(&RedactedTrace::of_exchanges(trace, &script::single::needed(trace, id)))
}

/// How the latest attempt ended. What it failed of is not said: it may be for the reader to find out.
fn outcome(trace: &RedactedTrace) -> &'static str {
    let ended = trace.trace().entries().iter().rev().find_map(|it| match &it.event {
        Event::Connected { .. } => Some("connected"),
        Event::Stopped(problem) if problem.code.ending() == Ending::Refused => Some("refused"),
        Event::Stopped(_) => Some("failed"),
        Event::Examined => Some("checked"),
        Event::Began { .. } => Some("unfinished"),
        _ => None,
    });
    ended.unwrap_or("empty")
}

/// The server of the latest attempt.
fn server(trace: &RedactedTrace) -> Option<&str> {
    trace.trace().entries().iter().rev().find_map(|it| match &it.event {
        Event::Began { server, .. } => Some(server.as_str()),
        _ => None,
    })
}

/// The events of each stream, in order.
fn streams(trace: &Trace) -> BTreeMap<ExchangeId, Vec<&StreamEvent>> {
    let mut streams: BTreeMap<ExchangeId, Vec<&StreamEvent>> = BTreeMap::new();
    for entry in trace.entries() {
        let Event::Streamed { exchange, event } = &entry.event else { continue };
        streams.entry(*exchange).or_default().push(event);
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
