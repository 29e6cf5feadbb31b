//! One field: which control a value has, with its label, its hint and what is wrong with it.

use super::group::group;
use super::items::items;
use super::note::{Note, hint};
use super::sheet::{Look, Sheet};
use super::typed::Typed;
use super::variant::variant;
use crate::schema::draft::Place;
use crate::schema::value::Value;
use crate::schema::{Choice, Field, Spec, ValueKind};
use crate::ui::parts::controls::{ChoiceBoxes, ChoiceSelect, Names, is_checked};
use crate::ui::prelude::*;

/// A value that is to be drawn.
#[derive(Clone)]
pub struct FormRow {
    pub place: Place,
    pub spec: Spec,
    pub required: bool,
    pub sheet: Sheet,
    /// The name of the member; of an item, which one it is.
    pub name: String,
}

/// A field that is drawn: what the schema says of its value, and the ids of its elements.
#[derive(Clone)]
pub struct At {
    pub row: FormRow,
    pub field: Field,
    pub id: String,
    /// Whether the label stands elsewhere, so that the control has to say its name itself.
    pub bare: bool,
}

/// Draws the field of a value. What its control could not show is typed as JSON.
pub fn field(row: FormRow) -> AnyView {
    let FormRow { sheet, .. } = row;
    let mut field = Field::read(&row.spec, row.required);
    // People are asked with a box; what they leave alone is not sent either.
    if sheet.look == Look::Titles && field.kind.is_truth() {
        field.kind = ValueKind::Flag;
    }
    let value = row.sheet.draft.with_untracked(|it| it.at(&row.place).cloned());
    let is_null = field.can_be_null() && value.as_ref().is_some_and(Value::is_null);
    let shown = is_null || value.is_none_or(|it| field.kind.shows(&it));
    if !shown || !sheet.has_room(choices(&field.kind)) {
        field = field.as_json();
    }
    sheet.draw(&row.place.pointer, field.kind == ValueKind::Json);
    draw(At { row, field, id: sheet.id(), bare: false })
}

fn choices(kind: &ValueKind) -> usize {
    match kind {
        ValueKind::One(choices) | ValueKind::Many { choices, .. } => choices.len(),
        ValueKind::Variant(branches) => branches.len(),
        _ => 0,
    }
}

fn draw(at: At) -> AnyView {
    match at.field.kind.clone() {
        ValueKind::Group(members) => group(at, members),
        ValueKind::List(list) => items(at, list),
        ValueKind::Variant(branches) => variant(at, branches),
        ValueKind::Flag => view! { <Flag at/> }.into_any(),
        ValueKind::Many { choices, .. } => view! { <Many at choices/> }.into_any(),
        ValueKind::One(choices) => {
            let control = view! { <One at=at.clone() choices/> }.into_any();
            labelled(at, control)
        }
        ValueKind::Text(_) | ValueKind::Number(_) | ValueKind::Json => {
            let control = view! { <Typed at=at.clone()/> }.into_any();
            labelled(at, control)
        }
    }
}

/// The control alone, in a field that has a label already.
pub fn labelled(at: At, control: AnyView) -> AnyView {
    view! {
        <div class="field">
            <label for=at.id.clone()><Label at=at.clone()/></label>
            {control}
            <Null at=at.clone()/>
            <Note at=at.clone()/>
        </div>
    }
    .into_any()
}

impl At {
    pub fn note(&self) -> String {
        format!("{}-note", self.id)
    }

    pub fn path(&self) -> String {
        self.row.place.pointer.clone()
    }

    /// The test id of the control, by the names that lead to it.
    pub fn testid(&self) -> Option<String> {
        (self.row.sheet.look == Look::Names).then(|| format!("arg-{}", self.row.place.path()))
    }

    pub fn names(&self) -> Names {
        Names { id: self.id.clone(), testid: self.testid(), path: self.path(), note: self.note(), label: self.label() }
    }

    /// The name of a control that has no label.
    pub fn label(&self) -> Option<String> {
        self.bare.then(|| self.row.name.clone())
    }

    /// Whether something is wrong with the value.
    pub fn refused(&self) -> Signal<bool> {
        let (sheet, pointer, whole) = (self.row.sheet, self.path(), self.field.kind == ValueKind::Json);
        Signal::derive(move || sheet.is_unreadable(&pointer) || !sheet.problems(&pointer, whole).is_empty())
    }

    /// What stands in the control.
    pub fn text(&self) -> Memo<String> {
        let (sheet, place, kind) = (self.row.sheet, self.row.place.clone(), self.field.kind.clone());
        let can_be_null = self.field.can_be_null();
        Memo::new(move |_| match sheet.value(&place) {
            Some(it) if can_be_null && it.is_null() => String::new(),
            Some(it) => kind.text(&it),
            None => String::new(),
        })
    }

    /// Takes what is typed.
    pub fn writer(&self) -> Callback<String> {
        let (sheet, place, kind) = (self.row.sheet, self.row.place.clone(), self.field.kind.clone());
        let required = !place.is_optional();
        Callback::new(move |text: String| sheet.set(&place, kind.typed(&text, required)))
    }
}

/// What the field is called: by the name that is sent, or for people.
#[component]
pub fn Label(at: At) -> impl IntoView {
    let At { row, field, .. } = at;
    let title = field.title.filter(|it| *it != row.name);
    let name = match (row.sheet.look, row.place.is_item()) {
        (Look::Titles, false) => view! { <span>{foreign(title.unwrap_or(row.name))}</span> }.into_any(),
        (_, true) => {
            view! { <span>{foreign(row.name)}</span>{title.map(|it| view! { " "<span>{foreign(it)}</span> })} }
                .into_any()
        }
        (Look::Names, false) => view! {
            <span class="mono">{foreign(row.name)}</span>
            {title.map(|it| view! { " "<span>{foreign(it)}</span> })}
        }
        .into_any(),
    };
    let required = row.required && !row.place.is_item();
    view! { {name}{required.then(|| view! { " "<span class="muted">"required"</span> })} }
}

/// Sends null, where the schema allows that.
#[component]
pub fn Null(at: At) -> impl IntoView {
    let (sheet, place) = (at.row.sheet, StoredValue::new(at.row.place.clone()));
    let checked = move || place.with_value(|it| sheet.value(it)).is_some_and(|it| it.is_null());
    let change = move |null: bool| place.with_value(|it| sheet.set(it, null.then(Value::null)));
    at.field.can_be_null().then(|| {
        view! {
            <label class="check small">
                <input
                    type="checkbox" data-testid="null-value" data-path=at.path()
                    prop:checked=checked on:change=move |event| change(is_checked(&event))
                />
                <span>"Send "<code>"null"</code></span>
            </label>
        }
    })
}

#[component]
pub fn One(at: At, choices: Vec<Choice>) -> impl IntoView {
    let (names, chosen, refused, write) = (at.names(), at.text(), at.refused(), at.writer());
    view! { <ChoiceSelect names offers=choices chosen refused write/> }
}

#[component]
fn Flag(at: At) -> impl IntoView {
    let (sheet, place, refused) = (at.row.sheet, StoredValue::new(at.row.place.clone()), at.refused());
    let value = move || place.with_value(|it| sheet.value(it)).map(|it| it.json());
    let write = move |on: bool| place.with_value(|it| sheet.set(it, Some(Value::Raw(on.to_string()))));
    view! {
        <div class="field">
            <label class="check">
                <input
                    id=at.id.clone() type="checkbox" data-testid=at.testid() data-path=at.path() aria-describedby=at.note()
                    aria-invalid=move || refused.get().then_some("true")
                    prop:checked=move || value().as_deref() == Some("true") prop:indeterminate=move || value().is_none()
                    on:change=move |event| write(is_checked(&event))
                />
                <span><Label at=at.clone()/></span>
            </label>
            <Null at=at.clone()/>
            <Note at=at.clone()/>
        </div>
    }
}

#[component]
fn Many(at: At, choices: Vec<Choice>) -> impl IntoView {
    let (sheet, place, kind) = (at.row.sheet, at.row.place.clone(), at.field.kind.clone());
    let (read, refused) = (place.clone(), at.refused());
    let chosen = Memo::new(move |_| sheet.value(&read).map(|it| kind.chosen(&it)).unwrap_or_default());
    let write = Callback::new(move |list: Vec<String>| {
        let is_absent = list.is_empty() && place.is_optional();
        let items = list.iter().map(|it| Value::typed(it)).collect();
        sheet.set(&place, (!is_absent).then_some(Value::List(items)));
    });
    view! {
        <fieldset
            class="field" data-testid=at.testid() aria-describedby=at.note()
            aria-invalid=move || refused.get().then_some("true")
        >
            <legend class="label"><Label at=at.clone()/></legend>
            <div class="row boxes"><ChoiceBoxes path=at.path() offers=choices chosen write/></div>
            <Null at=at.clone()/>
            <Note at=at.clone()/>
        </fieldset>
    }
}

/// What the server says of a field, and what has to hold for it; nothing where neither does.
pub fn said(at: &At) -> Option<AnyView> {
    hint(&at.field).map(|it| view! { <p class="hint">{foreign(it)}</p> }.into_any())
}
