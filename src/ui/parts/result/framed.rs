//! What only the browser can draw, outside of this document: pages in a frame without scripts, PDFs in a tab.

use super::block::Shown;
use super::source;
use crate::mcp::content::{Block, Body, page};
use crate::ui::prelude::*;
use crate::web::blob::BlobUrl;
use crate::web::window;
use std::sync::Arc;

/// A page waits for a press, with `before` in its place. Its frame has no scripts, no origin, no forms and no way to another address.
pub fn page(html: Arc<str>, before: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let (drawn, draw) = signal(false);
    let frame = move || {
        view! {
            <iframe class="page-frame" title="HTML from the server" sandbox="" referrerpolicy="no-referrer" srcdoc=page::framed(&html)></iframe>
            <p class="muted small">"Without scripts, style sheets and network."</p>
        }
        .into_any()
    };
    let button = move || {
        view! {
            <div class="row">
                <button type="button" data-testid="draw-html" on:click=move |_| draw.set(true)>"Draw HTML"</button>
            </div>
            {before()}
        }
        .into_any()
    };
    (move || if drawn.get() { frame() } else { button() }).into_any()
}

/// A PDF opens in a tab, in the browser's own viewer: the page's policy allows no frame that has an address.
pub fn pdf(block: &Block, shown: &Shown) -> AnyView {
    let Some(bytes) = block.pdf(&shown.result) else {
        let bytes = match &block.body {
            Body::Media(media) => media.bytes(&shown.result),
            _ => None,
        };
        return view! { <p class="muted small">"Not a PDF: the data does not begin with %PDF-."</p> {source::data(bytes)} }
            .into_any();
    };
    let bytes = StoredValue::new(bytes);
    // The address is good for as long as the result is shown.
    let url = StoredValue::new_local(None::<BlobUrl>);
    let open = move |_| {
        let made = bytes.with_value(|it| BlobUrl::of(it, "application/pdf"));
        if let Some(made) = made {
            window::open(made.href());
            url.set_value(Some(made));
        }
    };
    view! { <div class="row"><button type="button" data-testid="open-pdf" on:click=open>"Open PDF ↗"</button></div> }
        .into_any()
}
