//! The whole client as one machine: inputs are what happened, orders are what to do.
//!
//! One function, [`Inspector::handle`], runs every transition; everything that goes in or out is in the trace. The
//! parts stand in files of their own: finding out what the server speaks, the handshake, what the user asks, what the
//! server asks, streams, the authorization, the look into what was blocked, and what survives the page.
//!
//! What it knows is kept by how long it lives, so nothing has to be reset explicitly:
//!
//! | part | lives | holds |
//! |---|---|---|
//! | `place` | always | where this page is |
//! | `trace` | with the tab | all that happened, in order |
//! | `memory` | with the tab | tokens, clients, what is known of servers, what the user agreed to, the bench's findings, finished calls, tasks, what was removed last |
//! | `network` | with the page | requests, signatures and alarms that are awaited, their numbers, the orders |
//! | `visit` | from one "connect" to the next | settings, what the attempt is for, what is counted on the way |
//! | `record` | from one "connect" to the next | what is shown of the attempt: problems, violations |
//! | `attempt` | until the next phase | all else: each phase owns what it needs and gives the next one, see `attempt.rs` |
//!
//! A phase is a file: `on(self, signal, cx) -> Attempt`. What it may use besides what it owns is the `Context`.

mod alarms;
mod apps;
mod arrivals;
mod asks;
mod attempt;
mod auditing;
mod authorizing;
mod bench;
mod bodies;
mod bounds;
mod cancelling;
mod changes;
mod completing;
mod connected;
mod consent;
mod context;
mod exchanges;
mod hand_over;
mod handshake;
mod history;
mod idle;
mod input;
mod investigating;
mod lists;
mod logs;
mod memory;
mod negotiating;
mod network;
mod pause;
mod polling;
pub mod probes;
mod progress;
mod questions;
mod raw;
mod read;
mod received;
mod relays;
mod removed;
mod rounds;
mod saved;
mod server;
mod sign;
mod stages;
mod step_up;
mod stopped;
mod streams;
mod subscriptions;
mod task_failures;
mod task_inputs;
mod task_list;
mod tasks;
mod testing;
mod tokens;
mod visit;
mod work;

pub use alarms::AlarmId;
pub use apps::AppInput;
pub use asks::{Outcome, Status};
pub use bench::{Bench, Introspection, Job, Signature, Spent, Verified};
pub use cancelling::{Cancellation, ROOM, WATCHED};
pub use changes::{Changed, Changes, ListChange};
pub use completing::{Completing, Found};
pub use exchanges::LONGEST_RESPONSE;
pub use hand_over::{HandOver, Offer};
pub use history::{Call, Extent, History};
pub use input::{Input, Order};
pub use lists::{ListState, Listing, PAGES};
pub use logs::{Link, Logged, Logs, Origin, StoredLogs};
pub use pause::{Edited, Paused};
pub use progress::{Progress, Reports};
pub use removed::Removed;
pub use saved::Saved;
pub use server::LOG_LEVELS;
pub use sign::SigningId;
pub use stages::Agreed;
pub use subscriptions::ResourceUpdate;
pub use tasks::{LONGEST, PollingEnd, SHORTEST, TaskRow, Tasks};

use crate::base::simulated;
use crate::http::relay::Relays;
use crate::oauth::flow::Moment;
use crate::settings::Settings;
use crate::trace::problem::{Cause, Problem};
use crate::trace::{Entry, Event, Trace};
use attempt::{Attempt, Signal};
use context::Context;
use idle::Asking;
use memory::Memory;
use network::Network;
use stopped::Stopped;
use visit::{Aim, Record, Visit};
use work::Work;

/// How many authorizations in a row are tried before it is called a loop.
pub const AUTHORIZATIONS: u32 = 3;

/// How many broken rules are listed.
const VIOLATIONS: usize = 200;

/// Where this page lives.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// As in the `Origin` header.
    pub origin: String,
    pub redirect_uri: String,
    /// Inside another site's page, where a login in the same window is refused by most: a popup is used.
    pub framed: bool,
    /// The browser keeps nothing for this tab: a page that is left is gone, and a login is opened in a popup.
    pub forgetful: bool,
    /// The address of this page's own client metadata document, where it was built for where it is served from.
    pub metadata_document: Option<String>,
}

/// What the page shows as the state of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Idle,
    Connecting,
    Authorizing,
    Connected,
    Refused,
    Failed,
}

impl Phase {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Authorizing => "authorizing",
            Self::Connected => "connected",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// See the module.
pub struct Inspector {
    place: Place,
    trace: Trace,
    memory: Memory,
    network: Network,
    /// `None` before the first attempt of the tab.
    visit: Option<Visit>,
    record: Record,
    attempt: Attempt,
    /// The servers that may be connected to, where the host lists them.
    listed: Option<Vec<String>>,
}

impl Inspector {
    pub fn new(place: Place) -> Self {
        Self {
            place,
            trace: Trace::default(),
            memory: Memory::default(),
            network: Network::default(),
            visit: None,
            record: Record::default(),
            attempt: Attempt::default(),
            listed: None,
        }
    }

    /// Takes what happened, and says what to do.
    pub fn handle(&mut self, moment: &Moment, input: Input) -> Vec<Order> {
        if matches!(input, Input::Connect(_) | Input::Demo(_) | Input::Check(_)) {
            self.tell(moment, |phase, cx| {
                cx.stage_over();
                phase
            });
        }
        match input {
            Input::Connect(settings) => self.connect(moment, *settings, Aim::Connection),
            Input::OnlyListed(urls) => self.listed = Some(urls),
            Input::Relays(relays) => self.network.relays = Relays::new(&relays, &self.place.origin),
            Input::Demo(settings) => {
                self.memory.forget_demo();
                self.connect(moment, *settings, Aim::Connection);
            }
            // No token and no header that the user set goes out.
            Input::Check(settings) => self.connect(moment, *settings, Aim::Check),
            Input::Stage(stage) => self.begin_stage(moment, stage),
            Input::ForgetEverything => self.forget_everything(),
            Input::ClearTrace => self.clear_trace(),
            Input::ClearLogs => self.clear_logs(),
            Input::RemoveCall(number) => self.remove_call(number),
            Input::Undo => self.undo(),
            Input::DropRemoved => self.memory.removed = None,
            Input::ShowCall(target, number) => self.memory.history.show(&target, number),
            Input::Callback(callback) if self.visit.is_none() => {
                self.record.refuse(&mut self.trace, moment, &callback, false);
            }
            Input::Http(exchange, event) => self.tell(moment, |phase, cx| phase.heard(cx, exchange, event)),
            Input::Woken(alarm) => self.tell(moment, |phase, cx| phase.woken(cx, alarm)),
            input => self.tell(moment, |phase, cx| phase.on(Signal::Input(input), cx)),
        }
        self.network.take_orders()
    }

    /// Gives the phase what it is told, and takes the next one.
    fn tell(&mut self, moment: &Moment, tell: impl FnOnce(Attempt, &mut Context<'_>) -> Attempt) {
        let Self { place, trace, memory, network, visit, record, attempt, .. } = self;
        let Some(visit) = visit else { return };
        let mut cx = Context { moment, place, trace, memory, network, visit, record };
        *attempt = tell(std::mem::take(attempt), &mut cx);
    }

    /// A new attempt: what was shown of the last one goes, its trace stays.
    fn connect(&mut self, moment: &Moment, settings: Settings, aim: Aim) {
        let resumes = aim == Aim::Connection && self.resumes(&settings);
        let goes_on = aim == Aim::Connection && self.connects_again_to(&settings);
        self.memory.removed = None;
        if !goes_on {
            self.memory.history.close();
        }
        let logs = goes_on.then(|| std::mem::take(&mut self.attempt.work_mut().logs));
        self.tell(moment, |phase, cx| {
            cx.abort_all();
            phase
        });
        let server = settings.server.href();
        (self.visit, self.record) = (Some(Visit::new(settings, aim)), Record::default());
        self.trace.push(moment.now, Event::Opened { page: self.place.origin.clone() });
        self.trace.push(moment.now, if resumes { Event::Resumed } else { Event::Began { server, first: None } });
        match self.not_listed() {
            Some(cause) => self.tell(moment, |_, cx| {
                // Nothing is to be sent there, so there is nothing to check.
                cx.visit.aim = Aim::Connection;
                Stopped::by(cx, Work::default(), Problem::new(cause), None)
            }),
            None => self.tell(moment, |_, cx| Asking::begin(cx)),
        }
        // What the last page of this tab received stands before what comes now.
        if let Some(logs) = logs {
            self.attempt.work_mut().logs = logs;
        }
    }

    /// The host does not list the server of this attempt. The demo is none: nothing of it reaches the network.
    fn not_listed(&self) -> Option<Cause> {
        let (listed, settings) = (self.listed.as_ref()?, self.settings()?);
        let server = settings.server.href();
        let allowed = simulated::is_ours(settings.server.as_given()) || listed.contains(&server);
        (!allowed).then_some(Cause::NotListed { server, listed: listed.len() })
    }

    /// A reload connects again to where the tab was authorized: that attempt is still the one to look at.
    fn resumes(&self, settings: &Settings) -> bool {
        let began = |entry: &Entry| matches!(entry.event, Event::Began { .. });
        self.connects_again_to(settings) && self.grant().is_some() && self.trace.entries().iter().any(began)
    }

    /// Whether this is the connection that the last page of this tab had.
    fn connects_again_to(&self, settings: &Settings) -> bool {
        let same = self.settings().is_some_and(|it| it.server.href() == settings.server.href());
        self.memory.resuming && same && matches!(self.attempt, Attempt::Idle(_))
    }

    /// Tokens, clients, a flow that waits, settings, trace: as a tab that was just opened, but for the numbers.
    fn forget_everything(&mut self) {
        for exchange in self.network.drain() {
            self.network.abort(exchange);
        }
        self.trace.clear();
        let fresh = Self::new(self.place.clone());
        let old = std::mem::replace(self, fresh);
        (self.trace, self.network, self.listed) = (old.trace, old.network, old.listed);
    }
}
