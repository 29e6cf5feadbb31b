//! Sessions and streams of the MCP endpoint.

use super::MCP;
use crate::base::address::Address;
use crate::explain::why::Rule;
use crate::explain::why::differ::mentions;
use crate::explain::why::evidence::{Evidence, body, header};
use crate::http::Head;
use crate::trace::check::{Clause, Verdict};
use crate::trace::problem::{Code, Owner};
use crate::trace::{Event, Exchange, Millis};

pub const RULES: &[Rule] = &[
    Rule {
        name: "session-id-not-exposed",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::Exposed,
        title: "`Mcp-Session-Id` is not exposed",
        fix: "Send `Access-Control-Expose-Headers: Mcp-Session-Id`.",
        reason: "Flowglass cannot read the session ID and so cannot send it back. Likely cause: the header is sent but not exposed.",
        look: |it, step| {
            let hidden = it.row(step)?.problem.as_ref().is_some_and(|it| it.code == Code::SessionHidden);
            let (answer, head) = it.last(step).filter(|(answer, head)| {
                hidden
                    || (head.status == 400
                        && mentions(&body(answer), &["session"])
                        && header(answer, "mcp-session-id").is_none())
            })?;
            Some(format!("{} responded {} to a message without a session.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "session-lost",
        at: MCP,
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::McpSession,
        title: "The server lost the session",
        fix: "Store sessions where all instances find them, or route by `Mcp-Session-Id`.",
        reason: "The server does not know the session ID that it issued. Likely cause: it restarted, or another instance responded.",
        look: |it, step| {
            let lost =
                |(answer, head): &(&Exchange, &Head)| head.status == 404 && header(answer, "mcp-session-id").is_some();
            let (answer, _) = it.answers(step).find(lost)?;
            Some(format!("{} responded 404 to a message with a session id.", answer.request.url))
        },
    },
    Rule {
        name: "stream-held-back",
        at: MCP,
        verdict: Verdict::Warn,
        owner: Owner::Network,
        clause: Clause::McpTransport,
        title: "A proxy buffers the stream",
        fix: "Disable buffering for this path (`X-Accel-Buffering: no`, `proxy_buffering off`), and flush after each event.",
        reason: "No event arrived for a while, then all at once. Likely cause: a proxy holds the events back until the stream ends.",
        look: |it, step| {
            let (answer, gap) =
                it.answers(step).find_map(|(answer, head)| Some((answer, held_back(it, answer, head)?)))?;
            Some(format!(
                "{}: nothing for {:.1} s, then all {} events at once at the end.",
                answer.request.url,
                gap / 1000.0,
                answer.events
            ))
        },
    },
    Rule {
        name: "stream-mislabelled",
        at: MCP,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::McpTransport,
        title: "The stream has the wrong Content-Type",
        fix: "Send `Content-Type: text/event-stream`.",
        reason: "The body is an event stream, but its media type is not, so it is not parsed as one.",
        look: |it, step| {
            let odd = |(answer, head): &(&Exchange, &Head)| {
                let text = body(answer);
                let events = text.starts_with("event:") || text.starts_with("data:") || text.starts_with("id:");
                events && head.media_type() != "text/event-stream"
            };
            let (answer, head) = it.answers(step).find(odd)?;
            Some(format!("{} came as \"{}\", and its body begins like events.", answer.request.url, head.media_type()))
        },
    },
];

/// How long nothing came, where then several events came at once and the stream ended with them; not of this machine,
/// to which nothing is between.
fn held_back(evidence: &Evidence<'_>, answer: &Exchange, head: &Head) -> Option<Millis> {
    let local = evidence.server.as_ref().is_some_and(Address::is_loopback);
    let ended =
        answer.ended.filter(|_| !local).filter(|_| answer.events > 1 && head.media_type() == "text/event-stream")?;
    let began = Evidence::answered_at(answer)?;
    let first = evidence
        .trace
        .entries()
        .iter()
        .find(|it| matches!(&it.event, Event::Streamed { exchange, .. } if *exchange == answer.id))?;
    let gap = first.at - began;
    (gap > 2000.0 && ended - first.at < 100.0).then_some(gap)
}
