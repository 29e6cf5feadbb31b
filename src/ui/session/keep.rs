//! What the tab's `sessionStorage` keeps: the state for the next page, and the trace, an entry a key.

mod calls;
mod logs;

use crate::base::stored::{self, Unread};
use crate::inspector::{Inspector, Saved};
use crate::oauth::flow::Moment;
use crate::settings::Settings;
use crate::trace::Entry;
use crate::trace::quota::{self, Kept, Written};
use crate::web::storage::Place;
use calls::KeptCalls;

const STATE: &str = "flowglass.state";
const RETURN: &str = "flowglass.return";
const CALLED: &str = "flowglass.called";
const LINKED: &str = "flowglass.linked";
const REPLAY: &str = "flowglass.replay";
/// The exchanges that are pinned on the wire page.
pub const PINNED: &str = "flowglass.pinned";
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
    calls: KeptCalls,
    /// Secrets are left out of the trace.
    masked: bool,
    /// What is written when the page is left is waited for.
    awaits_leave: bool,
}

impl Keep {
    /// What the last page had written.
    fn began(&mut self, saved: &Saved, entries: &[Entry]) {
        self.state = stored::write(saved).unwrap_or_default();
        self.last = entries.last().map_or(0, |it| it.number);
        self.written = Written::of(entries);
    }

    /// Writes what is new. It runs before any order is carried out, so nothing is lost to a redirect. `false`: the
    /// next page would not find the state.
    pub fn write(&mut self, inspector: &Inspector) -> bool {
        self.write_trace(inspector);
        self.write_calls(inspector);
        // The state comes last: it makes room for itself.
        let state = stored::write(&inspector.saved()).unwrap_or_default();
        let kept = state == self.state || self.store(inspector, STATE, &state, true);
        if kept {
            self.state = state;
        }
        kept
    }

    fn write_calls(&mut self, inspector: &Inspector) {
        let mut calls = std::mem::take(&mut self.calls);
        calls.write(inspector, |key, text| self.store(inspector, key, text, false));
        self.calls = calls;
    }

    fn write_trace(&mut self, inspector: &Inspector) {
        let memory_only = inspector.settings().is_some_and(|it| it.memory_only);
        // From now on nothing is to be kept: what was written with its secrets is written over.
        if memory_only && !self.masked {
            self.last = 0;
            logs::forget();
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
            if logs::give_up() {
                continue;
            }
            let attempt = quota::attempt(inspector.trace().entries());
            let gone = self.written.give_up(&attempt, all);
            if gone.is_empty() && !(all && self.calls.give_up()) {
                return false;
            }
            for it in gone {
                Place::Tab.remove(&key(it));
            }
        }
        true
    }

    /// Writes what is kept of the log: the page is left.
    pub fn write_logs(inspector: &Inspector) {
        logs::write(inspector);
    }

    /// Whether whoever asks is the first, and has to see to it that [`Keep::write_logs`] is called.
    pub const fn begins_to_await_leave(&mut self) -> bool {
        !std::mem::replace(&mut self.awaits_leave, true)
    }

    /// Forgets all that this tab has written.
    pub fn forget(&mut self) {
        for key in Place::Tab.keys(ALL) {
            Place::Tab.remove(&key);
        }
        self.written = Written::default();
        self.calls = KeptCalls::default();
    }

    /// What is there of the trace is written as if nothing of it were.
    pub fn write_again(&mut self) {
        self.last = 0;
        self.written = Written::default();
    }

    /// Forgets the trace, and which exchanges of it are pinned: after a reload the same numbers are given again.
    pub fn clear(&mut self) {
        Place::Tab.remove(PINNED);
        for key in Place::Tab.keys(TRACE) {
            Place::Tab.remove(&key);
        }
        self.written = Written::default();
    }
}

fn key(kept: Kept) -> String {
    format!("{TRACE}{:08}{}", kept.number, if kept.bulk { BULK } else { "" })
}

/// What the last page of this tab left.
#[derive(Default)]
struct Left {
    saved: Saved,
    entries: Vec<Entry>,
    /// Why something was dropped that cannot be read.
    dropped: Option<Unread>,
}

/// What this page goes on with of what was left.
pub struct TakenUp {
    pub inspector: Inspector,
    pub keep: Keep,
    pub settings: Option<Settings>,
    pub connected: bool,
    /// A login waits in a window of its own.
    pub popup: bool,
    pub dropped: Option<Unread>,
}

impl TakenUp {
    /// Where nothing was left.
    pub fn nothing(inspector: Inspector) -> Self {
        Self { inspector, keep: Keep::default(), settings: None, connected: false, popup: false, dropped: None }
    }
}

/// Whether the last page of this tab left a state or a trace.
pub fn is_left() -> bool {
    Place::Tab.get(STATE).is_some() || !Place::Tab.keys(TRACE).is_empty()
}

/// Gives the inspector state and trace as the last page left them.
pub fn take_up(mut inspector: Inspector, moment: &Moment) -> TakenUp {
    let Left { mut saved, entries, dropped } = left();
    let mut keep = Keep::default();
    keep.began(&saved, &entries);
    let (settings, connected, popup) = (saved.settings.clone(), saved.connected, saved.popup);
    let open = std::mem::take(&mut saved.open_calls);
    inspector.restore(moment, saved, entries);
    let (history, calls, unread) = calls::left();
    inspector.restore_history(moment, history, open);
    keep.calls = calls;
    let (logs, damaged) = logs::left();
    inspector.restore_logs(logs);
    TakenUp { inspector, keep, settings, connected, popup, dropped: dropped.or(unread).or(damaged) }
}

/// State and trace as the last page left them. Where the state cannot be read, the trace makes no sense either.
fn left() -> Left {
    match Place::Tab.get(STATE).map(|it| stored::read(&it)) {
        Some(Err(why)) => {
            [STATE, RETURN].into_iter().for_each(|it| Place::Tab.remove(it));
            Place::Tab.keys(TRACE).iter().for_each(|it| Place::Tab.remove(it));
            calls::forget();
            logs::forget();
            Left { dropped: Some(why), ..Left::default() }
        }
        Some(Ok(saved)) => Left { saved, ..trace_left() },
        None => trace_left(),
    }
}

fn trace_left() -> Left {
    let mut left = Left::default();
    for key in Place::Tab.keys(TRACE) {
        match stored::read(&Place::Tab.get(&key).unwrap_or_default()) {
            Ok(entry) => left.entries.push(entry),
            Err(why) => {
                Place::Tab.remove(&key);
                left.dropped = Some(why);
            }
        }
    }
    left
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

/// The page that a link named, its server, and the arguments that it brought: until the user has connected.
pub fn linked() -> Option<(String, String, String)> {
    let linked = Place::Tab.get(LINKED)?;
    let (path, rest) = linked.split_once('\n')?;
    let (server, arguments) = rest.split_once('\n')?;
    Some((path.to_owned(), server.to_owned(), arguments.to_owned()))
}

pub fn set_linked(linked: Option<(&str, &str, &str)>) {
    Place::Tab.remove(LINKED);
    if let Some((path, server, arguments)) = linked.filter(|(_, server, _)| !server.contains('\n')) {
        Place::Tab.set(LINKED, &format!("{path}\n{server}\n{arguments}"));
    }
}

/// The query of a callback that was not used yet.
pub fn called() -> Option<String> {
    Place::Tab.get(CALLED)
}

/// It is kept until the machine has it: where a part of the page does not load, the page is opened again.
pub fn set_called(query: Option<&str>) {
    match query {
        Some(query) => drop(Place::Tab.set(CALLED, query)),
        None => Place::Tab.remove(CALLED),
    }
}
