//! What the page's own host says of who may frame it, and the embedder policy of that host (HTML standard,
//! `Cross-Origin-Embedder-Policy`), which is asked about after a `no-cors` request failed.
//!
//! Under `require-corp` the browser withholds each response to such a request that has no `Cross-Origin-Resource-Policy`,
//! and no server of the field has one. Requests in CORS mode are exempt.

use super::clock::{self, Timer};
use super::{policy, window};
use crate::http::ancestors;
use gloo_net::http::{Method, RequestBuilder};
use js_sys::{Array, Function, JSON, Reflect};
use serde_json::Value;
use std::cell::RefCell;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, RequestCache};

/// How many reports are kept; each is taken by the request that it is about.
const KEPT: usize = 100;

/// How long the host may take, in milliseconds.
const LIMIT: u32 = 5_000;

/// A report is a task of its own and comes after the failure: how often it is looked for, and how long after each, in
/// milliseconds.
const LOOKS: u32 = 25;
const PAUSE: u32 = 20;

thread_local! {
    /// The reports, as JSON; `None` where the browser makes none (Firefox).
    static REPORTS: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// From here on, what the browser reports as withheld is remembered.
pub fn watch() {
    // It has the observer and reports nothing of this policy: that no report came would prove nothing.
    if policy::is_gecko() {
        return;
    }
    let Some(constructor) =
        member(&js_sys::global(), "ReportingObserver").and_then(|it| it.dyn_into::<Function>().ok())
    else {
        return;
    };
    let keep = Closure::<dyn FnMut(Array)>::new(|reports: Array| {
        REPORTS.with_borrow_mut(|all| {
            let all = all.get_or_insert_default();
            // The members of a report's body stand in its JSON alone, in Chromium.
            all.extend(reports.iter().filter_map(|it| JSON::stringify(&it).ok().map(String::from)));
            let old = all.len().saturating_sub(KEPT);
            all.drain(..old);
        });
    });
    let Ok(observer) = Reflect::construct(&constructor, &Array::of1(keep.as_ref())) else { return };
    if let Some(observe) = member(&observer, "observe").and_then(|it| it.dyn_into::<Function>().ok()) {
        let _ = observe.call0(&observer);
        keep.forget();
        REPORTS.set(Some(Vec::new()));
    }
}

/// Whether the host's policy is why a `no-cors` request to that URL brought nothing, and then, whether the browser
/// reported that a response came. `None`: the policy has no part in it.
pub async fn withholds(url: &str) -> Option<bool> {
    if !requires_corp().await {
        return None;
    }
    for _ in 0..LOOKS {
        match take(url) {
            None => return Some(false),
            Some(true) => return Some(true),
            Some(false) => clock::sleep(PAUSE).await,
        }
    }
    // Chromium and WebKit report each response that they withhold: without a report there was none.
    None
}

/// Whether the host names who may frame this page: then the page around it is one of those.
pub async fn is_named() -> bool {
    let here = window::here();
    let page = here.split('#').next().unwrap_or_default();
    header(page, "content-security-policy").await.is_some_and(|it| ancestors::are_named(&it))
}

async fn requires_corp() -> bool {
    let policy = header(&window::base(), "cross-origin-embedder-policy").await;
    policy.is_some_and(|it| it.trim_start().starts_with("require-corp"))
}

/// A header that the host sends with a page, as one may read only of its own origin.
async fn header(page: &str, name: &str) -> Option<String> {
    let controller = AbortController::new().ok()?;
    let signal = controller.signal();
    let _timer = Timer::after(LIMIT, move || controller.abort());
    // Hosts give a page only to who accepts one.
    let asked = RequestBuilder::new(page).method(Method::HEAD).header("accept", "text/html");
    asked.cache(RequestCache::NoStore).abort_signal(Some(&signal)).send().await.ok()?.headers().get(name)
}

/// Whether there is a report about that URL, which is taken; `None` where the browser reports nothing.
fn take(url: &str) -> Option<bool> {
    REPORTS.with_borrow_mut(|all| {
        let all = all.as_mut()?;
        let found = all.iter().position(|it| withheld(it).as_deref() == Some(url));
        Some(found.map(|at| all.swap_remove(at)).is_some())
    })
}

/// The URL in a report of a policy that is enforced; one that only reports withholds nothing.
fn withheld(report: &str) -> Option<String> {
    let report: Value = serde_json::from_str(report).ok()?;
    let body = report.get("body").filter(|_| report.get("type").is_some_and(|it| it == "coep"))?;
    let enforced = body.get("disposition").is_some_and(|it| it == "enforce");
    body.get("blockedURL").and_then(Value::as_str).filter(|_| enforced).map(str::to_owned)
}

fn member(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|it| !it.is_undefined() && !it.is_null())
}
