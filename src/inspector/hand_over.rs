//! What a page may not read, a person may: the request is handed over, its answer pasted, and the flow goes on.

use super::{Inspector, State};
use crate::http::{Head, Request, Response};
use crate::oauth::flow::{Flow, Input, Moment};
use crate::step::Step;
use crate::text;
use crate::trace::{Body, Event};

/// A request of the flow whose answer the browser did not show, and the flow that waits for it.
#[derive(Clone, PartialEq)]
pub struct HandOver {
    pub step: Step,
    pub request: Request,
    flow: Flow,
}

impl Inspector {
    /// The request whose answer a person may bring.
    pub const fn hand_over(&self) -> Option<&HandOver> {
        self.hand_over.as_ref()
    }

    /// Keeps the flow, as it waits, and the request as it was sent.
    pub(super) fn keep_for_hand_over(&mut self, step: Step, blocked: &Request) {
        let State::Authorizing(flow) = &self.state else { return };
        let sent = self.trace.exchanges().filter(|it| it.step == Some(step) && it.request.url == blocked.url).last();
        let request = sent.map_or_else(|| blocked.clone(), |it| it.request.clone());
        self.hand_over = Some(HandOver { step, request, flow: flow.as_ref().clone() });
    }

    /// The answer, as the person got it by other means.
    pub(super) fn pasted(&mut self, moment: &Moment, answer: &str) {
        let Some(handed) = self.hand_over.take() else { return };
        self.problems.clear();
        self.note(moment, Event::Entered(handed.step));
        self.note(moment, Event::Pasted { step: handed.step, body: Body::new(text::json(answer)) });
        self.state = State::Authorizing(Box::new(handed.flow.clone()));
        self.advance(moment, Input::Response(Ok(handed.response(answer))));
        // What was pasted did not do: it can be tried again.
        if matches!(self.state, State::Stopped(_)) && self.hand_over.is_none() {
            self.hand_over = Some(handed);
        }
    }
}

impl HandOver {
    /// No status and no header was seen: what the flow is told is what the text alone shows.
    fn response(&self, answer: &str) -> Response {
        let status = match (text::names_an_error(answer), self.step) {
            (true, _) => 400,
            (false, Step::Registration) => 201,
            (false, _) => 200,
        };
        let head = Head { status, url: self.request.url.clone(), redirected: false, headers: Vec::new() };
        Response { head, body: answer.trim().to_owned() }
    }
}
