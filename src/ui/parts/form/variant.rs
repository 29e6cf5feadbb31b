//! A value that one of several schemas is for: which one, and its field.

use super::note::Note;
use super::row::{At, FormRow, Label, Null, One};
use super::typed::Typed;
use super::{group, items};
use crate::schema::value::Value;
use crate::schema::{Branch, Field, ValueKind};
use crate::ui::prelude::*;
use std::sync::Arc;

pub fn variant(at: At, branches: Vec<Branch>) -> AnyView {
    view! { <Variant at branches=Arc::new(branches)/> }.into_any()
}

#[component]
fn Variant(at: At, branches: Arc<Vec<Branch>>) -> impl IntoView {
    let FormRow { place, sheet, .. } = at.row.clone();
    // What was found at first stays: while something is typed, the field must not become another one.
    let picked = RwSignal::new(sheet.draft.with_untracked(|it| it.branch(&place, &branches)));
    let (all, own) = (Arc::clone(&branches), place.clone());
    let pick = move |number: String| {
        let number = number.parse().ok();
        sheet.edit(|it| it.pick(&own, &all, number));
        picked.set(number);
    };
    let titles = branches.iter().enumerate().map(|(number, branch)| {
        let chosen = move || picked.get() == Some(number);
        view! { <option value=number.to_string() prop:selected=chosen>{branch.title.clone()}</option> }
    });
    let titles: Vec<_> = titles.collect();
    let body = {
        let at = at.clone();
        move || anew(body(&at, picked.get().and_then(|it| branches.get(it))))
    };
    let is_root = place.depth() == 0;
    let class = if is_root { "bare" } else { "nested" };
    view! {
        <fieldset class=class aria-describedby=at.note()>
            <legend>{if is_root { "Arguments".into_any() } else { view! { <Label at=at.clone()/> }.into_any() }}</legend>
            <select
                data-testid="variant" data-path=at.path() aria-label=format!("Kind {}", at.row.name).trim_end().to_owned() aria-describedby=at.note()
                on:change:target=move |event| pick(event.target().value())
            >
                <option value="" prop:selected=move || picked.get().is_none()>"–"</option>
                {titles}
            </select>
            <Null at=at.clone()/>
            <Note at=at.clone()/>
            <div class="stack">{body}</div>
        </fieldset>
    }
}

/// The field of the chosen schema, without a label of its own; JSON for a value that none is for.
fn body(at: &At, branch: Option<&Branch>) -> AnyView {
    let FormRow { place, sheet, .. } = at.row.clone();
    let value = sheet.draft.with_untracked(|it| it.at(&place).cloned());
    let Some(branch) = branch else {
        let foreign = value.is_some_and(|it| !it.is_null());
        let at = At { field: at.field.as_json(), bare: true, ..at.clone() };
        return foreign.then(|| view! { <Typed at/> }).into_any();
    };
    let mut field = Field::read(&branch.spec, true);
    if value.is_some_and(|it: Value| !field.kind.shows(&it) && !it.is_null()) {
        field = field.as_json();
    }
    let row = FormRow { spec: branch.spec.clone(), ..at.row.clone() };
    let inner = At { row, field, id: sheet.id(), bare: true };
    match inner.field.kind.clone() {
        ValueKind::Group(members) => group::members(&inner.row, &members),
        ValueKind::List(list) => items::bare(inner, list),
        ValueKind::Variant(branches) => variant(inner, branches),
        ValueKind::One(choices) => view! { <One at=inner choices/> }.into_any(),
        ValueKind::Flag => flags(inner),
        ValueKind::Many { .. } => {
            let field = inner.field.as_json();
            view! { <Typed at=At { field, ..inner }/> }.into_any()
        }
        ValueKind::Text(_) | ValueKind::Number(_) | ValueKind::Json => view! { <Typed at=inner/> }.into_any(),
    }
}

/// True or false as two choices: a box to check would need a label of its own.
fn flags(at: At) -> AnyView {
    let choices: Vec<_> =
        ["true", "false"].map(|it| crate::schema::Choice { value: it.to_owned(), title: it.to_owned() }).to_vec();
    let field = Field { kind: ValueKind::One(choices.clone()), ..at.field.clone() };
    view! { <One at=At { field, ..at } choices/> }.into_any()
}
