//! What to change, the gravest first, with what can be pasted for the framework that was recognised.

use crate::explain::audit::{Audit, Item, Repair};
use crate::ui::parts::link::href;
use crate::ui::parts::problem::snippets::Snippets;
use crate::ui::parts::prose::prose;
use crate::ui::prelude::*;
use crate::ui::route::Route;

#[component]
pub fn Fixes(audit: Audit) -> impl IntoView {
    let repairs = audit.repairs;
    (!repairs.is_empty()).then(|| {
        let all = repairs.into_iter().map(|repair| view! { <One repair/> }).collect_view();
        view! {
            <section>
                <h2>"Fixes"</h2>
                <div class="why">{all}</div>
            </section>
        }
    })
}

#[component]
fn One(repair: Repair) -> impl IntoView {
    let Repair { items, snippets } = repair;
    let verdict = items.first().map(|it| it.verdict.name());
    let owner = items.first().map(|it| it.line.party.words());
    let lines = items.into_iter().map(|item| view! { <Settled item/> }).collect_view();
    view! {
        <section class="finding" data-testid="check-fix" data-verdict=verdict>
            <h3>{owner}</h3>
            <ul class="checks">{lines}</ul>
            {(!snippets.is_empty()).then(|| view! { <Snippets all=snippets/> })}
        </section>
    }
}

#[component]
fn Settled(item: Item) -> impl IntoView {
    view! {
        <li data-verdict=item.verdict.name()>
            <span class="verdict" aria-hidden="true">{item.verdict.sign()}</span>
            <div>
                <p><span class="sr">{item.verdict.words()}": "</span><b>{item.line.title}</b>". "{prose(item.line.fix)}</p>
                <p class="small muted">{prose(item.seen)}</p>
            </div>
            <a class="clause mono" href=format!("{}#{}", href(&Route::Check), item.line.id)>{item.line.id}</a>
        </li>
    }
}
