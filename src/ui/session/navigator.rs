//! Where the router is, and going elsewhere.

use crate::ui::parts::link::href;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::web::window;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

#[derive(Clone, Copy)]
pub struct Navigator {
    /// The page that is open.
    pub route: Memo<Route>,
    navigate: StoredValue<Navigate, LocalStorage>,
}

impl Navigator {
    /// Of the `Router` around.
    pub fn of_router() -> Self {
        let path = use_location().pathname;
        let navigate: Navigate = Box::new(use_navigate());
        let route = Memo::new(move |_| Route::parse(window::below_base(&path.read())));
        Self { route, navigate: StoredValue::new_local(navigate) }
    }

    /// Opens another page, or another item of the same, in a new entry of the history.
    ///
    /// The entry is made here. The router makes none for the address that it went to last, and after Back and Forward
    /// that is not the one that is shown (leptos_router 0.8.17).
    pub fn go(self, route: &Route) {
        let here = self.route.get_untracked();
        if here != *route {
            window::push(&route.path());
            self.show(route, !here.same_page(route));
        }
    }

    /// The present entry of the history gets another address; a query is gone.
    pub fn replace(self, route: &Route) {
        self.show(route, false);
    }

    fn show(self, route: &Route, scroll: bool) {
        // Resolved by the router, the first page under a prefix would lose its last slash.
        let options = NavigateOptions { resolve: false, replace: true, scroll, ..NavigateOptions::default() };
        self.navigate.with_value(|navigate| navigate(&href(route), options));
    }
}
