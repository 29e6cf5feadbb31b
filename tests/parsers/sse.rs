//! Server-sent events.

use crate::{holds, holds_in_the_corpus};
use flowglass::http::sse::{Decoder, Event};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::select;

/// All that a reader of a stream may tell.
#[derive(Debug, PartialEq)]
struct Told {
    events: Vec<Event>,
    last_event_id: Option<String>,
    retry: Option<u64>,
    pending: bool,
}

fn fed<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Told {
    let mut decoder = Decoder::default();
    let events = parts.into_iter().flat_map(|part| decoder.feed(part)).collect();
    assert!(!decoder.oversize());
    let last_event_id = decoder.last_event_id().map(str::to_owned);
    Told { events, last_event_id, retry: decoder.retry(), pending: decoder.pending() }
}

/// The standard read another way: the whole text, its line ends made the same, cut into lines.
fn as_the_standard_says(stream: &[u8]) -> Told {
    let text = String::from_utf8_lossy(stream);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<&str> = text.split('\n').collect();
    let unfinished = lines.pop().unwrap_or_default();
    let mut told = Told { events: vec![], last_event_id: None, retry: None, pending: false };
    let mut id = String::new();
    let mut open: &[&str] = &[];
    for block in lines.split_inclusive(|line| line.is_empty()) {
        told.retry = values(block, "retry").filter_map(retry).last().or(told.retry);
        if block.last() != Some(&"") {
            open = block;
            break;
        }
        id = values(block, "id").filter(|it| !it.contains('\0')).last().unwrap_or(id);
        told.events.extend(event(block, &id));
    }
    let begun = |name| values(open, name).last();
    let named = begun("event").is_some_and(|it| !it.is_empty());
    let identified = values(open, "id").any(|it| !it.contains('\0'));
    told.last_event_id = Some(id).filter(|it| !it.is_empty());
    told.pending =
        named || identified || begun("data").is_some() || !(unfinished.is_empty() || unfinished.starts_with(':'));
    told
}

fn event(block: &[&str], id: &str) -> Option<Event> {
    let data: Vec<String> = values(block, "data").collect();
    let name = values(block, "event").last().filter(|it| !it.is_empty());
    (!data.is_empty()).then(|| Event {
        event: name.unwrap_or_else(|| "message".to_owned()),
        data: data.join("\n"),
        id: (!id.is_empty()).then(|| id.to_owned()),
        retry: values(block, "retry").filter_map(retry).last(),
    })
}

fn values<'a>(block: &'a [&str], name: &'a str) -> impl Iterator<Item = String> + 'a {
    block.iter().filter_map(move |line| {
        let rest = line.strip_prefix(name)?;
        match rest.strip_prefix(':') {
            Some(value) => Some(value.strip_prefix(' ').unwrap_or(value).to_owned()),
            None => rest.is_empty().then(String::new),
        }
    })
}

fn retry(digits: String) -> Option<u64> {
    digits.chars().all(|it| it.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// Bytes that look like a stream.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let parts: &[&[u8]] = &[
        b"data",
        b"data:",
        b"data: x",
        b"event: e",
        b"event:",
        b"id",
        b"id: 1",
        b"id:",
        b"retry: 20",
        b"retry:",
        b": c",
        b":",
        b"\r",
        b"\n",
        b"\r\n",
        b"\n\n",
        b"\n\n",
        b" ",
        b"\0",
        b"7",
        b"99999999999999999999",
        b"\xef\xbb\xbf",
        b"\xef",
        b"\xbb",
        b"\xff",
        b"\xe2\x82",
        b"\xe2\x82\xac",
        "🦀".as_bytes(),
        b"unknown: x",
    ];
    vec(select(parts.to_vec()), 0..24).prop_map(|parts| parts.concat())
}

/// Events as a server means them. What stands in one line has no line end, and an id no NUL.
fn events() -> impl Strategy<Value = Vec<Event>> {
    let line = "[^\r\n\0]{1,8}";
    let name = prop_oneof![select(vec!["message", "endpoint"]).prop_map(str::to_owned), line];
    let event = (name, "[^\r]{0,24}", option::of(line), option::of(any::<u64>()));
    vec(event.prop_map(|(event, data, id, retry)| Event { event, data, id, retry }), 0..5)
}

fn written(events: &[Event], end: &str) -> String {
    let blocks = events.iter().map(|it| {
        let id = format!("id: {}", it.id.as_deref().unwrap_or_default());
        let retry = it.retry.map(|it| format!("retry: {it}"));
        let data = it.data.split('\n').map(|line| format!("data: {line}"));
        let lines = [format!("event: {}", it.event), id].into_iter().chain(retry).chain(data);
        lines.map(|line| line + end).chain([end.to_owned()]).collect::<String>()
    });
    blocks.collect()
}

/// What holds for any bytes.
fn sound(stream: &[u8]) {
    let whole = fed([stream]);
    assert_eq!(whole, as_the_standard_says(stream));
    assert_eq!(fed(stream.chunks(1)), whole, "byte by byte");
    let followed = [stream, b"\n\ndata: next\n\n"].concat();
    assert_eq!(fed([followed.as_slice()]).events.last().map(|it| it.data.as_str()), Some("next"));
}

#[test]
fn a_stream_is_read_as_the_standard_says_however_it_is_cut() {
    holds((stream(), vec(1..9_usize, 0..24)), |(stream, cuts)| {
        sound(&stream);
        let mut rest = stream.as_slice();
        let mut parts = Vec::new();
        for cut in cuts {
            let (part, after) = rest.split_at(cut.min(rest.len()));
            parts.push(part);
            rest = after;
        }
        assert_eq!(fed(parts.into_iter().chain([rest])), fed([stream.as_slice()]));
    });
}

#[test]
fn any_bytes_are_read_as_the_standard_says_and_lose_no_event_after_them() {
    holds(vec(any::<u8>(), 0..64), |stream| sound(&stream));
}

#[test]
fn lines_may_end_in_three_ways_and_say_the_same() {
    holds(vec("[^\r\n]{0,6}|data: ?[^\r\n]{0,3}|id:[^\r\n]?|retry:[0-9]{0,3}|event:e", 0..16), |lines| {
        let [lf, cr, crlf] = ["\n", "\r", "\r\n"].map(|end| fed([lines.join(end).as_bytes()]));
        assert_eq!(cr, lf);
        assert_eq!(crlf, lf);
    });
}

#[test]
fn events_that_are_written_out_are_read_back() {
    holds((events(), select(vec!["\n", "\r", "\r\n"])), |(events, end)| {
        let told = fed([written(&events, end).as_bytes()]);
        assert_eq!(told.last_event_id, events.last().and_then(|it| it.id.clone()));
        assert!(!told.pending);
        assert_eq!(told.events, events);
    });
}

#[test]
fn the_corpus_is_read_as_the_standard_says() {
    holds_in_the_corpus(sound);
}
