//! A text of a result as it was received: a short one as a whole, a long one in lines.

use crate::base::format;
use crate::mcp::content::Excerpt;
use crate::ui::parts::json::Lines;
use crate::ui::parts::sought::sought;
use crate::ui::prelude::*;
use std::sync::Arc;

/// A longer text scrolls in a place of its own, and a still longer one is drawn in lines, in bytes.
const LONG: usize = 2 << 10;
const WHOLE: usize = 16 << 10;
/// A longer text is read when that is asked for.
const LAZY: usize = 32 << 20;

pub fn source(text: Arc<str>) -> AnyView {
    match text.len() {
        length if length <= LONG => view! { <pre class="text">{sought(text.to_string())}</pre> }.into_any(),
        length if length <= WHOLE => {
            view! { <pre class="wire" tabindex="0" aria-label="Text">{sought(text.to_string())}</pre> }.into_any()
        }
        _ => view! { <Lines text label="Text"/> }.into_any(),
    }
}

/// A text of the result; of one beyond all bounds the beginning, and all of it on demand.
pub fn excerpt(excerpt: &Excerpt, result: &Arc<str>) -> AnyView {
    match excerpt.length() <= LAZY {
        true => source(excerpt.all(result)),
        false => view! { <OnDemand excerpt=excerpt.clone() result=Arc::clone(result)/> }.into_any(),
    }
}

#[component]
fn OnDemand(excerpt: Excerpt, result: Arc<str>) -> impl IntoView {
    let (whole, show) = signal(false);
    let label = format!("Show all {}", format::bytes(excerpt.length()));
    move || match whole.get() {
        true => view! { <Lines text=excerpt.all(&result) label="Text"/> }.into_any(),
        false => view! {
            <pre class="wire" tabindex="0" aria-label="Text">{foreign(excerpt.head.clone())}"…"</pre>
            <div class="row"><button type="button" on:click=move |_| show.set(true)>{label.clone()}</button></div>
        }
        .into_any(),
    }
}
