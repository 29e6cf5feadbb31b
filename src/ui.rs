//! The user interface: reads the session, formats, and dispatches. All decisions are the core's.

pub mod app;
mod later;
pub mod own_document;
pub mod pages;
pub mod parts;
pub mod prefs;
pub mod prelude;
pub mod route;
pub mod session;
pub mod shortcuts;
mod stage;
mod typed;

use crate::web;
use app::App;
use prelude::*;

/// Mounts the app into the page, and says when it accepts input. Where a part of it does not come, `assets/boot.js` says
/// so.
pub fn run() {
    web::panic::show();
    web::policy::watch();
    web::embedder::watch();
    wasm_bindgen_futures::spawn_local(async {
        let Ok(opened) = session::Opened::now().await else { return };
        leptos::mount::mount_to_body(move || view! { <App opened/> });
        // The router draws the first page when the rest stands.
        leptos::task::tick().await;
        web::window::mark("data-app", Some("ready"));
    });
}
