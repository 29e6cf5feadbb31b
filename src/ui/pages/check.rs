//! The audit without a login: what a browser sees of a server, judged line by line, as a report to hand on.

mod compare;
mod fixes;
mod lines;

use crate::explain::audit::json::Earlier;
use crate::explain::audit::{Audit, Verdict, json, markdown};
use crate::inspector::{Inspector, Phase};
use crate::ui::parts::copy::Copy;
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::window;
use compare::Compare;
use fixes::Fixes;
use lines::Lines;

/// What stands on the page.
#[derive(Clone, PartialEq)]
enum Shown {
    Nothing,
    Running,
    Told(Box<Audit>),
}

fn shown(it: &Inspector) -> Shown {
    let running = matches!(it.phase(), Phase::Connecting | Phase::Authorizing);
    match Audit::is_latest(it.trace()) {
        true if running => Shown::Running,
        true => Audit::of(it.trace()).map_or(Shown::Nothing, |it| Shown::Told(Box::new(it))),
        false => Shown::Nothing,
    }
}

#[component]
pub fn CheckPage() -> impl IntoView {
    let shown = session().memo(shown);
    // It stays for the next audit, which is to be compared as well.
    let earlier = RwSignal::new(None::<Earlier>);
    view! {
        <main class="page stack">
            {move || match shown.get() {
                Shown::Told(audit) => view! { <Told audit=*audit earlier/> }.into_any(),
                Shown::Running => view! { <Running/> }.into_any(),
                Shown::Nothing => view! { <Nothing/> }.into_any(),
            }}
        </main>
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
fn Told(audit: Audit, earlier: RwSignal<Option<Earlier>>) -> impl IntoView {
    let verdicts = audit.verdicts.clone();
    let (server, page) = (audit.server.clone(), audit.page.clone());
    let revision = audit.revision.map_or("MCP revision unknown before the login", |it| it.as_str());
    let note = match (audit.is_over, audit.is_open) {
        // The card above the page says why.
        (true, _) if audit.card.is_some() => "This server stops a connection",
        (true, true) => "The server is open: authorization does not apply",
        (true, false) => "Checked without login or client registration",
        (false, _) => "The check was cancelled",
    };
    view! {
        <article
            class="report" data-testid="check-report" data-status="done" data-any-client=verdicts.any_client.name()
            data-browser=verdicts.browser.name() data-safe=verdicts.safe.name()
        >
            <header>
                <h1>"Check without login"</h1>
                <p class="mono">{foreign(server)}</p>
                <p aria-live="polite"><strong>{note}</strong></p>
                <Summary audit=audit.clone()/>
                <p class="small muted">{foreign(format!("Checked from {page}. {revision}."))}</p>
                <Actions audit=audit.clone() earlier/>
            </header>
            <Compare audit=audit.clone() earlier/>
            <Fixes audit=audit.clone()/>
            <Lines audit earlier/>
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
                <p><b>{title}</b>": "{words}</p>
            </li>
        }
    };
    let counts: Vec<String> = Verdict::ALL.into_iter().map(|it| it.counted(audit.count(it))).collect();
    view! {
        <ul class="checks">{rows.into_iter().map(row).collect_view()}</ul>
        <p class="small muted">{counts.join(" · ")}</p>
    }
}

#[component]
fn Actions(audit: Audit, earlier: RwSignal<Option<Earlier>>) -> impl IntoView {
    let session = session();
    let walkthrough = Route::Walkthrough(None);
    let (copied, saved) = (audit.clone(), audit);
    let save = move |_| window::download("flowglass-audit.json", "application/json", &json::write(&saved));
    view! {
        <div class="row">
            <button type="button" data-testid="check-again" on:click=move |_| session.check_again()>"Check again"</button>
            <span data-testid="check-copy"><Copy text=move |()| markdown::write(&copied) label="Copy as Markdown"/></span>
            <button type="button" class="quiet" data-testid="check-json" on:click=save>"Download JSON"</button>
            <compare::Choose earlier/>
            <a class="button quiet" href=href(&walkthrough) on:click=follow(walkthrough)>"Show steps"</a>
        </div>
    }
}
