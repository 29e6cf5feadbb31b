//! A value as it is edited: JSON of which objects and lists are taken apart, and everything else stays as it is written.

use super::keywords::items;
use crate::json::members::Members;
use serde_json::value::RawValue;

/// How deep values are taken apart. What is deeper is one text.
const DEPTH: usize = 32;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// JSON as it is written.
    Raw(String),
    /// What was typed as JSON and is none.
    Unreadable(String),
    List(Vec<Self>),
    /// Members in their order, each name once.
    Object(Vec<(String, Self)>),
}

impl Value {
    /// Reads a JSON text; none where it is no JSON, or where a name is there twice, which no form can show.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str::<&RawValue>(text).ok()?;
        Self::taken_apart(text.trim(), 0)
    }

    fn taken_apart(text: &str, depth: usize) -> Option<Self> {
        match text.as_bytes().first().filter(|_| depth < DEPTH) {
            Some(b'{') => Self::members(text, depth),
            Some(b'[') => {
                let all = items(text)?.into_iter().map(|it| Self::taken_apart(it, depth + 1));
                all.collect::<Option<_>>().map(Self::List)
            }
            _ => Some(Self::Raw(text.to_owned())),
        }
    }

    fn members(text: &str, depth: usize) -> Option<Self> {
        let all = Members::of(text)?;
        let count = all.iter().count();
        let once = all.once();
        // A name with half of a surrogate pair could not be written again.
        if once.len() < count || once.iter().any(|(name, _)| name.contains(char::REPLACEMENT_CHARACTER)) {
            return None;
        }
        let member = |(name, raw): (String, &RawValue)| Some((name, Self::taken_apart(raw.get(), depth + 1)?));
        once.into_iter().map(member).collect::<Option<_>>().map(Self::Object)
    }

    /// A string.
    pub fn text(text: &str) -> Self {
        Self::Raw(quoted(text))
    }

    /// What was typed as JSON. It stays one text, as it was typed.
    pub fn typed(text: &str) -> Self {
        match serde_json::from_str::<&RawValue>(text) {
            Ok(raw) => Self::Raw(raw.get().to_owned()),
            Err(_) => Self::Unreadable(text.to_owned()),
        }
    }

    pub fn null() -> Self {
        Self::Raw("null".to_owned())
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Raw(text) if text == "null")
    }

    /// Whether it is of a type of JSON Schema. `1.0` is an integer, too (JSON Schema Core §4.2.3).
    pub fn is_of(&self, kind: &str) -> bool {
        match (kind, self) {
            ("object", Self::Object(_)) | ("array", Self::List(_)) => true,
            ("string", Self::Raw(text)) => text.starts_with('"'),
            ("number", Self::Raw(text)) => is_number(text),
            ("integer", Self::Raw(text)) => {
                is_number(text) && serde_json::from_str::<f64>(text).is_ok_and(|it| it.fract() == 0.0)
            }
            ("boolean", Self::Raw(text)) => text == "true" || text == "false",
            ("null", it) => it.is_null(),
            _ => false,
        }
    }

    /// The text of a string.
    pub fn as_text(&self) -> Option<String> {
        match self {
            Self::Raw(text) => serde_json::from_str(text).ok(),
            _ => None,
        }
    }

    /// The JSON of it; what is none stays as it was typed.
    pub fn json(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, to: &mut String) {
        match self {
            Self::Raw(text) | Self::Unreadable(text) => to.push_str(text),
            Self::List(items) => {
                to.push('[');
                for (at, item) in items.iter().enumerate() {
                    to.push_str(if at > 0 { "," } else { "" });
                    item.write(to);
                }
                to.push(']');
            }
            Self::Object(members) => {
                to.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    to.push_str(if at > 0 { "," } else { "" });
                    to.push_str(&quoted(name));
                    to.push(':');
                    value.write(to);
                }
                to.push('}');
            }
        }
    }

    /// The pointers of what cannot be sent, because it is no JSON.
    pub fn unreadable(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.find_unreadable(String::new(), &mut found);
        found
    }

    fn find_unreadable(&self, pointer: String, found: &mut Vec<String>) {
        match self {
            Self::Raw(_) => {}
            Self::Unreadable(_) => found.push(pointer),
            Self::List(items) => {
                items.iter().enumerate().for_each(|(at, it)| it.find_unreadable(format!("{pointer}/{at}"), found));
            }
            Self::Object(members) => {
                members.iter().for_each(|(name, it)| it.find_unreadable(format!("{pointer}/{}", escaped(name)), found));
            }
        }
    }

    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(it, _)| it == name).map(|(_, value)| value),
            _ => None,
        }
    }

    pub(super) fn item(&self, at: usize) -> Option<&Self> {
        match self {
            Self::List(items) => items.get(at),
            _ => None,
        }
    }
}

/// A string of JSON.
pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// Whether a text is a number of JSON (RFC 8259 §6), and nothing around it.
pub fn is_number(text: &str) -> bool {
    let plain = text.starts_with(|it: char| it == '-' || it.is_ascii_digit()) && !text.ends_with(char::is_whitespace);
    plain && serde_json::from_str::<&RawValue>(text).is_ok()
}

/// A name as a step of a JSON Pointer (RFC 6901 §3).
pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
