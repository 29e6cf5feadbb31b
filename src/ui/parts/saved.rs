//! Saved traces: opening one, and the notice that what is looked at is one.

use crate::base::format;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::file;
use web_sys::{DragEvent, File};

/// A field for a file, which can also be dropped on it.
#[component]
pub fn FileField(
    #[prop(into)] chosen: Callback<File>,
    label: &'static str,
    testid: &'static str,
    #[prop(default = "button file")] class: &'static str,
) -> impl IntoView {
    let drop = move |event: DragEvent| {
        event.prevent_default();
        if let Some(file) = file::dropped(&event) {
            chosen.run(file);
        }
    };
    view! {
        <label class=class on:dragover=|event: DragEvent| event.prevent_default() on:drop=drop>
            {label}
            <input
                type="file" accept=".json,application/json" data-testid=testid
                on:change:target=move |event| {
                    if let Some(file) = file::chosen(&event.target()) {
                        chosen.run(file);
                    }
                }
            />
        </label>
    }
}

#[component]
pub fn OpenTrace(#[prop(default = "Open a trace…")] label: &'static str) -> impl IntoView {
    let session = session();
    let open = move |file: File| session.open_file(file);
    view! { <FileField chosen=open label testid="open-trace"/> }
}

/// Above the pages that show a trace: that it is a saved one. And why one was not opened, on every page.
#[component]
pub fn Replaying() -> impl IntoView {
    let session = session();
    let on_page = move || matches!(session.route(), Route::Walkthrough(_) | Route::Wire(_));
    let told =
        Memo::new(move |_| session.replay(|it| it.filter(|_| on_page()).map(|it| (it.name.clone(), it.left_out))));
    let refused = move || session.not_opened.get();
    view! {
        {move || refused().map(|why| view! { <Refused why/> })}
        {move || told.get().map(|(name, left_out)| view! { <Saved name left_out/> })}
    }
}

#[component]
fn Saved(name: String, left_out: usize) -> impl IntoView {
    let session = session();
    let connected = session.memo(|it| it.is_connected());
    let words = move || match connected.get() {
        true => "Saved trace, not connected. ",
        false => "Saved trace, not connected. ",
    };
    let rest = (left_out > 0)
        .then(|| format!(" {} could not be read and were omitted.", format::counted(left_out, "entry", "entries")));
    view! {
        <section class="waiting saved" role="status" data-testid="saved-trace">
            <p><strong>{words}</strong>"Opened from "<span class="mono">{foreign(name)}</span>"."{rest}</p>
            <button type="button" data-testid="close-trace" on:click=move |_| session.close_replay()>"Close trace"</button>
        </section>
    }
}

#[component]
fn Refused(why: String) -> impl IntoView {
    let session = session();
    view! {
        <section class="waiting" role="alert" data-testid="open-trace-problem">
            <p>{foreign(why)}"."</p>
            <button type="button" on:click=move |_| session.not_opened.set(None)>"Close"</button>
        </section>
    }
}
