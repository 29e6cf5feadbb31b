//! Sampling: the server wants a model's answer, and a person writes it (MCP, sampling, "human in the loop").

use super::Accepting;
use crate::question::{Question, Sampling};
use crate::ui::prelude::*;

#[component]
pub fn SamplingBody(question: Question, accepting: Accepting) -> impl IntoView {
    let asked = Sampling::read(&question.params);
    let written = RwSignal::new(String::new());
    accepting.set_value(Some(Callback::new(move |()| Some(written.get_untracked()))));
    let messages = asked.messages.iter().map(|it| {
        view! { <div class="stack message"><span class="label">{it.role.clone()}</span><pre class="text">{it.text()}</pre></div> }
    });
    let limit = asked.max_tokens.map(|it| format!("At most {it} tokens are wanted."));
    view! {
        {asked.system_prompt.map(|it| view! {
            <div class="stack message"><span class="label">"System prompt"</span><pre class="text">{it}</pre></div>
        })}
        {messages.collect_view()}
        <details class="raw">
            <summary>"Request as it came"</summary>
            <pre class="wire" tabindex="0" aria-label="Request as it came">{question.params.to_string()}</pre>
        </details>
        <div class="field">
            <label for="request-answer">"Your answer, in the place of a model"</label>
            <textarea id="request-answer" rows="4" aria-describedby="request-answer-note"
                prop:value=written on:input:target=move |event| written.set(event.target().value())></textarea>
            <p class="hint" id="request-answer-note">{limit}" It goes to the server as you write it."</p>
        </div>
    }
}
