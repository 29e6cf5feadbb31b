//! How the client got its id, and how it proves itself (step 2c).

use crate::settings::TokenAuth;
use crate::trace::check::Clause;
use serde::{Deserialize, Serialize};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientRule {
    /// `token_endpoint_auth_methods_supported` does not have it.
    AuthMethodUnlisted {
        used: TokenAuth,
        listed: Vec<String>,
    },
    /// `token_endpoint_auth_signing_alg_values_supported` does not have it.
    SigningAlgorithmUnlisted {
        used: String,
        listed: Vec<String>,
    },
    /// `set`: the issuer that the user set.
    CredentialsInPage {
        set: Option<String>,
    },
    /// The registration was refused because of its scope.
    ScopeNotRegistrable {
        status: u16,
        error: Option<String>,
        description: Option<String>,
    },
    /// It is not 201.
    RegistrationStatus {
        status: u16,
    },
    RedirectNotRegistered,
    RedirectRegistered,
    /// The response names no redirect URIs.
    RedirectUnsaid,
    PublicClient,
    NotPublicClient {
        method: TokenAuth,
    },
    ScopeNarrower {
        registered: String,
        asked: String,
    },
    Signed {
        algorithm: String,
        client: String,
        issuer: String,
    },
}

impl ClientRule {
    /// Its id, and its clause.
    pub(super) const fn row(&self) -> (&'static str, Clause) {
        match self {
            Self::AuthMethodUnlisted { .. } => ("auth-method-unlisted", Clause::ServerMembers),
            Self::SigningAlgorithmUnlisted { .. } => ("signing-algorithm-unlisted", Clause::ServerMembers),
            Self::CredentialsInPage { .. } => ("credentials-in-page", Clause::McpRegistration),
            Self::ScopeNotRegistrable { .. } => ("scope-not-registrable", Clause::RegistrationError),
            Self::RegistrationStatus { .. } => ("registration-status", Clause::RegistrationResponse),
            Self::RedirectNotRegistered => ("redirect-not-registered", Clause::RegistrationResponse),
            Self::RedirectRegistered => ("redirect-registered", Clause::RegistrationResponse),
            Self::RedirectUnsaid => ("redirect-unsaid", Clause::RegistrationResponse),
            Self::PublicClient => ("public-client", Clause::McpRegistration),
            Self::NotPublicClient { .. } => ("not-public-client", Clause::McpRegistration),
            Self::ScopeNarrower { .. } => ("scope-narrower", Clause::RegistrationResponse),
            Self::Signed { .. } => ("signed", Clause::ClientAssertion),
        }
    }
}
