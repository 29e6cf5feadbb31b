//! The notice, on every page, that a flow waits for a login: leave for it again, or give up.

use crate::inspector::{Input, Inspector, Phase};
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::wire::words;

/// Where the login is that is waited for.
fn awaited(it: &Inspector) -> Option<String> {
    let wait = it.waiting().filter(|_| it.phase() == Phase::Authorizing)?;
    Some(words::host(&wait.url).to_owned())
}

#[component]
pub fn Waiting() -> impl IntoView {
    let session = session();
    let host = session.memo(awaited);
    let again = move |_| session.dispatch(Input::Again);
    let give_up = move |_| session.dispatch(Input::GiveUp);
    move || {
        host.get().map(|host| {
            view! {
                <section class="waiting" role="status" aria-labelledby="waiting-title">
                    <p>
                        <strong id="waiting-title">{format!("This flow waits for the login at {host}.")}</strong>
                        " If you came back without finishing it, nothing is lost."
                    </p>
                    <div class="row">
                        <button type="button" class="main" data-testid="flow-retry" on:click=again>"Try again"</button>
                        <button type="button" data-testid="flow-give-up" on:click=give_up>"Give up"</button>
                    </div>
                </section>
            }
        })
    }
}
