//! Completion of what the user types: the newest request, and what came of it. Only the newest counts: a response that
//! comes late, for an older text, is on the wire and nowhere else.

use super::attempt::Attempt;
use super::connected::Connected;
use super::context::Context;
use super::exchanges::{Answer, Purpose};
use crate::base::text::fact;
use crate::mcp::completion::{Candidates, Completion};
use crate::mcp::error::Error;
use crate::trace::ExchangeId;

/// The method is not there (JSON-RPC 2.0 §5.1).
const NO_METHOD: i64 = -32601;

/// The newest request for candidates.
#[derive(Clone, PartialEq)]
pub struct Completing {
    pub asked: Completion,
    exchange: ExchangeId,
    pub found: Found,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Pending,
    Candidates(Candidates),
    /// An error of JSON-RPC: its code and the server's message.
    Refused(i64, String),
    /// A result without a list of values, or no response.
    Nothing,
}

impl Completing {
    /// Whether the server has no completion at all, which before 2025-03-26 only an error says.
    pub const fn is_unsupported(&self) -> bool {
        matches!(self.found, Found::Refused(NO_METHOD, _))
    }
}

impl Connected {
    /// Asks for candidates, where the server completes.
    pub fn complete(&mut self, cx: &mut Context<'_>, asked: Completion) {
        let unsupported = self.work.completing.as_ref().is_some_and(Completing::is_unsupported);
        let offered = self.connection.info.as_ref().is_some_and(|it| it.completes());
        if unsupported || !offered {
            return;
        }
        let (id, request) = self.connection.complete(&asked);
        let exchange = cx.send(None, Purpose::Complete(id), request);
        self.work.completing = Some(Completing { asked, exchange, found: Found::Pending });
    }

    pub fn completed(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, answer: &Answer) {
        cx.token_worked();
        self.found(
            exchange,
            match answer {
                Ok(result) => Candidates::read(result).map_or(Found::Nothing, Found::Candidates),
                Err(error) => Found::Refused(error.code, fact(&error.message)),
            },
        );
    }

    /// No response: the exchange says why. A lost session is renewed; what was typed is asked for with the next letter.
    pub fn completion_failed(mut self, cx: &mut Context<'_>, exchange: ExchangeId, error: &Error) -> Attempt {
        self.found(exchange, Found::Nothing);
        if error.is_lost_session() { self.session_lost(cx, exchange) } else { self.into() }
    }

    fn found(&mut self, exchange: ExchangeId, found: Found) {
        if let Some(completing) = self.work.completing.as_mut().filter(|it| it.exchange == exchange) {
            completing.found = found;
        }
    }
}
