//! The finished calls of tools. They outlive their connection, and a reload of the page.
//!
//! Bounded in number and in text, in memory and in the tab's storage: the oldest go first, and of a long call the result
//! before its arguments. What is shown of a call as its result is here, too: the newest, unless the user opened another.

use super::asks::{Outcome, Status};
use super::cancelling::Cancellation;
use crate::base::text::prefix;
use crate::mcp::connection::{Ask, Target};
use crate::mcp::content;
use crate::mcp::jsonrpc::RpcError;
use crate::trace::Millis;
use crate::trace::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// What a problem takes in the storage, in bytes, as a guess.
const PROBLEM: usize = 2 << 10;
/// As much of the message of an error as stays where its data does not, in bytes.
const MESSAGE: usize = 1 << 10;

/// A finished call.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Counts up from 1 in this tab.
    pub number: u32,
    /// The URL of the server.
    pub server: String,
    pub ask: Ask,
    pub status: Status,
    pub began: Millis,
    pub ended: Millis,
    /// The raw result, or the raw `data` of an error.
    pub result: Option<Arc<str>>,
    pub error: Option<RpcError>,
    pub problem: Option<Box<Problem>>,
    /// The length of the result in bytes, where it is not kept.
    pub dropped: Option<usize>,
    /// The page was left before the response came.
    #[serde(default)]
    pub left: bool,
}

/// What is kept of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    Whole,
    /// How it ended, and its arguments.
    WithoutResult,
}

impl Call {
    fn of(number: u32, server: String, outcome: &Outcome) -> Self {
        Self {
            number,
            server,
            ask: outcome.ask.clone(),
            status: outcome.status,
            began: outcome.began,
            ended: outcome.ended.unwrap_or(outcome.began),
            result: outcome.result.clone(),
            error: outcome.error.clone(),
            problem: outcome.problem.clone(),
            dropped: None,
            left: outcome.cancellation == Some(Cancellation::Left),
        }
    }

    /// How long it took, in milliseconds.
    pub fn took(&self) -> u64 {
        (self.ended - self.began).max(0.0).round() as u64
    }

    /// The raw JSON that was answered: the result, or the error.
    pub fn raw(&self) -> Option<Arc<str>> {
        match &self.error {
            Some(error) => Some(content::error_text(error)),
            None => self.result.clone(),
        }
    }

    /// Whether its result is short enough to outlast the page.
    pub fn is_storable(&self) -> bool {
        self.bytes(Extent::Whole) <= History::ONE
    }

    /// The same, with so much of it.
    #[must_use]
    pub fn to_extent(&self, extent: Extent) -> Self {
        let dropped = match (extent, self.result_bytes()) {
            (Extent::Whole, _) | (_, 0) => return self.clone(),
            (Extent::WithoutResult, bytes) => Some(bytes),
        };
        let short = |it: &RpcError| RpcError { message: prefix(&it.message, MESSAGE).to_owned(), data: None, ..*it };
        Self { result: None, error: self.error.as_ref().map(short), dropped, ..self.clone() }
    }

    fn result_bytes(&self) -> usize {
        let result = self.result.as_ref().map_or(0, |it| it.len());
        let message = self.error.as_ref().map_or(0, |it| it.message.len());
        result + message.saturating_sub(MESSAGE)
    }

    /// The text that it takes.
    fn bytes(&self, extent: Extent) -> usize {
        let problem = self.problem.as_ref().map_or(0, |_| PROBLEM);
        let always = self.ask.arguments.len() + self.ask.target.key.len() + self.server.len() + problem + MESSAGE;
        always + if extent == Extent::Whole { self.result_bytes() } else { 0 }
    }

    fn outcome(&self) -> Outcome {
        Outcome {
            status: self.status,
            ended: Some(self.ended),
            result: self.result.clone(),
            error: self.error.clone(),
            problem: self.problem.clone(),
            dropped: self.dropped,
            cancellation: self.left.then_some(Cancellation::Left),
            ..Outcome::pending(self.ask.clone(), self.began)
        }
    }
}

/// The call that is shown as a tool's result.
struct Shown {
    number: u32,
    /// It is the last one of its connection, of which more may be known than is kept.
    newest: bool,
    outcome: Outcome,
}

/// See the module.
#[derive(Default)]
pub struct History {
    /// The oldest first.
    calls: VecDeque<Call>,
    last: u32,
    shown: BTreeMap<Target, Shown>,
    version: u32,
}

impl History {
    /// How many calls of one tool are kept, and of all.
    pub const OF_TOOL: usize = 50;
    pub const OF_ALL: usize = 500;
    /// How much text is kept of them in memory, and over a reload, in bytes.
    pub const IN_MEMORY: usize = 64 << 20;
    pub const IN_STORAGE: usize = 1 << 20;
    /// How much text of one outlasts the page, in bytes.
    pub const ONE: usize = 256 << 10;

    /// What the last page of this tab left: its calls, and which of them were shown.
    pub fn restored(mut calls: Vec<Call>, shown: Vec<(Target, u32)>) -> Self {
        calls.sort_by_key(|it| it.number);
        calls.dedup_by_key(|it| it.number);
        let last = calls.last().map_or(0, |it| it.number);
        let mut this = Self { calls: calls.into(), last, ..Self::default() };
        for (target, number) in shown {
            this.put(&target, number);
        }
        this
    }

    /// A call is finished, and shown as the newest.
    pub(super) fn push(&mut self, server: String, outcome: &Outcome) {
        self.last += 1;
        let call = Call::of(self.last, server, outcome);
        let shown = Shown { number: call.number, newest: true, outcome: call.outcome() };
        self.shown.insert(call.ask.target.clone(), shown);
        self.calls.push_back(call);
        self.bound();
        self.version += 1;
    }

    /// The last page was left while these waited for their responses: each with when it began.
    pub(super) fn leave(&mut self, now: Millis, server: &str, open: Vec<(Ask, Millis)>) {
        for (ask, began) in open {
            let pending = Outcome::pending(ask, began);
            let (ended, cancellation) = (Some(now.max(began)), Some(Cancellation::Left));
            self.push(server.to_owned(), &Outcome { status: Status::Cancelled, ended, cancellation, ..pending });
        }
    }

    /// Shows another call of a tool, or the newest of the same server.
    pub(super) fn show(&mut self, target: &Target, number: u32) {
        self.put(target, number);
        self.version += 1;
    }

    fn put(&mut self, target: &Target, number: u32) {
        let Some(call) = self.numbered(number).filter(|it| it.ask.target == *target) else { return };
        let newest = self.of(&call.server, target).next().is_some_and(|it| it.number == number);
        let outcome = call.outcome();
        self.shown.insert(target.clone(), Shown { number, newest, outcome });
    }

    /// Takes a call out, by its number.
    pub(super) fn remove(&mut self, number: u32) -> Option<Call> {
        let at = self.calls.binary_search_by_key(&number, |it| it.number).ok()?;
        self.shown.retain(|_, it| it.number != number);
        self.version += 1;
        self.calls.remove(at)
    }

    /// Puts a call back that was taken out.
    pub(super) fn put_back(&mut self, call: Call) {
        if let Err(at) = self.calls.binary_search_by_key(&call.number, |it| it.number) {
            self.calls.insert(at, call);
            self.bound();
            self.version += 1;
        }
    }

    /// The connection is over: no result is shown any more.
    pub(super) fn close(&mut self) {
        self.shown.clear();
        self.version += 1;
    }

    /// What is shown of a tool, where this is the newest use of its connection.
    pub(super) fn outcome<'a>(&'a self, target: &Target, live: Option<&'a Outcome>) -> Option<&'a Outcome> {
        match self.shown.get(target) {
            Some(shown) if !shown.newest || live.is_none() => Some(&shown.outcome),
            _ => live,
        }
    }

    /// The calls of a server's tool, the newest first.
    pub fn of<'a>(&'a self, server: &str, target: &Target) -> impl Iterator<Item = &'a Call> {
        self.calls.iter().rev().filter(move |it| it.ask.target == *target && it.server == server)
    }

    pub fn numbered(&self, number: u32) -> Option<&Call> {
        let at = self.calls.binary_search_by_key(&number, |it| it.number).ok()?;
        self.calls.get(at)
    }

    /// The number of the call that is shown of a tool.
    pub fn shown(&self, target: &Target) -> Option<u32> {
        self.shown.get(target).map(|it| it.number)
    }

    /// All that are shown.
    pub fn all_shown(&self) -> Vec<(Target, u32)> {
        self.shown.iter().map(|(target, it)| (target.clone(), it.number)).collect()
    }

    /// It is another number after each change.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The calls that outlast the page, by their numbers, and how much of each.
    pub fn stored(&self) -> BTreeMap<u32, Extent> {
        self.within(Self::IN_STORAGE, Self::ONE)
    }

    /// What is kept where there is room for so many bytes in all, and so many for one. The newest come first.
    fn within(&self, all: usize, one: usize) -> BTreeMap<u32, Extent> {
        let mut left = all;
        let kept = self.calls.iter().rev().filter_map(|call| {
            let fits = |extent: &Extent| call.bytes(*extent) <= one.min(left);
            let extent = [Extent::Whole, Extent::WithoutResult].into_iter().find(fits)?;
            left -= call.bytes(extent);
            Some((call.number, extent))
        });
        kept.collect()
    }

    fn bound(&mut self) {
        if let Some((server, target)) = self.calls.back().map(|it| (it.server.clone(), it.ask.target.clone())) {
            let beyond = self.of(&server, &target).nth(Self::OF_TOOL).map(|it| it.number);
            self.calls.retain(|it| Some(it.number) != beyond);
        }
        while self.calls.len() > Self::OF_ALL {
            self.calls.pop_front();
        }
        let kept = self.within(Self::IN_MEMORY, Self::IN_MEMORY);
        self.calls.retain(|it| kept.contains_key(&it.number));
        for call in &mut self.calls {
            if kept.get(&call.number) == Some(&Extent::WithoutResult) && call.result_bytes() > 0 {
                *call = call.to_extent(Extent::WithoutResult);
            }
        }
    }
}

#[cfg(test)]
mod tests;
