//! The presenter: a run on a stage, one step at a time, at the speaker's pace, by keys or a clicker.
//!
//! It draws a redacted trace, so there is no secret on the stage until the speaker asks for them there, whatever is shown on
//! the page below.

mod list;
mod stage;
mod strokes;

use crate::base::text::Reveal;
use crate::explain::walkthrough::Walkthrough;
use crate::explain::walkthrough::decisive::Claims;
use crate::explain::walkthrough::slides::{Message, NOTES, Show};
use crate::trace::{RedactedTrace, Trace};
use crate::ui::parts::link::href;
use crate::ui::parts::styled::styled;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::channel::Channel;
use crate::web::{clock, fullscreen, window};
use leptos::html::{Dialog, Div};
use list::StepList;
use stage::Stage;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// What is presented, and which slide of it.
#[derive(Clone, Copy)]
struct Presenting {
    show: Memo<Show>,
    at: RwSignal<usize>,
    /// Whether the list of steps is open.
    listed: RwSignal<bool>,
    /// Whether secrets are shown.
    revealed: RwSignal<bool>,
}

impl Presenting {
    fn turn(self, by: isize) {
        let count = self.show.with_untracked(|it| it.slides.len());
        self.at.update(|it| *it = it.saturating_add_signed(by).min(count.saturating_sub(1)));
    }

    fn step(self) -> Option<&'static str> {
        self.show.read().slides.get(self.at.get()).map(|it| it.step.name())
    }

    fn to(self, at: usize) {
        self.listed.set(false);
        self.at.set(at);
        window::focus("#stage");
    }
}

fn shown(trace: &Trace, reveal: Reveal) -> Show {
    let claims = Walkthrough::of(trace).and_then(|it| Claims::of(&it, trace));
    match reveal {
        Reveal::Shown => Show::of(trace, reveal, claims.as_ref()),
        Reveal::Masked => Show::of(RedactedTrace::of_attempt(trace).trace(), reveal, claims.as_ref()),
    }
}

#[component]
pub fn Presenter(open: RwSignal<bool>) -> impl IntoView {
    styled(include_str!("../../../../style/stage.css"));
    let session = session();
    let revealed = RwSignal::new(false);
    let show = Memo::new(move |_| {
        let reveal = if revealed.get() { Reveal::Shown } else { Reveal::Masked };
        session.trace(|trace| shown(trace, reveal))
    });
    let presenting = Presenting { show, at: RwSignal::new(0), listed: RwSignal::new(false), revealed };
    let (dialog, hall) = (NodeRef::<Dialog>::new(), NodeRef::<Div>::new());
    request_animation_frame(move || {
        if let Some(dialog) = dialog.try_get_untracked().flatten().filter(|it| it.is_connected() && !it.open()) {
            let _ = dialog.show_modal();
        }
    });
    let fill = Callback::new(move |()| match hall.get_untracked() {
        Some(hall) if !fullscreen::is_on() => fullscreen::enter(&hall),
        _ => fullscreen::leave(),
    });
    speak(presenting);
    let leave = move || {
        fullscreen::leave();
        open.set(false);
    };
    let key = move |event: KeyboardEvent| match event.key().as_str() {
        "f" | "F" if !event.ctrl_key() && !event.meta_key() => fill.run(()),
        _ => press(presenting, &event),
    };
    view! {
        <dialog
            node_ref=dialog class="presenter" data-testid="presenter" data-step=move || presenting.step() aria-label="Presentation"
            on:keydown=key on:close=move |_: web_sys::Event| leave()
        >
            <div class="hall" node_ref=hall>
                <Stage presenting/>
                <StepList presenting/>
                <Controls presenting fill leave=Callback::new(move |()| leave())/>
            </div>
        </dialog>
    }
}

#[component]
fn Controls(presenting: Presenting, fill: Callback<()>, leave: Callback<()>) -> impl IntoView {
    let count = move || presenting.show.read().slides.len();
    view! {
        <div class="presenter-bar">
            <button type="button" class="quiet" data-testid="presenter-previous" on:click=move |_| presenting.turn(-1)>"Back"</button>
            <button type="button" class="quiet" data-testid="presenter-next" on:click=move |_| presenting.turn(1)>"Next"</button>
            <span class="small muted number">{move || format!("slide {} of {}", (presenting.at.get() + 1).min(count()), count())}</span>
            <span class="small muted keys">"Space, arrow keys or a clicker"</span>
            <span class="grow"></span>
            <button
                type="button" class="quiet" data-testid="presenter-secrets" aria-keyshortcuts="s"
                aria-pressed=move || presenting.revealed.get().to_string() on:click=move |_| presenting.revealed.update(|it| *it = !*it)
            >"Secrets "<kbd>"S"</kbd></button>
            <button type="button" class="quiet" data-testid="presenter-list" aria-keyshortcuts="l" on:click=move |_| presenting.listed.update(|it| *it = !*it)>"Steps "<kbd>"L"</kbd></button>
            <button type="button" class="quiet" data-testid="presenter-notes" aria-keyshortcuts="n" on:click=move |_| open_notes()>"Notes "<kbd>"N"</kbd></button>
            <button type="button" class="quiet" data-testid="presenter-fullscreen" aria-keyshortcuts="f" on:click=move |_| fill.run(())>"Full screen "<kbd>"F"</kbd></button>
            <button type="button" class="quiet" data-testid="presenter-leave" on:click=move |_| leave.run(())>"Leave "<kbd>"Esc"</kbd></button>
        </div>
    }
}

fn open_notes() {
    window::open_beside(&format!("{}{}", window::origin(), href(&Route::Notes)));
}

/// Tells the speaker's window what is on the stage, and does what is pressed there.
fn speak(presenting: Presenting) {
    let began = clock::now();
    let cue = move || presenting.show.with(|show| show.cue(presenting.at.get())).map(|cue| Message::Cue { cue, began });
    let channel = StoredValue::new_local(None::<Channel>);
    let send = move |message: Option<Message>| {
        if let Some(text) = message.and_then(|it| serde_json::to_string(&it).ok()) {
            channel.with_value(|it| it.iter().for_each(|it| it.send(&text)));
        }
    };
    channel.set_value(Channel::open(NOTES, move |text| match serde_json::from_str(&text) {
        Ok(Message::Hello) => send(untrack(cue)),
        Ok(Message::Turn(by)) => presenting.turn(by),
        _ => {}
    }));
    Effect::new(move |_| send(cue()));
    on_cleanup(move || send(Some(Message::Over)));
}

/// What a key does. On a button, Space and Enter press it.
fn press(presenting: Presenting, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let on_button = target.is_some_and(|it| it.tag_name() == "BUTTON");
    let last = presenting.show.with_untracked(|it| it.slides.len().saturating_sub(1));
    match event.key().as_str() {
        " " if on_button => return,
        "Escape" if presenting.listed.get_untracked() => presenting.to(presenting.at.get_untracked()),
        "ArrowDown" | "ArrowUp" if presenting.listed.get_untracked() => return list::step(event),
        " " | "ArrowRight" | "ArrowDown" | "PageDown" => presenting.turn(1),
        "ArrowLeft" | "ArrowUp" | "PageUp" => presenting.turn(-1),
        "Home" => presenting.to(0),
        "End" => presenting.to(last),
        "l" | "L" => presenting.listed.update(|it| *it = !*it),
        "n" | "N" => open_notes(),
        "s" | "S" => presenting.revealed.update(|it| *it = !*it),
        _ => return,
    }
    event.prevent_default();
}
