//! Line breaks for JSON, forms and plain texts. Every character that was sent stays; only white space between the
//! tokens of JSON is laid out anew.

use super::flat::Flat;
use super::lines::{Line, Run, Tone};
use crate::base::text::{self, Reveal};
use serde::de::IgnoredAny;
use std::ops::Range;

/// An array or object without others inside stays on one line if it is at most this long.
const INLINE: usize = 72;

/// One line for each line of it.
pub fn plain(flat: &Flat, reveal: Reveal) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for part in flat.exposed().split('\n') {
        let end = start + part.len();
        lines.push(Line { runs: flat.runs(start..end, reveal), ..Line::default() });
        start = end + 1;
    }
    lines
}

/// One line for each field of a form or a query, decoded.
pub fn form(flat: &Flat, reveal: Reveal) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for field in flat.exposed().split('&') {
        let end = start + field.len();
        let value = field.find('=').map_or(end, |at| start + at + 1);
        let name = decoded(field.split('=').next().unwrap_or_default());
        let sign = if value < end || field.ends_with('=') { "=" } else { "" };
        let mut runs = vec![Run::new(Tone::Name, format!("{name}{sign}"))];
        runs.extend(flat.runs_with(value..end, reveal, decoded));
        lines.push(Line { name: Some(name), runs, ..Line::default() });
        start = end + 1;
    }
    lines
}

fn decoded(value: &str) -> String {
    text::decode(value).unwrap_or_else(|| value.to_owned())
}

/// One line for each member and element; `None` where it is no JSON, or neither object nor array.
pub fn json(flat: &Flat, reveal: Reveal) -> Option<Vec<Line>> {
    let text = flat.exposed();
    if !text.trim_start().starts_with(['{', '[']) || serde_json::from_str::<IgnoredAny>(text).is_err() {
        return None;
    }
    let mut writer = Writer { flat, reveal, lines: Vec::new(), line: Line::default(), depth: 0 };
    let mut at = 0;
    while let Some(token) = token(text, at) {
        at = writer.write(text, token);
    }
    writer.end_line();
    Some(writer.lines)
}

/// The next token of valid JSON: a sign, or a whole string, number or word.
fn token(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let start = from + (rest.len() - rest.trim_start().len());
    let rest = text.get(start..)?;
    let length = match rest.bytes().next()? {
        b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
        b'"' => string(rest),
        _ => rest.find(|it: char| it.is_whitespace() || ",:]}".contains(it)).unwrap_or(rest.len()),
    };
    Some(start..start + length)
}

/// How long a string is, with both quotes.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

struct Writer<'a> {
    flat: &'a Flat,
    reveal: Reveal,
    lines: Vec<Line>,
    line: Line,
    depth: usize,
}

impl Writer<'_> {
    /// Writes a token, and says where the next one begins.
    fn write(&mut self, text: &str, token: Range<usize>) -> usize {
        match text.as_bytes().get(token.start) {
            Some(b'{' | b'[') => return self.open(text, token.start),
            Some(b'}' | b']') => {
                self.depth = self.depth.saturating_sub(1);
                self.end_line();
                self.put(token.clone());
            }
            Some(b',') => {
                self.put(token.clone());
                self.end_line();
            }
            Some(b':') => self.say(": "),
            Some(b'"') if is_name(text, token.end) => self.name(text, token.clone()),
            _ => self.put(token.clone()),
        }
        token.end
    }

    /// What is short and holds nothing that is nested stays on its line.
    fn open(&mut self, text: &str, start: usize) -> usize {
        match short(text, start) {
            Some(end) => {
                self.inline(text, start..end);
                end
            }
            None => {
                self.put(start..start + 1);
                self.end_line();
                self.depth += 1;
                start + 1
            }
        }
    }

    fn inline(&mut self, text: &str, range: Range<usize>) {
        let mut at = range.start;
        while let Some(token) = token(text, at).filter(|it| it.start < range.end) {
            at = token.end;
            self.put(token.clone());
            if matches!(text.as_bytes().get(token.start), Some(b',' | b':')) {
                self.say(" ");
            }
        }
    }

    /// The name of a member; only those of the outermost object name their line.
    fn name(&mut self, text: &str, token: Range<usize>) {
        if self.depth == 1 {
            self.line.name = text.get(token.start + 1..token.end - 1).map(str::to_owned);
        }
        self.indent();
        self.line.runs.push(Run::new(Tone::Name, text.get(token).unwrap_or_default()));
    }

    fn put(&mut self, range: Range<usize>) {
        self.indent();
        self.line.runs.extend(self.flat.runs(range, self.reveal));
    }

    fn say(&mut self, text: &str) {
        self.line.runs.push(Run::new(Tone::Plain, text));
    }

    fn indent(&mut self) {
        if self.line.runs.is_empty() {
            self.line.indent = "  ".repeat(self.depth);
        }
    }

    fn end_line(&mut self) {
        if !self.line.runs.is_empty() {
            self.lines.push(std::mem::take(&mut self.line));
        }
    }
}

fn is_name(text: &str, end: usize) -> bool {
    text.get(end..).is_some_and(|it| it.trim_start().starts_with(':'))
}

/// The end of an array or object that is short and holds no other.
fn short(text: &str, start: usize) -> Option<usize> {
    let open = *text.as_bytes().get(start)?;
    let mut at = start + 1;
    while let Some(token) = token(text, at).filter(|it| it.end - start <= INLINE) {
        match text.as_bytes().get(token.start) {
            Some(b'{' | b'[') => return None,
            // An object stays open unless it is empty: its members are what a reader looks for.
            Some(b'}' | b']') if open == b'[' || at == start + 1 => return Some(token.end),
            Some(b'}') => return None,
            _ => at = token.end,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Text;

    fn laid_out(text: &str) -> Option<String> {
        let lines = json(&Flat::of(&Text::plain(text)), Reveal::Masked)?;
        Some(lines.iter().map(Line::written).collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn json_is_laid_out_and_short_arrays_stay_on_their_line() {
        let text = r#"{"a":["x","y, {"],"b":{"c":{}},"d":[{"e":1e3}],"f":"\"}"}"#;
        let lines = "{\n  \"a\": [\"x\", \"y, {\"],\n  \"b\": {\n    \"c\": {}\n  },\n  \"d\": [\n    {\n      \"e\": 1e3\n    }\n  ],\n  \"f\": \"\\\"}\"\n}";
        assert_eq!(laid_out(text).as_deref(), Some(lines));
        assert_eq!(laid_out(lines).as_deref(), Some(lines));
    }

    #[test]
    fn what_is_no_json_is_left_alone() {
        for text in ["", "{", "<html>", "\"a\"", "{\"a\":}"] {
            assert_eq!(laid_out(text), None, "{text}");
        }
        assert_eq!(laid_out("[ ]").as_deref(), Some("[]"));
    }

    #[test]
    fn only_outer_members_name_their_line() {
        let lines = json(&Flat::of(&Text::plain(r#"{"a":{"b":1}}"#)), Reveal::Masked).expect("JSON");
        let names: Vec<_> = lines.into_iter().filter_map(|it| it.name).collect();
        assert_eq!(names, ["a"]);
    }

    #[test]
    fn broken_escapes_of_a_form_are_shown_as_they_are() {
        assert_eq!([decoded("a%2Fb+c"), decoded("%ff"), decoded("100%")], ["a/b c", "%ff", "100%"]);
    }
}
