//! What each fault teaches: what is wrong, whose fault it is, and what the engine makes of it.
//!
//! The last is what the tests hold the engine to.

use super::Fault;
use crate::checks::Verdict;
use crate::problem::{Code, Owner};
use crate::step::Step;

/// A fault, explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Who has to change something.
    pub owner: Owner,
    /// What is wrong, and why it matters.
    pub words: &'static str,
    pub ends: Ends,
}

/// How a run with the fault ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// With this problem.
    Problem(Code),
    /// It connects all the same, and a rule of this step says so.
    Connected(Step, Verdict),
    /// At the login, which does not lead back; a rule of this step told it before.
    AtLogin(Step, Verdict),
}

impl Lesson {
    const fn stops(owner: Owner, code: Code, words: &'static str) -> Self {
        Self { owner, words, ends: Ends::Problem(code) }
    }

    pub const fn of(fault: Fault) -> Self {
        match fault {
            Fault::HiddenChallenge
            | Fault::NoResourceMetadata
            | Fault::MetadataAtWrongPath
            | Fault::ForeignResource
            | Fault::InsufficientScopeLoop => resource(fault),
            Fault::WrongIssuer
            | Fault::UnsafeEndpoint
            | Fault::NoPkce
            | Fault::NoRegistration
            | Fault::RegistrationRefused
            | Fault::InvalidRedirectUri
            | Fault::RedirectUriChanged => registration(fault),
            Fault::LoginError
            | Fault::IssMixUp
            | Fault::IssMissing
            | Fault::DroppedState
            | Fault::NoCode
            | Fault::CodeUsedTwice => callback(fault),
            Fault::TokenRefused
            | Fault::ResourceRefused
            | Fault::TokenEndpointBlocked
            | Fault::TokenAsHtml
            | Fault::ExpiredToken
            | Fault::WrongAudience => token(fault),
            _ => transport(fault),
        }
    }
}

/// The MCP server as a protected resource.
const fn resource(fault: Fault) -> Lesson {
    match fault {
        Fault::HiddenChallenge => Lesson {
            owner: Owner::Server,
            words: "The server sends WWW-Authenticate, and does not list it in Access-Control-Expose-Headers, so no page can read it. A client can still look at the well-known addresses, and this one did. One line at the server mends it.",
            ends: Ends::Connected(Step::Unauthorized, Verdict::Warn),
        },
        Fault::NoResourceMetadata => Lesson {
            owner: Owner::Server,
            words: "The challenge says Bearer and a scope, and not where the metadata lies (resource_metadata, RFC 9728 §5.1). The client went on with the well-known address, which since 2025-11-25 is as good a way; older clients know only the challenge.",
            ends: Ends::Connected(Step::Unauthorized, Verdict::Warn),
        },
        Fault::MetadataAtWrongPath => Lesson::stops(
            Owner::Server,
            Code::RegistrationRefused,
            "The metadata lies at /mcp/.well-known/oauth-protected-resource. The rule puts the well-known part first: /.well-known/oauth-protected-resource/mcp (RFC 9728 §3.1). So nothing was found, and the client fell back to the fixed addresses of 2025-03-26, where nobody is. What failed last is not what was wrong.",
        ),
        Fault::ForeignResource => Lesson::stops(
            Owner::Server,
            Code::ResourceMismatch,
            "The metadata is that of another server. A token asked for with that resource would be good there: a hostile server borrows tokens this way, so a client has to stop (RFC 9728 §3.3).",
        ),
        _ => Lesson::stops(
            Owner::Server,
            Code::ScopeLimit,
            "The server asks with insufficient_scope for a scope that the token has. Whoever keeps asking the authorization server would go round for ever; a client counts, or sees that it holds the scope already, and stops.",
        ),
    }
}

/// The authorization server's documents and its registration.
const fn registration(fault: Fault) -> Lesson {
    let (code, words) = match fault {
        Fault::WrongIssuer => (
            Code::IssuerMismatch,
            "The metadata says https://login.flowglass.invalid/ and the resource names it without the last slash. To a person that is the same; issuers are compared as strings, because whoever may differ a little could be somebody else (RFC 8414 §3.3).",
        ),
        Fault::UnsafeEndpoint => (
            Code::UnsafeUrl,
            "authorization_endpoint is a javascript: address. A page that opens it runs the script with all its rights. An address from a server is foreign text, so clients check it before they open it or hand it on: only https, or http on this machine, is opened.",
        ),
        Fault::NoPkce => (
            Code::PkceUnsupported,
            "The metadata does not list S256 in code_challenge_methods_supported. Perhaps the server can do it; MCP says that a client must not go on unless it is told.",
        ),
        Fault::NoRegistration => (
            Code::RegistrationUnavailable,
            "There is no registration_endpoint, and no client id was typed. That is a choice of the authorization server: clients are registered by hand there. So this one is for you to mend, or for the server's owner to open.",
        ),
        Fault::RegistrationRefused => (
            Code::RegistrationRefused,
            "The authorization server takes only clients that keep a secret. A page cannot keep one, so it has to register as a public client, with token_endpoint_auth_method none and PKCE in its place.",
        ),
        Fault::InvalidRedirectUri => (
            Code::RegistrationRefused,
            "The redirect URI of this page is not on the list of those that the authorization server allows. Such lists often hold https alone, or forget localhost (RFC 8252 §7.3).",
        ),
        _ => {
            return Lesson {
                owner: Owner::Issuer,
                words: "The registration answered 201, with another redirect URI than the one that was asked for: a slash was added. The authorization request then names one that is not registered, and the login must not lead back. Who reads the answer to the registration knows it two steps earlier.",
                ends: Ends::AtLogin(Step::Registration, Verdict::Fail),
            };
        }
    };
    let owner = if matches!(fault, Fault::NoRegistration) { Owner::You } else { Owner::Issuer };
    Lesson::stops(owner, code, words)
}

/// What came back from the login.
const fn callback(fault: Fault) -> Lesson {
    let (code, words) = match fault {
        Fault::LoginError => (
            Code::AuthorizationError,
            "The login itself failed, and said so in the callback with error=server_error. Nothing is wrong with the client: look into the authorization server's log.",
        ),
        Fault::IssMixUp => (
            Code::IssMismatch,
            "The callback carries the iss of another authorization server. In a mix-up attack a code of an honest server is lured into a flow with a hostile one, which would then redeem it; iss shows it (RFC 9207).",
        ),
        Fault::IssMissing => (
            Code::IssMissing,
            "The metadata promises iss in every callback, and this one has none. Somebody may have taken it out; a promise that is not kept counts as a breach (RFC 9207 §2.4).",
        ),
        Fault::DroppedState => (
            Code::StateMismatch,
            "The authorization server left state out. Without it nobody knows whether this callback answers the request of this tab, or whether a stranger's code is being slipped in (RFC 6749 §10.12). The flow that waits stays untouched.",
        ),
        Fault::NoCode => (
            Code::CodeMissing,
            "The callback has state and iss, and neither code nor error. There is nothing to trade for a token.",
        ),
        _ => (
            Code::TokenRefused,
            "A code works once. Here somebody had redeemed it before, so the token endpoint says invalid_grant. This tab sent it once, as the wire shows: it was something between, as a proxy that repeats requests or a scanner that follows links, or theft.",
        ),
    };
    let owner = if matches!(fault, Fault::CodeUsedTwice) { Owner::Network } else { Owner::Issuer };
    Lesson::stops(owner, code, words)
}

/// The token endpoint and its tokens.
const fn token(fault: Fault) -> Lesson {
    let (code, words) = match fault {
        Fault::TokenRefused => (
            Code::TokenRefused,
            "The authorization server forgot the client between the login and the token request (invalid_client): a registration kept in memory, and two instances behind one address.",
        ),
        Fault::ResourceRefused => (
            Code::TokenRefused,
            "The token endpoint does not know the resource (invalid_target), although the login did. Both halves of the authorization server have to be told of the MCP server.",
        ),
        Fault::TokenEndpointBlocked => (
            Code::CorsBlocked,
            "The token endpoint answers without Access-Control-Allow-Origin. Everything went well up to here, because metadata has the lines: a client that runs in a page needs them at the token endpoint too, on errors as well.",
        ),
        Fault::TokenAsHtml => (
            Code::TokenInvalid,
            "The token endpoint answered 200 with a web page: something before it, a login wall or a wrong route, took the request.",
        ),
        Fault::ExpiredToken => (
            Code::ScopeLimit,
            "The clock of the authorization server is two hours behind: its tokens have expired when they are made. The MCP server refuses each with invalid_token, a new login brings another of the same kind, and the client stops after three. Look at exp in the token.",
        ),
        _ => (
            Code::ScopeLimit,
            "The tokens are made for another audience (aud), so the MCP server is right to refuse them. The authorization server ignored the resource that was asked for (RFC 8707). A server that did not check aud would take tokens that were meant for others.",
        ),
    };
    Lesson::stops(Owner::Issuer, code, words)
}

/// The MCP server's transport.
const fn transport(fault: Fault) -> Lesson {
    let (code, words) = match fault {
        Fault::NoCors => (
            Code::CorsBlocked,
            "The MCP server sends no CORS lines at all. It works with every client that is no web page, so nobody noticed. The browser tells a page nothing; probes that differ in one thing found it out.",
        ),
        Fault::CorsMissingOnErrors => (
            Code::CorsBlocked,
            "Only good answers carry the CORS lines. The 401, which begins every authorization, is an error: the page cannot even see that it has to log in. Often the lines are set in a handler that errors do not pass.",
        ),
        Fault::HtmlInsteadOfJson => (
            Code::NotJson,
            "At the address of the MCP server a web page answers, with 200: a login wall before the server, or a path that is not the endpoint's.",
        ),
        Fault::ServerError => (
            Code::HttpStatus,
            "Discovery, login and token are all right; a proxy then cannot reach the MCP server behind it (502). Whoever only tested without a token did not see it.",
        ),
        Fault::BrokenStream => (
            Code::Truncated,
            "The stream with the answer breaks off in its middle: the server stopped, or something between cuts long answers.",
        ),
        Fault::SessionHidden => (
            Code::SessionHidden,
            "The server (of an older revision) hands out Mcp-Session-Id and does not list it in Access-Control-Expose-Headers. The page cannot read it, so its next message comes without a session and is refused.",
        ),
        _ => (
            Code::VersionMismatch,
            "The server answered initialize with 2031-01-01, which this client does not know, so the client has to stop. A server that knows the version it was offered answers with that one, and otherwise with one of its own. Whether it speaks others was not seen: choose another version on the first page to find out.",
        ),
    };
    Lesson::stops(Owner::Server, code, words)
}
