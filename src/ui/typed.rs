//! What is typed into the connection form, as every button that connects uses it.

use super::own_document::OwnDocument;
use super::prelude::*;
use super::session::Session;
use crate::settings::{Draft, Registration, Settings};
use crate::ui::route::Route;
use crate::web::window;

/// The draft as it is used: the browser writes international host names in ASCII.
pub fn normalized(draft: &Draft) -> Draft {
    let mut draft = draft.clone();
    if !draft.server.is_ascii() {
        draft.server = window::normal(&draft.server).unwrap_or(draft.server);
    }
    // Chosen, and none typed: this page's own, where it has one that can be used.
    let document = Registration::parse(&draft.registration) == Some(Registration::MetadataDocument);
    if document && draft.client_metadata_url.trim().is_empty() {
        draft.client_metadata_url = OwnDocument::found().usable().unwrap_or_default();
    }
    draft
}

/// The settings of the form; where a field cannot be used, the form is shown with what is wrong in it.
pub fn settled(session: Session) -> Option<Settings> {
    let settings = normalized(&session.draft.read_untracked()).settings().ok();
    session.tried.set(settings.is_none());
    if settings.is_none() {
        // The value of one header is there, and the next one is asked for.
        if session.draft.read_untracked().asks_more() {
            session.draft.update(|it| it.edit(Draft::add_header));
        }
        session.go(Route::Connect);
        focus_refused(session, false);
    }
    settings
}

/// Moves the focus to what is to be typed: the server's URL, the value of a header that is asked for, or the first field
/// that is refused.
pub fn focus_refused(session: Session, url: bool) {
    let draft = session.draft.read_untracked();
    let asks = !draft.header_name.trim().is_empty() && draft.header_value.trim().is_empty();
    let field = match (url, asks) {
        (true, _) => "[data-testid=server-url]",
        (false, true) => "[data-testid=header-value]",
        (false, false) => "[aria-invalid]",
    };
    request_animation_frame(move || window::focus(field));
}
