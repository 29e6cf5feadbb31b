//! From what stands in the fields to the arguments.

use super::{Entry, Field, Form, Item, Kind};
use serde_json::value::RawValue;

/// What cannot be JSON: the place of the field, and what is wrong.
pub type Refusal = (usize, String);

impl Form {
    /// The arguments as raw JSON, in the order of the schema. What nothing was said of is absent.
    pub fn arguments(&self, entries: &[Entry]) -> Result<String, Vec<Refusal>> {
        let mut refusals = Vec::new();
        let arguments = self.object(None, entries, &mut refusals);
        if refusals.is_empty() { Ok(arguments) } else { Err(refusals) }
    }

    fn object(&self, within: Option<usize>, entries: &[Entry], refusals: &mut Vec<Refusal>) -> String {
        let mut members = Vec::new();
        for (at, field) in self.members(within) {
            if let Some(value) = self.value(at, field, entries, refusals) {
                members.push(format!("{}:{value}", quoted(&field.name)));
            }
        }
        format!("{{{}}}", members.join(","))
    }

    fn value(&self, at: usize, field: &Field, entries: &[Entry], refusals: &mut Vec<Refusal>) -> Option<String> {
        if field.kind != Kind::Group {
            let value = entries.get(at).map_or(Ok(None), |it| field.value(it));
            return value.unwrap_or_else(|words| {
                refusals.push((at, words));
                None
            });
        }
        match self.says(at, entries) {
            false if field.required && field.nullable => Some("null".to_owned()),
            false if !field.required => None,
            _ => Some(self.object(Some(at), entries, refusals)),
        }
    }

    /// Whether something was said of a member of an object.
    fn says(&self, within: usize, entries: &[Entry]) -> bool {
        let mut members = self.members(Some(within));
        members.any(|(at, field)| match (&field.kind, entries.get(at)) {
            (Kind::Group, _) => self.says(at, entries),
            (Kind::Flag { default }, Some(Entry::Flag(flag))) => flag != default,
            (_, Some(Entry::Text(text))) => !text.is_empty(),
            (_, Some(Entry::Many(chosen))) => !chosen.is_empty(),
            _ => false,
        })
    }
}

impl Field {
    /// The value as raw JSON; `None` where nothing was said. The error is for the person.
    pub fn value(&self, entry: &Entry) -> Result<Option<String>, String> {
        match entry {
            Entry::Flag(flag) => Ok(Some(flag.to_string())),
            Entry::Many(chosen) if chosen.is_empty() => Ok(self.nothing()),
            Entry::Many(chosen) => Ok(Some(format!("[{}]", chosen.join(",")))),
            Entry::Text(text) => match &self.kind {
                Kind::Text(_) | Kind::One(_) if text.is_empty() => Ok(self.nothing()),
                _ if text.trim().is_empty() && !matches!(self.kind, Kind::Text(_)) => Ok(self.nothing()),
                Kind::Text(_) => Ok(Some(quoted(text))),
                Kind::Number { .. } => number(text).map(Some),
                Kind::Lines { item, .. } => lines(text, *item).map(Some),
                _ => json(text).map(Some),
            },
        }
    }

    /// What is sent where nothing was said: a text and a list may be empty, all else is absent.
    fn nothing(&self) -> Option<String> {
        let nothing = match self.kind {
            _ if !self.required => return None,
            _ if self.nullable => "null",
            Kind::Text(_) => "\"\"",
            Kind::Many { .. } | Kind::Lines { .. } => "[]",
            _ => return None,
        };
        Some(nothing.to_owned())
    }
}

/// A string of JSON.
pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// The digits as they were typed, where JSON has such a number (RFC 8259 §6).
fn number(text: &str) -> Result<String, String> {
    let text = text.trim();
    match is_number(text) {
        true => Ok(text.to_owned()),
        false => Err("This is not a number. With the arguments as JSON, anything can be sent".to_owned()),
    }
}

pub fn is_number(text: &str) -> bool {
    let plain = text.starts_with(|it: char| it == '-' || it.is_ascii_digit()) && !text.ends_with(char::is_whitespace);
    plain && serde_json::from_str::<&RawValue>(text).is_ok()
}

fn lines(text: &str, item: Item) -> Result<String, String> {
    let mut items = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        items.push(match item {
            Item::Text => quoted(line),
            _ => number(line).map_err(|_| format!("Line {} is not a number", at + 1))?,
        });
    }
    Ok(format!("[{}]", items.join(",")))
}

fn json(text: &str) -> Result<String, String> {
    let read = serde_json::from_str::<&RawValue>(text.trim());
    read.map(|it| it.get().to_owned()).map_err(|error| format!("This is not JSON: {error}"))
}
