//! The dialogs that the user opens over any page, the command palette and the help sheet, and the keys that open them.

use super::arriving::arriving;
use crate::ui::later;
use crate::ui::prelude::*;
use crate::ui::session::{Overlay, session};
use crate::ui::shortcuts;

/// Each from its first use on.
#[component]
pub fn Commands() -> impl IntoView {
    let session = session();
    shortcuts::listen(session);
    let used = move |which: Overlay| {
        Memo::new(move |before: Option<&bool>| before == Some(&true) || session.overlay.get() == Some(which))
    };
    let (palette, sheet) = (used(Overlay::Palette), used(Overlay::Shortcuts));
    view! {
        {move || palette.get().then(|| arriving(later::palette()))}
        {move || sheet.get().then(|| arriving(later::shortcuts()))}
    }
}
