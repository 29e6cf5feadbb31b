//! The newest log messages in the tab's storage. They are written when the page is left, not as they come: a server may send
//! thousands a second.

use crate::base::stored::{self, Unread};
use crate::inspector::{Inspector, Logs, StoredLogs};
use crate::web::storage::Place;

const LOGS: &str = "flowglass.logs";
/// Where there is no room for so much, none is kept, in bytes.
const LEAST: usize = 4 << 10;

/// Writes as much of them as there is room for: the trace does not give way for them.
pub fn write(inspector: &Inspector) {
    // Messages may repeat a token.
    let memory_only = inspector.settings().is_some_and(|it| it.memory_only);
    let mut room = if memory_only || inspector.logs().is_empty() { 0 } else { Logs::BYTES_STORED };
    while room >= LEAST {
        if stored::write(&inspector.logs().stored(room)).is_some_and(|it| Place::Tab.set(LOGS, &it)) {
            return;
        }
        room /= 2;
    }
    forget();
}

/// Makes room until they are written again. Says whether there was something to give up.
pub fn give_up() -> bool {
    let there = Place::Tab.get(LOGS).is_some();
    forget();
    there
}

/// Forgets what a page before this one wrote.
pub fn forget() {
    Place::Tab.remove(LOGS);
}

/// Those that the last page of this tab kept, and why they are not used.
pub fn left() -> (StoredLogs, Option<Unread>) {
    let Some(text) = Place::Tab.get(LOGS) else { return (StoredLogs::default(), None) };
    match stored::read(&text) {
        Ok(logs) => (logs, None),
        Err(why) => {
            forget();
            (StoredLogs::default(), Some(why))
        }
    }
}
