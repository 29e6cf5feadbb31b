//! Rules that were applied: verdict, sentence, clause.

use crate::base::revision::Revision;
use crate::explain::walkthrough::cited::cite;
use crate::explain::words as said;
use crate::trace::check::{Check, Verdict};
use crate::ui::parts::simulated::once_found;
use crate::ui::prelude::*;

#[component]
pub fn Checks(
    checks: Vec<Check>,
    /// What was negotiated, so that clauses of MCP are cited in it.
    #[prop(default = None)]
    revision: Option<Revision>,
) -> impl IntoView {
    once_found(move || {
        let rules = checks.iter().cloned().map(|check| view! { <Rule check revision/> }).collect_view();
        view! { <ul class="checks">{rules}</ul> }.into_any()
    })
}

#[component]
fn Rule(check: Check, revision: Option<Revision>) -> impl IntoView {
    let (sign, words) = match check.verdict {
        Verdict::Pass => ("✓", "passed: "),
        Verdict::Warn => ("!", "warning: "),
        Verdict::Fail => ("✗", "failed: "),
    };
    let (title, url) = cite(check.rule.clause(), revision);
    view! {
        <li data-verdict=check.verdict.name() data-rule=check.rule.id()>
            <span class="verdict" aria-hidden="true">{sign}</span>
            <p><span class="sr">{words}</span>{foreign(said::rule(&check.rule))}</p>
            <a class="clause" href=url target="_blank" rel="noreferrer">{title}</a>
        </li>
    }
}
