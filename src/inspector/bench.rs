//! The token bench: what is asked about the token beside the connection, and never disturbs it.
//!
//! A 401 here starts no authorization, and no answer here changes the tokens that the connection uses.

use super::Order;
use super::consent::Held;
use super::context::Context;
use super::exchanges::Purpose;
use super::work::Work;
use crate::base::secret::{Secret, in_storage};
use crate::base::text::{self, Text, fact};
use crate::http::{HttpError, Response};
use crate::json::members::document;
use crate::oauth::bench::{self, Known};
use crate::oauth::error::Error as OAuthError;
use crate::oauth::flow::Wait;
use crate::oauth::jwks::{self, NoKey};
use crate::oauth::jwt::Token;
use crate::oauth::negative::{Negative, Tested};
use crate::oauth::token;
use crate::trace::Millis;
use crate::trace::check::Check;
use crate::trace::rule::proof::Proof;
use crate::trace::step::Step;
use serde::{Deserialize, Serialize};

/// What a request of the bench is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// The keys that the token was signed with.
    Keys,
    Introspection,
    Test(Negative),
}

/// What the bench knows beside the grant. What can be asked again is not kept for the next page.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Bench {
    /// A state that an earlier version kept has the token alone, under the name of the field.
    #[serde(default, rename = "replaced")]
    pub(super) old_refresh: Option<OldRefresh>,
    /// The last code that gave tokens.
    pub(super) spent: Option<Spent>,
    /// The last run of each test.
    tested: Vec<Tested>,
    #[serde(skip)]
    signature: Option<Signature>,
    #[serde(skip)]
    introspection: Option<Introspection>,
}

/// The refresh token that the last rotation made void.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct OldRefresh {
    /// The MCP server's address.
    pub server: String,
    #[serde(with = "in_storage")]
    pub token: Secret<String>,
}

/// A code that was redeemed, and what it was redeemed with.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// The MCP server's address.
    pub server: String,
    pub wait: Wait,
    #[serde(with = "in_storage")]
    pub code: Secret<String>,
    pub at: Millis,
}

/// Whether the signature holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signature {
    /// The keys are fetched, or the browser computes.
    Waiting(Option<String>),
    Known(Check),
}

/// What the browser said of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verified {
    Holds,
    Fails,
    /// `crypto.subtle` exists on https and localhost only.
    NoCrypto,
    /// The browser cannot use the key or the algorithm; what it said.
    Unable(String),
}

/// What the authorization server said of the token.
#[derive(Clone, PartialEq)]
pub enum Introspection {
    Waiting,
    Answered { status: u16, body: Text, checks: Vec<Check> },
    Failed(Check),
}

impl Bench {
    /// What a page that is to keep no token may leave for the next one.
    pub fn without_secrets(&self) -> Self {
        Self { tested: self.tested.clone(), ..Self::default() }
    }

    pub fn token_changed(&mut self) {
        (self.signature, self.introspection) = (None, None);
    }

    pub fn note(&mut self, tested: Tested) {
        self.tested.retain(|it| it.kind != tested.kind);
        self.tested.push(tested);
    }

    pub fn tested(&self, kind: Negative) -> Option<&Tested> {
        self.tested.iter().find(|it| it.kind == kind)
    }

    pub const fn signature(&self) -> Option<&Signature> {
        self.signature.as_ref()
    }

    pub const fn introspection(&self) -> Option<&Introspection> {
        self.introspection.as_ref()
    }

    pub const fn old_refresh(&self) -> Option<&OldRefresh> {
        self.old_refresh.as_ref()
    }

    /// The refresh token that a rotation made void at this MCP server.
    pub fn old_refresh_at(&self, server: &str) -> Option<&OldRefresh> {
        self.old_refresh.as_ref().filter(|it| it.server == server)
    }

    pub const fn spent(&self) -> Option<&Spent> {
        self.spent.as_ref()
    }

    /// The code of the last login at this MCP server.
    pub fn spent_at(&self, server: &str) -> Option<&Spent> {
        self.spent.as_ref().filter(|it| it.server == server)
    }

    /// No login is left to test with.
    pub(super) fn forget_login(&mut self) {
        (self.spent, self.old_refresh) = (None, None);
    }
}

impl Context<'_> {
    /// Fetches the keys of the authorization server, to verify the token with.
    pub fn check_signature(&mut self) {
        let Some(token) = self.access_token() else { return };
        let read = Token::read(token.expose());
        let keys = self.grant().map(|it| it.jwks_uri.clone());
        let not = |rule: Proof| Check::warn(Step::Token, rule);
        let check = match (read.jwt().map(jwks::algorithm), keys) {
            (None, _) => not(Proof::NoJwt),
            (Some(Err(why)), _) => why.check(),
            (_, None) => not(Proof::GivenByHand),
            (_, Some(None)) => not(Proof::NoJwksUri),
            (_, Some(Some(keys))) => {
                self.memory.bench.signature = Some(Signature::Waiting(None));
                let request = crate::http::Request::get(keys.href()).header("accept", Text::plain("application/json"));
                self.send(None, Purpose::Bench(Job::Keys), request);
                return;
            }
        };
        self.memory.bench.signature = Some(Signature::Known(check));
    }

    fn keys_came(&mut self, answer: Result<Response, HttpError>) {
        let Some(token) = self.access_token().cloned() else { return };
        let read = Token::read(token.expose());
        let selected = match (answer, read.jwt()) {
            (Ok(answer), Some(jwt)) if answer.head.ok() => {
                jwks::select(&answer.body, jwt, token.expose()).map_err(|it: NoKey| it.check())
            }
            (Ok(answer), _) => Err(Check::warn(Step::Token, Proof::KeySetStatus { status: answer.head.status })),
            (Err(error), _) => Err(Check::warn(Step::Token, Proof::KeySetUnread { error })),
        };
        self.memory.bench.signature = Some(match selected {
            Ok(signed) => {
                let key_id = signed.key_id.clone();
                self.network.orders.push(Order::Verify(Box::new(signed)));
                Signature::Waiting(key_id)
            }
            Err(check) => Signature::Known(check),
        });
    }

    pub fn verified(&mut self, verified: &Verified) {
        let Some(Signature::Waiting(key_id)) = &self.memory.bench.signature else { return };
        let (step, kid) = (Step::Token, key_id.as_deref().map(fact));
        let check = match verified {
            Verified::Holds => Check::pass(step, Proof::SignatureHolds { kid }),
            Verified::Fails => Check::fail(step, Proof::SignatureFails { kid }),
            Verified::NoCrypto => Check::warn(step, Proof::NoCrypto),
            Verified::Unable(said) => Check::warn(step, Proof::KeyUnusable { kid, said: fact(said) }),
        };
        self.memory.bench.signature = Some(Signature::Known(check));
    }

    /// The client could not prove itself, or the user declined.
    pub fn introspection_not_sent(&mut self, error: &OAuthError) {
        let rule = Proof::IntrospectionNotSent { problem: Box::new(error.problem()) };
        self.memory.bench.introspection = Some(Introspection::Failed(Check::warn(Step::Token, rule)));
    }

    fn introspected(&mut self, answer: Result<Response, HttpError>) {
        let Some(grant) = self.grant() else { return };
        let step = Step::Token;
        self.memory.bench.introspection = Some(match answer {
            Ok(answer) => {
                let status = answer.head.status;
                let checks = match document(&answer.body) {
                    Some(document) if answer.head.ok() => {
                        bench::introspected(&document, &Known::of(grant, self.moment.now))
                    }
                    _ if matches!(status, 400 | 401 | 403) => {
                        vec![Check::warn(step, Proof::IntrospectionRefused { status })]
                    }
                    _ => vec![Check::warn(step, Proof::NoIntrospection { status })],
                };
                Introspection::Answered { status, body: text::json(&answer.body), checks }
            }
            Err(error) => Introspection::Failed(Check::warn(step, Proof::IntrospectionUnread { error })),
        });
    }

    /// The response to what the bench asked, but for tests.
    pub fn bench_answered(&mut self, job: Job, answer: Result<Response, HttpError>) {
        match job {
            Job::Keys => self.keys_came(answer),
            Job::Introspection => self.introspected(answer),
            Job::Test(_) => {}
        }
    }
}

impl Work {
    /// Asks the authorization server what the token is good for.
    pub fn introspect(&mut self, cx: &mut Context<'_>) {
        if !self.may_use_token(cx, Held::Introspect) {
            return;
        }
        let Some(grant) = cx.grant() else { return };
        let Some(endpoint) = &grant.introspection_endpoint else { return };
        let request = token::introspection(endpoint, &grant.client, grant.access_token.expose());
        let (client, issuer) = (grant.client.clone(), grant.issuer.clone());
        cx.memory.bench.introspection = Some(Introspection::Waiting);
        if let Err(error) = cx.send_as((&client, &issuer), None, Purpose::Bench(Job::Introspection), request) {
            cx.introspection_not_sent(&error);
        }
    }
}
