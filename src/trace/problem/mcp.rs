//! Why an MCP server's answer is none: the facts of each cause.

use super::{About, Cause, Code, Owner, Problem, names};
use crate::base::address::Address;
use crate::base::text::prefix;
use crate::http::{Head, HttpError};
use crate::trace::STORED;
use crate::trace::check::Clause;
use crate::trace::note::Older;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How much of a body is quoted, in bytes.
const QUOTED: usize = 200;

/// The beginning of a body, white space as one space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    pub text: String,
    /// Whether there was more.
    pub cut: bool,
}

impl Excerpt {
    pub fn of(body: &str) -> Self {
        // What the quote may need, so that a long body is not copied to be read.
        let mut text = String::new();
        for word in body.split_whitespace() {
            if text.len() > QUOTED {
                break;
            }
            text.push_str(if text.is_empty() { "" } else { " " });
            text.push_str(prefix(word, QUOTED + 4));
        }
        let quoted = prefix(&text, QUOTED);
        Self { cut: quoted.len() < text.len(), text: quoted.to_owned() }
    }
}

/// An error object (JSON-RPC 2.0 §5.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RpcError {
    pub code: i64,
    pub message: String,
    /// The raw JSON of `data`.
    pub data: Option<Arc<str>>,
}

/// Where an answer ended too early.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Truncation {
    /// In the JSON of a body; what the parser said.
    Json(String),
    /// In the middle of an event of a stream.
    Event,
    /// Before the answer came over the stream.
    Stream,
}

/// Why there is no answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// An HTTP error without a JSON-RPC message in it; the beginning of the body.
    Status {
        head: Head,
        body: Excerpt,
        had_session: bool,
    },
    /// The second request was refused, and the browser showed no session id with the answer to the first.
    SessionHidden {
        head: Head,
        body: Excerpt,
        page: String,
    },
    NotJson {
        head: Head,
        body: Excerpt,
    },
    NotMcp {
        body: Excerpt,
    },
    /// The body, or a stream, ended before the answer.
    Truncated {
        at: Truncation,
    },
    /// A success without a body, where an answer was to be.
    Empty {
        head: Head,
    },
    /// The answer of the server is an error.
    Rpc {
        method: String,
        error: RpcError,
    },
    Version {
        offered: String,
        answered: Option<String>,
        pinned: bool,
    },
    /// The user pinned 2026-07-28, and the server is older; how its answer shows that.
    NotModern {
        why: Older,
    },
    /// A typed token was refused.
    Unauthorized {
        body: Excerpt,
    },
    Forbidden {
        challenge: Option<String>,
        body: Excerpt,
    },
    /// Tokens were refused as often as this client asks for one.
    TooOften {
        times: u32,
    },
    /// 403 for more scopes, and the user does not ask for them.
    ScopeDeclined {
        required: String,
    },
    /// 403 for scopes that the token has already.
    ScopeHeld {
        required: String,
    },
    Redirected {
        from: String,
        to: Option<String>,
    },
    /// Each response named another URL.
    RedirectLoop {
        times: u32,
        to: String,
    },
    Http {
        url: String,
        error: HttpError,
    },
    /// The browser showed nothing of an answer; the headers that its preflight asked for.
    Blocked {
        url: String,
        said: String,
        #[serde(with = "names")]
        asked: Vec<String>,
    },
    /// The server says that headers and body of a request disagree (2026-07-28, -32020).
    HeaderMismatch {
        error: RpcError,
    },
    /// The server wants a capability that this client does not declare (2026-07-28, -32021).
    MissingCapability {
        error: RpcError,
    },
    /// An answer came, with an id that nobody asked with.
    ForeignAnswer {
        /// The id, as the wire wrote it.
        id: Option<String>,
        body: Excerpt,
    },
    /// A result that the revision does not allow here.
    InvalidResult {
        detail: String,
    },
    /// HTTP+SSE: the stream does not begin by saying where messages are posted.
    NoEndpoint {
        detail: String,
    },
    /// HTTP+SSE: messages were to be posted to another origin.
    ForeignEndpoint {
        server: String,
        endpoint: String,
    },
    /// HTTP+SSE: the stream that carries all answers ended.
    StreamLost {
        detail: String,
    },
    /// The result of a list request has no list.
    NoList {
        method: String,
        member: String,
    },
}

impl Error {
    pub fn problem(&self) -> Problem {
        Problem::new(Cause::Mcp(self.clone().bounded()))
    }

    /// The data of an error may be of any length, and is kept where it is short.
    fn bounded(mut self) -> Self {
        if let Self::Rpc { error, .. } | Self::HeaderMismatch { error } | Self::MissingCapability { error } = &mut self
        {
            error.data = error.data.take().filter(|it| it.len() <= STORED);
        }
        self
    }

    /// Whether the server does not know the session any more: 404 to a request that named one (MCP, session management).
    pub const fn is_lost_session(&self) -> bool {
        matches!(self, Self::Status { head, had_session: true, .. } if head.status == 404)
    }

    /// Whether a public server redirected to this machine or to a private network.
    pub fn redirects_to_local(&self) -> bool {
        let public = |url: &str| Address::typed(url).is_ok_and(|it| !it.is_local());
        matches!(self, Self::Redirected { from, to: Some(to) } if public(from) && !public(to))
    }

    /// The code, who is responsible, and the clause; an answer to MCP may come at any step.
    pub(super) fn about(&self) -> About {
        About { code: self.code(), owner: self.owner(), step: None, clause: self.clause() }
    }

    fn code(&self) -> Code {
        match self {
            Self::Status { .. } => Code::HttpStatus,
            Self::SessionHidden { .. } => Code::SessionHidden,
            Self::NotJson { .. } => Code::NotJson,
            Self::NotMcp { .. }
            | Self::ForeignAnswer { .. }
            | Self::InvalidResult { .. }
            | Self::NoEndpoint { .. }
            | Self::NoList { .. } => Code::NotMcp,
            Self::Truncated { .. } | Self::Empty { .. } => Code::Truncated,
            Self::Rpc { .. } => Code::RpcError,
            Self::Version { .. } | Self::NotModern { .. } => Code::VersionMismatch,
            Self::Unauthorized { .. } => Code::Unauthorized,
            Self::Forbidden { .. } | Self::ScopeDeclined { .. } => Code::Forbidden,
            Self::TooOften { .. } | Self::ScopeHeld { .. } => Code::ScopeLimit,
            Self::Redirected { .. } if self.redirects_to_local() => Code::EndpointLoopback,
            Self::Redirected { .. } => Code::Redirected,
            Self::RedirectLoop { .. } => Code::RedirectLoop,
            Self::Http { error: HttpError::Aborted, .. } => Code::Timeout,
            Self::Http { error, .. } => Code::of(error),
            Self::Blocked { .. } => Code::Unreachable,
            Self::HeaderMismatch { .. } => Code::HeaderMismatch,
            Self::MissingCapability { .. } => Code::CapabilityMissing,
            Self::ForeignEndpoint { .. } => Code::EndpointMismatch,
            Self::StreamLost { .. } => Code::StreamLost,
        }
    }

    const fn owner(&self) -> Owner {
        match self {
            Self::Unauthorized { .. }
            | Self::ScopeDeclined { .. }
            | Self::NotModern { .. }
            | Self::Version { pinned: true, answered: Some(_), .. } => Owner::You,
            Self::Http { error: HttpError::Forbidden { rule }, .. } => super::owner_of(rule),
            Self::Http { error: HttpError::Relay { .. }, .. } => Owner::Host,
            Self::Blocked { .. } | Self::Http { error: HttpError::Blocked { .. } | HttpError::Withheld { .. }, .. } => {
                Owner::Network
            }
            _ => Owner::Server,
        }
    }

    const fn clause(&self) -> Option<Clause> {
        Some(match self {
            Self::NoList { .. } | Self::Http { error: HttpError::Relay { .. }, .. } => return None,
            Self::Http { error: HttpError::Forbidden { .. }, .. } => Clause::Cors,
            Self::Version { .. } | Self::NotModern { .. } => Clause::McpVersion,
            Self::Unauthorized { .. } | Self::Forbidden { .. } | Self::TooOften { .. } => Clause::BearerRefused,
            Self::ScopeDeclined { .. } | Self::ScopeHeld { .. } => Clause::McpScope,
            Self::Status { had_session: true, .. } | Self::SessionHidden { .. } => Clause::McpSession,
            Self::Rpc { .. } => Clause::McpLifecycle,
            Self::HeaderMismatch { .. } => Clause::McpHeaders,
            Self::MissingCapability { .. } => Clause::McpStateless,
            Self::NoEndpoint { .. } | Self::ForeignEndpoint { .. } | Self::StreamLost { .. } => Clause::McpSse,
            _ => Clause::McpTransport,
        })
    }
}
