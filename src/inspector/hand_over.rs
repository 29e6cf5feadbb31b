//! What a page may not read, the user may: the request is handed over, its answer pasted, and the flow goes on.
//!
//! A token request that the browser blocked has reached the server all the same, so its code is redeemed. What is
//! handed over there is another login: the code that it brings is not used by this client, but goes into the command.

use super::attempt::Attempt;
use super::authorizing::{Authorizing, Redeemer, Waiting};
use super::context::Context;
use super::work::Work;
use crate::base::text;
use crate::http::{Head, Request, Response};
use crate::oauth::flow::{Flow, Input};
use crate::settings::GrantType;
use crate::trace::note::Note;
use crate::trace::step::Step;
use crate::trace::{Body, Event};
use serde::{Deserialize, Serialize};

/// A request of the flow whose answer the browser did not show, and the flow that waits for it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct HandOver {
    pub step: Step,
    pub offer: Offer,
    flow: Flow,
    scope: Option<String>,
}

/// What can be done about it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Offer {
    /// Send this request by other means, and bring the response.
    Command(Request),
    /// The code is redeemed: log in again. The next one is handed over before it is used.
    Login,
}

impl Authorizing {
    /// The flow, as it waits, and the request as it was sent.
    pub(super) fn to_hand_over(&self, cx: &Context<'_>, step: Step, blocked: &Request) -> HandOver {
        let code = cx.visit.settings.grant == GrantType::AuthorizationCode;
        let offer = match step {
            Step::TokenRequest if code => Offer::Login,
            _ => {
                let all = cx.trace.exchanges().filter(|it| it.step == Some(step) && it.request.url == blocked.url);
                Offer::Command(all.last().map_or_else(|| blocked.clone(), |it| it.request.clone()))
            }
        };
        HandOver { step, offer, flow: self.flow.clone(), scope: self.scope.clone() }
    }

    /// Leaves for the login again, for a code that the user redeems.
    pub(super) fn log_in_to_hand_over(cx: &mut Context<'_>, handed: HandOver, work: Work) -> Attempt {
        let flow = match handed.flow {
            Flow::Token(wait) => Flow::Callback(wait),
            other => other,
        };
        cx.record.problems.clear();
        let next = Self { flow, scope: handed.scope, waiting: Waiting::Peer(Redeemer::User), work };
        next.advance(cx, Input::Again)
    }

    /// The token request with a code that nobody has used: it is not sent from here.
    pub(super) fn hand_over_code(mut self, cx: &mut Context<'_>, step: Step, request: Request) -> Attempt {
        let (flow, scope) = (self.flow.clone(), self.scope.clone());
        let handed = HandOver { step, offer: Offer::Command(request), flow, scope };
        self.waiting = Waiting::Manual(Box::new(handed));
        cx.note(Event::Noted { step, note: Note::CodeHeldBack });
        self.into()
    }
}

impl HandOver {
    /// Whether another login brings a code for it.
    pub const fn can_log_in(&self) -> bool {
        matches!(&self.flow, Flow::Token(wait) if !wait.url.is_empty())
    }

    /// Whether its flow waits for a code that another login can bring.
    pub(super) const fn can_redeem(&self) -> bool {
        matches!(&self.flow, Flow::Token(_))
    }

    /// A flow that waits for what the user brings.
    pub(super) fn waiting(self, work: Work) -> Authorizing {
        let (flow, scope) = (self.flow.clone(), self.scope.clone());
        Authorizing { flow, scope, waiting: Waiting::Manual(Box::new(self)), work }
    }

    /// The answer, as the user got it by other means.
    pub(super) fn pasted(self, cx: &mut Context<'_>, answer: &str, from: Attempt) -> Attempt {
        let Offer::Command(request) = &self.offer else { return from };
        let response = self.response(request, answer);
        cx.record.problems.clear();
        cx.note(Event::Entered(self.step));
        cx.note(Event::Pasted { step: self.step, body: Body::new(text::json(answer)) });
        let next = Authorizing::new(self.flow.clone(), self.scope.clone(), from.into_work());
        let mut next = next.advance(cx, Input::Response(Ok(response)));
        // What was pasted did not do: it can be tried again.
        if let Attempt::Stopped(stopped) = &mut next {
            stopped.hand_over.get_or_insert(self);
        }
        next
    }

    /// No status and no header was seen: what the flow is told is what the text alone shows.
    fn response(&self, request: &Request, answer: &str) -> Response {
        let status = match (text::names_an_error(answer), self.step) {
            (true, _) => 400,
            (false, Step::Registration) => 201,
            (false, _) => 200,
        };
        let head = Head { status, url: request.url.clone(), redirected: false, headers: Vec::new() };
        Response { head, body: answer.trim().to_owned() }
    }
}
