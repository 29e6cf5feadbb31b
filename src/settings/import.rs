//! The configurations of other clients, read for what they say of servers: `mcp.json` and `.mcp.json` (`mcpServers`),
//! `claude_desktop_config.json`, VS Code (`servers` with `inputs`, comments) and its settings (`mcp.servers`), Cursor.
//!
//! Nothing is kept by that: each entry is listed with what can become of it. No secret passes.

mod entry;
mod jsonc;

use super::servers::{Server, clean};
use crate::base::address::AddressError;
use serde_json::{Map, Value};

/// The longest text that is read, in bytes, and how many entries.
pub const LONGEST: usize = 1 << 20;
const MOST: usize = 500;

/// An entry of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub name: String,
    pub status: Status,
}

/// What can become of an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    Ok(Box<Server>),
    /// It is run on the user's machine: a bridge makes it reachable.
    Stdio(Program),
    /// Its URL is there already, under that name.
    Duplicate {
        of: String,
    },
    Invalid(Invalid),
}

impl Status {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ok(_) => "ok",
            Self::Stdio(_) => "stdio",
            Self::Duplicate { .. } => "duplicate",
            Self::Invalid(_) => "invalid",
        }
    }
}

/// What a client runs, without the values of its environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    pub command: String,
    pub arguments: Vec<String>,
    /// The names of the variables that are set for it.
    pub variables: Vec<String>,
}

/// Why an entry cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invalid {
    NoObject,
    /// Neither `url` nor `command`.
    NoUrl,
    /// A transport that is none of MCP, or none that a page can use.
    Transport(String),
    /// The URL contains a variable of the client, such as `${API_BASE}`.
    Variable(String),
    Url(AddressError),
}

/// Why a text has no entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotRead {
    Empty,
    TooLong,
    /// Where it stops to be JSON.
    NotJson {
        line: usize,
        column: usize,
    },
    /// None of the known members is there.
    NoServers,
}

/// The entries of a text. `known` are the servers that are there already: URL as URLs are compared, and name.
pub fn read(text: &str, known: &[(String, String)]) -> Result<Vec<Item>, NotRead> {
    if text.trim().is_empty() {
        return Err(NotRead::Empty);
    }
    if text.len() > LONGEST {
        return Err(NotRead::TooLong);
    }
    let json: Value = serde_json::from_str(&jsonc::to_json(text))
        .map_err(|error| NotRead::NotJson { line: error.line(), column: error.column() })?;
    let entries = entries(&json).ok_or(NotRead::NoServers)?;
    let mut known = known.to_vec();
    let item = |(name, entry): (&String, &Value)| item(name, entry, &mut known);
    Ok(entries.iter().take(MOST).map(item).collect())
}

/// The member that holds the servers, by name.
fn entries(json: &Value) -> Option<&Map<String, Value>> {
    let places = ["/mcpServers", "/servers", "/mcp/servers", "/mcp/mcpServers"];
    let named = places.into_iter().find_map(|it| json.pointer(it)?.as_object());
    // A part of a file: the servers alone.
    let alone = || json.as_object().filter(|it| !it.is_empty() && it.values().all(is_entry));
    named.filter(|it| !it.is_empty()).or_else(alone)
}

fn is_entry(value: &Value) -> bool {
    value.as_object().is_some_and(|it| it.contains_key("command") || entry::url(it).is_some())
}

fn item(name: &str, value: &Value, known: &mut Vec<(String, String)>) -> Item {
    let name = clean(name);
    let status = match entry::read(&name, value) {
        Status::Ok(server) => match known.iter().find(|(href, _)| *href == server.href()) {
            Some((_, of)) => Status::Duplicate { of: of.clone() },
            None => {
                known.push((server.href(), name.clone()));
                Status::Ok(server)
            }
        },
        other => other,
    };
    Item { name, status }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 6] = [
        ("claude-code", include_str!("../../tests/data/clients/claude-code.mcp.json")),
        ("claude-desktop", include_str!("../../tests/data/clients/claude_desktop_config.json")),
        ("vs-code", include_str!("../../tests/data/clients/vs-code.mcp.jsonc")),
        ("vs-code-settings", include_str!("../../tests/data/clients/vs-code.settings.jsonc")),
        ("cursor", include_str!("../../tests/data/clients/cursor.mcp.json")),
        ("others", include_str!("../../tests/data/clients/others.json")),
    ];

    fn items(name: &str) -> Vec<Item> {
        let (_, text) = FILES.into_iter().find(|(it, _)| *it == name).expect("a file");
        read(text, &[]).expect("it has entries")
    }

    /// Name, status, and of a server what is kept of it.
    fn told(items: &[Item]) -> Vec<String> {
        let told = |item: &Item| match &item.status {
            Status::Ok(server) => {
                let headers =
                    server.headers.iter().map(|it| format!(" {}={}", it.name, it.value.as_deref().unwrap_or("?")));
                let settings = server.settings.iter().map(|(name, value)| format!(" {name}={value}"));
                format!("{} ok {}{}", item.name, server.url, headers.chain(settings).collect::<String>())
            }
            Status::Stdio(it) => {
                let words = std::iter::once(&it.command).chain(&it.arguments);
                let words = words.map(String::as_str).collect::<Vec<_>>().join(" ");
                format!("{} stdio {words} [{}]", item.name, it.variables.join(" "))
            }
            Status::Duplicate { of } => format!("{} duplicate {of}", item.name),
            Status::Invalid(why) => format!("{} invalid {why:?}", item.name),
        };
        items.iter().map(told).collect()
    }

    #[test]
    fn claude_code() {
        assert_eq!(
            told(&items("claude-code")),
            [
                "docs ok https://docs.example.com/sse transport=\"sse\"",
                "files stdio npx -y @modelcontextprotocol/server-filesystem /data [CACHE_DIR]",
                "github ok https://api.githubcopilot.com/mcp/ Authorization=? X-MCP-Toolsets=repos,issues",
                "orders ok https://orders.example.com/mcp client_id=\"flowglass\" registration=\"pre-registered\" scope=\"orders:read offline_access\"",
                "staging invalid Variable(\"${API_BASE_URL:-https://api.example.com}/mcp\")",
            ]
        );
    }

    #[test]
    fn claude_desktop() {
        assert_eq!(
            told(&items("claude-desktop")),
            [
                "filesystem stdio npx -y @modelcontextprotocol/server-filesystem /Users/me/Desktop []",
                "jira ok https://mcp.example.com/v1/sse transport=\"sse\"",
                "notes ok https://notes.example.com/mcp Authorization=? X-Team=a",
            ]
        );
    }

    #[test]
    fn vs_code() {
        assert_eq!(
            told(&items("vs-code")),
            [
                "api ok https://api.example.com/mcp X-Api-Key=? X-Region=eu",
                "logged-in ok https://login.example.com/mcp client_id=\"vs-code-client\" registration=\"pre-registered\"",
                "playwright stdio npx -y @microsoft/mcp-server-playwright []",
                "socket invalid Url(Scheme(\"unix\"))",
            ]
        );
        assert_eq!(told(&items("vs-code-settings")), ["weather ok https://weather.example.com/mcp"]);
    }

    #[test]
    fn cursor() {
        assert_eq!(
            told(&items("cursor")),
            [
                "linear ok https://mcp.linear.app/mcp Authorization=?",
                "local stdio python server.py --verbose [API_KEY]",
                "static ok https://oauth.example.com/mcp client_id=\"cursor-client\" registration=\"pre-registered\" scope=\"openid kb:read\"",
            ]
        );
    }

    #[test]
    fn others_and_what_is_wrong() {
        assert_eq!(
            told(&items("others")),
            [
                "again ok https://windsurf.example.com/mcp",
                "broken invalid NoObject",
                "empty invalid NoUrl",
                "gemini ok https://gemini.example.com/mcp transport=\"streamable-http\"",
                "socket invalid Transport(\"ws\")",
                "user ok https://user.example.com/mcp",
                "windsurf duplicate again",
            ]
        );
    }

    #[test]
    fn no_secret_of_any_file_passes() {
        for (name, text) in FILES {
            assert!(name.starts_with("vs-code-s") || text.contains("geheim"), "{name} has no secret to be found");
            let items = read(text, &[]).expect("it has entries");
            assert!(!format!("{items:?}").contains("geheim"), "{name}: {items:?}");
        }
    }

    #[test]
    fn a_url_that_is_there_already_is_a_duplicate() {
        let known = [("https://a.example/mcp".to_owned(), "A".to_owned())];
        let text = r#"{"mcpServers":{"b":{"url":"HTTPS://A.example:443/mcp?x=1"}}}"#;
        let items = read(text, &known).expect("one entry");
        assert_eq!(items[0].status, Status::Duplicate { of: "A".to_owned() });
    }

    #[test]
    fn a_text_without_entries_says_why() {
        assert_eq!(read(" \n", &[]), Err(NotRead::Empty));
        assert_eq!(read("{\n  \"mcpServers\": {:}\n}", &[]), Err(NotRead::NotJson { line: 2, column: 18 }));
        assert_eq!(read("{\"other\": 1}", &[]), Err(NotRead::NoServers));
        assert_eq!(read("{\"mcpServers\": {}}", &[]), Err(NotRead::NoServers));
        assert_eq!(read("[]", &[]), Err(NotRead::NoServers));
        assert_eq!(read(&" ".repeat(LONGEST).replacen(' ', "{", 1).replacen(' ', "}x", 2), &[]), Err(NotRead::TooLong));
        assert_eq!(read(r#"{"a":{"url":"https://a/mcp"}}"#, &[]).map(|it| it.len()), Ok(1));
    }
}
