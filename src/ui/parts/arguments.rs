//! Arguments that are strings, one field each: of prompts and of URI templates, with what the server suggests for them.

mod suggested;

use super::styled::styled;
use crate::mcp::connection::Target;
use crate::mcp::model::Argument;
use crate::ui::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use suggested::{Suggested, Suggestions};

/// What was typed, by name. An empty field has no value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values(BTreeMap<String, String>);

impl Values {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|it| !it.is_empty())
    }
}

/// The fields' values.
#[derive(Clone, Copy, Default)]
pub struct Arguments(RwSignal<Values>);

impl Arguments {
    pub fn with<T>(self, read: impl FnOnce(&Values) -> T) -> T {
        self.0.with(read)
    }

    fn set(self, name: &str, value: String) {
        self.0.update(|it| {
            it.0.insert(name.to_owned(), value);
        });
    }

    /// The value of one, and the others that have one.
    fn around(self, name: &str) -> (String, Vec<(String, String)>) {
        let all = self.0.read_untracked();
        let others = all.0.iter().filter(|(it, value)| *it != name && !value.is_empty());
        let others = others.map(|(name, value)| (name.clone(), value.clone())).collect();
        (all.get(name).unwrap_or_default().to_owned(), others)
    }

    /// The object to send: what was typed, and what is required even where nothing was.
    pub fn json(self, list: &[Argument]) -> String {
        let typed = self.0.read_untracked();
        let value = |it: &Argument| typed.get(&it.name).or(it.required.then_some("")).map(str::to_owned);
        let pairs = list.iter().filter_map(|it| Some((it.name.clone(), Value::String(value(it)?))));
        Value::Object(pairs.collect()).to_string()
    }
}

/// The fields of what is asked for by these arguments.
#[component]
pub fn ArgumentFields(list: Vec<Argument>, values: Arguments, of: Target) -> impl IntoView {
    styled(include_str!("../../../style/suggestions.css"));
    // One name is one value, however often a server lists it.
    let mut once: Vec<Argument> = Vec::new();
    for argument in list {
        if !once.iter().any(|it| it.name == argument.name) {
            once.push(argument);
        }
    }
    let fields = once.into_iter().map(|it| view! { <ArgumentField argument=it values of=of.clone()/> });
    view! { <div class="fields">{fields.collect_view()}</div> }
}

#[component]
fn ArgumentField(argument: Argument, values: Arguments, of: Target) -> impl IntoView {
    let Argument { name, description, required } = argument;
    let id = format!("arg-{name}");
    let hint = format!("{id}-hint");
    let described = description.is_some().then(|| hint.clone());
    let value = Memo::new({
        let name = name.clone();
        move |_| values.with(|it| it.get(&name).unwrap_or_default().to_owned())
    });
    let suggested = Suggested::new(of, name.clone(), values);
    let key = name.clone();
    let typed = move |text: String| {
        values.set(&key, text);
        suggested.typed();
    };
    let combobox = move |value: &'static str| suggested.offered.get().then_some(value);
    let expanded = move || suggested.offered.get().then(|| suggested.is_open().to_string());
    view! {
        <div class="field">
            <label for=id.clone()>{foreign(name)}{required.then(|| view! { " "<span class="muted">"required"</span> })}</label>
            <input
                id=id.clone() data-testid=id class="mono" type="text" autocomplete="off" spellcheck="false" autocapitalize="off"
                aria-describedby=described prop:value=value on:input:target=move |event| typed(event.target().value())
                role=move || combobox("combobox") aria-autocomplete=move || combobox("list") aria-expanded=expanded
                aria-controls=move || suggested.is_open().then(|| suggested.list_id())
                aria-activedescendant=move || suggested.active_id()
                on:focus=move |_| suggested.focus() on:blur=move |_| suggested.blur()
                on:keydown=move |event| suggested.press(&event)
            />
            <Suggestions suggested/>
            {description.map(|it| view! { <p class="hint" id=hint>{foreign(it)}</p> })}
        </div>
    }
}
