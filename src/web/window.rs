//! The window: its address, history, title, clipboard, downloads.

use super::blob::BlobUrl;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Document, Element, FocusOptions, HtmlAnchorElement, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition, Url,
    Window,
};

fn window() -> Option<Window> {
    web_sys::window()
}

pub fn document() -> Option<Document> {
    window()?.document()
}

/// The path under which the app is served, with a slash at both ends: that of `<base href>`.
pub fn base() -> String {
    let uri = document().and_then(|it| it.base_uri().ok().flatten());
    let path = uri.and_then(|it| Url::new(&it).ok()).map(|it| it.pathname());
    path.filter(|it| it.ends_with('/')).unwrap_or_else(|| "/".to_owned())
}

/// As in the `Origin` header.
pub fn origin() -> String {
    window().and_then(|it| it.location().origin().ok()).unwrap_or_default()
}

/// The path below the base, and the query with its question mark.
pub fn location() -> (String, String) {
    let Some(location) = window().map(|it| it.location()) else { return Default::default() };
    let path = location.pathname().unwrap_or_default();
    (below_base(&path).to_owned(), location.search().unwrap_or_default())
}

/// A path of this origin, as seen from the base.
pub fn below_base(path: &str) -> &str {
    path.strip_prefix(base().trim_end_matches('/')).unwrap_or(path)
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

/// Opens a page of the app in a window beside this one, which has nothing of this tab's.
pub fn open_beside(url: &str) {
    if let Some(window) = window() {
        let _ = window.open_with_url_and_target_and_features(url, "_blank", "noopener,popup,width=760,height=640");
    }
}

/// Opens the login in a window of its own. Says whether the browser let it.
///
/// It is opened empty, cut off from this page (`opener`), and only then sent to the login: a login page that still had
/// its opener could navigate this page. `linked` keeps it, where a message to the opener is the only way back.
pub fn popup(url: &str, linked: bool) -> bool {
    let Some(window) = window() else { return false };
    let opened = window.open_with_url_and_target_and_features("about:blank", "_blank", "popup,width=520,height=720");
    let Some(popup) = opened.ok().flatten().filter(|it| !it.closed().unwrap_or(true)) else { return false };
    if !linked && popup.set_opener(&JsValue::NULL).is_err() {
        let _ = popup.close();
        return false;
    }
    popup.location().replace(url).is_ok()
}

/// Whether the tab is in the background.
pub fn is_hidden() -> bool {
    document().is_some_and(|it| it.hidden())
}

/// Whether this page stands inside another one.
pub fn is_framed() -> bool {
    let Some(window) = window() else { return false };
    let top = window.top().ok().flatten();
    top.is_none_or(|top| top != window)
}

thread_local! {
    /// The host names who may frame this page.
    static EMBEDDER_NAMED: Cell<bool> = const { Cell::new(false) };
}

/// From now on the page around this one is not foreign: the host names it, and the browser has seen to it.
pub fn trust_embedder() {
    EMBEDDER_NAMED.set(true);
}

/// Whether the page around this one is of another origin, which a browser tells by keeping its location, and the host does
/// not name it.
pub fn is_in_foreign_frame() -> bool {
    if EMBEDDER_NAMED.get() {
        return false;
    }
    let around = window().and_then(|it| it.top().ok().flatten()).and_then(|it| it.location().origin().ok());
    is_framed() && around != Some(origin())
}

/// The URL of this page, whole.
pub fn here() -> String {
    window().and_then(|it| it.location().href().ok()).unwrap_or_default()
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

/// Opens the browser's dialog for printing.
pub fn print() {
    if let Some(window) = window() {
        let _ = window.print();
    }
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

/// Sets a custom property of `<html>`, a length as in CSS, or takes it away.
pub fn measure(name: &str, length: Option<&str>) {
    let Some(root) = root().and_then(|it| it.dyn_into::<HtmlElement>().ok()) else { return };
    let _ = match length {
        Some(length) => root.style().set_property(name, length),
        None => root.style().remove_property(name).map(drop),
    };
}

/// The `<html>` element.
pub fn root() -> Option<Element> {
    document()?.document_element()
}

/// The width of what is seen of the page, in CSS pixels, as media queries take it.
pub fn width() -> f64 {
    window().and_then(|it| it.inner_width().ok()).and_then(|it| it.as_f64()).unwrap_or_default()
}

/// The height likewise.
pub fn height() -> f64 {
    window().and_then(|it| it.inner_height().ok()).and_then(|it| it.as_f64()).unwrap_or_default()
}

/// Copies a text to the clipboard; says whether it was taken.
pub async fn copy(text: &str) -> bool {
    let Some(window) = window() else { return false };
    let clipboard = window.navigator().clipboard();
    wasm_bindgen_futures::JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Gives a text to the user as a file.
pub fn download(name: &str, media_type: &str, text: &str) {
    let _ = offer(name, media_type, &JsValue::from_str(text));
}

/// Gives data to the user as a file of no type: its name tells what it is.
pub fn download_bytes(name: &str, bytes: &[u8]) {
    let _ = offer(name, "application/octet-stream", &js_sys::Uint8Array::from(bytes));
}

/// A text, or data.
fn offer(name: &str, media_type: &str, content: &JsValue) -> Option<()> {
    let url = BlobUrl::made(content, media_type)?;
    let link: HtmlAnchorElement = document()?.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(url.href());
    link.set_download(name);
    link.click();
    Some(())
}

/// Moves the focus to an element.
pub fn focus(selector: &str) {
    let element = document().and_then(|it| it.query_selector(selector).ok().flatten());
    if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// The first button that can be pressed.
fn pressable(selector: &str) -> Option<HtmlElement> {
    let free = format!("{selector}:not(:disabled, [aria-disabled=true])");
    document()?.query_selector(&free).ok().flatten()?.dyn_into().ok()
}

/// Whether such a button is there, and can be pressed.
pub fn is_pressable(selector: &str) -> bool {
    pressable(selector).is_some()
}

/// Presses the first such button. Says whether there was one.
pub fn press(selector: &str) -> bool {
    let button = pressable(selector);
    if let Some(button) = &button {
        button.click();
    }
    button.is_some()
}

/// Whether a dialog is open.
pub fn has_dialog() -> bool {
    document().is_some_and(|it| it.query_selector("dialog[open]").is_ok_and(|it| it.is_some()))
}

/// Whether a control has the focus in which something is typed or chosen.
pub fn is_typing() -> bool {
    let active = document().and_then(|it| it.active_element());
    active.is_some_and(|it| it.matches("input, select, textarea").unwrap_or_default())
}

/// Gives the focus back to what has it, should it lose it while the document is changed.
pub fn keep_focus() {
    let active = || document()?.active_element();
    let Some(held) = active().and_then(|it| it.dyn_into::<HtmlElement>().ok()) else { return };
    wasm_bindgen_futures::spawn_local(async move {
        if held.is_connected() && active().is_none_or(|it| it.tag_name() == "BODY") {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = held.focus_with_options(&options);
        }
    });
}

/// Opens every closed `<details>` around an element, and gives it the focus.
pub fn reveal(selector: &str) {
    unfold(selector);
    focus(selector);
}

/// Opens every closed `<details>` around an element.
pub fn unfold(selector: &str) {
    let element = document().and_then(|it| it.query_selector(selector).ok().flatten());
    while let Some(closed) = element.as_ref().and_then(|it| it.closest("details:not([open])").ok().flatten()) {
        if closed.set_attribute("open", "").is_err() {
            return;
        }
    }
}

/// Scrolls as far as needed for an element to be seen.
pub fn show(selector: &str) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_inline(ScrollLogicalPosition::Nearest);
    if let Some(element) = document().and_then(|it| it.query_selector(selector).ok().flatten()) {
        element.scroll_into_view_with_scroll_into_view_options(&options);
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
