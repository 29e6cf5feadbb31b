//! The sentences of connecting.

use crate::trace::rule::connection::ConnectionRule;
use std::borrow::Cow;

pub fn words(rule: &ConnectionRule) -> Cow<'static, str> {
    match rule {
        ConnectionRule::BearerInHeader => {
            "The token is sent in the Authorization header, never in the URL".into()
        }
        ConnectionRule::Discovered { version } => {
            format!("The server supports {version}, which is stateless: no initialize, no session").into()
        }
        ConnectionRule::ProbeHidden => {
            "The browser blocked server/discover, but initialize works: whether the server also supports 2026-07-28 is unknown. Its Access-Control-Allow-Headers may lack mcp-method".into()
        }
        ConnectionRule::VersionAgreed { version } => format!("Negotiated protocol version: {version}").into(),
        ConnectionRule::ServerMoved { from, to } => {
            format!("{from} redirected to {to}; the final URL is used from here on").into()
        }
        ConnectionRule::MessagesPostedTo { url } => {
            format!("The endpoint event says to send messages to {url}").into()
        }
    }
}
