//! Text of which some pieces are secret: a header value, a form body, a token response.
//!
//! The trace keeps true values, and what leaves the machine or is drawn says at each place whether secrets are
//! shown. Masks have one length, so that they tell nothing of what they hide.

use crate::secret::{Secret, in_storage};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// What stands in the place of a secret.
pub const MASK: &str = "••••••••";

/// Whether secrets are written out. Only the screen may ask for [`Reveal::Shown`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reveal {
    Masked,
    Shown,
}

/// A run of text, in the open or not.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    Plain(Arc<str>),
    Secret(#[serde(with = "in_storage")] Secret<Arc<str>>),
}

/// Pieces in order; together they are what was on the wire.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Text(Vec<Piece>);

/// A form that people read, such as a trace file, gets what may be seen and nothing else; only the tab's storage, which
/// is not one, gets the pieces.
impl Serialize for Text {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match to.is_human_readable() {
            true => to.serialize_str(&self.masked()),
            false => self.0.serialize(to),
        }
    }
}

impl<'a> Deserialize<'a> for Text {
    fn deserialize<D: Deserializer<'a>>(from: D) -> Result<Self, D::Error> {
        match from.is_human_readable() {
            true => String::deserialize(from).map(|it| Self::of_masked(&it)),
            false => Vec::deserialize(from).map(Self),
        }
    }
}

impl Text {
    pub fn plain(text: impl Into<Arc<str>>) -> Self {
        Self(vec![Piece::Plain(text.into())])
    }

    pub fn secret(text: impl Into<Arc<str>>) -> Self {
        Self(vec![Piece::Secret(Secret::new(text.into()))])
    }

    /// `Bearer ••••••••`: the scheme can be read, the credentials cannot.
    pub fn credentials(scheme: &str, secret: &str) -> Self {
        Self::plain(format!("{scheme} ")).and(Self::secret(secret))
    }

    /// A text that was masked: the masks stand for secrets that nobody knows here.
    pub fn of_masked(text: &str) -> Self {
        let mut all = Self::default();
        for (index, part) in text.split(MASK).enumerate() {
            if index > 0 {
                all = all.and(Self::secret(MASK));
            }
            if !part.is_empty() {
                all = all.and(Self::plain(part));
            }
        }
        all
    }

    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// The length in bytes of what was on the wire.
    pub fn len(&self) -> usize {
        self.0.iter().map(|piece| piece.as_str().len()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|piece| piece.as_str().is_empty())
    }

    pub fn has_secret(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Secret(_)))
    }

    /// Whether a mask stands in it, or a secret that would be one.
    pub fn has_mask(&self) -> bool {
        self.has_secret() || self.0.iter().any(|piece| piece.as_str().contains(MASK))
    }

    pub fn write(&self, reveal: Reveal) -> String {
        self.0.iter().map(|piece| piece.written(reveal)).collect()
    }

    /// What was on the wire, for the one who sends it.
    pub fn expose(&self) -> String {
        self.write(Reveal::Shown)
    }

    pub fn masked(&self) -> String {
        self.write(Reveal::Masked)
    }

    /// At most `limit` bytes of it, cut between characters, and the secrets still marked.
    #[must_use]
    pub fn head(&self, limit: usize) -> Self {
        let mut left = limit;
        let mut kept = Vec::new();
        for piece in &self.0 {
            let part = prefix(piece.as_str(), left);
            left -= part.len();
            if part.len() == piece.as_str().len() {
                kept.push(piece.clone());
                continue;
            }
            kept.push(piece.with(part));
            break;
        }
        Self(kept)
    }
}

impl Piece {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(text) => text.expose(),
        }
    }

    fn written(&self, reveal: Reveal) -> &str {
        match (self, reveal) {
            (Self::Secret(_), Reveal::Masked) => MASK,
            (piece, _) => piece.as_str(),
        }
    }

    fn with(&self, part: &str) -> Self {
        match self {
            Self::Plain(_) => Self::Plain(part.into()),
            Self::Secret(_) => Self::Secret(Secret::new(part.into())),
        }
    }
}

/// The longest beginning of `text` of at most `limit` bytes that ends between two characters.
pub fn prefix(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let cut = (0..=limit).rev().find(|&at| text.is_char_boundary(at));
    cut.and_then(|at| text.get(..at)).unwrap_or("")
}

/// The longest sentence that is shown, in bytes.
const SENTENCE: usize = 4 << 10;

/// A sentence with foreign words in it, as it is shown: a very long one is cut (the whole is on the wire), and what
/// would turn the direction of the words around it, so that they read as others, is written as its number
/// (Unicode Standard Annex #9, explicit directional formatting).
pub fn sentence(words: &str) -> String {
    let shown = prefix(words, SENTENCE);
    let mut sentence = String::with_capacity(shown.len());
    for char in shown.chars() {
        match char {
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                sentence.push_str(&format!("[U+{:04X}]", u32::from(char)));
            }
            _ => sentence.push(char),
        }
    }
    if shown.len() < words.len() {
        sentence.push('…');
    }
    sentence
}

/// The members of a JSON answer and the fields of a form whose values are secret (RFC 6749, RFC 7591, RFC 7636).
pub const SECRET_NAMES: [&str; 11] = [
    "access_token",
    "refresh_token",
    "id_token",
    "client_secret",
    "client_assertion",
    "registration_access_token",
    "token",
    "code",
    "code_verifier",
    "assertion",
    "password",
];

/// A form or a query, encoded for the wire, with the values of [`SECRET_NAMES`] marked.
pub fn form(fields: &[(String, String)]) -> Text {
    let mut text = Text::default();
    for (index, (name, value)) in fields.iter().enumerate() {
        let joint = if index == 0 { "" } else { "&" };
        text = text.and(Text::plain(format!("{joint}{}=", encode(name))));
        let value = encode(value);
        text = text.and(match SECRET_NAMES.contains(&name.as_str()) {
            true => Text::secret(value),
            false => Text::plain(value),
        });
    }
    text
}

/// `application/x-www-form-urlencoded`, as RFC 6749 appendix B asks.
pub fn encode(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// A JSON body with the string values of [`SECRET_NAMES`] marked, at whatever depth they stand.
///
/// Bodies that are not JSON stay plain, except that nothing is lost of them.
pub fn json(body: &str) -> Text {
    let mut text = Text::default();
    let mut rest = body;
    while let Some((before, secret, after)) = next_secret(rest) {
        text = text.and(Text::plain(before)).and(Text::secret(secret));
        rest = after;
    }
    text.and(Text::plain(rest))
}

/// Whether a JSON object has a string as its `error`, as refusals of OAuth do (RFC 6749 §5.2).
pub fn names_an_error(body: &str) -> bool {
    let document: Option<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(body).ok();
    document.is_some_and(|it| it.get("error").is_some_and(serde_json::Value::is_string))
}

/// The first `"name": "value"` of a secret name: all before the value, the value, all after it.
fn next_secret(text: &str) -> Option<(&str, &str, &str)> {
    let found = SECRET_NAMES.iter().filter_map(|name| value_of(text, name));
    let (start, end) = found.min()?;
    Some((text.get(..start)?, text.get(start..end)?, text.get(end..)?))
}

/// Where the string value of the first member of that name begins and ends, without its quotes.
fn value_of(text: &str, name: &str) -> Option<(usize, usize)> {
    let key = format!("\"{name}\"");
    let mut from = 0;
    loop {
        let after = from + text.get(from..)?.find(&key)? + key.len();
        let rest = text.get(after..)?;
        let value = rest.trim_start().strip_prefix(':').map(str::trim_start).and_then(|it| it.strip_prefix('"'));
        if let Some(value) = value {
            let start = text.len() - value.len();
            return Some((start, start + string_length(value)));
        }
        from = after;
    }
}

/// How many bytes a JSON string has before its closing quote; all of them where it never closes.
fn string_length(value: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in value.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    value.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_reads_in_one_direction_and_has_an_end() {
        assert_eq!(sentence("iss is \u{202e}x; \u{2066}y"), "iss is [U+202E]x; [U+2066]y");
        assert_eq!(sentence("äß 😀 עברית"), "äß 😀 עברית");
        let long = sentence(&"ä".repeat(1 << 20));
        assert!(long.ends_with('…') && long.len() < 5000, "{}", long.len());
    }

    #[test]
    fn a_mask_hides_the_length() {
        let text = Text::credentials("Bearer", "abc");
        assert_eq!(text.masked(), format!("Bearer {MASK}"));
        assert_eq!(text.expose(), "Bearer abc");
    }

    #[test]
    fn a_form_marks_the_code_and_the_verifier() {
        let fields = [("grant_type", "authorization_code"), ("code", "a b"), ("code_verifier", "v")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let text = form(&fields);
        assert_eq!(text.expose(), "grant_type=authorization_code&code=a+b&code_verifier=v");
        assert_eq!(text.masked(), format!("grant_type=authorization_code&code={MASK}&code_verifier={MASK}"));
    }

    #[test]
    fn a_token_response_marks_tokens_and_keeps_every_byte() {
        let body = r#"{"access_token" : "a\"b","token_type":"Bearer","x":{"refresh_token":"r"},"code":1}"#;
        let text = json(body);
        assert_eq!(text.expose(), body);
        assert!(!text.masked().contains(r#"a\"b"#));
        assert!(!text.masked().contains("\"r\""));
        assert!(text.masked().contains("\"code\":1"));
    }

    #[test]
    fn a_string_that_never_closes_is_secret_to_its_end() {
        let text = json(r#"{"access_token":"abc"#);
        assert_eq!(text.masked(), format!("{{\"access_token\":\"{MASK}"));
    }

    #[test]
    fn a_form_that_people_read_gets_no_secret_and_the_storage_gets_all() {
        let text = Text::credentials("Bearer", "abc").and(Text::plain(" x"));
        let written = serde_json::to_string(&text).expect("it can be written");
        assert_eq!(written, format!("\"Bearer {MASK} x\""));
        let read: Text = serde_json::from_str(&written).expect("it can be read");
        assert_eq!((read.has_secret(), read.expose()), (true, text.masked()));
        let stored = postcard::to_allocvec(&text).expect("it can be stored");
        assert!(postcard::from_bytes::<Text>(&stored).expect("it can be read") == text);
    }

    #[test]
    fn a_cut_keeps_secrets_marked_and_characters_whole() {
        let text = Text::plain("añ").and(Text::secret("geheim"));
        assert_eq!(text.head(2).expose(), "a");
        assert_eq!(text.head(5).expose(), "añge");
        assert!(text.head(5).has_secret());
    }
}
