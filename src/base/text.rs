//! Text of which some pieces are secret: a header value, a form body, a token response.
//!
//! The trace keeps true values, and what leaves the machine or is drawn says at each place whether secrets are
//! shown. Masks have one length, so that they tell nothing of what they hide.

pub mod names;
pub mod needle;

use crate::base::secret::{Secret, in_storage};
use serde::{Deserialize, Serialize};
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
///
/// As JSON it keeps its secrets, for the tab's storage: what is given away takes [`Text::without_secrets`] first.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Text(Vec<Piece>);

/// A text of which nothing or only masks are secret is a string, as people read it in a trace file.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Whole(Arc<str>),
    Pieces(Vec<Piece>),
}

impl From<Written> for Text {
    fn from(written: Written) -> Self {
        match written {
            Written::Whole(text) => Self::of_masked(&text),
            Written::Pieces(pieces) => Self(pieces),
        }
    }
}

impl From<Text> for Written {
    fn from(text: Text) -> Self {
        if let [Piece::Plain(whole)] = text.pieces()
            && !whole.is_empty()
            && !whole.contains(MASK)
        {
            return Self::Whole(Arc::clone(whole));
        }
        let masked = text.masked();
        match Text::of_masked(&masked) == text {
            true => Self::Whole(masked.into()),
            false => Self::Pieces(text.0),
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

    /// With a mask in the place of each secret: there is nothing to be revealed of it any more.
    #[must_use]
    pub fn without_secrets(&self) -> Self {
        Self::of_masked(&self.masked())
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

    /// The same with the string values of secret names marked that are not yet: [`json`].
    #[must_use]
    pub fn marked(&self) -> Self {
        self.0.iter().fold(Self::default(), |all, piece| match piece {
            Piece::Plain(text) => all.and(json(text)),
            Piece::Secret(_) => all.and(Self(vec![piece.clone()])),
        })
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

/// The text in pieces between which a line may end: words of more than so many bytes are cut.
pub fn breakable(text: &str, longest: usize) -> Vec<&str> {
    let (mut pieces, mut start, mut word) = (Vec::new(), 0, 0);
    for (at, letter) in text.char_indices() {
        if letter.is_whitespace() {
            word = at + letter.len_utf8();
        } else if at + letter.len_utf8() > word + longest && at > word {
            pieces.extend(text.get(start..at));
            (start, word) = (at, at);
        }
    }
    pieces.extend(text.get(start..));
    pieces
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

/// A foreign text as a fact: as much of it as a sentence shows.
pub fn fact(text: &str) -> String {
    prefix(text, SENTENCE).to_owned()
}

/// Foreign texts as facts: as many of them as a sentence shows.
pub fn facts<T: AsRef<str>>(list: &[T]) -> Vec<String> {
    let fits = list.iter().scan(0, |shown, it| {
        let before = *shown;
        *shown += it.as_ref().len();
        (before <= SENTENCE).then(|| fact(it.as_ref()))
    });
    fits.collect()
}

/// A form or a query, encoded for the wire, with the values of secret names marked.
pub fn form(fields: &[(String, String)]) -> Text {
    let mut text = Text::default();
    for (index, (name, value)) in fields.iter().enumerate() {
        let joint = if index == 0 { "" } else { "&" };
        text = text.and(Text::plain(format!("{joint}{}=", encode(name))));
        let value = encode(value);
        text = text.and(match is_secret_field(name) {
            true => Text::secret(value),
            false => Text::plain(value),
        });
    }
    text
}

/// Whether a field that this client sends holds a secret. A state stands in the URL that the browser opens anyway.
pub fn is_secret_field(name: &str) -> bool {
    names::is_secret(name) && name != "state" && name != "nonce"
}

/// `application/x-www-form-urlencoded`, as RFC 6749 appendix B asks.
pub fn encode(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// What [`encode`] wrote; `None` where the bytes are no text.
pub fn decode(value: &str) -> Option<String> {
    let spaced = value.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8().ok().map(Into::into)
}

/// A JSON body with the string values of secret names marked, at whatever depth they stand, also in JSON in a string.
///
/// Bodies that are not JSON stay plain, except that nothing is lost of them.
pub fn json(body: &str) -> Text {
    let (mut text, mut at) = (Text::default(), 0);
    for span in names::members(body).into_iter() {
        let (Some(before), Some(secret)) = (body.get(at..span.start), body.get(span.clone())) else { continue };
        text = text.and(Text::plain(before)).and(Text::secret(secret));
        at = span.end;
    }
    text.and(Text::plain(body.get(at..).unwrap_or_default()))
}

/// Whether a JSON object has a string as its `error`, as refusals of OAuth do (RFC 6749 §5.2).
pub fn names_an_error(body: &str) -> bool {
    let document: Option<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(body).ok();
    document.is_some_and(|it| it.get("error").is_some_and(serde_json::Value::is_string))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_may_end_within_a_word_that_is_too_long_and_nothing_is_lost() {
        for (text, pieces) in [
            ("", vec![""]),
            ("abcd efgh", vec!["abcd efgh"]),
            ("abcdefghij", vec!["abcd", "efgh", "ij"]),
            ("a abcdefg h", vec!["a abcd", "efg h"]),
            ("ääää", vec!["ää", "ää"]),
            ("🦀🦀a", vec!["🦀", "🦀", "a"]),
        ] {
            assert_eq!(breakable(text, 4), pieces, "{text}");
        }
        assert_eq!(breakable("🦀🦀", 1), ["🦀", "🦀"]);
    }

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
    fn what_is_given_away_is_a_string_without_secrets_and_the_storage_gets_all() {
        let text = Text::credentials("Bearer", "abc").and(Text::plain(" x"));
        let written = serde_json::to_string(&text.without_secrets()).expect("it can be written");
        assert_eq!(written, format!("\"Bearer {MASK} x\""));
        let read: Text = serde_json::from_str(&written).expect("it can be read");
        assert_eq!((read.has_secret(), read.expose()), (true, text.masked()));
        let foreign = Text::plain(format!("a mask {MASK} of somebody else's"));
        let empty = Text::plain("").and(Text::secret(""));
        for text in [text, read, foreign, empty, Text::plain("{}"), Text::plain(""), Text::default()] {
            let stored = serde_json::to_string(&text).expect("it can be stored");
            assert!(serde_json::from_str::<Text>(&stored).expect("it can be read") == text, "{stored}");
        }
    }

    #[test]
    fn a_cut_keeps_secrets_marked_and_characters_whole() {
        let text = Text::plain("añ").and(Text::secret("geheim"));
        assert_eq!(text.head(2).expose(), "a");
        assert_eq!(text.head(5).expose(), "añge");
        assert!(text.head(5).has_secret());
    }

    #[test]
    fn a_value_of_a_form_is_decoded_once() {
        for (written, plain) in
            [("a%2Fb+c", Some("a/b c")), ("a%2520", Some("a%20")), ("100%", Some("100%")), ("%ff", None)]
        {
            assert_eq!(decode(written).as_deref(), plain, "{written}");
        }
    }
}
