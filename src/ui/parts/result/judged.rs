//! What the schema check says of the structured content of a result.

use super::Facet;
use crate::base::format;
use crate::base::text::prefix;
use crate::explain::words;
use crate::inspector::Status;
use crate::mcp::connection::Target;
use crate::mcp::content::structured;
use crate::schema::verdict::{Checked, Problem, Verdict};
use crate::ui::parts::form::NotChecked;
use crate::ui::parts::prose::prose;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::validator;
use leptos::task::spawn_local_scoped;
use std::sync::Arc;

/// How much of a pointer is shown.
const LONG: usize = 200;

/// Judges each result that has ended, where there is a schema.
pub fn checked(
    schema: Signal<Option<Arc<str>>>,
    facet: impl Fn() -> Option<Facet> + Copy + Send + Sync + 'static,
    target: Signal<Option<Target>>,
) -> RwSignal<Option<Checked>> {
    let (session, checked) = (session(), RwSignal::new(None));
    let due = Memo::new(move |_| Some((schema.get()?, facet()?, target.get()?)));
    Effect::new(move |_| {
        let Some((schema, facet, target)) = due.get() else { return };
        spawn_local_scoped(async move {
            let result = session.peek(|it| it.outcome(&target).and_then(|it| it.result.clone()));
            let verdict = judge(&schema, facet.status, result).await;
            // Of the newest result alone.
            if due.try_get_untracked().flatten().is_some_and(|(_, newest, _)| newest == facet) {
                let _ = checked.try_set(verdict);
            }
        });
    });
    checked
}

/// An error needs no structured content; where it has some, it is judged.
async fn judge(schema: &str, status: Status, result: Option<Arc<str>>) -> Option<Checked> {
    let result = result.filter(|_| matches!(status, Status::Ok | Status::ToolError))?;
    match structured(&result) {
        Some(content) => Some(validator::check(schema, content).await),
        None if status == Status::Ok => Some(Ok(Verdict::without_content())),
        None => None,
    }
}

/// The verdict in a word.
pub fn name(checked: RwSignal<Option<Checked>>) -> Option<&'static str> {
    checked.with(|it| match it {
        Some(Ok(verdict)) if verdict.is_valid() => Some("valid"),
        Some(Ok(_)) => Some("invalid"),
        _ => None,
    })
}

#[component]
pub fn Judged(checked: RwSignal<Option<Checked>>) -> impl IntoView {
    let said = move || {
        checked.get().and_then(Result::ok).map(|verdict| match verdict.is_valid() {
            true => view! { <p class="judged" data-tone="good">"✓ Structured content matches the output schema."</p> }
                .into_any(),
            false => view! { <Problems verdict/> }.into_any(),
        })
    };
    view! {
        <div aria-live="polite">{said}</div>
        <NotChecked checked/>
    }
}

#[component]
fn Problems(verdict: Verdict) -> impl IntoView {
    let count = format::counted(verdict.problems.len() + verdict.more, "problem", "problems");
    let rows = verdict.problems.into_iter().map(|problem| view! { <ProblemRow problem/> }).collect_view();
    view! {
        <p class="judged" data-tone="bad">{format!("✕ Structured content does not match the output schema: {count}.")}</p>
        <ul class="schema-problems">{rows}</ul>
        {(verdict.more > 0).then(|| view! { <p class="muted small">{verdict.more}" more problems."</p> })}
    }
}

#[component]
fn ProblemRow(problem: Problem) -> impl IntoView {
    let place = (!problem.path.is_empty()).then(|| prefix(&problem.path, LONG).to_owned());
    view! {
        <li data-testid="schema-problem" data-path=problem.path.clone()>
            {place.map(|it| view! { <code>{foreign(it)}</code>" " })}
            {prose(words::schema::problem(&problem))}
        </li>
    }
}
