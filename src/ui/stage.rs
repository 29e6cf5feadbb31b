//! The demo world in this tab: what its servers know is in the tab's storage, and is read and written there with every
//! request, so that it is the same on the page that connects and on the page of the login.

use super::prefs;
use super::session::moment;
use crate::base::stored;
use crate::demo::login::{Asked, Consent};
use crate::demo::{Demo, Said, Stage};
use crate::http::Request;
use crate::oauth::flow::Moment;
use crate::trace::ExchangeId;
use crate::web::storage::{self, Place};
use crate::web::window;

const STATE: &str = "flowglass.demo";

fn open() -> Demo {
    let stage = Stage { page: format!("{}{}", window::origin(), window::base()), fault: prefs::trial().fault() };
    Demo { stage, state: Place::Tab.get(STATE).and_then(|it| stored::read(&it).ok()).unwrap_or_default() }
}

fn close(demo: &Demo) {
    if let Some(text) = stored::write(&demo.state) {
        Place::Tab.set(STATE, &text);
        // A login in a popup has a copy of the tab's storage: the servers are those of the tab that opened it.
        storage::set_in_opener(STATE, &text);
    }
}

/// Answers a request to one of the demo's servers.
pub fn answer(moment: &Moment, exchange: ExchangeId, request: &Request) -> Vec<Said> {
    let mut demo = open();
    let said = demo.handle(moment, exchange, request);
    close(&demo);
    said
}

/// What the login page is asked.
pub fn asked(query: &str) -> Asked {
    open().asked(query)
}

/// Where the browser goes when the user has decided; `None` where there is no randomness for a code.
pub fn decided(consent: &Consent, name: Option<&str>) -> Option<String> {
    let mut demo = open();
    let url = match name {
        Some(name) => demo.allowed(&moment()?, consent, name),
        None => demo.denied(consent),
    };
    close(&demo);
    Some(url)
}
