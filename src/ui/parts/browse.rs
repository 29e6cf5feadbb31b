//! The pages of what a server offers: a list with a filter on the left, the open item on the right.
//!
//! Owns the list and what is said where there is none; what an open item shows is its page's.

mod row;
mod section;

pub use section::Section;

use super::docked::Docked;
use super::elapsed::Elapsed;
use super::link::{follow, href};
use super::live::cache_words;
use super::problem::{CardBody, Place};
use super::prose::prose;
use super::virtual_list::VirtualList;
use crate::base::format;
use crate::base::text::prefix;
use crate::explain::card::Card;
use crate::explain::catalog::{self, CatalogRow, Shelf};
use crate::inspector::{Input, Inspector, ListState, Phase};
use crate::mcp::connection::Target;
use crate::mcp::model::{Cache, ItemKind};
use crate::trace::problem::Problem;
use crate::ui::later;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::{clock, window};
use leptos_router::components::Outlet;
use row::ListRow;
use std::sync::Arc;
use web_sys::KeyboardEvent;

/// As `--row-item` in `tokens.css`.
const ROW: u32 = 54;
/// As much of a name as is said of one that is missing.
const WORDS: usize = 300;

/// The lists of a section as they stand.
#[derive(Clone, PartialEq)]
pub struct Lists {
    phase: Phase,
    offered: bool,
    pub shelves: Vec<Shelf>,
    states: Vec<(ItemKind, ListState)>,
    cache: Option<Cache>,
}

impl Lists {
    fn read(section: Section, it: &Inspector) -> Self {
        let lists = || section.kinds().iter().filter_map(|kind| Some((*kind, it.list(*kind)?)));
        let shelf = |(kind, list): (ItemKind, &crate::inspector::Listing)| Shelf {
            kind,
            items: Arc::clone(&list.items),
            bad: Arc::clone(&list.bad),
        };
        let info = it.connection().and_then(|it| it.info.as_ref());
        Self {
            phase: it.phase(),
            offered: info.is_none_or(|info| section.kinds().iter().any(|kind| info.offers(*kind))),
            shelves: lists().map(shelf).collect(),
            states: lists().map(|(kind, list)| (kind, list.state.clone())).collect(),
            cache: lists().find_map(|(_, list)| list.cache),
        }
    }

    pub fn is_loading(&self) -> bool {
        let loading = |(_, state): &(ItemKind, ListState)| *state == ListState::Loading;
        matches!(self.phase, Phase::Connecting | Phase::Authorizing) || self.states.iter().any(loading)
    }

    pub const fn is_connected(&self) -> bool {
        matches!(self.phase, Phase::Connected)
    }

    fn problem(&self) -> Option<(ItemKind, Problem)> {
        self.states.iter().find_map(|(kind, state)| match state {
            ListState::Failed(problem) => Some((*kind, (**problem).clone())),
            _ => None,
        })
    }

    fn total(&self) -> usize {
        self.shelves.iter().map(Shelf::len).sum()
    }
}

/// Rows that are the same only if they are the very same: comparing ten thousand takes longer than drawing forty.
#[derive(Clone)]
struct Rows(Arc<Vec<CatalogRow>>);

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// What is open on a page.
#[derive(Clone, Copy)]
pub struct Open {
    pub section: Section,
    pub lists: Memo<Lists>,
    /// The name or URI in the address.
    pub key: Memo<Option<String>>,
    /// The row of that name, as far as the lists know it.
    pub row: Memo<Option<CatalogRow>>,
}

impl Open {
    fn new(section: Section) -> Self {
        let session = session();
        let lists = session.memo(move |it| Lists::read(section, it));
        let key = Memo::new(move |_| match session.route() {
            Route::Tools(key) if section == Section::Tools => key,
            Route::Resources(key) if section == Section::Resources => key,
            Route::Prompts(key) if section == Section::Prompts => key,
            _ => None,
        });
        let row = Memo::new(move |_| {
            let key = key.get()?;
            lists.with(|it| it.shelves.iter().find_map(|shelf| shelf.find(&key)))
        });
        Self { section, lists, key, row }
    }

    /// Whether there is something to show: a connection, one on its way, or what came of a use of the open item.
    fn has_something(self) -> bool {
        let used = |key: String| {
            let target = |kind: &ItemKind| Target { kind: *kind, key: key.clone() };
            session().read(|it| self.section.kinds().iter().any(|kind| it.outcome(&target(kind)).is_some()))
        };
        let phase = self.lists.with(|it| it.phase);
        matches!(phase, Phase::Connected | Phase::Connecting | Phase::Authorizing) || self.key.get().is_some_and(used)
    }
}

/// What is open on the page around.
pub fn open() -> Open {
    expect_context()
}

/// The whole page. The right half is the route inside: an item, or [`NoItem`].
#[component]
pub fn Browse(section: Section) -> impl IntoView {
    let open = Open::new(section);
    provide_context(open);
    let something = Memo::new(move |_| open.has_something());
    move || match something.get() {
        false => view! { <NoServer section/> }.into_any(),
        true => view! {
            <main class="split list" data-selected=move || open.key.read().is_some().then_some("")>
                <List open/>
                <Outlet/>
            </main>
            <Docked/>
        }
        .into_any(),
    }
}

#[component]
fn NoServer(section: Section) -> impl IntoView {
    view! {
        <main class="page">
            <div class="empty">
                <h1>"No server yet"</h1>
                <p>{section.promise()}</p>
                <a class="button main" href=href(&Route::Connect) on:click=follow(Route::Connect)>"Connect to a server"</a>
            </div>
        </main>
    }
}

#[component]
fn List(open: Open) -> impl IntoView {
    let section = open.section;
    let (filter, set_filter) = signal(String::new());
    let rows = Memo::new(move |_| {
        let filter = filter.read();
        Rows(Arc::new(open.lists.with(|it| catalog::rows(&it.shelves, &filter))))
    });
    let count = move || rows.read().0.len();
    let all = Memo::new(move |_| open.lists.with(Lists::total));
    let current = Memo::new(move |_| {
        let key = open.key.get()?;
        rows.read().0.iter().position(|it| it.key().as_ref() == Some(&key))
    });
    let row = Callback::new(move |index: usize| {
        let row = rows.read().0.get(index).cloned();
        row.map(|row| view! { <ListRow open row/> }).into_any()
    });
    let placeholder = move || match all.get() {
        0 => format!("Filter {}", section.many()),
        number => format!("Filter {}", format::counted(number, section.one(), section.many())),
    };
    let down = move |event: KeyboardEvent| {
        if event.key() == "ArrowDown" {
            event.prevent_default();
            window::focus("[data-row] a");
        }
    };
    let changed = session().memo(move |it| it.changes().newest().any(|it| section.kinds().contains(&it.kind)));
    let none = move || (count() == 0 && all.get() > 0).then(|| format!("No {} matches this filter.", section.one()));
    view! {
        <section class="pane fill" aria-label=section.title()>
            <h1 class="sr">{section.title()}</h1>
            <input
                type="search" data-testid=section.filter_id() aria-label=format!("Filter {}", section.many())
                placeholder=placeholder autocomplete="off" spellcheck="false" autocapitalize="off" prop:value=filter
                on:input:target=move |event| set_filter.set(event.target().value()) on:keydown=down
            />
            <p class=move || if none().is_some() { "muted small" } else { "sr" } role="status">{none}</p>
            {move || open.lists.read().cache.map(|it| view! { <p class="muted small">{cache_words(it)}</p> })}
            <VirtualList
                total=Signal::derive(count) row_height=ROW row class="items" current
                attr:data-testid=section.list_id() attr:data-total=all
            />
            {move || changed.get().then(|| arriving(later::list_change(section)))}
        </section>
    }
}

/// The right half while nothing is open.
#[component]
pub fn NoItem() -> impl IntoView {
    let open = open();
    view! { <section class="pane detail" aria-label="Details"><Nothing open/></section> }
}

/// What it says.
#[component]
fn Nothing(open: Open) -> impl IntoView {
    let section = open.section;
    move || {
        let lists = open.lists.read();
        let problem = lists.problem().map(|(kind, it)| arriving(later::failed_list(kind, it)));
        match () {
            () if lists.is_loading() => view! { <Loading section/> }.into_any(),
            () if lists.total() > 0 => {
                let choose = empty(format!("Choose a {}", section.one()), section.hint().to_owned());
                view! { {choose}{problem} }.into_any()
            }
            () if problem.is_some() => problem.into_any(),
            () if !lists.offered => empty_with(
                format!("This server has no {} capability", section.many()),
                format!("The server did not declare the capability, so Flowglass does not send {}.", method(section)),
                view! { <a class="button" href=href(&Route::Connect) on:click=follow(Route::Connect)>"Show capabilities"</a> }
                    .into_any(),
            ),
            () => empty_with(
                format!("No {}", section.many()),
                format!("The server responded to {} with an empty list.", method(section)),
                view! { <Reload section/> }.into_any(),
            ),
        }
    }
}

/// Asks for the lists of a section again.
#[component]
fn Reload(section: Section) -> impl IntoView {
    let session = session();
    let reload = move |_| section.kinds().iter().for_each(|kind| session.dispatch(Input::Refresh(*kind)));
    view! { <button type="button" on:click=reload>"Reload list"</button> }
}

fn method(section: Section) -> &'static str {
    section.kinds().first().map_or("", |it| it.list().0)
}

fn empty(title: String, words: String) -> AnyView {
    empty_with(title, words, ().into_any())
}

/// The same, with what to do about it.
fn empty_with(title: String, words: String, next: AnyView) -> AnyView {
    view! { <div class="empty"><h2>{foreign(title)}</h2><p>{words}</p>{next}</div> }.into_any()
}

#[component]
pub fn Loading(section: Section) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="loading" role="status">
                <span class="spinner" aria-hidden="true"></span>
                <span>{format!("Loading {} ", section.many())}<Elapsed since=clock::now()/></span>
            </p>
        </div>
    }
}

/// A list that could not be read.
#[component]
pub fn FailedList(kind: ItemKind, problem: Problem) -> impl IntoView {
    let session = session();
    let card = Card::alone(&problem);
    view! {
        <header class="detail-head"><h2>{prose(card.title.clone())}</h2></header>
        <div class="failed stack">
            <CardBody card place=Place::Inside/>
            <div class="row">
                <button type="button" on:click=move |_| session.dispatch(Input::Refresh(kind))>"Reload list"</button>
            </div>
        </div>
    }
}

/// What is said of a name that no list has.
#[component]
pub fn Missing(open: Open) -> impl IntoView {
    move || {
        let key = open.key.get().unwrap_or_default();
        match open.lists.read().is_loading() {
            true => view! { <Loading section=open.section/> }.into_any(),
            false => {
                let all = open.section.route(None);
                empty_with(
                    format!("No {} named {}", open.section.one(), prefix(&key, WORDS)),
                    "The server did not list it. It may be renamed, or available to other users only.".to_owned(),
                    view! { <a class="button" href=href(&all) on:click=follow(all)>"Choose another"</a> }.into_any(),
                )
            }
        }
    }
}
