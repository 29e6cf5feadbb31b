//! An object of somebody else's: its members in their order, each as the text that it came as.
//!
//! A member of another type than the one wanted, or hard to read (a number beyond 64 bits, half of a surrogate pair,
//! nesting that ends a reader), counts as absent and spoils no other. An array is no object. What the user is shown, and
//! is nothing that goes back to the server, is mended instead: half of a pair, which is left where a server cut a text
//! within a face, is U+FFFD.

use crate::json::outline::string::characters;
use serde::de::{DeserializeOwned, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

#[derive(Default)]
pub struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    /// The members of an object, or why the text is none.
    pub fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The same, where the reason does not matter.
    pub fn of(text: &'a str) -> Option<Self> {
        Self::parse(text).ok()
    }

    /// A member that is there at all. Of two with one name it is the last, as in browsers.
    fn any(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(it, _)| it == name).map(|(_, value)| *value)
    }

    /// The text of a member that is there at all.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.any(name).map(RawValue::get)
    }

    /// A member that is there and not null.
    pub fn value(&self, name: &str) -> Option<&'a RawValue> {
        self.any(name).filter(|it| it.get() != "null")
    }

    /// A member, where it has the right type.
    pub fn read<T: Deserialize<'a>>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.get(name)?).ok()
    }

    /// The same, for the user.
    pub fn shown<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        shown(self.get(name)?)
    }

    /// A member in words: a text as it is, any other value as JSON.
    pub fn words(&self, name: &str) -> Option<String> {
        let raw = self.value(name)?.get();
        Some(shown(raw).unwrap_or_else(|| raw.to_owned()))
    }

    /// The items of a member that is a list.
    pub fn list(&self, name: &str) -> Option<Vec<&'a RawValue>> {
        self.read(name)
    }

    /// Those items of a list that are strings.
    pub fn strings(&self, name: &str) -> Option<Vec<String>> {
        let strings = self.list(name)?.into_iter().filter_map(|it| serde_json::from_str(it.get()).ok());
        Some(strings.collect())
    }

    /// The members of a member that is an object; none where it is not.
    pub fn object(&self, name: &str) -> Self {
        self.read(name).unwrap_or_default()
    }

    /// All of them as they stand, those that come twice too.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), *value))
    }

    /// All of them in their order; of two with one name the last, in the place of the first.
    pub fn once(self) -> Vec<(String, &'a RawValue)> {
        let mut places = BTreeMap::new();
        let mut all: Vec<(String, &RawValue)> = Vec::new();
        for (name, value) in self.0 {
            let place = *places.entry(name.clone()).or_insert(all.len());
            match all.get_mut(place) {
                Some(there) => there.1 = value,
                None => all.push((name.into_owned(), value)),
            }
        }
        all
    }

    /// Their values; null for one that cannot be held in memory.
    pub fn values(self) -> Map<String, Value> {
        let value = |raw: &RawValue| shown(raw.get()).unwrap_or_default();
        self.0.into_iter().map(|(name, raw)| (name.into_owned(), value(raw))).collect()
    }
}

impl<'a, 'de: 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut all = Vec::new();
                while let Some((Name(name), value)) = map.next_entry()? {
                    all.push((name, value));
                }
                Ok(Members(all))
            }
        }
        from.deserialize_map(InOrder)
    }
}

/// The name of a member. Read as bytes: half of a surrogate pair in it becomes U+FFFD, and not the end of the object.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Lossy;
        impl<'de> Visitor<'de> for Lossy {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Name<'de>, E> {
                Ok(Name(String::from_utf8_lossy(bytes)))
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Name<'de>, E> {
                Ok(Name(String::from_utf8_lossy(bytes).into_owned().into()))
            }
        }
        from.deserialize_bytes(Lossy)
    }
}

/// A value of the type wanted, for the user.
pub fn shown<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&paired(text))).ok()
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

/// A whole object as values, where all of it is wanted.
pub type Document = Map<String, Value>;

/// Reads an object whole; members that are hard to read are left out.
pub fn document(text: &str) -> Option<Document> {
    Members::of(text).map(Members::values)
}

/// A member of a document that is a string.
pub fn string(document: &Document, name: &str) -> Option<String> {
    document.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// Those items of a list in a document that are strings.
pub fn strings(document: &Document, name: &str) -> Option<Vec<String>> {
    let items = document.get(name)?.as_array()?;
    Some(items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hard_to_read_spoils_no_other() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        let text = format!(r#"{{"a":1e999,"cut \ud83d":2,"b":"\ud83d","c":{deep},"d":4,"e":["x",1e999,"y"]}}"#);
        let all = Members::of(&text).expect("an object");
        assert_eq!((all.read::<f64>("a"), all.read::<String>("b"), all.read::<u8>("d")), (None, None, Some(4)));
        assert_eq!(all.strings("e"), Some(vec!["x".to_owned(), "y".to_owned()]));
        assert_eq!(all.value("c").map(|it| it.get().len()), Some(400));
        let values = all.values();
        assert_eq!((values.len(), &values["c"], &values["d"]), (6, &Value::Null, &Value::from(4)));
    }

    #[test]
    fn half_a_pair_is_shown_as_a_mark_and_a_whole_one_as_what_it_is() {
        assert_eq!(shown::<String>(r#""cut \ud83d""#).as_deref(), Some("cut \u{fffd}"));
        assert_eq!(shown::<String>(r#""\udca9x \\ud83d \ud83d\udca9""#).as_deref(), Some("\u{fffd}x \\ud83d 💩"));
        assert_eq!(shown::<String>(r#""\ud83d\ud83d\udca9""#).as_deref(), Some("\u{fffd}💩"));
        assert_eq!(shown::<String>(r#""not closed \ud83d"#), None);
        let all = Members::of(r#"{"x":"\ud83d","a":[ 1 ],"b":null,"c":["\ud83d"]}"#).expect("an object");
        assert_eq!((all.get("x"), all.shown("x")), (Some(r#""\ud83d""#), Some("\u{fffd}".to_owned())));
        assert_eq!((all.words("a").as_deref(), all.words("b")), (Some("[ 1 ]"), None));
        assert_eq!(all.values()["c"], Value::from(vec!["\u{fffd}"]));
    }

    #[test]
    fn null_is_there_and_has_no_value() {
        let all = Members::of(r#"{"a":null}"#).expect("an object");
        assert_eq!((all.get("a"), all.value("a").is_none(), all.get("b")), (Some("null"), true, None));
    }

    #[test]
    fn of_two_with_one_name_the_last_counts() {
        let all = Members::of(r#"{"a":1,"b":2,"\u0061":3}"#).expect("an object");
        assert_eq!(all.get("a"), Some("3"));
        let once: Vec<_> = all.once().into_iter().map(|(name, value)| format!("{name}{value}")).collect();
        assert_eq!(once, ["a3", "b2"]);
    }

    #[test]
    fn what_is_no_object_has_no_members() {
        for text in ["[1]", "null", "1", "\"a\"", "{", ""] {
            assert!(Members::of(text).is_none(), "{text}");
        }
    }
}
