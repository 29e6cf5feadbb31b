//! In what a resource differs from what it was when it was read before.

use super::shape::Shape;
use super::{Block, Body, Content};
use crate::base::text::prefix;
use crate::json::difference::{Differences, differences};
use crate::mcp::model::ItemKind;

/// How many lines of each text are given; those beyond are counted.
const LISTED: usize = 20;
/// As much of a line is given, in bytes.
const SHOWN: usize = 500;

/// What changed between two results of `resources/read`.
#[derive(Clone, Debug, PartialEq)]
pub enum Update {
    Same,
    /// JSON, by path: that of the resource, or that of the whole result where the contents are others.
    Paths(Differences),
    Lines(Lines),
    /// Too long to be compared.
    NotCompared,
}

/// The lines between the beginning and the end that two texts have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    /// The number of the first line that differs, from 1 on.
    pub first: usize,
    /// How many lines went, and how many came.
    pub removed: usize,
    pub added: usize,
    /// The first of them.
    pub old: Vec<String>,
    pub new: Vec<String>,
}

impl Update {
    pub fn between(before: &str, after: &str) -> Self {
        match (only(before), only(after)) {
            (Some(old), Some(new)) => Self::of_texts(&old, &new),
            _ => Self::of_json(before, after),
        }
    }

    fn of_texts((old_shape, old): &(Shape, String), (new_shape, new): &(Shape, String)) -> Self {
        match (old_shape, new_shape) {
            _ if old == new => Self::Same,
            (Shape::Json, Shape::Json) => Self::of_json(old, new),
            _ => Self::Lines(lines(old, new)),
        }
    }

    fn of_json(old: &str, new: &str) -> Self {
        match differences(old, new) {
            None => Self::NotCompared,
            Some(all) if all.count() == 0 => Self::Same,
            Some(all) => Self::Paths(all),
        }
    }
}

/// The text of a resource, where it is all that the resource has.
fn only(result: &str) -> Option<(Shape, String)> {
    let mut blocks = Content::read(ItemKind::Resources, result).groups.into_iter().flat_map(|it| it.blocks);
    match (blocks.next(), blocks.next()) {
        (Some(Block { shape, body: Body::Text(text), .. }), None) => Some((shape, text.all(result).to_string())),
        _ => None,
    }
}

fn lines(old: &str, new: &str) -> Lines {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let begin = old.iter().zip(&new).take_while(same).count();
    let (old, new) = (old.get(begin..).unwrap_or_default(), new.get(begin..).unwrap_or_default());
    let end = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    let differing = |all: &[&str]| -> (usize, Vec<String>) {
        let count = all.len() - end;
        (count, all.iter().take(count.min(LISTED)).map(|it| prefix(it, SHOWN).to_owned()).collect())
    };
    let ((removed, old), (added, new)) = (differing(old), differing(new));
    Lines { first: begin + 1, removed, added, old, new }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(mime: &str, text: &str) -> String {
        json!({ "contents": [{ "uri": "a:b", "mimeType": mime, "text": text }] }).to_string()
    }

    fn between(mime: &str, old: &str, new: &str) -> Update {
        Update::between(&read(mime, old), &read(mime, new))
    }

    #[test]
    fn texts_differ_by_lines_between_what_they_have_in_common() {
        let lines = |first, removed, added, old: &[&str], new: &[&str]| {
            let owned = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect();
            Update::Lines(Lines { first, removed, added, old: owned(old), new: owned(new) })
        };
        let text = |old: &str, new: &str| between("text/plain", old, new);
        assert_eq!(text("a\nb\nc", "a\nx\ny\nc"), lines(2, 1, 2, &["b"], &["x", "y"]));
        assert_eq!(text("a\na", "a\na\na"), lines(3, 0, 1, &[], &["a"]));
        assert_eq!(text("", "a"), lines(1, 0, 1, &[], &["a"]));
        assert_eq!(text("a\nb", "a\nb"), Update::Same);
        let Update::Lines(long) = text(&"a\n".repeat(500), "b") else { panic!("lines") };
        assert_eq!((long.removed, long.old.len(), long.added), (500, LISTED, 1));
    }

    #[test]
    fn json_differs_by_path_and_so_does_what_is_no_single_text() {
        let paths = |update: Update| match update {
            Update::Paths(all) => all.listed.into_iter().map(|it| it.path).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(paths(between("application/json", r#"{"a":1}"#, r#"{"a":2}"#)), ["/a"]);
        let blob = |data: &str| json!({ "contents": [{ "uri": "a:b", "blob": data }] }).to_string();
        assert_eq!(paths(Update::between(&blob("QUJD"), &blob("QUJE"))), ["/contents/0/blob"]);
        assert_eq!(Update::between(&blob("QUJD"), &blob("QUJD")), Update::Same);
    }
}
