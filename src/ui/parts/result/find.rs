//! A text that is looked for in the whole raw result, whatever its size: in pieces, with pauses for the user.

use crate::json::outline::raw::RawText;
use crate::json::path::Path;
use crate::json::search::{Mark, Search};
use crate::ui::parts::json::{Place, in_lines};
use crate::ui::parts::slices::in_slices;
use crate::ui::prelude::*;
use crate::web::clock;
use std::ops::Range;
use std::sync::Arc;
use web_sys::KeyboardEvent;

/// How much the search looks at before it asks for the time, in bytes.
const STEP: usize = 256 << 10;
/// A hit behind so many bytes has no path: finding it would take too long.
const PATH: usize = 32 << 20;

/// A search in one result.
#[derive(Clone, Copy)]
pub struct Finding {
    pub raw: StoredValue<RawText>,
    words: RwSignal<String>,
    search: RwSignal<Option<Search>>,
    /// Whether the search is on its way.
    searching: RwSignal<bool>,
    /// The hit that is shown, from 0 on.
    current: RwSignal<usize>,
    /// How often the user typed something, or went on or back.
    pub moves: RwSignal<u32>,
    /// The bytes of the hit that is shown.
    pub hit: Memo<Option<Range<usize>>>,
    /// Whether the raw result is shown as a tree, in which no hit is gone to.
    pub tree: RwSignal<bool>,
}

impl Finding {
    /// In that text; `words` may have something to be looked for already.
    pub fn new(text: Arc<str>, words: RwSignal<String>) -> Self {
        let search = words.with_untracked(|it| Search::new(Arc::clone(&text), it));
        let (search, current) = (RwSignal::new(search), RwSignal::new(0));
        let this = Self {
            raw: StoredValue::new(in_lines(text)),
            words,
            search,
            searching: RwSignal::new(false),
            current,
            moves: RwSignal::new(0),
            hit: Memo::new(move |_| search.read().as_ref()?.hit(current.get())),
            tree: RwSignal::new(false),
        };
        this.look();
        this
    }

    pub fn text(self) -> Arc<str> {
        self.raw.with_value(|it| Arc::clone(it.text()))
    }

    fn type_words(self, words: String) {
        self.tree.set(false);
        self.current.set(0);
        self.search.set(Search::new(self.text(), &words));
        self.words.set(words);
        self.moves.update(|it| *it += 1);
        self.look();
    }

    fn look(self) {
        if self.search.with_untracked(Option::is_some) {
            in_slices(self.searching, move |until| self.slice(until));
        }
    }

    /// Says whether there is more to look at; nothing where the result is gone.
    fn slice(self, until: f64) -> Option<bool> {
        self.search.try_maybe_update(|search| {
            let Some(search) = search else { return (false, false) };
            let (before, mut more) = (search.count(), true);
            while more && clock::now() < until {
                more = search.step(STEP);
            }
            (search.count() != before || !more, more)
        })
    }

    pub fn next(self) {
        self.go(|at, count| (at + 1 < count).then_some(at + 1), |_| 0);
    }

    pub fn previous(self) {
        self.go(|at, _| at.checked_sub(1), |count| count - 1);
    }

    /// To the hit beside the one that is shown; beyond the last begins the first, once all are known.
    fn go(self, beside: fn(usize, usize) -> Option<usize>, around: fn(usize) -> usize) {
        let known = self.search.with_untracked(|it| it.as_ref().map(|it| (it.count(), it.is_done())));
        let Some((count, done)) = known.filter(|(count, _)| *count > 0) else { return };
        let at = self.current.get_untracked();
        self.tree.set(false);
        self.current.set(beside(at, count).unwrap_or(if done { around(count) } else { at }));
        self.moves.update(|it| *it += 1);
    }

    /// "3 of 120"; as long as the search is on its way, and where there are more hits than are counted, that too.
    fn count(self) -> Option<String> {
        let search = self.search.read();
        let search = search.as_ref()?;
        let number = (self.current.get() + 1).min(search.count());
        let more = match (search.is_full(), search.is_done()) {
            (true, _) => "+",
            (false, false) => "…",
            (false, true) => "",
        };
        Some(format!("{number} of {}{more}", search.count()))
    }

    /// A row of the raw text by its bytes, in pieces.
    pub fn pieces(self, row: Range<usize>) -> Vec<(Range<usize>, Mark)> {
        match self.search.read().as_ref() {
            Some(search) => search.pieces(row, self.current.get()),
            None => vec![(row, Mark::Plain)],
        }
    }

    /// Where the value is that the hit stands in.
    fn path(self) -> Option<Path> {
        let hit = self.hit.get().filter(|it| it.start < PATH)?;
        Some(self.raw.with_value(|it| Path::at(it.text(), hit.start)))
    }
}

#[component]
pub fn FindBar(finding: Finding) -> impl IntoView {
    let key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            if event.shift_key() { finding.previous() } else { finding.next() }
        }
    };
    let path = Memo::new(move |_| finding.path());
    let there = Memo::new(move |_| finding.hit.read().is_some());
    let placed = Memo::new(move |_| path.read().is_some());
    view! {
        <div class="find" role="search">
            <div class="row">
                <input
                    class="filter" type="search" data-testid="result-search" aria-label="Search the result"
                    placeholder="Search the result" autocomplete="off" spellcheck="false" prop:value=finding.words
                    on:input:target=move |event| finding.type_words(event.target().value()) on:keydown=key
                />
                <output class="small muted" data-testid="result-search-count" aria-live="polite">{move || finding.count()}</output>
                <Show when=move || there.get()>
                    <button type="button" class="quiet" title="Shift-Enter" on:click=move |_| finding.previous()>"Previous"</button>
                    <button type="button" class="quiet" title="Enter" on:click=move |_| finding.next()>"Next"</button>
                </Show>
            </div>
            <Show when=move || placed.get()><Place path=path.into()/></Show>
        </div>
    }
}
