//! What a block is: told by its media type, and of a text without one by clear signs alone.

use super::{Body, Excerpt};
use crate::json::outline::string::unescape;
use serde::de::IgnoredAny;

/// The longest text that is looked at for being JSON, in bytes.
const LONGEST: usize = 32 << 20;
/// How many lines are looked at for signs.
const LINES: usize = 200;

/// What a block is, as `data-kind` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Text,
    /// A text that is a JSON object or array.
    Json,
    Markdown,
    Csv,
    Image,
    Svg,
    Audio,
    /// A page, as a resource that was read; an embedded one is drawn like it.
    Html,
    /// A PDF, likewise.
    Pdf,
    /// A resource of no other shape.
    Resource,
    ResourceLink,
    Structured,
    Unknown,
}

impl Shape {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Csv => "csv",
            Self::Image => "image",
            Self::Svg => "svg",
            Self::Audio => "audio",
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Resource => "resource",
            Self::ResourceLink => "resource-link",
            Self::Structured => "structured",
            Self::Unknown => "unknown",
        }
    }

    /// Of a text with a media type, or without one; `plain` is what it is otherwise.
    pub fn of_text(text: &Excerpt, result: &str, mime: Option<&str>, plain: Self) -> Self {
        let mime = mime.map(|it| essence(it).to_ascii_lowercase());
        match mime.as_deref() {
            Some("text/markdown" | "text/x-markdown") => Self::Markdown,
            Some("text/csv" | "application/csv") => Self::Csv,
            Some("image/svg+xml") => Self::Svg,
            Some(mime) if is_json_type(mime) && is_json(text, result) => Self::Json,
            Some(_) => plain,
            None if is_json(text, result) => Self::Json,
            None if is_markdown(&text.head) => Self::Markdown,
            None if is_csv(&text.head, text.is_whole()) => Self::Csv,
            None => plain,
        }
    }

    /// What a resource that was read is, where an embedded one is no more than a resource.
    pub fn read(self, mime: Option<&str>, body: &Body) -> Self {
        let mime = mime.map(|it| essence(it).to_ascii_lowercase());
        match (self, body, mime.as_deref()) {
            (Self::Resource, Body::Text(_), Some("text/html" | "application/xhtml+xml")) => Self::Html,
            (Self::Resource, Body::Text(_), _) => Self::Text,
            (Self::Resource, Body::Media(_), Some("application/pdf")) => Self::Pdf,
            _ => self,
        }
    }
}

/// A media type without its parameters.
pub fn essence(mime: &str) -> &str {
    mime.split(';').next().unwrap_or_default().trim()
}

fn is_json_type(mime: &str) -> bool {
    mime.ends_with("/json") || mime.ends_with("+json")
}

/// Whether it is an object or an array, whole and valid.
fn is_json(text: &Excerpt, result: &str) -> bool {
    let begins = text.head.trim_start().starts_with(['{', '[']);
    begins
        && text.length() <= LONGEST
        && match text.is_whole() {
            true => serde_json::from_str::<IgnoredAny>(&text.head).is_ok(),
            false => serde_json::from_str::<IgnoredAny>(&unescape(text.whole.inside(result))).is_ok(),
        }
}

/// Whether there are two signs of Markdown, or one that nothing else has.
fn is_markdown(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().take(LINES).collect();
    let line = |at: usize| lines.get(at).copied().unwrap_or_default();
    let is_blank = |at: usize| line(at).trim().is_empty();
    let count = |is: &dyn Fn(usize) -> bool| (0..lines.len()).filter(|at| is(*at)).count();
    // A heading stands alone: a comment of a script mostly does not.
    let heading = count(&|at| is_heading(line(at)) && is_blank(at + 1) && (at == 0 || is_blank(at - 1))) > 0;
    let fence = count(&|at| line(at).trim_start().starts_with("```")) > 1;
    let table = count(&|at| is_rule_of_table(line(at)) && at > 0 && line(at - 1).contains('|')) > 0;
    let list = count(&|at| is_item(line(at))) > 1;
    let links = text.match_indices("](").count() > 0 && text.contains('[');
    let image = text.contains("![") && links;
    let bold = is_paired(text, "**");
    let code = is_paired(text, "`");
    heading || fence || table || [list, links, image, bold, code].into_iter().filter(|it| *it).count() > 1
}

/// `## Title`, at most six signs (CommonMark §4.2).
fn is_heading(line: &str) -> bool {
    let title = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - title.len())) && title.starts_with(' ') && !title.trim().is_empty()
}

/// `|---|:--:|`
fn is_rule_of_table(line: &str) -> bool {
    let line = line.trim();
    line.contains('|') && line.contains("---") && line.chars().all(|it| "|-: ".contains(it))
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let number = line.trim_start_matches(|it: char| it.is_ascii_digit());
    let is_numbered = number.len() < line.len() && number.starts_with(". ");
    is_numbered || ["- ", "* ", "+ "].iter().any(|it| line.starts_with(it))
}

/// Two marks with words right between them, on one line.
fn is_paired(text: &str, mark: &str) -> bool {
    text.lines().any(|line| {
        let mut parts = line.split(mark).skip(1);
        let inside = parts.next().filter(|_| parts.next().is_some()).unwrap_or_default();
        !inside.is_empty() && inside.trim() == inside
    })
}

/// Names above at least two rows, each with as many fields as there are names.
fn is_csv(text: &str, is_whole: bool) -> bool {
    let mut lines: Vec<&str> = text.lines().take(LINES).filter(|line| !line.trim().is_empty()).collect();
    if !is_whole {
        lines.pop();
    }
    let Some((head, rows)) = lines.split_first() else { return false };
    [',', '\t', ';'].into_iter().any(|separator| {
        let names = fields(head, separator);
        let is_name =
            |it: &&str| !it.is_empty() && it.len() <= 40 && it.split_whitespace().count() <= 3 && !is_number(it);
        names.len() > 1
            && rows.len() > 1
            && names.iter().all(is_name)
            && rows.iter().all(|row| fields(row, separator).len() == names.len())
    })
}

/// As tables have numbers. Reading one would take 12 KB of tables.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    !(whole.is_empty() && fraction.is_empty()) && is_digits(whole) && is_digits(fraction)
}

/// The fields of a line (RFC 4180 §2), quotes and all.
fn fields(line: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    let ends = |it: char| {
        quoted ^= it == '"';
        it == separator && !quoted
    };
    line.split(ends).map(|it| it.trim().trim_matches('"')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> &'static str {
        of(text, None)
    }

    fn of(text: &str, mime: Option<&str>) -> &'static str {
        let result = serde_json::to_string(text).unwrap();
        let excerpt = Excerpt::quoted(&result, &result).expect("a string");
        Shape::of_text(&excerpt, &result, mime, Shape::Text).name()
    }

    #[test]
    fn a_media_type_decides() {
        assert_eq!(of("x", Some("text/markdown; charset=utf-8")), "markdown");
        assert_eq!(of("x", Some("Text/CSV")), "csv");
        assert_eq!(of("<svg/>", Some("image/svg+xml")), "svg");
        assert_eq!([of("[1]", Some("application/problem+json")), of("[1", Some("application/json"))], ["json", "text"]);
        assert_eq!([of("# a\n\n- b", Some("text/plain")), of("[1]", Some("text/plain"))], ["text", "text"]);
    }

    #[test]
    fn an_object_or_an_array_is_json_and_no_other_value() {
        for text in ["{}", " [1, 2]\n", r#"{"a":"\n"}"#] {
            assert_eq!(shape(text), "json", "{text}");
        }
        for text in ["7", "\"a\"", "null", "{", "[1] and more", "{a}", ""] {
            assert_eq!(shape(text), "text", "{text}");
        }
        assert_eq!(shape(&format!("[{}0]", "0,".repeat(1_000_000))), "json");
    }

    #[test]
    fn markdown_has_clear_signs() {
        for text in [
            "# Title\n\nSome words",
            "Words\n\n## Part\n\n- a",
            "See:\n```rust\nfn main() {}\n```\n",
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "- one\n- **two**",
            "Read [this](https://example.com) and **that**",
            "![x](https://example.com/x.png)",
        ] {
            assert_eq!(shape(text), "markdown", "{text}");
        }
        for text in [
            "Echo: hello",
            "#!/bin/sh\n# comment\nls",
            "# comment\nkey: value",
            "- one\n- two",
            "2 * 3 * 4 ** 5 ** 6",
            "a[0](b)",
            "#hashtag\n\nwords",
            "Result (see [1])",
        ] {
            assert_eq!(shape(text), "text", "{text}");
        }
    }

    #[test]
    fn csv_has_names_and_rows_of_one_length() {
        for text in
            ["id,name\n1,Ada\n2,\"Hopper, Grace\"\n", "a;b;c\n1;2;3\n4;5;6", "First name\tAge\nAda\t36\nGrace\t85"]
        {
            assert_eq!(shape(text), "csv", "{text}");
        }
        for text in [
            "id,name\n1,Ada",
            "1,2\n3,4\n5,6",
            "id,name\n1,Ada\n2",
            "Roses are red and blue, violets as well\nSugar is sweet, they tell\nAnd so, farewell",
        ] {
            assert_eq!(shape(text), "text", "{text}");
        }
    }
}
