//! From arguments to what stands in the fields.

use super::write::is_number;
use super::{Choice, Entry, Field, Form, Item, Kind};
use crate::members::Members;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// How deep JSON is compared and written prettily; below it is taken as it stands.
const DEPTH: usize = 16;

/// Arguments, read into fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub entries: Vec<Entry>,
    /// What the fields do not hold, if anything, as a sentence.
    pub lost: Option<String>,
}

impl Form {
    /// What the fields hold of these arguments.
    pub fn read(&self, arguments: &str) -> Reading {
        let mut entries = self.fields.iter().map(|it| it.entry(None)).collect::<Vec<_>>();
        let members = Members::of(arguments);
        self.fill(None, members.as_ref().unwrap_or(&Members::default()), &mut entries);
        let lost = match (members, self.arguments(&entries)) {
            (None, _) => Some("Only an object can stand in a form.".to_owned()),
            (_, Ok(made)) => lost(arguments.trim(), &made, "", 0).map(|it| sentence(&it)),
            (_, Err(_)) => Some("This cannot stand in a form.".to_owned()),
        };
        Reading { entries, lost }
    }

    fn fill(&self, within: Option<usize>, members: &Members<'_>, entries: &mut [Entry]) {
        for (at, field) in self.members(within) {
            let value = members.get(&field.name);
            if let Some(inner) = value.filter(|_| field.kind == Kind::Group).and_then(Members::of) {
                self.fill(Some(at), &inner, entries);
            }
            if let Some(entry) = entries.get_mut(at) {
                *entry = field.entry(value);
            }
        }
    }
}

fn sentence(path: &str) -> String {
    format!("The form cannot hold “{}” as it stands here, so this stays JSON.", crate::text::prefix(path, 200))
}

impl Field {
    /// What stands in the field for a value; nothing where the value is of another kind.
    fn entry(&self, value: Option<&str>) -> Entry {
        let text = |it: Option<String>| Entry::Text(it.unwrap_or_default());
        match &self.kind {
            Kind::Flag { default } => Entry::Flag(value.map_or(*default, |it| it == "true")),
            Kind::Many { choices, .. } => {
                let items = value.and_then(items).unwrap_or_default();
                Entry::Many(items.into_iter().filter_map(|it| offered(choices, it)).collect())
            }
            Kind::One(choices) => text(value.and_then(|it| offered(choices, it))),
            Kind::Text(_) => text(value.and_then(|it| serde_json::from_str(it).ok())),
            Kind::Number { .. } => text(value.filter(|it| is_number(it)).map(str::to_owned)),
            Kind::Lines { item, .. } => text(value.and_then(|it| written_lines(it, *item))),
            Kind::Json => text(value.map(str::to_owned)),
            Kind::Group => text(None),
        }
    }
}

fn items(list: &str) -> Option<Vec<&str>> {
    let items: Vec<&RawValue> = serde_json::from_str(list).ok()?;
    Some(items.into_iter().map(RawValue::get).collect())
}

fn offered(choices: &[Choice], value: &str) -> Option<String> {
    choices.iter().find(|it| same(&it.value, value)).map(|it| it.value.clone())
}

fn written_lines(list: &str, item: Item) -> Option<String> {
    let line = |it: &str| match item {
        Item::Text => serde_json::from_str(it).ok(),
        _ => is_number(it).then(|| it.to_owned()),
    };
    let lines: Option<Vec<String>> = items(list)?.into_iter().map(line).collect();
    lines.map(|it| it.join("\n"))
}

/// Whether two texts are the same JSON: white space, escapes and the order of members aside.
pub fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    lost(one, other, "", 0).is_none() && lost(other, one, "", 0).is_none()
}

/// Where something of the one is not in the other: the names that lead there, joined by dots.
fn lost(one: &str, other: &str, path: &str, depth: usize) -> Option<String> {
    if one == other {
        return None;
    }
    let here = || Some(path.to_owned());
    if depth >= DEPTH || one.chars().next() != other.chars().next() {
        return here();
    }
    if let (Some(one), Some(other)) = (Members::of(one), Members::of(other)) {
        return lost_member(&one, &other, path, depth);
    }
    if let (Some(one), Some(other)) = (items(one), items(other)) {
        let mut pairs = one.iter().zip(&other);
        let kept = one.len() == other.len() && pairs.all(|(one, other)| lost(one, other, path, depth + 1).is_none());
        return if kept { None } else { here() };
    }
    let text = |it: &str| serde_json::from_str::<String>(it).ok();
    if text(one).is_some_and(|it| text(other).is_some_and(|other| it == other)) { None } else { here() }
}

fn lost_member(one: &Members<'_>, other: &Members<'_>, path: &str, depth: usize) -> Option<String> {
    one.iter().find_map(|(name, value)| {
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        match other.get(name) {
            Some(other) => lost(value.get(), other, &path, depth + 1),
            None => Some(path),
        }
    })
}

/// JSON on several lines. Numbers, strings and the order of members stay as they are written.
pub fn pretty(text: &str) -> String {
    serde_json::to_string_pretty(&Shown(text, 0)).unwrap_or_else(|_| text.to_owned())
}

/// A text of JSON and how deep it stands.
struct Shown<'a>(&'a str, usize);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(text, depth) = *self;
        if let Some(members) = Members::of(text).filter(|_| depth < DEPTH) {
            return to.collect_map(members.iter().map(|(name, it)| (name, Shown(it.get(), depth + 1))));
        }
        if let Some(items) = items(text).filter(|_| depth < DEPTH) {
            return to.collect_seq(items.into_iter().map(|it| Shown(it, depth + 1)));
        }
        serde_json::from_str::<&RawValue>(text).map_err(serde::ser::Error::custom)?.serialize(to)
    }
}
