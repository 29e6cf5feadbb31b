//! The look into what the browser blocked: probes that differ in one thing, and what they show. The attempt is over,
//! whatever comes of it.

use super::Phase;
use super::attempt::{Attempt, Signal};
use super::context::Context;
use super::exchanges::Purpose;
use super::hand_over::HandOver;
use super::stopped::Stopped;
use super::work::Work;
use crate::http::{Head, HttpError, Request};
use crate::inspector::probes::{Investigation, Next};
use crate::trace::problem::Owner;
use crate::trace::step::Step;

pub(super) struct Investigating {
    investigation: Box<Investigation>,
    /// What the page shows meanwhile: the phase that was interrupted.
    pub phase: Phase,
    hand_over: Option<HandOver>,
    pub work: Work,
}

impl Investigating {
    /// Begins to look into a request of the handshake that the browser blocked.
    pub fn of_blocked(cx: &mut Context<'_>, work: Work, step: Option<Step>, blocked: Request, said: String) -> Attempt {
        let begun = Investigation::begin(blocked, said, owner(step), step, &cx.place.origin);
        Self::begin(cx, Phase::Connecting, work, step, begun, None)
    }

    /// A redirect that was not followed: where it leads is asked without what the request carried.
    pub fn of_redirect(cx: &mut Context<'_>, work: Work, step: Option<Step>, stopped: Request) -> Attempt {
        let begun = Investigation::of_redirect(stopped, owner(step), step, &cx.place.origin);
        Self::begin(cx, Phase::Connecting, work, step, begun, None)
    }

    /// A request of the authorization that the browser blocked; the user may continue with what is handed over.
    pub fn of_flow(
        cx: &mut Context<'_>,
        work: Work,
        step: Step,
        (blocked, said): (Request, String),
        hand_over: Option<HandOver>,
    ) -> Attempt {
        let begun = Investigation::begin(blocked, said, owner(Some(step)), Some(step), &cx.place.origin);
        Self::begin(cx, Phase::Authorizing, work, Some(step), begun, hand_over)
    }

    fn begin(
        cx: &mut Context<'_>,
        phase: Phase,
        work: Work,
        step: Option<Step>,
        (investigation, probe): (Investigation, Request),
        hand_over: Option<HandOver>,
    ) -> Attempt {
        cx.send(step, Purpose::Probe, probe);
        Attempt::Investigating(Box::new(Self { investigation: Box::new(investigation), phase, hand_over, work }))
    }

    pub fn on(self, signal: Signal, cx: &mut Context<'_>) -> Attempt {
        match signal {
            Signal::Response(_, Purpose::Probe, answer) => self.probed(cx, &answer.map(|it| it.head)),
            other => Attempt::Investigating(Box::new(self)).on_any(other, cx),
        }
    }

    fn probed(self, cx: &mut Context<'_>, outcome: &Result<Head, HttpError>) -> Attempt {
        let Self { investigation, phase, hand_over, work } = self;
        match investigation.heard(outcome) {
            Next::Ask(investigation, probe) => {
                cx.send(investigation.step(), Purpose::Probe, probe);
                Attempt::Investigating(Box::new(Self { investigation, phase, hand_over, work }))
            }
            Next::Conclude(problem) => Stopped::by(cx, work, problem, hand_over),
        }
    }
}

/// Who responds at a step; before and after the login that is the MCP server.
const fn owner(step: Option<Step>) -> Owner {
    match step {
        Some(Step::ServerMetadata | Step::Registration | Step::TokenRequest) => Owner::Issuer,
        _ => Owner::Server,
    }
}
