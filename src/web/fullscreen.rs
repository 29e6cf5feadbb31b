//! An element that fills the screen, where the browser allows it.

use super::window::document;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Element;

pub fn enter(element: &Element) {
    call(element, "requestFullscreen");
}

pub fn leave() {
    if let Some(document) = document().filter(|_| is_on()) {
        call(&document, "exitFullscreen");
    }
}

pub fn is_on() -> bool {
    document().is_some_and(|it| it.fullscreen_element().is_some())
}

/// A refusal is no error of the page: it goes on in its window.
fn call(target: &JsValue, method: &str) {
    let method = Reflect::get(target, &method.into()).ok().and_then(|it| it.dyn_into::<Function>().ok());
    let promise = method.and_then(|it| it.call0(target).ok()).and_then(|it| it.dyn_into::<Promise>().ok());
    if let Some(promise) = promise {
        spawn_local(async move {
            let _ = JsFuture::from(promise).await;
        });
    }
}
