//! The log of a server: all messages that are kept, the newest first, one of them in full, and what its lists became.

mod detail;
mod row;
mod tools;

use crate::explain::logs::{Filter, Found};
use crate::explain::words::live;
use crate::inspector::{Inspector, Phase};
use crate::ui::parts::changes::AllChanges;
use crate::ui::parts::docked::Docked;
use crate::ui::parts::link::{follow, href};
use crate::ui::parts::row_height::row_height;
use crate::ui::parts::styled::styled;
use crate::ui::parts::virtual_list::VirtualList;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use detail::Detail;
use leptos::html::Div;
use row::LogRow;
use tools::Tools;

/// What of the log is listed, and which message of it is open.
#[derive(Clone, Copy)]
struct Shown {
    filter: RwSignal<Filter>,
    found: Memo<Found>,
    selected: Memo<Option<usize>>,
}

impl Shown {
    fn new() -> Self {
        let session = session();
        let filter = RwSignal::new(Filter::default());
        let found = Memo::new_owning(move |before: Option<Found>| {
            session.read(|it| before.unwrap_or_default().updated(&filter.read(), it.logs()))
        });
        let selected = Memo::new(move |_| match session.route() {
            Route::Logs(Some(number)) => number.parse().ok(),
            _ => None,
        });
        Self { filter, found, selected }
    }
}

#[component]
pub fn LogsPage() -> impl IntoView {
    styled(include_str!("../../../style/logs.css"));
    let shown = Shown::new();
    let open = move || shown.selected.get().is_some();
    view! {
        <main class=move || if open() { "split" } else { "split one" } data-selected=move || open().then_some("")>
            <section class="pane fill logs" aria-label="Logs">
                <h1 class="sr">"Logs"</h1>
                <Tools shown/>
                <Bound/>
                <Entries shown/>
                <OverReload/>
                <AllChanges/>
            </section>
            {move || shown.selected.get().map(|number| anew(view! { <Detail number/> }))}
        </main>
        <Docked/>
    }
}

/// Says that the log has reached what it may take.
#[component]
fn Bound() -> impl IntoView {
    let dropped = session().memo(|it| it.logs().dropped());
    let words = move || (dropped.get() > 0).then(|| live::logs_dropped(dropped.get()));
    view! { {move || words().map(|it| view! { <p class="hint" role="status" data-testid="log-bound">{it}</p> })} }
}

/// What of the log outlasts the page, once there is something in it.
#[component]
fn OverReload() -> impl IntoView {
    let words = session().memo(|it| {
        let memory_only = it.settings().is_some_and(|it| it.memory_only);
        (!it.logs().is_empty()).then(|| match memory_only {
            true => live::LOGS_IN_MEMORY.to_owned(),
            false => live::logs_over_reload(it.logs().lost()),
        })
    });
    view! { {move || words.get().map(|it| view! { <p class="muted small" data-testid="log-kept">{it}</p> })} }
}

#[component]
fn Entries(shown: Shown) -> impl IntoView {
    let all = session().memo(|it| it.logs().len());
    let total = Memo::new(move |_| shown.found.read().len());
    let (area, head) = (NodeRef::<Div>::new(), NodeRef::<Div>::new());
    let row_height = row_height(area, head);
    hold(shown, area, row_height);
    let current = Memo::new(move |_| shown.found.read().row_of(shown.selected.get()?));
    let row = Callback::new(move |index| view! { <LogRow index shown/> }.into_any());
    let some = Memo::new(move |_| total.get() != 0);
    let list = move || view! { <VirtualList total row_height row class="wire-rows" current/> };
    view! {
        <div class="entries" node_ref=area data-testid="log-list" data-total=all>
            <div class="entries-head" aria-hidden="true" node_ref=head>
                <span>"Received"</span><span>"Level"</span><span>"Logger"</span><span>"Message"</span><span>"Call"</span>
            </div>
            {move || if some.get() { list().into_any() } else { view! { <Nothing shown/> }.into_any() }}
        </div>
    }
}

/// Whoever has scrolled down keeps the rows in sight while newer ones come above them.
fn hold(shown: Shown, area: NodeRef<Div>, row_height: ReadSignal<u32>) {
    let newest = StoredValue::new(shown.found.with_untracked(|it| it.row(0)));
    Effect::new(move |_| {
        let (now, newer) = shown.found.with(|it| (it.row(0), newest.get_value().map_or(0, |last| it.newer_than(last))));
        newest.set_value(now);
        let Some(list) = area.get_untracked().and_then(|it| it.query_selector(".virtual").ok().flatten()) else {
            return;
        };
        let (top, more) = (list.scroll_top(), newer * row_height.get_untracked() as usize);
        if top > 0 && more > 0 {
            request_animation_frame(move || list.set_scroll_top(top.saturating_add(i32::try_from(more).unwrap_or(0))));
        }
    });
}

/// Why there is nothing to list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lack {
    Match,
    Connection,
    Capability,
    /// From 2026-07-28 on a server logs for requests that ask for it.
    Level,
    Message,
}

impl Lack {
    fn of(filtered: bool, it: &Inspector) -> Self {
        let info = it.connection().and_then(|it| it.info.as_ref());
        match info {
            _ if filtered && !it.logs().is_empty() => Self::Match,
            None => Self::Connection,
            Some(info) if !info.logs() => Self::Capability,
            Some(info) if !info.revision.has_handshake() && it.log_level().is_none() => Self::Level,
            Some(_) => Self::Message,
        }
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Match => ("No matches", "No message matches this filter."),
            Self::Connection => ("No log messages", "Connect to a server to see what it logs."),
            Self::Capability => (
                "This server has no logging capability",
                "The server did not declare the capability. Messages that it sends all the same appear here.",
            ),
            Self::Level => (
                "No log messages yet",
                "In 2026-07-28, a server logs only for requests that name a level. Choose one above.",
            ),
            Self::Message => (
                "No log messages yet",
                "Messages appear here as they arrive. Choose a lower level above to receive more.",
            ),
        }
    }
}

#[component]
fn Nothing(shown: Shown) -> impl IntoView {
    let session = session();
    let lack = Memo::new(move |_| session.read(|it| Lack::of(!shown.filter.read().is_open(), it)));
    let idle = session.memo(|it| it.phase() == Phase::Idle);
    move || {
        let (title, words) = lack.get().words();
        let connect = lack.get() == Lack::Connection && idle.get();
        view! {
            <div class="empty">
                <h2>{title}</h2>
                <p>{words}</p>
                {connect.then(|| view! {
                    <a class="button main" href=href(&Route::Connect) on:click=follow(Route::Connect)>"Connect to a server"</a>
                })}
            </div>
        }
    }
}
