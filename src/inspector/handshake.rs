//! Connecting and parting: `initialize`, `notifications/initialized`, the first lists, `DELETE`.

use super::exchanges::{Answer, Purpose};
use super::{Inspector, State};
use crate::address::Address;
use crate::checks::{Check, Clause};
use crate::http::{Head, HttpError};
use crate::mcp::connection::Connection;
use crate::mcp::error::Error;
use crate::mcp::model::{Kind, ServerInfo};
use crate::oauth::flow::Moment;
use crate::secret::Secret;
use crate::settings::Settings;
use crate::step::Step;
use crate::trace::{Event, ExchangeId};

impl Inspector {
    /// A new attempt: what was shown of the last one goes, its trace stays.
    pub(super) fn connect(&mut self, moment: &Moment, settings: Settings) {
        self.abort_all(moment);
        self.problems.clear();
        self.foreign_callback = false;
        self.in_a_row = 0;
        self.interrupted = None;
        self.lists.clear();
        self.outcomes.clear();
        let server = settings.server.href();
        self.settings = Some(settings);
        self.note(moment, Event::Began { server, first: None });
        self.initialize(moment);
    }

    /// The first request, with a token where there is one.
    pub(super) fn initialize(&mut self, moment: &Moment) {
        let Some(settings) = &self.settings else { return };
        let token =
            settings.bearer.clone().or_else(|| self.grant().map(|it| Secret::new(it.access_token.expose().clone())));
        let mut connection = Connection::new(settings, token);
        let step = if connection.has_token() { Step::McpRequestWithToken } else { Step::McpRequest };
        let (id, request) = connection.initialize();
        self.note(moment, Event::Entered(step));
        if connection.has_token() {
            let words = "The token travels in the Authorization header, never in the address";
            self.note(moment, Event::Checked(Check::pass(step, Clause::BearerHeader, words)));
        }
        self.state = State::Connecting(connection);
        self.send(moment, Some(step), Purpose::Initialize(id), request);
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
            Err(error) => return self.failed(moment, exchange, &Error::Rpc { method: "initialize".to_owned(), error }),
        };
        let pinned = self.settings.as_ref().and_then(|it| it.revision);
        let (answered, info) = ServerInfo::parse(&result);
        let offered = pinned.unwrap_or(crate::revision::Revision::LATEST);
        match info {
            Some(info) if pinned.is_none_or(|it| it == info.revision) => {
                let session = head.and_then(|it| it.header("mcp-session-id")).map(str::to_owned);
                self.greet(moment, info, session.as_deref());
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
        let State::Connecting(connection) = std::mem::replace(&mut self.state, State::Idle) else { return };
        let (server, info) = (connection.server.href(), connection.info.clone());
        self.state = State::Connected(connection);
        let Some(info) = info else { return };
        self.note(moment, Event::Connected { server, version: info.revision.as_str().to_owned() });
        for kind in Kind::ALL.into_iter().filter(|kind| info.offers(*kind)) {
            self.load(moment, kind);
        }
        if let Some(ask) = self.interrupted.take() {
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
        self.abort(moment, exchange);
        if let Some(settings) = &mut self.settings {
            settings.server = to;
        }
        self.initialize(moment);
    }

    /// A request has no answer: the handshake ends, a list or a use of an item shows it.
    pub(super) fn failed(&mut self, moment: &Moment, exchange: ExchangeId, error: &Error) {
        let Some(running) = self.running.get_mut(&exchange) else { return };
        running.answered = true;
        match running.purpose.clone() {
            Purpose::Initialize(_) | Purpose::Initialized => {
                let mut problem = error.problem();
                problem.step = self.trace.exchange(exchange).and_then(|it| it.step);
                self.running.remove(&exchange);
                self.stop(moment, problem);
            }
            Purpose::List(kind, _) => self.list_failed(moment, kind, error.problem()),
            Purpose::Ask(target, _) => self.ask_failed(moment, exchange, &target, error),
            Purpose::Aside | Purpose::Flow(_) | Purpose::Probe => {}
        }
    }

    /// The network's failures. What the browser blocked in the handshake is looked into.
    pub(super) fn mcp_failed(&mut self, moment: &Moment, exchange: ExchangeId, error: HttpError) {
        let Some(running) = self.running.get(&exchange) else { return };
        let url = running.request.url.clone();
        match (running.purpose.clone(), error) {
            (Purpose::Initialize(_) | Purpose::Initialized, HttpError::Blocked { said }) => {
                let (request, step) = (running.request.clone(), self.trace.exchange(exchange).and_then(|it| it.step));
                self.running.remove(&exchange);
                self.investigate(moment, step, request, said);
            }
            (_, HttpError::Redirected) => self.failed(moment, exchange, &Error::Redirected { from: url, to: None }),
            (_, error) => self.failed(moment, exchange, &Error::Http { url, error }),
        }
    }

    pub(super) fn disconnect(&mut self, moment: &Moment) {
        self.abort_all(moment);
        let farewell = self.connection().and_then(Connection::close);
        if let Some(request) = farewell {
            self.send(moment, None, Purpose::Aside, request);
        }
        self.state = State::Idle;
        self.resuming = false;
        self.problems.clear();
        self.foreign_callback = false;
        self.lists.clear();
        self.outcomes.clear();
        self.interrupted = None;
        self.note(moment, Event::Disconnected);
    }
}
