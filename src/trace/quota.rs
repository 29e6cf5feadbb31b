//! What is given up of a trace where the tab's storage has no room for all of it: the oldest first, bodies before
//! anything else, and the steps of the present attempt last.

use crate::trace::{Entry, Event};
use std::ops::Range;

/// Entries are given up so many at a time at least: each attempt to write into a full storage takes long.
const BATCH: usize = 16;

/// The entries that the storage holds.
#[derive(Default)]
pub struct Written(Vec<Kept>);

/// An entry, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub number: u32,
    /// See [`Entry::is_bulk`].
    pub bulk: bool,
}

impl Written {
    pub fn of(entries: &[Entry]) -> Self {
        Self(entries.iter().map(|it| Kept { number: it.number, bulk: it.is_bulk() }).collect())
    }

    /// One more is written, or written over.
    pub fn note(&mut self, kept: Kept) {
        match self.0.binary_search_by_key(&kept.number, |it| it.number) {
            Ok(_) => {}
            Err(at) => self.0.insert(at, kept),
        }
    }

    /// The next that go, an eighth of their kind at a time. Those of `attempt` go last, and all but its bodies only
    /// where `all` may go. Nothing is left to give up where it is empty.
    pub fn give_up(&mut self, attempt: &Range<u32>, all: bool) -> Vec<Kept> {
        let kinds = [(true, false), (false, false), (true, true), (false, true)];
        let kinds = kinds.into_iter().filter(|kind| all || *kind != (false, true));
        for (bulk, inside) in kinds {
            let is = |it: &Kept| it.bulk == bulk && attempt.contains(&it.number) == inside;
            let batch = (self.0.iter().filter(|it| is(it)).count() / 8).max(BATCH);
            let gone: Vec<Kept> = self.0.iter().copied().filter(is).take(batch).collect();
            if let Some(last) = gone.last() {
                self.0.retain(|it| !is(it) || it.number > last.number);
                return gone;
            }
        }
        Vec::new()
    }
}

/// The numbers of the entries of the present attempt, up to its connection.
pub fn attempt(entries: &[Entry]) -> Range<u32> {
    let began = entries.iter().rposition(|it| matches!(it.event, Event::Began { .. })).unwrap_or_default();
    let attempt = entries.get(began..).unwrap_or_default();
    let number = |it: &Entry| it.number;
    let first = attempt.first().map_or(0, number);
    let connected = attempt.iter().find(|it| matches!(it.event, Event::Connected { .. }));
    first..connected.or(attempt.last()).map_or(0, |it| it.number + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of ten entries each, one is bulk.
    fn written(count: u32) -> Written {
        let mut written = Written::default();
        for number in 1..=count {
            written.note(Kept { number, bulk: number % 10 == 0 });
        }
        written
    }

    #[test]
    fn bodies_go_first_then_what_is_old_and_the_present_attempt_last() {
        let (mut written, attempt) = (written(400), 201..301);
        let mut order = Vec::new();
        loop {
            let gone = written.give_up(&attempt, true);
            if gone.is_empty() {
                break;
            }
            assert!(gone.is_sorted_by_key(|it| it.number));
            order.extend(gone);
        }
        assert_eq!(order.len(), 400);
        let place = |it: &Kept| match (it.bulk, attempt.contains(&it.number)) {
            (true, false) => 0,
            (false, false) => 1,
            (true, true) => 2,
            (false, true) => 3,
        };
        assert!(order.is_sorted_by_key(place));
    }

    #[test]
    fn the_steps_of_the_present_attempt_stay_unless_all_may_go() {
        let (mut written, attempt) = (written(30), 1..31);
        assert_eq!(written.give_up(&attempt, false).len(), 3);
        assert_eq!(written.give_up(&attempt, false), []);
        assert_eq!(written.give_up(&attempt, true).len(), BATCH);
    }

    #[test]
    fn what_is_written_over_is_there_once() {
        let mut written = written(3);
        written.note(Kept { number: 2, bulk: false });
        assert_eq!(written.0.len(), 3);
    }

    #[test]
    fn an_attempt_ends_with_its_connection() {
        let began = Event::Began { server: String::new(), first: None };
        let events = [Event::Disconnected, began.clone(), Event::Disconnected, began, Event::Disconnected];
        let entries: Vec<Entry> =
            events.into_iter().zip(1..).map(|(event, number)| Entry { number, at: 0.0, event }).collect();
        assert_eq!(attempt(&entries), 4..6);
        assert_eq!(attempt(&[]), 0..0);
    }
}
