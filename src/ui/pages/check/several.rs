//! Several servers of the list: which, how far it is, and the three verdicts of each.

use crate::base::format::counted;
use crate::explain::audit::{Audit, Verdict};
use crate::settings::Settings;
use crate::settings::servers::Source;
use crate::ui::later;
use crate::ui::prelude::*;
use crate::ui::session::series::{Candidate, Ended, SeriesRow, SeriesState};
use crate::ui::session::session;
use crate::web::window;
use leptos::task::spawn_local_scoped;
use std::collections::BTreeSet;

/// Servers of a series at most.
const MOST: usize = 50;

/// The table of the series, which begins one check after the other.
#[component]
pub fn Several(
    /// The row of which the report is open.
    reading: RwSignal<Option<usize>>,
) -> impl IntoView {
    let session = session();
    let ended = session.memo(Ended::of);
    // The world outside is the next server.
    Effect::new(move |_| ended.get().iter().for_each(|it| session.series_ended(it)));
    let some = Memo::new(move |_| !session.series.read().is_empty());
    view! {
        <Show when=move || some.get()><Series reading/></Show>
    }
}

#[component]
fn Series(reading: RwSignal<Option<usize>>) -> impl IntoView {
    let session = session();
    let count = Memo::new(move |_| session.series.read().len());
    let left = Memo::new(move |_| session.series.read().iter().filter(|it| it.state.is_open()).count());
    let status = move || if left.get() > 0 { "running" } else { "done" };
    let words = move || match left.get() {
        0 => counted(count.get(), "server", "servers"),
        left => format!("{} of {} checked. Continues while this page is open.", count.get() - left, count.get()),
    };
    let clear = move |_: leptos::ev::MouseEvent| {
        reading.set(None);
        session.series.set(Vec::new());
    };
    view! {
        <section class="series" data-testid="check-series" data-status=status>
            <h2 id="series-title">"Checked servers"</h2>
            <p class="small muted" role="status">{words}</p>
            <table aria-labelledby="series-title">
                <thead>
                    <tr>
                        <th scope="col">"Server"</th>
                        <th scope="col">"Any client"</th>
                        <th scope="col">"Browser"</th>
                        <th scope="col">"Security"</th>
                        <th scope="col">"Report"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || 0..count.get() key=|at| *at children=move |at| view! { <Row at reading/> }/>
                </tbody>
            </table>
            <div class="row">
                <button type="button" data-testid="check-series-cancel" hidden=move || left.get() == 0
                    on:click=move |_| session.cancel_series()>"Cancel"</button>
                <button type="button" class="quiet" data-testid="check-series-clear" hidden=move || { left.get() > 0 }
                    on:click=clear>"Clear"</button>
            </div>
        </section>
    }
}

#[component]
fn Row(at: usize, reading: RwSignal<Option<usize>>) -> impl IntoView {
    let session = session();
    let row = Memo::new(move |_| session.series.read().get(at).cloned());
    move || {
        row.get().map(|SeriesRow { title, settings, state }| {
            let (url, name) = (settings.server.href(), state.name());
            let named = (title != url).then(|| url.clone());
            let cells = match state {
                SeriesState::Done(audit) => view! { <Verdicts audit=*audit at reading title=title.clone()/> }.into_any(),
                state => view! { <td colspan="4" class="muted">{words(&state)}</td> }.into_any(),
            };
            view! {
                <tr data-testid="check-series-row" data-url=url data-status=name>
                    <th scope="row">{foreign(title)}{named.map(|url| view! { <small class="mono">{foreign(url)}</small> })}</th>
                    {cells}
                </tr>
            }
        })
    }
}

const fn words(state: &SeriesState) -> &'static str {
    match state {
        SeriesState::Waiting => "Waiting",
        SeriesState::Running { .. } => "Checking…",
        SeriesState::Done(_) => "",
        SeriesState::Cancelled => "Cancelled",
        SeriesState::NotChecked => "Not checked",
    }
}

#[component]
fn Verdicts(audit: Audit, at: usize, reading: RwSignal<Option<usize>>, title: String) -> impl IntoView {
    let verdicts = audit.verdicts;
    let cell = |name: &'static str, verdict: Verdict| {
        view! {
            <td data-name=name data-verdict=verdict.name()>
                <span class="verdict" aria-hidden="true">{verdict.sign()}</span>
                " "<span class="words">{verdict.words()}</span>
            </td>
        }
    };
    let open = move |_: leptos::ev::MouseEvent| {
        reading.set(Some(at));
        request_animation_frame(|| window::focus("[data-testid=check-report]"));
    };
    view! {
        {cell("any-client", verdicts.any_client)}
        {cell("browser", verdicts.browser)}
        {cell("safe", verdicts.safe)}
        <td>
            <button
                type="button" class="quiet" data-testid="check-open" aria-label=format!("Open report of {title}")
                aria-pressed=move || (reading.get() == Some(at)).to_string() on:click=open
            >"Open"</button>
        </td>
    }
}

/// The servers of the list, those that are kept chosen.
#[component]
pub fn Choice(reading: RwSignal<Option<usize>>) -> impl IntoView {
    let session = session();
    let all = RwSignal::new(Vec::<Candidate>::new());
    let chosen = RwSignal::new(BTreeSet::<usize>::new());
    spawn_local_scoped(async move {
        let Ok(found) = later::candidates(session).await else { return };
        let kept = |(_, it): &(usize, &Candidate)| it.settings.is_some() && it.source != Source::Recent;
        drop(chosen.try_set(found.iter().enumerate().filter(kept).map(|(at, _)| at).take(MOST).collect()));
        drop(all.try_set(found));
    });
    let picked = move || -> Vec<(String, Settings)> {
        let (all, chosen) = (all.read(), chosen.read());
        let picked = chosen.iter().filter_map(|at| all.get(*at));
        picked.filter_map(|it| Some((it.title.clone(), it.settings.clone()?))).collect()
    };
    let begin = move |_: leptos::ev::MouseEvent| {
        reading.set(None);
        session.begin_series(untrack(picked).into_iter());
    };
    let count = Memo::new(move |_| chosen.read().len());
    let row = move |(at, it): (usize, Candidate)| view! { <Server at candidate=it chosen/> };
    let rows = move || all.get().into_iter().enumerate().map(row).collect_view();
    view! {
        <Show when=move || !all.read().is_empty() && !window::is_in_foreign_frame()>
            <details class="series-choice" data-testid="check-several">
                <summary>"Check several servers"</summary>
                <fieldset>
                    <legend class="sr">"Servers to check"</legend>
                    {rows}
                </fieldset>
                <div class="row">
                    <button type="button" data-testid="check-selected" on:click=begin
                        disabled=move || !(1..=MOST).contains(&count.get()) || !session.may_check()>"Check selected"</button>
                    <span class="small muted" role="status">{move || hint(count.get(), session.may_check())}</span>
                </div>
            </details>
        </Show>
    }
}

fn hint(count: usize, may_check: bool) -> String {
    match count {
        _ if !may_check => "Disconnect before you check several servers.".to_owned(),
        0 => "Select a server.".to_owned(),
        _ if count > MOST => format!("{count} selected, at most {MOST}."),
        _ => format!("{count} selected, without login, one after the other."),
    }
}

#[component]
fn Server(at: usize, candidate: Candidate, chosen: RwSignal<BTreeSet<usize>>) -> impl IntoView {
    let Candidate { title, url, settings, .. } = candidate;
    let named = title != url;
    let toggle = move |on: bool| {
        chosen.update(|it| {
            if on {
                it.insert(at);
            } else {
                it.remove(&at);
            }
        });
    };
    view! {
        <label class="check">
            <input
                type="checkbox" data-testid="check-candidate" data-url=url.clone() disabled=settings.is_none()
                prop:checked=move || chosen.read().contains(&at) on:input:target=move |event| toggle(event.target().checked())
            />
            <span>
                {foreign(title)}
                {named.then(|| view! { " "<small class="mono muted">{foreign(url)}</small> })}
                {settings.is_none().then_some(" (settings incomplete)")}
            </span>
        </label>
    }
}
