//! The rows of a list: a heading, an item, or what cannot be used, with the reason.

use super::Open;
use crate::base::text::prefix;
use crate::explain::catalog::CatalogRow;
use crate::mcp::model::{BadItem, Item, ItemKind};
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use std::sync::Arc;

/// As much of a description as may fit a row.
const WORDS: usize = 300;

#[component]
pub fn ListRow(open: Open, row: CatalogRow) -> impl IntoView {
    match row {
        CatalogRow::Heading(kind) => {
            let words = if kind == ItemKind::Templates { "Templates" } else { open.section.title() };
            view! { <h2 class="label group">{foreign(words)}</h2> }.into_any()
        }
        CatalogRow::Item(kind, item) => view! { <ItemRow open kind item/> }.into_any(),
        CatalogRow::Bad(kind, bad) => view! { <BadRow open kind bad/> }.into_any(),
    }
}

/// The attributes of a row's link: test id, name, URI and template.
fn named(kind: ItemKind, key: &str) -> (&'static str, [Option<String>; 3]) {
    let key = Some(key.to_owned());
    match kind {
        ItemKind::Tools => ("tool-item", [key, None, None]),
        ItemKind::Prompts => ("prompt-item", [key, None, None]),
        ItemKind::Resources => ("resource-item", [None, key, None]),
        ItemKind::Templates => ("template-item", [None, None, key]),
    }
}

#[component]
fn ItemRow(open: Open, kind: ItemKind, item: Arc<Item>) -> impl IntoView {
    let route = open.section.route(Some(item.key.clone()));
    let (id, [name, uri, template]) = named(kind, &item.key);
    let key = item.key.clone();
    let current = move || (open.key.read().as_ref() == Some(&key)).then_some("true");
    let destructive = kind == ItemKind::Tools && item.hint("destructiveHint") == Some(true);
    let is_uri = matches!(kind, ItemKind::Resources | ItemKind::Templates);
    let title = if is_uri { item.display_name() } else { item.key.as_str() }.to_owned();
    let words = match is_uri {
        true => item.mime_type.iter().fold(item.key.clone(), |uri, mime| format!("{uri} · {mime}")),
        false => described(&item),
    };
    view! {
        <a
            data-testid=id data-name=name data-uri=uri data-template=template
            href=href(&route) on:click=follow(route) aria-current=current
        >
            <span class="head">
                <b>{foreign(title)}</b>
                {destructive.then(|| view! { <span class="chip" data-tone="bad">"destructive"</span> })}
            </span>
            <small class:mono=is_uri>{foreign(words)}</small>
        </a>
    }
}

/// The first words of a description; else the title.
fn described(item: &Item) -> String {
    let title = Some(item.display_name()).filter(|it| *it != item.key);
    let words = item.description.as_deref().filter(|it| !it.trim().is_empty()).or(title).unwrap_or_default();
    prefix(words.trim(), WORDS).to_owned()
}

/// A row that cannot be used, with the reason.
#[component]
fn BadRow(open: Open, kind: ItemKind, bad: BadItem) -> impl IntoView {
    let key = CatalogRow::Bad(kind, bad.clone()).key();
    let shown = key.clone().unwrap_or_else(|| "unnamed".to_owned());
    let (id, [name, uri, template]) = named(kind, &shown);
    let route = open.section.route(key.clone());
    let current = move || (key.is_some() && *open.key.read() == key).then_some("true");
    view! {
        <a
            data-testid=id data-name=name data-uri=uri data-template=template data-excluded=""
            href=href(&route) on:click=follow(route) aria-current=current
        >
            <span class="head">
                <b>{foreign(shown)}</b>
                <span class="chip" data-tone="warn">"excluded"</span>
            </span>
            <small>"Not usable: "{foreign(bad.reason)}</small>
        </a>
    }
}
