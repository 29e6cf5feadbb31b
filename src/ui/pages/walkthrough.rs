//! The walkthrough: the steps of an authorization drawn from the trace, and one of them in full.

mod comparing;
mod exports;
mod flow;
mod guess;
mod panel;
mod present;

use crate::route::Route;
use crate::step::Step;
use crate::trace::Trace;
use crate::ui::parts::reveal::RevealSecrets;
use crate::ui::parts::simulated::Simulated;
use crate::ui::prelude::*;
use crate::ui::session::{Session, session};
use crate::walkthrough::drawing::{self, Drawn};
use crate::walkthrough::{Hosts, Row, Walkthrough};
use exports::Exports;
use flow::Flow;
use guess::Guess;
use panel::Panel;

/// All that is drawn, folded once for each change of the trace.
#[derive(Clone, PartialEq)]
struct Folded {
    attempt: Option<Walkthrough>,
    drawn: Vec<Drawn>,
    hosts: Hosts,
}

fn fold(trace: &Trace) -> Folded {
    let attempt = Walkthrough::of(trace);
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
        let folded = session.trace_memo(fold);
        // Nobody chose a step: what happens is followed.
        let focus = move || folded.read().attempt.as_ref().and_then(Walkthrough::focus);
        // What waits for the person comes before what has happened.
        let paused = session.memo(|it| it.paused().map(|it| it.step));
        let selected = memo(move || chosen(&session.route()).or_else(|| paused.get()).or_else(focus));
        Self { folded, selected }
    }

    fn drawn(self, at: usize) -> Memo<Option<Drawn>> {
        memo(move || self.folded.read().drawn.get(at).cloned())
    }

    /// The last row of a step.
    fn last(self, step: Step) -> Memo<Option<Drawn>> {
        memo(move || self.folded.read().drawn.iter().rev().find(|it| it.step == step).cloned())
    }

    fn row(self, step: Step) -> Memo<Row> {
        let row = move || self.folded.read().attempt.as_ref().and_then(|it| it.row(step).cloned());
        memo(move || row().unwrap_or_else(|| Row::new(step)))
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
    let view = View::new(session());
    view! {
        <main class="split">
            <section class="pane" aria-label="Steps">
                <Title view/>
                <Guess view/>
                <Exports/>
                <Flow view/>
            </section>
            <Panel view/>
        </main>
    }
}

#[component]
fn Title(view: View) -> impl IntoView {
    let told = memo(move || {
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
