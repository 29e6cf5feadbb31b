//! The dialog in which the configuration of another client is read. What it holds is listed before anything is kept.

use crate::explain::words::servers as words;
use crate::export::bridge::Bridge;
use crate::settings::Draft;
use crate::settings::import::{self, Item, LONGEST, NotRead, Status};
use crate::settings::servers::Server;
use crate::ui::parts::copy::Copy;
use crate::ui::parts::saved::FileField;
use crate::ui::parts::styled::styled;
use crate::ui::prefs;
use crate::ui::prelude::*;
use crate::ui::session::{Session, session};
use crate::web::{file, window};
use leptos::task::spawn_local_scoped;
use web_sys::File;

type Entries = Result<Vec<Item>, NotRead>;

#[component]
pub fn ImportDialog(open: RwSignal<bool>) -> impl IntoView {
    styled(super::CSS);
    let session = session();
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let text = RwSignal::new(String::new());
    let read = Memo::new(move |_| {
        session.kept_servers.track();
        import::read(&text.read(), &known(session))
    });
    let close = Callback::new(move |()| {
        if let Some(dialog) = dialog.get_untracked().filter(|it| it.open()) {
            dialog.close();
        }
        open.set(false);
        text.set(String::new());
    });
    Effect::new(move |_| {
        if open.get()
            && let Some(dialog) = dialog.get().filter(|it| !it.open())
        {
            let _ = dialog.show_modal();
            request_animation_frame(|| window::focus("[data-testid=import-text]"));
        }
    });
    // Closed, it is not there for anybody.
    let body = move || open.get().then(|| view! { <Body text read close/> });
    view! {
        <dialog node_ref=dialog class="import" data-testid=move || open.get().then_some("import-dialog") aria-labelledby="import-title" on:close=move |_| close.run(())>
            {body}
        </dialog>
    }
}

#[component]
fn Body(text: RwSignal<String>, read: Memo<Entries>, close: Callback<()>) -> impl IntoView {
    let session = session();
    let failed = RwSignal::new(None::<String>);
    let choose = move |file: File| {
        spawn_local_scoped(async move {
            let read = file::text(&file, LONGEST).await;
            failed.try_set(read.as_ref().err().map(|it| match it {
                Some(_) => words::not_read(&NotRead::TooLong),
                None => "The file could not be read.".to_owned(),
            }));
            text.try_set(read.unwrap_or_default());
        });
    };
    let servers = Memo::new(move |_| read.with(importable));
    let apply = move |_| match session.change_servers(|list| list.add(servers.get_untracked())) {
        Some(()) => close.run(()),
        None => failed.set(Some("Not imported: the browser blocks storage.".to_owned())),
    };
    let label = move || match servers.read().len() {
        1 => "Import 1 server".to_owned(),
        count => format!("Import {count} servers"),
    };
    view! {
        <header class="detail-head">
            <h2 id="import-title">"Import servers"</h2>
            <p class="small muted">"Secrets are never kept."</p>
        </header>
        <div class="stack">
            <div class="field">
                <label for="import-text">"Configuration of another client"</label>
                <textarea
                    id="import-text" data-testid="import-text" class="mono" rows="6" spellcheck="false"
                    placeholder="{ \"mcpServers\": { … } }" aria-describedby="import-hint"
                    prop:value=text on:input:target=move |event| { failed.set(None); text.set(event.target().value()); }
                ></textarea>
                <p class="hint" id="import-hint">"mcp.json, claude_desktop_config.json, or the files of VS Code and Cursor."</p>
            </div>
            <div class="row"><FileField chosen=choose label="Choose a file…" testid="import-file"/></div>
            <div aria-live="polite">
                {move || failed.get().map(|it| view! { <p class="error">{it}</p> })}
                {move || anew(items(read.get(), close))}
            </div>
        </div>
        <div class="row">
            <button type="button" class="main" data-testid="import-apply" disabled=move || servers.read().is_empty() on:click=apply>{label}</button>
            <button type="button" data-testid="import-close" on:click=move |_| close.run(())>"Cancel"</button>
        </div>
    }
}

/// The URLs that are in the list already, with their names.
fn known(session: Session) -> Vec<(String, String)> {
    let host = session.host.read();
    let presets = host.host().map(|it| it.presets.clone()).unwrap_or_default();
    presets.iter().chain(&prefs::servers().saved).map(|it| (it.href(), it.title().to_owned())).collect()
}

fn importable(read: &Entries) -> Vec<Server> {
    let server = |it: &Item| match &it.status {
        Status::Ok(server) => Some(server.as_ref().clone()),
        _ => None,
    };
    read.iter().flatten().filter_map(server).collect()
}

fn items(read: Entries, close: Callback<()>) -> AnyView {
    match read {
        Err(NotRead::Empty) => ().into_any(),
        Err(why) => view! { <p class="error" data-testid="import-problem">{words::not_read(&why)}</p> }.into_any(),
        Ok(items) => {
            let row = |(index, item): (usize, Item)| view! { <ItemRow index item close/> };
            view! { <ul class="servers">{items.into_iter().enumerate().map(row).collect_view()}</ul> }.into_any()
        }
    }
}

#[component]
fn ItemRow(index: usize, item: Item, close: Callback<()>) -> impl IntoView {
    let status = item.status.name();
    let (name, words) = (item.name.clone(), words::item(&item));
    let url = match &item.status {
        Status::Ok(server) => Some(server.url.clone()),
        _ => None,
    };
    let commands = match &item.status {
        Status::Stdio(program) => {
            let bridge = Bridge::of(program, index);
            Some(view! { <Commands name=item.name.clone() url=bridge.url() commands=bridge.commands() close/> })
        }
        _ => None,
    };
    view! {
        <li data-testid="import-item" data-name=item.name data-status=status>
            <div>
                <b>{foreign(name)}</b>
                {url.map(|it| view! { <small class="mono">{foreign(it)}</small> })}
                <small>{foreign(words)}</small>
            </div>
            <span class="chip">{status}</span>
            {commands}
        </li>
    }
}

/// The commands of the bridges, and the URL behind them.
#[component]
fn Commands(name: String, url: String, commands: [(&'static str, String); 2], close: Callback<()>) -> impl IntoView {
    let session = session();
    let row = |(bridge, command): (&'static str, String)| {
        let copied = command.clone();
        view! {
            <div class="bridge">
                <span class="small muted">{bridge}</span>
                <pre class="mono">{foreign(command)}</pre>
                <Copy text=move |()| copied.clone() label="Copy command"/>
            </div>
        }
    };
    let words = format!("Use {url}");
    let fill = move |_| {
        session.draft.set(Draft { server: url.clone(), label: name.clone(), ..Draft::default() });
        close.run(());
        request_animation_frame(|| window::focus("[data-testid=connect]"));
    };
    view! {
        <div class="bridges">
            {commands.map(row).into_iter().collect_view()}
            <button class="quiet" type="button" data-testid="import-use" on:click=fill>{words}</button>
        </div>
    }
}
