//! Rules that were applied: verdict, sentence, clause.

use crate::checks::{Check, Verdict};
use crate::ui::prelude::*;

#[component]
pub fn Checks(checks: Vec<Check>) -> impl IntoView {
    view! { <ul class="checks">{checks.into_iter().map(|check| view! { <Rule check/> }).collect_view()}</ul> }
}

#[component]
fn Rule(check: Check) -> impl IntoView {
    let (sign, words) = match check.verdict {
        Verdict::Pass => ("✓", "passed: "),
        Verdict::Warn => ("!", "warning: "),
        Verdict::Fail => ("✗", "failed: "),
    };
    let (title, url) = check.clause.cite();
    view! {
        <li data-verdict=check.verdict.name()>
            <span class="verdict" aria-hidden="true">{sign}</span>
            <p><span class="sr">{words}</span>{check.words}</p>
            <a class="clause" href=url target="_blank" rel="noreferrer">{title}</a>
        </li>
    }
}
