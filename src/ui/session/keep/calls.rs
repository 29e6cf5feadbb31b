//! The finished calls of tools in the tab's storage, one a key, and which of them are shown.

use crate::base::stored::{self, Unread};
use crate::inspector::{Call, Extent, History, Inspector};
use crate::mcp::connection::Target;
use crate::web::storage::Place;
use std::collections::BTreeMap;

const CALL: &str = "flowglass.call.";
const SHOWN: &str = "flowglass.shown";

/// What was written so far.
#[derive(Default)]
pub struct KeptCalls {
    version: u32,
    written: BTreeMap<u32, Extent>,
}

impl KeptCalls {
    /// Writes what is new, and takes away what is gone. `store` says whether there was room.
    pub fn write(&mut self, inspector: &Inspector, mut store: impl FnMut(&str, &str) -> bool) {
        let history = inspector.history();
        if history.version() == self.version {
            return;
        }
        self.version = history.version();
        // Results may repeat a token.
        let memory_only = inspector.settings().is_some_and(|it| it.memory_only);
        let wanted = if memory_only { BTreeMap::new() } else { history.stored() };
        let gone = self.written.keys().filter(|it| !wanted.contains_key(it));
        gone.for_each(|it| Place::Tab.remove(&key(*it)));
        self.written.retain(|it, _| wanted.contains_key(it));
        for (number, extent) in wanted {
            if self.written.get(&number) == Some(&extent) {
                continue;
            }
            let text = history.numbered(number).and_then(|it| stored::write(&it.to_extent(extent)));
            match text.is_some_and(|it| store(&key(number), &it)) {
                true => drop(self.written.insert(number, extent)),
                false => Place::Tab.remove(&key(number)),
            }
        }
        let shown = if memory_only { Vec::new() } else { history.all_shown() };
        if !stored::write(&shown).is_some_and(|it| store(SHOWN, &it)) {
            Place::Tab.remove(SHOWN);
        }
    }

    /// Makes room. Says whether there was something to give up.
    pub fn give_up(&mut self) -> bool {
        let keys = Place::Tab.keys(CALL);
        keys.iter().for_each(|it| Place::Tab.remove(it));
        self.written.clear();
        !keys.is_empty()
    }
}

/// Forgets what a page before this one wrote.
pub fn forget() {
    Place::Tab.remove(SHOWN);
    Place::Tab.keys(CALL).iter().for_each(|it| Place::Tab.remove(it));
}

/// The calls that the last page of this tab kept, and why something of them is not used.
pub fn left() -> (History, KeptCalls, Option<Unread>) {
    let (mut calls, mut dropped) = (Vec::new(), None);
    for key in Place::Tab.keys(CALL) {
        match stored::read::<Call>(&Place::Tab.get(&key).unwrap_or_default()) {
            Ok(call) => calls.push(call),
            Err(why) => {
                Place::Tab.remove(&key);
                dropped = Some(why);
            }
        }
    }
    let extent = |it: &Call| if it.dropped.is_some() { Extent::WithoutResult } else { Extent::Whole };
    let written = calls.iter().map(|it| (it.number, extent(it))).collect();
    let shown: Vec<(Target, u32)> = stored::read(&Place::Tab.get(SHOWN).unwrap_or_default()).unwrap_or_default();
    (History::restored(calls, shown), KeptCalls { version: 0, written }, dropped)
}

fn key(number: u32) -> String {
    format!("{CALL}{number:08}")
}
