//! Lists whose items are drawn once, and moved rather than drawn anew.

use crate::ui::prelude::*;
use crate::web::window;
use std::hash::{Hash, Hasher};

/// Leptos' list, by keys that differ from each other. It moves more of what stays than it has to, and what is moved
/// loses the focus: here it gets it back.
#[component]
pub fn Keyed<K, D, V>(#[prop(into)] keys: Signal<Vec<K>>, draw: D) -> impl IntoView
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    D: Fn(K) -> V + Clone + Send + 'static,
    V: IntoView + 'static,
{
    let row = move |key: K| {
        let (told, draw) = (Told::of(&key), draw.clone());
        Row { key: told, draw: Box::new(move || draw(key).into_any()) }
    };
    list(Box::new(move || keys.get().into_iter().map(&row).collect()))
}

/// What tells an item from the others, and how it is drawn.
struct Row {
    key: Vec<u8>,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

/// Every list is of this type: for each type of key and of view, Leptos' own takes 10 KB of code.
fn list(rows: Box<dyn Fn() -> Vec<Row> + Send>) -> AnyView {
    let each = move || {
        window::keep_focus();
        rows()
    };
    view! { <For each key=|row: &Row| row.key.clone() children=|row: Row| (row.draw)()/> }.into_any()
}

/// All bytes that a value is hashed by: those of two values that differ differ, too, as hashes need not.
#[derive(Default)]
struct Told(Vec<u8>);

impl Told {
    fn of(key: &impl Hash) -> Vec<u8> {
        let mut told = Self::default();
        key.hash(&mut told);
        told.0
    }
}

impl Hasher for Told {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}
