//! Signatures, verified by the browser's own cryptography (Web Cryptography API). Pages have it on https and
//! localhost only.

use crate::inspector::Verified;
use crate::oauth::jwks::{Algorithm, Padding, Signed};
use js_sys::{Array, Function, JSON, Promise, Reflect, Uint8Array};
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Verifies, and reports once.
pub fn verify(signed: Box<Signed>, report: impl FnOnce(Verified) + 'static) {
    let subtle = Reflect::get(&js_sys::global(), &"crypto".into()).and_then(|it| Reflect::get(&it, &"subtle".into()));
    let Some(subtle) = subtle.ok().filter(JsValue::is_object) else { return report(Verified::NoCrypto) };
    spawn_local(async move {
        report(match run(&subtle, &signed).await {
            Ok(true) => Verified::Holds,
            Ok(false) => Verified::Fails,
            Err(error) => Verified::Unable(words(&error)),
        });
    });
}

async fn run(subtle: &JsValue, signed: &Signed) -> Result<bool, JsValue> {
    let algorithm = JSON::parse(&algorithm(signed.algorithm).to_string())?;
    let usages = Array::of1(&"verify".into());
    let import = [&"jwk".into(), &JSON::parse(&signed.key)?, &algorithm, &JsValue::FALSE, &usages.into()];
    let key = call(subtle, "importKey", import).await?;
    let signature = Uint8Array::from(signed.signature.as_slice());
    let message = Uint8Array::from(signed.message.as_bytes());
    let holds = call(subtle, "verify", [&algorithm, &key, &signature.into(), &message.into()]).await?;
    Ok(holds.is_truthy())
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
