//! A text of a result as it was received: a short one as a whole, a long one in lines, that of a resource in numbered
//! ones; and data in hexadecimal numbers.

use super::block::Place;
use crate::base::format;
use crate::mcp::content::Excerpt;
use crate::mcp::content::hex;
use crate::ui::parts::json::{LineRows, Lines, in_lines, line_scroller};
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
pub fn excerpt(excerpt: &Excerpt, result: &Arc<str>, place: Place) -> AnyView {
    match (excerpt.length() <= LAZY, place) {
        (true, Place::Result) => source(excerpt.all(result)),
        (true, Place::Resource) => view! { <Numbered text=excerpt.all(result)/> }.into_any(),
        (false, _) => view! { <OnDemand excerpt=excerpt.clone() result=Arc::clone(result)/> }.into_any(),
    }
}

/// Data in lines of hexadecimal numbers; `None` where it is no base64.
pub fn data(bytes: Option<Vec<u8>>) -> AnyView {
    match bytes {
        Some(bytes) if bytes.is_empty() => view! { <p class="muted small">"No bytes."</p> }.into_any(),
        Some(bytes) => view! { <Hex bytes/> }.into_any(),
        None => view! { <p class="muted small">"Not shown: the data is not base64."</p> }.into_any(),
    }
}

#[component]
fn Hex(bytes: Vec<u8>) -> impl IntoView {
    let scroller = line_scroller(hex::lines(&bytes));
    let bytes = StoredValue::new(bytes);
    let row = Callback::new(move |index| bytes.with_value(|it| hex::line(it, index)).into_any());
    view! { <LineRows scroller label="Bytes" row/> }
}

/// Lines with their numbers, which are no part of what is selected.
#[component]
fn Numbered(text: Arc<str>) -> impl IntoView {
    let raw = in_lines(text);
    let scroller = line_scroller(raw.rows());
    let lines = StoredValue::new((raw.line_numbers(), raw));
    let row = Callback::new(move |index| {
        let number = |all: &[Option<u32>]| all.get(index).copied().flatten();
        let (number, line) = lines.with_value(|(numbers, raw)| (number(numbers), raw.row(index).to_owned()));
        view! { <span class="numbered" data-line=number.map(|it| it.to_string())>{foreign(line)}</span> }.into_any()
    });
    view! { <LineRows scroller label="Text" row/> }
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
