//! The raw view: every request, event and message of this page in their order.

use super::NoRows;
use super::entry::EntryRow;
use crate::explain::wire::{Rows, WireKind};
use crate::ui::parts::row_height::row_height;
use crate::ui::parts::simulated::Simulated;
use crate::ui::parts::virtual_list::VirtualList;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use leptos::html::Div;
use web_sys::Element;
use web_sys::Event;

/// So many rows are seen at once: a list that is shorter is followed as it grows.
const SHORT: usize = 8;

/// What of the trace is listed, and which row of it is open.
#[derive(Clone, Copy)]
pub struct Shown {
    filter: RwSignal<String>,
    kind: RwSignal<Option<WireKind>>,
    pub found: Memo<Rows>,
    pub selected: Memo<Option<u32>>,
}

impl Shown {
    pub fn new() -> Self {
        let session = session();
        let (filter, kind) = (RwSignal::new(String::new()), RwSignal::new(None));
        let found = Memo::new_owning(move |before: Option<Rows>| {
            session.trace(|it| before.unwrap_or_default().updated(it, &filter.read(), kind.get()))
        });
        let selected = Memo::new(move |_| match session.route() {
            Route::Wire(Some(number)) => number.parse().ok(),
            _ => None,
        });
        Self { filter, kind, found, selected }
    }
}

/// What stands beside the choice of the view.
#[component]
pub fn RawTools(shown: Shown) -> impl IntoView {
    let kind = move |kind: Option<WireKind>, label: &'static str| {
        let pressed = move || (shown.kind.get() == kind).to_string();
        view! { <button class="quiet" type="button" aria-pressed=pressed on:click=move |_| shown.kind.set(kind)>{label}</button> }
    };
    view! {
        <input
            class="filter" type="search" data-testid="wire-filter" aria-label="Filter" autocomplete="off"
            placeholder="Filter by method, URL or status" spellcheck="false" prop:value=shown.filter
            on:input:target=move |event| shown.filter.set(event.target().value())
        />
        <div class="tabs" role="group" aria-label="Kind">
            {kind(None, "All")}
            {kind(Some(WireKind::Http), "HTTP")}
            {kind(Some(WireKind::Sse), "Events")}
            {kind(Some(WireKind::Rpc), "Messages")}
        </div>
        <Simulated/>
        <span class="grow"></span>
    }
}

#[component]
pub fn Entries(shown: Shown) -> impl IntoView {
    let total = Memo::new(move |_| shown.found.read().numbers.len());
    let (area, head) = (NodeRef::<Div>::new(), NodeRef::<Div>::new());
    let row_height = row_height(area, head);
    let end = End::new(total.get_untracked() < SHORT);
    Effect::new(move |_| {
        total.track();
        request_animation_frame(move || end.keep(area));
    });
    let current = Memo::new(move |_| {
        let number = shown.selected.get()?;
        shown.found.read().numbers.binary_search(&number).ok()
    });
    let row = Callback::new(move |index| view! { <EntryRow index shown/> }.into_any());
    let some = Memo::new(move |_| total.get() != 0);
    let list = move || view! { <VirtualList total row_height row class="wire-rows" current/> };
    view! {
        <div class="entries" node_ref=area data-testid="wire-list" data-total=total on:scroll:capture=move |event| end.scrolled(&event)>
            <div class="entries-head" aria-hidden="true" node_ref=head>
                <span>"Time"</span><span>"Kind"</span><span>"Method"</span><span>"URL"</span>
                <span>"Status"</span><span>"Duration"</span><span>"Size"</span>
            </div>
            {move || if some.get() { list().into_any() } else { view! { <Nothing shown/> }.into_any() }}
        </div>
    }
}

/// Whoever looks at the end of the list stays there when more comes; whoever scrolls up stays where that leads.
#[derive(Clone, Copy)]
struct End {
    kept: StoredValue<bool>,
    top: StoredValue<i32>,
}

impl End {
    fn new(kept: bool) -> Self {
        Self { kept: StoredValue::new(kept), top: StoredValue::new(0) }
    }

    fn scrolled(self, event: &Event) {
        let list: Element = event_target(event);
        let top = list.scroll_top();
        match list.scroll_height() - top - list.client_height() {
            ..=8 => self.kept.set_value(true),
            _ if top < self.top.get_value() => self.kept.set_value(false),
            _ => {}
        }
        self.top.set_value(top);
    }

    fn keep(self, area: NodeRef<Div>) {
        let area = area.try_get_untracked().flatten().filter(|_| self.kept.try_get_value() == Some(true));
        if let Some(list) = area.and_then(|it| it.query_selector(".virtual").ok().flatten()) {
            list.set_scroll_top(list.scroll_height());
        }
    }
}

#[component]
fn Nothing(shown: Shown) -> impl IntoView {
    let filtered = Signal::derive(move || !shown.filter.read().trim().is_empty() || shown.kind.get().is_some());
    view! { <NoRows filtered none="No entry matches this filter."/> }
}
