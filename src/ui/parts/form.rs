//! A JSON Schema as a form: native controls, each a view of one value of the JSON that is sent. What is wrong stands at
//! its field as a warning; nothing here keeps anybody from sending.

pub mod checking;
mod group;
mod items;
mod note;
mod row;
pub mod sheet;
mod typed;
mod variant;

use crate::explain::words;
use crate::schema::Spec;
use crate::schema::draft::Place;
use crate::schema::verdict::Checked;
use crate::ui::parts::prose::prose;
use crate::ui::prelude::*;
pub use note::ProblemRow;
use row::{FormRow, field};
use sheet::Sheet;

/// The fields of an object, and what is wrong that has no field.
#[component]
pub fn SchemaForm(root: Spec, sheet: Sheet) -> impl IntoView {
    let others = Memo::new(move |_| sheet.others());
    let rows =
        move || others.get().into_iter().map(|problem| view! { <ProblemRow problem at=String::new()/> }).collect_view();
    view! {
        <div class="stack with-fields">
            {field(FormRow { place: Place::root(), spec: root, required: true, sheet, name: String::new() })}
            <div aria-live="polite">{rows}</div>
            <NotChecked checked=sheet.checked/>
        </div>
    }
}

/// That the schema could not be checked, or not all of it.
#[component]
pub fn NotChecked(#[prop(into)] checked: Signal<Option<Checked>>) -> impl IntoView {
    let said = Memo::new(move |_| match checked.get()? {
        Err(why) => Some(words::schema::unchecked(&why)),
        Ok(verdict) if verdict.skipped.is_empty() => None,
        Ok(verdict) => Some(words::schema::skipped(&verdict.skipped)),
    });
    move || said.get().map(|it| view! { <p class="hint" data-testid="schema-unchecked">{prose(it)}</p> })
}
