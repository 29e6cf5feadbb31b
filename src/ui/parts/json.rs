//! JSON as a tree, and any text as lines: both lazy and virtual, so that ten megabytes are some dozen elements.

use super::copy::Copy;
use super::sought::sought;
use super::virtual_list::{Scroller, ShownRows, offset, total};
use crate::base::format;
use crate::json::base64::Base64;
use crate::json::outline::Outline;
use crate::json::outline::node::NodeKind;
use crate::json::outline::raw::RawText;
use crate::json::outline::row::{Label, OutlineRow, PREVIEW};
use crate::json::path::Path;
use crate::ui::prelude::*;
use leptos::attr::custom::custom_attribute;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use web_sys::KeyboardEvent;

/// As `--row-json` in `tokens.css`.
const ROW: u32 = 24;
/// How many characters a line has.
const COLUMNS: usize = 120;
/// Deeper rows stand no further to the right.
const INDENT: usize = 32;

/// Rows of trees have ids of their own: there may be several trees on a page.
static TREES: AtomicUsize = AtomicUsize::new(0);

/// A tree that opens and closes. The text was found to be JSON.
#[component]
pub fn JsonTree(text: Arc<str>, label: &'static str) -> impl IntoView {
    let tree = Tree {
        outline: RwSignal::new(Outline::new(text)),
        chosen: RwSignal::new(None),
        number: TREES.fetch_add(1, Ordering::Relaxed),
    };
    let scroller = Scroller::new(Signal::derive(move || tree.outline.read().rows()), Signal::stored(ROW));
    let row = Callback::new(move |index| view! { <TreeRow tree index/> }.into_any());
    view! {
        <div
            class="json virtual" role="tree" aria-label=label tabindex="0" node_ref=scroller.node
            aria-activedescendant=move || tree.chosen.get().map(|index| tree.id(index))
            on:scroll=move |_| scroller.measure() on:keydown=move |event| tree.press(scroller, &event)
        >
            <div class="rows" role="none" style:--total=move || total(scroller) style:--offset=move || offset(scroller)>
                <ShownRows scroller row/>
            </div>
        </div>
        {move || tree.chosen.get().map(|index| view! { <Chosen tree index/> })}
    }
}

#[derive(Clone, Copy)]
struct Tree {
    outline: RwSignal<Outline>,
    chosen: RwSignal<Option<usize>>,
    number: usize,
}

impl Tree {
    fn id(self, index: usize) -> String {
        format!("tree-{}-{index}", self.number)
    }

    fn toggle(self, index: usize) {
        self.outline.update(|it| it.toggle(index));
    }

    /// The keys of a tree: up and down, right opens or goes in, left closes or goes out.
    fn press(self, scroller: Scroller, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let at = self.chosen.get_untracked();
        let index = at.unwrap_or(0);
        let row = self.outline.with_untracked(|it| it.row(index));
        let Some(row) = row else { return };
        let to = match (event.key().as_str(), row.expandable, row.expanded) {
            ("Enter" | " ", true, _) | ("ArrowRight", true, false) | ("ArrowLeft", _, true) => {
                self.toggle(index);
                Some(index)
            }
            ("ArrowRight", _, true) => scroller.next("ArrowDown", index),
            ("ArrowLeft", _, false) => self.parent(index, row.depth),
            ("ArrowDown" | "ArrowUp" | "Home" | "End", ..) if at.is_none() => scroller.next("Home", 0),
            (key, ..) => scroller.next(key, index),
        };
        if let Some(to) = to {
            event.prevent_default();
            self.chosen.set(Some(to));
            scroller.reveal(to);
        }
    }

    fn parent(self, index: usize, depth: usize) -> Option<usize> {
        let above = |it: &Outline, at: usize| it.row(at).is_some_and(|row| row.depth < depth);
        self.outline.with_untracked(|it| (0..index).rev().find(|at| above(it, *at)))
    }
}

#[component]
fn TreeRow(tree: Tree, index: usize) -> impl IntoView {
    move || {
        let row = tree.outline.with(|it| it.row(index))?;
        let expanded = row.expandable.then(|| row.expanded.to_string());
        let level = custom_attribute("aria-level", row.depth + 1);
        Some(view! {
            <div
                {..level} class="json-row" role="treeitem" id=tree.id(index) aria-expanded=expanded
                aria-selected=move || (tree.chosen.get() == Some(index)).to_string()
                style:--depth=row.depth.min(INDENT).to_string() on:click=move |_| tree.chosen.set(Some(index))
            >
                {toggler(tree, index, &row)}
                {name(&row.label).map(|it| view! { <span class="key">{sought(it)}</span> })}
                {value(&row).map(|(class, it)| view! { <span class=class>{sought(it)}</span> })}
                {count(&row).map(|it| view! { <span class="count">{it}</span> })}
            </div>
        })
    }
}

/// For the mouse; keys and what is said of a row are the tree's.
fn toggler(tree: Tree, index: usize, row: &OutlineRow) -> AnyView {
    match row.expandable {
        true => {
            let press = move |_| tree.toggle(index);
            view! { <button class="toggler" type="button" tabindex="-1" aria-hidden="true" on:click=press></button> }
                .into_any()
        }
        false => view! { <span class="gap"></span> }.into_any(),
    }
}

fn name(label: &Label) -> Option<String> {
    match label {
        Label::None => None,
        Label::Name(name) => Some(on_one_line(name)),
        Label::Index(index) => Some(index.to_string()),
    }
}

fn value(row: &OutlineRow) -> Option<(&'static str, String)> {
    match row.kind {
        NodeKind::Object | NodeKind::Array => None,
        NodeKind::String if let Some(data) = row.base64 => Some(("lit", encoded(data))),
        NodeKind::String => Some(("str", format!("\"{}\"", on_one_line(&row.preview)))),
        NodeKind::TextLine => Some(("str", on_one_line(&row.preview))),
        NodeKind::Number => Some(("num", row.preview.clone())),
        NodeKind::Bool | NodeKind::Null => Some(("lit", row.preview.clone())),
    }
}

/// Base64 by what it stands for.
fn encoded(data: Base64) -> String {
    let mime = data.mime.map(|it| format!(" · {it}")).unwrap_or_default();
    format!("base64{mime} · {}", format::bytes(data.bytes))
}

fn count(row: &OutlineRow) -> Option<String> {
    let count = row.count?;
    match row.kind {
        NodeKind::Object => Some(format!("{{{}}}", format::count(count))),
        NodeKind::Array => Some(format!("[{}]", format::count(count))),
        _ => (count > PREVIEW && row.base64.is_none()).then(|| format!("{} characters", format::count(count))),
    }
}

/// Characters that would break a row are written as JSON writes them.
fn on_one_line(text: &str) -> String {
    text.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t")
}

/// Where the chosen value is, and buttons to copy that and the value.
#[component]
fn Chosen(tree: Tree, index: usize) -> impl IntoView {
    let path = Signal::derive(move || tree.outline.with(|it| it.path(index)));
    let text = move |()| tree.outline.with_untracked(|it| it.text_of(index).map(std::borrow::Cow::into_owned));
    view! { <Place path><Copy text=move |()| text(()).unwrap_or_default() label="Copy value"/></Place> }
}

/// Where a value is, and buttons to copy that: as a JSON Pointer and as a filter of jq.
#[component]
pub fn Place(path: Signal<Option<Path>>, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let pointer = move || path.get().map(|it| it.pointer()).unwrap_or_default();
    let has_pointer = Memo::new(move |_| !pointer().is_empty());
    let jq = move |()| path.get_untracked().map(|it| it.jq()).unwrap_or_default();
    let said = move || if has_pointer.get() { foreign(pointer()) } else { "(root)".into_any() };
    view! {
        <div class="row place">
            <code class="muted" aria-live="polite">{said}</code>
            <Show when=move || has_pointer.get()>
                <Copy text=move |()| untrack(pointer) label="Copy pointer"/>
            </Show>
            <Copy text=jq label="Copy jq"/>
            {children.map(|it| it())}
        </div>
    }
}

/// A text as it is, in lines. `RawText` is not made before this is drawn.
#[component]
pub fn Lines(text: Arc<str>, label: &'static str) -> impl IntoView {
    let raw = StoredValue::new(in_lines(text));
    let scroller = line_scroller(raw.with_value(RawText::rows));
    let row = Callback::new(move |index| sought(raw.with_value(|it| it.row(index).to_owned())));
    view! { <LineRows scroller label row/> }
}

/// A text in lines of the length that is drawn.
pub fn in_lines(text: Arc<str>) -> RawText {
    RawText::new(text, COLUMNS)
}

/// For so many lines.
pub fn line_scroller(lines: usize) -> Scroller {
    Scroller::new(Signal::stored(lines), Signal::stored(ROW))
}

/// Lines near the viewport, each drawn by its index.
#[component]
pub fn LineRows(scroller: Scroller, label: &'static str, row: Callback<usize, AnyView>) -> impl IntoView {
    let row =
        Callback::new(move |index| view! { <div class="json-row"><span>{row.run(index)}</span></div> }.into_any());
    view! {
        <div
            class="json virtual" role="region" aria-label=label tabindex="0" node_ref=scroller.node
            on:scroll=move |_| scroller.measure()
        >
            <div class="rows" style:--total=move || total(scroller) style:--offset=move || offset(scroller)>
                <ShownRows scroller row/>
            </div>
        </div>
    }
}
