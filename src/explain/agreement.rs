//! How a connection came to its revision and its transport, read from what was sent for it.

use crate::base::revision::Revision;
use crate::inspector::Inspector;
use crate::mcp::connection::Transport;
use crate::trace::{Exchange, Trace};

/// The requests by which client and server agree (MCP, lifecycle; since 2026-07-28, discovery).
const DISCOVER: &str = "server/discover";
const INITIALIZE: &str = "initialize";

/// Why a connection speaks the revision that it speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnRevision {
    /// The settings name it.
    Chosen,
    /// The server answered `server/discover`.
    Discovered,
    /// `initialize` offered one, after `server/discover` got a response that is none: its status, or `blocked`.
    Offered { offered: Revision, refused: Option<String> },
    /// The server answered `initialize` with an older revision than it was offered.
    Lowered { offered: Revision },
}

/// Why a connection uses the transport that it uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnTransport {
    Chosen,
    /// The server answered the first POST.
    Answered,
    /// The first POST failed, with this status or `blocked`.
    Refused {
        status: String,
    },
    /// HTTP+SSE was used at once, as an earlier attempt found it.
    Known,
}

/// Both, of the newest agreement in the trace; `None` where the trace no longer has it.
pub fn of(inspector: &Inspector) -> Option<(OnRevision, OnTransport)> {
    let (connection, settings) = (inspector.connection()?, inspector.settings()?);
    let revision = connection.info.as_ref()?.revision;
    let (agreed, tried) = negotiation(inspector.trace())?;
    // A login lies between two requests of which the first got 401.
    let refused = |method: Option<&str>| {
        let of = tried.iter().filter(|it| method.is_none_or(|method| is(it, method)));
        of.filter_map(|it| it.status()).find(|it| it != "401")
    };
    let on_revision = match settings.revision {
        Some(_) => OnRevision::Chosen,
        None if is(agreed, DISCOVER) => OnRevision::Discovered,
        None if connection.offered != revision => OnRevision::Lowered { offered: connection.offered },
        None => OnRevision::Offered { offered: revision, refused: refused(Some(DISCOVER)) },
    };
    let on_transport = match (&connection.transport, settings.transport) {
        (_, Some(_)) => OnTransport::Chosen,
        (Transport::Streamable, None) => OnTransport::Answered,
        (Transport::Sse { .. }, None) => match refused(None) {
            Some(status) => OnTransport::Refused { status },
            None => OnTransport::Known,
        },
    };
    Some((on_revision, on_transport))
}

fn is(exchange: &Exchange, method: &str) -> bool {
    exchange.message.as_ref().is_some_and(|it| &*it.method == method)
}

/// The request that brought the agreement, and those before it that belong to the same attempt, the newest first.
///
/// A message of another method ends the attempt before: it was sent over an earlier connection.
fn negotiation(trace: &Trace) -> Option<(&Exchange, Vec<&Exchange>)> {
    let of_one = |it: &&Exchange| is(it, DISCOVER) || is(it, INITIALIZE);
    let mut messages = trace.newest().filter(|it| it.message.is_some()).skip_while(|it| !of_one(it));
    let agreed = messages.next()?;
    Some((agreed, messages.take_while(of_one).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Text;
    use crate::http::{Method, Request};
    use crate::trace::Event;

    fn sent(trace: &mut Trace, method: &str) {
        let exchange = trace.next_exchange();
        let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}"}}"#);
        let request = Request::new(Method::Post, "https://a.example/mcp").body(Text::plain(body.as_str()));
        trace.push(1.0, Event::Sent { exchange, step: None, request });
    }

    fn methods(trace: &Trace) -> Option<(String, usize)> {
        let (agreed, tried) = negotiation(trace)?;
        Some((agreed.message.as_ref()?.method.to_string(), tried.len()))
    }

    #[test]
    fn what_was_tried_before_belongs_to_the_agreement_until_another_message() {
        let mut trace = Trace::default();
        assert_eq!(methods(&trace), None);
        for method in ["server/discover", "tools/list", "server/discover", "initialize", "tools/call"] {
            sent(&mut trace, method);
        }
        assert_eq!(methods(&trace), Some(("initialize".to_owned(), 1)));
    }
}
