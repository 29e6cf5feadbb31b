//! What the demo's servers remember, so that it survives the redirect.
//!
//! It holds true secrets, as a server's data does: it is kept in the tab's storage and never printed.

use crate::oauth::flow::Moment;
use crate::trace::ExchangeId;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How many of anything are kept; the oldest go first.
const KEPT: usize = 24;

/// All of it. Nothing is there before the first request.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// What both servers sign and check tokens with.
    pub(super) key: Vec<u8>,
    pub(super) clients: Vec<Client>,
    pub(super) codes: Vec<Code>,
    pub(super) refresh_tokens: Vec<RefreshToken>,
    /// Authorizations whose tokens are no good any more.
    pub(super) ended: Vec<String>,
    /// Access tokens that were given back, by their `jti`.
    pub(super) revoked: Vec<String>,
    pub(super) sessions: Vec<McpSession>,
    pub(super) waiting: Vec<Waiting>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Client {
    pub id: String,
    pub name: String,
    pub redirect_uris: Vec<String>,
}

/// An authorization code (RFC 6749 §4.1.2) and all that it is bound to.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Code {
    pub code: String,
    pub client: String,
    pub redirect_uri: String,
    /// RFC 7636: what the verifier must give.
    pub challenge: String,
    pub access: Access,
    /// Milliseconds since the epoch.
    pub expires: f64,
    pub used: bool,
}

/// What was consented to, and what every token of it is good for.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Access {
    /// One consent, and all that came of it.
    pub family: String,
    pub client: String,
    pub subject: String,
    pub scope: String,
    pub resource: String,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct RefreshToken {
    pub token: String,
    pub access: Access,
    pub used: bool,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct McpSession {
    pub id: String,
    pub revision: String,
}

/// A call on an open stream that waits for what the user says.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Waiting {
    /// The id of the server's own request.
    pub ask: String,
    pub exchange: ExchangeId,
    /// The id of the call, as JSON.
    pub call: String,
}

impl State {
    /// The servers have a key of their own from the first moment on.
    pub(super) fn wake(&mut self, moment: &Moment) {
        if self.key.is_empty() {
            self.key = digest("key", moment).to_vec();
        }
    }

    pub(super) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|it| it.id == id)
    }
}

/// Puts one more in; the oldest goes where there are too many.
pub(super) fn keep<T>(list: &mut Vec<T>, item: T) {
    list.push(item);
    let over = list.len().saturating_sub(KEPT);
    list.drain(..over);
}

/// A text that nobody can guess; another one for each purpose of the same moment.
pub(super) fn random(purpose: &str, moment: &Moment) -> String {
    URL_SAFE_NO_PAD.encode(digest(purpose, moment).into_iter().take(18).collect::<Vec<u8>>())
}

fn digest(purpose: &str, moment: &Moment) -> [u8; 32] {
    Sha256::new()
        .chain_update(purpose)
        .chain_update(moment.now.to_le_bytes())
        .chain_update(moment.entropy)
        .finalize()
        .into()
}
