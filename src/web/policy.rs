//! What this browser forbids a page, whatever the server allows: asked after a request failed without a response.

use super::{clock, window};
use crate::base::address::Address;
use crate::http::Rule;
use js_sys::{Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// How many violations are kept; a page that is forbidden everything reports one for each request.
const KEPT: usize = 100;

/// The permissions of Chromium's versions for what is not on the internet, the newest first.
const PERMISSIONS: [&str; 2] = ["local-network", "local-network-access"];
const LOOPBACK_PERMISSION: &str = "loopback-network";

thread_local! {
    /// What the policy of this page refused: the URL, and the directive.
    static VIOLATIONS: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// From here on, violations of the page's Content-Security-Policy are remembered.
pub fn watch() {
    let Some(document) = window::document() else { return };
    let heard = Closure::<dyn FnMut(JsValue)>::new(|event: JsValue| {
        let text = |name: &str| Reflect::get(&event, &name.into()).ok().and_then(|it| it.as_string());
        if let (Some(url), Some(directive)) = (text("blockedURI"), text("effectiveDirective")) {
            VIOLATIONS.with_borrow_mut(|all| {
                all.truncate(KEPT - 1);
                all.insert(0, (url, directive));
            });
        }
    });
    let _ = document.add_event_listener_with_callback("securitypolicyviolation", heard.as_ref().unchecked_ref());
    heard.forget();
}

/// The rule that forbade a request to that URL, where there is one.
pub async fn forbids(url: &str) -> Option<Rule> {
    // The violation is reported by a task of its own.
    clock::sleep(0).await;
    if let Some(directive) = violated(url) {
        return Some(Rule::ContentSecurityPolicy { directive });
    }
    let (target, page) = (Address::typed(url).ok()?, Address::typed(&window::origin()).ok()?);
    if is_webkit() && page.is_encrypted() && target.is_loopback() && !target.is_encrypted() {
        return Some(Rule::LoopbackFromHttps);
    }
    if page.is_local() || !target.is_local() {
        return None;
    }
    let newest = if target.is_loopback() { LOOPBACK_PERMISSION } else { PERMISSIONS[0] };
    for name in [newest, PERMISSIONS[1]] {
        // While it was not decided, some versions send what they do not ask about: `prompt` proves nothing.
        if let Some(state) = permission(name).await {
            return (state == "denied").then_some(Rule::LocalNetwork);
        }
    }
    None
}

/// The directive that refused the URL. Of a redirect the browser tells the origin alone.
fn violated(url: &str) -> Option<String> {
    let origin = Address::typed(url).ok()?.origin();
    VIOLATIONS.with_borrow(|all| {
        let found = all.iter().find(|(refused, _)| refused == url || *refused == origin);
        found.map(|(_, directive)| directive.clone())
    })
}

fn is_webkit() -> bool {
    vendor().starts_with("Apple")
}

/// Firefox has an empty one (HTML standard, `navigator.vendor`).
pub(super) fn is_gecko() -> bool {
    vendor().is_empty()
}

fn vendor() -> String {
    let vendor = web_sys::window().and_then(|it| Reflect::get(&it.navigator(), &"vendor".into()).ok());
    vendor.and_then(|it| it.as_string()).unwrap_or_default()
}

/// `granted`, `denied` or `prompt`; `None` where this browser knows no such permission.
async fn permission(name: &str) -> Option<String> {
    let descriptor = Object::new();
    Reflect::set(&descriptor, &"name".into(), &name.into()).ok()?;
    let permissions = web_sys::window()?.navigator().permissions().ok()?;
    let status = JsFuture::from(permissions.query(&descriptor).ok()?).await.ok()?;
    Reflect::get(&status, &"state".into()).ok()?.as_string()
}
