//! Links: what they fill into the form, and the page that they lead to once the user has connected. They connect nothing
//! and call nothing by themselves.

use super::arguments::Typed;
use super::{Session, keep, labelled};
use crate::base::address::Address;
use crate::settings::{Draft, link};
use crate::ui::prelude::*;
use crate::ui::route::Route;

impl Session {
    /// Fills the form with what the address has, or a link before it that was not followed to its end.
    ///
    /// A link to a page of a server leads to the form first; the page is opened once there is a connection.
    pub(super) fn fill(self, query: &str) -> bool {
        let here = self.here();
        let draft = match Draft::of_link(query).filter(|it| takes(&here, it)) {
            Some(draft) => draft,
            None if here == Route::Connect => match keep::linked() {
                Some((_, server, _)) => Draft { server, ..Draft::default() },
                None => return false,
            },
            None => return false,
        };
        if here != Route::Connect {
            let arguments = link::arguments(query).unwrap_or_default();
            keep::set_linked(Some((&here.path(), draft.server.trim(), &arguments)));
            self.navigator.replace(&Route::Connect);
        } else if !query.is_empty() {
            keep::set_linked(None);
        }
        self.draft.set(draft);
        true
    }

    /// The URL of the server that this tab was connected to, where the form has another one: a link filled it.
    pub fn left_server(self) -> Option<String> {
        let left = self.read(|it| it.left_settings().map(|it| it.server.href()))?;
        let typed = Address::typed(self.draft.read().server.trim()).ok().map(|it| it.href());
        (typed.as_ref() != Some(&left)).then_some(left)
    }

    /// The link is not followed: the tab connects again to where it was.
    pub fn return_to_left(self) {
        let Some(settings) = self.peek(|it| it.left_settings().cloned()) else { return };
        keep::set_linked(None);
        self.draft.set(labelled(&settings));
        self.connect(settings);
    }

    /// The connection stands: the page that the link named, if it is of this server.
    pub(super) fn follow_linked(self) {
        let Some((path, server, arguments)) = keep::linked() else { return };
        keep::set_linked(None);
        let server = Address::typed(&server).ok().map(|it| it.href());
        if server.is_none() || server != self.peek(|it| it.settings().map(|it| it.server.href())) {
            return;
        }
        let route = Route::parse(&path);
        if let (Route::Tools(Some(tool)), false) = (&route, arguments.is_empty()) {
            self.keep_arguments(tool, &Typed::Linked(arguments));
        }
        self.go(route);
    }
}

/// Whether a page takes such a link. Parameters of a callback have the same names.
fn takes(here: &Route, draft: &Draft) -> bool {
    match here {
        Route::Connect => true,
        Route::Callback | Route::DemoAuthorize | Route::Notes | Route::Unknown => false,
        _ => !draft.server.trim().is_empty(),
    }
}
