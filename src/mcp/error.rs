//! How an MCP server can fail a request, and what is said of it.

use super::era;
use crate::checks::Clause;
use crate::cors::Fix;
use crate::http::{Head, HttpError, Request};
use crate::jsonrpc::{self, Message, NotAMessage, RpcError};
use crate::problem::{Code, Owner, Problem};
use crate::text::prefix;

/// Why there is no answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// An HTTP error without a JSON-RPC message in it; the beginning of the body.
    Status {
        head: Head,
        body: String,
        had_session: bool,
    },
    /// The second request was refused, and the browser showed no session id with the answer to the first.
    SessionHidden {
        head: Head,
        body: String,
        page: String,
    },
    NotJson {
        head: Head,
        body: String,
    },
    NotMcp {
        body: String,
    },
    /// The body, or a stream, ended before the answer.
    Truncated {
        detail: String,
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
    /// A token given by hand was refused.
    Unauthorized {
        body: String,
    },
    Forbidden {
        challenge: Option<String>,
        body: String,
    },
    /// Tokens were refused as often as this client asks for one.
    TooOften {
        times: u32,
    },
    /// 403 for more scopes, and the person does not ask for them.
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
    Http {
        url: String,
        error: HttpError,
    },
    /// The browser showed nothing of an answer; the headers that its preflight asked for.
    Blocked {
        url: String,
        said: String,
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
        body: String,
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
}

/// What came in the place of an answer, by its id: that may stand behind all that an excerpt shows.
fn foreign(body: &str) -> String {
    match jsonrpc::message(body) {
        Ok(Message::Result { id, .. } | Message::Error { id: Some(id), .. }) => format!("one with the id {id}"),
        _ => "this did".to_owned(),
    }
}

impl Error {
    pub fn problem(&self) -> Problem {
        match self {
            Self::Status { head, body, had_session } => status(head, body, *had_session),
            Self::SessionHidden { head, body, page } => session_hidden(head, body, page),
            Self::NotJson { head, body } => not_json(head, body),
            Self::NotMcp { body } => Problem::new(Code::NotMcp, Owner::Server, "The answer is not an MCP message")
                .seen(format!("The body is JSON, but not the JSON-RPC answer to this request: {}", excerpt(body)))
                .cause("Something else than an MCP server answers at this address, or the message lacks id, result and error.")
                .advice("Check the path of the address; often it ends in /mcp."),
            Self::Truncated { detail } => Problem::new(Code::Truncated, Owner::Server, "The answer ended too early")
                .seen(format!("{detail}."))
                .cause("The server, or a proxy between, closed the connection before the answer was whole.")
                .advice("Look into the server's log for this request; raise idle and buffer limits of proxies."),
            Self::Empty { head } => Problem::new(Code::Truncated, Owner::Server, "The answer is empty")
                .seen(format!("{} answered {} without a body.", head.url, head.status))
                .cause("A request is answered with a JSON-RPC message, in the body or on a stream. Only notifications are answered with 202 and nothing.")
                .advice("Answer requests (messages with an id) with a result or an error."),
            Self::Rpc { method, error } => Problem::new(Code::RpcError, Owner::Server, format!("The server refused {method}"))
                .seen(refusal(error))
                .cause("The server understood the request as JSON-RPC and answered with an error.")
                .advice("The message is the server's own; look for it in its code or its log."),
            Self::Version { offered, answered, pinned } => version(offered, answered.as_deref(), *pinned),
            Self::Unauthorized { body } => Problem::new(Code::Unauthorized, Owner::You, "The server refused the token given by hand")
                .seen(format!("It answered 401 to a request that carried your token. {}", excerpt(body)))
                .cause("The token is expired, meant for another server, or damaged.")
                .advice("Give a fresh token, or leave the field empty to go through OAuth."),
            Self::Forbidden { challenge, body } => Problem::new(Code::Forbidden, Owner::Server, "The server forbids this")
                .seen(format!("It answered 403. {} {}", challenge.as_deref().unwrap_or("Its WWW-Authenticate could not be read."), excerpt(body)))
                .cause("The token is good but not for this, or the server refuses this page's Origin.")
                .advice("Ask for the scope that the challenge names, under Authorization settings; or allow this page's origin in the server."),
            Self::TooOften { times } => Problem::new(Code::ScopeLimit, Owner::Server, "The server keeps refusing fresh tokens")
                .seen(format!("{times} authorizations in a row ended in another 401."))
                .cause("The server does not accept what its own authorization server issues. Either the tokens are not right (audience, issuer, times), or the server expects something else.")
                .advice("Compare what the tokens say of themselves (step 10) with what the server checks."),
            Self::ScopeDeclined { required } => Problem::new(Code::Forbidden, Owner::You, "The server wants more scopes, and you did not ask for them")
                .seen(format!("It answered 403 with insufficient_scope and wants \"{required}\"."))
                .cause("The token is good, but not for this. More scopes need another login, which you declined.")
                .advice("Connect again, and allow the step-up; or go without what needs these scopes."),
            Self::ScopeHeld { required } => Problem::new(Code::ScopeLimit, Owner::Server, "The server wants scopes that the token has")
                .seen(format!("It answered 403 with insufficient_scope and named \"{required}\", all of which was granted."))
                .cause("The server does not find in the token what the authorization server says is in it. Another login would bring the same token.")
                .advice("Look how the server reads scopes from the token: often the claim's name (scope, scp) or the audience differs."),
            Self::Redirected { from, to } => redirected(from, to.as_deref()),
            Self::Http { url, error } => http(url, error),
            Self::Blocked { url, said, asked } => Problem::new(Code::Unreachable, Owner::Network, "The browser showed no answer")
                .seen(format!("{url}: nothing that a page may read ({said}). The preflight asked for {}.", asked.join(", ")))
                .cause("The connection did not come about, or the preflight was refused, or this very answer lacks the CORS lines. The browser does not say which.")
                .advice("Check that the server still runs. If it does, let it allow each of these headers, and see that error answers carry the CORS lines too."),
            Self::ForeignAnswer { body } => Problem::new(Code::NotMcp, Owner::Server, "The answer belongs to another request")
                .seen(format!("No answer with the id of this request came, but {}: {}", foreign(body), excerpt(body)))
                .cause("A JSON-RPC answer repeats the id of its request, with the same type.")
                .advice("Copy the id of the request into the answer as it stands: 1 is not \"1\"."),
            Self::InvalidResult { detail } => Problem::new(Code::NotMcp, Owner::Server, "The result is not one that the specification allows")
                .seen(format!("{detail}."))
                .cause("The result does not have the shape that the specification gives.")
                .advice("Compare the result, below or on the wire page, with the schema of the revision."),
            Self::HeaderMismatch { .. } | Self::MissingCapability { .. } => modern(self),
            Self::NoEndpoint { .. } | Self::ForeignEndpoint { .. } | Self::StreamLost { .. } => stream(self),
        }
        .clause_or(self.clause())
    }

    /// Whether the server does not know the session any more: 404 to a request that named one (MCP, session management).
    pub const fn is_lost_session(&self) -> bool {
        matches!(self, Self::Status { head, had_session: true, .. } if head.status == 404)
    }

    const fn clause(&self) -> Clause {
        match self {
            Self::Version { .. } => Clause::McpVersion,
            Self::Unauthorized { .. } | Self::Forbidden { .. } | Self::TooOften { .. } => Clause::BearerRefused,
            Self::ScopeDeclined { .. } | Self::ScopeHeld { .. } => Clause::McpScope,
            Self::Status { had_session: true, .. } | Self::SessionHidden { .. } => Clause::McpSession,
            Self::Rpc { .. } => Clause::McpLifecycle,
            Self::HeaderMismatch { .. } => Clause::McpHeaders,
            Self::MissingCapability { .. } => Clause::McpStateless,
            Self::NoEndpoint { .. } | Self::ForeignEndpoint { .. } | Self::StreamLost { .. } => Clause::McpSse,
            _ => Clause::McpTransport,
        }
    }

    /// What a text that is no message is called.
    pub fn unreadable(head: &Head, body: &str, why: &NotAMessage) -> Self {
        match why {
            NotAMessage::NotJson(_) => Self::NotJson { head: head.clone(), body: body.to_owned() },
            NotAMessage::Truncated(said) if !body.trim().is_empty() => {
                Self::Truncated { detail: format!("The JSON of the body stops in the middle ({said})") }
            }
            NotAMessage::Truncated(_) => Self::Empty { head: head.clone() },
            NotAMessage::NotRpc => Self::NotMcp { body: body.to_owned() },
        }
    }
}

impl Problem {
    fn clause_or(self, clause: Clause) -> Self {
        match self.clause {
            Some(_) => self,
            None => self.clause(clause),
        }
    }
}

/// Errors that 2026-07-28 defines.
fn modern(error: &Error) -> Problem {
    match error {
        Error::MissingCapability { error } => Problem::new(Code::CapabilityMissing, Owner::Server, "The server wants more of this client than it offers")
            .seen(format!("Error {}: {} {}", error.code, error.message, error.data.as_deref().unwrap_or_default()).trim_end())
            .cause("The request needs a capability of the client that this one does not have, so it did not declare it.")
            .advice("Let the server do without it, or try a client that has it."),
        Error::HeaderMismatch { error } => Problem::new(Code::HeaderMismatch, Owner::Server, "The server says that headers and body disagree")
            .seen(format!("Error {}: {}", error.code, error.message))
            .cause("Headers were lost or altered between this page and the server, or the server reads them wrongly. What left this page is on the wire page.")
            .advice("Compare the request's Mcp-Method, Mcp-Name and MCP-Protocol-Version with what arrives at the server; look at proxies between."),
        _ => Problem::new(Code::NotMcp, Owner::Server, "The answer is not one that was expected"),
    }
}

/// An error as it came, with the versions that it lists: a modern server answers initialize with them.
fn refusal(error: &RpcError) -> String {
    let said = format!("Error {}: {}", error.code, error.message);
    match era::supported(error) {
        Some(versions) => format!("{said}. It speaks {}", versions.join(", ")),
        None => said,
    }
}

/// Failures of the older transport.
fn stream(error: &Error) -> Problem {
    match error {
        Error::ForeignEndpoint { server, endpoint } => Problem::new(Code::EndpointMismatch, Owner::Server, "The server wants messages sent to another origin")
            .seen(format!("The stream of {server} named {} as the address for messages.", excerpt(endpoint)))
            .cause("Messages may hold a token and what you typed; they go to the server that you connected to and nowhere else.")
            .advice("Name an address of the same origin in the endpoint event; a relative one is best."),
        Error::NoEndpoint { detail } => Problem::new(Code::NotMcp, Owner::Server, "The stream does not say where messages go")
            .seen(format!("{detail}."))
            .cause("In HTTP+SSE the first event of the stream is \"endpoint\", with the address that messages are posted to.")
            .advice("Check the path of the address; often it ends in /sse."),
        Error::StreamLost { detail } => Problem::new(Code::StreamLost, Owner::Server, "The stream that carries all answers ended")
            .seen(format!("{detail}."))
            .cause("In HTTP+SSE one stream lives as long as the connection. The server, or a proxy with an idle limit, closed it.")
            .advice("Connect again. Raise idle limits of proxies, or send comments to keep the stream alive; better, move to Streamable HTTP."),
        _ => Problem::new(Code::NotMcp, Owner::Server, "The answer is not one that was expected"),
    }
}

/// The beginning of a body, quoted.
fn excerpt(body: &str) -> String {
    let text = body.split_whitespace().collect::<Vec<_>>().join(" ");
    match prefix(&text, 200) {
        "" => "The body is empty.".to_owned(),
        all if all.len() == text.len() => format!("“{all}”"),
        part => format!("“{part}…”"),
    }
}

fn status(head: &Head, body: &str, had_session: bool) -> Problem {
    let status = head.status;
    let (cause, advice) = match status {
        400 if !had_session => (
            "The server did not like the request. If it hands out sessions, the browser may be hiding Mcp-Session-Id from this page.",
            "Send Access-Control-Expose-Headers: mcp-session-id, or look into the server's log.",
        ),
        404 if had_session => {
            ("The server does not know the session any more.", "Connect again; the state of the old session is lost.")
        }
        404 => ("There is no MCP endpoint at this path.", "Check the path of the address; often it ends in /mcp."),
        405 => (
            "This path does not take POST: perhaps it is the endpoint of the older HTTP+SSE transport, or not an MCP endpoint.",
            "Check the path; a Streamable HTTP endpoint takes POST.",
        ),
        406 | 415 => (
            "The server does not take the media types that MCP prescribes.",
            "Accept application/json and text/event-stream together, and take application/json.",
        ),
        413 | 431 => (
            "The request, or its headers, are larger than the server takes.",
            "Raise the limit of the server or of the proxy before it.",
        ),
        429 => ("The server asks for fewer requests.", "Wait a while and try again."),
        500..=599 => (
            "The server, or a proxy before it, failed while answering.",
            "Look into the server's log for this request.",
        ),
        _ => (
            "The server refused the request without saying why in JSON-RPC.",
            "Look into the server's log for this request.",
        ),
    };
    let seen = format!("{} answered {status}. {}", head.url, excerpt(body));
    Problem::new(Code::HttpStatus, Owner::Server, format!("The server answered {status}"))
        .seen(seen)
        .cause(cause)
        .advice(advice)
}

fn session_hidden(head: &Head, body: &str, page: &str) -> Problem {
    let seen = format!(
        "initialize was answered without a readable Mcp-Session-Id, and the next message with {}. {}",
        head.status,
        excerpt(body)
    );
    Problem::new(Code::SessionHidden, Owner::Server, "The server seems to hide its session id from this page")
        .seen(seen)
        .cause("A page reads Mcp-Session-Id only where the server exposes it. Without it every later message comes without a session. (A server that has no sessions refused the message for another reason.)")
        .advice("Add the last of these lines to the server's answers.")
        .fix(Fix::new(page, Owner::Server, &Request::get(head.url.as_str())))
}

fn not_json(head: &Head, body: &str) -> Problem {
    let media = head.media_type();
    let html = media == "text/html" || body.trim_start().starts_with('<');
    let kind = if media.is_empty() { "no content-type" } else { media.as_str() };
    let (cause, advice) = match html {
        true => (
            "This is a web page. The address is that of a site, of a login page before the server, or lacks its path.",
            "Check the path of the address; often it ends in /mcp. Exempt the endpoint from login pages.",
        ),
        false => (
            "An MCP answer is application/json or text/event-stream.",
            "Answer with one JSON-RPC message, and say so in content-type.",
        ),
    };
    Problem::new(Code::NotJson, Owner::Server, "The answer is not JSON")
        .seen(format!("{} answered {} with {kind}: {}", head.url, head.status, excerpt(body)))
        .cause(cause)
        .advice(advice)
}

fn version(offered: &str, answered: Option<&str>, pinned: bool) -> Problem {
    let seen = match answered {
        Some(it) => format!("{offered} was offered, and the server answered {it}."),
        None => format!("{offered} was offered, and the answer has no protocolVersion."),
    };
    let cause = match pinned {
        _ if answered.is_none() => {
            "The answer to initialize names the version that holds from then on; without it nothing is agreed."
        }
        true => "You pinned one revision, and the server does not speak it.",
        false => {
            "This client does not know that version, so it has to stop. Whether the server speaks others was not seen."
        }
    };
    let owner = if pinned && answered.is_some() { Owner::You } else { Owner::Server };
    Problem::new(Code::VersionMismatch, owner, "No common protocol version").seen(seen).cause(cause).advice(
        if answered.is_none() {
            "Answer initialize with the protocolVersion that was agreed on."
        } else if pinned {
            "Let the version be chosen automatically, or pin the one that the server answered."
        } else {
            "Answer with the version that is offered, where the server speaks it, else with another published one. To see what it speaks, choose a version before you connect."
        },
    )
}

fn redirected(from: &str, to: Option<&str>) -> Problem {
    let seen = match to {
        Some(to) => format!("{from} redirected to {to}, which is another origin."),
        None => format!("{from} redirected, and the browser does not show where to."),
    };
    Problem::new(Code::Redirected, Owner::Server, "The address redirects")
        .seen(seen)
        .cause("Requests with a token or a session are not sent on, and the answer of another origin is not taken.")
        .advice(match from.strip_suffix('/') {
            Some(without) => format!("Try the address without its last slash: {without}"),
            None => format!("Try the final address; often it is the same with a slash at the end: {from}/"),
        })
}

fn http(url: &str, error: &HttpError) -> Problem {
    let (code, title, cause, advice) = match error {
        HttpError::Timeout { .. } => (
            Code::Timeout,
            "No answer in time",
            "The server took longer than the time-out allows, or opened a stream and never answered on it.",
            "Look into the server's log; or allow more time under Version, transport, headers.",
        ),
        HttpError::Cut { .. } => (
            Code::Truncated,
            "The answer broke off",
            "The connection ended in the middle of the answer: the server stopped, or a proxy between gave up.",
            "Check that the server still runs, and look into its log.",
        ),
        HttpError::Redirected => (
            Code::Redirected,
            "The address redirects",
            "Requests with a token or a session are not sent on.",
            "Use the final address; often only the last slash differs.",
        ),
        HttpError::Aborted => (Code::Timeout, "Given up", "This client ended the request.", "Try again."),
        HttpError::Blocked { .. } => (
            Code::Unreachable,
            "The browser showed no answer",
            "The connection did not come about, or the browser may not read this answer.",
            "Check that the server still runs, and see that error answers carry the CORS lines too.",
        ),
    };
    let owner = if code == Code::Unreachable { Owner::Network } else { Owner::Server };
    Problem::new(code, owner, title).seen(format!("{url}: {error}.")).cause(cause).advice(advice)
}
