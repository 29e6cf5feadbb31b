//! Server-sent events: bytes in, events out (WHATWG HTML, §9.2.6).
//!
//! Owns the byte stream's format, cut anywhere. Whoever reads the events decides what they mean, when to
//! connect again, and that a `message` event without text says nothing (MCP).

use std::mem;

/// One event, as the standard dispatches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The event's type: `message` where the stream names none.
    pub event: String,
    /// The `data` lines, joined by line feeds; empty where the one `data` line was empty.
    pub data: String,
    /// The last event id as of this event; `None` where there is none, or an empty one took it back.
    pub id: Option<String>,
    /// The reconnection time in milliseconds, if this event's own block carried one.
    pub retry: Option<u64>,
}

/// Reads one stream. Feeding it whole or byte by byte gives the same events.
#[derive(Default)]
pub struct Decoder {
    line: Line,
    block: Block,
    last_event_id: String,
    retry: Option<u64>,
    oversize: bool,
}

/// The line that is being read, without its end.
#[derive(Default)]
struct Line {
    bytes: Vec<u8>,
    /// The limit dropped bytes of it, so it is not the empty line that ends an event.
    dropped: bool,
    /// It is the stream's second line or a later one, so no byte order mark can stand before it.
    later: bool,
    /// The byte before it was a CR, so a LF now is the second half of a CRLF.
    after_cr: bool,
}

/// The lines since the last event.
#[derive(Default)]
struct Block {
    event: String,
    /// Every `data` line with a LF behind it, so that an empty line differs from none.
    data: String,
    id: Option<String>,
    retry: Option<u64>,
    full: bool,
}

impl Decoder {
    /// The most bytes of one event that are kept: 256 MiB.
    pub const LIMIT: usize = 256 << 20;

    /// The events that these bytes complete, in order. Bytes that are not UTF-8 become U+FFFD.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        for part in bytes.split_inclusive(|byte| matches!(byte, b'\r' | b'\n')) {
            match part.split_last() {
                Some((&end @ (b'\r' | b'\n'), line)) => {
                    self.append(line);
                    events.extend(self.line_end(end));
                }
                _ => self.append(part),
            }
        }
        events
    }

    /// An unfinished event is buffered. At the end of the stream: it was cut.
    pub fn pending(&self) -> bool {
        let Block { event, data, id, .. } = &self.block;
        let begun = !event.is_empty() || !data.is_empty() || id.is_some();
        begun || !matches!(self.line.content(), [] | [b':', ..])
    }

    /// The id of the last block that was complete, even if it carried no data: for `Last-Event-ID`.
    pub fn last_event_id(&self) -> Option<&str> {
        Some(self.last_event_id.as_str()).filter(|id| !id.is_empty())
    }

    /// The last reconnection time that the stream asked for, in milliseconds.
    pub fn retry(&self) -> Option<u64> {
        self.retry
    }

    /// An event of this stream was longer than [`Decoder::LIMIT`]: it is there, cut.
    pub fn oversize(&self) -> bool {
        self.oversize
    }

    fn append(&mut self, part: &[u8]) {
        self.line.after_cr &= part.is_empty();
        let held = self.block.data.len() + self.line.bytes.len();
        let room = if self.block.full { 0 } else { Self::LIMIT.saturating_sub(held) };
        let kept = part.get(..room).unwrap_or(part);
        self.line.bytes.extend_from_slice(kept);
        self.line.dropped |= kept.len() < part.len();
        self.block.full |= self.line.dropped;
        self.oversize |= self.line.dropped;
    }

    fn line_end(&mut self, end: u8) -> Option<Event> {
        // The second half of a CRLF: its CR has already ended the line.
        if end == b'\n' && mem::take(&mut self.line.after_cr) {
            return None;
        }
        let next = Line { later: true, after_cr: end == b'\r', ..Line::default() };
        let line = mem::replace(&mut self.line, next);
        let content = line.content();
        if content.is_empty() && !line.dropped {
            return self.dispatch();
        }
        self.field(&String::from_utf8_lossy(content));
        None
    }

    /// A comment is a field without a name, and unknown names are ignored.
    fn field(&mut self, line: &str) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => value.clone_into(&mut self.block.event),
            "data" => self.block.data.extend([value, "\n"]),
            "id" if !value.contains('\0') => self.block.id = Some(value.to_owned()),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => self.set_retry(value),
            _ => {}
        }
    }

    /// Digits that say nothing (none, or more than 64 bits) are ignored.
    fn set_retry(&mut self, digits: &str) {
        let retry = digits.parse().ok();
        self.block.retry = retry.or(self.block.retry);
        self.retry = retry.or(self.retry);
    }

    /// The id counts even where no data came: a block of MCP that primes a stream has nothing else.
    fn dispatch(&mut self) -> Option<Event> {
        let block = mem::take(&mut self.block);
        self.last_event_id = block.id.unwrap_or(mem::take(&mut self.last_event_id));
        let mut data = block.data;
        // Nothing to remove: no data line came, and the standard dispatches nothing.
        data.pop()?;
        let event = if block.event.is_empty() { "message".to_owned() } else { block.event };
        Some(Event { event, data, id: self.last_event_id().map(str::to_owned), retry: block.retry })
    }
}

impl Line {
    /// Its bytes, without the one byte order mark that may lead the stream.
    fn content(&self) -> &[u8] {
        match self.bytes.strip_prefix("\u{feff}".as_bytes()) {
            Some(content) if !self.later => content,
            _ => &self.bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(stream: impl AsRef<[u8]>) -> Vec<String> {
        Decoder::default().feed(stream.as_ref()).into_iter().map(|event| event.data).collect()
    }

    #[test]
    fn a_data_line_and_an_empty_line_are_an_event() {
        let event = Event { event: "message".into(), data: "x".into(), id: None, retry: None };
        assert_eq!(Decoder::default().feed(b"data:x\n\n"), [event]);
    }

    #[test]
    fn lines_end_with_lf_cr_or_crlf() {
        assert_eq!(data("data:a\n\ndata:b\r\rdata:c\r\n\r\ndata:d\n\r\n"), ["a", "b", "c", "d"]);
    }

    #[test]
    fn a_crlf_may_be_cut_in_its_middle() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.feed(b"data:a\r"), []);
        assert_eq!(decoder.feed(b"\ndata:b\r"), []);
        assert_eq!(decoder.feed(b"\n\r").len(), 1);
        assert_eq!(decoder.feed(b"\n"), []);
        assert!(!decoder.pending());
    }

    #[test]
    fn the_examples_of_the_standard_give_their_events() {
        assert_eq!(data("data: YHOO\ndata: +2\ndata: 10\n\n"), ["YHOO\n+2\n10"]);
        let four = b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n";
        let events = Decoder::default().feed(four);
        let seen: Vec<_> = events.iter().map(|event| (event.data.as_str(), event.id.as_deref())).collect();
        assert_eq!(seen, [("first event", Some("1")), ("second event", None), (" third event", None)]);
        assert_eq!(data("data\n\ndata\ndata\n\ndata:"), ["", "\n"]);
        assert_eq!(data("data:test\n\ndata: test\n\n"), ["test", "test"]);
    }

    #[test]
    fn a_name_and_a_retry_belong_to_the_event_that_carried_them() {
        let events = Decoder::default().feed(b"event: endpoint\nretry: 20\ndata: /m\n\ndata: x\n\n");
        let seen: Vec<_> = events.iter().map(|event| (event.event.as_str(), event.retry)).collect();
        assert_eq!(seen, [("endpoint", Some(20)), ("message", None)]);
    }

    #[test]
    fn an_event_without_data_is_not_dispatched_but_its_id_and_retry_are_kept() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.feed(b"id: 7\nretry: 500\n\n"), []);
        assert_eq!((decoder.last_event_id(), decoder.retry()), (Some("7"), Some(500)));
        let events = decoder.feed(b"data:\n\n");
        let seen: Vec<_> = events.iter().map(|event| (event.id.as_deref(), event.retry)).collect();
        assert_eq!(seen, [(Some("7"), None)]);
    }

    #[test]
    fn ids_with_nul_and_retries_that_are_no_number_are_ignored() {
        let mut decoder = Decoder::default();
        decoder.feed(b"id: 1\nretry: 5\n\n");
        decoder.feed(b"id: a\0b\nretry: 1s\nretry:\nretry: 99999999999999999999\nretry: +1\n\n");
        assert_eq!((decoder.last_event_id(), decoder.retry()), (Some("1"), Some(5)));
    }

    #[test]
    fn an_id_counts_once_its_block_is_complete() {
        let mut decoder = Decoder::default();
        decoder.feed(b"id: 1\n\nid: 2\ndata: cut\n");
        assert_eq!((decoder.last_event_id(), decoder.pending()), (Some("1"), true));
    }

    #[test]
    fn comments_and_silence_are_not_pending() {
        let silent = ["", "\u{feff}", "\n", ": ping", ": ping\n", "data: x\n\n", "retry: 1\n", "foo: 1\n"];
        let begun = ["d", "data: x", "data: x\n", "event: x\n", "id: x\n"];
        for stream in silent.into_iter().chain(begun) {
            let mut decoder = Decoder::default();
            decoder.feed(stream.as_bytes());
            assert_eq!(decoder.pending(), begun.contains(&stream), "{stream:?}");
        }
    }

    #[test]
    fn one_byte_order_mark_is_removed_and_only_at_the_start() {
        assert_eq!(data("\u{feff}data: a\n\n\u{feff}data: b\n\ndata: \u{feff}\n\n"), ["a", "\u{feff}"]);
        assert_eq!(data("\u{feff}\u{feff}data: a\n\n"), Vec::<String>::new());
        assert_eq!(data("\u{feff}\ndata: a\n\n"), ["a"]);
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_replaced() {
        assert_eq!(data(b"data: a\xffb\xe2\x82\n\n"), ["a\u{fffd}b\u{fffd}"]);
    }

    #[test]
    fn a_cut_at_any_byte_changes_nothing() {
        let text = "\u{feff}: c\r\nid: é1\r\n\r\ndata: €\ndata:🦀\rretry: 7\nevent: é\n\n\rdata:";
        let stream = [text.as_bytes(), b"\xff\r\n\n"].concat();
        let whole = Decoder::default().feed(&stream);
        assert_eq!(whole.len(), 2);
        for cut in 0..=stream.len() {
            let mut decoder = Decoder::default();
            let mut parts = decoder.feed(&stream[..cut]);
            parts.extend(decoder.feed(&stream[cut..]));
            assert_eq!(parts, whole, "cut at {cut}");
        }
        let mut decoder = Decoder::default();
        assert_eq!(stream.chunks(1).flat_map(|byte| decoder.feed(byte)).collect::<Vec<_>>(), whole);
    }

    #[test]
    fn ten_megabytes_in_small_chunks_are_one_event() {
        let stream = format!("data: {}\n\n", "x".repeat(10 << 20));
        let mut decoder = Decoder::default();
        let events: Vec<_> = stream.as_bytes().chunks(16 << 10).flat_map(|part| decoder.feed(part)).collect();
        assert_eq!(events.iter().map(|event| event.data.len()).collect::<Vec<_>>(), [10 << 20]);
        assert!(!decoder.oversize());
    }

    #[test]
    fn an_event_over_the_limit_is_cut_and_the_next_one_is_whole() {
        let mut decoder = Decoder::default();
        decoder.feed(b"data:");
        for _ in 0..=Decoder::LIMIT >> 20 {
            decoder.feed(&vec![b'x'; 1 << 20]);
        }
        assert!(decoder.oversize());
        let events = decoder.feed(b"\nid: 1\ndata: more\n\ndata: next\n\n");
        let seen: Vec<_> = events.iter().map(|event| (event.data.len(), event.id.as_deref())).collect();
        assert_eq!(seen, [(Decoder::LIMIT - 5, None), (4, None)]);
    }
}
