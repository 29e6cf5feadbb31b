//! The window: its address, history, title, clipboard, downloads.

use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::{Blob, BlobPropertyBag, Document, HtmlAnchorElement, HtmlElement, Url, Window};

fn window() -> Option<Window> {
    web_sys::window()
}

pub fn document() -> Option<Document> {
    window()?.document()
}

/// The path under which the app is served, with a slash at both ends. The build writes it into the page.
pub fn base() -> String {
    let meta = document().and_then(|it| it.query_selector("meta[name=public-url]").ok().flatten());
    let content = meta.and_then(|it| it.get_attribute("content")).filter(|it| it.starts_with('/'));
    content.unwrap_or_else(|| "/".to_owned())
}

/// As in the `Origin` header.
pub fn origin() -> String {
    window().and_then(|it| it.location().origin().ok()).unwrap_or_default()
}

/// The path below the base, and the query with its question mark.
pub fn location() -> (String, String) {
    let Some(location) = window().map(|it| it.location()) else { return Default::default() };
    let path = location.pathname().unwrap_or_default();
    let below = path.strip_prefix(base().trim_end_matches('/')).unwrap_or(&path).to_owned();
    (below, location.search().unwrap_or_default())
}

/// What follows the `#` of the address, with it.
pub fn fragment() -> String {
    window().and_then(|it| it.location().hash().ok()).unwrap_or_default()
}

/// A new entry of the history, for a path below the base.
pub fn push(path: &str) {
    if let Some(history) = window().and_then(|it| it.history().ok()) {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&format!("{}{path}", base())));
    }
}

/// The present entry of the history gets another address; a query is gone.
pub fn replace(path: &str) {
    if let Some(history) = window().and_then(|it| it.history().ok()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("{}{path}", base())));
    }
}

/// Leaves for another site. The address was checked before.
pub fn leave(url: &str) {
    if let Some(window) = window() {
        let _ = window.location().assign(url);
    }
}

/// Leaves this page for good: the next one takes its place in the history. The address was checked before.
pub fn move_on(url: &str) {
    if let Some(window) = window() {
        let _ = window.location().replace(url);
    }
}

/// Opens another site in a tab of its own, which learns nothing of this one. The address was checked before.
pub fn open(url: &str) {
    if let Some(window) = window() {
        let _ = window.open_with_url_and_target_and_features(url, "_blank", "noopener,noreferrer");
    }
}

/// Opens the login in a window of its own, which this page stays in touch with. Says whether the browser let it.
pub fn popup(url: &str) -> bool {
    let Some(window) = window() else { return false };
    let opened = window.open_with_url_and_target_and_features(url, POPUP, "popup,width=520,height=720");
    opened.ok().flatten().is_some_and(|it| !it.closed().unwrap_or(true))
}

/// The name of the login's window: a second login takes the place of the first.
const POPUP: &str = "flowglass-login";

/// Whether this page stands inside another one.
pub fn is_framed() -> bool {
    let Some(window) = window() else { return false };
    let top = window.top().ok().flatten();
    top.is_none_or(|top| top != window)
}

/// Closes this window, where a script opened it.
pub fn close() {
    if let Some(window) = window() {
        let _ = window.close();
    }
}

/// What the build wrote into the page under this name.
pub fn built(name: &str) -> Option<String> {
    let meta = document()?.query_selector(&format!("meta[name={name}]")).ok().flatten()?;
    meta.get_attribute("content").filter(|it| !it.is_empty())
}

pub fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

/// Calls whenever the window says so, for as long as the page lives.
pub fn on(event: &str, call: impl FnMut(web_sys::Event) + 'static) {
    let call = Closure::<dyn FnMut(web_sys::Event)>::new(call);
    if let Some(window) = window() {
        let _ = window.add_event_listener_with_callback(event, call.as_ref().unchecked_ref());
    }
    call.forget();
}

/// An address as the browser writes it: international host names in ASCII. `None` where it is none.
pub fn normal(address: &str) -> Option<String> {
    Url::new(address.trim()).ok().map(|it| it.href())
}

pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Sets an attribute of `<html>`, or takes it away.
pub fn mark(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|it| it.document_element()) else { return };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// Copies a text to the clipboard; says whether it was taken.
pub async fn copy(text: &str) -> bool {
    let Some(window) = window() else { return false };
    let clipboard = window.navigator().clipboard();
    wasm_bindgen_futures::JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Gives a text to the person as a file.
pub fn download(name: &str, media_type: &str, text: &str) {
    let _ = offer(name, media_type, text);
}

fn offer(name: &str, media_type: &str, text: &str) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let link: HtmlAnchorElement = document()?.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&url).ok()
}

/// Moves the focus to an element.
pub fn focus(selector: &str) {
    let element = document().and_then(|it| it.query_selector(selector).ok().flatten());
    if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Scrolls an element up as far as it goes, where it stands in the lower half of what is shown.
pub fn bring_up(selector: &str) {
    let Some(document) = document() else { return };
    let room = document.document_element().map_or(0, |it| it.client_height());
    let element = document.query_selector(selector).ok().flatten();
    if let Some(element) = element.filter(|it| it.get_bounding_client_rect().top() * 2.0 > f64::from(room)) {
        element.scroll_into_view();
    }
}
