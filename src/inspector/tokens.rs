//! The life of a token after the login: refresh, more scopes, revocation.

use super::exchanges::Purpose;
use super::{AUTHORIZATIONS, Inspector, ListState, State, Status};
use crate::checks::{Check, Clause};
use crate::http::{Head, HttpError, Response};
use crate::mcp::connection::{Target, Transport};
use crate::mcp::error::Error;
use crate::mcp::model::Kind;
use crate::oauth::challenge::{self, Challenge};
use crate::oauth::error::Error as OAuthError;
use crate::oauth::flow::Moment;
use crate::oauth::token::{self, Grant};
use crate::oauth::{rules, scope};
use crate::problem::Problem;
use crate::question::{Asker, Kind as QuestionKind, Question, Reply};
use crate::secret::Secret;
use crate::step::Step;
use crate::text::sentence;
use crate::trace::{Event, ExchangeId};
use serde_json::json;

/// What began a refresh.
#[derive(Clone)]
pub(super) enum Cause {
    /// A request was answered 401: it runs again, or, where the refresh fails, after a login.
    Refused {
        exchange: ExchangeId,
        head: Box<Head>,
    },
    Button,
}

/// A 403 for more scopes, waiting for the person.
pub(super) struct StepUp {
    exchange: ExchangeId,
    challenges: Vec<Challenge>,
    /// All that is to be asked for.
    scope: String,
    /// What was refused.
    purpose: Purpose,
}

impl Inspector {
    /// A 401 that a refresh may cure: once in a row (D-38), and not of a token that was issued just now.
    pub(super) fn may_refresh(&self, moment: &Moment) -> bool {
        let Some(grant) = self.grant().filter(|it| it.refresh_token.is_some()) else { return false };
        let expired = grant.expires.is_some_and(|it| it <= moment.now);
        !self.refreshed && (self.token_worked || expired)
    }

    /// Trades the refresh token for a new access token.
    pub(super) fn refresh(&mut self, moment: &Moment, cause: Cause) {
        let Some(grant) = self.grant() else { return };
        let Some(refresh_token) = &grant.refresh_token else { return };
        let request = token::refresh(grant, refresh_token.expose());
        let (client, issuer) = (grant.client.clone(), grant.issuer.clone());
        if let Cause::Refused { exchange, .. } = &cause {
            let exchange = *exchange;
            self.refreshed = true;
            self.interrupt_all();
            self.reload = self.loading();
            self.running.remove(&exchange);
            self.abort_all(moment);
        }
        self.refreshing = Some(cause);
        self.note(moment, Event::Entered(Step::Refresh));
        self.send_as(moment, (&client, &issuer), Some(Step::Refresh), Purpose::Token(Step::Refresh), request);
    }

    fn loading(&self) -> Vec<Kind> {
        let loading = self.lists.iter().filter(|(_, it)| it.state == ListState::Loading);
        loading.map(|(kind, _)| *kind).collect()
    }

    pub(super) fn token_answered(&mut self, moment: &Moment, step: Step, answer: Result<Response, HttpError>) {
        match step {
            Step::Revoke => self.revoked(moment, answer),
            _ => self.refresh_answered(moment, answer),
        }
    }

    fn refresh_answered(&mut self, moment: &Moment, answer: Result<Response, HttpError>) {
        let Some(cause) = self.refreshing.take() else { return };
        let Some(grant) = self.grant().cloned() else { return };
        let read = match answer {
            Ok(answer) if answer.head.ok() => {
                let tokens = token::answer(&answer.body).ok_or_else(|| OAuthError::TokenUnreadable {
                    status: answer.head.status,
                    kind: answer.head.media_type(),
                });
                tokens.and_then(|it| {
                    rules::token_type(it.token_type.as_deref())?;
                    rules::token_text(&it.access_token).map(|()| it)
                })
            }
            Ok(answer) => {
                Err(OAuthError::TokenRefused { status: answer.head.status, refusal: token::refusal(&answer.body) })
            }
            Err(error) => {
                let url = grant.token_endpoint.href();
                Err(OAuthError::Http { step: Step::Refresh, url, error })
            }
        };
        match read {
            Ok(tokens) => {
                for check in rules::refreshed(&grant, &tokens) {
                    self.note(moment, Event::Checked(check));
                }
                self.remember_refresh(&grant, &tokens);
                self.replace_grant(grant.refreshed(tokens, moment.now));
                self.note(moment, Event::Over { step: Step::Refresh, well: true });
                self.after_refresh(moment, &cause);
            }
            Err(error) => self.refresh_failed(moment, &grant, &error, cause),
        }
    }

    /// The refresh token that was replaced, for the test that uses it again.
    fn remember_refresh(&mut self, grant: &Grant, tokens: &token::Answer) {
        let old = grant.refresh_token.as_ref();
        if let Some(old) = old.filter(|it| tokens.refresh_token.as_ref().is_some_and(|new| new != *it)) {
            self.bench.old_refresh = Some(old.clone());
        }
    }

    fn replace_grant(&mut self, grant: Grant) {
        self.forget_grant();
        self.bench.token_changed();
        if let State::Connected(connection) | State::Connecting(connection) = &mut self.state {
            connection.set_token(Secret::new(grant.access_token.expose().clone()));
        }
        self.grants.push(grant);
    }

    /// What the 401 interrupted goes on with the new token.
    fn after_refresh(&mut self, moment: &Moment, cause: &Cause) {
        if !matches!(cause, Cause::Refused { .. }) {
            return;
        }
        let lives = matches!(&self.state, State::Connected(it) if it.transport == Transport::Streamable);
        if !lives {
            return self.begin(moment);
        }
        for kind in std::mem::take(&mut self.reload) {
            self.lists.remove(&kind);
            self.load(moment, kind);
        }
        for ask in std::mem::take(&mut self.interrupted) {
            self.ask(moment, ask);
        }
        self.open_streams(moment);
    }

    /// The client could not prove itself.
    pub(super) fn refresh_not_sent(&mut self, moment: &Moment, error: &OAuthError) {
        let (Some(cause), Some(grant)) = (self.refreshing.take(), self.grant().cloned()) else { return };
        self.refresh_failed(moment, &grant, error, cause);
    }

    /// The refresh token is no good: after a 401 a login follows, after a press of the button only the word.
    fn refresh_failed(&mut self, moment: &Moment, grant: &Grant, error: &OAuthError, cause: Cause) {
        let problem = error.problem();
        let words = format!("The refresh failed: {}", problem.seen);
        self.note(moment, Event::Checked(Check::fail(Step::Refresh, Clause::TokenRefresh, words)));
        self.note(moment, Event::Over { step: Step::Refresh, well: false });
        if matches!(error, OAuthError::TokenRefused { refusal, .. } if refusal.error.as_deref() == Some("invalid_client"))
        {
            self.clients.retain(|(issuer, _)| *issuer != grant.issuer);
        }
        match cause {
            Cause::Refused { exchange, head } => self.authorize_again(moment, exchange, &head),
            Cause::Button => self.report(moment, Problem { step: Some(Step::Refresh), ..problem }),
        }
    }

    /// A 403 that names scopes (D-39): put to the person, unless it leads nowhere. Says whether it was one.
    pub(super) fn steps_up(&mut self, moment: &Moment, exchange: ExchangeId, head: &Head) -> bool {
        let challenges = head.header("www-authenticate").map(challenge::parse).unwrap_or_default();
        let bearer = challenge::bearer(&challenges).filter(|it| it.param("error") == Some("insufficient_scope"));
        let required = bearer.and_then(|it| it.param("scope")).filter(|it| !it.trim().is_empty()).map(str::to_owned);
        let (Some(required), Some(grant)) = (required, self.grant()) else { return false };
        let by_hand = self.settings.as_ref().is_some_and(|it| it.bearer.is_some());
        let Some(purpose) = self.running.get(&exchange).map(|it| it.purpose.clone()).filter(|_| !by_hand) else {
            return false;
        };
        let held = grant.scope.clone().unwrap_or_default();
        let asked = scope::union(grant.asked.as_deref().unwrap_or(&held), &required);
        if let Some(running) = self.running.get_mut(&exchange) {
            running.answered = true;
        }
        let over = match scope::covers(&held, &required) {
            true => Some(Error::ScopeHeld { required: required.clone() }),
            false => (self.in_a_row >= AUTHORIZATIONS).then_some(Error::TooOften { times: self.in_a_row }),
        };
        match over {
            Some(error) => self.stop(moment, error.problem()),
            None => {
                let step_up = StepUp { exchange, challenges, scope: asked, purpose };
                self.put_step_up(moment, step_up, &held, &required);
            }
        }
        true
    }

    fn put_step_up(&mut self, moment: &Moment, step_up: StepUp, held: &str, required: &str) {
        self.note(moment, Event::Entered(Step::StepUp));
        let words = format!("The server wants {required}; held are {}", if held.is_empty() { "none" } else { held });
        self.note(moment, Event::Noted { step: Step::StepUp, words: sentence(&words) });
        let target = match &step_up.purpose {
            Purpose::Ask(target, _) => Some(target.clone()),
            _ => None,
        };
        if let Some(outcome) = target.as_ref().and_then(|it| self.outcomes.get_mut(it)) {
            (outcome.status, outcome.exchange) = (Status::NeedsInput, None);
        }
        let params = json!({ "required": required, "held": held, "scope": step_up.scope }).to_string();
        self.step_up = Some(step_up);
        // One at a time: a second 403 meanwhile is answered by the same login.
        self.questions.retain(|it| it.kind != QuestionKind::StepUp);
        self.put(QuestionKind::StepUp, &params, Asker::StepUp { target });
    }

    pub(super) fn step_up_replied(&mut self, moment: &Moment, question: &Question, reply: &Reply) {
        let Some(step_up) = self.step_up.take() else { return };
        let target = question.asker.target().cloned();
        if !matches!(reply, Reply::Accept(_)) {
            self.note(moment, Event::Over { step: Step::StepUp, well: false });
            return self.step_up_declined(moment, step_up, target);
        }
        if let Some(outcome) = target.and_then(|it| self.outcomes.get_mut(&it)) {
            outcome.status = Status::Pending;
        }
        self.interrupt_all();
        let server = self.settings.as_ref().map(|it| it.server.href()).unwrap_or_default();
        self.note(moment, Event::Began { server, first: Some(step_up.exchange) });
        self.note(moment, Event::Entered(Step::StepUp));
        let words = format!("What was asked before and what is wanted now, together: {}", step_up.scope);
        self.note(moment, Event::Checked(Check::pass(Step::StepUp, Clause::McpScope, words)));
        self.note(moment, Event::Over { step: Step::StepUp, well: true });
        self.wanted_scope = Some(step_up.scope);
        self.note(moment, Event::Entered(Step::McpRequest));
        self.leave_for_scopes(moment, step_up.challenges);
    }

    /// The person keeps to the scopes there are: what was refused stays refused, and the tab connected.
    fn step_up_declined(&mut self, moment: &Moment, step_up: StepUp, target: Option<Target>) {
        let bearer = challenge::bearer(&step_up.challenges);
        let required = bearer.and_then(|it| it.param("scope")).unwrap_or_default().to_owned();
        let error = Error::ScopeDeclined { required };
        match (step_up.purpose, target) {
            (_, Some(target)) => self.settle(moment, &target, Status::Cancelled, |_| ()),
            (Purpose::List(kind, _), _) => self.list_failed(moment, kind, error.problem()),
            _ if matches!(self.state, State::Connecting(_)) => self.stop(moment, error.problem()),
            _ => {}
        }
    }

    /// Gives the tokens back (RFC 7009): the refresh token first, as that may end the access token too.
    pub(super) fn revoke(&mut self, moment: &Moment) {
        let Some(grant) = self.grant() else { return };
        let Some(endpoint) = grant.revocation_endpoint.clone() else { return };
        let tokens = [("refresh_token", grant.refresh_token.as_ref()), ("access_token", Some(&grant.access_token))];
        let requests: Vec<_> = tokens
            .into_iter()
            .filter_map(|(hint, token)| Some(token::revocation(&endpoint, &grant.client, token?.expose(), hint)))
            .collect();
        let (client, issuer) = (grant.client.clone(), grant.issuer.clone());
        self.note(moment, Event::Entered(Step::Revoke));
        self.revoking = requests.len();
        for request in requests {
            self.send_as(moment, (&client, &issuer), Some(Step::Revoke), Purpose::Token(Step::Revoke), request);
        }
    }

    fn revoked(&mut self, moment: &Moment, answer: Result<Response, HttpError>) {
        let endpoint = self.grant().and_then(|it| it.revocation_endpoint.as_ref()).map(|it| it.href());
        let refused = match answer {
            Ok(answer) if answer.head.ok() => None,
            // RFC 7009 §2.2.1: such a token lives on until it expires; the others are given back all the same.
            Ok(answer) if token::refusal(&answer.body).error.as_deref() == Some("unsupported_token_type") => {
                let words =
                    "The authorization server cannot take this kind of token back: it stays good until it expires";
                self.note(moment, Event::Checked(Check::warn(Step::Revoke, Clause::Revocation, words)));
                None
            }
            Ok(answer) => {
                let (status, refusal) = (answer.head.status, token::refusal(&answer.body));
                Some(OAuthError::TokenRefused { status, refusal })
            }
            Err(error) => Some(OAuthError::Http { step: Step::Revoke, url: endpoint.unwrap_or_default(), error }),
        };
        self.revoking = self.revoking.saturating_sub(1);
        if let Some(error) = refused {
            return self.revocation_failed(moment, &error);
        }
        if self.revoking == 0 {
            let words = "The tokens were given back, and this tab has forgotten them";
            self.note(moment, Event::Checked(Check::pass(Step::Revoke, Clause::Revocation, words)));
            self.note(moment, Event::Over { step: Step::Revoke, well: true });
            self.forget_grant();
        }
    }

    pub(super) fn revocation_failed(&mut self, moment: &Moment, error: &OAuthError) {
        self.revoking = 0;
        let problem = error.problem();
        let words = format!("The revocation failed: {}", problem.seen);
        self.note(moment, Event::Checked(Check::fail(Step::Revoke, Clause::Revocation, words)));
        self.note(moment, Event::Over { step: Step::Revoke, well: false });
        self.report(moment, Problem { step: Some(Step::Revoke), ..problem });
    }
}
