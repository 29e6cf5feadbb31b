//! Finding out what a server speaks: the modern probe, the handshake, the older transport, each where its turn is.
//!
//! The table itself is [`crate::mcp::era`]; here it is walked, and every turn is recorded.

use super::Input;
use super::attempt::{Attempt, Signal};
use super::context::Context;
use super::exchanges::{Answer, Purpose, error_of};
use super::investigating::Investigating;
use super::pause::Paused;
use super::work::Work;
use crate::base::revision::Revision;
use crate::base::text::facts;
use crate::http::HttpError;
use crate::mcp::connection::{Connection, Transport};
use crate::mcp::era::{self, Era, Verdict};
use crate::mcp::error::Error;
use crate::mcp::jsonrpc::RpcError;
use crate::mcp::model::ServerInfo;
use crate::mcp::question::Asker;
use crate::settings::Pinned;
use crate::trace::check::{Check, Clause};
use crate::trace::note::{Note, Older};
use crate::trace::problem::Problem;
use crate::trace::rule::connection::ConnectionRule;
use crate::trace::step::Step;
use crate::trace::{Event, ExchangeId};

pub(super) struct Negotiating {
    pub connection: Connection,
    pub findings: Findings,
    /// What goes on where the connection is another one of a server that was connected.
    pub work: Work,
    /// The request that waits for the user, in step mode, and what it is for.
    pub held: Option<Box<(Paused, Purpose)>>,
}

/// What happened in the present attempt that decides its next turn.
#[derive(Default)]
pub(super) struct Findings {
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

impl From<Negotiating> for Attempt {
    fn from(phase: Negotiating) -> Self {
        Self::Negotiating(Box::new(phase))
    }
}

impl Negotiating {
    pub fn on(mut self, signal: Signal, cx: &mut Context<'_>) -> Attempt {
        match signal {
            Signal::Answered { exchange, purpose: Purpose::Discover(_), answer, .. } => {
                return self.discovered(cx, exchange, answer);
            }
            Signal::Answered { exchange, purpose: Purpose::Initialize(_), head, answer } => {
                return self.initialize_answered(cx, exchange, head.as_ref(), answer);
            }
            Signal::Initialized => return self.connected(cx),
            Signal::Endpoint(exchange, given) => return self.endpoint(cx, exchange, &given),
            Signal::Failed(exchange, error) => return self.failed(cx, exchange, &error),
            Signal::Unanswered(exchange, error) => return self.unanswered(cx, exchange, error),
            Signal::Closed { exchange, head, detail } => {
                return self.channel_over(cx, exchange, head.as_ref(), &detail);
            }
            Signal::Moved(exchange, to) => return Attempt::from(self).moved(cx, exchange, &to),
            Signal::Unauthorized { exchange, head, body } => {
                return Attempt::from(self).unauthorized(cx, exchange, head, body);
            }
            Signal::InsufficientScope(id, head) => return Attempt::from(self).insufficient_scope(cx, id, &head),
            Signal::Input(Input::Reply(number, reply)) => {
                let Some(question) = self.work.questions.take(number) else { return self.into() };
                match question.asker {
                    Asker::StepUp { .. } => return Attempt::from(self).step_up_replied(cx, &question, &reply),
                    _ => self.work.replied(cx, Some(&self.connection), &question, &reply),
                }
            }
            Signal::Input(Input::Proceed(edited)) => return self.proceed(cx, edited.as_deref()),
            Signal::Input(Input::GoOnByItself) => return self.go_on_by_itself(cx),
            Signal::Input(Input::StopHere) => return self.stop_here(cx),
            Signal::Requested { exchange, id, method, params } => {
                let params = params.as_deref().unwrap_or("{}");
                self.work.requested(cx, &self.connection, exchange, (&id, &method, params));
            }
            Signal::Notified { exchange, method, params } => {
                self.work.notified(cx, exchange, &method, params.as_deref().unwrap_or("{}"));
            }
            other => return Attempt::from(self).on_any(other, cx),
        }
        self.into()
    }

    /// The first request of an attempt, with a token where there is one.
    pub fn begin(cx: &mut Context<'_>, work: Work) -> Attempt {
        let settings = &cx.visit.settings;
        let known = cx.memory.era(&settings.server.href());
        let (pinned, transport) = (settings.revision, settings.transport);
        let remembered = known.is_some() && pinned.is_none() && transport.is_none();
        let era = match (transport, pinned) {
            (Some(Pinned::Sse), _) => Some(Era::Sse),
            (_, Some(revision)) if revision.has_handshake() => Some(Era::Handshake),
            (_, Some(_)) => Some(Era::Modern),
            (Some(_), None) => known.filter(|it| *it != Era::Sse),
            (None, None) => known,
        };
        Self::enter(cx, work, pinned, era, Findings { remembered, ..Findings::default() })
    }

    fn enter(
        cx: &mut Context<'_>,
        work: Work,
        pinned: Option<Revision>,
        era: Option<Era>,
        findings: Findings,
    ) -> Attempt {
        let modern = !matches!(era, Some(Era::Handshake | Era::Sse));
        let default = if modern { Revision::LATEST } else { Revision::LATEST_WITH_HANDSHAKE };
        let connection = cx.new_connection(pinned.unwrap_or(default), work.log_level);
        let step = connection.first_step();
        cx.note(Event::Entered(step));
        if connection.has_token() {
            cx.note(Event::Checked(Check::pass(step, ConnectionRule::BearerInHeader)));
        }
        if let Some(era) = era.filter(|_| findings.remembered) {
            cx.note(Event::Noted { step, note: Note::EraRemembered { era } });
        }
        let next = Self { connection, findings, work, held: None };
        match era {
            Some(Era::Handshake) => next.initialize(cx),
            Some(Era::Sse) => next.open_channel(cx, None),
            Some(Era::Modern) | None => next.discover(cx),
        }
    }

    fn discover(self, cx: &mut Context<'_>) -> Attempt {
        let (id, request) = self.connection.discover();
        self.order(cx, Purpose::Discover(id), request)
    }

    fn discovered(mut self, cx: &mut Context<'_>, exchange: ExchangeId, answer: Answer) -> Attempt {
        let verdict = match &answer {
            Ok(result) => era::of_result(result),
            Err(error) => era::of_error(error, self.findings.corrected),
        };
        if let (Verdict::Modern, Ok(result)) = (&verdict, &answer) {
            return self.greet_modern(cx, ServerInfo::discovered(result));
        }
        self.findings.refused = answer.err();
        self.judged(cx, exchange, verdict)
    }

    fn greet_modern(mut self, cx: &mut Context<'_>, info: ServerInfo) -> Attempt {
        let rule = ConnectionRule::Discovered { version: info.revision.as_str().to_owned() };
        self.connection.info = Some(info);
        cx.note(Event::Entered(Step::Connected));
        cx.note(Event::Checked(Check::pass(Step::Connected, rule)));
        cx.memory.remember_era(cx.visit.server(), Era::Modern);
        self.connected(cx)
    }

    /// What follows from the answer to the probe, or from there being none.
    fn judged(mut self, cx: &mut Context<'_>, exchange: ExchangeId, verdict: Verdict) -> Attempt {
        match verdict {
            Verdict::Modern => self.into(),
            Verdict::Again(_) => {
                self.findings.corrected = true;
                self.discover(cx)
            }
            Verdict::Older { why, .. } if cx.visit.is_pinned() => {
                self.over(cx, exchange, Error::NotModern { why }.problem())
            }
            Verdict::Older { offer, why } => self.fall_back(cx, offer, why),
            Verdict::Over(error) => self.over(cx, exchange, error.problem()),
        }
    }

    /// The server is older than 2026-07-28: the handshake.
    fn fall_back(mut self, cx: &mut Context<'_>, offer: Option<Revision>, why: Older) -> Attempt {
        self.connection.offered = offer.unwrap_or(Revision::LATEST_WITH_HANDSHAKE);
        let step = self.connection.first_step();
        cx.note(Event::Noted { step, note: Note::EraOlder { why } });
        self.initialize(cx)
    }

    /// The browser showed no answer to the probe. That is no evidence, so the handshake is tried once.
    fn probe_blocked(mut self, cx: &mut Context<'_>) -> Attempt {
        self.findings.unproven = true;
        self.fall_back(cx, None, Older::Hidden)
    }

    /// The handshake was refused with an error: another revision may be listed in it, or another era.
    pub fn handshake_refused(
        mut self,
        cx: &mut Context<'_>,
        exchange: ExchangeId,
        status: u16,
        error: RpcError,
    ) -> Attempt {
        let listed = era::supported(&error).unwrap_or_default();
        let free = !cx.visit.is_pinned();
        let offered = self.connection.offered;
        let Findings { remembered, offered_again, .. } = self.findings;
        let refused = self.findings.refused.is_some();
        match (Revision::best(&listed, true), Revision::best(&listed, false)) {
            (Some(other), _) if free && other != offered && !offered_again => {
                self.findings.offered_again = true;
                self.fall_back(cx, Some(other), Older::Lists { versions: facts(&listed) })
            }
            // A modern server that was taken for an older one.
            (None, Some(_)) if free && remembered => self.start_over(cx),
            // A modern server that refused the probe: the handshake could not be its way.
            (None, Some(_)) if free && refused => self.probe_refused(cx, exchange),
            _ if era::may_be_sse(status, Some(&error)) && self.may_try_sse(cx) => {
                let problem = Error::Rpc { method: "initialize".to_owned(), error }.problem();
                self.open_channel(cx, Some(problem))
            }
            // It says what it speaks, and that is not what was offered.
            _ if !listed.is_empty() => {
                let offered = offered.as_str().to_owned();
                let error = Error::Version { offered, answered: Some(listed.join(", ")), pinned: !free };
                self.failed(cx, exchange, &error)
            }
            _ => self.failed(cx, exchange, &Error::Rpc { method: "initialize".to_owned(), error }),
        }
    }

    fn probe_refused(mut self, cx: &mut Context<'_>, exchange: ExchangeId) -> Attempt {
        let Some(error) = self.findings.refused.take() else { return self.into() };
        self.failed(cx, exchange, &Error::Rpc { method: "server/discover".to_owned(), error })
    }

    /// Whether HTTP+SSE has not been tried, and may be.
    fn may_try_sse(&self, cx: &Context<'_>) -> bool {
        let untried = self.connection.transport == Transport::Streamable && self.connection.info.is_none();
        untried && cx.visit.settings.transport.is_none()
    }

    /// A request has no answer: the handshake takes another turn or ends.
    pub fn failed(self, cx: &mut Context<'_>, exchange: ExchangeId, error: &Error) -> Attempt {
        match cx.network.settle(exchange) {
            Some(Purpose::Discover(_)) => self.judged(cx, exchange, era::of_failure(error.clone())),
            Some(Purpose::Initialize(_)) if self.may_try_sse(cx) && is_plain_refusal(error) => {
                let first = cx.told_of_relay(exchange).unwrap_or_else(|| error.clone());
                self.open_channel(cx, Some(first.problem()))
            }
            Some(Purpose::Initialize(_) | Purpose::Initialized) => self.over(cx, exchange, error.problem()),
            _ => self.into(),
        }
    }

    /// The network's failures. What the browser blocked is looked into.
    fn unanswered(self, cx: &mut Context<'_>, exchange: ExchangeId, error: HttpError) -> Attempt {
        let Some(running) = cx.network.running.get(&exchange) else { return self.into() };
        let (request, step) = (running.request.clone(), cx.trace.exchange(exchange).and_then(|it| it.step));
        match (&running.purpose, error) {
            (Purpose::Discover(_), HttpError::Blocked { .. }) if !cx.visit.is_pinned() => {
                cx.network.running.remove(&exchange);
                self.probe_blocked(cx)
            }
            (Purpose::Discover(_) | Purpose::Initialize(_) | Purpose::Initialized, HttpError::Blocked { said }) => {
                cx.network.running.remove(&exchange);
                Investigating::of_blocked(cx, self.work, step, request, said)
            }
            (Purpose::Discover(_) | Purpose::Initialize(_) | Purpose::Initialized, HttpError::Redirected) => {
                cx.network.running.remove(&exchange);
                Investigating::of_redirect(cx, self.work, step, request)
            }
            (_, error) => self.failed(cx, exchange, &error_of(&request, error)),
        }
    }

    /// A request of the handshake failed for good.
    fn over(self, cx: &mut Context<'_>, exchange: ExchangeId, problem: Problem) -> Attempt {
        let mut problem = cx.told_of_relay(exchange).map_or(problem, |it| it.problem());
        problem.step = cx.trace.exchange(exchange).and_then(|it| it.step);
        if self.connection.posts_elsewhere() && problem.clause == Some(Clause::McpTransport) {
            problem.clause = Some(Clause::McpSse);
        }
        cx.network.running.remove(&exchange);
        self.attempt_failed(cx, problem)
    }

    /// The attempt is over, unless it relied on what was known before: then it begins anew without that.
    pub fn attempt_failed(self, cx: &mut Context<'_>, problem: Problem) -> Attempt {
        match self.findings.remembered {
            true => self.start_over(cx),
            false => Attempt::from(self).stop(cx, problem),
        }
    }

    fn start_over(mut self, cx: &mut Context<'_>) -> Attempt {
        self.work.abort_all(cx);
        cx.memory.forget_era(&cx.visit.server());
        cx.note(Event::Noted { step: Step::McpRequest, note: Note::EraForgotten });
        Self::begin(cx, self.work)
    }

    /// What the handshake has shown, where it shows something.
    pub fn handshake_stands(&self, cx: &mut Context<'_>) {
        let Self { connection, findings, .. } = self;
        let (sse, unproven) = (matches!(connection.transport, Transport::Sse { .. }), findings.unproven);
        let (step, pinned) = (connection.first_step(), cx.visit.is_pinned());
        if unproven {
            cx.note(Event::Checked(Check::warn(step, ConnectionRule::ProbeHidden)));
        } else if !pinned {
            cx.memory.remember_era(cx.visit.server(), if sse { Era::Sse } else { Era::Handshake });
        }
    }
}

/// An answer that says no more than that the address does not take this.
fn is_plain_refusal(error: &Error) -> bool {
    matches!(error, Error::Status { head, .. } if era::may_be_sse(head.status, None))
}

impl Connection {
    /// The step of its first request.
    pub(super) const fn first_step(&self) -> Step {
        if self.has_token() { Step::McpRequestWithToken } else { Step::McpRequest }
    }
}
