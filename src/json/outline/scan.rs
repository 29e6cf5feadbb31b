//! Passing over JSON without reading it: where a value ends, and how many children it has.
//!
//! Linear, without recursion, whatever the text is: brackets are counted, not matched.

use super::node::{Key, Node, NodeKind, Span};
use super::string;

/// A place in the text, between two characters.
pub struct Scanner<'a> {
    pub text: &'a str,
    pub at: usize,
}

impl<'a> Scanner<'a> {
    pub fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        self.go(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t'))
    }

    /// Goes on to the first byte that will do, or to the end.
    fn go(&mut self, will_do: impl Fn(u8) -> bool) -> Option<u8> {
        let rest = self.rest().as_bytes();
        let length = rest.iter().position(|&byte| will_do(byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(length).copied()
    }

    pub fn skip(&mut self, byte: u8) {
        if self.peek() == Some(byte) {
            self.at += 1;
        }
    }

    pub fn node(&mut self, key: Key) -> Option<Node> {
        let kind = NodeKind::of(self.peek()?)?;
        let start = self.at;
        let count = match kind {
            NodeKind::Object | NodeKind::Array => self.container(),
            NodeKind::String => string::length(self.string()?.inside(self.text)),
            _ => {
                self.go(|byte| b",:\"[]{} \n\r\t".contains(&byte));
                0
            }
        };
        Some(Node { key, value: Span::new(start, self.at)?, kind, count: u32::try_from(count).ok()? })
    }

    pub fn string(&mut self) -> Option<Span> {
        self.peek().filter(|&byte| byte == b'"')?;
        let start = self.at;
        self.pass_string();
        Span::new(start, self.at)
    }

    /// From an opening quote to behind the closing one.
    fn pass_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.go(|byte| matches!(byte, b'"' | b'\\')) {
            self.at += 1;
            if byte == b'"' {
                return;
            }
            self.at += self.rest().chars().next().map_or(0, char::len_utf8);
        }
    }

    /// From an opening bracket to behind the closing one; how many children there are.
    fn container(&mut self) -> usize {
        self.at += 1;
        let mut commas = 0;
        let filled = !matches!(self.peek(), None | Some(b']' | b'}'));
        let mut depth = 1_usize;
        while let Some(byte) = self.go(|byte| matches!(byte, b'"' | b',' | b'[' | b']' | b'{' | b'}')) {
            match byte {
                b'"' => {
                    self.pass_string();
                    continue;
                }
                b',' => commas += usize::from(depth == 1),
                b'[' | b'{' => depth += 1,
                _ => depth -= 1,
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        if filled { commas + 1 } else { 0 }
    }
}
