//! What may end a login, in this order: two refreshes at once, an old refresh token, revocation, and the code used again.

use super::with_token::Tested;
use super::{Asked, Auditing, Site};
use crate::base::address::Address;
use crate::inspector::attempt::Attempt;
use crate::inspector::authorizing::Authorizing;
use crate::inspector::connected::Connected;
use crate::inspector::context::Context;
use crate::inspector::testing::{Testing, redeem};
use crate::json::members::Members;
use crate::oauth::flow::{self, Flow};
use crate::oauth::jwt;
use crate::oauth::negative::Negative;
use crate::oauth::token::{self, Grant};
use crate::trace::audit::{AuditProbe, AuditSpan, AuditStage};

use super::{After, Stage};

/// Tests with a login of their own, which comes to a code at most and to no token.
const LOGINS: [Negative; 7] = [
    Negative::WrongVerifier,
    Negative::OtherRedirect,
    Negative::WrongResource,
    Negative::NoChallenge,
    Negative::PlainChallenge,
    Negative::UnknownScope,
    Negative::OtherRedirectAtLogin,
];

/// A token that is good for longer is not waited for, in milliseconds.
const LONGEST_LIFE: f64 = 15.0 * 60_000.0;
/// A server may take a token for some minutes after `exp` (RFC 7519 §4.1.4), in milliseconds.
const LEEWAY: u32 = 3 * 60_000;

impl Connected {
    /// The connection is there for a stage of an audit.
    pub fn audited(self, cx: &mut Context<'_>, stage: AuditStage) -> Attempt {
        let span = AuditSpan::of(cx.trace);
        let tested = |kind| span.is_some_and(|it| it.tested(kind).is_some());
        let left = LOGINS.into_iter().find(|it| !tested(*it) && wanted(cx, *it));
        let is_last = span.is_some_and(|it| ended(&it));
        match (stage, left) {
            (AuditStage::More, Some(kind)) if cx.spent().is_some() => Testing::leave(cx, kind, Attempt::from(self)),
            (AuditStage::More, _) if is_last => self.goes_on(cx, Stage::Revocation),
            (AuditStage::More, _) if until_expiry(cx).is_some() => self.goes_on(cx, Stage::Expiry),
            (AuditStage::More, _) => self.goes_on(cx, Stage::ForeignToken),
            _ => self.goes_on(cx, Stage::Token),
        }
    }

    fn goes_on(self, cx: &mut Context<'_>, stage: Stage) -> Attempt {
        Auditing::of(cx, stage, After::Connection, Some(Box::new(self.connection)), self.work)
    }
}

/// A server that declares `plain` need not refuse it, and an error page is for those who agreed to come back from it.
fn wanted(cx: &Context<'_>, kind: Negative) -> bool {
    let methods = || Site::of(cx).listed("code_challenge_methods_supported").unwrap_or_default();
    match kind {
        Negative::PlainChallenge => !methods().iter().any(|it| it == "plain"),
        Negative::OtherRedirectAtLogin => cx.memory.staging.is_some_and(|it| it.error_page),
        _ => true,
    }
}

/// A right server has ended the login when an old refresh token was used, and an expired token does not show what
/// revocation does.
fn ended(span: &AuditSpan<'_>) -> bool {
    span.tested(Negative::OldRefresh).is_some() || span.probed(AuditProbe::ExpiredToken)
}

/// How long until the token of the login has expired and the leeway is over, where the user agreed to wait and another
/// login can follow. In milliseconds.
pub fn until_expiry(cx: &Context<'_>) -> Option<u32> {
    let agreed = cx.memory.staging.is_some_and(|it| it.expiry) && cx.spent().is_some();
    cx.grant().filter(|_| agreed).and_then(|it| left(it, cx.moment.now))
}

/// The same for any token; `None` where it takes too long to be offered.
pub fn left(grant: &Grant, now: f64) -> Option<u32> {
    let claimed = match jwt::Token::read(grant.access_token.expose()) {
        jwt::Token::Signed(it) => jwt::time(&it.claims, "exp"),
        _ => None,
    };
    let expires = [grant.expires, claimed].into_iter().flatten().reduce(f64::max)?;
    let left = (expires - now).max(0.0);
    (left <= LONGEST_LIFE).then(|| left.ceil() as u32 + LEEWAY)
}

impl Context<'_> {
    /// Whether what revocation does only shows with another login.
    pub fn needs_another_login(&self) -> bool {
        let span = AuditSpan::of(self.trace);
        self.memory.staging.is_some_and(|it| it.stage == AuditStage::More)
            && span.is_some_and(|it| ended(&it))
            && self.spent().is_some()
    }
}

impl Auditing {
    /// The login once more, with the same client: it brings tokens, and the audit goes on with them.
    pub fn log_in_again(self, cx: &mut Context<'_>) -> Attempt {
        let Some(wait) = cx.spent().map(|it| it.wait.clone()) else { return self.end(cx) };
        let server = cx.visit.server();
        cx.memory.forget_grant(&server);
        cx.abort_all();
        Authorizing::new(Flow::Callback(wait), None, self.work).advance(cx, flow::Input::Again)
    }
}

pub fn expired_token(tested: &Tested<'_>) -> Vec<Asked> {
    let request = tested.trial(Some(tested.grant.access_token.expose()));
    vec![Asked::Probe(AuditProbe::ExpiredToken, request)]
}

/// A list with the token that was issued for another resource, where one was.
pub fn foreign_token(tested: &Tested<'_>) -> Vec<Asked> {
    let span = AuditSpan::of(tested.trace);
    let made = span.and_then(|it| it.tested(Negative::WrongResource)).and_then(|it| it.exchange);
    let body = made.and_then(|it| tested.trace.exchange(it)?.body.as_ref()).map(|it| it.text.expose());
    let token = body.and_then(|it| Members::of(&it)?.read::<String>("access_token"));
    let request = token.map(|it| tested.trial(Some(&it)));
    request.map(|it| Asked::Probe(AuditProbe::ForeignToken, it)).into_iter().collect()
}

/// The same refresh token twice at a time, as two tabs of one client send it.
pub fn twin_refreshes(tested: &Tested<'_>) -> Vec<Asked> {
    let twin = || tested.with_refresh(AuditProbe::TwinRefresh);
    twin().into_iter().chain(twin()).collect()
}

/// Whether the login goes on, with the newest refresh token.
pub fn after_twins(tested: &Tested<'_>) -> Vec<Asked> {
    tested.with_refresh(AuditProbe::AfterTwins)
}

pub fn old_refresh(cx: &Context<'_>) -> Vec<Asked> {
    cx.old_refresh().map(|it| Asked::Test(Negative::OldRefresh, it)).into_iter().collect()
}

/// Whether the reuse has ended the whole family of refresh tokens.
pub fn family(tested: &Tested<'_>, cx: &Context<'_>) -> Vec<Asked> {
    match cx.old_refresh() {
        Some(_) => tested.with_refresh(AuditProbe::Family),
        None => Vec::new(),
    }
}

/// Of another origin than the token endpoint's it waits for the user, who may revoke the token of a connection.
fn own_revocation<'a>(tested: &Tested<'a>) -> Option<&'a Address> {
    let grant = tested.grant;
    let own = |it: &&Address| it.origin() == grant.token_endpoint.origin() && tested.signs_nothing();
    grant.revocation_endpoint.as_ref().filter(own)
}

pub fn revocation(tested: &Tested<'_>) -> Vec<Asked> {
    let grant = tested.grant;
    let Some(endpoint) = own_revocation(tested) else { return Vec::new() };
    let tokens = [("refresh_token", grant.refresh_token.as_ref()), ("access_token", Some(&grant.access_token))];
    let sent = |(hint, token): (&str, Option<&crate::base::secret::Secret<String>>)| {
        let request = token::revocation(endpoint, &grant.client, token?.expose(), hint);
        Some(Asked::Probe(AuditProbe::Revocation, request))
    };
    tokens.into_iter().filter_map(sent).collect()
}

/// The tokens that were revoked, where the server can do that.
pub fn revoked(tested: &Tested<'_>) -> Vec<Asked> {
    if own_revocation(tested).is_none() {
        return Vec::new();
    }
    let mut all = tested.with_refresh(AuditProbe::RevokedRefresh);
    let access = tested.trial(Some(tested.grant.access_token.expose()));
    all.push(Asked::Probe(AuditProbe::RevokedToken, access));
    all
}

pub fn code_twice(cx: &Context<'_>) -> Vec<Asked> {
    let spent = cx.spent();
    let request = spent.map(|it| redeem(&it.wait, it.code.expose()));
    request.map(|it| Asked::Test(Negative::CodeTwice, it)).into_iter().collect()
}
