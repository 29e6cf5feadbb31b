//! What the dock lists: requests and log messages, the newest first. A row leads to the page that shows all of it.

use crate::base::format;
use crate::explain::dock::{Glance, glance};
use crate::explain::logs::{self, Filter, Found, tone};
use crate::explain::wire::exchanges::{Filter as WireFilter, Listed as WireListed};
use crate::explain::wire::words;
use crate::ui::parts::link::{follow, href};
use crate::ui::parts::virtual_list::VirtualList;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::clock;
use std::collections::BTreeSet;

/// How high a row is, in pixels (`dock.css`).
const ROW: u32 = 28;

#[component]
pub fn WireRows() -> impl IntoView {
    let session = session();
    let (every, none) = (WireFilter::default(), BTreeSet::new());
    let all = Memo::new_owning(move |before: Option<WireListed>| {
        session.trace(|it| before.unwrap_or_default().updated(it, &every, None, &none))
    });
    let total = Memo::new(move |_| all.read().ids.len());
    let row = Callback::new(move |index: usize| {
        let glance = Memo::new(move |_| {
            let id = *all.read().ids.get(index)?;
            session.trace(|it| glance(it, id))
        });
        (move || glance.get().map(|glance| view! { <Request glance/> })).into_any()
    });
    view! { <Listed total row none="No requests yet."/> }
}

#[component]
fn Request(glance: Glance) -> impl IntoView {
    let route = Route::Wire(Some(glance.number.to_string()));
    let (class, method) = (words::class(glance.status.as_deref()), glance.method.clone());
    view! {
        <a class="dock-row" href=href(&route) on:click=follow(route) data-testid="dock-item" data-method=method>
            <time>{words::clock(glance.at, clock::offset(glance.at))}</time>
            <span class="cut">{foreign(glance.method)}" "<span class="muted">{foreign(glance.name)}</span></span>
            <span class="code" data-class=class>{glance.status.clone()}</span>
            <span class="ms">{glance.took.map(format::milliseconds)}</span>
        </a>
    }
}

#[component]
pub fn LogRows() -> impl IntoView {
    let session = session();
    let open = Filter::default();
    let found = Memo::new_owning(move |before: Option<Found>| {
        session.read(|it| before.unwrap_or_default().updated(&open, it.logs()))
    });
    let total = Memo::new(move |_| found.read().len());
    let row = Callback::new(move |index: usize| {
        let message = Memo::new(move |_| {
            let number = found.read().row(index)?;
            session.read(|it| Some((number, it.logs().numbered(number)?.at.to_bits())))
        });
        (move || message.get().map(|(number, _)| view! { <Message number/> })).into_any()
    });
    view! { <Listed total row none="No log messages yet."/> }
}

#[component]
fn Message(number: usize) -> impl IntoView {
    let session = session();
    let logged = session.peek(|it| it.logs().numbered(number).cloned());
    logged.map(|logged| {
        let route = Route::Logs(Some(number.to_string()));
        let (at, level) = (logged.at, logged.level.clone());
        let (tone, shown) = (tone(&level), level.clone());
        let glance = move || foreign(logs::glance(&logged, session.reveal()));
        view! {
            <a class="dock-row" href=href(&route) on:click=follow(route) data-testid="dock-item" data-level=level>
                <time>{words::clock(at, clock::offset(at))}</time>
                <span class="cut">{glance}</span>
                <span class="level" data-tone=tone>{foreign(shown)}</span>
            </a>
        }
    })
}

/// The rows, or that there are none.
#[component]
fn Listed(total: Memo<usize>, row: Callback<usize, AnyView>, none: &'static str) -> impl IntoView {
    let some = Memo::new(move |_| total.get() > 0);
    let current = Signal::stored(None::<usize>);
    move || match some.get() {
        true => view! { <VirtualList total row_height=ROW row class="dock-rows" current/> }.into_any(),
        false => view! { <p class="muted small">{none}</p> }.into_any(),
    }
}
