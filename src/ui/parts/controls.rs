//! Choices as native controls: one of a list in a select, several as boxes to check.

use crate::schema::Choice;
use crate::ui::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Event;

/// How the rest of the page and a test find a control, and what is said of it.
#[derive(Clone, Default)]
pub struct Names {
    pub id: String,
    pub testid: Option<String>,
    /// The id of what describes it.
    pub note: String,
}

/// One of a list, or nothing, which is the empty text.
#[component]
pub fn ChoiceSelect(
    names: Names,
    offers: Vec<Choice>,
    chosen: Memo<String>,
    refused: Signal<bool>,
    write: Callback<String>,
) -> impl IntoView {
    let option = |Choice { value, title }: Choice| {
        let own = value.clone();
        view! { <option value=value prop:selected=move || *chosen.read() == own>{title}</option> }
    };
    let nothing = Choice { value: String::new(), title: "–".to_owned() };
    let options = std::iter::once(nothing).chain(offers).map(option).collect_view();
    view! {
        <select
            id=names.id data-testid=names.testid aria-describedby=names.note
            aria-invalid=move || refused.get().then_some("true")
            on:change:target=move |event| write.run(event.target().value())
        >{options}</select>
    }
}

/// Several of a list, in the order in which they were checked.
#[component]
pub fn ChoiceBoxes(offers: Vec<Choice>, chosen: Memo<Vec<String>>, write: Callback<Vec<String>>) -> impl IntoView {
    let row = move |Choice { value, title }: Choice| {
        let own = value.clone();
        let toggle = move |event: Event| {
            let mut list = chosen.get_untracked();
            list.retain(|it| *it != value);
            if is_checked(&event) {
                list.push(value.clone());
            }
            write.run(list);
        };
        view! {
            <label class="check">
                <input type="checkbox" prop:checked=move || chosen.read().contains(&own) on:change=toggle/>
                <span>{title}</span>
            </label>
        }
    };
    offers.into_iter().map(row).collect_view()
}

/// Whether the box that an event is of is checked.
pub fn is_checked(event: &Event) -> bool {
    let input = event.target().and_then(|it| it.dyn_into::<web_sys::HtmlInputElement>().ok());
    input.is_some_and(|it| it.checked())
}
