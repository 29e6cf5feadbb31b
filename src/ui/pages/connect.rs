//! The first page: the form, or what the server says of itself.

mod connected;
mod demo;
mod recent;
mod settings;

use crate::settings::{Draft, Field, Registration};
use crate::ui::own_document::OwnDocument;
use crate::ui::parts::field::{FieldNote, Refusals};
use crate::ui::parts::saved::OpenTrace;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::window;
use connected::Connected;
use demo::DemoWorld;
use recent::RecentServers;
use settings::{AuthorizationSettings, TransportSettings};
use web_sys::SubmitEvent;

#[component]
pub fn Connect() -> impl IntoView {
    let session = session();
    let connected = session.memo(|it| it.is_connected());
    view! {
        <main class="page">
            {move || match connected.get() {
                true => view! { <Connected/> }.into_any(),
                false => view! { <Form/> <DemoWorld/> <RecentServers/> <div><OpenTrace/></div> }.into_any(),
            }}
        </main>
    }
}

/// The draft as it is used: the browser writes international host names in ASCII.
fn normalized(draft: &Draft) -> Draft {
    let mut draft = draft.clone();
    if !draft.server.is_ascii() {
        draft.server = window::normal(&draft.server).unwrap_or(draft.server);
    }
    // Chosen, and none typed: this page's own, where it has one that can be used.
    let document = Registration::parse(&draft.registration) == Some(Registration::MetadataDocument);
    if document && draft.client_metadata_url.trim().is_empty() {
        draft.client_metadata_url = OwnDocument::found().usable().unwrap_or_default();
    }
    draft
}

#[component]
fn Form() -> impl IntoView {
    let session = session();
    // Nobody is told off before having tried; from then on every key stroke is judged.
    let (tried, set_tried) = signal(false);
    let refusals = memo(move || match tried.get() {
        true => normalized(&session.draft.read()).settings().err().unwrap_or_default(),
        false => Vec::new(),
    });
    provide_context(Refusals(refusals));
    let connect = move |event: SubmitEvent| {
        event.prevent_default();
        match normalized(&session.draft.read_untracked()).settings() {
            Ok(settings) => session.connect(settings),
            Err(_) => {
                set_tried.set(true);
                request_animation_frame(|| window::focus("[aria-invalid]"));
            }
        }
    };
    view! {
        <div class="intro">
            <h1>"Inspect an MCP server"</h1>
            <p class="lead">"See every step of its authorization, then use its tools. Everything happens in this tab."</p>
        </div>
        <form class="connect stack" novalidate on:submit=connect>
            <ServerField/>
            <div class="settings">
                <AuthorizationSettings/>
                <TransportSettings/>
            </div>
        </form>
    }
}

#[component]
fn ServerField() -> impl IntoView {
    let draft = session().draft;
    let refusals: Refusals = expect_context();
    let refusal = memo(move || refusals.of(Some(Field::Server)));
    view! {
        <div class="field">
            <label for="server-url">"Server address"</label>
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
