//! `sessionStorage` for what belongs to this tab, `localStorage` for what holds no secret.
//!
//! Where the browser keeps nothing for the tab (site data blocked, some frames), its place is a member of the window: it
//! lasts as long as the page, and a window that the page opens begins with a copy, as with `sessionStorage`.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{Storage, StorageEvent, Window};

/// Which of the two.
#[derive(Clone, Copy)]
pub enum Place {
    /// Ends with the tab; may hold secrets.
    Tab,
    /// Stays; never holds a secret.
    Site,
}

/// The member of the window.
const MEMORY: &str = "flowglassMemory";
/// Written to see whether the browser keeps anything.
const PROBE: &str = "flowglass.probe";

enum Store {
    Browser(Storage),
    Memory(Object),
}

impl Place {
    /// `None` where the browser forbids it.
    fn open(self) -> Option<Store> {
        let window = web_sys::window()?;
        match self {
            Self::Tab if !keeps_tab() => memory(&window).map(Store::Memory),
            Self::Tab => window.session_storage().ok()?.map(Store::Browser),
            Self::Site => window.local_storage().ok()?.map(Store::Browser),
        }
    }

    pub fn get(self, key: &str) -> Option<String> {
        match self.open()? {
            Store::Browser(it) => it.get_item(key).ok()?,
            Store::Memory(it) => Reflect::get(&it, &key.into()).ok()?.as_string(),
        }
    }

    /// `false` where there was no room, or no storage.
    pub fn set(self, key: &str, value: &str) -> bool {
        match self.open() {
            Some(Store::Browser(it)) => it.set_item(key, value).is_ok(),
            Some(Store::Memory(it)) => Reflect::set(&it, &key.into(), &value.into()).is_ok(),
            None => false,
        }
    }

    pub fn remove(self, key: &str) {
        match self.open() {
            Some(Store::Browser(it)) => drop(it.remove_item(key)),
            Some(Store::Memory(it)) => drop(Reflect::delete_property(&it, &key.into())),
            None => {}
        }
    }

    /// All keys that begin so, sorted.
    pub fn keys(self, prefix: &str) -> Vec<String> {
        let all: Vec<String> = match self.open() {
            Some(Store::Browser(it)) => {
                (0..it.length().unwrap_or_default()).filter_map(|index| it.key(index).ok()?).collect()
            }
            Some(Store::Memory(it)) => Object::keys(&it).iter().filter_map(|key| key.as_string()).collect(),
            None => Vec::new(),
        };
        let mut keys: Vec<String> = all.into_iter().filter(|key| key.starts_with(prefix)).collect();
        keys.sort();
        keys
    }
}

/// Calls when another tab of this origin has changed what stays, with the key; without one where all of it was removed.
pub fn on_other_tab(call: impl Fn(Option<String>) + 'static) {
    super::window::on("storage", move |event| {
        let Ok(event) = event.dyn_into::<StorageEvent>() else { return };
        // Tabs have a storage of their own beside it.
        let site = web_sys::window().and_then(|it| it.local_storage().ok().flatten());
        if event.storage_area() == site {
            call(event.key());
        }
    });
}

/// Whether the browser keeps what belongs to this tab. A storage that is full does: something is in it.
pub fn keeps_tab() -> bool {
    thread_local! {
        static KEEPS: bool = browser_keeps_tab().unwrap_or(false);
    }
    KEEPS.with(|it| *it)
}

fn browser_keeps_tab() -> Option<bool> {
    let storage = web_sys::window()?.session_storage().ok()??;
    let written = storage.set_item(PROBE, "1").is_ok();
    let _ = storage.remove_item(PROBE);
    Some(written || storage.length().is_ok_and(|it| it > 0))
}

fn memory(window: &Window) -> Option<Object> {
    if let Some(own) = memory_of(window) {
        return Some(own);
    }
    let memory = Object::new();
    if let Some(theirs) = opener().and_then(|it| memory_of(&it)) {
        Object::assign(&memory, &theirs);
    }
    Reflect::set(window, &MEMORY.into(), &memory).ok()?;
    Some(memory)
}

/// `None` also where the window is of another origin.
fn memory_of(window: &Window) -> Option<Object> {
    let memory = Reflect::get(window, &MEMORY.into()).ok()?;
    memory.is_object().then(|| memory.unchecked_into())
}

fn opener() -> Option<Window> {
    let opener = web_sys::window()?.opener().ok()?;
    opener.is_object().then(|| opener.unchecked_into())
}

/// Writes into the place of the tab in the window that opened this one, where it is of this origin and still there.
pub fn set_in_opener(key: &str, value: &str) {
    let Some(opener) = opener() else { return };
    if let Some(memory) = memory_of(&opener) {
        let _ = Reflect::set(&memory, &key.into(), &value.into());
        return;
    }
    if let Some(storage) = opener.session_storage().ok().flatten() {
        let _ = storage.set_item(key, value);
    }
}
