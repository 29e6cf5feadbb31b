//! How the server is spoken to: protocol, headers and token, limits.

use super::group::{Group, Summary, connection_changed, look};
use super::kept::SavedAs;
use crate::base::revision::Revision;
use crate::lens;
use crate::settings::{Draft, Field, Pinned};
use crate::ui::parts::field::{Choice, FieldNote, Look, Refusals, TextField};
use crate::ui::parts::icon::{Drawing, Icon};
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;

const ROOTS: Look = Look {
    kind: "area",
    placeholder: "file:///home/me/project My project",
    ..look("roots", "Roots", "Folders that the server may ask for, one a line.")
};
const BEARER: Look = Look { kind: "password", ..look("bearer-token", "Access token (skips OAuth)", "") };
const TIMEOUT: Look = Look { kind: "number", ..look("request-timeout", "Timeout in seconds", "") };

#[component]
pub fn ConnectionSettings() -> impl IntoView {
    let refusals: Refusals = expect_context();
    let opened = move || refusals.any(&[Field::Timeout, Field::Bearer, Field::Headers, Field::Roots, Field::Transport]);
    view! {
        <details open=opened>
            <Summary title="Connection settings" changed=connection_changed/>
            <Protocol/>
            <Group title="Headers and token" when="When the server needs an API key, or you have a token.">
                <Headers/>
                <TextField look=BEARER lens=lens!(bearer) field=Field::Bearer class="field whole"/>
                <MemoryOnly/>
            </Group>
            <Group title="Limits" when="When the server responds slowly.">
                <TextField look=TIMEOUT lens=lens!(timeout) field=Field::Timeout/>
            </Group>
            <SavedAs/>
        </details>
    }
}

#[component]
fn Protocol() -> impl IntoView {
    let automatic = [("auto", "Automatic")].into_iter();
    let versions = automatic.clone().chain(Revision::ALL.into_iter().map(|it| (it.as_str(), it.as_str()))).collect();
    let transports = automatic.chain(Pinned::ALL.into_iter().map(|(_, name, words)| (name, words))).collect();
    view! {
        <Group title="Protocol" when="When you test one version or transport.">
            <Choice look=look("protocol-version", "Protocol version", "") lens=lens!(revision) options=versions/>
            <Choice look=look("transport", "Transport", "") lens=lens!(transport) options=transports field=Field::Transport/>
            <TextField look=ROOTS lens=lens!(roots) field=Field::Roots class="field whole"/>
        </Group>
    }
}

/// Request headers: those that were added, and one pair of fields for the next.
#[component]
fn Headers() -> impl IntoView {
    let draft = session().draft;
    let refusals: Refusals = expect_context();
    let refusal = Memo::new(move |_| refusals.of(Some(Field::Headers)));
    let added = Memo::new(move |_| draft.read().headers.clone());
    let rows = move || added.get().into_iter().enumerate().map(|(index, (name, _))| view! { <Added index name/> });
    let add = move |_| draft.update(|it| it.edit(Draft::add_header));
    view! {
        <div class="field whole stack">
            <Show when=move || !added.read().is_empty()>
                <ul class="chips">{move || rows().collect_view()}</ul>
            </Show>
            <div class="pair">
                <TextField look=look("header-name", "Header", "") lens=lens!(header_name)/>
                <TextField look=Look { kind: "password", ..look("header-value", "Value", "") } lens=lens!(header_value)/>
                <button type="button" data-testid="header-add" on:click=add>"Add"</button>
            </div>
            <FieldNote id="headers-hint".to_owned() hint="Sent with every request to the MCP server." refusal/>
        </div>
    }
}

/// A header that goes along; its value is as good as a secret.
#[component]
fn Added(index: usize, name: String) -> impl IntoView {
    let draft = session().draft;
    let remove = move |_| {
        draft.update(|it| it.edit(|it| drop(it.headers.remove(index))));
    };
    view! {
        <li class="chip">
            {foreign(name.clone())}": ••••"
            <button class="quiet icon" type="button" aria-label=format!("Remove the header {name}") on:click=remove>
                <Drawing icon=Icon::Close/>
            </button>
        </li>
    }
}

#[component]
fn MemoryOnly() -> impl IntoView {
    let draft = session().draft;
    view! {
        <div class="field whole">
            <label class="check">
                <input
                    type="checkbox" data-testid="memory-only" prop:checked=move || draft.read().memory_only
                    on:change:target=move |event| draft.update(|it| it.memory_only = event.target().checked())
                />
                "Tokens in memory only"
            </label>
            <p class="hint">
                "A reload needs a new login. The "
                <a href=href(&Route::Bench) on:click=follow(Route::Bench)>"token bench"</a>" lists every secret."
            </p>
        </div>
    }
}
