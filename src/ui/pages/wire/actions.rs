//! What can be done with an exchange: send it again, edit it, copy it, pin it.

use super::exchanges::Exchanges;
use crate::base::text::Text;
use crate::http::Mode;
use crate::inspector::{Input, Inspector};
use crate::mcp::raw::RawMessage;
use crate::trace::{Exchange, ExchangeId};
use crate::ui::later;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::clock::Timer;
use crate::web::window;
use leptos::task::spawn_local_scoped;

/// How long "Copied" stays, in milliseconds.
const SAID: u32 = 1600;

/// The message of an exchange, if it carries one that can be sent.
fn message(exchange: &Exchange) -> Option<RawMessage> {
    exchange.request.body.as_ref().map(Text::expose).as_deref().and_then(RawMessage::of_sent)
}

#[component]
pub fn Actions(exchange: Exchange, exchanges: Exchanges) -> impl IntoView {
    let session = session();
    let id = exchange.id;
    let live = !untrack(|| session.is_replaying());
    let raw = message(&exchange).filter(|_| live);
    let cut = live && exchange.message.is_some() && raw.is_none();
    let has_command = !exchange.navigation && exchange.request.mode != Mode::Opaque;
    let pinned = move || exchanges.is_pinned(id).to_string();
    view! {
        {cut.then(|| view! { <span class="small muted">"Cut: it cannot be sent again."</span> })}
        {raw.map(|raw| view! { <Sending raw exchanges/> })}
        {has_command.then(|| view! { <CopyCommand id/> })}
        <button class="quiet" type="button" data-testid="exchange-pin" aria-pressed=pinned on:click=move |_| exchanges.pin(id)>
            "Pin"
        </button>
    }
}

#[component]
fn Sending(raw: RawMessage, exchanges: Exchanges) -> impl IntoView {
    let session = session();
    let connected = session.memo(Inspector::is_connected);
    let raw = StoredValue::new(raw);
    let again = move |_| {
        if connected.get_untracked() {
            session.dispatch(Input::Raw(Box::new(raw.get_value())));
        }
    };
    view! {
        <button
            class="quiet" type="button" data-testid="exchange-again" on:click=again
            aria-disabled=move || (!connected.get()).then_some("true")
        >"Send again"</button>
        <button class="quiet" type="button" data-testid="exchange-edit" on:click=move |_| raw.with_value(|it| exchanges.edit(it))>
            "Edit"
        </button>
    }
}

/// The part that writes commands comes with the first press.
#[component]
fn CopyCommand(id: ExchangeId) -> impl IntoView {
    let session = session();
    let (said, say) = signal(None::<&'static str>);
    let timer = StoredValue::new_local(None::<Timer>);
    let copy = move |_| {
        spawn_local_scoped(async move {
            let command = later::command(session, id).await.ok().flatten();
            let taken = match command {
                Some(command) => window::copy(&command).await,
                None => false,
            };
            say.try_set(Some(if taken { "Copied" } else { "Not copied" }));
            timer.try_set_value(Timer::after(SAID, move || {
                say.try_set(None);
            }));
        });
    };
    view! {
        <button class="quiet" type="button" data-testid="exchange-curl" on:click=copy>
            <span aria-live="polite">{move || said.get().unwrap_or("Copy as curl")}</span>
        </button>
    }
}
