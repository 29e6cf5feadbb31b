//! The names under which secrets stand, and the values that follow them in a text.

use crate::text::{MASK, SECRET_NAMES};
use serde_json::Value;
use std::ops::Range;

/// Parameters of an address that are secrets of the run, besides [`SECRET_NAMES`]. A state that is known can be used
/// to answer in the place of the authorization server; a session id lets one speak in the session.
const IN_QUERY: [&str; 6] = ["state", "sessionId", "session_id", "sessionid", "session_state", "nonce"];

/// What the names of members and parameters begin with.
const FIRSTS: [&[u8; 2]; 11] = [b"ac", b"as", b"cl", b"co", b"id", b"no", b"pa", b"re", b"se", b"st", b"to"];

/// Headers whose value is a secret.
const HEADERS: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "set-cookie", "mcp-session-id", "x-api-key"];

/// Members of events that hold a word of this program, not of a server.
const WORDS: [&str; 10] = ["Entered", "step", "redirect", "mode", "way", "kind", "verdict", "clause", "owner", "code"];

/// Whether a member of an event holds one of our own words, which no secret can be.
pub fn is_word(name: &str, text: &str) -> bool {
    let ours = WORDS.contains(&name) && text.bytes().all(|it| it.is_ascii_alphanumeric());
    ours || matches!((name, text), ("method", "Get" | "Post" | "Delete") | ("event", "Disconnected"))
        || matches!((name, text), ("error", "Redirected" | "Aborted"))
}

/// The value of a pair `[name, value]` whose name says that it is secret.
pub fn pair(pair: &Value) -> Option<&str> {
    let Value::Array(items) = pair else { return None };
    let [Value::String(name), Value::String(value)] = items.as_slice() else { return None };
    Some(value.as_str()).filter(|it| is_secret(name) && !it.contains(MASK))
}

/// Whether the value of a header, a parameter or a member of that name is secret.
pub fn is_secret(name: &str) -> bool {
    let mut names = HEADERS.into_iter().chain(IN_QUERY).chain(SECRET_NAMES);
    names.any(|it| it.eq_ignore_ascii_case(name))
}

/// Where the secret of a header's value begins: after the scheme, if it has one.
pub fn credentials(value: &str) -> Range<usize> {
    let is_scheme = |it: &str| ["basic", "bearer", "dpop"].contains(&it.to_ascii_lowercase().as_str());
    let start = value.split_once(' ').filter(|(scheme, _)| is_scheme(scheme)).map_or(0, |(scheme, _)| scheme.len() + 1);
    start..value.len()
}

/// Where the values of secret members and parameters stand in a text, whatever it is.
pub fn values(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // Most bytes separate nothing, and after most of the others stands what no name begins with.
    let begins = |at: usize| text.as_bytes().get(at..at + 2).is_some_and(|it| FIRSTS.iter().any(|two| it == *two));
    for (at, byte) in text.bytes().enumerate() {
        let value = match byte {
            b'"' if begins(at + 1) => member(text, at + 1),
            b'?' | b'&' | b'#' if begins(at + 1) => parameter(text, at + 1),
            _ if at == 0 && begins(0) => parameter(text, 0),
            _ => None,
        };
        found.extend(value.filter(|it| text.get(it.clone()).is_some_and(|it| !it.is_empty() && it != MASK)));
    }
    found
}

/// `name": "value`, perhaps as JSON in a JSON string, where quotes have backslashes before them.
fn member(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let name = SECRET_NAMES
        .into_iter()
        .find(|name| rest.strip_prefix(name).is_some_and(|it| it.trim_start_matches('\\').starts_with('"')))?;
    let rest = rest.get(name.len()..)?.trim_start_matches('\\').strip_prefix('"')?.trim_start().strip_prefix(':')?;
    let quote = rest.trim_start();
    let value = quote.trim_start_matches('\\');
    let depth = quote.len() - value.len();
    let value = value.strip_prefix('"')?;
    let start = text.len() - value.len();
    Some(start..start + length(value, depth))
}

/// The bytes of a string up to the quote that ends it, which has so many backslashes before it.
fn length(value: &str, depth: usize) -> usize {
    if depth > 0 {
        return value.find(['\\', '"']).unwrap_or(value.len());
    }
    let mut escaped = false;
    let end = value.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.unwrap_or(value.len())
}

/// `name=value` of a query, a fragment or a form.
fn parameter(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let mut names = SECRET_NAMES.into_iter().chain(IN_QUERY);
    let value = names.find_map(|name| rest.strip_prefix(name)?.strip_prefix('='))?;
    let start = text.len() - value.len();
    let ends = |it: char| it.is_whitespace() || it.is_control() || "&#\"'<>\\`)".contains(it);
    Some(start..start + value.find(ends).unwrap_or(value.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(text: &str) -> Vec<&str> {
        values(text).into_iter().filter_map(|it| text.get(it)).collect()
    }

    #[test]
    fn members_and_parameters_are_found_in_any_text() {
        assert_eq!(found(r#"{"access_token" : "a\"b", "x": {"code":"c"}, "code":1}"#), ["a\\\"b", "c"]);
        assert_eq!(found(r#"{"text":"{\"refresh_token\":\"r-1\"}"}"#), ["r-1"]);
        assert_eq!(found(r#"5" disk "id_token":"abc"#), ["abc"]);
        assert_eq!(found("see https://a/cb?code=c&state=s&iss=https://b#access_token=t."), ["c", "s", "t."]);
        assert_eq!(found("code_verifier=v&grant_type=x"), ["v"]);
        assert_eq!(found("data: /messages?sessionId=abc\n"), ["abc"]);
        assert!(found("the code=x, encode=y, ?barcode=z, code_challenge=w").is_empty());
    }

    #[test]
    fn a_pair_with_a_secret_name_has_a_secret_value() {
        assert_eq!(pair(&json!(["Mcp-Session-Id", "s"])), Some("s"));
        assert_eq!(pair(&json!(["state", "s"])), Some("s"));
        assert_eq!(pair(&json!(["iss", "https://a"])), None);
        assert_eq!(pair(&json!(["authorization", format!("Bearer {MASK}")])), None);
        assert_eq!((credentials("Bearer abc"), credentials("abc def")), (7..10, 0..7));
    }

    #[test]
    fn every_name_begins_with_what_is_looked_for() {
        for name in SECRET_NAMES.into_iter().chain(IN_QUERY) {
            assert!(FIRSTS.iter().any(|it| name.as_bytes().starts_with(*it)), "{name}");
        }
    }

    #[test]
    fn our_own_words_are_no_secrets() {
        assert!(is_word("step", "Token") && is_word("method", "Post") && is_word("event", "Disconnected"));
        assert!(!is_word("method", "Token") && !is_word("words", "Token") && !is_word("kind", "a b"));
    }
}
