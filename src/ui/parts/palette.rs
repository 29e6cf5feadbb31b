//! The command palette: a combobox over all that can be gone to or done now (ARIA APG, "Combobox Pattern").
//!
//! What opens it: [`super::commands`]; what is in it: `entries.rs`; what is found, and in which order:
//! `explain::palette`.

mod actions;
mod entries;

use super::styled::styled;
use crate::base::format;
use crate::ui::prelude::*;
use crate::ui::session::{Overlay, session};
use crate::web::window;
use entries::{Entries, Entry, Group};
use web_sys::KeyboardEvent;

#[component]
pub fn Palette() -> impl IntoView {
    styled(include_str!("../../../style/palette.css"));
    let session = session();
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let (typed, set_typed) = signal(String::new());
    let (chosen, choose) = signal(0_usize);
    let entries = Entries::new(session);
    let open = Memo::new(move |_| session.overlay.get() == Some(Overlay::Palette));
    let found = Memo::new(move |_| if open.get() { entries.find(&typed.read()) } else { Vec::new() });
    let close = move || {
        session.closed(Overlay::Palette);
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
        set_typed.set(String::new());
        choose.set(0);
    };
    let perform = Callback::new(move |at: usize| {
        let entry = found.with_untracked(|it| it.iter().flat_map(|it| &it.rows).nth(at).cloned());
        if let Some(entry) = entry {
            close();
            entry.run(session);
        }
    });
    let key = move |event: KeyboardEvent| {
        let last = found.with_untracked(|it| rows(it).saturating_sub(1));
        match event.key().as_str() {
            "ArrowDown" => choose.update(|it| *it = (*it + 1).min(last)),
            "ArrowUp" => choose.update(|it| *it = it.saturating_sub(1)),
            // Enter also ends the word that an input method composes.
            "Enter" if !event.is_composing() => perform.run(chosen.get_untracked()),
            _ => return,
        }
        event.prevent_default();
        window::show(&format!("#{}", id(chosen.get_untracked())));
    };
    Effect::new(move |_| {
        if open.get()
            && let Some(dialog) = dialog.get().filter(|it| !it.open())
        {
            let _ = dialog.show_modal();
        }
    });
    Effect::new(move |_| {
        if open.get() {
            entries.read_servers();
        }
    });
    let some = Memo::new(move |_| rows(&found.read()) > 0);
    let write = move |text: String| {
        set_typed.set(text);
        choose.set(0);
    };
    view! {
        <dialog class="palette" data-testid="palette" node_ref=dialog aria-label="Commands" on:close=move |_| close()>
            <input
                type="text" data-testid="palette-input" role="combobox" aria-autocomplete="list" aria-controls="palette-list"
                aria-expanded=move || some.get().to_string() aria-activedescendant=move || some.get().then(|| id(chosen.get()))
                aria-label="Command" placeholder="Type a command" autocomplete="off" spellcheck="false" autocapitalize="off"
                prop:value=typed on:input:target=move |event| write(event.target().value()) on:keydown=key
            />
            <p class=move || if some.get() { "sr" } else { "muted" } role="status">{move || open.get().then(|| counted(&found.read()))}</p>
            <div id="palette-list" role="listbox" aria-label="Commands">
                {move || drawn(found.get(), chosen, perform)}
            </div>
        </dialog>
    }
}

fn id(at: usize) -> String {
    format!("command-{at}")
}

fn rows(found: &[Group]) -> usize {
    found.iter().map(|it| it.rows.len()).sum()
}

fn counted(found: &[Group]) -> String {
    match found.iter().map(|it| it.total).sum() {
        0 => "No command matches.".to_owned(),
        total => format::counted(total, "command", "commands"),
    }
}

/// The groups, with their rows numbered through.
fn drawn(found: Vec<Group>, chosen: ReadSignal<usize>, perform: Callback<usize>) -> impl IntoView {
    let mut next = 0;
    let groups = found.into_iter().map(|group| {
        let first = next;
        next += group.rows.len();
        view! { <GroupRows group first chosen perform/> }
    });
    groups.collect_view()
}

#[component]
fn GroupRows(group: Group, first: usize, chosen: ReadSignal<usize>, perform: Callback<usize>) -> impl IntoView {
    let (title, shown) = (group.section.title(), group.rows.len());
    let label = format!("commands-{title}");
    let named_by = label.clone();
    let more = (group.total > shown).then(|| format!("{shown} of {}", format::count(group.total)));
    let row = move |(at, entry): (usize, Entry)| view! { <EntryRow entry at=first + at chosen perform/> };
    view! {
        <div role="group" aria-labelledby=named_by>
            <div class="palette-head" id=label role="presentation">{title}" "<small>{more}</small></div>
            {group.rows.into_iter().enumerate().map(row).collect_view()}
        </div>
    }
}

#[component]
fn EntryRow(entry: Entry, at: usize, chosen: ReadSignal<usize>, perform: Callback<usize>) -> impl IntoView {
    let (label, about) = (entry.label(), entry.about());
    view! {
        <div
            id=id(at) class="palette-row" role="option" data-testid="palette-item" data-kind=entry.kind() data-name=entry.name()
            aria-selected=move || (chosen.get() == at).to_string() on:click=move |_| perform.run(at)
        >
            <span class="cut">{foreign(label)}</span>
            {about.map(|it| view! { <small class="cut grow">{foreign(it)}</small> })}
            {entry.keys().map(|it| view! { <kbd>{it}</kbd> })}
        </div>
    }
}
