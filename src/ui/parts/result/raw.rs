//! The raw result, in which hits are marked: a short one as a whole, a long one in lines; or as a tree.

use super::find::Finding;
use crate::json::outline::raw::RawText;
use crate::json::search::Mark;
use crate::ui::parts::json::{JsonTree, LineRows, line_scroller};
use crate::ui::parts::virtual_list::Scroller;
use crate::ui::prelude::*;
use crate::web::window;
use std::ops::Range;

/// The longest raw text that is in the page as a whole.
const WHOLE: usize = 32 << 10;
const RAW: &str = "[data-testid=result-raw]";
const CURRENT: &str = "[data-testid=result-raw] mark";

#[component]
pub fn Raw(finding: Finding) -> impl IntoView {
    let shown = move || match (finding.tree.get(), finding.text()) {
        (true, text) => view! { <JsonTree text label="Whole result"/> }.into_any(),
        (false, text) if text.len() <= WHOLE => view! { <Whole finding/> }.into_any(),
        (false, _) => view! { <InLines finding/> }.into_any(),
    };
    let option = |tree: bool, name: &'static str| {
        view! { <option value=name prop:selected=move || finding.tree.get() == tree>{name}</option> }
    };
    view! {
        <details class="raw" open>
            <summary>"Raw"</summary>
            <div class="stack">
                <select
                    aria-label="Raw view" on:change:target=move |event| finding.tree.set(event.target().value() == "tree")
                >
                    {option(false, "text")}
                    {option(true, "tree")}
                </select>
                {move || anew(shown())}
            </div>
        </details>
    }
}

#[component]
fn Whole(finding: Finding) -> impl IntoView {
    let bytes = 0..finding.raw.with_value(|it| it.text().len());
    on_hit(finding, |_| {});
    view! {
        <pre class="wire" data-testid="result-raw" tabindex="0" aria-label="Raw">{marked(finding, bytes)}</pre>
    }
}

#[component]
fn InLines(finding: Finding) -> impl IntoView {
    let scroller = line_scroller(finding.raw.with_value(RawText::rows));
    let row = Callback::new(move |index| {
        let bytes = finding.raw.with_value(|it| it.bytes(index));
        marked(finding, bytes.unwrap_or_default())
    });
    on_hit(finding, move |hit| reveal(finding, scroller, hit));
    view! { <LineRows scroller label="Raw" row attr:data-testid="result-raw"/> }
}

/// Where the lines are still there.
fn reveal(finding: Finding, scroller: Scroller, hit: usize) {
    let is_there = scroller.node.try_get_untracked().flatten().is_some();
    if let Some(row) = finding.raw.try_with_value(|it| it.row_at(hit)).filter(|_| is_there) {
        scroller.reveal(row);
    }
}

/// Scrolls to a hit that the user asked for; a long text makes its row first.
fn on_hit(finding: Finding, reveal: impl Fn(usize) + Copy + 'static) {
    Effect::new(move |_| {
        // What was looked for in the result before this one is marked, but the page stays where it is.
        let Some(hit) = finding.hit.get().filter(|_| finding.moves.get() > 0) else { return };
        window::unfold(RAW);
        request_animation_frame(move || {
            reveal(hit.start);
            request_animation_frame(|| window::show(CURRENT));
        });
    });
}

/// A row by its bytes, with its hits.
fn marked(finding: Finding, row: Range<usize>) -> AnyView {
    let pieces = Memo::new(move |_| finding.pieces(row.clone()));
    let words = move |bytes: Range<usize>| {
        foreign(finding.raw.with_value(|it| it.text().get(bytes).unwrap_or_default().to_owned()))
    };
    let piece = move |(bytes, mark): (Range<usize>, Mark)| match mark {
        Mark::Plain => words(bytes),
        Mark::Hit => view! { <span class="hit">{words(bytes)}</span> }.into_any(),
        Mark::Current => view! { <mark>{words(bytes)}</mark> }.into_any(),
    };
    (move || pieces.get().into_iter().map(piece).collect_view()).into_any()
}
