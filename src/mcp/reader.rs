//! The body of an answer as it comes in: a text that is read whole, or a stream of events.

use crate::http::Head;
use crate::sse;

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
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Whole(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
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

    /// Whether a stream ended in the middle of an event.
    pub fn is_cut(&self) -> bool {
        matches!(self, Self::Stream(decoder) if decoder.pending())
    }
}
