//! Signatures, made and verified by the browser's own cryptography (Web Cryptography API). Pages have it on https and
//! localhost only.

use crate::inspector::Verified;
use crate::oauth::assertion::{Form, NotSigned, Signature, Unsigned};
use crate::oauth::jwks::{Algorithm, Padding, Signed};
use js_sys::{Array, Function, JSON, Promise, Reflect, Uint8Array};
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Verifies, and reports once.
pub fn verify(signed: Box<Signed>, report: impl FnOnce(Verified) + 'static) {
    let Some(subtle) = subtle() else { return report(Verified::NoCrypto) };
    spawn_local(async move {
        report(match holds(&subtle, &signed).await {
            Ok(true) => Verified::Holds,
            Ok(false) => Verified::Fails,
            Err(error) => Verified::Unable(words(&error)),
        });
    });
}

/// Signs, and reports once.
pub fn sign(unsigned: Box<Unsigned>, report: impl FnOnce(Signature) + 'static) {
    let Some(subtle) = subtle() else { return report(Err(NotSigned::NoCrypto)) };
    spawn_local(async move {
        report(signature(&subtle, &unsigned).await.map_err(|error| NotSigned::Unable(words(&error))));
    });
}

fn subtle() -> Option<JsValue> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).ok()?;
    Reflect::get(&crypto, &"subtle".into()).ok().filter(JsValue::is_object)
}

async fn holds(subtle: &JsValue, signed: &Signed) -> Result<bool, JsValue> {
    let algorithm = JSON::parse(&algorithm(signed.algorithm).to_string())?;
    let key = import(subtle, "jwk", &JSON::parse(&signed.key)?, &algorithm, "verify").await?;
    let signature = Uint8Array::from(signed.signature.as_slice());
    let message = Uint8Array::from(signed.message.as_bytes());
    let holds = call(subtle, "verify", [&algorithm, &key, &signature.into(), &message.into()]).await?;
    Ok(holds.is_truthy())
}

/// The signature, in the form that a JWS has (RFC 7518 §3.4: that of the browser).
async fn signature(subtle: &JsValue, unsigned: &Unsigned) -> Result<Vec<u8>, JsValue> {
    let algorithm = JSON::parse(&algorithm(unsigned.algorithm).to_string())?;
    let (format, key) = match &unsigned.key.form {
        Form::Pkcs8(bytes) => ("pkcs8", Uint8Array::from(bytes.expose().as_slice()).into()),
        Form::Jwk(text) => ("jwk", JSON::parse(text.expose())?),
    };
    let key = import(subtle, format, &key, &algorithm, "sign").await?;
    let message = Uint8Array::from(unsigned.message.as_bytes());
    let signature = call(subtle, "sign", [&algorithm, &key, &message.into()]).await?;
    Ok(Uint8Array::new(&signature).to_vec())
}

/// A key for one use, which no script can read out again.
async fn import(
    subtle: &JsValue,
    format: &str,
    key: &JsValue,
    algorithm: &JsValue,
    usage: &str,
) -> Result<JsValue, JsValue> {
    let usages = Array::of1(&usage.into());
    call(subtle, "importKey", [&format.into(), key, algorithm, &JsValue::FALSE, &usages.into()]).await
}

async fn call<const N: usize>(subtle: &JsValue, name: &str, arguments: [&JsValue; N]) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(subtle, &name.into())?.dyn_into()?;
    let arguments: Array = arguments.into_iter().cloned().collect();
    let promise: Promise = function.apply(subtle, &arguments)?.dyn_into()?;
    JsFuture::from(promise).await
}

fn algorithm(algorithm: Algorithm) -> Value {
    match algorithm {
        Algorithm::Rsa(Padding::Pkcs1, hash) => json!({ "name": "RSASSA-PKCS1-v1_5", "hash": hash.name() }),
        Algorithm::Rsa(Padding::Pss, hash) => {
            json!({ "name": "RSA-PSS", "hash": hash.name(), "saltLength": hash.length() })
        }
        Algorithm::Ecdsa(curve, hash) => json!({ "name": "ECDSA", "namedCurve": curve, "hash": hash.name() }),
        Algorithm::Ed25519 => json!({ "name": "Ed25519" }),
    }
}

/// What the browser says of an error; often that is its name alone.
fn words(error: &JsValue) -> String {
    let of =
        |name: &str| Reflect::get(error, &name.into()).ok().and_then(|it| it.as_string()).filter(|it| !it.is_empty());
    of("message").or_else(|| of("name")).unwrap_or_else(|| "no reason given".to_owned())
}
