//! A panic is shown like every other error of a script: by `assets/boot.js`, which needs nothing of the module.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// <https://developer.mozilla.org/en-US/docs/Web/API/Window/reportError>
    #[wasm_bindgen(js_name = reportError)]
    fn report_error(error: &js_sys::Error);
}

/// From here on, a panic says its words, and not only that the module stopped. The trace is in the tab's storage and
/// survives the reload.
pub fn show() {
    std::panic::set_hook(Box::new(|info| report_error(&js_sys::Error::new(&info.to_string()))));
}
