//! Messages between this page and one frame of it, as JSON.

use super::clock;
use js_sys::{JSON, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, MessageEvent, Window};

/// As many messages of a second are written as JSON, which takes the longer the larger they are. Who receives them may bound
/// them more tightly.
const WRITTEN: u32 = 128;

/// Open until it is dropped.
pub struct Frame {
    window: Window,
    received: Closure<dyn FnMut(MessageEvent)>,
}

impl Frame {
    /// Calls for each message of an `<iframe>`, with `None` where it cannot be written as JSON, or where more came in a second
    /// than are written. The frame is known by its window: a sandboxed document has no origin to be known by.
    pub fn of(element: &Element, mut receive: impl FnMut(Option<String>) + 'static) -> Option<Self> {
        let window: Window =
            Reflect::get(element, &"contentWindow".into()).ok().filter(JsValue::is_object)?.unchecked_into();
        let frame: JsValue = window.clone().into();
        let mut second = (clock::now(), 0);
        let received = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let source = Reflect::get(&event, &"source".into()).unwrap_or_default();
            if source == frame {
                let now = clock::now();
                second = if now - second.0 < 1_000.0 { (second.0, second.1 + 1) } else { (now, 1) };
                let text = (second.1 <= WRITTEN).then(|| JSON::stringify(&event.data()).ok()).flatten();
                receive(text.and_then(|it| it.as_string()));
            }
        });
        let call = received.as_ref().unchecked_ref();
        web_sys::window()?.add_event_listener_with_callback("message", call).ok()?;
        Some(Self { window, received })
    }

    /// Sends a message that is JSON, to whatever the frame shows: a sandboxed document has no origin to name. The page's
    /// policy (`frame-src`) lets the frame show nothing but files of this origin.
    pub fn post(&self, json: &str) {
        if let Ok(message) = JSON::parse(json) {
            let _ = self.window.post_message(&message, "*");
        }
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            let call = self.received.as_ref().unchecked_ref();
            let _ = window.remove_event_listener_with_callback("message", call);
        }
    }
}
