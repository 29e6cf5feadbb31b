//! A labelled field of the connection form, bound to one string of the draft.

use crate::settings::{Draft, Field, Refusal};
use crate::ui::prelude::*;
use crate::ui::session::session;

/// One string of the draft, to read and to write.
#[derive(Clone, Copy)]
pub struct Lens {
    pub get: fn(&Draft) -> &String,
    pub set: fn(&mut Draft) -> &mut String,
}

/// Makes a [`Lens`] for a field of the draft.
#[macro_export]
macro_rules! lens {
    ($field:ident) => {
        $crate::ui::parts::field::Lens { get: |it| &it.$field, set: |it| &mut it.$field }
    };
}

/// How a field looks and what it is called; the id is the test id too.
#[derive(Clone, Copy)]
pub struct Look {
    pub id: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    /// The type of the input; `area` for several lines.
    pub kind: &'static str,
    pub placeholder: &'static str,
}

/// What is wrong with the draft, once connecting was tried.
#[derive(Clone, Copy)]
pub struct Refusals(pub Memo<Vec<Refusal>>);

impl Refusals {
    /// The sentence for a field.
    pub fn of(self, field: Option<Field>) -> Option<String> {
        let field = field?;
        self.0.with(|all| all.iter().find(|it| it.field == field).map(|it| it.words.clone()))
    }

    pub fn any(self, fields: &[Field]) -> bool {
        self.0.with(|all| all.iter().any(|it| fields.contains(&it.field)))
    }
}

/// A text field with its label, hint and refusal.
#[component]
pub fn TextField(
    look: Look,
    lens: Lens,
    #[prop(optional)] field: Option<Field>,
    #[prop(default = "field")] class: &'static str,
) -> impl IntoView {
    let draft = session().draft;
    let refusals: Refusals = expect_context();
    let refusal = Memo::new(move |_| refusals.of(field));
    let value = move || draft.with(|it| (lens.get)(it).clone());
    let write = move |text: String| draft.update(|it| it.edit(|it| (lens.set)(it).clone_from(&text)));
    let described = format!("{}-hint", look.id);
    let invalid = move || refusal.read().is_some().then_some("true");
    let input = match look.kind {
        "area" => view! {
            <textarea id=look.id data-testid=look.id rows="2" spellcheck="false" placeholder=look.placeholder
                aria-invalid=invalid aria-describedby=described.clone()
                prop:value=value on:input:target=move |event| write(event.target().value())></textarea>
        }
        .into_any(),
        kind => view! {
            <input id=look.id data-testid=look.id class="mono" type=kind autocomplete="off" spellcheck="false"
                autocapitalize="off" placeholder=look.placeholder
                aria-invalid=invalid aria-describedby=described.clone()
                prop:value=value on:input:target=move |event| write(event.target().value())/>
        }
        .into_any(),
    };
    view! {
        <div class=class>
            <label for=look.id>{look.label}</label>
            {input}
            <FieldNote id=described hint=look.hint refusal/>
        </div>
    }
}

/// What stands below a field: why it is refused, else its hint.
#[component]
pub fn FieldNote(id: String, hint: &'static str, refusal: Memo<Option<String>>) -> impl IntoView {
    view! {
        <div id=id aria-live="polite">
            {move || match refusal.get() {
                Some(words) => view! { <p class="error">{words}</p> }.into_any(),
                None if hint.is_empty() => ().into_any(),
                None => view! { <p class="hint">{hint}</p> }.into_any(),
            }}
        </div>
    }
}

/// A choice among named values.
#[component]
pub fn Choice(
    look: Look,
    lens: Lens,
    options: Vec<(&'static str, &'static str)>,
    #[prop(optional)] field: Option<Field>,
) -> impl IntoView {
    let draft = session().draft;
    let refusals: Refusals = expect_context();
    let refusal = Memo::new(move |_| refusals.of(field));
    let note = format!("{}-hint", look.id);
    let chosen = move |value: &'static str| draft.with(|it| (lens.get)(it) == value);
    let write = move |text: String| draft.update(|it| (lens.set)(it).clone_from(&text));
    let options = options
        .into_iter()
        .map(|(value, words)| view! { <option value=value prop:selected=move || chosen(value)>{words}</option> });
    view! {
        <div class="field">
            <label for=look.id>{look.label}</label>
            <select
                id=look.id data-testid=look.id aria-describedby=note.clone()
                aria-invalid=move || refusal.read().is_some().then_some("true")
                on:change:target=move |event| write(event.target().value())
            >
                {options.collect_view()}
            </select>
            <FieldNote id=note hint=look.hint refusal/>
        </div>
    }
}
