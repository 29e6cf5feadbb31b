//! URI templates.

use crate::given::anything;
use crate::{holds, holds_in_the_texts_of_the_corpus};
use flowglass::mcp::template::{expand, variables};
use percent_encoding::percent_decode_str;
use proptest::collection::vec;
use proptest::prelude::{Strategy, prop_oneof};
use proptest::sample::select;

fn template() -> impl Strategy<Value = String> {
    let pieces = vec![
        "{",
        "}",
        "{a}",
        "{+a}",
        "{#a,b}",
        "{.b}",
        "{/a*}",
        "{;a,b:2}",
        "{?a}",
        "{&b}",
        "{a:0}",
        "{a:x}",
        "{,}",
        "{+}",
        "{ä}",
        "{+é:1}",
        "https://a.example/",
        "%20",
        "%",
        "é",
        "a",
        "*",
        "\0",
        "{{",
        "}}",
    ];
    vec(select(pieces), 0..8).prop_map(|pieces| pieces.concat())
}

/// Whether a text has only characters of a URI (RFC 3986 §2), every `%` at the start of an escape.
fn is_uri(text: &str) -> bool {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&it);
    let escape = |it: &str| it.len() >= 2 && it.bytes().take(2).all(|it| it.is_ascii_hexdigit());
    text.bytes().all(plain) && text.split('%').skip(1).all(escape)
}

/// RFC 6570 §2.3.
fn is_name(name: &str) -> bool {
    name.bytes().all(|it| it.is_ascii_alphanumeric() || b"_.%".contains(&it)) && is_uri(name)
}

/// What holds for any template and value.
fn sound(template: &str, value: &str) {
    let names = variables(template);
    assert!(names.iter().enumerate().all(|(at, name)| !names[..at].contains(name)), "{names:?}");
    let asked = std::cell::RefCell::new(Vec::new());
    let uri = expand(template, |name| {
        asked.borrow_mut().push(name.to_owned());
        Some(value)
    });
    assert!(is_uri(&uri) || !names.iter().all(|it| is_name(it)), "{template:?} {value:?}: {uri}");
    assert!(asked.into_inner().iter().all(|name| names.contains(name)), "{template:?}");
    assert!(is_uri(&expand(template, |_| None)));
}

#[test]
fn any_template_with_any_value_is_made_of_the_characters_of_a_uri() {
    holds((prop_oneof![template(), anything()], anything()), |(template, value)| sound(&template, &value));
}

#[test]
fn a_name_that_is_none_is_made_of_the_characters_of_a_uri_too() {
    holds("[^{},:*]{0,4}", |name| {
        let uri = expand(&format!("{{?{name}}}{{;{name}}}"), |_| Some(""));
        assert!(is_uri(&uri), "{name:?}: {uri}");
    });
}

#[test]
fn a_value_that_is_put_in_can_be_taken_out_again() {
    holds((select(vec!["{a}", "{/a}", "{.a}", "{?a}", "{;a*}"]), anything()), |(template, value)| {
        let uri = expand(template, |_| Some(&value));
        let after = uri.trim_start_matches(['/', '.', '?', ';']);
        let written = if template.contains(['?', ';']) {
            after.strip_prefix('a').unwrap_or(after)
        } else {
            &uri[uri.len() - after.len()..]
        };
        let written = written.strip_prefix('=').unwrap_or(written);
        let read = percent_decode_str(written).decode_utf8().expect("UTF-8");
        assert_eq!(read.trim_start_matches('.'), value.trim_start_matches('.'), "{uri}");
    });
}

#[test]
fn the_corpus_is_made_of_the_characters_of_a_uri() {
    holds_in_the_texts_of_the_corpus(|text| {
        sound(text, "x");
        sound("{a}{+a}", text);
    });
}
