//! The notices, on every page, that a flow waits for the user: for a login, which can be left for again or given up, or
//! for something to do on the walkthrough.

use crate::explain::wire::words;
use crate::inspector::{Input, Inspector, Phase};
use crate::oauth::registration::Origin;
use crate::trace::step::Step;
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::{Popup, session};

/// What is said of the login that is waited for.
#[derive(Clone, PartialEq, Eq)]
struct Awaited {
    host: String,
    /// The client was registered by this page, so that it can be registered anew.
    registered: bool,
}

fn awaited(it: &Inspector) -> Option<Awaited> {
    let wait = it.waiting().filter(|_| it.phase() == Phase::Authorizing)?;
    Some(Awaited { host: words::host(&wait.url).to_owned(), registered: wait.client.origin == Origin::Dynamic })
}

/// Where the user can do something on the walkthrough: a request that is paused, or an answer to bring.
fn elsewhere(it: &Inspector) -> Option<(Step, &'static str)> {
    let paused = it.paused().map(|it| (it.step, "Paused before step: "));
    paused.or_else(|| it.hand_over().map(|it| (it.step, "Continue with curl at step: ")))
}

#[component]
pub fn Waiting() -> impl IntoView {
    view! { <Login/><Elsewhere/> }
}

#[component]
fn Elsewhere() -> impl IntoView {
    let session = session();
    let there = session.memo(elsewhere);
    let hidden = move || matches!(session.route(), Route::Walkthrough(_));
    move || {
        there.get().filter(|_| !hidden()).map(|(step, words)| {
            let route = Route::Walkthrough(Some(step.name().to_owned()));
            view! {
                <section class="waiting" role="status">
                    <p>{words}<strong>{step.title()}</strong></p>
                    <a class="button main" href=href(&route) on:click=follow(route)>"Open walkthrough"</a>
                </section>
            }
        })
    }
}

#[component]
fn Login() -> impl IntoView {
    let session = session();
    let host = session.memo(awaited);
    let again = move |_| session.dispatch(Input::Again);
    let give_up = move |_| session.dispatch(Input::GiveUp);
    let anew = move |_| session.dispatch(Input::AgainAnew);
    let open = move |_| session.open_popup();
    let blocked = move || session.popup.get() == Popup::Blocked;
    let words = move || match session.popup.get() {
        Popup::None => " If you returned without finishing it, try again.",
        Popup::Open => " It is open in a popup that closes automatically.",
        Popup::Blocked => " The browser blocked the popup. Open it with the button.",
    };
    move || {
        host.get().map(|Awaited { host, registered }| {
            view! {
                <section class="waiting" role="status" aria-labelledby="waiting-title">
                    <p>
                        <strong id="waiting-title">{foreign(format!("Waiting for the login at {host}."))}</strong>
                        {words}
                    </p>
                    <div class="row">
                        {move || blocked().then(|| view! { <button type="button" class="main" data-testid="popup-open" on:click=open>"Open login"</button> })}
                        <button type="button" class=move || if blocked() { "" } else { "main" } data-testid="flow-retry" on:click=again>"Try again"</button>
                        <button type="button" data-testid="flow-give-up" on:click=give_up>"Cancel login"</button>
                        {registered.then(|| view! {
                            <button type="button" class="quiet" title="If the login reports an unknown client" on:click=anew>"Register again"</button>
                        })}
                    </div>
                </section>
            }
        })
    }
}
