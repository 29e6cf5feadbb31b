//! What the server says of itself, once connected.

use crate::format;
use crate::inspector::{Input, Inspector, LOG_LEVELS};
use crate::mcp::era::Era;
use crate::mcp::model::Kind;
use crate::route::Route;
use crate::text::Reveal;
use crate::trace::Millis;
use crate::ui::parts::link::{follow, href};
use crate::ui::parts::live::ServerLog;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::clock;
use leptos::prelude::set_interval_with_handle;
use serde_json::{Map, Value};
use std::time::Duration;

/// What is drawn of the connection.
#[derive(Clone, Default, PartialEq)]
struct Facts {
    server: String,
    title: String,
    name: String,
    version: String,
    negotiated: String,
    transport: &'static str,
    era: &'static str,
    logs: bool,
    instructions: Option<String>,
    offers: Vec<(String, String)>,
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
        title: info.display_name().to_owned(),
        name: info.name.clone(),
        version: info.version.clone().unwrap_or_default(),
        negotiated: info.revision.as_str().to_owned(),
        transport: connection.transport.name(),
        era: it.era_of(&connection.server.href()).map(Era::words).unwrap_or_default(),
        logs: info.logs(),
        instructions: info.instructions.clone(),
        offers: offers(&info.capabilities),
        session,
        token: connection.has_token().then(|| Token::of(it)),
        tools: it.list(Kind::Tools).map(|it| it.items.len() + it.bad.len()).unwrap_or_default(),
    }
}

/// Each capability with what it holds: `tools`, `listChanged`.
fn offers(capabilities: &Map<String, Value>) -> Vec<(String, String)> {
    let inner = |value: &Value| match value {
        Value::Object(it) => it
            .iter()
            .filter(|(_, on)| **on != Value::Bool(false))
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
            .join(", "),
        _ => String::new(),
    };
    capabilities.iter().map(|(name, value)| (name.clone(), inner(value))).collect()
}

/// What is said of the token.
#[derive(Clone, PartialEq)]
struct Token {
    issuer: Option<String>,
    scope: Option<String>,
    expires: Option<Millis>,
    refreshes: bool,
    revocable: bool,
}

impl Token {
    fn of(it: &Inspector) -> Self {
        let grant = it.grant();
        Self {
            issuer: grant.map(|it| it.issuer.clone()),
            scope: grant.and_then(|it| it.scope.clone()),
            expires: grant.and_then(|it| it.expires),
            refreshes: grant.is_some_and(|it| it.refresh_token.is_some()),
            revocable: grant.is_some_and(|it| it.revocation_endpoint.is_some()),
        }
    }
}

/// Where the token is from, what it is good for, how long it lives, and what can be done with it.
#[component]
fn TokenFacts(token: Option<Token>) -> impl IntoView {
    let session = session();
    let Some(token) = token else { return view! { "none was asked for" } };
    let Some(issuer) = token.issuer else {
        return view! { "a token given by hand, or one that was given back "<ToBench/> };
    };
    let scopes = token.scope.map(|it| view! { " for "<span class="mono">{it}</span> });
    let expires = token.expires.map(|at| view! { ", "<Left at/> });
    let refresh = token.refreshes.then(|| view! {
        <button type="button" class="quiet" data-testid="refresh-token" on:click=move |_| session.dispatch(Input::RefreshToken)>"Refresh"</button>
    });
    let revoke = token.revocable.then(|| view! {
        <button type="button" class="quiet" data-testid="revoke-token" on:click=move |_| session.dispatch(Input::RevokeToken)>"Revoke"</button>
    });
    view! {
        "token of "<span class="mono">{issuer}</span>{scopes}{expires}" "
        <span class="row">{refresh}{revoke}<ToBench/></span>
    }
}

#[component]
fn ToBench() -> impl IntoView {
    view! {
        <a class="button quiet" data-testid="open-bench" href=href(&Route::Bench) on:click=follow(Route::Bench)>"Open the token bench"</a>
    }
}

/// How long something is still good, ticking.
#[component]
fn Left(at: Millis) -> impl IntoView {
    let (now, set_now) = signal(clock::now());
    let ticking = set_interval_with_handle(move || set_now.set(clock::now()), Duration::from_secs(1)).ok();
    on_cleanup(move || {
        if let Some(ticking) = ticking {
            ticking.clear();
        }
    });
    let words = move || match at - now.get() {
        left if left <= 0.0 => "expired".to_owned(),
        left => format!("{} left", format::clock(left)),
    };
    view! { <output class="number" aria-live="off">{words}</output> }
}

#[component]
pub fn Connected() -> impl IntoView {
    let session = session();
    let facts = memo(move || {
        let reveal = session.reveal();
        session.read(|it| facts(it, reveal))
    });
    let tools = move || match facts.read().tools {
        0 => "Open its tools".to_owned(),
        1 => "Open its tool".to_owned(),
        count => format!("Open its {count} tools"),
    };
    view! {
        <div class="intro">
            <p class="label">"Connected to"</p>
            <h1>{move || facts.read().title.clone()}</h1>
        </div>
        <div class="row">
            <a class="button main" href=href(&Route::Tools(None)) on:click=follow(Route::Tools(None))>{tools}</a>
            <a class="button" href=href(&Route::Walkthrough(None)) on:click=follow(Route::Walkthrough(None))>"See how it connected"</a>
            <button type="button" data-testid="disconnect" on:click=move |_| session.dispatch(Input::Disconnect)>"Disconnect"</button>
        </div>
        {move || view! { <FactList facts=facts.get()/> }}
    }
}

#[component]
fn FactList(facts: Facts) -> impl IntoView {
    let reveal = session().reveal;
    let secret = facts.session.map(|id| view! {
        <dt>"Session"</dt>
        <dd><span class="secret">{id}</span>" "
            <button class="quiet" type="button" aria-pressed=move || reveal.get().to_string() on:click=move |_| reveal.update(|it| *it = !*it)>
                {move || if reveal.get() { "Hide" } else { "Show" }}
            </button>
        </dd>
    });
    let chips = facts
        .offers
        .into_iter()
        .map(|(name, inner)| view! { <li class="chip">{name}" "<i>{inner}</i></li> })
        .collect_view();
    view! {
        <dl class="facts">
            <dt>"Address"</dt><dd class="mono">{facts.server}</dd>
            <dt>"Name"</dt><dd><span data-testid="server-name">{facts.name}</span>" "<span class="muted">{facts.version}</span></dd>
            <dt>"Protocol"</dt>
            <dd><span data-testid="negotiated-version">{facts.negotiated}</span>" "<span class="muted small">{facts.era}</span></dd>
            <dt>"Transport"</dt><dd data-testid="negotiated-transport">{facts.transport}</dd>
            {secret}
            <dt>"Authorization"</dt><dd><TokenFacts token=facts.token/></dd>
            <dt>"Offers"</dt><dd><ul class="chips">{chips}</ul></dd>
        </dl>
        {facts.instructions.map(|text| view! {
            <div class="settings"><details><summary>"Instructions of the server"</summary><p class="text">{text}</p></details></div>
        })}
        {facts.logs.then(|| view! { <Log/> })}
    }
}

/// How much the server is to log, and what it logged.
#[component]
fn Log() -> impl IntoView {
    let session = session();
    let level = session.memo(Inspector::log_level);
    let set = move |level: String| session.dispatch(Input::LogLevel(level));
    let options = LOG_LEVELS.into_iter().map(|it| {
        view! { <option value=it prop:selected=move || level.get() == Some(it)>{it}</option> }
    });
    view! {
        <div class="settings"><details>
            <summary>"Log messages of the server"</summary>
            <div class="stack">
                <div class="field">
                    <label for="log-level">"Least grave level"</label>
                    <select id="log-level" data-testid="log-level" on:change:target=move |event| set(event.target().value())>
                        <option value="">"As the server chooses"</option>
                        {options.collect_view()}
                    </select>
                </div>
                <ServerLog/>
            </div>
        </details></div>
    }
}
