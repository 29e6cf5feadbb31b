//! What the user prefers, kept in `localStorage`: the theme, the dock, the kept servers, that the introduction
//! was closed, that single keys are no shortcuts, and the lessons that were finished; for this tab alone, what is wrong in the demo and
//! the name of its server and the tab's own. No secret is here.

use crate::base::format;
use crate::demo::Trial;
use crate::settings::dock::Dock;
use crate::settings::servers::Servers;
use crate::web::storage::{self, Place};
use crate::web::window;

const THEME: &str = "flowglass.theme";
const SAVED: &str = "flowglass.servers";
const RECENT: &str = "flowglass.recent";
const LABEL: &str = "flowglass.label";
const DOCK: &str = "flowglass.dock";
const INTRO: &str = "flowglass.intro";
const LESSONS: &str = "flowglass.lessons";
const KEYS: &str = "flowglass.keys";
const TAB_LABEL: &str = "flowglass.tab";
const TRIAL: &str = "flowglass.demo.trial";

/// Light, dark, or as the system has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub fn stored() -> Self {
        match Place::Site.get(THEME).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::Auto,
        }
    }

    pub const fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            Self::Auto => "Theme: automatic",
            Self::Light => "Theme: light",
            Self::Dark => "Theme: dark",
        }
    }

    /// Draws the page in it, and remembers it.
    pub fn apply(self) {
        let name = match self {
            Self::Auto => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        };
        window::mark("data-theme", name);
        match name {
            Some(name) => {
                Place::Site.set(THEME, name);
            }
            None => Place::Site.remove(THEME),
        }
    }
}

/// The dock as the user left it.
pub fn dock() -> Dock {
    Place::Site.get(DOCK).map(|it| Dock::read(&it)).unwrap_or_default()
}

pub fn set_dock(dock: &Dock) {
    Place::Site.set(DOCK, &dock.to_string());
}

/// Whether the roles are introduced: until that was closed once.
pub fn has_intro() -> bool {
    Place::Site.get(INTRO).is_none()
}

pub fn close_intro() {
    Place::Site.set(INTRO, "closed");
}

/// Whether single keys are shortcuts.
pub fn has_character_keys() -> bool {
    Place::Site.get(KEYS).is_none()
}

pub fn set_character_keys(on: bool) {
    match on {
        true => Place::Site.remove(KEYS),
        false => drop(Place::Site.set(KEYS, "off")),
    }
}

/// What the tabs of a browser share, and each shows.
#[derive(Clone, Copy)]
pub enum Shared {
    Servers,
    Theme,
    Lessons,
}

/// Calls whenever another tab has changed what is shared.
pub fn on_other_tab(call: impl Fn(Shared) + 'static) {
    storage::on_other_tab(move |key| {
        let shared =
            [(SAVED, Shared::Servers), (RECENT, Shared::Servers), (THEME, Shared::Theme), (LESSONS, Shared::Lessons)];
        // Without a key, all of it is gone.
        shared.into_iter().filter(|(it, _)| key.as_deref().is_none_or(|key| key == *it)).for_each(|(_, it)| call(it));
    });
}

/// What is wrong in the demo, and what of it the user knows.
pub fn trial() -> Trial {
    Place::Tab.get(TRIAL).map(|it| Trial::read(&it)).unwrap_or_default()
}

pub fn set_trial(trial: Trial) {
    match trial {
        Trial::Sound => Place::Tab.remove(TRIAL),
        trial => {
            Place::Tab.set(TRIAL, &trial.write());
        }
    }
}

/// The lessons that were finished, by their ids.
pub fn lessons() -> Vec<String> {
    let kept = Place::Site.get(LESSONS).unwrap_or_default();
    kept.split_whitespace().map(str::to_owned).collect()
}

pub fn set_lessons(done: &[String]) {
    match done {
        [] => Place::Site.remove(LESSONS),
        done => {
            Place::Site.set(LESSONS, &done.join(" "));
        }
    }
}

/// Whether a server is kept.
pub fn has_servers() -> bool {
    [SAVED, RECENT].into_iter().any(|it| Place::Site.get(it).is_some())
}

/// The servers that are kept, saved and recent ones.
pub fn servers() -> Servers {
    Servers::read(Place::Site.get(SAVED).as_deref(), Place::Site.get(RECENT).as_deref())
}

/// `false` where the browser keeps nothing.
pub fn set_servers(servers: &Servers) -> bool {
    let [saved, recent] = servers.written();
    let both = [write(SAVED, saved.as_deref()), write(RECENT, recent.as_deref())];
    both.into_iter().all(|it| it)
}

/// `None` leaves nothing in its place.
fn write(key: &str, text: Option<&str>) -> bool {
    match text {
        Some(text) => return Place::Site.set(key, text),
        None => Place::Site.remove(key),
    }
    true
}

/// The name of the saved server that this tab is connected to.
pub fn label() -> String {
    Place::Tab.get(LABEL).unwrap_or_default()
}

pub fn set_label(label: &str) {
    set_in_tab(LABEL, label);
}

/// The name that the user gave this tab.
pub fn tab_label() -> String {
    Place::Tab.get(TAB_LABEL).unwrap_or_default()
}

pub fn set_tab_label(label: &str) {
    set_in_tab(TAB_LABEL, label);
}

fn set_in_tab(key: &str, text: &str) {
    if text.is_empty() {
        Place::Tab.remove(key);
    } else {
        Place::Tab.set(key, text);
    }
}

/// What all keys begin with.
const ALL: &str = "flowglass.";

/// Forgets what this browser keeps for all tabs.
pub fn forget() {
    for key in Place::Site.keys(ALL) {
        Place::Site.remove(&key);
    }
}

/// What of it there is, in words.
pub fn kept() -> Vec<String> {
    let servers = servers();
    let count = servers.saved.len() + servers.recent.len();
    let words = |key: &String| match key.as_str() {
        SAVED | RECENT => None,
        THEME => Some("theme"),
        DOCK => Some("layout of the dock"),
        INTRO => Some("that the introduction was closed"),
        LESSONS => Some("finished lessons"),
        KEYS => Some("that single keys are off"),
        _ => Some("another preference"),
    };
    let servers = (count > 0).then(|| format::counted(count, "saved or recent server", "saved or recent servers"));
    let others = Place::Site.keys(ALL).iter().filter_map(words).map(str::to_owned).collect::<Vec<_>>();
    servers.into_iter().chain(others).collect()
}
