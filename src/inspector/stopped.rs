//! The attempt is over, and how it ended stays to be looked at.

use super::Input;
use super::attempt::{Attempt, Signal};
use super::auditing::Auditing;
use super::authorizing::Authorizing;
use super::context::Context;
use super::hand_over::HandOver;
use super::work::Work;
use crate::trace::problem::{Ending, Problem};

pub(super) struct Stopped {
    pub ending: Ending,
    /// The flow that the user may continue manually.
    pub hand_over: Option<HandOver>,
    pub work: Work,
}

impl Stopped {
    /// The attempt is over, and the user may continue it manually where there is a way. A check goes on as an audit first.
    pub fn by(cx: &mut Context<'_>, work: Work, problem: Problem, hand_over: Option<HandOver>) -> Attempt {
        if cx.visit.checks() {
            // What stops a connection does not stop the look at what else there is.
            cx.abort_all();
            return Auditing::begin(cx, work, Some((problem, hand_over)));
        }
        cx.stage_over();
        cx.memory.resuming = false;
        let ending = problem.code.ending();
        let work = work.ended(cx, &problem);
        cx.abort_all();
        cx.report(problem);
        Attempt::Stopped(Box::new(Self { ending, hand_over, work }))
    }

    pub fn on(self, signal: Signal, cx: &mut Context<'_>) -> Attempt {
        match (signal, &self.hand_over) {
            (Signal::Input(Input::Paste(answer)), Some(handed)) => {
                let handed = handed.clone();
                handed.pasted(cx, &answer, Attempt::Stopped(Box::new(self)))
            }
            (Signal::Input(Input::LogInToHandOver), Some(handed)) if handed.can_redeem() => {
                Authorizing::log_in_to_hand_over(cx, handed.clone(), self.work)
            }
            (signal, _) => Attempt::Stopped(Box::new(self)).on_any(signal, cx),
        }
    }
}
