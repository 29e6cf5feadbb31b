//! The help sheet: every keyboard shortcut, and whether single keys are shortcuts at all.

use super::controls::is_checked;
use super::styled::styled;
use crate::ui::prefs;
use crate::ui::prelude::*;
use crate::ui::session::{Overlay, session};
use crate::ui::shortcuts::{self, Keys, Shortcut};

#[component]
pub fn ShortcutSheet() -> impl IntoView {
    styled(include_str!("../../../style/palette.css"));
    let session = session();
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let on = RwSignal::new(prefs::has_character_keys());
    Effect::new(move |_| {
        if session.overlay.get() == Some(Overlay::Shortcuts)
            && let Some(dialog) = dialog.get().filter(|it| !it.open())
        {
            on.set(prefs::has_character_keys());
            let _ = dialog.show_modal();
        }
    });
    let close = move || {
        session.closed(Overlay::Shortcuts);
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    // Told a moment later: it may be open again by then.
    let closed = move |_| {
        if dialog.get_untracked().is_some_and(|it| !it.open()) {
            close();
        }
    };
    let choose = move |event: web_sys::Event| {
        on.set(is_checked(&event));
        prefs::set_character_keys(is_checked(&event));
    };
    view! {
        <dialog
            node_ref=dialog class="sheet" data-testid="shortcuts" aria-labelledby="shortcuts-title"
            on:cancel=move |_: web_sys::Event| close() on:close=closed
        >
            <h2 id="shortcuts-title">"Keyboard shortcuts"</h2>
            <dl>{shortcuts::ALL.iter().map(|it| view! { <Line it on/> }).collect_view()}</dl>
            <p class="small muted">"On macOS, press Cmd instead of Ctrl. Lists move with the arrow keys."</p>
            <label class="check">
                <input type="checkbox" data-testid="shortcuts-single" prop:checked=on on:change=choose/>
                "Use single-key shortcuts"
            </label>
            <div class="row"><button type="button" on:click=move |_| close()>"Close"</button></div>
        </dialog>
    }
}

#[component]
fn Line(it: &'static Shortcut, on: RwSignal<bool>) -> impl IntoView {
    let off = move || (!on.get() && it.keys.can_be_off()).then_some("");
    let joined = if matches!(it.keys, Keys::Command(_)) { " + " } else { " then " };
    let keys = it.keys.words();
    let keys = keys.split(' ').map(str::to_owned).enumerate();
    let keys = keys.map(|(at, key)| view! { {(at > 0).then_some(joined)}<kbd>{key}</kbd> }).collect_view();
    view! { <div data-off=off><dt>{keys}</dt><dd>{it.words}</dd></div> }
}
