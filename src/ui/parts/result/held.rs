//! What a result holds, block by block. All of it is the server's: text nodes, checked addresses, checked types.

use crate::address::Address;
use crate::content::{Block, Content, Excerpt, Link, Media};
use crate::format;
use crate::mcp::model::{Kind, Marks};
use crate::outline::node::Span;
use crate::ui::parts::json::{JsonTree, Lines};
use crate::ui::parts::live::cache_words;
use crate::ui::prelude::*;
use std::sync::Arc;

/// A longer text scrolls in a place of its own.
const LONG: usize = 2 << 10;

/// The blocks of a result.
#[component]
pub fn Held(kind: Kind, result: Arc<str>) -> impl IntoView {
    let read = Content::read(kind, &result);
    let cache = matches!(kind, Kind::Resources | Kind::Templates).then(|| Marks::read(&result).cache).flatten();
    let several = kind == Kind::Prompts;
    let nothing = read.structured.is_none() && read.groups.iter().all(|it| it.blocks.is_empty());
    let groups = read.groups.into_iter().map(|group| {
        let blocks = group.blocks.into_iter().map(|it| block(it, &result)).collect_view();
        match several {
            true => {
                view! { <div class="stack message"><span class="label">{group.role}</span>{blocks}</div> }.into_any()
            }
            false => blocks.into_any(),
        }
    });
    let more = (read.left_out > 0).then(|| {
        view! { <p class="muted small">{format!("{} more are not drawn here; all of them stand below.", format::counted(read.left_out, "block", "blocks"))}</p> }
    });
    view! {
        {cache.map(|it| view! { <p class="muted small">{cache_words(it)}</p> })}
        {groups.collect_view()}
        {more}
        {nothing.then(|| view! { <p class="muted small">"The answer is empty."</p> })}
        {read.structured.map(|span| view! { <Structured span result=Arc::clone(&result)/> })}
        <Tree result=Arc::clone(&result)/>
    }
}

#[component]
fn Structured(span: Span, result: Arc<str>) -> impl IntoView {
    view! {
        <h3>"Structured content"</h3>
        <JsonTree text=Arc::from(span.of(&result)) label="Structured content"/>
    }
}

/// The whole result as a tree, made when it is opened.
#[component]
fn Tree(result: Arc<str>) -> impl IntoView {
    let (open, set_open) = signal(false);
    view! {
        <details class="raw" on:toggle=move |_| set_open.set(true)>
            <summary>"Whole result as a tree"</summary>
            {move || open.get().then(|| view! { <JsonTree text=Arc::clone(&result) label="Whole result"/> })}
        </details>
    }
}

fn block(block: Block, result: &Arc<str>) -> AnyView {
    match block {
        Block::Text(excerpt) => view! { <LongText excerpt result=Arc::clone(result)/> }.into_any(),
        Block::Image(media) => match media.url {
            Some(url) => view! { <img src=url alt=format!("Image from the server, {}", media.mime)/> }.into_any(),
            None => unseen("image", &media).into_any(),
        },
        Block::Audio(media) => match media.url {
            Some(url) => view! { <audio controls src=url></audio> }.into_any(),
            None => unseen("sound", &media).into_any(),
        },
        Block::Binary(mime, size) => {
            let mime = Some(mime).filter(|it| !it.is_empty()).unwrap_or_else(|| "unknown type".to_owned());
            view! { <p class="muted small">{format!("{} of {mime}, as base64 below.", format::bytes(size))}</p> }
                .into_any()
        }
        Block::Resource { uri, mime, body } => resource(uri, mime, body, result),
        Block::Link(link) => view! { <ResourceLink link/> }.into_any(),
        Block::Unknown(excerpt) => view! {
            <p class="muted small">"A block that this client does not know, as it came:"</p>
            <LongText excerpt result=Arc::clone(result)/>
        }
        .into_any(),
    }
}

fn unseen(what: &str, media: &Media) -> impl IntoView + use<> {
    let words = format!(
        "An {what} of type {} and {} that is not drawn: it stands below.",
        media.mime,
        format::bytes(media.size)
    );
    let words = if what.starts_with('s') { words.replacen("An ", "A ", 1) } else { words };
    view! { <p class="muted small">{words}</p> }
}

fn resource(uri: String, mime: Option<String>, body: Option<Box<Block>>, result: &Arc<str>) -> AnyView {
    let body = body.map(|it| block(*it, result));
    view! {
        <p class="row">
            <code class="small">{uri}</code>
            {mime.map(|it| view! { <span class="chip">{it}</span> })}
        </p>
        {body}
    }
    .into_any()
}

/// An address that can be opened is a link; any other is text.
#[component]
fn ResourceLink(link: Link) -> impl IntoView {
    let safe = Address::given(&link.uri).ok().map(|it| it.href());
    let uri = match safe {
        Some(href) => view! { <a class="mono" href=href target="_blank" rel="noreferrer">{link.uri}</a> }.into_any(),
        None => view! { <code>{link.uri}</code> }.into_any(),
    };
    view! {
        <p class="row">
            {link.name.map(|it| view! { <span>{it}</span> })}
            {uri}
            {link.mime.map(|it| view! { <span class="chip">{it}</span> })}
        </p>
        {link.description.map(|it| view! { <p class="muted small">{it}</p> })}
    }
}

/// A text; of a very long one the beginning, and all of it in lines on demand.
#[component]
fn LongText(excerpt: Excerpt, result: Arc<str>) -> impl IntoView {
    let (whole, show) = signal(false);
    let (length, cut) = (excerpt.length(), !excerpt.is_whole());
    let head = StoredValue::new(excerpt.head.clone());
    let text = move || match whole.get() {
        true => view! { <Lines text=excerpt.all(&result) label="Text"/> }.into_any(),
        false if length > LONG => {
            view! { <pre class="wire" tabindex="0" aria-label="Text">{head.get_value()}{cut.then_some("…")}</pre> }
                .into_any()
        }
        false => view! { <pre class="text">{head.get_value()}</pre> }.into_any(),
    };
    let label = format!("Show all {}", format::bytes(length));
    view! {
        {text}
        <Show when=move || cut && !whole.get()>
            <div class="row"><button type="button" on:click=move |_| show.set(true)>{label.clone()}</button></div>
        </Show>
    }
}
