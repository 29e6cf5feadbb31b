//! What each fault teaches: what is wrong, who is responsible, where it shows, and how a run with it ends; and the course,
//! which leads through eight of them.
//!
//! How a run ends is what the tests hold the engine to.

use super::Fault;
use super::fault::Area;
use crate::trace::check::Verdict;
use crate::trace::problem::{Code, Owner};
use crate::trace::step::Step;

/// A fault, explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Who has to change something.
    pub owner: Owner,
    /// Where the fault is, which need not be where the run ends.
    pub step: Step,
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

/// A lesson of the course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exercise {
    /// Under which its progress is kept.
    pub id: &'static str,
    pub fault: Fault,
    /// What it is about, without naming the fault.
    pub title: &'static str,
    /// What to find out.
    pub aim: &'static str,
    /// Who changes what.
    pub fix: &'static str,
}

/// From the first response of a server to an attack by one.
pub const COURSE: [Exercise; 8] = [
    Exercise {
        id: "challenge",
        fault: Fault::NoResourceMetadata,
        title: "The challenge",
        aim: "Find out how a client learns where the metadata is.",
        fix: "MCP server: add resource_metadata with the metadata's URL to WWW-Authenticate.",
    },
    Exercise {
        id: "discovery",
        fault: Fault::MetadataAtWrongPath,
        title: "Discovery",
        aim: "The challenge names no metadata, which is allowed: find out which request went wrong first.",
        fix: "MCP server: serve the metadata at /.well-known/oauth-protected-resource/mcp.",
    },
    Exercise {
        id: "browser",
        fault: Fault::NoCors,
        title: "The browser",
        aim: "Find out what a browser needs before a page may read a response.",
        fix: "MCP server: send the CORS headers with every response, errors included.",
    },
    Exercise {
        id: "metadata",
        fault: Fault::WrongIssuer,
        title: "Server metadata",
        aim: "Find out what a client compares in authorization server metadata.",
        fix: "Authorization server: use one spelling of the issuer, character by character.",
    },
    Exercise {
        id: "pkce",
        fault: Fault::NoPkce,
        title: "Before the login",
        aim: "Find out what a client must know before it opens the login.",
        fix: "Authorization server: list S256 in code_challenge_methods_supported.",
    },
    Exercise {
        id: "response",
        fault: Fault::DroppedState,
        title: "After the login",
        aim: "Find out how a client knows that a response belongs to its request.",
        fix: "Authorization server: return state unchanged in the authorization response.",
    },
    Exercise {
        id: "token",
        fault: Fault::WrongAudience,
        title: "The token",
        aim: "Find out why a fresh token is refused.",
        fix: "Authorization server: set aud to the resource of the token request.",
    },
    Exercise {
        id: "mix-up",
        fault: Fault::IssMixUp,
        title: "Two authorization servers",
        aim: "Find out how a client notices a response of another server.",
        fix: "Authorization server: send its own issuer as iss in every authorization response.",
    },
];

impl Lesson {
    const fn stops(owner: Owner, step: Step, code: Code, words: &'static str) -> Self {
        Self { owner, step, words, ends: Ends::Problem(code) }
    }

    pub const fn of(fault: Fault) -> Self {
        match fault.area() {
            Area::Resource => resource(fault),
            Area::AuthorizationServer => authorization_server(fault),
            Area::Response => response(fault),
            Area::Token => token(fault),
            Area::Transport => transport(fault),
        }
    }
}

/// The MCP server as a protected resource.
const fn resource(fault: Fault) -> Lesson {
    let owner = Owner::Server;
    match fault {
        Fault::HiddenChallenge => Lesson {
            owner,
            step: Step::Unauthorized,
            words: "WWW-Authenticate is not listed in Access-Control-Expose-Headers, so no page can read it. Clients in a browser have to try the well-known URLs, as this one did.",
            ends: Ends::Connected(Step::Unauthorized, Verdict::Warn),
        },
        Fault::NoResourceMetadata => Lesson {
            owner,
            step: Step::Unauthorized,
            words: "WWW-Authenticate has a scope, but no resource_metadata (RFC 9728 §5.1). This client tried the well-known URL; clients of revisions before 2025-11-25 know only the challenge.",
            ends: Ends::Connected(Step::Unauthorized, Verdict::Warn),
        },
        Fault::MetadataAtWrongPath => Lesson::stops(
            owner,
            Step::ResourceMetadata,
            Code::RegistrationRefused,
            "The metadata is at /mcp/.well-known/oauth-protected-resource, but RFC 9728 §3.1 puts it at /.well-known/oauth-protected-resource/mcp. The client found nothing, fell back to the default endpoints of 2025-03-26, and failed there.",
        ),
        Fault::ForeignResource => Lesson::stops(
            owner,
            Step::ResourceMetadata,
            Code::ResourceMismatch,
            "resource in the metadata is the URL of another server. A token for it would be valid there, so a client has to stop (RFC 9728 §3.3).",
        ),
        _ => Lesson::stops(
            owner,
            Step::McpRequestWithToken,
            Code::ScopeLimit,
            "The server responds with insufficient_scope and asks for a scope that the token already has. Another login cannot change that, so the client stops.",
        ),
    }
}

/// The authorization server's documents and its registration.
const fn authorization_server(fault: Fault) -> Lesson {
    let (step, code, words) = match fault {
        Fault::WrongIssuer => (
            Step::ServerMetadata,
            Code::IssuerMismatch,
            "issuer in the metadata is https://login.flowglass.invalid/, but the resource metadata names it without the last slash. Issuers are compared as strings, so that no similar name can stand in for another (RFC 8414 §3.3).",
        ),
        Fault::UnsafeEndpoint => (
            Step::ServerMetadata,
            Code::UnsafeUrl,
            "authorization_endpoint is a javascript: URL, and a page that opens it runs the script with its own rights. Clients open only https, or http on loopback.",
        ),
        Fault::NoPkce => (
            Step::ServerMetadata,
            Code::PkceUnsupported,
            "The metadata does not list S256 in code_challenge_methods_supported. MCP clients must refuse to continue, even if the server would accept PKCE.",
        ),
        Fault::NoRegistration => (
            Step::Registration,
            Code::RegistrationUnavailable,
            "There is no registration_endpoint, and no client ID was typed. This authorization server takes pre-registered clients only.",
        ),
        Fault::RegistrationRefused => (
            Step::Registration,
            Code::RegistrationRefused,
            "The authorization server registers only clients with a secret. A page cannot keep one: it registers as a public client (token_endpoint_auth_method none) and uses PKCE.",
        ),
        Fault::InvalidRedirectUri => (
            Step::Registration,
            Code::RegistrationRefused,
            "The redirect URI of this client is not on the authorization server's list. Such lists often allow https only and forget loopback (RFC 8252 §7.3).",
        ),
        _ => {
            return Lesson {
                owner: Owner::Issuer,
                step: Step::Registration,
                words: "The registration response has another redirect URI than the request: a slash was added. The authorization request then names one that is not registered, and the login refuses to redirect.",
                ends: Ends::AtLogin(Step::Registration, Verdict::Fail),
            };
        }
    };
    let owner = if matches!(fault, Fault::NoRegistration) { Owner::You } else { Owner::Issuer };
    Lesson::stops(owner, step, code, words)
}

/// The authorization response.
const fn response(fault: Fault) -> Lesson {
    let (step, code, words) = match fault {
        Fault::LoginError => (
            Step::Callback,
            Code::AuthorizationError,
            "The login failed, and the authorization response has error=server_error. The cause is in the authorization server's log.",
        ),
        Fault::IssMixUp => (
            Step::Callback,
            Code::IssMismatch,
            "iss in the authorization response is another authorization server. In a mix-up attack, a code of an honest server is brought into a flow with a hostile one, which would redeem it (RFC 9207).",
        ),
        Fault::IssMissing => (
            Step::Callback,
            Code::IssMissing,
            "The metadata says that every authorization response has iss, and this one has none. Somebody may have removed it, so the client must reject the response (RFC 9207 §2.4).",
        ),
        Fault::DroppedState => (
            Step::Callback,
            Code::StateMismatch,
            "The authorization response has no state. Without it, a client cannot tell its own response from a code that somebody else injected (RFC 6749 §10.12).",
        ),
        Fault::NoCode => (
            Step::Callback,
            Code::CodeMissing,
            "The authorization response has state and iss, but neither code nor error. There is nothing to exchange for a token.",
        ),
        _ => (
            Step::TokenRequest,
            Code::TokenRefused,
            "The code was redeemed before, so the token endpoint responds with invalid_grant. This client sent it once: a proxy that repeats requests, a link scanner or an attacker sent it too.",
        ),
    };
    let owner = if matches!(fault, Fault::CodeUsedTwice) { Owner::Network } else { Owner::Issuer };
    Lesson::stops(owner, step, code, words)
}

/// The token endpoint and its tokens.
const fn token(fault: Fault) -> Lesson {
    let (step, code, words) = match fault {
        Fault::TokenRefused => (
            Step::TokenRequest,
            Code::TokenRefused,
            "The authorization server no longer knows the client (invalid_client). Typical cause: registrations in memory, and two instances behind one URL.",
        ),
        Fault::ResourceRefused => (
            Step::TokenRequest,
            Code::TokenRefused,
            "The token endpoint does not know the resource (invalid_target), although the authorization endpoint accepted it. The MCP server has to be registered for both.",
        ),
        Fault::TokenEndpointBlocked => (
            Step::TokenRequest,
            Code::CorsBlocked,
            "The token endpoint responds without Access-Control-Allow-Origin, so the page cannot read the token. The metadata has CORS headers; the token endpoint needs them too, errors included.",
        ),
        Fault::TokenAsHtml => (
            Step::Token,
            Code::TokenInvalid,
            "The token endpoint responded 200 with an HTML page. A login wall or a wrong route handled the request.",
        ),
        Fault::ExpiredToken => (
            Step::Token,
            Code::ScopeLimit,
            "The authorization server's clock is two hours behind, so exp of a fresh token is in the past. The MCP server refuses it with invalid_token, and a new login would bring the same.",
        ),
        _ => (
            Step::Token,
            Code::TokenAudience,
            "aud of the token is another audience, because the authorization server ignores resource (RFC 8707). The MCP server has to refuse such a token.",
        ),
    };
    Lesson::stops(Owner::Issuer, step, code, words)
}

/// The MCP server's transport.
const fn transport(fault: Fault) -> Lesson {
    let (step, code, words) = match fault {
        Fault::NoCors => (
            Step::McpRequest,
            Code::CorsBlocked,
            "The MCP server sends no CORS headers, so only clients outside a browser can use it. The browser tells a page nothing; probes that differ in one header found the cause.",
        ),
        Fault::CorsMissingOnErrors => (
            Step::McpRequest,
            Code::CorsBlocked,
            "Only successful responses have CORS headers. The 401 that starts every authorization is an error, so the page cannot read it.",
        ),
        Fault::HtmlInsteadOfJson => (
            Step::McpRequest,
            Code::NotJson,
            "The URL responds 200 with an HTML page. A login wall is in front of the server, or the path is not the endpoint's.",
        ),
        Fault::ServerError => (
            Step::McpRequestWithToken,
            Code::HttpStatus,
            "Discovery, login and token work, but a proxy cannot reach the MCP server behind it (502). Tests without a token do not find this.",
        ),
        Fault::BrokenStream => (
            Step::McpRequestWithToken,
            Code::Truncated,
            "The stream ends in the middle of the response. The server crashed, or a proxy cuts long responses.",
        ),
        Fault::SessionHidden => (
            Step::McpRequestWithToken,
            Code::SessionHidden,
            "The server sends Mcp-Session-Id, but does not list it in Access-Control-Expose-Headers. The page cannot read it, so its next message has no session and is refused.",
        ),
        _ => (
            Step::McpRequestWithToken,
            Code::VersionMismatch,
            "The server responded to initialize with version 2031-01-01, which this client does not know. A server has to respond with the requested version, or with another one that it supports.",
        ),
    };
    Lesson::stops(Owner::Server, step, code, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_has_at_most_two_sentences() {
        for (fault, name, _) in Fault::ALL {
            let sentences = Lesson::of(fault).words.matches(". ").count() + 1;
            assert!(sentences <= 2, "{name} has {sentences}");
        }
    }

    #[test]
    fn the_course_names_no_fault_before_it_is_guessed() {
        for it in COURSE {
            let told = format!("{} {}", it.title, it.aim);
            for (_, name, words) in Fault::ALL {
                assert!(!told.contains(name) && !told.contains(words), "{}: {name}", it.id);
            }
            assert_eq!((it.aim.matches('.').count(), it.aim.ends_with('.')), (1, true), "{}", it.id);
            assert_eq!(COURSE.iter().filter(|other| other.id == it.id || other.fault == it.fault).count(), 1);
        }
    }
}
