//! The sentences of steps 3 to 9.

use crate::trace::rule::login::Login;
use std::borrow::Cow;

pub fn words(rule: &Login) -> Cow<'static, str> {
    match rule {
        Login::ChallengeOfVerifier { length } => {
            format!("code_challenge = BASE64URL(SHA-256(code_verifier)); the verifier has {length} characters").into()
        }
        Login::ChallengeNotOfVerifier => "code_challenge does not match code_verifier".into(),
        Login::VerifierMatches => "code_verifier matches the code_challenge of step 3".into(),
        Login::VerifierDiffers => "code_verifier does not match the code_challenge of step 3".into(),
        Login::ResourceSent { resource } => format!("resource is sent exactly as in the metadata: {resource}").into(),
        Login::NoResourceSent => "resource is not sent: 2025-03-26 does not define it".into(),
        Login::StateReturned => "state is the value that was sent".into(),
        Login::IssMatches => "iss is the issuer recorded before the redirect".into(),
        Login::IssUnpromised => {
            "The authorization server neither advertises nor sends iss, so mix-up attacks cannot be detected".into()
        }
    }
}
