//! The form as it is typed, and the checks that make settings of it.

mod fields;

use super::by_hand::origin;
use super::{
    ByHand, GrantType, Header, Leaving, Pinned, Registration, ResourceMode, Settings, TokenAuth, Typed, private_key,
    token_auth,
};
use crate::base::address::Address;
use crate::base::format;
use crate::base::revision::Revision;
use crate::base::secret::Secret;
use fields::{bearer, filled, fit, refusal, server};
pub(super) use fields::{extra, header, timeout};
pub use fields::{root_lines, roots};

/// The form as it is typed: strings, nothing checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    pub server: String,
    /// The name to save it under.
    pub label: String,
    /// The name of the saved server that is being edited; empty where none is.
    pub edited: String,
    pub revision: String,
    pub transport: String,
    /// The headers that were added.
    pub headers: Vec<(String, String)>,
    /// The next one, as it is being typed; it counts as added when connecting.
    pub header_name: String,
    pub header_value: String,
    /// Headers that wait for their values, behind that one: a kept server has no secrets.
    pub asked: Vec<String>,
    pub bearer: String,
    pub registration: String,
    pub client_id: String,
    pub client_secret: String,
    pub private_key: String,
    pub client_metadata_url: String,
    pub scope: String,
    pub extra: String,
    pub token_auth: String,
    pub resource: String,
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub registration_endpoint: String,
    pub grant: String,
    pub redirect_mode: String,
    pub step_mode: bool,
    /// One root a line: its URI, and a name behind a space.
    pub roots: String,
    pub timeout: String,
    pub memory_only: bool,
    /// The origins that secrets were typed for. One that was typed before any server URL has none yet.
    pub typed: Vec<(Typed, String)>,
    /// URLs of the authorization server that a link filled in. One that the user edits is another.
    pub linked: Vec<String>,
}

impl Default for Draft {
    fn default() -> Self {
        let empty = String::new;
        Self {
            server: empty(),
            label: empty(),
            edited: empty(),
            revision: "auto".to_owned(),
            transport: "auto".to_owned(),
            headers: Vec::new(),
            header_name: empty(),
            header_value: empty(),
            asked: Vec::new(),
            bearer: empty(),
            registration: Registration::default().name().to_owned(),
            client_id: empty(),
            client_secret: empty(),
            private_key: empty(),
            client_metadata_url: empty(),
            scope: empty(),
            extra: empty(),
            token_auth: "auto".to_owned(),
            resource: ResourceMode::default().name().to_owned(),
            issuer: empty(),
            authorization_endpoint: empty(),
            token_endpoint: empty(),
            registration_endpoint: empty(),
            grant: GrantType::default().name().to_owned(),
            redirect_mode: Leaving::default().name().to_owned(),
            step_mode: false,
            roots: empty(),
            timeout: "60".to_owned(),
            memory_only: false,
            typed: Vec::new(),
            linked: Vec::new(),
        }
    }
}

/// A field that cannot be used as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Server,
    Headers,
    ClientId,
    PrivateKey,
    ClientMetadataUrl,
    Extra,
    Issuer,
    AuthorizationEndpoint,
    TokenEndpoint,
    RegistrationEndpoint,
    Roots,
    Timeout,
    Transport,
    Bearer,
}

/// A field and what is wrong with it, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub field: Field,
    pub words: String,
}

/// Parameters that this client sets itself (RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2).
pub const RESERVED: [&str; 8] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "resource",
];

impl Draft {
    /// Checks every field; all that cannot be used are named.
    pub fn settings(&self) -> Result<Settings, Vec<Refusal>> {
        let mut refusals = Vec::new();
        let server = keep(Address::typed(&self.server).map_err(|it| server(&it)), &mut refusals);
        let headers = keep(self.headers(), &mut refusals);
        let extra = keep(extra(&self.extra), &mut refusals);
        let timeout = keep(timeout(&self.timeout), &mut refusals);
        let bearer = keep(bearer(&self.bearer), &mut refusals);
        let registration = Registration::parse(&self.registration).unwrap_or_default();
        keep(self.registration(registration), &mut refusals);
        let private_key = keep(self.private_key(), &mut refusals).flatten();
        // The settings outlast the key, and say that there was one.
        let token_auth =
            token_auth(&self.token_auth).or_else(|| private_key.as_ref().map(|_| TokenAuth::PrivateKeyJwt));
        let by_hand = self.by_hand(&mut refusals);
        let roots = keep(roots(&self.roots), &mut refusals).unwrap_or_default();
        let (revision, transport) = (Revision::parse(&self.revision), Pinned::parse(&self.transport));
        keep(fit(revision, transport), &mut refusals);
        match (server, headers, extra, timeout, bearer) {
            (Some(server), Some(headers), Some(extra), Some(timeout), Some(bearer)) if refusals.is_empty() => {
                Ok(Settings {
                    typed: self.typed_at(&server),
                    server,
                    revision,
                    transport,
                    headers,
                    bearer,
                    registration,
                    client_id: filled(&self.client_id),
                    client_secret: filled(&self.client_secret).map(Secret::new),
                    private_key,
                    client_metadata_url: filled(&self.client_metadata_url),
                    scope: filled(&self.scope),
                    extra,
                    token_auth,
                    resource: ResourceMode::parse(&self.resource).unwrap_or_default(),
                    by_hand,
                    grant: GrantType::parse(&self.grant).unwrap_or_default(),
                    leaving: Leaving::parse(&self.redirect_mode).unwrap_or_default(),
                    step_mode: self.step_mode,
                    roots,
                    timeout,
                    memory_only: self.memory_only,
                })
            }
            _ => Err(refusals),
        }
    }

    /// The form as it was filled for these settings.
    pub fn of(settings: &Settings) -> Self {
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        let secret = |it: &Option<Secret<String>>| it.as_ref().map(|it| it.expose().clone()).unwrap_or_default();
        let lines = settings.extra.iter().map(|(name, value)| format!("{name}={value}"));
        let endpoint = |it: &Option<Address>| it.as_ref().map(|it| it.as_given().to_owned()).unwrap_or_default();
        let by_hand = &settings.by_hand;
        Self {
            server: settings.server.as_given().to_owned(),
            label: String::new(),
            edited: String::new(),
            revision: settings.revision.map_or("auto", Revision::as_str).to_owned(),
            transport: settings.transport.map_or("auto", Pinned::name).to_owned(),
            headers: settings.headers.iter().map(|it| (it.name.clone(), it.value.expose().clone())).collect(),
            header_name: String::new(),
            header_value: String::new(),
            asked: Vec::new(),
            bearer: secret(&settings.bearer),
            registration: settings.registration.name().to_owned(),
            client_id: text(&settings.client_id),
            client_secret: secret(&settings.client_secret),
            private_key: secret(&settings.private_key),
            client_metadata_url: text(&settings.client_metadata_url),
            scope: text(&settings.scope),
            extra: lines.collect::<Vec<_>>().join("\n"),
            token_auth: settings.token_auth.map_or("auto", TokenAuth::name).to_owned(),
            resource: settings.resource.name().to_owned(),
            issuer: text(&by_hand.issuer),
            authorization_endpoint: endpoint(&by_hand.authorization_endpoint),
            token_endpoint: endpoint(&by_hand.token_endpoint),
            registration_endpoint: endpoint(&by_hand.registration_endpoint),
            grant: settings.grant.name().to_owned(),
            redirect_mode: settings.leaving.name().to_owned(),
            step_mode: settings.step_mode,
            roots: root_lines(&settings.roots),
            timeout: format::seconds(settings.timeout),
            memory_only: settings.memory_only,
            typed: settings.typed.clone(),
            linked: by_hand.linked_urls(),
        }
    }

    /// Every address that cannot be used is named.
    fn by_hand(&self, refusals: &mut Vec<Refusal>) -> ByHand {
        let mut address = |text: &str, field: Field| match filled(text).map(|it| Address::given(&it)) {
            Some(Err(error)) => {
                refusals.push(refusal(field, &error.to_string()));
                None
            }
            it => it.and_then(Result::ok),
        };
        let mut by_hand = ByHand {
            linked: Vec::new(),
            // The string as it is: issuers are compared as strings (RFC 8414 §3.3).
            issuer: address(&self.issuer, Field::Issuer).map(|it| it.as_given().to_owned()),
            authorization_endpoint: address(&self.authorization_endpoint, Field::AuthorizationEndpoint),
            token_endpoint: address(&self.token_endpoint, Field::TokenEndpoint),
            registration_endpoint: address(&self.registration_endpoint, Field::RegistrationEndpoint),
        };
        by_hand.linked = by_hand.urls().filter(|it| self.linked.contains(it)).filter_map(|it| origin(&it)).collect();
        by_hand.linked.sort();
        by_hand.linked.dedup();
        by_hand
    }

    fn headers(&self) -> Result<Vec<Header>, Refusal> {
        let mut all = self.clone();
        all.add_header();
        if let Some(name) = self.asked.first() {
            return Err(refusal(Field::Headers, &format!("Enter the value of {name}")));
        }
        all.headers.iter().map(|(name, value)| header(name.trim(), value.trim())).collect()
    }

    /// Sets the `prompt` of the authorization request, in the place of one that is there.
    pub fn set_prompt(&mut self, prompt: &str) {
        let is_prompt = |line: &&str| line.split('=').next().is_some_and(|it| it.trim() == "prompt");
        let others: Vec<&str> = self.extra.lines().filter(|it| !it.trim().is_empty() && !is_prompt(it)).collect();
        self.extra = [others.as_slice(), &[&format!("prompt={prompt}")]].concat().join("\n");
    }

    /// Puts what is typed into the list of headers. A name that is there already gets the new value. The next one that
    /// waits for its value takes its place.
    pub fn add_header(&mut self) {
        let (name, value) = (std::mem::take(&mut self.header_name), std::mem::take(&mut self.header_value));
        if !name.trim().is_empty() || !value.trim().is_empty() {
            self.headers.retain(|(it, _)| !it.trim().eq_ignore_ascii_case(name.trim()));
            self.headers.push((name, value));
        }
        self.ask_next();
    }

    /// The next header that waits for its value is the one to be typed.
    pub fn ask_next(&mut self) {
        if self.header_name.is_empty() && self.header_value.is_empty() && !self.asked.is_empty() {
            self.header_name = self.asked.remove(0);
        }
    }

    /// Whether the value that was asked for is there, and another one waits behind it.
    pub fn asks_more(&self) -> bool {
        !self.asked.is_empty() && !self.header_value.trim().is_empty()
    }

    fn has_credential(&self) -> bool {
        filled(&self.client_secret).or_else(|| filled(&self.private_key)).is_some()
    }

    /// The key, where it can be used for what is set beside it.
    fn private_key(&self) -> Result<Option<Secret<String>>, Refusal> {
        let refused = |words: &str| Err(refusal(Field::PrivateKey, words));
        let Some(text) = filled(&self.private_key) else {
            return match token_auth(&self.token_auth) {
                Some(TokenAuth::PrivateKeyJwt) => {
                    refused("Paste the private key. It is never stored, so a reload removes it")
                }
                _ => Ok(None),
            };
        };
        let dynamic = Registration::parse(&self.registration) == Some(Registration::Dynamic);
        let known = filled(&self.client_id).or_else(|| filled(&self.client_metadata_url)).filter(|_| !dynamic);
        let logs_in = GrantType::parse(&self.grant).unwrap_or_default() == GrantType::AuthorizationCode;
        let leaves = Leaving::parse(&self.redirect_mode).unwrap_or_default() == Leaving::SameWindow;
        match private_key::glance(&text) {
            Err(error) => refused(&error.to_string()),
            Ok(()) if known.is_none() => refused("A private key belongs to a registered client: enter its client ID"),
            Ok(()) if logs_in && leaves => refused(
                "The key is in memory only, and a login in this window would remove it. Open the login in a popup",
            ),
            Ok(()) => Ok(Some(Secret::new(text))),
        }
    }

    fn registration(&self, registration: Registration) -> Result<(), Refusal> {
        match registration {
            _ if GrantType::parse(&self.grant) == Some(GrantType::ClientCredentials)
                && (filled(&self.client_id).is_none() || !self.has_credential()) =>
            {
                Err(refusal(Field::ClientId, "Client credentials need a client ID and a client secret or private key"))
            }
            Registration::PreRegistered if filled(&self.client_id).is_none() => {
                Err(refusal(Field::ClientId, "Enter the client ID of the pre-registered client"))
            }
            Registration::MetadataDocument if filled(&self.client_metadata_url).is_none() => {
                Err(refusal(Field::ClientMetadataUrl, "Enter the https URL of the client ID metadata document"))
            }
            _ => match filled(&self.client_metadata_url).map(|it| Address::given(&it)) {
                Some(Err(error)) => Err(refusal(Field::ClientMetadataUrl, &error.to_string())),
                _ => Ok(()),
            },
        }
    }
}

fn keep<T>(result: Result<T, Refusal>, refusals: &mut Vec<Refusal>) -> Option<T> {
    result.map_err(|it| refusals.push(it)).ok()
}

#[cfg(test)]
mod tests;
