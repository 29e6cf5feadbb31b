//! The window with the speaker's notes: what to say to the step that is on the stage, what comes next, and the time. It
//! knows nothing but what the presenter sends.

use crate::base::format;
use crate::explain::walkthrough::slides::{Cue, Message, NOTES};
use crate::ui::parts::prose::prose;
use crate::ui::parts::styled::styled;
use crate::ui::prelude::*;
use crate::web::channel::Channel;
use crate::web::clock;
use std::time::Duration;
use web_sys::KeyboardEvent;

const TICK: Duration = Duration::from_secs(1);

/// What each of the notes is, in their order.
const LABELS: [&str; 4] = ["What", "Why", "Without it", "Hint"];

#[component]
pub fn NotesPage() -> impl IntoView {
    styled(include_str!("../../../style/stage.css"));
    let received = RwSignal::new(None::<Message>);
    let channel = StoredValue::new_local(None::<Channel>);
    channel.set_value(Channel::open(NOTES, move |text| {
        let message = serde_json::from_str(&text).ok();
        if let Some(message @ (Message::Cue { .. } | Message::Over)) = message {
            received.set(Some(message));
        }
    }));
    let send = move |message: Message| {
        let text = serde_json::to_string(&message).unwrap_or_default();
        channel.with_value(|it| it.iter().for_each(|it| it.send(&text)));
    };
    send(Message::Hello);
    let turn = move |by: isize| send(Message::Turn(by));
    let key = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        if let Some(by) = turned(&event) {
            event.prevent_default();
            turn(by);
        }
    });
    on_cleanup(move || key.remove());
    let drawn = move || {
        match received.get() {
        Some(Message::Cue { cue, began }) => view! { <Notes cue began/> }.into_any(),
        Some(_) => view! { <p role="status">"The presentation is over."</p> }.into_any(),
        None => view! {
            <p role="status">"Waiting for a presentation. Open the walkthrough in another window, press Present, then N."</p>
        }
        .into_any(),
    }
    };
    view! {
        <main class="notes" data-testid="notes">
            {drawn}
            <div class="row">
                <button type="button" data-testid="notes-previous" on:click=move |_| turn(-1)>"Back"</button>
                <button type="button" class="main" data-testid="notes-next" on:click=move |_| turn(1)>"Next"</button>
            </div>
        </main>
    }
}

#[component]
fn Notes(cue: Cue, began: f64) -> impl IntoView {
    let Cue { title, notes, next, at, count } = cue;
    let rows = LABELS.into_iter().zip(notes).map(|(label, note)| {
        view! { <dt>{label}</dt><dd>{prose(&note)}</dd> }
    });
    view! {
        <header class="row">
            <h1 class="grow" data-testid="notes-title" aria-live="polite">{foreign(title)}</h1>
            <Clock began/>
            <span class="muted number">{format!("{} of {count}", at + 1)}</span>
        </header>
        <dl class="notes-list">{rows.collect_view()}</dl>
        <p class="notes-next"><span class="muted">"Next: "</span>{foreign(next.unwrap_or_else(|| "the end".to_owned()))}</p>
    }
}

/// How long the presentation has taken.
#[component]
fn Clock(began: f64) -> impl IntoView {
    let (now, set_now) = signal(clock::now());
    let ticking = set_interval_with_handle(move || set_now.set(clock::now()), TICK).ok();
    on_cleanup(move || ticking.iter().for_each(|it| it.clear()));
    view! { <output aria-live="off" data-testid="notes-time">{move || format::clock(now.get() - began)}</output> }
}

/// Which way a key turns. On a button, Space presses it.
fn turned(event: &KeyboardEvent) -> Option<isize> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    let target = event.target().and_then(|it| wasm_bindgen::JsCast::dyn_into::<web_sys::Element>(it).ok());
    let on_button = target.is_some_and(|it| it.tag_name() == "BUTTON");
    match event.key().as_str() {
        " " if on_button => None,
        " " | "ArrowRight" | "ArrowDown" | "PageDown" => Some(1),
        "ArrowLeft" | "ArrowUp" | "PageUp" => Some(-1),
        _ => None,
    }
}
