//! The finished calls of a tool: each with its arguments and how it ended, to be opened, repeated, edited, compared.

mod compare;

use super::drafts::Sheet;
use crate::base::format;
use crate::base::text::prefix;
use crate::explain::wire::words::clock;
use crate::explain::words::live;
use crate::inspector::{Call, History, Input};
use crate::mcp::connection::{Ask, Target};
use crate::trace::Millis;
use crate::ui::parts::browse::{Lists, Open};
use crate::ui::parts::result::{is_pending, tone, words};
use crate::ui::parts::styled::styled;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::clock::offset;
use crate::web::window;
use compare::Compared;

/// As much of the arguments as fits a row, in bytes.
const ARGUMENTS: usize = 200;

/// What the rows share.
#[derive(Clone, Copy)]
struct Rows {
    sheet: Sheet,
    target: StoredValue<Target>,
    /// The calls by their numbers, the newest first.
    numbers: Memo<Vec<u32>>,
    /// Nothing can be called: a call is on its way, or there is no connection.
    off: Signal<bool>,
    /// The call that is compared with the newest.
    compared: RwSignal<Option<u32>>,
}

/// The calls of a tool, once there are any.
#[component]
pub fn CallHistory(sheet: Sheet, target: StoredValue<Target>, open: Open) -> impl IntoView {
    styled(include_str!("../../../../style/history.css"));
    let session = session();
    let numbers = session.memo(move |it| {
        let number = |call: &Call| call.number;
        target.with_value(|target| it.calls(target).into_iter().map(number).collect::<Vec<u32>>())
    });
    let pending = Memo::new(move |_| target.with_value(|it| is_pending(session, it)));
    let off = Signal::derive(move || pending.get() || !open.lists.with(Lists::is_connected));
    let rows = Rows { sheet, target, numbers, off, compared: RwSignal::new(None) };
    let there = Memo::new(move |_| !numbers.read().is_empty());
    view! {
        <Show when=move || there.get() fallback=NoCalls>
            <details class="history" open data-testid="call-history">
                <summary>"History "<small>{move || format::count(numbers.read().len())}</small></summary>
                <ol class="calls" aria-label="Finished calls, newest first">
                    <Keyed keys=numbers draw=move |number: u32| view! { <CallRow number rows/> }/>
                </ol>
                <Replaced sheet/>
                <Compared numbers compared=rows.compared/>
                <Bounds/>
            </details>
        </Show>
    }
}

#[component]
fn NoCalls() -> impl IntoView {
    view! { <p class="small muted">"Finished calls are listed here. Call the tool for the first one."</p> }
}

/// The time of a call, as the clock here shows it.
fn time(at: Millis) -> String {
    clock(at, offset(at))
}

#[component]
fn CallRow(number: u32, rows: Rows) -> impl IntoView {
    let session = session();
    let Some(call) = session.peek(|it| it.history().numbered(number).cloned()) else { return ().into_any() };
    let shown = session.memo(move |it| rows.target.with_value(|target| it.history().shown(target)) == Some(number));
    let arguments = prefix(&call.ask.arguments, ARGUMENTS).replace(['\n', '\r', '\t'], " ");
    let lost = match call.dropped {
        Some(bytes) => Some(format!("Result ({}) not kept.", format::bytes(bytes))),
        None => (!call.is_storable()).then(|| "Result is lost on reload.".to_owned()),
    };
    let took = call.took();
    let named = format!("call-{number}");
    view! {
        <li
            data-testid="history-item" data-status=call.status.name() data-ms=took
            aria-current=move || shown.get().then_some("true")
        >
            <p class="row nowrap" id=named.clone()>
                <span class="chip" data-tone=tone(call.status)>{words(call.status)}</span>
                <time>{time(call.began)}</time>
                <span class="small muted number">{format::milliseconds(took as f64)}</span>
                <code class="cut grow">{foreign(arguments)}</code>
            </p>
            <Actions number rows named/>
            {call.left.then(|| view! { <p class="small muted">{live::LEFT}</p> })}
            {lost.map(|it| view! { <p class="small muted">{it}</p> })}
        </li>
    }
    .into_any()
}

#[component]
fn Actions(number: u32, rows: Rows, named: String) -> impl IntoView {
    let session = session();
    let ask = move || session.peek(|it| it.history().numbered(number).map(|it| it.ask.clone()));
    let fill = move || {
        if let Some(Ask { arguments, .. }) = ask() {
            rows.sheet.replace(&arguments);
        }
    };
    let open = move |_| {
        session.dispatch(Input::ShowCall(rows.target.get_value(), number));
        fill();
        request_animation_frame(|| window::bring_up("section.result"));
    };
    let again = move |_| {
        if let Some(ask) = ask().filter(|_| !rows.off.get_untracked()) {
            session.dispatch(Input::Ask(ask));
            request_animation_frame(|| window::bring_up("section.result"));
        }
    };
    let edit = move |_| {
        fill();
        request_animation_frame(|| window::focus("form.call :is(input, textarea, select):not(#args-mode)"));
    };
    let is_compared = Memo::new(move |_| rows.compared.get() == Some(number));
    let compare = move |_| {
        rows.compared.set((!is_compared.get_untracked()).then_some(number));
        request_animation_frame(|| window::focus("[data-testid=result-diff]"));
    };
    let is_newest = Memo::new(move |_| rows.numbers.read().first() == Some(&number));
    let off = move || rows.off.get().then_some("true");
    let remove = move |_| {
        if is_compared.get_untracked() {
            rows.compared.set(None);
        }
        session.remove_call(number);
    };
    let [of_again, of_edit, of_compare, of_remove] = std::array::from_fn(|_| named.clone());
    view! {
        <div class="row">
            <button type="button" class="quiet" data-testid="history-open" aria-describedby=named on:click=open>"Open"</button>
            <button
                type="button" class="quiet" data-testid="history-again" aria-describedby=of_again aria-disabled=off
                on:click=again
            >
                "Again"
            </button>
            <button type="button" class="quiet" data-testid="history-edit" aria-describedby=of_edit on:click=edit>"Edit"</button>
            <Show when=move || !is_newest.get()>
                <button
                    type="button" class="quiet" data-testid="history-compare" aria-describedby=of_compare.clone()
                    aria-pressed=move || is_compared.get().to_string() on:click=compare
                >
                    "Compare"
                </button>
            </Show>
            <button type="button" class="quiet" data-testid="history-remove" aria-describedby=of_remove on:click=remove>"Remove"</button>
        </div>
    }
}

/// That the arguments were replaced, and the way back.
#[component]
fn Replaced(sheet: Sheet) -> impl IntoView {
    let there = Memo::new(move |_| sheet.replaced.read().is_some());
    view! {
        <div role="status">
            <Show when=move || there.get()>
                <p class="row small">
                    <span>"Arguments replaced."</span>
                    <button type="button" class="quiet" on:click=move |_| sheet.bring_back()>"Undo"</button>
                </p>
            </Show>
        </div>
    }
}

/// What is kept, and for how long.
#[component]
fn Bounds() -> impl IntoView {
    let memory_only = session().memo(|it| it.settings().is_some_and(|it| it.memory_only));
    let kept = format!("At most {} calls of a tool are kept, {} in all.", History::OF_TOOL, History::OF_ALL);
    let over_a_reload = move || match memory_only.get() {
        true => "Tokens are in memory only, so calls are lost on reload.".to_owned(),
        false => {
            let [one, all] = [History::ONE, History::IN_STORAGE].map(format::bytes);
            format!("A reload keeps {one} of each, {all} in all.")
        }
    };
    view! {
        <p class="small muted">{kept}</p>
        <p class="small muted">{over_a_reload}</p>
    }
}

/// Of which call the result is, where it is not the newest.
#[component]
pub fn Earlier(target: StoredValue<Target>) -> impl IntoView {
    let session = session();
    let earlier = session.memo(move |it| {
        target.with_value(|target| {
            let newest = it.calls(target).first()?.number;
            let shown = it.history().numbered(it.history().shown(target)?)?;
            (shown.number != newest && !it.outcome(target)?.status.is_open()).then_some((newest, shown.began))
        })
    });
    let back = move |newest: u32| session.dispatch(Input::ShowCall(target.get_value(), newest));
    let view = move |(newest, began): (u32, Millis)| {
        view! {
            <span class="row small">
                <span>{format!("Result of {}", time(began))}</span>
                <button type="button" class="quiet" data-testid="history-newest" on:click=move |_| back(newest)>"Show newest"</button>
            </span>
        }
    };
    view! { <span role="status">{move || earlier.get().map(view)}</span> }
}
