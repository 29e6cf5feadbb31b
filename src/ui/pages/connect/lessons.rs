//! The course: eight faults of the demo in an order, each to be found.

use super::demo::start;
use crate::demo::Trial;
use crate::demo::lesson::{COURSE, Exercise};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::{Session, session};

/// Starts a lesson; its run is watched on the walkthrough.
pub fn begin(session: Session, at: usize) {
    if let Some(trial) = Trial::lesson(at) {
        session.go(Route::Walkthrough(None));
        start(session, trial);
    }
}

#[component]
pub fn Lessons() -> impl IntoView {
    let session = session();
    let rows = COURSE.into_iter().enumerate().map(|(at, lesson)| view! { <Row at lesson/> }).collect_view();
    view! {
        <p class="hint">"Each lesson has one fault. Follow the run, then say what is wrong."</p>
        <ol class="lessons">{rows}</ol>
        <Show when=move || !session.lessons.read().is_empty()>
            <button type="button" class="quiet" data-testid="lessons-reset" on:click=move |_| session.reset_lessons()>
                "Reset progress"
            </button>
        </Show>
    }
}

#[component]
fn Row(at: usize, lesson: Exercise) -> impl IntoView {
    let session = session();
    let done = Memo::new(move |_| session.lessons.read().iter().any(|it| it == lesson.id));
    let name = move || format!("{} lesson {}: {}", if done.get() { "Repeat" } else { "Start" }, at + 1, lesson.title);
    view! {
        <li data-testid="lesson-item" data-lesson=lesson.id data-done=move || done.get().to_string()>
            <span class="number muted">{move || if done.get() { "✓".to_owned() } else { (at + 1).to_string() }}</span>
            <div>
                <b>{lesson.title}</b>
                <Show when=move || done.get()><small class="muted">" finished"</small></Show>
                <p class="small muted">{lesson.aim}</p>
            </div>
            <button type="button" data-testid="lesson-start" aria-label=name on:click=move |_| begin(session, at)>
                {move || if done.get() { "Repeat" } else { "Start" }}
            </button>
        </li>
    }
}
