//! What is said of responses that are not the one that a request needs.

use super::super::Words;
use super::quoted;
use crate::http::{Head, Request};
use crate::trace::fix::Fix;
use crate::trace::problem::Owner;
use crate::trace::problem::mcp::{Error, Excerpt, Truncation};

pub(super) fn words(error: &Error) -> Words {
    match error {
        Error::Status { head, body, had_session } => status(head, body, *had_session),
        Error::SessionHidden { head, body, page } => session_hidden(head, body, page),
        Error::NotJson { head, body } => not_json(head, body),
        Error::NotMcp { body } => Words::new("The response is not an MCP message")
            .fix("Connect to the path of the MCP endpoint, often `/mcp`.")
            .reason("The body is JSON but not a JSON-RPC response. Likely cause: another endpoint, or `id`, `result` and `error` are missing.")
            .evidence(quoted(body)),
        Error::Truncated { at } => Words::new("The response is incomplete")
            .fix("Check the server's log for this request, and raise idle and buffer limits of proxies.")
            .reason("The server, or a proxy, closed the connection before the response was complete.")
            .evidence(match at {
                Truncation::Json(said) => format!("The JSON of the body is cut off ({said})."),
                Truncation::Event => "The stream ended in the middle of an event.".to_owned(),
                Truncation::Stream => "The stream ended without the response.".to_owned(),
            }),
        Error::Empty { head } => Words::new("The response is empty")
            .fix("Respond to requests (messages with an `id`) with a result or an error.")
            .reason("A request needs a JSON-RPC response in the body or on a stream. Only notifications get 202 without a body.")
            .evidence(format!("`{}` responded {} without a body.", head.url, head.status)),
        Error::ForeignAnswer { id, body } => Words::new("The response has another `id`")
            .fix("Copy the `id` of the request into the response with its type: `1` is not `\"1\"`.")
            .reason("A JSON-RPC response has the `id` of its request.")
            .evidence(format!("{}: {}", foreign(id.as_deref()), quoted(body))),
        Error::InvalidResult { detail } => Words::new("The result does not match the specification")
            .fix("Compare the result with the schema of the negotiated version.")
            .reason("The result does not have the structure that the specification defines.")
            .evidence(format!("{detail}.")),
        Error::NoList { method, member } => Words::new(format!("The result of {method} has no list"))
            .fix(format!("Return an object with the array `{member}`."))
            .reason("The result does not have the structure that the specification defines.")
            .evidence(format!("`{member}` is absent, or not an array.")),
        _ => Words::default(),
    }
}

/// What came in the place of a response, by its id.
fn foreign(id: Option<&str>) -> String {
    id.map_or_else(
        || "A message without `id` was received".to_owned(),
        |id| format!("A response with the `id` {id} was received"),
    )
}

fn status(head: &Head, body: &Excerpt, had_session: bool) -> Words {
    let status = head.status;
    let (reason, fix) = match status {
        400 if !had_session => (
            "The server refused the request. If it uses sessions, `Mcp-Session-Id` may not be exposed.",
            "Find this request in the server's log, and send `Access-Control-Expose-Headers: Mcp-Session-Id`.",
        ),
        404 if had_session => {
            ("The server no longer knows the session.", "Connect again; the state of the old session is lost.")
        }
        404 => ("There is no MCP endpoint at this path.", "Connect to the path of the MCP endpoint, often `/mcp`."),
        405 => (
            "This path does not accept POST. It may be an HTTP+SSE endpoint, or not an MCP endpoint.",
            "Connect to the path of the Streamable HTTP endpoint, which accepts POST.",
        ),
        406 | 415 => (
            "The server refuses the media types of MCP.",
            "Accept `application/json` and `text/event-stream` together, and read `application/json`.",
        ),
        413 | 431 => (
            "The request or its headers exceed a limit.",
            "Raise the limit of the server, or of the proxy in front of it.",
        ),
        429 => ("The server limits requests.", "Wait, and connect again."),
        500..=599 => ("The server, or a proxy in front of it, failed.", "Find this request in the server's log."),
        _ => ("The server refused the request without a JSON-RPC error.", "Find this request in the server's log."),
    };
    Words::new(format!("The server responded {status}")).fix(fix).reason(reason).evidence(format!(
        "`{}` responded {status}. {}",
        head.url,
        quoted(body)
    ))
}

fn session_hidden(head: &Head, body: &Excerpt, page: &str) -> Words {
    Words::new("`Mcp-Session-Id` is not exposed")
        .fix("Send `Access-Control-Expose-Headers: Mcp-Session-Id`.")
        .reason("Without this header the browser hides the session ID, so the next message had none. If the server has no sessions, it refused the message for another reason.")
        .evidence(format!(
            "`initialize` returned no readable `Mcp-Session-Id`, and the next message got {}. {}",
            head.status,
            quoted(body)
        ))
        .headers(Fix::new(page, Owner::Server, &Request::get(head.url.as_str())))
}

fn not_json(head: &Head, body: &Excerpt) -> Words {
    let media = head.media_type();
    let html = media == "text/html" || body.text.starts_with('<');
    let kind = if media.is_empty() { "no media type" } else { media.as_str() };
    let (title, reason, fix) = match html {
        true => (
            "The response is an HTML page",
            "The URL is that of a web page or of a login page in front of the server, or its path is missing.",
            "Connect to the path of the MCP endpoint, often `/mcp`, and exempt it from login pages.",
        ),
        false => (
            "The response is not JSON",
            "An MCP response is `application/json` or `text/event-stream`.",
            "Return one JSON-RPC message with `Content-Type: application/json`.",
        ),
    };
    Words::new(title).fix(fix).reason(reason).evidence(format!(
        "`{}` responded {} ({kind}): {}",
        head.url,
        head.status,
        quoted(body)
    ))
}
