//! The handshake: `initialize`, `notifications/initialized`, and where a redirect led.

use super::attempt::{Attempt, Signal};
use super::connected::Connected;
use super::context::Context;
use super::exchanges::{Answer, Purpose};
use super::negotiating::Negotiating;
use super::stages::Agreed;
use crate::base::address::Address;
use crate::base::text::fact;
use crate::http::Head;
use crate::mcp::error::Error;
use crate::mcp::model::ServerInfo;
use crate::trace::check::Check;
use crate::trace::rule::connection::ConnectionRule;
use crate::trace::step::Step;
use crate::trace::{Event, ExchangeId};

/// How many times an attempt begins anew at the URL that a redirect led to.
const MOVES: u32 = 5;

impl Negotiating {
    /// `initialize` on the connection as it stands.
    pub fn initialize(mut self, cx: &mut Context<'_>) -> Attempt {
        let (id, request) = self.connection.initialize();
        self.order(cx, Purpose::Initialize(id), request)
    }

    pub fn initialize_answered(
        self,
        cx: &mut Context<'_>,
        exchange: ExchangeId,
        head: Option<&Head>,
        answer: Answer,
    ) -> Attempt {
        let result = match answer {
            Ok(result) => result,
            Err(error) => {
                return self.handshake_refused(cx, exchange, head.map_or(200, |it| it.status), error);
            }
        };
        let (pinned, offered) = (cx.visit.settings.revision, self.connection.offered);
        let (answered, info) = ServerInfo::parse(&result);
        match info {
            Some(info) if pinned.is_none_or(|it| it == info.revision) => {
                let session = head.and_then(|it| it.header("mcp-session-id")).map(str::to_owned);
                self.greet(cx, info, session.as_deref())
            }
            _ if !result.trim_start().starts_with('{') => {
                let detail = "The result of initialize is not an object".to_owned();
                self.failed(cx, exchange, &Error::InvalidResult { detail })
            }
            _ => {
                let error = Error::Version { offered: offered.as_str().to_owned(), answered, pinned: pinned.is_some() };
                self.failed(cx, exchange, &error)
            }
        }
    }

    fn greet(mut self, cx: &mut Context<'_>, info: ServerInfo, session: Option<&str>) -> Attempt {
        let rule = ConnectionRule::VersionAgreed { version: info.revision.as_str().to_owned() };
        let request = self.connection.initialized(info, session);
        cx.note(Event::Entered(Step::Connected));
        cx.note(Event::Checked(Check::pass(Step::Connected, rule)));
        self.handshake_stands(cx);
        cx.send(Some(Step::Connected), Purpose::Initialized, request);
        self.into()
    }

    /// The connection stands: its lists, its streams, and what was interrupted.
    pub fn connected(self, cx: &mut Context<'_>) -> Attempt {
        let Self { connection, findings, work, .. } = self;
        let (server, version) = (connection.server.href(), connection.revision().as_str().to_owned());
        cx.note(Event::Connected { server, version });
        let mut next = Connected { connection, findings, work };
        if cx.visit.checks() {
            return Attempt::from(next).examined(cx);
        }
        if let Some(Agreed { stage, .. }) = cx.memory.staging {
            return next.audited(cx, stage);
        }
        next.load_all(cx);
        next.open_streams(cx);
        next.take_up_tasks(cx);
        next.ask_interrupted(cx);
        next.into()
    }
}

impl Attempt {
    /// The answer came from another address: on the same origin it is adopted and asked again.
    pub fn moved(mut self, cx: &mut Context<'_>, exchange: ExchangeId, to: &str) -> Self {
        let from = cx.visit.settings.server.clone();
        let Ok(to) = Address::typed(to) else { return self };
        if to.origin() != from.origin() || to.href() == from.href() {
            let error = Error::Redirected { from: from.href(), to: Some(to.href()) };
            return self.on(Signal::Failed(exchange, error), cx);
        }
        cx.visit.moves += 1;
        if cx.visit.moves > MOVES {
            let error = Error::RedirectLoop { times: cx.visit.moves, to: to.href() };
            return self.on(Signal::Failed(exchange, error), cx);
        }
        let rule = ConnectionRule::ServerMoved { from: fact(&from.href()), to: fact(&to.href()) };
        cx.note(Event::Checked(Check::warn(Step::McpRequest, rule)));
        self.work_mut().abort_all(cx);
        cx.visit.settings.server = to;
        Negotiating::begin(cx, self.into_work())
    }
}
