//! JSON that others wrote, read so that a part that no reader takes does not spoil the rest.
//!
//! Two things are common and stop every strict reader: half a pair of surrogates, because a server cut a text between
//! the two halves of a face, and numbers or depths beyond all. A text that is no JSON at all stays none.

use crate::outline::string::characters;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A value of the type wanted. Half a pair reads as U+FFFD.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&paired(text))).ok()
}

/// The members of an object; one that cannot be read counts as absent.
pub fn object(text: &str) -> Option<Map<String, Value>> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => return Some(object),
        Ok(_) => return None,
        Err(_) => {}
    }
    let paired = paired(text);
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(&paired).ok()?;
    let readable = members.into_iter().filter_map(|(name, raw)| Some((name, serde_json::from_str(raw.get()).ok()?)));
    Some(readable.collect())
}

/// The same text with `\ufffd` for each escape that is half a pair (RFC 8259 §8.2).
fn paired(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    for (char, length) in characters(text) {
        let Some((raw, behind)) = rest.split_at_checked(length) else { break };
        let half = char == char::REPLACEMENT_CHARACTER && raw.starts_with('\\');
        whole.push_str(if half { r"\ufffd" } else { raw });
        rest = behind;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_pair_reads_as_a_mark_and_a_whole_one_as_what_it_is() {
        let read = |text: &str| read::<String>(text);
        assert_eq!(read(r#""cut \ud83d""#).as_deref(), Some("cut \u{fffd}"));
        assert_eq!(read(r#""\udca9x \\ud83d \ud83d\udca9""#).as_deref(), Some("\u{fffd}x \\ud83d 💩"));
        assert_eq!(read(r#""\ud83d\ud83d\udca9""#).as_deref(), Some("\u{fffd}💩"));
        assert_eq!(read(r#""not closed \ud83d"#), None);
    }

    #[test]
    fn a_member_that_no_reader_takes_spoils_only_itself() {
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        let text = format!(r#"{{"a":"x","b":1e999,"c":{deep},"d":"\ud83d","\ud83d":1,"e":{{"f":1e999}}}}"#);
        let object = object(&text).expect("an object");
        assert_eq!(object.get("a"), Some(&Value::from("x")));
        assert_eq!(object.get("d"), Some(&Value::from("\u{fffd}")));
        assert!(["b", "c", "e"].iter().all(|it| !object.contains_key(*it)));
    }

    #[test]
    fn what_is_no_object_stays_none() {
        for text in ["", "[]", "null", r#"{"a":"#, r#"{"a":1} x"#, "\"\\ud83d\""] {
            assert!(object(text).is_none(), "{text}");
        }
    }
}
