//! `x-mcp-header`: arguments that travel in headers.

use crate::given::{anything, deep, json, text};
use crate::{holds, holds_in_the_texts_of_the_corpus};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flowglass::mcp::mirror::{check, encoded, headers};
use proptest::collection::{btree_map, vec};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use serde_json::{Map, Value, json};

/// As a server reads a value: the markers are lower case, and what is between them is base64.
fn decoded(value: &str) -> Option<String> {
    match value.strip_prefix("=?base64?").and_then(|it| it.strip_suffix("?=")) {
        Some(inside) => String::from_utf8(STANDARD.decode(inside).ok()?).ok(),
        None => Some(value.to_owned()),
    }
}

fn travels(value: &str) -> bool {
    let plain = value.bytes().all(|it| (0x20..=0x7e).contains(&it));
    plain && !value.is_empty() && !value.starts_with(' ') && !value.ends_with(' ')
}

fn is_token(name: &str) -> bool {
    let mark = |it: char| "!#$%&'*+-.^_`|~".contains(it);
    !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || mark(it))
}

/// What would be mistaken for something else on its way.
fn value() -> BoxedStrategy<String> {
    let parts = vec!["=?base64?", "?=", "=?", " ", "\t", "\r\n", "a", "\0", "é", "\u{7f}", "QUJD", "=?BASE64?"];
    prop_oneof![anything(), vec(select(parts), 0..6).prop_map(|it| it.concat())].boxed()
}

/// An argument of a type that may be mirrored: the type, and what is given for it.
fn argument() -> BoxedStrategy<(&'static str, Value)> {
    let safe = -(1_i64 << 53) + 1..1_i64 << 53;
    prop_oneof![
        value().prop_map(|it| ("string", Value::from(it))),
        safe.prop_map(|it| ("integer", Value::from(it))),
        any::<i32>().prop_map(|it| ("integer", Value::from(f64::from(it)))),
        any::<bool>().prop_map(|it| ("boolean", Value::from(it))),
        select(vec!["string", "integer", "boolean"]).prop_map(|it| (it, Value::Null)),
    ]
    .boxed()
}

/// A header value as the specification writes it: text, digits, `true` or `false`.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.as_i64().unwrap_or(number.as_f64()? as i64).to_string()),
        _ => None,
    }
}

/// Puts a value at the end of a path, and objects along it.
fn put(into: &mut Value, path: &[&str], value: Value) {
    match path {
        [] => *into = value,
        [first, rest @ ..] => put(&mut into[first], rest, value),
    }
}

/// A schema with properties right and wrong, in right and wrong places.
fn schema() -> BoxedStrategy<String> {
    let name = prop_oneof!["[A-Ca-c]{1,2}", "[ -~]{0,3}", Just("é".to_owned())].prop_map(Value::from);
    let kind = prop_oneof![6 => select(vec!["string", "integer", "boolean"]), 1 => select(vec!["number", "object"])];
    let annotation = prop_oneof![6 => name, 1 => select(vec![json!(1), json!(null), json!({ "type": "string" })])];
    let leaf = prop_oneof![
        2 => kind.clone().prop_map(|kind| json!({ "type": kind })),
        3 => (kind, annotation).prop_map(|(kind, name)| json!({ "type": kind, "x-mcp-header": name })),
    ];
    let keyword =
        prop_oneof![12 => Just("properties"), 1 => select(vec!["items", "allOf", "default", "$defs", "enum"])];
    let tree = leaf.prop_recursive(3, 12, 4, move |inner| {
        let key = select(vec!["a", "b", "properties", "x-mcp-header", "items"]).prop_map(str::to_owned);
        (keyword.clone(), btree_map(key, inner, 0..4))
            .prop_map(|(keyword, all)| json!({ "type": "object", keyword: all.into_iter().collect::<Map<_, _>>() }))
    });
    tree.prop_map(|it| it.to_string()).boxed()
}

/// What holds for any texts, as schema and as arguments.
fn sound(schema: &str, arguments: &str) {
    let found = headers(schema, arguments);
    assert!(check(schema).is_ok() || found.is_empty(), "{schema}");
    let mut names: Vec<String> = found.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), found.len(), "{found:?}");
    for (name, value) in found {
        assert!(is_token(&name) && name.len() > "mcp-param-".len() && name.starts_with("mcp-param-"), "{name:?}");
        assert!(travels(&value) && decoded(&value).is_some(), "{value:?}");
    }
}

#[test]
fn a_value_travels_and_arrives_as_it_was() {
    holds(value(), |value| {
        let sent = encoded(&value);
        assert!(travels(&sent), "{sent:?}");
        assert_eq!(decoded(&sent), Some(value));
    });
}

#[test]
fn every_annotated_argument_that_is_there_is_mirrored() {
    let path = vec(select(vec!["a", "b", "properties", "x-mcp-header"]), 1..4);
    holds(btree_map(path, argument(), 0..4), |all| {
        let (mut schema, mut arguments, mut expected) = (json!({ "type": "object" }), json!({}), Vec::new());
        for (at, (path, (kind, value))) in all.iter().enumerate() {
            // A value cannot be inside another one.
            if all.keys().any(|it| it != path && (it.starts_with(path) || path.starts_with(it))) {
                continue;
            }
            let below: Vec<&str> = path.iter().flat_map(|key| ["properties", key]).collect();
            put(&mut schema, &below, json!({ "type": kind, "x-mcp-header": format!("H-{at}") }));
            put(&mut arguments, path, value.clone());
            expected.extend(as_text(value).map(|it| (format!("mcp-param-h-{at}"), it)));
        }
        assert_eq!(check(&schema.to_string()), Ok(()));
        let sent = headers(&schema.to_string(), &arguments.to_string());
        let mut read: Vec<_> = sent.into_iter().map(|(name, value)| (name, decoded(&value).expect("base64"))).collect();
        read.sort();
        assert_eq!(read, expected);
    });
}

#[test]
fn a_schema_that_is_checked_gives_names_that_are_tokens_and_differ() {
    let arguments = vec![r#"{"a":"x","b":{"a":1,"b":true}}"#, r#"{"a":{"a":{"a":" "}},"b":null}"#, "[]"];
    holds((schema(), select(arguments)), |(schema, arguments)| sound(&schema, arguments));
}

#[test]
fn any_text_is_a_schema_with_headers_or_without() {
    holds((prop_oneof![text(), schema()], json()), |(schema, arguments)| sound(&schema, &arguments));
}

#[test]
fn a_schema_says_the_same_however_its_names_are_escaped() {
    holds(schema(), |schema| {
        let escaped = schema.replace("x-mcp-header", "\\u0078-mcp-heade\\u0072");
        let arguments = r#"{"a":"x","b":{"a":1,"b":true}}"#;
        assert_eq!(check(&escaped), check(&schema));
        assert_eq!(headers(&escaped, arguments), headers(&schema, arguments));
    });
}

#[test]
fn the_corpus_gives_names_that_are_tokens_and_differ() {
    deep().iter().for_each(|text| sound(text, text));
    holds_in_the_texts_of_the_corpus(|text| {
        sound(text, r#"{"a":"x"}"#);
        sound(r#"{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}"#, text);
        assert!(travels(&encoded(text)) && decoded(&encoded(text)).as_deref() == Some(text));
    });
}
