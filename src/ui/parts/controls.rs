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
    /// The JSON Pointer of the value.
    pub path: String,
    /// The id of what describes it.
    pub note: String,
    /// Its name, where it has no label.
    pub label: Option<String>,
}

/// The values that options have in the document: of a text the text itself, unless another value is written so.
fn keys(offers: &[Choice]) -> Vec<String> {
    let text = |it: &Choice| serde_json::from_str::<String>(&it.value).ok().filter(|it| !it.is_empty());
    let alone = |text: &String| offers.iter().all(|it| it.value != *text);
    offers.iter().map(|it| text(it).filter(alone).unwrap_or_else(|| it.value.clone())).collect()
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
    let keys = keys(&offers);
    let option = |(Choice { value, title }, key): (Choice, String)| {
        view! { <option value=key prop:selected=move || *chosen.read() == value>{title}</option> }
    };
    let values: Vec<(String, String)> = keys.iter().cloned().zip(offers.iter().map(|it| it.value.clone())).collect();
    let pick = move |key: String| {
        let value = values.iter().find(|(it, _)| *it == key).map(|(_, value)| value.clone());
        write.run(value.unwrap_or_default());
    };
    let nothing = Choice { value: String::new(), title: "–".to_owned() };
    let options =
        std::iter::once((nothing, String::new())).chain(offers.into_iter().zip(keys)).map(option).collect_view();
    view! {
        <select
            id=names.id data-testid=names.testid data-path=names.path aria-describedby=names.note aria-label=names.label
            aria-invalid=move || refused.get().then_some("true")
            on:change:target=move |event| pick(event.target().value())
        >{options}</select>
    }
}

/// Several of a list, in the order in which they were checked.
#[component]
pub fn ChoiceBoxes(
    path: String,
    offers: Vec<Choice>,
    chosen: Memo<Vec<String>>,
    write: Callback<Vec<String>>,
) -> impl IntoView {
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
        let checked = move || chosen.read().contains(&own);
        view! {
            <label class="check">
                <input type="checkbox" data-path=path.clone() prop:checked=checked on:change=toggle/>
                <span>{foreign(title)}</span>
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
