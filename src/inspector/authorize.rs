//! From a 401 to a token, and the look into what the browser blocked.

use super::exchanges::Purpose;
use super::tokens::Cause;
use super::{AUTHORIZATIONS, Inspector, Order, State};
use crate::cors::{Investigation, Next};
use crate::http::{Head, HttpError, Request};
use crate::mcp::connection::Ask;
use crate::mcp::error::Error;
use crate::oauth::challenge::{self, Challenge};
use crate::oauth::error::Error as OAuthError;
use crate::oauth::flow::{self, Action, Config, Flow, Input, Moment};
use crate::oauth::registration::Origin;
use crate::oauth::request::Callback;
use crate::oauth::token::Grant;
use crate::problem::Owner;
use crate::settings::Leaving;
use crate::step::Step;
use crate::trace::{Event, ExchangeId};

impl Inspector {
    /// A 401 starts an authorization by itself, unless the token was given by hand.
    pub(super) fn unauthorized(&mut self, moment: &Moment, exchange: ExchangeId, head: &Head, body: &str) {
        if !self.checking && self.settings.as_ref().is_some_and(|it| it.bearer.is_some()) {
            return self.failed(moment, exchange, &Error::Unauthorized { body: body.to_owned() });
        }
        if self.may_refresh(moment) {
            return self.refresh(moment, Cause::Refused { exchange, head: Box::new(head.clone()) });
        }
        self.authorize_again(moment, exchange, head);
    }

    /// The token is no good, or there is none: the flow begins.
    pub(super) fn authorize_again(&mut self, moment: &Moment, exchange: ExchangeId, head: &Head) {
        self.interrupt_all();
        let handshake = matches!(self.state, State::Connecting(_)) && self.grant().is_none();
        self.running.remove(&exchange);
        self.abort_all(moment);
        if self.in_a_row >= AUTHORIZATIONS {
            return self.stop(moment, Error::TooOften { times: self.in_a_row }.problem());
        }
        if !handshake {
            self.forget_grant();
            let server = self.settings.as_ref().map(|it| it.server.href()).unwrap_or_default();
            self.note(moment, Event::Began { server, first: Some(exchange) });
            self.note(moment, Event::Entered(Step::McpRequest));
        }
        self.state = State::Authorizing(Box::new(Flow::Challenge));
        let challenges = head.header("www-authenticate").map(challenge::parse);
        self.advance(moment, Input::Unauthorized(challenges));
    }

    /// Another login, for more scopes: the token of before is good, and goes when there is a better one.
    pub(super) fn leave_for_scopes(&mut self, moment: &Moment, challenges: Vec<Challenge>) {
        self.abort_all(moment);
        self.state = State::Authorizing(Box::new(Flow::Challenge));
        self.advance(moment, Input::Unauthorized(Some(challenges)));
    }

    /// Keeps what a person asked and what is not answered yet, so that it runs again after the authorization.
    pub(super) fn interrupt_all(&mut self) {
        let open = self.outcomes.iter().filter(|(_, it)| it.status == super::Status::Pending);
        let open: Vec<Ask> = open.map(|(_, it)| it.ask.clone()).collect();
        for ask in open {
            if let Some(outcome) = self.outcomes.get_mut(&ask.target) {
                outcome.exchange = None;
            }
            self.interrupted.retain(|it| it.target != ask.target);
            self.interrupted.push(ask);
        }
    }

    pub(super) fn forget_grant(&mut self) {
        if let Some(server) = self.settings.as_ref().map(|it| it.server.href()) {
            self.grants.retain(|it| it.server != server);
        }
    }

    /// One transition of the flow, recorded, and its order carried out.
    pub(super) fn advance(&mut self, moment: &Moment, input: Input) {
        let State::Authorizing(flow) = std::mem::replace(&mut self.state, State::Authorizing(Box::new(Flow::Over)))
        else {
            return;
        };
        let Some(settings) = &self.settings else { return };
        let config = Config {
            settings,
            redirect_uri: &self.place.redirect_uri,
            metadata_document: self.place.metadata_document.as_deref(),
            scope: self.wanted_scope.as_deref(),
            clients: &self.clients,
            check: self.checking,
        };
        let mut log = Vec::new();
        let next = flow.next(&config, moment, input, &mut log);
        for event in log {
            self.note(moment, event);
        }
        match next {
            Ok((flow, action)) => {
                self.state = State::Authorizing(Box::new(flow));
                self.perform(moment, action);
            }
            Err(error) => self.flow_failed(moment, &error),
        }
    }

    /// The registration that the last authorization of this server used.
    fn forget_client(&mut self) {
        let last = self.last_issuer.clone();
        self.clients.retain(|(issuer, _)| last.as_ref() != Some(issuer));
    }

    pub(super) fn flow_failed(&mut self, moment: &Moment, error: &OAuthError) {
        // A client that the server does not know any more is registered anew next time.
        if matches!(error, OAuthError::TokenRefused { refusal, .. } if refusal.error.as_deref() == Some("invalid_client"))
        {
            self.forget_client();
        }
        self.stop(moment, error.problem());
    }

    fn perform(&mut self, moment: &Moment, action: Action) {
        match action {
            Action::Send(step, request) => self.order_as_client(moment, step, request),
            Action::Leave(url) => self.order(moment, Step::Authorize, Request::get(url)),
            Action::Grant(grant) => self.granted(moment, *grant),
            Action::Investigate(step, request, said) => {
                self.keep_for_hand_over(step, &request);
                self.investigate(moment, Some(step), request, said);
            }
            Action::Conclude => self.examined(moment),
            Action::Wait => {}
        }
    }

    pub(super) fn leave(&mut self, moment: &Moment, url: String) {
        self.keep_client();
        self.left_for(&url);
        self.note(moment, Event::Entered(Step::Authorize));
        let exchange = self.trace.next_exchange();
        self.note(moment, Event::Sent { exchange, step: Some(Step::Authorize), request: Request::get(url.as_str()) });
        self.note(moment, Event::Left { url: url.clone() });
        if let Some(words) = self.popup_words() {
            self.note(moment, Event::Noted { step: Step::Authorize, words: words.to_owned() });
        }
        self.note(moment, Event::Entered(Step::Consent));
        self.orders.push(if self.uses_popup() { Order::Popup(url) } else { Order::Leave(url) });
    }

    /// Whether the login is opened in a window of its own.
    pub fn uses_popup(&self) -> bool {
        self.place.framed || self.settings.as_ref().is_some_and(|it| it.leaving == Leaving::Popup)
    }

    fn popup_words(&self) -> Option<&'static str> {
        match (self.place.framed, self.uses_popup()) {
            (true, _) => Some(
                "This page is inside another site's page, where most logins refuse to be shown: a popup is used instead.",
            ),
            (false, true) => Some("The login is opened in a popup, and this page stays."),
            (false, false) => None,
        }
    }

    /// The address may have been edited in step mode.
    fn left_for(&mut self, url: &str) {
        if let State::Authorizing(flow) = &mut self.state
            && let Flow::Callback(wait) = flow.as_mut()
        {
            url.clone_into(&mut wait.url);
        }
    }

    /// A registered client is kept by its issuer, and used again by later flows of this tab.
    fn keep_client(&mut self) {
        let Some(wait) = self.waiting() else { return };
        let (issuer, client) = (wait.server.issuer.clone(), wait.client.clone());
        self.last_issuer = Some(issuer.clone());
        if client.origin == Origin::Dynamic {
            self.clients.retain(|(it, _)| *it != issuer);
            self.clients.push((issuer, client));
        }
    }

    fn granted(&mut self, moment: &Moment, grant: Grant) {
        self.in_a_row += 1;
        self.wanted_scope = None;
        self.hand_over = None;
        (self.authorized, self.token_worked, self.refreshed) = (moment.now, false, false);
        self.forget_grant();
        self.grants.push(grant);
        self.bench.old_refresh = None;
        self.bench.token_changed();
        self.begin(moment);
    }

    /// The page was opened at the redirect URI. State comes first: a foreign callback changes nothing that waits.
    pub(super) fn called_back(&mut self, moment: &Moment, callback: Callback) {
        let awaited = self.waiting().is_some();
        if self.waiting().is_some_and(|wait| flow::is_ours(wait, &callback)) {
            self.foreign_callback = false;
            self.problems.clear();
            if self.test_called_back(moment, &callback) {
                return;
            }
            self.remember_code(moment, &callback);
            return self.advance(moment, Input::Callback(callback));
        }
        self.note(moment, Event::Returned { callback: Some(callback.texts()) });
        self.foreign_callback = true;
        let error = match (callback.count("state"), callback.get("state")) {
            (0, _) | (_, Some("")) if awaited => OAuthError::StateMissing,
            _ => OAuthError::StateMismatch { awaited },
        };
        self.report(moment, error.problem());
    }

    /// Leaves for the login again, with a fresh verifier and state.
    pub(super) fn again(&mut self, moment: &Moment) {
        if self.waiting().is_some() {
            self.foreign_callback = false;
            self.problems.clear();
            if self.test_again(moment) {
                return;
            }
            self.note(moment, Event::Returned { callback: None });
            self.advance(moment, Input::Again);
        }
    }

    /// The same, as a client that registers itself anew first: the login may have refused the old one.
    pub(super) fn again_anew(&mut self, moment: &Moment) {
        let Some(issuer) = self.waiting().map(|it| it.server.issuer.clone()) else { return };
        self.foreign_callback = false;
        self.problems.clear();
        if self.test_again(moment) {
            return;
        }
        self.clients.retain(|(it, _)| *it != issuer);
        self.note(moment, Event::Returned { callback: None });
        self.advance(moment, Input::AgainAnew);
    }

    pub(super) fn give_up(&mut self, moment: &Moment) {
        if self.waiting().is_some() && !self.test_given_up(moment) {
            self.note(moment, Event::Returned { callback: None });
            self.stop(moment, OAuthError::GivenUp.problem());
        }
    }

    /// The browser did not leave. A test that wanted to is over, and the connection goes on.
    pub(super) fn not_kept(&mut self, moment: &Moment) {
        if self.waiting().is_none() {
            return;
        }
        let problem = OAuthError::NotKept.problem();
        if self.test_given_up(moment) {
            return self.report(moment, problem);
        }
        self.note(moment, Event::Returned { callback: None });
        self.stop(moment, problem);
    }

    /// Begins to look into a request that the browser blocked. The attempt is over, whatever comes of it.
    pub(super) fn investigate(&mut self, moment: &Moment, step: Option<Step>, blocked: Request, said: String) {
        let phase = self.phase();
        let owner = match step {
            Some(Step::ServerMetadata | Step::Registration | Step::TokenRequest) => Owner::Issuer,
            _ => Owner::Server,
        };
        let (investigation, probe) = Investigation::begin(blocked, said, owner, step, &self.place.origin);
        self.state = State::Investigating(Box::new(investigation), phase);
        self.send(moment, step, Purpose::Probe, probe);
    }

    pub(super) fn probed(&mut self, moment: &Moment, outcome: Result<Head, HttpError>) {
        let State::Investigating(investigation, phase) = std::mem::replace(&mut self.state, State::Idle) else {
            return;
        };
        match investigation.heard(&outcome) {
            Next::Ask(next, probe) => {
                let step = next.step();
                self.state = State::Investigating(next, phase);
                self.send(moment, step, Purpose::Probe, probe);
            }
            Next::Conclude(problem) => self.stop(moment, problem),
        }
    }

    /// What a person asked and what interrupted it, for the page that takes over after the login.
    pub(super) fn resume(&mut self, moment: &Moment, ask: Ask) {
        let target = ask.target.clone();
        self.outcomes.insert(target, super::Outcome::pending(ask.clone(), moment.now));
        self.interrupted.push(ask);
    }
}
