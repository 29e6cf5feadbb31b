//! A 403 for more scopes: the user is asked, and another login brings them. The work goes on with its token.

use super::AUTHORIZATIONS;
use super::asks::Status;
use super::attempt::Attempt;
use super::authorizing::Authorizing;
use super::context::Context;
use super::exchanges::Purpose;
use super::work::Work;
use crate::base::text::fact;
use crate::http::Head;
use crate::mcp::connection::Target;
use crate::mcp::error::Error;
use crate::mcp::question::{Asker, Question, QuestionKind, Reply};
use crate::oauth::challenge::{self, Challenge};
use crate::oauth::flow::{self, Flow};
use crate::oauth::scope;
use crate::trace::check::Check;
use crate::trace::note::Note;
use crate::trace::rule::tokens::Tokens;
use crate::trace::step::Step;
use crate::trace::{Event, ExchangeId};
use serde_json::json;

/// A 403 for more scopes, waiting for the user.
pub(super) struct StepUp {
    exchange: ExchangeId,
    challenges: Vec<Challenge>,
    /// All that is to be asked for.
    scope: String,
    /// What was refused.
    purpose: Purpose,
}

/// The scopes that a 403 names, and its challenges.
fn required(head: &Head) -> Option<(String, Vec<Challenge>)> {
    let challenges = head.header("www-authenticate").map(challenge::parse)?;
    let bearer = challenge::bearer(&challenges).filter(|it| it.param("error") == Some("insufficient_scope"));
    let required = bearer.and_then(|it| it.param("scope")).filter(|it| !it.trim().is_empty()).map(str::to_owned)?;
    Some((required, challenges))
}

impl Context<'_> {
    /// Whether a 403 names scopes (D-39) that another login may bring.
    pub fn may_step_up(&self, exchange: ExchangeId, head: &Head) -> bool {
        let asked = self.network.running.contains_key(&exchange) && !self.visit.has_bearer();
        asked && self.grant().is_some() && required(head).is_some()
    }
}

impl Attempt {
    /// A 403 that names scopes: put to the user, unless it leads nowhere.
    pub fn insufficient_scope(mut self, cx: &mut Context<'_>, exchange: ExchangeId, head: &Head) -> Self {
        let (Some((required, challenges)), Some(grant)) = (required(head), cx.grant()) else { return self };
        let held = grant.scope.clone().unwrap_or_default();
        let scope = scope::union(grant.asked.as_deref().unwrap_or(&held), &required);
        let Some(purpose) = cx.network.settle(exchange) else { return self };
        let over = match scope::covers(&held, &required) {
            true => Some(Error::ScopeHeld { required: required.clone() }),
            false => (cx.visit.in_a_row >= AUTHORIZATIONS).then_some(Error::TooOften { times: cx.visit.in_a_row }),
        };
        if let Some(error) = over {
            return self.stop(cx, error.problem());
        }
        self.work_mut().put_step_up(cx, StepUp { exchange, challenges, scope, purpose }, &held, &required);
        self
    }

    pub fn step_up_replied(mut self, cx: &mut Context<'_>, question: &Question, reply: &Reply) -> Self {
        let Some(step_up) = self.work_mut().questions.step_up.take() else { return self };
        let target = question.asker.target().cloned();
        if !matches!(reply, Reply::Accept(_)) {
            cx.note(Event::Over { step: Step::StepUp, well: false });
            return self.step_up_declined(cx, step_up, target);
        }
        let mut work = self.into_work();
        if let Some(outcome) = target.and_then(|it| work.outcomes.get_mut(&it)) {
            outcome.status = Status::Pending;
        }
        work.interrupt();
        let server = cx.visit.server();
        cx.note(Event::Began { server, first: Some(step_up.exchange) });
        cx.note(Event::Entered(Step::StepUp));
        let rule = Tokens::ScopesJoined { scope: fact(&step_up.scope) };
        cx.note(Event::Checked(Check::pass(Step::StepUp, rule)));
        cx.note(Event::Over { step: Step::StepUp, well: true });
        cx.note(Event::Entered(Step::McpRequest));
        // The token of before is good, and goes when there is a better one.
        work.abort_all(cx);
        let next = Authorizing::new(Flow::Challenge, Some(step_up.scope), work);
        next.advance(cx, flow::Input::Unauthorized(Some(step_up.challenges)))
    }

    /// The user keeps to the scopes there are: what was refused stays refused, and the tab connected.
    fn step_up_declined(mut self, cx: &mut Context<'_>, step_up: StepUp, target: Option<Target>) -> Self {
        let bearer = challenge::bearer(&step_up.challenges);
        let required = bearer.and_then(|it| it.param("scope")).unwrap_or_default().to_owned();
        let error = Error::ScopeDeclined { required };
        if let Some(target) = target {
            self.work_mut().settle(cx, &target, Status::Cancelled, |_| ());
            return self;
        }
        match (step_up.purpose, self) {
            (Purpose::List(kind, _), Self::Connected(mut it)) => {
                it.list_failed(cx, kind, error.problem());
                Self::Connected(it)
            }
            (_, Self::Negotiating(it)) => Self::Negotiating(it).stop(cx, error.problem()),
            (_, other) => other,
        }
    }
}

impl Work {
    fn put_step_up(&mut self, cx: &mut Context<'_>, step_up: StepUp, held: &str, required: &str) {
        cx.note(Event::Entered(Step::StepUp));
        let note = Note::ScopesWanted { required: fact(required), held: fact(held) };
        cx.note(Event::Noted { step: Step::StepUp, note });
        let target = match &step_up.purpose {
            Purpose::Ask(target, _) => Some(target.clone()),
            Purpose::Task(asked, _) => asked.target.clone(),
            _ => None,
        };
        if let Some(outcome) = target.as_ref().and_then(|it| self.outcomes.get_mut(it)) {
            (outcome.status, outcome.exchange) = (Status::NeedsInput, None);
        }
        let params = json!({ "required": required, "held": held, "scope": step_up.scope }).to_string();
        self.questions.step_up = Some(step_up);
        self.questions.drop_step_up();
        self.put(cx, QuestionKind::StepUp, &params, Asker::StepUp { target });
    }
}
