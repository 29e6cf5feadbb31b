//! What the tab's `sessionStorage` keeps: the state for the next page, and the trace, an entry a key.

use crate::inspector::{Inspector, Saved};
use crate::room::{self, Kept, Written};
use crate::stored;
use crate::trace::Entry;
use crate::web::storage::Place;

const STATE: &str = "flowglass.state";
const RETURN: &str = "flowglass.return";
const REPLAY: &str = "flowglass.replay";
const TRACE: &str = "flowglass.trace.";
/// Entries that are given up first where there is no room.
const BULK: &str = ".bulk";
/// What all keys begin with.
const ALL: &str = "flowglass.";

/// What was written so far.
#[derive(Default)]
pub struct Keep {
    state: String,
    /// The number of the last entry that was to be written.
    last: u32,
    written: Written,
    /// Secrets are left out of the trace.
    masked: bool,
}

impl Keep {
    /// What the last page had written.
    pub fn began(&mut self, saved: &Saved, entries: &[Entry]) {
        self.state = stored::write(saved).unwrap_or_default();
        self.last = entries.last().map_or(0, |it| it.number);
        self.written = Written::of(entries);
    }

    /// Writes what is new. It runs before any order is carried out, so nothing is lost to a redirect. `false`: the
    /// next page would not find the state.
    pub fn write(&mut self, inspector: &Inspector) -> bool {
        self.write_trace(inspector);
        // The state comes last: it makes room for itself.
        let state = stored::write(&inspector.saved()).unwrap_or_default();
        let kept = state == self.state || self.store(inspector, STATE, &state, true);
        if kept {
            self.state = state;
        }
        kept
    }

    fn write_trace(&mut self, inspector: &Inspector) {
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
            let place = Kept { number: entry.number, bulk: entry.is_bulk() };
            match stored::write(&kept).is_some_and(|text| self.store(inspector, &key(place), &text, false)) {
                true => self.written.note(place),
                // Nothing older, perhaps with its secrets, stays in its place.
                false => Place::Tab.remove(&key(place)),
            }
            self.last = entry.number;
        }
    }

    /// Writes. Where there is no room, a saved trace that is looked at goes first, which can be opened again; then what
    /// there is of the trace, and `all` of it, if it has to be.
    fn store(&mut self, inspector: &Inspector, place: &str, text: &str, all: bool) -> bool {
        while !Place::Tab.set(place, text) {
            if Place::Tab.get(REPLAY).is_some() {
                Place::Tab.remove(REPLAY);
                continue;
            }
            let attempt = room::attempt(inspector.trace().entries());
            let gone = self.written.give_up(&attempt, all);
            if gone.is_empty() {
                return false;
            }
            for it in gone {
                Place::Tab.remove(&key(it));
            }
        }
        true
    }

    /// Forgets all that this tab has written.
    pub fn forget(&mut self) {
        for key in Place::Tab.keys(ALL) {
            Place::Tab.remove(&key);
        }
        self.written = Written::default();
    }

    /// Forgets the trace.
    pub fn clear(&mut self) {
        for key in Place::Tab.keys(TRACE) {
            Place::Tab.remove(&key);
        }
        self.written = Written::default();
    }
}

fn key(kept: Kept) -> String {
    format!("{TRACE}{:08}{}", kept.number, if kept.bulk { BULK } else { "" })
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

/// The saved trace that is looked at, by its name and packed. It holds no secret.
pub fn replay() -> Option<(String, String)> {
    let (name, packed) = Place::Tab.get(REPLAY)?.split_once('\n').map(|(a, b)| (a.to_owned(), b.to_owned()))?;
    Some((name, packed))
}

/// One that is too long for the storage is not opened again after a reload.
pub fn set_replay(replay: Option<&(&str, String)>) {
    Place::Tab.remove(REPLAY);
    if let Some((name, packed)) = replay {
        Place::Tab.set(REPLAY, &format!("{}\n{packed}", name.replace('\n', " ")));
    }
}

/// The route that the last authorization left from.
pub fn return_to() -> Option<String> {
    Place::Tab.get(RETURN)
}

pub fn set_return_to(path: &str) {
    Place::Tab.set(RETURN, path);
}
