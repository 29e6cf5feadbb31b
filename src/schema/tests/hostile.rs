//! Schemas without a form, and schemas that are meant to harm.

use super::*;
use serde_json::Map;

#[test]
fn a_schema_says_that_there_are_no_arguments_or_does_not_say_which() {
    for none in [
        r#"{"type":"object"}"#,
        r#"{"type":"object","properties":{}}"#,
        r#"{"properties":{},"additionalProperties":false}"#,
    ] {
        assert_eq!(Form::of(none), Some(Form::default()), "{none}");
    }
    for unsaid in [
        "",
        "3",
        "true",
        "{}",
        "not json",
        r#"{"type":"array"}"#,
        r#"{"type":"object","additionalProperties":{}}"#,
        r#"{"type":"object","anyOf":[{"properties":{"a":{}}}]}"#,
    ] {
        assert_eq!(Form::of(unsaid), None, "{unsaid}");
    }
    let parts = form(
        &json!({ "type": "object", "allOf": [{ "properties": { "a": {} } }, { "required": ["a"], "properties": { "b": {} } }] }),
    );
    assert_eq!(parts.fields.iter().map(|it| it.required).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn hostile_schemas_have_an_end() {
    let itself =
        json!({ "type": "object", "properties": { "a": { "$ref": "#" }, "b": { "$ref": "#" }, "c": { "$ref": "#" } } });
    assert!(form(&itself).fields.len() <= 200);
    let wide: Map<String, Value> = (0..1000).map(|it| (it.to_string(), json!({ "type": "string" }))).collect();
    let wide = form(&json!({ "type": "object", "properties": wide }));
    assert_eq!((wide.fields.len(), wide.left_out), (200, 800));
    let values: Vec<String> = (0..800).map(|it| format!("v{it}")).collect();
    assert!(matches!(kind(&json!({ "enum": values, "type": "string" })), Kind::Text(it) if it.among == Some(800)));
    assert_eq!(kind(&json!({ "type": "array", "items": { "enum": (0..800).collect::<Vec<_>>() } })), Kind::Json);
    let deep = format!("{}1{}", r#"{"properties":{"a":"#.repeat(50_000), "}}".repeat(50_000));
    assert!(Form::of(&deep).is_some_and(|it| it.fields.len() < 8));
    let ring = json!({ "type": "object", "properties": { "a": { "$ref": "#/$defs/a" } }, "$defs": { "a": { "allOf": vec![json!({ "$ref": "#/$defs/a" }); 99] } } });
    assert_eq!(form(&ring).fields[0].kind, Kind::Json);
    let names: Map<String, Value> =
        (0..190).map(|it| (it.to_string(), json!({ "$ref": "#", "description": "x".repeat(6000) }))).collect();
    let heavy = json!({ "type": "object", "properties": names }).to_string();
    assert!(heavy.len() > 1 << 20 && Form::of(&heavy).is_some());
}
