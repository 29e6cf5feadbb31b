//! The check without logging in: the same machine, which stops where it would register.

use super::Inspector;
use crate::oauth::flow::Moment;
use crate::settings::Settings;
use crate::trace::Event;

impl Inspector {
    /// Looks at a server as far as that needs no login. No token and no header of the person's own goes out.
    pub(super) fn check(&mut self, moment: &Moment, settings: Settings) {
        self.checking = true;
        self.connect(moment, settings);
    }

    /// All that can be seen without a login was seen. A session that was opened for it ends.
    pub(super) fn examined(&mut self, moment: &Moment) {
        self.note(moment, Event::Examined);
        self.disconnect(moment);
    }

    /// What goes out in a check: nothing that is secret.
    pub(super) fn without_secrets(&self, settings: &Settings) -> Option<Settings> {
        let bare = || Settings { headers: Vec::new(), bearer: None, ..settings.clone() };
        self.checking.then(bare)
    }
}
