//! What a field of the form may hold.

use super::{Field, RESERVED, Refusal};
use crate::base::address::AddressError;
use crate::base::format;
use crate::base::revision::Revision;
use crate::base::secret::Secret;
use crate::http;
use crate::settings::{Header, Pinned, Root};

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

pub fn refusal(field: Field, words: &str) -> Refusal {
    Refusal { field, words: words.to_owned() }
}

pub fn server(error: &AddressError) -> Refusal {
    refusal(Field::Server, &error.to_string())
}

pub fn header(name: &str, value: &str) -> Result<Header, Refusal> {
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

pub fn extra(lines: &str) -> Result<Vec<(String, String)>, Refusal> {
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
pub fn fit(revision: Option<Revision>, transport: Option<Pinned>) -> Result<(), Refusal> {
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

pub fn timeout(text: &str) -> Result<u32, Refusal> {
    let milliseconds = format::parse_seconds(text).filter(|it| (100..=3_600_000).contains(it));
    milliseconds.ok_or_else(|| refusal(Field::Timeout, "Enter 0.1 to 3600 s"))
}

pub fn bearer(text: &str) -> Result<Option<Secret<String>>, Refusal> {
    let token = text.trim();
    let token = token.strip_prefix("Bearer ").unwrap_or(token).trim();
    match token {
        "" => Ok(None),
        it if it.bytes().all(|byte| (0x21..0x7f).contains(&byte)) => Ok(Some(it.into())),
        _ => Err(refusal(Field::Bearer, "A token has only ASCII characters and no spaces")),
    }
}

pub fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|it| !it.is_empty())
}
