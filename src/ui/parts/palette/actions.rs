//! What can be done from the palette beside going somewhere, each only where it can be done now.
//!
//! What a page has a button for is done by that button: it knows whether it can be pressed.

use crate::export::Export;
use crate::inspector::{Input, Phase};
use crate::ui::pages::walkthrough::exports::{Choices, give};
use crate::ui::parts::simulated::is_riddle;
use crate::ui::prelude::*;
use crate::ui::session::Session;
use crate::ui::shortcuts::{self, CALL, Does, GET, READ};
use crate::web::window;

#[derive(PartialEq)]
pub struct Action {
    pub title: &'static str,
    deed: Deed,
}

#[derive(PartialEq)]
enum Deed {
    /// A button of the page, by its selector.
    Press(&'static str),
    /// The same, which has a shortcut.
    Use(&'static str),
    Shortcut(Does),
    Disconnect,
    Reconnect,
    TryAgain,
    Secrets,
    Theme,
    ClearWire,
    ClearLog,
    Export(Export),
    Forget,
}

const fn action(title: &'static str, deed: Deed) -> Action {
    Action { title, deed }
}

static ALL: [Action; 30] = [
    action("Disconnect", Deed::Disconnect),
    action("Reconnect", Deed::Reconnect),
    action("Connect again", Deed::TryAgain),
    action("Undo", Deed::Press("[data-testid=undo]")),
    action("Cancel call", Deed::Shortcut(Does::Cancel)),
    action("Call tool", Deed::Use(CALL)),
    action("Read resource", Deed::Use(READ)),
    action("Get prompt", Deed::Use(GET)),
    action("Call again", Deed::Press("[data-testid=history-again]")),
    action("Copy as curl", Deed::Press("[data-testid=copy-curl]")),
    action("Copy link", Deed::Press(":is([data-testid=copy-tool-link], [data-testid=copy-link])")),
    action("Copy settings link", Deed::Press("[data-testid=copy-settings-link]")),
    action("Present", Deed::Press("[data-testid=present]")),
    action("Clear wire", Deed::ClearWire),
    action("Clear log", Deed::ClearLog),
    action("Export trace", Deed::Export(Export::Trace)),
    action("Export HAR", Deed::Export(Export::Har)),
    action("Export log (NDJSON)", Deed::Press("[data-testid=log-export]")),
    action("Open dock", Deed::Press("[data-testid=dock-open]")),
    action("Close dock", Deed::Press("[data-testid=dock-close]")),
    action("Move dock", Deed::Press("[data-testid=dock-move]")),
    action("Save server", Deed::Press("[data-testid=server-save]")),
    action("Import servers", Deed::Press("[data-testid=servers-import]")),
    action("Export servers (mcp.json)", Deed::Press("[data-testid=servers-export]")),
    action("Check without logging in", Deed::Press("[data-testid=check-server]")),
    action("Connect to the demo", Deed::Press("[data-testid=demo]")),
    action("Toggle secrets", Deed::Secrets),
    action("Switch theme", Deed::Theme),
    action("Keyboard shortcuts", Deed::Shortcut(Does::Sheet)),
    action("Forget everything", Deed::Forget),
];

/// The actions that are possible now.
pub fn possible(session: Session, phase: Phase) -> impl Iterator<Item = &'static Action> {
    ALL.iter().filter(move |it| untrack(|| it.is_possible(session, phase)))
}

impl Action {
    fn is_possible(&self, session: Session, phase: Phase) -> bool {
        let exchanged = || session.peek_trace(|it| it.exchanges().next().is_some());
        match &self.deed {
            Deed::Press(selector) | Deed::Use(selector) => window::is_pressable(selector),
            Deed::Shortcut(Does::Cancel) => shortcuts::pending(session).is_some(),
            Deed::Disconnect => matches!(phase, Phase::Connected | Phase::Connecting | Phase::Authorizing),
            Deed::Reconnect => phase == Phase::Connected,
            Deed::TryAgain => matches!(phase, Phase::Failed | Phase::Refused),
            Deed::ClearWire => !session.is_replaying() && session.peek(|it| !it.trace().entries().is_empty()),
            Deed::ClearLog => session.peek(|it| !it.logs().is_empty()),
            // A file would tell the cause that is to be guessed.
            Deed::Export(_) => exchanged() && !is_riddle(session),
            Deed::Forget => session.peek(|it| it.settings().is_some()) || exchanged(),
            Deed::Shortcut(_) | Deed::Secrets | Deed::Theme => true,
        }
    }

    pub fn keys(&self) -> Option<String> {
        match &self.deed {
            Deed::Use(_) => shortcuts::keys_of(&Does::Use),
            Deed::Shortcut(does) => shortcuts::keys_of(does),
            _ => None,
        }
    }

    pub fn run(&self, session: Session) {
        match &self.deed {
            Deed::Press(selector) | Deed::Use(selector) => {
                window::press(selector);
            }
            Deed::Shortcut(does) => {
                shortcuts::act(session, does);
            }
            Deed::Disconnect => session.dispatch(Input::Disconnect),
            Deed::Reconnect => {
                session.dispatch(Input::Disconnect);
                session.try_again();
            }
            Deed::TryAgain => session.try_again(),
            Deed::Secrets => session.reveal.update(|it| *it = !*it),
            Deed::Theme => session.theme.update(|it| *it = it.next()),
            Deed::ClearWire => session.clear_trace(),
            Deed::ClearLog => session.clear_logs(),
            Deed::Export(export) => give(session, *export, Choices::default()),
            Deed::Forget => session.forget_everything(),
        }
    }
}
