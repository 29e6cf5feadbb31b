//! From a 401 to a token: the flow, what of it waits for the user, and the login.

use super::attempt::{Attempt, Signal};
use super::consent::Subject;
use super::context::Context;
use super::exchanges::Purpose;
use super::hand_over::HandOver;
use super::idle::Idle;
use super::investigating::Investigating;
use super::memory::TokenUse;
use super::negotiating::Negotiating;
use super::pause::Paused;
use super::stopped::Stopped;
use super::work::Work;
use super::{AUTHORIZATIONS, Input, Order};
use crate::http::{Head, Request};
use crate::mcp::error::{Error, Excerpt};
use crate::mcp::question::Reply;
use crate::oauth::challenge::{self, Challenge};
use crate::oauth::error::{Error as OAuthError, Requester};
use crate::oauth::flow::{self, Action, Flow, Turn, Wait};
use crate::oauth::fresh::FreshRefusal;
use crate::oauth::request::Callback;
use crate::oauth::scope;
use crate::oauth::token::Grant;
use crate::trace::note::Note;
use crate::trace::problem::Problem;
use crate::trace::step::Step;
use crate::trace::{Event, Exchange, ExchangeId};

pub(super) struct Authorizing {
    pub flow: Flow,
    /// What a step-up asks for, instead of what a challenge or the user named.
    pub scope: Option<String>,
    pub waiting: Waiting,
    /// What goes on with the token, where the login interrupted a connection.
    pub work: Work,
}

/// Whom an authorization waits for.
pub(super) enum Waiting {
    /// The peer: its response, or the callback of the login.
    Peer(Redeemer),
    /// The user, who is asked before this goes out.
    Consent(Paused, Redeemer),
    /// The user, in step mode.
    Step(Paused, Redeemer),
    /// The user, who sends this request with a code that nobody has used.
    Manual(Box<HandOver>),
}

/// Who uses the code that a login brings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Redeemer {
    Flowglass,
    /// What the browser would hide is handed over to the user.
    User,
}

impl Waiting {
    pub const fn redeemer(&self) -> Redeemer {
        match self {
            Self::Peer(redeemer) | Self::Consent(_, redeemer) | Self::Step(_, redeemer) => *redeemer,
            Self::Manual(_) => Redeemer::User,
        }
    }

    pub const fn handed(&self) -> Option<&HandOver> {
        match self {
            Self::Manual(handed) => Some(handed),
            _ => None,
        }
    }
}

impl From<Authorizing> for Attempt {
    fn from(phase: Authorizing) -> Self {
        Self::Authorizing(Box::new(phase))
    }
}

impl Authorizing {
    pub const fn new(flow: Flow, scope: Option<String>, work: Work) -> Self {
        Self { flow, scope, waiting: Waiting::Peer(Redeemer::Flowglass), work }
    }

    pub fn on(self, signal: Signal, cx: &mut Context<'_>) -> Attempt {
        match signal {
            Signal::Input(input) => self.on_input(input, cx),
            Signal::Response(_, Purpose::Flow(_), answer) => self.advance(cx, flow::Input::Response(answer)),
            other => Attempt::from(self).on_any(other, cx),
        }
    }

    fn on_input(self, input: Input, cx: &mut Context<'_>) -> Attempt {
        match input {
            Input::Callback(callback) if self.login().is_some_and(|wait| flow::is_ours(wait, &callback)) => {
                self.called_back(cx, callback)
            }
            Input::Again => self.again(cx),
            Input::AgainAnew => self.again_anew(cx),
            Input::GiveUp => self.give_up(cx),
            Input::NotKept if self.login().is_some() => {
                cx.note(Event::Returned { callback: None });
                Attempt::from(self).stop(cx, OAuthError::NotKept.problem())
            }
            Input::Proceed(edited) => self.proceed(cx, edited.as_deref()),
            Input::GoOnByItself => {
                cx.visit.automatic = true;
                self.proceed(cx, None)
            }
            Input::StopHere => self.stop_here(cx),
            Input::Choose(issuer) => self.choose(cx, issuer),
            Input::Paste(answer) => match self.waiting.handed().cloned() {
                Some(handed) => handed.pasted(cx, &answer, self.into()),
                None => self.into(),
            },
            Input::LogInToHandOver => match self.waiting.handed().filter(|it| it.can_redeem()).cloned() {
                Some(handed) => Self::log_in_to_hand_over(cx, handed, self.work),
                None => self.into(),
            },
            Input::Reply(number, reply) => self.replied(cx, number, &reply),
            other => Attempt::from(self).on_any(Signal::Input(other), cx),
        }
    }

    /// What the user said to the question that something waits for before it goes out, or to another one.
    fn replied(mut self, cx: &mut Context<'_>, number: u32, reply: &Reply) -> Attempt {
        let Some(question) = self.work.questions.take(number) else { return self.into() };
        let Waiting::Consent(Paused { step, request }, redeemer) = &self.waiting else {
            self.work.replied(cx, None, &question, reply);
            return self.into();
        };
        let (step, request, redeemer) = (*step, request.clone(), *redeemer);
        match cx.consent(Subject::Flow(&self.flow, step), &question, reply) {
            Some(Ok(())) => {
                self.waiting = Waiting::Peer(redeemer);
                self.pass(cx, step, request)
            }
            Some(Err(declined)) => Attempt::from(self).stop(cx, declined.problem()),
            None => {
                self.work.replied(cx, None, &question, reply);
                self.into()
            }
        }
    }

    /// One transition of the flow, recorded, and its order carried out.
    pub fn advance(self, cx: &mut Context<'_>, input: flow::Input) -> Attempt {
        let Self { flow, scope, waiting, work } = self;
        let mut log = Vec::new();
        let next = flow.next(&cx.config(scope.as_deref()), cx.moment, input, &mut log);
        for event in log {
            cx.note(event);
        }
        match next {
            Ok(Turn::On(flow, action)) => Self { flow: *flow, scope, waiting, work }.perform(cx, action),
            Ok(Turn::Granted(grant)) => granted(cx, *grant, work),
            Ok(Turn::Examined) => Attempt::Idle(Box::new(Idle { work })).examined(cx),
            Err(error) => failed(cx, work, &error),
        }
    }

    fn perform(self, cx: &mut Context<'_>, action: Action) -> Attempt {
        match action {
            Action::Send(step, request) => self.pass(cx, step, request),
            Action::Leave(url) => self.pass(cx, Step::Authorize, Request::get(url)),
            Action::Investigate(step, request, said) => {
                let hand_over = self.to_hand_over(cx, step, &request);
                Investigating::of_flow(cx, self.work, step, (request, said), Some(hand_over))
            }
            Action::Wait => self.into(),
        }
    }

    /// What the flow orders goes out once nothing is to be asked any more.
    fn pass(mut self, cx: &mut Context<'_>, step: Step, request: Request) -> Attempt {
        if !self.work.may_go_on(cx, Subject::Flow(&self.flow, step)) {
            self.waiting = Waiting::Consent(Paused { step, request }, self.waiting.redeemer());
            return self.into();
        }
        match step {
            Step::Authorize => self.order(cx, step, request),
            _ => self.order_as_client(cx, step, request),
        }
    }

    /// What the last page held until the user had agreed is held by this one too.
    pub fn held(mut self, cx: &mut Context<'_>, Paused { step, request }: Paused) -> Attempt {
        if !self.work.may_go_on(cx, Subject::Flow(&self.flow, step)) {
            self.waiting = Waiting::Consent(Paused { step, request }, self.waiting.redeemer());
        }
        self.into()
    }

    /// By the client that the flow has by then.
    fn order_as_client(self, cx: &mut Context<'_>, step: Step, request: Request) -> Attempt {
        let Flow::Token(wait) = &self.flow else { return self.order(cx, step, request) };
        let (client, issuer) = (&wait.client, wait.server.issuer.as_str());
        match cx.sign((client, issuer), Some(step), Purpose::Flow(step), request) {
            Ok(Some(request)) => self.order(cx, step, request),
            Ok(None) => self.into(),
            Err(error) => self.failed(cx, &error),
        }
    }

    pub fn failed(self, cx: &mut Context<'_>, error: &OAuthError) -> Attempt {
        failed(cx, self.work, error)
    }

    /// The browser leaves for the login. The address may have been edited in step mode.
    pub fn leave(mut self, cx: &mut Context<'_>, url: String) -> Attempt {
        if let Flow::Callback(wait) = &mut self.flow {
            cx.memory.keep_client(wait);
            wait.url.clone_from(&url);
        }
        cx.note(Event::Entered(Step::Authorize));
        let exchange = cx.trace.next_exchange();
        cx.note(Event::Sent { exchange, step: Some(Step::Authorize), request: Request::get(url.as_str()) });
        cx.note(Event::Left { url: url.clone() });
        if let Some(note) = cx.popup() {
            cx.note(Event::Noted { step: Step::Authorize, note });
        }
        cx.note(Event::Entered(Step::Consent));
        let order = if cx.uses_popup() { Order::Popup(url) } else { Order::Leave(url) };
        cx.network.orders.push(order);
        self.into()
    }

    /// The login that is waited for.
    pub const fn login(&self) -> Option<&Wait> {
        match (&self.flow, &self.waiting) {
            (Flow::Callback(wait), Waiting::Peer(_)) => Some(wait),
            _ => None,
        }
    }

    /// The page was opened at the redirect URI, by the login that is waited for.
    fn called_back(self, cx: &mut Context<'_>, callback: Callback) -> Attempt {
        cx.record.clear_failure();
        if let Some(wait) = self.login() {
            cx.remember_code(wait, &callback);
        }
        self.advance(cx, flow::Input::Callback(callback))
    }

    /// Leaves for the login again, with a fresh verifier and state.
    fn again(self, cx: &mut Context<'_>) -> Attempt {
        if self.login().is_none() {
            return self.into();
        }
        cx.record.clear_failure();
        cx.note(Event::Returned { callback: None });
        self.advance(cx, flow::Input::Again)
    }

    /// The same, as a client that registers itself anew first: the login may have refused the old one.
    fn again_anew(self, cx: &mut Context<'_>) -> Attempt {
        let Some(issuer) = self.login().map(|it| it.server.issuer.clone()) else { return self.into() };
        cx.record.clear_failure();
        cx.memory.forget_client(&issuer);
        cx.note(Event::Returned { callback: None });
        self.advance(cx, flow::Input::AgainAnew)
    }

    fn give_up(self, cx: &mut Context<'_>) -> Attempt {
        let Some(wait) = self.login() else { return self.into() };
        let by = Box::new(Requester::of(&wait.client, &wait.server.issuer));
        cx.note(Event::Returned { callback: None });
        Attempt::from(self).stop(cx, OAuthError::GivenUp(by).problem())
    }
}

impl Attempt {
    /// A 401 starts an authorization by itself, unless the token was given by hand, or a refresh may cure it.
    pub fn unauthorized(self, cx: &mut Context<'_>, exchange: ExchangeId, head: Head, body: String) -> Self {
        if !cx.visit.checks() && cx.visit.has_bearer() {
            return self.on(Signal::Failed(exchange, Error::Unauthorized { body: Excerpt::of(&body) }), cx);
        }
        if cx.may_refresh() {
            return self.refresh_refused(cx, exchange, head);
        }
        self.authorize(cx, exchange, &head, &body)
    }

    /// The token is no good, or there is none: the flow begins.
    pub fn authorize(mut self, cx: &mut Context<'_>, exchange: ExchangeId, head: &Head, body: &str) -> Self {
        let handshake = matches!(self, Self::Negotiating(_)) && cx.grant().is_none();
        let refused = cx.network.running.remove(&exchange);
        let method = refused.as_ref().and_then(|it| it.purpose.method()).unwrap_or_default();
        self.work_mut().interrupt();
        self.work_mut().abort_all(cx);
        // Through a relay of the page's own origin every header is visible: what is not there is absent.
        let shows_all = refused.as_ref().is_some_and(|it| it.request.is_own());
        let challenges = head.header("www-authenticate").map(challenge::parse).or(shows_all.then(Vec::new));
        if let Some(problem) = cx.fresh_token_refused(method, challenges.as_deref(), body) {
            return self.stop(cx, problem);
        }
        if cx.visit.in_a_row >= AUTHORIZATIONS {
            return self.stop(cx, Error::TooOften { times: cx.visit.in_a_row }.problem());
        }
        cx.visit.refused_method = Some(method.to_owned());
        if !handshake {
            let server = cx.visit.server();
            cx.memory.forget_grant(&server);
            cx.note(Event::Began { server, first: Some(exchange) });
            cx.note(Event::Entered(Step::McpRequest));
        }
        let next = Authorizing::new(Flow::Challenge, None, self.into_work());
        next.advance(cx, flow::Input::Unauthorized(challenges))
    }
}

impl Context<'_> {
    /// What is said where the request that led to the login is refused again, with the token of that login. Another
    /// login would bring the same token, unless the challenge now names a scope that was not asked for.
    fn fresh_token_refused(&self, method: &str, challenges: Option<&[Challenge]>, body: &str) -> Option<Problem> {
        let again = self.visit.in_a_row > 0 && self.visit.refused_method.as_deref() == Some(method);
        let grant = self.grant().filter(|_| again)?;
        let asked =
            scope::union(grant.asked.as_deref().unwrap_or_default(), grant.scope.as_deref().unwrap_or_default());
        let wanted = challenges.and_then(challenge::bearer).and_then(|it| it.param("scope")).unwrap_or_default();
        let typed = self.visit.settings.scope.is_some();
        let refused = FreshRefusal { grant, challenges, body, now: self.moment.now };
        (typed || scope::covers(&asked, wanted)).then(|| refused.problem())
    }

    /// Nobody registers clients, and no Bearer challenge could be read: nothing shows that the server uses OAuth.
    fn without_oauth(&self, error: &OAuthError) -> Option<OAuthError> {
        let OAuthError::NobodyRegisters { url, status, .. } = error else { return None };
        let settings = &self.visit.settings;
        let refused = |it: &&Exchange| it.head.as_ref().is_some_and(|(head, _)| head.status == 401);
        let server = settings.server.href();
        let (head, _) =
            self.trace.exchanges().filter(|it| it.request.url == server).filter(refused).last()?.head.as_ref()?;
        let challenge = head.header("www-authenticate").map(str::to_owned);
        if challenge.as_deref().is_some_and(|it| challenge::bearer(&challenge::parse(it)).is_some()) {
            return None;
        }
        let headers = settings.headers.iter().map(|it| it.name.clone()).collect();
        Some(OAuthError::NoSignOfOAuth { url: url.clone(), status: *status, challenge, headers })
    }

    fn popup(&self) -> Option<Note> {
        match () {
            () if self.place.framed => Some(Note::PopupInFrame),
            () if self.place.forgetful => Some(Note::PopupWithoutStorage),
            () if self.uses_popup() => Some(Note::PopupChosen),
            () => None,
        }
    }
}

fn granted(cx: &mut Context<'_>, grant: Grant, work: Work) -> Attempt {
    cx.visit.in_a_row += 1;
    cx.memory.token = TokenUse { since: cx.moment.now, ..TokenUse::default() };
    cx.memory.keep_grant(&cx.visit.server(), grant);
    cx.memory.bench.old_refresh = None;
    Negotiating::begin(cx, work)
}

fn failed(cx: &mut Context<'_>, work: Work, error: &OAuthError) -> Attempt {
    // A client that the server does not know any more is registered anew next time.
    if matches!(error, OAuthError::TokenRefused { refusal, .. } if refusal.error.as_deref() == Some("invalid_client")) {
        cx.memory.forget_last_client();
    }
    let error = cx.without_oauth(error).unwrap_or_else(|| error.clone());
    Stopped::by(cx, work, error.problem(), None)
}
