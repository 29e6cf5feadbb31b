//! Links: what they fill into the form, and the page that they lead to once the user has connected. They connect nothing
//! and call nothing by themselves.

use super::arguments::Typed;
use super::{Session, keep, labelled};
use crate::base::address::Address;
use crate::settings::link::{Left, Linked, Unused, Written};
use crate::settings::{Draft, link};
use crate::ui::parts::link::href;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::web::window;

impl Session {
    /// Fills the form with what the address has, or a link before it that was not followed to its end.
    ///
    /// A link to a page of a server leads to the form first; the page is opened once there is a connection.
    pub(super) fn fill(self, query: &str) -> bool {
        let here = self.here();
        let linked = link::read(query).filter(|_| takes_links(&here)).unwrap_or_default();
        self.link.set(LinkNote::of(&linked));
        let draft = match linked.draft.filter(|it| takes(&here, it)) {
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

/// Whether a page takes links. Parameters of a callback have the same names.
const fn takes_links(here: &Route) -> bool {
    !matches!(here, Route::Callback | Route::DemoAuthorize | Route::Notes | Route::Unknown)
}

/// A link to a page of a server names the server.
fn takes(here: &Route, draft: &Draft) -> bool {
    *here == Route::Connect || !draft.server.trim().is_empty()
}

/// What the user has to know of a link that was opened.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkNote {
    pub unused: Vec<Unused>,
    /// The URLs of an authorization server that it filled in.
    pub leads: Vec<String>,
    /// For which client and for what the token is, where it says that: parameters and values.
    pub binds: Vec<(&'static str, String)>,
}

impl LinkNote {
    fn of(linked: &Linked) -> Option<Self> {
        let leads = linked.draft.as_ref().map(|it| it.linked.clone()).unwrap_or_default();
        let binds = linked.draft.as_ref().map(link::binding).unwrap_or_default();
        let note = Self { unused: linked.unused.clone(), leads, binds };
        let says = !note.unused.is_empty() || !note.leads.is_empty() || !note.binds.is_empty();
        says.then_some(note)
    }
}

/// The settings of the connection, else of the form, as a link, and what it does without.
pub fn settings_link(session: Session) -> (String, Left) {
    written(session, |draft| draft)
}

/// The same for a tab with another account. `prompt` is what the authorization server is asked with.
pub fn link_for_another(session: Session, prompt: Option<&'static str>) -> String {
    let with = |mut draft: Draft| {
        if let Some(prompt) = prompt {
            draft.set_prompt(prompt);
        }
        draft
    };
    written(session, with).0
}

fn written(session: Session, edit: impl FnOnce(Draft) -> Draft) -> (String, Left) {
    let typed = session.draft.get_untracked();
    let connected = session.peek(|it| it.settings().filter(|_| it.is_connected()).map(Draft::of));
    let label = typed.label.clone();
    let draft = connected.map_or(typed, |it| Draft { label, ..it });
    let Written { query, left } = link::write(&edit(draft));
    let link = if query.is_empty() { query } else { format!("{}{}{query}", window::origin(), href(&Route::Connect)) };
    (link, left)
}
