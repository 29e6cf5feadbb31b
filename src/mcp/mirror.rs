//! Arguments of a tool that travel in headers too: `x-mcp-header` (MCP 2026-07-28, Streamable HTTP, custom headers).
//!
//! Intermediaries route by them, so they have to say exactly what the body says.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use std::fmt;

/// The keyword in a schema.
const KEYWORD: &str = "x-mcp-header";
/// How deep schemas are followed.
const DEEPEST: usize = 64;
/// Integers beyond are not the same number everywhere (RFC 8259 §6).
const LARGEST: i64 = (1 << 53) - 1;

/// Why a tool with such an annotation must not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadHeader {
    NotAString(String),
    /// Empty, or not a token (RFC 9110 §5.6.2).
    NotAName {
        at: String,
        name: String,
    },
    Twice(String),
    /// Only integers, strings and booleans have one way to be written.
    Type {
        at: String,
        name: String,
    },
    /// Not reached from the root through `properties` alone.
    Unreachable(String),
}

impl fmt::Display for BadHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAString(at) => write!(f, "the x-mcp-header of \"{at}\" is not a string"),
            Self::NotAName { at, name } => write!(f, "the x-mcp-header of \"{at}\", \"{name}\", is not a header name"),
            Self::Twice(name) => write!(f, "two arguments use the header \"{name}\""),
            Self::Type { at, name } => {
                write!(f, "\"{at}\" uses the header \"{name}\", but is not an integer, string or boolean")
            }
            Self::Unreachable(at) => {
                write!(f, "x-mcp-header at \"{at}\" is not reachable through \"properties\" alone")
            }
        }
    }
}

/// An argument and the header that mirrors it.
struct Mirrored {
    /// The keys of `properties` that lead to it.
    path: Vec<String>,
    name: String,
}

/// Checks the annotations of an input schema; one bad one spoils the tool.
pub fn check(schema: &str) -> Result<(), BadHeader> {
    if !may_have(schema) {
        return Ok(());
    }
    let schema = serde_json::from_str(schema).unwrap_or_default();
    mirrored(&schema).map(|_| ())
}

/// Most schemas have none, and are not read for it. With escapes in its name it is the same keyword (RFC 8259 §7).
fn may_have(schema: &str) -> bool {
    schema.contains(KEYWORD) || schema.contains("\\u")
}

/// The headers of a call: name and value, for each annotated argument that is there.
pub fn headers(schema: &str, arguments: &str) -> Vec<(String, String)> {
    if !may_have(schema) {
        return Vec::new();
    }
    let (Ok(schema), Ok(arguments)) = (serde_json::from_str(schema), serde_json::from_str::<Value>(arguments)) else {
        return Vec::new();
    };
    let all = mirrored(&schema).unwrap_or_default();
    let found = all.into_iter().filter_map(|it| {
        let value = it.path.iter().try_fold(&arguments, |value, key| value.get(key))?;
        Some((format!("mcp-param-{}", it.name.to_ascii_lowercase()), encoded(&written(value)?)))
    });
    found.collect()
}

/// A header value; what is not plain ASCII, or could be taken for the marked form, is marked and base64.
pub fn encoded(value: &str) -> String {
    // A tab may stand inside a value as it is; marked it arrives as well, and survives whoever folds white space.
    let plain = value.bytes().all(|it| (0x20..0x7f).contains(&it));
    let bare = value.trim_matches(' ').len() == value.len();
    let marked = value.starts_with("=?base64?") && value.ends_with("?=");
    match plain && bare && !marked && !value.is_empty() {
        true => value.to_owned(),
        false => format!("=?base64?{}?=", STANDARD.encode(value)),
    }
}

fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => whole(number),
        _ => None,
    }
}

/// An integer in decimal digits, even where it was written as `1.0`.
fn whole(number: &serde_json::Number) -> Option<String> {
    let exact = number.as_i64().or_else(|| {
        let float = number.as_f64().filter(|it| it.fract() == 0.0 && it.abs() <= LARGEST as f64)?;
        Some(float as i64)
    });
    exact.filter(|it| (-LARGEST..=LARGEST).contains(it)).map(|it| it.to_string())
}

fn mirrored(schema: &Value) -> Result<Vec<Mirrored>, BadHeader> {
    let mut found = Vec::new();
    walk(schema, &mut Vec::new(), &mut found)?;
    for (at, one) in found.iter().enumerate() {
        if found.iter().skip(at + 1).any(|it| it.name.eq_ignore_ascii_case(&one.name)) {
            return Err(BadHeader::Twice(one.name.clone()));
        }
    }
    Ok(found)
}

/// Takes an object's own properties, and looks everywhere else for annotations that must not be there.
fn walk(schema: &Value, path: &mut Vec<String>, found: &mut Vec<Mirrored>) -> Result<(), BadHeader> {
    let Some(schema) = schema.as_object().filter(|_| path.len() < DEEPEST) else { return Ok(()) };
    if let Some(name) = schema.get(KEYWORD) {
        found.push(annotated(schema, name, path)?);
    }
    for (keyword, value) in schema {
        match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                for (key, property) in properties {
                    path.push(key.clone());
                    walk(property, path, found)?;
                    path.pop();
                }
            }
            // Values are data, not schemas.
            (KEYWORD | "default" | "const" | "enum" | "examples", _) => {}
            (keyword, value) => refuse_below(value, keyword, 0)?,
        }
    }
    Ok(())
}

fn annotated(schema: &Map<String, Value>, name: &Value, path: &[String]) -> Result<Mirrored, BadHeader> {
    let at = path.join(".");
    let name = name.as_str().ok_or_else(|| BadHeader::NotAString(at.clone()))?.to_owned();
    if name.is_empty() || !name.bytes().all(crate::http::is_token) {
        return Err(BadHeader::NotAName { at, name });
    }
    let kind = schema.get("type").and_then(Value::as_str);
    match (kind, path) {
        (_, []) => Err(BadHeader::Unreachable("the root".to_owned())),
        (Some("integer" | "string" | "boolean"), _) => Ok(Mirrored { path: path.to_vec(), name }),
        _ => Err(BadHeader::Type { at, name }),
    }
}

fn refuse_below(value: &Value, at: &str, depth: usize) -> Result<(), BadHeader> {
    match value {
        _ if depth > DEEPEST => Ok(()),
        // A property that is called so has a schema as its value.
        Value::Object(object) if object.get(KEYWORD).is_some_and(|it| !it.is_object()) => {
            Err(BadHeader::Unreachable(at.to_owned()))
        }
        Value::Object(object) => object.values().try_for_each(|it| refuse_below(it, at, depth + 1)),
        Value::Array(list) => list.iter().try_for_each(|it| refuse_below(it, at, depth + 1)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema(properties: &Value) -> String {
        json!({ "type": "object", "properties": properties }).to_string()
    }

    fn sent(properties: &Value, arguments: &Value) -> Vec<(String, String)> {
        headers(&schema(properties), &arguments.to_string())
    }

    #[test]
    fn a_20_a_21_a_22_annotated_arguments_are_mirrored_by_their_path() {
        let properties = json!({
            "region": { "type": "string", "x-mcp-header": "Region" },
            "deep": { "type": "object", "properties": { "n": { "type": "integer", "x-mcp-header": "N" } } },
            "dry": { "type": "boolean", "x-mcp-header": "Dry" },
            "gone": { "type": "string", "x-mcp-header": "Gone" },
            "none": { "type": "string", "x-mcp-header": "None" },
        });
        let arguments = json!({ "region": "eu", "deep": { "n": 7.0 }, "dry": false, "none": null });
        let mut all = sent(&properties, &arguments);
        all.sort();
        let expected = [("mcp-param-dry", "false"), ("mcp-param-n", "7"), ("mcp-param-region", "eu")];
        assert_eq!(all, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_12_a_13_values_that_are_not_plain_are_marked_base64() {
        for (value, expected) in [
            ("us-west1", "us-west1"),
            ("a b c", "a b c"),
            ("a\tb", "=?base64?YQli?="),
            ("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="),
            (" padded ", "=?base64?IHBhZGRlZCA=?="),
            ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="),
            ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="),
            ("", "=?base64??="),
        ] {
            assert_eq!(encoded(value), expected, "{value}");
        }
    }

    #[test]
    fn a_24_invalid_header_annotation_excludes_the_tool() {
        let bad = |properties: Value| check(&schema(&properties)).expect_err("bad").to_string();
        let one = |kind: &str, name: Value| bad(json!({ "a": { "type": kind, "x-mcp-header": name } }));
        assert!(one("string", json!("")).contains("not a header name"));
        assert!(one("string", json!("My Region")).contains("not a header name"));
        assert!(one("string", json!("a\r\nb")).contains("not a header name"));
        assert!(one("string", json!(1)).contains("not a string"));
        for kind in ["number", "object", "array", "null"] {
            assert!(one(kind, json!("X")).contains("not an integer"), "{kind}");
        }
        let twice =
            json!({ "a": { "type": "string", "x-mcp-header": "X" }, "b": { "type": "string", "x-mcp-header": "x" } });
        assert!(bad(twice).contains("two arguments"));
    }

    #[test]
    fn a_23_annotations_count_only_where_properties_alone_lead() {
        let annotated = json!({ "type": "string", "x-mcp-header": "X" });
        for keyword in ["items", "additionalProperties", "not", "if"] {
            let mut property = json!({ "type": "object" });
            property[keyword] = annotated.clone();
            assert!(check(&schema(&json!({ "a": property }))).is_err(), "{keyword}");
        }
        for keyword in ["oneOf", "anyOf", "allOf", "prefixItems"] {
            let mut property = json!({ "type": "object" });
            property[keyword] = json!([annotated]);
            assert!(check(&schema(&json!({ "a": property }))).is_err(), "{keyword}");
        }
        let definition = json!({ "type": "object", "$defs": { "d": annotated } });
        assert!(check(&definition.to_string()).is_err());
        let named = schema(&json!({ "x-mcp-header": { "type": "string" } }));
        assert_eq!(check(&named), Ok(()));
    }

    #[test]
    fn integers_that_are_not_exact_everywhere_are_left_out() {
        let properties = json!({ "n": { "type": "integer", "x-mcp-header": "N" } });
        assert_eq!(sent(&properties, &json!({ "n": 9_007_199_254_740_991_i64 })).len(), 1);
        assert_eq!(sent(&properties, &json!({ "n": 9_007_199_254_740_992_i64 })), []);
    }
}
