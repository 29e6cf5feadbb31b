//! The command palette: a combobox over all that can be gone to or done now (ARIA APG, "Combobox Pattern").
//!
//! What opens it: [`super::commands`]; what is in it: `entries.rs`; what is found, and in which order:
//! `explain::palette`.

mod actions;
mod entries;

use super::styled::styled;
use crate::base::format;
use crate::ui::prelude::*;
use crate::ui::session::{Overlay, Session, session};
use crate::web::window;
use entries::{Entries, Entry, Group};
use leptos::html::Dialog;
use web_sys::KeyboardEvent;

/// What is typed, what is found for it, and which row of that is chosen.
#[derive(Clone, Copy)]
struct Choice {
    session: Session,
    dialog: NodeRef<Dialog>,
    typed: RwSignal<String>,
    chosen: RwSignal<usize>,
    open: Memo<bool>,
    found: Memo<Vec<Group>>,
}

impl Choice {
    fn new(session: Session, entries: Entries) -> Self {
        let typed = RwSignal::new(String::new());
        let open = Memo::new(move |_| session.overlay.get() == Some(Overlay::Palette));
        let found = Memo::new(move |_| if open.get() { entries.find(&typed.read()) } else { Vec::new() });
        Self { session, dialog: NodeRef::new(), typed, chosen: RwSignal::new(0), open, found }
    }

    /// What was typed before leads to other rows: the first is chosen.
    fn write(self, text: String) {
        self.typed.set(text);
        self.chosen.set(0);
    }

    fn show(self) {
        if self.open.get()
            && let Some(dialog) = self.dialog.get().filter(|it| !it.open())
        {
            let _ = dialog.show_modal();
        }
    }

    fn close(self) {
        self.session.closed(Overlay::Palette);
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
        self.write(String::new());
    }

    /// Told a moment later: it may be open again by then.
    fn closed(self) {
        if self.dialog.get_untracked().is_some_and(|it| !it.open()) {
            self.close();
        }
    }

    fn perform(self, at: usize) {
        let entry = self.found.with_untracked(|it| it.iter().flat_map(|it| &it.rows).nth(at).cloned());
        if let Some(entry) = entry {
            self.close();
            entry.run(self.session);
        }
    }

    fn press(self, event: &KeyboardEvent) {
        let last = self.found.with_untracked(|it| rows(it).saturating_sub(1));
        match event.key().as_str() {
            "ArrowDown" => self.chosen.update(|it| *it = (*it + 1).min(last)),
            "ArrowUp" => self.chosen.update(|it| *it = it.saturating_sub(1)),
            // Enter also ends the word that an input method composes.
            "Enter" if !event.is_composing() => self.perform(self.chosen.get_untracked()),
            _ => return,
        }
        event.prevent_default();
        window::show(&format!("#{}", id(self.chosen.get_untracked())));
    }
}

#[component]
pub fn Palette() -> impl IntoView {
    styled(include_str!("../../../style/palette.css"));
    let session = session();
    let entries = Entries::new(session);
    let choice = Choice::new(session, entries);
    Effect::new(move |_| choice.show());
    Effect::new(move |_| {
        if choice.open.get() {
            entries.read_servers();
        }
    });
    let some = Memo::new(move |_| rows(&choice.found.read()) > 0);
    let active = move || some.get().then(|| id(choice.chosen.get()));
    let status = move || choice.open.get().then(|| counted(&choice.found.read()));
    view! {
        <dialog
            class="palette" data-testid="palette" node_ref=choice.dialog aria-label="Commands"
            on:cancel=move |_: web_sys::Event| choice.close() on:close=move |_| choice.closed()
        >
            <input
                type="text" data-testid="palette-input" role="combobox" aria-autocomplete="list" aria-controls="palette-list"
                aria-expanded=move || some.get().to_string() aria-activedescendant=active
                aria-label="Command" placeholder="Type a command" autocomplete="off" spellcheck="false" autocapitalize="off"
                prop:value=choice.typed
                on:input:target=move |event| choice.write(event.target().value()) on:keydown=move |event| choice.press(&event)
            />
            <p class=move || if some.get() { "sr" } else { "muted" } role="status">{status}</p>
            <div id="palette-list" role="listbox" aria-label="Commands">
                {move || drawn(choice.found.get(), choice)}
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
fn drawn(found: Vec<Group>, choice: Choice) -> impl IntoView {
    let mut next = 0;
    let groups = found.into_iter().map(|group| {
        let first = next;
        next += group.rows.len();
        view! { <GroupRows group first choice/> }
    });
    groups.collect_view()
}

#[component]
fn GroupRows(group: Group, first: usize, choice: Choice) -> impl IntoView {
    let (title, shown) = (group.section.title(), group.rows.len());
    let label = format!("commands-{title}");
    let named_by = label.clone();
    let more = (group.total > shown).then(|| format!("{shown} of {}", format::count(group.total)));
    let row = move |(at, entry): (usize, Entry)| view! { <EntryRow entry at=first + at choice/> };
    view! {
        <div role="group" aria-labelledby=named_by>
            <div class="palette-head" id=label role="presentation">{title}" "<small>{more}</small></div>
            {group.rows.into_iter().enumerate().map(row).collect_view()}
        </div>
    }
}

#[component]
fn EntryRow(entry: Entry, at: usize, choice: Choice) -> impl IntoView {
    let (label, about) = (entry.label(), entry.about());
    view! {
        <div
            id=id(at) class="palette-row" role="option" data-testid="palette-item" data-kind=entry.kind() data-name=entry.name()
            aria-selected=move || (choice.chosen.get() == at).to_string() on:click=move |_| choice.perform(at)
        >
            {entry.icon().map(|it| view! { <img src=it alt="" width="18" height="18"/> })}
            <span class="cut">{foreign(label)}</span>
            {about.map(|it| view! { <small class="cut grow">{foreign(it)}</small> })}
            {entry.keys().map(|it| view! { <kbd>{it}</kbd> })}
        </div>
    }
}
