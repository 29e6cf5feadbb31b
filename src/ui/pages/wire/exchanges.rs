//! What of the exchanges is listed, and the tools above the list: search, filters, exports.

use super::kept;
use crate::base::format;
use crate::explain::wire;
use crate::explain::wire::exchanges::{Filter, Listed, Methods, Shown};
use crate::explain::wire::search::Search;
use crate::export::Export;
use crate::mcp::raw::RawMessage;
use crate::schema::pretty;
use crate::trace::ExchangeId;
use crate::ui::pages::walkthrough::exports::{Choices, ExportButton, ScopeChoice};
use crate::ui::parts::simulated::Simulated;
use crate::ui::parts::slices::in_slices;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::{Session, session};
use crate::web::{clock, window};
use std::collections::BTreeSet;

/// How much the search looks at before it asks for the time, in bytes.
const STEP: usize = 256 << 10;

#[derive(Clone, Copy)]
pub struct Exchanges {
    session: Session,
    text: RwSignal<String>,
    search: RwSignal<Option<Search>>,
    /// Whether the search is on its way.
    searching: RwSignal<bool>,
    filter: RwSignal<Filter>,
    pinned: RwSignal<BTreeSet<ExchangeId>>,
    /// Those that are listed.
    pub rows: Memo<Listed>,
    /// The one that is open.
    pub opened: Memo<Option<ExchangeId>>,
    /// What the raw sender holds.
    pub method: RwSignal<String>,
    pub params: RwSignal<String>,
}

impl Exchanges {
    pub fn new() -> Self {
        let session = session();
        // The numbers of a saved trace are others.
        let pinned = if untrack(|| session.is_replaying()) { BTreeSet::new() } else { kept::pinned() };
        let (filter, pinned) = (RwSignal::new(Filter::default()), RwSignal::new(pinned));
        let search = RwSignal::new(None::<Search>);
        let rows = Memo::new_owning(move |before: Option<Listed>| {
            let (search, filter, pinned) = (search.read(), filter.read(), pinned.read());
            let (before, found) = (before.unwrap_or_default(), search.as_ref().map(Search::found));
            session.trace(|it| before.updated(it, &filter, found, &pinned))
        });
        let opened = Memo::new(move |_| {
            let Route::Wire(Some(number)) = session.route() else { return None };
            let number = number.parse().ok()?;
            session.trace(|it| wire::entry(it, number)?.event.exchange())
        });
        let this = Self {
            session,
            text: RwSignal::new(String::new()),
            search,
            searching: RwSignal::new(false),
            filter,
            pinned,
            rows,
            opened,
            method: RwSignal::new(String::new()),
            params: RwSignal::new(String::new()),
        };
        let last = session.trace_memo(|it| it.entries().last().map(|it| it.number));
        Effect::new(move |_| {
            // A memo that nobody reads is never told of a change.
            let _read = last.get();
            this.text.track();
            this.look();
        });
        this
    }

    fn type_text(self, text: String) {
        self.search.set(Search::new(&text));
        self.text.set(text);
    }

    /// Looks for the text in what was not looked at yet, with pauses for the user.
    fn look(self) {
        if self.search.with_untracked(Option::is_some) {
            in_slices(self.searching, move |until| self.slice(until));
        }
    }

    /// Says whether there is more to look at; nothing where the page is gone.
    fn slice(self, until: f64) -> Option<bool> {
        let session = self.session;
        self.search.try_maybe_update(|search| {
            let Some(search) = search else { return (false, false) };
            let before = search.found().len();
            let more = session.peek_trace(|it| {
                let mut more = true;
                while more && clock::now() < until {
                    more = search.step(it, STEP);
                }
                more
            });
            (search.found().len() != before, more)
        })
    }

    pub fn is_filtered(self) -> bool {
        self.search.read().is_some() || *self.filter.read() != Filter::default()
    }

    pub fn is_open(self, id: ExchangeId) -> bool {
        self.opened.get() == Some(id)
    }

    /// Opens an exchange, or closes it.
    pub fn toggle(self, id: ExchangeId) {
        let session = self.session;
        let number = session.peek_trace(|it| it.exchange(id).map(|it| it.number.to_string()));
        let open = self.opened.get_untracked() == Some(id);
        session.go(Route::Wire(number.filter(|_| !open)));
    }

    pub fn is_pinned(self, id: ExchangeId) -> bool {
        self.pinned.read().contains(&id)
    }

    pub fn pin(self, id: ExchangeId) {
        self.pinned.update(|it| {
            if !it.remove(&id) {
                it.insert(id);
            }
        });
        self.keep_pinned();
    }

    fn keep_pinned(self) {
        if !untrack(|| self.session.is_replaying()) {
            self.pinned.with_untracked(kept::keep_pinned);
        }
    }

    /// Fills the raw sender with a message.
    pub fn edit(self, raw: &RawMessage) {
        self.method.set(raw.method.clone());
        self.params.set(raw.params.as_deref().map(pretty).unwrap_or_default());
        request_animation_frame(|| window::reveal("#raw-params"));
    }
}

/// What stands beside the choice of the view.
#[component]
pub fn ExchangeTools(exchanges: Exchanges) -> impl IntoView {
    let choices = RwSignal::new(Choices::default());
    let count = move || {
        let words = format::counted(exchanges.rows.read().ids.len(), "exchange", "exchanges");
        if exchanges.searching.get() { format!("Searching: {words}") } else { words }
    };
    view! {
        <input
            class="filter" type="search" data-testid="wire-search" aria-label="Search" autocomplete="off"
            placeholder="Search URLs, headers and bodies" spellcheck="false" prop:value=exchanges.text
            on:input:target=move |event| exchanges.type_text(event.target().value())
        />
        <MethodChoice exchanges/>
        <StatusChoice exchanges/>
        <output class="small muted">{count}</output>
        <Simulated/>
        <span class="grow"></span>
        <ScopeChoice choices/>
        <ExportButton export=Export::Har choices/>
        <ExportButton export=Export::Trace choices/>
    }
}

#[component]
fn MethodChoice(exchanges: Exchanges) -> impl IntoView {
    let session = session();
    let methods = Memo::new(move |last: Option<&Methods>| {
        let known = last.cloned().unwrap_or_default();
        session.trace(|it| known.grown(it))
    });
    let names = Memo::new(move |_| methods.read().all.iter().cloned().collect::<Vec<String>>());
    let option = |name: String| view! { <option value=name.clone()>{name.clone()}</option> };
    let choose = move |name: String| exchanges.filter.update(|it| it.method = Some(name).filter(|it| !it.is_empty()));
    view! {
        <select data-testid="exchange-method" aria-label="Method" on:change:target=move |event| choose(event.target().value())>
            <option value="">"All methods"</option>
            <Keyed keys=Signal::from(names) draw=option/>
        </select>
    }
}

#[component]
fn StatusChoice(exchanges: Exchanges) -> impl IntoView {
    let options = Shown::ALL.map(|it| view! { <option value=it.name()>{it.title()}</option> });
    let choose = move |name: String| exchanges.filter.update(|it| it.shown = Shown::parse(&name));
    view! {
        <select data-testid="exchange-status" aria-label="Status" on:change:target=move |event| choose(event.target().value())>
            {options.into_iter().collect_view()}
        </select>
    }
}
