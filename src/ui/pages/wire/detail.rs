//! One entry of the wire in full.

use crate::base::format;
use crate::explain::walkthrough::words::Party;
use crate::explain::wire::{self, lines, words};
use crate::trace::step::Step;
use crate::trace::{Body, Entry, Event, ExchangeId, Rpc, StreamEvent, Way};
use crate::ui::pages::walkthrough::step_route;
use crate::ui::parts::exchange::{ExchangeView, WireText};
use crate::ui::parts::icon::{Drawing, Icon};
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::clock;

#[component]
pub fn Detail(number: u32) -> impl IntoView {
    let entry = session().trace_memo(move |it| wire::entry(it, number).cloned());
    view! {
        <section class="pane detail" aria-labelledby="entry-title">
            {move || match entry.get() {
                Some(entry) => view! { <Known entry/> }.into_any(),
                None => view! { <Heading title="Entry not found".to_owned()/><p class="muted">"This entry was cleared or never existed."</p> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Known(entry: Entry) -> impl IntoView {
    let at = words::clock(entry.at, clock::offset(entry.at));
    match entry.event {
        Event::Sent { exchange, step, request } => {
            let (_, path, _) = words::address(&request.url);
            let title = format!("{} {path}", request.method.as_str());
            view! { <Heading title/><Sent exchange step at/><ExchangeView id=exchange open=true/><RevealChoice/> }
                .into_any()
        }
        Event::Streamed { exchange, event } => view! { <Streamed exchange event at/> }.into_any(),
        Event::Rpc { exchange, rpc } => view! { <Message exchange rpc at/> }.into_any(),
        _ => ().into_any(),
    }
}

#[component]
fn Heading(title: String) -> impl IntoView {
    let list = Route::Wire(None);
    view! {
        <header class="detail-head">
            <div class="row nowrap">
                <h2 id="entry-title" class="grow">{foreign(title)}</h2>
                <a class="button quiet icon" href=href(&list) aria-label="Close" on:click=follow(list)><Drawing icon=Icon::Close/></a>
            </div>
        </header>
    }
}

/// What is known of a request; it grows as the answer comes.
#[component]
fn Sent(exchange: ExchangeId, step: Option<Step>, at: String) -> impl IntoView {
    let session = session();
    let known = session.trace_memo(move |it| it.exchange(exchange).cloned());
    let (from, to) = step.map_or((Party::Client, Party::Server), Step::route);
    let status = move || known.read().as_ref().and_then(|it| it.status());
    let took = move || known.read().as_ref().and_then(|it| it.took()).map(format::milliseconds);
    let size = move || known.read().as_ref().and_then(|it| it.body.as_ref().map(|it| format::bytes(it.bytes)));
    view! {
        <dl class="facts small">
            <dt>"Between"</dt><dd>{party(from)}" → "{party(to)}</dd>
            <dt>"Sent"</dt><dd class="number">{at}</dd>
            {move || status().map(|it| view! { <dt>"Status"</dt><dd><span class="code" data-class=words::class(Some(&it))>{it.clone()}</span></dd> })}
            {move || took().map(|it| view! { <dt>"Duration"</dt><dd>{it}</dd> })}
            {move || size().map(|it| view! { <dt>"Size"</dt><dd>{it}</dd> })}
            {step.map(|it| view! { <dt>"Step"</dt><dd><a href=href(&step_route(it)) on:click=follow(step_route(it))>{it.number()}" "{it.title()}</a></dd> })}
        </dl>
    }
}

fn party(party: Party) -> impl IntoView {
    view! { <span class="party" data-party=party.name()>{party.title()}</span> }
}

#[component]
pub fn RevealChoice() -> impl IntoView {
    let reveal = session().reveal;
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=reveal on:change:target=move |event| reveal.set(event.target().checked())/>
            "Show secrets"
        </label>
    }
}

#[component]
fn Streamed(exchange: ExchangeId, event: StreamEvent, at: String) -> impl IntoView {
    let body = event.body();
    view! {
        <Heading title=format!("Event {}", event.event)/>
        <dl class="facts small">
            <dt>"Received"</dt><dd class="number">{at}</dd>
            {event.id.map(|it| view! { <dt>"ID"</dt><dd class="mono">{foreign(it)}</dd> })}
            <dt>"Size"</dt><dd>{format::bytes(event.bytes)}</dd>
            <Carrier exchange/>
        </dl>
        <h3>"Data"</h3>
        <Shown body party="server" label="Data"/>
    }
}

#[component]
fn Message(exchange: ExchangeId, rpc: Rpc, at: String) -> impl IntoView {
    let body = rpc.body();
    let (way, party) = if rpc.way == Way::Out { ("Sent", "client") } else { ("Received", "server") };
    let title =
        if rpc.method.is_empty() { rpc.kind.name().to_owned() } else { format!("{} {}", rpc.method, rpc.kind.name()) };
    view! {
        <Heading title/>
        <dl class="facts small">
            <dt>{way}</dt><dd class="number">{at}</dd>
            {rpc.id.map(|it| view! { <dt>"ID"</dt><dd class="mono">{foreign(it)}</dd> })}
            <dt>"Size"</dt><dd>{format::bytes(rpc.bytes)}</dd>
            <Carrier exchange/>
        </dl>
        <h3>"Message"</h3>
        <Shown body party label="Message"/>
    }
}

/// What came or went, its secrets masked until they are to be shown.
#[component]
fn Shown(body: Body, party: &'static str, label: &'static str) -> impl IntoView {
    let session = session();
    view! {
        {move || {
            let reveal = session.reveal();
            view! { <WireText block=lines::message(&body, reveal) party label reveal/> }
        }}
        <RevealChoice/>
    }
}

/// The request whose body or answer it came in.
#[component]
fn Carrier(exchange: ExchangeId) -> impl IntoView {
    let request = session().peek_trace(|it| {
        let row = wire::row(it, wire::request_of(it, exchange)?)?;
        Some((row.number, format!("{} {}", row.method, row.url)))
    });
    request.map(|(number, words)| {
        let route = Route::Wire(Some(number.to_string()));
        view! { <dt>"Exchange"</dt><dd><a href=href(&route) on:click=follow(route)>{foreign(words)}</a></dd> }
    })
}
