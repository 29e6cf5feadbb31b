//! Step mode: the request that waits, as it would leave, and what can be done about it.

mod parameters;

use crate::base::text::Reveal;
use crate::inspector::{Edited, Input, Paused};
use crate::ui::prelude::*;
use crate::ui::session::session;
use parameters::{FORM, Parameters, QUERY};

/// The request as it is edited; the original until something was changed.
#[derive(Clone, Copy)]
pub struct Draft {
    original: StoredValue<Edited>,
    edited: RwSignal<Option<Edited>>,
}

impl Draft {
    fn of(paused: &Paused) -> Self {
        Self { original: StoredValue::new(Edited::of(&paused.request)), edited: RwSignal::new(None) }
    }

    fn now(self) -> Edited {
        self.edited.get_untracked().unwrap_or_else(|| self.original.get_value())
    }

    fn change(self, change: impl FnOnce(&mut Edited)) {
        let mut whole = self.now();
        change(&mut whole);
        self.edited.set(Some(whole));
    }
}

/// The paused request with its buttons; nothing where none waits.
#[component]
pub fn Pending() -> impl IntoView {
    let session = session();
    let paused = session.memo(|it| it.paused().cloned());
    move || paused.get().map(|paused| anew(view! { <PendingRequest paused/> }))
}

#[component]
fn PendingRequest(paused: Paused) -> impl IntoView {
    let draft = Draft::of(&paused);
    let title = format!("Paused before request: step {} {}", paused.step.number(), paused.step.title());
    view! {
        <section class="pending stack" aria-labelledby="pending-title">
            <h3 id="pending-title">{title}</h3>
            <Outline paused=paused.clone()/>
            <Choices/>
            <Editor paused=paused.clone() draft/>
            <Buttons paused draft/>
        </section>
    }
}

#[component]
fn Buttons(paused: Paused, draft: Draft) -> impl IntoView {
    let session = session();
    let (refusal, refuse) = signal(None::<String>);
    let label = if paused.leaves() { "Open login" } else { "Send" };
    let send = move |_| {
        let changed = draft.edited.get_untracked();
        match changed.as_ref().map(|it| it.request(&paused.request)) {
            Some(Err(words)) => refuse.set(Some(words)),
            _ => session.dispatch(Input::Proceed(changed.map(Box::new))),
        }
    };
    let go_on = move |_| session.dispatch(Input::GoOnByItself);
    let stop = move |_| session.dispatch(Input::StopHere);
    view! {
        {move || refusal.get().map(|it| view! { <p class="error" role="alert">{foreign(it)}</p> })}
        <div class="row">
            <button type="button" class="main" data-testid="step-next" on:click=send>{label}</button>
            <button type="button" data-testid="step-automatic" on:click=go_on>"Run to end"</button>
            <button type="button" class="quiet" data-testid="step-stop" on:click=stop>"Stop"</button>
        </div>
    }
}

/// The request as it would leave; its secrets masked unless they are shown.
#[component]
fn Outline(paused: Paused) -> impl IntoView {
    let session = session();
    let text = move || outline(&paused, session.reveal());
    view! { <pre class="wire" tabindex="0" aria-label="Paused request" data-testid="step-request">{move || foreign(text())}</pre> }
}

fn outline(paused: &Paused, reveal: Reveal) -> String {
    let request = &paused.request;
    let (address, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
    let mut lines = vec![format!("{} {address}", request.method.as_str())];
    lines.extend(form_urlencoded::parse(query.as_bytes()).map(|(name, value)| format!("  {name}={value}")));
    lines.extend(request.headers.iter().map(|(name, value)| format!("{name}: {}", value.write(reveal))));
    if let Some(body) = &request.body {
        lines.extend([String::new(), body.marked().write(reveal).replace('&', "\n")]);
    }
    lines.join("\n")
}

/// The authorization servers that are named, where it is time to choose.
#[component]
fn Choices() -> impl IntoView {
    let session = session();
    let named = session.memo(|it| it.choices().to_vec());
    let option = |issuer: String| view! { <option value=issuer.clone()>{issuer.clone()}</option> };
    let choose = move |issuer: String| session.dispatch(Input::Choose(issuer));
    move || {
        (!named.read().is_empty()).then(|| view! {
            <div class="field">
                <label for="issuer-choice">"Authorization server"</label>
                <select id="issuer-choice" data-testid="issuer-choice" on:change:target=move |event| choose(event.target().value())>
                    <option value="">"Choose another"</option>
                    {named.get().into_iter().map(option).collect_view()}
                </select>
            </div>
        })
    }
}

/// The parts of the request to change. Secrets are shown: the user opened this to see them.
#[component]
fn Editor(paused: Paused, draft: Draft) -> impl IntoView {
    let (opened, open) = signal(false);
    let fields = move || {
        let (step, leaves) = (paused.step, paused.leaves());
        let has = |part: fn(&Edited) -> &String| !part(&draft.now()).is_empty();
        let is_form = paused.is_form();
        view! {
            <PartField part=URL draft/>
            {(leaves || has(|it| &it.query)).then(|| view! { <Parameters place=QUERY step draft/> })}
            {(!leaves).then(|| view! { <PartField part=HEADERS draft/> })}
            {is_form.then(|| view! { <Parameters place=FORM step draft/> })}
            {(!leaves && !is_form).then(|| view! { <PartField part=BODY draft/> })}
        }
    };
    view! {
        <details>
            <summary data-testid="step-edit" on:click=move |_| open.set(true)>"Edit"</summary>
            {move || opened.get().then(|| view! { <div class="stack">{fields()}</div> })}
        </details>
    }
}

#[component]
fn PartField(part: Part, draft: Draft) -> impl IntoView {
    let value = (part.get)(&draft.now()).clone();
    let write = move |text: String| draft.change(|it| *(part.set)(it) = text);
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
    get: fn(&Edited) -> &String,
    set: fn(&mut Edited) -> &mut String,
}

const URL: Part = Part { id: "step-url", label: "URL", rows: "1", get: |it| &it.url, set: |it| &mut it.url };
const HEADERS: Part = Part {
    id: "step-headers",
    label: "Headers, one per line",
    rows: "2",
    get: |it| &it.headers,
    set: |it| &mut it.headers,
};
const BODY: Part = Part { id: "step-body", label: "Body", rows: "8", get: |it| &it.body, set: |it| &mut it.body };
