//! The wire: exchanges, one a request with its response; or raw, every request, event and message in their order.

mod actions;
mod detail;
mod entry;
mod exchanges;
mod kept;
mod list;
mod opened;
mod raw;
mod row;
mod sender;

use crate::explain::wire::words;
use crate::inspector::Inspector;
use crate::trace::Trace;
use crate::ui::parts::docked::Docked;
use crate::ui::parts::link::{follow, href};
use crate::ui::parts::styled::styled;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use detail::Detail;
use exchanges::{ExchangeTools, Exchanges};
use list::ExchangeList;
use raw::{Entries, RawTools, Shown};
use sender::Sender;

#[component]
pub fn Wire() -> impl IntoView {
    styled(include_str!("../../../style/exchanges.css"));
    let raw = RwSignal::new(kept::is_raw());
    // What the other view needs is not made before it is read.
    let (shown, exchanges) = (Shown::new(), Exchanges::new());
    let beside = move || shown.selected.get().filter(|_| raw.get());
    let tools = move || match raw.get() {
        true => view! { <RawTools shown/> }.into_any(),
        false => view! { <ExchangeTools exchanges/> }.into_any(),
    };
    let rows = move || match raw.get() {
        true => view! { <Entries shown/> }.into_any(),
        false => view! { <Sender exchanges/><ExchangeList exchanges/> }.into_any(),
    };
    view! {
        <main class=move || if beside().is_some() { "split" } else { "split one" } data-selected=move || beside().map(|_| "")>
            <section class="pane fill" aria-label="Wire">
                <h1 class="sr">"Wire"</h1>
                <div class="row wire-bar">
                    <ViewChoice raw/>
                    {tools}
                    <Clear/>
                </div>
                <Bound/>
                {rows}
            </section>
            {move || beside().map(|number| anew(view! { <Detail number/> }))}
        </main>
        <Docked/>
    }
}

/// Which of the two views is shown. The tab keeps it.
#[component]
fn ViewChoice(raw: RwSignal<bool>) -> impl IntoView {
    let choose = move |name: String| {
        let chosen = name == "raw";
        if chosen != raw.get_untracked() {
            raw.set(chosen);
            kept::keep_raw(chosen);
        }
    };
    view! {
        <select data-testid="wire-view" aria-label="View" on:change:target=move |event| choose(event.target().value())>
            <option value="exchanges" prop:selected=move || !raw.get()>"Exchanges"</option>
            <option value="raw" prop:selected=raw>"Raw"</option>
        </select>
    }
}

/// Forgets the trace; a saved one cannot be cleared.
#[component]
fn Clear() -> impl IntoView {
    let session = session();
    let clear = move |_| session.clear_trace();
    move || {
        (!session.is_replaying()).then(|| {
            view! { <button class="quiet" type="button" data-testid="wire-clear" on:click=clear>"Clear"</button> }
        })
    }
}

/// Says that the trace has reached what it may take.
#[component]
fn Bound() -> impl IntoView {
    let dropped = session().trace_memo(Trace::dropped);
    let words = move || words::dropped(dropped.get());
    view! { {move || words().map(|it| view! { <p class="hint" role="status" data-testid="trace-bound">{it}</p> })} }
}

/// What stands in the place of a list without rows.
#[component]
fn NoRows(filtered: Signal<bool>, none: &'static str) -> impl IntoView {
    let connected = session().memo(Inspector::is_connected);
    let next = move || match connected.get() {
        true => {
            view! { <a class="button" href=href(&Route::Tools(None)) on:click=follow(Route::Tools(None))>"Use a tool"</a> }
        }
        false => {
            view! { <a class="button" href=href(&Route::Connect) on:click=follow(Route::Connect)>"Connect to a server"</a> }
        }
    };
    move || match filtered.get() {
        true => {
            view! { <div class="empty"><h2>"No matches"</h2><p>{none}" Change the filter to see others."</p></div> }
                .into_any()
        }
        false => view! {
            <div class="empty">
                <h2>"No requests yet"</h2>
                <p>"Requests, responses and streamed messages appear here in order."</p>
                {next}
            </div>
        }
        .into_any(),
    }
}
