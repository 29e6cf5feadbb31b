//! What goes into the machine of the bridge, and what comes out of it.

use crate::base::address::Address;
use crate::mcp::app::csp::Reach;
use crate::mcp::jsonrpc::RpcError;
use crate::mcp::model::Item;
use crate::mcp::raw::RawMessage;
use serde::Serialize;
use std::sync::Arc;

/// What an app is shown for.
#[derive(Clone)]
pub struct Subject {
    pub tool: Arc<Item>,
    /// The arguments of the call, raw JSON.
    pub arguments: String,
    pub reach: Reach,
    /// The server that both came from.
    pub server: Address,
    pub theme: Theme,
    /// The width of the frame, in CSS pixels.
    pub width: u32,
    /// What the user allowed it to ask the browser for, by the names of `_meta.ui.permissions`.
    pub granted: Vec<&'static str>,
    /// Whether its input comes in parts first, as from a model that is still writing it.
    pub in_parts: bool,
}

/// How an app is displayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Beside the result.
    Inline,
    /// Over the whole page.
    Fullscreen,
}

impl Mode {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Fullscreen => "fullscreen",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    Light,
    Dark,
}

/// What happened.
pub enum Input {
    /// The frame sent a message: its JSON, where it can be written as JSON.
    Said(Option<String>),
    /// What came of an [`Order::Ask`] or [`Order::Send`], by its number.
    Answered(u32, Answer),
    /// The call of the tool is over.
    Ended(Ending),
    Theme(Theme),
    /// The user wants it displayed so.
    Show(Mode),
    /// The frame has that size after its mode changed, in CSS pixels.
    Measured {
        width: u32,
        height: u32,
    },
    /// There is no connection any more.
    Parted,
    /// The user wants the app gone.
    Close,
}

/// What came of a request of the app's.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Allowed,
    Declined,
    /// The raw result.
    Result(Arc<str>),
    Error(RpcError),
    /// The server did not respond.
    Unanswered,
}

/// How the call of the tool ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// The raw result.
    Result(Arc<str>),
    /// Why there is none.
    Cancelled(&'static str),
}

/// What is to be done, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// The frame is ready for the document.
    Load,
    /// Send this JSON to the frame.
    Post(String),
    Log(Line),
    /// Ask the user.
    Ask(u32, Wish),
    /// Send a request to the server.
    Send(u32, RawMessage),
    /// Open a page in a tab of its own.
    Open(Address),
    /// Make the frame that high, in CSS pixels.
    Resize(u32),
    /// The app can be shown over the whole page.
    Expandable,
    /// Display it so.
    Show(Mode),
    /// Show the user what the app says to a conversation: a result of `prompts/get`, as raw JSON.
    Message(String),
    /// Remove the frame.
    Remove,
}

/// What the user is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// To call a tool, with these arguments as raw JSON.
    Call { tool: String, arguments: String },
    /// To open a page.
    Link(Address),
    /// To be shown over the whole page.
    Fullscreen,
}

/// A message, for the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub by: By,
    /// A level of MCP.
    pub level: String,
    /// The message as it was, in short.
    pub text: String,
    /// It is JSON, and all of it.
    pub is_json: bool,
}

/// Who sent a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    App,
    Host,
}

impl By {
    /// The name of its logger.
    pub const fn logger(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Host => "host",
        }
    }
}
