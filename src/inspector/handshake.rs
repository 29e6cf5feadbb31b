//! Connecting and parting: `initialize`, `notifications/initialized`, the first lists, `DELETE`.

use super::exchanges::{Answer, Purpose};
use super::{Inspector, State};
use crate::address::Address;
use crate::checks::{Check, Clause};
use crate::http::{Head, HttpError};
use crate::mcp::connection::Connection;
use crate::mcp::era;
use crate::mcp::error::Error;
use crate::mcp::model::ServerInfo;
use crate::oauth::flow::Moment;
use crate::revision::Revision;
use crate::settings::Settings;
use crate::step::Step;
use crate::trace::{Entry, Event, ExchangeId};

impl Inspector {
    /// A new attempt: what was shown of the last one goes, its trace stays.
    pub(super) fn connect(&mut self, moment: &Moment, settings: Settings) {
        let resumes = self.resumes(&settings);
        self.abort_all(moment);
        self.problems.clear();
        self.foreign_callback = false;
        self.in_a_row = 0;
        self.bench.twist = None;
        self.interrupted.clear();
        (self.paused, self.automatic, self.hand_over) = (None, false, None);
        self.forget_what_came();
        self.violations.clear();
        self.logs.clear();
        let server = settings.server.href();
        self.settings = Some(settings);
        self.note(moment, Event::Opened { page: self.place.origin.clone() });
        self.note(moment, if resumes { Event::Resumed } else { Event::Began { server, first: None } });
        if self.checking {
            self.note(moment, Event::Examining);
        }
        self.begin(moment);
    }

    /// A reload connects again to where the tab was authorized: that attempt is still the one to look at.
    fn resumes(&self, settings: &Settings) -> bool {
        let same = self.settings.as_ref().is_some_and(|it| it.server.href() == settings.server.href());
        let idle = matches!(self.state, State::Idle);
        let began = |entry: &Entry| matches!(entry.event, Event::Began { .. });
        self.resuming && same && idle && self.grant().is_some() && self.trace.entries().iter().any(began)
    }

    /// What the last connection brought.
    fn forget_what_came(&mut self) {
        self.lists.clear();
        self.outcomes.clear();
        self.rounds.clear();
        self.questions.clear();
        self.subscriptions.clear();
        self.lost_lists.clear();
        self.log_level = None;
    }

    /// `initialize` on the connection as it stands.
    pub(super) fn initialize(&mut self, moment: &Moment) {
        let State::Connecting(connection) = &mut self.state else { return };
        let step = connection.first_step();
        let (id, request) = connection.initialize();
        self.send(moment, Some(step), Purpose::Initialize(id), request);
    }

    /// The session is over (B-11): another one, on a connection of its own.
    pub(super) fn session_lost(&mut self, moment: &Moment, exchange: ExchangeId) {
        self.running.remove(&exchange);
        if !matches!(self.state, State::Connected(_)) {
            return;
        }
        self.interrupt_all();
        let offered = self.connection().map_or(Revision::LATEST_WITH_HANDSHAKE, |it| it.offered);
        let server = self.settings.as_ref().map(|it| it.server.href()).unwrap_or_default();
        self.note(moment, Event::Began { server, first: Some(exchange) });
        self.abort_all(moment);
        let Some(connection) = self.new_connection(offered) else { return };
        self.note(moment, Event::Entered(connection.first_step()));
        self.state = State::Connecting(connection);
        self.initialize(moment);
    }

    pub(super) fn initialize_answered(
        &mut self,
        moment: &Moment,
        exchange: ExchangeId,
        head: Option<&Head>,
        answer: Answer,
    ) {
        let result = match answer {
            Ok(result) => result,
            Err(error) => {
                return self.handshake_refused(moment, exchange, head.map_or(200, |it| it.status), error);
            }
        };
        let pinned = self.settings.as_ref().and_then(|it| it.revision);
        let offered = self.connection().map_or(Revision::LATEST_WITH_HANDSHAKE, |it| it.offered);
        let (answered, info) = ServerInfo::parse(&result);
        match info {
            Some(info) if pinned.is_none_or(|it| it == info.revision) => {
                let session = head.and_then(|it| it.header("mcp-session-id")).map(str::to_owned);
                self.greet(moment, info, session.as_deref());
            }
            _ if !result.trim_start().starts_with('{') => {
                let detail = "The result of initialize is not an object".to_owned();
                self.failed(moment, exchange, &Error::InvalidResult { detail });
            }
            _ => {
                let error = Error::Version { offered: offered.as_str().to_owned(), answered, pinned: pinned.is_some() };
                self.failed(moment, exchange, &error);
            }
        }
    }

    fn greet(&mut self, moment: &Moment, info: ServerInfo, session: Option<&str>) {
        let words = format!("Version {} was agreed on", info.revision.as_str());
        let State::Connecting(connection) = &mut self.state else { return };
        let request = connection.initialized(info, session);
        self.note(moment, Event::Entered(Step::Connected));
        self.note(moment, Event::Checked(Check::pass(Step::Connected, Clause::McpVersion, words)));
        self.handshake_stands(moment);
        self.send(moment, Some(Step::Connected), Purpose::Initialized, request);
    }

    /// The answer to a notification: 202 without a body. After `initialized` the connection stands.
    pub(super) fn notice_ended(&mut self, moment: &Moment, exchange: ExchangeId, head: &Head, body: &str) {
        let initialized = self.running.get(&exchange).is_some_and(|it| it.purpose == Purpose::Initialized);
        if !initialized {
            return;
        }
        if !head.ok() {
            let had_session = self.connection().is_some_and(Connection::has_session);
            let (head, body) = (head.clone(), body.to_owned());
            let error = match head.status {
                400 | 404 if !had_session => Error::SessionHidden { head, body, page: self.place.origin.clone() },
                _ => Error::Status { head, body, had_session },
            };
            return self.failed(moment, exchange, &error);
        }
        self.connected(moment);
    }

    /// The connection stands: its lists, its streams, and what was interrupted.
    pub(super) fn connected(&mut self, moment: &Moment) {
        let State::Connecting(connection) = std::mem::replace(&mut self.state, State::Idle) else { return };
        let (server, version) = (connection.server.href(), connection.revision().as_str().to_owned());
        self.state = State::Connected(connection);
        self.note(moment, Event::Connected { server, version });
        if self.checking {
            return self.examined(moment);
        }
        self.load_all(moment);
        self.open_streams(moment);
        for ask in std::mem::take(&mut self.interrupted) {
            self.ask(moment, ask);
        }
    }

    /// The answer came from another address: on the same origin it is adopted and asked again.
    pub(super) fn moved(&mut self, moment: &Moment, exchange: ExchangeId, to: &str) {
        let from = self.settings.as_ref().map(|it| it.server.clone());
        let (Some(from), Ok(to)) = (from, Address::typed(to)) else { return };
        if to.origin() != from.origin() || to.href() == from.href() {
            let error = Error::Redirected { from: from.href(), to: Some(to.href()) };
            return self.failed(moment, exchange, &error);
        }
        let words = format!("{} redirected to {}; the final address is used from here on", from.href(), to.href());
        self.note(moment, Event::Checked(Check::warn(Step::McpRequest, Clause::McpTransport, words)));
        self.abort_all(moment);
        if let Some(settings) = &mut self.settings {
            settings.server = to;
        }
        self.begin(moment);
    }

    /// A request has no answer: the handshake takes another turn or ends, a list or a use of an item shows it.
    pub(super) fn failed(&mut self, moment: &Moment, exchange: ExchangeId, error: &Error) {
        let Some(running) = self.running.get_mut(&exchange) else { return };
        running.answered = true;
        match running.purpose.clone() {
            Purpose::Discover(_) => self.judged(moment, exchange, era::of_failure(error.clone())),
            Purpose::Initialize(_) if self.may_try_sse() && is_plain_refusal(error) => {
                self.open_channel(moment, Some(error.problem()));
            }
            Purpose::Initialize(_) | Purpose::Initialized => self.attempt_over(moment, exchange, error.problem()),
            Purpose::List(kind, _) => self.list_unanswered(moment, exchange, kind, error),
            Purpose::Ask(target, _) => self.ask_failed(moment, exchange, &target, error),
            Purpose::Setting(..) => self.report(moment, error.problem()),
            // A list of changes, or what the server says by itself: its absence is no failure.
            Purpose::Channel(_) | Purpose::Stream | Purpose::Listen(_) => {}
            Purpose::Aside | Purpose::Flow(_) | Purpose::Probe | Purpose::Token(_) | Purpose::Bench(_) => {}
        }
    }

    /// The network's failures. What the browser blocked in the handshake is looked into.
    pub(super) fn mcp_failed(&mut self, moment: &Moment, exchange: ExchangeId, error: HttpError) {
        let Some(running) = self.running.get(&exchange) else { return };
        let url = running.request.url.clone();
        let pinned = self.settings.as_ref().is_some_and(|it| it.revision.is_some());
        match (running.purpose.clone(), error) {
            (Purpose::Discover(_), HttpError::Blocked { .. }) if !pinned => {
                self.running.remove(&exchange);
                self.probe_blocked(moment);
            }
            (Purpose::Discover(_) | Purpose::Initialize(_) | Purpose::Initialized, HttpError::Blocked { said }) => {
                let (request, step) = (running.request.clone(), self.trace.exchange(exchange).and_then(|it| it.step));
                self.running.remove(&exchange);
                self.investigate(moment, step, request, said);
            }
            (_, HttpError::Blocked { said }) => {
                let asked = running.request.preflighted();
                self.failed(moment, exchange, &Error::Blocked { url, said, asked });
            }
            (_, HttpError::Redirected) => self.failed(moment, exchange, &Error::Redirected { from: url, to: None }),
            (_, error) => {
                if matches!(error, HttpError::Timeout { .. }) {
                    self.timed_out(moment, exchange);
                }
                self.failed(moment, exchange, &Error::Http { url, error });
            }
        }
    }

    /// Nothing more is waited for, and the server is told (B-06); a handshake is never cancelled.
    pub(super) fn timed_out(&mut self, moment: &Moment, exchange: ExchangeId) {
        let State::Connected(connection) = &self.state else { return };
        let id = self.running.get(&exchange).and_then(|it| it.purpose.id());
        let notice = id.and_then(|id| connection.cancelled(id, "no answer in time"));
        if let Some(request) = notice {
            self.send(moment, None, Purpose::Aside, request);
        }
    }

    pub(super) fn disconnect(&mut self, moment: &Moment) {
        self.abort_all(moment);
        let farewell = self.connection().and_then(Connection::close);
        if let Some(request) = farewell {
            self.send(moment, None, Purpose::Aside, request);
        }
        self.state = State::Idle;
        (self.resuming, self.checking) = (false, false);
        (self.paused, self.hand_over) = (None, None);
        self.bench.twist = None;
        self.problems.clear();
        self.foreign_callback = false;
        self.forget_what_came();
        self.interrupted.clear();
        self.note(moment, Event::Disconnected);
    }
}

/// An answer that says no more than that the address does not take this.
fn is_plain_refusal(error: &Error) -> bool {
    matches!(error, Error::Status { head, .. } if era::may_be_sse(head.status, None))
}
