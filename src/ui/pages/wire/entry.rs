//! One row of the wire.

use super::raw::Shown;
use crate::base::format;
use crate::explain::wire::{self, WireKind, WireRow, words};
use crate::ui::parts::exchange::relayed;
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::clock;

#[component]
pub fn EntryRow(index: usize, shown: Shown) -> impl IntoView {
    let session = session();
    let row = Memo::new(move |_| {
        let number = *shown.found.read().numbers.get(index)?;
        session.trace(|it| wire::row(it, number))
    });
    move || row.get().map(|row| view! { <Entry row shown/> })
}

#[component]
fn Entry(row: WireRow, shown: Shown) -> impl IntoView {
    let number = row.number;
    let route = Route::Wire(Some(number.to_string()));
    let current = move || (shown.selected.get() == Some(number)).then_some("true");
    let (arrow, way) = if row.comes_in { ("←", "received") } else { ("→", "sent") };
    let code = row
        .status
        .clone()
        .map(|it| view! { <span class="code" data-class=words::class(Some(&it))>{it.clone()}</span> }.into_any());
    view! {
        <a
            class="entry" href=href(&route) aria-current=current on:click=follow(route) data-testid="wire-entry"
            data-kind=row.kind.name() data-method=row.method.clone() data-url=row.url.clone() data-http-status=row.status.clone()
            data-via=row.relayed.then_some("relay")
        >
            <time>{words::clock(row.at, clock::offset(row.at))}</time>
            <span class="kind"><span aria-hidden="true">{arrow}</span><span class="sr">{way}</span>" "{row.kind.name()}</span>
            <span class="method">{foreign(row.method.clone())}</span>
            {address(&row)}
            {code.unwrap_or_else(|| view! { <span class="code"></span> }.into_any())}
            <span class="ms">{took(&row)}</span>
            <span class="size">{row.bytes.map(format::bytes)}</span>
        </a>
    }
}

/// Where a request went, or which message it is.
fn address(row: &WireRow) -> AnyView {
    if row.kind != WireKind::Http {
        return view! { <span class="url"><span class="path">{foreign(row.detail.clone())}</span></span> }.into_any();
    }
    let (origin, path, query) = words::address(&row.url);
    let path = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    view! { <span class="url"><span class="host">{foreign(origin.to_owned())}{row.relayed.then(relayed)}</span><span class="path">{foreign(path)}</span></span> }
        .into_any()
}

fn took(row: &WireRow) -> String {
    row.took.map_or_else(|| row.state.to_owned(), format::milliseconds)
}
