//! The phases of an attempt. Each owns what it needs, takes itself with what it is told, and gives the next one; each
//! has a file of its own.
//!
//! | phase | owns, besides the work of the user and the server |
//! |---|---|
//! | `Idle` | nothing |
//! | `Asking` | nothing: what the user is asked is among the questions of the work |
//! | `Negotiating` | the connection as far as it is agreed on, and what was found out on the way |
//! | `Authorizing` | the flow, the scope of a step-up, the paused request, what is handed over |
//! | `Testing` | the test and its own login, beside the tokens of the connection |
//! | `Investigating` | the look into what was blocked, what it happened to, and the flow that may go on manually |
//! | `Auditing` | what is left to ask of an audit or of one of its stages, the connection that is tested, and what stopped the check |
//! | `Connected` | the connection, and what was found out on the way to it |
//! | `Stopped` | how it ended, and the flow that the user may continue manually |

use super::alarms::Alarm;
use super::auditing::Auditing;
use super::authorizing::Authorizing;
use super::bench::Job;
use super::connected::Connected;
use super::context::Context;
use super::exchanges::{Answer, Purpose};
use super::hand_over::HandOver;
use super::idle::{Asking, Idle};
use super::investigating::Investigating;
use super::negotiating::Negotiating;
use super::server::log_level;
use super::stopped::Stopped;
use super::testing::Testing;
use super::visit::{Aim, Visit};
use super::work::Work;
use super::{Input, Phase};
use crate::http::{Head, HttpError, Response};
use crate::mcp::connection::Connection;
use crate::mcp::error::Error;
use crate::mcp::jsonrpc::Id;
use crate::oauth::flow::Wait;
use crate::oauth::negative::Negative;
use crate::trace::problem::{Ending, Problem};
use crate::trace::{Event, ExchangeId};
use std::sync::Arc;

pub(super) enum Attempt {
    Idle(Box<Idle>),
    /// The user is asked something before anything is sent.
    Asking(Box<Asking>),
    /// The handshake is on its way.
    Negotiating(Box<Negotiating>),
    Authorizing(Box<Authorizing>),
    Testing(Box<Testing>),
    /// Something was blocked; the attempt is over, and the reason is being looked for.
    Investigating(Box<Investigating>),
    /// A check has gone as far as a connection would; what else a page can see is asked for.
    Auditing(Box<Auditing>),
    Connected(Box<Connected>),
    Stopped(Box<Stopped>),
}

impl Default for Attempt {
    fn default() -> Self {
        Self::Idle(Box::default())
    }
}

/// What a phase is told.
pub(super) enum Signal {
    /// What the user or the page says.
    Input(Input),
    Alarm(Alarm),
    /// The response of an authorization server, or to a probe.
    Response(ExchangeId, Purpose, Result<Response, HttpError>),
    /// The response to a JSON-RPC request, and the head of the HTTP response that the request got.
    Answered {
        exchange: ExchangeId,
        purpose: Purpose,
        head: Option<Head>,
        answer: Answer,
    },
    /// A request of the server's.
    Requested {
        exchange: ExchangeId,
        id: Id,
        method: String,
        params: Option<Arc<str>>,
    },
    Notified {
        exchange: ExchangeId,
        method: String,
        params: Option<Arc<str>>,
    },
    /// HTTP+SSE: where messages are to be posted.
    Endpoint(ExchangeId, String),
    /// The server took `notifications/initialized`.
    Initialized,
    /// The response came from this URL, to which a redirect led.
    Moved(ExchangeId, String),
    Unauthorized {
        exchange: ExchangeId,
        head: Head,
        body: String,
    },
    /// A 403 for more scopes.
    InsufficientScope(ExchangeId, Head),
    /// A request has no answer.
    Failed(ExchangeId, Error),
    /// The browser gave no response to a request.
    Unanswered(ExchangeId, HttpError),
    /// A stream that was to stay open is over, or did not come about.
    Closed {
        exchange: ExchangeId,
        head: Option<Head>,
        detail: String,
    },
}

impl Attempt {
    /// The way of everything that happens: it is told to the phase, which gives the next one.
    pub fn on(self, signal: Signal, cx: &mut Context<'_>) -> Self {
        match self {
            Self::Idle(it) => it.on(signal, cx),
            Self::Asking(it) => it.on(signal, cx),
            Self::Negotiating(it) => it.on(signal, cx),
            Self::Authorizing(it) => it.on(signal, cx),
            Self::Testing(it) => it.on(signal, cx),
            Self::Investigating(it) => it.on(signal, cx),
            Self::Auditing(it) => it.on(signal, cx),
            Self::Connected(it) => it.on(signal, cx),
            Self::Stopped(it) => it.on(signal, cx),
        }
    }

    /// What every phase takes alike.
    pub fn on_any(self, signal: Signal, cx: &mut Context<'_>) -> Self {
        match signal {
            Signal::Input(input) => return self.on_any_input(input, cx),
            Signal::Response(_, Purpose::Refresh(cause), answer) => return self.refresh_answered(cx, cause, answer),
            Signal::Response(_, Purpose::Revoke, answer) => cx.revoked(answer),
            Signal::Response(exchange, Purpose::Bench(Job::Test(kind)), answer) => {
                cx.test_answered(exchange, kind, &answer);
            }
            Signal::Response(_, Purpose::Bench(job), answer) => cx.bench_answered(job, answer),
            _ => {}
        }
        self
    }

    fn on_any_input(mut self, input: Input, cx: &mut Context<'_>) -> Self {
        match input {
            Input::Disconnect => return self.disconnect(cx),
            Input::Cancel(target) => {
                let (connection, work) = self.parts();
                work.cancel(cx, connection, &target);
            }
            Input::Reply(number, reply) => {
                let work = self.work_mut();
                if let Some(question) = work.questions.take(number) {
                    work.replied(cx, None, &question, &reply);
                }
            }
            Input::CallAsTask(tool, wanted) => cx.memory.tasks.want(cx.visit.server(), tool, wanted),
            Input::Roots(roots) => cx.visit.settings.roots = roots,
            Input::LogLevel(level) => self.work_mut().log_level = log_level(&level),
            Input::App(app) => self.work_mut().app_said(cx, app),
            Input::RefreshToken => return self.refresh(cx),
            Input::RevokeToken => self.work_mut().revoke(cx),
            Input::CheckSignature => cx.check_signature(),
            Input::Verified(verified) => cx.verified(&verified),
            Input::Signed(id, signature) => return self.signed(cx, id, signature),
            Input::Introspect => self.work_mut().introspect(cx),
            Input::Callback(callback) => {
                let awaited = self.login().is_some();
                cx.record.refuse(cx.trace, cx.moment, &callback, awaited);
            }
            Input::GoOnByItself => cx.visit.automatic = true,
            _ => {}
        }
        self
    }

    /// A check is where a connection stands, or would register. A session that was opened for it ends, and what else can
    /// be seen without a login is asked for.
    pub fn examined(mut self, cx: &mut Context<'_>) -> Self {
        self.work_mut().abort_all(cx);
        if let Some(request) = self.connection().and_then(Connection::close) {
            cx.send(None, Purpose::Aside, request);
        }
        Auditing::begin(cx, self.into_work(), None)
    }

    pub fn disconnect(mut self, cx: &mut Context<'_>) -> Self {
        self.work_mut().abort_all(cx);
        let farewell = self.connection().and_then(Connection::close);
        if let Some(request) = farewell {
            cx.send(None, Purpose::Aside, request);
        }
        cx.stage_over();
        cx.memory.resuming = false;
        cx.memory.history.close();
        *cx.visit = Visit::new(cx.visit.settings.clone(), Aim::Connection);
        cx.record.clear_failure();
        cx.note(Event::Disconnected);
        Self::Idle(Box::new(Idle { work: self.into_work().parted() }))
    }

    /// The attempt is over.
    pub fn stop(self, cx: &mut Context<'_>, problem: Problem) -> Self {
        Stopped::by(cx, self.into_work(), problem, None)
    }

    pub fn phase(&self) -> Phase {
        match self {
            Self::Idle(_) => Phase::Idle,
            Self::Asking(_) | Self::Negotiating(_) | Self::Auditing(_) => Phase::Connecting,
            Self::Authorizing(_) | Self::Testing(_) => Phase::Authorizing,
            Self::Investigating(it) => it.phase,
            Self::Connected(_) => Phase::Connected,
            Self::Stopped(it) => match it.ending {
                Ending::Refused => Phase::Refused,
                Ending::Failed => Phase::Failed,
            },
        }
    }

    pub const fn work(&self) -> &Work {
        match self {
            Self::Idle(it) => &it.work,
            Self::Asking(it) => &it.work,
            Self::Negotiating(it) => &it.work,
            Self::Authorizing(it) => &it.work,
            Self::Testing(it) => &it.work,
            Self::Investigating(it) => &it.work,
            Self::Auditing(it) => &it.work,
            Self::Connected(it) => &it.work,
            Self::Stopped(it) => &it.work,
        }
    }

    pub const fn work_mut(&mut self) -> &mut Work {
        self.parts().1
    }

    /// The connection, from the handshake on, and the work.
    const fn parts(&mut self) -> (Option<&Connection>, &mut Work) {
        match self {
            Self::Idle(it) => (None, &mut it.work),
            Self::Asking(it) => (None, &mut it.work),
            Self::Negotiating(it) => (Some(&it.connection), &mut it.work),
            Self::Authorizing(it) => (None, &mut it.work),
            Self::Testing(it) => (None, &mut it.work),
            Self::Investigating(it) => (None, &mut it.work),
            Self::Auditing(it) => (None, &mut it.work),
            Self::Connected(it) => (Some(&it.connection), &mut it.work),
            Self::Stopped(it) => (None, &mut it.work),
        }
    }

    pub fn into_work(self) -> Work {
        match self {
            Self::Idle(it) => it.work,
            Self::Asking(it) => it.work,
            Self::Negotiating(it) => it.work,
            Self::Authorizing(it) => it.work,
            Self::Testing(it) => it.work,
            Self::Investigating(it) => it.work,
            Self::Auditing(it) => it.work,
            Self::Connected(it) => it.work,
            Self::Stopped(it) => it.work,
        }
    }

    /// The connection, from the handshake on.
    pub const fn connection(&self) -> Option<&Connection> {
        match self {
            Self::Negotiating(it) => Some(&it.connection),
            Self::Connected(it) => Some(&it.connection),
            Self::Auditing(it) => it.audited(),
            _ => None,
        }
    }

    pub const fn connection_mut(&mut self) -> Option<&mut Connection> {
        match self {
            Self::Negotiating(it) => Some(&mut it.connection),
            Self::Connected(it) => Some(&mut it.connection),
            _ => None,
        }
    }

    pub const fn is_connected(&self) -> bool {
        matches!(self, Self::Connected(_))
    }

    pub fn authorization(&self) -> Option<&Authorizing> {
        match self {
            Self::Authorizing(it) => Some(it),
            _ => None,
        }
    }

    /// The login that is waited for, of the authorization or of a test.
    pub fn login(&self) -> Option<&Wait> {
        match self {
            Self::Authorizing(it) => it.login(),
            Self::Testing(it) => it.login(),
            _ => None,
        }
    }

    /// The test whose login is waited for.
    pub fn test(&self) -> Option<Negative> {
        match self {
            Self::Testing(it) => it.login().map(|_| it.kind),
            _ => None,
        }
    }

    /// What the user may do where the browser shows no answer; not before the reason was looked into.
    pub fn hand_over(&self) -> Option<&HandOver> {
        match self {
            Self::Authorizing(it) => it.waiting.handed(),
            Self::Stopped(it) => it.hand_over.as_ref(),
            _ => None,
        }
    }
}
