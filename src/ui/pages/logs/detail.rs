//! One log message in full.

use crate::base::format;
use crate::base::text::{Text, json};
use crate::explain::dock;
use crate::explain::logs::tone;
use crate::explain::wire::{lines, words};
use crate::explain::words::live;
use crate::inspector::{Logged, Origin};
use crate::mcp::connection::Target;
use crate::mcp::model::ItemKind;
use crate::trace::Body;
use crate::ui::parts::copy::Copy;
use crate::ui::parts::exchange::WireText;
use crate::ui::parts::icon::{Drawing, Icon};
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::clock;
use std::sync::Arc;

#[component]
pub fn Detail(number: usize) -> impl IntoView {
    let session = session();
    let there = session.memo(move |it| it.logs().numbered(number).map(|it| it.at.to_bits()));
    let list = Route::Logs(None);
    view! {
        <section class="pane detail" aria-labelledby="message-title">
            <header class="detail-head">
                <div class="row nowrap">
                    <h2 id="message-title" class="grow">{move || if there.get().is_some() { "Log message" } else { "Message not found" }}</h2>
                    <a class="button quiet icon" href=href(&list) aria-label="Close" on:click=follow(list)><Drawing icon=Icon::Close/></a>
                </div>
            </header>
            {move || {
                there.get();
                match session.peek(|it| it.logs().numbered(number).cloned()) {
                    Some(logged) => view! { <Known logged/> }.into_any(),
                    None => view! { <p class="muted">"This message was cleared or dropped, or the page was reloaded."</p> }.into_any(),
                }
            }}
        </section>
    }
}

#[component]
fn Known(logged: Arc<Logged>) -> impl IntoView {
    let session = session();
    let at = format!("{} {}", format::date(logged.at), words::clock(logged.at, clock::offset(logged.at)));
    let (level, data) = (logged.level.clone(), Arc::clone(&logged.data));
    let tone = tone(&level);
    let body = Body::new(Text::plain(Arc::clone(&data)));
    // What is copied is what is shown.
    let text = move |()| json(&data).write(untrack(|| session.reveal()));
    view! {
        <dl class="facts small">
            <dt>"Received"</dt><dd class="number">{at}</dd>
            <dt>"Level"</dt><dd><span class="level" data-tone=tone>{foreign(level)}</span></dd>
            {logged.logger.clone().map(|it| view! { <dt>"Logger"</dt><dd class="mono">{foreign(it)}</dd> })}
            {logged.call.clone().map(|call| view! { <Call call/> })}
            <dt>"Size"</dt><dd>{format::bytes(logged.data.len())}</dd>
        </dl>
        <div class="row"><h3>"Data"</h3><span class="grow"></span><Copy text/></div>
        {move || {
            let reveal = session.reveal();
            view! { <WireText block=lines::message(&body, reveal) party="server" label="Data" reveal/> }
        }}
    }
}

/// The request that the message belongs to, and how that is known.
#[component]
fn Call(call: Origin) -> impl IntoView {
    let request = session().peek_trace(|it| dock::glance(it, call.exchange)).map(|it| {
        let route = Route::Wire(Some(it.number.to_string()));
        view! { <dt>"Request"</dt><dd><a href=href(&route) on:click=follow(route)>{foreign(format!("{} {}", it.method, it.name))}</a></dd> }
    });
    let used = match call.target {
        Some(target) => {
            let (route, key) = (route_of(&target), target.key);
            view! { <a href=href(&route) on:click=follow(route)>{foreign(key)}</a> }.into_any()
        }
        None => view! { <span class="mono">{foreign(call.method)}</span> }.into_any(),
    };
    view! {
        <dt>"Call"</dt><dd>{used}" "<span class="muted">{live::link(call.link)}</span></dd>
        {request}
    }
}

/// Where the item that was used stands.
fn route_of(target: &Target) -> Route {
    let key = Some(target.key.clone());
    match target.kind {
        ItemKind::Tools => Route::Tools(key),
        ItemKind::Resources | ItemKind::Templates => Route::Resources(key),
        ItemKind::Prompts => Route::Prompts(key),
    }
}
