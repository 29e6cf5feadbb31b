//! The list of servers: presets of the host, saved ones, recent ones; and what of `inspector.json` is left out.

pub mod import;
mod row;

use crate::explain::words;
use crate::export::clients;
use crate::settings::servers::Source;
use crate::ui::parts::link::{follow, href};
use crate::ui::parts::styled::styled;
use crate::ui::prefs;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::window;
use row::ServerRow;

const CSS: &str = include_str!("../../../../style/servers.css");

#[component]
pub fn ServerList() -> impl IntoView {
    styled(CSS);
    let session = session();
    let rows = Memo::new(move |_| session.server_rows());
    let title = move || {
        let host = session.host.read();
        host.host().and_then(|it| it.title.clone()).unwrap_or_else(|| "Servers".to_owned())
    };
    view! {
        <ConfigProblem/>
        <Show when=move || !rows.read().is_empty()>
            <h2 class="label" id="servers-title">{move || foreign(title())}</h2>
            <ul class="servers" data-testid="server-list" aria-labelledby="servers-title">
                <Keyed keys=rows draw=move |row| view! { <ServerRow row/> }/>
            </ul>
        </Show>
        <div class="row"><CheckSome rows/><Export rows/></div>
    }
}

/// To the page that checks several of them.
#[component]
fn CheckSome(rows: Memo<Vec<crate::ui::session::servers::ServerRow>>) -> impl IntoView {
    let some = Memo::new(move |_| rows.read().len() > 1);
    view! {
        <Show when=move || some.get()>
            <a class="button quiet" data-testid="servers-check" href=href(&Route::Check) on:click=follow(Route::Check)>"Check several servers"</a>
        </Show>
    }
}

/// The saved servers as `mcp.json`.
#[component]
fn Export(rows: Memo<Vec<crate::ui::session::servers::ServerRow>>) -> impl IntoView {
    let some = Memo::new(move |_| rows.read().iter().any(|it| it.key.source == Source::Saved));
    let export = move |_| {
        let text = clients::mcp_json(&prefs::servers().saved);
        window::download("mcp.json", "application/json", &text);
    };
    view! {
        <Show when=move || some.get()>
            <button class="quiet" type="button" data-testid="servers-export" on:click=export>"Export mcp.json"</button>
        </Show>
    }
}

/// The parts of `inspector.json` that are left out.
#[component]
pub fn ConfigProblem() -> impl IntoView {
    styled(CSS);
    let session = session();
    let faults = move || {
        let host = session.host.read();
        host.host().map(|it| it.faults.clone()).unwrap_or_default()
    };
    move || {
        let faults = faults();
        (!faults.is_empty()).then(|| {
            let lines = faults.iter().map(|it| view! { <li>{foreign(words::servers::fault(it))}</li> }).collect_view();
            view! {
                <section class="config-problem" role="status" data-testid="config-problem">
                    <p><strong>"inspector.json has errors"</strong></p>
                    <ul>{lines}</ul>
                    <p class="small muted">"Host of Flowglass: correct these parts. The rest is in use."</p>
                </section>
            }
        })
    }
}
