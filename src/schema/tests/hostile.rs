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
        let root = form(none).expect(none);
        assert!(group(&root).members.is_empty() && !group(&root).is_open, "{none}");
    }
    for unsaid in
        ["", "3", "true", "{}", "not json", r#"{"type":"array"}"#, r#"{"anyOf":[{"type":"string"},{"type":"object"}]}"#]
    {
        assert_eq!(form(unsaid), None, "{unsaid}");
    }
    let parts = object(&json!({}), &[]);
    assert_eq!(Draft::starting(&parts).json().as_deref(), Ok("{}"));
    let parts = form(r#"{"type":"object","allOf":[{"properties":{"a":{}}},{"required":["a"],"properties":{"b":{}}}]}"#);
    let required: Vec<_> = group(&parts.expect("a form")).members.iter().map(|it| it.required).collect();
    assert_eq!(required, [true, false]);
}

/// All fields as far as they are drawn at once, and as many as that are.
fn drawn(spec: &Spec, required: bool, depth: usize) -> usize {
    match Field::read(spec, required).kind {
        ValueKind::Group(group) if depth < 5 => {
            1 + group.members.iter().take(3).map(|it| drawn(&it.spec, it.required, depth + 1)).sum::<usize>()
        }
        ValueKind::Variant(all) if depth < 5 => {
            1 + all.iter().take(3).map(|it| drawn(&it.spec, required, depth + 1)).sum::<usize>()
        }
        _ => 1,
    }
}

#[test]
fn hostile_schemas_have_an_end() {
    let itself =
        json!({ "type": "object", "required": ["a"], "properties": { "a": { "$ref": "#" }, "b": { "$ref": "#" } } });
    let root = form(&itself.to_string()).expect("a form");
    assert!(drawn(&root, true, 0) < 100 && Draft::starting(&root).json().is_ok_and(|it| it.len() < 1_000));
    let wide: Map<String, Json> = (0..1000).map(|it| (it.to_string(), json!({ "type": "string" }))).collect();
    let wide = group(&object(&Json::Object(wide), &[]));
    assert_eq!((wide.members.len(), wide.left_out), (200, 800));
    let values: Vec<String> = (0..800).map(|it| format!("v{it}")).collect();
    let kind = |schema: Json| Field::read(&Spec::whole(&schema.to_string()), false).kind;
    assert!(matches!(kind(json!({ "enum": values, "type": "string" })), ValueKind::Text(it) if it.among == Some(800)));
    let ring = json!({ "type": "object", "properties": { "a": { "$ref": "#/$defs/a" } }, "$defs": { "a": { "allOf": vec![json!({ "$ref": "#/$defs/a" }); 99] } } });
    assert_eq!(find(&form(&ring.to_string()).expect("a form"), &Draft::starting(&root), "/a").1.kind, ValueKind::Json);
    let choices = json!({ "$ref": "#", "oneOf": [{ "$ref": "#" }, { "$ref": "#" }], "type": "object" });
    assert!(form(&choices.to_string()).is_none_or(|it| drawn(&it, true, 0) < 1_000));
}

#[test]
fn deep_and_heavy_schemas_have_an_end() {
    let deep = format!("{}1{}", r#"{"properties":{"a":"#.repeat(50_000), "}}".repeat(50_000));
    assert!(form(&deep).is_some_and(|it| Draft::starting(&it).json().is_ok()));
    let names: Map<String, Json> = (0..190)
        .map(|it| (it.to_string(), json!({ "$ref": format!("#/properties/{it}/x"), "description": "x".repeat(6000) })))
        .collect();
    let heavy = json!({ "type": "object", "properties": names }).to_string();
    let root = form(&heavy).expect("a form");
    assert!(heavy.len() > 1 << 20);
    group(&root).members.iter().for_each(|it| drop(Field::read(&it.spec, false)));
}

#[test]
fn deep_values_stay_one_text() {
    let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(100), "]".repeat(100));
    assert_eq!(Draft::read(&deep).expect("an object").json().as_deref(), Ok(deep.as_str()));
}
