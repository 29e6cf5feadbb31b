//! Proof Key for Code Exchange (RFC 7636), with S256 alone.
//!
//! Owns the verifier and its hash. Randomness comes from outside; whether the authorization server offers S256
//! is read elsewhere. `plain` is never used: it would show the verifier in the authorization request.

use crate::base::secret::{Secret, in_storage};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The value of `code_challenge_method` (RFC 7636 §4.3).
pub const METHOD: &str = "S256";

/// The `code_verifier`: proves at the token endpoint that the client is the one that asked (RFC 7636 §4.1).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verifier(#[serde(with = "in_storage")] Secret<String>);

impl Verifier {
    /// 32 random octets as 43 characters of base64url without padding: what RFC 7636 §4.1 recommends.
    pub fn from_entropy(octets: [u8; 32]) -> Self {
        Self(Secret::new(URL_SAFE_NO_PAD.encode(octets)))
    }

    /// The secret itself: only for the token request, or shown because the user asked for it.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The `code_challenge` for the authorization request (RFC 7636 §4.2): 43 characters, not secret.
    pub fn challenge(&self) -> String {
        s256(self.expose())
    }
}

/// Whether the verifier is the one behind the challenge (RFC 7636 §4.6): the authorization server's check.
pub fn verify(verifier: &str, challenge: &str) -> bool {
    s256(verifier) == challenge
}

fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The octets of RFC 7636, appendix B.
    fn appendix_b() -> Verifier {
        Verifier::from_entropy([
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191,
            240, 91, 88, 5, 88, 83, 132, 141, 121,
        ])
    }

    #[test]
    fn the_octets_of_appendix_b_are_its_verifier() {
        assert_eq!(appendix_b().expose(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    }

    #[test]
    fn the_verifier_of_appendix_b_has_its_challenge() {
        assert_eq!(appendix_b().challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_verifier_has_43_unreserved_characters() {
        for octet in [0, 0x7f, 0xff] {
            let verifier = Verifier::from_entropy([octet; 32]);
            assert_eq!(verifier.expose().len(), 43);
            assert!(verifier.expose().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)));
        }
    }

    #[test]
    fn only_the_right_verifier_is_accepted() {
        let challenge = appendix_b().challenge();
        assert!(verify(appendix_b().expose(), &challenge));
        assert!(!verify("", &challenge));
        assert!(!verify(&challenge, &challenge));
        assert!(!verify(appendix_b().expose(), &format!("{challenge}=")));
    }

    #[test]
    fn a_verifier_survives_storage() {
        let stored = serde_json::to_string(&appendix_b()).unwrap();
        assert!(serde_json::from_str::<Verifier>(&stored).unwrap() == appendix_b());
    }
}
