//! A link to a page of the app: a true address, and no reload.
//!
//! The router would follow plain links too (leptos_router 0.8.17), but it writes `a%2Fb` as `a/b` into the address, and
//! after Back and Forward nothing at all; see [`go`](crate::ui::session::Session::go).

use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::window;
use web_sys::MouseEvent;

/// The address of a route, for `href`.
pub fn href(route: &Route) -> String {
    format!("{}{}", window::base(), route.path())
}

/// What a click on a link does: opens the route here, unless the user wants a tab or window of its own.
pub fn follow(route: Route) -> impl Fn(MouseEvent) + Clone + 'static {
    let session = session();
    move |event: MouseEvent| {
        if event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
            event.prevent_default();
            session.go(route.clone());
        }
    }
}
