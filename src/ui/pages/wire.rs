//! The wire: every request, event and message of this page in their order, and one of them in full.

mod detail;
mod entry;

use crate::route::Route;
use crate::ui::parts::link::{follow, href};
use crate::ui::parts::simulated::Simulated;
use crate::ui::parts::virtual_list::VirtualList;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::resize::Resize;
use crate::wire::{self, Kind};
use detail::Detail;
use entry::EntryRow;
use leptos::prelude::event_target;
use web_sys::Element;
use web_sys::Event;
use web_sys::HtmlElement;

/// How high a row is, in pixels, on one line and on two (`parts.css`).
const ONE_LINE: u32 = 32;
const TWO_LINES: u32 = 54;
/// So many rows are seen at once: a list that is shorter is followed as it grows.
const SHORT: usize = 8;

/// What of the trace is listed, and which row of it is open.
#[derive(Clone, Copy)]
struct Shown {
    filter: RwSignal<String>,
    kind: RwSignal<Option<Kind>>,
    found: Memo<Vec<u32>>,
    selected: Memo<Option<u32>>,
}

impl Shown {
    fn new() -> Self {
        let session = session();
        let (filter, kind) = (RwSignal::new(String::new()), RwSignal::new(None));
        let found = memo(move || session.trace(|it| wire::found(it, &filter.read(), kind.get())));
        let selected = memo(move || match session.route() {
            Route::Wire(Some(number)) => number.parse().ok(),
            _ => None,
        });
        Self { filter, kind, found, selected }
    }
}

#[component]
pub fn Wire() -> impl IntoView {
    let shown = Shown::new();
    let open = move || shown.selected.get().is_some();
    view! {
        <main class=move || if open() { "split" } else { "split one" } data-selected=move || open().then_some("")>
            <section class="pane fill" aria-label="Wire">
                <h1 class="sr">"Wire"</h1>
                <Tools shown/>
                <Entries shown/>
            </section>
            {move || shown.selected.get().map(|number| view! { <Detail number/> })}
        </main>
    }
}

#[component]
fn Tools(shown: Shown) -> impl IntoView {
    let session = session();
    let clear = move |_| {
        session.clear_trace();
        session.go(Route::Wire(None));
    };
    let kind = move |kind: Option<Kind>, label: &'static str| {
        let pressed = move || (shown.kind.get() == kind).to_string();
        view! { <button class="quiet" type="button" aria-pressed=pressed on:click=move |_| shown.kind.set(kind)>{label}</button> }
    };
    view! {
        <div class="row">
            <input
                class="filter" type="search" data-testid="wire-filter" aria-label="Filter the wire" autocomplete="off"
                placeholder="Filter by method, address or status" spellcheck="false" prop:value=shown.filter
                on:input:target=move |event| shown.filter.set(event.target().value())
            />
            <div class="tabs" role="group" aria-label="Kind">
                {kind(None, "All")}
                {kind(Some(Kind::Http), "HTTP")}
                {kind(Some(Kind::Sse), "Events")}
                {kind(Some(Kind::Rpc), "Messages")}
            </div>
            <Simulated/>
            <span class="grow"></span>
            {move || (!session.is_replaying()).then(|| view! {
                <button class="quiet" type="button" data-testid="wire-clear" on:click=clear>"Clear"</button>
            })}
        </div>
    }
}

#[component]
fn Entries(shown: Shown) -> impl IntoView {
    let total = memo(move || shown.found.read().len());
    let (row_height, set_row_height) = signal(ONE_LINE);
    let (area, head) = (NodeRef::<HtmlElement>::new(), NodeRef::<HtmlElement>::new());
    // The headings are only drawn where a row is one line.
    let fit = move || {
        let narrow = head.try_get_untracked().flatten().is_some_and(|it| it.client_height() == 0);
        set_row_height.try_set(if narrow { TWO_LINES } else { ONE_LINE });
    };
    let resize = StoredValue::new_local(None::<Resize>);
    Effect::new(move |_| {
        if let Some(area) = area.get() {
            fit();
            resize.set_value(Resize::of(&area, fit));
        }
    });
    let end = End::new(total.get_untracked() < SHORT);
    Effect::new(move |_| {
        total.track();
        request_animation_frame(move || end.keep(area));
    });
    let current = memo(move || {
        let number = shown.selected.get()?;
        shown.found.read().binary_search(&number).ok()
    });
    let row = Callback::new(move |index| view! { <EntryRow index shown/> }.into_any());
    let some = memo(move || total.get() != 0);
    let list = move || view! { <VirtualList total row_height row class="wire-rows" current/> };
    view! {
        <div class="entries" node_ref=area data-testid="wire-list" data-total=total on:scroll:capture=move |event| end.scrolled(&event)>
            <div class="entries-head" aria-hidden="true" node_ref=head>
                <span>"Time"</span><span>"Kind"</span><span>"Method"</span><span>"Address"</span>
                <span>"Status"</span><span>"Took"</span><span>"Size"</span>
            </div>
            {move || if some.get() { list().into_any() } else { view! { <Nothing shown/> } }}
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

    fn keep(self, area: NodeRef<HtmlElement>) {
        let area = area.try_get_untracked().flatten().filter(|_| self.kept.try_get_value() == Some(true));
        if let Some(list) = area.and_then(|it| it.query_selector(".virtual").ok().flatten()) {
            list.set_scroll_top(list.scroll_height());
        }
    }
}

#[component]
fn Nothing(shown: Shown) -> impl IntoView {
    let filtered = move || !shown.filter.read().trim().is_empty() || shown.kind.get().is_some();
    move || match filtered() {
        true => {
            view! { <div class="empty"><h2>"Nothing matches"</h2><p>"No row of the wire fits this filter."</p></div> }
                .into_any()
        }
        false => view! {
            <div class="empty">
                <h2>"Nothing was sent yet"</h2>
                <p>
                    "Every request of this page and its answer is listed here, in order, streamed messages included. "
                    <a href=href(&Route::Connect) on:click=follow(Route::Connect)>"Connect to a server"</a>
                    " to see the first."
                </p>
            </div>
        }
        .into_any(),
    }
}
