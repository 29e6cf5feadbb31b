//! Arguments that are strings, one field each: of prompts and of URI templates.

use crate::mcp::model::Argument;
use crate::ui::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

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

    /// The object to send: what was typed, and what is required even where nothing was.
    pub fn json(self, list: &[Argument]) -> String {
        let typed = self.0.read_untracked();
        let value = |it: &Argument| typed.get(&it.name).or(it.required.then_some("")).map(str::to_owned);
        let pairs = list.iter().filter_map(|it| Some((it.name.clone(), Value::String(value(it)?))));
        Value::Object(pairs.collect()).to_string()
    }
}

#[component]
pub fn ArgumentFields(list: Vec<Argument>, values: Arguments) -> impl IntoView {
    // One name is one value, however often a server lists it.
    let mut once: Vec<Argument> = Vec::new();
    for argument in list {
        if !once.iter().any(|it| it.name == argument.name) {
            once.push(argument);
        }
    }
    let fields = once.into_iter().map(|it| view! { <ArgumentField argument=it values/> });
    view! { <div class="fields">{fields.collect_view()}</div> }
}

#[component]
fn ArgumentField(argument: Argument, values: Arguments) -> impl IntoView {
    let Argument { name, description, required } = argument;
    let id = format!("arg-{name}");
    let hint = format!("{id}-hint");
    let described = description.is_some().then(|| hint.clone());
    let value = Memo::new({
        let name = name.clone();
        move |_| values.with(|it| it.get(&name).unwrap_or_default().to_owned())
    });
    let key = name.clone();
    let typed = move |text: String| {
        values.0.update(|it| {
            it.0.insert(key.clone(), text);
        });
    };
    view! {
        <div class="field">
            <label for=id.clone()>{foreign(name)}{required.then(|| view! { " "<span class="muted">"required"</span> })}</label>
            <input
                id=id.clone() data-testid=id class="mono" type="text" autocomplete="off" spellcheck="false" autocapitalize="off"
                aria-describedby=described prop:value=value on:input:target=move |event| typed(event.target().value())
            />
            {description.map(|it| view! { <p class="hint" id=hint>{foreign(it)}</p> })}
        </div>
    }
}
