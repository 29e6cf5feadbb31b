//! What the palette holds: pages, what the server offers, servers, and what can be done now.

use super::actions::{self, Action};
use crate::base::text::prefix;
use crate::explain::catalog::Shelf;
use crate::explain::palette::{self, Found, Name, Section};
use crate::inspector::Phase;
use crate::mcp::model::{Item, ItemKind};
use crate::settings::servers::Source;
use crate::ui::later;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::Session;
use crate::ui::session::servers::{Deed, ServerRow};
use crate::ui::shortcuts::{self, Does};
use leptos::task::{spawn_local, spawn_local_scoped};
use std::sync::Arc;

/// As much of a name fits a row, in bytes.
const LABEL: usize = 200;
const KINDS: [ItemKind; 4] = [ItemKind::Tools, ItemKind::Resources, ItemKind::Templates, ItemKind::Prompts];
const PAGES: [Route; 10] = [
    Route::Connect,
    Route::Walkthrough(None),
    Route::Tools(None),
    Route::Resources(None),
    Route::Prompts(None),
    Route::Wire(None),
    Route::Logs(None),
    Route::Tasks,
    Route::Bench,
    Route::Check,
];

/// Something to go to or to do.
#[derive(Clone, PartialEq)]
pub enum Entry {
    Page(Route),
    Item(ItemKind, Arc<Item>),
    Server(Arc<ServerRow>, Deed),
    Act(&'static Action),
}

impl Entry {
    /// For `data-kind`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Page(_) => "page",
            Self::Item(ItemKind::Tools, _) => "tool",
            Self::Item(ItemKind::Resources | ItemKind::Templates, _) => "resource",
            Self::Item(ItemKind::Prompts, _) => "prompt",
            Self::Server(_, Deed::Connect) => "server",
            Self::Server(..) | Self::Act(_) => "action",
        }
    }

    /// For `data-name`.
    pub fn name(&self) -> String {
        match self {
            Self::Item(_, item) => item.key.clone(),
            Self::Server(row, Deed::Connect) => row.title.clone(),
            Self::Page(_) | Self::Server(..) | Self::Act(_) => self.label(),
        }
    }

    pub fn label(&self) -> String {
        match self {
            Self::Page(route) => route.title(),
            Self::Item(_, item) => prefix(&item.key, LABEL).to_owned(),
            Self::Server(row, deed) => deed.words(&row.title),
            Self::Act(action) => action.title.to_owned(),
        }
    }

    /// The title of an item that is called otherwise; the URL of a server, whose name it chose itself.
    pub fn about(&self) -> Option<String> {
        let (name, about) = match self {
            Self::Item(_, item) => (&item.key, item.display_name()),
            Self::Server(row, _) => (&row.title, row.url.as_str()),
            Self::Page(_) | Self::Act(_) => return None,
        };
        (about != name).then(|| prefix(about, LABEL).to_owned())
    }

    /// The image of an item, where the message itself holds one.
    pub fn icon(&self) -> Option<String> {
        match self {
            Self::Item(_, item) => item.icon(),
            Self::Page(_) | Self::Server(..) | Self::Act(_) => None,
        }
    }

    /// Its shortcut.
    pub fn keys(&self) -> Option<String> {
        match self {
            Self::Page(route) => shortcuts::keys_of(&Does::Go(route.clone())),
            Self::Act(action) => action.keys(),
            Self::Item(..) | Self::Server(..) => None,
        }
    }

    pub fn run(self, session: Session) {
        match self {
            Self::Page(route) => session.go(route),
            Self::Item(ItemKind::Tools, item) => session.go(Route::Tools(Some(item.key.clone()))),
            Self::Item(ItemKind::Prompts, item) => session.go(Route::Prompts(Some(item.key.clone()))),
            Self::Item(_, item) => session.go(Route::Resources(Some(item.key.clone()))),
            Self::Server(row, deed) => spawn_local(async move {
                let _ = later::with_server(session, row.key.clone(), deed).await;
            }),
            Self::Act(action) => action.run(session),
        }
    }

    fn found_by(&self) -> Name {
        let label = self.label();
        match self {
            Self::Page(_) => Name::new(Section::Pages, &label, &format!("go to {label} page")),
            Self::Item(kind, item) => {
                let section = match kind {
                    ItemKind::Tools => Section::Tools,
                    ItemKind::Resources | ItemKind::Templates => Section::Resources,
                    ItemKind::Prompts => Section::Prompts,
                };
                Name::new(section, &item.key, &format!("{} {}", self.kind(), item.display_name()))
            }
            Self::Server(row, Deed::Connect) => {
                Name::new(Section::Servers, &row.title, &format!("{label} {} server", row.key.name))
            }
            Self::Server(..) => Name::new(Section::Servers, &label, "server").typed_only(),
            Self::Act(_) => Name::new(Section::Actions, &label, ""),
        }
    }
}

/// Entries with their names. Two are the same if they are the very same: lists are long.
#[derive(Clone)]
struct Listed(Arc<Vec<(Entry, Name)>>);

impl Listed {
    fn of(entries: impl Iterator<Item = Entry>) -> Self {
        let named = |entry: Entry| {
            let name = entry.found_by();
            (entry, name)
        };
        Self(Arc::new(entries.map(named).collect()))
    }
}

impl PartialEq for Listed {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// What was found of a section.
#[derive(Clone, PartialEq)]
pub struct Group {
    pub section: Section,
    pub rows: Vec<Entry>,
    pub total: usize,
}

#[derive(Clone, Copy)]
pub struct Entries {
    session: Session,
    servers: RwSignal<Vec<ServerRow>>,
    /// What the server offers: it is prepared again only when a list has changed.
    items: Memo<Listed>,
    /// All else.
    others: Memo<Listed>,
}

impl Entries {
    pub fn new(session: Session) -> Self {
        let servers = RwSignal::new(Vec::<ServerRow>::new());
        let shelves = session.memo(|it| {
            let shelf = |kind| {
                let list = it.list(kind)?;
                Some(Shelf { kind, items: Arc::clone(&list.items), bad: Arc::clone(&list.bad) })
            };
            KINDS.into_iter().filter_map(shelf).collect::<Vec<_>>()
        });
        let items = Memo::new(move |_| {
            let shelves = shelves.get();
            Listed::of(shelves.iter().flat_map(|it| it.items.iter().map(|item| Entry::Item(it.kind, Arc::clone(item)))))
        });
        let phase = session.memo(|it| (it.phase(), it.knows_tasks()));
        let others = Memo::new(move |_| {
            // What can be done is looked at when the palette opens, and when the connection changes.
            session.overlay.track();
            let (phase, tasks) = phase.get();
            Listed::of(others(session, phase, tasks, &servers.read()))
        });
        Self { session, servers, items, others }
    }

    pub fn find(self, typed: &str) -> Vec<Group> {
        let (others, items) = (self.others.read(), self.items.read());
        let all = || others.0.iter().chain(items.0.iter());
        let first = others.0.len();
        let entry = |at: usize| match at.checked_sub(first) {
            None => others.0.get(at).map(|(entry, _)| entry.clone()),
            Some(at) => items.0.get(at).map(|(entry, _)| entry.clone()),
        };
        let group = |Found { section, rows, total }: Found| Group {
            section,
            rows: rows.into_iter().filter_map(entry).collect(),
            total,
        };
        palette::find(all().map(|(_, name)| name), typed).into_iter().map(group).collect()
    }

    /// The servers as they are now: the list comes with its part, where there is one.
    pub fn read_servers(self) {
        if self.session.has_servers() {
            spawn_local_scoped(async move {
                if let Ok(rows) = later::server_rows(self.session).await {
                    self.servers.try_set(rows);
                }
            });
        } else {
            self.servers.set(Vec::new());
        }
    }
}

fn others(session: Session, phase: Phase, tasks: bool, servers: &[ServerRow]) -> impl Iterator<Item = Entry> {
    let pages = PAGES.into_iter().filter(move |it| tasks || *it != Route::Tasks).map(Entry::Page);
    let deeds = |row: &ServerRow| {
        let (row, deeds) = (Arc::new(row.clone()), Deed::ALL.iter().filter(|it| it.is_possible(row.key.source)));
        deeds.map(|it| Entry::Server(Arc::clone(&row), *it)).collect::<Vec<_>>()
    };
    let servers: Vec<Entry> = servers.iter().flat_map(deeds).collect();
    let actions: Vec<Entry> = actions::possible(session, phase).map(Entry::Act).collect();
    pages.chain(servers).chain(actions)
}

impl Deed {
    /// What can be done with a server from there.
    const fn is_possible(self, source: Source) -> bool {
        match self {
            Self::Connect => true,
            Self::Edit | Self::Duplicate | Self::Remove => !matches!(source, Source::Preset),
            Self::Up | Self::Down => matches!(source, Source::Saved),
        }
    }

    fn words(self, title: &str) -> String {
        let title = prefix(title, LABEL);
        match self {
            Self::Connect => format!("Connect to {title}"),
            Self::Edit => format!("Edit {title}"),
            Self::Duplicate => format!("Duplicate {title}"),
            Self::Remove => format!("Remove {title}"),
            Self::Up => format!("Move {title} up"),
            Self::Down => format!("Move {title} down"),
        }
    }
}
