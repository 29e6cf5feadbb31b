//! The form of an elicitation: one native field for each property, with its default.

use super::{Accepting, focus_refused};
use crate::question::Question;
use crate::question::form::{self, Field, FieldKind};
use crate::schema::format::Format;
use crate::schema::{Choice, Entry};
use crate::ui::parts::controls::{ChoiceBoxes, ChoiceSelect, Names, is_checked};
use crate::ui::prelude::*;

/// What stands in the fields, and what is wrong with it.
#[derive(Clone, Copy)]
struct Sheet {
    entries: RwSignal<Vec<Entry>>,
    refusals: RwSignal<Vec<(String, String)>>,
}

impl Sheet {
    fn write(self, at: usize, name: &str, entry: Entry) {
        self.entries.update(|all| {
            if let Some(it) = all.get_mut(at) {
                *it = entry;
            }
        });
        self.refusals.update(|all| all.retain(|(it, _)| it != name));
    }

    fn refusal(self, name: &str) -> Option<String> {
        self.refusals.with(|all| all.iter().find(|(it, _)| it == name).map(|(_, words)| words.clone()))
    }
}

#[component]
pub fn FormBody(question: Question, accepting: Accepting) -> impl IntoView {
    let fields = form::fields(&question.params).unwrap_or_default();
    let sheet = Sheet {
        entries: RwSignal::new(fields.iter().map(Field::starting).collect()),
        refusals: RwSignal::new(Vec::new()),
    };
    let all = StoredValue::new(fields.clone());
    accepting.set_value(Some(Callback::new(move |()| {
        let content = all.with_value(|fields| sheet.entries.with_untracked(|entries| form::content(fields, entries)));
        content
            .map_err(|refusals| {
                sheet.refusals.set(refusals);
                focus_refused();
            })
            .ok()
    })));
    let rows: Vec<_> =
        fields.into_iter().enumerate().map(|(at, field)| view! { <FormField at field sheet/> }).collect();
    view! {
        <pre class="text">{question.message()}</pre>
        {rows.is_empty().then(|| view! { <p class="muted small">"No fields: accepting is the answer."</p> })}
        {rows}
    }
}

#[component]
fn FormField(at: usize, field: Field, sheet: Sheet) -> impl IntoView {
    // By its place: a name is the server's, and could be that of another element.
    let id = format!("request-field-{at}");
    let note = format!("{id}-note");
    let name = field.name.clone();
    let refusal = memo(move || sheet.refusal(&name));
    let (label, required, hint) = (field.label.clone(), field.required, hint(&field));
    let control = match field.kind.clone() {
        FieldKind::Flag => return view! { <Flag at field sheet id/> }.into_any(),
        FieldKind::Many { choices, .. } => return view! { <Many at field sheet choices refusal/> }.into_any(),
        FieldKind::One(choices) => view! { <One at field sheet id=id.clone() choices refusal/> }.into_any(),
        _ => view! { <Text at field sheet id=id.clone() refusal/> }.into_any(),
    };
    view! {
        <div class="field">
            <label for=id>{label}{required.then(|| view! { " "<span class="muted">"required"</span> })}</label>
            {control}
            <div id=note aria-live="polite">{move || match refusal.get() {
                Some(words) => view! { <p class="error">{words}</p> }.into_any(),
                None => hint.clone().map(|it| view! { <p class="hint">{it}</p> }).into_any(),
            }}</div>
        </div>
    }
    .into_any()
}

/// What the server says of a field, and what has to hold for it.
fn hint(field: &Field) -> Option<String> {
    let sentence = |it: String| if it.ends_with(['.', '!', '?', ':']) { it } else { format!("{it}.") };
    let limits = match &field.kind {
        FieldKind::Text { shortest: Some(a), longest: Some(b), .. } => format!("{a} to {b} characters."),
        FieldKind::Text { shortest: Some(a), .. } => format!("At least {a} characters."),
        FieldKind::Text { longest: Some(b), .. } => format!("At most {b} characters."),
        FieldKind::Text { pattern: Some(pattern), .. } => format!("Pattern {pattern}"),
        FieldKind::Number { least: Some(a), most: Some(b), .. } => format!("From {a} to {b}."),
        FieldKind::Number { least: Some(a), .. } => format!("At least {a}."),
        FieldKind::Number { most: Some(b), .. } => format!("At most {b}."),
        FieldKind::Many { fewest: Some(a), most: Some(b), .. } => format!("{a} to {b} of them."),
        FieldKind::Many { fewest: Some(a), .. } => format!("At least {a} of them."),
        FieldKind::Many { most: Some(b), .. } => format!("At most {b} of them."),
        FieldKind::Json => "As JSON: the server asks for more than a form may.".to_owned(),
        _ => String::new(),
    };
    let format = match &field.kind {
        FieldKind::Text { format: Format::Email, .. } => "An e-mail address.",
        FieldKind::Text { format: Format::Uri, .. } => "A URI, like https://example.com.",
        FieldKind::Text { format: Format::DateTime, .. } => "A date with time, like 2026-07-28T12:00:00Z.",
        _ => "",
    };
    let words = [field.description.clone().unwrap_or_default(), format.to_owned(), limits];
    let words: Vec<_> = words.into_iter().filter(|it| !it.is_empty()).map(sentence).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[component]
fn Text(at: usize, field: Field, sheet: Sheet, id: String, refusal: Memo<Option<String>>) -> impl IntoView {
    let kind = match field.kind {
        FieldKind::Text { format: Format::Email, .. } => "email",
        FieldKind::Text { format: Format::Uri, .. } => "url",
        FieldKind::Text { format: Format::Date, .. } => "date",
        _ => "text",
    };
    let mode = matches!(field.kind, FieldKind::Number { .. }).then_some("decimal");
    let value = move || {
        sheet.entries.with(|all| match all.get(at) {
            Some(Entry::Text(text)) => text.clone(),
            _ => String::new(),
        })
    };
    let note = format!("{id}-note");
    view! {
        <input
            id=id type=kind inputmode=mode autocomplete="off" spellcheck="false" aria-describedby=note
            aria-invalid=move || refusal.read().is_some().then_some("true")
            prop:value=value on:input:target=move |event| sheet.write(at, &field.name, Entry::Text(event.target().value()))
        />
    }
}

#[component]
fn One(
    at: usize,
    field: Field,
    sheet: Sheet,
    id: String,
    choices: Vec<Choice>,
    refusal: Memo<Option<String>>,
) -> impl IntoView {
    let chosen = memo(move || {
        sheet.entries.with(|all| match all.get(at) {
            Some(Entry::Text(text)) => text.clone(),
            _ => String::new(),
        })
    });
    let names = Names { note: format!("{id}-note"), testid: None, id };
    let refused = Signal::derive(move || refusal.read().is_some());
    let write = Callback::new(move |value| sheet.write(at, &field.name, Entry::Text(value)));
    view! { <ChoiceSelect names offers=choices chosen refused write/> }
}

#[component]
fn Flag(at: usize, field: Field, sheet: Sheet, id: String) -> impl IntoView {
    let checked = move || sheet.entries.with(|all| all.get(at) == Some(&Entry::Flag(true)));
    view! {
        <div class="field">
            <label class="check">
                <input id=id type="checkbox" prop:checked=checked
                    on:change=move |event| sheet.write(at, &field.name, Entry::Flag(is_checked(&event)))/>
                <span>{field.label}</span>
            </label>
            {field.description.map(|it| view! { <p class="hint">{it}</p> })}
        </div>
    }
}

#[component]
fn Many(at: usize, field: Field, sheet: Sheet, choices: Vec<Choice>, refusal: Memo<Option<String>>) -> impl IntoView {
    let chosen = memo(move || {
        sheet.entries.with(|all| match all.get(at) {
            Some(Entry::Many(list)) => list.clone(),
            _ => Vec::new(),
        })
    });
    let (name, words) = (field.name.clone(), hint(&field));
    let write = Callback::new(move |list| sheet.write(at, &name, Entry::Many(list)));
    view! {
        <fieldset class="field" aria-invalid=move || refusal.read().is_some().then_some("true")>
            <legend class="label">{field.label}{field.required.then(|| view! { " "<span class="muted">"required"</span> })}</legend>
            <ChoiceBoxes offers=choices chosen write/>
            {move || match refusal.get() {
                Some(it) => view! { <p class="error">{it}</p> }.into_any(),
                None => words.clone().map(|it| view! { <p class="hint">{it}</p> }).into_any(),
            }}
        </fieldset>
    }
}
