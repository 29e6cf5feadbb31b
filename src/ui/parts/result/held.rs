//! What a result holds, block by block.

use super::block::{BlockView, Place, Shown};
use crate::base::format;
use crate::mcp::content::{Content, Group, prompt};
use crate::mcp::model::{ItemKind, Marks};
use crate::ui::parts::copy::Copy;
use crate::ui::parts::live::cache_words;
use crate::ui::prelude::*;
use std::sync::Arc;

/// The blocks of a result. The files of its blocks begin with `name`.
#[component]
pub fn Held(kind: ItemKind, result: Arc<str>, name: String) -> impl IntoView {
    let read = Content::read(kind, &result);
    let is_resource = matches!(kind, ItemKind::Resources | ItemKind::Templates);
    let cache = is_resource.then(|| Marks::read(&result).cache).flatten();
    let nothing = read.structured.is_none() && read.groups.iter().all(|it| it.blocks.is_empty());
    let (mut number, whole) = (0, Arc::clone(&result));
    let mut shown = move || {
        number += 1;
        let place = if is_resource && number == 1 { Place::Resource } else { Place::Result };
        Shown { result: Arc::clone(&result), place, name: format!("{name}-{number}") }
    };
    let mut group = |Group { role, blocks }: Group| {
        let first = blocks.first().map(|it| it.shape.name());
        let blocks: Vec<_> = blocks.into_iter().map(|block| view! { <BlockView block shown=shown()/> }).collect();
        match kind {
            ItemKind::Prompts => view! { <Message role>{blocks}</Message> }.into_any(),
            ItemKind::Tools => blocks.into_any(),
            ItemKind::Resources | ItemKind::Templates => {
                first.map(|it| resource_view(it, blocks.into_any())).into_any()
            }
        }
    };
    let groups = read.groups.into_iter().map(&mut group).collect_view();
    let structured = read.structured.map(|block| view! { <BlockView block shown=shown()/> });
    let more = (read.left_out > 0).then(|| {
        view! { <p class="muted small">{format!("{} more are not shown here; the raw result has all of them.", format::counted(read.left_out, "block", "blocks"))}</p> }
    });
    let taking = (kind == ItemKind::Prompts).then(|| view! { <Messages result=whole/> });
    view! {
        {taking}
        {cache.map(|it| view! { <p class="muted small">{cache_words(it)}</p> })}
        {groups}
        {more}
        {nothing.then(|| view! { <p class="muted small">"The result is empty."</p> })}
        {structured}
    }
}

/// The buttons that take the messages of a prompt along.
#[component]
fn Messages(result: Arc<str>) -> impl IntoView {
    let result = StoredValue::new(result);
    let as_text = move |()| result.with_value(|it| prompt::as_text(it));
    let as_json = move |()| result.with_value(|it| prompt::as_json(it)).unwrap_or_default().to_string();
    view! {
        <div class="row">
            <span class="label grow">"Messages"</span>
            <Copy text=as_text label="Copy text" attr:data-testid="prompt-copy-text"/>
            <Copy text=as_json label="Copy JSON" attr:data-testid="prompt-copy-json"/>
        </div>
    }
}

/// The contents of a resource, by the kind of the first.
fn resource_view(kind: &'static str, contents: AnyView) -> AnyView {
    view! { <div class="stack" data-testid="resource-view" data-kind=kind>{contents}</div> }.into_any()
}

/// One message of a prompt.
#[component]
fn Message(role: Option<String>, children: Children) -> impl IntoView {
    let words = role.clone().map(foreign);
    view! {
        <div class="stack message" data-testid="prompt-message" data-role=role>
            <span class="label">{words}</span>
            {children()}
        </div>
    }
}
