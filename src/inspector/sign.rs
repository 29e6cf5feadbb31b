//! Requests of a client that proves itself with its key: they wait until the browser has signed for them.

use super::bench::Job;
use super::exchanges::Purpose;
use super::{Inspector, Order};
use crate::checks::{Check, Clause};
use crate::http::Request;
use crate::oauth::assertion::{self, NotSigned, PrivateKey, Signature, Unsigned};
use crate::oauth::error::Error as OAuthError;
use crate::oauth::flow::{Flow, Moment};
use crate::oauth::registration::{Client, TokenAuth};
use crate::step::Step;
use crate::text;
use crate::trace::Event;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Names an assertion that is to be signed.
pub type SigningId = u32;

/// A request without its assertion.
pub(super) struct Unproven {
    step: Option<Step>,
    purpose: Purpose,
    request: Request,
    unsigned: Unsigned,
    words: String,
}

impl Inspector {
    /// A request of the client's to its authorization server; one that needs an assertion waits for it.
    pub(super) fn send_as(
        &mut self,
        moment: &Moment,
        (client, issuer): (&Client, &str),
        step: Option<Step>,
        purpose: Purpose,
        request: Request,
    ) {
        if client.auth != TokenAuth::PrivateKeyJwt {
            return self.proven(moment, step, purpose, request);
        }
        let text = self.settings.as_ref().and_then(|it| it.private_key.as_ref()).ok_or(NotSigned::NoKey);
        let key = match text.and_then(|it| PrivateKey::read(it.expose()).map_err(NotSigned::Key)) {
            Ok(key) => key,
            Err(why) => return self.not_signed(moment, step, &purpose, why),
        };
        self.last_signing += 1;
        let id = self.last_signing;
        // Two that are written in one moment differ too.
        let random = moment.entropy.get(..16).unwrap_or_default();
        let once = format!("{}.{id}", URL_SAFE_NO_PAD.encode(random));
        let unsigned = assertion::assertion(client, issuer, key, moment.now, &once);
        let words =
            format!("Signed with {}: the client is {}, the assertion is for {issuer}", unsigned.name, client.id);
        self.orders.push(Order::Sign { id, unsigned: Box::new(unsigned.clone()) });
        self.unproven.insert(id, Unproven { step, purpose, request, unsigned, words });
    }

    /// What the flow orders, by the client that it has by then.
    pub(super) fn order_as_client(&mut self, moment: &Moment, step: Step, request: Request) {
        let client = match &self.state {
            super::State::Authorizing(flow) => match flow.as_ref() {
                Flow::Token(wait) => Some((wait.client.clone(), wait.server.issuer.clone())),
                _ => None,
            },
            _ => None,
        };
        match client {
            Some((client, issuer)) => {
                self.send_as(moment, (&client, &issuer), Some(step), Purpose::Flow(step), request);
            }
            None => self.order(moment, step, request),
        }
    }

    /// The browser signed, or could not. What is not waited for any more changes nothing.
    pub(super) fn signed(&mut self, moment: &Moment, id: SigningId, signature: Signature) {
        let Some(Unproven { step, purpose, request, unsigned, words }) = self.unproven.remove(&id) else { return };
        match signature {
            Ok(signature) => {
                if let Some(step) = step {
                    self.note(moment, Event::Checked(Check::pass(step, Clause::ClientAssertion, words)));
                }
                let request = with_assertion(request, unsigned.signed(&signature).expose());
                self.proven(moment, step, purpose, request);
            }
            Err(why) => self.not_signed(moment, step, &purpose, why),
        }
    }

    fn proven(&mut self, moment: &Moment, step: Option<Step>, purpose: Purpose, request: Request) {
        match (purpose, step) {
            (Purpose::Flow(_), Some(step)) => self.order(moment, step, request),
            (purpose, step) => {
                self.send(moment, step, purpose, request);
            }
        }
    }

    fn not_signed(&mut self, moment: &Moment, step: Option<Step>, purpose: &Purpose, why: NotSigned) {
        let error = OAuthError::NotSigned { step: step.unwrap_or(Step::TokenRequest), why };
        match purpose {
            Purpose::Flow(_) => self.flow_failed(moment, &error),
            Purpose::Token(Step::Revoke) => self.revocation_failed(moment, &error),
            Purpose::Token(_) => self.refresh_not_sent(moment, &error),
            Purpose::Bench(Job::Introspection) => self.introspection_not_sent(&error),
            _ => self.report(moment, error.problem()),
        }
    }
}

/// The two fields that take the place of a client id and a secret (RFC 7523 §2.2).
fn with_assertion(request: Request, assertion: &str) -> Request {
    let fields = [("client_assertion_type", assertion::TYPE), ("client_assertion", assertion)];
    let fields = text::form(&fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let body = request.body.clone().unwrap_or_default();
    let joint = if body.is_empty() { "" } else { "&" };
    request.body(body.and(text::Text::plain(joint)).and(fields))
}
