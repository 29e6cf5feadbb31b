//! The way into the demo: one button, what is to be wrong there, and the lessons.

use crate::demo::fault::Area;
use crate::demo::{self, Fault, Trial};
use crate::settings::Draft;
use crate::ui::later;
use crate::ui::prelude::*;
use crate::ui::session::{Session, session};
use crate::web::entropy;

/// How many lessons there are; the lessons themselves come when they are wanted.
const LESSONS: usize = 8;

/// Of what is typed, the demo takes what says how to connect; what is meant for another server stays out of it.
fn draft(typed: &Draft) -> Draft {
    Draft {
        server: demo::SERVER.to_owned(),
        revision: typed.revision.clone(),
        transport: typed.transport.clone(),
        timeout: typed.timeout.clone(),
        roots: typed.roots.clone(),
        redirect_mode: typed.redirect_mode.clone(),
        step_mode: typed.step_mode,
        ..Draft::default()
    }
}

/// A run of the demo with whatever is wrong in it.
pub fn start(session: Session, trial: Trial) {
    let draft = draft(&session.draft.read_untracked());
    session.draft.update(|it| it.server.clone_from(&draft.server));
    session.set_trial(trial);
    if let Ok(settings) = draft.settings() {
        session.demo(settings);
    }
}

/// What a choice of the list means; each surprise is another one.
fn chosen(name: &str) -> Trial {
    match name {
        Trial::SURPRISE => entropy::bytes().map_or(Trial::Sound, |it| Trial::surprise(&it)),
        name => Fault::parse(name).map_or(Trial::Sound, Trial::Known),
    }
}

#[component]
pub fn DemoWorld() -> impl IntoView {
    let session = session();
    let open = move |_| start(session, chosen(session.trial.get_untracked().choice()));
    view! {
        <section class="demo" aria-labelledby="demo-title">
            <div>
                <h2 id="demo-title">"Demo"</h2>
                <p class="small muted">"A simulated MCP server and login inside this page. Needs no network."</p>
            </div>
            <div class="demo-row">
                <FaultChoice/>
                <button type="button" data-testid="demo" on:click=open>"Start the demo"</button>
            </div>
            <Course/>
        </section>
    }
}

#[component]
fn FaultChoice() -> impl IntoView {
    let session = session();
    let choice = Memo::new(move |_| session.trial.get().choice());
    let option = move |name: &'static str, words: &'static str| {
        view! { <option value=name prop:selected=move || choice.get() == name>{words}</option> }
    };
    let group = |(area, title): (Area, &'static str)| {
        let faults = Fault::ALL.into_iter().filter(|(it, ..)| it.area() == area);
        view! { <optgroup label=title>{faults.map(|(_, name, words)| option(name, words)).collect_view()}</optgroup> }
    };
    view! {
        <div class="field">
            <label for="demo-fault">"Simulated fault"</label>
            <select
                id="demo-fault" data-testid="demo-fault"
                on:change:target=move |event| session.set_trial(chosen(&event.target().value()))
            >
                {option("none", "None")}
                {option(Trial::SURPRISE, "Surprise me")}
                {Area::ALL.map(group).into_iter().collect_view()}
            </select>
        </div>
    }
}

/// The lessons, loaded when they are opened.
#[component]
fn Course() -> impl IntoView {
    let session = session();
    let (open, set_open) = signal(false);
    let toggle = move |event: web_sys::Event| {
        set_open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    };
    view! {
        <details data-testid="lessons" on:toggle=toggle>
            <summary>
                "Lessons"
                <small class="muted number" data-testid="lessons-progress">
                    {move || format!("{} of {LESSONS}", session.lessons.read().len())}
                </small>
            </summary>
            {move || open.get().then(|| arriving(later::lessons()))}
        </details>
    }
}
