//! Images, sounds, other data, and links to resources. All of it is the server's: checked types, checked addresses.

use super::block::Shown;
use crate::base::format;
use crate::mcp::content::shape::Shape;
use crate::mcp::content::{Block, Link, Media, opened};
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;

/// The longest SVG that is drawn, in bytes.
pub const LONGEST: usize = 1 << 20;
/// A longer URI is no link, in bytes.
const URI: usize = 8 << 10;

/// What is no SVG.
pub fn media(shape: Shape, media: &Media) -> AnyView {
    match (shape, media.url.clone()) {
        (Shape::Image, Some(url)) => {
            view! { <img src=url alt=format!("Image from the server, {}", media.mime)/> }.into_any()
        }
        (Shape::Audio, Some(url)) => view! { <audio controls src=url></audio> }.into_any(),
        _ => view! { <p class="muted small">"Not shown: the type or the data cannot be displayed."</p> }.into_any(),
    }
}

/// An SVG can be heavy to draw, so it waits for a press; as an image it runs no script and loads nothing.
pub fn drawing(block: Block, shown: Shown) -> AnyView {
    let (drawn, draw) = signal(false);
    let image = move || match block.drawing(&shown.result) {
        Some(url) => view! { <img src=url alt="SVG from the server"/> }.into_any(),
        None => view! { <p class="muted small">"Not shown: the data is not base64, or too long."</p> }.into_any(),
    };
    let button = move || {
        view! {
            <div class="row">
                <button type="button" data-testid="draw-svg" on:click=move |_| draw.set(true)>"Draw SVG"</button>
            </div>
        }
    };
    (move || if drawn.get() { image() } else { button().into_any() }).into_any()
}

/// Opens the resource of this server; an address of the web can be opened in a tab too, and where it is unsafe that is
/// said.
pub fn link(link: Link) -> AnyView {
    let target = session().peek(|it| opened(&link.uri, it.settings().map(|it| &it.server)));
    let outside = match target {
        Some(Ok(to)) => Some(
            view! { <a class="small" href=to.href target="_blank" rel="noreferrer">"Open "{foreign(to.host)}" ↗"</a> }
                .into_any(),
        ),
        Some(Err(why)) => {
            Some(view! { <p class="muted small">{foreign(format!("Not a link: {why}."))}</p> }.into_any())
        }
        None => None,
    };
    let name = link.name.clone().filter(|it| !it.trim().is_empty());
    let named = name.is_some();
    let words = name.unwrap_or_else(|| link.uri.clone());
    let inside = match link.uri.len() <= URI {
        true => {
            let route = Route::Resources(Some(link.uri.clone()));
            view! { <a href=href(&route) on:click=follow(route)>{foreign(words)}</a> }.into_any()
        }
        false => view! { <span>{foreign(words)}</span> }.into_any(),
    };
    view! {
        <p class="row">
            {inside}
            {named.then(|| view! { <code class="small muted">{foreign(link.uri)}</code> })}
            {link.mime.map(|it| view! { <span class="chip">{foreign(it)}</span> })}
        </p>
        {outside}
        {link.description.map(|it| view! { <p class="muted small">{foreign(it)}</p> })}
    }
    .into_any()
}

/// The type and the size of data.
pub fn facts(media: &Media) -> String {
    let mime = if media.mime.is_empty() { "unknown type" } else { &media.mime };
    format!("{mime} · {}", format::bytes(media.size))
}
