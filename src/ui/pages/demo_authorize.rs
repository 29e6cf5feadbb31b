//! The login of the demo world's authorization server: who you are and what you allow, on one page.
//!
//! It is a page of its own, reached by a real navigation. It belongs to the other side: it knows nothing of the flow
//! that waits, and changes nothing of it.

use crate::demo::ISSUER;
use crate::demo::login::{Asked, Consent, Refused};
use crate::ui::parts::simulated::SimulatedChip;
use crate::ui::prelude::*;
use crate::ui::stage;
use crate::web::window;
use leptos_router::hooks::use_location;

/// Who logs in, until the user enters another name.
const NAME: &str = "Ada Example";

#[component]
pub fn DemoAuthorize() -> impl IntoView {
    let query = use_location().search.get_untracked();
    let inside = match stage::asked(&query) {
        Asked::Person(consent) => view! { <Login consent/> }.into_any(),
        Asked::Refused(refused) => view! { <NoWayBack refused/> }.into_any(),
        Asked::Answered(url) => {
            window::move_on(&url);
            view! { <p role="status">"Redirecting with an error"</p> }.into_any()
        }
    };
    view! {
        <main class="login">
            <div class="login-sheet">
                <header class="login-head">
                    <span class="login-mark" aria-hidden="true">"H"</span>
                    <span class="login-name"><b>"Harbour login"</b><small class="mono">{ISSUER.trim_start_matches("https://")}</small></span>
                    <SimulatedChip/>
                </header>
                {inside}
            </div>
            <p class="small muted login-foot">"This authorization server is part of Flowglass. There is no account or password, and nothing you enter leaves this page."</p>
        </main>
    }
}

#[component]
fn Login(consent: Consent) -> impl IntoView {
    let name = RwSignal::new(NAME.to_owned());
    let decided = StoredValue::new(consent.clone());
    let go = move |name: Option<String>| {
        if let Some(url) = decided.with_value(|it| stage::decided(it, name.as_deref())) {
            window::move_on(&url);
        }
    };
    let scopes = consent.scopes.into_iter().map(|(name, words)| {
        view! { <li><span>{foreign(words)}</span><code>{foreign(name)}</code></li> }
    });
    view! {
        <h1><b>{foreign(consent.client)}</b>" wants to access the harbour office for you"</h1>
        <div class="field">
            <label for="demo-name">"Signed in as"</label>
            <input
                id="demo-name" data-testid="demo-name" type="text" autocomplete="off" spellcheck="false" prop:value=NAME
                on:input:target=move |event| name.set(event.target().value())
            />
        </div>
        <div class="login-scopes">
            <h2>"This allows it to"</h2>
            <ul>{scopes.collect_view()}</ul>
        </div>
        <dl class="facts small">
            <dt>"Resource"</dt><dd class="mono">{foreign(consent.resource)}</dd>
            <dt>"Client"</dt><dd class="mono">{foreign(consent.client_id)}</dd>
            <dt>"Redirect URI"</dt><dd class="mono">{foreign(consent.redirect_uri)}</dd>
        </dl>
        <div class="login-choice">
            <button type="button" data-testid="demo-deny" on:click=move |_| go(None)>"Deny"</button>
            <button type="button" class="main" data-testid="demo-approve" on:click=move |_| go(Some(name.get_untracked()))>"Allow"</button>
        </div>
    }
}

/// RFC 6749 §4.1.2.1: where the redirect URI may be a stranger's, the user is told, and the browser stays.
#[component]
fn NoWayBack(refused: Refused) -> impl IntoView {
    view! {
        <h1>{refused.title}</h1>
        <p role="alert" data-testid="demo-refused">{foreign(refused.words)}</p>
        <p class="small muted">"The client is still waiting for this login. Return with the browser's Back button."</p>
    }
}
