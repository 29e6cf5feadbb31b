//! Lists whose items are drawn once, and moved rather than drawn anew.

use crate::ui::prelude::*;
use crate::web::window;
use std::hash::Hash;

/// Leptos' list, by keys that differ from each other. It moves more of what stays than it has to, and what is moved
/// loses the focus: here it gets it back.
#[component]
pub fn Keyed<K, D, V>(#[prop(into)] keys: Signal<Vec<K>>, draw: D) -> impl IntoView
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    D: Fn(K) -> V + Clone + Send + 'static,
    V: IntoView + 'static,
{
    let each = move || {
        window::keep_focus();
        keys.get()
    };
    view! { <For each key=K::clone children=draw/> }
}
