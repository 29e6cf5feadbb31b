//! Whether secrets are shown: off until somebody asks for them.

use crate::ui::prelude::*;
use crate::ui::session::session;

#[component]
pub fn RevealSecrets() -> impl IntoView {
    let reveal = session().reveal;
    view! {
        <label class="check">
            <input
                type="checkbox" data-testid="reveal-secrets" prop:checked=reveal
                on:change:target=move |event| reveal.set(event.target().checked())
            />
            "Show secrets"
        </label>
    }
}
