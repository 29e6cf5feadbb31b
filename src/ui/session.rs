//! The one shared context: runs the inspector against the browser.
//!
//! Whatever happens goes through [`Session::dispatch`]: the machine decides, the trace is written to the tab's
//! storage, and only then are the orders carried out. Pages read through [`Session::read`].

pub mod arguments;
mod attempts;
pub mod keep;
pub mod linked;
mod machine;
mod navigator;
mod opening;
mod overlay;
mod perform;
mod replay;
pub mod series;
pub mod servers;
mod tabs;
mod undo;

use crate::base::stored::Unread;
use crate::base::text::Reveal;
use crate::demo::Trial;
use crate::inspector::{AlarmId, Input, Inspector};
use crate::mcp::app::AppCall;
use crate::mcp::app::bridge::Answer as Answered;
use crate::oauth::flow::Moment;
use crate::settings::servers::Removed;
use crate::settings::{Draft, Settings};
use crate::trace::ExchangeId;
use crate::ui::prefs::{self, Theme};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::web::clock::Timer;
use crate::web::fetch::Flight;
use crate::web::play::Play;
use crate::web::{clock, entropy, relay, storage, window};
use keep::{Keep, TakenUp};
pub use linked::LinkNote;
use navigator::Navigator;
pub use opening::Opened;
pub use overlay::Overlay;
pub use replay::{LINK, Replay, text_of};
use series::SeriesRow;
use servers::HostFile;
use std::collections::{BTreeMap, VecDeque};
use wasm_bindgen::JsCast;

/// Takes what came of a request of an app's.
pub type Hearing = UnsyncCallback<(AppCall, Answered)>;

/// The window that a login is opened in, where it is not this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Popup {
    #[default]
    None,
    Open,
    /// The browser did not let it open: a press of a button will do.
    Blocked,
}

/// A callback in this window that another one may wait for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Relay {
    #[default]
    None,
    /// Whoever waits for it is asked.
    Asking,
    /// It was taken. A login with an opener policy leaves this window one that no script may close.
    Taken,
}

/// See the module. Copied freely; provided once.
#[derive(Clone, Copy)]
pub struct Session {
    inspector: RwSignal<Inspector>,
    flights: StoredValue<BTreeMap<ExchangeId, Flight>, LocalStorage>,
    /// The same for requests to the demo's servers, which never leave the page.
    plays: StoredValue<BTreeMap<ExchangeId, Play>, LocalStorage>,
    timers: StoredValue<BTreeMap<AlarmId, Option<Timer>>, LocalStorage>,
    keep: StoredValue<Keep>,
    /// What happened, and the machine has not taken yet.
    inputs: StoredValue<VecDeque<Input>, LocalStorage>,
    /// Whether an input waits for the machine to be loaded.
    pub awaited: RwSignal<bool>,
    navigator: Navigator,
    /// The connection form as it is typed.
    pub draft: RwSignal<Draft>,
    /// Whether a press of Connect found fields that cannot be used: from then on they say so.
    pub tried: RwSignal<bool>,
    /// How often the list of kept servers has changed.
    pub kept_servers: RwSignal<u32>,
    /// What the host sets.
    pub host: RwSignal<HostFile>,
    /// What a link did not fill into the form, and where it leads the login.
    pub link: RwSignal<Option<LinkNote>>,
    /// The name that the user gave this tab.
    pub tab_label: RwSignal<String>,
    /// Whether secrets are shown on the screen.
    pub reveal: RwSignal<bool>,
    pub popup: RwSignal<Popup>,
    pub relay: RwSignal<Relay>,
    /// The servers that are checked one after the other, and those that were.
    pub series: RwSignal<Vec<SeriesRow>>,
    /// What is wrong in the demo, and what of it the user knows.
    pub trial: RwSignal<Trial>,
    /// The lessons that were finished, by their ids.
    pub lessons: RwSignal<Vec<String>>,
    /// The dialog that the user has opened over the page.
    pub overlay: RwSignal<Option<Overlay>>,
    pub theme: RwSignal<Theme>,
    /// The server that was removed last, as long as it can be had back.
    removed_server: RwSignal<Option<Removed>>,
    /// A saved trace that is looked at instead of the live one.
    replay: RwSignal<Option<Replay>>,
    /// Why one was not opened, in a sentence.
    pub not_opened: RwSignal<Option<String>>,
    /// Why what the tab had stored was dropped.
    pub dropped: RwSignal<Option<Unread>>,
    /// Who is told what came of an app's requests: the app that is shown.
    app: StoredValue<Option<Hearing>, LocalStorage>,
    /// Until when nothing is drawn anew for what comes in, so that a flood leaves time for the user; and whether that is
    /// due then.
    rest: StoredValue<(f64, bool)>,
}

impl Session {
    /// The session of this page, as the last page of this tab left it. It needs a `Router` around it.
    pub fn open(Opened { query, left }: Opened) -> Self {
        let left = left.unwrap_or_else(|| TakenUp::nothing(Inspector::new(opening::place())));
        let TakenUp { inspector, keep, settings, connected, popup, dropped } = left;
        let this = Self {
            inspector: RwSignal::new(inspector),
            flights: StoredValue::new_local(BTreeMap::new()),
            plays: StoredValue::new_local(BTreeMap::new()),
            timers: StoredValue::new_local(BTreeMap::new()),
            keep: StoredValue::new(keep),
            inputs: StoredValue::new_local(VecDeque::new()),
            awaited: RwSignal::new(false),
            navigator: Navigator::of_router(),
            draft: RwSignal::new(settings.as_ref().map(labelled).unwrap_or_default()),
            tried: RwSignal::new(false),
            kept_servers: RwSignal::new(0),
            host: RwSignal::default(),
            link: RwSignal::new(None),
            tab_label: RwSignal::new(prefs::tab_label()),
            reveal: RwSignal::new(false),
            popup: RwSignal::default(),
            relay: RwSignal::default(),
            series: RwSignal::new(Vec::new()),
            trial: RwSignal::new(prefs::trial()),
            lessons: RwSignal::new(prefs::lessons()),
            overlay: RwSignal::new(None),
            theme: RwSignal::new(Theme::stored()),
            removed_server: RwSignal::new(None),
            replay: RwSignal::new(None),
            not_opened: RwSignal::new(None),
            dropped: RwSignal::new(dropped),
            app: StoredValue::new_local(None),
            rest: StoredValue::new((0.0, false)),
        };
        this.read_host_file();
        this.follow_other_tabs();
        this.start(&query, settings.filter(|_| connected), popup);
        relay::receive(move |query, from| this.brought(query, from));
        // Back from the login out of the browser's cache: the storage may have moved on since.
        window::on("pageshow", |event| {
            if event.dyn_into::<web_sys::PageTransitionEvent>().is_ok_and(|it| it.persisted()) {
                window::reload();
            }
        });
        if !this.open_link() {
            this.open_again();
        }
        window::on("hashchange", move |_| {
            this.open_link();
        });
        this
    }

    /// Opens the login that is waited for in a window of its own. A press of a button lets every browser do it.
    pub fn open_popup(self) {
        let Some(url) = self.peek(|it| it.waiting().map(|it| it.url.clone())) else { return };
        // The demo's login reads what its servers know, from the window that opened it where no storage does.
        let reads = !storage::keeps_tab() && url.starts_with(&format!("{}/", window::origin()));
        let opened = window::popup(&url, reads || relay::needs_opener(window::is_framed()));
        self.popup.set(if opened { Popup::Open } else { Popup::Blocked });
    }

    /// The name that the user gives this tab, to tell it from others.
    pub fn name_tab(self, label: String) {
        prefs::set_tab_label(label.trim());
        self.tab_label.set(label);
    }

    /// Who uses this tab, as far as that is known: the name that the user typed, and the account that the authorization
    /// server named.
    pub fn account(self) -> Memo<String> {
        let named = self.memo(|it| it.account().map(|it| it.name.clone()));
        Memo::new(move |_| {
            let label = self.tab_label.read().trim().to_owned();
            [Some(label).filter(|it| !it.is_empty()), named.get()].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        })
    }

    /// Reads of the inspector, and is called again when it has changed.
    pub fn read<T>(self, read: impl FnOnce(&Inspector) -> T) -> T {
        self.inspector.with(read)
    }

    /// The same, without being called again.
    pub fn peek<T>(self, read: impl FnOnce(&Inspector) -> T) -> T {
        self.inspector.with_untracked(read)
    }

    /// A value that redraws only when it has changed itself.
    ///
    /// It is computed at each drawing, and a drawing waits as `rest_after` says: not at each message. Of a flood of
    /// 100,000 messages, what looks at all of them would still take most of that time, so the counts of the header are
    /// lengths, and the lists of wire, log and dock look only at what came since (`Memo::new_owning` with `Rows`, `Listed`
    /// and `Found` of `explain`). What a text or a status filters is looked at as a whole.
    pub fn memo<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&Inspector) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.inspector.with(&read))
    }

    /// The page that is open, and what is open on it; called again when it has changed.
    pub fn route(self) -> Route {
        self.navigator.route.get()
    }

    /// The same, without being called again.
    fn here(self) -> Route {
        self.navigator.route.get_untracked()
    }

    /// Goes to a page of the app.
    pub fn go(self, route: Route) {
        self.navigator.go(&route);
    }

    pub fn reveal(self) -> Reveal {
        if self.reveal.get() { Reveal::Shown } else { Reveal::Masked }
    }
}

/// The session that `App` provided.
pub fn session() -> Session {
    expect_context()
}

/// The time and randomness of now.
pub fn moment() -> Option<Moment> {
    Some(Moment { now: clock::now(), entropy: entropy::bytes()? })
}

/// The form as it was filled for these settings, with the name of the server that the tab had.
fn labelled(settings: &Settings) -> Draft {
    Draft { label: prefs::label(), ..Draft::of(settings) }
}
