//! The one shared context: runs the inspector against the browser.
//!
//! Whatever happens goes through [`Session::dispatch`]: the machine decides, the trace is written to the tab's
//! storage, and only then are the orders carried out. Pages read through [`Session::read`].

pub mod arguments;
pub mod keep;
mod linked;
mod navigator;
mod overlay;
mod perform;
mod replay;
pub mod servers;
mod tabs;
mod undo;

use crate::base::stored::Unread;
use crate::base::text::Reveal;
use crate::demo::trial::Answer;
use crate::demo::{self, Trial};
use crate::http::Event as HttpEvent;
use crate::inspector::{AlarmId, Input, Inspector, Order, Phase, Place};
use crate::mcp::app::AppCall;
use crate::mcp::app::bridge::Answer as Answered;
use crate::oauth::flow::{self, Moment};
use crate::oauth::request::Callback;
use crate::settings::servers::Removed;
use crate::settings::{Draft, Settings};
use crate::trace::ExchangeId;
use crate::ui::later::{self, NotLoaded};
use crate::ui::own_document::OwnDocument;
use crate::ui::prefs::{self, Theme};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::web::clock::Timer;
use crate::web::fetch::Flight;
use crate::web::play::Play;
use crate::web::{clock, entropy, relay, storage, window};
use keep::{Keep, TakenUp};
use leptos::task::spawn_local;
use navigator::Navigator;
pub use overlay::Overlay;
pub use replay::{LINK, Replay, text_of};
use servers::HostFile;
use std::collections::{BTreeMap, VecDeque};
use std::task::{Context, Waker};
use wasm_bindgen::JsCast;

/// The longest time in which nothing is drawn anew for what comes in, in milliseconds.
const REST: f64 = 400.0;
/// How long a callback that is not ours waits for a window that takes it, in milliseconds.
const RELAY: u32 = 1_000;

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

/// How this page was opened. By default, at the first page of a new tab.
#[derive(Default)]
pub struct Opened {
    query: String,
    /// What the last page of this tab left.
    left: Option<TakenUp>,
}

impl Opened {
    /// What the last page of this tab left is read by a part of its own, which has to be there before the first view. A
    /// callback's query leaves the address before anything else, and is kept in the tab until the machine has it.
    pub async fn now() -> Result<Self, NotLoaded> {
        let (path, query) = window::location();
        if Route::parse(&path) == Route::Callback && !query.is_empty() {
            keep::set_called(Some(&query));
            window::replace(&Route::Callback.path());
        }
        let left = match moment().filter(|_| keep::is_left()) {
            Some(moment) => Some(later::take_up(Inspector::new(place()), moment).await?),
            None => None,
        };
        Ok(Self { query, left })
    }
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
    /// Whether secrets are shown on the screen.
    pub reveal: RwSignal<bool>,
    pub popup: RwSignal<Popup>,
    pub relay: RwSignal<Relay>,
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
        let left = left.unwrap_or_else(|| TakenUp::nothing(Inspector::new(place())));
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
            reveal: RwSignal::new(false),
            popup: RwSignal::default(),
            relay: RwSignal::default(),
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

    /// Takes up what the address and the tab's storage hold: a callback, a flow that waits, a connection to make again.
    fn start(self, query: &str, again: Option<Settings>, popup: bool) {
        let filled = self.fill(query);
        // One that is kept is of a page that could not be loaded as a whole.
        let called = match self.here() {
            Route::Callback if !query.is_empty() => Some(query.to_owned()),
            Route::DemoAuthorize | Route::Notes => None,
            Route::Callback => Some(keep::called().unwrap_or_default()),
            _ => keep::called(),
        };
        match again {
            _ if called.is_some() => self.called(&called.unwrap_or_default(), popup),
            // The login of the demo is the other side's page: nothing of this side moves while it is open.
            // Nor does the window with a speaker's notes.
            _ if matches!(self.here(), Route::DemoAuthorize | Route::Notes) => {}
            Some(settings) if !filled && is_allowed(&settings) => self.dispatch(Input::Connect(Box::new(settings))),
            _ => {}
        }
    }

    /// The page was opened at the redirect URI. Where the flow does not wait in this window, whichever waits is asked
    /// first.
    fn called(self, query: &str, popup: bool) {
        let back = Route::parse(&keep::return_to().unwrap_or_default());
        let back = if matches!(back, Route::Unknown | Route::Callback | Route::DemoAuthorize | Route::Notes) {
            Route::Connect
        } else {
            back
        };
        self.navigator.replace(&back);
        let callback = Callback::parse(query);
        let ours = self.peek(|it| it.waiting().is_some_and(|wait| flow::is_ours(wait, &callback)));
        if ours && !popup {
            return self.dispatch(Input::Callback(callback));
        }
        self.relay.set(Relay::Asking);
        let flow = self.peek(|it| it.waiting().map(|wait| wait.challenge.clone()));
        relay::hand_over(query, flow.as_deref().filter(|_| popup), move || {
            keep::set_called(None);
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
    fn brought(self, query: &str, from: &relay::Origin) -> bool {
        let callback = Callback::parse(query);
        let ours = self.peek(|it| it.waiting().is_some_and(|wait| flow::is_ours(wait, &callback)));
        let of_popup = self.peek(|it| {
            it.waiting().is_some_and(|wait| match from {
                relay::Origin::Popup => true,
                relay::Origin::Window { flow } => flow.as_ref() == Some(&wait.challenge),
            })
        });
        let takes = ours || (of_popup && self.popup.get_untracked() == Popup::Open);
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
        // The demo's login reads what its servers know, from the window that opened it where no storage does.
        let reads = !storage::keeps_tab() && url.starts_with(&format!("{}/", window::origin()));
        let opened = window::popup(&url, reads || relay::needs_opener(window::is_framed()));
        self.popup.set(if opened { Popup::Open } else { Popup::Blocked });
    }

    /// Takes what happened, keeps it, and does what the machine orders: at once where the machine is there.
    pub fn dispatch(self, input: Input) {
        self.inputs.update_value(|it| it.push_back(input));
        if self.is_held() {
            return self.awaited.set(true);
        }
        self.go_on();
    }

    /// Takes what waits, and loads the machine for it.
    fn go_on(self) {
        let mut work = Box::pin(later::work(self));
        if work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
            self.awaited.set(true);
            spawn_local(async move {
                // What could not be loaded is tried again with the next input.
                let _ = work.await;
                self.awaited.set(self.is_held());
            });
        } else if self.awaited.get_untracked() {
            self.awaited.set(self.is_held());
        }
    }

    /// The machine takes what waits for it.
    pub(super) fn work(self) {
        if self.keep.try_update_value(Keep::begins_to_await_leave) == Some(true) {
            window::on("pagehide", move |_| self.peek(Keep::write_logs));
        }
        while !self.is_held()
            && let Some(input) = self.inputs.try_update_value(VecDeque::pop_front).flatten()
        {
            self.run(input);
        }
    }

    fn run(self, input: Input) {
        let Some(moment) = moment() else { return };
        let quiet = matches!(&input, Input::Http(_, HttpEvent::Bytes(_)));
        let called = matches!(&input, Input::Callback(_));
        let rests = matches!(&input, Input::Http(..)) && moment.now < self.rest.get_value().0;
        let before = self.inspector.with_untracked(Inspector::phase);
        let mut orders = Vec::new();
        let handled = |it: &mut Inspector| {
            let length = it.trace().entries().len();
            orders = it.handle(&moment, input);
            it.trace().entries().len() != length
        };
        let mut changed = false;
        self.inspector.maybe_update(|it| {
            // Bytes that complete nothing change nothing that is drawn.
            changed = handled(it) || !quiet;
            changed && !rests
        });
        match (changed, rests) {
            (true, true) => self.draw_later(),
            (true, false) => self.rest_after(moment.now),
            _ => {}
        }
        let kept = self.inspector.with_untracked(|it| self.keep.try_update_value(|keep| keep.write(it)));
        if called {
            keep::set_called(None);
        }
        let count = orders.len();
        if kept == Some(false) {
            orders.retain(|it| !matches!(it, Order::Leave(_)));
        }
        let stays = orders.len() < count;
        if !self.peek(|it| it.phase() == Phase::Authorizing) && self.popup.get_untracked() != Popup::None {
            self.popup.set(Popup::None);
        }
        if before != Phase::Connected && self.inspector.with_untracked(Inspector::phase) == Phase::Connected {
            self.remember_server();
            self.follow_linked();
        }
        for order in orders {
            self.perform(order);
        }
        if stays {
            self.run(Input::NotKept);
        }
    }

    /// Drawing takes a fifth of the time at most.
    fn rest_after(self, began: f64) {
        let now = clock::now();
        self.rest.update_value(|(until, _)| *until = now + (4.0 * (now - began)).min(REST));
    }

    /// What has come is drawn when the rest is over.
    fn draw_later(self) {
        let (until, due) = self.rest.get_value();
        if due {
            return;
        }
        self.rest.set_value((until, true));
        spawn_local(async move {
            clock::sleep((until - clock::now()).max(0.0) as u32).await;
            self.rest.update_value(|(_, due)| *due = false);
            let began = clock::now();
            self.inspector.update(|_| ());
            self.rest_after(began);
        });
    }

    /// Connects with settings that were checked.
    pub fn connect(self, settings: Settings) {
        if !is_allowed(&settings) {
            return;
        }
        self.draft.update(|it| it.used(&settings));
        prefs::set_label(self.draft.read_untracked().label.trim());
        self.begin(settings.step_mode, Input::Connect(Box::new(settings)));
    }

    /// What is wrong in the demo from now on. It is kept: the page of the login and one after a reload are of the same run.
    pub fn set_trial(self, trial: Trial) {
        prefs::set_trial(trial);
        self.trial.set(trial);
    }

    /// The fault was guessed, or the user asked for it; a lesson is finished by that.
    pub fn answer(self, answer: Answer) {
        let trial = self.trial.get_untracked().answered(answer);
        if let Some((_, lesson)) = trial.exercise() {
            // Another tab may have finished one since.
            let mut done = prefs::lessons();
            done.retain(|id| id != lesson.id);
            done.push(lesson.id.to_owned());
            prefs::set_lessons(&done);
            self.lessons.set(done);
        }
        self.set_trial(trial);
    }

    /// The course from its beginning.
    pub fn reset_lessons(self) {
        self.lessons.set(Vec::new());
        prefs::set_lessons(&[]);
    }

    /// Connects to the demo, as for the first time.
    pub fn demo(self, settings: Settings) {
        self.begin(settings.step_mode, Input::Demo(Box::new(settings)));
    }

    /// Where the user goes step by step, that is seen on the walkthrough. The address loses a link's query, so that a
    /// reload connects again.
    fn begin(self, steps: bool, input: Input) {
        self.removed_server.set(None);
        if steps {
            self.go(Route::Walkthrough(None));
        }
        if self.here() == Route::Connect {
            self.navigator.replace(&Route::Connect);
        }
        self.dispatch(input);
    }

    /// The same attempt again.
    pub fn try_again(self) {
        if self.here() == Route::Check {
            return self.check_again();
        }
        if let Some(settings) = self.inspector.with_untracked(|it| it.settings().cloned()).filter(is_allowed) {
            self.dispatch(Input::Connect(Box::new(settings)));
        }
    }

    /// Looks at a server without logging in.
    pub fn check(self, settings: Settings) {
        if !is_allowed(&settings) {
            return;
        }
        self.dispatch(Input::Check(Box::new(settings)));
        self.go(Route::Check);
    }

    pub fn check_again(self) {
        if let Some(settings) = self.inspector.with_untracked(|it| it.settings().cloned()) {
            self.dispatch(Input::Check(Box::new(settings)));
        }
    }

    /// As if the tab had just been opened; what the browser remembers of other tabs stays.
    pub fn forget_everything(self) {
        self.removed_server.set(None);
        self.dispatch(Input::ForgetEverything);
        self.keep.update_value(Keep::forget);
        self.draft.set(Draft::default());
        self.set_trial(Trial::Sound);
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

/// In a frame of another origin, whoever made the page around it decides what is seen and pressed: only the demo runs.
fn is_allowed(settings: &Settings) -> bool {
    !window::is_in_foreign_frame() || demo::is_ours(settings.server.as_given())
}

/// Where this page lives.
fn place() -> Place {
    let (origin, base) = (window::origin(), window::base());
    let redirect_uri = format!("{origin}{base}{}", Route::Callback.path());
    Place {
        origin,
        redirect_uri,
        framed: window::is_framed(),
        forgetful: !storage::keeps_tab(),
        metadata_document: OwnDocument::found().usable(),
    }
}

/// The time and randomness of now.
pub fn moment() -> Option<Moment> {
    Some(Moment { now: clock::now(), entropy: entropy::bytes()? })
}

/// The form as it was filled for these settings, with the name of the server that the tab had.
fn labelled(settings: &Settings) -> Draft {
    Draft { label: prefs::label(), ..Draft::of(settings) }
}
