//! The sentences on signatures and introspection.

use crate::explain::words::problems;
use crate::trace::rule::proof::Proof;
use std::borrow::Cow;

pub fn words(rule: &Proof) -> Cow<'static, str> {
    match rule {
        Proof::NoJwt => "Not verified: the token is not a signed JWT".into(),
        Proof::GivenByHand => "Not verified: you entered the token, so its issuer is unknown".into(),
        Proof::NoJwksUri => "Not verified: the authorization server metadata has no jwks_uri".into(),
        Proof::KeySetStatus { status } => {
            format!("Not verified: jwks_uri returned {status}").into()
        }
        Proof::KeySetUnread { error } => format!("Not verified: jwks_uri could not be read ({error})").into(),
        Proof::NotAKeySet => "Not verified: jwks_uri did not return a JWK Set".into(),
        Proof::NoPublicAlgorithm { alg: Some(alg) } => {
            format!("Not verified: browsers cannot verify {alg} with a public key").into()
        }
        Proof::NoPublicAlgorithm { alg: None } => "Not verified: the token has no alg".into(),
        Proof::KeyMissing { wanted: Some(wanted), held } if !held.is_empty() => format!(
            "Not verified: the JWK Set has no key {wanted} for this algorithm; it has {}",
            held.join(", ")
        )
        .into(),
        Proof::KeyMissing { .. } => "Not verified: the JWK Set has no key for this algorithm".into(),
        Proof::SignatureHolds { kid } => format!("Signature valid: verified with {}", key(kid.as_deref())).into(),
        Proof::SignatureFails { kid } => format!("Signature invalid: checked with {}", key(kid.as_deref())).into(),
        Proof::NoCrypto => {
            "Not verified: Web Crypto is available on https and localhost only".into()
        }
        Proof::KeyUnusable { kid, said } => {
            format!("Not verified: this browser cannot use {} ({said})", key(kid.as_deref())).into()
        }
        Proof::Active => "active is true".into(),
        Proof::Inactive => {
            "active is false: the token is expired, revoked or unknown to the authorization server".into()
        }
        Proof::ActiveUnsaid => "The response has no active".into(),
        Proof::IntrospectionNotSent { problem } => format!("Not sent: {}", problems::of(problem).evidence).into(),
        Proof::IntrospectionRefused { status } => format!(
            "Refused with {status}: introspection is meant for resource servers that authenticate, so public clients often may not use it"
        )
        .into(),
        Proof::NoIntrospection { status } => format!("Response {status} is not an introspection response").into(),
        Proof::IntrospectionUnread { error } => format!("The response cannot be read: {error}").into(),
    }
}

fn key(kid: Option<&str>) -> String {
    kid.map_or_else(|| "the only matching key".to_owned(), |it| format!("key {it}"))
}
