//! The tasks that this tab knows: those that its calls became, and those that a server listed. They outlive their
//! connection, and a reload of the page keeps those of its calls.

use super::exchanges::Answer;
use crate::base::secret::{Secret, in_storage};
use crate::mcp::connection::{Ask, Target};
use crate::mcp::jsonrpc::{Id, RpcError};
use crate::mcp::task::Task;
use crate::trace::Millis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The pause between two polls where the server names none, and the bounds of one that it names, in milliseconds.
const USUAL: f64 = 1_000.0;
pub const SHORTEST: f64 = 500.0;
pub const LONGEST: f64 = 300_000.0;
/// How long a task without a lifetime is polled, and what is added to a lifetime, in milliseconds.
const DAY: f64 = 86_400_000.0;
const GRACE: f64 = 60_000.0;

/// Why a task is not polled any more, though it has not ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PollingEnd {
    /// The server does not know it, or does not say.
    Refused(RpcError),
    /// Polls got no response.
    NoResponse,
    /// Its lifetime is over.
    Overdue,
}

/// A task and what this tab knows of it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskRow {
    /// The URL of the server.
    pub server: String,
    pub task: Task,
    /// The call that became it; none where the server listed it.
    pub ask: Option<Ask>,
    /// When this tab learned of it.
    pub began: Millis,
    /// The session that the call was made in: most servers know a task in its own session alone (2025-11-25).
    #[serde(with = "in_storage::option")]
    pub(super) session: Option<Secret<String>>,
    /// The call waits for the result.
    pub(super) waits: bool,
    pub end: Option<PollingEnd>,
    /// The keys of the input requests that need nothing more (2026-07-28).
    pub(super) seen: BTreeSet<String>,
    /// What the call came to, where that was fetched on this page.
    #[serde(skip)]
    pub result: Option<Answer>,
    /// Why the server refused the last thing that was asked of the task.
    #[serde(skip)]
    pub refusal: Option<RpcError>,
    /// The token of its progress, on the connection that it began on.
    #[serde(skip)]
    pub(super) token: Option<Id>,
    /// Polls in a row without a response.
    #[serde(skip)]
    pub(super) failures: u32,
    /// A lost session was renewed for it, and no poll was answered since.
    #[serde(skip)]
    pub(super) renewed: bool,
}

impl TaskRow {
    pub(super) fn new(server: String, task: Task, ask: Option<Ask>, began: Millis) -> Self {
        let waits = ask.is_some();
        Self {
            server,
            task,
            ask,
            began,
            session: None,
            waits,
            end: None,
            seen: BTreeSet::new(),
            result: None,
            refusal: None,
            token: None,
            failures: 0,
            renewed: false,
        }
    }

    /// Whether more is asked about it by itself.
    pub fn is_polled(&self) -> bool {
        self.ask.is_some() && self.end.is_none() && (self.waits || !self.task.status.is_terminal())
    }

    /// The pause before the next poll, in milliseconds.
    pub fn interval(&self) -> u32 {
        self.task.poll.unwrap_or(USUAL).clamp(SHORTEST, LONGEST) as u32
    }

    /// Until when it is polled at most.
    pub(super) fn polled_until(&self) -> Millis {
        self.began + self.task.ttl.unwrap_or(DAY).min(DAY) + GRACE
    }

    fn target(&self) -> Option<&Target> {
        self.ask.as_ref().map(|it| &it.target)
    }

    fn bytes(&self) -> usize {
        self.ask.as_ref().map_or(0, |it| it.arguments.len()) + 1024
    }
}

/// See the module.
#[derive(Default)]
pub struct Tasks {
    /// The oldest first.
    rows: Vec<TaskRow>,
    dropped: usize,
    /// The tools of servers that are to be called as tasks where they can be called otherwise, too.
    wanted: BTreeSet<(String, Target)>,
    pub(super) listing: Option<Pages>,
}

/// A list of a server's tasks, as far as it has come.
#[derive(Default)]
pub(super) struct Pages {
    pub cursors: Vec<String>,
    pub listed: BTreeSet<String>,
}

impl Tasks {
    /// How many are kept.
    pub const MOST: usize = 1_000;
    /// How many outlast the page, and how much text of their calls, in bytes.
    pub const STORED: usize = 50;
    const STORED_BYTES: usize = 256 << 10;
    /// How much text of results is held with the tasks, in bytes.
    const HELD: usize = 16 << 20;

    pub(super) fn restored(rows: Vec<TaskRow>, wanted: Vec<(String, Target)>) -> Self {
        Self { rows, wanted: wanted.into_iter().collect(), ..Self::default() }
    }

    /// What outlasts the page: the newest that calls of this tab became.
    pub(super) fn stored(&self) -> Vec<TaskRow> {
        let mut left = Self::STORED_BYTES;
        let own = self.rows.iter().rev().filter(|it| it.ask.is_some()).take(Self::STORED);
        let fits = own.filter(|it| {
            let fits = it.bytes() <= left;
            left -= if fits { it.bytes() } else { 0 };
            fits
        });
        let mut stored: Vec<TaskRow> = fits.cloned().collect();
        stored.reverse();
        stored
    }

    pub(super) fn stored_wanted(&self) -> Vec<(String, Target)> {
        self.wanted.iter().cloned().collect()
    }

    /// The tasks of a server, the newest first.
    pub fn of(&self, server: &str) -> Vec<&TaskRow> {
        self.rows.iter().rev().filter(|it| it.server == server).collect()
    }

    pub fn get(&self, server: &str, id: &str) -> Option<&TaskRow> {
        self.rows.iter().rev().find(|it| it.server == server && it.task.id == id)
    }

    pub(super) fn get_mut(&mut self, server: &str, id: &str) -> Option<&mut TaskRow> {
        self.rows.iter_mut().rev().find(|it| it.server == server && it.task.id == id)
    }

    /// The task whose call has this progress token.
    pub(super) fn with_token(&self, server: &str, token: &Id) -> Option<&TaskRow> {
        self.rows.iter().find(|it| it.server == server && it.waits && it.token.as_ref() == Some(token))
    }

    /// How many of a server's have not ended.
    pub fn open(&self, server: &str) -> usize {
        let open = |it: &&TaskRow| it.server == server && !it.task.status.is_terminal() && it.end.is_none();
        self.rows.iter().filter(open).count()
    }

    /// Whether the server is being asked for its list.
    pub const fn is_listing(&self) -> bool {
        self.listing.is_some()
    }

    /// How many went because of the bound.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }

    /// Whether a tool is to be called as a task.
    pub fn is_wanted(&self, server: &str, tool: &Target) -> bool {
        self.wanted.contains(&(server.to_owned(), tool.clone()))
    }

    /// Keeps what a call came to. Where results take too much, those before go: they can be fetched again.
    pub(super) fn hold(&mut self, server: &str, id: &str, answer: Answer) {
        let bytes = |it: &TaskRow| it.result.as_ref().map_or(0, |it| it.as_ref().map_or(0, |it| it.len()));
        if self.rows.iter().map(bytes).sum::<usize>() > Self::HELD {
            self.rows.iter_mut().for_each(|it| it.result = None);
        }
        if let Some(row) = self.get_mut(server, id) {
            row.result = Some(answer);
        }
    }

    pub(super) fn want(&mut self, server: String, tool: Target, wanted: bool) {
        match wanted {
            true => drop(self.wanted.insert((server, tool))),
            false => drop(self.wanted.remove(&(server, tool))),
        }
    }

    pub(super) fn add(&mut self, row: TaskRow) {
        self.rows.retain(|it| it.server != row.server || it.task.id != row.task.id);
        self.rows.push(row);
        if self.rows.len() > Self::MOST {
            let first = self.rows.iter().position(|it| !it.is_polled()).unwrap_or(0);
            self.rows.remove(first);
            self.dropped += 1;
        }
    }

    /// Those that the server listed once and lists no more go, unless a call of this tab became them.
    pub(super) fn keep_listed(&mut self, server: &str, listed: &BTreeSet<String>) {
        self.rows.retain(|it| it.server != server || it.ask.is_some() || listed.contains(&it.task.id));
    }

    /// The ids of those that are polled, the oldest first.
    pub(super) fn polled(&self, server: &str) -> Vec<String> {
        let polled = self.rows.iter().filter(|it| it.server == server && it.is_polled());
        polled.map(|it| it.task.id.clone()).collect()
    }

    /// The call that a task came of.
    pub(super) fn target(&self, server: &str, id: &str) -> Option<Target> {
        self.get(server, id)?.target().cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mcp::model::ItemKind;
    use crate::mcp::task::TaskStatus;

    fn row(id: &str, status: TaskStatus, arguments: Option<&str>) -> TaskRow {
        let task =
            Task { id: id.to_owned(), status, message: None, created: None, updated: None, ttl: None, poll: None };
        let target = Target { kind: ItemKind::Tools, key: "t".to_owned() };
        let ask = arguments.map(|it| Ask { target, arguments: it.to_owned() });
        TaskRow::new("s".to_owned(), task, ask, 0.0)
    }

    fn ids<'a>(rows: impl IntoIterator<Item = &'a TaskRow>) -> Vec<&'a str> {
        rows.into_iter().map(|it| it.task.id.as_str()).collect()
    }

    #[test]
    fn a_pause_that_a_server_names_is_bounded() {
        let pause = |poll: Option<f64>| {
            let row = row("a", TaskStatus::Working, None);
            TaskRow { task: Task { poll, ..row.task.clone() }, ..row }.interval()
        };
        let paused = [None, Some(0.0), Some(5_000.0), Some(1e300)].map(pause);
        assert_eq!(paused, [1_000, 500, 5_000, 300_000]);
    }

    #[test]
    fn those_that_are_polled_stay_when_there_are_too_many() {
        let mut tasks = Tasks::default();
        tasks.add(row("own", TaskStatus::Working, Some("{}")));
        for number in 0..Tasks::MOST {
            tasks.add(row(&number.to_string(), TaskStatus::Completed, None));
        }
        assert_eq!((tasks.rows.len(), tasks.dropped()), (Tasks::MOST, 1));
        assert!(tasks.get("s", "own").is_some() && tasks.get("s", "0").is_none());
    }

    #[test]
    fn what_outlasts_the_page_is_the_newest_of_this_tabs_calls_within_a_bound() {
        let mut tasks = Tasks::default();
        let long = "x".repeat(Tasks::STORED_BYTES);
        tasks.add(row("a", TaskStatus::Working, Some("{}")));
        tasks.add(row("long", TaskStatus::Working, Some(&long)));
        tasks.add(row("listed", TaskStatus::Working, None));
        tasks.add(row("b", TaskStatus::Completed, Some("{}")));
        assert_eq!(ids(&tasks.stored()), ["a", "b"]);
    }

    #[test]
    fn what_a_server_lists_no_more_goes_but_for_this_tabs_own() {
        let mut tasks = Tasks::default();
        for (id, arguments) in [("own", Some("{}")), ("gone", None), ("there", None)] {
            tasks.add(row(id, TaskStatus::Working, arguments));
        }
        tasks.keep_listed("s", &BTreeSet::from(["there".to_owned()]));
        assert_eq!(ids(tasks.of("s")), ["there", "own"]);
        assert_eq!(tasks.open("s"), 2);
    }
}
