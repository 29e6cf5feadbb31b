//! `WWW-Authenticate`.

use crate::given::anything;
use crate::{holds, holds_in_the_texts_of_the_corpus};
use flowglass::oauth::challenge::{Challenge, parse};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;

/// `token` (RFC 9110 §5.6.2).
const TOKEN: &str = "[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,8}";
/// RFC 9110 §11.2.
const TOKEN68: &str = "[a-zA-Z0-9._~+/-]{1,8}={0,2}";
/// What a quoted string may hold once it is read (RFC 9110 §5.6.4): no control character but the tab.
const QUOTED: &str = "[\t -~é🦀,\"\\\\=]{0,12}";

/// A parameter and one way to write it.
fn param() -> impl Strategy<Value = ((String, String), String)> {
    let equals = select(vec!["=", " =", "= ", "\t = \t"]);
    let plain = (TOKEN, equals.clone(), TOKEN).prop_map(|(name, equals, value)| {
        let written = format!("{name}{equals}{value}");
        ((name, value), written)
    });
    let quoted = (TOKEN, equals, QUOTED, any::<u16>()).prop_map(|(name, equals, value, escapes)| {
        let written = format!("{name}{equals}{}", quote(&value, escapes));
        ((name, value), written)
    });
    prop_oneof![plain, quoted]
}

/// Quotes and backslashes are always escaped, other characters where a bit says so.
fn quote(value: &str, escapes: u16) -> String {
    let inside = value.chars().enumerate().map(|(at, char)| match char {
        '"' | '\\' => format!("\\{char}"),
        _ if escapes >> (at % 16) & 1 == 1 => format!("\\{char}"),
        _ => char.to_string(),
    });
    format!("\"{}\"", inside.collect::<String>())
}

/// Commas and white space between two elements of a list, some of which are empty (RFC 9110 §5.6.1.2).
fn comma() -> impl Strategy<Value = &'static str> {
    select(vec![",", ", ", " ,", ", ,", ",,\t, ", ",\r\n  "])
}

/// A challenge and one way to write it.
fn challenge() -> impl Strategy<Value = (Challenge, String)> {
    let alone = (TOKEN, select(vec!["", " "])).prop_map(|(scheme, space)| {
        let written = format!("{scheme}{space}");
        (Challenge { scheme, ..Challenge::default() }, written)
    });
    let token68 = (TOKEN, TOKEN68).prop_map(|(scheme, token)| {
        let written = format!("{scheme} {token}");
        (Challenge { scheme, token68: Some(token), params: vec![] }, written)
    });
    let before = select(vec![" ", "  ", " , ", " ,, "]);
    let params = (TOKEN, before, vec((param(), comma()), 1..5)).prop_map(|(scheme, before, all)| {
        let mut written = format!("{scheme}{before}");
        let mut params = Vec::new();
        for (at, ((param, text), comma)) in all.into_iter().enumerate() {
            written += if at == 0 { "" } else { comma };
            written += &text;
            params.push(param);
        }
        (Challenge { scheme, token68: None, params }, written)
    });
    prop_oneof![1 => alone, 2 => token68, 4 => params]
}

/// What servers send, in pieces.
fn like_a_header() -> impl Strategy<Value = String> {
    let pieces = vec![
        "Bearer",
        "Basic",
        "DPoP",
        "realm",
        "error",
        "scope",
        "=",
        "=",
        "\"",
        "\"",
        "\\",
        ",",
        ", ",
        " ",
        "\t",
        "\r\n ",
        "é",
        "a=b",
        "a=\"b\"",
        "YII=",
        "==",
        "https://a.example/x?y=z",
        "invalid_token",
        "\0",
        "\u{a0}",
    ];
    vec(select(pieces), 0..16).prop_map(|pieces| pieces.concat())
}

/// One way to write challenges, as they were read.
fn written(challenges: &[Challenge]) -> String {
    let all = challenges.iter().map(|it| {
        let params = it.params.iter().map(|(name, value)| format!("{name}={}", quote(value, 0)));
        let token = it.token68.iter().map(|token| format!("{} {token}", it.scheme));
        let head = if it.token68.is_none() && !it.scheme.is_empty() { Some(it.scheme.clone()) } else { None };
        let mut params: Vec<String> = params.collect();
        match (head, params.first_mut()) {
            (Some(scheme), Some(first)) => *first = format!("{scheme} {first}"),
            (Some(scheme), None) => params.push(scheme),
            (None, _) => {}
        }
        token.chain(params).collect::<Vec<_>>().join(", ")
    });
    all.collect::<Vec<_>>().join(", ")
}

/// What holds for any text: what was read can be written so that it is read again, and nothing in it is invented.
fn sound(value: &str) {
    let challenges = parse(value);
    assert_eq!(parse(&written(&challenges)), challenges, "{value:?}");
    for challenge in &challenges {
        let params = challenge.params.iter().flat_map(|(name, value)| [name.len(), value.len()]);
        let length = challenge.scheme.len() + challenge.token68.as_ref().map_or(0, String::len) + params.sum::<usize>();
        assert!(length <= value.len(), "{value:?}");
        assert!(value.contains(&challenge.scheme), "{value:?}");
        assert!(challenge.params.iter().all(|(name, _)| challenge.param(name).is_some()), "{value:?}");
    }
}

#[test]
fn challenges_that_are_written_out_are_read_back() {
    holds((vec((challenge(), comma()), 0..4), prop_oneof![Just(""), Just(" , "), Just(",")]), |(all, start)| {
        let mut text = start.to_owned();
        let mut expected = Vec::new();
        for (at, ((challenge, written), comma)) in all.into_iter().enumerate() {
            text += if at == 0 { "" } else { comma };
            text += &written;
            expected.push(challenge);
        }
        assert_eq!(parse(&text), expected, "{text:?}");
    });
}

#[test]
fn any_text_is_read_and_what_was_read_is_read_again() {
    holds(prop_oneof![like_a_header(), anything()], |value| sound(&value));
}

#[test]
fn the_corpus_is_read_and_what_was_read_is_read_again() {
    holds_in_the_texts_of_the_corpus(sound);
}
