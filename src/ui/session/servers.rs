//! The servers of the list, kept in `localStorage`, and what the host sets in `inspector.json`.
//!
//! The storage is read before every change: other tabs have the same list.

use super::{Session, prefs};
use crate::demo;
use crate::inspector::{Input, Inspector};
use crate::settings::Draft;
use crate::settings::host::{FILE, Host};
use crate::settings::servers::{Key, Server, Servers, Shift, Source, href};
use crate::ui::later;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::typed::{focus_refused, normalized, settled};
use crate::web::host_file::{self, Given};
use crate::web::window;
use leptos::task::spawn_local;
use std::collections::VecDeque;
use std::sync::Arc;

/// How long a new attempt waits for the host's file, in milliseconds.
const LIMIT: u32 = 5_000;

/// What is known of the host's file.
#[derive(Clone, Default)]
pub enum HostFile {
    /// The host has not responded yet.
    #[default]
    Awaited,
    Absent,
    Given(Arc<Host>),
}

impl HostFile {
    pub fn host(&self) -> Option<&Host> {
        match self {
            Self::Given(host) => Some(host),
            Self::Awaited | Self::Absent => None,
        }
    }
}

/// A server of the list, as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ServerRow {
    pub key: Key,
    pub title: String,
    pub url: String,
    /// What is known of it, in a few words.
    pub about: String,
}

/// What can be done with a server of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Connect,
    Edit,
    Duplicate,
    Remove,
    Up,
    Down,
}

impl Deed {
    pub const ALL: [Self; 6] = [Self::Connect, Self::Edit, Self::Duplicate, Self::Remove, Self::Up, Self::Down];
}

impl ServerRow {
    fn of(source: Source, server: &Server) -> Self {
        // Names of presets are the host's, and may be there twice; no URL is.
        let name = if source == Source::Saved { server.title() } else { &server.url };
        let asked = server.headers.iter().filter(|it| it.value.is_none());
        let asked = asked.map(|it| format!("asks for {}", it.name)).collect::<Vec<_>>();
        let mut about = match (source, server.negotiated.is_empty()) {
            (_, false) if server.authorized => vec![server.negotiated.clone(), "with authorization".to_owned()],
            (_, false) => vec![server.negotiated.clone(), "no authorization".to_owned()],
            (Source::Preset, true) => vec!["preset".to_owned()],
            (_, true) => Vec::new(),
        };
        about.extend(asked);
        about.extend(server.had_query.then(|| "query not stored".to_owned()));
        Self {
            key: Key { source, name: name.to_owned() },
            title: server.title().to_owned(),
            url: server.url.clone(),
            about: about.join(" · "),
        }
    }
}

impl Session {
    /// Asks for the host's file. In a frame of another site, and on the pages of the other side, nothing is connected to.
    pub(super) fn read_host_file(self) {
        if window::is_in_foreign_frame() || matches!(self.here(), Route::DemoAuthorize | Route::Notes) {
            return self.host.set(HostFile::Absent);
        }
        spawn_local(async move {
            match host_file::beside(FILE, LIMIT).await {
                Given::Absent => {
                    tell_offline(true);
                    self.host_known(HostFile::Absent, Vec::new());
                }
                // Where its part does not come, the page is broken, and says so.
                given => drop(later::host_file(self, given).await),
            }
        });
    }

    /// The host's file is there: it is read, and its defaults fill the form that nobody has filled.
    pub fn take_host_file(self, given: Given) {
        let host = match given {
            Given::Text(text) => Host::read(&text),
            Given::Failed(status) => Host::failed(status),
            Given::Absent => Host::default(),
        };
        if let Some(wanted) = host.offline {
            tell_offline(wanted);
        }
        if self.peek(|it| it.settings().is_none()) {
            self.draft.update(|draft| host.fill(draft));
        }
        let mut known = vec![Input::Relays(host.relays.clone())];
        known.extend(host.listed().map(Input::OnlyListed));
        self.host_known(HostFile::Given(Arc::new(host)), known);
    }

    fn host_known(self, host: HostFile, known: Vec<Input>) {
        let held = self.is_held();
        self.host.set(host);
        // They are taken before anything that waits, and load nothing by themselves.
        self.inputs.update_value(|it| known.into_iter().for_each(|known| it.push_front(known)));
        if held {
            self.go_on();
        }
    }

    /// A new attempt waits until it is known which servers and relays the host lists; so does what a login brings, and
    /// what goes on after a pause.
    pub(super) fn is_held(self) -> bool {
        let starts = |it: &Input| {
            matches!(it, Input::Connect(_) | Input::Check(_) | Input::Callback(_) | Input::AgainAnew | Input::Reply(..))
                || matches!(it, Input::Proceed(_) | Input::GoOnByItself | Input::Choose(_))
        };
        let waits = |it: &VecDeque<Input>| it.iter().any(starts);
        matches!(*self.host.read_untracked(), HostFile::Awaited) && self.inputs.with_value(waits)
    }

    /// Whether there is something to show of servers, or of the host's file.
    pub fn has_servers(self) -> bool {
        self.kept_servers.track();
        prefs::has_servers() || self.host.read().host().is_some()
    }

    /// The list: presets, saved and recent ones. Called again when it has changed.
    pub fn server_rows(self) -> Vec<ServerRow> {
        self.kept_servers.track();
        let host = self.host.read();
        let presets = host.host().map(|it| it.presets.as_slice()).unwrap_or_default();
        let list = prefs::servers();
        let rows =
            |source: Source, servers: &[Server]| servers.iter().map(|it| ServerRow::of(source, it)).collect::<Vec<_>>();
        let known = |it: &Server| presets.iter().chain(&list.saved).any(|other| other.href() == it.href());
        let recent: Vec<Server> = list.recent.iter().filter(|it| !known(it)).cloned().collect();
        [rows(Source::Preset, presets), rows(Source::Saved, &list.saved), rows(Source::Recent, &recent)].concat()
    }

    /// What a server of the list is filled with.
    pub fn server(self, key: &Key) -> Option<Server> {
        match key.source {
            Source::Preset => {
                let host = self.host.read_untracked();
                host.host()?.presets.iter().find(|it| it.url == key.name).cloned()
            }
            _ => prefs::servers().get(key).cloned(),
        }
    }

    /// Changes the list; `None` where the browser keeps nothing.
    pub fn change_servers<T>(self, change: impl FnOnce(&mut Servers) -> T) -> Option<T> {
        let mut servers = prefs::servers();
        let changed = change(&mut servers);
        let kept = prefs::set_servers(&servers);
        self.kept_servers.update(|it| *it += 1);
        kept.then_some(changed)
    }

    /// Does that with a server of the list.
    pub fn with_server(self, key: &Key, deed: Deed) {
        match deed {
            Deed::Connect => self.use_server(key),
            Deed::Edit => self.edit_server(key),
            Deed::Remove => self.remove_server(key),
            Deed::Duplicate => drop(self.change_servers(|list| list.duplicate(key))),
            Deed::Up => drop(self.change_servers(|list| list.shift(key, Shift::Up))),
            Deed::Down => drop(self.change_servers(|list| list.shift(key, Shift::Down))),
        }
    }

    /// Connects to a server of the list, or fills the form where something has to be typed first.
    fn use_server(self, key: &Key) {
        let Some(server) = self.server(key) else { return };
        self.fill_with(&server, key, false);
        if server.asks() {
            self.to_form();
            self.tried.set(!server.had_query);
            return focus_refused(self, server.had_query);
        }
        if let Some(settings) = settled(self) {
            self.go(Route::Connect);
            self.connect(settings);
        }
    }

    /// Fills the form with a server of the list; saving it then writes over it.
    fn edit_server(self, key: &Key) {
        let Some(server) = self.server(key) else { return };
        self.to_form();
        self.fill_with(&server, key, true);
        request_animation_frame(|| window::focus("[data-testid=server-url]"));
    }

    fn fill_with(self, server: &Server, key: &Key, edits: bool) {
        let label = if key.source == Source::Recent { String::new() } else { server.name.clone() };
        let edited = if edits && key.source == Source::Saved { key.name.clone() } else { String::new() };
        self.tried.set(false);
        self.draft.set(Draft { label, edited, ..server.draft() });
    }

    /// To the form, which a connection has the place of.
    fn to_form(self) {
        self.go(Route::Connect);
        if self.peek(Inspector::is_connected) {
            self.dispatch(Input::Disconnect);
        }
    }

    /// Keeps the settings of the form, without secrets. Says what came of it, or nothing where the URL cannot be used.
    pub fn save_server(self) -> Option<String> {
        let draft = normalized(&self.draft.read_untracked());
        if crate::base::address::Address::typed(&draft.server).is_err() {
            self.tried.set(true);
            focus_refused(self, true);
            return None;
        }
        let edited = Some(draft.edited.as_str()).filter(|it| !it.is_empty());
        let Some(name) = self.change_servers(|it| it.save(Server::of(&draft), edited)) else {
            return Some("Not saved: the browser blocks storage.".to_owned());
        };
        let words = format!("Saved as {name}, without secrets.");
        self.draft.update(|it| (it.label, it.edited) = (name, String::new()));
        Some(words)
    }

    /// A connection stands: its server is first from now on. The demo has a button of its own.
    pub(super) fn remember_server(self) {
        // As it stands now: the list may come when the connection is gone.
        let connected = self.peek(|it| {
            let settings = it.settings().filter(|it| !demo::is_ours(it.server.as_given()))?.clone();
            let connection = it.connection()?;
            let info = connection.info.as_ref()?;
            Some((settings, info.display_name().to_owned(), info.revision, connection.has_token()))
        });
        if let Some((settings, name, revision, authorized)) = connected {
            spawn_local(async move {
                let _ = later::remember(self, settings, name, revision, authorized).await;
            });
        }
    }

    /// The same, with the list.
    pub fn remember(self, newest: Server) {
        let preset = |it: &Host| it.presets.iter().any(|it| it.href() == href(&newest.url));
        let is_preset = self.host.read_untracked().host().is_some_and(preset);
        let label = self.draft.read_untracked().label.trim().to_owned();
        self.change_servers(|it| it.used(newest, &label, is_preset));
    }
}

/// Whether the browser keeps the page for use without a network: `assets/boot.js` sees to it.
fn tell_offline(wanted: bool) {
    window::mark("data-offline", Some(if wanted { "on" } else { "off" }));
}
