//! A text in all that was on the wire, looked for in pieces: however much that is, no piece takes long.

use crate::base::text::needle::Needle;
use crate::base::text::{Piece, Text};
use crate::trace::{Entry, Event, ExchangeId, Rpc, Trace, Way};
use std::collections::BTreeSet;

/// What looking at an entry costs by itself, in bytes of text.
const ENTRY: usize = 64;

/// A search on its way: which exchanges have the text so far, and where it goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    needle: Needle,
    /// The number of the next entry, and from which byte on.
    next: u32,
    at: usize,
    found: BTreeSet<ExchangeId>,
    /// Whether the event that was looked at last has it: a message in it may answer another exchange.
    in_event: bool,
}

impl Search {
    pub fn new(text: &str) -> Option<Self> {
        let needle = Needle::new(text)?;
        Some(Self { needle, next: 0, at: 0, found: BTreeSet::new(), in_event: false })
    }

    /// The exchanges that have it in their URL, their headers, their bodies, their events or their error.
    pub const fn found(&self) -> &BTreeSet<ExchangeId> {
        &self.found
    }

    /// Looks at so many bytes more; says whether there is more to look at. A trace that grew goes on where it was.
    pub fn step(&mut self, trace: &Trace, budget: usize) -> bool {
        let entries = trace.entries();
        let from = entries.partition_point(|it| it.number < self.next);
        let mut left = budget;
        for entry in entries.get(from..).unwrap_or_default() {
            if left == 0 || !self.look(trace, entry, &mut left) {
                return true;
            }
            (self.next, self.at) = (entry.number + 1, 0);
        }
        false
    }

    /// Looks at an entry; says whether it was looked at to its end.
    fn look(&mut self, trace: &Trace, entry: &Entry, left: &mut usize) -> bool {
        let Some(exchange) = entry.event.exchange() else { return true };
        *left = left.saturating_sub(ENTRY);
        let has = match &entry.event {
            Event::Body { body, .. } => match whole(&body.text) {
                Some(text) => self.part(text.as_bytes(), left),
                None => Some(self.in_small(&entry.event, left)),
            },
            Event::Streamed { event, .. } => self.part(event.data.as_bytes(), left),
            Event::Rpc { rpc, .. } => {
                self.answers(trace, entry.number, rpc);
                return true;
            }
            other => Some(self.in_small(other, left)),
        };
        let is_event = matches!(entry.event, Event::Streamed { .. });
        match has {
            Some(has) => {
                self.in_event = has && is_event;
                self.found.extend(has.then_some(exchange));
                true
            }
            None => false,
        }
    }

    /// Looks at a long text from where it was left; `None` where there is more of it.
    fn part(&mut self, text: &[u8], left: &mut usize) -> Option<bool> {
        let rest = text.get(self.at..).unwrap_or_default();
        // What begins in this part is looked at whole.
        let (now, overlap) = ((*left).max(1), self.needle.longest());
        let part = rest.get(..now.saturating_add(overlap)).unwrap_or(rest);
        *left = left.saturating_sub(part.len());
        if self.needle.is_in_bytes(part) {
            return Some(true);
        }
        self.at += now;
        (part.len() == rest.len()).then_some(false)
    }

    fn in_small(&self, event: &Event, left: &mut usize) -> bool {
        let mut has = |text: &str| {
            *left = left.saturating_sub(text.len());
            self.needle.is_in(text)
        };
        match event {
            Event::Sent { request, .. } => {
                let headers = request.headers.iter().any(|(name, value)| has(name) || has(&value.expose()));
                headers || has(&request.url) || request.body.as_ref().is_some_and(|it| has(&it.expose()))
            }
            Event::Answered { head, .. } => {
                has(&head.status.to_string()) || head.headers.iter().any(|(name, value)| has(name) || has(value))
            }
            Event::Body { body, .. } => has(&body.text.expose()),
            Event::Failed { error, .. } => has(&error.to_string()),
            _ => false,
        }
    }

    /// The event before this message has it: so has the exchange that the message answers.
    fn answers(&mut self, trace: &Trace, number: u32, rpc: &Rpc) {
        if self.in_event && rpc.way == Way::In {
            self.found.extend(trace.answered_elsewhere(number));
        }
    }
}

/// The text of a body that is in one piece, as all long ones are.
fn whole(text: &Text) -> Option<&str> {
    match text.pieces() {
        [Piece::Plain(text)] => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Head, Request, sse};
    use crate::trace::{Body, RpcKind, StreamEvent};

    fn trace() -> Trace {
        let mut trace = Trace::default();
        let sent = |exchange| {
            let body = format!(r#"{{"jsonrpc":"2.0","id":{exchange},"method":"ping"}}"#);
            let request = Request::get(format!("https://a/{exchange}")).header("x-team", Text::secret("Ships"));
            Event::Sent { exchange, step: None, request: request.body(Text::plain(body.as_str())) }
        };
        let streamed = |data: &str| {
            let event = sse::Event { event: "message".to_owned(), data: data.to_owned(), id: None, retry: None };
            Event::Streamed { exchange: 1, event: StreamEvent::from(&event) }
        };
        let rpc = |exchange, way, kind| {
            let (method, id, text) = ("ping".to_owned(), Some("2".to_owned()), "{}".into());
            Event::Rpc { exchange, rpc: Rpc { way, method, kind, id, text, bytes: 2, cut: false, mark: None } }
        };
        let headers = vec![("x-shown".to_owned(), "Harbour".to_owned())];
        let head = Head { status: 404, url: String::new(), redirected: false, headers };
        let body = Body::new(Text::plain(format!("{}the Needle{}", "n".repeat(5_000), "e".repeat(5_000))));
        for event in [
            sent(1),
            sent(2),
            rpc(2, Way::Out, RpcKind::Request),
            sent(3),
            Event::Answered { exchange: 3, head },
            Event::Body { exchange: 3, body },
            streamed("nothing"),
            streamed("Grüße"),
            rpc(1, Way::In, RpcKind::Result),
        ] {
            trace.push(1.0, event);
        }
        trace
    }

    fn found(text: &str, budget: usize) -> (Vec<ExchangeId>, usize) {
        let (trace, mut search) = (trace(), Search::new(text).expect("a text"));
        let mut steps = 1;
        while search.step(&trace, budget) {
            steps += 1;
            assert!(steps < 100_000, "it ends");
        }
        (search.found().iter().copied().collect(), steps)
    }

    #[test]
    fn it_is_found_in_every_part_of_an_exchange_in_pieces_of_any_size() {
        for (text, expected) in [
            ("HTTPS://A/2", vec![2]),
            ("ships", vec![1, 2, 3]),
            ("404", vec![3]),
            ("harbour", vec![3]),
            ("the needle", vec![3]),
            ("nneedle", vec![]),
            ("nothing", vec![1]),
            ("grüsse", vec![]),
        ] {
            for budget in [1, 7, 100, 1_000, usize::MAX] {
                assert_eq!(found(text, budget).0, expected, "{text} by {budget}");
            }
        }
        assert!(found("the needle", 1_000).1 > 5);
        assert_eq!(found("the needle", usize::MAX).1, 1);
    }

    #[test]
    fn a_response_on_a_stream_is_found_with_its_request() {
        for text in ["grüße", "GRÜSSE".replace("SS", "ß").as_str(), "Grüße"] {
            assert_eq!(found(text, 50).0, [1, 2], "{text}");
        }
    }

    #[test]
    fn a_trace_that_grows_is_looked_at_from_where_it_was() {
        let (mut trace, mut search) = (trace(), Search::new("later").expect("a text"));
        assert!(!search.step(&trace, usize::MAX));
        trace.push(2.0, Event::Sent { exchange: 4, step: None, request: Request::get("https://a/Later") });
        assert!(!search.step(&trace, 100));
        assert!(search.found().contains(&4));
        assert_eq!(Search::new("  "), None);
    }
}
