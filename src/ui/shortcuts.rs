//! The keyboard shortcuts: one table, from which the handler, the hints of the palette and the help sheet are made.

use super::prefs;
use super::prelude::*;
use super::route::Route;
use super::session::{Overlay, Session};
use crate::inspector::Input;
use crate::mcp::connection::Target;
use crate::mcp::model::ItemKind;
use crate::web::window;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

/// How long the second key is waited for, in milliseconds.
const WAIT: f64 = 1_500.0;
/// The first of two keys.
const FIRST: &str = "g";

/// The buttons that use what is open.
pub const CALL: &str = "[data-testid=call-tool]";
pub const READ: &str = "[data-testid=read-resource]";
pub const GET: &str = "[data-testid=get-prompt]";

/// What is pressed.
#[derive(Clone, Copy)]
pub enum Keys {
    /// With Ctrl, or with Cmd. It works while something is typed, too.
    Command(&'static str),
    /// A character by itself. The user can turn these off (WCAG 2.1.4), as those that follow a `g`.
    Character(&'static str),
    /// After [`FIRST`].
    Second(&'static str),
    Escape,
}

impl Keys {
    pub fn words(self) -> String {
        match self {
            Self::Command(key) => format!("Ctrl {}", if key == "k" { "K" } else { key }),
            Self::Character(key) => key.to_owned(),
            Self::Second(key) => format!("{FIRST} {key}"),
            Self::Escape => "Esc".to_owned(),
        }
    }

    pub const fn can_be_off(self) -> bool {
        matches!(self, Self::Character(_) | Self::Second(_))
    }

    fn are(self, event: &KeyboardEvent, second: bool) -> bool {
        let key = event.key();
        let with_command = event.ctrl_key() || event.meta_key();
        match self {
            _ if event.alt_key() => false,
            Self::Command(name) => with_command && key.eq_ignore_ascii_case(name),
            Self::Character(name) => !with_command && !second && key == name,
            Self::Second(name) => !with_command && second && key.eq_ignore_ascii_case(name),
            Self::Escape => !with_command && key == "Escape",
        }
    }
}

/// What a shortcut does.
#[derive(Clone, PartialEq)]
pub enum Does {
    Palette,
    Sheet,
    Search,
    Use,
    Cancel,
    Go(Route),
}

pub struct Shortcut {
    pub keys: Keys,
    pub does: Does,
    pub words: &'static str,
}

const fn go(key: &'static str, route: Route, words: &'static str) -> Shortcut {
    Shortcut { keys: Keys::Second(key), does: Does::Go(route), words }
}

pub static ALL: [Shortcut; 15] = [
    Shortcut { keys: Keys::Command("k"), does: Does::Palette, words: "Open the command palette" },
    Shortcut { keys: Keys::Command("Enter"), does: Does::Use, words: "Call, read or get what is open" },
    Shortcut { keys: Keys::Escape, does: Does::Cancel, words: "Cancel the pending request" },
    Shortcut { keys: Keys::Character("/"), does: Does::Search, words: "Go to the filter or search" },
    Shortcut { keys: Keys::Character("?"), does: Does::Sheet, words: "Show keyboard shortcuts" },
    go("c", Route::Connect, "Go to Connect"),
    go("w", Route::Walkthrough(None), "Go to Walkthrough"),
    go("t", Route::Tools(None), "Go to Tools"),
    go("r", Route::Resources(None), "Go to Resources"),
    go("p", Route::Prompts(None), "Go to Prompts"),
    go("e", Route::Wire(None), "Go to Wire (exchanges)"),
    go("l", Route::Logs(None), "Go to Logs"),
    go("k", Route::Tasks, "Go to Tasks"),
    go("b", Route::Bench, "Go to Token bench"),
    go("h", Route::Check, "Go to Check"),
];

/// The keys that do something.
pub fn keys_of(does: &Does) -> Option<String> {
    ALL.iter().find(|it| it.does == *does).map(|it| it.keys.words())
}

/// Listens as long as the page is there.
pub fn listen(session: Session) {
    // When the first of two keys was pressed.
    let first = StoredValue::new(f64::NEG_INFINITY);
    let press = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        // A browser that fills a form sends plain events by that name, without a key.
        if !event.is_instance_of::<KeyboardEvent>() {
            return;
        }
        let second = event.time_stamp() - first.get_value() < WAIT;
        // Shift, which some keys need, ends nothing.
        if !matches!(event.key().as_str(), "Shift" | "AltGraph") {
            first.set_value(f64::NEG_INFINITY);
        }
        if is_first(&event) && !second {
            first.set_value(event.time_stamp());
        } else if pressed(session, &event, second) {
            event.prevent_default();
        }
    });
    on_cleanup(move || press.remove());
}

fn is_first(event: &KeyboardEvent) -> bool {
    Keys::Character(FIRST).are(event, false) && is_free(event) && prefs::has_character_keys()
}

/// Nothing else takes the key: no part of the page, no field, no dialog.
fn is_free(event: &KeyboardEvent) -> bool {
    !(event.default_prevented()
        || event.is_composing()
        || event.repeat()
        || window::is_typing()
        || window::has_dialog())
}

/// Does what the keys stand for. Says whether that was something.
fn pressed(session: Session, event: &KeyboardEvent, second: bool) -> bool {
    let Some(shortcut) = ALL.iter().find(|it| it.keys.are(event, second)) else { return false };
    let heard = match shortcut.keys {
        Keys::Command(_) if shortcut.does == Does::Palette => true,
        Keys::Command(_) => !event.default_prevented() && !event.repeat() && !window::has_dialog(),
        Keys::Escape => is_free(event),
        Keys::Character(_) | Keys::Second(_) => is_free(event) && prefs::has_character_keys(),
    };
    heard && act(session, &shortcut.does)
}

/// Does it; says whether it could be done.
pub fn act(session: Session, does: &Does) -> bool {
    match does {
        Does::Palette => session.overlay.set(Some(Overlay::Palette)),
        Does::Sheet => session.overlay.set(Some(Overlay::Shortcuts)),
        Does::Search => window::focus("main input[type=search], [data-testid=server-url]"),
        Does::Use => return [CALL, READ, GET].into_iter().any(window::press),
        Does::Cancel => match pending(session) {
            Some(target) => session.dispatch(Input::Cancel(target)),
            None => return false,
        },
        Does::Go(route) => session.go(route.clone()),
    }
    true
}

/// The open item, where its use is on its way.
pub fn pending(session: Session) -> Option<Target> {
    let (kind, key) = match untrack(|| session.route()) {
        Route::Tools(key) => (ItemKind::Tools, key?),
        Route::Resources(key) => (ItemKind::Resources, key?),
        Route::Prompts(key) => (ItemKind::Prompts, key?),
        _ => return None,
    };
    let target = Target { kind, key };
    session.peek(|it| it.outcome(&target).is_some_and(|it| it.status.is_open())).then_some(target)
}
