//! The capabilities that client and server declared, a row each.

use super::shown;
use crate::ui::prelude::*;
use serde_json::{Map, Value};

/// What stands in the row of a capability without members.
const PRESENT: &str = "present";

/// A capability by its name, and its members that are not `false`.
#[derive(Clone, PartialEq)]
pub struct Capability {
    name: String,
    inner: String,
}

/// Each capability with what it holds: `tools`, `listChanged`.
pub fn listed(capabilities: &Map<String, Value>) -> Vec<Capability> {
    let inner = |value: &Value| {
        let members = value.as_object().into_iter().flatten().filter(|(_, on)| **on != Value::Bool(false));
        members.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    };
    capabilities.iter().map(|(name, value)| Capability { name: shown(name), inner: shown(&inner(value)) }).collect()
}

/// The capabilities of one side; `of` names it.
#[component]
pub fn Capabilities(id: &'static str, party: &'static str, of: &'static str, all: Vec<Capability>) -> impl IntoView {
    let none = all.is_empty().then(|| view! { <p class="muted">"None declared."</p> });
    let row = |it: Capability| {
        let inner = if it.inner.is_empty() { PRESENT.to_owned() } else { it.inner };
        let name = it.name.clone();
        view! { <li data-name=name><code>{foreign(it.name)}</code><span>{foreign(inner)}</span></li> }
    };
    view! {
        <section data-party=party>
            <h2>"Capabilities of "<em>{of}</em></h2>
            <ul data-testid=id>{all.into_iter().map(row).collect_view()}</ul>
            {none}
        </section>
    }
}
