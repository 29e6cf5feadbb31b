//! The user interface: reads the session, formats, and dispatches. All decisions are the core's.

pub mod app;
pub mod dom;
mod later;
pub mod own_document;
pub mod pages;
pub mod parts;
pub mod prefs;
pub mod prelude;
pub mod session;
mod stage;

use crate::web;

/// Mounts the app into the page, and says when it accepts input.
pub fn run() {
    web::panic::show();
    let body = web::window::document().and_then(|it| it.body());
    // The app lives as long as the page.
    std::mem::forget(body.map(|body| dom::mount(&body, || dom::node(app::App()))));
    web::window::mark("data-app", Some("ready"));
}
