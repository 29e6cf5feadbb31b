//! Negative tests: sends what should be refused, and keeps the good connection.
//!
//! Tests that need a code of their own leave for a login, with the client and endpoints of the last one; when its
//! callback is back only the token request is bent. Of others the authorization request is bent, and the callback is
//! what is judged: its code is not redeemed. What comes of it is dropped, and the connection is made again with the
//! tokens that were there before.

use super::attempt::{Attempt, Signal};
use super::bench::{Job, Spent};
use super::connected::Connected;
use super::context::Context;
use super::exchanges::Purpose;
use super::memory::Memory;
use super::negotiating::Negotiating;
use super::visit::Visit;
use super::work::Work;
use super::{Input, Order, Place};
use crate::base::secret::Secret;
use crate::http::{HttpError, Request, Response};
use crate::oauth::error::Error as OAuthError;
use crate::oauth::flow::{self, Action, Config, Flow, Moment, Turn, Wait};
use crate::oauth::negative::{FOREIGN_RESOURCE, Negative, NotMade, Tested};
use crate::oauth::pkce::Verifier;
use crate::oauth::registration::Client;
use crate::oauth::request::Callback;
use crate::oauth::{jwt, rules, token};
use crate::trace::check::Check;
use crate::trace::note::Note;
use crate::trace::step::Step;
use crate::trace::{Event, ExchangeId};
use std::borrow::Cow;

/// A test with a login of its own.
pub(super) struct Testing {
    pub kind: Negative,
    pub stage: Stage,
    pub work: Work,
}

/// What a test waits for.
pub(super) enum Stage {
    Login(Box<Wait>),
    Answer,
}

impl Visit {
    /// Whether a test can be made on the connection, else why not.
    pub fn may_test(&self, memory: &Memory, place: &Place, kind: Negative) -> Result<(), &'static str> {
        let ours = |it: &&Spent| self.grant(memory).is_some_and(|grant| grant.server == it.server);
        match kind {
            Negative::NoToken | Negative::DamagedToken if self.access_token(memory).is_none() => {
                Err("No token was sent to this server.")
            }
            Negative::NoToken | Negative::DamagedToken => Ok(()),
            Negative::OldRefresh
                if memory.bench.old_refresh_at(&self.server()).is_none() || self.grant(memory).is_none() =>
            {
                Err("There is no old refresh token yet. Refresh first.")
            }
            Negative::OldRefresh => Ok(()),
            _ if memory.bench.spent.as_ref().filter(ours).is_none() => Err("Log in first."),
            Negative::CodeTwice => Ok(()),
            // A popup leaves this page where it is.
            _ if !place.uses_popup(&self.settings) && self.settings.memory_only => {
                Err("The login would unload Flowglass and lose the tokens kept in memory.")
            }
            _ => Ok(()),
        }
    }
}

impl Connected {
    pub fn test(self, cx: &mut Context<'_>, kind: Negative) -> Attempt {
        if cx.network.testing().is_some() || cx.visit.may_test(cx.memory, cx.place, kind).is_err() {
            return self.into();
        }
        let request = match kind {
            Negative::NoToken | Negative::DamagedToken => Some(self.bad_call(cx, kind)),
            Negative::OldRefresh => cx.old_refresh(),
            Negative::CodeTwice => cx.spent().map(|it| redeem(&it.wait, it.code.expose())),
            _ => return Testing::leave(cx, kind, Attempt::from(self)),
        };
        let Some(request) = request else { return self.into() };
        let purpose = Purpose::Bench(Job::Test(kind));
        match kind {
            Negative::NoToken | Negative::DamagedToken => {
                cx.send(None, purpose, request);
            }
            _ => cx.send_as_granted(purpose, request),
        }
        self.into()
    }

    fn bad_call(&self, cx: &Context<'_>, kind: Negative) -> Request {
        let token = cx.access_token().filter(|_| kind == Negative::DamagedToken);
        self.connection.trial(token.map(|it| Secret::new(jwt::damaged(it.expose()))))
    }
}

impl Testing {
    pub fn on(self, signal: Signal, cx: &mut Context<'_>) -> Attempt {
        match signal {
            Signal::Response(exchange, Purpose::Bench(Job::Test(kind)), answer) => {
                cx.test_answered(exchange, kind, &answer);
                // The login has unloaded the page: the connection is made again, with the token of before.
                match kind.logins() > 0 {
                    true => Negotiating::begin(cx, self.work),
                    false => self.into(),
                }
            }
            Signal::Input(input) => self.on_input(input, cx),
            other => Attempt::from(self).on_any(other, cx),
        }
    }

    fn on_input(self, input: Input, cx: &mut Context<'_>) -> Attempt {
        let Stage::Login(wait) = &self.stage else {
            return Attempt::from(self).on_any(Signal::Input(input), cx);
        };
        match input {
            Input::Callback(callback) if flow::is_ours(wait, &callback) => {
                let wait = wait.clone();
                self.called_back(cx, &wait, &callback)
            }
            Input::Again | Input::AgainAnew => {
                cx.record.clear_failure();
                Self::leave(cx, self.kind, self.into())
            }
            Input::GiveUp => self.given_up(cx),
            Input::NotKept => {
                let next = self.given_up(cx);
                cx.report(OAuthError::NotKept.problem());
                next
            }
            other => Attempt::from(self).on_any(Signal::Input(other), cx),
        }
    }

    /// Another login, for a code that nobody has redeemed. The tokens that are there stay.
    pub fn leave(cx: &mut Context<'_>, kind: Negative, mut from: Attempt) -> Attempt {
        let Some((mut wait, url)) = cx.fresh_wait() else { return from };
        let url = if kind.is_login() { bent_login(kind, &url) } else { url };
        wait.url.clone_from(&url);
        from.work_mut().interrupt();
        from.work_mut().abort_all(cx);
        cx.note(Event::Noted { step: Step::Authorize, note: Note::TestLogin { test: kind } });
        let exchange = cx.trace.next_exchange();
        cx.note(Event::Sent { exchange, step: Some(Step::Authorize), request: Request::get(url.as_str()) });
        let order = if cx.uses_popup() { Order::Popup(url) } else { Order::Leave(url) };
        cx.network.orders.push(order);
        Self { kind, stage: Stage::Login(Box::new(wait)), work: from.into_work() }.into()
    }

    fn called_back(self, cx: &mut Context<'_>, wait: &Wait, callback: &Callback) -> Attempt {
        cx.record.clear_failure();
        if self.kind.is_login() {
            let check = self.kind.judge_callback(callback.get("code"), callback.get("error"));
            return self.judged(cx, check);
        }
        let code = match rules::iss(&wait.server, callback.get("iss")) {
            Err(error) => Err(NotMade::CallbackRefused { problem: Box::new(error.problem()) }),
            Ok(_) => callback.get("code").map(str::to_owned).ok_or(NotMade::LoginWithoutCode),
        };
        match code {
            Ok(code) => {
                let request = bent(self.kind, wait, &code, cx.moment);
                cx.send(None, Purpose::Bench(Job::Test(self.kind)), request);
                Self { stage: Stage::Answer, ..self }.into()
            }
            Err(why) => self.lost(cx, why),
        }
    }

    fn given_up(self, cx: &mut Context<'_>) -> Attempt {
        let check = self.kind.judge_given_up();
        self.judged(cx, check)
    }

    fn lost(self, cx: &mut Context<'_>, why: NotMade) -> Attempt {
        let check = self.kind.not_made(why);
        self.judged(cx, check)
    }

    /// What the login itself has shown. Where its request is what was tested, that is the evidence.
    fn judged(self, cx: &mut Context<'_>, check: Check) -> Attempt {
        let sent = || cx.trace.newest().find(|it| it.step == Some(Step::Authorize)).map(|it| it.id);
        let exchange = if self.kind.is_login() { sent() } else { None };
        cx.tested(Tested { kind: self.kind, exchange, check });
        Negotiating::begin(cx, self.work)
    }

    /// The login that is waited for.
    pub fn login(&self) -> Option<&Wait> {
        match &self.stage {
            Stage::Login(wait) => Some(wait),
            Stage::Answer => None,
        }
    }
}

impl From<Testing> for Attempt {
    fn from(phase: Testing) -> Self {
        Self::Testing(Box::new(phase))
    }
}

impl Context<'_> {
    /// As the client that the token was issued to: what is refused is to be the request, and not the client.
    fn send_as_granted(&mut self, purpose: Purpose, request: Request) {
        let Some((client, issuer)) = self.grant().map(|it| (it.client.clone(), it.issuer.clone())) else { return };
        if let Err(error) = self.send_as((&client, &issuer), None, purpose, request) {
            self.report(error.problem());
        }
    }

    pub fn old_refresh(&self) -> Option<Request> {
        let old = self.memory.bench.old_refresh_at(&self.visit.server())?;
        Some(token::refresh(self.grant()?, old.token.expose()))
    }

    /// The last login of this server that gave a code.
    pub fn spent(&self) -> Option<&Spent> {
        self.memory.bench.spent_at(&self.visit.server())
    }

    /// The last login once more, with a verifier and a state of its own. What it logs is of the test alone.
    fn fresh_wait(&self) -> Option<(Wait, String)> {
        let config = Config { check: false, ..self.config(None) };
        let last = Flow::Callback(self.spent()?.wait.clone());
        match last.next(&config, self.moment, flow::Input::Again, &mut Vec::new()) {
            Ok(Turn::On(flow, Action::Leave(url))) => match *flow {
                Flow::Callback(wait) => Some((wait, url)),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn test_answered(&mut self, exchange: ExchangeId, kind: Negative, answer: &Result<Response, HttpError>) {
        self.tested(Tested { kind, exchange: Some(exchange), check: kind.judge(answer) });
    }

    fn tested(&mut self, tested: Tested) {
        self.note(Event::Tested(tested.clone()));
        self.memory.bench.note(tested);
    }

    /// The code of a login, for the test that uses it again.
    pub fn remember_code(&mut self, wait: &Wait, callback: &Callback) {
        let Some(code) = callback.get("code") else { return };
        let (server, wait, at) = (self.visit.server(), wait.clone(), self.moment.now);
        self.memory.bench.spent = Some(Spent { server, wait, code: Secret::from(code), at });
    }
}

pub(super) fn redeem(wait: &Wait, code: &str) -> Request {
    let resource = wait.target.resource.as_deref();
    token::exchange(&wait.server.token_endpoint, &wait.client, code, wait.verifier.expose(), resource)
}

/// A query parameter that no client registers with its redirect URI, and a scope that no server has.
const MARK: &str = "flowglass-audit";

/// The authorization request with one thing wrong. The redirect URI stays on this page.
fn bent_login(kind: Negative, url: &str) -> String {
    let (endpoint, query) = url.split_once('?').unwrap_or((url, ""));
    let bent = |name: Cow<'static, str>, value: Cow<'static, str>| match (kind, &*name) {
        (Negative::NoChallenge, "code_challenge" | "code_challenge_method") => None,
        (Negative::PlainChallenge, "code_challenge_method") => Some((name, "plain".into())),
        (Negative::OtherRedirectAtLogin, "redirect_uri") => Some((name, format!("{value}?{MARK}=1").into())),
        (Negative::UnknownScope, "scope") => None,
        _ => Some((name, value)),
    };
    let pairs = form_urlencoded::parse(query.as_bytes());
    let pairs = pairs.map(|(name, value)| (name.into_owned().into(), value.into_owned().into()));
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.filter_map(|(name, value)| bent(name, value)));
    if kind == Negative::UnknownScope {
        query.append_pair("scope", MARK);
    }
    format!("{endpoint}?{}", query.finish())
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
