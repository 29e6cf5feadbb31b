//! What the rules found: seen, cause, whose, what to change.

use crate::ui::prelude::*;
use crate::why::Finding;

#[component]
pub fn Why(findings: Vec<Finding>) -> impl IntoView {
    view! { <div class="why" data-testid="why">{findings.into_iter().map(|it| view! { <Found finding=it/> }).collect_view()}</div> }
}

#[component]
fn Found(finding: Finding) -> impl IntoView {
    let (title, url) = finding.clause.cite();
    view! {
        <section class="finding" data-testid="finding" data-rule=finding.rule data-verdict=finding.verdict.name()>
            <dl class="facts">
                <dt>"Seen"</dt><dd>{finding.seen}</dd>
                <dt>"Cause"</dt><dd>{finding.cause}</dd>
                <dt>"Whose"</dt><dd><span class="chip" data-party=finding.owner.party()>{finding.owner.words()}</span></dd>
                <dt>"Change"</dt><dd>{finding.fix}</dd>
            </dl>
            <p class="row small">
                <span class="mono muted">{finding.rule}</span>
                <a href=url target="_blank" rel="noreferrer">{title}</a>
            </p>
        </section>
    }
}
