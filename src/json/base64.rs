//! Base64 in JSON, told by what it looks like: what it is, and how long, in the place of the letters.

/// What a string of base64 (RFC 4648 §4) stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base64 {
    /// By its first bytes.
    pub mime: Option<&'static str>,
    /// Of the data itself.
    pub bytes: usize,
}

/// A shorter one can be read as it is.
const SHORTEST: usize = 256;
/// How much of its beginning is looked at.
const HEAD: usize = 1 << 10;

/// The first letters of types with a signature.
const SIGNATURES: [(&str, &str); 11] = [
    ("iVBORw0KGgo", "image/png"),
    ("/9j/", "image/jpeg"),
    ("R0lGOD", "image/gif"),
    ("UklGR", "image/webp or audio/wav"),
    ("PHN2Zy", "image/svg+xml"),
    ("PD94bWwg", "application/xml"),
    ("JVBERi0", "application/pdf"),
    ("UEsDB", "application/zip"),
    ("H4sI", "application/gzip"),
    ("SUQz", "audio/mpeg"),
    ("T2dnUw", "audio/ogg"),
];

impl Base64 {
    /// Of a string between its quotes; `None` where it does not look like base64.
    pub fn of(raw: &str) -> Option<Self> {
        let data = raw.trim_end_matches('=');
        let head = data.as_bytes().get(..HEAD.min(data.len()))?;
        let has = |is: fn(&u8) -> bool| head.iter().any(is);
        let is_mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
        let is_letter = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/');
        let is_whole = raw.len().is_multiple_of(4) && raw.len() - data.len() <= 2;
        if raw.len() < SHORTEST || !is_whole || !is_mixed || !head.iter().all(is_letter) {
            return None;
        }
        let mime = SIGNATURES.into_iter().find(|(letters, _)| data.starts_with(letters)).map(|(_, mime)| mime);
        Some(Self { mime, bytes: data.len() * 3 / 4 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn base64_is_told_with_its_kind_and_size() {
        let png: Vec<u8> = [b"\x89PNG\r\n\x1a\n".as_slice(), &(0..=255).collect::<Vec<u8>>()].concat();
        assert_eq!(Base64::of(&STANDARD.encode(&png)), Some(Base64 { mime: Some("image/png"), bytes: png.len() }));
        let other: Vec<u8> = (0..=255).rev().collect();
        assert_eq!(Base64::of(&STANDARD.encode(&other)), Some(Base64 { mime: None, bytes: 256 }));
    }

    #[test]
    fn words_numbers_and_short_texts_are_none() {
        for text in ["QUJD".to_owned(), "a".repeat(400), "word ".repeat(100), "0123456789ab".repeat(40), String::new()]
        {
            assert_eq!(Base64::of(&text), None, "{text}");
        }
    }
}
