//! The sentences of what happens while a server works: cancelled calls, changed lists, log messages and their calls.

use crate::base::format::{bytes, count, counted, milliseconds, seconds};
use crate::inspector::{Cancellation, Changes, Link, ListChange, Logs, PollingEnd, ROOM, Reports, Tasks, WATCHED};
use crate::mcp::jsonrpc::RpcError;
use crate::mcp::model::ItemKind;

/// What the server did after a call was cancelled.
pub fn cancellation(cancellation: Cancellation) -> String {
    match cancellation {
        Cancellation::Waiting => "The server was told. Waiting to see if a response still arrives.".to_owned(),
        Cancellation::Responded { after } => format!(
            "A response arrived {} after the cancellation and was ignored: the server finished the call, or the two messages crossed.",
            milliseconds(after)
        ),
        Cancellation::KeptSending { after } => format!(
            "The server did not stop: it sent more than {} in the {} after the cancellation. Flowglass closed the stream.",
            bytes(ROOM),
            milliseconds(after)
        ),
        Cancellation::Ended { after } => format!(
            "The server stopped: it ended the HTTP response {} after the cancellation, without a JSON-RPC response.",
            milliseconds(after)
        ),
        Cancellation::Silent => format!(
            "No response within {} s after the cancellation, as the specification asks. Flowglass closed the stream.",
            seconds(WATCHED)
        ),
        Cancellation::Closed => {
            "In 2026-07-28, closing the stream cancels the call. Whether the server stopped cannot be observed."
                .to_owned()
        }
        Cancellation::Unknown => "The connection ended before a response could be observed.".to_owned(),
        Cancellation::Left => LEFT.to_owned(),
    }
}

/// That a call had no response yet when the page was left.
pub const LEFT: &str = "The page was left or reloaded before the response arrived.";

/// How many of a list are what: `2 added, 1 changed`.
pub fn change(change: &ListChange) -> String {
    let of = |number: usize, what: &str| (number > 0).then(|| format!("{} {what}", count(number)));
    let (added, removed, changed) = (change.added.len(), change.removed.len(), change.changed.len());
    let all: Vec<String> =
        [of(added, "added"), of(removed, "removed"), of(changed, "changed")].into_iter().flatten().collect();
    match all.is_empty() {
        true => "no difference".to_owned(),
        false => all.join(", "),
    }
}

/// Which list changed.
pub const fn list(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Tools => "Tool list",
        ItemKind::Resources => "Resource list",
        ItemKind::Templates => "Template list",
        ItemKind::Prompts => "Prompt list",
    }
}

/// That two versions of an item were not compared.
pub const NOT_COMPARED: &str = "Too long to compare.";

/// How a log message is known to belong to its call.
pub const fn link(link: Link) -> &'static str {
    match link {
        Link::Response => "received in its response",
        Link::OnlyOpen => "the only call open then",
    }
}

/// That log messages went because of the bound.
pub fn logs_dropped(dropped: usize) -> String {
    let (most, size) = (count(Logs::MOST), bytes(Logs::BYTES));
    format!("Flowglass keeps the newest {most} messages, up to {size}. {} older ones were dropped.", count(dropped))
}

/// What of the log outlasts the page, and how many messages did not.
pub fn logs_over_reload(lost: usize) -> String {
    let (most, size) = (count(Logs::MOST_STORED), bytes(Logs::BYTES_STORED));
    let gone = match lost {
        0 => String::new(),
        _ => format!(" {} lost.", counted(lost, "older one was", "older ones were")),
    };
    format!("A reload keeps the newest {most} messages, up to {size}.{gone}")
}

/// The same where nothing is kept that may repeat a token.
pub const LOGS_IN_MEMORY: &str = "Tokens are in memory only, so messages are lost on reload.";

/// That progress notifications went because of the bound.
pub fn progress_dropped(dropped: usize) -> String {
    let gone = counted(dropped, "older one was", "older ones were");
    format!("Flowglass keeps the newest {} progress notifications. {gone} dropped.", count(Reports::MOST))
}

/// Why a task is not polled any more, though it has not ended.
pub fn polling_end(end: &PollingEnd) -> String {
    match end {
        PollingEnd::Refused(error) => format!("No longer polled. The server responded: {error}"),
        PollingEnd::NoResponse => "No longer polled: several polls in a row got no response.".to_owned(),
        PollingEnd::Overdue => "No longer polled: the task did not end within its lifetime (ttl).".to_owned(),
    }
}

/// That the server refused to cancel a task, or to take what was sent to it.
pub fn task_refused(error: &RpcError) -> String {
    format!("The server refused the last request: {error}")
}

/// That tasks went because of the bound.
pub fn tasks_dropped(dropped: usize) -> String {
    let gone = counted(dropped, "older one was", "older ones were");
    format!("Flowglass keeps the newest {} tasks. {gone} dropped.", count(Tasks::MOST))
}

/// That changes of lists went because of the bound.
pub fn changes_dropped(dropped: usize) -> String {
    let gone = counted(dropped, "older one was", "older ones were");
    format!("Flowglass keeps the newest {} list changes. {gone} dropped.", count(Changes::MOST))
}
