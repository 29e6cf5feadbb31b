//! A JSON text as rows that open and close, for a virtual viewer: ten megabytes are never parsed into a tree.
//!
//! Owns which rows are visible. [`node`] finds the children of one value, [`row`] says what one row shows, [`raw`]
//! shows a text as it was received, and the viewer decides which rows to draw and how.

pub mod node;
pub mod raw;
pub mod row;
mod scan;
pub(crate) mod string;

use self::node::{Node, NodeKind, children};
use self::row::{OutlineEntry, OutlineRow};
use super::path::Path;
use std::borrow::Cow;
use std::sync::Arc;

/// How many rows are opened at the start.
const FIRST: usize = 100;
/// How many bytes may be read for that, so that a deep text of some megabytes opens at once.
const SCAN: usize = 48 << 20;

/// The visible rows of a text that was found to be JSON; of anything else as much as can be read.
#[derive(Clone)]
pub struct Outline {
    text: Arc<str>,
    entries: Vec<OutlineEntry>,
}

impl Outline {
    /// The root is open, and below it what is small, level by level, up to about 100 rows.
    pub fn new(text: Arc<str>) -> Self {
        let root = node::root(&text).map(|node| OutlineEntry { node, depth: 0, expanded: false });
        let mut outline = Self { text, entries: root.into_iter().collect() };
        outline.toggle(0);
        let mut scan = SCAN;
        let mut depth = 1;
        while outline.expand_level(depth, &mut scan) {
            depth += 1;
        }
        outline
    }

    /// How many rows are visible; none where the text is not JSON at all.
    pub fn rows(&self) -> usize {
        self.entries.len()
    }

    /// What a row shows; only this is unescaped.
    pub fn row(&self, index: usize) -> Option<OutlineRow> {
        self.entries.get(index).map(|entry| entry.row(&self.text))
    }

    /// Opens or closes a row. What was open below a closed row is closed when it opens again.
    pub fn toggle(&mut self, index: usize) {
        let Some(&entry) = self.entries.get(index).filter(|entry| entry.expandable(&self.text)) else {
            return;
        };
        if entry.expanded {
            self.hide_below(index, entry.depth);
        } else {
            self.show_below(index, entry);
        }
        if let Some(entry) = self.entries.get_mut(index) {
            entry.expanded = !entry.expanded;
        }
    }

    /// Where the value is. A line has the path of its string.
    pub fn path(&self, index: usize) -> Option<Path> {
        let mut depth = u32::MAX;
        let mut steps = Vec::new();
        for entry in self.entries.get(..=index)?.iter().rev() {
            if entry.depth < depth {
                depth = entry.depth;
                steps.extend(entry.step(&self.text));
            }
        }
        Some(steps.into_iter().rev().collect())
    }

    /// What to copy: the value as it was received, or a line as it reads.
    pub fn text_of(&self, index: usize) -> Option<Cow<'_, str>> {
        let node = self.entries.get(index)?.node;
        let raw = node.value.of(&self.text);
        match node.kind {
            NodeKind::TextLine => Some(string::unescape(raw).into()),
            _ => Some(raw.into()),
        }
    }

    /// Opens the rows of one depth that are small enough; whether there was one.
    fn expand_level(&mut self, depth: u32, scan: &mut usize) -> bool {
        let before = self.rows();
        let mut index = 0;
        while self.rows() < FIRST
            && let Some(entry) = self.entries.get(index)
        {
            let bytes = entry.node.value.length();
            if entry.depth == depth && self.fits(&entry.node) && bytes <= *scan {
                *scan -= bytes;
                self.toggle(index);
            }
            index += 1;
        }
        self.rows() > before
    }

    fn fits(&self, node: &Node) -> bool {
        let container = matches!(node.kind, NodeKind::Object | NodeKind::Array);
        container && self.rows() + node.count as usize <= FIRST
    }

    fn show_below(&mut self, index: usize, OutlineEntry { node, depth, .. }: OutlineEntry) {
        let text = Arc::clone(&self.text);
        let below = self.rows() - index - 1;
        let nodes = children(&text, &node).map(|node| OutlineEntry { node, depth: depth + 1, expanded: false });
        // The list can be long, so it is never held twice: it grows once, at its end, and the new rows move up.
        let known = if node.kind == NodeKind::String { 0 } else { node.count as usize };
        self.entries.reserve(known);
        self.entries.extend(nodes);
        if let Some(moved) = self.entries.get_mut(index + 1..) {
            moved.rotate_left(below);
        }
    }

    fn hide_below(&mut self, index: usize, depth: u32) {
        let mut below = self.entries.iter().skip(index + 1);
        let end = below.position(|entry| entry.depth <= depth).map_or(self.entries.len(), |hidden| index + 1 + hidden);
        self.entries.drain(index + 1..end);
    }
}

#[cfg(test)]
mod tests {
    use super::row::Label;
    use super::*;
    use serde_json::json;

    fn pointer(outline: &Outline, index: usize) -> Option<String> {
        outline.path(index).map(|it| it.pointer())
    }

    /// The rows, drawn: depth, `+` or `-` where it opens or closes, name, value, count.
    fn draw(outline: &Outline) -> String {
        let lines = (0..outline.rows()).map(|index| {
            let row = outline.row(index).unwrap();
            let sign = if row.expanded { "-" } else { "+" };
            let sign = if row.expandable { sign } else { "" };
            let name = match row.label {
                Label::None => String::new(),
                Label::Name(name) => format!("{name}:"),
                Label::Index(index) => format!("{index}:"),
            };
            let count = row.count.map(|count| format!("*{count}")).unwrap_or_default();
            format!("{}{sign}{name}{}{count}", " ".repeat(row.depth), row.preview)
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn no_json_has_no_rows_and_nothing_opens() {
        let mut outline = Outline::new("<html>".into());
        outline.toggle(0);
        assert_eq!((outline.rows(), outline.row(0), pointer(&outline, 0), outline.text_of(0)), (0, None, None, None));
    }

    #[test]
    fn a_small_document_is_open() {
        let text = r#"{"a":[1,{"b":"x\ty"}],"c":{},"d":[],"c":null}"#;
        let rows = "-*4\n -a:*2\n  0:1\n  -1:*1\n   b:x\ty*3\n c:*0\n d:*0\n c:null";
        assert_eq!(draw(&Outline::new(text.into())), rows);
    }

    #[test]
    fn a_row_closes_and_opens_again_with_its_neighbours_in_place() {
        let mut outline = Outline::new("[[1,[2]],[3]]".into());
        outline.toggle(1);
        assert_eq!(draw(&outline), "-*2\n +0:*2\n -1:*1\n  0:3");
        outline.toggle(1);
        assert_eq!(draw(&outline), "-*2\n -0:*2\n  0:1\n  +1:*1\n -1:*1\n  0:3");
        outline.toggle(0);
        assert_eq!(draw(&outline), "+*2");
    }

    #[test]
    fn scalars_and_rows_that_are_not_there_stay_as_they_are() {
        let mut outline = Outline::new("[1]".into());
        outline.toggle(1);
        outline.toggle(9);
        assert_eq!(draw(&outline), "-*1\n 0:1");
    }

    #[test]
    fn paths_are_json_pointers() {
        let outline = Outline::new(r#"{"a/b":[0,{"~\u00e9":1}],"":2}"#.into());
        let paths: Vec<_> = (0..outline.rows()).filter_map(|index| pointer(&outline, index)).collect();
        assert_eq!(paths, ["", "/a~1b", "/a~1b/0", "/a~1b/1", "/a~1b/1/~0é", "/"]);
    }

    #[test]
    fn a_long_value_is_cut_and_its_string_opens_into_lines() {
        let text = format!(r#"["{}\nend","short"]"#, "é".repeat(250));
        let mut outline = Outline::new(text.as_str().into());
        assert_eq!(draw(&outline), format!("-*2\n +0:{}…*254\n 1:short*5", "é".repeat(120)));
        outline.toggle(1);
        let lines = [&"é".repeat(200), &"é".repeat(50), "end"].join("\n  ");
        assert_eq!(draw(&outline), format!("-*2\n -0:{}…*254\n  {lines}\n 1:short*5", "é".repeat(120)));
        assert_eq!((pointer(&outline, 3), outline.text_of(4)), (Some("/0".into()), Some("end".into())));
        assert_eq!(outline.text_of(5), Some("\"short\"".into()));
    }

    #[test]
    fn a_short_string_opens_only_if_it_has_lines() {
        assert_eq!(draw(&Outline::new(r#"["a\nb"]"#.into())), "-*1\n +0:a\nb*3");
        assert_eq!(draw(&Outline::new(r#""a\nb""#.into())), "-a\nb*3\n a\n b");
    }

    #[test]
    fn only_what_is_small_opens_by_itself() {
        let text = json!({ "large": vec![0; 200], "small": [[1], [2]] }).to_string();
        assert_eq!(draw(&Outline::new(text.into())), "-*2\n +large:*200\n -small:*2\n  -0:*1\n   0:1\n  -1:*1\n   0:2");
    }

    #[test]
    fn a_million_elements_open() {
        let text = format!("[{}0]", "0,".repeat(1_000_000));
        let mut outline = Outline::new(format!("[{text},1]").into());
        outline.toggle(1);
        assert_eq!((outline.rows(), pointer(&outline, 1_000_002)), (1_000_004, Some("/0/1000000".into())));
        assert_eq!(outline.text_of(1_000_003), Some("1".into()));
    }

    #[test]
    fn ten_megabytes_of_one_string_open_into_lines() {
        let text = json!({ "content": [{ "type": "text", "text": "line of text\n".repeat(800_000) }] }).to_string();
        let mut outline = Outline::new(text.into());
        assert_eq!(outline.rows(), 5);
        let index = (0..5).find(|&index| outline.row(index).unwrap().count == Some(10_400_000)).unwrap();
        outline.toggle(index);
        assert_eq!(outline.rows(), 800_005);
        assert_eq!(outline.row(index + 800_000).unwrap().preview, "line of text");
    }

    #[test]
    fn thirty_thousand_levels_need_no_stack() {
        // A test has a stack of 2 MB: less than seventy bytes a level, which no call does with.
        let text = "[".repeat(30_000) + &"]".repeat(30_000);
        let mut outline = Outline::new(text.into());
        assert_eq!(outline.rows(), 100);
        outline.toggle(99);
        assert_eq!(pointer(&outline, 100), Some("/0".repeat(100)));
    }
}
