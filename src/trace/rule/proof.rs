//! Whether the signature of a token holds, and what its authorization server says of it.

use crate::http::HttpError;
use crate::trace::check::Clause;
use crate::trace::problem::Problem;
use serde::{Deserialize, Serialize};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// The token is no signed JWT.
    NoJwt,
    GivenByHand,
    NoJwksUri,
    KeySetStatus {
        status: u16,
    },
    KeySetUnread {
        error: HttpError,
    },
    NotAKeySet,
    /// No public key that a browser can use verifies it.
    NoPublicAlgorithm {
        alg: Option<String>,
    },
    KeyMissing {
        wanted: Option<String>,
        held: Vec<String>,
    },
    SignatureHolds {
        kid: Option<String>,
    },
    SignatureFails {
        kid: Option<String>,
    },
    /// `crypto.subtle` exists on https and localhost only.
    NoCrypto,
    /// What the browser said of it.
    KeyUnusable {
        kid: Option<String>,
        said: String,
    },
    Active,
    Inactive,
    /// The response has no `active`.
    ActiveUnsaid,
    IntrospectionNotSent {
        problem: Box<Problem>,
    },
    IntrospectionRefused {
        status: u16,
    },
    /// The response is something else.
    NoIntrospection {
        status: u16,
    },
    IntrospectionUnread {
        error: HttpError,
    },
}

impl Proof {
    /// Its id, and its clause.
    pub(super) const fn row(&self) -> (&'static str, Clause) {
        match self {
            Self::NoJwt => ("no-jwt", Clause::JsonWebKeys),
            Self::GivenByHand => ("given-by-hand", Clause::JsonWebKeys),
            Self::NoJwksUri => ("no-jwks-uri", Clause::JsonWebKeys),
            Self::KeySetStatus { .. } => ("key-set-status", Clause::JsonWebKeys),
            Self::KeySetUnread { .. } => ("key-set-unread", Clause::JsonWebKeys),
            Self::NotAKeySet => ("not-a-key-set", Clause::JsonWebKeys),
            Self::NoPublicAlgorithm { .. } => ("no-public-algorithm", Clause::JsonWebKeys),
            Self::KeyMissing { .. } => ("key-missing", Clause::JsonWebKeys),
            Self::SignatureHolds { .. } => ("signature-holds", Clause::JwtSignature),
            Self::SignatureFails { .. } => ("signature-fails", Clause::JwtSignature),
            Self::NoCrypto => ("no-crypto", Clause::JwtSignature),
            Self::KeyUnusable { .. } => ("key-unusable", Clause::JwtSignature),
            Self::Active => ("active", Clause::Introspection),
            Self::Inactive => ("inactive", Clause::Introspection),
            Self::ActiveUnsaid => ("active-unsaid", Clause::Introspection),
            Self::IntrospectionNotSent { .. } => ("introspection-not-sent", Clause::Introspection),
            Self::IntrospectionRefused { .. } => ("introspection-refused", Clause::Introspection),
            Self::NoIntrospection { .. } => ("no-introspection", Clause::Introspection),
            Self::IntrospectionUnread { .. } => ("introspection-unread", Clause::Introspection),
        }
    }
}
