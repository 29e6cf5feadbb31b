//! The walkthrough: the steps of an authorization drawn from the trace, and one of them in full.

pub mod comparing;
pub mod exports;
mod flow;
pub mod guess;
mod panel;
pub mod present;
mod wire;

use crate::explain::walkthrough::drawing::{self, Drawn};
use crate::explain::walkthrough::{Hosts, StepRow, Walkthrough};
use crate::explain::why::Finding;
use crate::inspector::Inspector;
use crate::settings::dock::BESIDE_FROM;
use crate::trace::Trace;
use crate::trace::step::Step;
use crate::ui::parts::docked::Docked;
use crate::ui::parts::reveal::RevealSecrets;
use crate::ui::parts::simulated::{Simulated, shown};
use crate::ui::parts::styled::styled;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::{Session, session};
use crate::web::storage::Place;
use exports::Exports;
use flow::Flow;
use guess::Explained;
use panel::Panel;

/// Which step of which attempt was looked at last.
const LOOKED_AT: &str = "flowglass.step";

/// All that is drawn, folded once for each change of the trace.
#[derive(Clone, PartialEq)]
struct Folded {
    attempt: Option<Walkthrough>,
    drawn: Vec<Drawn>,
    hosts: Hosts,
}

fn fold(session: Session, trace: &Trace) -> Folded {
    let attempt = Walkthrough::of(trace).map(|it| shown(session, it));
    let drawn = drawing::rows(attempt.as_ref(), trace);
    let hosts = attempt.as_ref().map(|attempt| attempt.hosts(trace)).unwrap_or_default();
    Folded { attempt, drawn, hosts }
}

/// What is drawn, and which step is looked at.
#[derive(Clone, Copy)]
struct View {
    folded: Memo<Folded>,
    selected: Memo<Option<Step>>,
}

impl View {
    fn new(session: Session) -> Self {
        let folded = session.trace_memo(move |it| fold(session, it));
        // An attempt that was over when the page was opened is read from its beginning, or where it failed.
        let read = folded.with_untracked(|it| it.attempt.as_ref().filter(|it| it.ended.is_some()).map(|it| it.began));
        let focus = move || {
            let folded = folded.read();
            let attempt = folded.attempt.as_ref()?;
            match Some(attempt.began) == read {
                true => last_looked_at(attempt).or_else(|| attempt.opening()),
                // Nobody chose a step: what happens is followed.
                false => attempt.focus(),
            }
        };
        // What waits for the person comes before what has happened.
        let paused = session.memo(|it| it.paused().map(|it| it.step));
        let selected = Memo::new(move |_| chosen(&session.route()).or_else(|| paused.get()).or_else(focus));
        let began = Memo::new(move |_| folded.read().attempt.as_ref().map(|it| it.began));
        Effect::new(move |_| {
            if let (Some(step), Some(began)) = (chosen(&session.route()), began.get()) {
                Place::Tab.set(LOOKED_AT, &format!("{began} {}", step.name()));
            }
        });
        Self { folded, selected }
    }

    fn drawn(self, at: usize) -> Memo<Option<Drawn>> {
        Memo::new(move |_| self.folded.read().drawn.get(at).cloned())
    }

    /// The last row of a step.
    fn last(self, step: Step) -> Memo<Option<Drawn>> {
        Memo::new(move |_| self.folded.read().drawn.iter().rev().find(|it| it.step == step).cloned())
    }

    fn row(self, step: Step) -> Memo<StepRow> {
        let row = move || self.folded.read().attempt.as_ref().and_then(|it| it.row(step).cloned());
        Memo::new(move |_| row().unwrap_or_else(|| StepRow::new(step)))
    }
}

/// The step of a successful attempt that was chosen last in this tab.
fn last_looked_at(attempt: &Walkthrough) -> Option<Step> {
    let kept = Place::Tab.get(LOOKED_AT)?;
    let (began, step) = kept.split_once(' ')?;
    let step = Step::parse(step).filter(|_| began == attempt.began.to_string())?;
    (!attempt.has_failed()).then_some(step)
}

impl View {
    /// What the rules found at a step, but what stands in the card of a problem.
    fn findings(self, step: Step) -> Vec<Finding> {
        let folded = self.folded.read();
        let found = folded.attempt.as_ref().and_then(|it| Some(it.findings_beside_card(it.row(step)?)));
        found.unwrap_or_default()
    }
}

/// The page of a step.
pub fn step_route(step: Step) -> Route {
    Route::Walkthrough(Some(step.name().to_owned()))
}

fn chosen(route: &Route) -> Option<Step> {
    match route {
        Route::Walkthrough(Some(name)) => Step::parse(name),
        _ => None,
    }
}

#[component]
pub fn WalkthroughPage() -> impl IntoView {
    styled(include_str!("../../../style/diagram.css"));
    let session = session();
    let view = View::new(session);
    let connected = session.memo(Inspector::is_connected);
    view! {
        <main class="split">
            <section class="pane" aria-label="Steps">
                <Title view/>
                <Explained/>
                <Exports step=view.selected/>
                <Flow view/>
            </section>
            <Panel view/>
        </main>
        // Lanes and panel side by side take what a narrower window has.
        {move || connected.get().then(|| view! { <Docked from=BESIDE_FROM/> })}
    }
}

#[component]
fn Title(view: View) -> impl IntoView {
    let told = Memo::new(move |_| {
        let folded = view.folded.read();
        folded
            .attempt
            .as_ref()
            .map_or(("Authorization", "in twelve steps".to_owned()), |it| (it.title(), it.progress()))
    });
    view! {
        <div class="title">
            <h1>{move || told.get().0}</h1>
            <p class="muted small number" aria-live="polite">{move || told.get().1}</p>
            <Simulated/>
            <span class="grow"></span>
            <RevealSecrets/>
        </div>
    }
}
