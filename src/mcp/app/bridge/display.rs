//! How an app is displayed: beside the result, or over the whole page once the user wants that (apps specification,
//! "Display Modes"). And what it says to a conversation, which is shown and goes nowhere.

use super::orders::{Mode, Order, Wish};
use super::{Bridge, REFUSED, State, Then};
use crate::json::members::Members;
use crate::mcp::app::message;
use crate::mcp::era::INVALID_PARAMS;
use crate::mcp::jsonrpc::Id;
use serde_json::json;

/// How many messages of an app are shown.
const MESSAGES: u32 = 50;
/// A longer message is not shown, in bytes.
const MESSAGE: usize = 256 << 10;

impl Bridge {
    /// What the app says of itself in `ui/initialize`: it may name the modes that it has.
    pub(super) fn initialize(&mut self, id: &Id, params: &str) {
        let capabilities = Members::of(params).unwrap_or_default().object("appCapabilities");
        let modes = capabilities.strings("availableDisplayModes");
        self.expands = modes.is_none_or(|it| it.iter().any(|mode| mode == Mode::Fullscreen.name()));
        self.state = State::Initializing;
        self.post(message::initialized(id, &self.subject));
        if self.expands {
            self.orders.push(Order::Expandable);
        }
    }

    /// The response names the mode that it is in, whichever was asked for.
    pub(super) fn display(&mut self, id: Id, params: &str) {
        let wanted = Members::of(params).and_then(|it| it.read::<String>("mode")).unwrap_or_default();
        match (wanted.as_str(), self.mode) {
            ("fullscreen", Mode::Inline) if self.expands => {
                let number = self.wait(id, Then::Expand);
                self.orders.push(Order::Ask(number, Wish::Fullscreen));
            }
            ("inline", Mode::Fullscreen) => {
                self.show(Mode::Inline);
                self.respond_mode(&id);
            }
            _ => self.respond_mode(&id),
        }
    }

    pub(super) fn respond_mode(&mut self, id: &Id) {
        self.respond(id, &json!({ "mode": self.mode }).to_string());
    }

    /// An app is never expanded against what it says of itself.
    pub(super) fn show(&mut self, mode: Mode) {
        let possible = mode == Mode::Inline || self.expands;
        if self.mode != mode && possible && matches!(self.state, State::Initializing | State::Running) {
            self.mode = mode;
            self.orders.push(Order::Show(mode));
        }
    }

    /// The frame has its new size, in CSS pixels.
    pub(super) fn measured(&mut self, width: u32, height: u32) {
        if self.state == State::Running {
            self.post(message::mode_changed(self.mode, width, height));
        }
    }

    /// A message to a conversation. There is none here: it is shown to the user.
    pub(super) fn message(&mut self, id: &Id, params: &str) {
        let all = Members::of(params).unwrap_or_default();
        let content = all.value("content").filter(|it| it.get().starts_with('['));
        match (all.read::<String>("role").as_deref(), content) {
            (Some("user"), Some(_)) if params.len() > MESSAGE => {
                self.refuse(id, REFUSED, &format!("The message is longer than {MESSAGE} bytes"));
            }
            (Some("user"), Some(_)) if self.messages >= MESSAGES => {
                self.refuse(id, REFUSED, &format!("Flowglass shows at most {MESSAGES} messages"));
            }
            (Some("user"), Some(content)) => {
                self.messages += 1;
                let said = format!(r#"{{"messages":[{{"role":"user","content":{}}}]}}"#, content.get());
                self.orders.push(Order::Message(said));
                self.respond(id, "{}");
            }
            (Some("user"), None) => self.refuse(id, INVALID_PARAMS, "content is missing or not an array"),
            _ => self.refuse(id, INVALID_PARAMS, "role is not \"user\""),
        }
    }
}
