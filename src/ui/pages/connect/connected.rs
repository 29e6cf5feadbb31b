//! What is known of a connected server.

mod account;
mod capabilities;
mod lists;
mod token;
mod website;

use super::kept::CopySettings;
use super::roots::Roots;
use crate::base::text::{Reveal, prefix};
use crate::explain::agreement;
use crate::explain::words as said;
use crate::inspector::{Input, Inspector};
use crate::mcp::model::ItemKind;
use crate::ui::later;
use crate::ui::parts::docked::Docked;
use crate::ui::parts::link::{follow, href};
use crate::ui::parts::prose::prose;
use crate::ui::parts::styled::styled;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use account::ThisTab;
use capabilities::{Capabilities, Capability, listed};
use lists::{Limits, Lists};
use token::{Token, TokenFacts};
use website::Website;

/// The longest name that is drawn, in bytes.
const LONGEST: usize = 1 << 10;
/// As much of the instructions as is drawn before the rest is wanted, in bytes.
const BEGINNING: usize = 8 << 10;

/// What is drawn of the connection.
#[derive(Clone, Default, PartialEq)]
struct Facts {
    server: String,
    title: String,
    name: String,
    version: String,
    icon: Option<String>,
    negotiated: String,
    transport: &'static str,
    /// Why it is this revision and this transport, in sentences.
    because: [String; 2],
    logs: bool,
    instructions: Option<String>,
    of_server: Vec<Capability>,
    of_client: Vec<Capability>,
    session: Option<String>,
    token: Option<Token>,
    tools: usize,
}

fn facts(it: &Inspector, reveal: Reveal) -> Facts {
    let Some((connection, info)) = it.connection().and_then(|it| Some((it, it.info.as_ref()?))) else {
        return Facts::default();
    };
    let session = connection.session_id().map(|it| it.write(reveal));
    Facts {
        server: connection.server.href(),
        title: shown(info.display_name()),
        name: shown(&info.name),
        version: shown(info.version.as_deref().unwrap_or_default()),
        icon: info.icon.clone(),
        negotiated: info.revision.as_str().to_owned(),
        transport: connection.transport.name(),
        because: because(it),
        logs: info.logs(),
        instructions: info.instructions.clone(),
        of_server: listed(&info.capabilities),
        of_client: connection.declared().as_object().map(listed).unwrap_or_default(),
        session,
        token: connection.has_token().then(|| Token::of(it)),
        tools: it.list(ItemKind::Tools).map(|it| it.items.len() + it.bad.len()).unwrap_or_default(),
    }
}

/// Of a trace that was cleared only what is known of the server.
fn because(it: &Inspector) -> [String; 2] {
    match agreement::of(it) {
        Some((revision, transport)) => [said::agreement::revision(&revision), said::agreement::transport(&transport)],
        None => {
            let server = it.connection().map(|it| it.server.href());
            let era = server.and_then(|server| it.era_of(&server)).map(said::era).unwrap_or_default();
            [era.to_owned(), String::new()]
        }
    }
}

/// A text of the server's as far as it is drawn: breaking a megabyte without spaces into lines takes browsers minutes.
fn shown(text: &str) -> String {
    let head = prefix(text, LONGEST);
    if head.len() == text.len() { head.to_owned() } else { format!("{head}…") }
}

#[component]
pub fn Connected() -> impl IntoView {
    styled(include_str!("../../../../style/connected.css"));
    let session = session();
    let facts = Memo::new(move |_| {
        let reveal = session.reveal();
        session.read(|it| facts(it, reveal))
    });
    let faulty = Memo::new(move |_| session.host.read().host().is_some_and(|it| !it.faults.is_empty()));
    let tools = move || match facts.read().tools {
        0 => "Open its tools".to_owned(),
        1 => "Open its tool".to_owned(),
        count => format!("Open its {count} tools"),
    };
    view! {
        <div class="intro">
            <p class="label">"Connected to"</p>
            <h1 class="row">
                {move || facts.read().icon.clone().map(|it| view! { <img class="icon" src=it alt="" width="32" height="32"/> })}
                <span>{move || foreign(facts.read().title.clone())}</span>
                <span class="version">{move || foreign(facts.read().version.clone())}</span>
            </h1>
        </div>
        <div class="row">
            <a class="button main" href=href(&Route::Tools(None)) on:click=follow(Route::Tools(None))>{tools}</a>
            <a class="button" href=href(&Route::Walkthrough(None)) on:click=follow(Route::Walkthrough(None))>"See how it connected"</a>
            {move || facts.read().logs.then(|| view! {
                <a class="button" href=href(&Route::Logs(None)) on:click=follow(Route::Logs(None))>"Open log messages"</a>
            })}
            <button type="button" data-testid="reconnect" on:click=move |_| session.try_again()>"Reconnect"</button>
            <button type="button" data-testid="disconnect" on:click=move |_| session.dispatch(Input::Disconnect)>"Disconnect"</button>
            <CopySettings/>
        </div>
        {move || faulty.get().then(|| arriving(later::config_problem()))}
        {move || view! { <FactList facts=facts.get()/> }}
        <Roots/>
        <ForClients/>
        <Docked/>
    }
}

/// The server as other clients configure it, once that is opened.
#[component]
fn ForClients() -> impl IntoView {
    let opened = RwSignal::new(false);
    view! {
        <div class="settings">
            <details data-testid="client-configs" on:toggle=move |_| opened.set(true)>
                <summary>"Use in another client"</summary>
                {move || opened.get().then(|| arriving(later::clients()))}
            </details>
        </div>
    }
}

#[component]
fn FactList(facts: Facts) -> impl IntoView {
    let [revision, transport] = facts.because;
    view! {
        <dl class="connection">
            <div><dt>"URL"</dt><dd class="mono wide">{foreign(facts.server)}</dd></div>
            <div><dt>"Name"</dt><dd class="wide"><span data-testid="server-name">{foreign(facts.name)}</span></dd></div>
            <Website/>
            <div><dt>"Version"</dt><dd data-testid="negotiated-version">{foreign(facts.negotiated)}</dd><dd>{prose(revision)}</dd></div>
            <div><dt>"Transport"</dt><dd data-testid="negotiated-transport">{facts.transport}</dd><dd>{prose(transport)}</dd></div>
            {facts.session.map(|id| view! { <SessionId id/> })}
            <div><dt>"Authorization"</dt><dd class="wide"><TokenFacts token=facts.token/></dd></div>
            <div><dt>"This tab"</dt><dd class="wide"><ThisTab/></dd></div>
            <Lists/>
            <Limits/>
        </dl>
        <div class="capabilities">
            <Capabilities id="server-capabilities" party="server" of="the MCP server" all=facts.of_server/>
            <Capabilities id="client-capabilities" party="client" of="this client" all=facts.of_client/>
        </div>
        {facts.instructions.filter(|it| !it.is_empty()).map(|text| view! { <Instructions text/> })}
    }
}

/// The session, masked until it is wanted.
#[component]
fn SessionId(id: String) -> impl IntoView {
    let reveal = session().reveal;
    view! {
        <div>
            <dt>"Session"</dt>
            <dd><span class="secret">{foreign(id)}</span>" "
                <button class="quiet" type="button" aria-pressed=move || reveal.get().to_string() on:click=move |_| reveal.update(|it| *it = !*it)>
                    {move || if reveal.get() { "Hide" } else { "Show" }}
                </button>
            </dd>
            <dd>"Names this connection; sent with every request as "<code>"Mcp-Session-Id"</code>"."</dd>
        </div>
    }
}

/// What the server tells the model about itself, as it was written.
#[component]
fn Instructions(text: String) -> impl IntoView {
    let whole = RwSignal::new(false);
    let head = prefix(&text, BEGINNING).to_owned();
    let rest = (head.len() < text.len()).then(|| text.len() - head.len());
    let text = StoredValue::new((head, text));
    let drawn = move || text.with_value(|(head, all)| foreign(if whole.get() { all.clone() } else { head.clone() }));
    view! {
        <section class="instructions">
            <h2>"Instructions"" "<small>"for the model, from the server"</small></h2>
            <blockquote data-testid="server-instructions">{drawn}</blockquote>
            {rest.map(|more| view! {
                <button type="button" aria-expanded=move || whole.get().to_string() on:click=move |_| whole.update(|it| *it = !*it)>
                    {move || if whole.get() { "Show less".to_owned() } else { format!("Show {} more", crate::base::format::bytes(more)) }}
                </button>
            })}
        </section>
    }
}
