//! Finding out what a server speaks: the modern probe, the handshake, the older transport, each where its turn is.
//!
//! The table itself is [`crate::mcp::era`]; here it is walked, and every turn is recorded.

use super::exchanges::{Answer, Purpose};
use super::{Inspector, State};
use crate::checks::{Check, Clause};
use crate::jsonrpc::RpcError;
use crate::mcp::connection::Connection;
use crate::mcp::era::{self, Era, Verdict};
use crate::mcp::error::Error;
use crate::mcp::model::ServerInfo;
use crate::oauth::flow::Moment;
use crate::problem::Problem;
use crate::revision::Revision;
use crate::secret::Secret;
use crate::settings::Pinned;
use crate::step::Step;
use crate::trace::{Event, ExchangeId};

/// What happened in the present attempt that decides its next turn.
#[derive(Default)]
pub(super) struct Attempt {
    /// The era was known before: a failure may only mean that the server has changed.
    remembered: bool,
    /// The probe was repeated with a revision that the server listed.
    corrected: bool,
    /// The browser showed no answer to the probe, which proves nothing of the server.
    unproven: bool,
    /// The handshake was repeated with a revision that the server listed.
    offered_again: bool,
    /// What the probe was refused with.
    refused: Option<RpcError>,
}

impl Inspector {
    /// The first request of an attempt, with a token where there is one.
    pub(super) fn begin(&mut self, moment: &Moment) {
        self.attempt = Attempt::default();
        let Some(settings) = &self.settings else { return };
        let known = self.era_of(&settings.server.href());
        let (pinned, transport) = (settings.revision, settings.transport);
        self.attempt.remembered = known.is_some() && pinned.is_none() && transport.is_none();
        let era = match (transport, pinned) {
            (Some(Pinned::Sse), _) => Some(Era::Sse),
            (_, Some(revision)) if revision.has_handshake() => Some(Era::Handshake),
            (_, Some(_)) => Some(Era::Modern),
            (Some(_), None) => known.filter(|it| *it != Era::Sse),
            (None, None) => known,
        };
        self.enter(moment, pinned, era);
    }

    fn enter(&mut self, moment: &Moment, pinned: Option<Revision>, era: Option<Era>) {
        let modern = !matches!(era, Some(Era::Handshake | Era::Sse));
        let default = if modern { Revision::LATEST } else { Revision::LATEST_WITH_HANDSHAKE };
        let Some(connection) = self.new_connection(pinned.unwrap_or(default)) else { return };
        let step = connection.first_step();
        self.note(moment, Event::Entered(step));
        if connection.has_token() {
            let words = "The token travels in the Authorization header, never in the address";
            self.note(moment, Event::Checked(Check::pass(step, Clause::BearerHeader, words)));
        }
        if let Some(era) = era.filter(|_| self.attempt.remembered) {
            let words = format!("Known from before: {}", era.words());
            self.note(moment, Event::Noted { step, words });
        }
        self.state = State::Connecting(connection);
        match era {
            Some(Era::Handshake) => self.initialize(moment),
            Some(Era::Sse) => self.open_channel(moment, None),
            Some(Era::Modern) | None => self.discover(moment),
        }
    }

    pub(super) fn new_connection(&self, offered: Revision) -> Option<Connection> {
        let settings = self.settings.as_ref()?;
        let bare = self.without_secrets(settings);
        let settings = bare.as_ref().unwrap_or(settings);
        let granted = || self.grant().map(|it| Secret::new(it.access_token.expose().clone()));
        let token = settings.bearer.clone().or_else(granted);
        let mut connection = Connection::new(settings, token, offered);
        connection.log_level = self.log_level;
        Some(connection)
    }

    fn discover(&mut self, moment: &Moment) {
        let State::Connecting(connection) = &self.state else { return };
        let (step, (id, request)) = (connection.first_step(), connection.discover());
        self.send(moment, Some(step), Purpose::Discover(id), request);
    }

    pub(super) fn discovered(&mut self, moment: &Moment, exchange: ExchangeId, answer: Answer) {
        let verdict = match &answer {
            Ok(result) => era::of_result(result),
            Err(error) => era::of_error(error, self.attempt.corrected),
        };
        if let (Verdict::Modern, Ok(result)) = (&verdict, &answer) {
            return self.greet_modern(moment, ServerInfo::discovered(result));
        }
        self.attempt.refused = answer.err();
        self.judged(moment, exchange, verdict);
    }

    fn greet_modern(&mut self, moment: &Moment, info: ServerInfo) {
        let State::Connecting(connection) = &mut self.state else { return };
        let words = format!("The server speaks {}, where every request stands for itself", info.revision.as_str());
        connection.info = Some(info);
        self.note(moment, Event::Entered(Step::Connected));
        self.note(moment, Event::Checked(Check::pass(Step::Connected, Clause::McpDiscovery, words)));
        self.remember_era(Era::Modern);
        self.connected(moment);
    }

    /// What follows from the answer to the probe, or from there being none.
    pub(super) fn judged(&mut self, moment: &Moment, exchange: ExchangeId, verdict: Verdict) {
        let pinned = self.settings.as_ref().and_then(|it| it.revision);
        match verdict {
            Verdict::Modern => {}
            Verdict::Again(_) => {
                self.attempt.corrected = true;
                self.discover(moment);
            }
            Verdict::Older { why, .. } if pinned.is_some() => {
                let offered = Revision::LATEST.as_str().to_owned();
                let mut problem = Error::Version { offered, answered: None, pinned: true }.problem();
                problem.seen = format!("server/discover with {} went out: {why}.", Revision::LATEST.as_str());
                self.attempt_over(moment, exchange, problem);
            }
            Verdict::Older { offer, why } => self.fall_back(moment, offer, &why),
            Verdict::Over(error) => self.attempt_over(moment, exchange, error.problem()),
        }
    }

    /// The server is older than 2026-07-28: the handshake.
    fn fall_back(&mut self, moment: &Moment, offer: Option<Revision>, why: &str) {
        let State::Connecting(connection) = &mut self.state else { return };
        connection.offered = offer.unwrap_or(Revision::LATEST_WITH_HANDSHAKE);
        let step = connection.first_step();
        let words = format!("Older than 2026-07-28, so initialize follows: {why}");
        self.note(moment, Event::Noted { step, words });
        self.initialize(moment);
    }

    /// The browser showed no answer to the probe. That is no evidence, so the handshake is tried once.
    pub(super) fn probe_blocked(&mut self, moment: &Moment) {
        self.attempt.unproven = true;
        let why = "the browser showed no answer to the modern probe, which proves nothing; perhaps the server's CORS list lacks mcp-method";
        self.fall_back(moment, None, why);
    }

    /// The handshake was refused with an error: another revision may be listed in it, or another era.
    pub(super) fn handshake_refused(&mut self, moment: &Moment, exchange: ExchangeId, status: u16, error: RpcError) {
        let listed = era::supported(&error).unwrap_or_default();
        let settings = self.settings.as_ref();
        let free = settings.is_some_and(|it| it.revision.is_none());
        let offered = self.connection().map(|it| it.offered);
        match (Revision::best(&listed, true), Revision::best(&listed, false)) {
            (Some(other), _) if free && Some(other) != offered && !self.attempt.offered_again => {
                self.attempt.offered_again = true;
                self.fall_back(moment, Some(other), &format!("the server lists {}", listed.join(", ")));
            }
            // A modern server that was taken for an older one.
            (None, Some(_)) if free && self.attempt.remembered => self.start_over(moment),
            // A modern server that refused the probe: the handshake could not be its way.
            (None, Some(_)) if free && self.attempt.refused.is_some() => self.probe_refused(moment, exchange),
            _ if era::may_be_sse(status, Some(&error)) && self.may_try_sse() => {
                let problem = Error::Rpc { method: "initialize".to_owned(), error }.problem();
                self.open_channel(moment, Some(problem));
            }
            // It says what it speaks, and that is not what was offered.
            _ if !listed.is_empty() => {
                let offered = offered.map_or("", Revision::as_str).to_owned();
                let error = Error::Version { offered, answered: Some(listed.join(", ")), pinned: !free };
                self.failed(moment, exchange, &error);
            }
            _ => self.failed(moment, exchange, &Error::Rpc { method: "initialize".to_owned(), error }),
        }
    }

    fn probe_refused(&mut self, moment: &Moment, exchange: ExchangeId) {
        let Some(error) = self.attempt.refused.take() else { return };
        self.failed(moment, exchange, &Error::Rpc { method: "server/discover".to_owned(), error });
    }

    /// Whether HTTP+SSE has not been tried, and may be.
    pub(super) fn may_try_sse(&self) -> bool {
        let free = self.settings.as_ref().is_some_and(|it| it.transport.is_none());
        free && matches!(&self.state, State::Connecting(it) if it.transport == crate::mcp::connection::Transport::Streamable && it.info.is_none())
    }

    /// A request of the handshake failed for good.
    pub(super) fn attempt_over(&mut self, moment: &Moment, exchange: ExchangeId, mut problem: Problem) {
        problem.step = self.trace.exchange(exchange).and_then(|it| it.step);
        if self.connection().is_some_and(Connection::posts_elsewhere) && problem.clause == Some(Clause::McpTransport) {
            problem.clause = Some(Clause::McpSse);
        }
        self.running.remove(&exchange);
        self.attempt_failed(moment, problem);
    }

    /// The attempt is over, unless it relied on what was known before: then it begins anew without that.
    pub(super) fn attempt_failed(&mut self, moment: &Moment, problem: Problem) {
        match self.attempt.remembered && matches!(self.state, State::Connecting(_)) {
            true => self.start_over(moment),
            false => self.stop(moment, problem),
        }
    }

    fn start_over(&mut self, moment: &Moment) {
        self.abort_all(moment);
        self.forget_era();
        let step = Step::McpRequest;
        let words = "What was known of the server from before does not hold any more; it is found out anew".to_owned();
        self.note(moment, Event::Noted { step, words });
        self.begin(moment);
    }

    /// What the handshake has shown, where it shows something.
    pub(super) fn handshake_stands(&mut self, moment: &Moment) {
        let Some(connection) = self.connection() else { return };
        let sse = matches!(connection.transport, crate::mcp::connection::Transport::Sse { .. });
        let (step, pinned) = (connection.first_step(), self.settings.as_ref().is_some_and(|it| it.revision.is_some()));
        if self.attempt.unproven {
            let words = "The browser blocked the modern probe, and the handshake works: whether the server speaks 2026-07-28 too is not proven. Its CORS list may lack mcp-method";
            self.note(moment, Event::Checked(Check::warn(step, Clause::Cors, words)));
        } else if !pinned {
            self.remember_era(if sse { Era::Sse } else { Era::Handshake });
        }
    }

    /// What is known of a server by its address.
    pub fn era_of(&self, server: &str) -> Option<Era> {
        self.eras.iter().find(|(it, _)| it == server).map(|(_, era)| *era)
    }

    fn remember_era(&mut self, era: Era) {
        let Some(server) = self.settings.as_ref().map(|it| it.server.href()) else { return };
        self.eras.retain(|(it, _)| *it != server);
        self.eras.push((server, era));
    }

    fn forget_era(&mut self) {
        let Some(server) = self.settings.as_ref().map(|it| it.server.href()) else { return };
        self.eras.retain(|(it, _)| *it != server);
    }
}

impl Connection {
    /// The step of its first request.
    pub(super) const fn first_step(&self) -> Step {
        if self.has_token() { Step::McpRequestWithToken } else { Step::McpRequest }
    }
}
