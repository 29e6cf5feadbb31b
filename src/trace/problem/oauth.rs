//! Why an authorization ends: the facts of each cause.

mod facts;

pub use facts::{Endpoints, NamedBy, NotSigned, Origin, Refusal, Requester, Scope, Subject, Transfer};

use super::{About, Cause, Code, Owner, Problem, names};
use crate::base::address::AddressError;
use crate::http::HttpError;
use crate::trace::check::Clause;
use crate::trace::step::Step;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What is wrong with the code of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoCode {
    Missing,
    Empty,
    Repeated,
}

/// Why the flow stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    ResourceMismatch {
        server: String,
        found: String,
    },
    NoAuthorizationServer {
        url: String,
    },
    UnsafeUrl {
        step: Step,
        what: Cow<'static, str>,
        why: AddressError,
    },
    /// The user declined to send something that was typed for other origins.
    SecretKept {
        transfer: Transfer,
        step: Step,
    },
    /// The user declined to log in at one origin with a code for another.
    EndpointsApart {
        endpoints: Endpoints,
        step: Step,
    },
    IssuerMismatch {
        asked: String,
        found: String,
        by: NamedBy,
    },
    /// Nothing is at any of the places for metadata; the last answer.
    NoMetadata {
        issuer: String,
        by: NamedBy,
        last: String,
        status: u16,
    },
    MetadataUnreadable {
        url: String,
    },
    MetadataInvalid {
        url: String,
        lacks: Cow<'static, str>,
    },
    NoPkce {
        #[serde(with = "names::option")]
        found: Option<Vec<String>>,
    },
    /// `document`: whether this client has a metadata document, which the server does not take.
    NoRegistration {
        issuer: String,
        document: bool,
    },
    RegistrationRefused {
        status: u16,
        refusal: Refusal,
        redirect_uri: String,
    },
    /// There is no metadata, and the fixed address of 2025-03-26 does not respond as a registration endpoint does.
    NobodyRegisters {
        url: String,
        status: u16,
        refusal: Refusal,
        redirect_uri: String,
    },
    /// The same where the 401 had no Bearer challenge that could be read: nothing shows that the server uses OAuth.
    NoSignOfOAuth {
        url: String,
        status: u16,
        /// `WWW-Authenticate` of the 401; `None` where it is absent or hidden.
        challenge: Option<String>,
        /// The names of the user's own headers that went with the request.
        #[serde(with = "names")]
        headers: Vec<String>,
    },
    RegistrationUnreadable {
        status: u16,
    },
    /// `awaited`: whether a flow of this tab waits for a callback at all.
    StateMismatch {
        awaited: bool,
    },
    /// A flow of this tab waits, and the callback has no state that could be compared.
    StateMissing,
    IssMismatch {
        expected: String,
        found: String,
    },
    IssMissing {
        expected: String,
    },
    Denied {
        description: Option<String>,
    },
    /// The user came back without an answer, and ended it.
    GivenUp(Box<Requester>),
    Refused {
        error: String,
        description: Option<String>,
        by: Box<Requester>,
    },
    NoCode(NoCode),
    TokenRefused {
        status: u16,
        refusal: Refusal,
        by: Box<Requester>,
    },
    TokenUnreadable {
        status: u16,
        /// The media type of the answer.
        media: String,
    },
    TokenType {
        found: Option<String>,
    },
    /// No header can carry it.
    TokenText,
    /// The tab's storage does not take what the page after the login needs.
    NotKept,
    /// The client's assertion could not be signed.
    NotSigned {
        step: Step,
        why: NotSigned,
    },
    Http {
        step: Step,
        url: String,
        error: HttpError,
    },
    Redirected {
        step: Step,
        from: String,
        to: String,
    },
    Status {
        step: Step,
        url: String,
        status: u16,
    },
}

impl Error {
    pub fn problem(&self) -> Problem {
        Problem::new(Cause::Authorization(self.clone().settled()))
    }

    /// What a guessed address for registrations answered may show that somebody registers there after all.
    fn settled(self) -> Self {
        match self {
            Self::NobodyRegisters { status: status @ 200..300, .. } => Self::RegistrationUnreadable { status },
            Self::NobodyRegisters { status, refusal, redirect_uri, .. } if !is_nowhere(status) => {
                Self::RegistrationRefused { status, refusal, redirect_uri }
            }
            other => other,
        }
    }

    /// The code, who is responsible, the step and the clause.
    pub(super) fn about(&self) -> About {
        let of = |code, owner, step, clause| About { code, owner, step: Some(step), clause: Some(clause) };
        match self {
            Self::ResourceMismatch { .. } => {
                of(Code::ResourceMismatch, Owner::Server, Step::ResourceMetadata, Clause::ResourceIdentical)
            }
            Self::NoAuthorizationServer { .. } => {
                of(Code::MetadataInvalid, Owner::Server, Step::ResourceMetadata, Clause::ResourceMetadata)
            }
            Self::UnsafeUrl { step, why: AddressError::Local(_), .. } => {
                of(Code::EndpointLoopback, owner(*step), *step, Clause::AuthorizationUrlSafe)
            }
            Self::UnsafeUrl { step, .. } => {
                let server = matches!(step, Step::ResourceMetadata | Step::Unauthorized);
                of(
                    Code::UnsafeUrl,
                    if server { Owner::Server } else { Owner::Issuer },
                    *step,
                    Clause::AuthorizationUrlSafe,
                )
            }
            Self::SecretKept { step, .. } => {
                of(Code::ClientSecretNewOrigin, Owner::You, *step, Clause::McpRegistration)
            }
            Self::EndpointsApart { step, .. } => {
                of(Code::EndpointOtherOrigin, Owner::Issuer, *step, Clause::IssuerParameter)
            }
            Self::IssuerMismatch { by, .. } => {
                of(Code::IssuerMismatch, by.owner(), Step::ServerMetadata, Clause::IssuerIdentical)
            }
            Self::NoMetadata { by, .. } => {
                of(Code::MetadataInvalid, by.owner(), Step::ServerMetadata, Clause::MetadataPlaces)
            }
            Self::MetadataUnreadable { .. } => {
                of(Code::MetadataInvalid, Owner::Issuer, Step::ServerMetadata, Clause::MetadataAnswer)
            }
            Self::MetadataInvalid { .. } => {
                of(Code::MetadataInvalid, Owner::Issuer, Step::ServerMetadata, Clause::MetadataPlaces)
            }
            Self::NoPkce { .. } => {
                of(Code::PkceUnsupported, Owner::Issuer, Step::ServerMetadata, Clause::PkceAdvertised)
            }
            Self::NoRegistration { .. } => {
                of(Code::RegistrationUnavailable, Owner::You, Step::Registration, Clause::McpRegistration)
            }
            Self::RegistrationRefused { .. } => {
                of(Code::RegistrationRefused, Owner::Issuer, Step::Registration, Clause::RegistrationError)
            }
            Self::NobodyRegisters { .. } => {
                of(Code::RegistrationRefused, Owner::Server, Step::Registration, Clause::ResourceMetadata)
            }
            Self::NoSignOfOAuth { .. } => {
                of(Code::Unauthorized, Owner::You, Step::Registration, Clause::BearerChallenge)
            }
            Self::RegistrationUnreadable { .. } => {
                of(Code::RegistrationRefused, Owner::Issuer, Step::Registration, Clause::RegistrationResponse)
            }
            Self::NotKept => of(Code::StorageFull, Owner::Browser, Step::Authorize, Clause::State),
            Self::NotSigned { step, why } => of(Code::KeyUnusable, why.owner(), *step, Clause::ClientAssertion),
            Self::Http { step, error: HttpError::Forbidden { rule }, .. } => {
                of(Code::Unreachable, super::owner_of(rule), *step, Clause::Cors)
            }
            Self::Http { step, error: HttpError::Relay { .. }, .. } => {
                About { code: Code::Unreachable, owner: Owner::Host, step: Some(*step), clause: None }
            }
            Self::Http { step, error, .. } => of(Code::of(error), owner(*step), *step, step.clause()),
            Self::Redirected { step, .. } => of(Code::Redirected, owner(*step), *step, Clause::AuthorizationUrlSafe),
            Self::Status { step, .. } => of(Code::HttpStatus, owner(*step), *step, step.clause()),
            _ => self.about_answer(),
        }
    }

    /// The same for what came back from the login and from the token endpoint.
    fn about_answer(&self) -> About {
        let at = |step, code, owner, clause| About { code, owner, step: Some(step), clause: Some(clause) };
        let callback = |code, owner, clause| at(Step::Callback, code, owner, clause);
        match self {
            Self::StateMismatch { .. } => callback(Code::StateMismatch, Owner::You, Clause::State),
            Self::StateMissing => callback(Code::StateMismatch, Owner::Issuer, Clause::AuthorizationResponse),
            Self::IssMismatch { .. } => callback(Code::IssMismatch, Owner::Issuer, Clause::IssuerParameter),
            Self::IssMissing { .. } => callback(Code::IssMissing, Owner::Issuer, Clause::IssuerParameter),
            Self::Denied { .. } => callback(Code::AccessDenied, Owner::You, Clause::ErrorResponse),
            Self::GivenUp(_) => at(Step::Consent, Code::AccessDenied, Owner::You, Clause::AuthorizationEndpoint),
            Self::Refused { error, description, by } => {
                let owner = by.owner(error, description.as_deref());
                callback(Code::AuthorizationError, owner, clause_of(Some(error), Clause::ErrorResponse))
            }
            Self::TokenRefused { refusal, by, .. } => {
                let owner = by.owner(refusal.error.as_deref().unwrap_or_default(), refusal.description.as_deref());
                at(
                    Step::TokenRequest,
                    Code::TokenRefused,
                    owner,
                    clause_of(refusal.error.as_deref(), Clause::TokenError),
                )
            }
            Self::TokenUnreadable { .. } | Self::TokenType { .. } | Self::TokenText => {
                at(Step::Token, Code::TokenInvalid, Owner::Issuer, Clause::TokenResponse)
            }
            _ => callback(Code::CodeMissing, Owner::Issuer, Clause::AuthorizationResponse),
        }
    }
}

/// Who answers at that step.
pub const fn owner(step: Step) -> Owner {
    match step {
        Step::McpRequest
        | Step::Unauthorized
        | Step::ResourceMetadata
        | Step::McpRequestWithToken
        | Step::Connected => Owner::Server,
        _ => Owner::Issuer,
    }
}

/// Where an error code is written down: `invalid_target` is not of OAuth itself.
fn clause_of(error: Option<&str>, others: Clause) -> Clause {
    if error == Some("invalid_target") { Clause::ResourceIndicator } else { others }
}

/// Whether a status says that there is nothing at that address, or nothing that takes POST.
pub const fn is_nowhere(status: u16) -> bool {
    matches!(status, 404 | 405 | 410)
}
