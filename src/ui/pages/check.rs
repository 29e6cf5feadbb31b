//! The audit without a login: what a browser sees of a server, judged line by line, as a report to hand on.

mod compare;
mod fixes;
mod lines;
mod link;
mod several;
mod stages;
mod unseen;

use crate::explain::audit::json::Earlier;
use crate::explain::audit::pasted::Outputs;
use crate::explain::audit::stages::StageStatus;
use crate::explain::audit::{Audit, Verdict, json, markdown};
use crate::inspector::{Inspector, Phase};
use crate::trace::audit::AuditStage;
use crate::ui::parts::copy::Copy;
use crate::ui::parts::link::{follow, href};
use crate::ui::parts::styled::styled;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::series::{SeriesRow, SeriesState};
use crate::ui::session::session;
use crate::web::window;
use compare::Compare;
use fixes::Fixes;
use lines::Lines;
use link::{CopyLink, Fragment, LinkedReport, Unreadable};
use several::{Choice, Several};
use stages::StageList;

const CSS: &str = include_str!("../../../style/check.css");

/// Which audit a report is of.
#[derive(Clone, Copy, PartialEq)]
enum Source {
    /// The latest of this tab.
    Tab,
    /// One of a series.
    Series,
}

/// What stands on the page.
#[derive(Clone, PartialEq)]
enum Shown {
    Nothing,
    Running,
    Told(Box<Audit>),
}

fn shown(it: &Inspector) -> Shown {
    let running = matches!(it.phase(), Phase::Connecting | Phase::Authorizing);
    match Audit::of(it.trace()) {
        Some(audit) if running && !audit.stages.is_running() => Shown::Running,
        Some(audit) => Shown::Told(Box::new(audit)),
        None => Shown::Nothing,
    }
}

/// What stands in the place of the report.
#[derive(Clone, PartialEq)]
enum Place {
    /// Of this tab.
    Tab(Shown),
    /// The table of a series alone, which says how far it is.
    Table,
    /// One of a series.
    Report(Box<Audit>),
}

#[component]
pub fn CheckPage() -> impl IntoView {
    styled(CSS);
    let session = session();
    let shown = session.memo(shown);
    let reading = RwSignal::new(None::<usize>);
    // It stays for the next audit, which is to be compared as well.
    let earlier = RwSignal::new(None::<Earlier>);
    let opened = link::opened();
    // In one value: a report that is open stays as it is while the next server is checked.
    let place = Memo::new(move |_| Place::of(&session.series.read(), reading.get(), &shown.read()));
    let report = move || match place.get() {
        Place::Report(audit) => view! { <Told audit=*audit earlier source=Source::Series/> }.into_any(),
        Place::Table => ().into_any(),
        Place::Tab(Shown::Told(audit)) => view! { <Told audit=*audit earlier source=Source::Tab/> }.into_any(),
        Place::Tab(Shown::Running) => view! { <Running/> }.into_any(),
        Place::Tab(Shown::Nothing) => view! { <Nothing/> }.into_any(),
    };
    let own = move || view! { <Several reading/>{report}<Choice reading/> }.into_any();
    view! {
        <main class="page stack">
            {move || match opened.get() {
                Fragment::Nothing => own(),
                Fragment::Reading => ().into_any(),
                Fragment::Report(linked) => view! { <LinkedReport linked=*linked opened/> }.into_any(),
                Fragment::Failed(why) => view! { <Unreadable why opened/> }.into_any(),
            }}
        </main>
    }
}

impl Place {
    fn of(series: &[SeriesRow], reading: Option<usize>, shown: &Shown) -> Self {
        let open = reading.and_then(|at| series.get(at)).and_then(|it| match &it.state {
            SeriesState::Done(audit) => Some(audit.clone()),
            _ => None,
        });
        match open {
            Some(audit) => Self::Report(audit),
            None if series.is_empty() || is_alone(series, shown) => Self::Tab(shown.clone()),
            None => Self::Table,
        }
    }
}

/// Whether the tab has an audit that is none of the series.
fn is_alone(series: &[SeriesRow], shown: &Shown) -> bool {
    let runs = |it: &SeriesRow| matches!(it.state, SeriesState::Running { .. });
    let is = |row: &SeriesRow, audit: &Audit| matches!(&row.state, SeriesState::Done(it) if it.began == audit.began);
    match shown {
        Shown::Running => !series.iter().any(runs),
        Shown::Told(audit) => !series.iter().any(|it| runs(it) || is(it, audit)),
        Shown::Nothing => false,
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <div class="empty">
            <h1>"No check yet"</h1>
            <p>"A check requests the published metadata, tests CORS and refusals, and stops before the login."</p>
            <a class="button main" href=href(&Route::Connect) on:click=follow(Route::Connect)>"Choose a server"</a>
        </div>
    }
}

#[component]
fn Running() -> impl IntoView {
    let none = Verdict::NotTested.name();
    view! {
        <article
            class="report" data-testid="check-report" data-status="running"
            data-any-client=none data-browser=none data-safe=none
        >
            <header>
                <h1>"Check without login"</h1>
                <p aria-live="polite"><strong>"Checking the server…"</strong></p>
            </header>
        </article>
    }
}

#[component]
fn Told(audit: Audit, earlier: RwSignal<Option<Earlier>>, source: Source) -> impl IntoView {
    let outputs = RwSignal::new(Outputs::new());
    let base = audit.clone();
    let told = Memo::new(move |_| base.with(&outputs.read()));
    let (server, page) = (audit.server.clone(), audit.page.clone());
    let revision = audit.revision.map_or("MCP revision unknown before the login", |it| it.as_str());
    let note = match (audit.is_over, audit.is_open) {
        _ if audit.stages.is_running() => "A stage of the audit is running…",
        // The card above the page says why.
        (true, _) if audit.card.is_some() => "This server stops a connection",
        (true, true) => "The server is open: authorization does not apply",
        (true, false) if audit.stages.names().len() > 1 => "Checked with the stages that you ran",
        (true, false) => "Checked without login or client registration",
        (false, _) => "The check was cancelled",
    };
    let title = match audit.stages.status(AuditStage::Login) {
        StageStatus::Open => "Check without login",
        _ => "Check with a login",
    };
    let status = if audit.stages.is_running() { "running" } else { "done" };
    view! {
        <article
            class="report" data-testid="check-report" data-status=status tabindex="-1"
            data-any-client=move || told.read().verdicts.any_client.name()
            data-browser=move || told.read().verdicts.browser.name() data-safe=move || told.read().verdicts.safe.name()
        >
            <header>
                <h1>{title}</h1>
                <p class="mono">{foreign(server)}</p>
                <p aria-live="polite"><strong>{note}</strong></p>
                {move || view! { <Summary audit=told.get()/> }}
                <p class="small muted">{foreign(format!("Checked from {page}. {revision}."))}</p>
                <Actions told earlier source/>
            </header>
            {(source == Source::Tab).then(|| view! { <StageList stages=audit.stages.clone()/> })}
            {move || view! { <Compare audit=told.get() earlier/> }}
            {move || view! { <Fixes audit=told.get()/> }}
            <Lines audit earlier outputs/>
        </article>
    }
}

/// The three verdicts side by side, and how many lines have which.
#[component]
fn Summary(audit: Audit) -> impl IntoView {
    let verdicts = &audit.verdicts;
    let rows = [
        ("Any client", verdicts.any_client, verdicts.any_client_words().to_owned()),
        ("In a browser", verdicts.browser, verdicts.browser_words().to_owned()),
        ("Security", verdicts.safe, verdicts.safe_words()),
    ];
    let row = |(title, verdict, words): (&'static str, Verdict, String)| {
        view! {
            <li data-verdict=verdict.name()>
                <span class="verdict" aria-hidden="true">{verdict.sign()}</span>
                <p><b class="label">{title}</b><span class="sr">": "</span><span>{words}</span></p>
            </li>
        }
    };
    let counts: Vec<String> = Verdict::ALL.into_iter().map(|it| it.counted(audit.count(it))).collect();
    view! {
        <ul class="verdicts">{rows.into_iter().map(row).collect_view()}</ul>
        <p class="small muted">{counts.join(" · ")}</p>
    }
}

fn print(_: leptos::ev::MouseEvent) {
    window::print();
}

#[component]
fn Actions(told: Memo<Audit>, earlier: RwSignal<Option<Earlier>>, source: Source) -> impl IntoView {
    let session = session();
    let walkthrough = Route::Walkthrough(None);
    let save =
        move |_| window::download("flowglass-audit.json", "application/json", &json::write(&told.read_untracked()));
    view! {
        <div class="row">
            {(source == Source::Tab).then(|| view! {
                <button type="button" data-testid="check-again" on:click=move |_| session.check_again()>"Check again"</button>
            })}
            <span data-testid="check-copy"><Copy text=move |()| markdown::write(&told.read_untracked()) label="Copy as Markdown"/></span>
            <button type="button" class="quiet" data-testid="check-json" on:click=save>"Download JSON"</button>
            <CopyLink told/>
            <button type="button" class="quiet" data-testid="check-print" on:click=print>"Print"</button>
            <compare::Choose earlier/>
            {(source == Source::Tab).then(|| view! {
                <a class="button quiet" href=href(&walkthrough) on:click=follow(walkthrough.clone())>"Show steps"</a>
            })}
        </div>
    }
}
