//! Whether the page is drawn light or dark, and being told when that changes.

use super::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MediaQueryList, MutationObserver, MutationObserverInit};

/// What forces one of them, on `<html>`.
const FORCED: &str = "data-theme";

/// By what the user chose here, else by the system.
pub fn is_dark() -> bool {
    match window::root().and_then(|it| it.get_attribute(FORCED)).as_deref() {
        Some(forced) => forced == "dark",
        None => system().is_some_and(|it| it.matches()),
    }
}

fn system() -> Option<MediaQueryList> {
    web_sys::window()?.match_media("(prefers-color-scheme: dark)").ok()?
}

/// Calls whenever it may have changed; dropping it ends that.
pub struct Watch {
    observer: MutationObserver,
    system: MediaQueryList,
    call: Closure<dyn FnMut()>,
}

impl Watch {
    pub fn new(call: impl FnMut() + 'static) -> Option<Self> {
        let call = Closure::<dyn FnMut()>::new(call);
        let observer = MutationObserver::new(call.as_ref().unchecked_ref()).ok()?;
        let options = MutationObserverInit::new();
        options.set_attributes(true);
        options.set_attribute_filter(&js_sys::Array::of1(&FORCED.into()));
        let root = window::root()?;
        observer.observe_with_options(&root, &options).ok()?;
        let system = system()?;
        system.add_event_listener_with_callback("change", call.as_ref().unchecked_ref()).ok()?;
        Some(Self { observer, system, call })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
        let _ = self.system.remove_event_listener_with_callback("change", self.call.as_ref().unchecked_ref());
    }
}
