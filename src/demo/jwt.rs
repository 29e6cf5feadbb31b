//! Access tokens of the demo: JWTs (RFC 9068) under a key that both of its servers hold.

use super::state::{Access, State, random};
use crate::oauth::flow::Moment;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// How long a token lives, in seconds.
pub(super) const LIFE: i64 = 3600;

/// What a token says, once its signature holds.
pub(super) struct Claims(Value);

impl Claims {
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn expires(&self) -> i64 {
        self.0.get("exp").and_then(Value::as_i64).unwrap_or_default()
    }

    pub fn has_scope(&self, scope: &str) -> bool {
        self.text("scope").split_whitespace().any(|it| it == scope)
    }

    pub const fn all(&self) -> &Value {
        &self.0
    }
}

/// The time as JWTs write it.
pub(super) fn seconds(moment: &Moment) -> i64 {
    (moment.now / 1000.0) as i64
}

/// A fresh token; `life` may be negative, which no honest issuer would do.
pub(super) fn issue(state: &State, moment: &Moment, access: &Access, audience: &str, life: i64) -> String {
    let now = seconds(moment);
    sign(
        &state.key,
        &json!({
            "iss": super::ISSUER,
            "aud": audience,
            "sub": access.subject,
            "client_id": access.client,
            "scope": access.scope,
            "iat": now + life.min(0) * 2,
            "exp": now + life,
            "jti": random("jti", moment),
            "grant": access.family,
        }),
    )
}

fn sign(key: &[u8], claims: &Value) -> String {
    let header = json!({ "alg": "HS256", "typ": "at+jwt", "kid": "demo" });
    let signed =
        format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signature = URL_SAFE_NO_PAD.encode(hmac(key, signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// The claims of a token whose signature holds.
pub(super) fn read(key: &[u8], token: &str) -> Option<Claims> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (_, claims) = signed.split_once('.')?;
    if signature != URL_SAFE_NO_PAD.encode(hmac(key, signed.as_bytes())) {
        return None;
    }
    let claims = URL_SAFE_NO_PAD.decode(claims).ok()?;
    serde_json::from_slice(&claims).ok().map(Claims)
}

/// HMAC with SHA-256 (RFC 2104); the key is shorter than a block.
fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let pad = |byte: u8| {
        let mut block = [byte; 64];
        block.iter_mut().zip(key).for_each(|(block, key)| *block ^= key);
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_vector_of_rfc_4231() {
        let tag = hmac(b"Jefe", b"what do ya want for nothing?");
        assert!(tag.starts_with(&[0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e]), "{tag:?}");
    }

    #[test]
    fn a_token_that_was_changed_says_nothing() {
        let token = sign(b"key", &json!({ "scope": "a b" }));
        let claims = read(b"key", &token).expect("it is whole");
        assert!(claims.has_scope("b") && !claims.has_scope("c"));
        assert!(read(b"other", &token).is_none());
        assert!(read(b"key", &token.replacen('.', ".x", 1)).is_none());
        for text in ["", ".", "..", "a.b.c"] {
            assert!(read(b"key", text).is_none(), "{text}");
        }
    }
}
