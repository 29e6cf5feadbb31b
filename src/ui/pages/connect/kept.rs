//! The place of the servers on the first page: the list and the import dialog come with their part, where there is something
//! to show, or on press. And what the form is saved with.

use super::group::{Group, look};
use crate::lens;
use crate::settings::link::Left;
use crate::ui::later;
use crate::ui::parts::field::TextField;
use crate::ui::prelude::*;
use crate::ui::session::{Session, session};
use crate::web::window;
use leptos::task::spawn_local_scoped;

#[component]
pub fn KeptServers() -> impl IntoView {
    let session = session();
    let importing = RwSignal::new(false);
    // From then on it stays, with what can be undone.
    let shown = Memo::new(move |before: Option<&bool>| before == Some(&true) || session.has_servers());
    let opened = Memo::new(move |before: Option<&bool>| before == Some(&true) || importing.get());
    view! {
        <section class="recent">
            {move || shown.get().then(|| arriving(later::servers()))}
            <div class="row">
                <button class="quiet" type="button" data-testid="servers-import" on:click=move |_| importing.set(true)>
                    "Import servers…"
                </button>
            </div>
            {move || opened.get().then(|| arriving(later::import_servers(importing)))}
        </section>
    }
}

/// The button that keeps the settings of the form, and what came of it.
#[component]
pub fn SaveServer() -> impl IntoView {
    let session = session();
    let said = RwSignal::new(None::<String>);
    let save = move |_| {
        spawn_local_scoped(async move {
            said.try_set(later::save_server(session).await.ok().flatten());
        });
    };
    view! {
        <button type="button" data-testid="server-save" on:click=save>"Save server"</button>
        <span class="small muted" role="status">{move || said.get().map(foreign)}</span>
    }
}

/// The button that copies the settings as a link, and what that does without.
#[component]
pub fn CopySettings() -> impl IntoView {
    let session = session();
    let said = RwSignal::new(None::<&'static str>);
    let copy = move |_| {
        spawn_local_scoped(async move {
            said.try_set(copy_settings(session).await);
        });
    };
    view! {
        <button type="button" data-testid="copy-settings-link" title="Fills the form of whoever opens it; it has no secrets" on:click=copy>
            "Copy settings link"
        </button>
        <span class="small muted" role="status" data-testid="copy-settings-said">{said}</span>
    }
}

/// Says what came of it.
async fn copy_settings(session: Session) -> Option<&'static str> {
    let (link, left) = later::settings_link(session).await.ok()?;
    if left == Left::TooLong {
        return Some("The settings are too long for a link.");
    }
    if link.is_empty() {
        return Some("There is nothing to copy yet: enter a server URL.");
    }
    if !window::copy(&link).await {
        return Some("Not copied");
    }
    Some(match left {
        Left::Query => "Copied, without secrets and without the query of the URL.",
        Left::Secrets => "Copied, without secrets.",
        Left::Nothing | Left::TooLong => "Copied",
    })
}

/// The name that the settings have in the list.
#[component]
pub fn SavedAs() -> impl IntoView {
    view! {
        <Group title="Saved server" when="When the list should show another name than the host.">
            <TextField look=look("server-label", "Save as", "") lens=lens!(label)/>
        </Group>
    }
}
