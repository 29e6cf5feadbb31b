//! What can be wrong in the demo world: a switch for each lesson.
//!
//! The names are those of the first page's list; what each does stands where it does it, and what it teaches in
//! [`super::lesson`].

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

impl Fault {
    /// Each with its name in the list, and its words there.
    pub const ALL: [(Self, &'static str, &'static str); 31] = [
        (Self::HiddenChallenge, "hidden-challenge", "The challenge is hidden from pages"),
        (Self::NoResourceMetadata, "no-resource-metadata-in-challenge", "The challenge names no metadata"),
        (Self::MetadataAtWrongPath, "metadata-at-wrong-path", "Metadata at the wrong path"),
        (Self::ForeignResource, "foreign-resource", "Metadata of another resource"),
        (Self::WrongIssuer, "wrong-issuer", "Issuer with one slash too many"),
        (Self::UnsafeEndpoint, "unsafe-endpoint", "A login address that is script"),
        (Self::NoPkce, "no-pkce", "PKCE is not advertised"),
        (Self::NoRegistration, "no-registration", "No way to register"),
        (Self::RegistrationRefused, "registration-refused", "Registration is refused"),
        (Self::InvalidRedirectUri, "invalid-redirect-uri", "The redirect URI is not allowed"),
        (Self::RedirectUriChanged, "redirect-uri-changed", "Another redirect URI is registered"),
        (Self::LoginError, "login-error", "The login fails"),
        (Self::IssMixUp, "iss-mix-up", "The callback is another issuer's"),
        (Self::IssMissing, "iss-missing", "The callback lacks its iss"),
        (Self::DroppedState, "dropped-state", "The callback lacks its state"),
        (Self::NoCode, "no-code", "The callback lacks its code"),
        (Self::CodeUsedTwice, "code-used-twice", "Somebody used the code before"),
        (Self::TokenRefused, "token-refused", "The client is forgotten"),
        (Self::ResourceRefused, "resource-refused", "The resource is unknown at the token endpoint"),
        (Self::TokenEndpointBlocked, "token-endpoint-blocked", "The token endpoint has no CORS"),
        (Self::TokenAsHtml, "token-as-html", "The token answer is a web page"),
        (Self::ExpiredToken, "expired-token", "Tokens are born expired"),
        (Self::WrongAudience, "wrong-audience", "Tokens are for another audience"),
        (Self::InsufficientScopeLoop, "insufficient-scope-loop", "Granted scopes are asked for again"),
        (Self::NoCors, "no-cors", "The MCP server has no CORS"),
        (Self::CorsMissingOnErrors, "cors-missing-on-errors", "Errors lack the CORS lines"),
        (Self::HtmlInsteadOfJson, "html-instead-of-json", "The MCP server answers with a web page"),
        (Self::ServerError, "server-error", "The MCP server fails"),
        (Self::BrokenStream, "broken-stream", "The answer breaks off"),
        (Self::SessionHidden, "session-hidden", "The session id is hidden from pages"),
        (Self::UnknownVersion, "unknown-version", "A version that nobody knows"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(it, ..)| *it == self).map_or("none", |(_, name, _)| name)
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
}
