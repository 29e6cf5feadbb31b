//! The first page: the form, or what the server says of itself.

mod authorization;
pub mod connected;
mod connection;
mod demo;
mod group;
mod intro;
mod kept;
pub mod left;
pub mod lessons;
pub mod link_note;
mod registered;
mod roots;
pub mod servers;

use crate::settings::Field;
use crate::ui::later;
use crate::ui::parts::field::{FieldNote, Refusals};
use crate::ui::parts::saved::OpenTrace;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::ui::typed::{normalized, settled};
use crate::web::window;
use authorization::AuthorizationSettings;
use connection::ConnectionSettings;
use demo::DemoWorld;
use intro::Intro;
use kept::{CopySettings, KeptServers, SaveServer};
use web_sys::SubmitEvent;

#[component]
pub fn Connect() -> impl IntoView {
    let session = session();
    let connected = session.memo(|it| it.is_connected());
    let left = Memo::new(move |_| session.left_server().is_some());
    view! {
        <main class="page">
            {move || match connected.get() {
                true => arriving(later::connected()),
                false if window::is_in_foreign_frame() => view! { <InTab/> <DemoWorld/> <Intro/> }.into_any(),
                false => view! { {move || left.get().then(|| arriving(later::left_server()))} <Form/> <KeptServers/> <DemoWorld/> <Intro/> }.into_any(),
            }}
            <p class="small muted">"Flowglass "<span data-testid="app-version">{env!("CARGO_PKG_VERSION")}</span></p>
        </main>
    }
}

/// What a page in a frame of another site offers beside the demo.
#[component]
fn InTab() -> impl IntoView {
    view! {
        <div class="intro">
            <h1>"Inspect an MCP server"</h1>
            <p class="lead">"Flowglass is framed by another origin, which could cover it or log keys. Open it in a tab to connect to a server; here, only the demo runs."</p>
            <div class="row">
                <a class="button main" data-testid="open-in-tab" href=window::here() target="_blank" rel="noopener noreferrer">"Open in a tab"</a>
            </div>
        </div>
    }
}

#[component]
fn Form() -> impl IntoView {
    let session = session();
    // Fields say what is wrong only once connecting was tried; from then on with every key stroke.
    let refusals = Memo::new(move |_| match session.tried.get() {
        true => normalized(&session.draft.read()).settings().err().unwrap_or_default(),
        false => Vec::new(),
    });
    provide_context(Refusals(refusals));
    let connect = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(settings) = settled(session) {
            session.connect(settings);
        }
    };
    let check = move |_| {
        if let Some(settings) = settled(session) {
            session.check(settings);
        }
    };
    view! {
        <div class="intro">
            <h1>"Inspect an MCP server"</h1>
            <p class="lead">"See every step of its authorization, then use its tools. Tokens stay in this tab."</p>
        </div>
        <form class="connect stack" novalidate on:submit=connect>
            <ServerField/>
            <div class="settings">
                <ConnectionSettings/>
                <AuthorizationSettings/>
            </div>
            <div class="row">
                <button type="button" data-testid="check-server" title="Reads public metadata, and stops before the login" on:click=check>
                    "Check without logging in"
                </button>
                <OpenTrace/>
                <SaveServer/>
                <CopySettings/>
            </div>
        </form>
    }
}

#[component]
fn ServerField() -> impl IntoView {
    let draft = session().draft;
    let refusals: Refusals = expect_context();
    let refusal = Memo::new(move |_| refusals.of(Some(Field::Server)));
    view! {
        <div class="field">
            <label for="server-url">"Server URL"</label>
            <div class="row nowrap">
                <input
                    id="server-url" data-testid="server-url" class="mono" type="text" inputmode="url" autocapitalize="off"
                    autocomplete="url" spellcheck="false" placeholder="https://mcp.example.com/mcp" autofocus=!window::is_framed()
                    aria-invalid=move || refusal.read().is_some().then_some("true") aria-describedby="server-url-hint"
                    prop:value=move || draft.read().server.clone()
                    on:input:target=move |event| draft.update(|it| it.server = event.target().value())
                />
                <button class="main" data-testid="connect">"Connect"</button>
            </div>
            <FieldNote id="server-url-hint".to_owned() hint="" refusal/>
        </div>
    }
}
