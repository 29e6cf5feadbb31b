//! The command palette: a filter, arrows, Enter. What opens it: [`super::commands`].

use crate::inspector::{Input, Phase};
use crate::mcp::model::Kind;
use crate::settings::servers::{Key, Source};
use crate::ui::later;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::servers::Row;
use crate::ui::session::{Session, session};
use leptos::task::{spawn_local, spawn_local_scoped};
use web_sys::KeyboardEvent;

/// How many commands are shown at most.
const SHOWN: usize = 12;

/// Something to do, and what it is called.
#[derive(Clone, PartialEq)]
enum Command {
    Go(Route),
    Disconnect,
    TryAgain,
    Reveal,
    /// With its name.
    Connect(Key, String),
    Edit(Key),
}

impl Command {
    /// What it is about, for `data-kind`.
    const fn kind(&self) -> &'static str {
        match self {
            Self::Go(Route::Tools(Some(_))) => "tool",
            Self::Go(_) => "page",
            Self::Connect(..) => "server",
            _ => "action",
        }
    }

    /// The name of that, for `data-name`; `label` is what it is called in the list.
    fn name(&self, label: &str) -> String {
        match self {
            Self::Go(Route::Tools(Some(tool))) => tool.clone(),
            Self::Go(route) => route.title(),
            Self::Connect(_, name) => name.clone(),
            _ => label.to_owned(),
        }
    }
}

/// Connects to a server of the list, or fills the form with it.
fn of_servers(rows: &[Row]) -> impl Iterator<Item = (String, Command)> {
    rows.iter().flat_map(|it| {
        let connect = (format!("Connect to {}", it.title), Command::Connect(it.key.clone(), it.title.clone()));
        let edit = (format!("Edit {}", it.title), Command::Edit(it.key.clone()));
        std::iter::once(connect).chain((it.key.source != Source::Preset).then_some(edit))
    })
}

fn commands(session: Session, servers: &[Row]) -> Vec<(String, Command)> {
    let go = |route: Route| (format!("Go to {}", route.title()), Command::Go(route));
    let pages = [
        Route::Connect,
        Route::Walkthrough(None),
        Route::Tools(None),
        Route::Resources(None),
        Route::Prompts(None),
        Route::Wire(None),
        Route::Logs(None),
        Route::Bench,
    ];
    let mut all: Vec<_> = pages.into_iter().map(go).collect();
    session.read(|it| {
        match it.phase() {
            Phase::Connected | Phase::Connecting | Phase::Authorizing => {
                all.push(("Disconnect".to_owned(), Command::Disconnect))
            }
            Phase::Failed | Phase::Refused => all.push(("Connect again".to_owned(), Command::TryAgain)),
            Phase::Idle => {}
        }
        if it.knows_tasks() {
            all.push(go(Route::Tasks));
        }
        let tools = it.list(Kind::Tools).map(|it| it.items.clone()).unwrap_or_default();
        all.extend(
            tools.iter().map(|tool| (format!("Tool {}", tool.key), Command::Go(Route::Tools(Some(tool.key.clone()))))),
        );
    });
    all.push(("Toggle secrets".to_owned(), Command::Reveal));
    all.extend(of_servers(servers));
    all
}

fn run(session: Session, command: Command) {
    match command {
        Command::Go(route) => session.go(route),
        Command::Disconnect => session.dispatch(Input::Disconnect),
        Command::TryAgain => session.try_again(),
        Command::Reveal => session.reveal.update(|it| *it = !*it),
        Command::Connect(key, _) => spawn_local(async move {
            let _ = later::use_server(session, key).await;
        }),
        Command::Edit(key) => spawn_local(async move {
            let _ = later::edit_server(session, key).await;
        }),
    }
}

#[component]
pub fn Palette() -> impl IntoView {
    let session = session();
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let input = NodeRef::<leptos::html::Input>::new();
    let (typed, set_typed) = signal(String::new());
    let (chosen, choose) = signal(0_usize);
    let servers = RwSignal::new(Vec::<Row>::new());
    let found = Memo::new(move |_| {
        let lower = typed.read().to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let fits = |name: &str| words.iter().all(|word| name.to_lowercase().contains(word));
        commands(session, &servers.read()).into_iter().filter(|(name, _)| fits(name)).take(SHOWN).collect::<Vec<_>>()
    });
    let close = move || {
        session.palette.set(false);
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
        set_typed.set(String::new());
        choose.set(0);
    };
    let perform = move |index: usize| {
        if let Some((_, command)) = found.read_untracked().get(index).cloned() {
            close();
            run(session, command);
        }
    };
    let key = move |event: KeyboardEvent| {
        let last = found.read_untracked().len().saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => choose.update(|it| *it = (*it + 1).min(last)),
            "ArrowUp" => choose.update(|it| *it = it.saturating_sub(1)),
            "Enter" => perform(chosen.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    Effect::new(move |_| {
        if session.palette.get()
            && let Some(dialog) = dialog.get().filter(|it| !it.open())
        {
            let _ = dialog.show_modal();
            read_servers(session, servers);
        }
    });
    view! {
        <dialog id="palette" class="palette" data-testid="palette" node_ref=dialog aria-label="Commands" on:close=move |_| close()>
            <input
                node_ref=input type="text" data-testid="palette-input" role="combobox" aria-expanded="true" aria-controls="palette-list"
                aria-activedescendant=move || format!("command-{}", chosen.get())
                aria-label="Command" placeholder="Type a command" autocomplete="off" spellcheck="false"
                prop:value=typed
                on:input:target=move |event| { set_typed.set(event.target().value()); choose.set(0); }
                on:keydown=key
            />
            <ul id="palette-list" role="listbox" aria-label="Commands">
                {move || found.get().into_iter().enumerate().map(|(index, (name, command))| view! {
                    <li id=format!("command-{index}") role="option" data-testid="palette-item" data-kind=command.kind() data-name=command.name(&name)
                        aria-selected=move || (chosen.get() == index).to_string()
                        on:click=move |_| perform(index)>{foreign(name.clone())}</li>
                }).collect_view()}
            </ul>
        </dialog>
    }
}

/// The servers as they are now: the list comes with its part, where there is one.
fn read_servers(session: Session, servers: RwSignal<Vec<Row>>) {
    if session.has_servers() {
        spawn_local_scoped(async move {
            if let Ok(rows) = later::server_rows(session).await {
                servers.try_set(rows);
            }
        });
    }
}
