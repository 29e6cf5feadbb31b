//! The negative tests: what is done wrong on purpose, what should happen, and what did.

use crate::inspector::Input;
use crate::oauth::negative::Negative;
use crate::ui::parts::checks::Checks;
use crate::ui::parts::exchange::ExchangeView;
use crate::ui::prelude::*;
use crate::ui::session::session;

#[component]
pub fn Tests() -> impl IntoView {
    view! {
        <section class="part" data-testid="negative-tests" aria-labelledby="tests-title">
            <h2 id="tests-title">"Negative tests"</h2>
            <p>
                "Each test sends a request with one error, which a correct server rejects. The connection does not change, and any token issued is discarded."
            </p>
            <ol class="tests">{Negative::ALL.map(|kind| view! { <Test kind/> }).collect_view()}</ol>
        </section>
    }
}

#[component]
fn Test(kind: Negative) -> impl IntoView {
    let session = session();
    let may = session.memo(move |it| it.may_test(kind));
    let result = session.memo(move |it| it.bench().tested(kind).cloned());
    let verdict = move || result.read().as_ref().map(|it| it.check.verdict.name());
    let exchange = Memo::new(move |_| result.read().as_ref().and_then(|it| it.exchange));
    let cost = match kind.logins() {
        0 => "no login",
        _ => "1 login",
    };
    view! {
        <li data-negative=kind.name() data-verdict=verdict>
            <div class="row">
                <button
                    type="button" data-testid=format!("test-{}", kind.name()) disabled=move || may.get().is_err()
                    on:click=move |_| session.dispatch(Input::Test(kind))
                >{kind.title()}</button>
                <span class="small muted">{cost}</span>
            </div>
            <p class="small">"Expected: "{kind.should()}</p>
            {kind.warning().map(|it| view! { <p class="small caution">{it}</p> })}
            {move || may.get().err().map(|it| view! { <p class="small muted">{it}</p> })}
            <div aria-live="polite">{move || result.get().map(|it| view! { <Checks checks=vec![it.check]/> })}</div>
            {move || exchange.get().map(|id| anew(view! { <ExchangeView id open=Signal::stored(false)/> }))}
        </li>
    }
}
