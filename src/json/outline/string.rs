//! JSON strings read in place: only what is shown is unescaped (RFC 8259 §7).
//!
//! "Raw" is the text between the quotes. What is no JSON escape is taken as it stands, and half a surrogate pair
//! is U+FFFD.

use std::iter;

/// The characters of a raw string, each with the number of bytes that it takes there.
pub fn characters(raw: &str) -> impl Iterator<Item = (char, usize)> {
    let mut rest = raw;
    iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (char, length) = if first == '\\' { escape(rest) } else { (first, first.len_utf8()) };
        rest = rest.get(length..)?;
        Some((char, length))
    })
}

/// Linear, and fast where escapes are few.
pub fn unescape(raw: &str) -> String {
    let (mut rest, mut text) = (raw, String::with_capacity(raw.len()));
    while let Some((plain, _)) = rest.split_once('\\') {
        let (char, length) = escape(rest.get(plain.len()..).unwrap_or_default());
        text.push_str(plain);
        text.push(char);
        rest = rest.get(plain.len() + length..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// How many characters it has once unescaped. Linear, and fast where escapes are few.
pub fn length(raw: &str) -> usize {
    let mut rest = raw;
    let mut count = 0;
    while let Some((plain, _)) = rest.split_once('\\') {
        let (_, length) = escape(rest.get(plain.len()..).unwrap_or_default());
        count += plain.chars().count() + 1;
        rest = rest.get(plain.len() + length..).unwrap_or_default();
    }
    count + rest.chars().count()
}

/// The first `limit` characters, with `…` behind them where there are more.
pub fn preview(raw: &str, limit: usize) -> String {
    let mut characters = characters(raw).map(|(char, _)| char);
    let mut text: String = characters.by_ref().take(limit).collect();
    text.extend(characters.next().map(|_| '…'));
    text
}

/// The bytes of the first row: up to and with a line feed, or `columns` characters.
///
/// A line feed after exactly `columns` characters belongs to their row.
pub fn row(characters: impl Iterator<Item = (char, usize)>, columns: usize) -> usize {
    let mut bytes = 0;
    for (index, (char, length)) in characters.enumerate() {
        if char == '\n' {
            return bytes + length;
        }
        if index == columns {
            break;
        }
        bytes += length;
    }
    bytes
}

/// What an escape at the beginning of `raw` stands for, and its length in bytes.
fn escape(raw: &str) -> (char, usize) {
    match raw.as_bytes().get(1) {
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(&char @ (b'"' | b'\\' | b'/')) => (char.into(), 2),
        Some(b'u') => unicode(raw).unwrap_or(('\\', 1)),
        _ => ('\\', 1),
    }
}

/// `\uXXXX`, or two of them that are a surrogate pair.
fn unicode(raw: &str) -> Option<(char, usize)> {
    let first = unit(raw)?;
    let units = [Some(first), raw.get(6..).and_then(unit)];
    match char::decode_utf16(units.into_iter().flatten()).next()? {
        Ok(char) => Some((char, 6 * char.len_utf16())),
        Err(_) => Some((char::REPLACEMENT_CHARACTER, 6)),
    }
}

/// The code unit of a `\uXXXX` at the beginning.
fn unit(raw: &str) -> Option<u16> {
    let digits = raw.strip_prefix("\\u")?.get(..4)?;
    // `from_str_radix` would take a sign.
    let sound = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    sound.then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Unescaped, and its length counted the fast way.
    fn read(raw: &str) -> String {
        let text = unescape(raw);
        assert_eq!(length(raw), text.chars().count(), "{raw}");
        text
    }

    #[test]
    fn plain_text_is_itself() {
        assert_eq!(read(""), "");
        assert_eq!(read("añ🦀"), "añ🦀");
    }

    #[test]
    fn every_escape_is_read_as_serde_json_reads_it() {
        let raw = r#"a\"\\\/\b\f\n\r\t\u0041\u00e9\ud83e\udd80z"#;
        assert_eq!(read(raw), serde_json::from_str::<String>(&format!("\"{raw}\"")).unwrap());
    }

    #[test]
    fn half_a_pair_is_replaced_and_what_follows_is_kept() {
        assert_eq!(read(r"\ud83e"), "\u{fffd}");
        assert_eq!(read(r"\udd80\ud83eA"), "\u{fffd}\u{fffd}A");
        assert_eq!(read(r"\ud83e\u0041"), "\u{fffd}A");
    }

    #[test]
    fn what_is_no_escape_stays() {
        for raw in [r"\", r"\x", r"\u", r"\u12", r"\u+123", r"\ué123", r"é\é", r"\u12é"] {
            assert_eq!(read(raw), raw);
        }
    }

    #[test]
    fn a_preview_is_cut_after_characters_not_bytes() {
        assert_eq!(preview(r"\u00e9é", 2), "éé");
        assert_eq!(preview(r"\u00e9éx", 2), "éé…");
    }

    #[test]
    fn a_row_ends_after_its_line_feed_or_its_columns() {
        for (raw, bytes) in [("", 0), ("ab", 2), ("abcd", 3), ("a\\nb", 3), ("abc\\nd", 5), ("éé\\u000a", 10)] {
            assert_eq!(row(characters(raw), 3), bytes, "{raw}");
        }
    }
}
