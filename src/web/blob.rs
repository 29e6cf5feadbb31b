//! Data of this page under an address of its own (`blob:`).

use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, Url};

/// The address; dropping it takes it back.
pub struct BlobUrl(String);

impl BlobUrl {
    pub fn of(bytes: &[u8], media_type: &str) -> Option<Self> {
        Self::made(&js_sys::Uint8Array::from(bytes), media_type)
    }

    /// Of a text, or of data.
    pub(super) fn made(content: &JsValue, media_type: &str) -> Option<Self> {
        let options = BlobPropertyBag::new();
        options.set_type(media_type);
        let blob = Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(content), &options).ok()?;
        Url::create_object_url_with_blob(&blob).ok().map(Self)
    }

    pub fn href(&self) -> &str {
        &self.0
    }
}

impl Drop for BlobUrl {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}
