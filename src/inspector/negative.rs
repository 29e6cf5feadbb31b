//! Negative tests: sends what should be refused, and keeps the good connection.
//!
//! Tests that need a code of their own leave for a login, with the client and endpoints of the last one; when its
//! callback is back only the token request is bent. What comes of it is judged and dropped, and the connection is made
//! again with the tokens that were there before.

use super::bench::{Job, Spent};
use super::exchanges::Purpose;
use super::{Inspector, Order, State};
use crate::http::{HttpError, Request, Response};
use crate::oauth::flow::{self, Action, Config, Flow, Moment, Wait};
use crate::oauth::negative::{FOREIGN_RESOURCE, Negative, Tested};
use crate::oauth::pkce::Verifier;
use crate::oauth::registration::Client;
use crate::oauth::request::Callback;
use crate::oauth::{jwt, rules, token};
use crate::secret::Secret;
use crate::step::Step;
use crate::trace::{Event, ExchangeId};

impl Inspector {
    /// Whether a test can be made now, else why not.
    pub fn may_test(&self, kind: Negative) -> Result<(), &'static str> {
        let ours = |it: &&Spent| self.grant().is_some_and(|grant| grant.server == it.server);
        let connected = self.is_connected();
        match kind {
            _ if self.testing().is_some() => Err("Another test is running."),
            _ if !connected => Err("This needs a connection."),
            Negative::NoToken | Negative::DamagedToken if self.access_token().is_none() => {
                Err("This server was not asked with a token.")
            }
            Negative::NoToken | Negative::DamagedToken => Ok(()),
            Negative::OldRefresh if self.bench.old_refresh.is_none() || self.grant().is_none() => {
                Err("There is no old refresh token yet: it is there once a refresh has replaced one.")
            }
            Negative::OldRefresh => Ok(()),
            _ if self.bench.spent.as_ref().filter(ours).is_none() => Err("This needs a login in this tab first."),
            Negative::CodeTwice => Ok(()),
            // A popup leaves this page where it is.
            _ if !self.uses_popup() && self.settings.as_ref().is_some_and(|it| it.memory_only) => {
                Err("The login unloads this page, and the tokens that are in memory only would be lost.")
            }
            _ => Ok(()),
        }
    }

    /// The test that is on its way.
    pub fn testing(&self) -> Option<Negative> {
        let running = self.running.iter().find_map(|(_, it)| match it.purpose {
            Purpose::Bench(Job::Test(kind)) => Some(kind),
            _ => None,
        });
        running.or(self.bench.twist)
    }

    pub(super) fn test(&mut self, moment: &Moment, kind: Negative) {
        if self.may_test(kind).is_err() {
            return;
        }
        let request = match kind {
            Negative::NoToken | Negative::DamagedToken => self.bad_call(kind),
            Negative::OldRefresh => self.old_refresh(),
            Negative::CodeTwice => self.bench.spent.as_ref().map(|it| redeem(&it.wait, it.code.expose())),
            _ => return self.leave_for_test(moment, kind),
        };
        let Some(request) = request else { return };
        let purpose = Purpose::Bench(Job::Test(kind));
        match kind {
            Negative::NoToken | Negative::DamagedToken => {
                self.send(moment, None, purpose, request);
            }
            _ => self.send_as_granted(moment, purpose, request),
        }
    }

    /// As the client that the token was issued to: what is refused is to be the request, and not the client.
    fn send_as_granted(&mut self, moment: &Moment, purpose: Purpose, request: Request) {
        let Some((client, issuer)) = self.grant().map(|it| (it.client.clone(), it.issuer.clone())) else { return };
        self.send_as(moment, (&client, &issuer), None, purpose, request);
    }

    fn bad_call(&self, kind: Negative) -> Option<Request> {
        let token = self.access_token().filter(|_| kind == Negative::DamagedToken);
        let token = token.map(|it| Secret::new(jwt::damaged(it.expose())));
        Some(self.connection()?.trial(token))
    }

    fn old_refresh(&self) -> Option<Request> {
        Some(token::refresh(self.grant()?, self.bench.old_refresh.as_ref()?.expose()))
    }

    /// Another login, for a code that nobody has redeemed. The tokens that are there stay.
    fn leave_for_test(&mut self, moment: &Moment, kind: Negative) {
        let Some((wait, url)) = self.fresh_wait(moment) else { return };
        self.interrupt_all();
        self.abort_all(moment);
        let words = format!("Another login, for a test: {}", kind.title());
        self.note(moment, Event::Noted { step: Step::Authorize, words });
        let exchange = self.trace.next_exchange();
        self.note(moment, Event::Sent { exchange, step: Some(Step::Authorize), request: Request::get(url.as_str()) });
        self.state = State::Authorizing(Box::new(Flow::Callback(wait)));
        self.bench.twist = Some(kind);
        self.orders.push(if self.uses_popup() { Order::Popup(url) } else { Order::Leave(url) });
    }

    /// The last login once more, with a verifier and a state of its own. What it logs is of the test alone.
    fn fresh_wait(&self, moment: &Moment) -> Option<(Wait, String)> {
        let config = Config {
            settings: self.settings.as_ref()?,
            redirect_uri: &self.place.redirect_uri,
            metadata_document: self.place.metadata_document.as_deref(),
            check: false,
            scope: None,
            clients: &self.clients,
        };
        let last = Flow::Callback(self.bench.spent.as_ref()?.wait.clone());
        match last.next(&config, moment, flow::Input::Again, &mut Vec::new()) {
            Ok((Flow::Callback(wait), Action::Leave(url))) => Some((wait, url)),
            _ => None,
        }
    }

    /// The login of a test is back. Says whether it was one.
    pub(super) fn test_called_back(&mut self, moment: &Moment, callback: &Callback) -> bool {
        let Some(kind) = self.bench.twist.take() else { return false };
        let Some(wait) = self.waiting().cloned() else { return false };
        self.state = State::Authorizing(Box::new(Flow::Over));
        let code = match rules::iss(&wait.server, callback.get("iss")) {
            Err(error) => Err(error.problem().seen),
            Ok(_) => callback.get("code").map(str::to_owned).ok_or_else(|| "the login gave no code".to_owned()),
        };
        match code {
            Ok(code) => {
                let request = bent(kind, &wait, &code, moment);
                self.send(moment, None, Purpose::Bench(Job::Test(kind)), request);
            }
            Err(why) => self.test_lost(moment, kind, &why),
        }
        true
    }

    /// "Try again" for the login of a test. Says whether it was one.
    pub(super) fn test_again(&mut self, moment: &Moment) -> bool {
        let Some(kind) = self.bench.twist.take() else { return false };
        self.leave_for_test(moment, kind);
        true
    }

    /// "Give up" for the login of a test. Says whether it was one.
    pub(super) fn test_given_up(&mut self, moment: &Moment) -> bool {
        let Some(kind) = self.bench.twist.take() else { return false };
        self.test_lost(moment, kind, "you gave its login up");
        true
    }

    fn test_lost(&mut self, moment: &Moment, kind: Negative, why: &str) {
        self.tested(moment, Tested { kind, exchange: None, check: kind.not_made(why) });
        self.begin(moment);
    }

    pub(super) fn test_answered(
        &mut self,
        moment: &Moment,
        exchange: ExchangeId,
        kind: Negative,
        answer: &Result<Response, HttpError>,
    ) {
        self.tested(moment, Tested { kind, exchange: Some(exchange), check: kind.judge(answer) });
        // The login has unloaded the page: the connection is made again, with the token of before.
        if kind.logins() > 0 {
            self.begin(moment);
        }
    }

    fn tested(&mut self, moment: &Moment, tested: Tested) {
        self.note(moment, Event::Tested(tested.clone()));
        self.bench.note(tested);
    }

    /// The code of a login, for the test that uses it again.
    pub(super) fn remember_code(&mut self, moment: &Moment, callback: &Callback) {
        let server = self.settings.as_ref().map(|it| it.server.href());
        let (Some(server), Some(wait), Some(code)) = (server, self.waiting().cloned(), callback.get("code")) else {
            return;
        };
        self.bench.spent = Some(Spent { server, wait, code: Secret::from(code), at: moment.now });
    }
}

fn redeem(wait: &Wait, code: &str) -> Request {
    let resource = wait.target.resource.as_deref();
    token::exchange(&wait.server.token_endpoint, &wait.client, code, wait.verifier.expose(), resource)
}

/// The token request with one thing wrong.
fn bent(kind: Negative, wait: &Wait, code: &str, moment: &Moment) -> Request {
    let mut wait = wait.clone();
    match kind {
        Negative::WrongVerifier => {
            let (mut octets, entropy) = ([0; 32], moment.entropy.split_at(32).0);
            octets.copy_from_slice(entropy);
            // Never the one of the wait, whatever the entropy was.
            octets.iter_mut().for_each(|it| *it = !*it);
            wait.verifier = Verifier::from_entropy(octets);
        }
        Negative::OtherRedirect => {
            let redirect_uri = format!("{}/other", wait.client.redirect_uri);
            wait.client = Client { redirect_uri, ..wait.client };
        }
        _ => wait.target.resource = Some(FOREIGN_RESOURCE.to_owned()),
    }
    redeem(&wait, code)
}
