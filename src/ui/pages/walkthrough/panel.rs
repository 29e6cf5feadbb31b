//! One step in full: words, what the client made, exchanges, checks, and what failed.

use super::flow::beside;
use super::wire::StepWire;
use super::{View, step_route};
use crate::base::revision::Revision;
use crate::base::text::{Reveal, Text};
use crate::explain::walkthrough::cited::cite;
use crate::explain::walkthrough::drawing::Drawn;
use crate::explain::walkthrough::words::{self, Party};
use crate::explain::walkthrough::{StepStatus, Walkthrough, fields};
use crate::explain::wire::lines;
use crate::explain::words as said;
use crate::inspector::Inspector;
use crate::oauth::negative::Tested;
use crate::trace::check::Clause;
use crate::trace::step::Step;
use crate::ui::parts::checks::Checks;
use crate::ui::parts::exchange::{ExchangeView, runs};
use crate::ui::parts::hand_over::HandOverPart;
use crate::ui::parts::icon::{Drawing, Icon};
use crate::ui::parts::link::{follow, href};
use crate::ui::parts::pending::Pending;
use crate::ui::parts::prose::prose;
use crate::ui::parts::simulated::is_riddle;
use crate::ui::parts::why::Why;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::window;

#[component]
pub fn Panel(view: View) -> impl IntoView {
    let session = session();
    // On a narrow screen the step that was chosen stands far below the list.
    Effect::new(move |_| {
        if matches!(session.route(), Route::Walkthrough(Some(_))) {
            request_animation_frame(|| window::bring_up("#step"));
        }
    });
    move || match view.selected.get() {
        Some(step) => anew(view! { <StepPanel step view/> }).into_any(),
        None => view! { <Nothing/> }.into_any(),
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <section class="pane detail" aria-label="Step">
            <div class="empty">
                <h2>"Nothing has happened yet"</h2>
                <p>
                    "When you connect, every request, redirect and check of the authorization is drawn here as it happens. Choose a step to read what it is for."
                </p>
                <a class="button main" href=href(&Route::Connect) on:click=follow(Route::Connect)>"Connect to a server"</a>
            </div>
        </section>
    }
}

#[component]
fn StepPanel(step: Step, view: View) -> impl IntoView {
    let session = session();
    let (row, drawn) = (view.row(step), view.last(step));
    let checks = Memo::new(move |_| row.read().checks.clone());
    let tests = Memo::new(move |_| row.read().tests.clone());
    // The rules name whose fault it is: they wait for the guess.
    let findings = Memo::new(move |_| if is_riddle(session) { Vec::new() } else { view.findings(step) });
    let facts = Memo::new(move |_| row.read().shown_facts());
    let revision = Memo::new(move |_| view.folded.read().attempt.as_ref().and_then(Walkthrough::revision));
    let hands_over = session.memo(move |it| it.hand_over().is_some_and(|it| it.step == step));
    // The card above the page has it all.
    let failed = Memo::new(move |_| row.read().problem.is_some());
    let notes = move || {
        row.read().notes.iter().map(|it| view! { <p class="muted">{foreign(said::note(it))}</p> }).collect_view()
    };
    view! {
        <section class="pane detail" id="step" aria-labelledby="step-title">
            <Head step drawn view/>
            <Words step view/>
            {move || hands_over.get().then(|| view! { <HandOverPart/> })}
            {notes}
            {move || failed.get().then(|| view! { <p><button type="button" on:click=move |_| window::reveal("#problem")>"Show the problem"</button></p> })}
            {move || (!facts.read().is_empty()).then(|| view! { <Made step facts=facts.get() reveal=session.reveal()/> })}
            <StepWire step view/>
            {move || (!checks.read().is_empty()).then(|| view! { <h3>"Checks"</h3><Checks checks=checks.get() revision=revision.get()/> })}
            {move || (!tests.read().is_empty()).then(|| anew(view! { <Tests tests=tests.get()/> }))}
            {move || (!findings.read().is_empty()).then(|| view! { <h3>"Likely causes"</h3><Why findings=findings.get() revision=revision.get()/> })}
            <p class="row small">"Specification: "{move || clauses(step, revision.get())}</p>
        </section>
    }
}

/// What happens, what waits for the user here, why it is done, and what would break without it.
#[component]
fn Words(step: Step, view: View) -> impl IntoView {
    let session = session();
    let attempt = move || view.folded.read().attempt.as_ref().map(|it| (it.told(step), it.unneeded(step)));
    let told = Memo::new(move |_| attempt().unwrap_or_else(|| (step.told(), None)));
    let stepping = session.memo(Inspector::is_stepping);
    view! {
        <p class="what" data-testid="step-what">{move || prose(told.get().0.what)}</p>
        {move || told.get().1.map(|it| view! { <p class="skipped" data-testid="step-skipped">{prose(it.sentence())}</p> })}
        <Pending/>
        {move || step.without_pause().filter(|_| stepping.get()).map(|it| view! { <p class="muted small" data-testid="step-without-pause">{it}</p> })}
        <dl class="because">
            <dt>"Why"</dt><dd data-testid="step-why">{move || prose(told.get().0.why)}</dd>
            <dt>"Without it"</dt><dd data-testid="step-without">{move || prose(told.get().0.without)}</dd>
        </dl>
    }
}

fn clauses(step: Step, revision: Option<Revision>) -> impl IntoView {
    let cited = |clause: &Clause| {
        let (title, url) = cite(*clause, revision);
        view! { <a href=url target="_blank" rel="noreferrer">{title}</a> }
    };
    step.clauses().iter().map(cited).collect_view()
}

#[component]
fn Head(step: Step, drawn: Memo<Option<Drawn>>, view: View) -> impl IntoView {
    let told = move || drawn.read().as_ref().map(told).unwrap_or_default();
    view! {
        <header class="detail-head">
            <div class="row nowrap">
                <h2 id="step-title" class="grow"><span>{step.number()}</span>" "{step.title()}</h2>
                {turn(beside(view, step, -1), Icon::Before, "Step before")}
                {turn(beside(view, step, 1), Icon::Next, "Next step")}
            </div>
            <p class="small muted number">{parties(step)}" · "{told}</p>
        </header>
    }
}

/// What was done wrong here on purpose, and what the server did.
#[component]
fn Tests(tests: Vec<Tested>) -> impl IntoView {
    let draw = |it: Tested| {
        let (kind, exchange, verdict) = (it.kind, it.exchange, it.check.verdict.name());
        view! {
            <li data-negative=kind.name() data-verdict=verdict>
                <p><strong>{kind.title()}</strong>". Should be: "{kind.should()}</p>
                <Checks checks=vec![it.check]/>
                {exchange.map(|id| view! { <ExchangeView id open=Signal::stored(false)/> })}
            </li>
        }
    };
    view! {
        <h3>"Negative tests"</h3>
        <ul class="tests">{tests.into_iter().map(draw).collect_view()}</ul>
    }
}

fn told(drawn: &Drawn) -> String {
    let words = match drawn.status {
        StepStatus::Done => "done",
        _ => drawn.words(),
    };
    if drawn.took.is_empty() { words.to_owned() } else { format!("{words} · {}", drawn.took) }
}

/// A link to the step beside, or the place where one would be.
fn turn(step: Option<Step>, icon: Icon, label: &'static str) -> AnyView {
    match step.map(step_route) {
        Some(to) => view! {
            <a class="button quiet icon" href=href(&to) aria-label=label on:click=follow(to)><Drawing icon/></a>
        }
        .into_any(),
        None => view! {
            <a class="button quiet icon" role="link" aria-disabled="true" aria-label=label><Drawing icon/></a>
        }
        .into_any(),
    }
}

fn parties(step: Step) -> impl IntoView {
    let named = |party: Party| view! { <span class="party" data-party=party.name()>{party.title()}</span> };
    let between = |from, to| view! { {named(from)}" → "{named(to)} }.into_any();
    match step.drawing() {
        words::Drawing::Message(from, to) => between(from, to),
        words::Drawing::Away => between(Party::You, Party::Issuer),
        words::Drawing::Own(party) => named(party).into_any(),
    }
}

/// What the client made, or the callback brought, and why each part of it is there.
#[component]
fn Made(step: Step, facts: Vec<(String, Text)>, reveal: Reveal) -> impl IntoView {
    let rows = facts.into_iter().map(|(name, value)| {
        let purpose = fields::purpose(&name, Some(step), &value.masked());
        view! {
            <dt class="mono">{foreign(name)}</dt>
            <dd class="mono">{runs(lines::value(&value, reveal), reveal)}</dd>
            {purpose.map(|it| view! { <dd class="purpose">{it}</dd> })}
        }
    });
    view! { <dl class="made">{rows.collect_view()}</dl> }
}
