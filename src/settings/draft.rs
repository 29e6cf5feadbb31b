//! The form as it is typed, and the checks that make settings of it.

use super::{
    ByHand, GrantType, Header, Leaving, Pinned, Registration, ResourceMode, Root, Settings, TokenAuth, Typed,
    private_key, token_auth,
};
use crate::base::address::{Address, AddressError};
use crate::base::format;
use crate::base::revision::Revision;
use crate::base::secret::Secret;
use crate::http;

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

/// Headers that MCP sets itself, or that a page may not set (Fetch standard, "forbidden request-header").
const RESERVED_HEADERS: [&str; 12] = [
    "accept",
    "content-type",
    "mcp-protocol-version",
    "mcp-session-id",
    "last-event-id",
    "host",
    "origin",
    "cookie",
    "content-length",
    "connection",
    "referer",
    "user-agent",
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
        ByHand {
            // The string as it is: issuers are compared as strings (RFC 8414 §3.3).
            issuer: address(&self.issuer, Field::Issuer).map(|it| it.as_given().to_owned()),
            authorization_endpoint: address(&self.authorization_endpoint, Field::AuthorizationEndpoint),
            token_endpoint: address(&self.token_endpoint, Field::TokenEndpoint),
            registration_endpoint: address(&self.registration_endpoint, Field::RegistrationEndpoint),
        }
    }

    fn headers(&self) -> Result<Vec<Header>, Refusal> {
        let mut all = self.clone();
        all.add_header();
        if let Some(name) = self.asked.first() {
            return Err(refusal(Field::Headers, &format!("Enter the value of {name}")));
        }
        all.headers.iter().map(|(name, value)| header(name.trim(), value.trim())).collect()
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

fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|it| !it.is_empty())
}

fn refusal(field: Field, words: &str) -> Refusal {
    Refusal { field, words: words.to_owned() }
}

fn server(error: &AddressError) -> Refusal {
    refusal(Field::Server, &error.to_string())
}

fn header(name: &str, value: &str) -> Result<Header, Refusal> {
    if name.is_empty() || !name.bytes().all(http::is_token) {
        return Err(refusal(Field::Headers, &format!("\"{name}\" is not a header name")));
    }
    let lower = name.to_ascii_lowercase();
    if RESERVED_HEADERS.contains(&lower.as_str()) || lower.starts_with("sec-") || lower.starts_with("proxy-") {
        return Err(refusal(
            Field::Headers,
            &format!("{name} is set by MCP or by the browser and cannot be set manually"),
        ));
    }
    if value.is_empty() {
        return Err(refusal(Field::Headers, &format!("Enter the value of {name}")));
    }
    if !value.bytes().all(|it| it == b'\t' || (0x20..0x7f).contains(&it)) {
        return Err(refusal(Field::Headers, &format!("{name} needs an ASCII value")));
    }
    Ok(Header { name: name.to_owned(), value: value.into() })
}

fn extra(lines: &str) -> Result<Vec<(String, String)>, Refusal> {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(parameter).collect()
}

fn parameter(line: &str) -> Result<(String, String), Refusal> {
    let (name, value) = line.split_once('=').unwrap_or((line, ""));
    match (name.trim(), value.trim()) {
        ("", _) => Err(refusal(Field::Extra, "Each line must be name=value, such as prompt=consent")),
        (name, _) if RESERVED.contains(&name) => Err(refusal(Field::Extra, &format!("{name} is set by Flowglass"))),
        (name, value) => Ok((name.to_owned(), value.to_owned())),
    }
}

/// 2026-07-28 has one transport.
fn fit(revision: Option<Revision>, transport: Option<Pinned>) -> Result<(), Refusal> {
    match (revision, transport) {
        (Some(revision), Some(Pinned::Sse)) if !revision.has_handshake() => {
            Err(refusal(Field::Transport, &format!("{} does not support HTTP+SSE", revision.as_str())))
        }
        _ => Ok(()),
    }
}

/// Roots as they are typed: a URI and a name, one a line.
pub fn root_lines(roots: &[Root]) -> String {
    let line = |it: &Root| match &it.name {
        Some(name) => format!("{} {name}", it.uri),
        None => it.uri.clone(),
    };
    roots.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The roots that were typed, or what is wrong with one of them.
pub fn roots(lines: &str) -> Result<Vec<Root>, Refusal> {
    lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(root).collect()
}

fn root(line: &str) -> Result<Root, Refusal> {
    let (uri, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    match uri.strip_prefix("file://") {
        Some(path) if !path.is_empty() => Ok(Root { uri: uri.to_owned(), name: filled(name) }),
        _ => Err(refusal(Field::Roots, "A root is a file URI with an optional name: file:///home/me/project")),
    }
}

fn timeout(text: &str) -> Result<u32, Refusal> {
    let milliseconds = format::parse_seconds(text).filter(|it| (100..=3_600_000).contains(it));
    milliseconds.ok_or_else(|| refusal(Field::Timeout, "Enter 0.1 to 3600 s"))
}

fn bearer(text: &str) -> Result<Option<Secret<String>>, Refusal> {
    let token = text.trim();
    let token = token.strip_prefix("Bearer ").unwrap_or(token).trim();
    match token {
        "" => Ok(None),
        it if it.bytes().all(|byte| (0x21..0x7f).contains(&byte)) => Ok(Some(it.into())),
        _ => Err(refusal(Field::Bearer, "A token has only ASCII characters and no spaces")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(edit: impl FnOnce(&mut Draft)) -> Result<Settings, Vec<Field>> {
        let mut draft = Draft { server: "https://mcp.example.com/mcp".to_owned(), ..Draft::default() };
        edit(&mut draft);
        draft.settings().map_err(|refusals| refusals.into_iter().map(|it| it.field).collect())
    }

    #[test]
    fn an_address_is_enough() {
        assert!(draft(|_| ()).is_ok());
    }

    #[test]
    fn bad_fields_are_all_named() {
        let fields = draft(|it| {
            it.server = "javascript:alert(1)".to_owned();
            it.timeout = "soon".to_owned();
            it.extra = "state=mine".to_owned();
            it.token_endpoint = "javascript:alert(1)".to_owned();
        });
        assert_eq!(fields.err(), Some(vec![Field::Server, Field::Extra, Field::Timeout, Field::TokenEndpoint]));
    }

    #[test]
    fn reserved_and_malformed_headers_are_refused() {
        for (name, value) in [("Mcp-Session-Id", "1"), ("a b", "1"), ("x", ""), ("x", "a\nb"), ("Sec-Fetch", "1")] {
            let fields = draft(|it| it.headers = vec![(name.to_owned(), value.to_owned())]);
            assert_eq!(fields.err(), Some(vec![Field::Headers]), "{name}");
        }
    }

    #[test]
    fn a_header_that_was_typed_and_not_added_counts_too() {
        let settings = draft(|it| {
            it.headers = vec![("x-key".to_owned(), "1".to_owned())];
            (it.header_name, it.header_value) = ("X-Key".to_owned(), "2".to_owned());
        });
        let Ok(settings) = settings else { panic!("refused") };
        assert_eq!(settings.headers.iter().map(|it| it.value.expose().as_str()).collect::<Vec<_>>(), ["2"]);
    }

    #[test]
    fn a_draft_of_settings_gives_the_same_settings() {
        let settings = draft(|it| {
            it.extra = "prompt=consent\naudience=x=y".to_owned();
            it.headers = vec![("X-Key".to_owned(), "1".to_owned())];
            it.bearer = "Bearer abc".to_owned();
            it.timeout = "2.5".to_owned();
            it.transport = "sse".to_owned();
            it.roots = "file:///a\nfile:///b the second".to_owned();
            it.token_auth = "client_secret_post".to_owned();
            (it.issuer, it.resource) = ("https://as.example/x".to_owned(), "none".to_owned());
            it.token_endpoint = "https://as.example/t".to_owned();
            (it.redirect_mode, it.step_mode) = ("popup".to_owned(), true);
        });
        let Ok(settings) = settings else { panic!("refused") };
        assert_eq!(settings.bearer.as_ref().map(|it| it.expose().as_str()), Some("abc"));
        assert!(Draft::of(&settings).settings().ok() == Some(settings));
    }

    #[test]
    fn roots_are_files_and_the_newest_revision_has_one_transport() {
        assert_eq!(draft(|it| it.roots = "/home/me".to_owned()).err(), Some(vec![Field::Roots]));
        let fields = draft(|it| (it.revision, it.transport) = ("2026-07-28".to_owned(), "sse".to_owned()));
        assert_eq!(fields.err(), Some(vec![Field::Transport]));
    }

    #[test]
    fn client_credentials_need_an_id_and_a_secret() {
        let with = |secret: &str| {
            let secret = secret.to_owned();
            draft(|it| (it.grant, it.client_id, it.client_secret) = ("client_credentials".into(), "me".into(), secret))
        };
        assert_eq!(with("").err(), Some(vec![Field::ClientId]));
        assert!(with("geheim").is_ok());
    }

    #[test]
    fn a_key_is_read_where_it_is_typed_and_needs_a_client_and_a_page_that_stays() {
        const KEY: &str = include_str!("../../tests/data/keys/rfc8410-ed25519.pem");
        let with = |edit: fn(&mut Draft)| {
            draft(|it| {
                (it.grant, it.client_id, it.private_key) = ("client_credentials".into(), "me".into(), KEY.into());
                edit(it);
            })
        };
        let Ok(settings) = with(|_| ()) else { panic!("refused") };
        assert_eq!(settings.token_auth, Some(TokenAuth::PrivateKeyJwt));
        assert!(Draft::of(&settings).settings().ok() == Some(settings));
        let key = Some(vec![Field::PrivateKey]);
        assert_eq!(with(|it| it.private_key = "geheim".to_owned()).err(), key);
        assert_eq!(with(|it| it.registration = "dynamic".to_owned()).err(), key);
        assert_eq!(with(|it| it.grant = "authorization_code".to_owned()).err(), key);
        let popup = |it: &mut Draft| (it.grant, it.redirect_mode) = ("authorization_code".into(), "popup".into());
        assert!(with(popup).is_ok());
        let gone = |it: &mut Draft| {
            (it.private_key, it.client_secret) = (String::new(), "geheim".to_owned());
            it.token_auth = "private_key_jwt".to_owned();
        };
        assert_eq!(with(gone).err(), key);
    }

    #[test]
    fn a_key_is_not_stored() {
        const KEY: &str = include_str!("../../tests/data/keys/rfc8410-ed25519.pem");
        let settings = draft(|it| {
            (it.grant, it.client_id, it.private_key) = ("client_credentials".into(), "me".into(), KEY.into());
        });
        let stored = crate::base::stored::write(&settings.ok()).expect("it can be written");
        let lines = || KEY.lines().filter(|it| !it.starts_with('-'));
        assert!(lines().count() > 0 && lines().all(|it| !stored.contains(it)));
        let read: Option<Settings> = crate::base::stored::read(&stored).expect("it can be read");
        assert!(read.is_some_and(|it| it.private_key.is_none() && it.token_auth == Some(TokenAuth::PrivateKeyJwt)));
    }

    #[test]
    fn a_client_registered_beforehand_needs_its_id() {
        let fields = draft(|it| it.registration = "pre-registered".to_owned());
        assert_eq!(fields.err(), Some(vec![Field::ClientId]));
    }
}
