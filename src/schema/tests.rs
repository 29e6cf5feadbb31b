//! Tests of forms as wholes: from a schema and what is typed to the JSON that is sent, and back.

mod choices;
mod hostile;
mod reference;

use super::draft::{Draft, NotShown, Place, form};
use super::value::Value;
use super::*;
use serde_json::json;

type Json = serde_json::Value;

/// The form of an object with one optional property `it`.
fn one(schema: &Json) -> Spec {
    object(&json!({ "it": schema }), &[])
}

fn object(properties: &Json, required: &[&str]) -> Spec {
    form(&json!({ "type": "object", "properties": properties, "required": required }).to_string()).expect("a form")
}

fn group(spec: &Spec) -> Group {
    match Field::read(spec, true).kind {
        ValueKind::Group(group) => group,
        other => panic!("{other:?}"),
    }
}

/// The place of a value by its pointer, and what the schema says of it.
fn find(root: &Spec, draft: &Draft, pointer: &str) -> (Place, Field, Spec) {
    let mut at = (Place::root(), root.clone(), true);
    for name in pointer.split('/').skip(1) {
        let mut spec = at.1.clone();
        if let ValueKind::Variant(branches) = Field::read(&spec, at.2).kind {
            spec = branches[draft.branch(&at.0, &branches).expect("a choice")].spec.clone();
        }
        at = match Field::read(&spec, at.2).kind {
            ValueKind::Group(group) => {
                let free = || Member { name: name.to_owned(), required: false, spec: group.free.clone() };
                let member = group.members.iter().find(|it| it.name == name).cloned().unwrap_or_else(free);
                (at.0.member(&member, &group.order), member.spec, member.required)
            }
            ValueKind::List(list) => {
                let index = name.parse().expect("an index");
                (at.0.item(index), list.item(index).expect("an item").clone(), true)
            }
            other => panic!("{other:?} has no {name}"),
        };
    }
    (at.0, Field::read(&at.1, at.2), at.1)
}

/// Types into the control of a value.
fn put(root: &Spec, draft: &mut Draft, pointer: &str, text: &str) {
    let (place, field, _) = find(root, draft, pointer);
    let value = field.kind.typed(text, !place.is_optional());
    draft.set(&place, value);
}

/// What is sent where this was typed.
fn sent(root: &Spec, typed: &[(&str, &str)]) -> String {
    let mut draft = Draft::starting(root);
    typed.iter().for_each(|(pointer, text)| put(root, &mut draft, pointer, text));
    draft.json().expect("JSON")
}

fn limits(schema: &Json) -> String {
    Field::read(&Spec::whole(&schema.to_string()), false).limits()
}

#[test]
fn members_keep_the_order_of_the_schema_and_required_ones_are_drawn_first() {
    let schema =
        r#"{"properties":{"z":{"type":"string"},"a":{"type":"integer"},"z":{"type":"integer"}},"required":["a"]}"#;
    let root = form(schema).expect("a form");
    let names: Vec<_> = group(&root).members.iter().map(|it| it.name.clone()).collect();
    assert_eq!(names, ["a", "z"]);
    assert_eq!(sent(&root, &[("/a", "2"), ("/z", "1")]), r#"{"z":1,"a":2}"#);
}

#[test]
fn what_is_left_alone_is_absent_and_a_required_text_or_list_is_empty() {
    let properties = json!({
        "s": { "type": "string" }, "n": { "type": "number" }, "c": { "enum": ["a", "b"] },
        "l": { "type": "array", "items": { "type": "string" } }, "f": { "type": "boolean" },
    });
    assert_eq!(sent(&object(&properties, &[]), &[]), "{}");
    assert_eq!(sent(&object(&properties, &["s", "n", "c", "l", "f"]), &[]), r#"{"f":false,"l":[],"s":""}"#);
}

#[test]
fn only_what_the_schema_gives_is_filled_in() {
    for (schema, given) in [
        (json!({ "type": "integer", "default": 3, "minimum": 1 }), r#"{"it":3}"#),
        (json!({ "type": "integer", "default": 0, "minimum": 1 }), "{}"),
        (json!({ "type": "integer", "minimum": 1 }), "{}"),
        (json!({ "type": "string", "examples": ["a"] }), r#"{"it":"a"}"#),
        (json!({ "type": "string", "minLength": 3 }), "{}"),
        (json!({ "type": "string", "format": "uuid" }), "{}"),
        (json!({ "enum": ["a", "b"] }), "{}"),
        (json!({ "const": "a" }), r#"{"it":"a"}"#),
        (json!({ "type": ["string", "null"], "minLength": 1 }), r#"{"it":null}"#),
        (json!({ "type": "object", "properties": { "a": { "default": [1.0] }, "b": {} } }), r#"{"it":{"a":[1.0]}}"#),
    ] {
        assert_eq!(sent(&object(&json!({ "it": schema }), &["it"]), &[]), given, "{schema}");
    }
    assert_eq!(sent(&one(&json!({ "type": "string", "examples": ["a"] })), &[]), "{}", "an example is no default");
    assert_eq!(sent(&one(&json!({ "anyOf": [{ "type": "string" }, { "type": "null" }], "default": null })), &[]), "{}");
}

#[test]
fn numbers_go_out_as_the_digits_that_were_typed_and_others_as_texts() {
    let root = one(&json!({ "type": "integer" }));
    for digits in ["9007199254740993", "123456789012345678901234567890", "1.10", "-0", "1e400"] {
        assert_eq!(sent(&root, &[("/it", &format!(" {digits} "))]), format!(r#"{{"it":{digits}}}"#));
    }
    for wrong in ["one", "1,5", "+1", ".5", "0x1", "01", "NaN", "1 2"] {
        assert_eq!(sent(&root, &[("/it", wrong)]), format!(r#"{{"it":"{wrong}"}}"#));
    }
    assert_eq!(sent(&root, &[("/it", "1"), ("/it", " ")]), "{}");
}

#[test]
fn objects_are_absent_until_something_is_said_and_again_when_it_is_taken_back() {
    let inner = json!({ "type": "object", "required": ["name"], "properties": {
        "name": { "type": "string" },
        "then": { "type": "object", "properties": { "on": { "type": "boolean", "default": true } } } } });
    let root = one(&inner);
    assert_eq!(sent(&root, &[]), "{}");
    assert_eq!(sent(&root, &[("/it/name", "Ada")]), r#"{"it":{"name":"Ada"}}"#);
    assert_eq!(sent(&root, &[("/it/name", "Ada"), ("/it/name", "")]), "{}");
    assert_eq!(sent(&root, &[("/it/then/on", "false")]), r#"{"it":{"name":"","then":{"on":false}}}"#);
    let required = object(&json!({ "it": { "type": "object", "properties": { "a": { "type": "string" } } } }), &["it"]);
    assert_eq!(sent(&required, &[("/it/a", "x"), ("/it/a", "")]), r#"{"it":{}}"#);
}

#[test]
fn items_are_added_and_taken_away() {
    let root =
        one(&json!({ "type": "array", "items": { "type": "object", "properties": { "n": { "type": "integer" } } } }));
    let mut draft = Draft::starting(&root);
    let (list, field, _) = find(&root, &draft, "/it");
    let ValueKind::List(kind) = field.kind else { panic!() };
    for index in 0..3 {
        draft.add(&list, kind.item(index).expect("room"));
        put(&root, &mut draft, &format!("/it/{index}/n"), &index.to_string());
    }
    draft.remove(&list, 1);
    assert_eq!(draft.json().as_deref(), Ok(r#"{"it":[{"n":0},{"n":2}]}"#));
    draft.remove(&list, 0);
    draft.remove(&list, 0);
    assert_eq!(draft.json().as_deref(), Ok("{}"));
}

#[test]
fn places_of_a_list_have_schemas_of_their_own() {
    for schema in [
        json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "type": "integer" }], "items": false }),
        json!({ "type": "array", "items": [{ "type": "string" }, { "type": "integer" }], "additionalItems": false }),
    ] {
        let ValueKind::List(list) = Field::read(&Spec::whole(&schema.to_string()), true).kind else {
            panic!("{schema}")
        };
        let kind = |at: usize| list.item(at).map(|it| Field::read(it, true).kind);
        assert!(
            matches!((kind(0), kind(1), kind(2)), (Some(ValueKind::Text(_)), Some(ValueKind::Number(_)), None)),
            "{schema}"
        );
    }
}

#[test]
fn members_may_have_names_of_their_own() {
    let root = form(r#"{"type":"object","patternProperties":{"^x-":{"type":"integer"}}}"#).expect("a form");
    let kind = group(&root);
    assert!(kind.is_open && matches!(Field::read(&kind.free, false).kind, ValueKind::Number(_)));
    assert_eq!(sent(&root, &[("/x-a", "1"), ("/x-b~1c", "2")]), r#"{"x-a":1,"x-b~1c":2}"#);
    let closed = form(r#"{"type":"object","properties":{"a":{}},"additionalProperties":false}"#).expect("a form");
    assert!(!group(&closed).is_open);
}

#[test]
fn null_is_sent_where_it_is_allowed_and_something_is_required() {
    for schema in [
        json!({ "type": ["string", "null"] }),
        json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] }),
        json!({ "oneOf": [{ "type": "null" }, { "$ref": "#/$defs/name" }] }),
    ] {
        let schema = json!({ "type": "object", "properties": { "it": schema }, "required": ["it"], "$defs": { "name": { "type": "string" } } });
        let root = form(&schema.to_string()).expect("a form");
        let (_, field, _) = find(&root, &Draft::starting(&root), "/it");
        assert!(field.can_be_null() && matches!(field.kind, ValueKind::Text(_)), "{schema}");
        assert_eq!(sent(&root, &[]), r#"{"it":null}"#);
    }
    // A choice that is null is one of the choices.
    assert!(!Field::read(&Spec::whole(r#"{"enum":["a",null],"type":["string","null"]}"#), true).can_be_null());
}

#[test]
fn any_object_can_be_edited_as_a_form_and_stays_what_it_is() {
    let root = form(r#"{"type":"object","properties":{"n":{"type":"number"},"o":{"type":"object","properties":{"x":{"type":"string"}}}}}"#)
        .expect("a form");
    for text in [
        r#"{"o":{"x":"y"},"n":1,"c":"\u0061"}"#,
        r#"{"n":"1"}"#,
        r#"{"n":1,"more":[1.50,{"b":2,"a":1}]}"#,
        r#"{"n":null,"o":{"z":1}}"#,
        r#"{"o":"text","n":[]}"#,
        "{}",
    ] {
        assert_eq!(Draft::read(text).expect(text).json().as_deref(), Ok(text));
    }
    let mut draft = Draft::read(r#"{"more":1,"o":{"z":1}}"#).expect("an object");
    put(&root, &mut draft, "/n", "2");
    put(&root, &mut draft, "/o/x", "y");
    assert_eq!(draft.json().as_deref(), Ok(r#"{"n":2,"more":1,"o":{"x":"y","z":1}}"#));
}

#[test]
fn what_no_form_can_show_says_why() {
    assert_eq!(Draft::read("[]"), Err(NotShown::NoObject));
    assert_eq!(Draft::read(r#"{"n":1,"n":2}"#), Err(NotShown::Names));
    assert_eq!(Draft::read(r#"{"a":{"n":1,"\u006e":2}}"#), Err(NotShown::Names));
}

#[test]
fn a_control_shows_a_value_or_leaves_it_to_json() {
    let shows = |schema: &Json, value: &str| {
        Field::read(&Spec::whole(&schema.to_string()), true).kind.shows(&Value::read(value).expect("JSON"))
    };
    for (schema, shown, not) in [
        (json!({ "type": "string" }), r#""a\nb""#, "1"),
        (json!({ "type": "string", "format": "date" }), r#""2026-07-28""#, r#""today""#),
        (json!({ "type": "number" }), "1.50", r#""5""#),
        (json!({ "type": "number" }), r#""many""#, "[]"),
        (json!({ "type": "boolean" }), "true", "0"),
        (json!({ "enum": ["a"] }), r#""\u0061""#, r#""b""#),
        (json!({ "type": "array", "items": { "enum": ["a", "b"] } }), r#"["b","a"]"#, r#"["a","a"]"#),
        (json!({ "type": "array", "items": {} }), "[1]", "{}"),
        (json!({ "type": "object" }), r#"{"a":1}"#, "[]"),
    ] {
        assert!(shows(&schema, shown) && !shows(&schema, not), "{schema}");
    }
}

#[test]
fn what_is_typed_as_json_stays_as_it_is_typed() {
    let root = one(&json!({}));
    assert_eq!(sent(&root, &[("/it", " {\"a\" : [1.0]}")]), r#"{"it":{"a" : [1.0]}}"#);
    let mut draft = Draft::starting(&root);
    put(&root, &mut draft, "/it", "{a}");
    assert_eq!(draft.json(), Err(vec!["/it".to_owned()]));
    put(&root, &mut draft, "/it", "");
    assert_eq!(draft.json().as_deref(), Ok("{}"));
}

#[test]
fn references_are_followed_within_the_schema_and_nowhere_else() {
    let schema = json!({ "type": "object", "definitions": { "a b": { "type": "integer", "title": "far" } }, "properties": {
        "near": { "$ref": "#/definitions/a%20b", "title": "near" }, "all": { "allOf": [{ "$ref": "#/definitions/a b" }] },
        "far": { "$ref": "https://example.com/schema.json" }, "gone": { "$ref": "#/definitions/c" },
    } });
    let root = form(&schema.to_string()).expect("a form");
    let field = |name: &str| find(&root, &Draft::starting(&root), &format!("/{name}")).1;
    assert!(matches!((field("near").kind, field("all").kind), (ValueKind::Number(_), ValueKind::Number(_))));
    assert_eq!((field("far").kind, field("gone").kind), (ValueKind::Json, ValueKind::Json));
    assert_eq!((field("near").title.as_deref(), field("all").title.as_deref()), (Some("near"), Some("far")));
}

#[test]
fn constraints_are_said() {
    for (schema, words) in [
        (json!({ "type": "string", "minLength": 2, "maxLength": 3 }), "2 to 3 characters."),
        (json!({ "type": "string", "minLength": 1 }), "At least 1 character."),
        (json!({ "type": "string", "format": "date" }), "A date, like 2026-07-28."),
        (json!({ "type": "string", "pattern": "^a", "examples": ["ab"] }), "Pattern ^a Example: \"ab\""),
        (json!({ "type": "integer", "minimum": 1, "maximum": 9 }), "A whole number. From 1 to 9."),
        (json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true }), "More than 0."),
        (json!({ "type": "number", "exclusiveMaximum": 1.5, "minimum": 0 }), "At least 0, and less than 1.5."),
        (json!({ "type": "number", "multipleOf": 0.5 }), "A multiple of 0.5."),
        (
            json!({ "type": "array", "items": {}, "minItems": 2, "uniqueItems": true }),
            "At least 2 items. No two alike.",
        ),
        (json!({ "type": "array", "items": { "enum": ["a"] }, "minItems": 1, "maxItems": 2 }), "1 to 2."),
        (json!({}), "As JSON."),
    ] {
        assert_eq!(limits(&schema), words, "{schema}");
    }
}

#[test]
fn pretty_changes_white_space_alone() {
    let text = r#"{"b":1.00,"a":[{},"\u0061",123456789012345678901234567890]}"#;
    let shown = pretty(text);
    assert!(shown.starts_with("{\n  \"b\": 1.00,"), "{shown}");
    assert_eq!(shown.replace(['\n', ' '], ""), text);
    assert_eq!(pretty("not json"), "not json");
}

#[test]
fn places_know_the_pointer_and_the_path_of_their_value() {
    let inner = json!({ "type": "object", "properties": { "x~y": { "type": "string" } } });
    let root = object(&json!({ "a/b": inner }), &[]);
    let outer = &group(&root).members[0];
    let place = Place::root().member(outer, &group(&root).order);
    let inner = place.member(&group(&outer.spec).members[0], &group(&outer.spec).order);
    assert_eq!((inner.pointer.as_str(), inner.path().as_str(), inner.depth()), ("/a~1b/x~0y", "a/b.x~y", 2));
}

#[test]
fn e_62_defaults_of_every_kind_are_filled_in() {
    let properties = json!({
        "name": { "type": "string", "default": "John Doe" },
        "age": { "type": "integer", "default": 30 },
        "score": { "type": "number", "default": 95.5 },
        "status": { "type": "string", "enum": ["active", "inactive"], "default": "active" },
        "flag": { "type": "string", "oneOf": [{ "const": "no", "title": "Norway" }], "default": "no" },
        "verified": { "type": "boolean", "default": true },
        "colors": { "type": "array", "items": { "type": "string", "enum": ["red", "blue"] }, "default": ["red"] },
    });
    let made: Json = serde_json::from_str(&sent(&object(&properties, &["name"]), &[])).expect("JSON");
    let expected = json!({ "name": "John Doe", "age": 30, "score": 95.5, "status": "active", "flag": "no", "verified": true, "colors": ["red"] });
    assert_eq!(made, expected);
    let foreign = json!({ "status": { "type": "string", "enum": ["active"], "default": "gone" } });
    assert_eq!(sent(&object(&foreign, &[]), &[]), "{}");
}
