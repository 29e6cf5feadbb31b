//! Step mode: the request that waits, as it would leave, and what can be done about it.

use crate::inspector::{Edited, Input, Paused};
use crate::text::Reveal;
use crate::ui::prelude::*;
use crate::ui::session::session;

/// The paused request with its buttons; nothing where none waits.
#[component]
pub fn Pending() -> impl IntoView {
    let session = session();
    let paused = session.memo(|it| it.paused().cloned());
    move || paused.get().map(|paused| view! { <PendingRequest paused/> })
}

#[component]
fn PendingRequest(paused: Paused) -> impl IntoView {
    let (edited, edit) = signal(None::<Edited>);
    let title = if paused.leaves() { "Next, the browser leaves" } else { "Next, this request leaves" };
    view! {
        <section class="pending stack" aria-labelledby="pending-title">
            <h3 id="pending-title">{title}</h3>
            <Outline paused=paused.clone()/>
            <Choices/>
            <Editor paused=paused.clone() edited edit/>
            <Buttons paused edited/>
        </section>
    }
}

#[component]
fn Buttons(paused: Paused, edited: ReadSignal<Option<Edited>>) -> impl IntoView {
    let session = session();
    let (refusal, refuse) = signal(None::<String>);
    let label = if paused.leaves() { "Go there" } else { "Send it" };
    let send = move |_| {
        let changed = edited.get_untracked();
        match changed.as_ref().map(|it| it.request(&paused.request)) {
            Some(Err(words)) => refuse.set(Some(words)),
            _ => session.dispatch(Input::Proceed(changed.map(Box::new))),
        }
    };
    let go_on = move |_| session.dispatch(Input::GoOnByItself);
    let stop = move |_| session.dispatch(Input::StopHere);
    view! {
        {move || refusal.get().map(|it| view! { <p class="error" role="alert">{it}</p> })}
        <div class="row">
            <button type="button" class="main" data-testid="step-next" on:click=send>{label}</button>
            <button type="button" data-testid="step-automatic" on:click=go_on>"Go on without pauses"</button>
            <button type="button" class="quiet" data-testid="step-stop" on:click=stop>"Stop here"</button>
        </div>
    }
}

/// The request as it would leave; its secrets masked unless they are shown.
#[component]
fn Outline(paused: Paused) -> impl IntoView {
    let session = session();
    let text = move || outline(&paused, session.reveal());
    view! { <pre class="wire" tabindex="0" aria-label="The request that waits" data-testid="step-request">{text}</pre> }
}

fn outline(paused: &Paused, reveal: Reveal) -> String {
    let request = &paused.request;
    let (address, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
    let mut lines = vec![format!("{} {address}", request.method.as_str())];
    lines.extend(form_urlencoded::parse(query.as_bytes()).map(|(name, value)| format!("  {name}={value}")));
    lines.extend(request.headers.iter().map(|(name, value)| format!("{name}: {}", value.write(reveal))));
    if let Some(body) = &request.body {
        lines.extend([String::new(), body.write(reveal).replace('&', "\n")]);
    }
    lines.join("\n")
}

/// The authorization servers that are named, where it is time to choose.
#[component]
fn Choices() -> impl IntoView {
    let session = session();
    let named = session.memo(|it| it.choices().to_vec());
    let option = |issuer: String| view! { <option value=issuer.clone()>{issuer}</option> };
    let choose = move |issuer: String| session.dispatch(Input::Choose(issuer));
    move || {
        (!named.read().is_empty()).then(|| view! {
            <div class="field">
                <label for="issuer-choice">"The server names several authorization servers"</label>
                <select id="issuer-choice" data-testid="issuer-choice" on:change:target=move |event| choose(event.target().value())>
                    <option value="">"Choose another one"</option>
                    {named.get().into_iter().map(option).collect_view()}
                </select>
            </div>
        })
    }
}

/// The parts of the request to change. They are the true ones: a person opened this to see them.
#[component]
fn Editor(paused: Paused, edited: ReadSignal<Option<Edited>>, edit: WriteSignal<Option<Edited>>) -> impl IntoView {
    let (opened, open) = signal(false);
    let parts = if paused.leaves() { PARTS.iter().take(2) } else { PARTS.iter().take(4) };
    let original = StoredValue::new(Edited::of(&paused.request));
    let fields = move || parts.clone().map(|it| view! { <PartField part=*it original edited edit/> }).collect_view();
    view! {
        <details>
            <summary data-testid="step-edit" on:click=move |_| open.set(true)>"Change it first"</summary>
            {move || opened.get().then(|| view! { <div class="stack">{fields()}</div> })}
        </details>
    }
}

#[component]
fn PartField(
    part: Part,
    original: StoredValue<Edited>,
    edited: ReadSignal<Option<Edited>>,
    edit: WriteSignal<Option<Edited>>,
) -> impl IntoView {
    let now = move || edited.get().unwrap_or_else(|| original.get_value());
    let value = move || (part.get)(&now());
    let write = move |text: String| {
        let mut whole = edited.get_untracked().unwrap_or_else(|| original.get_value());
        *(part.set)(&mut whole) = text;
        edit.set(Some(whole));
    };
    view! {
        <div class="field">
            <label for=part.id>{part.label}</label>
            <textarea
                id=part.id data-testid=part.id class="mono" rows=part.rows spellcheck="false" prop:value=value
                on:input:target=move |event| write(event.target().value())
            ></textarea>
        </div>
    }
}

/// A part of a request as a field.
#[derive(Clone, Copy)]
struct Part {
    id: &'static str,
    label: &'static str,
    rows: &'static str,
    get: fn(&Edited) -> String,
    set: fn(&mut Edited) -> &mut String,
}

const PARTS: [Part; 4] = [
    Part { id: "step-url", label: "Address", rows: "1", get: |it| it.url.clone(), set: |it| &mut it.url },
    Part {
        id: "step-query",
        label: "Parameters of the address, one a line",
        rows: "8",
        get: |it| it.query.clone(),
        set: |it| &mut it.query,
    },
    Part {
        id: "step-headers",
        label: "Headers, one a line",
        rows: "2",
        get: |it| it.headers.clone(),
        set: |it| &mut it.headers,
    },
    Part { id: "step-body", label: "Body", rows: "8", get: |it| it.body.clone(), set: |it| &mut it.body },
];
