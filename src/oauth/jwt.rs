//! A token as a JSON Web Token (RFC 7519, in the compact form of RFC 7515): header, claims, signature.
//!
//! To a client every access token is opaque (RFC 6749 §1.4); it is read here only to be shown and judged. Whatever
//! does not have the form of a signed JWT is said to be opaque. Nothing is verified here.

use crate::json::members::{document, string, strings};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

type Document = serde_json::Map<String, Value>;

/// What a token looks like from outside.
#[derive(Clone, PartialEq)]
pub enum Token {
    /// It says nothing to whoever has no key, or no table, to look it up.
    Opaque,
    /// Five parts (RFC 7516): only the header can be read.
    Encrypted {
        header: String,
    },
    Signed(Box<Jwt>),
}

/// A signed JWT, taken apart.
#[derive(Clone, PartialEq)]
pub struct Jwt {
    /// As the token holds them: JSON.
    pub header_text: String,
    pub claims_text: String,
    pub header: Document,
    pub claims: Document,
    pub signature: Vec<u8>,
    /// How much of the token is signed, in bytes: all before the last dot.
    signed: usize,
}

impl Token {
    /// Reads whatever a server gave as a token.
    pub fn read(token: &str) -> Self {
        let parts: Vec<&str> = token.split('.').collect();
        match parts.as_slice() {
            [header, claims, signature] => Self::signed(header, claims, signature).unwrap_or(Self::Opaque),
            [header, _, _, _, _] => match part_of(header) {
                Some((header, document)) if document.contains_key("enc") => Self::Encrypted { header },
                _ => Self::Opaque,
            },
            _ => Self::Opaque,
        }
    }

    fn signed(header: &str, claims: &str, signature: &str) -> Option<Self> {
        let signed = header.len() + 1 + claims.len();
        let ((header_text, header), (claims_text, claims)) = (part_of(header)?, part_of(claims)?);
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        Some(Self::Signed(Box::new(Jwt { header_text, claims_text, header, claims, signature, signed })))
    }

    pub const fn jwt(&self) -> Option<&Jwt> {
        match self {
            Self::Signed(jwt) => Some(jwt),
            _ => None,
        }
    }

    /// What the token is, in words.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Opaque => "This token is opaque. Only introspection can show its contents.",
            Self::Encrypted { .. } => "This token is an encrypted JWT. Only the MCP server can decrypt its claims.",
            Self::Signed(_) => {
                "This token is a signed JWT. It is decoded for inspection only; clients must not depend on its contents."
            }
        }
    }
}

impl Jwt {
    pub fn algorithm(&self) -> Option<String> {
        string(&self.header, "alg")
    }

    pub fn key_id(&self) -> Option<String> {
        string(&self.header, "kid")
    }

    /// The part of its token that the signature is of.
    pub fn signed_part<'a>(&self, token: &'a str) -> &'a str {
        token.get(..self.signed).unwrap_or_default()
    }
}

/// A part that is a JSON object: its text and its members.
fn part_of(part: &str) -> Option<(String, Document)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(part).ok()?).ok()?;
    let document = document(&text)?;
    Some((text, document))
}

/// A claim that is a string or a list of strings (RFC 7519 §4.1.3), as a list; `None` where it is absent.
pub fn list(claims: &Document, name: &str) -> Option<Vec<String>> {
    string(claims, name).map(|it| vec![it]).or_else(|| strings(claims, name))
}

/// The scopes that a token or an introspection names: `scope` in one string (RFC 9068 §2.2.3), or `scp`, as a list in
/// the field.
pub fn scopes(claims: &Document) -> Option<Vec<String>> {
    let named = list(claims, "scope").or_else(|| list(claims, "scp"))?;
    Some(named.iter().flat_map(|it| it.split_whitespace()).map(str::to_owned).collect())
}

/// A point in time (RFC 7519 §2, `NumericDate`) in milliseconds.
pub fn time(claims: &Document, name: &str) -> Option<f64> {
    let seconds = claims.get(name)?.as_f64()?;
    Some(seconds * 1000.0).filter(|it| it.is_finite())
}

/// The token with one character of its last part changed, in the middle, where every bit counts.
pub fn damaged(token: &str) -> String {
    let start = token.rfind('.').map_or(0, |it| it + 1);
    let (before, last) = token.split_at_checked(start).unwrap_or(("", token));
    let middle = last.chars().count() / 2;
    let other = |it: char| if it == 'A' { 'B' } else { 'A' };
    let changed = last.chars().enumerate().map(|(at, it)| if at == middle { other(it) } else { it });
    let changed: String = changed.collect();
    format!("{before}{}", if changed.is_empty() { "A" } else { &changed })
}

/// The token without a signature (RFC 7515, `alg: none`); `None` where it is no JWT.
pub fn unsigned(token: &str) -> Option<String> {
    let read = Token::read(token);
    let mut header = read.jwt()?.header.clone();
    header.insert("alg".to_owned(), "none".into());
    let claims = token.split('.').nth(1)?;
    Some(format!("{}.{claims}.", URL_SAFE_NO_PAD.encode(Value::Object(header).to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &str) -> String {
        format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn the_example_of_rfc_7519_is_read() {
        let text = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let Token::Signed(jwt) = Token::read(text) else { panic!("not read") };
        assert_eq!(jwt.algorithm().as_deref(), Some("HS256"));
        assert_eq!(time(&jwt.claims, "exp"), Some(1_300_819_380_000.0));
        assert_eq!(jwt.signature.len(), 32);
        assert_eq!(Some(jwt.signed_part(text)), text.rsplit_once('.').map(|it| it.0));
    }

    #[test]
    fn whatever_is_no_jwt_is_opaque() {
        let deep = token("{}", &"[".repeat(100_000));
        for text in ["", ".", "..", "...", "a.b.c", "e30.e30", "e30.e30.!", "e30.W10.", "ä.ö.ü", "e30.bnVsbA.x", &deep]
        {
            assert!(Token::read(text) == Token::Opaque, "{text}");
        }
    }

    #[test]
    fn an_unsigned_token_is_read_too() {
        assert!(Token::read(&token(r#"{"alg":"none"}"#, "{}").replace("c2ln", "")).jwt().is_some());
    }

    #[test]
    fn a_token_without_its_signature_says_so_and_has_the_same_claims() {
        let unsigned = unsigned(&token(r#"{"alg":"RS256","typ":"at+jwt"}"#, r#"{"aud":"a"}"#)).expect("a JWT");
        let Token::Signed(jwt) = Token::read(&unsigned) else { panic!("not read") };
        assert_eq!((jwt.algorithm().as_deref(), jwt.signature.len()), (Some("none"), 0));
        assert_eq!((jwt.header.get("typ"), jwt.claims_text.as_str()), (Some(&"at+jwt".into()), r#"{"aud":"a"}"#));
        assert_eq!(super::unsigned("opaque"), None);
    }

    #[test]
    fn an_encrypted_token_is_said_to_be_one() {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#);
        assert!(matches!(Token::read(&format!("{header}.a.b.c.d")), Token::Encrypted { .. }));
        assert!(Token::read("e30.a.b.c.d") == Token::Opaque);
    }

    #[test]
    fn claims_of_wrong_types_count_as_absent() {
        let Token::Signed(jwt) =
            Token::read(&token("{\"alg\":7}", r#"{"aud":[1,"a"],"exp":"soon","scp":["x y","z"]}"#))
        else {
            panic!("not read")
        };
        assert_eq!((jwt.algorithm(), time(&jwt.claims, "exp")), (None, None));
        assert_eq!(list(&jwt.claims, "aud"), Some(vec!["a".to_owned()]));
        assert_eq!(scopes(&jwt.claims), Some(["x", "y", "z"].map(str::to_owned).to_vec()));
    }

    #[test]
    fn a_damaged_token_differs_in_one_character_of_its_last_part() {
        for text in ["aaa.bbb.cccccc", "opaque", "A", "ä", "x."] {
            let other = damaged(text);
            assert_ne!(other, text);
            assert_eq!(text.rsplit_once('.').map(|it| it.0), other.rsplit_once('.').map(|it| it.0));
        }
        assert_eq!(damaged("a.b.cAc"), "a.b.cBc");
        assert_eq!(damaged(""), "A");
    }
}
