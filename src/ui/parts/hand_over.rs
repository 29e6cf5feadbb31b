//! What this page may not read, a person may: the command to run, and a box for what it printed.

use super::copy::Copy;
use crate::curl;
use crate::inspector::{HandOver, Input};
use crate::text::Text;
use crate::ui::prelude::*;
use crate::ui::session::session;

/// The hand-over of the request that the browser blocked; nothing where there is none.
#[component]
pub fn HandOverPart() -> impl IntoView {
    let session = session();
    let handed = session.memo(|it| it.hand_over().filter(|_| !it.problems().is_empty()).cloned());
    move || handed.get().map(|handed| view! { <Handed handed/> })
}

#[component]
fn Handed(handed: HandOver) -> impl IntoView {
    let session = session();
    let command = StoredValue::new(curl::command(&handed.request));
    let shown = move || command.with_value(|it| it.write(session.reveal()));
    view! {
        <section class="hand-over stack" data-testid="hand-over" aria-labelledby="hand-over-title">
            <h3 id="hand-over-title">"Go on by hand"</h3>
            <p>
                "The browser keeps the answer from this page, and not from you. Run this in a terminal and paste what it prints: the flow goes on, and the trace says that it was pasted."
            </p>
            <pre class="wire" tabindex="0" aria-label="Command" data-testid="hand-over-command">{shown}</pre>
            <div class="row">
                <Copy text=move |()| command.with_value(Text::expose)/>
                <span class="small muted">"with its secrets"</span>
            </div>
            <Answer/>
        </section>
    }
}

#[component]
fn Answer() -> impl IntoView {
    let session = session();
    let (text, write) = signal(String::new());
    let (refusal, refuse) = signal(None::<&'static str>);
    let paste = move |_| match text.with_untracked(|it| is_object(it)) {
        true => session.dispatch(Input::Paste(text.get_untracked())),
        false => refuse.set(Some("The answer is a JSON object: paste all of it, from { to }.")),
    };
    view! {
        <div class="field">
            <label for="hand-over-answer">"What it printed"</label>
            <textarea
                id="hand-over-answer" data-testid="hand-over-answer" class="mono" rows="4" spellcheck="false"
                prop:value=text on:input:target=move |event| write.set(event.target().value())
            ></textarea>
            {move || refusal.get().map(|it| view! { <p class="error" role="alert">{it}</p> })}
        </div>
        <div class="row">
            <button type="button" class="main" data-testid="hand-over-go-on" on:click=paste>"Go on with this answer"</button>
        </div>
    }
}

fn is_object(text: &str) -> bool {
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok()
}
