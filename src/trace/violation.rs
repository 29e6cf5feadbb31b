//! Rules of MCP that a server broke, as facts. The sentences are in `explain::words`.

use super::ExchangeId;
use super::check::Clause;
use serde::{Deserialize, Serialize};

/// A rule that was broken by something that came over an exchange. It is used as far as it goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    pub exchange: ExchangeId,
    pub breach: Breach,
}

/// What was broken. Its name in a file never changes meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Breach {
    /// A batch of messages, which only 2025-03-26 has.
    Batch,
    /// A message without `"jsonrpc": "2.0"`.
    NoJsonRpcVersion,
    /// A text that is no JSON-RPC message.
    NotAMessage,
    /// A second response to one request.
    SecondResponse,
    UnknownId,
    /// HTTP+SSE: a response in the body of the POST.
    ResponseInPost,
    /// More requests than this in a second.
    TooManyRequests {
        limit: usize,
    },
    /// More requests than this wait for the user.
    TooManyWaiting {
        limit: usize,
        method: String,
    },
    /// Since 2026-07-28 servers send no requests.
    RequestFromServer {
        method: String,
    },
    /// A request for a capability that this client does not declare. `reason` is the message of the error it was sent.
    NotDeclared {
        method: String,
        reason: String,
    },
    NoResultType,
    /// The tool has an `outputSchema`, and the result no `structuredContent`.
    NoStructuredContent,
    CursorNotAString {
        list: String,
    },
    CursorRepeated {
        list: String,
    },
    ItemUnusable {
        list: String,
        reason: String,
    },
    /// A result that needs input and cannot be used.
    ResultUnusable {
        detail: String,
    },
    /// A progress notification without `progressToken` or `progress`.
    ProgressIncomplete,
    ProgressNotIncreasing,
    /// Of `subscriptions/listen`.
    NotAcknowledged {
        name: String,
    },
    ListenRefused,
    ListenFailed {
        code: i64,
        message: String,
    },
}

impl Breach {
    pub const fn clause(&self) -> Clause {
        match self {
            Self::Batch
            | Self::NoJsonRpcVersion
            | Self::NotAMessage
            | Self::SecondResponse
            | Self::UnknownId
            | Self::TooManyRequests { .. }
            | Self::TooManyWaiting { .. }
            | Self::ProgressIncomplete
            | Self::ProgressNotIncreasing => Clause::McpMessages,
            Self::ResponseInPost => Clause::McpSse,
            Self::RequestFromServer { .. } | Self::ResultUnusable { .. } => Clause::McpRounds,
            Self::NotDeclared { .. } => Clause::McpLifecycle,
            Self::NoResultType => Clause::McpStateless,
            Self::NoStructuredContent
            | Self::CursorNotAString { .. }
            | Self::CursorRepeated { .. }
            | Self::ItemUnusable { .. } => Clause::McpTools,
            Self::NotAcknowledged { .. } | Self::ListenRefused | Self::ListenFailed { .. } => Clause::McpSubscriptions,
        }
    }
}
