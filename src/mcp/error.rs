//! How an MCP server can fail a request: [`Error`] is a cause of a problem, and lives in the trace.

pub use crate::trace::problem::mcp::{Error, Excerpt, Truncation};

use crate::http::Head;
use crate::mcp::jsonrpc::{self, Message, NotAMessage};

impl Error {
    /// What a text that is no message is called.
    pub fn unreadable(head: &Head, body: &str, why: &NotAMessage) -> Self {
        match why {
            NotAMessage::NotJson(_) => Self::NotJson { head: head.clone(), body: Excerpt::of(body) },
            NotAMessage::Truncated(said) if !body.trim().is_empty() => {
                Self::Truncated { at: Truncation::Json(said.clone()) }
            }
            NotAMessage::Truncated(_) => Self::Empty { head: head.clone() },
            NotAMessage::NotRpc => Self::NotMcp { body: Excerpt::of(body) },
        }
    }

    /// An answer with an id that nobody asked with: the id may stand behind all that an excerpt shows.
    pub fn foreign(body: &str) -> Self {
        let id = match jsonrpc::message(body) {
            Ok(Message::Result { id, .. } | Message::Error { id: Some(id), .. }) => Some(id.to_string()),
            _ => None,
        };
        Self::ForeignAnswer { id, body: Excerpt::of(body) }
    }
}
