//! What a server says of an item: names, description, hints. All of it is text, and none of it is trusted.

use crate::base::format;
use crate::base::text::prefix;
use crate::mcp::model::Item;
use crate::ui::prelude::*;
use std::sync::Arc;

/// The longest description that is drawn.
const LONGEST: usize = 32 << 10;

/// As much of a note about a resource is drawn, in bytes.
const NOTE: usize = 300;

/// The hints of a tool, and whether one warns.
const HINTS: [(&str, &str, &str); 4] = [
    ("readOnlyHint", "read-only (hint)", ""),
    ("destructiveHint", "destructive (hint)", "bad"),
    ("idempotentHint", "idempotent (hint)", ""),
    ("openWorldHint", "open world (hint)", ""),
];

/// The name by which it is asked for, the title where there is another, and chips.
#[component]
pub fn ItemHead(id: &'static str, item: Arc<Item>, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let title = Some(item.display_name()).filter(|it| *it != item.key).map(str::to_owned);
    view! {
        <header class="detail-head">
            <h2 id=id class="mono"><Icon item=Arc::clone(&item)/>{foreign(item.key.clone())}</h2>
            {title.map(|it| view! { <p class="muted small">{foreign(it)}</p> })}
            {children.map(|it| it())}
        </header>
    }
}

/// The icon of an item, where the message itself holds one.
#[component]
pub fn Icon(item: Arc<Item>) -> impl IntoView {
    item.icon().map(|it| view! { <img class="icon" src=it alt="" width="24" height="24"/>" " })
}

/// What the server says of a resource besides its names.
#[component]
pub fn ResourceFacts(item: Arc<Item>) -> impl IntoView {
    let size = item.size().map(|it| usize::try_from(it).map_or_else(|_| it.to_string(), format::bytes));
    let noted = |name: &str| item.annotation(name);
    let facts = [
        ("Type", item.mime_type.clone()),
        ("Size", size),
        ("Last modified", noted("lastModified")),
        ("Audience", noted("audience")),
        ("Priority", noted("priority")),
    ];
    let rows = facts.into_iter().filter_map(|(name, value)| {
        value.map(|it| view! { <dt>{name}</dt><dd>{foreign(prefix(&it, NOTE).to_owned())}</dd> })
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| view! { <dl class="facts small" data-testid="resource-facts">{rows}</dl> })
}

#[component]
pub fn HintChips(item: Arc<Item>) -> impl IntoView {
    let given = HINTS.into_iter().filter(|(name, ..)| item.hint(name) == Some(true));
    let chips: Vec<_> = given.map(|(_, words, tone)| view! { <li class="chip" data-tone=tone>{words}</li> }).collect();
    (!chips.is_empty()).then(|| view! { <ul class="chips">{chips}</ul> })
}

/// A description with its line breaks.
#[component]
pub fn Description(text: Option<String>) -> impl IntoView {
    let text = text.filter(|it| !it.trim().is_empty());
    text.map(|it| view! { <pre class="text">{foreign(prefix(it.trim(), LONGEST).to_owned())}</pre> })
}
