//! In what two JSON texts differ, by path: what is at another value, what is added, what is gone.
//!
//! Objects are compared by their names, lists place by place. The texts are a server's: how many differences are listed,
//! how deep values are taken apart, and how much of a path and a value is shown have bounds.

use super::members::Members;
use super::outline::string::unescape;
use crate::base::text::prefix;
use serde_json::value::RawValue;
use std::collections::BTreeSet;

/// How many differences are listed; those beyond are counted.
pub const LISTED: usize = 200;
/// The longest text that is compared, in bytes.
pub const LONGEST: usize = 16 << 20;
/// Deeper values differ as a whole.
const DEPTH: usize = 64;
/// As much of a path and of a value as is shown, in bytes.
const SHOWN: usize = 500;
/// How much stands before the first difference of two long values, in bytes.
const BEFORE: usize = 60;

/// A place with another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// JSON Pointer (RFC 6901); one that is too long ends with `…`.
    pub path: String,
    pub change: Change,
}

/// Values are raw JSON, long ones around the first difference, with `…` where they are cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Added(String),
    Removed(String),
    Changed { old: String, new: String },
}

impl Change {
    /// The name that tests use.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Added(_) => "added",
            Self::Removed(_) => "removed",
            Self::Changed { .. } => "changed",
        }
    }
}

/// All differences, as far as they are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    pub listed: Vec<Difference>,
    /// How many there are beyond.
    pub more: usize,
}

impl Differences {
    /// How many there are, listed or not.
    pub fn count(&self) -> usize {
        self.listed.len() + self.more
    }
}

/// What is different in the new text; `None` where one of them is too long to be compared.
pub fn differences(old: &str, new: &str) -> Option<Differences> {
    if old.len().max(new.len()) > LONGEST {
        return None;
    }
    let mut comparison = Comparison::default();
    comparison.values(old, new, 0);
    Some(comparison.found)
}

#[derive(Default)]
struct Comparison {
    /// Of the values that are compared just now.
    path: String,
    found: Differences,
}

impl Comparison {
    fn values(&mut self, old: &str, new: &str, depth: usize) {
        let (old, new) = (old.trim(), new.trim());
        if old == new {
            return;
        }
        let apart = depth < DEPTH;
        let begin = |text: &str| text.as_bytes().first().copied().filter(|_| apart);
        let known = match (begin(old), begin(new)) {
            (Some(b'{'), Some(b'{')) => self.objects(old, new, depth),
            (Some(b'['), Some(b'[')) => self.lists(old, new, depth),
            (Some(b'"'), Some(b'"')) => unescape(old) == unescape(new),
            _ => false,
        };
        if !known {
            self.note(|| changed(old, new));
        }
    }

    /// `false` where one of them cannot be read.
    fn objects(&mut self, old: &str, new: &str, depth: usize) -> bool {
        let (Some(old), Some(new)) = (Members::of(old), Members::of(new)) else { return false };
        let (old, new) = (old.once(), new.once());
        let names: BTreeSet<&str> = old.iter().map(|(name, _)| name.as_str()).collect();
        let by_name = new.iter().map(|(name, value)| (name.as_str(), value.get()));
        let by_name: std::collections::BTreeMap<&str, &str> = by_name.collect();
        for (name, value) in &old {
            self.at(name, |it| match by_name.get(name.as_str()) {
                Some(other) => it.values(value.get(), other, depth + 1),
                None => it.note(|| Change::Removed(cut(value.get(), 0))),
            });
        }
        for (name, value) in new.iter().filter(|(name, _)| !names.contains(name.as_str())) {
            self.at(name, |it| it.note(|| Change::Added(cut(value.get(), 0))));
        }
        true
    }

    /// The same.
    fn lists(&mut self, old: &str, new: &str, depth: usize) -> bool {
        let items = |text| serde_json::from_str::<Vec<&RawValue>>(text).ok();
        let Some((old, new)) = items(old).zip(items(new)) else { return false };
        for index in 0..old.len().max(new.len()) {
            let (old, new) = (old.get(index).map(|it| it.get()), new.get(index).map(|it| it.get()));
            self.at(&index.to_string(), |it| match (old, new) {
                (Some(old), Some(new)) => it.values(old, new, depth + 1),
                (Some(old), None) => it.note(|| Change::Removed(cut(old, 0))),
                (None, Some(new)) => it.note(|| Change::Added(cut(new, 0))),
                (None, None) => {}
            });
        }
        true
    }

    /// Compares at a place within the present one.
    fn at(&mut self, name: &str, compare: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push('/');
        // RFC 6901 §3.
        self.path.push_str(&name.replace('~', "~0").replace('/', "~1"));
        compare(self);
        self.path.truncate(length);
    }

    fn note(&mut self, change: impl FnOnce() -> Change) {
        match self.found.listed.len() < LISTED {
            true => self.found.listed.push(Difference { path: cut(&self.path, 0), change: change() }),
            false => self.found.more += 1,
        }
    }
}

/// Two values; of long ones, what is around their first difference.
fn changed(old: &str, new: &str) -> Change {
    let alike = old.bytes().zip(new.bytes()).take_while(|(one, other)| one == other).count();
    let from = if old.len().max(new.len()) > SHOWN { alike.saturating_sub(BEFORE) } else { 0 };
    Change::Changed { old: cut(old, from), new: cut(new, from) }
}

/// So much of a text as is shown, from about there on.
fn cut(text: &str, from: usize) -> String {
    let from = (0..=from).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let rest = text.get(from..).unwrap_or_default();
    let shown = prefix(rest, SHOWN);
    let sign = |is_cut: bool| if is_cut { "…" } else { "" };
    format!("{}{shown}{}", sign(from > 0), sign(shown.len() < rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(old: &str, new: &str) -> Vec<String> {
        let all = differences(old, new).expect("short enough");
        assert_eq!(all.more, 0);
        let line = |it: Difference| match it.change {
            Change::Added(new) => format!("{} + {new}", it.path),
            Change::Removed(old) => format!("{} - {old}", it.path),
            Change::Changed { old, new } => format!("{} {old} > {new}", it.path),
        };
        all.listed.into_iter().map(line).collect()
    }

    #[test]
    fn every_place_with_another_value_is_named_by_its_pointer() {
        let old = r#"{"a":1,"b":{"c/d":[1,2,3],"~":"x"},"gone":null}"#;
        let new = r#"{"b":{"~":"y","c/d":[1,5]},"a":1,"new":{"z":[]}}"#;
        assert_eq!(
            found(old, new),
            ["/b/c~1d/1 2 > 5", "/b/c~1d/2 - 3", r#"/b/~0 "x" > "y""#, "/gone - null", r#"/new + {"z":[]}"#]
        );
        assert_eq!(found("1", "[]"), [" 1 > []"]);
    }

    #[test]
    fn order_white_space_and_escapes_are_no_difference() {
        assert!(found(r#" {"a" : 1, "b":"\u00e4\/"} "#, r#"{"b":"ä/","a":1}"#).is_empty());
    }

    #[test]
    fn what_no_reader_takes_differs_as_a_whole() {
        assert_eq!(found(r#"{"a":1"#, r#"{"a":2"#), [r#" {"a":1 > {"a":2"#]);
        let deep = |last: &str| "[".repeat(200) + last + &"]".repeat(200);
        let all = differences(&deep("1"), &deep("2")).expect("short enough");
        assert_eq!((all.count(), all.listed[0].path.len()), (1, 2 * DEPTH));
    }

    #[test]
    fn of_long_values_the_first_difference_is_shown() {
        let long = |end: &str| format!("\"{}{end}\"", "ä".repeat(5_000));
        let all = differences(&long("one"), &long("two")).expect("short enough");
        let Change::Changed { old, new } = &all.listed[0].change else { panic!("it changed") };
        assert!(old.starts_with('…') && old.ends_with("one\"") && old.len() < SHOWN, "{old}");
        assert!(new.ends_with("two\""), "{new}");
    }

    #[test]
    fn a_hostile_text_makes_no_more_than_the_bounds() {
        let list = |value: &str| format!("[{}]", vec![value; 1_000].join(","));
        let all = differences(&list("1"), &list("2")).expect("short enough");
        assert_eq!((all.listed.len(), all.more, all.count()), (LISTED, 800, 1_000));
        let name = "n".repeat(100_000);
        let all = differences("{}", &format!("{{\"{name}\":1}}")).expect("short enough");
        assert!(all.listed[0].path.len() < SHOWN + 10);
        assert_eq!(differences("1", &"1".repeat(LONGEST + 1)), None);
    }
}
