//! Long lists of rows of one height: only the rows near the viewport exist.
//!
//! Owns scrolling and the choice of rows; what a row looks like is its list's. The rows stand in an element as high
//! as all of them would be, by custom properties that `parts.css` reads.

use crate::base::viewport::{Gap, Rows};
use crate::ui::prelude::*;
use crate::web::resize::Resize;
use leptos::html;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use web_sys::{Element, HtmlElement};

/// A container that scrolls, and the rows in it.
#[derive(Clone, Copy)]
pub struct Scroller {
    rows: Signal<Rows>,
    /// Where its scroll bar is, and how high it is, in pixels.
    scroll: RwSignal<f64>,
    room: RwSignal<f64>,
    /// To be set on the container.
    pub node: NodeRef<html::Div>,
}

impl Scroller {
    /// For so many rows of one height in pixels.
    pub fn new(total: Signal<usize>, row_height: Signal<u32>) -> Self {
        let rows = move || Rows { total: total.get(), height: f64::from(row_height.get()), gap: Gap::NONE };
        Self::of(Signal::derive(rows))
    }

    /// For these rows, of which one may be open.
    pub fn of(rows: Signal<Rows>) -> Self {
        let this = Self { rows, scroll: RwSignal::new(0.0), room: RwSignal::new(0.0), node: NodeRef::new() };
        let resize = StoredValue::new_local(None::<Resize>);
        Effect::new(move |_| {
            if let Some(node) = this.node.get() {
                resize.set_value(Resize::of(&node, move || this.measure()));
            }
        });
        this
    }

    /// To be called on every scroll of the container, and when it has another size.
    pub fn measure(self) {
        let Some(node) = self.node.try_get_untracked().flatten() else { return };
        self.scroll.maybe_update(|it| change(it, f64::from(node.scroll_top())));
        self.room.maybe_update(|it| change(it, f64::from(node.client_height())));
    }

    /// The rows to draw.
    pub fn shown(self) -> Range<usize> {
        self.rows.get().shown(self.scroll.get(), self.room.get())
    }

    /// How many rows a page has.
    pub fn page(self) -> usize {
        self.rows.get_untracked().page(self.room.get_untracked())
    }

    /// Scrolls as far as needed for a row to be seen.
    pub fn reveal(self, index: usize) {
        self.measure();
        let rows = self.rows.get_untracked();
        let to = rows.reveal(index, self.scroll.get_untracked(), self.room.get_untracked());
        if let (Some(to), Some(node)) = (to, self.node.get_untracked()) {
            node.set_scroll_top(to.round() as i32);
            self.measure();
        }
    }

    /// Where a key of the keyboard leads from a row; `None` for keys that are none of its business.
    pub fn next(self, key: &str, from: usize) -> Option<usize> {
        let last = self.rows.get_untracked().total.checked_sub(1)?;
        let to = match key {
            "ArrowDown" => from.saturating_add(1),
            "ArrowUp" => from.saturating_sub(1),
            "PageDown" => from.saturating_add(self.page()),
            "PageUp" => from.saturating_sub(self.page()),
            "Home" => 0,
            "End" => last,
            _ => return None,
        };
        Some(to.min(last))
    }
}

fn change(old: &mut f64, new: f64) -> bool {
    let changed = (*old - new).abs() > f64::EPSILON;
    *old = new;
    changed
}

/// The rows near the viewport, each drawn by its index, within the element that has the height of all.
#[component]
pub fn ShownRows(scroller: Scroller, row: Callback<usize, AnyView>) -> impl IntoView {
    let shown = Memo::new(move |_| scroller.shown());
    let keys = Signal::derive(move || shown.get().collect());
    view! { <Keyed keys draw=move |index: usize| row.run(index)/> }
}

/// The height of all rows, as a length of CSS.
pub fn total(scroller: Scroller) -> String {
    format!("{}px", scroller.rows.get().space().round() as i64)
}

/// Where the first of the shown rows stands, as a length of CSS.
pub fn offset(scroller: Scroller) -> String {
    let (rows, scroll, room) = (scroller.rows.get(), scroller.scroll.get(), scroller.room.get());
    format!("{}px", rows.offset(rows.shown(scroll, room).start, scroll, room).round() as i64)
}

/// A list whose rows hold a link each. The arrows, Home, End, Page Up and Page Down move from link to link.
#[component]
pub fn VirtualList(
    #[prop(into)] total: Signal<usize>,
    /// In pixels.
    #[prop(into)]
    row_height: Signal<u32>,
    /// The inside of a row.
    row: Callback<usize, AnyView>,
    /// Of the container, beside `virtual`.
    class: &'static str,
    /// The row that is open: it is scrolled to when it changes.
    #[prop(into)]
    current: Signal<Option<usize>>,
) -> impl IntoView {
    let scroller = Scroller::new(total, row_height);
    Effect::new(move |_| {
        if let (Some(index), Some(_)) = (current.get(), scroller.node.get()) {
            scroller.reveal(index);
        }
    });
    let key = move |event: KeyboardEvent| {
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        let to = focused(&event).filter(|_| plain).and_then(|from| Some((from, scroller.next(&event.key(), from)?)));
        if let Some((from, to)) = to {
            event.prevent_default();
            focus(scroller, from, to);
        }
    };
    let in_list = Callback::new(move |index: usize| {
        let inside = move || row.run(index);
        view! { <li data-row=index aria-posinset=index + 1 aria-setsize=total>{inside}</li> }.into_any()
    });
    view! {
        <div class=format!("virtual {class}") node_ref=scroller.node on:scroll=move |_| scroller.measure() on:keydown=key>
            <ul class="rows" style:--total=move || self::total(scroller) style:--offset=move || offset(scroller)>
                <ShownRows scroller row=in_list/>
            </ul>
        </div>
    }
}

/// The row in which the focus is.
fn focused(event: &KeyboardEvent) -> Option<usize> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let row = target.closest("[data-row]").ok().flatten()?;
    row.get_attribute("data-row")?.parse().ok()
}

/// Moves the focus to a row's link once the row is drawn; a row without one is stepped over.
fn focus(scroller: Scroller, from: usize, to: usize) {
    scroller.reveal(to);
    if focus_link(scroller, to) {
        return;
    }
    request_animation_frame(move || {
        let beyond = if to < from { to.checked_sub(1) } else { Some(to + 1) };
        if !focus_link(scroller, to)
            && let Some(beyond) = beyond
        {
            scroller.reveal(beyond);
            request_animation_frame(move || {
                focus_link(scroller, beyond);
            });
        }
    });
}

fn focus_link(scroller: Scroller, index: usize) -> bool {
    let node = scroller.node.try_get_untracked().flatten();
    let link = node.and_then(|it| it.query_selector(&format!("[data-row=\"{index}\"] a")).ok().flatten());
    let link = link.and_then(|it| it.dyn_into::<HtmlElement>().ok());
    link.is_some_and(|it| it.focus().is_ok())
}
