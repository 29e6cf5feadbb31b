//! The servers that are kept: those that the user saved under a name, and those that were connected to. They stay in
//! `localStorage`, so they hold no secret: no query of a URL, where some servers expect a token, no user information, and
//! no value of a header that may be secret. What is left out is asked for when the server is used.

mod list;
pub mod secrets;

pub use list::{Key, Removed, Servers, Shift, Source};

use super::{Draft, Settings};
use crate::base::address::Address;
use crate::base::revision::Revision;
use crate::base::text::prefix;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The longest name that is kept, in bytes: the place is shared by all servers.
const NAME: usize = 200;

/// A header of a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptHeader {
    pub name: String,
    /// `None`: it may be a secret, and is asked for.
    pub value: Option<String>,
}

impl KeptHeader {
    /// What may stay of a header.
    pub fn of(name: &str, value: &str) -> Self {
        let kept = !value.trim().is_empty() && !secrets::may_be_secret(name, value);
        Self { name: name.trim().to_owned(), value: kept.then(|| value.trim().to_owned()) }
    }
}

/// A server and what was set for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Server {
    #[serde(rename = "server")]
    pub url: String,
    /// Whether its URL had a query, which has to be typed again.
    #[serde(skip_serializing_if = "is_false")]
    pub had_query: bool,
    /// The name that the user saved it under, else what the server calls itself.
    pub name: String,
    /// The version that was agreed on last.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub negotiated: String,
    #[serde(skip_serializing_if = "is_false")]
    pub authorized: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<KeptHeader>,
    /// Those of its URLs that came with a link: the user has not typed them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub linked: Vec<String>,
    /// The settings that are not the default, by their names in [`SETTINGS`].
    #[serde(flatten)]
    pub settings: BTreeMap<String, Value>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_false(it: &bool) -> bool {
    !*it
}

/// A text of the form: its name in the storage, and the place of it in the draft.
type Setting = (&'static str, fn(&mut Draft) -> &mut String);

/// What is kept of the form, beside URL, name and headers. The client secret, the key and the access token are not.
const SETTINGS: [Setting; 16] = [
    ("revision", |it| &mut it.revision),
    ("transport", |it| &mut it.transport),
    ("registration", |it| &mut it.registration),
    ("client_id", |it| &mut it.client_id),
    ("client_metadata_url", |it| &mut it.client_metadata_url),
    ("scope", |it| &mut it.scope),
    ("extra", |it| &mut it.extra),
    ("token_auth", |it| &mut it.token_auth),
    ("resource", |it| &mut it.resource),
    ("issuer", |it| &mut it.issuer),
    ("authorization_endpoint", |it| &mut it.authorization_endpoint),
    ("token_endpoint", |it| &mut it.token_endpoint),
    ("registration_endpoint", |it| &mut it.registration_endpoint),
    ("grant", |it| &mut it.grant),
    ("redirect_mode", |it| &mut it.redirect_mode),
    ("timeout", |it| &mut it.timeout),
];

/// Its URLs, of which the query does not stay.
const URLS: [&str; 5] =
    ["client_metadata_url", "issuer", "authorization_endpoint", "token_endpoint", "registration_endpoint"];

/// A box of the form, likewise.
type CheckBox = (&'static str, fn(&mut Draft) -> &mut bool);

/// The boxes of the form.
const BOXES: [CheckBox; 2] = [("memory_only", |it| &mut it.memory_only), ("step_mode", |it| &mut it.step_mode)];

impl Server {
    /// What may be kept of the form, under the name that was typed.
    pub fn of(draft: &Draft) -> Self {
        let mut draft = draft.clone();
        let asked = std::mem::take(&mut draft.asked);
        draft.add_header();
        let mut default = Draft::default();
        let mut settings = BTreeMap::new();
        for (name, place) in SETTINGS {
            let (set, unset) = (place(&mut draft).trim().to_owned(), place(&mut default).clone());
            if set != unset {
                settings.insert(name.to_owned(), Value::String(set));
            }
        }
        for (name, place) in BOXES {
            if *place(&mut draft) {
                settings.insert(name.to_owned(), Value::Bool(true));
            }
        }
        let typed = draft.headers.iter().filter(|(name, _)| !name.trim().is_empty());
        let asked = asked.into_iter().map(|name| KeptHeader { name, value: None });
        let headers = typed.map(|(name, value)| KeptHeader::of(name, value)).chain(asked).collect();
        let (url, name) = (draft.server.trim().to_owned(), draft.label.clone());
        let linked = std::mem::take(&mut draft.linked);
        Self { url, name, headers, linked, settings, ..Self::default() }.without_secrets()
    }

    /// A connection as it stands: what was set for it, what the server calls itself, the version that was agreed on.
    pub fn connected(settings: &Settings, name: &str, negotiated: Revision, authorized: bool) -> Self {
        let kept = Self::of(&Draft { label: name.to_owned(), ..Draft::of(settings) });
        Self { negotiated: negotiated.as_str().to_owned(), authorized, ..kept }
    }

    /// What may stay: also of entries that an older version kept, or somebody else wrote.
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        let (url, had_query) = without_query(&self.url);
        self.had_query |= had_query;
        self.url = url;
        self.name = clean(&self.name);
        self.negotiated = clean(&self.negotiated);
        self.headers =
            self.headers.iter().map(|it| KeptHeader::of(&it.name, it.value.as_deref().unwrap_or(""))).collect();
        self.settings.retain(|name, value| is_kept(name, value));
        for (name, value) in &mut self.settings {
            let Value::String(text) = value else { continue };
            if URLS.contains(&name.as_str()) {
                *text = without_query(text).0;
            } else if name == "extra" {
                *text = text.lines().filter(|it| !is_secret_line(it)).collect::<Vec<_>>().join("\n");
            }
        }
        self.settings.retain(|_, value| value.as_str() != Some(""));
        let leads = |url: &String| self.settings.values().any(|it| it.as_str() == Some(url));
        self.linked = self.linked.iter().map(|it| without_query(it).0).filter(leads).collect();
        self
    }

    /// The form filled as it was. The first header without its value is the one to be typed next.
    pub fn draft(&self) -> Draft {
        let mut draft = Draft { server: self.url.clone(), linked: self.linked.clone(), ..Draft::default() };
        self.fill(&mut draft);
        if let Ok(server) = Address::typed(&self.url) {
            draft.typed = draft.typed_at(&server);
        }
        draft
    }

    /// Writes its headers and settings into a form.
    pub fn fill(&self, draft: &mut Draft) {
        for (name, place) in SETTINGS {
            if let Some(Value::String(text)) = self.settings.get(name) {
                place(draft).clone_from(text);
            }
        }
        for (name, place) in BOXES {
            if let Some(Value::Bool(set)) = self.settings.get(name) {
                *place(draft) = *set;
            }
        }
        for KeptHeader { name, value } in &self.headers {
            match value {
                Some(value) => draft.headers.push((name.clone(), value.clone())),
                None => draft.asked.push(name.clone()),
            }
        }
        draft.ask_next();
    }

    /// Whether something has to be typed before it can be connected to.
    pub fn asks(&self) -> bool {
        self.had_query || self.headers.iter().any(|it| it.value.is_none())
    }

    /// Its name, or its URL where it has none.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.url } else { &self.name }
    }

    /// Its URL as URLs are compared.
    pub fn href(&self) -> String {
        href(&self.url)
    }
}

/// A URL as URLs are compared: without what is not kept of it.
pub fn href(url: &str) -> String {
    let kept = without_query(url.trim()).0;
    Address::typed(&kept).map(|it| it.href()).unwrap_or(kept)
}

/// A name of one line.
pub fn clean(name: &str) -> String {
    let name: String = name.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    prefix(name.trim(), NAME).to_owned()
}

fn is_kept(name: &str, value: &Value) -> bool {
    match value {
        Value::String(_) => SETTINGS.iter().any(|(it, _)| *it == name),
        Value::Bool(_) => BOXES.iter().any(|(it, _)| *it == name),
        _ => false,
    }
}

fn is_secret_line(line: &str) -> bool {
    line.split_once('=').is_some_and(|(name, value)| secrets::is_secret_parameter(name.trim(), value))
}

/// A URL without user information, query and fragment, and whether there was a query.
pub(super) fn without_query(url: &str) -> (String, bool) {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let (kept, rest) = url.split_at_checked(end).unwrap_or((url, ""));
    let host = kept.find("://").map_or(0, |at| at + 3);
    let path = kept.get(host..).and_then(|it| it.find('/')).map_or(kept.len(), |at| host + at);
    let user = kept.get(host..path).and_then(|it| it.rfind('@')).map_or(host, |at| host + at + 1);
    let parts = [kept.get(..host), kept.get(user..)];
    (parts.into_iter().flatten().collect(), rest.starts_with('?') && rest.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str) -> Server {
        Server { url: url.to_owned(), ..Server::default() }
    }

    #[test]
    fn no_query_and_no_user_of_a_url_is_kept_and_no_secret_parameter() {
        for (typed, kept, had_query) in [
            ("https://a/mcp?token=geheim", "https://a/mcp", true),
            ("https://a?token=geheim/@b", "https://a", true),
            ("https://me:geheim@a:8443/m@p?x#y", "https://a:8443/m@p", true),
            ("https://a/mcp#geheim?x", "https://a/mcp", false),
            ("https://a/mcp?", "https://a/mcp", false),
            ("http://localhost:3001/mcp", "http://localhost:3001/mcp", false),
        ] {
            let settings = [("extra", "audience=x\napi_key=geheim"), ("token_endpoint", typed)];
            let settings = settings.map(|(name, text)| (name.to_owned(), Value::String(text.to_owned())));
            let server = Server { settings: settings.into(), ..at(typed) }.without_secrets();
            assert_eq!((server.url.as_str(), server.had_query), (kept, had_query));
            assert_eq!(
                (&server.settings["extra"], &server.settings["token_endpoint"]),
                (&"audience=x".into(), &kept.into())
            );
            assert_eq!(server.clone().without_secrets(), server);
        }
    }

    #[test]
    fn an_entry_of_an_older_version_fills_the_form() {
        let old =
            r#"{"server":"https://a","had_query":false,"name":"A","scope":"a b","memory_only":true,"client_id":""}"#;
        let old: Server = serde_json::from_str(old).expect("valid");
        let draft = old.without_secrets().draft();
        assert_eq!((draft.scope.as_str(), draft.memory_only, draft.timeout), ("a b", true, Draft::default().timeout));
    }

    #[test]
    fn what_is_kept_of_a_form_fills_it_again_and_asks_for_its_secrets() {
        let mut draft = Draft { server: "https://a/mcp".to_owned(), label: "A".to_owned(), ..Draft::default() };
        draft.headers = [("x-team", "a"), ("X-Api-Key", "geheim"), ("Authorization", "Bearer geheim")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        (draft.bearer, draft.client_secret, draft.private_key) = ("geheim".into(), "geheim".into(), "geheim".into());
        (draft.scope, draft.step_mode, draft.redirect_mode) = ("a b".into(), true, "popup".into());
        let kept = serde_json::to_string(&Server::of(&draft)).expect("JSON");
        assert!(!kept.contains("geheim"), "{kept}");
        let kept: Server = serde_json::from_str(&kept).expect("valid");
        assert!(kept.asks());
        let mut again = kept.draft();
        assert_eq!((again.scope.as_str(), again.step_mode, again.redirect_mode.as_str()), ("a b", true, "popup"));
        assert_eq!(again.headers, [("x-team".to_owned(), "a".to_owned())]);
        assert_eq!((again.header_name.as_str(), again.header_value.as_str()), ("X-Api-Key", ""));
        assert!(again.settings().is_err());
        again.edit(|it| it.header_value = "1".to_owned());
        assert!(again.settings().is_err(), "one more is asked for");
        again.edit(Draft::add_header);
        assert_eq!(again.header_name, "Authorization");
        again.edit(|it| it.header_value = "Bearer 2".to_owned());
        assert!(again.settings().is_ok_and(|it| it.headers.len() == 3));
    }
}
