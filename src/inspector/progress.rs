//! What a server told of how far a use is (MCP, progress): the newest, up to a bound that is said when it is reached.

use crate::base::text::fact;
use crate::trace::Millis;
use std::collections::VecDeque;

/// How far a use is.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// When the server told so.
    pub at: Millis,
    pub done: f64,
    pub total: Option<f64>,
    pub message: Option<String>,
}

/// All that was told of one use, the oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reports {
    kept: VecDeque<Progress>,
    dropped: usize,
}

impl Reports {
    /// How many are kept.
    pub const MOST: usize = 500;

    pub(super) fn push(&mut self, progress: Progress) {
        let message = progress.message.map(|it| fact(&it));
        self.kept.push_back(Progress { message, ..progress });
        if self.kept.len() > Self::MOST {
            self.kept.pop_front();
            self.dropped += 1;
        }
    }

    pub fn newest(&self) -> Option<&Progress> {
        self.kept.back()
    }

    /// Those with a message, with their numbers, the newest first. The numbers count up from 0, those that went included.
    pub fn messages(&self) -> impl Iterator<Item = (usize, &Progress)> {
        let all = self.kept.iter().enumerate().rev().map(|(at, it)| (self.dropped + at, it));
        all.filter(|(_, it)| it.message.is_some())
    }

    /// How many went because of the bound.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept_and_what_went_is_counted() {
        let mut reports = Reports::default();
        for done in 0..Reports::MOST + 2 {
            let message = (done % 2 == 0).then(|| format!("step {done}"));
            reports.push(Progress { at: 1.0, done: done as f64, total: None, message });
        }
        assert_eq!((reports.newest().map(|it| it.done), reports.dropped()), (Some(501.0), 2));
        assert_eq!(reports.messages().next().map(|(number, it)| (number, it.done)), Some((500, 500.0)));
        assert_eq!(reports.messages().count(), Reports::MOST / 2);
    }
}
