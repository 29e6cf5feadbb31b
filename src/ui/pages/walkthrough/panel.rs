//! One step in full: words, what the client made, exchanges, checks, and what failed.

use super::flow::beside;
use super::{View, step_route};
use crate::checks::Clause;
use crate::oauth::negative::Tested;
use crate::problem::Problem;
use crate::route::Route;
use crate::step::Step;
use crate::text::{Reveal, Text};
use crate::trace::ExchangeId;
use crate::ui::parts::checks::Checks;
use crate::ui::parts::exchange::{ExchangeView, runs};
use crate::ui::parts::hand_over::HandOverPart;
use crate::ui::parts::icon::{Drawing, Icon};
use crate::ui::parts::link::{follow, href};
use crate::ui::parts::pending::Pending;
use crate::ui::parts::problem::Facts;
use crate::ui::parts::simulated::is_riddle;
use crate::ui::parts::why::Why;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::walkthrough::drawing::Drawn;
use crate::walkthrough::words::{self, Party};
use crate::walkthrough::{StepStatus, fields};
use crate::web::window;
use crate::wire::lines;

/// How many exchanges are drawn here; all are on the wire page.
const EXCHANGES: usize = 40;
/// Of so many, one is open from the start.
const FEW: usize = 8;

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
        Some(step) => view! { <StepPanel step view/> }.into_any(),
        None => view! { <Nothing/> }.into_any(),
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <section class="pane detail">
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
    let checks = memo(move || row.read().checks.clone());
    let tests = memo(move || row.read().tests.clone());
    // The rules name whose fault it is: they wait for the guess.
    let findings = memo(move || if is_riddle(session) { Vec::new() } else { row.read().findings.clone() });
    let facts = memo(move || row.read().shown_facts());
    let hands_over = session.memo(move |it| it.hand_over().is_some_and(|it| it.step == step));
    // The lines to paste stand in the notice above the page.
    let problem = memo(move || {
        let problem = row.read().shown_problem().filter(|_| !is_riddle(session));
        problem.map(|it| Problem { fix: None, ..it })
    });
    let notes = move || row.read().notes.iter().map(|it| view! { <p class="muted">{it.clone()}</p> }).collect_view();
    view! {
        <section class="pane detail" id="step" aria-labelledby="step-title">
            <Head step drawn view/>
            <Pending/>
            {move || hands_over.get().then(|| view! { <HandOverPart/> })}
            <p>{step.explanation()}</p>
            <p class="row small">"Read on: "{step.clauses().iter().map(|it| cited(*it)).collect_view()}</p>
            {notes}
            {move || problem.get().map(|it| view! {
                <section class="problem"><h3>{it.title.clone()}</h3><Facts problem=it/></section>
            })}
            {move || (!facts.read().is_empty()).then(|| view! { <Made step facts=facts.get() reveal=session.reveal()/> })}
            <Exchanges step view/>
            {move || (!checks.read().is_empty()).then(|| view! { <h3>"Checks"</h3><Checks checks=checks.get()/> })}
            {move || (!tests.read().is_empty()).then(|| view! { <Tests tests=tests.get()/> })}
            {move || (!findings.read().is_empty()).then(|| view! { <h3>"Why"</h3><Why findings=findings.get()/> })}
        </section>
    }
}

fn cited(clause: Clause) -> impl IntoView {
    let (title, url) = clause.cite();
    view! { <a href=url target="_blank" rel="noreferrer">{title}</a> }
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
        let (kind, exchange) = (it.kind, it.exchange);
        view! {
            <li data-negative=kind.name() data-verdict=it.check.verdict.name()>
                <p><strong>{kind.title()}</strong>". Should be: "{kind.should()}</p>
                <Checks checks=vec![it.check]/>
                {exchange.map(|id| view! { <ExchangeView id open=Signal::stored(false)/> })}
            </li>
        }
    };
    view! {
        <h3>"Tests: what must be refused here"</h3>
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
            <dt class="mono">{name}</dt>
            <dd class="mono">{runs(lines::value(&value, reveal), reveal)}</dd>
            {purpose.map(|it| view! { <dd class="purpose">{it}</dd> })}
        }
    });
    view! { <dl class="made">{rows.collect_view()}</dl> }
}

/// The exchanges of the step; of a few, the last one is open.
#[component]
fn Exchanges(step: Step, view: View) -> impl IntoView {
    let telling = move || view.folded.read().attempt.as_ref().map(|it| it.telling(step));
    let all = memo(move || telling().unwrap_or_default());
    let last = memo(move || all.with(|it| it.last().copied().filter(|_| it.len() <= FEW)));
    let shown = move || all.read().iter().take(EXCHANGES).copied().collect::<Vec<ExchangeId>>();
    let more = move || {
        let count = all.read().len().checked_sub(EXCHANGES).filter(|it| *it > 0)?;
        Some(view! { <p class="small muted">{format!("{count} more requests are on the wire page.")}</p> })
    };
    let one = move |id| {
        let open = memo(move || last.get() == Some(id));
        view! { <ExchangeView id open/> }
    };
    view! {
        {each(memo(shown), one)}
        {more}
    }
}
