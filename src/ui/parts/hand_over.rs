//! Continuing with curl where the browser blocks a response: the command, and a field for its output.

use super::copy::Copy;
use crate::http::Request;
use crate::http::curl::{self, Shell};
use crate::inspector::{HandOver, Input, Offer};
use crate::ui::prelude::*;
use crate::ui::session::session;

/// The hand-over of the request that the browser blocked; nothing where there is none.
#[component]
pub fn HandOverPart() -> impl IntoView {
    let session = session();
    let handed = session.memo(|it| it.hand_over().cloned());
    move || handed.get().map(|handed| anew(view! { <Handed handed/> }))
}

#[component]
fn Handed(handed: HandOver) -> impl IntoView {
    let session = session();
    let waits = session.memo(|it| it.awaits_hand_over());
    let again = handed.can_log_in();
    let stop = move |_| session.dispatch(Input::StopHere);
    let body = match handed.offer {
        Offer::Login => view! { <LogIn/> }.into_any(),
        Offer::Command(request) => view! { <Command request again/> }.into_any(),
    };
    view! {
        <section class="hand-over stack" data-testid="hand-over" aria-labelledby="hand-over-title">
            <h3 id="hand-over-title">"Continue with curl"</h3>
            {body}
            {move || waits.get().then(|| view! {
                <div class="row"><button type="button" class="quiet" data-testid="flow-give-up" on:click=stop>"Cancel login"</button></div>
            })}
        </section>
    }
}

/// The code is redeemed: another login brings the next one.
#[component]
fn LogIn() -> impl IntoView {
    let session = session();
    let log_in = move |_| session.dispatch(Input::LogInToHandOver);
    view! {
        <p>
            "The token request reached the server, so the code is redeemed. Log in again; Flowglass then stops before the new code is redeemed and shows the curl command."
        </p>
        <div class="row">
            <button type="button" class="main" data-testid="hand-over-go-on" on:click=log_in>"Log in again"</button>
        </div>
    }
}

/// The command is quoted for one shell, and unsafe in another.
#[component]
fn ShellChoice(shell: RwSignal<Shell>) -> impl IntoView {
    let options = Shell::ALL.map(|(_, name, title)| view! { <option value=name>{title}</option> });
    view! {
        <div class="field">
            <label for="hand-over-shell">"Shell"</label>
            <select
                id="hand-over-shell" data-testid="hand-over-shell"
                on:change:target=move |event| shell.set(Shell::parse(&event.target().value()))
            >
                {options.into_iter().collect_view()}
            </select>
        </div>
    }
}

#[component]
fn Command(request: Request, again: bool) -> impl IntoView {
    let session = session();
    let shell = RwSignal::new(Shell::Bash);
    let request = StoredValue::new(request);
    let command = move || request.with_value(|it| curl::command(it, shell.get()));
    let shown = move || command().write(session.reveal());
    let log_in = move |_| session.dispatch(Input::LogInToHandOver);
    view! {
        <p>
            "The browser blocks this response, but a terminal does not. Run the command and paste its output to continue; the trace marks it as pasted."
        </p>
        <ShellChoice shell/>
        <pre class="wire" tabindex="0" aria-label="Command" data-testid="hand-over-command">{move || foreign(shown())}</pre>
        <div class="row">
            <Copy text=move |()| untrack(|| command().expose())/>
            <span class="small muted">"includes secrets"</span>
        </div>
        <Answer/>
        {again.then(|| view! {
            <p class="row small">
                <span class="muted">"A code can be redeemed once and expires within minutes."</span>
                <button type="button" class="quiet" data-testid="hand-over-log-in" on:click=log_in>"Log in again"</button>
            </p>
        })}
    }
}

#[component]
fn Answer() -> impl IntoView {
    let session = session();
    let (text, write) = signal(String::new());
    let (refusal, refuse) = signal(None::<&'static str>);
    let paste = move |_| match text.with_untracked(|it| is_object(it)) {
        true => session.dispatch(Input::Paste(text.get_untracked())),
        false => refuse.set(Some("Paste the whole JSON object, from { to }.")),
    };
    view! {
        <div class="field">
            <label for="hand-over-answer">"Output of the command"</label>
            <textarea
                id="hand-over-answer" data-testid="hand-over-answer" class="mono" rows="4" spellcheck="false"
                prop:value=text on:input:target=move |event| write.set(event.target().value())
            ></textarea>
            {move || refusal.get().map(|it| view! { <p class="error" role="alert">{it}</p> })}
        </div>
        <div class="row">
            <button type="button" class="main" data-testid="hand-over-go-on" on:click=paste>"Continue"</button>
        </div>
    }
}

fn is_object(text: &str) -> bool {
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok()
}
