//! The failed request outside of the browser: a command to copy, and a box for its output.

use crate::explain::card::Repeat;
use crate::explain::pasted;
use crate::ui::parts::copy::Copy;
use crate::ui::parts::prose::prose;
use crate::ui::prelude::*;

#[component]
pub fn Repeated(repeat: Repeat) -> impl IntoView {
    let Repeat { command, asked } = repeat;
    let (output, write) = signal(String::new());
    let wrong = Memo::new(move |_| output.with(|it| (!it.trim().is_empty()).then(|| said(&asked, it))));
    let copied = command.clone();
    view! {
        <details class="repeat" data-testid="problem-curl">
            <summary>"Check with curl"</summary>
            <pre class="wire" tabindex="0" aria-label="Command">{foreign(command)}</pre>
            <div class="row"><Copy text=move |()| copied.clone() label="Copy command"/></div>
            <div class="field">
                <label for="problem-output">"Paste the output of curl -i"</label>
                <div role="status" data-testid="problem-judged">
                    {move || wrong.get().map(|all| view! { <ul>{all.into_iter().map(|it| view! { <li>{prose(it)}</li> }).collect_view()}</ul> })}
                </div>
                <textarea
                    id="problem-output" data-testid="problem-output" class="mono" rows="3" spellcheck="false"
                    prop:value=output on:input:target=move |event| write.set(event.target().value())
                ></textarea>
            </div>
        </details>
    }
}

/// What is still wrong, or that nothing is.
fn said(asked: &pasted::Asked, output: &str) -> Vec<String> {
    let wrong: Vec<String> = pasted::judge(asked, output).iter().map(pasted::Wrong::words).collect();
    match wrong.as_slice() {
        [] => vec!["The CORS headers are correct. Try again in Flowglass.".to_owned()],
        _ => wrong,
    }
}
