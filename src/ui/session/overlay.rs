//! The dialogs that the user opens over any page, one at a time.

use super::Session;
use crate::ui::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The command palette.
    Palette,
    /// The help sheet of the keyboard shortcuts.
    Shortcuts,
}

impl Session {
    /// That dialog is closed; another one may be open in its place.
    pub fn closed(self, overlay: Overlay) {
        if self.overlay.get_untracked() == Some(overlay) {
            self.overlay.set(None);
        }
    }
}
