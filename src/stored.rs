//! Values as the text that the tab's storage takes: compact, for this version of the app alone.
//!
//! A storage holds strings, so every byte is one character below U+0100. What another version wrote is not read as
//! something else: it begins with another mark, and counts as absent.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// To be changed whenever a stored type changes.
const MARK: &str = "flowglass 5\n";

/// The text of a value; `None` where it cannot be written.
pub fn write(value: &impl Serialize) -> Option<String> {
    let bytes = postcard::to_allocvec(value).ok()?;
    let mut text = MARK.to_owned();
    text.extend(bytes.into_iter().map(char::from));
    Some(text)
}

/// The value of a text; `None` where it is not one that [`write`] of this version made.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    let bytes: Option<Vec<u8>> = text.strip_prefix(MARK)?.chars().map(|it| u8::try_from(it).ok()).collect();
    postcard::from_bytes(&bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let value = (7_u32, "ä\0\u{2022}".to_owned(), Some(vec![1.5_f64]), None::<bool>);
        let text = write(&value).expect("it can be written");
        assert!(text.chars().all(|it| u32::from(it) < 0x100));
        assert_eq!(read(&text), Some(value));
    }

    #[test]
    fn anything_else_counts_as_absent() {
        for text in ["", "{}", "flowglass 4\n\u{1}", "flowglass 5\n", "flowglass 5\n\u{2022}"] {
            assert_eq!(read::<u32>(text), None, "{text}");
        }
    }
}
