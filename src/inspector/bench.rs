//! The token bench: what is asked about the token beside the connection, and never disturbs it.
//!
//! A 401 here starts no authorization, and no answer here changes the tokens that the connection uses.

use super::exchanges::Purpose;
use super::{Inspector, Order};
use crate::checks::{Check, Clause};
use crate::http::{HttpError, Response};
use crate::members::document;
use crate::oauth::bench::{self, Known};
use crate::oauth::error::Error as OAuthError;
use crate::oauth::flow::{Moment, Wait};
use crate::oauth::jwks::{self, NoKey};
use crate::oauth::jwt::Token;
use crate::oauth::negative::{Negative, Tested};
use crate::oauth::token;
use crate::secret::{Secret, in_storage};
use crate::step::Step;
use crate::text::{self, Text};
use crate::trace::{ExchangeId, Millis};
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
    /// The refresh token that the last rotation made void.
    #[serde(with = "in_storage::option")]
    pub(super) old_refresh: Option<Secret<String>>,
    /// The last code that gave tokens.
    pub(super) spent: Option<Spent>,
    /// The test that waits for its login.
    pub(super) twist: Option<Negative>,
    /// The last run of each test.
    tested: Vec<Tested>,
    #[serde(skip)]
    signature: Option<Signature>,
    #[serde(skip)]
    introspection: Option<Introspection>,
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
    pub(super) fn without_secrets(&self) -> Self {
        Self { twist: self.twist, tested: self.tested.clone(), ..Self::default() }
    }

    pub(super) fn token_changed(&mut self) {
        (self.signature, self.introspection) = (None, None);
    }

    pub(super) fn note(&mut self, tested: Tested) {
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

    pub const fn old_refresh(&self) -> Option<&Secret<String>> {
        self.old_refresh.as_ref()
    }

    pub const fn spent(&self) -> Option<&Spent> {
        self.spent.as_ref()
    }
}

impl Inspector {
    pub const fn bench(&self) -> &Bench {
        &self.bench
    }

    /// The token that the connection uses: granted, or given by hand.
    pub fn access_token(&self) -> Option<&Secret<String>> {
        let by_hand = self.settings.as_ref().and_then(|it| it.bearer.as_ref());
        by_hand.or_else(|| self.grant().map(|it| &it.access_token))
    }

    /// Fetches the keys of the authorization server, to verify the token with.
    pub(super) fn check_signature(&mut self, moment: &Moment) {
        let Some(token) = self.access_token() else { return };
        let read = Token::read(token.expose());
        let keys = self.grant().map(|it| it.jwks_uri.clone());
        let not = |words: &str| Check::warn(Step::Token, Clause::JsonWebKeys, words);
        let check = match (read.jwt().map(jwks::algorithm), keys) {
            (None, _) => not("Not verified: the token is no signed JWT"),
            (Some(Err(why)), _) => why.check(),
            (_, None) => not("Not verified: the token was given by hand, and nothing says whose it is"),
            (_, Some(None)) => not("Not verified: the metadata of the authorization server names no jwks_uri"),
            (_, Some(Some(keys))) => {
                self.bench.signature = Some(Signature::Waiting(None));
                let request = crate::http::Request::get(keys.href()).header("accept", Text::plain("application/json"));
                self.send(moment, None, Purpose::Bench(Job::Keys), request);
                return;
            }
        };
        self.bench.signature = Some(Signature::Known(check));
    }

    fn keys_came(&mut self, answer: Result<Response, HttpError>) {
        let Some(token) = self.access_token().cloned() else { return };
        let read = Token::read(token.expose());
        let unreadable = |why: String| {
            Check::warn(Step::Token, Clause::JsonWebKeys, format!("Not verified: the key set cannot be read, as {why}"))
        };
        let selected = match (answer, read.jwt()) {
            (Ok(answer), Some(jwt)) if answer.head.ok() => {
                jwks::select(&answer.body, jwt, token.expose()).map_err(|it: NoKey| it.check())
            }
            (Ok(answer), _) => Err(unreadable(format!("it was answered {}", answer.head.status))),
            (Err(error), _) => Err(unreadable(error.to_string())),
        };
        self.bench.signature = Some(match selected {
            Ok(signed) => {
                let key_id = signed.key_id.clone();
                self.orders.push(Order::Verify(Box::new(signed)));
                Signature::Waiting(key_id)
            }
            Err(check) => Signature::Known(check),
        });
    }

    pub(super) fn verified(&mut self, verified: &Verified) {
        let Some(Signature::Waiting(key_id)) = &self.bench.signature else { return };
        let key = key_id.as_ref().map_or_else(|| "the only key that fits".to_owned(), |it| format!("key {it}"));
        let (step, clause) = (Step::Token, Clause::JwtSignature);
        let check = match verified {
            Verified::Holds => Check::pass(step, clause, format!("The signature is verified by {key}")),
            Verified::Fails => Check::fail(step, clause, format!("The signature does not verify with {key}")),
            Verified::NoCrypto => Check::warn(
                step,
                clause,
                "Not verified: browsers give pages their cryptography on https and localhost only",
            ),
            Verified::Unable(said) => {
                Check::warn(step, clause, format!("Not verified: this browser cannot use {key} ({said})"))
            }
        };
        self.bench.signature = Some(Signature::Known(check));
    }

    /// Asks the authorization server what the token is good for.
    pub(super) fn introspect(&mut self, moment: &Moment) {
        let Some(grant) = self.grant() else { return };
        let Some(endpoint) = &grant.introspection_endpoint else { return };
        let request = token::introspection(endpoint, &grant.client, grant.access_token.expose());
        let (client, issuer) = (grant.client.clone(), grant.issuer.clone());
        self.bench.introspection = Some(Introspection::Waiting);
        self.send_as(moment, (&client, &issuer), None, Purpose::Bench(Job::Introspection), request);
    }

    /// The client could not prove itself.
    pub(super) fn introspection_not_sent(&mut self, error: &OAuthError) {
        let words = format!("Not asked: {}", error.problem().seen);
        self.bench.introspection = Some(Introspection::Failed(Check::warn(Step::Token, Clause::Introspection, words)));
    }

    fn introspected(&mut self, moment: &Moment, answer: Result<Response, HttpError>) {
        let Some(grant) = self.grant() else { return };
        let clause = Clause::Introspection;
        self.bench.introspection = Some(match answer {
            Ok(answer) => {
                let status = answer.head.status;
                let checks = match document(&answer.body) {
                    Some(document) if answer.head.ok() => bench::introspected(&document, &Known::of(grant, moment.now)),
                    _ if matches!(status, 400 | 401 | 403) => vec![Check::warn(
                        Step::Token,
                        clause,
                        format!(
                            "Refused with {status}: introspection is for servers that prove who they are, and public clients often may not ask"
                        ),
                    )],
                    _ => vec![Check::warn(
                        Step::Token,
                        clause,
                        format!("Answered {status}, and not with an introspection"),
                    )],
                };
                Introspection::Answered { status, body: text::json(&answer.body), checks }
            }
            Err(error) => {
                Introspection::Failed(Check::warn(Step::Token, clause, format!("The answer cannot be read: {error}")))
            }
        });
    }

    pub(super) fn bench_answered(
        &mut self,
        moment: &Moment,
        exchange: ExchangeId,
        job: Job,
        answer: Result<Response, HttpError>,
    ) {
        match job {
            Job::Keys => self.keys_came(answer),
            Job::Introspection => self.introspected(moment, answer),
            Job::Test(kind) => self.test_answered(moment, exchange, kind, &answer),
        }
    }
}
