//! The list of exchanges: rows near the viewport, one of which may be open, the newest first.
//!
//! What comes in at the top moves nothing that is looked at.

use super::NoRows;
use super::exchanges::Exchanges;
use super::row::ExchangeRow;
use crate::base::viewport::{Gap, Rows};
use crate::trace::ExchangeId;
use crate::ui::parts::row_height::row_height;
use crate::ui::parts::virtual_list::{Scroller, offset, total};
use crate::ui::prelude::*;
use leptos::html::Div;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

#[component]
pub fn ExchangeList(exchanges: Exchanges) -> impl IntoView {
    let (area, head) = (NodeRef::<Div>::new(), NodeRef::<Div>::new());
    let height = Signal::from(row_height(area, head));
    let total = Memo::new(move |_| exchanges.rows.read().ids.len());
    let some = Memo::new(move |_| total.get() != 0);
    let filtered = Signal::derive(move || exchanges.is_filtered());
    view! {
        <div class="exchange-list" node_ref=area data-testid="exchange-list" data-total=total>
            <div class="exchange-head" aria-hidden="true" node_ref=head>
                <span></span><span>"Sent ↓"</span><span>"Method"</span><span>"Name or URL"</span>
                <span>"Status"</span><span>"Duration"</span><span>"Size"</span>
            </div>
            {move || match some.get() {
                true => view! { <ListedRows exchanges height/> }.into_any(),
                false => view! { <NoRows filtered none="No exchange matches this search."/> }.into_any(),
            }}
        </div>
    }
}

/// Where the list is, and what of it stays where it is.
#[derive(Clone, Copy)]
struct List {
    exchanges: Exchanges,
    rows: Signal<Rows>,
    scroller: Scroller,
    /// The height of what is open, in pixels.
    room: RwSignal<f64>,
    /// An exchange, and how far below the beginning of its row the viewport begins.
    held: StoredValue<Option<(ExchangeId, f64)>>,
}

impl List {
    fn new(exchanges: Exchanges, height: Signal<u32>) -> Self {
        let room = RwSignal::new(0.0);
        let open = Memo::new(move |_| place(&exchanges.rows.read().ids, exchanges.opened.get()?));
        let rows = Signal::derive(move || Rows {
            total: exchanges.rows.read().ids.len(),
            height: f64::from(height.get()),
            gap: open.get().map_or(Gap::NONE, |after| Gap { after, height: room.get() }),
        });
        let this = Self { exchanges, rows, scroller: Scroller::of(rows), room, held: StoredValue::new(None) };
        Effect::new(move |_| {
            let opened = exchanges.opened.get();
            if let (Some(id), Some(_)) = (opened, this.scroller.node.get()) {
                this.reveal(id);
                this.hold();
            }
        });
        Effect::new(move |_| {
            exchanges.rows.track();
            request_animation_frame(move || this.keep());
        });
        this
    }

    fn scrolled(self) {
        self.scroller.measure();
        self.hold();
    }

    /// Takes what is open as what stays, else the first row that is seen. At the top, the newest is what is looked at.
    fn hold(self) {
        let Some(node) = self.scroller.node.try_get_untracked().flatten() else { return };
        let (rows, room) = (self.rows.get_untracked(), f64::from(node.client_height()));
        let top = rows.top(f64::from(node.scroll_top()), room);
        let listed = self.exchanges.rows.read_untracked();
        let opened = self.exchanges.opened.get_untracked();
        let is_seen = |at: &usize| (top - rows.gap.height - rows.height..top + room).contains(&rows.begin(*at));
        let open = opened.and_then(|it| place(&listed.ids, it)).filter(is_seen);
        let first = (top > 0.0).then(|| rows.at(top));
        let held = open.or(first).and_then(|at| Some((*listed.ids.get(at)?, top - rows.begin(at))));
        self.held.set_value(held);
    }

    /// Scrolls so far that it stands where it stood.
    fn keep(self) {
        let held = self.held.try_get_value().flatten();
        let node = self.scroller.node.try_get_untracked().flatten();
        let Some(((id, offset), node)) = held.zip(node) else { return };
        let Some(at) = place(&self.exchanges.rows.read_untracked().ids, id) else { return };
        let top = (self.rows.get_untracked().begin(at) + offset).round() as i32;
        if top != node.scroll_top() {
            node.set_scroll_top(top);
            self.scroller.measure();
        }
    }

    fn reveal(self, id: ExchangeId) {
        let at = place(&self.exchanges.rows.read_untracked().ids, id);
        if let Some(at) = at {
            self.scroller.reveal(at);
        }
    }

    /// The arrows, Home, End, Page Up and Page Down move from row to row.
    fn press(self, event: &KeyboardEvent) {
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        let from = focused(event).and_then(|id| place(&self.exchanges.rows.read_untracked().ids, id));
        let to = from.filter(|_| plain).and_then(|from| self.scroller.next(&event.key(), from));
        let id = to.and_then(|at| self.exchanges.rows.read_untracked().ids.get(at).copied());
        if let Some(id) = id {
            event.prevent_default();
            self.reveal(id);
            if !self.focus(id) {
                request_animation_frame(move || {
                    self.focus(id);
                });
            }
        }
    }

    fn focus(self, id: ExchangeId) -> bool {
        let node = self.scroller.node.try_get_untracked().flatten();
        let row = node
            .and_then(|it| it.query_selector(&format!("[data-exchange=\"{id}\"] > details > summary")).ok().flatten());
        row.and_then(|it| it.dyn_into::<HtmlElement>().ok()).is_some_and(|it| it.focus().is_ok())
    }
}

fn place(listed: &[ExchangeId], id: ExchangeId) -> Option<usize> {
    listed.iter().position(|it| *it == id)
}

/// The exchange whose row has the focus; within what is open, the keys are its own.
fn focused(event: &KeyboardEvent) -> Option<ExchangeId> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let row = (target.tag_name() == "SUMMARY").then(|| target.closest("[data-exchange]").ok().flatten())??;
    row.get_attribute("data-exchange")?.parse().ok()
}

#[component]
fn ListedRows(exchanges: Exchanges, height: Signal<u32>) -> impl IntoView {
    let list = List::new(exchanges, height);
    let scroller = list.scroller;
    let shown = Memo::new(move |_| {
        let Range { start, end } = scroller.shown();
        let listed = exchanges.rows.read();
        (start, listed.ids.get(start..end.min(listed.ids.len())).unwrap_or_default().to_vec())
    });
    let keys = Signal::derive(move || shown.read().1.clone());
    let size = move || exchanges.rows.read().ids.len();
    let draw = move |id: ExchangeId| {
        let at = move || {
            let (start, shown) = &*shown.read();
            place(shown, id).map(|at| start + at + 1)
        };
        view! {
            <li data-exchange=id aria-posinset=at aria-setsize=size>
                <ExchangeRow id exchanges room=list.room/>
            </li>
        }
    };
    view! {
        <div
            class="virtual exchange-rows" node_ref=scroller.node
            on:scroll=move |_| list.scrolled() on:keydown=move |event| list.press(&event)
        >
            <ul class="rows" style:--total=move || total(scroller) style:--offset=move || offset(scroller)>
                <Keyed keys draw/>
            </ul>
        </div>
    }
}
