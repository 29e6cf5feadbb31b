//! What an app says to a conversation. There is none here, so it is shown beside the app, and goes nowhere.

use crate::mcp::content::prompt;
use crate::ui::parts::copy::Copy;
use crate::ui::prelude::*;
use std::sync::Arc;

/// The messages in their order, each a result of `prompts/get` as raw JSON.
#[component]
pub fn AppMessages(messages: RwSignal<Vec<Arc<str>>>) -> impl IntoView {
    let there = Memo::new(move |_| !messages.read().is_empty());
    let numbered = move || messages.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <Show when=move || there.get()>
            <section class="stack" data-testid="app-messages" aria-label="Messages from the app">
                <h4>"Messages from the app"</h4>
                <p class="small muted">"For a conversation. Flowglass shows them only and sends them nowhere."</p>
                <ol class="app-messages" role="log">
                    <For each=numbered key=|(at, _)| *at let:((_, message))><MessageRow message/></For>
                </ol>
            </section>
        </Show>
    }
}

#[component]
fn MessageRow(message: Arc<str>) -> impl IntoView {
    let text = prompt::as_text(&message);
    let words = text.strip_prefix("user:\n").unwrap_or(&text).to_owned();
    let copied = words.clone();
    view! {
        <li data-testid="app-message-item" data-role="user">
            <div class="row">
                <span class="chip">"from the app"</span>
                <span class="grow"></span>
                <Copy text=move |()| copied.clone()/>
            </div>
            <pre class="text">{foreign(words)}</pre>
        </li>
    }
}
