//! Registration and the client's own key.

use super::super::Words;
use super::{refusals, refused};
use crate::base::text::prefix;
use crate::oauth::challenge;
use crate::trace::problem::oauth::{Error, NotSigned};

pub(super) fn words(error: &Error) -> Words {
    match error {
        Error::NoRegistration { issuer, document } => Words::new("The client has to be pre-registered")
            .fix("Register a public client with the redirect URI of Flowglass, and type its client ID under Authorization settings.")
            .reason("This authorization server accepts pre-registered clients only.")
            .evidence(match document {
                true => format!("The metadata of `{issuer}` has no `registration_endpoint`, and no `client_id_metadata_document_supported: true`."),
                false => format!("The metadata of `{issuer}` has no `registration_endpoint`, and no client ID was typed."),
            }),
        Error::RegistrationRefused { status, refusal, redirect_uri } => Words::new("The client registration was refused")
            .fix(refusals::registration_advice(*status, refusal.error.as_deref(), redirect_uri))
            .reason(refusals::cause(*status, refusal.error.as_deref()))
            .quote(refused("The registration endpoint", *status, refusal))
            .evidence(format!("The registration request has `redirect_uris: [\"{redirect_uri}\"]`.")),
        Error::NobodyRegisters { url, status, .. } => Words::new("No resource metadata was found")
            .fix("Serve the resource metadata at `/.well-known/oauth-protected-resource` followed by the server's path, and name it in the challenge (`resource_metadata`). If the server uses a fixed token, enter that token.")
            .reason("The server does not name its authorization server, so Flowglass tried the default endpoints of 2025-03-26. The registration is not the cause.")
            .evidence(format!("`{url}` responded {status}. This URL is a guess.")),
        Error::NoSignOfOAuth { url, status, challenge, headers } => no_sign(url, *status, challenge.as_deref(), headers),
        Error::RegistrationUnreadable { status } => Words::new("The registration response has no client ID")
            .fix("Return a JSON object with `client_id` and status 201. To continue now, type a client ID under Authorization settings.")
            .reason("A registration response is a JSON object with at least `client_id` (RFC 7591 §3.2.1).")
            .evidence(format!("The registration endpoint responded {status}, and no `client_id` could be read.")),
        Error::NotSigned { why, .. } => not_signed(why),
        _ => Words::default(),
    }
}

/// 401 that no login cures, as far as can be seen.
fn no_sign(url: &str, status: u16, challenge: Option<&str>, headers: &[String]) -> Words {
    let basic =
        challenge.is_some_and(|it| challenge::parse(it).iter().any(|it| it.scheme.eq_ignore_ascii_case("Basic")));
    let sent = match headers {
        [] => "a request without a token".to_owned(),
        names => format!("a request with {}", names.join(", ")),
    };
    let shown = challenge.map_or_else(
        || "`WWW-Authenticate` could not be read".to_owned(),
        |it| format!("`WWW-Authenticate` is `{}`", prefix(it, 200)),
    );
    let title = if basic { "The server requires HTTP Basic authentication" } else { "401 without any sign of OAuth" };
    let reason = match (challenge, headers) {
        _ if basic => "Basic needs a user name and a password; MCP clients log in with OAuth (Bearer).",
        (_, [_, ..]) => {
            "Likely cause: the value of a header is wrong or expired, or the server expects another header."
        }
        (None, []) => {
            "Likely cause: the server expects an API key or another header. Its challenge may also be hidden by the browser."
        }
        (Some(_), []) => "Likely cause: the server expects an API key or another header.",
    };
    let fix = match basic {
        true => "Add the header `Authorization: Basic …` (Base64 of `user:password`).",
        false => "Add the header that the server expects, often `Authorization` or `X-API-Key`.",
    };
    Words::new(title)
        .fix(format!(
            "{fix} If the server uses OAuth, it has to publish resource metadata and expose `WWW-Authenticate`."
        ))
        .reason(reason)
        .evidence(format!(
            "The server responded 401 to {sent}; {shown}. No metadata was found, and `{url}` responded {status}."
        ))
}

fn not_signed(why: &NotSigned) -> Words {
    let evidence = match why {
        NotSigned::NoKey => "There is no key in memory.".to_owned(),
        NotSigned::Key(error) => format!("{error}."),
        NotSigned::NoCrypto => "`crypto.subtle` is absent.".to_owned(),
        NotSigned::Unable(said) => format!("The browser reports: {said}."),
    };
    let (reason, fix) = match why {
        NotSigned::NoKey => (
            "A private key is kept in memory only, and was lost when the page was reloaded.",
            "Paste the key again under Authorization settings, and connect.",
        ),
        NotSigned::Key(_) => (
            "Nothing can be signed with this key.",
            "Paste the whole private key, as PKCS#8 or JWK, under Authorization settings.",
        ),
        NotSigned::NoCrypto => (
            "Browsers offer their cryptography on https and localhost only.",
            "Open Flowglass on https or on localhost.",
        ),
        NotSigned::Unable(_) => (
            "The key is damaged, or of a type that this browser does not support.",
            "Paste the whole private key, as PKCS#8 or JWK. RSA and P-256 keys work in every browser.",
        ),
    };
    Words::new("The client assertion could not be signed").fix(fix).reason(reason).evidence(evidence)
}
