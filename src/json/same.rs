//! Whether two JSON texts say the same, however they are laid out and escaped. Members have to be in the same order.

use super::outline::string::characters;
use std::iter;

/// Linear, and nothing is copied.
pub fn same(one: &str, other: &str) -> bool {
    significant(one).eq(significant(other))
}

/// The characters that count, each with whether it stands within a string.
fn significant(text: &str) -> impl Iterator<Item = (char, bool)> {
    let (mut rest, mut inside) = (text, false);
    iter::from_fn(move || {
        if !inside {
            rest = rest.trim_ascii_start();
        }
        let first = rest.chars().next()?;
        if first == '"' {
            inside = !inside;
        }
        let (char, length) = match inside && first == '\\' {
            true => characters(rest).next()?,
            false => (first, first.len_utf8()),
        };
        rest = rest.get(length..)?;
        Some((char, inside && first != '"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_and_escapes_make_no_difference() {
        assert!(same(r#"{"a":[1,"é /"]}"#, "{ \"a\" :\n [1, \"\\u00e9 \\/\"] }\n"));
        for (one, other) in [
            (r#"{"a":1}"#, r#"{"a":2}"#),
            (r#"["a b"]"#, r#"["ab"]"#),
            (r#"["a\"","b"]"#, r#"["a","\"b"]"#),
            ("[1,2]", "[1,2"),
            ("[12]", "[1,2]"),
        ] {
            assert!(!same(one, other), "{one} {other}");
        }
    }
}
