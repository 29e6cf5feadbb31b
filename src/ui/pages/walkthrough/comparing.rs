//! The run that is looked at beside a saved one: what differs, and the exchanges that differ, side by side.

use crate::base::format;
use crate::base::text::prefix;
use crate::explain::compare::beside::{self, Beside, Pair, Piece};
use crate::explain::compare::{Comparison, Difference, compare};
use crate::export::file;
use crate::trace::RedactedTrace;
use crate::ui::later;
use crate::ui::parts::saved::FileField;
use crate::ui::parts::simulated::once_found;
use crate::ui::prelude::*;
use crate::ui::session::{Session, session, text_of};
use leptos::task::spawn_local_scoped;
use web_sys::File;

/// How many differences are drawn, and how much of a value, in bytes.
const DRAWN: usize = 200;
const VALUE: usize = 240;
/// How many pairs of exchanges.
const PAIRS: usize = 40;

#[derive(Clone)]
pub enum Compared {
    Not(String),
    Done(String, Comparison, Vec<Pair>),
}

#[component]
pub fn CompareField(compared: RwSignal<Option<Compared>>) -> impl IntoView {
    let session = session();
    let choose = move |file: File| {
        spawn_local_scoped(async move {
            let done = match text_of(&file).await {
                Ok(text) => later::compared(session, file.name(), text).await,
                Err(why) => Ok(Compared::Not(why)),
            };
            if let Ok(done) = done {
                compared.try_set(Some(done));
            }
        });
    };
    view! { <FileField chosen=choose label="Compare with a trace…" testid="compare-trace"/> }
}

#[component]
pub fn Comparing(compared: RwSignal<Option<Compared>>) -> impl IntoView {
    move || {
        compared.get().map(|it| match it {
            Compared::Not(why) => view! { <p class="small error" role="alert">{foreign(why)}"."</p> }.into_any(),
            Compared::Done(name, comparison, pairs) => once_found(move || {
                let (name, comparison, pairs) = (name.clone(), comparison.clone(), pairs.clone());
                view! { <Table name comparison pairs close=compared/> }.into_any()
            }),
        })
    }
}

/// Compares what is looked at with the trace of a file.
pub fn with(session: Session, name: String, text: &str) -> Compared {
    let other = match file::read(text) {
        Ok(opened) => RedactedTrace::of_attempt(&opened.trace),
        Err(why) => return Compared::Not(format!("{name} was not opened. {why}")),
    };
    let this = session.peek_trace(RedactedTrace::of_attempt);
    match compare(&this, &other) {
        Some(comparison) => Compared::Done(name, comparison, beside::pairs(&this, &other)),
        None => Compared::Not("There is nothing to compare: one of the two holds no attempt to connect".to_owned()),
    }
}

#[component]
fn Table(name: String, comparison: Comparison, pairs: Vec<Pair>, close: RwSignal<Option<Compared>>) -> impl IntoView {
    let count = comparison.differences.len();
    let told = match count {
        0 => format!("No difference in {} things that were compared.", format::count(comparison.compared)),
        _ => format!(
            "{} in {} things that were compared.",
            format::counted(count, "difference", "differences"),
            format::count(comparison.compared)
        ),
    };
    let more = count.checked_sub(DRAWN).filter(|it| *it > 0).map(|it| format!("{it} more are not drawn."));
    let rows = comparison.differences.into_iter().take(DRAWN).map(|it| view! { <Row it/> }).collect_view();
    let other = name.clone();
    let pairs = pairs.into_iter().take(PAIRS).map(|pair| view! { <Exchanges pair name=other.clone()/> }).collect_view();
    view! {
        <section class="compared" aria-labelledby="compared-title" data-testid="comparison">
            <div class="row">
                <h2 id="compared-title" class="grow">"This run and "{foreign(name.clone())}</h2>
                <button type="button" class="quiet" on:click=move |_| close.set(None)>"Close"</button>
            </div>
            <p class="small muted" role="status">{told}" What is random by nature counts as the same where both have it. "{more}</p>
            {(count > 0).then(|| view! {
                <div class="scroll" tabindex="0" role="group" aria-label="Differences">
                    <table data-testid="compare-table">
                        <thead><tr><th scope="col">"Step"</th><th scope="col">"What"</th><th scope="col">"This run"</th><th scope="col">{foreign(name)}</th></tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            })}
            {pairs}
        </section>
    }
}

/// An exchange of both runs, as it was on the wire.
#[component]
fn Exchanges(pair: Pair, name: String) -> impl IntoView {
    let title = format!("{} {}, exchange {}", pair.step.number(), pair.step.title(), pair.number);
    let row = |it: Beside| {
        let differs = it.differs().then_some("true");
        view! { <tr data-differs=differs>{line(it.this)}{line(it.that)}</tr> }
    };
    let part = |title: &'static str, rows: Vec<Beside>| {
        (!rows.is_empty()).then(|| {
            view! {
                <tr><th scope="rowgroup" colspan="2">{title}</th></tr>
                {rows.into_iter().map(row).collect_view()}
            }
        })
    };
    view! {
        <details data-testid="compare-exchange" data-step=pair.step.name()>
            <summary class="small">{title}</summary>
            <div class="scroll" tabindex="0" role="group" aria-label="Exchange in both runs">
                <table class="beside">
                    <thead><tr><th scope="col">"This run"</th><th scope="col">{foreign(name)}</th></tr></thead>
                    <tbody>{part("Request", pair.request)}{part("Response", pair.response)}</tbody>
                </table>
            </div>
        </details>
    }
}

fn line(piece: Option<Piece>) -> impl IntoView {
    let marked = |it: String| (!it.is_empty()).then(|| view! { <mark>{foreign(it)}</mark> });
    let inside = piece.map(|it| view! { {foreign(it.before)}{marked(it.differs)}{foreign(it.after)} });
    view! { <td class="mono">{inside}</td> }
}

#[component]
fn Row(it: Difference) -> impl IntoView {
    let step = it.step.map(|step| format!("{} {}", step.number(), step.title()));
    view! {
        <tr data-testid="compare-item" data-step=it.step.map(|step| step.name()) data-what=it.what.clone()>
            <th scope="row">{step}</th>
            <td>{foreign(it.what.clone())}</td>
            <td class="mono">{value(it.this)}</td>
            <td class="mono">{value(it.that)}</td>
        </tr>
    }
}

fn value(value: Option<String>) -> AnyView {
    match value {
        Some(value) if value.len() > VALUE => format!("{}…", prefix(&value, VALUE)).into_any(),
        Some(value) => value.into_any(),
        None => view! { <span class="muted">"absent"</span> }.into_any(),
    }
}
