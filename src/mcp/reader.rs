//! The body of an answer as it comes in: a text that is read whole, or a stream of events.

use crate::http::Head;
use crate::http::sse;
use std::borrow::Cow;
use std::mem;

/// Bytes in; at the end a text, or all along events.
pub enum Reader {
    Whole(Vec<u8>),
    Stream(Box<sse::Decoder>),
}

impl Reader {
    pub fn of(head: &Head) -> Self {
        match head.media_type().as_str() {
            "text/event-stream" if head.ok() => Self::Stream(Box::default()),
            _ => Self::Whole(Vec::new()),
        }
    }

    /// The events that these bytes complete; none for a body that is read whole.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<sse::Event> {
        match self {
            Self::Whole(all) => {
                all.extend_from_slice(bytes);
                Vec::new()
            }
            Self::Stream(decoder) => decoder.feed(bytes),
        }
    }

    /// The text of a body that was read whole. Bytes that are not UTF-8 become replacement characters.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Whole(bytes) => Some(String::from_utf8_lossy(bytes)),
            Self::Stream(_) => None,
        }
    }

    /// The same at the end of the body, which is gone from here then: its bytes become the text, uncopied.
    pub fn take_text(&mut self) -> Option<String> {
        match self {
            Self::Whole(bytes) => Some(match String::from_utf8(mem::take(bytes)) {
                Ok(text) => text,
                Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
            }),
            Self::Stream(_) => None,
        }
    }

    /// The id of the last event, where events have one.
    pub fn last_event_id(&self) -> Option<&str> {
        match self {
            Self::Whole(_) => None,
            Self::Stream(decoder) => decoder.last_event_id(),
        }
    }

    /// Whether the body, or an event of the stream, is longer than it may be, in bytes.
    pub fn exceeds(&self, limit: usize) -> bool {
        match self {
            Self::Whole(bytes) => bytes.len() > limit,
            Self::Stream(decoder) => decoder.oversize(),
        }
    }

    /// Whether a stream ended in the middle of an event.
    pub fn is_cut(&self) -> bool {
        matches!(self, Self::Stream(decoder) if decoder.pending())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_taken_once_and_reads_the_same_before() {
        for (bytes, text) in [(&b"{\"a\":1}"[..], "{\"a\":1}"), (b"\xff\xc3\xa4", "\u{fffd}\u{e4}"), (b"", "")] {
            let mut reader = Reader::Whole(bytes.to_vec());
            assert_eq!(reader.text().as_deref(), Some(text));
            assert_eq!(reader.take_text().as_deref(), Some(text));
            assert_eq!(reader.take_text().as_deref(), Some(""));
        }
    }

    #[test]
    fn a_stream_has_no_text() {
        let mut reader = Reader::Stream(Box::default());
        assert_eq!(reader.text(), None);
        assert_eq!(reader.take_text(), None);
    }
}
