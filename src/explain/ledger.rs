//! Every secret that this tab holds or held: what it is, where it is kept, where it was sent, and when it ends.
//!
//! Drawn from what the inspector knows and from its trace: whatever went out or came in as a secret is listed, even
//! where nothing uses it any more. What is listed as sent was on the wire.

use crate::base::address::Address;
use crate::base::secret::Secret;
use crate::base::text::{self, Piece, Text};
use crate::http::Request;
use crate::inspector::Inspector;
use crate::oauth::flow::Wait;
use crate::oauth::negative::Negative;
use crate::oauth::token::Grant;
use crate::trace::{Event, ExchangeId, Millis, Trace};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What a secret is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretKind {
    AccessToken,
    RefreshToken,
    IdToken,
    Code,
    Verifier,
    ClientSecret,
    PrivateKey,
    Assertion,
    RegistrationToken,
    Session,
    /// A header that the user entered, by its name.
    Header(String),
    /// A field by that name.
    Other(String),
}

impl SecretKind {
    /// By the field, member or header that carried it.
    fn of(name: &str) -> Self {
        match name {
            "access_token" | "token" => Self::AccessToken,
            "refresh_token" => Self::RefreshToken,
            "id_token" => Self::IdToken,
            "code" => Self::Code,
            "code_verifier" => Self::Verifier,
            "client_secret" => Self::ClientSecret,
            "client_assertion" => Self::Assertion,
            "registration_access_token" => Self::RegistrationToken,
            "mcp-session-id" => Self::Session,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The name that tests use.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AccessToken => "access-token",
            Self::RefreshToken => "refresh-token",
            Self::IdToken => "id-token",
            Self::Code => "code",
            Self::Verifier => "verifier",
            Self::ClientSecret => "client-secret",
            Self::PrivateKey => "private-key",
            Self::Assertion => "client-assertion",
            Self::RegistrationToken => "registration-token",
            Self::Session => "session",
            Self::Header(_) => "header",
            Self::Other(_) => "other",
        }
    }

    pub fn words(&self) -> String {
        match self {
            Self::AccessToken => "Access token".to_owned(),
            Self::RefreshToken => "Refresh token".to_owned(),
            Self::IdToken => "ID token".to_owned(),
            Self::Code => "Authorization code".to_owned(),
            Self::Verifier => "PKCE verifier".to_owned(),
            Self::ClientSecret => "Client secret".to_owned(),
            Self::PrivateKey => "Private key".to_owned(),
            Self::Assertion => "Client assertion".to_owned(),
            Self::RegistrationToken => "Registration access token".to_owned(),
            Self::Session => "Session ID".to_owned(),
            Self::Header(name) => format!("Header {name}"),
            Self::Other(name) => name.clone(),
        }
    }

    /// When it ends, where nothing more exact is known.
    pub const fn ends(&self) -> &'static str {
        match self {
            Self::AccessToken => "unknown",
            Self::RefreshToken => "when rotated or revoked",
            Self::IdToken => "with the login",
            Self::Code => "with first use, or within minutes",
            Self::Verifier => "with the code",
            Self::PrivateKey => "when the tab closes or reloads",
            Self::Assertion => "within 5 min",
            Self::ClientSecret | Self::RegistrationToken => "with the registration",
            Self::Session => "with the connection",
            Self::Header(_) | Self::Other(_) => "with the tab",
        }
    }
}

/// Where a secret is kept. `localStorage`, cookies and databases never hold one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    Memory,
    /// This tab's `sessionStorage`.
    Tab,
}

impl Stored {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Tab => "sessionStorage",
        }
    }
}

/// A secret and what became of it.
#[derive(Clone, PartialEq)]
pub struct LedgerEntry {
    pub kind: SecretKind,
    pub value: Secret<String>,
    pub stored: Stored,
    /// The origins that it was sent to, each once, in order.
    pub sent: Vec<String>,
    /// How many requests carried it.
    pub times: usize,
    /// Something here still uses it.
    pub live: bool,
    /// Milliseconds since the epoch, where it is known.
    pub expires: Option<Millis>,
}

impl LedgerEntry {
    /// How it stands, in words.
    pub fn state(&self) -> &'static str {
        match (self.live, &self.kind, self.times) {
            (true, ..) => "in use",
            (false, SecretKind::Code, 1..) => "redeemed",
            (false, SecretKind::Verifier | SecretKind::Assertion, 1..) => "used",
            (false, _, 0) => "never used",
            (false, ..) => "no longer used",
        }
    }
}

/// All of them: what is in use first, then what the trace still holds.
pub fn entries(it: &Inspector) -> Vec<LedgerEntry> {
    let memory_only = it.settings().is_some_and(|it| it.memory_only);
    let mut book = Book { entries: Vec::new(), traced: if memory_only { Stored::Memory } else { Stored::Tab } };
    book.known(it);
    book.trace(it.trace());
    book.entries
}

struct Book {
    entries: Vec<LedgerEntry>,
    /// Where what is in the trace is kept.
    traced: Stored,
}

impl Book {
    fn put(&mut self, kind: SecretKind, value: &str, stored: Stored) -> Option<&mut LedgerEntry> {
        let known = self.entries.iter().position(|it| it.value.expose() == value);
        let at = known.unwrap_or(self.entries.len());
        if known.is_none() && !value.is_empty() {
            let (sent, times, live, expires) = (Vec::new(), 0, false, None);
            self.entries.push(LedgerEntry { kind, value: Secret::from(value), stored, sent, times, live, expires });
        }
        let entry = self.entries.get_mut(at)?;
        if stored == Stored::Tab {
            entry.stored = Stored::Tab;
        }
        Some(entry)
    }

    /// Something uses it.
    fn live(&mut self, kind: SecretKind, value: Option<&Secret<String>>, stored: Stored) {
        if let Some(entry) = value.and_then(|it| self.put(kind, it.expose(), stored)) {
            entry.live = true;
        }
    }

    fn known(&mut self, it: &Inspector) {
        for grant in it.grants() {
            self.grant(grant);
        }
        if let Some(settings) = it.settings() {
            // All but the key are needed again on the page that follows the login.
            self.live(SecretKind::ClientSecret, settings.client_secret.as_ref(), Stored::Tab);
            self.live(SecretKind::PrivateKey, settings.private_key.as_ref(), Stored::Memory);
            for header in &settings.headers {
                self.live(SecretKind::Header(header.name.clone()), Some(&header.value), Stored::Tab);
            }
            self.live(SecretKind::AccessToken, settings.bearer.as_ref(), self.traced);
        }
        for (_, client) in it.clients() {
            self.live(SecretKind::ClientSecret, client.secret.as_ref(), Stored::Tab);
        }
        if let Some(wait) = it.waiting() {
            self.live(SecretKind::ClientSecret, wait.client.secret.as_ref(), Stored::Tab);
            self.verifier(wait, Stored::Tab, true);
        }
        self.bench(it);
        let session = it.connection().and_then(|it| it.session_id()).map(|it| Secret::new(it.expose()));
        self.live(SecretKind::Session, session.as_ref(), Stored::Memory);
    }

    fn grant(&mut self, grant: &Grant) {
        let stored = self.traced;
        self.live(SecretKind::AccessToken, Some(&grant.access_token), stored);
        if let Some(entry) = self.put(SecretKind::AccessToken, grant.access_token.expose(), stored) {
            entry.expires = grant.expires;
        }
        self.live(SecretKind::RefreshToken, grant.refresh_token.as_ref(), stored);
        self.live(SecretKind::ClientSecret, grant.client.secret.as_ref(), stored);
    }

    /// What is kept for tests alone.
    fn bench(&mut self, it: &Inspector) {
        let stored = self.traced;
        if let Some(old) = it.bench().old_refresh() {
            self.put(SecretKind::RefreshToken, old.token.expose(), stored);
        }
        if let Some(spent) = it.bench().spent() {
            self.put(SecretKind::Code, spent.code.expose(), stored);
            self.verifier(&spent.wait, stored, false);
        }
    }

    fn verifier(&mut self, wait: &Wait, stored: Stored, live: bool) {
        if let Some(entry) = self.put(SecretKind::Verifier, wait.verifier.expose(), stored) {
            entry.live |= live;
        }
    }

    fn trace(&mut self, trace: &Trace) {
        let made_up = made_up(trace);
        for entry in trace.entries() {
            match &entry.event {
                Event::Sent { exchange, request, .. } => self.sent(request, made_up.contains(exchange)),
                Event::Body { body, .. } => {
                    for (name, value) in named(&body.text) {
                        self.put(SecretKind::of(&name), &value, self.traced);
                    }
                }
                Event::Made { facts, .. } | Event::Returned { callback: Some(facts) } => {
                    for (name, value) in facts.iter().filter(|(_, value)| value.has_secret()) {
                        self.put(SecretKind::of(name), &value.expose(), self.traced);
                    }
                }
                _ => {}
            }
        }
    }

    fn sent(&mut self, request: &Request, made_up: bool) {
        let origin = Address::typed(&request.url).map_or_else(|_| request.url.clone(), |it| it.origin());
        // A relay reads it on the way.
        let receivers: Vec<String> = [origin].into_iter().chain(request.via.as_ref().map(|it| it.origin())).collect();
        let headers = request.headers.iter().filter_map(|(name, value)| header(name, value));
        let fields = request.body.iter().flat_map(named).map(|(name, value)| (SecretKind::of(&name), value));
        for (kind, value) in headers.chain(fields) {
            // What a test made up is no secret of anybody's.
            if made_up && matches!(kind, SecretKind::AccessToken | SecretKind::Verifier) {
                continue;
            }
            let Some(entry) = self.put(kind, &value, self.traced) else { continue };
            entry.times += 1;
            for origin in &receivers {
                if !entry.sent.contains(origin) {
                    entry.sent.push(origin.clone());
                }
            }
        }
    }
}

/// The exchanges of tests whose token or verifier was wrong on purpose.
fn made_up(trace: &Trace) -> Vec<ExchangeId> {
    let wrong = |kind| matches!(kind, Negative::DamagedToken | Negative::WrongVerifier);
    let tests = trace.entries().iter().filter_map(|it| match &it.event {
        Event::Tested(it) if wrong(it.kind) => it.exchange,
        _ => None,
    });
    tests.collect()
}

/// The secret of a header.
fn header(name: &str, value: &Text) -> Option<(SecretKind, String)> {
    let secret = value.pieces().iter().find_map(|it| match it {
        Piece::Secret(it) => Some(it.expose().to_string()),
        Piece::Plain(_) => None,
    })?;
    let scheme = value.masked().split(' ').next().unwrap_or_default().to_ascii_lowercase();
    Some(match (name.to_ascii_lowercase().as_str(), scheme.as_str()) {
        ("authorization", "bearer") => (SecretKind::AccessToken, secret),
        // RFC 6749 §2.3.1: the id and the secret, each encoded, in one.
        ("authorization", "basic") => (SecretKind::ClientSecret, password(&secret).unwrap_or(secret)),
        ("mcp-session-id", _) => (SecretKind::Session, secret),
        _ => (SecretKind::Header(name.to_owned()), secret),
    })
}

fn password(credentials: &str) -> Option<String> {
    let pair = String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?;
    Some(decoded(pair.split_once(':')?.1))
}

/// The secret pieces of a form or a JSON text, each with its name, decoded.
fn named(text: &Text) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut before = "";
    for piece in text.pieces() {
        match piece {
            Piece::Plain(it) => before = it,
            Piece::Secret(it) => found.extend(name(before, it.expose())),
        }
    }
    found
}

fn name(before: &str, value: &str) -> Option<(String, String)> {
    if let Some(form) = before.strip_suffix('=') {
        let name = form.rsplit('&').next().unwrap_or_default();
        return Some((name.to_owned(), decoded(value)));
    }
    let member = before.strip_suffix('"')?.trim_end().strip_suffix(':')?.trim_end().strip_suffix('"')?;
    let name = member.rsplit('"').next().unwrap_or_default();
    let value = serde_json::from_str(&format!("\"{value}\"")).unwrap_or_else(|_| value.to_owned());
    Some((name.to_owned(), value))
}

fn decoded(value: &str) -> String {
    text::decode(value).unwrap_or_else(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_forms_and_json_are_found_by_name() {
        let form = [("grant_type", "authorization_code"), ("code", "a b"), ("code_verifier", "v&v")];
        let form = text::form(&form.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let expected = [("code", "a b"), ("code_verifier", "v&v")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(named(&form), expected);
        let json = text::json(r#"{"x":1,"access_token" : "a\"b", "refresh_token":"r"}"#);
        let expected = [("access_token", "a\"b"), ("refresh_token", "r")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(named(&json), expected);
    }

    #[test]
    fn a_basic_header_carries_the_client_secret() {
        let value = Text::credentials("Basic", &STANDARD.encode("me:a%2Bb"));
        assert_eq!(header("Authorization", &value), Some((SecretKind::ClientSecret, "a+b".to_owned())));
        assert_eq!(
            header("Authorization", &Text::credentials("Basic", "?")),
            Some((SecretKind::ClientSecret, "?".to_owned()))
        );
        assert_eq!(header("accept", &Text::plain("x")), None);
    }

    #[test]
    fn a_client_that_went_by_is_not_lost() {
        let mut trace = Trace::default();
        let answer = text::json(r#"{"client_id":"c","client_secret":"s","registration_access_token":"r"}"#);
        trace.push(1.0, Event::Body { exchange: 1, body: crate::trace::Body::new(answer) });
        let mut book = Book { entries: Vec::new(), traced: Stored::Tab };
        book.trace(&trace);
        let found: Vec<_> = book.entries.iter().map(|it| (it.kind.name(), it.state(), it.stored)).collect();
        let expected =
            [("client-secret", "never used", Stored::Tab), ("registration-token", "never used", Stored::Tab)];
        assert_eq!(found, expected);
    }
}
