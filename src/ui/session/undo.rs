//! What is removed at once, and comes back by "Undo" until the next removal, the next attempt, or until it is dismissed.
//! Nobody is asked beforehand.

use super::{Keep, Session};
use crate::inspector::{Input, Removed};
use crate::settings::servers::Key;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::web::window;

impl Session {
    /// Forgets the trace; its entries leave the tab's storage too.
    pub fn clear_trace(self) {
        self.removed_server.set(None);
        self.dispatch(Input::ClearTrace);
        self.keep.update_value(Keep::clear);
        if matches!(self.here(), Route::Wire(Some(_))) {
            self.go(Route::Wire(None));
        }
        offer();
    }

    pub fn clear_logs(self) {
        self.removed_server.set(None);
        self.dispatch(Input::ClearLogs);
        if matches!(self.here(), Route::Logs(Some(_))) {
            self.go(Route::Logs(None));
        }
        offer();
    }

    /// Forgets a finished call.
    pub fn remove_call(self, number: u32) {
        self.removed_server.set(None);
        self.dispatch(Input::RemoveCall(number));
        offer();
    }

    pub fn remove_server(self, key: &Key) {
        let removed = self.change_servers(|list| list.remove(key)).flatten();
        self.drop_removed();
        self.removed_server.set(removed);
        offer();
    }

    /// Whether something can be had back.
    pub fn has_removed(self) -> bool {
        self.removed_server.read().is_some() || self.read(|it| it.removed().is_some())
    }

    /// What it is, in a few words.
    pub fn removed(self) -> Option<String> {
        let server = self.removed_server.with(|it| it.as_ref().map(|it| format!("Removed {}.", it.server.title())));
        let words = |it: &Removed| match it {
            Removed::Trace(_) => "Wire cleared.".to_owned(),
            Removed::Logs(_) => "Log cleared.".to_owned(),
            Removed::Call { call, .. } => format!("Removed a call of {}.", call.ask.target.key),
        };
        server.or_else(|| self.read(|it| it.removed().map(words)))
    }

    pub fn undo(self) {
        if let Some(removed) = self.removed_server.get_untracked() {
            self.removed_server.set(None);
            self.change_servers(|list| list.restore(removed));
            return;
        }
        // What comes back is written again.
        if self.peek(|it| matches!(it.removed(), Some(Removed::Trace(_)))) {
            self.keep.update_value(Keep::write_again);
        }
        self.dispatch(Input::Undo);
    }

    /// It does not come back any more.
    pub fn drop_removed(self) {
        self.removed_server.set(None);
        if self.peek(|it| it.removed().is_some()) {
            self.dispatch(Input::DropRemoved);
        }
    }
}

/// The focus goes to the button that brings it back: what had it may be gone.
fn offer() {
    request_animation_frame(|| window::focus("[data-testid=undo]"));
}
