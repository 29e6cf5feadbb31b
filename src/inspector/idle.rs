//! Before an attempt sends anything: there is none, or the user is asked something first.

use super::Input;
use super::attempt::{Attempt, Signal};
use super::consent::Subject;
use super::context::Context;
use super::negotiating::Negotiating;
use super::stopped::Stopped;
use super::work::Work;
use crate::trace::Event;

/// No attempt, or not any more: what was logged stays to be looked at.
#[derive(Default)]
pub(super) struct Idle {
    pub work: Work,
}

impl Idle {
    pub fn on(self, signal: Signal, cx: &mut Context<'_>) -> Attempt {
        Attempt::Idle(Box::new(self)).on_any(signal, cx)
    }
}

/// An attempt that waits for the user's consent.
#[derive(Default)]
pub(super) struct Asking {
    pub work: Work,
}

impl Asking {
    /// A new attempt. Its first request goes out, or the user is asked before it does.
    pub fn begin(cx: &mut Context<'_>) -> Attempt {
        if cx.visit.checks() {
            cx.note(Event::Examining);
        }
        let mut work = Work::default();
        match work.may_go_on(cx, Subject::Connect) {
            true => Negotiating::begin(cx, work),
            false => Attempt::Asking(Box::new(Self { work })),
        }
    }

    pub fn on(mut self, signal: Signal, cx: &mut Context<'_>) -> Attempt {
        let Signal::Input(Input::Reply(number, reply)) = signal else {
            return Attempt::Asking(Box::new(self)).on_any(signal, cx);
        };
        let Some(question) = self.work.questions.take(number) else { return Attempt::Asking(Box::new(self)) };
        match cx.consent(Subject::Connect, &question, &reply) {
            // More may have to be asked.
            Some(Ok(())) => match self.work.may_go_on(cx, Subject::Connect) {
                true => Negotiating::begin(cx, self.work),
                false => Attempt::Asking(Box::new(self)),
            },
            Some(Err(declined)) => Stopped::by(cx, self.work, declined.problem(), None),
            None => {
                self.work.replied(cx, None, &question, &reply);
                Attempt::Asking(Box::new(self))
            }
        }
    }
}
