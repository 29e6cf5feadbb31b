//! Values of a JSON text as spans of it: one level at a time, without a tree.
//!
//! The text is JSON that was validated before; on anything else reading ends early, and never panics, loops or
//! recurses. Spans are 32 bits wide: a longer text does not fit into the memory of a page.

use super::scan::Scanner;
use super::string;

/// The bytes `start..end` of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Option<Self> {
        Some(Self { start: u32::try_from(start).ok()?, end: u32::try_from(end).ok()? })
    }

    /// Where a part of a text stands in it; `None` where it is a part of another one.
    pub fn within(text: &str, part: &str) -> Option<Self> {
        let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
        Self::new(start, start + part.len()).filter(|it| it.of(text).len() == part.len())
    }

    /// In bytes.
    pub fn length(self) -> usize {
        (self.end - self.start) as usize
    }

    /// The text of it; empty if it belongs to another text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// The text of a string without its quotes.
    pub fn inside(self, text: &str) -> &str {
        let quoted = self.of(text);
        let opened = quoted.strip_prefix('"').unwrap_or(quoted);
        opened.strip_suffix('"').unwrap_or(opened)
    }
}

/// What a value is (RFC 8259 §3), told by its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
    /// A piece of a string: a line, or 200 characters of one.
    TextLine,
}

impl NodeKind {
    /// What a value that begins so can be.
    pub fn of(first: u8) -> Option<Self> {
        match first {
            b'{' => Some(Self::Object),
            b'[' => Some(Self::Array),
            b'"' => Some(Self::String),
            b'-' | b'0'..=b'9' => Some(Self::Number),
            b't' | b'f' => Some(Self::Bool),
            b'n' => Some(Self::Null),
            _ => None,
        }
    }
}

/// What a node is called in its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The root, and lines of a string.
    None,
    /// A member's name, with its quotes.
    Name(Span),
    Index(u32),
}

/// One value and its place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    pub key: Key,
    /// From the first to the last byte of the value, quotes and brackets included.
    pub value: Span,
    pub kind: NodeKind,
    /// Children of an object or array, characters of a string; otherwise 0.
    pub count: u32,
}

/// The text's one value. Linear in the text.
pub fn root(text: &str) -> Option<Node> {
    Scanner { text, at: 0 }.node(Key::None)
}

/// The members, elements or lines of a node, in order. Linear in the node's length; scalars have none.
pub fn children<'a>(text: &'a str, node: &Node) -> Children<'a> {
    let (start, end) = (node.value.start as usize, node.value.end as usize);
    let text = text.get(..end).unwrap_or_default();
    Children { scanner: Scanner { text, at: start + 1 }, kind: node.kind, index: 0 }
}

/// Reads on when the next child is asked for. What is not JSON ends it.
pub struct Children<'a> {
    scanner: Scanner<'a>,
    kind: NodeKind,
    index: u32,
}

impl Children<'_> {
    /// The most characters of a string's line.
    const COLUMNS: usize = 200;

    fn member(&mut self) -> Option<Node> {
        self.scanner.skip(b',');
        let name = self.scanner.string()?;
        self.scanner.skip(b':');
        self.scanner.node(Key::Name(name))
    }

    fn element(&mut self) -> Option<Node> {
        self.scanner.skip(b',');
        let index = self.index;
        self.index += 1;
        self.scanner.node(Key::Index(index))
    }

    fn line(&mut self) -> Option<Node> {
        let rest = self.scanner.rest();
        let rest = rest.strip_suffix('"').unwrap_or(rest);
        let start = self.scanner.at;
        self.scanner.at += string::row(string::characters(rest), Self::COLUMNS);
        let value = Span::new(start, self.scanner.at).filter(|_| !rest.is_empty())?;
        Some(Node { key: Key::None, value, kind: NodeKind::TextLine, count: 0 })
    }
}

impl Iterator for Children<'_> {
    type Item = Node;

    fn next(&mut self) -> Option<Node> {
        match self.kind {
            NodeKind::Object => self.member(),
            NodeKind::Array => self.element(),
            NodeKind::String => self.line(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `name=value*count` of each child.
    fn read(text: &str) -> String {
        let Some(root) = root(text) else { return "nothing".to_owned() };
        let written = children(text, &root).map(|node| {
            let key = match node.key {
                Key::None => String::new(),
                Key::Name(name) => format!("{}=", name.inside(text)),
                Key::Index(index) => format!("{index}="),
            };
            format!("{key}{}*{}", node.value.of(text), node.count)
        });
        written.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_root_is_found_between_white_space() {
        for (text, kind) in [("{}", NodeKind::Object), (" [ ]\n", NodeKind::Array), ("\t\"x\" ", NodeKind::String)] {
            let root = root(text).unwrap();
            assert_eq!((root.value.of(text), root.kind), (text.trim(), kind));
        }
        for (text, kind) in [("-1.5e3", NodeKind::Number), ("true ", NodeKind::Bool), (" null", NodeKind::Null)] {
            assert_eq!(root(text).map(|root| (root.value.of(text), root.kind)), Some((text.trim(), kind)));
        }
    }

    #[test]
    fn members_have_names_and_elements_have_numbers() {
        assert_eq!(read(r#"{ "a" : 1 ,"b":[1, [2,3]], "é\"}":{} }"#), r#"a=1*0 b=[1, [2,3]]*2 é\"}={}*0"#);
        assert_eq!(read(r#"["],\\", {"a":1,"b":"x,y"},false]"#), r#"0="],\\"*3 1={"a":1,"b":"x,y"}*2 2=false*0"#);
    }

    #[test]
    fn names_may_come_twice() {
        assert_eq!(read(r#"{"a":1,"a":2}"#), "a=1*0 a=2*0");
    }

    #[test]
    fn empty_containers_and_scalars_have_no_children() {
        for text in ["{}", "[ ]", "{\n}", "1", "null", "\"\""] {
            assert_eq!(read(text), "", "{text}");
        }
    }

    #[test]
    fn a_string_has_lines() {
        assert_eq!(read(r#""a\nb\"\u000a\nc""#), r#"a\n*0 b\"\u000a*0 \n*0 c*0"#);
        let long = format!("\"{}\"", "🦀".repeat(450));
        let sizes = children(&long, &root(&long).unwrap()).map(|line| line.value.of(&long).len());
        assert_eq!(sizes.collect::<Vec<_>>(), [800, 800, 200]);
    }

    #[test]
    fn what_is_not_json_ends() {
        assert_eq!(read(""), "nothing");
        assert_eq!(read("<html>"), "nothing");
        assert_eq!(read(r#"{"a":1,"b":"#), "a=1*0");
        assert_eq!(read(r#"{"a" 1 b:2"#), "a=1*0");
        assert_eq!(read("[1 2,,3"), "0=1*0 1=2*0");
        assert_eq!(read(r#"["a\"#), r#"0="a\*2"#);
        assert_eq!(read("\""), "");
    }

    #[test]
    fn every_beginning_of_a_text_ends() {
        let text = r#"{"é\"":[-1,{"":"\u00e9\\"},[[]]],"b":{"c":null}}x]]"#;
        for (end, _) in text.char_indices() {
            read(&text[..end]);
            read(&text[end..]);
        }
    }

    #[test]
    fn a_hundred_thousand_levels_are_one_node() {
        let text = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(root(&text).map(|root| (root.value.of(&text).len(), root.count)), Some((200_000, 1)));
    }
}
