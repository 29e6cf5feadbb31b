//! The token bench: the access token taken apart and judged, what must be refused, and every secret of this tab.

mod ledger;
mod tests;
mod token;

use crate::ui::parts::reveal::RevealSecrets;
use crate::ui::prelude::*;
use ledger::Ledger;
use tests::Tests;
use token::AccessToken;

#[component]
pub fn TokenBench() -> impl IntoView {
    view! {
        <main class="page wide">
            <div class="intro">
                <h1>"Token bench"</h1>
                <p class="lead">"Decode the token, test what the server accepts, and list every secret in this tab."</p>
                <RevealSecrets/>
            </div>
            <section class="part" data-testid="token-bench" aria-labelledby="token-title">
                <h2 id="token-title">"Access token"</h2>
                <AccessToken/>
            </section>
            <Tests/>
            <Ledger/>
        </main>
    }
}
