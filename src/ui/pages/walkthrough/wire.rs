//! What was on the wire at a step. A step that is a response shows that first, and the request that led to it folded.

use super::View;
use crate::explain::walkthrough::fields;
use crate::explain::walkthrough::words::Party;
use crate::explain::wire::{lines, words};
use crate::trace::step::Step;
use crate::trace::{Exchange, ExchangeId};
use crate::ui::parts::exchange::{ExchangeView, Purposes, Rest, WireText, known};
use crate::ui::prelude::*;
use crate::ui::session::session;

/// How many exchanges are drawn here; all are on the wire page.
const EXCHANGES: usize = 40;
/// Of so many, one is open from the start.
const FEW: usize = 8;

#[component]
pub fn StepWire(step: Step, view: View) -> impl IntoView {
    let telling = move || view.folded.read().attempt.as_ref().map(|it| it.telling(step));
    let all = Memo::new(move |_| telling().unwrap_or_default());
    match step.is_response() {
        true => view! { <Responses step all/> }.into_any(),
        false => view! { <Exchanges all/> }.into_any(),
    }
}

/// The exchanges of the step; of a few, the last one is open.
#[component]
fn Exchanges(all: Memo<Vec<ExchangeId>>) -> impl IntoView {
    let last = Memo::new(move |_| all.with(|it| it.last().copied().filter(|_| it.len() <= FEW)));
    let shown = move || all.read().iter().take(EXCHANGES).copied().collect::<Vec<ExchangeId>>();
    let more = move || {
        let count = all.read().len().checked_sub(EXCHANGES).filter(|it| *it > 0)?;
        Some(view! { <p class="small muted">{format!("{count} more requests are on the wire page.")}</p> })
    };
    let one = move |id| {
        let open = Memo::new(move |_| last.get() == Some(id));
        view! { <ExchangeView id open/> }
    };
    view! {
        <Keyed keys=Signal::derive(shown) draw=one/>
        {more}
    }
}

/// The response that the step is about; those that came before it are folded.
#[component]
fn Responses(step: Step, all: Memo<Vec<ExchangeId>>) -> impl IntoView {
    let before = move || all.read().split_last().map(|(_, before)| before.to_vec()).unwrap_or_default();
    let last = move || all.read().last().copied();
    let folded = move |id| view! { <ExchangeView id open=Signal::stored(false)/> };
    view! {
        {move || last().map(|id| anew(view! { <Response step id/> }))}
        <Keyed keys=Signal::derive(before) draw=folded/>
    }
}

#[component]
fn Response(step: Step, id: ExchangeId) -> impl IntoView {
    let session = session();
    let exchange = session.trace_memo(move |it| it.exchange(id).cloned());
    move || exchange.get().map(|exchange| view! { <Answered step exchange/> })
}

#[component]
fn Answered(step: Step, exchange: Exchange) -> impl IntoView {
    let reveal = session().reveal();
    let asked = exchange.step.unwrap_or(step);
    let (_, to) = asked.route();
    let (request, answer) = (lines::request(&exchange.request, reveal), lines::answer(&exchange, reveal));
    let known = known(Some(step), &lines::Block::default(), &answer);
    let host = words::host(&exchange.request.url).to_owned();
    let (_, path, _) = words::address(&exchange.request.url);
    let title = format!("Request of step {}: {} {path}", asked.number(), exchange.request.method.as_str());
    view! {
        <section class="answered">
            <h3>"Response from "{foreign(host)}</h3>
            <WireText block=answer party=to.name() label="Response" central=fields::central(step) reveal/>
            {(!known.is_empty()).then(|| view! { <Purposes known/> })}
            <Rest exchange/>
        </section>
        <details class="exchange">
            <summary>{foreign(title)}</summary>
            <WireText block=request party=Party::Client.name() label="Request" central=fields::central(asked) reveal/>
        </details>
    }
}
