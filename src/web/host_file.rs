//! A file of the host's own beside the page, which may be absent.

use super::clock::Timer;
use super::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCache, RequestInit, RequestMode, Response};

/// What the host responded.
pub enum Given {
    /// There is none: not found, not allowed, the page itself as of a host with one page, or no response.
    Absent,
    /// An error, by its status.
    Failed(u16),
    Text(String),
}

/// Asks for it once, from the page's own origin. The browser asks the host whether what it has cached still holds.
/// `limit` is the time for it, in milliseconds.
pub async fn beside(name: &str, limit: u32) -> Given {
    ask(name, limit).await.unwrap_or(Given::Absent)
}

async fn ask(name: &str, limit: u32) -> Option<Given> {
    let controller = AbortController::new().ok()?;
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoCache);
    init.set_mode(RequestMode::SameOrigin);
    init.set_signal(Some(&controller.signal()));
    let _timer = Timer::after(limit, move || controller.abort());
    let response = web_sys::window()?.fetch_with_str_and_init(&(window::base() + name), &init);
    let response: Response = JsFuture::from(response).await.ok()?.dyn_into().ok()?;
    if response.status() >= 500 {
        return Some(Given::Failed(response.status()));
    }
    let kind = response.headers().get("content-type").ok().flatten().unwrap_or_default();
    if !response.ok() || kind.contains("html") {
        return None;
    }
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    // The page itself, under another type.
    (!text.trim_start().starts_with('<')).then_some(Given::Text(text))
}
