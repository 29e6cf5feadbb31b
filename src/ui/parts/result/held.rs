//! What a result holds, block by block.

use super::block::{BlockView, Shown};
use crate::base::format;
use crate::mcp::content::{Content, Group};
use crate::mcp::model::{Kind, Marks};
use crate::ui::parts::live::cache_words;
use crate::ui::prelude::*;
use std::sync::Arc;

/// The blocks of a result. The files of its blocks begin with `name`.
#[component]
pub fn Held(kind: Kind, result: Arc<str>, name: String) -> impl IntoView {
    let read = Content::read(kind, &result);
    let cache = matches!(kind, Kind::Resources | Kind::Templates).then(|| Marks::read(&result).cache).flatten();
    let nothing = read.structured.is_none() && read.groups.iter().all(|it| it.blocks.is_empty());
    let mut number = 0;
    let mut shown = move || {
        number += 1;
        Shown { result: Arc::clone(&result), name: format!("{name}-{number}") }
    };
    let mut group = |Group { role, blocks }: Group| {
        let blocks: Vec<_> = blocks.into_iter().map(|block| view! { <BlockView block shown=shown()/> }).collect();
        match kind {
            Kind::Prompts => view! { <Message role>{blocks}</Message> }.into_any(),
            _ => blocks.into_any(),
        }
    };
    let groups = read.groups.into_iter().map(&mut group).collect_view();
    let structured = read.structured.map(|block| view! { <BlockView block shown=shown()/> });
    let more = (read.left_out > 0).then(|| {
        view! { <p class="muted small">{format!("{} more are not shown here; the raw result has all of them.", format::counted(read.left_out, "block", "blocks"))}</p> }
    });
    view! {
        {cache.map(|it| view! { <p class="muted small">{cache_words(it)}</p> })}
        {groups}
        {more}
        {nothing.then(|| view! { <p class="muted small">"The result is empty."</p> })}
        {structured}
    }
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
