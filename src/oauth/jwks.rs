//! A JSON Web Key Set (RFC 7517): the key that a token was signed with, made ready for whoever can verify.
//!
//! Only the public members that verification needs are taken over; what else a server writes beside them is left.

use super::jwt::Jwt;
use crate::base::text::{fact, facts};
use crate::json::members::{document, string};
use crate::trace::check::Check;
use crate::trace::rule::proof::Proof;
use crate::trace::step::Step;
use serde_json::{Value, json};

type Document = serde_json::Map<String, Value>;

/// The signature algorithms that browsers know (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Rsa(Padding, Hash),
    Ecdsa(&'static str, Hash),
    Ed25519,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    Pkcs1,
    Pss,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// In bytes: the salt of RSASSA-PSS is as long (RFC 7518 §3.5).
    pub const fn length(self) -> u32 {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

impl Algorithm {
    /// What every implementation knows (RFC 7518 §3.1).
    pub const RS256: (&'static str, Self) = ("RS256", Self::Rsa(Padding::Pkcs1, Hash::Sha256));

    /// All of them by their names, and of each kind of key the usual one first.
    pub const ALL: [(&'static str, Self); 11] = [
        Self::RS256,
        ("RS384", Self::Rsa(Padding::Pkcs1, Hash::Sha384)),
        ("RS512", Self::Rsa(Padding::Pkcs1, Hash::Sha512)),
        ("PS256", Self::Rsa(Padding::Pss, Hash::Sha256)),
        ("PS384", Self::Rsa(Padding::Pss, Hash::Sha384)),
        ("PS512", Self::Rsa(Padding::Pss, Hash::Sha512)),
        ("ES256", Self::Ecdsa("P-256", Hash::Sha256)),
        ("ES384", Self::Ecdsa("P-384", Hash::Sha384)),
        ("ES512", Self::Ecdsa("P-521", Hash::Sha512)),
        ("EdDSA", Self::Ed25519),
        ("Ed25519", Self::Ed25519),
    ];

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(it, _)| *it == name).map(|(_, it)| it)
    }

    /// `kty`, `crv`, and the members that make the public key.
    pub const fn key(self) -> (&'static str, Option<&'static str>, &'static [&'static str]) {
        match self {
            Self::Rsa(..) => ("RSA", None, &["n", "e"]),
            Self::Ecdsa(curve, _) => ("EC", Some(curve), &["x", "y"]),
            Self::Ed25519 => ("OKP", Some("Ed25519"), &["x"]),
        }
    }
}

/// A signature and the key to verify it with.
#[derive(Clone, PartialEq)]
pub struct Signed {
    pub algorithm: Algorithm,
    /// A JWK with its public members alone.
    pub key: String,
    pub key_id: Option<String>,
    pub message: String,
    pub signature: Vec<u8>,
}

/// Why there is nothing to verify.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoKey {
    NotAKeySet,
    Algorithm(Option<String>),
    /// Not in the set, which holds these.
    Missing {
        wanted: Option<String>,
        held: Vec<String>,
    },
}

impl NoKey {
    /// As a rule that was applied.
    pub fn check(&self) -> Check {
        let step = Step::Token;
        match self {
            Self::NotAKeySet => Check::warn(step, Proof::NotAKeySet),
            Self::Algorithm(alg) => Check::warn(step, Proof::NoPublicAlgorithm { alg: alg.as_deref().map(fact) }),
            // A key that is missing makes every server that looks for it refuse the token.
            Self::Missing { wanted, held } => {
                Check::fail(step, Proof::KeyMissing { wanted: wanted.as_deref().map(fact), held: facts(held) })
            }
        }
    }
}

/// Whether a token's signature can be verified at all, whatever keys there are.
pub fn algorithm(jwt: &Jwt) -> Result<Algorithm, NoKey> {
    let name = jwt.algorithm();
    name.as_deref().and_then(Algorithm::parse).ok_or(NoKey::Algorithm(name))
}

/// The key of a token: the one with its `kid`, or, where it names none, the only one that fits.
pub fn select(key_set: &str, jwt: &Jwt, token: &str) -> Result<Signed, NoKey> {
    let algorithm = algorithm(jwt)?;
    let keys =
        document(key_set).and_then(|it| it.get("keys").and_then(Value::as_array).cloned()).ok_or(NoKey::NotAKeySet)?;
    let keys: Vec<&Document> = keys.iter().filter_map(Value::as_object).collect();
    let wanted = jwt.key_id();
    let fits = |key: &&&Document| public(key, algorithm).is_some();
    let found = match &wanted {
        Some(id) => keys.iter().filter(fits).find(|it| string(it, "kid").as_ref() == Some(id)),
        None => keys.iter().find(fits),
    };
    let held = || keys.iter().filter_map(|it| string(it, "kid")).collect();
    let key = found
        .and_then(|it| public(it, algorithm))
        .ok_or_else(|| NoKey::Missing { wanted: wanted.clone(), held: held() })?;
    Ok(Signed {
        algorithm,
        key,
        key_id: found.and_then(|it| string(it, "kid")),
        message: jwt.signed_part(token).to_owned(),
        signature: jwt.signature.clone(),
    })
}

/// The public part of a key, where it is one for that algorithm.
fn public(key: &Document, algorithm: Algorithm) -> Option<String> {
    let (kind, curve, members) = algorithm.key();
    let named = |name: &str| string(key, name);
    let for_signatures = named("use").is_none_or(|it| it == "sig");
    if named("kty").as_deref() != Some(kind) || named("crv").as_deref() != curve || !for_signatures {
        return None;
    }
    let mut public = serde_json::Map::new();
    public.insert("kty".to_owned(), json!(kind));
    public.extend(curve.map(|it| ("crv".to_owned(), json!(it))));
    for member in members {
        public.insert((*member).to_owned(), json!(named(member)?));
    }
    Some(Value::Object(public).to_string())
}

#[cfg(test)]
mod tests {
    use super::super::jwt::Token;
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn select_for(header: &str, keys: &str) -> Result<Signed, NoKey> {
        let token = format!("{}.e30.c2ln", URL_SAFE_NO_PAD.encode(header));
        let read = Token::read(&token);
        select(keys, read.jwt().expect("a JWT"), &token)
    }

    #[test]
    fn the_key_with_the_id_is_taken_with_its_public_members_alone() {
        let keys = r#"{"keys":[7,{"kty":"RSA","kid":"a","n":"1","e":"AQAB"},
            {"kty":"RSA","kid":"b","use":"sig","n":"2","e":"AQAB","d":"private","x5c":["y"],"alg":"RS256"}]}"#;
        let signed = select_for(r#"{"alg":"RS256","kid":"b"}"#, keys).expect("found");
        assert_eq!(signed.key, r#"{"e":"AQAB","kty":"RSA","n":"2"}"#);
        assert_eq!((signed.key_id.as_deref(), signed.message.ends_with(".e30")), (Some("b"), true));
        let held = vec!["a".to_owned(), "b".to_owned()];
        let wanted = Some("c".to_owned());
        assert_eq!(select_for(r#"{"alg":"RS256","kid":"c"}"#, keys).err(), Some(NoKey::Missing { wanted, held }));
    }

    #[test]
    fn a_token_without_a_key_id_takes_the_first_key_that_fits() {
        let keys = r#"{"keys":[{"kty":"EC","crv":"P-384","x":"1","y":"2"},{"kty":"EC","crv":"P-256","use":"enc","x":"1","y":"2"},
            {"kty":"EC","crv":"P-256","x":"3","y":"4"}]}"#;
        let signed = select_for(r#"{"alg":"ES256"}"#, keys).expect("found");
        assert!(signed.key.contains(r#""x":"3""#), "{}", signed.key);
        assert_eq!(signed.algorithm, Algorithm::Ecdsa("P-256", Hash::Sha256));
    }

    #[test]
    fn what_cannot_be_verified_is_said() {
        let none = |header, keys| select_for(header, keys).err().expect("none");
        assert_eq!(none(r#"{"alg":"RS256"}"#, "<html>"), NoKey::NotAKeySet);
        assert_eq!(none(r#"{"alg":"RS256"}"#, r#"{"keys":{}}"#), NoKey::NotAKeySet);
        assert_eq!(none(r#"{"alg":"HS256"}"#, "{}"), NoKey::Algorithm(Some("HS256".to_owned())));
        assert_eq!(none(r#"{"alg":"none"}"#, "{}"), NoKey::Algorithm(Some("none".to_owned())));
        assert_eq!(none(r#"{"alg":"EdDSA"}"#, r#"{"keys":[]}"#), NoKey::Missing { wanted: None, held: vec![] });
    }
}
