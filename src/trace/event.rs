//! The things that can happen, as they are recorded.

use super::ExchangeId;
use super::audit::{AuditProbe, AuditStage};
use super::negative::Tested;
use super::note::Note;
use crate::base::text::{Text, prefix};
use crate::http::sse;
use crate::http::{Head, HttpError, Request};
use crate::trace::check::Check;
use crate::trace::problem::Problem;
use crate::trace::step::Step;
use crate::trace::violation::Violation;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A body as far as it is kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    pub text: Text,
    /// How long it was on the wire, in bytes.
    pub bytes: usize,
    /// Whether it was cut. Its length does not tell: a mask is shorter or longer than the secret it stands for.
    #[serde(default)]
    pub cut: bool,
}

impl Body {
    pub fn new(text: Text) -> Self {
        Self { bytes: text.len(), text, cut: false }
    }

    /// Whether some of it is missing here. Trace files of before the flag tell it by the length alone, which counts
    /// where no mask has changed it.
    pub fn is_cut(&self) -> bool {
        self.cut || (self.text.len() < self.bytes && !self.text.has_mask())
    }

    /// The beginning of a body that is too long to be kept.
    pub fn excerpt(text: &str, limit: usize) -> Self {
        let shown = prefix(text, limit);
        Self { bytes: text.len(), text: crate::base::text::json(shown), cut: true }
    }

    pub(super) fn cut(&self, limit: usize) -> Self {
        Self { text: self.text.head(limit), bytes: self.bytes, cut: self.cut || self.text.len() > limit }
    }
}

/// Which way a JSON-RPC message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    Out,
    In,
}

/// A JSON-RPC message that went over an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rpc {
    pub way: Way,
    /// The method; for an answer, that of the request it answers.
    pub method: String,
    /// `request`, `notification`, `result`, `error`, or `unreadable`.
    pub kind: RpcKind,
    /// As the wire wrote it.
    pub id: Option<String>,
    /// The beginning of it; the whole is in the body or the event that carried it.
    pub text: Arc<str>,
    pub bytes: usize,
    #[serde(default)]
    pub cut: bool,
    /// Of a result to the use of an item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
}

/// What a result says of itself by which it is not simply one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// The tool failed (MCP, `isError`).
    ToolError,
    /// The server wants input first (MCP 2026-07-28, `resultType`).
    InputRequired,
}

impl Rpc {
    /// The message as a body.
    pub fn body(&self) -> Body {
        Body { text: Text::plain(Arc::clone(&self.text)), bytes: self.bytes, cut: self.cut }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RpcKind {
    Request,
    Notification,
    Result,
    Error,
    Unreadable,
}

impl RpcKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Notification => "notification",
            Self::Result => "result",
            Self::Error => "error",
            Self::Unreadable => "unreadable",
        }
    }
}

/// One thing that happened.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The page that the attempts after this are made from, by its origin: what a browser lets it do depends on that.
    Opened {
        page: String,
    },
    /// An attempt to connect begins: a new walkthrough. `first` is the exchange whose 401 began it, where one did.
    Began {
        server: String,
        first: Option<ExchangeId>,
    },
    /// The attempt that just began is a check: it will end before the login.
    Examining,
    /// A check has seen all that it can without a login.
    Examined,
    /// A stage of an audit begins: the attempts until it is over are its own.
    Staging(AuditStage),
    /// It is over, whatever came of it.
    Staged(AuditStage),
    /// A reload connects again with the token of before: the attempt that began goes on.
    Resumed,
    /// The machine arrived at a step.
    Entered(Step),
    /// A request leaves, belonging to a step or to none.
    Sent {
        exchange: ExchangeId,
        step: Option<Step>,
        request: Request,
    },
    /// The request that was just sent is one of an audit.
    Probed {
        exchange: ExchangeId,
        probe: AuditProbe,
    },
    Answered {
        exchange: ExchangeId,
        head: Head,
    },
    /// A body that is not a stream, whole.
    Body {
        exchange: ExchangeId,
        body: Body,
    },
    /// One event of a stream.
    Streamed {
        exchange: ExchangeId,
        event: StreamEvent,
    },
    Rpc {
        exchange: ExchangeId,
        rpc: Rpc,
    },
    Ended {
        exchange: ExchangeId,
    },
    Failed {
        exchange: ExchangeId,
        error: HttpError,
    },
    Checked(Check),
    /// What the client made by itself at a step (a verifier, the parts of an address), by name.
    Made {
        step: Step,
        facts: Vec<(String, Text)>,
    },
    /// What the machine decided or the user did.
    Noted {
        step: Step,
        note: Note,
    },
    /// The user brought an answer that the browser did not show to the page.
    Pasted {
        step: Step,
        body: Body,
    },
    /// The browser leaves for the authorization server.
    Left {
        url: String,
    },
    /// The browser is back, with the parameters of the callback, or without any.
    Returned {
        callback: Option<Vec<(String, Text)>>,
    },
    Connected {
        server: String,
        version: String,
    },
    Stopped(Problem),
    Violated(Violation),
    /// A step that may follow a connection (refresh, step-up, revocation) is over, well or not.
    Over {
        step: Step,
        well: bool,
    },
    Disconnected,
    /// A request that should be refused was sent on purpose.
    Tested(Tested),
}

/// An event of a stream as far as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamEvent {
    pub event: String,
    pub id: Option<String>,
    pub data: Arc<str>,
    /// The length of the data on the wire, in bytes.
    pub bytes: usize,
    #[serde(default)]
    pub cut: bool,
}

impl StreamEvent {
    /// The data as a body.
    pub fn body(&self) -> Body {
        Body { text: Text::plain(Arc::clone(&self.data)), bytes: self.bytes, cut: self.cut }
    }

    pub(super) fn cut(&self, limit: usize) -> Self {
        let cut = self.cut || self.data.len() > limit;
        Self { data: prefix(&self.data, limit).into(), cut, ..self.clone() }
    }
}

impl From<&sse::Event> for StreamEvent {
    fn from(event: &sse::Event) -> Self {
        let data: Arc<str> = event.data.as_str().into();
        Self { event: event.event.clone(), id: event.id.clone(), bytes: data.len(), data, cut: false }
    }
}

impl Event {
    /// The exchange that it belongs to.
    pub const fn exchange(&self) -> Option<ExchangeId> {
        match self {
            Self::Sent { exchange, .. }
            | Self::Probed { exchange, .. }
            | Self::Answered { exchange, .. }
            | Self::Body { exchange, .. }
            | Self::Streamed { exchange, .. }
            | Self::Rpc { exchange, .. }
            | Self::Ended { exchange }
            | Self::Failed { exchange, .. } => Some(*exchange),
            _ => None,
        }
    }

    /// Every text of it that may hold secrets. Written out, so that a new kind of event has to say which it has.
    pub fn texts(&self) -> Vec<&Text> {
        match self {
            Self::Sent { request, .. } => request.headers.iter().map(|(_, it)| it).chain(&request.body).collect(),
            Self::Body { body, .. } | Self::Pasted { body, .. } => vec![&body.text],
            Self::Made { facts, .. } | Self::Returned { callback: Some(facts) } => {
                facts.iter().map(|(_, it)| it).collect()
            }
            Self::Began { .. }
            | Self::Resumed
            | Self::Entered(_)
            | Self::Probed { .. }
            | Self::Answered { .. }
            | Self::Streamed { .. }
            | Self::Rpc { .. }
            | Self::Ended { .. }
            | Self::Failed { .. }
            | Self::Checked(_)
            | Self::Noted { .. }
            | Self::Left { .. }
            | Self::Returned { callback: None }
            | Self::Connected { .. }
            | Self::Stopped(_)
            | Self::Violated(_)
            | Self::Tested(_)
            | Self::Opened { .. }
            | Self::Examining
            | Self::Examined
            | Self::Staging(_)
            | Self::Staged(_)
            | Self::Over { .. }
            | Self::Disconnected => Vec::new(),
        }
    }

    /// The same, to be changed.
    fn texts_mut(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Sent { request, .. } => {
                request.headers.iter_mut().map(|(_, it)| it).chain(&mut request.body).collect()
            }
            Self::Body { body, .. } | Self::Pasted { body, .. } => vec![&mut body.text],
            Self::Made { facts, .. } | Self::Returned { callback: Some(facts) } => {
                facts.iter_mut().map(|(_, it)| it).collect()
            }
            _ => Vec::new(),
        }
    }

    /// With each of its texts changed.
    #[must_use]
    pub(super) fn map_texts(mut self, change: impl Fn(&Text) -> Text) -> Self {
        self.texts_mut().into_iter().for_each(|it| *it = change(it));
        self
    }

    /// As it may be given away: with masks in the place of what is known to be secret.
    #[must_use]
    pub fn without_secrets(&self) -> Self {
        self.clone().map_texts(Text::without_secrets)
    }
}
