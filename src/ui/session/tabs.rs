//! What the tabs of a browser share: kept servers, theme, finished lessons. A change in one is seen in the others; all
//! else is each tab's own.

use super::Session;
use crate::ui::prefs::{self, Shared, Theme};
use crate::ui::prelude::*;

impl Session {
    pub(super) fn follow_other_tabs(self) {
        prefs::on_other_tab(move |shared| match shared {
            Shared::Servers => self.kept_servers.update(|it| *it += 1),
            Shared::Theme => self.theme.set(Theme::stored()),
            Shared::Lessons => self.lessons.set(prefs::lessons()),
        });
    }
}
