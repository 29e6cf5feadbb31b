//! How this page was opened: what the last page of this tab left, a callback in the address, a callback from another
//! window.

use super::attempts::is_allowed;
use super::keep::{self, TakenUp};
use super::{Popup, Relay, Session, moment};
use crate::inspector::{Input, Inspector, Place};
use crate::oauth::flow;
use crate::oauth::request::Callback;
use crate::settings::Settings;
use crate::ui::later::{self, NotLoaded};
use crate::ui::own_document::OwnDocument;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::web::clock::Timer;
use crate::web::{embedder, relay, storage, window};

/// How long a callback that is not ours waits for a window that takes it, in milliseconds.
const RELAY: u32 = 1_000;

/// How this page was opened. By default, at the first page of a new tab.
#[derive(Default)]
pub struct Opened {
    pub(super) query: String,
    /// What the last page of this tab left.
    pub(super) left: Option<TakenUp>,
}

impl Opened {
    /// What the last page of this tab left is read by a part of its own, which has to be there before the first view. A
    /// callback's query leaves the address before anything else, and is kept in the tab until the machine has it.
    pub async fn now() -> Result<Self, NotLoaded> {
        if window::is_in_foreign_frame() && embedder::is_named().await {
            window::trust_embedder();
        }
        let (path, query) = window::location();
        if Route::parse(&path) == Route::Callback && !query.is_empty() {
            keep::set_called(Some(&query));
            window::replace(&Route::Callback.path());
        }
        let left = match moment().filter(|_| keep::is_left()) {
            Some(moment) => Some(later::take_up(Inspector::new(place()), moment).await?),
            None => None,
        };
        Ok(Self { query, left })
    }
}

impl Session {
    /// Takes up what the address and the tab's storage hold: a callback, a flow that waits, a connection to make again.
    pub(super) fn start(self, query: &str, again: Option<Settings>, popup: bool) {
        let filled = self.fill(query);
        // One that is kept is of a page that could not be loaded as a whole.
        let called = match self.here() {
            Route::Callback if !query.is_empty() => Some(query.to_owned()),
            Route::DemoAuthorize | Route::Notes => None,
            Route::Callback => Some(keep::called().unwrap_or_default()),
            _ => keep::called(),
        };
        match again {
            _ if called.is_some() => self.called(&called.unwrap_or_default(), popup),
            // The login of the demo is the other side's page: nothing of this side moves while it is open.
            // Nor does the window with a speaker's notes.
            _ if matches!(self.here(), Route::DemoAuthorize | Route::Notes) => {}
            Some(settings) if !filled && is_allowed(&settings) => self.dispatch(Input::Connect(Box::new(settings))),
            _ => {}
        }
    }

    /// The page was opened at the redirect URI. Where the flow does not wait in this window, whichever waits is asked
    /// first.
    fn called(self, query: &str, popup: bool) {
        let back = Route::parse(&keep::return_to().unwrap_or_default());
        let back = if matches!(back, Route::Unknown | Route::Callback | Route::DemoAuthorize | Route::Notes) {
            Route::Connect
        } else {
            back
        };
        self.navigator.replace(&back);
        let callback = Callback::parse(query);
        let ours = self.peek(|it| it.waiting().is_some_and(|wait| flow::is_ours(wait, &callback)));
        if ours && !popup {
            return self.dispatch(Input::Callback(callback));
        }
        self.relay.set(Relay::Asking);
        let flow = self.peek(|it| it.waiting().map(|wait| wait.challenge.clone()));
        relay::hand_over(query, flow.as_deref().filter(|_| popup), move || {
            keep::set_called(None);
            self.relay.set(Relay::Taken);
            window::close();
        });
        let alone = Timer::after(RELAY, move || {
            if self.relay.get_untracked() == Relay::Asking {
                self.relay.set(Relay::None);
                self.dispatch(Input::Callback(callback.clone()));
            }
        });
        // It lives as long as this window does.
        std::mem::forget(alone);
    }

    /// A callback from another window of this origin. It is taken if the flow that it answers waits here; of the window
    /// that this page opened, whatever it brings.
    pub(super) fn brought(self, query: &str, from: &relay::Origin) -> bool {
        let callback = Callback::parse(query);
        let ours = self.peek(|it| it.waiting().is_some_and(|wait| flow::is_ours(wait, &callback)));
        let of_popup = self.peek(|it| {
            it.waiting().is_some_and(|wait| match from {
                relay::Origin::Popup => true,
                relay::Origin::Window { flow } => flow.as_ref() == Some(&wait.challenge),
            })
        });
        let takes = ours || (of_popup && self.popup.get_untracked() == Popup::Open);
        if takes && self.relay.get_untracked() == Relay::None {
            self.popup.set(Popup::None);
            self.dispatch(Input::Callback(callback));
            return true;
        }
        false
    }
}

/// Where this page lives.
pub fn place() -> Place {
    let (origin, base) = (window::origin(), window::base());
    let redirect_uri = format!("{origin}{base}{}", Route::Callback.path());
    Place {
        origin,
        redirect_uri,
        framed: window::is_framed(),
        forgetful: !storage::keeps_tab(),
        metadata_document: OwnDocument::found().usable(),
    }
}
