//! What a server logged: the newest messages, up to a bound that is said when it is reached.

use super::context::Context;
use super::exchanges::Purpose;
use super::work::Work;
use crate::base::text::fact;
use crate::json::members::Members;
use crate::mcp::connection::Target;
use crate::trace::{ExchangeId, Millis};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

/// A log message of the server's (MCP, logging, `notifications/message`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Logged {
    /// When it came.
    pub at: Millis,
    pub level: String,
    pub logger: Option<String>,
    /// A text, or raw JSON.
    pub data: Arc<str>,
    /// Whether `data` is the JSON of a value that is no string.
    pub is_json: bool,
    /// The request that it belongs to, as far as that is known.
    pub call: Option<Origin>,
}

/// The request that a log message belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    pub method: String,
    /// What was used, where the request uses an item.
    pub target: Option<Target>,
    pub exchange: ExchangeId,
    pub link: Link,
}

/// How a message is known to belong to a request: the message itself does not say (MCP, logging).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    /// It came in the response to the request.
    Response,
    /// It came on a stream of the whole connection, while the request was the only use that was open.
    OnlyOpen,
}

impl Logged {
    fn bytes(&self) -> usize {
        self.data.len() + self.level.len() + self.logger.as_ref().map_or(0, String::len)
    }
}

/// Log messages in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logs {
    kept: VecDeque<Arc<Logged>>,
    bytes: usize,
    dropped: usize,
    /// The number of the first that is kept.
    first: usize,
    lost: usize,
}

/// What of them outlasts the page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredLogs {
    first: usize,
    lost: usize,
    messages: Vec<Arc<Logged>>,
}

impl Logs {
    /// How many messages are kept.
    pub const MOST: usize = 10_000;
    /// How much text they hold together, in bytes.
    pub const BYTES: usize = 64 << 20;
    /// How many outlast the page, and how much text of them, in bytes.
    pub const MOST_STORED: usize = 1_000;
    pub const BYTES_STORED: usize = 256 << 10;

    /// One more. The oldest go where there is no room for it.
    pub(super) fn push(&mut self, logged: Arc<Logged>) {
        self.bytes += logged.bytes();
        self.kept.push_back(logged);
        while self.kept.len() > Self::MOST || (self.bytes > Self::BYTES && self.kept.len() > 1) {
            self.bytes -= self.kept.pop_front().map_or(0, |it| it.bytes());
            self.dropped += 1;
            self.first += 1;
        }
    }

    /// Forgets all messages but their numbers, so that none is given twice. Gives what it held.
    pub(super) fn clear(&mut self) -> Self {
        let first = self.numbers().end;
        std::mem::replace(self, Self { first, ..Self::default() })
    }

    /// Puts what was cleared before what has come since. Where the bound was reached since then, there is no room for it.
    pub(super) fn put_back(&mut self, cleared: Self) {
        if self.dropped > 0 {
            self.dropped += cleared.dropped + cleared.len();
            return;
        }
        let newer = std::mem::replace(self, cleared);
        newer.kept.into_iter().for_each(|it| self.push(it));
    }

    /// The newest, up to [`Self::MOST_STORED`] and so much text, in bytes.
    pub fn stored(&self, bytes: usize) -> StoredLogs {
        let mut left = bytes;
        let fits = |it: &&Arc<Logged>| {
            let rest = left.checked_sub(it.bytes());
            left = rest.unwrap_or_default();
            rest.is_some()
        };
        let mut messages: Vec<_> = self.kept.iter().rev().take(Self::MOST_STORED).take_while(fits).cloned().collect();
        messages.reverse();
        let gone = self.kept.len() - messages.len();
        StoredLogs { first: self.first + gone, lost: self.lost + self.dropped + gone, messages }
    }

    /// As the last page of this tab left them, under the numbers that they had.
    pub(super) fn restored(StoredLogs { first, lost, messages }: StoredLogs) -> Self {
        Self { first, lost, ..Self::of(messages) }
    }

    /// How many did not outlast the last page.
    pub fn lost(&self) -> usize {
        self.lost
    }

    /// With these messages, the oldest first.
    pub fn of(messages: impl IntoIterator<Item = Arc<Logged>>) -> Self {
        let mut this = Self::default();
        messages.into_iter().for_each(|it| this.push(it));
        this
    }

    pub fn len(&self) -> usize {
        self.kept.len()
    }

    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many messages went because of the bound, since they were cleared last.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// The numbers of those that are kept. They count up from 0, those that went included.
    pub fn numbers(&self) -> Range<usize> {
        self.first..self.first + self.kept.len()
    }

    /// The message with this number.
    pub fn numbered(&self, number: usize) -> Option<&Arc<Logged>> {
        self.kept.get(number.checked_sub(self.first)?)
    }

    /// All that are kept with their numbers, the newest first.
    pub fn newest(&self) -> impl Iterator<Item = (usize, &Arc<Logged>)> {
        self.kept.iter().enumerate().rev().map(|(at, it)| (self.first + at, it))
    }
}

impl Work {
    /// `notifications/message`: kept for the connection, and for the use that it belongs to.
    pub(super) fn logged(&mut self, cx: &Context<'_>, exchange: ExchangeId, params: &str) {
        let Some(all) = Members::of(params) else { return };
        let logged = Arc::new(Logged {
            at: cx.moment.now,
            level: all.words("level").map(|it| fact(&it)).unwrap_or_default(),
            logger: all.words("logger").map(|it| fact(&it)),
            data: all.words("data").unwrap_or_default().into(),
            is_json: all.value("data").is_some_and(|it| !it.get().starts_with('"')),
            call: self.call_of(cx, exchange),
        });
        let used = logged.call.as_ref().and_then(|it| Some((it.target.as_ref()?, it.exchange)));
        let outcome = used
            .and_then(|(target, exchange)| self.outcomes.get_mut(target).filter(|it| it.exchange == Some(exchange)));
        if let Some(outcome) = outcome {
            outcome.logs.push(Arc::clone(&logged));
        }
        self.logs.push(logged);
    }

    /// The request that a message in an exchange belongs to.
    fn call_of(&self, cx: &Context<'_>, exchange: ExchangeId) -> Option<Origin> {
        let purpose = cx.network.purpose(exchange).filter(|it| !it.stays_open());
        if let Some((purpose, method)) = purpose.and_then(|it| Some((it, it.method()?))) {
            return Some(Origin {
                method: fact(method),
                target: purpose.target().cloned(),
                exchange,
                link: Link::Response,
            });
        }
        let target = self.only_open()?;
        let exchange = self.outcomes.get(target)?.exchange?;
        Some(Origin {
            method: target.kind.method().to_owned(),
            target: Some(target.clone()),
            exchange,
            link: Link::OnlyOpen,
        })
    }
}

impl Purpose {
    /// What is used, where it is the use of an item, cancelled or not.
    pub const fn target(&self) -> Option<&Target> {
        match self {
            Self::Ask(target, _) | Self::Cancelled(target, _) => Some(target),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logged(at: Millis, data: &str) -> Arc<Logged> {
        let level = "info".to_owned();
        Arc::new(Logged { at, level, logger: None, data: data.into(), is_json: false, call: None })
    }

    #[test]
    fn ten_thousand_are_kept_each_with_its_own_time_and_what_went_is_counted() {
        let mut logs = Logs::default();
        for at in 0..Logs::MOST + 3 {
            logs.push(logged(at as Millis, "x"));
        }
        assert_eq!((logs.len(), logs.dropped()), (10_000, 3));
        assert!(logs.newest().all(|(number, it)| it.at == number as Millis));
        assert_eq!(logs.newest().next().map(|(number, _)| number), Some(10_002));
        assert_eq!((logs.numbered(2), logs.numbered(3).map(|it| it.at)), (None, Some(3.0)));
    }

    #[test]
    fn long_messages_go_earlier_and_the_newest_stays_whatever_its_length() {
        let mut logs = Logs::default();
        let long = "x".repeat(Logs::BYTES / 2);
        for at in 0..4 {
            logs.push(logged(f64::from(at), &long));
        }
        assert_eq!((logs.len(), logs.dropped()), (1, 3));
    }

    #[test]
    fn the_newest_outlast_the_page_under_their_numbers_and_those_that_do_not_are_counted() {
        let mut logs = Logs::default();
        for at in 0..Logs::MOST_STORED + 5 {
            logs.push(logged(at as Millis, "x"));
        }
        let text = serde_json::to_string(&logs.stored(Logs::BYTES_STORED)).expect("it can be written");
        let mut next = Logs::restored(serde_json::from_str(&text).expect("it can be read"));
        assert_eq!((next.numbers(), next.lost(), next.dropped()), (5..1_005, 5, 0));
        assert!(next.newest().all(|(number, it)| it.at == number as Millis));
        next.push(logged(7.0, "new"));
        assert_eq!(next.newest().next().map(|(number, _)| number), Some(1_005));
        // Each is five bytes of text: its level, and itself.
        let few = Logs::restored(next.stored(12));
        assert_eq!((few.numbers(), few.lost()), (1_004..1_006, 1_004));
        assert_eq!(Logs::restored(next.stored(0)).len(), 0);
    }

    #[test]
    fn who_clears_them_sees_those_that_come_then_under_numbers_of_their_own() {
        let mut logs = Logs::default();
        logs.push(logged(1.0, "a"));
        logs.clear();
        assert_eq!((logs.len(), logs.numbers(), logs.numbered(0)), (0, 1..1, None));
        logs.push(logged(2.0, "b"));
        assert_eq!((logs.numbers(), logs.numbered(1).map(|it| it.at)), (1..2, Some(2.0)));
    }

    #[test]
    fn what_was_cleared_comes_back_before_what_came_since_under_its_own_numbers() {
        let mut logs = Logs::of([logged(1.0, "a"), logged(2.0, "b")]);
        let cleared = logs.clear();
        logs.push(logged(3.0, "c"));
        logs.put_back(cleared.clone());
        assert_eq!(logs, Logs::of([logged(1.0, "a"), logged(2.0, "b"), logged(3.0, "c")]));
        logs.clear();
        (0..=Logs::MOST).for_each(|at| logs.push(logged(at as Millis, "x")));
        logs.put_back(cleared);
        assert_eq!((logs.len(), logs.dropped(), logs.numbers().start), (10_000, 3, 4));
    }
}
