//! One block of a result: what it is, how it is viewed, and what is taken of it.

use super::{framed, media, source};
use crate::base::format;
use crate::mcp::content::markdown;
use crate::mcp::content::shape::Shape;
use crate::mcp::content::{Annotation, Block, Body, Named, table};
use crate::ui::later;
use crate::ui::parts::copy::Copy;
use crate::ui::parts::json::JsonTree;
use crate::ui::prelude::*;
use crate::web::window;
use std::sync::Arc;

/// A shorter text says no size.
const SMALL: usize = 1 << 10;

/// Where a block stands, which decides how its controls are called and how a text is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Among the blocks of a result.
    Result,
    /// The first content of a resource that was read: it is the view of the resource.
    Resource,
}

/// The result that a block is of.
#[derive(Clone)]
pub struct Shown {
    pub result: Arc<str>,
    pub place: Place,
    /// How the file of the block is called, without its ending.
    pub name: String,
}

const fn title(shape: Shape) -> &'static str {
    match shape {
        Shape::Text => "Text",
        Shape::Json => "JSON",
        Shape::Markdown => "Markdown",
        Shape::Csv => "CSV",
        Shape::Image => "Image",
        Shape::Svg => "SVG",
        Shape::Audio => "Audio",
        Shape::Html => "HTML",
        Shape::Pdf => "PDF",
        Shape::Resource => "Resource",
        Shape::ResourceLink => "Resource link",
        Shape::Structured => "Structured content",
        Shape::Unknown => "Unknown content",
    }
}

#[component]
pub fn BlockView(block: Block, shown: Shown) -> impl IntoView {
    let (shape, drawn) = (block.shape, block.drawn());
    let as_source = RwSignal::new(false);
    let choice = (has_views(drawn) && !is_too_long(&block)).then_some(shown.place);
    let select = (choice == Some(Place::Result)).then(|| view! { <ViewChoice as_source/> });
    let fold = (choice == Some(Place::Resource)).then(|| {
        let (block, shown) = (block.clone(), shown.clone());
        view! { <SourceFold block shown as_source/> }
    });
    let body = {
        let (block, shown) = (block.clone(), shown.clone());
        move || match as_source.get() {
            true if shown.place == Place::Resource => ().into_any(),
            true => in_source(&block, &shown),
            false => rendered(&block, &shown),
        }
    };
    let body = match block.repeats {
        true => view! { <Repeated body/> }.into_any(),
        false => (move || anew(body())).into_any(),
    };
    view! {
        <section class="block" data-testid="result-block" data-kind=shape.name() aria-label=title(drawn)>
            <div class="row">
                <h4>{title(drawn)}</h4>
                {facts(&block).map(|it| view! { <small class="muted">{foreign(it)}</small> })}
                <span class="grow"></span>
                {select}
                <Taking block=block.clone() shown/>
            </div>
            {block.resource.map(named)}
            {noted(block.annotations)}
            {fold}
            {body}
        </section>
    }
}

/// The buttons that take the block along.
#[component]
fn Taking(block: Block, shown: Shown) -> impl IntoView {
    let download = match shown.place {
        Place::Result => "block-download",
        Place::Resource => "resource-download",
    };
    let block = StoredValue::new((block, shown));
    let copied = move |()| block.with_value(|(block, shown)| block.copied(&shown.result));
    let save = move |_| {
        block.with_value(|(block, shown)| {
            window::download_bytes(&format!("{}.{}", shown.name, block.ending()), &block.file(&shown.result));
        });
    };
    view! {
        <Copy text=copied attr:data-testid="block-copy"/>
        <button class="quiet" type="button" data-testid=download on:click=save>"Download"</button>
    }
}

#[component]
fn ViewChoice(as_source: RwSignal<bool>) -> impl IntoView {
    view! {
        <select
            data-testid="block-view" aria-label="View"
            on:change:target=move |event| as_source.set(event.target().value() == "source")
        >
            <option value="rendered">"rendered"</option>
            <option value="source">"source"</option>
        </select>
    }
}

/// The source of a resource in the place of what is drawn of it, while it is open.
#[component]
fn SourceFold(block: Block, shown: Shown, as_source: RwSignal<bool>) -> impl IntoView {
    let toggle = move |event: web_sys::Event| as_source.set(is_open(&event));
    let source = move || as_source.get().then(|| in_source(&block, &shown));
    view! {
        <details data-testid="resource-source" on:toggle=toggle>
            <summary>"Source"</summary>
            {source}
        </details>
    }
}

fn is_open(event: &web_sys::Event) -> bool {
    let details: web_sys::Element = event_target(event);
    details.has_attribute("open")
}

/// JSON that the structured content says as well: drawn when it is opened.
#[component]
fn Repeated(body: impl Fn() -> AnyView + Clone + Send + 'static) -> impl IntoView {
    let (open, set_open) = signal(false);
    let body = move || open.get().then(|| anew(body()));
    view! {
        <details on:toggle=move |_| set_open.set(true)>
            <summary>"Same as the structured content"</summary>
            {body}
        </details>
    }
}

/// The type or the size of what it holds.
fn facts(block: &Block) -> Option<String> {
    match &block.body {
        Body::Media(it) => Some(media::facts(it)),
        Body::Text(text) if text.length() >= SMALL => Some(format::bytes(text.length())),
        _ => None,
    }
}

fn named(Named { uri, mime }: Named) -> impl IntoView {
    view! {
        <p class="row">
            <code class="small">{foreign(uri)}</code>
            {mime.map(|it| view! { <span class="chip">{foreign(it)}</span> })}
        </p>
    }
}

/// What the server notes about the block, under the names of the specification.
fn noted(all: Vec<Annotation>) -> Option<impl IntoView> {
    let chip = |Annotation { name, value }| view! { <li class="chip" data-name=name>{foreign(format!("{name}: {value}"))}</li> };
    (!all.is_empty()).then(
        || view! { <ul class="chips" data-testid="block-annotations">{all.into_iter().map(chip).collect_view()}</ul> },
    )
}

const fn has_views(shape: Shape) -> bool {
    matches!(shape, Shape::Json | Shape::Structured | Shape::Markdown | Shape::Csv | Shape::Svg | Shape::Html)
}

/// A text that is only drawn as its source.
fn is_too_long(block: &Block) -> bool {
    let Body::Text(text) = &block.body else { return false };
    match block.drawn() {
        Shape::Markdown => text.length() > markdown::LONGEST,
        Shape::Csv => text.length() > table::LONGEST,
        Shape::Svg | Shape::Html => text.length() > media::LONGEST,
        _ => false,
    }
}

fn rendered(block: &Block, shown: &Shown) -> AnyView {
    let text = || block.source(&shown.result);
    match (block.drawn(), &block.body) {
        _ if is_too_long(block) => view! {
            <p class="muted small">"Too long to render, so this is the source."</p>
            {in_source(block, shown)}
        }
        .into_any(),
        (Shape::Json, _) => view! { <JsonTree text=text() label="JSON"/> }.into_any(),
        (Shape::Structured, _) => view! { <JsonTree text=text() label="Structured content"/> }.into_any(),
        (Shape::Markdown, _) => arriving(later::markdown(text())),
        (Shape::Csv, _) => arriving(later::table(text())),
        (Shape::Svg, _) => media::drawing(block.clone(), shown.clone()),
        (Shape::Html, _) => framed::page(text(), before_drawn(block, shown)),
        (Shape::Pdf, _) => framed::pdf(block, shown),
        (Shape::Resource, Body::Media(media)) => source::data(media.bytes(&shown.result)),
        (shape, Body::Media(media)) => media::media(shape, media),
        (_, Body::Link(link)) => media::link(link.clone()),
        (_, Body::Nothing) => view! { <p class="muted small">"No text and no data."</p> }.into_any(),
        (_, Body::Text(_)) => in_source(block, shown),
    }
}

/// What stands for a page that is not drawn yet: of an embedded one the source, which has no other place.
fn before_drawn(block: &Block, shown: &Shown) -> impl Fn() -> AnyView + Send + 'static {
    let (block, shown) = (block.clone(), shown.clone());
    move || match shown.place {
        Place::Resource => ().into_any(),
        Place::Result => in_source(&block, &shown),
    }
}

fn in_source(block: &Block, shown: &Shown) -> AnyView {
    match &block.body {
        Body::Text(text) => source::excerpt(text, &shown.result, shown.place),
        _ => source::source(block.source(&shown.result)),
    }
}
