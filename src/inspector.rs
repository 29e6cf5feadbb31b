//! The whole client as one machine: inputs are what happened, orders are what to do.
//!
//! One function, [`Inspector::handle`], runs every transition; everything that goes in or out is in the trace. The
//! parts stand in files of their own: finding out what the server speaks, the handshake, what a person asks, what the
//! server asks, streams, the authorization, the look into what was blocked, and what survives the page.

mod alarms;
mod asks;
mod authorize;
mod bench;
mod check;
mod exchanges;
mod hand_over;
mod handshake;
mod negative;
mod negotiate;
mod pause;
mod rounds;
mod saved;
mod server;
mod sign;
mod streams;
mod tokens;

pub use alarms::AlarmId;
pub use asks::{ListState, Listing, Logged, Outcome, Progress, Status};
pub use bench::{Bench, Introspection, Job, Signature, Spent, Verified};
pub use hand_over::HandOver;
pub use pause::{Edited, Paused};
pub use saved::Saved;
pub use server::LOG_LEVELS;
pub use sign::SigningId;

use crate::checks::Clause;
use crate::cors::Investigation;
use crate::demo;
use crate::http::{Event as HttpEvent, Request};
use crate::map::Map;
use crate::mcp::connection::{Ask, Connection, Target};
use crate::mcp::era::Era;
use crate::mcp::model::Kind;
use crate::oauth::assertion::{self, Unsigned};
use crate::oauth::flow::{Flow, Moment, Wait};
use crate::oauth::jwks::Signed;
use crate::oauth::negative::Negative;
use crate::oauth::registration::Client;
use crate::oauth::request::Callback;
use crate::oauth::token::Grant;
use crate::problem::{Ending, Problem};
use crate::question::{Question, Reply};
use crate::settings::Settings;
use crate::text::sentence;
use crate::trace::{Event, ExchangeId, Millis, Trace, Violation};
use alarms::Alarm;
use exchanges::Running;
use negotiate::Attempt;
use rounds::Round;
use sign::Unproven;
use tokens::{Cause, StepUp};

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
    /// The address of this page's own client metadata document, where it was built for where it is served from.
    pub metadata_document: Option<String>,
}

/// What happened.
pub enum Input {
    Connect(Box<Settings>),
    /// Connect to the demo world, of which nothing is known yet, whatever it was before.
    Demo(Box<Settings>),
    /// Look at a server as far as that needs no login.
    Check(Box<Settings>),
    Disconnect,
    Http(ExchangeId, HttpEvent),
    Ask(Ask),
    Cancel(Target),
    /// Load a list again.
    Refresh(Kind),
    /// What a person says to a question, by its number.
    Reply(u32, Reply),
    /// Subscribe to a resource by its URI, or end that.
    Subscribe(String),
    /// How much the server is to log: one of [`LOG_LEVELS`].
    LogLevel(String),
    /// Trade the refresh token for a new access token.
    RefreshToken,
    /// Give the tokens back.
    RevokeToken,
    /// Verify the signature of the token with the keys of its issuer.
    CheckSignature,
    Verified(Verified),
    /// What came of an [`Order::Sign`]: the signature.
    Signed(SigningId, assertion::Signature),
    /// Ask the authorization server what the token is good for.
    Introspect,
    /// Send what should be refused.
    Test(Negative),
    /// All that this tab holds, and the trace.
    ForgetEverything,
    /// The time of an alarm has come.
    Woken(AlarmId),
    /// The page was opened at the redirect URI.
    Callback(Callback),
    /// Back from the login without an answer: leave for it again.
    Again,
    /// The same, with a new registration first.
    AgainAnew,
    GiveUp,
    /// The tab's storage takes nothing: whoever leaves now comes back to a page that knows nothing of it.
    NotKept,
    /// Step mode: the paused request goes out, changed where the person changed it.
    Proceed(Option<Box<Edited>>),
    /// Step mode: the rest runs by itself.
    GoOnByItself,
    /// Step mode: it ends here.
    StopHere,
    /// Step mode: another of the authorization servers that are named, by its issuer.
    Choose(String),
    /// The answer to what was handed over, as the person got it.
    Paste(String),
    ClearTrace,
}

/// What is to be done, in order.
#[derive(Clone, PartialEq)]
pub enum Order {
    /// Send a request and report what comes; `limit` is the time for all of it, in milliseconds, where there is one.
    Send {
        exchange: ExchangeId,
        request: Box<Request>,
        limit: Option<u32>,
    },
    /// From now on a request has that much time, in milliseconds, or no limit.
    Limit {
        exchange: ExchangeId,
        limit: Option<u32>,
    },
    Abort(ExchangeId),
    /// Report an alarm after so many milliseconds.
    Wake {
        alarm: AlarmId,
        after: u32,
    },
    /// Leave for the login, in this window.
    Leave(String),
    /// Open the login in a window of its own, and stay.
    Popup(String),
    /// Verify a signature, and report what came of it.
    Verify(Box<Signed>),
    /// Sign the client's assertion with its key, and report the signature.
    Sign {
        id: SigningId,
        unsigned: Box<Unsigned>,
    },
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

enum State {
    Idle,
    /// The handshake is on its way.
    Connecting(Connection),
    Authorizing(Box<Flow>),
    /// Something was blocked; the attempt is over, and the reason is being looked for.
    Investigating(Box<Investigation>, Phase),
    Connected(Connection),
    Stopped(Ending),
}

/// See the module.
pub struct Inspector {
    place: Place,
    state: State,
    settings: Option<Settings>,
    trace: Trace,
    running: Map<ExchangeId, Running>,
    /// A callback that was not ours is shown until the next attempt; the flow that waits stays as it is.
    foreign_callback: bool,
    problems: Vec<Problem>,
    grants: Vec<Grant>,
    clients: Vec<(String, Client)>,
    /// The issuer that the last login was at.
    last_issuer: Option<String>,
    lists: Map<Kind, Listing>,
    outcomes: Map<Target, Outcome>,
    /// What a person asked and a 401, or the end of a session, interrupted.
    interrupted: Vec<Ask>,
    /// What a person asked and what waits for a list.
    after_lists: Vec<Ask>,
    rounds: Map<Target, Round>,
    /// Requests that wait for their signature.
    unproven: Map<SigningId, Unproven>,
    last_signing: SigningId,
    /// What the server asks, the oldest first.
    questions: Vec<Question>,
    last_question: u32,
    /// Lists for which a lost session was renewed already.
    lost_lists: Vec<Kind>,
    /// Resources by their URIs.
    subscriptions: Vec<String>,
    logs: Vec<Logged>,
    log_level: Option<&'static str>,
    violations: Vec<Violation>,
    attempt: Attempt,
    /// What is known of servers, by their addresses.
    eras: Vec<(String, Era)>,
    alarms: Map<AlarmId, Alarm>,
    last_alarm: AlarmId,
    /// Authorizations since the last request that succeeded with a token.
    in_a_row: u32,
    /// When the last token was granted.
    authorized: Millis,
    /// A request was answered that carried it.
    token_worked: bool,
    /// A refresh cured a 401, and nothing has succeeded since.
    refreshed: bool,
    refreshing: Option<Cause>,
    /// How many revocations are on their way.
    revoking: usize,
    /// Lists that a refresh interrupted.
    reload: Vec<Kind>,
    step_up: Option<StepUp>,
    /// What the present authorization asks for, where that was decided before.
    wanted_scope: Option<String>,
    /// The last page of this tab was connected, and this one connects again.
    resuming: bool,
    paused: Option<Paused>,
    /// Step mode is over for this attempt: the person had enough of it.
    automatic: bool,
    hand_over: Option<HandOver>,
    bench: Bench,
    /// The attempt is a check, which ends before the login.
    checking: bool,
    orders: Vec<Order>,
}

impl Inspector {
    pub fn new(place: Place) -> Self {
        Self {
            place,
            state: State::Idle,
            settings: None,
            trace: Trace::default(),
            running: Map::default(),
            foreign_callback: false,
            problems: Vec::new(),
            grants: Vec::new(),
            clients: Vec::new(),
            last_issuer: None,
            lists: Map::default(),
            outcomes: Map::default(),
            interrupted: Vec::new(),
            after_lists: Vec::new(),
            rounds: Map::default(),
            unproven: Map::default(),
            last_signing: 0,
            questions: Vec::new(),
            last_question: 0,
            lost_lists: Vec::new(),
            subscriptions: Vec::new(),
            logs: Vec::new(),
            log_level: None,
            violations: Vec::new(),
            attempt: Attempt::default(),
            eras: Vec::new(),
            alarms: Map::default(),
            last_alarm: 0,
            in_a_row: 0,
            authorized: 0.0,
            token_worked: false,
            refreshed: false,
            refreshing: None,
            revoking: 0,
            reload: Vec::new(),
            step_up: None,
            wanted_scope: None,
            resuming: false,
            paused: None,
            automatic: false,
            hand_over: None,
            bench: Bench::default(),
            checking: false,
            orders: Vec::new(),
        }
    }

    /// Takes what happened, and says what to do.
    pub fn handle(&mut self, moment: &Moment, input: Input) -> Vec<Order> {
        match input {
            Input::Connect(settings) => {
                self.checking = false;
                self.connect(moment, *settings);
            }
            Input::Demo(settings) => {
                self.checking = false;
                self.forget_demo();
                self.connect(moment, *settings);
            }
            Input::Check(settings) => self.check(moment, *settings),
            Input::Disconnect => self.disconnect(moment),
            Input::Http(exchange, event) => self.heard(moment, exchange, event),
            Input::Ask(ask) => self.ask(moment, ask),
            Input::Cancel(target) => self.cancel(moment, &target),
            Input::Refresh(kind) => self.load(moment, kind),
            Input::Reply(number, reply) => self.replied(moment, number, &reply),
            Input::Subscribe(uri) => self.subscribe(moment, uri),
            Input::LogLevel(level) => self.set_log_level(moment, &level),
            Input::RefreshToken => self.refresh(moment, Cause::Button),
            Input::RevokeToken => self.revoke(moment),
            Input::CheckSignature => self.check_signature(moment),
            Input::Verified(verified) => self.verified(&verified),
            Input::Signed(id, signature) => self.signed(moment, id, signature),
            Input::Introspect => self.introspect(moment),
            Input::Test(kind) => self.test(moment, kind),
            Input::ForgetEverything => self.forget_everything(moment),
            Input::Woken(alarm) => self.woken(moment, alarm),
            Input::Callback(callback) => self.called_back(moment, callback),
            Input::Again => self.again(moment),
            Input::AgainAnew => self.again_anew(moment),
            Input::GiveUp => self.give_up(moment),
            Input::NotKept => self.not_kept(moment),
            Input::Proceed(edited) => self.proceed(moment, edited.as_deref()),
            Input::GoOnByItself => self.go_on_by_itself(moment),
            Input::StopHere => self.stop_here(moment),
            Input::Choose(issuer) => self.choose(moment, issuer),
            Input::Paste(answer) => self.pasted(moment, &answer),
            Input::ClearTrace => self.trace.clear(),
        }
        std::mem::take(&mut self.orders)
    }

    pub fn phase(&self) -> Phase {
        match &self.state {
            _ if self.foreign_callback => Phase::Refused,
            State::Idle => Phase::Idle,
            State::Connecting(_) => Phase::Connecting,
            State::Authorizing(_) => Phase::Authorizing,
            State::Investigating(_, phase) => *phase,
            State::Connected(_) => Phase::Connected,
            State::Stopped(Ending::Refused) => Phase::Refused,
            State::Stopped(Ending::Failed) => Phase::Failed,
        }
    }

    /// Requests in flight, without streams that stay open by design.
    pub fn busy(&self) -> usize {
        self.running.iter().filter(|(_, it)| it.is_busy()).count() + self.waiting_to_send() + self.unproven.len()
    }

    /// What the server asks, the oldest first.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// Rules that the server broke since the last attempt began.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// What the server logged, the oldest first.
    pub fn logs(&self) -> &[Logged] {
        &self.logs
    }

    pub fn log_level(&self) -> Option<&'static str> {
        self.log_level
    }

    pub fn is_subscribed(&self, uri: &str) -> bool {
        self.subscriptions.iter().any(|it| it == uri)
    }

    /// What went wrong since the last attempt began, the newest first.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    pub const fn trace(&self) -> &Trace {
        &self.trace
    }

    pub const fn settings(&self) -> Option<&Settings> {
        self.settings.as_ref()
    }

    /// The connection, from the handshake on.
    pub const fn connection(&self) -> Option<&Connection> {
        match &self.state {
            State::Connecting(it) | State::Connected(it) => Some(it),
            _ => None,
        }
    }

    pub const fn is_connected(&self) -> bool {
        matches!(self.state, State::Connected(_))
    }

    /// The flow that waits for its callback.
    pub fn waiting(&self) -> Option<&Wait> {
        match &self.state {
            State::Authorizing(flow) => match flow.as_ref() {
                Flow::Callback(wait) if self.paused.is_none() => Some(wait),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn list(&self, kind: Kind) -> Option<&Listing> {
        self.lists.get(&kind)
    }

    pub fn outcome(&self, target: &Target) -> Option<&Outcome> {
        self.outcomes.get(target)
    }

    /// The token that the present server would get; a check uses none.
    pub fn grant(&self) -> Option<&Grant> {
        if self.checking {
            return None;
        }
        let server = self.settings.as_ref()?.server.href();
        self.grants.iter().find(|it| it.server == server)
    }

    /// The demo begins anew, so that each of its lessons can be seen from the first step on.
    fn forget_demo(&mut self) {
        self.grants.retain(|it| !demo::is_ours(&it.server));
        self.clients.retain(|(issuer, _)| !demo::is_ours(issuer));
        self.eras.retain(|(server, _)| !demo::is_ours(server));
    }

    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Registered clients, by issuer.
    pub fn clients(&self) -> &[(String, Client)] {
        &self.clients
    }

    fn note(&mut self, moment: &Moment, event: Event) {
        self.trace.push(moment.now, event);
    }

    /// The attempt is over.
    fn stop(&mut self, moment: &Moment, problem: Problem) {
        self.state = State::Stopped(problem.code.ending());
        (self.resuming, self.checking) = (false, false);
        self.paused = None;
        self.settle_interrupted(moment, &problem);
        self.abort_all(moment);
        self.report(moment, problem);
    }

    /// Says that a rule was broken by something that came; it is used as far as it goes.
    fn violation(&mut self, moment: &Moment, exchange: ExchangeId, clause: Clause, words: &str) {
        let violation = Violation { exchange, clause, words: sentence(words) };
        if self.violations.len() < VIOLATIONS && !self.violations.contains(&violation) {
            self.note(moment, Event::Violated(violation.clone()));
            self.violations.push(violation);
        }
    }

    fn report(&mut self, moment: &Moment, problem: Problem) {
        self.note(moment, Event::Stopped(problem.clone()));
        self.problems.insert(0, problem);
    }
}
