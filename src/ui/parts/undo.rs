//! What was removed last, and how it comes back. It stays until the next removal, the next attempt, or a press.

use super::icon::{Drawing, Icon};
use super::styled::styled;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::window;

#[component]
pub fn UndoBar() -> impl IntoView {
    styled(include_str!("../../../style/undo.css"));
    let session = session();
    request_animation_frame(|| window::focus("[data-testid=undo]"));
    let words = Memo::new(move |_| session.removed());
    view! {
        <div class="undo">
            <span class="cut" role="status">{move || words.get().map(foreign)}</span>
            <button type="button" data-testid="undo" on:click=move |_| session.undo()>"Undo"</button>
            <button class="quiet icon" type="button" aria-label="Dismiss" on:click=move |_| session.drop_removed()>
                <Drawing icon=Icon::Close/>
            </button>
        </div>
    }
}
