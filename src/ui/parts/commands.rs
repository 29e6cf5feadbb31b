//! What opens the command palette: Ctrl or Cmd with K wherever the focus is, or the button of the header.

use super::arriving::arriving;
use crate::ui::later;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::window;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

/// The palette, from its first use on.
#[component]
pub fn Commands() -> impl IntoView {
    let palette = session().palette;
    let used = Memo::new(move |before: Option<&bool>| before == Some(&true) || palette.get());
    window::on("keydown", move |event| {
        let Ok(event) = event.dyn_into::<KeyboardEvent>() else { return };
        if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            palette.set(true);
        }
    });
    move || used.get().then(|| arriving(later::palette()))
}
