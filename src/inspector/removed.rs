//! What the user removed last, and can have back until the next removal or the next attempt: nobody is asked beforehand.

use super::{Call, Inspector, Logs};
use crate::trace::Cleared;

/// See the module.
pub enum Removed {
    Trace(Cleared),
    Logs(Logs),
    Call {
        call: Box<Call>,
        /// It was shown as the result of its tool.
        was_shown: bool,
    },
}

impl Inspector {
    /// What was removed last, if it can be had back.
    pub const fn removed(&self) -> Option<&Removed> {
        self.memory.removed.as_ref()
    }

    pub(super) fn clear_trace(&mut self) {
        let cleared = self.trace.clear();
        self.memory.removed = (!cleared.is_empty()).then_some(Removed::Trace(cleared));
    }

    pub(super) fn clear_logs(&mut self) {
        let cleared = self.attempt.work_mut().logs.clear();
        self.memory.removed = (!cleared.is_empty()).then_some(Removed::Logs(cleared));
    }

    pub(super) fn remove_call(&mut self, number: u32) {
        let history = &mut self.memory.history;
        let was_shown = history.all_shown().iter().any(|(_, it)| *it == number);
        let call = history.remove(number).map(Box::new);
        self.memory.removed = call.map(|call| Removed::Call { call, was_shown });
    }

    pub(super) fn undo(&mut self) {
        match self.memory.removed.take() {
            Some(Removed::Trace(cleared)) => self.trace.put_back(cleared),
            Some(Removed::Logs(cleared)) => self.attempt.work_mut().logs.put_back(cleared),
            Some(Removed::Call { call, was_shown }) => self.put_back_call(*call, was_shown),
            None => {}
        }
    }

    fn put_back_call(&mut self, call: Call, was_shown: bool) {
        let (number, target) = (call.number, call.ask.target.clone());
        let history = &mut self.memory.history;
        history.put_back(call);
        if was_shown && history.shown(&target).is_none() {
            history.show(&target, number);
        }
    }
}
