//! The fix as it is written with a framework, to copy.

use crate::explain::fixes::Snippet;
use crate::ui::parts::copy::Copy;
use crate::ui::prelude::*;
use crate::web::storage::Place;

/// The framework that was chosen last in this tab.
const FRAMEWORK: &str = "flowglass.framework";

#[component]
pub fn Snippets(
    /// The recognised framework first.
    all: Vec<Snippet>,
) -> impl IntoView {
    let kept = Place::Tab.get(FRAMEWORK);
    let first = all.iter().position(|it| Some(it.framework.name()) == kept.as_deref()).unwrap_or(0);
    let (chosen, choose) = signal(first);
    let option = |(index, it): (usize, &Snippet)| {
        view! { <option value=index selected=index == first>{it.framework.name()}</option> }
    };
    let options = all.iter().enumerate().map(option).collect_view();
    let names: Vec<&str> = all.iter().map(|it| it.framework.name()).collect();
    let take = move |index: usize| {
        choose.set(index);
        if let Some(name) = names.get(index) {
            Place::Tab.set(FRAMEWORK, name);
        }
    };
    let text = Memo::new(move |_| all.get(chosen.get()).map(|it| it.text.clone()).unwrap_or_default());
    view! {
        <figure>
            <figcaption class="row">
                <select
                    aria-label="Framework" data-testid="problem-framework"
                    on:change:target=move |event| take(event.target().value().parse().unwrap_or_default())
                >
                    {options}
                </select>
                <span class="grow"></span>
                <Copy text=move |()| text.get_untracked()/>
            </figcaption>
            <pre class="wire" tabindex="0" aria-label="Snippet">{move || foreign(text.get())}</pre>
        </figure>
    }
}
