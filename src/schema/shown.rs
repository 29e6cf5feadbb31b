//! JSON as texts: whether two are the same, and one on several lines.

use super::keywords::items;
use crate::json::members::Members;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// How deep JSON is compared and written prettily; below it is taken as it stands.
const DEPTH: usize = 32;

/// Whether two texts are the same JSON: white space, escapes and the order of members aside.
pub fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    holds(one, other, 0) && holds(other, one, 0)
}

/// Whether all of the one is in the other.
fn holds(one: &str, other: &str, depth: usize) -> bool {
    if one == other {
        return true;
    }
    if depth >= DEPTH || one.chars().next() != other.chars().next() {
        return false;
    }
    if let (Some(one), Some(other)) = (Members::of(one), Members::of(other)) {
        let held = |(name, value): (&str, &RawValue)| {
            other.get(name).is_some_and(|it| one.get(name) == Some(value.get()) && holds(value.get(), it, depth + 1))
        };
        return one.iter().all(held);
    }
    if let (Some(one), Some(other)) = (items(one), items(other)) {
        return one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| holds(one, other, depth + 1));
    }
    let text = |it: &str| serde_json::from_str::<String>(it).ok();
    text(one).is_some_and(|it| text(other).is_some_and(|other| it == other))
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
