//! What begins an attempt: to connect, to check, the demo, and the ways back from one.

use super::Session;
use super::keep::Keep;
use crate::demo::trial::Answer;
use crate::demo::{self, Trial};
use crate::inspector::Input;
use crate::settings::{Draft, Settings};
use crate::ui::prefs::{self, Theme};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::web::window;

impl Session {
    /// Connects with settings that were checked.
    pub fn connect(self, settings: Settings) {
        if !is_allowed(&settings) {
            return;
        }
        self.draft.update(|it| it.used(&settings));
        prefs::set_label(self.draft.read_untracked().label.trim());
        self.begin(settings.step_mode, Input::Connect(Box::new(settings)));
    }

    /// What is wrong in the demo from now on. It is kept: the page of the login and one after a reload are of the same run.
    pub fn set_trial(self, trial: Trial) {
        prefs::set_trial(trial);
        self.trial.set(trial);
    }

    /// The fault was guessed, or the user asked for it; a lesson is finished by that.
    pub fn answer(self, answer: Answer) {
        let trial = self.trial.get_untracked().answered(answer);
        if let Some((_, lesson)) = trial.exercise() {
            // Another tab may have finished one since.
            let mut done = prefs::lessons();
            done.retain(|id| id != lesson.id);
            done.push(lesson.id.to_owned());
            prefs::set_lessons(&done);
            self.lessons.set(done);
        }
        self.set_trial(trial);
    }

    /// The course from its beginning.
    pub fn reset_lessons(self) {
        self.lessons.set(Vec::new());
        prefs::set_lessons(&[]);
    }

    /// Connects to the demo, as for the first time.
    pub fn demo(self, settings: Settings) {
        self.begin(settings.step_mode, Input::Demo(Box::new(settings)));
    }

    /// Where the user goes step by step, that is seen on the walkthrough. The address loses a link's query, so that a
    /// reload connects again.
    fn begin(self, steps: bool, input: Input) {
        self.removed_server.set(None);
        if steps {
            self.go(Route::Walkthrough(None));
        }
        if self.here() == Route::Connect {
            self.navigator.replace(&Route::Connect);
        }
        self.dispatch(input);
    }

    /// The same attempt again.
    pub fn try_again(self) {
        if self.here() == Route::Check {
            return self.check_again();
        }
        if let Some(settings) = self.inspector.with_untracked(|it| it.settings().cloned()).filter(is_allowed) {
            self.dispatch(Input::Connect(Box::new(settings)));
        }
    }

    /// Looks at a server without logging in.
    pub fn check(self, settings: Settings) {
        if !is_allowed(&settings) {
            return;
        }
        self.dispatch(Input::Check(Box::new(settings)));
        self.go(Route::Check);
    }

    pub fn check_again(self) {
        if let Some(settings) = self.inspector.with_untracked(|it| it.settings().cloned()) {
            self.dispatch(Input::Check(Box::new(settings)));
        }
    }

    /// As if the tab had just been opened; what the browser remembers of other tabs stays.
    pub fn forget_everything(self) {
        self.removed_server.set(None);
        self.link.set(None);
        self.tab_label.set(String::new());
        self.dispatch(Input::ForgetEverything);
        self.series.set(Vec::new());
        self.keep.update_value(Keep::forget);
        self.draft.set(Draft::default());
        self.set_trial(Trial::Sound);
        self.reveal.set(false);
    }

    /// What this browser keeps for all tabs: saved and recent servers, preferences. Other tabs see it go.
    pub fn forget_saved(self) {
        prefs::forget();
        self.removed_server.set(None);
        self.kept_servers.update(|it| *it += 1);
        self.lessons.set(Vec::new());
        // Drawn anew, it is as the system has it, and nothing is written.
        self.theme.set(Theme::Auto);
    }
}

/// In a frame of another origin, whoever made the page around it decides what is seen and pressed: only the demo runs.
pub fn is_allowed(settings: &Settings) -> bool {
    !window::is_in_foreign_frame() || demo::is_ours(settings.server.as_given())
}
