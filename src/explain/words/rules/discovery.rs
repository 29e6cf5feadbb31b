//! The sentences of steps 2 to 2b.

use crate::trace::rule::discovery::Discovery;
use std::borrow::Cow;

pub fn words(rule: &Discovery) -> Cow<'static, str> {
    match rule {
        Discovery::ChallengeHidden => {
            "WWW-Authenticate is not exposed to web pages; continuing with the well-known URLs".into()
        }
        Discovery::NoBearerChallenge { schemes } => {
            let named = if schemes.is_empty() { String::new() } else { format!(", only {}", schemes.join(", ")) };
            format!("WWW-Authenticate has no Bearer challenge{named}").into()
        }
        Discovery::ChallengeNamesMetadata => "The Bearer challenge has resource_metadata".into(),
        Discovery::ChallengeLacksMetadata => "The Bearer challenge has no resource_metadata".into(),
        Discovery::NoResource => "The metadata has no \"resource\"; the URL of the server is used".into(),
        Discovery::ResourceIsServer => "resource is the URL of this server".into(),
        Discovery::ResourceCoversServer { resource } => {
            format!("resource is {resource}, which covers this server").into()
        }
        Discovery::AuthorizationServers { named, count, used } => match count {
            1 => format!("The authorization server is {used}").into(),
            _ => {
                format!("authorization_servers lists {count}: {}. Flowglass uses {used}", named.join(", ")).into()
            }
        },
        Discovery::NotWhereNamed { url } => {
            format!("{url}, named in the challenge, returned 404; trying the well-known URL of the path").into()
        }
        Discovery::NoResourceMetadata { set: Some(issuer) } => {
            format!("No resource metadata found; continuing with the authorization server that you set: {issuer}")
                .into()
        }
        Discovery::NoResourceMetadata { set: None } => {
            "No resource metadata found; continuing as in 2025-03-26: the server's own origin is the authorization server".into()
        }
        Discovery::CredentialsUnbound { origin } => format!(
            "The client secret is sent to {origin}. Set the authorization server to bind the secret to it"
        )
        .into(),
        Discovery::EndpointsByHand => {
            "Metadata is not requested: both endpoints were set manually, and PKCE with S256 is assumed".into()
        }
        Discovery::DefaultEndpoints => {
            "No metadata found: the default endpoints /authorize, /token and /register are used, and PKCE with S256 is assumed".into()
        }
        Discovery::IssuerIdentical => "issuer matches the requested issuer".into(),
        Discovery::IssuerSlash { found, asked } => format!(
            "issuer is {found}, but {asked} was requested. They differ only in the slash after the origin; {found} is used from here on"
        )
        .into(),
        Discovery::IssuerSet { set, named } => {
            let named = if named.is_empty() { "none".to_owned() } else { named.join(", ") };
            format!("Using the authorization server that you set: {set}. The resource metadata names {named}").into()
        }
        Discovery::ForeignMetadata { metadata, resource } => format!(
            "The resource metadata is on {metadata} and its resource is {resource}: the token covers every server of that origin"
        )
        .into(),
        Discovery::PkceAdvertised => "code_challenge_methods_supported contains S256".into(),
        Discovery::MetadataRedirected { from, to } => format!("{from} redirected to {to}, on the same origin").into(),
        Discovery::ResourceMetadataNotObject { url } | Discovery::ServerMetadataNotObject { url } => {
            format!("{url} responded, but not with a JSON object").into()
        }
    }
}
