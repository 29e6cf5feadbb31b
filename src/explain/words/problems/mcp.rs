//! What is said of the ways in which an MCP server fails a request.

mod answer;

use super::super::notes::older;
use super::Words;
use crate::base::revision::Revision;
use crate::http::HttpError;
use crate::mcp::era;
use crate::trace::problem::mcp::{Error, Excerpt, RpcError};

pub(super) fn words(error: &Error) -> Words {
    match error {
        Error::Status { .. }
        | Error::SessionHidden { .. }
        | Error::NotJson { .. }
        | Error::NotMcp { .. }
        | Error::Truncated { .. }
        | Error::Empty { .. }
        | Error::ForeignAnswer { .. }
        | Error::InvalidResult { .. }
        | Error::NoList { .. } => answer::words(error),
        Error::Rpc { method, error } => Words::new(format!("The server refused {method}"))
            .fix("Find this message in the server's code or log.")
            .reason("The server parsed the request and returned a JSON-RPC error.")
            .quote(refusal(error))
            .evidence(format!("The request was `{method}`.")),
        Error::Version { offered, answered, pinned } => version(offered, answered.as_deref(), *pinned),
        Error::NotModern { why } => version(Revision::LATEST.as_str(), None, true)
            .title(format!("The server does not speak {}", Revision::LATEST.as_str()))
            .reason("You pinned this version, and the server is older.")
            .fix("Set the protocol version to auto, or pin one that the server speaks.")
            .evidence(format!("`server/discover` was sent: {}.", older(why))),
        Error::Unauthorized { .. } | Error::Forbidden { .. } | Error::TooOften { .. } | Error::ScopeDeclined { .. } | Error::ScopeHeld { .. } => {
            authorization(error)
        }
        Error::Redirected { from, to } => redirected(from, to.as_deref(), error.redirects_to_local()),
        Error::RedirectLoop { times, to } => Words::new("The server redirects in a loop")
            .fix("Respond at the URL that you publish, without a redirect.")
            .reason("Each URL that a redirect led to redirects again.")
            .evidence(format!("{times} requests in a row were redirected, the last one to `{to}`.")),
        Error::Http { url, error } => http(url, error),
        Error::Blocked { url, said, asked } => Words::new("The browser shows no response")
            .fix("Check that the server runs, allow each of these headers in the preflight, and send CORS headers with errors too.")
            .reason("There was no connection, the preflight was refused, or this response lacks CORS headers. The browser does not say which.")
            .evidence(format!("`{url}`: {said}. The preflight asked for {}.", asked.join(", "))),
        Error::HeaderMismatch { .. } | Error::MissingCapability { .. } => modern(error),
        Error::NoEndpoint { .. } | Error::ForeignEndpoint { .. } | Error::StreamLost { .. } => stream(error),
    }
}

/// 401 and 403.
fn authorization(error: &Error) -> Words {
    match error {
        Error::Unauthorized { body } => Words::new("The server refuses the access token")
            .fix("Type a new access token, or clear the field to log in with OAuth.")
            .reason("Likely cause: the token has expired, is for another server, or is incomplete.")
            .evidence(format!("The server responded 401 to a request with the typed token. {}", quoted(body))),
        Error::Forbidden { challenge, body } => forbidden(challenge.as_deref(), body),
        Error::TooOften { times } => Words::new("The MCP server refuses new tokens")
            .fix("Compare the claims of the token (step 10) with what the server expects.")
            .reason("The server does not accept what its authorization server issues. Likely cause: audience, issuer or times.")
            .evidence(format!("{times} logins in a row ended in another 401.")),
        Error::ScopeDeclined { required } => Words::new("You declined the requested scopes")
            .fix("Connect again and accept the login for more scopes, or do without this call.")
            .reason("This call needs more scopes than the token has, and they need another login.")
            .evidence(format!("The server responded 403 `insufficient_scope` and requires `{required}`.")),
        Error::ScopeHeld { required } => Words::new("The server requires scopes that were granted")
            .fix("Check where the server reads scopes in the token: `scope` or `scp`, and the audience.")
            .reason("The server does not find the granted scopes in the token. Another login would bring the same token.")
            .evidence(format!("The server responded 403 `insufficient_scope` with `{required}`, and all of it was granted.")),
        _ => Words::default(),
    }
}

fn forbidden(challenge: Option<&str>, body: &Excerpt) -> Words {
    let (reason, fix) = match challenge {
        Some(_) => (
            "Likely cause: the token lacks a scope, or the server refuses the `Origin` of Flowglass.",
            "Name the missing scope in the challenge, or allow the origin of Flowglass. To continue now, set the scope under Authorization settings.",
        ),
        None => (
            "Likely cause: a scope is missing, or the server refuses the `Origin` of Flowglass. The challenge is absent, or hidden by the browser.",
            "Send `WWW-Authenticate` with the missing scope, and expose it (`Access-Control-Expose-Headers: WWW-Authenticate`). Or allow the origin of Flowglass.",
        ),
    };
    let challenge =
        challenge.map_or_else(|| "`WWW-Authenticate` could not be read.".to_owned(), |it| format!("`{it}`"));
    Words::new("The server responded 403 Forbidden")
        .fix(fix)
        .reason(reason)
        .evidence(format!("{challenge} {}", quoted(body)))
}

/// Errors that 2026-07-28 defines.
fn modern(error: &Error) -> Words {
    match error {
        Error::MissingCapability { error } => Words::new("The server requires a client capability")
            .fix("Work without this capability, or use a client that has it.")
            .reason("The request needs a client capability that Flowglass does not declare.")
            .quote(format!("Error {}: {} {}", error.code, error.message, error.data.as_deref().unwrap_or_default()).trim_end())
            .evidence("Capabilities are declared with each request of 2026-07-28."),
        Error::HeaderMismatch { error } => Words::new("The server reports that headers and body differ")
            .fix("Compare `Mcp-Method`, `Mcp-Name` and `MCP-Protocol-Version` with what arrives at the server, behind proxies too.")
            .reason("Likely cause: a proxy removed or altered headers, or the server parses them differently.")
            .quote(format!("Error {}: {}", error.code, error.message))
            .evidence("The wire page shows the headers as they were sent."),
        _ => Words::default(),
    }
}

/// An error as it came, with the versions that it lists: a modern server responds to initialize with them.
fn refusal(error: &RpcError) -> String {
    let said = format!("Error {}: {}", error.code, error.message);
    match era::supported(error) {
        Some(versions) => format!("{said}. Supported versions: {}.", versions.join(", ")),
        None => said,
    }
}

/// Failures of the older transport.
fn stream(error: &Error) -> Words {
    match error {
        Error::ForeignEndpoint { server, .. } => Words::new("The message endpoint is on another origin")
            .fix("Send a URL of the same origin in the `endpoint` event, best a relative one.")
            .reason("Messages may contain a token, and are sent to the origin that you connected to only.")
            .evidence(format!("The `endpoint` event of `{server}` names another origin.")),
        Error::NoEndpoint { detail } => Words::new("The stream has no endpoint event")
            .fix("Connect to the URL of the HTTP+SSE stream, often `/sse`.")
            .reason("In HTTP+SSE the first event is `endpoint`, with the URL for messages.")
            .evidence(format!("{detail}.")),
        Error::StreamLost { detail } => Words::new("The HTTP+SSE stream ended")
            .fix("Raise idle limits of proxies, or send comments to keep the stream open. Better, use Streamable HTTP.")
            .reason(
                "In HTTP+SSE one stream carries all responses. The server, or a proxy with an idle limit, closed it.",
            )
            .evidence(format!("{detail}.")),
        _ => Words::default(),
    }
}

/// The beginning of a body, quoted.
fn quoted(body: &Excerpt) -> String {
    match body {
        Excerpt { text, .. } if text.is_empty() => "The body is empty.".to_owned(),
        Excerpt { text, cut: false } => format!("“{text}”"),
        Excerpt { text, cut: true } => format!("“{text}…”"),
    }
}

fn version(offered: &str, answered: Option<&str>, pinned: bool) -> Words {
    let (reason, fix) = match (answered, pinned) {
        (None, _) => (
            "The response to `initialize` has to contain the negotiated `protocolVersion`.",
            "Return `protocolVersion` in the response to `initialize`.",
        ),
        (Some(_), true) => (
            "You pinned one version, and the server does not support it.",
            "Set the protocol version to auto, or pin the version that the server returned.",
        ),
        (Some(_), false) => (
            "Flowglass does not support the version that the server returned. Whether the server supports others is not known.",
            "Return the requested version where the server supports it, otherwise another published version.",
        ),
    };
    Words::new("No common protocol version").fix(fix).reason(reason).evidence(match answered {
        Some(it) => format!("`{offered}` was requested, `{it}` was returned."),
        None => format!("`{offered}` was requested, and the response has no `protocolVersion`."),
    })
}

fn redirected(from: &str, to: Option<&str>, local: bool) -> Words {
    if local {
        return Words::new("A public server redirects to a local URL")
            .fix("Redirect to a public URL, or connect to the final URL yourself.")
            .reason("Your browser reaches hosts that the server does not. The response is not used, and no further request is sent there.")
            .evidence(format!("`{from}` redirected to loopback or a private network."));
    }
    let evidence = match to {
        Some(_) => format!("`{from}` redirected to another origin."),
        None => format!("`{from}` redirected, and the browser hides the target."),
    };
    Words::new("The URL redirects")
        .fix(match from.strip_suffix('/') {
            Some(without) => format!("Connect to the URL without its trailing slash: `{without}`."),
            None => format!("Connect to the final URL; often it is `{from}/`."),
        })
        .reason(
            "Requests with a token or a session are not redirected, and a response of another origin is not trusted.",
        )
        .evidence(evidence)
}

fn http(url: &str, error: &HttpError) -> Words {
    let (title, reason, fix) = match error {
        HttpError::Timeout { .. } => (
            "No response in time",
            "The server took longer than the time limit, or opened a stream and did not respond on it.",
            "Find this request in the server's log, or raise the time limit in the connection settings.",
        ),
        HttpError::Cut { .. } => (
            "The response is incomplete",
            "The connection ended in the middle of the response. Likely cause: the server stopped, or a proxy closed it.",
            "Check that the server still runs, and read its log.",
        ),
        HttpError::Redirected => (
            "The URL redirects",
            "Requests with a token or a session are not redirected.",
            "Connect to the final URL; often only the trailing slash differs.",
        ),
        HttpError::TooLarge { .. } => (
            "The response is too large",
            "Flowglass reads at most 256 MB of one response, so that it fits into the browser's memory.",
            "Return less in one response: use pagination, a filter, or a resource link.",
        ),
        HttpError::Forbidden { rule } => return super::forbidden(url, rule),
        HttpError::Relay { to, failure } => return super::relay(url, to, failure),
        HttpError::Aborted => ("The request was aborted", "Flowglass ended the request.", "Connect again."),
        HttpError::Blocked { .. } | HttpError::Withheld { .. } => (
            "The browser shows no response",
            "There was no connection, or the browser hides this response.",
            "Check that the server runs, and send CORS headers with errors too.",
        ),
    };
    Words::new(title).fix(fix).reason(reason).evidence(format!("`{url}`: {error}."))
}
