//! What the machine is told, and what it orders.

use super::{Agreed, AlarmId, AppInput, Edited, SigningId, Verified};
use crate::http::relay::Relay;
use crate::http::{Event as HttpEvent, Request};
use crate::mcp::app::AppCall;
use crate::mcp::app::bridge as app;
use crate::mcp::completion::Completion;
use crate::mcp::connection::{Ask, Target};
use crate::mcp::jsonrpc::Id;
use crate::mcp::model::ItemKind;
use crate::mcp::question::Reply;
use crate::mcp::raw::RawMessage;
use crate::oauth::assertion::{self, Unsigned};
use crate::oauth::jwks::Signed;
use crate::oauth::negative::Negative;
use crate::oauth::request::Callback;
use crate::settings::{Root, Settings};
use crate::trace::ExchangeId;

/// What happened.
pub enum Input {
    Connect(Box<Settings>),
    /// From now on only these servers may be connected to, by their URLs (`onlyListed` of `inspector.json`).
    OnlyListed(Vec<String>),
    /// From now on requests to these origins go through the host's relays (`relays` of `inspector.json`).
    Relays(Vec<Relay>),
    /// Connect to the demo world, of which nothing is known yet, whatever it was before.
    Demo(Box<Settings>),
    /// Look at a server as far as that needs no login.
    Check(Box<Settings>),
    /// Go on with the audit that was made: the user has agreed to what this stage does.
    Stage(Agreed),
    Disconnect,
    Http(ExchangeId, HttpEvent),
    Ask(Ask),
    /// A message that the user wrote, or one that was sent before. Its response is nothing but an exchange.
    Raw(Box<RawMessage>),
    /// What comes of an app of the server's.
    App(AppInput),
    Cancel(Target),
    /// The response to a message that the user wrote is not wanted any more, by the id of its request.
    CancelRaw(Id),
    /// Ask for candidates for an argument.
    Complete(Box<Completion>),
    /// Whether a tool is to be called as a task, where it can be called otherwise, too.
    CallAsTask(Target, bool),
    /// Ask for all tasks of the server.
    ListTasks,
    /// Cancel a task by its id.
    CancelTask(String),
    /// Fetch the result of a task that has ended.
    ShowTaskResult(String),
    /// The folders that the server may be told of, and that they changed.
    Roots(Vec<Root>),
    /// Show a finished call as a tool's result, by its number.
    ShowCall(Target, u32),
    /// Load a list again.
    Refresh(ItemKind),
    /// What the user says to a question, by its number.
    Reply(u32, Reply),
    /// Subscribe to a resource by its URI, or end that.
    Subscribe(String),
    /// How much the server is to log: one of [`LOG_LEVELS`](super::LOG_LEVELS).
    LogLevel(String),
    /// Forget the log messages that are kept.
    ClearLogs,
    /// Trade the refresh token for a new access token.
    RefreshToken,
    /// Give the tokens back.
    RevokeToken,
    /// Verify the signature of the token with the keys of its issuer.
    CheckSignature,
    Verified(Verified),
    /// What came of an [`Order::Sign`]: the signature.
    Signed(SigningId, assertion::Signature),
    /// Ask the authorization server what the token is good for.
    Introspect,
    /// Send what should be refused.
    Test(Negative),
    /// All that this tab holds, and the trace.
    ForgetEverything,
    /// The time of an alarm has come.
    Woken(AlarmId),
    /// The page was opened at the redirect URI.
    Callback(Callback),
    /// Back from the login without an answer: leave for it again.
    Again,
    /// The same, with a new registration first.
    AgainAnew,
    GiveUp,
    /// The tab's storage takes nothing: whoever leaves now comes back to a page that knows nothing of it.
    NotKept,
    /// Step mode: the paused request goes out, changed where the user changed it.
    Proceed(Option<Box<Edited>>),
    /// Step mode: the rest runs by itself.
    GoOnByItself,
    /// Step mode: it ends here.
    StopHere,
    /// Step mode: another of the authorization servers that are named, by its issuer.
    Choose(String),
    /// The answer to what was handed over, as the user got it.
    Paste(String),
    /// Log in again, for a code that is handed over instead of being used.
    LogInToHandOver,
    ClearTrace,
    /// Forget a finished call, by its number.
    RemoveCall(u32),
    /// What was cleared or removed last comes back.
    Undo,
    /// It does not come back any more.
    DropRemoved,
}

/// What is to be done, in order.
#[derive(Clone, PartialEq)]
pub enum Order {
    /// Send a request and report what comes; `limit` is the time for all of it, in milliseconds, where there is one.
    Send {
        exchange: ExchangeId,
        request: Box<Request>,
        limit: Option<u32>,
    },
    /// From now on a request has that much time, in milliseconds, or no limit.
    Limit {
        exchange: ExchangeId,
        limit: Option<u32>,
    },
    Abort(ExchangeId),
    /// Report an alarm after so many milliseconds.
    Wake {
        alarm: AlarmId,
        after: u32,
    },
    /// Leave for the login, in this window.
    Leave(String),
    /// Open the login in a window of its own, and stay.
    Popup(String),
    /// Verify a signature, and report what came of it.
    Verify(Box<Signed>),
    /// Sign the client's assertion with its key, and report the signature.
    Sign {
        id: SigningId,
        unsigned: Box<Unsigned>,
    },
    /// Tell an app what came of its request.
    App(AppCall, app::Answer),
}
