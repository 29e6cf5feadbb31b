//! The run that is looked at beside a saved one: what differs.

use crate::compare::{Comparison, Difference, compare};
use crate::export::{RedactedTrace, file};
use crate::format;
use crate::text::prefix;
use crate::ui::parts::saved::FileField;
use crate::ui::prelude::*;
use crate::ui::session::{Session, session, text_of};
use leptos::task::spawn_local_scoped;
use web_sys::File;

/// How many differences are drawn, and how much of a value, in bytes.
const DRAWN: usize = 200;
const VALUE: usize = 240;

#[derive(Clone)]
pub enum Compared {
    Not(String),
    Done(String, Comparison),
}

#[component]
pub fn CompareField(compared: RwSignal<Option<Compared>>) -> impl IntoView {
    let session = session();
    let choose = move |file: File| {
        spawn_local_scoped(async move {
            let text = text_of(&file).await;
            compared.try_set(Some(with(session, file.name(), text)));
        });
    };
    view! { <FileField chosen=choose label="Compare with a trace…" testid="compare-trace"/> }
}

#[component]
pub fn Comparing(compared: RwSignal<Option<Compared>>) -> impl IntoView {
    move || {
        compared.get().map(|it| match it {
            Compared::Not(why) => view! { <p class="small error" role="alert">{why}"."</p> },
            Compared::Done(name, comparison) => view! { <Table name comparison close=compared/> },
        })
    }
}

fn with(session: Session, name: String, text: Result<String, String>) -> Compared {
    let opened = text.and_then(|text| file::read(&text).map_err(|why| format!("{name} was not opened. {why}")));
    let other = match opened {
        Ok(opened) => RedactedTrace::of_attempt(&opened.trace),
        Err(why) => return Compared::Not(why),
    };
    match compare(&session.peek_trace(RedactedTrace::of_attempt), &other) {
        Some(comparison) => Compared::Done(name, comparison),
        None => Compared::Not("There is nothing to compare: one of the two holds no attempt to connect".to_owned()),
    }
}

#[component]
fn Table(name: String, comparison: Comparison, close: RwSignal<Option<Compared>>) -> impl IntoView {
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
    view! {
        <section class="compared" aria-labelledby="compared-title" data-testid="comparison">
            <div class="row">
                <h2 id="compared-title" class="grow">"This run and "{name.clone()}</h2>
                <button type="button" class="quiet" on:click=move |_| close.set(None)>"Close"</button>
            </div>
            <p class="small muted" role="status">{told}" What is random by nature counts as the same where both have it. "{more}</p>
            {(count > 0).then(|| view! {
                <div class="scroll" tabindex="0" role="group" aria-label="Differences">
                    <table data-testid="compare-table">
                        <thead><tr><th scope="col">"Step"</th><th scope="col">"What"</th><th scope="col">"This run"</th><th scope="col">{name}</th></tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            })}
        </section>
    }
}

#[component]
fn Row(it: Difference) -> impl IntoView {
    let step = it.step.map(|step| format!("{} {}", step.number(), step.title()));
    view! {
        <tr data-testid="compare-item" data-step=it.step.map(|step| step.name()) data-what=it.what.clone()>
            <th scope="row">{step}</th>
            <td>{it.what.clone()}</td>
            <td class="mono">{value(it.this)}</td>
            <td class="mono">{value(it.that)}</td>
        </tr>
    }
}

fn value(value: Option<String>) -> AnyView {
    match value {
        Some(value) if value.len() > VALUE => format!("{}…", prefix(&value, VALUE)).into_any(),
        Some(value) => value.into_any(),
        None => view! { <span class="muted">"not there"</span> },
    }
}
