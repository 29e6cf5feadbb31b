//! An audit beside an earlier one: what was fixed, and what is new.

use super::json::Earlier;
use super::line::Verdict;
use super::{Audit, Item};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Fixed,
    New,
    Same,
}

impl Change {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::New => "new",
            Self::Same => "same",
        }
    }
}

impl Earlier {
    /// A line that was not tested on either side has not changed: nobody fixed it, and nobody broke it.
    pub fn change(&self, item: &Item) -> Change {
        let before = self.verdicts.iter().find(|(id, _)| id == item.line.id).map(|(_, it)| *it);
        let is_bad = |it: Verdict| it >= Verdict::Warn;
        match (before, item.verdict) {
            (Some(before), Verdict::Pass) if is_bad(before) => Change::Fixed,
            (before, now) if is_bad(now) && before.is_none_or(|it| it < now) => Change::New,
            _ => Change::Same,
        }
    }

    pub fn count(&self, audit: &Audit, change: Change) -> usize {
        audit.items.iter().filter(|it| self.change(it) == change).count()
    }
}
