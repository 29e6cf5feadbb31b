//! What is said of the ends of an authorization.

mod discovery;
mod login;
mod refusals;
mod registration;
mod requester;
mod token;

use super::Words;
use crate::http::HttpError;
use crate::trace::problem::oauth::{Error, Refusal};

/// Every cause by what it is about; each file has the sentences of its own.
pub(super) fn words(error: &Error) -> Words {
    match error {
        Error::ResourceMismatch { .. }
        | Error::NoAuthorizationServer { .. }
        | Error::UnsafeUrl { .. }
        | Error::SecretKept { .. }
        | Error::EndpointsApart { .. }
        | Error::IssuerMismatch { .. }
        | Error::NoMetadata { .. }
        | Error::MetadataUnreadable { .. }
        | Error::MetadataInvalid { .. }
        | Error::NoPkce { .. } => discovery::words(error),
        Error::NoRegistration { .. }
        | Error::RegistrationRefused { .. }
        | Error::NobodyRegisters { .. }
        | Error::NoSignOfOAuth { .. }
        | Error::RegistrationUnreadable { .. }
        | Error::NotSigned { .. } => registration::words(error),
        Error::StateMismatch { .. }
        | Error::StateMissing
        | Error::IssMismatch { .. }
        | Error::IssMissing { .. }
        | Error::Denied { .. }
        | Error::GivenUp(_)
        | Error::Refused { .. }
        | Error::NoCode(_)
        | Error::NotKept => login::words(error),
        Error::TokenRefused { .. } | Error::TokenUnreadable { .. } | Error::TokenType { .. } | Error::TokenText => {
            token::words(error)
        }
        Error::Redirected { to, .. } => Words::new("The server redirects to another origin")
            .fix(format!("Publish the final URL instead: `{to}`."))
            .reason("A response of another origin is not trusted.")
            .evidence("The redirect was not followed further."),
        Error::Status { url, status, .. } => Words::new(format!("The server responded {status}"))
            .fix("Find this request in the server's log.")
            .reason(if *status >= 500 { "The server failed." } else { "The server refused the request." })
            .evidence(format!("`{url}` responded {status}.")),
        Error::Http { url, error, .. } => http(url, error),
    }
}

/// What the server wrote beside its error code.
fn said(description: Option<&str>) -> String {
    description.map(|it| format!(": “{it}”")).unwrap_or_default()
}

/// A refusal as it was received.
fn refused(endpoint: &str, status: u16, refusal: &Refusal) -> String {
    let error = refusal.error.as_deref().map_or_else(|| "without `error`".to_owned(), |it| format!("`{it}`"));
    format!("{endpoint} responded {status} {error}{}.", said(refusal.description.as_deref()))
}

fn http(url: &str, error: &HttpError) -> Words {
    if let HttpError::Forbidden { rule } = error {
        return super::forbidden(url, rule);
    }
    if let HttpError::Relay { to, failure } = error {
        return super::relay(url, to, failure);
    }
    let (title, reason, fix) = match error {
        HttpError::Timeout { .. } => (
            "No response in time",
            "The server took longer than the time limit.",
            "Find this request in the server's log, or raise the time limit in the connection settings.",
        ),
        HttpError::Redirected => (
            "The URL redirects",
            "A request with a secret is not redirected to another URL.",
            "Publish the final URL; often only the trailing slash differs.",
        ),
        HttpError::Cut { .. } => (
            "The response is incomplete",
            "The connection ended in the middle of the body.",
            "Check the server's log, and proxies in between.",
        ),
        HttpError::TooLarge { .. } => (
            "The response is too large",
            "Metadata, registration and token responses are a few kilobytes. Flowglass reads at most 1 MB.",
            "Return only the members that the specification defines, and check which document the URL serves.",
        ),
        _ => ("No response", "There was no connection.", "Check that the server runs, and its URL."),
    };
    Words::new(title).fix(fix).reason(reason).evidence(format!("`{url}`: {error}."))
}
