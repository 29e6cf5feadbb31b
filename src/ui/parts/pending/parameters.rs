//! The parameters of a paused request as fields: a name, a value, and what the parameter is for.

use super::Draft;
use crate::explain::walkthrough::fields;
use crate::inspector::Edited;
use crate::trace::step::Step;
use crate::ui::prelude::*;

/// Which of the two: those of the query, or those of a form in the body.
#[derive(Clone, Copy)]
pub struct Place {
    pub label: &'static str,
    /// The id of the button that adds one.
    pub add: &'static str,
    pub get: fn(&Edited) -> &String,
    pub set: fn(&mut Edited) -> &mut String,
}

pub const QUERY: Place =
    Place { label: "Parameters of the URL", add: "step-query-add", get: |it| &it.query, set: |it| &mut it.query };
pub const FORM: Place =
    Place { label: "Parameters of the body", add: "step-form-add", get: |it| &it.body, set: |it| &mut it.body };

/// A parameter as it is typed. The number tells the rows apart, whatever is typed into them.
#[derive(Clone, PartialEq)]
struct Typed {
    number: usize,
    name: String,
    value: String,
}

fn read(lines: &str) -> Vec<Typed> {
    let pairs = lines.lines().map(|it| it.split_once('=').unwrap_or((it, "")));
    let typed = |(number, (name, value)): (usize, (&str, &str))| Typed {
        number,
        name: name.to_owned(),
        value: value.to_owned(),
    };
    pairs.enumerate().map(typed).collect()
}

fn written(rows: &[Typed]) -> String {
    let named = rows.iter().filter(|it| !it.name.trim().is_empty());
    named.map(|it| format!("{}={}", it.name.trim(), it.value)).collect::<Vec<_>>().join("\n")
}

#[component]
pub fn Parameters(place: Place, step: Step, draft: Draft) -> impl IntoView {
    let rows = RwSignal::new(read((place.get)(&draft.now())));
    let write = move || draft.change(|it| *(place.set)(it) = rows.with_untracked(|it| written(it)));
    let add = move |_| {
        rows.update(|it| {
            let number = it.iter().map(|it| it.number + 1).max().unwrap_or_default();
            it.push(Typed { number, name: String::new(), value: String::new() });
        });
    };
    let numbers = Memo::new(move |_| rows.read().iter().map(|it| it.number).collect::<Vec<_>>());
    view! {
        <fieldset class="stack parameters">
            <legend>{place.label}</legend>
            <Keyed keys=numbers draw=move |number| view! { <Parameter number rows step write=Callback::new(move |()| write())/> }/>
            <div><button type="button" class="quiet" data-testid=place.add on:click=add>"Add a parameter"</button></div>
        </fieldset>
    }
}

#[component]
fn Parameter(number: usize, rows: RwSignal<Vec<Typed>>, step: Step, write: Callback<()>) -> impl IntoView {
    let row = Memo::new(move |_| rows.read().iter().find(|it| it.number == number).cloned());
    let first = row.get_untracked().unwrap_or_else(|| Typed { number, name: String::new(), value: String::new() });
    let edit = move |change: &dyn Fn(&mut Typed)| {
        rows.update(|it| it.iter_mut().filter(|it| it.number == number).for_each(change));
        write.run(());
    };
    let remove = move |_| {
        rows.update(|it| it.retain(|it| it.number != number));
        write.run(());
    };
    let name = move || row.get().map(|it| it.name).unwrap_or_default();
    let meaning = move || row.get().and_then(|it| fields::purpose(&it.name, Some(step), &it.value));
    view! {
        <div class="parameter" data-testid="step-parameter-item" data-name=name>
            <input
                class="mono" aria-label="Name" data-testid="step-parameter-name" spellcheck="false" prop:value=first.name
                on:input:target=move |event| { let text = event.target().value(); edit(&|it| it.name.clone_from(&text)) }
            />
            <input
                class="mono value" aria-label=move || format!("Value of {}", name()) data-testid="step-parameter-value" spellcheck="false"
                prop:value=first.value
                on:input:target=move |event| { let text = event.target().value(); edit(&|it| it.value.clone_from(&text)) }
            />
            <button type="button" class="quiet" aria-label=move || format!("Remove {}", name()) on:click=remove>"Remove"</button>
            <p class="hint">{meaning}</p>
        </div>
    }
}
