//! The check without logging in: what a browser sees of a server, as a report to hand on.

use crate::base::revision::Revision;
use crate::explain::report::{Line, Report, Section};
use crate::explain::walkthrough::cited::cite;
use crate::inspector::{Inspector, Phase};
use crate::trace::check::Verdict;
use crate::ui::parts::copy::Copy;
use crate::ui::parts::link::{follow, href};
use crate::ui::parts::why::Why;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;

#[component]
pub fn CheckPage() -> impl IntoView {
    let report = session().memo(|it| Report::of(it.trace()));
    view! {
        <main class="page stack">
            {move || match report.get() {
                Some(report) => view! { <Told report/> }.into_any(),
                None => view! { <Nothing/> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <div class="empty">
            <h1>"No check yet"</h1>
            <p>"A check requests the published metadata, tests CORS, and stops before the login."</p>
            <a class="button main" href=href(&Route::Connect) on:click=follow(Route::Connect)>"Choose a server"</a>
        </div>
    }
}

fn is_running(it: &Inspector) -> bool {
    matches!(it.phase(), Phase::Connecting | Phase::Authorizing)
}

#[component]
fn Told(report: Report) -> impl IntoView {
    let session = session();
    let running = session.memo(is_running);
    let status = move || if running.get() { "running" } else { "done" };
    let (is_over, stopped, summary) = (report.is_over, report.card.is_some(), report.summary());
    let told = move || match (is_over, running.get()) {
        // The card above the page says why.
        (true, _) if stopped => "The check stopped".to_owned(),
        (true, _) => summary.clone(),
        (false, true) => "Checking the server…".to_owned(),
        (false, false) => "The check was cancelled".to_owned(),
    };
    let (server, page) = (report.server.clone(), report.page.clone());
    let sections =
        report.sections.iter().cloned().map(|it| view! { <Part section=it revision=report.revision/> }).collect_view();
    let (findings, revision) = (report.findings.clone(), report.revision);
    view! {
        <article class="report" data-testid="check-report" data-status=status>
            <header>
                <h1>"Check without login"</h1>
                <p class="mono">{foreign(server)}</p>
                <p aria-live="polite"><strong>{told}</strong></p>
                <p class="small muted">{foreign(format!("Checked from {page}, without login or client registration."))}</p>
                <Actions report/>
            </header>
            {sections}
            {(!findings.is_empty()).then(|| view! { <h2>"Fixes"</h2><Why findings revision/> })}
        </article>
    }
}

#[component]
fn Actions(report: Report) -> impl IntoView {
    let session = session();
    let walkthrough = Route::Walkthrough(None);
    view! {
        <div class="row">
            <button type="button" data-testid="check-again" on:click=move |_| session.check_again()>"Check again"</button>
            <span data-testid="check-copy"><Copy text=move |()| report.markdown() label="Copy as Markdown"/></span>
            <a class="button quiet" href=href(&walkthrough) on:click=follow(walkthrough)>"Show steps"</a>
        </div>
    }
}

#[component]
fn Part(section: Section, revision: Option<Revision>) -> impl IntoView {
    let lines = section.lines.into_iter().map(|it| view! { <Judged line=it revision/> }).collect_view();
    view! {
        <section data-testid="check-section" data-name=section.name>
            <h2>{section.title}</h2>
            <ul class="checks">{lines}</ul>
        </section>
    }
}

#[component]
fn Judged(line: Line, revision: Option<Revision>) -> impl IntoView {
    let said = match line.verdict {
        Some(Verdict::Pass) => "passed: ",
        Some(Verdict::Warn) => "warning: ",
        Some(Verdict::Fail) => "failed: ",
        None => "",
    };
    let sign = line.sign();
    view! {
        <li data-verdict=line.verdict.map(Verdict::name)>
            <span class="verdict" aria-hidden="true">{sign}</span>
            <p><span class="sr">{said}</span>{foreign(line.words)}</p>
            {line.clause.map(|it| cite(it, revision)).map(|(title, url)| view! {
                <a class="clause" href=url target="_blank" rel="noreferrer">{title}</a>
            })}
        </li>
    }
}
