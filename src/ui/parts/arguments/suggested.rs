//! What the server offers for a field while it is typed in: a list below it, as the combobox pattern has it (WAI-ARIA
//! APG). It pushes what follows down instead of covering it, so that no button is out of reach while it is open.

use super::Arguments;
use crate::base::text::prefix;
use crate::inspector::{Found, Input};
use crate::mcp::completion::{Candidates, Completion};
use crate::mcp::connection::Target;
use crate::ui::prelude::*;
use crate::ui::session::{Session, session};
use crate::web::clock::Timer;
use crate::web::window;
use std::sync::atomic::{AtomicUsize, Ordering};
use web_sys::KeyboardEvent;

/// How long the user has to pause before the server is asked, in milliseconds.
const PAUSE: u32 = 250;
/// How long the list stays after the field has lost the focus, in milliseconds: a press that took the focus ends before
/// anything moves below it.
const LINGERS: u32 = 300;
/// As much of a candidate is shown, in bytes.
const SHOWN: usize = 300;

/// The lists have ids of their own: the name of an argument may hold any character.
static LISTS: AtomicUsize = AtomicUsize::new(0);

/// The suggestions for one field.
#[derive(Clone, Copy)]
pub struct Suggested {
    session: Session,
    values: Arguments,
    /// What the argument is of, and its name.
    about: StoredValue<(Target, String)>,
    /// Whether the server completes at all.
    pub offered: Memo<bool>,
    /// What came of the text that stands in the field.
    found: Memo<Option<Found>>,
    focused: RwSignal<bool>,
    /// Whether the user wants to see it: from typing to choosing, Escape, or another field.
    wanted: RwSignal<bool>,
    active: RwSignal<Option<usize>>,
    timer: StoredValue<Option<Timer>, LocalStorage>,
    number: usize,
}

impl Suggested {
    pub fn new(of: Target, argument: String, values: Arguments) -> Self {
        let session = session();
        let about = StoredValue::new((of, argument));
        let found = Memo::new(move |_| {
            about.with_value(|(of, argument)| {
                let is_ours = |it: &Completion, typed: &str| it.is_for(of, argument, typed);
                let typed = values.with(|it| it.get(argument).unwrap_or_default().to_owned());
                session.read(|it| it.completing().filter(|it| is_ours(&it.asked, &typed)).map(|it| it.found.clone()))
            })
        });
        Self {
            session,
            values,
            about,
            offered: session.memo(|it| it.completes()),
            found,
            focused: RwSignal::new(false),
            wanted: RwSignal::new(false),
            active: RwSignal::new(None),
            timer: StoredValue::new_local(None),
            number: LISTS.fetch_add(1, Ordering::Relaxed),
        }
    }

    pub fn list_id(self) -> String {
        format!("suggested-{}", self.number)
    }

    fn option_id(self, index: usize) -> String {
        format!("suggested-{}-{index}", self.number)
    }

    /// What is listed.
    fn candidates(self) -> Option<Candidates> {
        match self.found.get() {
            Some(Found::Candidates(it)) if self.wanted.get() => Some(it),
            _ => None,
        }
    }

    pub fn is_open(self) -> bool {
        self.candidates().is_some_and(|it| !it.values.is_empty())
    }

    pub fn active_id(self) -> Option<String> {
        self.active.get().filter(|_| self.is_open()).map(|index| self.option_id(index))
    }

    /// The user typed: the server is asked once they pause.
    pub fn typed(self) {
        self.active.set(None);
        self.wanted.set(true);
        self.timer.set_value(Timer::after(PAUSE, move || {
            if self.focused.try_get_untracked() == Some(true) {
                self.ask();
            }
        }));
    }

    fn ask(self) {
        let asked = self.about.with_value(|(of, argument)| {
            let (typed, others) = self.values.around(argument);
            Completion { of: of.clone(), argument: argument.clone(), typed, others }
        });
        self.session.dispatch(Input::Complete(Box::new(asked)));
    }

    pub fn focus(self) {
        self.timer.set_value(None);
        self.focused.set(true);
    }

    pub fn blur(self) {
        self.focused.set(false);
        self.timer.set_value(Timer::after(LINGERS, move || self.close()));
    }

    fn close(self) {
        self.wanted.try_set(false);
        self.active.try_set(None);
    }

    fn choose(self, value: String) {
        self.timer.set_value(None);
        self.about.with_value(|(_, argument)| self.values.set(argument, value));
        self.close();
    }

    /// Down and up go through the list, or ask for one; Enter takes the one that is marked; Escape closes.
    pub fn press(self, event: &KeyboardEvent) {
        if !self.offered.get_untracked() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let open = untrack(move || self.candidates()).filter(|it| !it.values.is_empty());
        let active = self.active.get_untracked();
        match (event.key().as_str(), open) {
            ("ArrowDown", None) => {
                self.wanted.set(true);
                self.ask();
            }
            (key @ ("ArrowDown" | "ArrowUp"), Some(all)) => self.mark(beside(key, active, all.values.len())),
            ("Enter", Some(all)) if let Some(value) = active.and_then(|at| all.values.get(at)).cloned() => {
                self.choose(value);
            }
            ("Escape", Some(_)) => self.close(),
            _ => return,
        }
        event.prevent_default();
    }

    fn mark(self, index: usize) {
        self.active.set(Some(index));
        let option = format!("#{}", self.option_id(index));
        request_animation_frame(move || window::show(&option));
    }
}

/// The next of so many, around their ends.
fn beside(key: &str, active: Option<usize>, count: usize) -> usize {
    let last = count.saturating_sub(1);
    match (key, active) {
        ("ArrowDown", None) => 0,
        ("ArrowDown", Some(at)) => {
            if at >= last {
                0
            } else {
                at + 1
            }
        }
        (_, None | Some(0)) => last,
        (_, Some(at)) => at - 1,
    }
}

#[component]
pub fn Suggestions(suggested: Suggested) -> impl IntoView {
    let values = Memo::new(move |_| suggested.candidates().map(|it| it.values).unwrap_or_default());
    let option = move |(index, value): (usize, String)| {
        let shown = prefix(&value, SHOWN).to_owned();
        let chosen = value.clone();
        view! {
            <li
                id=suggested.option_id(index) role="option" data-testid="completion-item" data-value=value
                aria-selected=move || (suggested.active.get() == Some(index)).to_string()
                on:mousedown=|event| event.prevent_default() on:click=move |_| suggested.choose(chosen.clone())
            >{foreign(shown)}</li>
        }
    };
    view! {
        <Show when=move || suggested.is_open()>
            <ul class="suggestions" id=suggested.list_id() role="listbox" aria-label="Suggestions">
                {move || values.get().into_iter().enumerate().map(option).collect_view()}
            </ul>
        </Show>
        <p class="hint" aria-live="polite">{move || said(suggested)}</p>
    }
}

/// How many there are beyond those that are listed, or that there are none to be had.
fn said(suggested: Suggested) -> Option<AnyView> {
    if !suggested.wanted.get() || !suggested.offered.get() {
        return None;
    }
    match suggested.found.get()? {
        Found::Candidates(it) if it.values.is_empty() => Some("No suggestions.".into_any()),
        Found::Candidates(Candidates { values, total, has_more }) => {
            let shown = values.len();
            match total.filter(|total| *total > shown as u64) {
                Some(total) => Some(format!("{shown} of {total} suggestions.").into_any()),
                None => has_more.then(|| format!("{shown} suggestions; the server has more.").into_any()),
            }
        }
        Found::Refused(code, message) => Some(view! { "Completion failed: "{code}" "{foreign(message)} }.into_any()),
        Found::Nothing => Some("Completion failed: see the wire page.".into_any()),
        Found::Pending => None,
    }
}
