//! Requests of a client that proves itself with its key: they wait until the browser has signed for them.

use super::Order;
use super::attempt::Attempt;
use super::bench::Job;
use super::context::Context;
use super::exchanges::Purpose;
use crate::base::text::{self, fact};
use crate::http::Request;
use crate::oauth::assertion::{self, NotSigned, PrivateKey, Signature, Unsigned};
use crate::oauth::error::Error as OAuthError;
use crate::oauth::registration::Client;
use crate::settings::TokenAuth;
use crate::trace::Event;
use crate::trace::check::Check;
use crate::trace::rule::client::ClientRule;
use crate::trace::step::Step;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Names an assertion that is to be signed.
pub type SigningId = u32;

/// A request without its assertion.
pub(super) struct Unproven {
    step: Option<Step>,
    pub purpose: Purpose,
    request: Request,
    unsigned: Unsigned,
    /// What it is once it is signed.
    rule: ClientRule,
}

impl Context<'_> {
    /// A request of the client's to its authorization server, as it goes out; `None` where it waits for the signature
    /// of its assertion.
    pub fn sign(
        &mut self,
        (client, issuer): (&Client, &str),
        step: Option<Step>,
        purpose: Purpose,
        request: Request,
    ) -> Result<Option<Request>, OAuthError> {
        if client.auth != TokenAuth::PrivateKeyJwt {
            return Ok(Some(request));
        }
        let text = self.visit.settings.private_key.as_ref().ok_or(NotSigned::NoKey);
        let key = text.and_then(|it| PrivateKey::read(it.expose()).map_err(NotSigned::Key));
        let key = key.map_err(|why| not_signed(step, why))?;
        let id = self.network.next_signing();
        // Two that are written in one moment differ too.
        let random = self.moment.entropy.get(..16).unwrap_or_default();
        let once = format!("{}.{id}", URL_SAFE_NO_PAD.encode(random));
        let unsigned = assertion::assertion(client, issuer, key, self.moment.now, &once);
        let (algorithm, client, issuer) = (unsigned.name.to_owned(), fact(&client.id), fact(issuer));
        let rule = ClientRule::Signed { algorithm, client, issuer };
        self.network.orders.push(Order::Sign { id, unsigned: Box::new(unsigned.clone()) });
        self.network.unproven.insert(id, Unproven { step, purpose, request, unsigned, rule });
        Ok(None)
    }

    /// The same, and it is sent where nothing is to be waited for.
    pub fn send_as(
        &mut self,
        client: (&Client, &str),
        step: Option<Step>,
        purpose: Purpose,
        request: Request,
    ) -> Result<(), OAuthError> {
        if let Some(request) = self.sign(client, step, purpose.clone(), request)? {
            self.send(step, purpose, request);
        }
        Ok(())
    }
}

impl Attempt {
    /// The browser signed, or could not. What is not waited for any more changes nothing.
    pub fn signed(self, cx: &mut Context<'_>, id: SigningId, signature: Signature) -> Self {
        let Some(Unproven { step, purpose, request, unsigned, rule }) = cx.network.unproven.remove(&id) else {
            return self;
        };
        let signature = match signature {
            Ok(signature) => signature,
            Err(why) => return self.not_sent(cx, purpose, &not_signed(step, why)),
        };
        if let Some(step) = step {
            cx.note(Event::Checked(Check::pass(step, rule)));
        }
        let request = with_assertion(request, unsigned.signed(&signature).expose());
        match (purpose, step, self) {
            (Purpose::Flow(_), Some(step), Self::Authorizing(it)) => it.order(cx, step, request),
            (purpose, step, phase) => {
                cx.send(step, purpose, request);
                phase
            }
        }
    }

    /// The client could not prove itself.
    pub fn not_sent(self, cx: &mut Context<'_>, purpose: Purpose, error: &OAuthError) -> Self {
        match (purpose, self) {
            (Purpose::Flow(_), Self::Authorizing(it)) => it.failed(cx, error),
            (Purpose::Refresh(cause), phase) => phase.refresh_failed(cx, error, cause),
            (purpose, phase) => {
                match purpose {
                    Purpose::Revoke => cx.revocation_failed(error),
                    Purpose::Bench(Job::Introspection) => cx.introspection_not_sent(error),
                    _ => cx.report(error.problem()),
                }
                phase
            }
        }
    }
}

fn not_signed(step: Option<Step>, why: NotSigned) -> OAuthError {
    OAuthError::NotSigned { step: step.unwrap_or(Step::TokenRequest), why }
}

/// The two fields that take the place of a client id and a secret (RFC 7523 §2.2).
fn with_assertion(request: Request, assertion: &str) -> Request {
    let fields = [("client_assertion_type", assertion::TYPE), ("client_assertion", assertion)];
    let fields = text::form(&fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let body = request.body.clone().unwrap_or_default();
    let joint = if body.is_empty() { "" } else { "&" };
    request.body(body.and(text::Text::plain(joint)).and(fields))
}
