//! What a failure says: what was seen, the cause, whose fault it is, and what to change.
//!
//! The sentences stand with the machine that notices the failure (`oauth/error.rs`, `mcp/error.rs`, `cors.rs`).

use crate::checks::Clause;
use crate::cors::Fix;
use crate::step::Step;
use crate::text::sentence;
use serde::{Deserialize, Serialize};

/// A stable name for a failure. Codes are added, and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Code {
    AccessDenied,
    AuthorizationError,
    CapabilityMissing,
    CodeMissing,
    CorsBlocked,
    EndpointMismatch,
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
    Redirected,
    RegistrationRefused,
    RegistrationUnavailable,
    ResourceMismatch,
    RpcError,
    ScopeLimit,
    SessionHidden,
    StateMismatch,
    StorageFull,
    StreamLost,
    Timeout,
    TokenInvalid,
    TokenRefused,
    Truncated,
    Unauthorized,
    Unreachable,
    UnsafeUrl,
    VersionMismatch,
}

impl Code {
    /// Every code with its name, and whether this client stops on purpose (`refused`) or something failed (`failed`).
    pub const ALL: [(Self, &'static str, Ending); 35] = [
        (Self::AccessDenied, "access-denied", Ending::Failed),
        (Self::AuthorizationError, "authorization-error", Ending::Failed),
        (Self::CapabilityMissing, "capability-missing", Ending::Failed),
        (Self::CodeMissing, "code-missing", Ending::Refused),
        (Self::CorsBlocked, "cors-blocked", Ending::Failed),
        (Self::EndpointMismatch, "endpoint-mismatch", Ending::Refused),
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
        (Self::Redirected, "redirected", Ending::Failed),
        (Self::RegistrationRefused, "registration-refused", Ending::Failed),
        (Self::RegistrationUnavailable, "registration-unavailable", Ending::Failed),
        (Self::ResourceMismatch, "resource-mismatch", Ending::Refused),
        (Self::RpcError, "rpc-error", Ending::Failed),
        (Self::ScopeLimit, "scope-limit", Ending::Refused),
        (Self::SessionHidden, "session-hidden", Ending::Failed),
        (Self::StateMismatch, "state-mismatch", Ending::Refused),
        (Self::StorageFull, "storage-full", Ending::Failed),
        (Self::StreamLost, "stream-lost", Ending::Failed),
        (Self::Timeout, "timeout", Ending::Failed),
        (Self::TokenInvalid, "token-invalid", Ending::Failed),
        (Self::TokenRefused, "token-refused", Ending::Failed),
        (Self::Truncated, "truncated", Ending::Failed),
        (Self::Unauthorized, "unauthorized", Ending::Failed),
        (Self::Unreachable, "unreachable", Ending::Failed),
        (Self::UnsafeUrl, "unsafe-url", Ending::Refused),
        (Self::VersionMismatch, "version-mismatch", Ending::Failed),
    ];

    fn row(self) -> Option<(Self, &'static str, Ending)> {
        Self::ALL.into_iter().find(|(code, ..)| *code == self)
    }

    pub fn as_str(self) -> &'static str {
        self.row().map_or("unknown", |(_, name, _)| name)
    }

    pub fn ending(self) -> Ending {
        self.row().map_or(Ending::Failed, |(.., ending)| ending)
    }
}

/// How an attempt ends that does not connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// This client stopped on purpose: a rule of the protocol or of security was broken.
    Refused,
    /// The network or the peer failed, or the person said no.
    Failed,
}

/// Who has to change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Owner {
    Server,
    Issuer,
    Network,
    Browser,
    You,
}

impl Owner {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Server => "MCP server",
            Self::Issuer => "Authorization server",
            Self::Network => "Network",
            Self::Browser => "This browser",
            Self::You => "You",
        }
    }

    /// The name of its lane: one colour wherever that party is named.
    pub const fn party(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Issuer => "issuer",
            Self::Network | Self::Browser => "browser",
            Self::You => "you",
        }
    }
}

/// A failure or a refusal, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub code: Code,
    /// One line, for the heading.
    pub title: String,
    /// What was seen; nothing that was not.
    pub seen: String,
    pub cause: String,
    pub owner: Owner,
    /// What to change.
    pub advice: String,
    /// The step at which it happened, where it happened in one.
    pub step: Option<Step>,
    /// The rule that was broken.
    pub clause: Option<Clause>,
    /// The header lines that would mend it (CORS).
    pub fix: Option<Fix>,
}

impl Problem {
    /// The words of a problem; step, clause and fix are added by those who know them.
    pub fn new(code: Code, owner: Owner, title: impl Into<String>) -> Self {
        let (seen, cause, advice) = (String::new(), String::new(), String::new());
        Self { code, title: title.into(), seen, cause, owner, advice, step: None, clause: None, fix: None }
    }

    #[must_use]
    pub fn seen(mut self, seen: impl Into<String>) -> Self {
        self.seen = sentence(&seen.into());
        self
    }

    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = cause.into();
        self
    }

    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = sentence(&advice.into());
        self
    }

    #[must_use]
    pub const fn clause(mut self, clause: Clause) -> Self {
        self.clause = Some(clause);
        self
    }

    #[must_use]
    pub const fn at(mut self, step: Step) -> Self {
        self.step = Some(step);
        self
    }

    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_row_and_a_kebab_case_name() {
        for (code, name, ending) in Code::ALL {
            assert_eq!((code.as_str(), code.ending()), (name, ending));
            assert!(name.chars().all(|it| it.is_ascii_lowercase() || it == '-'), "{name}");
        }
    }

    #[test]
    fn the_table_of_the_readme_has_every_code_with_its_ending() {
        let rows: Vec<&str> = include_str!("../README.md").lines().filter(|it| it.starts_with("| `")).collect();
        for (_, name, ending) in Code::ALL {
            let ends = if ending == Ending::Refused { "| refused |" } else { "| failed |" };
            let row = rows.iter().find(|it| it.contains(&format!("`{name}`")));
            assert!(row.is_some_and(|it| it.contains(ends)), "{name}");
        }
    }
}
