//! Which origin each typed secret is for: that of the server URL that stood in the form when it was typed.

use super::{Draft, Settings};
use crate::base::address::Address;
use serde::{Deserialize, Serialize};

/// A secret of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Typed {
    Bearer,
    ClientSecret,
    /// The value of a header, by its name in lower case.
    Header(String),
}

impl Typed {
    pub fn words(&self) -> String {
        match self {
            Self::Bearer => "access token".to_owned(),
            Self::ClientSecret => "client secret".to_owned(),
            Self::Header(name) => format!("value of the header {name}"),
        }
    }
}

impl Draft {
    /// An edit of the form. A secret that it changes is for the server whose URL stands there now.
    pub fn edit(&mut self, edit: impl FnOnce(&mut Self)) {
        let before = self.secrets();
        edit(self);
        let now = self.secrets();
        let changed =
            |typed: &Typed| now.iter().find(|(it, _)| it == typed) != before.iter().find(|(it, _)| it == typed);
        self.typed.retain(|(typed, _)| !changed(typed));
        let Ok(server) = Address::typed(&self.server) else { return };
        let fresh = now.iter().map(|(typed, _)| typed).filter(|it| changed(it));
        self.typed.extend(fresh.map(|it| (it.clone(), server.origin())));
    }

    /// The form was used with these settings: what was typed before any server URL is for that server from now on.
    pub fn used(&mut self, settings: &Settings) {
        let known = |typed: &Typed, of: &[(Typed, String)]| of.iter().any(|(it, _)| it == typed);
        let secrets = self.secrets();
        let fresh = settings.typed.iter().filter(|(it, _)| known(it, &secrets) && !known(it, &self.typed));
        let fresh: Vec<_> = fresh.cloned().collect();
        self.typed.extend(fresh);
    }

    /// Every secret with its origin, where the server is this one.
    pub(super) fn typed_at(&self, server: &Address) -> Vec<(Typed, String)> {
        let origin = |typed: &Typed| self.typed.iter().find(|(it, _)| it == typed).map(|(_, origin)| origin.clone());
        let all = self.secrets().into_iter().map(|(typed, _)| typed);
        all.map(|typed| (typed.clone(), origin(&typed).unwrap_or_else(|| server.origin()))).collect()
    }

    /// The secrets that are filled in; a header that was typed and not added counts too.
    fn secrets(&self) -> Vec<(Typed, String)> {
        let header =
            |(name, value): (&String, &String)| (Typed::Header(name.trim().to_ascii_lowercase()), value.clone());
        let next = (&self.header_name, &self.header_value);
        let added = self.headers.iter().map(|(name, value)| (name, value));
        // The next one takes the place of one that has its name.
        let mut all: Vec<_> = [next].into_iter().chain(added).map(header).collect();
        all.push((Typed::Bearer, self.bearer.clone()));
        all.push((Typed::ClientSecret, self.client_secret.clone()));
        all.retain(|(_, value)| !value.trim().is_empty());
        let mut known = Vec::new();
        all.retain(|(typed, _)| {
            !known.contains(typed) && {
                known.push(typed.clone());
                true
            }
        });
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "https://mcp.example.com";

    fn draft() -> Draft {
        Draft { server: format!("{FIRST}/mcp"), ..Draft::default() }
    }

    fn origins(draft: &Draft) -> Vec<(String, String)> {
        let settings = draft.settings().unwrap_or_else(|refusals| panic!("{refusals:?}"));
        settings.typed.into_iter().map(|(typed, origin)| (typed.words(), origin)).collect()
    }

    fn owned(words: &str, origin: &str) -> (String, String) {
        (words.to_owned(), origin.to_owned())
    }

    #[test]
    fn a_secret_is_for_the_server_whose_url_stood_there_when_it_was_typed() {
        let mut draft = draft();
        draft.edit(|it| it.bearer = "abc".to_owned());
        draft.edit(|it| it.server = "https://other.example/mcp".to_owned());
        assert_eq!(origins(&draft), [owned("access token", FIRST)]);
        draft.edit(|it| it.client_secret = "geheim".to_owned());
        assert_eq!(origins(&draft), [owned("access token", FIRST), owned("client secret", "https://other.example")]);
        draft.edit(|it| it.bearer = "abcd".to_owned());
        assert_eq!(origins(&draft)[0], owned("access token", "https://other.example"));
        draft.edit(|it| it.bearer = String::new());
        assert_eq!(origins(&draft), [owned("client secret", "https://other.example")]);
    }

    #[test]
    fn a_header_keeps_its_origin_when_it_is_added_and_when_another_is() {
        let mut draft = draft();
        draft.edit(|it| it.header_name = "X-Key".to_owned());
        draft.edit(|it| it.header_value = "1".to_owned());
        draft.edit(Draft::add_header);
        draft.edit(|it| it.server = "https://other.example/mcp".to_owned());
        draft.edit(|it| (it.header_name, it.header_value) = ("X-Team".to_owned(), "2".to_owned()));
        let other = owned("value of the header x-team", "https://other.example");
        assert_eq!(origins(&draft), [other, owned("value of the header x-key", FIRST)]);
    }

    #[test]
    fn a_secret_that_was_typed_before_any_url_is_for_the_first_server_that_is_connected_to() {
        let mut draft = Draft::default();
        draft.edit(|it| it.bearer = "abc".to_owned());
        draft.edit(|it| it.server = format!("{FIRST}/mcp"));
        assert_eq!(origins(&draft), [owned("access token", FIRST)]);
        let settings = draft.settings().unwrap_or_else(|refusals| panic!("{refusals:?}"));
        draft.used(&settings);
        draft.edit(|it| it.server = "https://other.example/mcp".to_owned());
        assert_eq!(origins(&draft), [owned("access token", FIRST)]);
    }
}
