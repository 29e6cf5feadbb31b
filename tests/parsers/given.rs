//! Input for more than one parser: JSON as texts, well written and badly, and what is not JSON at all.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use proptest::string::string_regex;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A JSON text with all that trees lose: white space, names that come twice, numbers beyond 64 bits, escapes, and
/// halves of surrogate pairs.
pub fn json() -> BoxedStrategy<String> {
    let leaf =
        prop_oneof![select(&["null", "true", "false", "{}", "[ ]"][..]).prop_map(str::to_owned), number(), string()];
    let value = leaf.prop_recursive(4, 32, 5, |inner| {
        let member =
            (string(), space(), inner.clone()).prop_map(|(name, space, value)| format!("{name}{space}:{value}"));
        prop_oneof![list("[", inner, "]"), list("{", member, "}")]
    });
    (space(), value, space()).prop_map(|(before, value, after)| format!("{before}{value}{after}")).boxed()
}

fn list(
    open: &'static str,
    items: impl Strategy<Value = String>,
    close: &'static str,
) -> impl Strategy<Value = String> {
    (space(), vec(items, 0..5))
        .prop_map(move |(space, items)| format!("{open}{}{close}", items.join(&format!("{space},"))))
}

fn space() -> impl Strategy<Value = &'static str> {
    select(&["", "", "", " ", "\n", "\t\r\n"][..])
}

/// Any text at all. The pattern is that of `any::<String>()`, which reads it anew for every value.
pub fn anything() -> BoxedStrategy<String> {
    string_regex("\\PC*").expect("a pattern").boxed()
}

pub fn number() -> impl Strategy<Value = String> {
    let fraction = string_regex("-?[1-9][0-9]{0,20}\\.[0-9]{1,4}([eE][+-]?[0-9]{1,2})?").expect("a pattern");
    let odd = [
        "0",
        "-0",
        "-0.0",
        "1.0",
        "1e999",
        "-1e400",
        "1e-999",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "9007199254740993",
        "0.1e1",
        "5E+0",
    ];
    prop_oneof![select(odd.to_vec()).prop_map(str::to_owned), any::<i32>().prop_map(|it| it.to_string()), fraction]
}

/// A string of JSON with its quotes.
pub fn string() -> impl Strategy<Value = String> {
    let part = select(
        &[
            "a",
            "b",
            "é",
            "🦀",
            " ",
            "\u{feff}",
            "\u{2028}",
            "\u{7f}",
            "/",
            "\\/",
            "\\\\",
            "\\\"",
            "\\n",
            "\\u0000",
            "\\u0041",
            "\\ud83e\\udd80",
            "\\ud800",
            "\\udfff",
            "{",
            "[",
            ",",
            ":",
            "</script>",
            "https://a.example/",
        ][..],
    );
    vec(part, 0..6).prop_map(|parts| format!("\"{}\"", parts.concat()))
}

/// JSON that `serde_json` reads into a tree, and the tree.
pub fn tree() -> impl Strategy<Value = Value> {
    json().prop_filter_map("no tree", |text| serde_json::from_str(&text).ok())
}

/// The members of an object as they stand; of two with one name the last.
pub fn members(text: &str) -> Option<BTreeMap<String, &RawValue>> {
    let all: BTreeMap<Name, &RawValue> = serde_json::from_str(text).ok()?;
    Some(all.into_iter().map(|(name, value)| (name.0, value)).collect())
}

/// The same as trees; null for what makes none.
pub fn trees(text: &str) -> Option<Map<String, Value>> {
    let tree = |value: &RawValue| serde_json::from_str(value.get()).unwrap_or_default();
    Some(members(text)?.into_iter().map(|(name, value)| (name, tree(value))).collect())
}

/// A name, with U+FFFD for half of a surrogate pair.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Name(String);

impl<'a> Deserialize<'a> for Name {
    fn deserialize<D: Deserializer<'a>>(from: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Name;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a name")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Name, E> {
                Ok(Name(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        from.deserialize_bytes(Bytes)
    }
}

/// JSON that makes no tree: a number beyond 64 bits, half of a surrogate pair, deep nesting.
pub fn treeless() -> Vec<String> {
    vec!["1e999".to_owned(), r#""cut: \ud83d""#.to_owned(), "[".repeat(200) + &"]".repeat(200)]
}

/// An object with some of these members, each of any value or of one of its own kind.
pub fn object(members: Vec<(&'static str, BoxedStrategy<String>)>) -> BoxedStrategy<String> {
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let values: Vec<_> =
        members.into_iter().map(|(_, own)| option::weighted(0.8, prop_oneof![3 => own, 1 => json()])).collect();
    let more = option::weighted(0.3, (string(), json()).prop_map(|(name, value)| format!("{name}:{value}")));
    (values, more)
        .prop_map(move |(values, more)| {
            let there = names.iter().zip(values).filter_map(|(name, value)| Some(format!("\"{name}\":{}", value?)));
            format!("{{{}}}", there.chain(more).collect::<Vec<_>>().join(","))
        })
        .boxed()
}

/// Any text: noise, JSON, and JSON with a mistake in it.
pub fn text() -> BoxedStrategy<String> {
    let noise = string_regex("[\\[\\]{}\",:\\\\0-9a-z \n-]{0,24}").expect("a pattern");
    prop_oneof![anything(), noise, json(), broken(json())].boxed()
}

/// A text that is cut, or has a character more, in one place.
pub fn broken(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let odd = select(vec!["", "\0", "\"", "\\", "{", "]", ",", "\u{feff}", "\\ud800", "1e999"]);
    (text, any::<proptest::sample::Index>(), odd, any::<bool>()).prop_map(|(text, at, odd, cut)| {
        let at = at.index(text.len() + 1);
        let at = (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        format!("{}{odd}{}", &text[..at], if cut { "" } else { &text[at..] })
    })
}

/// Nesting that ends a reader that recurses, and is too long for files: a test has a stack of 2 MB, which is less than
/// seventy bytes a level.
pub fn deep() -> Vec<String> {
    let nested = |open: &str, inside: &str, close: &str| open.repeat(30_000) + inside + &close.repeat(30_000);
    vec![
        nested("[", "", "]"),
        nested("[", "", ""),
        nested("{\"a\":", "1", "}"),
        nested("{\"properties\":{\"a\":", "{\"x-mcp-header\":\"A\"}", "}}"),
        format!("{{\"id\":{},\"method\":\"x\"}}", nested("[", "", "]")),
        format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}}", nested("[", "", "]")),
        format!("{{\"tools\":[{{\"name\":\"a\",\"inputSchema\":{}}}]}}", nested("{\"a\":", "1", "}")),
        format!("{{\"content\":{}}}", nested("[", "", "]")),
        format!("{{\"requestedSchema\":{{\"properties\":{{\"a\":{}}}}}}}", nested("{\"a\":", "1", "}")),
        format!("{{\"issuer\":\"https://a.example\",\"x\":{}}}", nested("[", "", "]")),
    ]
}
