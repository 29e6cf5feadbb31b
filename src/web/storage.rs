//! `sessionStorage` for what belongs to this tab, `localStorage` for what holds no secret.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Storage, Window};

/// Which of the two.
#[derive(Clone, Copy)]
pub enum Place {
    /// Ends with the tab; may hold secrets.
    Tab,
    /// Stays; never holds a secret.
    Site,
}

impl Place {
    /// `None` where the browser forbids it.
    fn open(self) -> Option<Storage> {
        let window = web_sys::window()?;
        match self {
            Self::Tab => window.session_storage().ok()?,
            Self::Site => window.local_storage().ok()?,
        }
    }

    pub fn get(self, key: &str) -> Option<String> {
        self.open()?.get_item(key).ok()?
    }

    /// `false` where there was no room, or no storage.
    pub fn set(self, key: &str, value: &str) -> bool {
        self.open().is_some_and(|it| it.set_item(key, value).is_ok())
    }

    pub fn remove(self, key: &str) {
        if let Some(storage) = self.open() {
            let _ = storage.remove_item(key);
        }
    }

    /// All keys that begin so, sorted.
    pub fn keys(self, prefix: &str) -> Vec<String> {
        let Some(storage) = self.open() else { return Vec::new() };
        let all = (0..storage.length().unwrap_or_default()).filter_map(|index| storage.key(index).ok()?);
        let mut keys: Vec<String> = all.filter(|key| key.starts_with(prefix)).collect();
        keys.sort();
        keys
    }
}

/// Writes into the `sessionStorage` of the window that opened this one, where it is of this origin and still there.
pub fn set_in_opener(key: &str, value: &str) {
    let opener = web_sys::window().and_then(|it| it.opener().ok()).filter(JsValue::is_object);
    let storage = opener.and_then(|it| it.unchecked_into::<Window>().session_storage().ok().flatten());
    if let Some(storage) = storage {
        let _ = storage.set_item(key, value);
    }
}
