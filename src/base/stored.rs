//! Values as the text that the tab's storage takes: JSON with a version, for this version of the app alone.
//!
//! What another version wrote is not read as something else: it is dropped, and the user is told.

use super::named;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt;

/// To be raised whenever a stored type changes. Versions below 7 were not JSON, and began with [`MARK`].
const VERSION: u32 = 10;
const MARK: &str = "flowglass ";

/// Why a stored text is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    OtherVersion,
    Damaged,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherVersion => "Another version of Flowglass stored this tab's data",
            Self::Damaged => "This tab's data is damaged",
        })?;
        f.write_str(", so it was discarded. Connect again, and restart a login that was in progress")
    }
}

#[derive(Serialize)]
struct Written<'a, T> {
    version: u32,
    value: &'a T,
}

#[derive(Deserialize)]
struct Read<'a> {
    version: u32,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
}

/// The text of a value; `None` where it cannot be written.
pub fn write(value: &impl Serialize) -> Option<String> {
    serde_json::to_string(&Written { version: VERSION, value }).ok()
}

/// The value of a text that [`write`] of this version made.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unread> {
    if text.starts_with(MARK) {
        return Err(Unread::OtherVersion);
    }
    let read: Read<'_> = serde_json::from_str(text).map_err(|_| Unread::Damaged)?;
    if read.version != VERSION {
        return Err(Unread::OtherVersion);
    }
    let value = read.value.ok_or(Unread::Damaged)?;
    named::from_str(value.get()).map_err(|_| Unread::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn what_is_written_is_read_again() {
        let numbers = BTreeMap::from([(7_u32, u64::MAX), (70, 0)]);
        let times = [0.1 + 0.2, 1_795_943_980_123.456_8, 5e-324, f64::MAX, -0.0];
        let value = (numbers, "ä\0\u{2022}\"\\\u{2028}".to_owned(), times, None::<bool>);
        let text = write(&value).expect("it can be written");
        assert!(text.starts_with(r#"{"version":10,"value":"#), "{text}");
        assert_eq!(read(&text), Ok(value));
    }

    #[test]
    fn what_another_version_wrote_is_told_from_what_is_damaged() {
        for text in
            ["flowglass 6\n\u{1}", "flowglass 5\n", r#"{"version":9,"value":1}"#, r#"{"version":11,"other":{}}"#]
        {
            assert_eq!(read::<u32>(text), Err(Unread::OtherVersion), "{text}");
        }
        for text in ["", "{}", "1", r#"{"version":10}"#, r#"{"version":10,"value":"x"}"#, r#"{"version":10,"value":1"#]
        {
            assert_eq!(read::<u32>(text), Err(Unread::Damaged), "{text}");
        }
    }

    #[test]
    fn the_user_is_told_what_was_dropped_and_what_to_do() {
        assert!(Unread::OtherVersion.to_string().contains("Another version of Flowglass"));
        assert!(Unread::Damaged.to_string().ends_with("restart a login that was in progress"));
    }
}
