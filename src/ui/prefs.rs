//! What a person prefers, kept in `localStorage`: the theme and the recent servers; for this tab alone, what is wrong in
//! the demo world. No secret is here.

use crate::demo::Fault;
use crate::recent::Recent;
use crate::web::storage::Place;
use crate::web::window;

const THEME: &str = "flowglass.theme";
const RECENT: &str = "flowglass.recent";
const FAULT: &str = "flowglass.demo.fault";

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

/// What is wrong in the demo world.
pub fn fault() -> Option<Fault> {
    Place::Tab.get(FAULT).and_then(|it| Fault::parse(&it))
}

pub fn set_fault(fault: Option<Fault>) {
    match fault {
        Some(fault) => {
            Place::Tab.set(FAULT, fault.name());
        }
        None => Place::Tab.remove(FAULT),
    }
}

/// The servers connected to before. What cannot be read counts as none.
pub fn recent() -> Vec<Recent> {
    Place::Site.get(RECENT).and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default()
}

pub fn set_recent(list: &[Recent]) {
    if let Ok(text) = serde_json::to_string(list) {
        Place::Site.set(RECENT, &text);
    }
}
