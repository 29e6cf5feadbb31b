//! The life of a token after the login: refresh and revocation.

use super::attempt::Attempt;
use super::bench::OldRefresh;
use super::consent::Held;
use super::context::Context;
use super::exchanges::Purpose;
use super::negotiating::Negotiating;
use super::work::Work;
use crate::base::secret::Secret;
use crate::http::{Head, HttpError, Response};
use crate::mcp::connection::Transport;
use crate::mcp::model::ItemKind;
use crate::oauth::error::{Error as OAuthError, Requester};
use crate::oauth::token::{self, Grant};
use crate::oauth::{bench, rules};
use crate::trace::check::{Check, Verdict};
use crate::trace::problem::Problem;
use crate::trace::rule::tokens::Tokens;
use crate::trace::step::Step;
use crate::trace::{Event, ExchangeId};

/// What began a refresh.
#[derive(Clone, PartialEq)]
pub(super) enum Cause {
    /// A request was answered 401: it runs again, or, where the refresh fails, after a login.
    Refused {
        exchange: ExchangeId,
        head: Box<Head>,
        /// Lists that the refresh interrupts.
        loading: Vec<ItemKind>,
    },
    Button,
}

impl Attempt {
    /// Trades the refresh token for a new access token, as the user wants it.
    pub fn refresh(self, cx: &mut Context<'_>) -> Self {
        self.refresh_for(cx, Cause::Button)
    }

    /// The same for a request that was refused.
    pub fn refresh_refused(mut self, cx: &mut Context<'_>, exchange: ExchangeId, head: Head) -> Self {
        let loading = self.work().loading();
        cx.memory.token.refreshed = true;
        cx.network.running.remove(&exchange);
        self.work_mut().interrupt();
        self.work_mut().abort_all(cx);
        self.refresh_for(cx, Cause::Refused { exchange, head: Box::new(head), loading })
    }

    fn refresh_for(self, cx: &mut Context<'_>, cause: Cause) -> Self {
        let Some(grant) = cx.grant() else { return self };
        let Some(refresh_token) = &grant.refresh_token else { return self };
        let request = token::refresh(grant, refresh_token.expose());
        let (client, issuer) = (grant.client.clone(), grant.issuer.clone());
        cx.note(Event::Entered(Step::Refresh));
        let purpose = Purpose::Refresh(cause.clone());
        match cx.send_as((&client, &issuer), Some(Step::Refresh), purpose, request) {
            Ok(()) => self,
            Err(error) => self.refresh_failed(cx, &error, cause),
        }
    }

    pub fn refresh_answered(mut self, cx: &mut Context<'_>, cause: Cause, answer: Result<Response, HttpError>) -> Self {
        let Some(grant) = cx.grant().cloned() else { return self };
        let tokens = match refreshed(&grant, answer) {
            Ok(tokens) => tokens,
            Err(error) => return self.refresh_failed(cx, &error, cause),
        };
        let grant = cx.judge_refresh(&grant, tokens);
        if let Some(connection) = self.connection_mut() {
            connection.set_token(Secret::new(grant.access_token.expose().clone()));
        }
        cx.memory.keep_grant(&cx.visit.server(), grant);
        cx.note(Event::Over { step: Step::Refresh, well: true });
        self.after_refresh(cx, cause)
    }

    /// What the 401 interrupted goes on with the new token.
    fn after_refresh(self, cx: &mut Context<'_>, cause: Cause) -> Self {
        let Cause::Refused { loading, .. } = cause else { return self };
        match self {
            Self::Connected(mut it) if it.connection.transport == Transport::Streamable => {
                for kind in loading {
                    it.work.lists.remove(&kind);
                    it.load(cx, kind);
                }
                it.take_up_tasks(cx);
                it.ask_interrupted(cx);
                it.open_streams(cx);
                Self::Connected(it)
            }
            phase => Negotiating::begin(cx, phase.into_work()),
        }
    }

    /// The refresh token is no good: after a 401 a login follows, after a press of the button only the word.
    pub fn refresh_failed(self, cx: &mut Context<'_>, error: &OAuthError, cause: Cause) -> Self {
        let Some(issuer) = cx.grant().map(|it| it.issuer.clone()) else { return self };
        let problem = error.problem();
        let rule = Tokens::RefreshFailed { problem: Box::new(problem.clone()) };
        cx.note(Event::Checked(Check::fail(Step::Refresh, rule)));
        cx.note(Event::Over { step: Step::Refresh, well: false });
        if matches!(error, OAuthError::TokenRefused { refusal, .. } if refusal.error.as_deref() == Some("invalid_client"))
        {
            cx.memory.forget_client(&issuer);
        }
        match cause {
            Cause::Refused { exchange, head, .. } => self.authorize(cx, exchange, &head, ""),
            Cause::Button => {
                cx.report(Problem { step: Some(Step::Refresh), ..problem });
                self
            }
        }
    }
}

impl Work {
    /// Gives the tokens back (RFC 7009): the refresh token first, as that may end the access token too.
    pub fn revoke(&mut self, cx: &mut Context<'_>) {
        if !self.may_use_token(cx, Held::Revoke) {
            return;
        }
        let Some(grant) = cx.grant() else { return };
        let Some(endpoint) = grant.revocation_endpoint.clone() else { return };
        let elsewhere = (endpoint.origin() != grant.token_endpoint.origin()).then(|| endpoint.origin());
        let tokens = [("refresh_token", grant.refresh_token.as_ref()), ("access_token", Some(&grant.access_token))];
        let requests: Vec<_> = tokens
            .into_iter()
            .filter_map(|(hint, token)| Some(token::revocation(&endpoint, &grant.client, token?.expose(), hint)))
            .collect();
        let (client, issuer) = (grant.client.clone(), grant.issuer.clone());
        cx.note(Event::Entered(Step::Revoke));
        if let Some(origin) = elsewhere {
            cx.note(Event::Checked(Check::warn(Step::Revoke, Tokens::RevocationElsewhere { origin })));
        }
        for request in requests {
            if let Err(error) = cx.send_as((&client, &issuer), Some(Step::Revoke), Purpose::Revoke, request) {
                cx.revocation_failed(&error);
            }
        }
    }
}

impl Context<'_> {
    /// A 401 that a refresh may cure: once in a row (D-38), and not of a token that was issued just now.
    pub fn may_refresh(&self) -> bool {
        let Some(grant) = self.grant().filter(|it| it.refresh_token.is_some()) else { return false };
        let expired = grant.expires.is_some_and(|it| it <= self.moment.now);
        !self.memory.token.refreshed && (self.memory.token.worked || expired)
    }

    /// What is noted of a refresh, and the grant with the new tokens.
    fn judge_refresh(&mut self, grant: &Grant, tokens: token::Answer) -> Grant {
        for check in rules::refreshed(grant, &tokens) {
            self.note(Event::Checked(check));
        }
        self.remember_refresh(grant, &tokens);
        let grant = grant.refreshed(tokens, self.moment.now);
        if let Some(check) = bench::audience_of(&grant).filter(|it| it.verdict != Verdict::Pass) {
            self.note(Event::Checked(Check { step: Step::Refresh, ..check }));
        }
        grant
    }

    /// The refresh token that was replaced, for the test that uses it again.
    fn remember_refresh(&mut self, grant: &Grant, tokens: &token::Answer) {
        let old = grant.refresh_token.as_ref();
        if let Some(old) = old.filter(|it| tokens.refresh_token.as_ref().is_some_and(|new| new != *it)) {
            self.memory.bench.old_refresh = Some(OldRefresh { server: self.visit.server(), token: old.clone() });
        }
    }

    /// What a refresh of an audit brought. `whole`: its access token takes the place of the one that was used.
    pub fn keep_refreshed(&mut self, body: &str, whole: bool) {
        let (Some(grant), Some(tokens)) = (self.grant().cloned(), token::answer(body)) else { return };
        self.remember_refresh(&grant, &tokens);
        let refreshed = grant.refreshed(tokens, self.moment.now);
        let kept = match whole {
            true => refreshed,
            false => Grant { refresh_token: refreshed.refresh_token, ..grant },
        };
        self.memory.keep_grant(&self.visit.server(), kept);
    }

    /// The refresh token of the newest refresh. The old one that a test uses stays that of an earlier rotation.
    pub fn keep_newest_refresh(&mut self, body: &str) {
        let (Some(grant), Some(tokens)) = (self.grant().cloned(), token::answer(body)) else { return };
        let refresh_token = tokens.refresh_token.or(grant.refresh_token);
        self.memory.keep_grant(&self.visit.server(), Grant { refresh_token, ..grant });
    }

    pub fn revoked(&mut self, answer: Result<Response, HttpError>) {
        let endpoint = self.grant().and_then(|it| it.revocation_endpoint.as_ref()).map(|it| it.href());
        let refused = match answer {
            Ok(answer) if answer.head.ok() => None,
            // RFC 7009 §2.2.1: such a token lives on until it expires; the others are given back all the same.
            Ok(answer) if token::refusal(&answer.body).error.as_deref() == Some("unsupported_token_type") => {
                self.note(Event::Checked(Check::warn(Step::Revoke, Tokens::RevocationUnsupported)));
                None
            }
            Ok(answer) => {
                let (status, refusal) = (answer.head.status, token::refusal(&answer.body));
                self.grant()
                    .map(|it| Box::new(Requester::of(&it.client, &it.issuer)))
                    .map(|by| OAuthError::TokenRefused { status, refusal, by })
            }
            Err(error) => Some(OAuthError::Http { step: Step::Revoke, url: endpoint.unwrap_or_default(), error }),
        };
        if let Some(error) = refused {
            return self.revocation_failed(&error);
        }
        if self.network.revoking() == 0 {
            self.note(Event::Checked(Check::pass(Step::Revoke, Tokens::Revoked)));
            self.note(Event::Over { step: Step::Revoke, well: true });
            self.memory.forget_grant(&self.visit.server());
        }
    }

    pub fn revocation_failed(&mut self, error: &OAuthError) {
        let problem = error.problem();
        let rule = Tokens::RevocationFailed { problem: Box::new(problem.clone()) };
        self.note(Event::Checked(Check::fail(Step::Revoke, rule)));
        self.note(Event::Over { step: Step::Revoke, well: false });
        self.report(Problem { step: Some(Step::Revoke), ..problem });
    }
}

/// The tokens that a refresh brought.
fn refreshed(grant: &Grant, answer: Result<Response, HttpError>) -> Result<token::Answer, OAuthError> {
    match answer {
        Ok(answer) if answer.head.ok() => {
            let tokens = token::answer(&answer.body).ok_or_else(|| OAuthError::TokenUnreadable {
                status: answer.head.status,
                media: answer.head.media_type(),
            });
            tokens.and_then(|it| {
                rules::token_type(it.token_type.as_deref())?;
                rules::token_text(&it.access_token).map(|()| it)
            })
        }
        Ok(answer) => {
            let by = Box::new(Requester::of(&grant.client, &grant.issuer));
            Err(OAuthError::TokenRefused { status: answer.head.status, refusal: token::refusal(&answer.body), by })
        }
        Err(error) => {
            let url = grant.token_endpoint.href();
            Err(OAuthError::Http { step: Step::Refresh, url, error })
        }
    }
}
