//! The arguments of a call as JSON text: what they start as, and what is to be said of them before they go out.
//!
//! Schemas are hostile: nothing here panics, recurses deeply or grows without an end. Members keep their order.

mod sample;

use crate::members::Members;
use crate::schema::keywords::Schema;
use serde_json::value::RawValue;

/// The arguments that a call starts with: defaults, an example for each required value, else `{}`.
pub fn starting(schema: Option<&str>) -> String {
    let sample = schema.and_then(sample::arguments);
    let text = sample.and_then(|it| serde_json::to_string_pretty(&it).ok());
    text.unwrap_or_else(|| "{}".to_owned())
}

/// The text to send: what was typed, or `{}` for nothing; what is wrong where it is not JSON.
pub fn checked(typed: &str) -> Result<String, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok("{}".to_owned());
    }
    match serde_json::from_str::<&RawValue>(typed) {
        Ok(_) => Ok(typed.to_owned()),
        Err(error) => Err(format!("This is not JSON, so it is not sent: {error}")),
    }
}

/// What a server may not like about arguments that are JSON. Warnings, never a lock.
pub fn warnings(schema: Option<&str>, typed: &str) -> Vec<String> {
    let Ok(text) = checked(typed) else { return Vec::new() };
    let Some(given) = Members::of(&text) else {
        return vec!["Arguments are an object, and this is another kind of JSON.".to_owned()];
    };
    let schema = schema.and_then(Schema::read).unwrap_or_default();
    let missing = schema.required().into_iter().filter(|name| given.get(name).is_none());
    missing.map(|name| format!("“{name}” is required by the schema, and missing.")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn start(schema: &Value) -> Value {
        serde_json::from_str(&starting(Some(&schema.to_string()))).expect("valid JSON")
    }

    #[test]
    fn nothing_required_is_an_empty_object() {
        for schema in [None, Some("{}"), Some("3"), Some("not json"), Some(r#"{"properties":{"a":{}}}"#)] {
            assert_eq!(starting(schema), "{}", "{schema:?}");
        }
    }

    #[test]
    fn every_required_value_has_an_example_of_its_type() {
        let schema = json!({ "required": ["s", "i", "n", "b", "a", "o", "e", "z", "t"], "properties": {
            "s": { "type": "string" }, "i": { "type": "integer", "minimum": 3 }, "n": { "type": "number", "maximum": -0.5 },
            "b": { "type": "boolean" }, "a": { "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 2 } },
            "o": { "type": "object", "required": ["x"], "properties": { "x": { "enum": ["first"] }, "y": {} } },
            "e": { "examples": [7] }, "z": {}, "t": { "type": ["null", "string"] }, "not": { "type": "string" },
        } });
        let expected = json!({ "s": "", "i": 3, "n": -0.5, "b": false, "a": ["xx"], "o": { "x": "first" }, "e": 7, "z": null, "t": "" });
        assert_eq!(start(&schema), expected);
    }

    #[test]
    fn members_keep_their_order_and_defaults_stay_as_they_are_written() {
        let schema =
            r#"{"properties":{"z":{"default":1.00},"b":{"type":"string"},"a":{"const":"c"}},"required":["b"]}"#;
        assert_eq!(starting(Some(schema)), "{\n  \"z\": 1.00,\n  \"b\": \"\",\n  \"a\": \"c\"\n}");
    }

    #[test]
    fn references_and_choices_are_followed() {
        let schema = json!({ "required": ["p", "c"], "$defs": { "a/b": { "type": "boolean" } }, "properties": {
            "p": { "$ref": "#/$defs/a~1b" }, "c": { "anyOf": [{ "type": "null" }, { "type": "integer" }] },
        }, "allOf": [{ "required": ["q"], "properties": { "q": { "type": "string" } } }] });
        assert_eq!(start(&schema), json!({ "p": false, "c": 0, "q": "" }));
    }

    #[test]
    fn hostile_schemas_end() {
        let endless = json!({ "required": ["a"], "properties": { "a": { "$ref": "#" } }, "type": "object" });
        assert!(start(&endless).is_object());
        let wide = json!({ "required": ["a", "b", "c", "d"], "type": "object", "properties":
            { "a": { "$ref": "#" }, "b": { "$ref": "#" }, "c": { "$ref": "#" }, "d": { "$ref": "#" } } });
        assert!(starting(Some(&wide.to_string())).len() < 100_000);
        let itself = json!({ "allOf": [{ "$ref": "#" }, { "$ref": "#" }], "minItems": u64::MAX });
        assert_eq!(start(&itself), json!({}));
        let deep = format!("{}1{}", r#"{"items":"#.repeat(50_000), "}".repeat(50_000));
        assert_eq!(
            starting(Some(&format!(r#"{{"required":["a"],"properties":{{"a":{deep}}}}}"#))),
            "{\n  \"a\": null\n}"
        );
    }

    #[test]
    fn what_is_json_goes_out_as_it_stands_and_nothing_is_an_empty_object() {
        assert_eq!(checked(" \n"), Ok("{}".to_owned()));
        assert_eq!(checked(" {\"a\" : 1.0}\n").as_deref(), Ok("{\"a\" : 1.0}"));
        let error = checked("{\n  a").expect_err("not JSON");
        assert!(error.contains("line 2 column 3"), "{error}");
    }

    #[test]
    fn warnings_name_what_is_missing() {
        let schema = Some(r#"{"required":["a","b"]}"#);
        assert_eq!(warnings(schema, r#"{"b":null}"#), ["“a” is required by the schema, and missing."]);
        assert_eq!(warnings(schema, "[]").len(), 1);
        assert_eq!(warnings(None, ""), Vec::<String>::new());
        assert_eq!(warnings(schema, "{"), Vec::<String>::new());
    }
}
