//! The fault of the demo: guessed by who is responsible, at which step and for what, then explained.

use super::step_route;
use crate::demo::lesson::{COURSE, Lesson};
use crate::demo::trial::{Answer, Guess, OWNERS, owner};
use crate::demo::{Fault, Trial};
use crate::inspector::Inspector;
use crate::trace::problem::Owner;
use crate::trace::step::Step;
use crate::ui::pages::connect::lessons::begin;
use crate::ui::parts::link::{follow, href};
use crate::ui::parts::simulated::is_simulated;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::window;
use web_sys::KeyboardEvent;

/// What stands above every page while a fault is to be found, and, elsewhere than on the walkthrough, when it was.
#[component]
pub fn Riddle() -> impl IntoView {
    let session = session();
    let hidden = Memo::new(move |_| session.trial.get().is_hidden());
    let on_walkthrough = Memo::new(move |_| matches!(session.route(), Route::Walkthrough(_)));
    move || match (hidden.get(), on_walkthrough.get()) {
        (true, _) => view! { <Question/> }.into_any(),
        (false, true) => ().into_any(),
        (false, false) => view! { <ToExplanation/> }.into_any(),
    }
}

/// What has been guessed so far.
#[derive(Clone, Copy, Default, PartialEq)]
struct Given {
    owner: Option<Owner>,
    step: Option<Step>,
}

/// The place of a failure's card, which would name the cause.
#[component]
fn Question() -> impl IntoView {
    let session = session();
    let failed = session.memo(|it| !it.problems().is_empty());
    let walkthrough = Route::Walkthrough(None);
    let lesson = session.trial.get_untracked().exercise().map(|(at, it)| format!("Lesson {}: {}", at + 1, it.aim));
    let title = lesson.unwrap_or_else(|| "The demo has a simulated fault".to_owned());
    view! {
        <section
            class="riddle" aria-atomic="false" role=move || if failed.get() { "alert" } else { "status" }
            data-testid=move || if failed.get() { "problem" } else { "riddle" }
            data-code=move || failed.get().then_some("demo-fault")
        >
            <div>
                <h2 data-testid="problem-title">{title}</h2>
                <p class="small muted">
                    "Read the "<a href=href(&walkthrough) on:click=follow(walkthrough.clone())>"steps"</a>
                    " and their exchanges, then answer. Checks are hidden until then."
                </p>
            </div>
            <Choice/>
        </section>
    }
}

/// One select for three questions, one after the other.
#[component]
fn Choice() -> impl IntoView {
    let session = session();
    let draft = RwSignal::new(Given::default());
    let select = NodeRef::<leptos::html::Select>::new();
    let (value, set_value) = signal(String::new());
    // Arrow keys change a closed select at once: then the button answers.
    let typed = StoredValue::new(false);
    let fault = move || session.trial.get().fault().unwrap_or(Fault::NoCors);
    let answer = move |value: &str| {
        let Given { owner, step } = draft.get_untracked();
        match (owner, step) {
            (None, _) => draft.update(|it| it.owner = self::owner(value)),
            (Some(_), None) => draft.update(|it| it.step = Step::parse(value)),
            (Some(owner), Some(step)) => {
                if let Some(cause) = Fault::parse(value) {
                    session.answer(Answer::Guessed(Guess { owner, step, cause }));
                }
            }
        }
        set_value.set(String::new());
        if let Some(select) = select.get_untracked() {
            select.set_value("");
        }
    };
    let change = move |value: String| match typed.get_value() {
        true => set_value.set(value),
        false => answer(&value),
    };
    let options = move || {
        let options = options(draft.get(), fault());
        options.into_iter().map(|(value, words)| view! { <option value=value>{words}</option> }).collect_view()
    };
    view! {
        <div class="field">
            <label for="demo-guess">{move || question(draft.get())}</label>
            <div class="row">
                <select
                    node_ref=select id="demo-guess" data-testid="demo-guess"
                    on:keydown=move |event: KeyboardEvent| typed.set_value(event.key() != "Enter")
                    on:pointerdown=move |_| typed.set_value(false)
                    on:change:target=move |event| change(event.target().value())
                >
                    <option value="">"Choose…"</option>
                    {options}
                </select>
                <Show when=move || !value.read().is_empty()>
                    <button type="button" class="main" data-testid="demo-answer" on:click=move |_| answer(&value.get_untracked())>"Check answer"</button>
                </Show>
                <button type="button" data-testid="demo-reveal" on:click=move |_| session.answer(Answer::Revealed)>"Reveal"</button>
            </div>
            <p class="hint" data-testid="demo-guessed">{move || told(draft.get())}</p>
        </div>
    }
}

const fn question(draft: Given) -> &'static str {
    match draft {
        Given { owner: None, .. } => "Who is responsible?",
        Given { step: None, .. } => "At which step?",
        _ => "What is the cause?",
    }
}

/// What has been answered.
fn told(draft: Given) -> String {
    let owner = draft.owner.map(|it| it.words().to_owned());
    let step = draft.step.map(named);
    [owner, step].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn named(step: Step) -> String {
    format!("{} {}", step.number(), step.title())
}

/// What can be answered: parties, steps, or causes of the same kind.
fn options(draft: Given, fault: Fault) -> Vec<(&'static str, String)> {
    match draft {
        Given { owner: None, .. } => OWNERS.into_iter().map(|(it, name)| (name, it.words().to_owned())).collect(),
        Given { step: None, .. } => Step::ALL.into_iter().map(|it| (it.name(), named(it))).collect(),
        _ => {
            let like = Fault::ALL.into_iter().filter(|(it, ..)| it.area() == fault.area());
            like.map(|(_, name, words)| (name, words.to_owned())).collect()
        }
    }
}

#[component]
fn ToExplanation() -> impl IntoView {
    let route = Route::Walkthrough(None);
    view! {
        <section class="riddle" role="status">
            <p>"The fault of the demo was found. "<a href=href(&route) on:click=follow(route.clone())>"Read the explanation"</a></p>
        </section>
    }
}

/// On the walkthrough: the fault that was chosen, or that was found.
#[component]
pub fn Explained() -> impl IntoView {
    let session = session();
    let simulated = session.memo(is_simulated);
    move || {
        let trial = session.trial.get();
        let fault = trial.fault().filter(|_| simulated.get() && !trial.is_hidden())?;
        Some(anew(view! { <Explanation trial fault/> }))
    }
}

/// Whether a step is where the fault is, or where the run ended.
fn is_step(it: &Inspector, lesson: Lesson, step: Step) -> bool {
    step == lesson.step || it.problems().first().is_some_and(|it| it.step == Some(step))
}

/// How the guess compares.
struct Judged {
    title: &'static str,
    correct: Option<bool>,
    /// What was guessed, where that is something else.
    guessed: [Option<String>; 3],
}

fn judged(trial: Trial, fault: Fault, lesson: Lesson) -> Judged {
    let none = [None, None, None];
    match trial {
        Trial::Riddle { answer: Some(Answer::Guessed(guess)), .. } => {
            let step = session().peek(|it| is_step(it, lesson, guess.step));
            let cause =
                Fault::ALL.into_iter().find(|(it, ..)| *it == guess.cause).map(|(_, _, words)| words.to_owned());
            let guessed = [
                (guess.owner != lesson.owner).then(|| guess.owner.words().to_owned()),
                (!step).then(|| named(guess.step)),
                cause.filter(|_| guess.cause != fault),
            ];
            let correct = guessed.iter().all(Option::is_none);
            let title = if correct { "Correct" } else { "Not quite" };
            Judged { title, correct: Some(correct), guessed }
        }
        Trial::Riddle { .. } => Judged { title: "Solution", correct: None, guessed: none },
        _ => Judged { title: "Simulated fault", correct: None, guessed: none },
    }
}

#[component]
fn Explanation(trial: Trial, fault: Fault) -> impl IntoView {
    let lesson = Lesson::of(fault);
    let Judged { title, correct, guessed: [owner, step, cause] } = judged(trial, fault, lesson);
    // The select that was answered is gone: the focus goes to what it brought.
    if matches!(trial, Trial::Riddle { .. }) {
        request_animation_frame(|| window::focus("#revealed-title"));
    }
    let words = Fault::ALL.into_iter().find(|(it, ..)| *it == fault).map_or("", |(_, _, words)| words);
    let route = step_route(lesson.step);
    view! {
        <section class="guess" data-testid="demo-revealed" data-owner=name(lesson.owner) data-correct=correct.map(|it| it.to_string())>
            <h2 id="revealed-title" tabindex="-1">{title}</h2>
            <dl class="facts">
                <dt>"Responsible"</dt><dd><span class="party" data-party=lesson.owner.party()>{lesson.owner.words()}</span>{instead(owner)}</dd>
                <dt>"Step"</dt><dd><a href=href(&route) on:click=follow(route)>{named(lesson.step)}</a>{instead(step)}</dd>
                <dt>"Cause"</dt><dd>{words}" "<code class="muted">{fault.name()}</code>{instead(cause)}</dd>
                <dt>"Explanation"</dt><dd>{lesson.words}</dd>
                {trial.exercise().map(|(_, it)| view! { <dt>"Fix"</dt><dd>{it.fix}</dd> })}
            </dl>
            {trial.exercise().map(|(at, _)| view! { <Next at/> })}
        </section>
    }
}

fn name(owner: Owner) -> Option<&'static str> {
    OWNERS.into_iter().find(|(it, _)| *it == owner).map(|(_, name)| name)
}

fn instead(guessed: Option<String>) -> Option<impl IntoView> {
    guessed.map(|it| view! { <span class="muted">{format!(" (you answered: {it})")}</span> })
}

/// On to the next lesson, or the end of the course.
#[component]
fn Next(at: usize) -> impl IntoView {
    let session = session();
    match COURSE.get(at + 1) {
        Some(next) => {
            let title = format!("Lesson {}: {}", at + 2, next.title);
            view! { <div><button type="button" class="main" data-testid="lesson-next" on:click=move |_| begin(session, at + 1)>{title}</button></div> }
                .into_any()
        }
        None => view! { <p class="small muted">"This was the last lesson."</p> }.into_any(),
    }
}
