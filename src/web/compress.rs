//! Texts made short for a link, and back: deflate by the browser, then base64url.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStreamDefaultReader};

const FORMAT: &str = "deflate-raw";

/// How long a text may be that comes out of a link, in bytes: a few of them can stand for gigabytes.
const LONGEST: usize = 8 * 1024 * 1024;

#[wasm_bindgen]
extern "C" {
    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// The text in the characters of a fragment; `None` where this browser cannot.
pub async fn pack(text: &str) -> Option<String> {
    let stream = CompressionStream::new(FORMAT).ok()?;
    let bytes = through(text.as_bytes(), &stream.into()).await.ok()??;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

/// The text of a link, or in a sentence why it has none.
pub async fn unpack(packed: &str) -> Result<String, &'static str> {
    const BROKEN: &str = "The link is broken: perhaps a part of it is missing";
    let bytes = URL_SAFE_NO_PAD.decode(packed.trim()).map_err(|_| BROKEN)?;
    let stream = DecompressionStream::new(FORMAT).map_err(|_| "This browser cannot read such a link")?;
    let bytes = through(&bytes, &stream.into()).await.map_err(|_| BROKEN)?;
    String::from_utf8(bytes.ok_or("What is in the link is too long")?).map_err(|_| BROKEN)
}

/// What comes out of a stream that the bytes went through; `None` where it is too much.
async fn through(bytes: &[u8], stream: &JsValue) -> Result<Option<Vec<u8>>, JsValue> {
    let parts = js_sys::Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence(&parts)?;
    let out = blob.stream().pipe_through(stream.unchecked_ref());
    let reader: ReadableStreamDefaultReader = out.get_reader().unchecked_into();
    let mut all = Vec::new();
    loop {
        let part = JsFuture::from(reader.read()).await?;
        if Reflect::get(&part, &"done".into())?.is_truthy() {
            return Ok(Some(all));
        }
        let bytes: Uint8Array = Reflect::get(&part, &"value".into())?.dyn_into()?;
        all.extend(bytes.to_vec());
        if all.len() > LONGEST {
            let _ = JsFuture::from(reader.cancel()).await;
            return Ok(None);
        }
    }
}
