//! PKCE, the authorization request and its callback (steps 3 to 9).

use crate::trace::check::Clause;
use serde::{Deserialize, Serialize};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Login {
    /// The length is that of the verifier.
    ChallengeOfVerifier {
        length: usize,
    },
    ChallengeNotOfVerifier,
    VerifierMatches,
    VerifierDiffers,
    ResourceSent {
        resource: String,
    },
    NoResourceSent,
    StateReturned,
    IssMatches,
    /// `iss` is neither promised nor there.
    IssUnpromised,
}

impl Login {
    /// Its id, and its clause.
    pub(super) const fn row(&self) -> (&'static str, Clause) {
        match self {
            Self::ChallengeOfVerifier { .. } => ("challenge-of-verifier", Clause::PkceChallenge),
            Self::ChallengeNotOfVerifier => ("challenge-not-of-verifier", Clause::PkceChallenge),
            Self::VerifierMatches => ("verifier-matches", Clause::PkceVerified),
            Self::VerifierDiffers => ("verifier-differs", Clause::PkceVerified),
            Self::ResourceSent { .. } => ("resource-sent", Clause::ResourceIndicator),
            Self::NoResourceSent => ("no-resource-sent", Clause::ResourceIndicator),
            Self::StateReturned => ("state-returned", Clause::State),
            Self::IssMatches => ("iss-matches", Clause::IssuerParameter),
            Self::IssUnpromised => ("iss-unpromised", Clause::IssuerParameter),
        }
    }
}
