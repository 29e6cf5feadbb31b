//! A step-up: the scopes that the server wants beside those that the token has.

use crate::mcp::question::{Question, Scopes};
use crate::ui::prelude::*;

#[component]
pub fn ScopesBody(question: Question) -> impl IntoView {
    let Scopes { required, held, scope } = Scopes::read(&question.params);
    let nothing = held.is_empty().then(|| view! { <span class="muted">"unknown"</span> });
    view! {
        <p>"This call needs more scopes (403 insufficient_scope). Log in again to grant them?"</p>
        <dl class="facts">
            <dt>"Required"</dt><dd>{chips(&required, &held)}</dd>
            <dt>"Held"</dt><dd>{nothing}{chips(&held, &held)}</dd>
            <dt>"Will be requested"</dt><dd>{chips(&scope, &held)}</dd>
        </dl>
    }
}

/// Scopes as chips; those that are new stand out.
fn chips(scopes: &str, held: &str) -> impl IntoView + use<> {
    let is_new = |scope: &str| !held.split_whitespace().any(|it| it == scope);
    let chips = scopes.split_whitespace().map(|scope| {
        view! { <li class="chip mono" data-tone=is_new(scope).then_some("warn")>{foreign(scope.to_owned())}</li> }
    });
    let chips: Vec<_> = chips.collect();
    view! { <ul class="chips">{chips}</ul> }
}
