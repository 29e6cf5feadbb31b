//! The raw sender: any JSON-RPC message, with the headers of the connection.

use super::exchanges::Exchanges;
use crate::base::format;
use crate::explain::wire::exchanges::ExchangeRow;
use crate::inspector::{Input, Inspector};
use crate::mcp::raw::{METHODS, RawMessage};
use crate::trace::ExchangeId;
use crate::ui::prelude::*;
use crate::ui::session::session;
use web_sys::{KeyboardEvent, SubmitEvent};

#[component]
pub fn Sender(exchanges: Exchanges) -> impl IntoView {
    let session = session();
    let connected = session.memo(Inspector::is_connected);
    let problem = RwSignal::new(None::<String>);
    let sent = RwSignal::new(None::<ExchangeId>);
    let send = move || {
        if !connected.get_untracked() {
            return;
        }
        match RawMessage::typed(&exchanges.method.read_untracked(), &exchanges.params.read_untracked()) {
            Ok(raw) => {
                problem.set(None);
                session.dispatch(Input::Raw(Box::new(raw)));
                sent.set(session.peek(|it| it.trace().newest().next().map(|it| it.id)));
            }
            Err(why) => problem.set(Some(why.to_string())),
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            send();
        }
    };
    view! {
        <details class="sender" open>
            <summary class="small">"Send a request"</summary>
            <form class="sender-form" novalidate on:submit=submit on:keydown=key>
                <Fields exchanges problem/>
                <div class="row">
                    <button class="main" data-testid="raw-send" aria-disabled=move || (!connected.get()).then_some("true")>"Send"</button>
                    <CancelRaw/>
                </div>
            </form>
            <Said connected problem sent/>
        </details>
    }
}

/// Gives up the newest request of the user's that waits for its response.
#[component]
fn CancelRaw() -> impl IntoView {
    let session = session();
    let waits = session.memo(|it| it.waiting_raw().cloned());
    move || {
        let id = waits.get()?;
        let cancel = move |_| session.dispatch(Input::CancelRaw(id.clone()));
        Some(view! { <button type="button" data-testid="raw-cancel" on:click=cancel>"Cancel"</button> })
    }
}

#[component]
fn Fields(exchanges: Exchanges, problem: RwSignal<Option<String>>) -> impl IntoView {
    let invalid = move || problem.read().is_some().then_some("true");
    let methods = METHODS.map(|it| view! { <option value=it></option> });
    view! {
        <input
            class="mono" list="raw-methods" data-testid="raw-method" aria-label="Method" placeholder="tools/list" autocomplete="off"
            autocapitalize="off" spellcheck="false" prop:value=exchanges.method
            on:input:target=move |event| exchanges.method.set(event.target().value())
        />
        <datalist id="raw-methods">{methods.into_iter().collect_view()}</datalist>
        <textarea
            id="raw-params" data-testid="raw-params" rows="1" aria-label="Params as JSON" placeholder="{ }" autocomplete="off"
            autocapitalize="off" spellcheck="false" aria-invalid=invalid aria-describedby="raw-said" prop:value=exchanges.params
            on:input:target=move |event| exchanges.params.set(event.target().value())
        ></textarea>
    }
}

/// What is wrong with what was typed, or how the last request stands.
#[component]
fn Said(connected: Memo<bool>, problem: RwSignal<Option<String>>, sent: RwSignal<Option<ExchangeId>>) -> impl IntoView {
    let session = session();
    let row = session.memo(move |it| sent.get().and_then(|id| ExchangeRow::of(it.trace(), id)));
    let stands = move || {
        let row = row.get()?;
        let took = row.took.map(|it| format!(" · {}", format::milliseconds(it))).unwrap_or_default();
        Some(format!("{} · {}{took}", row.method, row.stands().0))
    };
    let words = move || match (connected.get(), problem.get()) {
        (false, _) => Some(view! { <p class="hint">"Connect to a server to send requests."</p> }.into_any()),
        (true, Some(why)) => Some(view! { <p class="error">{foreign(why)}</p> }.into_any()),
        (true, None) => stands().map(|it| view! { <p class="hint">{foreign(it)}</p> }.into_any()),
    };
    view! { <div id="raw-said" aria-live="polite">{words}</div> }
}
