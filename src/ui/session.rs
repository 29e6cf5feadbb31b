//! The one shared context: runs the inspector against the browser.
//!
//! Whatever happens goes through [`Session::dispatch`]: the machine decides, the trace is written to the tab's
//! storage, and only then are the orders carried out. Pages read through [`Session::read`].

mod keep;
mod perform;
mod replay;

use crate::demo::{self, Fault};
use crate::http::Event as HttpEvent;
use crate::inspector::{AlarmId, Input, Inspector, Order, Phase, Place};
use crate::map::Map;
use crate::oauth::flow::{self, Moment};
use crate::oauth::request::Callback;
use crate::problem::Owner;
use crate::recent::{self, Recent};
use crate::route::{self, Route};
use crate::settings::{Draft, Settings};
use crate::text::Reveal;
use crate::trace::ExchangeId;
use crate::ui::later::{self, Later, NotLoaded};
use crate::ui::own_document::OwnDocument;
use crate::ui::prefs;
use crate::ui::prelude::*;
use crate::web::clock::Timer;
use crate::web::fetch::Flight;
use crate::web::play::Play;
use crate::web::{clock, entropy, relay, window};
use keep::Keep;
use leptos::task::spawn_local;
pub use replay::{LINK, Replay, text_of};
use wasm_bindgen::JsCast;

/// How long a callback that is not ours waits for a window that takes it, in milliseconds.
const RELAY: u32 = 1_000;

/// Where what the first page does without is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It is there, or nothing waits for it.
    Quiet,
    /// An input waits for the machine.
    Awaited,
    Failed,
}

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
    flights: StoredValue<Map<ExchangeId, Flight>, LocalStorage>,
    /// The same for requests to the demo's servers, which never leave the page.
    plays: StoredValue<Map<ExchangeId, Play>, LocalStorage>,
    timers: StoredValue<Map<AlarmId, Option<Timer>>, LocalStorage>,
    keep: StoredValue<Keep>,
    later: RwSignal<Option<Later>>,
    pub arrival: RwSignal<Arrival>,
    /// What happened before the machine was there.
    early: StoredValue<Vec<Input>, LocalStorage>,
    route: RwSignal<Route>,
    /// The connection form as it is typed.
    pub draft: RwSignal<Draft>,
    pub recent: RwSignal<Vec<Recent>>,
    /// Whether secrets are shown on the screen.
    pub reveal: RwSignal<bool>,
    pub popup: RwSignal<Popup>,
    pub relay: RwSignal<Relay>,
    /// What is wrong in the demo world, and whom the person thinks to be at fault.
    pub fault: RwSignal<Option<Fault>>,
    pub guessed: RwSignal<Option<Owner>>,
    /// A saved trace that is looked at instead of the live one.
    replay: RwSignal<Option<Replay>>,
    /// Why one was not opened, in a sentence.
    pub not_opened: RwSignal<Option<String>>,
}

impl Session {
    /// The session of this page, as the last page of this tab left it.
    pub fn open() -> Self {
        let place = place();
        let this = Self {
            inspector: RwSignal::new(Inspector::new(place)),
            flights: StoredValue::new_local(Map::default()),
            plays: StoredValue::new_local(Map::default()),
            timers: StoredValue::new_local(Map::default()),
            keep: StoredValue::new(Keep::default()),
            later: RwSignal::new(None),
            arrival: RwSignal::new(Arrival::Quiet),
            early: StoredValue::new_local(Vec::new()),
            route: RwSignal::new(Route::Connect),
            draft: RwSignal::new(Draft::default()),
            recent: RwSignal::new(prefs::recent()),
            reveal: RwSignal::new(false),
            popup: RwSignal::default(),
            relay: RwSignal::default(),
            fault: RwSignal::new(prefs::fault()),
            guessed: RwSignal::new(None),
            replay: RwSignal::new(None),
            not_opened: RwSignal::new(None),
        };
        this.start();
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
        window::on("popstate", move |_| this.route.set(Route::parse(&window::location().0)));
        this
    }

    /// Takes up what the tab's storage holds: a callback, a flow that waits, a connection to make again.
    fn start(self) {
        let (path, query) = window::location();
        let saved = keep::saved();
        let (settings, connected, popup) = (saved.settings.clone(), saved.connected, saved.popup);
        let entries = keep::entries();
        self.keep.update_value(|keep| keep.began(&saved, &entries));
        if let Some(moment) = moment() {
            self.inspector.update(|it| it.restore(&moment, saved, entries));
        }
        if let Some(settings) = &settings {
            self.draft.set(Draft::of(settings));
        }
        self.route.set(Route::parse(&path));
        let filled = self.fill(&query);
        match settings {
            _ if self.route.get_untracked() == Route::Callback => self.called(&query, popup),
            // The login of the demo is the other side's page: nothing of this side moves while it is open.
            _ if self.route.get_untracked() == Route::DemoAuthorize => {}
            Some(settings) if connected && !filled => self.dispatch(Input::Connect(Box::new(settings))),
            _ => {}
        }
    }

    /// A link fills the form, and does nothing else.
    fn fill(self, query: &str) -> bool {
        let linked = route::linked(query);
        if self.route.get_untracked() != Route::Connect || linked.is_empty() {
            return false;
        }
        let mut draft = Draft::default();
        for (name, value) in linked {
            match name {
                "server" => draft.server = value,
                "version" => draft.revision = value,
                "transport" => draft.transport = value,
                "registration" => draft.registration = value,
                _ => draft.scope = value,
            }
        }
        self.draft.set(draft);
        true
    }

    /// The page was opened at the redirect URI: its query leaves the address before anything is read of it. Where the
    /// flow does not wait in this window, whichever waits is asked first.
    fn called(self, query: &str, popup: bool) {
        let back = Route::parse(&keep::return_to().unwrap_or_default());
        let back =
            if matches!(back, Route::Unknown | Route::Callback | Route::DemoAuthorize) { Route::Connect } else { back };
        window::replace(&back.path());
        self.route.set(back);
        let callback = Callback::parse(query);
        let ours = self.peek(|it| it.waiting().is_some_and(|wait| flow::is_ours(wait, &callback)));
        if ours && !popup {
            return self.dispatch(Input::Callback(callback));
        }
        self.relay.set(Relay::Asking);
        relay::hand_over(query, move || {
            self.relay.set(Relay::Taken);
            window::close();
        });
        let alone = Timer::after(RELAY, move || {
            if self.relay.get_untracked() == Relay::Asking {
                self.relay.set(Relay::None);
                self.dispatch(Input::Callback(callback.clone()));
            }
        });
        // It lives as long as this window does.
        std::mem::forget(alone);
    }

    /// A callback from another window of this origin. It is taken if the flow that it answers waits here; of the window
    /// that this page opened, whatever it brings.
    fn brought(self, query: &str, from: relay::Origin) -> bool {
        let callback = Callback::parse(query);
        let waits = self.peek(|it| it.waiting().is_some());
        let ours = self.peek(|it| it.waiting().is_some_and(|wait| flow::is_ours(wait, &callback)));
        let takes = ours || (waits && from == relay::Origin::Popup && self.popup.get_untracked() == Popup::Open);
        if takes && self.relay.get_untracked() == Relay::None {
            self.popup.set(Popup::None);
            self.dispatch(Input::Callback(callback));
            return true;
        }
        false
    }

    /// Opens the login that is waited for in a window of its own. A press of a button lets every browser do it.
    pub fn open_popup(self) {
        let Some(url) = self.peek(|it| it.waiting().map(|it| it.url.clone())) else { return };
        self.popup.set(if window::popup(&url) { Popup::Open } else { Popup::Blocked });
    }

    /// Takes what happened, keeps it, and does what the machine orders.
    pub fn dispatch(self, input: Input) {
        match self.later.get_untracked() {
            Some(later) => self.run(later, input),
            None => {
                self.early.update_value(|it| it.push(input));
                self.arrival.set(Arrival::Awaited);
                self.load();
            }
        }
    }

    /// What the first page does without; nothing before [`Session::load`].
    pub fn later(self) -> Option<Later> {
        self.later.get()
    }

    /// Loads it, and runs what waited for it.
    pub fn load(self) {
        if self.arrival.get_untracked() == Arrival::Failed {
            let waits = self.early.with_value(|it| !it.is_empty());
            self.arrival.set(if waits { Arrival::Awaited } else { Arrival::Quiet });
        }
        spawn_local(async move {
            match later::load().await {
                Ok(later) => {
                    self.later.set(Some(later));
                    self.arrival.set(Arrival::Quiet);
                    for input in self.early.try_update_value(std::mem::take).unwrap_or_default() {
                        self.run(later, input);
                    }
                }
                Err(NotLoaded) => self.arrival.set(Arrival::Failed),
            }
        });
    }

    fn run(self, later: Later, input: Input) {
        let Some(moment) = moment() else { return };
        let quiet = matches!(&input, Input::Http(_, HttpEvent::Bytes(_)));
        let before = self.inspector.with_untracked(Inspector::phase);
        let mut orders = Vec::new();
        let handled = |it: &mut Inspector| {
            let length = it.trace().entries().len();
            orders = (later.handle)(it, &moment, input);
            it.trace().entries().len() != length
        };
        // Bytes that complete nothing change nothing that is drawn.
        self.inspector.maybe_update(|it| handled(it) || !quiet);
        let kept = self.inspector.with_untracked(|it| self.keep.try_update_value(|keep| keep.write(it)));
        let count = orders.len();
        if kept == Some(false) {
            orders.retain(|it| !matches!(it, Order::Leave(_)));
        }
        let stays = orders.len() < count;
        if !self.peek(|it| it.phase() == Phase::Authorizing) && self.popup.get_untracked() != Popup::None {
            self.popup.set(Popup::None);
        }
        if before != Phase::Connected && self.inspector.with_untracked(Inspector::phase) == Phase::Connected {
            self.remember();
        }
        for order in orders {
            self.perform(later, order);
        }
        if stays {
            self.run(later, Input::NotKept);
        }
    }

    fn remember(self) {
        // The demo has a button of its own.
        let newest = self.inspector.with_untracked(Recent::of).filter(|it| !demo::is_ours(&it.server));
        if let Some(newest) = newest {
            self.recent.update(|list| *list = recent::remember(std::mem::take(list), newest));
            self.recent.with_untracked(|list| prefs::set_recent(list));
        }
    }

    /// Takes a server off the list.
    pub fn forget(self, server: &str) {
        self.recent.update(|list| list.retain(|it| it.server != server));
        self.recent.with_untracked(|list| prefs::set_recent(list));
    }

    /// Connects with settings that were checked.
    pub fn connect(self, settings: Settings) {
        self.begin(settings.step_mode, Input::Connect(Box::new(settings)));
    }

    /// Connects to the demo world, as for the first time.
    pub fn demo(self, settings: Settings) {
        self.guessed.set(None);
        self.begin(settings.step_mode, Input::Demo(Box::new(settings)));
    }

    /// Where the person goes step by step, that is seen on the walkthrough. The address loses a link's query, so that a
    /// reload connects again.
    fn begin(self, steps: bool, input: Input) {
        if steps {
            self.go(Route::Walkthrough(None));
        }
        if self.route.get_untracked() == Route::Connect {
            window::replace("");
        }
        self.dispatch(input);
    }

    /// The same attempt again.
    pub fn try_again(self) {
        if self.route.get_untracked() == Route::Check {
            return self.check_again();
        }
        if let Some(settings) = self.inspector.with_untracked(|it| it.settings().cloned()) {
            self.dispatch(Input::Connect(Box::new(settings)));
        }
    }

    /// Looks at a server without logging in.
    pub fn check(self, settings: Settings) {
        self.dispatch(Input::Check(Box::new(settings)));
        self.go(Route::Check);
    }

    pub fn check_again(self) {
        if let Some(settings) = self.inspector.with_untracked(|it| it.settings().cloned()) {
            self.dispatch(Input::Check(Box::new(settings)));
        }
    }

    pub fn clear_trace(self) {
        self.dispatch(Input::ClearTrace);
        self.keep.update_value(Keep::clear);
    }

    /// As if the tab had just been opened; what the browser remembers of other tabs stays.
    pub fn forget_everything(self) {
        self.dispatch(Input::ForgetEverything);
        self.keep.update_value(Keep::forget);
        self.draft.set(Draft::default());
        self.reveal.set(false);
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
    pub fn memo<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&Inspector) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        memo(move || self.inspector.with(&read))
    }

    pub fn route(self) -> Route {
        self.route.get()
    }

    /// Goes to a page of the app.
    pub fn go(self, route: Route) {
        if self.route.get_untracked() != route {
            window::push(&route.path());
            self.route.set(route);
        }
    }

    pub fn reveal(self) -> Reveal {
        if self.reveal.get() { Reveal::Shown } else { Reveal::Masked }
    }
}

/// The session that `App` provided.
pub fn session() -> Session {
    expect_context()
}

/// Where this page lives.
fn place() -> Place {
    let (origin, base) = (window::origin(), window::base());
    let redirect_uri = format!("{origin}{base}{}", Route::Callback.path());
    Place { origin, redirect_uri, framed: window::is_framed(), metadata_document: OwnDocument::found().usable() }
}

/// The time and randomness of now.
pub fn moment() -> Option<Moment> {
    Some(Moment { now: clock::now(), entropy: entropy::bytes()? })
}
