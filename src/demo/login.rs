//! The authorization endpoint: what the login page shows, and where the browser goes from there (RFC 6749 §4.1.1).

use super::issuer::{Form, SCOPES};
use super::state::{Access, Client, Code, keep, random};
use super::{Demo, Fault, ISSUER, SERVER};
use crate::oauth::flow::Moment;

/// How long a code can be used, in milliseconds (RFC 6749 §4.1.2: at most ten minutes).
const LIFE: f64 = 60_000.0;
/// The issuer that another's callback would come from.
const OTHER_ISSUER: &str = "https://other-login.flowglass.invalid";

/// What becomes of an authorization request.
pub enum Asked {
    /// The user is asked.
    Person(Consent),
    /// It is answered with an error at once, at this address.
    Answered(String),
    /// It cannot be answered at all: nobody knows whether that address is the client's (RFC 6749 §4.1.2.1).
    Refused(Refused),
}

/// What the user sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    pub client: String,
    pub client_id: String,
    /// Where the browser goes back to.
    pub redirect_uri: String,
    pub resource: String,
    /// Each with what it allows, in words.
    pub scopes: Vec<(String, &'static str)>,
    state: String,
    challenge: String,
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    pub title: &'static str,
    pub words: &'static str,
}

impl Demo {
    /// Reads the query with which the browser came.
    pub fn asked(&self, query: &str) -> Asked {
        let form = Form::parse(query.strip_prefix('?').unwrap_or(query));
        let client = match self.known(&form) {
            Ok(client) => client,
            Err(refused) => return Asked::Refused(refused),
        };
        match consent(client, &form) {
            Ok(consent) => Asked::Person(consent),
            Err((error, words)) => {
                let query = [("error", error), ("error_description", words)];
                Asked::Answered(back(form.field("redirect_uri"), &query, form.get("state"), Some(ISSUER)))
            }
        }
    }

    /// The client, where it and its redirect URI are known, character by character (RFC 9700 §2.1).
    fn known(&self, form: &Form) -> Result<&Client, Refused> {
        let Some(client) = self.state.client(form.field("client_id")) else {
            return Err(Refused {
                title: "Unknown client",
                words: "This client_id is not registered. The demo loses its clients with the tab; connect again.",
            });
        };
        match client.redirect_uris.iter().any(|it| it == form.field("redirect_uri")) {
            true => Ok(client),
            false => Err(Refused {
                title: "Redirect URI not registered",
                words: "redirect_uri is not registered for this client. A code sent there could reach an attacker, so this page does not redirect; go back manually.",
            }),
        }
    }

    /// The user allows it: the address with the code.
    pub fn allowed(&mut self, moment: &Moment, consent: &Consent, name: &str) -> String {
        if self.stage.has(Fault::LoginError) {
            let query = [("error", "server_error"), ("error_description", "The user database is not available")];
            return self.back(consent, &query);
        }
        let scopes: Vec<&str> = consent.scopes.iter().map(|(name, _)| name.as_str()).collect();
        let access = Access {
            family: random("family", moment),
            client: consent.client_id.clone(),
            subject: name.to_owned(),
            scope: scopes.join(" "),
            resource: consent.resource.clone(),
        };
        let code = Code {
            code: random("code", moment),
            client: consent.client_id.clone(),
            redirect_uri: consent.redirect_uri.clone(),
            challenge: consent.challenge.clone(),
            access,
            expires: moment.now + LIFE,
            used: self.stage.has(Fault::CodeUsedTwice),
        };
        let query = [("code", code.code.as_str())];
        let url = self.back(consent, if self.stage.has(Fault::NoCode) { &[] } else { &query });
        keep(&mut self.state.codes, code);
        url
    }

    /// The user does not: the address with the error (RFC 6749 §4.1.2.1).
    pub fn denied(&self, consent: &Consent) -> String {
        self.back(consent, &[("error", "access_denied"), ("error_description", "The user denied access")])
    }

    fn back(&self, consent: &Consent, query: &[(&str, &str)]) -> String {
        let state = Some(consent.state.as_str()).filter(|it| !it.is_empty() && !self.stage.has(Fault::DroppedState));
        let issuer = match self.stage.fault {
            Some(Fault::IssMixUp) => Some(OTHER_ISSUER),
            Some(Fault::IssMissing) => None,
            _ => Some(ISSUER),
        };
        back(&consent.redirect_uri, query, state, issuer)
    }
}

/// Checks what may be answered with an error, or says what the user is to be asked.
fn consent(client: &Client, form: &Form) -> Result<Consent, (&'static str, &'static str)> {
    if form.get("response_type") != Some("code") {
        return Err(("unsupported_response_type", "response_type must be code"));
    }
    if form.get("code_challenge").is_none() || form.get("code_challenge_method") != Some("S256") {
        return Err(("invalid_request", "PKCE with S256 is required"));
    }
    if form.get("resource").is_some_and(|it| it != SERVER) {
        return Err(("invalid_target", "Unknown resource"));
    }
    let named = |name: &str| SCOPES.iter().find(|(it, _)| *it == name).map(|(_, words)| (name.to_owned(), *words));
    let scopes: Option<Vec<_>> = form.get("scope").unwrap_or("mcp:use").split_whitespace().map(named).collect();
    Ok(Consent {
        client: client.name.clone(),
        client_id: client.id.clone(),
        redirect_uri: form.field("redirect_uri").to_owned(),
        resource: SERVER.to_owned(),
        scopes: scopes.ok_or(("invalid_scope", "Unknown scope"))?,
        state: form.field("state").to_owned(),
        challenge: form.field("code_challenge").to_owned(),
    })
}

/// The redirect URI with the parameters of an answer.
fn back(redirect_uri: &str, query: &[(&str, &str)], state: Option<&str>, issuer: Option<&str>) -> String {
    let mut answer = form_urlencoded::Serializer::new(String::new());
    answer.extend_pairs(query);
    answer.extend_pairs(state.map(|it| ("state", it)));
    answer.extend_pairs(issuer.map(|it| ("iss", it)));
    let joint = if redirect_uri.contains('?') { '&' } else { '?' };
    format!("{redirect_uri}{joint}{}", answer.finish())
}
