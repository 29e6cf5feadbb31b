//! Metadata: what is said where a client cannot find out where to log in, or must not.

use super::super::Words;
use crate::base::address::AddressError;
use crate::trace::problem::oauth::{Endpoints, Error, NamedBy, Transfer};

pub(super) fn words(error: &Error) -> Words {
    match error {
        Error::ResourceMismatch { server, .. } => Words::new("The resource metadata is for another server")
            .fix(format!("Set `resource` in the metadata to `{server}`, or to its origin."))
            .reason("A token for that resource would be valid at another server. A hostile server could obtain one this way.")
            .evidence("`resource` does not cover the URL that Flowglass connects to."),
        Error::NoAuthorizationServer { url } => Words::new("`authorization_servers` is missing")
            .fix("Add `authorization_servers` with the issuer of the authorization server.")
            .reason("Without it a client does not know where to log in.")
            .evidence(format!("`{url}` has no entry in `authorization_servers`.")),
        Error::UnsafeUrl { what, why: AddressError::Local(host), .. } => local(what, host),
        Error::UnsafeUrl { what, why, .. } => Words::new("The metadata has an unsafe URL")
            .fix(format!("Set `{what}` to an https URL."))
            .reason("URLs in metadata must be https, or http on loopback. Other URLs could run scripts or leak a code.")
            .evidence(format!("`{what}`: {why}.")),
        Error::SecretKept { transfer, .. } => kept(transfer),
        Error::EndpointsApart { endpoints, .. } => apart(endpoints),
        Error::IssuerMismatch { asked, by, .. } => Words::new("The authorization server metadata names another issuer")
            .fix(match by {
                NamedBy::ResourceMetadata => format!("Set `issuer` in the metadata to `{asked}`, the string in `authorization_servers`."),
                NamedBy::User => "Set the authorization server under Authorization settings to the `issuer` of its metadata.".to_owned(),
                NamedBy::Nobody => format!("Set `issuer` to `{asked}`, or publish resource metadata that names the other issuer."),
            })
            .reason("Both must be the same string (RFC 8414 §3.3); otherwise one server could pose as another.")
            .evidence(format!("The metadata was requested for `{asked}`.")),
        Error::NoMetadata { issuer, by, last, status } => Words::new("The authorization server has no metadata")
            .fix(match by {
                NamedBy::User => "Correct the authorization server under Authorization settings, or set its endpoints there.",
                _ => "Publish the metadata at a well-known URL. To continue now, set the endpoints under Authorization settings.",
            })
            .reason(match by {
                NamedBy::User => "You set this authorization server, and without its metadata the endpoints are unknown.",
                _ => "Without it a client does not know the endpoints. If `authorization_servers` names no issuer, correct it at the MCP server.",
            })
            .evidence(format!("`{issuer}` has no metadata at its well-known URLs; `{last}` responded {status}.")),
        Error::MetadataUnreadable { url } => Words::new("The authorization server metadata is not JSON")
            .fix("Return the metadata as a JSON object, or 404 where there is none.")
            .reason("Metadata is one JSON object with status 200 and `Content-Type: application/json` (RFC 8414 §3.2).")
            .evidence(format!("The response of `{url}` is not a JSON object.")),
        Error::MetadataInvalid { url, lacks } => Words::new(format!("The metadata has no valid `{lacks}`"))
            .fix(format!("Add `{lacks}` to the metadata."))
            .reason("The authorization cannot continue without this member.")
            .evidence(format!("In `{url}` the member `{lacks}` is missing or has the wrong type.")),
        Error::NoPkce { found } => no_pkce(found.as_deref()),
        _ => Words::default(),
    }
}

/// A URL of this machine or of a private network, which a server on the internet named.
fn local(what: &str, host: &str) -> Words {
    Words::new("A public server named a local URL")
        .fix(format!("Set `{what}` to a public URL. If you run `{host}` yourself, type its URLs under Authorization settings."))
        .reason("Your browser reaches hosts that the server does not. A hostile server could send requests there in your name, so none was sent.")
        .evidence(format!("`{what}` is on `{host}`, which is loopback or a private network."))
}

fn kept(Transfer { what, to, typed_for, by_relay }: &Transfer) -> Words {
    if *by_relay {
        return Words::new("No secret was sent through the relay")
            .fix(format!("If `{to}` may read what you send to `{typed_for}`, connect again and accept."))
            .reason("The host of Flowglass lists a relay at another origin, which would receive tokens and headers.")
            .evidence(format!("You declined to send {what} to `{to}`."));
    }
    Words::new("A secret was not sent to a new origin")
        .fix(format!("If `{to}` may have it, connect again and accept. Otherwise remove the secret, or correct the server URL."))
        .reason("A secret belongs to the origin that it was typed for. A hostile server could name another origin to collect it.")
        .evidence(format!("You declined to send {what} to `{to}`."))
}

fn apart(Endpoints { issuer, .. }: &Endpoints) -> Words {
    Words::new("Authorization and token endpoint have different origins")
        .fix("Serve both endpoints from one origin, or send `iss` and set `authorization_response_iss_parameter_supported: true`.")
        .reason("Without `iss`, a code of one authorization server can be redeemed at another (mix-up attack). You declined to log in.")
        .evidence(format!("The metadata of `{issuer}` has no `authorization_response_iss_parameter_supported`."))
}

fn no_pkce(found: Option<&[String]>) -> Words {
    let evidence = match found {
        None => "`code_challenge_methods_supported` is absent.".to_owned(),
        Some(methods) => format!("`code_challenge_methods_supported` is `[{}]`.", methods.join(", ")),
    };
    Words::new("The authorization server does not advertise S256")
        .fix("Add `\"code_challenge_methods_supported\": [\"S256\"]` to the metadata, and support PKCE with S256.")
        .reason("Without PKCE an intercepted code can be redeemed by anyone. MCP clients must refuse to proceed.")
        .evidence(evidence)
}
