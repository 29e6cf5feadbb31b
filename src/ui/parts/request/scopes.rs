//! A step-up: the scopes that the server wants beside those that the token has.

use crate::question::{Question, Scopes};
use crate::ui::prelude::*;

#[component]
pub fn ScopesBody(question: Question) -> impl IntoView {
    let Scopes { required, held, scope } = Scopes::read(&question.params);
    let nothing = held.is_empty().then(|| view! { <span class="muted">"none that is known"</span> });
    view! {
        <p>"The token is good, but not for this: the server answered 403 and wants more scopes. Accepting leads through the login again."</p>
        <dl class="facts">
            <dt>"Wanted"</dt><dd>{chips(&required, &held)}</dd>
            <dt>"Held"</dt><dd>{nothing}{chips(&held, &held)}</dd>
            <dt>"Asked for then"</dt><dd>{chips(&scope, &held)}</dd>
        </dl>
    }
}

/// Scopes as chips; those that are new stand out.
fn chips(scopes: &str, held: &str) -> impl IntoView + use<> {
    let is_new = |scope: &str| !held.split_whitespace().any(|it| it == scope);
    let chips = scopes.split_whitespace().map(|scope| {
        view! { <li class="chip mono" data-tone=is_new(scope).then_some("warn")>{scope.to_owned()}</li> }
    });
    let chips: Vec<_> = chips.collect();
    view! { <ul class="chips">{chips}</ul> }
}
