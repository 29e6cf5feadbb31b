//! The command palette: Ctrl or Cmd with K, a filter, arrows, Enter.

use crate::inspector::{Input, Phase};
use crate::mcp::model::Kind;
use crate::route::Route;
use crate::ui::prelude::*;
use crate::ui::session::{Session, session};
use crate::web::window;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
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
}

pub fn open_palette() {
    let dialog = window::document().and_then(|it| it.get_element_by_id("palette"));
    if let Some(dialog) = dialog.and_then(|it| it.dyn_into::<HtmlDialogElement>().ok()).filter(|it| !it.open()) {
        let _ = dialog.show_modal();
    }
}

fn commands(session: Session) -> Vec<(String, Command)> {
    let go = |route: Route| (format!("Go to {}", route.title()), Command::Go(route));
    let pages = [
        Route::Connect,
        Route::Walkthrough(None),
        Route::Tools(None),
        Route::Resources(None),
        Route::Prompts(None),
        Route::Wire(None),
        Route::Bench,
    ];
    let mut all: Vec<_> = pages.into_iter().map(go).collect();
    session.read(|it| {
        match it.phase() {
            Phase::Connected | Phase::Connecting | Phase::Authorizing => {
                all.push(("Disconnect".to_owned(), Command::Disconnect))
            }
            Phase::Failed | Phase::Refused => all.push(("Try to connect again".to_owned(), Command::TryAgain)),
            Phase::Idle => {}
        }
        let tools = it.list(Kind::Tools).map(|it| it.items.clone()).unwrap_or_default();
        all.extend(
            tools.iter().map(|tool| (format!("Tool {}", tool.key), Command::Go(Route::Tools(Some(tool.key.clone()))))),
        );
    });
    all.push(("Show or hide secrets".to_owned(), Command::Reveal));
    all
}

fn run(session: Session, command: Command) {
    match command {
        Command::Go(route) => session.go(route),
        Command::Disconnect => session.dispatch(Input::Disconnect),
        Command::TryAgain => session.try_again(),
        Command::Reveal => session.reveal.update(|it| *it = !*it),
    }
}

#[component]
pub fn Palette() -> impl IntoView {
    let session = session();
    let dialog = NodeRef::<HtmlDialogElement>::new();
    let input = NodeRef::<web_sys::HtmlInputElement>::new();
    let (typed, set_typed) = signal(String::new());
    let (chosen, choose) = signal(0_usize);
    let found = memo(move || {
        let lower = typed.read().to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let fits = |name: &str| words.iter().all(|word| name.to_lowercase().contains(word));
        commands(session).into_iter().filter(|(name, _)| fits(name)).take(SHOWN).collect::<Vec<_>>()
    });
    let close = move || {
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
    listen();
    view! {
        <dialog id="palette" class="palette" node_ref=dialog aria-label="Commands" on:close=move |_| close()>
            <input
                node_ref=input type="text" role="combobox" aria-expanded="true" aria-controls="palette-list"
                aria-activedescendant=move || format!("command-{}", chosen.get())
                aria-label="Command" placeholder="Where to, or what to do?" autocomplete="off" spellcheck="false"
                prop:value=typed
                on:input:target=move |event| { set_typed.set(event.target().value()); choose.set(0); }
                on:keydown=key
            />
            <ul id="palette-list" role="listbox" aria-label="Commands">
                {move || found.get().into_iter().enumerate().map(|(index, (name, _))| view! {
                    <li id=format!("command-{index}") role="option"
                        aria-selected=move || (chosen.get() == index).to_string()
                        on:click=move |_| perform(index)>{name}</li>
                }).collect_view()}
            </ul>
        </dialog>
    }
}

/// Ctrl or Cmd with K opens the palette wherever the focus is.
fn listen() {
    window::on("keydown", |event| {
        let Ok(event) = event.dyn_into::<web_sys::KeyboardEvent>() else { return };
        if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            open_palette();
        }
    });
}
