//! What of a trace stays in memory: the oldest bodies, events and messages go first, and that is said.

use super::{Body, Entry, Event, Trace};

/// What a trace may take.
#[derive(Clone, Copy)]
pub struct Ceiling {
    /// Of bodies, events and messages, in bytes.
    pub bytes: usize,
    pub entries: usize,
}

/// What went because of the ceiling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Bodies, events and messages of which only the size is known still.
    pub texts: usize,
    /// Events and messages that are not listed any more.
    pub entries: usize,
}

impl Ceiling {
    pub const USUAL: Self = Self { bytes: 384 << 20, entries: 400_000 };
}

impl Trace {
    /// What went because of the ceiling.
    pub const fn dropped(&self) -> Dropped {
        self.dropped
    }

    /// Drops what is oldest until the rest fits. The newest entry stays as it is, however long.
    pub(super) fn keep_below(&mut self, ceiling: Ceiling) {
        while self.bytes > ceiling.bytes && self.whole_from + 1 < self.entries.len() {
            self.empty(self.whole_from);
            self.whole_from += 1;
        }
        if self.entries.len() > ceiling.entries {
            self.thin_out(ceiling.entries / 8);
        }
    }

    fn empty(&mut self, at: usize) {
        let Some(entry) = self.entries.get_mut(at).filter(|it| it.bytes() > 0) else { return };
        self.bytes -= entry.bytes();
        self.dropped.texts += 1;
        *entry = entry.emptied();
        if let Event::Body { exchange, body } = &entry.event
            && let Some(known) = self.exchanges.get_mut(exchange)
        {
            known.body = Some(body.clone());
        }
    }

    /// So many entries go at a time, because each time all are looked at: events and messages, else the oldest.
    fn thin_out(&mut self, count: usize) {
        let bulk = self.entries.iter().any(Entry::is_bulk);
        let (mut left, mut bytes) = (count, 0);
        self.entries.retain(|it| {
            let goes = left > 0 && (it.is_bulk() || !bulk);
            if goes {
                (left, bytes) = (left - 1, bytes + it.bytes());
            }
            !goes
        });
        self.bytes -= bytes;
        self.dropped.entries += count - left;
        self.whole_from = 0;
    }
}

impl Entry {
    /// How much text of bodies, events and messages it holds, in bytes.
    pub(super) fn bytes(&self) -> usize {
        match &self.event {
            Event::Body { body, .. } => body.text.len(),
            Event::Streamed { event, .. } => event.data.len(),
            Event::Rpc { rpc, .. } => rpc.text.len(),
            _ => 0,
        }
    }

    fn emptied(&self) -> Self {
        let mut entry = self.clone();
        match &mut entry.event {
            Event::Body { body, .. } => *body = Body::cut(body, 0),
            Event::Streamed { event, .. } => *event = event.cut(0),
            Event::Rpc { rpc, .. } => (rpc.text, rpc.cut) = ("".into(), true),
            _ => {}
        }
        entry
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Text;
    use crate::http::Request;

    fn trace(bodies: u32) -> Trace {
        let mut trace = Trace::default();
        for exchange in 1..=bodies {
            trace.push(1.0, Event::Sent { exchange, step: None, request: Request::get("https://a/") });
            let body = Body::new(Text::plain("x".repeat(100)));
            trace.push(2.0, Event::Body { exchange, body });
        }
        trace
    }

    fn lengths(trace: &Trace) -> Vec<(usize, usize)> {
        trace.exchanges().filter_map(|it| it.body.as_ref()).map(|it| (it.text.len(), it.bytes)).collect()
    }

    #[test]
    fn the_oldest_bodies_go_first_and_their_sizes_stay() {
        let mut trace = trace(4);
        trace.keep_below(Ceiling { bytes: 250, ..Ceiling::USUAL });
        assert_eq!(lengths(&trace), [(0, 100), (0, 100), (100, 100), (100, 100)]);
        assert_eq!((trace.dropped(), trace.entries().len()), (Dropped { texts: 2, entries: 0 }, 8));
        assert!(trace.exchange(1).and_then(|it| it.body.as_ref()).is_some_and(Body::is_cut));
    }

    #[test]
    fn the_newest_body_stays_however_long() {
        let mut trace = trace(2);
        trace.keep_below(Ceiling { bytes: 10, ..Ceiling::USUAL });
        assert_eq!(lengths(&trace), [(0, 100), (100, 100)]);
    }

    #[test]
    fn of_too_many_entries_the_oldest_bulk_goes_and_the_requests_stay() {
        let mut trace = trace(16);
        trace.keep_below(Ceiling { entries: 31, ..Ceiling::USUAL });
        assert_eq!((trace.dropped().entries, trace.entries().len()), (3, 29));
        assert_eq!(trace.entries().iter().filter(|it| matches!(it.event, Event::Sent { .. })).count(), 16);
    }
}
