//! What the token endpoint said, and what became of the tokens later.

use crate::trace::check::Clause;
use crate::trace::problem::Problem;
use serde::{Deserialize, Serialize};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tokens {
    TypeBearer,
    TypeMissing,
    /// The response names no scope.
    AllScopesGranted,
    ScopesGranted {
        granted: String,
    },
    /// All but `offline_access`.
    OfflineAccessNotGranted {
        granted: String,
    },
    ScopesNotGranted {
        missing: String,
    },
    Lifetime {
        seconds: u64,
        refreshable: bool,
    },
    NoLifetime {
        refreshable: bool,
    },
    NotCached,
    MayBeCached,
    RefreshRotated,
    /// The client has no secret.
    RefreshUnchangedPublic,
    RefreshUnchanged,
    RefreshedLifetime {
        seconds: u64,
    },
    RefreshedNoLifetime,
    RefreshFailed {
        problem: Box<Problem>,
    },
    /// What was asked for before and what a call needs.
    ScopesJoined {
        scope: String,
    },
    /// The tokens go to another origin than the token endpoint's.
    RevocationElsewhere {
        origin: String,
    },
    RevocationUnsupported,
    Revoked,
    RevocationFailed {
        problem: Box<Problem>,
    },
}

impl Tokens {
    /// Its id, and its clause.
    pub(super) const fn row(&self) -> (&'static str, Clause) {
        match self {
            Self::TypeBearer => ("type-bearer", Clause::TokenResponse),
            Self::TypeMissing => ("type-missing", Clause::TokenResponse),
            Self::AllScopesGranted => ("all-scopes-granted", Clause::McpScope),
            Self::ScopesGranted { .. } => ("scopes-granted", Clause::McpScope),
            Self::OfflineAccessNotGranted { .. } => ("offline-access-not-granted", Clause::OfflineAccess),
            Self::ScopesNotGranted { .. } => ("scopes-not-granted", Clause::McpScope),
            Self::Lifetime { .. } => ("lifetime", Clause::TokenResponse),
            Self::NoLifetime { .. } => ("no-lifetime", Clause::TokenResponse),
            Self::NotCached => ("not-cached", Clause::TokenCache),
            Self::MayBeCached => ("may-be-cached", Clause::TokenCache),
            Self::RefreshRotated => ("refresh-rotated", Clause::TokenRefresh),
            Self::RefreshUnchangedPublic => ("refresh-unchanged-public", Clause::TokenRefresh),
            Self::RefreshUnchanged => ("refresh-unchanged", Clause::TokenRefresh),
            Self::RefreshedLifetime { .. } => ("refreshed-lifetime", Clause::TokenResponse),
            Self::RefreshedNoLifetime => ("refreshed-no-lifetime", Clause::TokenResponse),
            Self::RefreshFailed { .. } => ("refresh-failed", Clause::TokenRefresh),
            Self::ScopesJoined { .. } => ("scopes-joined", Clause::McpScope),
            Self::RevocationElsewhere { .. } => ("revocation-elsewhere", Clause::Revocation),
            Self::RevocationUnsupported => ("revocation-unsupported", Clause::Revocation),
            Self::Revoked => ("revoked", Clause::Revocation),
            Self::RevocationFailed { .. } => ("revocation-failed", Clause::Revocation),
        }
    }
}
