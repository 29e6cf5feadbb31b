//! A panic shows a banner that offers to reload, instead of a page that is frozen without a word.

use super::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::console;

/// From here on, a panic is shown. The trace is in the tab's storage and survives the reload.
pub fn show() {
    std::panic::set_hook(Box::new(|info| {
        let words = info.to_string();
        console::error_1(&words.as_str().into());
        let _ = banner(&words);
    }));
}

fn banner(words: &str) -> Option<()> {
    let document = window::document()?;
    if document.get_element_by_id("panic").is_some() {
        return None;
    }
    let banner = document.create_element("div").ok()?;
    banner.set_id("panic");
    banner.set_class_name("banner");
    banner.set_attribute("role", "alert").ok()?;
    let text = document.create_element("p").ok()?;
    text.set_text_content(Some(&format!("This page has stopped working, by a mistake of its own. What was on the wire is kept: reload to go on. ({words})")));
    let button = document.create_element("button").ok()?;
    button.set_text_content(Some("Reload"));
    let reload = Closure::<dyn FnMut()>::new(window::reload);
    button.add_event_listener_with_callback("click", reload.as_ref().unchecked_ref()).ok()?;
    reload.forget();
    banner.append_child(&text).ok()?;
    banner.append_child(&button).ok()?;
    document.body()?.prepend_with_node_1(&banner).ok()
}
