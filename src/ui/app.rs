//! The routes, and the frame of every page: header, navigation, problems, and the page itself.

use super::later;
use super::pages::Page;
use super::pages::connect::Connect;
use super::parts::arriving::{arriving_detail, arriving_page};
use super::parts::commands::Commands;
use super::parts::header::{Header, Navigation};
use super::parts::link::{follow, href};
use super::parts::newer::watch_for_newer;
use super::parts::notices::Notices;
use super::session::{Opened, Relay, Session, session};
use crate::ui::prelude::*;
use crate::ui::route;
use crate::web::window;
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::path;

#[component]
pub fn App(opened: Opened) -> impl IntoView {
    let base = window::base().trim_end_matches('/').to_owned();
    view! { <Router base><Pages opened/></Router> }
}

/// The pages by their addresses, as [`route::Route`] writes them. A name is one segment; of one that is typed, slashes are
/// taken too.
#[component]
fn Pages(opened: Opened) -> impl IntoView {
    provide_context(Session::open(opened));
    tell_document();
    watch_for_newer();
    view! {
        <Routes fallback=NotFound>
            // The login of the demo world is another site's page, as far as the user can see.
            <Route path=path!("/demo/authorize") view=later(Page::DemoAuthorize)/>
            <Route path=path!("/demo/authorize/index.html") view=later(Page::DemoAuthorize)/>
            // A window beside the presentation has no connection of its own.
            <Route path=path!("/notes") view=later(Page::Notes)/>
            <ParentRoute path=path!("") view=Frame>
                <Route path=path!("/") view=first/>
                <Route path=path!("/index.html") view=first/>
                <Route path=path!("/oauth/callback") view=first/>
                <Route path=path!("/oauth/callback/index.html") view=first/>
                <Route path=path!("/walkthrough/*step") view=later(Page::Walkthrough)/>
                <ParentRoute path=path!("/tools") view=later(Page::Tools)>
                    <Route path=path!("/") view=later(Page::NoItem)/>
                    <Route path=path!("/*name") view=later(Page::Tool)/>
                </ParentRoute>
                <ParentRoute path=path!("/resources") view=later(Page::Resources)>
                    <Route path=path!("/") view=later(Page::NoItem)/>
                    <Route path=path!("/*uri") view=later(Page::Resource)/>
                </ParentRoute>
                <ParentRoute path=path!("/prompts") view=later(Page::Prompts)>
                    <Route path=path!("/") view=later(Page::NoItem)/>
                    <Route path=path!("/*name") view=later(Page::Prompt)/>
                </ParentRoute>
                <Route path=path!("/check") view=later(Page::Check)/>
                <Route path=path!("/wire/*entry") view=later(Page::Wire)/>
                <Route path=path!("/logs/*message") view=later(Page::Logs)/>
                <Route path=path!("/tasks") view=later(Page::Tasks)/>
                <Route path=path!("/bench") view=later(Page::Bench)/>
                <Route path=path!("/*none") view=|| anew(view! { <NotFound/> })/>
            </ParentRoute>
        </Routes>
    }
}

/// Drawn anew, as [`later`] pages are: the router would go on with what is there of the page before.
fn first() -> impl IntoView {
    anew(view! { <Connect/> })
}

/// A page that the first page does without.
fn later(page: Page) -> impl Fn() -> AnyView + Clone + Send + 'static {
    move || match page {
        Page::Walkthrough => arriving_page(later::walkthrough()),
        Page::Tools => arriving_page(later::tools()),
        Page::Tool => arriving_detail(later::tool()),
        Page::Resources => arriving_page(later::resources()),
        Page::Resource => arriving_detail(later::resource()),
        Page::Prompts => arriving_page(later::prompts()),
        Page::Prompt => arriving_detail(later::prompt()),
        Page::NoItem => arriving_detail(later::no_item()),
        Page::Check => arriving_page(later::check()),
        Page::Wire => arriving_page(later::wire()),
        Page::Logs => arriving_page(later::logs()),
        Page::Tasks => arriving_page(later::tasks()),
        Page::Bench => arriving_page(later::bench()),
        Page::DemoAuthorize => arriving_page(later::demo_authorize()),
        Page::Notes => arriving_page(later::notes()),
    }
}

#[component]
fn Frame() -> impl IntoView {
    view! {
        <Header/>
        <Navigation/>
        <Notices/>
        <Inside/>
        <Commands/>
        <Questions/>
    }
}

/// The page, unless this window only hands a callback over.
#[component]
fn Inside() -> impl IntoView {
    let session = session();
    move || {
        // Another trace is another page: nothing that was drawn of the one before stays.
        session.track_replay();
        match session.relay.get() {
            Relay::None => anew(view! { <Outlet/> }).into_any(),
            _ => view! { <Relaying/> }.into_any(),
        }
    }
}

/// What the server asks of the user, on any page.
#[component]
fn Questions() -> impl IntoView {
    let session = session();
    let asked = session.memo(|it| !it.questions().is_empty());
    move || asked.get().then(|| arriving(later::request()))
}

/// A window that holds a callback for another one, until that one has taken it.
#[component]
fn Relaying() -> impl IntoView {
    let relay = session().relay;
    let words = move || match relay.get() {
        Relay::Taken => "The other window has received the authorization response. You can close this window.",
        _ => "Passing the authorization response to the other window. This window closes automatically.",
    };
    view! {
        <main class="page">
            <div class="empty" role="status">
                <h1>"Login finished"</h1>
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
                <h1>"Page not found"</h1>
                <p>"The URL may be mistyped, or from another version."</p>
                <a class="button main" href=href(&route::Route::Connect) on:click=follow(route::Route::Connect)>"Go to Connect"</a>
            </div>
        </main>
    }
}

/// What the document itself says: title, state of the connection, requests in flight.
fn tell_document() {
    let session = session();
    let phase = session.memo(|it| it.phase());
    let busy = session.memo(|it| it.busy());
    let account = session.account();
    Effect::new(move |_| {
        let tab = account.with(|it| if it.is_empty() { String::new() } else { format!(" · {it}") });
        window::set_title(&format!("{}{tab} · Flowglass", session.route().title()));
    });
    Effect::new(move |_| window::mark("data-connection", Some(phase.get().name())));
    Effect::new(move |_| window::mark("data-busy", Some(&busy.get().to_string())));
}
