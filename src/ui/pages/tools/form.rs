//! The arguments of a tool as fields, one for each property of its schema.

use super::drafts::Sheet;
use crate::schema::format::Format;
use crate::schema::{Choice, Entry, Field, Form, Kind};
use crate::ui::parts::controls::{ChoiceBoxes, ChoiceSelect, Names, is_checked};
use crate::ui::prelude::*;

#[component]
pub fn ArgumentsForm(sheet: Sheet) -> impl IntoView {
    let form = sheet.form.get_value().unwrap_or_default();
    if form.fields.is_empty() {
        return view! { <p class="muted">"This tool takes no arguments."</p> }.into_any();
    }
    let more = (form.left_out > 0).then(|| {
        view! { <p class="hint">"The schema has "{form.left_out}" more properties. They can be sent as JSON."</p> }
    });
    view! { <Members within=None form=&form sheet/> {more} }.into_any()
}

#[component]
fn Members<'a>(within: Option<usize>, form: &'a Form, sheet: Sheet) -> impl IntoView {
    let rows = form.members(within).map(|(at, field)| match field.kind {
        Kind::Group => group(at, field, form, sheet),
        _ => view! { <ArgumentField place=Place { at, sheet } field=field.clone()/> }.into_any(),
    });
    let rows: Vec<_> = rows.collect();
    view! { <div class="stack">{rows}</div> }
}

/// An object: its members, drawn as one.
fn group(at: usize, field: &Field, form: &Form, sheet: Sheet) -> AnyView {
    let place = Place { at, sheet };
    view! {
        <fieldset class="nested" data-testid=testid(field) aria-describedby=place.note()>
            <legend><Label field=field.clone()/></legend>
            <Note place field=field.clone()/>
            <Members within=Some(at) form sheet/>
        </fieldset>
    }
    .into_any()
}

fn testid(field: &Field) -> String {
    format!("arg-{}", field.path)
}

/// Where a field stands.
#[derive(Clone, Copy)]
struct Place {
    at: usize,
    sheet: Sheet,
}

impl Place {
    /// An id without anything of the server's in it: names may have spaces.
    fn id(self) -> String {
        format!("argument-{}", self.at)
    }

    fn note(self) -> String {
        format!("argument-{}-note", self.at)
    }

    fn names(self, field: &Field) -> Names {
        Names { id: self.id(), testid: Some(testid(field)), note: self.note() }
    }

    fn refused(self) -> Signal<bool> {
        Signal::derive(move || self.sheet.refusal(self.at).is_some())
    }

    /// The text that stands in it.
    fn text(self) -> Memo<String> {
        memo(move || match self.sheet.entry(self.at) {
            Some(Entry::Text(text)) => text,
            _ => String::new(),
        })
    }

    fn write(self, entry: Entry) {
        self.sheet.write(self.at, entry);
    }
}

#[component]
fn ArgumentField(place: Place, field: Field) -> impl IntoView {
    let control = match field.kind.clone() {
        Kind::Flag { .. } => return view! { <Flag place field/> }.into_any(),
        Kind::Many { choices, .. } => return view! { <Many place field choices/> }.into_any(),
        Kind::One(choices) => {
            let write = Callback::new(move |value| place.write(Entry::Text(value)));
            let (names, chosen, refused) = (place.names(&field), place.text(), place.refused());
            view! { <ChoiceSelect names offers=choices chosen refused write/> }.into_any()
        }
        _ => view! { <Typed place field=field.clone()/> }.into_any(),
    };
    view! {
        <div class="field">
            <label for=place.id()><Label field=field.clone()/></label>
            {control}
            <Note place field/>
        </div>
    }
    .into_any()
}

/// The name that is sent, and what the server calls it for people.
#[component]
fn Label(field: Field) -> impl IntoView {
    view! {
        <span class="mono">{field.name}</span>
        {field.title.map(|it| view! { " "<span>{it}</span> })}
        {field.required.then(|| view! { " "<span class="muted">"required"</span> })}
    }
}

/// What is wrong with a field or might be, then what the server says of it and what has to hold.
#[component]
fn Note(place: Place, field: Field) -> impl IntoView {
    let words = hint(&field).map(|it| view! { <p class="hint">{it}</p> });
    let doubt = memo(move || match place.sheet.refusal(place.at) {
        Some(words) => Some((true, words)),
        None => Some((false, place.sheet.entry(place.at).and_then(|it| field.warning(&it))?)),
    });
    view! {
        <div id=place.note()>
            <div aria-live="polite">{move || doubt.get().map(|(refused, words)| match refused {
                true => view! { <p class="error">{words}</p> },
                false => view! { <p class="warning">{words}</p> },
            })}</div>
            {words}
        </div>
    }
}

fn hint(field: &Field) -> Option<String> {
    let said =
        field.description.clone().map(|it| if it.ends_with(['.', '!', '?', ':']) { it } else { format!("{it}.") });
    let words: Vec<_> = said.into_iter().chain([field.limits()]).filter(|it| !it.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// What is typed: one line, or as many as it takes.
#[component]
fn Typed(place: Place, field: Field) -> impl IntoView {
    let Names { id, testid, note } = place.names(&field);
    let (value, refused) = (place.text(), place.refused());
    let invalid = move || refused.get().then_some("true");
    let write = move |text: String| place.write(Entry::Text(text));
    let mode = match &field.kind {
        Kind::Number { .. } => Some("decimal"),
        Kind::Text(it) if it.format == Format::Email => Some("email"),
        Kind::Text(it) if it.format == Format::Uri => Some("url"),
        Kind::Text(it) if it.format != Format::Any => Some("text"),
        _ => None,
    };
    match mode {
        Some(mode) => view! {
            <input
                id=id data-testid=testid class="mono" type="text" inputmode=mode autocomplete="off" spellcheck="false"
                autocapitalize="off" aria-describedby=note aria-invalid=invalid
                prop:value=value on:input:target=move |event| write(event.target().value())
            />
        },
        None => view! {
            <textarea
                id=id data-testid=testid class="line" rows="1" autocomplete="off" spellcheck="false"
                autocapitalize="off" aria-describedby=note aria-invalid=invalid
                prop:value=value on:input:target=move |event| write(event.target().value())
            ></textarea>
        },
    }
}

#[component]
fn Flag(place: Place, field: Field) -> impl IntoView {
    let checked = move || place.sheet.entry(place.at) == Some(Entry::Flag(true));
    view! {
        <div class="field">
            <label class="check">
                <input
                    id=place.id() type="checkbox" data-testid=testid(&field) aria-describedby=place.note()
                    prop:checked=checked on:change=move |event| place.write(Entry::Flag(is_checked(&event)))
                />
                <span><Label field=field.clone()/></span>
            </label>
            <Note place field/>
        </div>
    }
}

#[component]
fn Many(place: Place, field: Field, choices: Vec<Choice>) -> impl IntoView {
    let chosen = memo(move || match place.sheet.entry(place.at) {
        Some(Entry::Many(list)) => list,
        _ => Vec::new(),
    });
    let write = Callback::new(move |list| place.write(Entry::Many(list)));
    view! {
        <fieldset class="field" data-testid=testid(&field) aria-describedby=place.note()>
            <legend><Label field=field.clone()/></legend>
            <div class="row boxes"><ChoiceBoxes offers=choices chosen write/></div>
            <Note place field/>
        </fieldset>
    }
}
