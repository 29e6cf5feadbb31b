//! The embedder policy of the page's own host (HTML standard, `Cross-Origin-Embedder-Policy`): asked about after a
//! `no-cors` request failed.
//!
//! Under `require-corp` the browser withholds each response to such a request that has no `Cross-Origin-Resource-Policy`,
//! and no server of the field has one. Requests in CORS mode are exempt.

use super::{clock, window};
use gloo_net::http::{Method, RequestBuilder};
use js_sys::{Array, Function, JSON, Reflect};
use serde_json::Value;
use std::cell::RefCell;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// How many reports are kept; each is taken by the request that it is about.
const KEPT: usize = 100;

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

/// What the host sends with the page, as a page may read only of its own origin.
async fn requires_corp() -> bool {
    let page = RequestBuilder::new(&window::base()).method(Method::HEAD).send().await;
    let policy = page.ok().and_then(|it| it.headers().get("cross-origin-embedder-policy"));
    policy.is_some_and(|it| it.trim_start().starts_with("require-corp"))
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
