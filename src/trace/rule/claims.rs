//! What a JWT, or an introspection, says of the token. Times are milliseconds from now.

use crate::trace::check::Clause;
use serde::{Deserialize, Serialize};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Claims {
    NoAlgorithm,
    /// `alg` is `none`.
    Unsigned,
    Symmetric {
        alg: String,
    },
    Asymmetric {
        alg: String,
    },
    AccessTokenType {
        typ: String,
    },
    OtherType {
        typ: String,
    },
    NoType,
    NoAudience,
    AudienceIsResource {
        resource: String,
    },
    AudienceIsServer {
        server: String,
    },
    /// The same but for the last slash.
    AudienceSlash {
        aud: Vec<String>,
        resource: String,
    },
    AudienceCoversServer {
        aud: Vec<String>,
    },
    AudienceOther {
        aud: Vec<String>,
        resource: String,
    },
    /// Not the server, and no resource was asked for.
    AudienceUnasked {
        aud: Vec<String>,
    },
    IssuerMatches {
        iss: String,
    },
    /// The same but for the last slash.
    IssuerLastSlash {
        iss: String,
        issuer: String,
    },
    IssuerOther {
        iss: String,
        issuer: String,
    },
    NoIssuer,
    Expired {
        ago: u64,
    },
    Expires {
        after: u64,
    },
    NoExpiry,
    NotYetValid {
        after: u64,
    },
    /// `nbf` has passed.
    Valid,
    IssuedInFuture {
        after: u64,
    },
    Issued {
        ago: u64,
    },
    NoIssuedAt,
    NoScope {
        granted: String,
    },
    ScopeAsGranted {
        scope: String,
    },
    /// All but what is for the authorization server alone.
    ScopeAsGrantedHere {
        scope: String,
    },
    ScopeLess {
        missing: String,
    },
    ScopeMore {
        more: String,
    },
    Subject {
        sub: String,
    },
    NoSubject,
    ThisClient {
        client: String,
    },
    OtherClient {
        found: String,
        client: String,
    },
    NoClient,
}

impl Claims {
    /// Its id, and its clause.
    pub(super) const fn row(&self) -> (&'static str, Clause) {
        match self {
            Self::NoAlgorithm => ("no-algorithm", Clause::JwtProfile),
            Self::Unsigned => ("unsigned", Clause::JwtProfile),
            Self::Symmetric { .. } => ("symmetric", Clause::JwtProfile),
            Self::Asymmetric { .. } => ("asymmetric", Clause::JwtProfile),
            Self::AccessTokenType { .. } => ("access-token-type", Clause::JwtProfile),
            Self::OtherType { .. } => ("other-type", Clause::JwtProfile),
            Self::NoType => ("no-type", Clause::JwtProfile),
            Self::NoAudience => ("no-audience", Clause::TokenAudience),
            Self::AudienceIsResource { .. } => ("audience-is-resource", Clause::TokenAudience),
            Self::AudienceIsServer { .. } => ("audience-is-server", Clause::TokenAudience),
            Self::AudienceSlash { .. } => ("audience-slash", Clause::TokenAudience),
            Self::AudienceCoversServer { .. } => ("audience-covers-server", Clause::TokenAudience),
            Self::AudienceOther { .. } => ("audience-other", Clause::ResourceIndicator),
            Self::AudienceUnasked { .. } => ("audience-unasked", Clause::TokenAudience),
            Self::IssuerMatches { .. } => ("issuer-matches", Clause::TokenValidation),
            Self::IssuerLastSlash { .. } => ("issuer-last-slash", Clause::TokenValidation),
            Self::IssuerOther { .. } => ("issuer-other", Clause::TokenValidation),
            Self::NoIssuer => ("no-issuer", Clause::TokenValidation),
            Self::Expired { .. } => ("expired", Clause::TokenExpiry),
            Self::Expires { .. } => ("expires", Clause::TokenExpiry),
            Self::NoExpiry => ("no-expiry", Clause::TokenExpiry),
            Self::NotYetValid { .. } => ("not-yet-valid", Clause::TokenNotBefore),
            Self::Valid => ("valid", Clause::TokenNotBefore),
            Self::IssuedInFuture { .. } => ("issued-in-future", Clause::TokenIssuedAt),
            Self::Issued { .. } => ("issued", Clause::TokenIssuedAt),
            Self::NoIssuedAt => ("no-issued-at", Clause::TokenIssuedAt),
            Self::NoScope { .. } => ("no-scope", Clause::TokenScope),
            Self::ScopeAsGranted { .. } => ("scope-as-granted", Clause::TokenScope),
            Self::ScopeAsGrantedHere { .. } => ("scope-as-granted-here", Clause::TokenScope),
            Self::ScopeLess { .. } => ("scope-less", Clause::TokenScope),
            Self::ScopeMore { .. } => ("scope-more", Clause::TokenScope),
            Self::Subject { .. } => ("subject", Clause::JwtClaims),
            Self::NoSubject => ("no-subject", Clause::JwtClaims),
            Self::ThisClient { .. } => ("this-client", Clause::JwtClaims),
            Self::OtherClient { .. } => ("other-client", Clause::JwtClaims),
            Self::NoClient => ("no-client", Clause::JwtClaims),
        }
    }
}
