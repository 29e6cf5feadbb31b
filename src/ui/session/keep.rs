//! What the tab's `sessionStorage` keeps: the state for the next page, and the trace, an entry a key.

use crate::inspector::{Inspector, Saved};
use crate::stored;
use crate::trace::Entry;
use crate::web::storage::Place;

const STATE: &str = "flowglass.state";
const RETURN: &str = "flowglass.return";
const TRACE: &str = "flowglass.trace.";
/// Entries that may be dropped where there is no room, the oldest first.
const BULK: &str = ".bulk";
/// What all keys begin with.
const ALL: &str = "flowglass.";

/// What was written so far.
#[derive(Default)]
pub struct Keep {
    state: String,
    /// The number of the last entry that is written.
    last: u32,
    /// Secrets are left out of the trace.
    masked: bool,
}

impl Keep {
    /// What the last page had written.
    pub fn began(&mut self, saved: &Saved, entries: &[Entry]) {
        self.state = stored::write(saved).unwrap_or_default();
        self.last = entries.last().map_or(0, |it| it.number);
    }

    /// Writes what is new. It runs before any order is carried out, so nothing is lost to a redirect.
    pub fn write(&mut self, inspector: &Inspector) {
        let state = stored::write(&inspector.saved()).unwrap_or_default();
        if state != self.state {
            store(STATE, &state);
            self.state = state;
        }
        let memory_only = inspector.settings().is_some_and(|it| it.memory_only);
        // From now on nothing is to be kept: what was written with its secrets is written over.
        if memory_only && !self.masked {
            self.last = 0;
        }
        self.masked = memory_only;
        let entries = inspector.trace().entries();
        let new = entries.partition_point(|it| it.number <= self.last);
        for entry in entries.get(new..).unwrap_or_default() {
            let kept = if memory_only { entry.stored_masked() } else { entry.stored() };
            if let Some(text) = stored::write(&kept) {
                store(&key(entry), &text);
            }
            self.last = entry.number;
        }
    }

    /// Forgets all that this tab has written.
    pub fn forget(&mut self) {
        for key in Place::Tab.keys(ALL) {
            Place::Tab.remove(&key);
        }
    }

    /// Forgets the trace.
    pub fn clear(&mut self) {
        for key in Place::Tab.keys(TRACE) {
            Place::Tab.remove(&key);
        }
    }
}

fn key(entry: &Entry) -> String {
    format!("{TRACE}{:08}{}", entry.number, if entry.is_bulk() { BULK } else { "" })
}

/// Writes, and makes room where there is none: old bodies go before anything else.
fn store(key: &str, text: &str) {
    if Place::Tab.set(key, text) {
        return;
    }
    for bulk in Place::Tab.keys(TRACE).into_iter().filter(|it| it.ends_with(BULK)) {
        Place::Tab.remove(&bulk);
        if Place::Tab.set(key, text) {
            return;
        }
    }
}

/// The state as the last page left it. What cannot be read counts as none.
pub fn saved() -> Saved {
    Place::Tab.get(STATE).and_then(|it| stored::read(&it)).unwrap_or_default()
}

/// The trace as the last page left it.
pub fn entries() -> Vec<Entry> {
    let texts = Place::Tab.keys(TRACE).into_iter().filter_map(|key| Place::Tab.get(&key));
    texts.filter_map(|text| stored::read(&text)).collect()
}

/// The route that the last authorization left from.
pub fn return_to() -> Option<String> {
    Place::Tab.get(RETURN)
}

pub fn set_return_to(path: &str) {
    Place::Tab.set(RETURN, path);
}
