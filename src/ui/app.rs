//! The frame of every page: header, navigation, problems, and the page itself.

use super::pages::connect::Connect;
use super::parts::header::{Header, Navigation};
use super::parts::palette::Palette;
use super::parts::problem::Notices;
use super::parts::saved::Replaying;
use super::session::{Arrival, Relay, Session, session};
use crate::route::Route;
use crate::ui::prelude::*;
use crate::web::window;

#[component]
pub fn App() -> impl IntoView {
    let session = Session::open();
    provide_context(session);
    tell_document();
    let apart = memo(move || session.route() == Route::DemoAuthorize);
    // The login of the demo world is another site's page, as far as a person can see.
    move || match apart.get() {
        true => view! { <Page/> },
        false => view! { <Frame/> },
    }
}

#[component]
fn Frame() -> impl IntoView {
    view! {
        <Header/>
        <Navigation/>
        <Notices><Arriving/><Replaying/></Notices>
        <Page/>
        <Palette/>
        <Questions/>
    }
}

/// One page at a time. It is built anew only when another page is opened, not for another item of the same.
#[component]
fn Page() -> impl IntoView {
    let session = session();
    let page = memo_after(move |last: Option<&Route>| {
        let route = session.route();
        match last {
            Some(last) if last.same_page(&route) => last.clone(),
            _ => route,
        }
    });
    let page = move || {
        // Another trace is another page: nothing that was drawn of the one before stays.
        session.track_replay();
        page.get()
    };
    move || match page() {
        _ if session.relay.get() != Relay::None => view! { <Relaying/> },
        Route::Connect | Route::Callback => view! { <Connect/> },
        Route::Unknown => view! { <NotFound/> },
        other => match session.later() {
            Some(later) => (later.page)(&other),
            None => {
                session.load();
                view! { <Loading/> }
            }
        },
    }
}

/// What the server asks of the person, on whatever page they are.
#[component]
fn Questions() -> impl IntoView {
    let session = session();
    let asked = session.memo(|it| !it.questions().is_empty());
    // Whoever asks came through the machine, so what draws the question is there too.
    move || asked.get().then(|| session.later().map(|later| (later.dialog)()))
}

/// Another page, on its way.
#[component]
fn Loading() -> impl IntoView {
    let arrival = session().arrival;
    move || match arrival.get() {
        Arrival::Failed => view! { <main class="page"></main> },
        _ => view! { <main class="page"><Coming/></main> },
    }
}

#[component]
fn Coming() -> impl IntoView {
    view! { <p class="loading" role="status"><span class="spinner" aria-hidden="true"></span>"Loading the rest of Flowglass"</p> }
}

/// Above every page: that what is needed is on its way, where something waits for it, or did not come.
#[component]
fn Arriving() -> impl IntoView {
    let session = session();
    move || match session.arrival.get() {
        Arrival::Awaited => view! { <div><Coming/></div> },
        Arrival::Failed => view! {
            <section class="waiting" role="alert">
                <p>
                    <strong>"The rest of Flowglass could not be loaded."</strong>
                    " It is a file of its own beside this page, and the host did not give it. Perhaps the network is gone, or a newer version was put there: then reload."
                </p>
                <button class="main" type="button" on:click=move |_| session.load()>"Try again"</button>
            </section>
        },
        Arrival::Quiet => ().into_node(),
    }
}

/// A window that holds a callback for another one, until that one has taken it.
#[component]
fn Relaying() -> impl IntoView {
    let relay = session().relay;
    let words = move || match relay.get() {
        Relay::Taken => "The window that asked for the login has the answer and goes on. You may close this one.",
        _ => "The answer goes to the window that asked for it. This one closes by itself.",
    };
    view! {
        <main class="page">
            <div class="empty" role="status">
                <h1>"Back from the login"</h1>
                <p>{words}</p>
            </div>
        </main>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <main class="page">
            <div class="empty">
                <h1>"There is no such page"</h1>
                <p>"The address may be mistyped, or from another version."</p>
                <a class="button main" href=window::base()>"To the first page"</a>
            </div>
        </main>
    }
}

/// What the document itself says: title, state of the connection, requests in flight.
fn tell_document() {
    let session = session();
    let phase = session.memo(|it| it.phase());
    let busy = session.memo(|it| it.busy());
    Effect::new(move |_| window::set_title(&format!("{} · Flowglass", session.route().title())));
    Effect::new(move |_| window::mark("data-connection", Some(phase.get().name())));
    Effect::new(move |_| window::mark("data-busy", Some(&busy.get().to_string())));
}
