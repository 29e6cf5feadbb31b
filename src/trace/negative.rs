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
    pub const ALL: [Self; 7] = [
        Self::NoToken,
        Self::DamagedToken,
        Self::OldRefresh,
        Self::CodeTwice,
        Self::WrongVerifier,
        Self::OtherRedirect,
        Self::WrongResource,
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
        }
    }

    /// The error code that the clause asks for, of the tests that send a token request.
    pub const fn error(self) -> &'static str {
        match self {
            Self::WrongResource => "invalid_target",
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
        }
    }
}
