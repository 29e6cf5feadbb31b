//! What one row of an outline shows.
//!
//! Owns the words of a row: only what is visible is unescaped, and no more of it than fits.

use super::node::{Key, Node, NodeKind};
use super::string;
use crate::json::base64::Base64;
use crate::json::path::Step;

/// The most characters of a value or a name in a row.
pub const PREVIEW: usize = 120;

/// One visible row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineRow {
    /// 0 for the root.
    pub depth: usize,
    pub label: Label,
    pub kind: NodeKind,
    /// A scalar, unescaped and cut after [`PREVIEW`] characters by `…`, line feeds included; a line without its
    /// line feed; empty for objects and arrays.
    pub preview: String,
    pub expandable: bool,
    pub expanded: bool,
    /// Children of an object or array, characters of a whole string.
    pub count: Option<usize>,
    /// What a string stands for that is not to be read.
    pub base64: Option<Base64>,
}

/// What stands before a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    None,
    /// Unescaped and cut after [`PREVIEW`] characters.
    Name(String),
    Index(usize),
}

/// A row as it is kept: where its value is, and nothing of it.
#[derive(Clone, Copy)]
pub struct OutlineEntry {
    pub node: Node,
    pub depth: u32,
    pub expanded: bool,
}

impl OutlineEntry {
    pub fn row(&self, text: &str) -> OutlineRow {
        let Node { kind, key, count, .. } = self.node;
        let counted = matches!(kind, NodeKind::Object | NodeKind::Array | NodeKind::String);
        OutlineRow {
            depth: self.depth as usize,
            label: label(key, text),
            kind,
            preview: self.preview(text),
            expandable: self.expandable(text),
            expanded: self.expanded,
            count: counted.then_some(count as usize),
            base64: (kind == NodeKind::String).then(|| Base64::of(self.node.value.inside(text))).flatten(),
        }
    }

    /// A string opens into lines if its row cannot show it.
    pub fn expandable(&self, text: &str) -> bool {
        let mut characters = string::characters(self.node.value.inside(text));
        match self.node.kind {
            NodeKind::Object | NodeKind::Array => self.node.count > 0,
            NodeKind::String => self.node.count as usize > PREVIEW || characters.any(|(char, _)| char == '\n'),
            _ => false,
        }
    }

    /// Its step from its parent; the root and the lines of a string have none.
    pub fn step(&self, text: &str) -> Option<Step> {
        match self.node.key {
            Key::None => None,
            Key::Name(name) => Some(Step::Name(string::unescape(name.inside(text)))),
            Key::Index(index) => Some(Step::Index(index as usize)),
        }
    }

    fn preview(&self, text: &str) -> String {
        let value = self.node.value;
        match self.node.kind {
            NodeKind::Object | NodeKind::Array => String::new(),
            NodeKind::TextLine => string::unescape(value.of(text)).trim_end_matches('\n').to_owned(),
            _ => string::preview(value.inside(text), PREVIEW),
        }
    }
}

fn label(key: Key, text: &str) -> Label {
    match key {
        Key::None => Label::None,
        Key::Name(name) => Label::Name(string::preview(name.inside(text), PREVIEW)),
        Key::Index(index) => Label::Index(index as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::outline::Outline;
    use serde_json::{Value, json};

    /// A document of the seed's making.
    fn document(seed: &mut u64, depth: u32) -> Value {
        let mut next = |choices: u64| {
            *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (*seed >> 33) % choices
        };
        let string = |seed: u64| {
            "a\"\\/\n\t\u{1}é🦀~ ,:]}".chars().cycle().skip(seed as usize).take(seed as usize % 9).collect::<String>()
        };
        match next(if depth == 0 { 5 } else { 8 }) {
            0 => Value::Null,
            1 => json!(next(2) == 0),
            2 => json!(next(1000) as f64 / 8.0 - 50.0),
            3 => json!(next(u64::MAX)),
            4 => json!(string(next(100))),
            5 => (0..next(5)).map(|_| document(seed, depth - 1)).collect(),
            _ => {
                (0..next(5)).map(|index| (format!("{}{index}", string(index * 3)), document(seed, depth - 1))).collect()
            }
        }
    }

    #[test]
    fn rows_say_what_serde_json_says() {
        let mut seed = 1;
        for _ in 0..300 {
            let value = document(&mut seed, 5);
            for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
                let mut outline = Outline::new(text.into());
                let (mut index, mut values) = (0, 0);
                while let Some(row) = outline.row(index) {
                    check(&outline, index, &row, &value);
                    if !row.expanded {
                        outline.toggle(index);
                    }
                    values += usize::from(row.kind != NodeKind::TextLine);
                    index += 1;
                }
                assert_eq!(values, size(&value));
            }
        }
    }

    fn check(outline: &Outline, index: usize, row: &OutlineRow, root: &Value) {
        let value = root.pointer(&outline.path(index).unwrap().pointer()).unwrap();
        let text = outline.text_of(index).unwrap();
        match value {
            Value::Object(members) => assert_eq!(row.count, Some(members.len())),
            Value::Array(elements) => assert_eq!(row.count, Some(elements.len())),
            Value::String(string) => assert!(row.kind == NodeKind::TextLine || row.preview == *string),
            scalar => assert_eq!(row.preview, scalar.to_string()),
        }
        assert!(row.kind == NodeKind::TextLine || serde_json::from_str::<Value>(&text).unwrap() == *value);
    }

    fn size(value: &Value) -> usize {
        match value {
            Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
            Value::Array(elements) => 1 + elements.iter().map(size).sum::<usize>(),
            _ => 1,
        }
    }
}
