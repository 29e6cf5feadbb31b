//! The log of a server as the rows of a page: which messages a filter leaves, and what is read of one at a glance.

use crate::base::text::{Reveal, json, prefix};
use crate::inspector::{LOG_LEVELS, Logged, Logs, Origin};
use crate::json::members::Members;
use std::collections::VecDeque;

/// How much of a message is read in its row, in bytes.
const GLANCE: usize = 500;
/// Members under which loggers put the sentence of a structured message.
const SENTENCES: [&str; 3] = ["message", "msg", "text"];

/// Which messages are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A part of the message, its logger, its level or its call, in any case.
    pub text: String,
    /// The minimum level, by its place in [`LOG_LEVELS`].
    pub least: usize,
}

impl Filter {
    /// Whether it leaves everything.
    pub fn is_open(&self) -> bool {
        self.least == 0 && self.text.trim().is_empty()
    }

    fn fits(&self, lower: &str, logged: &Logged) -> bool {
        self.least <= severity(&logged.level) && (lower.is_empty() || matches(logged, lower))
    }
}

/// The place of a level in [`LOG_LEVELS`]. One that MCP does not know is above all: no filter hides it.
pub fn severity(level: &str) -> usize {
    LOG_LEVELS.iter().position(|it| *it == level).unwrap_or(LOG_LEVELS.len())
}

/// The tone of a level: only warnings and worse have one.
pub fn tone(level: &str) -> &'static str {
    match level {
        "debug" | "info" | "notice" => "",
        "warning" => "warn",
        _ => "bad",
    }
}

fn matches(logged: &Logged, lower: &str) -> bool {
    let texts = [&*logged.data, &logged.level, logged.logger.as_deref().unwrap_or_default()];
    let call = logged.call.as_ref().map(used).unwrap_or_default();
    texts.into_iter().chain([call]).any(|it| it.to_lowercase().contains(lower))
}

/// What a message belongs to: the name or URI that was used, else the method.
pub fn used(call: &Origin) -> &str {
    call.target.as_ref().map_or(call.method.as_str(), |it| it.key.as_str())
}

/// What is read of a message in its row: its text, or the sentence in a structured one. On one line, secrets masked.
pub fn glance(logged: &Logged, reveal: Reveal) -> String {
    let sentence = || {
        let all = Members::of(&logged.data)?;
        SENTENCES.into_iter().find_map(|name| all.shown::<String>(name))
    };
    let whole = logged.is_json.then(sentence).flatten();
    let text = prefix(whole.as_deref().unwrap_or(&logged.data), GLANCE);
    json(text).write(reveal).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The numbers of the messages that a filter leaves, the oldest first. It goes on where it was: only what came since is
/// looked at, as long as filter and log are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    numbers: VecDeque<usize>,
    filter: Filter,
    /// The last message that was looked at: its number, and its time as bits.
    last: Option<(usize, u64)>,
}

impl Found {
    /// The same as of now, and whether it has changed.
    #[must_use]
    pub fn updated(mut self, filter: &Filter, logs: &Logs) -> (Self, bool) {
        let mut changed = false;
        let is_there = |(number, at)| logs.numbered(number).is_some_and(|it| it.at.to_bits() == at);
        if self.filter != *filter || !self.last.is_none_or(is_there) {
            self = Self { filter: filter.clone(), ..Self::default() };
            changed = true;
        }
        let all = logs.numbers();
        while self.numbers.front().is_some_and(|it| *it < all.start) {
            self.numbers.pop_front();
            changed = true;
        }
        let lower = filter.text.trim().to_lowercase();
        let from = self.last.map_or(all.start, |(number, _)| number + 1);
        for (number, logged) in (from..all.end).filter_map(|it| Some((it, logs.numbered(it)?))) {
            if filter.fits(&lower, logged) {
                self.numbers.push_back(number);
                changed = true;
            }
            self.last = Some((number, logged.at.to_bits()));
        }
        (self, changed)
    }

    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The number in a row; row 0 is the newest.
    pub fn row(&self, row: usize) -> Option<usize> {
        self.numbers.get(self.numbers.len().checked_sub(row + 1)?).copied()
    }

    /// The row of a message by its number.
    pub fn row_of(&self, number: usize) -> Option<usize> {
        let at = self.numbers.binary_search(&number).ok()?;
        Some(self.numbers.len() - 1 - at)
    }

    /// How many rows are newer than a message.
    pub fn newer_than(&self, number: usize) -> usize {
        self.numbers.len() - self.numbers.partition_point(|it| *it <= number)
    }

    /// The oldest first.
    pub fn numbers(&self) -> impl Iterator<Item = usize> {
        self.numbers.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::MASK;
    use crate::inspector::Link;
    use crate::mcp::connection::Target;
    use crate::mcp::model::ItemKind;
    use std::sync::Arc;

    fn logged(level: &str, data: &str) -> Logged {
        let target = Target { kind: ItemKind::Tools, key: "echo".to_owned() };
        let call = Origin { method: "tools/call".to_owned(), target: Some(target), exchange: 1, link: Link::Response };
        let (at, is_json, logger) = (1.0, data.starts_with('{'), Some("Harbour".to_owned()));
        Logged { at, level: level.to_owned(), logger, data: data.into(), is_json, call: Some(call) }
    }

    fn logs(all: &[(&str, &str)]) -> Logs {
        Logs::of(all.iter().map(|(level, data)| Arc::new(logged(level, data))))
    }

    fn found(filter: &Filter, logs: &Logs) -> Vec<usize> {
        Found::default().updated(filter, logs).0.numbers().collect()
    }

    #[test]
    fn a_filter_takes_message_logger_level_and_call_in_any_case() {
        let logs = logs(&[("info", "Ship ahoy"), ("error", "sunk"), ("strange", "x")]);
        let text = |text: &str| found(&Filter { text: text.to_owned(), least: 0 }, &logs);
        assert_eq!((text(" AHOY "), text("harbour"), text("ECHO")), (vec![0], vec![0, 1, 2], vec![0, 1, 2]));
        assert_eq!((text("error"), text("nothing")), (vec![1], vec![]));
    }

    #[test]
    fn a_minimum_level_hides_what_is_below_and_nothing_that_it_does_not_know() {
        let logs = logs(&[("debug", "a"), ("warning", "b"), ("emergency", "c"), ("strange", "d")]);
        let least = |least: &str| found(&Filter { text: String::new(), least: severity(least) }, &logs);
        assert_eq!(
            (least("debug"), least("warning"), least("emergency")),
            (vec![0, 1, 2, 3], vec![1, 2, 3], vec![2, 3])
        );
    }

    #[test]
    fn what_was_found_goes_on_with_what_comes_and_begins_again_with_another_filter_or_log() {
        let filter = Filter { text: "qq".to_owned(), least: 0 };
        let some = logs(&[("info", "qq"), ("info", "b")]);
        let (found, changed) = Found::default().updated(&filter, &some);
        let (found, again) = found.updated(&filter, &some);
        assert_eq!((changed, again), (true, false));
        let (more, changed) = found.updated(&filter, &logs(&[("info", "qq"), ("info", "b"), ("info", "qq")]));
        assert!(changed);
        assert_eq!((more.row(0), more.row(1), more.row(2)), (Some(2), Some(0), None));
        assert_eq!((more.row_of(0), more.row_of(1), more.newer_than(0)), (Some(1), None, 1));
        let (other, _) = more.updated(&Filter::default(), &logs(&[("info", "b")]));
        assert_eq!(other.numbers().collect::<Vec<_>>(), [0]);
        let (none, changed) = other.updated(&Filter::default(), &Logs::default());
        assert_eq!((none.len(), changed), (0, true));
    }

    #[test]
    fn a_row_says_the_sentence_of_a_structured_message_and_hides_secrets() {
        let glance = |data: &str| glance(&logged("info", data), Reveal::Masked);
        assert_eq!(glance("two\nlines"), "two lines");
        assert_eq!(glance(r#"{"id":1,"msg":"Similar issue found"}"#), "Similar issue found");
        assert_eq!(glance(r#"{"id":1}"#), r#"{"id":1}"#);
        assert_eq!(glance(r#"{"password":"geheim"}"#), format!(r#"{{"password":"{MASK}"}}"#));
    }
}
