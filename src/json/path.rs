//! Where a value is in a JSON text: as a JSON Pointer (RFC 6901), and as a filter of jq.

use super::outline::node::Span;
use super::outline::string;
use std::fmt::Write as _;

/// The steps from the root to a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The name of a member, unescaped.
    Name(String),
    Index(usize),
}

impl FromIterator<Step> for Path {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

impl Path {
    /// The value at a byte of a text that was found to be JSON; a name leads to its value. Linear, without recursion.
    pub fn at(text: &str, byte: usize) -> Self {
        let mut around = Vec::new();
        let (mut at, bytes) = (0, text.as_bytes());
        while let Some((place, found)) = next_mark(bytes, at)
            && (place < byte || (place == byte && found == b'"'))
        {
            at = match found {
                b'"' => pass_string(bytes, place, &mut around),
                _ => place + 1,
            };
            match found {
                b'{' => around.push(Around::Object(None)),
                b'[' => around.push(Around::Array(0)),
                b'}' | b']' => drop(around.pop()),
                b',' => go_on(&mut around),
                _ => {}
            }
        }
        around.into_iter().filter_map(|it| it.step(text)).collect()
    }

    /// RFC 6901 §3; empty for the root.
    pub fn pointer(&self) -> String {
        let token = |step: &Step| match step {
            Step::Name(name) => format!("/{}", name.replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => format!("/{index}"),
        };
        self.0.iter().map(token).collect()
    }

    /// A filter of jq that gives the value; `.` for the root.
    pub fn jq(&self) -> String {
        let mut filter = String::new();
        for step in &self.0 {
            let _ = match step {
                Step::Name(name) if is_identifier(name) => write!(filter, ".{name}"),
                Step::Name(name) => write!(filter, "[{}]", serde_json::Value::from(name.as_str())),
                Step::Index(index) => write!(filter, "[{index}]"),
            };
        }
        if filter.starts_with('.') { filter } else { format!(".{filter}") }
    }
}

fn is_identifier(name: &str) -> bool {
    let is_word = name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    is_word && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

/// An object with the name that was read last, or an array with its index.
enum Around {
    Object(Option<Span>),
    Array(usize),
}

impl Around {
    fn step(self, text: &str) -> Option<Step> {
        match self {
            Self::Object(name) => Some(Step::Name(string::unescape(name?.inside(text)))),
            Self::Array(index) => Some(Step::Index(index)),
        }
    }
}

/// The next byte that is not within a value.
fn next_mark(bytes: &[u8], from: usize) -> Option<(usize, u8)> {
    let rest = bytes.get(from..)?;
    let at = rest.iter().position(|it| matches!(it, b'"' | b',' | b'{' | b'}' | b'[' | b']'))?;
    Some((from + at, *rest.get(at)?))
}

/// Behind the string that begins there. In an object it is the name of a member where none was read yet.
fn pass_string(bytes: &[u8], start: usize, around: &mut [Around]) -> usize {
    let mut end = start + 1;
    while let Some(byte) = bytes.get(end) {
        end += if *byte == b'\\' { 2 } else { 1 };
        if *byte == b'"' {
            break;
        }
    }
    if let Some(Around::Object(name @ None)) = around.last_mut() {
        *name = Span::new(start, end);
    }
    end
}

/// The next member or element.
fn go_on(around: &mut [Around]) {
    match around.last_mut() {
        Some(Around::Object(name)) => *name = None,
        Some(Around::Array(index)) => *index += 1,
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pointer and filter of the value at the first place of a text.
    fn at(text: &str, part: &str) -> (String, String) {
        let path = Path::at(text, text.find(part).expect("it is there"));
        (path.pointer(), path.jq())
    }

    fn of(pointer: &str, jq: &str) -> (String, String) {
        (pointer.to_owned(), jq.to_owned())
    }

    #[test]
    fn a_value_has_a_pointer_and_a_filter() {
        let text = r#"{"content": [{"type":"text"}, {"a b":[1, 22, {"~/":"x,]}\"y"}]}], "n_1":null, "é":[]}"#;
        assert_eq!(at(text, "content"), of("/content", ".content"));
        assert_eq!(at(text, "\"text"), of("/content/0/type", ".content[0].type"));
        assert_eq!(at(text, "22"), of("/content/1/a b/1", r#".content[1]["a b"][1]"#));
        assert_eq!(at(text, "y"), of("/content/0/type", ".content[0].type"));
        assert_eq!(at(text, "\\\"y"), of("/content/1/a b/2/~0~1", r#".content[1]["a b"][2]["~/"]"#));
        assert_eq!(at(text, "null"), of("/n_1", ".n_1"));
        assert_eq!(at(text, "[]"), of("/é", r#".["é"]"#));
        assert_eq!(at(text, "{"), of("", "."));
        assert_eq!(at("[[7]]", "7"), of("/0/0", ".[0][0]"));
        assert_eq!(at("\"only\"", "only"), of("", "."));
    }

    #[test]
    fn a_filter_quotes_what_is_no_identifier() {
        let jq = |name: &str| Path::from_iter([Step::Name(name.to_owned())]).jq();
        assert_eq!(
            [jq("a1"), jq("1a"), jq(""), jq("a-b"), jq("\"")],
            [".a1", r#".["1a"]"#, r#".[""]"#, r#".["a-b"]"#, r#".["\""]"#]
        );
    }

    #[test]
    fn any_byte_of_anything_has_an_end() {
        for text in [r#"{"é":[1,{"a":"\"#, "]]}}\"", "", "{\"a\":{\"b\"", &"[".repeat(10_000)] {
            for byte in 0..=text.len().min(50) {
                Path::at(text, byte);
            }
        }
        assert_eq!(Path::at(&"[".repeat(10_000), 9_999).pointer().len(), 2 * 9_999);
    }
}
