//! The time, and waiting for it.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Milliseconds since the Unix epoch.
pub fn now() -> f64 {
    js_sys::Date::now()
}

/// What has to be added to UTC here at that time, in minutes.
pub fn offset(at: f64) -> f64 {
    -js_sys::Date::new(&at.into()).get_timezone_offset()
}

/// The time at which clocks here show what a control of the browser gives: `2026-07-28T12:00`.
pub fn local(text: &str) -> f64 {
    js_sys::Date::parse(text)
}

/// A call in the future; dropping it takes it back.
pub struct Timer {
    id: i32,
    _call: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls once, after so many milliseconds.
    pub fn after(milliseconds: u32, call: impl FnMut() + 'static) -> Option<Self> {
        let call = Closure::<dyn FnMut()>::new(call);
        let wait = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        let set = web_sys::window()?
            .set_timeout_with_callback_and_timeout_and_arguments_0(call.as_ref().unchecked_ref(), wait);
        Some(Self { id: set.ok()?, _call: call })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.clear_timeout_with_handle(self.id);
        }
    }
}

/// Calls once, as soon as what runs now has ended, its promises included.
pub fn soon(call: impl FnOnce() + 'static) {
    let call = Closure::once_into_js(call);
    if let Some(window) = web_sys::window() {
        let _ = window.set_timeout_with_callback(call.unchecked_ref());
    }
}

/// Waits so many milliseconds.
pub async fn sleep(milliseconds: u32) {
    let wait = i32::try_from(milliseconds).unwrap_or(i32::MAX);
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, wait);
        }
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}
