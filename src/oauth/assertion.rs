//! A client that proves itself with a key: `private_key_jwt` (RFC 7523 §2.2, RFC 7591 §2).
//!
//! The assertion is written here and signed elsewhere: what signs is the browser. The key stays in memory, and goes
//! nowhere else.

use super::jwks::Algorithm;
use super::registration::Client;
use crate::base::secret::Secret;
use crate::json::members::{document, string};
use crate::settings::private_key::{KeyError, body_of_pem};
pub use crate::trace::problem::oauth::NotSigned;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

/// The value of `client_assertion_type` (RFC 7523 §2.2).
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long an assertion is good for, in seconds: time enough for a request, and for two clocks that differ a little.
pub const LIFE: u64 = 300;

/// A private key, read.
#[derive(Clone, PartialEq, Eq)]
pub struct PrivateKey {
    pub form: Form,
    /// `kty` and `crv`, as a JWK would have them.
    kind: (&'static str, Option<&'static str>),
    key_id: Option<String>,
    /// The algorithm that a JWK says it is for.
    named: Option<String>,
}

/// The forms that a browser takes (Web Cryptography API, `importKey`).
#[derive(Clone, PartialEq, Eq)]
pub enum Form {
    /// The bytes of a PKCS#8 document (RFC 5208).
    Pkcs8(Secret<Vec<u8>>),
    /// A JWK (RFC 7517) with the members of its key alone.
    Jwk(Secret<String>),
}

impl PrivateKey {
    /// Reads PKCS#8 in PEM, or a JWK. Line breaks may be lost: fields of one line take them away.
    pub fn read(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        match document(text) {
            Some(key) => Self::of_jwk(&key),
            None => Self::of_pem(text),
        }
    }

    fn of_pem(text: &str) -> Result<Self, KeyError> {
        let body: String = body_of_pem(text)?.split_whitespace().collect();
        let bytes = STANDARD.decode(body).map_err(|_| KeyError::Unusable)?;
        let kind = kind_of_pkcs8(&bytes).ok_or(KeyError::Unusable)?;
        Ok(Self { form: Form::Pkcs8(Secret::new(bytes)), kind, key_id: None, named: None })
    }

    fn of_jwk(key: &Map<String, Value>) -> Result<Self, KeyError> {
        let (kty, curve) = (string(key, "kty"), string(key, "crv"));
        let fits = |it: &Algorithm| (Some(it.key().0), it.key().1) == (kty.as_deref(), curve.as_deref());
        let found = Algorithm::ALL.into_iter().map(|(_, it)| it).find(fits).ok_or(KeyError::Unusable)?;
        let (kty, curve, public) = found.key();
        let private: &[&str] = if kty == "RSA" { &["d", "p", "q", "dp", "dq", "qi"] } else { &["d"] };
        let members = ["kty"].iter().chain(curve.map(|_| &"crv")).chain(public).chain(private);
        let members = members.map(|it| Some(((*it).to_owned(), key.get(*it)?.clone())));
        let jwk: Map<_, _> = members.collect::<Option<_>>().ok_or(KeyError::Public)?;
        let form = Form::Jwk(Secret::new(Value::Object(jwk).to_string()));
        let (key_id, named) = (string(key, "kid"), string(key, "alg"));
        Ok(Self { form, kind: (kty, curve), key_id, named })
    }

    /// The algorithm to sign with, and its name: the key's own, else the first that the authorization server takes,
    /// else the usual one for such a key.
    pub fn algorithm(&self, taken: Option<&[String]>) -> (&'static str, Algorithm) {
        let fits = |(_, it): &&(&str, Algorithm)| (it.key().0, it.key().1) == self.kind;
        let all = || Algorithm::ALL.iter().filter(fits);
        let own = || all().find(|(name, _)| self.named.as_deref() == Some(*name));
        let wanted = || all().find(|(name, _)| taken.is_some_and(|list| list.iter().any(|it| it == name)));
        own().or_else(wanted).or_else(|| all().next()).copied().unwrap_or(Algorithm::RS256)
    }
}

/// What kind of key a PKCS#8 document holds (RFC 5208 §5: a version, then the algorithm with its parameters).
fn kind_of_pkcs8(bytes: &[u8]) -> Option<(&'static str, Option<&'static str>)> {
    const SEQUENCE: u8 = 0x30;
    const INTEGER: u8 = 0x02;
    const IDENTIFIER: u8 = 0x06;
    let (info, _) = element(SEQUENCE, bytes)?;
    let (_, rest) = element(INTEGER, info)?;
    let (algorithm, _) = element(SEQUENCE, rest)?;
    let (identifier, parameters) = element(IDENTIFIER, algorithm)?;
    Some(match identifier {
        // 1.2.840.113549.1.1.1, rsaEncryption (RFC 8017 appendix A).
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1] => ("RSA", None),
        // 1.3.101.112, id-Ed25519 (RFC 8410 §3).
        [0x2b, 0x65, 0x70] => ("OKP", Some("Ed25519")),
        // 1.2.840.10045.2.1, id-ecPublicKey, with its curve (RFC 5480 §2.1.1).
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1] => match element(IDENTIFIER, parameters)?.0 {
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7] => ("EC", Some("P-256")),
            [0x2b, 0x81, 4, 0, 34] => ("EC", Some("P-384")),
            [0x2b, 0x81, 4, 0, 35] => ("EC", Some("P-521")),
            _ => return None,
        },
        _ => return None,
    })
}

/// The content of the first element of a DER text, if it has that tag, and what follows it (X.690 §8.1).
fn element(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let [found, first, rest @ ..] = bytes else { return None };
    if *found != tag {
        return None;
    }
    match *first {
        short @ 0..=0x7f => rest.split_at_checked(usize::from(short)),
        long @ (0x81 | 0x82) => {
            let (length, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            let length = length.iter().fold(0, |all, byte| all << 8 | usize::from(*byte));
            rest.split_at_checked(length)
        }
        _ => None,
    }
}

/// An assertion that waits for its signature.
#[derive(Clone, PartialEq)]
pub struct Unsigned {
    pub key: PrivateKey,
    /// The algorithm's name (RFC 7518 §3.1).
    pub name: &'static str,
    pub algorithm: Algorithm,
    /// Header and claims, each in base64url, with a dot between (RFC 7515 §5.1).
    pub message: String,
}

/// What came of an [`Unsigned`]: the bytes of its signature.
pub type Signature = Result<Vec<u8>, NotSigned>;

/// Writes the assertion of a client for an authorization server (RFC 7523 §3): who it is, for whom, and for how long.
///
/// `now` is in milliseconds since the epoch; `id` must not be used twice (`jti`).
pub fn assertion(client: &Client, issuer: &str, key: PrivateKey, now: f64, id: &str) -> Unsigned {
    let (name, algorithm) = key.algorithm(client.signing_alg.as_ref().map(std::slice::from_ref));
    let mut header = json!({ "alg": name, "typ": "JWT" });
    if let (Some(id), Some(header)) = (&key.key_id, header.as_object_mut()) {
        header.insert("kid".to_owned(), json!(id));
    }
    let issued = (now / 1000.0) as u64;
    let claims = json!({
        "iss": client.id, "sub": client.id, "aud": issuer, "jti": id, "iat": issued, "exp": issued + LIFE,
    });
    let part = |it: &Value| URL_SAFE_NO_PAD.encode(it.to_string());
    Unsigned { key, name, algorithm, message: format!("{}.{}", part(&header), part(&claims)) }
}

impl Unsigned {
    /// The whole assertion.
    pub fn signed(&self, signature: &[u8]) -> Secret<String> {
        Secret::new(format!("{}.{}", self.message, URL_SAFE_NO_PAD.encode(signature)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::registration::Origin;
    use super::*;

    /// The key of RFC 8410 §10.3.
    const ED25519: &str = include_str!("../../tests/data/keys/rfc8410-ed25519.pem");
    /// The key of RFC 7515 appendix A.3.1.
    const P256: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;

    fn error(text: &str) -> Option<KeyError> {
        PrivateKey::read(text).err()
    }

    fn key(text: &str) -> PrivateKey {
        PrivateKey::read(text).unwrap_or_else(|error| panic!("{error}"))
    }

    /// A PKCS#8 document with such an algorithm, as PEM in one line.
    fn pkcs8(algorithm: &[u8]) -> String {
        let element = |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).expect("short")], content].concat();
        let parts = [element(2, &[0]), element(0x30, algorithm), element(4, &[0; 32])].concat();
        format!("-----BEGIN PRIVATE KEY-----{}-----END PRIVATE KEY-----", STANDARD.encode(element(0x30, &parts)))
    }

    fn name(text: &str) -> &'static str {
        key(text).algorithm(None).0
    }

    #[test]
    fn the_kind_of_a_pkcs8_key_says_what_it_signs_with() {
        const CURVE: [u8; 9] = [6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
        let curve = |identifier: &[u8]| pkcs8(&[&CURVE[..], identifier].concat());
        assert_eq!(name(ED25519), "EdDSA");
        assert_eq!(name(&ED25519.replace('\n', "")), "EdDSA");
        assert_eq!(name(&pkcs8(&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0])), "RS256");
        assert_eq!(name(&curve(&[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7])), "ES256");
        assert_eq!(name(&curve(&[6, 5, 0x2b, 0x81, 4, 0, 34])), "ES384");
        assert_eq!(name(&curve(&[6, 5, 0x2b, 0x81, 4, 0, 35])), "ES512");
        // secp256k1, which no browser knows.
        assert_eq!(error(&curve(&[6, 5, 0x2b, 0x81, 4, 0, 10])), Some(KeyError::Unusable));
    }

    #[test]
    fn a_jwk_is_taken_with_the_members_of_its_key_alone() {
        let text = P256.replacen('{', r#"{"use":"enc","key_ops":[],"kid":"one","#, 1);
        let key = key(&text);
        let Form::Jwk(jwk) = &key.form else { panic!("a JWK") };
        assert!(!jwk.expose().contains("use") && jwk.expose().contains(r#""d":"#));
        assert_eq!((key.algorithm(None).0, key.key_id.as_deref()), ("ES256", Some("one")));
        assert_eq!(error(r#"{"kty":"EC","crv":"P-256","x":"a","y":"b"}"#), Some(KeyError::Public));
    }

    #[test]
    fn the_algorithm_is_one_that_is_taken() {
        let taken = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let rsa = key(&pkcs8(&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0]));
        assert_eq!(rsa.algorithm(Some(&taken(&["ES256", "PS256"]))).0, "PS256");
        assert_eq!(rsa.algorithm(Some(&taken(&["ES256"]))).0, "RS256");
        assert_eq!(key(ED25519).algorithm(Some(&taken(&["Ed25519"]))).0, "Ed25519");
    }

    #[test]
    fn what_is_no_private_key_is_refused_in_a_sentence() {
        assert_eq!(error(""), Some(KeyError::Unknown));
        assert_eq!(error("-----BEGIN PRIVATE KEY-----\nMC4C"), Some(KeyError::Unknown));
        assert_eq!(error("{}"), Some(KeyError::Unusable));
        assert_eq!(error(&ED25519.replace("MC4C", "MC4D")), Some(KeyError::Unusable));
        let other = |label: &str| error(&ED25519.replace("PRIVATE KEY", label)).expect("refused").to_string();
        assert!(other("RSA PRIVATE KEY").contains("openssl pkcs8 -topk8 -nocrypt"));
        assert!(other("ENCRYPTED PRIVATE KEY").contains("without a passphrase"));
        assert_eq!(other("CERTIFICATE"), "This is a CERTIFICATE, not a private key");
        for cut in 0..ED25519.len() {
            let _ = PrivateKey::read(&ED25519[..cut]);
        }
    }

    #[test]
    fn an_assertion_says_who_for_whom_and_for_how_long() {
        let key = key(&P256.replacen('{', r#"{"kid":"one","#, 1));
        let client = Client::known("me", None, Origin::ByHand, None, "");
        let unsigned = assertion(&client, "https://as.example", key, 1_700_000_000_999.0, "once");
        let parts: Vec<_> =
            unsigned.message.split('.').map(|it| URL_SAFE_NO_PAD.decode(it).expect("base64url")).collect();
        let parts: Vec<Value> = parts.iter().map(|it| serde_json::from_slice(it).expect("JSON")).collect();
        assert_eq!(
            parts,
            [
                json!({"alg": "ES256", "typ": "JWT", "kid": "one"}),
                json!({
                    "iss": "me", "sub": "me", "aud": "https://as.example", "jti": "once",
                    "iat": 1_700_000_000, "exp": 1_700_000_300,
                }),
            ]
        );
        assert_eq!(unsigned.signed(b"sig").expose(), &format!("{}.c2ln", unsigned.message));
    }
}
