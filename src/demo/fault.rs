//! What can be wrong in the demo world: a switch for each lesson.
//!
//! The names are those of the first page's list; what each does stands where it does it, and what it teaches in
//! [`super::lesson`]. What of it the user knows is a [`Trial`](super::Trial).

use serde::{Deserialize, Serialize};

/// One thing that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    HiddenChallenge,
    NoResourceMetadata,
    MetadataAtWrongPath,
    ForeignResource,
    WrongIssuer,
    UnsafeEndpoint,
    NoPkce,
    NoRegistration,
    RegistrationRefused,
    InvalidRedirectUri,
    RedirectUriChanged,
    LoginError,
    IssMixUp,
    IssMissing,
    DroppedState,
    NoCode,
    CodeUsedTwice,
    TokenRefused,
    ResourceRefused,
    TokenEndpointBlocked,
    TokenAsHtml,
    ExpiredToken,
    WrongAudience,
    InsufficientScopeLoop,
    NoCors,
    CorsMissingOnErrors,
    HtmlInsteadOfJson,
    ServerError,
    BrokenStream,
    SessionHidden,
    UnknownVersion,
}

/// What a fault is a fault of: how the list is grouped, and among what a cause is guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    Resource,
    AuthorizationServer,
    Response,
    Token,
    Transport,
}

impl Area {
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Resource, "Protected resource"),
        (Self::AuthorizationServer, "Metadata and registration"),
        (Self::Response, "Authorization response"),
        (Self::Token, "Token"),
        (Self::Transport, "Transport and CORS"),
    ];
}

impl Fault {
    /// Each with its name in the list, and its words there.
    pub const ALL: [(Self, &'static str, &'static str); 31] = [
        (Self::HiddenChallenge, "hidden-challenge", "WWW-Authenticate not exposed"),
        (Self::NoResourceMetadata, "no-resource-metadata-in-challenge", "Challenge without resource_metadata"),
        (Self::MetadataAtWrongPath, "metadata-at-wrong-path", "Metadata at wrong path"),
        (Self::ForeignResource, "foreign-resource", "Metadata of another resource"),
        (Self::WrongIssuer, "wrong-issuer", "Issuer mismatch"),
        (Self::UnsafeEndpoint, "unsafe-endpoint", "Unsafe authorization endpoint"),
        (Self::NoPkce, "no-pkce", "PKCE not advertised"),
        (Self::NoRegistration, "no-registration", "No registration endpoint"),
        (Self::RegistrationRefused, "registration-refused", "Registration refused"),
        (Self::InvalidRedirectUri, "invalid-redirect-uri", "Redirect URI refused"),
        (Self::RedirectUriChanged, "redirect-uri-changed", "Redirect URI changed"),
        (Self::LoginError, "login-error", "Login fails"),
        (Self::IssMixUp, "iss-mix-up", "iss of another issuer"),
        (Self::IssMissing, "iss-missing", "iss missing"),
        (Self::DroppedState, "dropped-state", "state missing"),
        (Self::NoCode, "no-code", "code missing"),
        (Self::CodeUsedTwice, "code-used-twice", "Code already redeemed"),
        (Self::TokenRefused, "token-refused", "Client unknown"),
        (Self::ResourceRefused, "resource-refused", "Resource refused"),
        (Self::TokenEndpointBlocked, "token-endpoint-blocked", "Token endpoint without CORS"),
        (Self::TokenAsHtml, "token-as-html", "HTML token response"),
        (Self::ExpiredToken, "expired-token", "Expired tokens"),
        (Self::WrongAudience, "wrong-audience", "Wrong audience"),
        (Self::InsufficientScopeLoop, "insufficient-scope-loop", "Granted scope requested again"),
        (Self::NoCors, "no-cors", "No CORS headers"),
        (Self::CorsMissingOnErrors, "cors-missing-on-errors", "No CORS on errors"),
        (Self::HtmlInsteadOfJson, "html-instead-of-json", "HTML instead of JSON"),
        (Self::ServerError, "server-error", "Bad gateway (502)"),
        (Self::BrokenStream, "broken-stream", "Truncated response"),
        (Self::SessionHidden, "session-hidden", "Mcp-Session-Id not exposed"),
        (Self::UnknownVersion, "unknown-version", "Unknown protocol version"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(it, ..)| *it == self).map_or("none", |(_, name, _)| name)
    }

    pub const fn area(self) -> Area {
        match self {
            Self::HiddenChallenge
            | Self::NoResourceMetadata
            | Self::MetadataAtWrongPath
            | Self::ForeignResource
            | Self::InsufficientScopeLoop => Area::Resource,
            Self::WrongIssuer
            | Self::UnsafeEndpoint
            | Self::NoPkce
            | Self::NoRegistration
            | Self::RegistrationRefused
            | Self::InvalidRedirectUri
            | Self::RedirectUriChanged => Area::AuthorizationServer,
            Self::LoginError
            | Self::IssMixUp
            | Self::IssMissing
            | Self::DroppedState
            | Self::NoCode
            | Self::CodeUsedTwice => Area::Response,
            Self::TokenRefused
            | Self::ResourceRefused
            | Self::TokenEndpointBlocked
            | Self::TokenAsHtml
            | Self::ExpiredToken
            | Self::WrongAudience => Area::Token,
            _ => Area::Transport,
        }
    }

    /// One of them at random.
    pub fn surprise(entropy: &[u8; 64]) -> Self {
        // 64 bits over 31 faults: none is noticeably more likely than another.
        let (bytes, _) = entropy.split_first_chunk().unwrap_or((&[0; 8], &[]));
        let at = u64::from_le_bytes(*bytes) % Self::ALL.len() as u64;
        Self::ALL.get(at as usize).map_or(Self::NoCors, |(fault, ..)| *fault)
    }

    /// `None` for `none`, and for what is no fault.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, it, _)| *it == name).map(|(it, ..)| it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_reads_its_own_name_and_none_is_there_twice() {
        for (at, (fault, name, words)) in Fault::ALL.into_iter().enumerate() {
            assert_eq!((Fault::parse(name), fault.name()), (Some(fault), name));
            assert!(Fault::ALL.iter().skip(at + 1).all(|(_, it, other)| *it != name && *other != words), "{name}");
        }
        assert_eq!(Fault::parse("none"), None);
    }

    #[test]
    fn every_fault_can_be_the_surprise() {
        for first in 0..=255_u8 {
            let mut entropy = [0; 64];
            entropy[0] = first;
            let at = usize::from(first) % Fault::ALL.len();
            assert_eq!(Fault::surprise(&entropy), Fault::ALL[at].0);
        }
    }

    #[test]
    fn every_area_has_several_faults_to_guess_among() {
        for (area, title) in Area::ALL {
            assert!(Fault::ALL.iter().filter(|(it, ..)| it.area() == area).count() >= 5, "{title}");
        }
    }
}
