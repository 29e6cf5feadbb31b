//! Servers as other clients configure them: `mcp.json` of the saved ones, and the connected one for Claude Code, VS Code and
//! Cursor. No secret is in it: the name of its header stays, and the client is told where to take the value from.

use super::bridge::word;
use crate::base::address::Address;
use crate::base::text::names;
use crate::inspector::Inspector;
use crate::mcp::connection::Transport;
use crate::settings::servers::{KeptHeader, Server};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// `mcp.json`. Headers that are not kept have an empty value.
pub fn mcp_json(servers: &[Server]) -> String {
    let mut all = Map::new();
    for server in servers {
        let is_sse = server.settings.get("transport").and_then(Value::as_str) == Some("sse");
        let mut entry = Map::new();
        entry.insert("type".to_owned(), kind(is_sse).into());
        entry.insert("url".to_owned(), server.url.clone().into());
        if !server.headers.is_empty() {
            let header = |it: &KeptHeader| (it.name.clone(), Value::from(it.value.clone().unwrap_or_default()));
            entry.insert("headers".to_owned(), Value::Object(server.headers.iter().map(header).collect()));
        }
        all.insert(server.title().to_owned(), Value::Object(entry));
    }
    pretty(&json!({ "mcpServers": all }))
}

/// The client that a server is copied for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    ClaudeCode,
    VsCode,
    Cursor,
}

impl Client {
    /// With its label, and its name in `data-testid`.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::ClaudeCode, "Copy for Claude Code", "copy-claude-code"),
        (Self::VsCode, "Copy for VS Code", "copy-vs-code"),
        (Self::Cursor, "Copy for Cursor", "copy-cursor"),
    ];
}

/// The connected server for another client: a command for Claude Code, a file for the others. `label` is the name that it
/// was saved under.
pub fn connected(inspector: &Inspector, client: Client, label: &str) -> Option<String> {
    let (connection, settings) = (inspector.connection()?, inspector.settings()?);
    let own = connection.info.as_ref().map(|it| it.name.clone()).unwrap_or_default();
    let host = connection.server.host();
    let name = [label, &own, &host].into_iter().map(plain).find(|it| !it.is_empty()).unwrap_or_default();
    let mut headers: Vec<KeptHeader> =
        settings.headers.iter().map(|it| KeptHeader::of(&it.name, it.value.expose())).collect();
    if settings.bearer.is_some() {
        headers.retain(|it| !it.name.eq_ignore_ascii_case("authorization"));
        headers.push(KeptHeader { name: "Authorization".to_owned(), value: None });
    }
    let is_sse = matches!(connection.transport, Transport::Sse { .. });
    let shared = Shared { name, url: without_secrets(&settings.server), is_sse, headers };
    Some(match client {
        Client::ClaudeCode => shared.claude_code(),
        Client::VsCode => shared.vs_code(),
        Client::Cursor => shared.cursor(),
    })
}

struct Shared {
    name: String,
    url: String,
    is_sse: bool,
    headers: Vec<KeptHeader>,
}

impl Shared {
    fn claude_code(&self) -> String {
        let mut command =
            format!("claude mcp add --transport {} {} {}", kind(self.is_sse), word(&self.name), word(&self.url));
        for header in &self.headers {
            let _ = match &header.value {
                Some(value) => write!(command, " --header {}", word(&format!("{}: {value}", header.name))),
                None => write!(command, " --header \"{}: ${}\"", header.name, variable(&header.name)),
            };
        }
        command
    }

    fn vs_code(&self) -> String {
        let entry = self.entry(true, |name| format!("${{input:{}}}", input(name)));
        let secret = self.headers.iter().filter(|it| it.value.is_none());
        let inputs: Vec<Value> = secret
            .map(
                |it| json!({ "type": "promptString", "id": input(&it.name), "description": it.name, "password": true }),
            )
            .collect();
        let mut file = Map::new();
        if !inputs.is_empty() {
            file.insert("inputs".to_owned(), Value::Array(inputs));
        }
        file.insert("servers".to_owned(), json!({ &self.name: entry }));
        pretty(&Value::Object(file))
    }

    fn cursor(&self) -> String {
        let entry = self.entry(false, |name| format!("${{env:{}}}", variable(name)));
        pretty(&json!({ "mcpServers": { &self.name: entry } }))
    }

    fn entry(&self, typed: bool, secret: impl Fn(&str) -> String) -> Value {
        let mut entry = Map::new();
        if typed {
            entry.insert("type".to_owned(), kind(self.is_sse).into());
        }
        entry.insert("url".to_owned(), self.url.clone().into());
        let value = |it: &KeptHeader| it.value.clone().unwrap_or_else(|| secret(&it.name));
        let headers: Map<_, _> = self.headers.iter().map(|it| (it.name.clone(), value(it).into())).collect();
        if !headers.is_empty() {
            entry.insert("headers".to_owned(), Value::Object(headers));
        }
        Value::Object(entry)
    }
}

const fn kind(is_sse: bool) -> &'static str {
    if is_sse { "sse" } else { "http" }
}

/// Letters, digits, `-` and `_`, as all of them take for a name.
fn plain(name: &str) -> String {
    let dashed: String =
        name.chars().map(|it| if it.is_ascii_alphanumeric() || it == '_' { it } else { '-' }).collect();
    let words: Vec<&str> = dashed.split('-').filter(|it| !it.is_empty()).collect();
    words.join("-").chars().take(60).collect()
}

/// The name of a variable of the environment.
fn variable(header: &str) -> String {
    plain(header).to_ascii_uppercase().replace('-', "_")
}

fn input(header: &str) -> String {
    plain(header).to_ascii_lowercase()
}

/// The URL without the parameters whose names say that they are secret.
fn without_secrets(server: &Address) -> String {
    let href = server.href();
    let Some((url, query)) = href.split_once('?') else { return href };
    let open = |it: &&str| !names::is_secret(it.split_once('=').map_or(*it, |(name, _)| name));
    let kept: Vec<&str> = query.split('&').filter(open).collect();
    if kept.is_empty() { url.to_owned() } else { format!("{url}?{}", kept.join("&")) }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::import;

    fn shared(headers: &[(&str, Option<&str>)]) -> Shared {
        let headers = headers
            .iter()
            .map(|(name, value)| KeptHeader { name: (*name).to_owned(), value: value.map(str::to_owned) });
        Shared { name: "orders".into(), url: "https://a/mcp?b=c".into(), is_sse: false, headers: headers.collect() }
    }

    #[test]
    fn a_server_for_each_client() {
        let shared = shared(&[("x-team", Some("it's")), ("X-Api-Key", None)]);
        assert_eq!(
            shared.claude_code(),
            r#"claude mcp add --transport http orders 'https://a/mcp?b=c' --header 'x-team: it'\''s' --header "X-Api-Key: $X_API_KEY""#
        );
        let vs_code: Value = serde_json::from_str(&shared.vs_code()).expect("JSON");
        assert_eq!(
            vs_code["servers"]["orders"],
            json!({ "type": "http", "url": "https://a/mcp?b=c", "headers": { "x-team": "it's", "X-Api-Key": "${input:x-api-key}" } })
        );
        assert_eq!(vs_code["inputs"][0]["id"], "x-api-key");
        let cursor: Value = serde_json::from_str(&shared.cursor()).expect("JSON");
        assert_eq!(cursor["mcpServers"]["orders"]["headers"]["X-Api-Key"], "${env:X_API_KEY}");
    }

    #[test]
    fn what_is_exported_is_imported_again() {
        let headers = vec![KeptHeader::of("x-team", "a"), KeptHeader { name: "Authorization".to_owned(), value: None }];
        let settings = [("transport".to_owned(), Value::from("sse"))].into();
        let server =
            Server { name: "Orders".into(), url: "https://a/sse".into(), headers, settings, ..Server::default() };
        let items = import::read(&mcp_json(std::slice::from_ref(&server)), &[]).expect("one entry");
        let [import::Item { status: import::Status::Ok(read), .. }] = items.as_slice() else { panic!("{items:?}") };
        let sorted = |it: &Server| {
            let mut headers = it.headers.clone();
            headers.sort_by(|a, b| a.name.cmp(&b.name));
            Server { headers, ..it.clone() }
        };
        assert_eq!(sorted(read), sorted(&server));
    }

    #[test]
    fn a_name_and_a_url_for_others() {
        assert_eq!((plain("Acme's  server (EU)"), plain("§")), ("Acme-s-server-EU".to_owned(), String::new()));
        let url = |text: &str| without_secrets(&Address::typed(text).unwrap_or_else(|error| panic!("{error}")));
        assert_eq!(url("https://a/mcp?api_key=geheim&b=c&token=x"), "https://a/mcp?b=c");
        assert_eq!(url("https://a/mcp?key=geheim"), "https://a/mcp");
    }
}
