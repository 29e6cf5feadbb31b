//! Bounds on what a server can make this client do. Each is said when it is reached.

use super::context::Context;
use crate::trace::violation::Breach;
use crate::trace::{ExchangeId, Millis};
use std::collections::VecDeque;

/// How many requests of the server's are answered without the user in a second.
const ANSWERS: usize = 50;
/// How many of its questions wait for the user.
pub(super) const QUESTIONS: usize = 200;
/// How many times within [`RECONNECTING`] a stream is opened again as early as the server asks.
const RECONNECTS: usize = 5;
const RECONNECTING: Millis = 10_000.0;
/// The pause before a stream is opened again, in milliseconds, where the server asks for none or for too short a one.
pub(super) const PAUSE: u32 = 1_000;
/// A shorter pause counts as none.
const SHORTEST: u32 = 100;

/// How often something happened lately.
#[derive(Default)]
pub(super) struct Rate(VecDeque<Millis>);

impl Rate {
    /// Whether it may happen once more within so many milliseconds. If so, it counts.
    fn allows(&mut self, now: Millis, most: usize, window: Millis) -> bool {
        while self.0.front().is_some_and(|at| now - *at >= window) {
            self.0.pop_front();
        }
        let allowed = self.0.len() < most;
        if allowed {
            self.0.push_back(now);
        }
        allowed
    }
}

impl Context<'_> {
    /// Whether a request of the server's may be answered without the user.
    pub fn may_answer(&mut self, exchange: ExchangeId) -> bool {
        let allowed = self.network.answers.allows(self.moment.now, ANSWERS, 1_000.0);
        if !allowed {
            self.violation(exchange, Breach::TooManyRequests { limit: ANSWERS });
        }
        allowed
    }

    /// How long to wait before a stream is opened again (B-17): what the server asks for, unless that is next to nothing
    /// or comes again and again.
    pub fn pause_of(&mut self, asked: Option<u32>, usual: u32) -> u32 {
        match asked {
            None => usual,
            Some(asked) if asked >= PAUSE => asked,
            Some(asked) if asked < SHORTEST => PAUSE,
            Some(asked) => match self.network.reconnects.allows(self.moment.now, RECONNECTS, RECONNECTING) {
                true => asked,
                false => PAUSE,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_within_a_window_and_no_more() {
        let mut rate = Rate::default();
        let allowed: Vec<bool> =
            [0.0, 1.0, 2.0, 999.0, 1_000.0, 1_001.0, 1_002.0].map(|now| rate.allows(now, 2, 1_000.0)).to_vec();
        assert_eq!(allowed, [true, true, false, false, true, true, false]);
    }
}
