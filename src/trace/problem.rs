//! What a failure is: its cause with the facts, its code, who is responsible, the step and the clause.
//!
//! There is no sentence here: `explain::words` has what is said of each cause.

mod fresh;
pub mod mcp;
pub mod oauth;
mod probes;

pub use fresh::{Claims, FreshToken, FreshVerdict};
pub use probes::{Alive, Blocked, Cors, Leads, Redirect, Shown};

use crate::http::{HttpError, Rule};
use crate::trace::check::Clause;
use crate::trace::step::Step;
use serde::{Deserialize, Serialize};

/// A stable name for a failure. Codes are added, and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Code {
    AccessDenied,
    AuthorizationError,
    CapabilityMissing,
    ClientSecretNewOrigin,
    CodeMissing,
    CorsBlocked,
    EndpointLoopback,
    EndpointMismatch,
    EndpointOtherOrigin,
    Forbidden,
    HeaderMismatch,
    HttpStatus,
    IssMismatch,
    IssMissing,
    IssuerMismatch,
    KeyUnusable,
    MetadataInvalid,
    NotJson,
    NotMcp,
    PkceUnsupported,
    RedirectLoop,
    Redirected,
    RegistrationRefused,
    RegistrationUnavailable,
    ResourceMismatch,
    RpcError,
    ScopeLimit,
    ServerNotListed,
    SessionHidden,
    StateMismatch,
    StorageFull,
    StreamLost,
    Timeout,
    TokenAudience,
    TokenInvalid,
    TokenRefused,
    TooLarge,
    Truncated,
    Unauthorized,
    Unreachable,
    UnsafeUrl,
    VersionMismatch,
}

impl Code {
    /// Every code with its name, and whether this client stops on purpose (`refused`) or something failed (`failed`).
    pub const ALL: &'static [(Self, &'static str, Ending)] = &[
        (Self::AccessDenied, "access-denied", Ending::Failed),
        (Self::AuthorizationError, "authorization-error", Ending::Failed),
        (Self::CapabilityMissing, "capability-missing", Ending::Failed),
        (Self::ClientSecretNewOrigin, "client-secret-new-origin", Ending::Refused),
        (Self::CodeMissing, "code-missing", Ending::Refused),
        (Self::CorsBlocked, "cors-blocked", Ending::Failed),
        (Self::EndpointLoopback, "endpoint-loopback", Ending::Refused),
        (Self::EndpointMismatch, "endpoint-mismatch", Ending::Refused),
        (Self::EndpointOtherOrigin, "endpoint-other-origin", Ending::Refused),
        (Self::Forbidden, "forbidden", Ending::Failed),
        (Self::HeaderMismatch, "header-mismatch", Ending::Failed),
        (Self::HttpStatus, "http-status", Ending::Failed),
        (Self::IssMismatch, "iss-mismatch", Ending::Refused),
        (Self::IssMissing, "iss-missing", Ending::Refused),
        (Self::IssuerMismatch, "issuer-mismatch", Ending::Refused),
        (Self::KeyUnusable, "key-unusable", Ending::Failed),
        (Self::MetadataInvalid, "metadata-invalid", Ending::Failed),
        (Self::NotJson, "not-json", Ending::Failed),
        (Self::NotMcp, "not-mcp", Ending::Failed),
        (Self::PkceUnsupported, "pkce-unsupported", Ending::Refused),
        (Self::RedirectLoop, "redirect-loop", Ending::Failed),
        (Self::Redirected, "redirected", Ending::Failed),
        (Self::RegistrationRefused, "registration-refused", Ending::Failed),
        (Self::RegistrationUnavailable, "registration-unavailable", Ending::Failed),
        (Self::ResourceMismatch, "resource-mismatch", Ending::Refused),
        (Self::RpcError, "rpc-error", Ending::Failed),
        (Self::ScopeLimit, "scope-limit", Ending::Refused),
        (Self::ServerNotListed, "server-not-listed", Ending::Refused),
        (Self::SessionHidden, "session-hidden", Ending::Failed),
        (Self::StateMismatch, "state-mismatch", Ending::Refused),
        (Self::StorageFull, "storage-full", Ending::Failed),
        (Self::StreamLost, "stream-lost", Ending::Failed),
        (Self::Timeout, "timeout", Ending::Failed),
        (Self::TokenAudience, "token-audience", Ending::Refused),
        (Self::TokenInvalid, "token-invalid", Ending::Failed),
        (Self::TokenRefused, "token-refused", Ending::Failed),
        (Self::TooLarge, "too-large", Ending::Failed),
        (Self::Truncated, "truncated", Ending::Failed),
        (Self::Unauthorized, "unauthorized", Ending::Failed),
        (Self::Unreachable, "unreachable", Ending::Failed),
        (Self::UnsafeUrl, "unsafe-url", Ending::Refused),
        (Self::VersionMismatch, "version-mismatch", Ending::Failed),
    ];

    fn row(self) -> Option<&'static (Self, &'static str, Ending)> {
        Self::ALL.iter().find(|(code, ..)| *code == self)
    }

    pub fn as_str(self) -> &'static str {
        self.row().map_or("unknown", |(_, name, _)| *name)
    }

    pub fn ending(self) -> Ending {
        self.row().map_or(Ending::Failed, |(.., ending)| *ending)
    }

    /// The code of a request without a whole answer.
    const fn of(error: &HttpError) -> Self {
        match error {
            HttpError::Timeout { .. } => Self::Timeout,
            HttpError::Cut { .. } => Self::Truncated,
            HttpError::Redirected => Self::Redirected,
            HttpError::TooLarge { .. } => Self::TooLarge,
            HttpError::Blocked { .. }
            | HttpError::Withheld { .. }
            | HttpError::Aborted
            | HttpError::Forbidden { .. }
            | HttpError::Relay { .. } => Self::Unreachable,
        }
    }
}

/// How an attempt ends that does not connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// This client stopped on purpose: a rule of the protocol or of security was broken.
    Refused,
    /// The network or the peer failed, or the user denied access.
    Failed,
}

/// Who has to change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Owner {
    Server,
    Issuer,
    Network,
    Browser,
    /// Who serves Flowglass.
    Host,
    You,
}

impl Owner {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Server => "MCP server",
            Self::Issuer => "Authorization server",
            Self::Network => "Network",
            Self::Browser => "Browser",
            Self::Host => "Host of Flowglass",
            Self::You => "You",
        }
    }

    /// Its name in `data-owner`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Server => "mcp-server",
            Self::Issuer => "authorization-server",
            Self::Network => "network",
            Self::Browser => "browser",
            Self::Host => "host",
            Self::You => "user",
        }
    }

    /// The name of its lane: one colour wherever that party is named.
    pub const fn party(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Issuer => "issuer",
            Self::Network | Self::Browser | Self::Host => "browser",
            Self::You => "you",
        }
    }
}

/// A failure or a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub code: Code,
    /// Who has to change something.
    pub owner: Owner,
    /// The step at which it happened, where it happened in one.
    pub step: Option<Step>,
    /// The rule that was broken.
    pub clause: Option<Clause>,
    pub cause: Cause,
}

impl Problem {
    pub fn new(cause: Cause) -> Self {
        let About { code, owner, step, clause } = cause.about();
        Self { code, owner, step, clause, cause }
    }

    #[must_use]
    pub const fn at(mut self, step: Step) -> Self {
        self.step = Some(step);
        self
    }
}

/// Why an attempt, a request or a login failed, with what was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    Authorization(oauth::Error),
    Mcp(mcp::Error),
    /// Neither transport is spoken: what the first request met, and how the stream of HTTP+SSE failed.
    BothTransports {
        first: Box<Self>,
        detail: String,
    },
    /// The browser hid an answer, and probes looked into it.
    Blocked(Blocked),
    /// The server refuses a token that was issued just now.
    FreshToken(Box<FreshToken>),
    /// The host connects to listed servers only (`onlyListed` of `inspector.json`), and so many are listed.
    NotListed {
        server: String,
        listed: usize,
    },
    /// The user ended an authorization that waited for them.
    StoppedByUser,
}

/// What follows from a cause by itself.
struct About {
    code: Code,
    owner: Owner,
    step: Option<Step>,
    clause: Option<Clause>,
}

impl Cause {
    fn about(&self) -> About {
        match self {
            Self::Authorization(error) => error.about(),
            Self::Mcp(error) => error.about(),
            Self::BothTransports { first, .. } => first.about(),
            Self::Blocked(blocked) => blocked.about(),
            Self::FreshToken(token) => token.about(),
            Self::NotListed { .. } => {
                About { code: Code::ServerNotListed, owner: Owner::Host, step: None, clause: None }
            }
            Self::StoppedByUser => About { code: Code::AccessDenied, owner: Owner::You, step: None, clause: None },
        }
    }
}

/// Who can change a rule of the browser's.
const fn owner_of(rule: &Rule) -> Owner {
    match rule {
        Rule::ContentSecurityPolicy { .. } => Owner::Host,
        Rule::LoopbackFromHttps | Rule::LocalNetwork => Owner::Browser,
    }
}

/// Lists of names as one string: written as a list, two names look like a pair of a name and its secret value to
/// [`super::RedactedTrace`].
pub(super) mod names {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(names: &[String], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&names.join(" "))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
        String::deserialize(deserializer).map(|it| it.split_whitespace().map(str::to_owned).collect())
    }

    /// A list that may be absent.
    pub mod option {
        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        pub fn serialize<S: Serializer>(names: &Option<Vec<String>>, serializer: S) -> Result<S::Ok, S::Error> {
            names.as_ref().map(|it| it.join(" ")).serialize(serializer)
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
            let read = Option::<String>::deserialize(deserializer)?;
            Ok(read.map(|it| it.split_whitespace().map(str::to_owned).collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_row_and_a_kebab_case_name() {
        for &(code, name, ending) in Code::ALL {
            assert_eq!((code.as_str(), code.ending()), (name, ending));
            assert!(name.chars().all(|it| it.is_ascii_lowercase() || it == '-'), "{name}");
        }
    }

    #[test]
    fn the_document_has_every_code_with_its_ending_and_a_section() {
        let document = include_str!("../../docs/problems.md");
        for &(_, name, ending) in Code::ALL {
            let ends = if ending == Ending::Refused { "refused" } else { "failed" };
            assert!(document.contains(&format!("| [`{name}`](#{name}) | {ends} |")), "{name}");
            let section = document.split(&format!("\n## {name}\n")).nth(1).and_then(|it| it.split("\n## ").next());
            assert!(section.is_some_and(|it| it.contains("**Fix:**")), "{name}");
        }
    }
}
