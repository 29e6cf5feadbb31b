//! The sentences on the claims of a token.

use crate::base::format::milliseconds;
use crate::trace::rule::claims::Claims;
use std::borrow::Cow;

pub fn words(rule: &Claims) -> Cow<'static, str> {
    match rule {
        Claims::NoAlgorithm => "The JWT header has no alg".into(),
        Claims::Unsigned => "alg is none: the token is not signed, so anyone can forge it".into(),
        Claims::Symmetric { alg } => {
            format!("alg is {alg}: symmetric, so every server that can verify this token can also forge it").into()
        }
        Claims::Asymmetric { alg } => format!("alg is {alg}: asymmetric, so only the issuer can sign").into(),
        Claims::AccessTokenType { typ } => format!("typ is {typ}: this is an access token").into(),
        Claims::OtherType { typ } => format!("typ is {typ}, not at+jwt: an ID token could be mistaken for an access token").into(),
        Claims::NoType => "typ is missing; at+jwt would distinguish this from other JWTs".into(),
        Claims::NoAudience => "aud is missing: the token is not bound to a server".into(),
        Claims::AudienceIsResource { resource } => {
            format!("aud contains the requested resource: {resource}").into()
        }
        Claims::AudienceIsServer { server } => format!("aud contains this server's URL: {server}").into(),
        Claims::AudienceSlash { aud, resource } => format!(
            "aud is {}; the requested resource was {resource}. They differ only in the trailing slash, but servers compare strings",
            aud.join(", ")
        )
        .into(),
        Claims::AudienceCoversServer { aud } => {
            format!("aud is {}, which covers this server but is not its URL; servers compare strings", aud.join(", "))
                .into()
        }
        Claims::AudienceOther { aud, resource } => format!(
            "aud is {}; the requested resource was {resource}. This server must reject a token for another resource",
            aud.join(", ")
        )
        .into(),
        Claims::AudienceUnasked { aud } => {
            format!("aud is {}, which is not this server's URL; no resource was requested", aud.join(", ")).into()
        }
        Claims::IssuerMatches { iss } => format!("iss is the authorization server: {iss}").into(),
        Claims::IssuerLastSlash { iss, issuer } => {
            format!("iss is {iss}; the issuer is {issuer}. They differ only in the trailing slash").into()
        }
        Claims::IssuerOther { iss, issuer } => format!("iss is {iss}; the token came from {issuer}").into(),
        Claims::NoIssuer => "iss is missing: the token does not say who issued it".into(),
        Claims::Expired { ago } => format!("exp: expired {} ago", time(*ago)).into(),
        Claims::Expires { after } => format!("exp: expires in {}", time(*after)).into(),
        Claims::NoExpiry => "exp is missing: the token has no expiry time".into(),
        Claims::NotYetValid { after } => {
            format!("nbf: valid in {} at the earliest, or one of the clocks is wrong", time(*after)).into()
        }
        Claims::Valid => "nbf has passed".into(),
        Claims::IssuedInFuture { after } => {
            format!("iat is {} in the future: one of the clocks is wrong", time(*after)).into()
        }
        Claims::Issued { ago } => format!("iat: issued {} ago", time(*ago)).into(),
        Claims::NoIssuedAt => "iat is missing: the token does not say when it was issued".into(),
        Claims::NoScope { granted } => format!("The token has no scope; granted: {granted}").into(),
        Claims::ScopeAsGranted { scope } => format!("scope matches the granted scope: {scope}").into(),
        Claims::ScopeAsGrantedHere { scope } => format!("scope matches the scope granted for this server: {scope}").into(),
        Claims::ScopeLess { missing } => format!("Granted but not in the token: {missing}").into(),
        Claims::ScopeMore { more } => format!("In the token but not listed as granted: {more}").into(),
        Claims::Subject { sub } => format!("sub: {sub}").into(),
        Claims::NoSubject => "sub is missing: the token does not identify a user".into(),
        Claims::ThisClient { client } => format!("client_id is this client: {client}").into(),
        Claims::OtherClient { found, client } => format!("client_id is {found}; this client is {client}").into(),
        Claims::NoClient => "client_id is missing: the token does not say which client it was issued to".into(),
    }
}

fn time(time: u64) -> String {
    milliseconds(time as f64)
}
