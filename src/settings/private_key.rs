//! A private key as it is typed: PKCS#8 in PEM, or a JWK.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is no key that signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyError {
    /// Neither PEM nor a JSON object.
    Unknown,
    /// PEM of another kind, by its label.
    Label(String),
    /// A kind of key that no browser signs with, or a damaged one.
    Unusable,
    /// A JWK without its private members.
    Public,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("Paste a PEM key that begins with -----BEGIN PRIVATE KEY-----, or a JWK"),
            Self::Label(label) if label.ends_with("PRIVATE KEY") => write!(
                f,
                "This is {label}, but browsers need PKCS#8 without a passphrase. Convert it: openssl pkcs8 -topk8 -nocrypt"
            ),
            Self::Label(label) => write!(f, "This is a {label}, not a private key"),
            Self::Unusable => f.write_str("The key is damaged, or not an RSA, P-256, P-384, P-521 or Ed25519 key"),
            Self::Public => f.write_str("This JWK is a public key: it has no private members"),
        }
    }
}

/// Whether a text looks like a key from outside: what can be said while it is typed. Reading it comes later.
pub fn glance(text: &str) -> Result<(), KeyError> {
    if text.trim_start().starts_with('{') { Ok(()) } else { body_of_pem(text.trim()).map(|_| ()) }
}

/// What stands between the first and the last line (RFC 7468 §2, §10).
pub fn body_of_pem(text: &str) -> Result<&str, KeyError> {
    let begun = text.strip_prefix("-----BEGIN ").ok_or(KeyError::Unknown)?;
    let (label, rest) = begun.split_once("-----").ok_or(KeyError::Unknown)?;
    if label != "PRIVATE KEY" {
        return Err(KeyError::Label(label.to_owned()));
    }
    rest.split_once("-----END").map(|(body, _)| body).ok_or(KeyError::Unknown)
}
