//! One exchange of the list: its row, and below it what is in it, where it is open.

use super::exchanges::Exchanges;
use super::opened::Opened;
use crate::base::format;
use crate::explain::wire::exchanges::ExchangeRow;
use crate::explain::wire::words;
use crate::trace::ExchangeId;
use crate::ui::parts::exchange::relayed;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::clock;
use web_sys::MouseEvent;

#[component]
pub fn ExchangeRow(
    id: ExchangeId,
    exchanges: Exchanges,
    /// The height of what is open, in pixels.
    room: RwSignal<f64>,
) -> impl IntoView {
    let row = session().trace_memo(move |it| ExchangeRow::of(it, id));
    let open = Memo::new(move |_| exchanges.is_open(id));
    let toggle = move |event: MouseEvent| {
        // What is open is in the URL; the element follows it.
        event.prevent_default();
        exchanges.toggle(id);
    };
    let of = move |read: fn(&ExchangeRow) -> Option<String>| move || row.with(|it| it.as_ref().and_then(read));
    let pinned = move || exchanges.is_pinned(id).then_some("");
    view! {
        <details
            open=open data-testid="exchange-item" data-method=of(|it| Some(it.method.clone())) data-name=of(|it| it.name.clone())
            data-http-status=of(|it| it.http_status.clone()) data-status=of(|it| Some(it.status.name().to_owned()))
            data-ms=of(|it| it.took.map(|took| took.round().to_string())) data-pinned=pinned
            data-via=move || row.with(|it| it.as_ref().is_some_and(|it| it.relayed)).then_some("relay")
        >
            <summary class="exchange-row" on:click=toggle>{move || row.get().map(|row| view! { <Cells row/> })}</summary>
            {move || open.get().then(|| view! { <Opened id exchanges room/> })}
        </details>
    }
}

#[component]
fn Cells(row: ExchangeRow) -> impl IntoView {
    let (stands, class) = row.stands();
    view! {
        <time>{words::clock(row.sent, clock::offset(row.sent))}</time>
        <span class="method">{foreign(row.method.clone())}</span>
        {subject(&row)}
        <span class="code" data-class=class>{stands}</span>
        <span class="ms">{row.took.map(format::milliseconds)}</span>
        <span class="size">{row.bytes.map(format::bytes)}</span>
    }
}

/// The tool, prompt or resource that it is about; else where it went.
fn subject(row: &ExchangeRow) -> AnyView {
    if let Some(name) = &row.name {
        return view! { <span class="url"><span class="path">{foreign(name.clone())}{row.relayed.then(relayed)}</span></span> }.into_any();
    }
    let (origin, path, query) = words::address(&row.url);
    let path = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    let host = origin.split_once("://").map_or(origin, |(_, host)| host).to_owned();
    view! { <span class="url"><span class="host">{foreign(host)}{row.relayed.then(relayed)}</span><span class="path">{foreign(path)}</span></span> }
        .into_any()
}
