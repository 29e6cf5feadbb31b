//! Presenter mode: a finished run on a stage, one step at a time, at the speaker's pace.
//!
//! It draws a redacted trace, so there is nothing to reveal, and nothing later than the present step.

use crate::export::RedactedTrace;
use crate::export::scene::{Scene, Stroke};
use crate::step::Step;
use crate::text::Text;
use crate::ui::parts::checks::Checks;
use crate::ui::parts::problem::Facts;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::walkthrough::words::Party;
use crate::walkthrough::{Row, StepStatus, Walkthrough};
use crate::wire::words;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, KeyboardEvent};

/// What is shown of one step.
struct Slide {
    row: Row,
    strokes: Vec<Stroke>,
}

/// The steps of which something happened.
fn slides(trace: &RedactedTrace) -> Vec<Slide> {
    let Some(attempt) = Walkthrough::of(trace.trace()) else { return Vec::new() };
    let mut drawn = Scene::of(trace).map(|it| it.rows).unwrap_or_default();
    let told = |row: &Row| !matches!(row.status, StepStatus::Pending | StepStatus::Skipped);
    let rows = attempt.rows.into_iter().enumerate().filter(|(_, row)| told(row));
    let mut slide = |(index, row): (usize, Row)| {
        let at = drawn.iter().position(|it| it.index == index);
        Slide { row, strokes: at.map(|at| drawn.swap_remove(at).strokes).unwrap_or_default() }
    };
    rows.map(&mut slide).collect()
}

#[component]
pub fn Presenter(open: RwSignal<bool>) -> impl IntoView {
    let slides: Arc<Vec<Slide>> = Arc::new(slides(&session().peek_trace(RedactedTrace::of_attempt)));
    let count = slides.len();
    let present = RwSignal::new(0_usize);
    let dialog = NodeRef::<HtmlDialogElement>::new();
    request_animation_frame(move || {
        if let Some(dialog) = dialog.get_untracked().filter(|it| it.is_connected() && !it.open()) {
            let _ = dialog.show_modal();
        }
    });
    let turn = move |by: isize| {
        present.update(|it| *it = it.saturating_add_signed(by).min(count.saturating_sub(1)));
    };
    let key = move |event: KeyboardEvent| {
        if let Some(by) = turned(&event) {
            event.prevent_default();
            turn(by);
        }
    };
    let (shown, trail) = (Arc::clone(&slides), slides);
    let step = move || trail.get(present.get()).map(|it| it.row.step.name());
    let leave = move || open.set(false);
    view! {
        <dialog
            node_ref=dialog class="presenter" data-testid="presenter" data-step=step aria-label="Presentation"
            on:keydown=key on:close=move |_: web_sys::Event| leave()
        >
            <section class="slide" tabindex="-1" autofocus aria-live="polite">
                {move || match shown.get(present.get()) {
                    Some(slide) => draw(slide, steps(&shown, present.get())),
                    None => view! { <p class="lead">"Nothing has happened yet that could be presented."</p> },
                }}
            </section>
            <footer class="row">
                <button type="button" data-testid="presenter-previous" on:click=move |_| turn(-1)>"Back"</button>
                <button type="button" class="main" data-testid="presenter-next" on:click=move |_| turn(1)>"Next"</button>
                <span class="muted number">{move || format!("{} of {count}", (present.get() + 1).min(count))}</span>
                <span class="grow"></span>
                <span class="small muted keys">"Space and arrows turn, Escape leaves"</span>
                <button type="button" class="quiet" data-testid="presenter-leave" on:click=move |_| leave()>"Leave"</button>
            </footer>
        </dialog>
    }
}

/// Which way a key turns. On a button, Space presses it.
fn turned(event: &KeyboardEvent) -> Option<isize> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let on_button = target.is_some_and(|it| it.tag_name() == "BUTTON");
    match event.key().as_str() {
        " " if on_button => None,
        " " | "ArrowRight" | "ArrowDown" | "PageDown" => Some(1),
        "ArrowLeft" | "ArrowUp" | "PageUp" => Some(-1),
        _ => None,
    }
}

/// The steps before the present one.
fn steps(slides: &[Slide], present: usize) -> Vec<Step> {
    slides.iter().take(present).map(|it| it.row.step).collect()
}

fn draw(slide: &Slide, past: Vec<Step>) -> AnyView {
    let row = &slide.row;
    let failed = row.status == StepStatus::Failed;
    let past = past.into_iter().map(|it| view! { <li><span class="number">{it.number()}</span>" "{it.title()}</li> });
    let facts = row.shown_facts();
    let checks = row.checks.clone();
    let problem = row.shown_problem();
    view! {
        <ol class="past" aria-label="Steps before">{past.collect_view()}</ol>
        <h2 data-status=row.status.name()><span class="number">{row.step.number()}</span>{row.step.title()}{failed.then_some(" (failed)")}</h2>
        <p class="why">{row.step.explanation()}</p>
        <ul class="strokes">{slide.strokes.iter().map(stroke).collect_view()}</ul>
        {(!facts.is_empty()).then(|| view! { <Made facts/> })}
        {(!checks.is_empty()).then(|| view! { <Checks checks/> })}
        {problem.map(|problem| view! { <section class="problem"><h3>{problem.title.clone()}</h3><Facts problem/></section> })}
    }
}

#[component]
fn Made(facts: Vec<(String, Text)>) -> impl IntoView {
    let rows = facts.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value.masked()}</dd> });
    view! { <dl class="facts mono">{rows.collect_view()}</dl> }
}

fn stroke(stroke: &Stroke) -> AnyView {
    let named = |party: Party| view! { <span class="party" data-party=party.name()>{party.title()}</span> };
    match stroke {
        Stroke::Message(it) => {
            let code = it.outcome.clone().map(|outcome| {
                view! { " "<span class="code" data-class=words::class(Some(&outcome))>{outcome.clone()}</span> }
            });
            view! { <li>{named(it.from)}" → "{named(it.to)}" "<b class="mono">{it.words.clone()}</b>{code}</li> }
        }
        Stroke::Own(party, words) => view! { <li>{named(*party)}" "<b class="mono">{*words}</b></li> },
        Stroke::Away(words) | Stroke::Note(words) => view! { <li class="muted">{words.clone()}</li> },
    }
}
