//! The arguments of a call as JSON text: what they start as, and whether they can go out.
//!
//! Schemas are hostile: nothing here panics, recurses deeply or grows without an end. Members keep their order.

mod allowed;
mod sample;

pub use sample::Sampler;

use serde_json::value::RawValue;

/// The arguments that a call starts with: defaults and examples, for other required values the plainest that the schema
/// allows, else `{}`. Each value is one that its schema allows.
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
        Err(error) => Err(format!("Not sent, because this is not JSON: {error}")),
    }
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
    fn every_required_value_is_the_plainest_of_its_type() {
        let schema = json!({ "required": ["s", "i", "n", "b", "a", "o", "e", "z", "t"], "properties": {
            "s": { "type": "string" }, "i": { "type": "integer", "minimum": 3 }, "n": { "type": "number", "maximum": -0.5 },
            "b": { "type": "boolean" }, "a": { "type": "array", "minItems": 1, "items": { "type": "string" } },
            "o": { "type": "object", "required": ["x"], "properties": { "x": { "enum": ["first"] }, "y": {} } },
            "e": { "examples": [7] }, "z": {}, "t": { "type": ["null", "string"] }, "not": { "type": "string" },
        } });
        let expected = json!({ "s": "", "i": 3, "n": -0.5, "b": false, "a": [""], "o": { "x": "first" }, "e": 7, "z": null, "t": "" });
        assert_eq!(start(&schema), expected);
    }

    #[test]
    fn what_no_plain_value_fits_is_left_out_and_no_text_is_invented() {
        for part in [
            json!({ "type": "string", "minLength": 3 }),
            json!({ "type": "string", "format": "date-time" }),
            json!({ "type": "string", "format": "uuid" }),
            json!({ "type": "string", "pattern": "^a" }),
            json!({ "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 1 } }),
            json!({ "type": "array", "minItems": 2, "uniqueItems": true, "items": { "type": "integer" } }),
            json!({ "type": "array", "minItems": 17, "items": {} }),
            json!({ "type": "object", "required": ["x"], "properties": { "x": { "type": "string", "format": "email" } } }),
            json!({ "type": "integer", "minimum": 2, "maximum": 1 }),
            json!({ "type": "string", "not": {} }),
            json!({ "allOf": [{ "type": "string" }, { "minLength": 1 }] }),
        ] {
            let schema = json!({ "required": ["it"], "properties": { "it": part } });
            assert_eq!(start(&schema), json!({}), "{schema}");
        }
    }

    #[test]
    fn a_named_value_that_the_schema_does_not_allow_gives_way_to_the_next() {
        for (part, expected) in [
            (json!({ "type": "string", "default": 3, "examples": [4, "four"] }), json!({ "it": "four" })),
            (json!({ "type": "string", "minLength": 2, "default": "", "example": "ab" }), json!({ "it": "ab" })),
            (json!({ "enum": ["a", "b"], "default": "c" }), json!({ "it": "a" })),
            (json!({ "type": "integer", "maximum": 3, "default": 7 }), json!({ "it": 0 })),
            (
                json!({ "type": "string", "format": "date", "default": "today", "examples": ["2026-07-28"] }),
                json!({ "it": "2026-07-28" }),
            ),
            (json!({ "type": ["string", "null"], "minLength": 1 }), json!({ "it": null })),
            (json!({ "anyOf": [{ "type": "null" }, { "type": "string", "pattern": "a" }] }), json!({ "it": null })),
            (json!({ "type": "array", "items": { "type": "integer" }, "default": ["x"] }), json!({ "it": [] })),
            (json!({ "$ref": "#/$defs/x", "default": 1 }), json!({ "it": false })),
        ] {
            let schema =
                json!({ "required": ["it"], "properties": { "it": part }, "$defs": { "x": { "type": "boolean" } } });
            assert_eq!(start(&schema), expected, "{schema}");
        }
        let optional = json!({ "properties": { "it": { "type": "string", "default": 3 } } });
        assert_eq!(start(&optional), json!({}));
    }

    #[test]
    fn numbers_keep_to_their_bounds_and_steps() {
        for (part, expected) in [
            (json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1 }), json!(1)),
            (json!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 }), json!(0.5)),
            (json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true }), json!(1)),
            (json!({ "type": "integer", "minimum": 1, "multipleOf": 5 }), json!(5)),
            (json!({ "type": "integer", "maximum": -2.5 }), json!(-3)),
            (json!({ "type": "integer", "minimum": -9, "maximum": 9 }), json!(0)),
        ] {
            let schema = json!({ "required": ["it"], "properties": { "it": part } });
            assert_eq!(start(&schema), json!({ "it": expected }), "{schema}");
        }
    }

    #[test]
    fn an_example_of_the_whole_is_taken_as_it_is_written() {
        let schema = r#"{"examples":[{"b":3},{"a" : 1.0}],"type":"object","required":["a"]}"#;
        assert_eq!(starting(Some(schema)), r#"{"a" : 1.0}"#);
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
}
