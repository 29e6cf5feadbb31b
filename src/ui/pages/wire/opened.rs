//! An exchange that is open: both messages with their headers, the timing, and the events of its stream.

use super::actions::Actions;
use super::detail::RevealChoice;
use super::exchanges::Exchanges;
use crate::base::format;
use crate::base::text::Reveal;
use crate::explain::walkthrough::words::Party;
use crate::explain::wire::exchanges::{self as wire, Hidden};
use crate::explain::wire::{lines, words};
use crate::http::Request;
use crate::trace::{Exchange, ExchangeId, Millis, StreamEvent};
use crate::ui::parts::exchange::{Missing, WholeBody, WireText};
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::resize::Resize;
use leptos::html::Div;

/// How many events of a stream are shown at first, the newest, and how many more at each press.
const EVENTS: usize = 20;
const EARLIER: usize = 100;

#[component]
pub fn Opened(
    id: ExchangeId,
    exchanges: Exchanges,
    /// Told how high it is, in pixels.
    room: RwSignal<f64>,
) -> impl IntoView {
    let session = session();
    let node = NodeRef::<Div>::new();
    let resize = StoredValue::new_local(None::<Resize>);
    Effect::new(move |_| {
        let Some(node) = node.get() else { return };
        let element = node.clone();
        let measure = move || {
            room.try_set(element.get_bounding_client_rect().height());
        };
        measure();
        resize.set_value(Resize::of(&node, measure));
    });
    let exchange = session.trace_memo(move |it| it.exchange(id).cloned());
    // The request stays what it was, however much comes in for it.
    let sent = session.peek_trace(|it| it.exchange(id).cloned());
    view! {
        <div class="exchange-open" node_ref=node>
            {sent.map(|sent| view! {
                <div class="row">
                    <code>{foreign(format!("{} {}", sent.request.method.as_str(), sent.request.url))}</code>
                    {sent.request.via.clone().map(|via| view! { <span class="small muted">"relayed by "{foreign(via.to)}</span> })}
                    <span class="grow"></span>
                    <Actions exchange=sent.clone() exchanges/>
                </div>
                <Timing exchange/>
                <div class="exchange-sides">
                    <Sent exchange=sent/>
                    <Received id exchange/>
                </div>
            })}
            <RevealChoice/>
        </div>
    }
}

/// Until the headers, and from then to the end of the response.
#[component]
fn Timing(exchange: Memo<Option<Exchange>>) -> impl IntoView {
    let timing = Memo::new(move |_| exchange.read().as_ref().and_then(wire::timing));
    let events = Memo::new(move |_| exchange.read().as_ref().map_or(0, |it| it.events));
    move || {
        let (waited, body) = timing.get()?;
        let share = body.map(|body| 100.0 * waited / (waited + body).max(1.0));
        let streamed = match events.get() {
            0 => String::new(),
            count => format!(", {}", format::counted(count as usize, "event", "events")),
        };
        let rest = body.map(|it| format!("{} body{streamed}", format::milliseconds(it)));
        Some(view! {
            <div class="timing">
                {share.map(|it| view! { <div class="timing-bar" aria-hidden="true" style:--waited=format!("{it:.1}%")></div> })}
                <div class="row small muted">
                    <span>{format::milliseconds(waited)}" until headers"</span>
                    <span class="grow"></span>
                    <span>{rest.unwrap_or_else(|| format!("response still open{streamed}"))}</span>
                </div>
            </div>
        })
    }
}

fn size(request: &Request) -> usize {
    request.body.as_ref().map_or(0, |it| it.len())
}

fn parties(exchange: &Exchange) -> (Party, Party) {
    exchange.step.map_or((Party::Client, Party::Server), |it| it.route())
}

#[component]
fn Sent(exchange: Exchange) -> impl IntoView {
    let session = session();
    let party = parties(&exchange).0.name();
    let bytes = size(&exchange.request);
    let text = move || {
        let reveal = session.reveal();
        view! { <WireText block=lines::request(&exchange.request, reveal) party label="Request" reveal/> }
    };
    view! {
        <section>
            <h3><span class="party" data-party=party>"Request"</span>" "{format::bytes(bytes)}</h3>
            {text}
            <p class="hint">{words::ADDED}</p>
        </section>
    }
}

#[component]
fn Received(id: ExchangeId, exchange: Memo<Option<Exchange>>) -> impl IntoView {
    let session = session();
    let hidden = session.trace_memo(move |it| {
        let hidden = it.exchange(id).map(|exchange| Hidden::of(it, exchange));
        hidden.map(words::hidden).unwrap_or_default()
    });
    let bytes = Memo::new(move |_| exchange.read().as_ref().and_then(wire::bytes));
    let party = untrack(|| exchange.read().as_ref().map_or(Party::Server, |it| parties(it).1)).name();
    let hints = move || hidden.get().into_iter().map(|it| view! { <p class="hint">{it}</p> }).collect_view();
    // Events and the response of another exchange change nothing of head and body.
    let answer = Memo::new(move |_| {
        let exchange = exchange.get()?;
        Some(Exchange { events: 0, streamed: 0, answer: None, ..exchange })
    });
    view! {
        <section>
            <h3><span class="party" data-party=party>"Response"</span>" "{move || bytes.get().map(format::bytes)}</h3>
            {move || answer.get().map(|exchange| view! { <Answer exchange party reveal=session.reveal()/> })}
            {hints}
            <Events id exchange/>
            <Elsewhere id/>
        </section>
    }
}

/// Head and body, as far as the browser shows them.
#[component]
fn Answer(exchange: Exchange, party: &'static str, reveal: Reveal) -> impl IntoView {
    let block = lines::answer(&exchange, reveal);
    let waits = exchange.head.is_none() && exchange.ended.is_none() && !exchange.navigation;
    view! {
        {(!block.lines.is_empty()).then(|| view! { <WireText block party label="Response" reveal/> })}
        {waits.then(|| view! { <p class="small muted">"Waiting for the response."</p> })}
        <Missing exchange=exchange.clone()/>
        <WholeBody exchange/>
    }
}

/// The events of its stream, each with the time since the request.
#[component]
fn Events(id: ExchangeId, exchange: Memo<Option<Exchange>>) -> impl IntoView {
    let session = session();
    let (most, set_most) = signal(EVENTS);
    let count = Memo::new(move |_| exchange.read().as_ref().map_or(0, |it| it.events as usize));
    let began = Memo::new(move |_| exchange.read().as_ref().map_or(0.0, |it| it.sent));
    let events = session.trace_memo(move |it| {
        it.exchange(id).map(|exchange| wire::events(it, exchange, most.get())).unwrap_or_default()
    });
    // They are numbered from the first on; those in memory may begin later.
    let first = Memo::new(move |_| count.get() - events.read().len().min(count.get()) + 1);
    let keys = Signal::derive(move || (first.get()..=count.get()).collect::<Vec<usize>>());
    let draw = move |number: usize| {
        let event = events.with_untracked(|all| all.get(number.checked_sub(first.get_untracked())?).cloned());
        event.map(|(at, event)| view! { <OneEvent number after=at - began.get_untracked() event/> })
    };
    let earlier = move || {
        (first.get() > 1 && events.read().len() >= most.get()).then(|| {
            let more = move |_| set_most.update(|it| *it += EARLIER);
            view! { <div><button type="button" on:click=more>"Show earlier events"</button></div> }
        })
    };
    view! {
        {earlier}
        <Keyed keys draw/>
    }
}

#[component]
fn OneEvent(number: usize, after: Millis, event: StreamEvent) -> impl IntoView {
    let session = session();
    let kind = Some(event.event.clone()).filter(|it| it != "message");
    let id = event.id.clone().map(|it| format!(" · id {it}"));
    let kind = kind.map(|it| format!(" · {it}"));
    let text = move || {
        let reveal = session.reveal();
        view! { <WireText block=lines::message(&event.body(), reveal) party="server" label="Event" reveal/> }
    };
    view! {
        <p class="small muted">{format!("Event {number} · {}", format::milliseconds(after))}{kind.map(foreign)}{id.map(foreign)}</p>
        {text}
    }
}

/// The response that came on another exchange.
#[component]
fn Elsewhere(id: ExchangeId) -> impl IntoView {
    let session = session();
    let answer = session.trace_memo(move |it| {
        let exchange = it.exchange(id)?;
        let (at, event) = wire::answer_elsewhere(it, exchange)?;
        Some((at - exchange.sent, event))
    });
    move || {
        let (after, event) = answer.get()?;
        let reveal = session.reveal();
        Some(view! {
            <p class="small muted">{format!("Response on another stream · {}", format::milliseconds(after))}</p>
            <WireText block=lines::message(&event.body(), reveal) party="server" label="Response" reveal/>
        })
    }
}
