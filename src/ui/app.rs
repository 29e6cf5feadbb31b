//! The frame of every page: header, navigation, problems, and the page itself.

use super::later::{self, Later, NotLoaded};
use super::pages::connect::Connect;
use super::parts::header::{Header, Navigation};
use super::parts::palette::Palette;
use super::parts::problem::Problems;
use super::parts::violations::Violations;
use super::session::{Session, session};
use crate::route::Route;
use crate::ui::prelude::*;
use crate::web::window;
use leptos::task::spawn_local_scoped;

#[component]
pub fn App() -> impl IntoView {
    provide_context(Session::open());
    let later = RwSignal::new(None::<Later>);
    tell_document();
    view! {
        <Header/>
        <Navigation/>
        <Problems/>
        <Violations/>
        <Page later/>
        <Palette/>
        <Questions later/>
    }
}

/// One page at a time. It is built anew only when another page is opened, not for another item of the same.
#[component]
fn Page(later: RwSignal<Option<Later>>) -> impl IntoView {
    let session = session();
    let page = memo_after(move |last: Option<&Route>| {
        let route = session.route();
        match last {
            Some(last) if last.same_page(&route) => last.clone(),
            _ => route,
        }
    });
    move || match page.get() {
        Route::Connect | Route::Callback => view! { <Connect/> },
        Route::Unknown => view! { <NotFound/> },
        other => match later.get() {
            Some(later) => (later.page)(&other),
            None => view! { <Loading later/> },
        },
    }
}

/// What the server asks of the person, on whatever page they are.
#[component]
fn Questions(later: RwSignal<Option<Later>>) -> impl IntoView {
    let asked = session().memo(|it| !it.questions().is_empty());
    move || {
        asked.get().then(|| match later.get() {
            Some(later) => (later.dialog)(),
            None => view! { <Loading later/> },
        })
    }
}

/// The other pages are on their way, or did not come.
#[component]
fn Loading(later: RwSignal<Option<Later>>) -> impl IntoView {
    let (failed, fail) = signal(false);
    let load = move || {
        fail.set(false);
        spawn_local_scoped(async move {
            match later::load().await {
                Ok(loaded) => drop(later.try_set(Some(loaded))),
                Err(NotLoaded) => drop(fail.try_set(true)),
            }
        });
    };
    load();
    move || match failed.get() {
        false => {
            view! { <main class="page"><p class="loading" role="status"><span class="spinner" aria-hidden="true"></span>"Loading the page"</p></main> }
        }
        true => view! {
            <main class="page"><div class="empty" role="alert">
                <h1>"This page could not be loaded"</h1>
                <p>"It is a file of its own beside this one, and the host did not give it. Perhaps the network is gone, or a newer version was put there: then reload."</p>
                <button class="main" type="button" on:click=move |_| load()>"Try again"</button>
            </div></main>
        },
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
