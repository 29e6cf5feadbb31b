//! The token bench: the access token taken apart and judged, what must be refused, and every secret of this tab.

mod ledger;
mod tests;
mod token;

use crate::ui::prelude::*;
use crate::ui::session::session;
use ledger::Ledger;
use tests::Tests;
use token::AccessToken;

#[component]
pub fn TokenBench() -> impl IntoView {
    let reveal = session().reveal;
    view! {
        <main class="page wide">
            <div class="intro">
                <h1>"Token bench"</h1>
                <p class="lead">"What the token says, what it is worth, and what this tab knows that others must not."</p>
                <label class="check">
                    <input
                        type="checkbox" data-testid="reveal-secrets" prop:checked=reveal
                        on:change:target=move |event| reveal.set(event.target().checked())
                    />
                    "show secrets"
                </label>
            </div>
            <section class="part" data-testid="token-bench" aria-labelledby="token-title">
                <h2 id="token-title">"The access token"</h2>
                <AccessToken/>
            </section>
            <Tests/>
            <Ledger/>
        </main>
    }
}
