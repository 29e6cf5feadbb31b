//! `servers` and `defaults`: what a form is filled with.

use super::{Members, Reader, Wrong, join};
use crate::base::address::Address;
use crate::base::revision::Revision;
use crate::settings::servers::{KeptHeader, Server, clean, secrets};
use crate::settings::{Pinned, Registration};
use serde_json::Value;

impl Reader {
    pub(super) fn servers(&mut self, list: &Value, defaults: &Server) -> Vec<Server> {
        let Value::Array(list) = list else {
            self.fault("servers", Wrong::Type("an array"));
            return Vec::new();
        };
        let mut presets: Vec<Server> = Vec::new();
        for (index, entry) in list.iter().enumerate() {
            let at = format!("servers[{index}]");
            let Some(preset) = self.preset(entry, &at, defaults) else { continue };
            if presets.iter().any(|it| it.href() == preset.href()) {
                self.fault(join(&at, "url"), Wrong::Twice);
            } else {
                presets.push(preset);
            }
        }
        presets
    }

    pub(super) fn defaults(&mut self, defaults: &Members) -> Server {
        self.known("defaults", defaults, &["transport", "version", "headers", "auth"]);
        let mut server = Server::default();
        self.fill(&mut server, defaults, "defaults");
        server
    }

    fn preset(&mut self, entry: &Value, at: &str, defaults: &Server) -> Option<Server> {
        let Value::Object(entry) = entry else {
            self.fault(at, Wrong::Type("an object"));
            return None;
        };
        self.known(at, entry, &["name", "url", "transport", "version", "headers", "auth"]);
        let part = join(at, "url");
        let url = match entry.get("url") {
            None => Err(Wrong::Missing),
            Some(Value::String(url)) => Address::typed(url).map_err(Wrong::Url),
            Some(_) => Err(Wrong::Type("a string")),
        };
        let url = url.map_err(|wrong| self.fault(part, wrong)).ok()?;
        let name = self.text(entry, at, "name").unwrap_or_default();
        let mut server = Server { url: url.as_given().to_owned(), name: clean(&name), ..defaults.clone() };
        self.fill(&mut server, entry, at);
        Some(server.without_secrets())
    }

    fn fill(&mut self, server: &mut Server, entry: &Members, at: &str) {
        let transports = Pinned::ALL.iter().map(|(_, name, _)| *name);
        self.choice(server, entry, at, ["transport", "transport"], std::iter::once("auto").chain(transports));
        let versions = Revision::ALL.into_iter().map(Revision::as_str);
        self.choice(server, entry, at, ["version", "revision"], std::iter::once("auto").chain(versions));
        if let Some(headers) = self.object(entry, at, "headers") {
            self.headers(server, headers, &join(at, "headers"));
        }
        if let Some(auth) = self.object(entry, at, "auth") {
            self.authorization(server, auth, &join(at, "auth"));
        }
    }

    fn headers(&mut self, server: &mut Server, headers: &Members, at: &str) {
        for (name, value) in headers {
            let part = join(at, &clean(name));
            let Value::String(value) = value else {
                self.fault(part, Wrong::Type("a string"));
                continue;
            };
            // Without its value, it says that there is one to be asked for.
            if !value.trim().is_empty() && secrets::may_be_secret(name, value) {
                self.fault(part, Wrong::Secret);
            }
            server.headers.retain(|it| !it.name.eq_ignore_ascii_case(name));
            server.headers.push(KeptHeader::of(name, value));
        }
    }

    fn authorization(&mut self, server: &mut Server, auth: &Members, at: &str) {
        self.known(at, auth, &["registration", "clientId", "clientMetadataUrl", "scope", "extraParams"]);
        let methods = Registration::ALL.iter().map(|(_, name, _)| *name);
        self.choice(server, auth, at, ["registration", "registration"], methods);
        for (name, setting) in [("clientId", "client_id"), ("scope", "scope")] {
            if let Some(text) = self.text(auth, at, name) {
                set(server, setting, text);
            }
        }
        if let Some(url) = self.text(auth, at, "clientMetadataUrl") {
            match Address::given(&url) {
                Ok(_) => set(server, "client_metadata_url", url),
                Err(error) => self.fault(join(at, "clientMetadataUrl"), Wrong::Url(error)),
            }
        }
        if let Some(extra) = self.object(auth, at, "extraParams") {
            let lines = self.parameters(extra, &join(at, "extraParams"));
            set(server, "extra", lines.join("\n"));
        }
    }

    fn parameters(&mut self, extra: &Members, at: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for (name, value) in extra {
            match value {
                Value::String(value) if secrets::is_secret_parameter(name, value) => {
                    self.fault(join(at, &clean(name)), Wrong::Secret);
                }
                Value::String(value) => lines.push(format!("{}={}", clean(name), clean(value))),
                _ => self.fault(join(at, &clean(name)), Wrong::Type("a string")),
            }
        }
        lines
    }

    /// A value of a list; `names` are those of the file and of the setting.
    fn choice(
        &mut self,
        server: &mut Server,
        entry: &Members,
        at: &str,
        [name, setting]: [&str; 2],
        values: impl Iterator<Item = &'static str>,
    ) {
        let Some(text) = self.text(entry, at, name) else { return };
        let values: Vec<&str> = values.collect();
        if values.contains(&text.as_str()) {
            set(server, setting, text);
        } else {
            self.fault(join(at, name), Wrong::Value(values.into_iter().map(str::to_owned).collect()));
        }
    }
}

fn set(server: &mut Server, setting: &str, text: String) {
    server.settings.insert(setting.to_owned(), Value::String(text));
}
