//! A line that a page cannot see: the command that shows it, and a box for its output.

use crate::explain::audit::Item;
use crate::explain::audit::pasted::{Outputs, Reading, read};
use crate::ui::parts::copy::Copy;
use crate::ui::prelude::*;

#[component]
pub fn Unseen(item: Item, outputs: RwSignal<Outputs>) -> impl IntoView {
    let line = item.line;
    let (command, id) = (item.seen.clone(), format!("check-output-{}", line.id));
    let output = move || outputs.with(|it| it.get(line.id).cloned().unwrap_or_default());
    let words = move || match read(line, &output()) {
        Reading::Nothing => String::new(),
        Reading::NoResponse => "No HTTP response found. Paste all of the output.".to_owned(),
        Reading::Judged(found) => format!("{}, from pasted output", found.verdict.words()),
    };
    let write = move |text: String| outputs.update(|it| drop(it.insert(line.id, text)));
    view! {
        <pre class="wire" tabindex="0" aria-label="Command">{foreign(item.seen)}</pre>
        <div class="row"><Copy text=move |()| command.clone() label="Copy command"/></div>
        <div class="field">
            <label for=id.clone()>"Output of the command"</label>
            <textarea
                id=id data-testid="check-output" class="mono" rows="3" spellcheck="false" autocomplete="off"
                prop:value=output on:input:target=move |event| write(event.target().value())
            ></textarea>
            <p class="small muted" role="status" data-testid="check-judged">{words}</p>
        </div>
    }
}
