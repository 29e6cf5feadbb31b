//! What the rules found: fix, reason, evidence.

use super::prose::prose;
use crate::base::revision::Revision;
use crate::explain::walkthrough::cited::cite;
use crate::explain::why::Finding;
use crate::ui::parts::simulated::once_found;
use crate::ui::prelude::*;

#[component]
pub fn Why(
    findings: Vec<Finding>,
    /// What was negotiated, so that clauses of MCP are cited in it.
    revision: Option<Revision>,
) -> impl IntoView {
    once_found(move || {
        let found = findings.iter().cloned().map(|it| view! { <Found finding=it revision/> }).collect_view();
        view! { <div class="why" data-testid="why">{found}</div> }.into_any()
    })
}

#[component]
fn Found(finding: Finding, revision: Option<Revision>) -> impl IntoView {
    let (title, url) = cite(finding.clause, revision);
    view! {
        <section class="finding" data-testid="finding" data-rule=finding.rule data-verdict=finding.verdict.name()>
            <h4>{prose(finding.title)}</h4>
            <dl class="facts">
                <dt>"Fix"</dt><dd><b class="party" data-party=finding.owner.party()>{finding.owner.words()}</b>": "{prose(finding.fix)}</dd>
                <dt>"Reason"</dt><dd>{prose(finding.reason)}</dd>
                <dt>"Evidence"</dt><dd>{prose(finding.seen)}</dd>
            </dl>
            <p class="row small">
                <span class="mono muted">{finding.rule}</span>
                <a href=url target="_blank" rel="noreferrer">{title}</a>
            </p>
        </section>
    }
}
