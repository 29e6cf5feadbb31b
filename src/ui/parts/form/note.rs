//! What stands below a field: what is wrong with it, what the server says of it, and what has to hold.

use super::row::{At, said};
use crate::base::text::prefix;
use crate::explain::words;
use crate::schema::verdict::Problem;
use crate::schema::{Field, ValueKind};
use crate::ui::parts::prose::prose;
use crate::ui::prelude::*;

/// How much of a pointer is shown.
const LONG: usize = 120;

#[component]
pub fn Note(at: At) -> impl IntoView {
    let (sheet, pointer, whole) = (at.row.sheet, at.path(), at.field.kind == ValueKind::Json);
    let own = pointer.clone();
    let unreadable = Memo::new(move |_| sheet.is_unreadable(&own));
    let own = pointer.clone();
    let problems = Memo::new(move |_| sheet.problems(&own, whole));
    let rows = move || {
        let all = problems.get().into_iter();
        all.map(|problem| view! { <ProblemRow problem at=pointer.clone()/> }).collect_view()
    };
    view! {
        <div id=at.note()>
            <div aria-live="polite">
                {move || unreadable.get().then(|| view! { <p class="error">"This is not JSON, so it cannot be sent."</p> })}
                {rows}
            </div>
            {said(&at)}
        </div>
    }
}

/// A problem, with its place where that is another than the field's.
#[component]
pub fn ProblemRow(problem: Problem, at: String) -> impl IntoView {
    let place = problem.path.strip_prefix(&at).unwrap_or(&problem.path);
    let place = (!place.is_empty()).then(|| prefix(place, LONG).to_owned());
    view! {
        <p class="warning" data-testid="field-problem" data-path=problem.path.clone()>
            {place.map(|it| view! { <code>{foreign(it)}</code>" " })}
            {prose(words::schema::problem(&problem))}
        </p>
    }
}

/// What the server says of a field, then what has to hold for it.
pub fn hint(field: &Field) -> Option<String> {
    let said =
        field.description.clone().map(|it| if it.ends_with(['.', '!', '?', ':']) { it } else { format!("{it}.") });
    let words: Vec<_> = said.into_iter().chain([field.limits()]).filter(|it| !it.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}
