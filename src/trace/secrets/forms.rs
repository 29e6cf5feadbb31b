//! The ways in which a secret may be written again.

use crate::base::text::decode;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// All of them, the secret itself among them.
pub fn of(secret: &str) -> Vec<String> {
    let mut all = Vec::new();
    for plain in plain(secret.trim()) {
        let json = serde_json::to_string(&plain).unwrap_or_default();
        let form: String = form_urlencoded::byte_serialize(plain.as_bytes()).collect();
        let percent = utf8_percent_encode(&plain, NON_ALPHANUMERIC).to_string();
        let unreserved = utf8_percent_encode(&plain, UNRESERVED).to_string();
        all.push(json.trim_matches('"').to_owned());
        all.extend([lower(&form), lower(&percent), lower(&unreserved), form, percent, unreserved]);
        all.extend([STANDARD_NO_PAD.encode(&plain), URL_SAFE_NO_PAD.encode(&plain)]);
        all.push(plain);
    }
    all
}

/// As addresses leave them (RFC 3986 §2.3).
const UNRESERVED: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The secret as it stands, and what it is if it was encoded there.
fn plain(secret: &str) -> Vec<String> {
    let mut all = vec![secret.to_owned()];
    all.extend(decode(secret));
    all.extend(serde_json::from_str::<String>(&format!("\"{secret}\"")));
    // Basic credentials (RFC 7617): what follows the colon is the secret of it.
    if let Some(pair) = STANDARD.decode(secret).ok().and_then(|it| String::from_utf8(it).ok()) {
        let password = pair.split_once(':').map(|(_, password)| password.to_owned());
        all.extend(password.iter().filter_map(|it| decode(it)));
        all.extend(password.map(|it| [it, pair]).into_iter().flatten());
    }
    all.sort();
    all.dedup();
    all
}

/// Percent-encoding with small hexadecimal digits.
fn lower(text: &str) -> String {
    let mut after = 0;
    let small = |it: char| {
        after = if it == '%' { 2 } else { i32::max(after - 1, -1) };
        if after >= 0 && it != '%' { it.to_ascii_lowercase() } else { it }
    };
    text.chars().map(small).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits_may_be_small_and_nothing_else_becomes_so() {
        assert_eq!(lower("A%2FB%C3%9CDE"), "A%2fB%c3%9cDE");
    }

    #[test]
    fn an_encoded_secret_is_known_by_what_it_is() {
        for (written, plain) in [("a%2Fb+c", "a/b c"), ("a\\\"b", "a\"b"), ("bWU6Z2VoZWlt", "geheim")] {
            assert!(of(written).iter().any(|it| it == plain), "{written}");
        }
    }
}
