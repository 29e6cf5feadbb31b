//! The folders that the connected server may be told of (MCP, roots), edited while it is connected.

use crate::inspector::Input;
use crate::settings::{root_lines, roots};
use crate::ui::prelude::*;
use crate::ui::session::session;

#[component]
pub fn Roots() -> impl IntoView {
    let session = session();
    let told = session.memo(|it| it.settings().map(|it| it.roots.clone()).unwrap_or_default());
    let is_told = session.memo(|it| it.connection().is_some_and(|it| it.revision().has_handshake()));
    let typed = RwSignal::new(root_lines(&told.get_untracked()));
    let read = Memo::new(move |_| roots(&typed.read()).map_err(|it| it.words));
    let changed = Memo::new(move |_| read.with(|it| it.as_ref().is_ok_and(|it| *it != told.get())));
    let save = move |_| {
        if let (true, Ok(roots)) = (changed.get_untracked(), read.get_untracked()) {
            session.draft.update(|it| it.roots = typed.get_untracked());
            session.dispatch(Input::Roots(roots));
        }
    };
    let hint = move || match is_told.get() {
        true => "Folders that the server may ask for, one a line.",
        false => "The server is not notified; it asks when it needs them.",
    };
    view! {
        <div class="settings">
            <details>
                <summary>"Roots "<small>{move || told.read().len()}</small></summary>
                <div class="field whole">
                    <label for="roots">"Roots"</label>
                    <textarea
                        id="roots" data-testid="roots" class="mono" rows="3" spellcheck="false" autocomplete="off"
                        placeholder="file:///home/me/project My project" aria-describedby="roots-note"
                        aria-invalid=move || read.read().is_err().then_some("true")
                        prop:value=typed on:input:target=move |event| typed.set(event.target().value())
                    ></textarea>
                    <p id="roots-note" class="hint">{hint}</p>
                    <div aria-live="polite">
                        {move || read.get().err().map(|it| view! { <p class="error">{it}</p> })}
                    </div>
                </div>
                <div class="row">
                    <button
                        type="button" data-testid="roots-save" aria-disabled=move || (!changed.get()).then_some("true")
                        on:click=save
                    >
                        "Update roots"
                    </button>
                </div>
            </details>
        </div>
    }
}
