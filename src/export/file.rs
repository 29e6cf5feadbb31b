//! A trace as a file, and back. A file may come from anybody: it is read with limits, and what cannot be read of it is
//! left out and counted.

use crate::base::{format, named};
use crate::trace::RedactedTrace;
use crate::trace::{Entry, Trace};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt;

const FORMAT: &str = "flowglass-trace";
const VERSION: u64 = 3;

/// The longest file that is opened, in bytes, and the most entries of one.
pub const LONGEST: usize = 32 * 1024 * 1024;
const MOST: usize = 10_000;

#[derive(Serialize)]
struct Written {
    format: &'static str,
    version: u64,
    app: &'static str,
    entries: Vec<Entry>,
}

/// The file of a trace.
pub fn write(trace: &RedactedTrace) -> String {
    let app = env!("CARGO_PKG_VERSION");
    let entries = trace.trace().entries().iter().map(Entry::without_secrets).collect();
    let file = Written { format: FORMAT, version: VERSION, app, entries };
    serde_json::to_string(&file).unwrap_or_default()
}

/// Why a file is not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    TooLong { bytes: usize },
    TooMany { entries: usize },
    NotJson,
    NotATrace,
    Version(u64),
    Unreadable,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { bytes } => {
                let (bytes, most) = (format::bytes(*bytes), format::bytes(LONGEST));
                write!(f, "It is {bytes}; the limit is {most}")
            }
            Self::TooMany { entries } => {
                let (entries, most) = (format::count(*entries), format::count(MOST));
                write!(f, "It has {entries} entries; the limit is {most}")
            }
            Self::NotJson => f.write_str("It is not JSON"),
            Self::NotATrace => f.write_str("It is JSON, but not a trace of Flowglass"),
            Self::Version(version) => {
                write!(f, "Its format version is {version}; this version of Flowglass reads {VERSION}")
            }
            Self::Unreadable => f.write_str("None of its entries can be read"),
        }
    }
}

/// A trace that was opened.
#[derive(Clone, PartialEq)]
pub struct Opened {
    pub trace: Trace,
    /// How many of its entries could not be read.
    pub left_out: usize,
}

#[derive(Deserialize)]
struct Head {
    format: String,
    version: u64,
}

#[derive(Deserialize)]
struct Read<'a> {
    #[serde(borrow)]
    entries: Vec<&'a RawValue>,
}

/// Reads the text of a file.
pub fn read(text: &str) -> Result<Opened, FileError> {
    if text.len() > LONGEST {
        return Err(FileError::TooLong { bytes: text.len() });
    }
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str::<&RawValue>(text).map_err(|_| FileError::NotJson)?;
    let head: Head = serde_json::from_str(text).map_err(|_| FileError::NotATrace)?;
    match (head.format.as_str(), head.version) {
        (FORMAT, VERSION) => {}
        (FORMAT, other) => return Err(FileError::Version(other)),
        _ => return Err(FileError::NotATrace),
    }
    let Read { entries } = serde_json::from_str(text).map_err(|_| FileError::NotATrace)?;
    opened(&entries)
}

fn opened(entries: &[&RawValue]) -> Result<Opened, FileError> {
    if entries.len() > MOST {
        return Err(FileError::TooMany { entries: entries.len() });
    }
    let read = entries.iter().filter_map(|it| named::from_str::<Entry>(it.get()).ok());
    // Pages look entries up by their number, so the numbers have to count up.
    let read: Vec<Entry> = (1..).zip(read).map(|(number, it)| Entry { number, ..it }).collect();
    match (read.len(), entries.len()) {
        (0, 1..) => Err(FileError::Unreadable),
        (some, all) => Ok(Opened { trace: Trace::restored(read), left_out: all - some }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::{MASK, Text};
    use crate::http::Request;
    use crate::trace::Event;

    fn refused(text: &str) -> FileError {
        read(text).err().expect("refused")
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut trace = Trace::default();
        trace.push(0.1 + 0.2, Event::Began { server: "https://a/mcp".to_owned(), first: None });
        let request = Request::get("https://a/mcp").header("authorization", Text::credentials("Bearer", "geheim"));
        trace.push(2.0, Event::Sent { exchange: 1, step: None, request });
        trace.push(3.0, Event::Disconnected);
        let redacted = RedactedTrace::of(&trace);
        let text = write(&redacted);
        assert!(text.starts_with(r#"{"format":"flowglass-trace","version":3,"#) && !text.contains("geheim"));
        let opened = read(&text).expect("it can be opened");
        assert_eq!(opened.left_out, 0);
        assert!(opened.trace == *redacted.trace());
        let sent = opened.trace.exchange(1).expect("the exchange");
        let (_, value) = sent.request.headers.first().expect("the header");
        assert_eq!((value.has_secret(), value.expose()), (true, format!("Bearer {MASK}")));
    }

    #[test]
    fn whatever_else_is_refused_in_a_sentence() {
        assert_eq!(refused(""), FileError::NotJson);
        assert_eq!(refused("[1"), FileError::NotJson);
        assert_eq!(refused(&"[".repeat(100_000)), FileError::NotJson);
        assert_eq!(refused("[]"), FileError::NotATrace);
        assert_eq!(refused(r#"{"log":{"version":"1.2"}}"#), FileError::NotATrace);
        assert_eq!(refused(r#"{"format":"flowglass-trace","version":3,"entries":{}}"#), FileError::NotATrace);
        assert_eq!(refused(r#"{"format":"flowglass-trace","version":7,"entries":[]}"#), FileError::Version(7));
        assert_eq!(refused(r#"{"format":"flowglass-trace","version":3,"entries":[1]}"#), FileError::Unreadable);
        assert_eq!(refused(&" ".repeat(LONGEST + 1)), FileError::TooLong { bytes: LONGEST + 1 });
        let many = format!(r#"{{"format":"flowglass-trace","version":3,"entries":[0{}]}}"#, ",0".repeat(MOST));
        assert_eq!(refused(&many), FileError::TooMany { entries: MOST + 1 });
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_left_out_and_counted() {
        let text = r#"{"format":"flowglass-trace","version":3,"entries":[
            {"number":9,"at":1,"event":{"Began":{"server":"x","first":null}}},
            {"number":4,"at":1,"event":{"Dreamt":{}}},
            {"number":4,"at":1,"event":"Disconnected"}]}"#;
        let opened = read(text).expect("it can be opened");
        let numbers: Vec<u32> = opened.trace.entries().iter().map(|it| it.number).collect();
        assert_eq!((opened.left_out, numbers), (1, vec![1, 2]));
    }
}
