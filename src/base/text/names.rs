//! The names under which secrets stand, and the values that follow them in a text.

use super::MASK;
use serde_json::Value;
use std::ops::Range;

/// Names of secrets, as [`plain`] writes them (RFC 6749, RFC 7521, RFC 7591, RFC 7636, RFC 8628).
const WHOLE: [&str; 14] = [
    "token",
    "code",
    "codeverifier",
    "devicecode",
    "assertion",
    "clientassertion",
    "password",
    "passwd",
    "passphrase",
    "secret",
    "cookie",
    "setcookie",
    "authorization",
    "proxyauthorization",
];

/// What every name of a secret ends with, whatever stands before it: `githubToken`, `x-api-key`.
const ENDS: [&str; 8] =
    ["token", "secret", "password", "apikey", "accesskey", "secretkey", "privatekey", "subscriptionkey"];

/// Tokens that give no access: they mark a place in a list, or a request.
const NONE: [&str; 6] = ["progresstoken", "pagetoken", "nexttoken", "prevtoken", "continuationtoken", "synctoken"];

/// Parameters and headers that are secrets of the run besides these. A state that is known can be used to answer in the
/// place of the authorization server; a session id lets one speak in the session; in a body these are common words.
const BESIDE: [&str; 7] = ["state", "sessionid", "sessionstate", "mcpsessionid", "nonce", "key", "sig"];

/// The longest name that is looked at, in bytes.
const LONGEST: usize = 48;

/// A name without its spelling: `accessToken`, `access_token` and `Access-Token` are one.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase()).collect()
}

/// Whether the value of a member of that name is secret, however the name is spelled.
pub fn is_secret_member(name: &str) -> bool {
    let name = plain(name);
    let ends = |with: &[&str]| with.iter().any(|it| name.ends_with(it));
    WHOLE.contains(&name.as_str()) || (ends(&ENDS) && !ends(&NONE))
}

/// The value of a pair `[name, value]` whose name says that it is secret.
pub fn pair(pair: &Value) -> Option<&str> {
    let Value::Array(items) = pair else { return None };
    let [Value::String(name), Value::String(value)] = items.as_slice() else { return None };
    Some(value.as_str()).filter(|it| is_secret(name) && !it.contains(MASK))
}

/// Whether the value of a header, a parameter or a field of that name is secret.
pub fn is_secret(name: &str) -> bool {
    // The header of an API key is called as its service likes: `x-key`, `x-goog-api-key`.
    is_secret_member(name) || BESIDE.contains(&plain(name).as_str()) || name.to_ascii_lowercase().ends_with("-key")
}

/// Where the secret of a header's value begins: after the scheme, if it has one.
pub fn credentials(value: &str) -> Range<usize> {
    let is_scheme = |it: &str| ["basic", "bearer", "dpop"].contains(&it.to_ascii_lowercase().as_str());
    let start = value.split_once(' ').filter(|(scheme, _)| is_scheme(scheme)).map_or(0, |(scheme, _)| scheme.len() + 1);
    start..value.len()
}

/// Where the values of secret members and parameters stand in a text, whatever it is.
pub fn values(text: &str) -> Vec<Range<usize>> {
    found(text, |at, byte| match byte {
        b'"' => member(text, at + 1),
        b'?' | b'&' | b'#' => parameter(text, at + 1),
        _ if at == 0 => parameter(text, 0),
        _ => None,
    })
}

/// The same for members of JSON alone, also of JSON in a string.
pub fn members(text: &str) -> Vec<Range<usize>> {
    found(text, |at, byte| if byte == b'"' { member(text, at + 1) } else { None })
}

fn found(text: &str, value: impl Fn(usize, u8) -> Option<Range<usize>>) -> Vec<Range<usize>> {
    let values = text.bytes().enumerate().filter_map(|(at, byte)| value(at, byte));
    values.filter(|it| text.get(it.clone()).is_some_and(|it| !it.is_empty() && it != MASK)).collect()
}

/// The name that stands there.
fn name(text: &str, at: usize) -> Option<&str> {
    let is_name = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.');
    let length = text.as_bytes().get(at..)?.iter().take(LONGEST + 1).take_while(|it| is_name(it)).count();
    text.get(at..at + length).filter(|_| (1..=LONGEST).contains(&length))
}

/// `name": "value"`, perhaps as JSON in a JSON string, where quotes have backslashes before them.
fn member(text: &str, at: usize) -> Option<Range<usize>> {
    let name = name(text, at)?;
    let rest = text.get(at + name.len()..)?.trim_start_matches('\\').strip_prefix('"')?;
    let quote = rest.trim_start().strip_prefix(':')?.trim_start();
    let value = quote.trim_start_matches('\\');
    let depth = quote.len() - value.len();
    let value = value.strip_prefix('"').filter(|_| is_secret_member(name))?;
    let start = text.len() - value.len();
    let value = value.get(..length(value, depth))?;
    let secret = credentials(value);
    Some(start + secret.start..start + secret.end)
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
    let name = name(text, at)?;
    let value = text.get(at + name.len()..)?.strip_prefix('=').filter(|_| is_secret(name))?;
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
    fn a_name_is_known_in_every_spelling() {
        for name in [
            "accessToken",
            "ACCESS_TOKEN",
            "api_key",
            "apikey",
            "apiKey",
            "x-api-key",
            "X-Api-Key",
            "secret",
            "clientSecret",
            "device_code",
            "deviceCode",
            "id_token",
            "idToken",
            "Cookie",
            "Set-Cookie",
            "github.token",
            "Authorization",
        ] {
            assert_eq!(found(&format!("{{\"{name}\": \"geheim\"}}")), ["geheim"], "{name}");
            assert_eq!(found(&format!("https://a/mcp?{name}=geheim&b=c")), ["geheim"], "{name}");
            assert!(is_secret(name), "{name}");
        }
        assert_eq!(found(r#"{"headers":"{\"Authorization\":\"Bearer geheim\"}"}"#), ["geheim"]);
        for name in
            ["progressToken", "nextPageToken", "token_type", "tokenEndpoint", "code_challenge", "barcode", "keys"]
        {
            assert!(!is_secret(name) && found(&format!("{{\"{name}\": \"x\"}}")).is_empty(), "{name}");
        }
    }
}
