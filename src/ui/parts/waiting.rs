//! The notice, on every page, that a flow waits for a login: leave for it again, or give up.

use crate::inspector::{Input, Inspector, Phase};
use crate::oauth::registration::Origin;
use crate::route::Route;
use crate::step::Step;
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::session::{Popup, session};
use crate::wire::words;

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

/// Where the person can do something on the walkthrough: a request that is paused, or an answer to bring.
fn elsewhere(it: &Inspector) -> Option<(Step, &'static str)> {
    let paused = it.paused().map(|it| (it.step, "The authorization is paused before this step: "));
    let handed = || it.hand_over().filter(|_| !it.problems().is_empty());
    paused.or_else(|| handed().map(|it| (it.step, "You can go on by hand at this step: ")))
}

#[component]
pub fn Elsewhere() -> impl IntoView {
    let session = session();
    let there = session.memo(elsewhere);
    let hidden = move || matches!(session.route(), Route::Walkthrough(_));
    move || {
        there.get().filter(|_| !hidden()).map(|(step, words)| {
            let route = Route::Walkthrough(Some(step.name().to_owned()));
            view! {
                <section class="waiting" role="status">
                    <p>{words}<strong>{step.title()}</strong></p>
                    <a class="button main" href=href(&route) on:click=follow(route)>"Open the walkthrough"</a>
                </section>
            }
        })
    }
}

#[component]
pub fn Waiting() -> impl IntoView {
    let session = session();
    let host = session.memo(awaited);
    let again = move |_| session.dispatch(Input::Again);
    let give_up = move |_| session.dispatch(Input::GiveUp);
    let anew = move |_| session.dispatch(Input::AgainAnew);
    let open = move |_| session.open_popup();
    let blocked = move || session.popup.get() == Popup::Blocked;
    let words = move || match session.popup.get() {
        Popup::None => " If you came back without finishing it, nothing is lost.",
        Popup::Open => " It is open in a window of its own, which closes by itself.",
        Popup::Blocked => " The browser did not let this page open a window for it; a press of the button lets it.",
    };
    move || {
        host.get().map(|Awaited { host, registered }| {
            view! {
                <section class="waiting" role="status" aria-labelledby="waiting-title">
                    <p>
                        <strong id="waiting-title">{format!("This flow waits for the login at {host}.")}</strong>
                        {words}
                    </p>
                    <div class="row">
                        {move || blocked().then(|| view! { <button type="button" class="main" data-testid="popup-open" on:click=open>"Open the login"</button> })}
                        <button type="button" class=move || if blocked() { "" } else { "main" } data-testid="flow-retry" on:click=again>"Try again"</button>
                        <button type="button" data-testid="flow-give-up" on:click=give_up>"Give up"</button>
                        {registered.then(|| view! {
                            <button type="button" class="quiet" title="If the login said that it does not know this client" on:click=anew>"Register anew"</button>
                        })}
                    </div>
                </section>
            }
        })
    }
}
