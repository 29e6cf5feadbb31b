//! Negative tests as the trace has them: which was made, in which exchange, and the verdict.

use super::check::{Check, Clause};
use serde::{Deserialize, Serialize};

/// What is done wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Negative {
    NoToken,
    DamagedToken,
    OldRefresh,
    CodeTwice,
    WrongVerifier,
    OtherRedirect,
    WrongResource,
    /// At the authorization endpoint: without `code_challenge`, with `code_challenge_method=plain`, with a redirect URI
    /// that was not registered, for a scope that does not exist.
    NoChallenge,
    PlainChallenge,
    OtherRedirectAtLogin,
    UnknownScope,
}

/// A test that was made, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tested {
    pub kind: Negative,
    /// `None` where nothing could be sent.
    pub exchange: Option<u32>,
    pub check: Check,
}

impl Negative {
    pub const ALL: [Self; 11] = [
        Self::NoToken,
        Self::DamagedToken,
        Self::OldRefresh,
        Self::CodeTwice,
        Self::WrongVerifier,
        Self::OtherRedirect,
        Self::WrongResource,
        Self::NoChallenge,
        Self::PlainChallenge,
        Self::OtherRedirectAtLogin,
        Self::UnknownScope,
    ];

    /// What asks for the refusal.
    pub const fn clause(self) -> Clause {
        match self {
            Self::NoToken => Clause::BearerChallenge,
            Self::DamagedToken => Clause::BearerRefused,
            Self::OldRefresh => Clause::RefreshReplay,
            Self::CodeTwice => Clause::CodeOnce,
            Self::WrongVerifier => Clause::PkceVerified,
            Self::OtherRedirect => Clause::CodeBound,
            Self::WrongResource => Clause::ResourceIndicator,
            Self::NoChallenge | Self::PlainChallenge => Clause::PkceChallenge,
            Self::OtherRedirectAtLogin => Clause::RedirectExact,
            Self::UnknownScope => Clause::ErrorResponse,
        }
    }

    /// The error code that the clause asks for, of the tests of the authorization server.
    pub const fn error(self) -> &'static str {
        match self {
            Self::WrongResource => "invalid_target",
            Self::NoChallenge | Self::PlainChallenge => "invalid_request",
            Self::UnknownScope => "invalid_scope",
            _ => "invalid_grant",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::NoToken => "no-token",
            Self::DamagedToken => "damaged-token",
            Self::OldRefresh => "old-refresh-token",
            Self::CodeTwice => "code-twice",
            Self::WrongVerifier => "wrong-verifier",
            Self::OtherRedirect => "other-redirect-uri",
            Self::WrongResource => "wrong-resource",
            Self::NoChallenge => "no-challenge",
            Self::PlainChallenge => "plain-challenge",
            Self::OtherRedirectAtLogin => "redirect-uri-at-login",
            Self::UnknownScope => "unknown-scope",
        }
    }
}
