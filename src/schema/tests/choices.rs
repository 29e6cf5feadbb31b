//! Values and schemas to choose from.

use super::*;

fn branches(spec: &Spec) -> Vec<Branch> {
    match Field::read(spec, true).kind {
        ValueKind::Variant(branches) => branches,
        other => panic!("{other:?}"),
    }
}

fn titles(schema: &Json) -> Vec<String> {
    branches(&Spec::whole(&schema.to_string())).into_iter().map(|it| it.title).collect()
}

#[test]
fn values_to_choose_from_come_in_many_ways() {
    let of = |schema: Json| match Field::read(&Spec::whole(&schema.to_string()), false).kind {
        ValueKind::One(choices) => choices.into_iter().map(|it| (it.value, it.title)).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let pair = |value: &str, title: &str| (value.to_owned(), title.to_owned());
    let titled = [pair("\"a\"", "A!"), pair("2", "B!")];
    assert_eq!(of(json!({ "enum": ["a", 2], "enumNames": ["A!", "B!"] })), titled);
    assert_eq!(of(json!({ "oneOf": [{ "const": "a", "title": "A!" }, { "const": 2, "title": "B!" }] })), titled);
    assert_eq!(of(json!({ "anyOf": [{ "const": "a" }, { "type": "null" }, { "const": 2 }] }))[1], pair("2", "2"));
    assert_eq!(of(json!({ "const": "c" })), [pair("\"c\"", "c")]);
    assert_eq!(of(json!({ "type": "boolean" })), [pair("true", "true"), pair("false", "false")]);
    assert_eq!(sent(&one(&json!({ "enum": ["a", 2] })), &[("/it", "2")]), r#"{"it":2}"#);
    let flag = |required| Field::read(&Spec::whole(r#"{"type":"boolean"}"#), required).kind;
    assert!(flag(true) == ValueKind::Flag && matches!(flag(false), ValueKind::One(_)));
}

#[test]
fn several_values_are_chosen_in_their_order() {
    let kind = Field::read(&Spec::whole(r#"{"type":"array","items":{"enum":["a","b",3]},"maxItems":2}"#), false).kind;
    assert!(matches!(&kind, ValueKind::Many { choices, count } if choices.len() == 3 && count.most == Some(2)));
    assert_eq!(kind.chosen(&Value::read(r#"[3,"a"]"#).expect("JSON")), ["3", "\"a\""]);
}

#[test]
fn a_choice_of_schemas_is_named_by_its_title_its_tag_its_definition_or_its_type() {
    assert_eq!(titles(&json!({ "type": ["string", "integer", "null"] })), ["Text", "Whole number"]);
    let tagged = |tag: &str| json!({ "properties": { "kind": { "const": tag }, "n": {} } });
    assert_eq!(titles(&json!({ "oneOf": [tagged("circle"), tagged("square")] })), ["circle", "square"]);
    let schema = json!({ "anyOf": [{ "$ref": "#/$defs/Port" }, { "title": "By name", "type": "string" }, { "items": {} }],
        "$defs": { "Port": { "type": "object" } } });
    assert_eq!(titles(&schema), ["Port", "By name", "Option 3"]);
}

/// A shape with a tag, as code generators write them.
fn shape() -> Spec {
    one(&json!({ "oneOf": [
        { "type": "object", "properties": { "kind": { "const": "circle" }, "radius": { "type": "number" }, "name": { "type": "string" } }, "required": ["kind", "radius"] },
        { "type": "object", "properties": { "kind": { "const": "square" }, "side": { "type": "number" }, "name": { "type": "string" } }, "required": ["kind", "side"] },
    ] }))
}

#[test]
fn picking_a_choice_gives_its_tag_and_keeps_what_both_have() {
    let root = shape();
    let mut draft = Draft::starting(&root);
    assert_eq!(draft.json().as_deref(), Ok("{}"));
    let (place, _, spec) = find(&root, &draft, "/it");
    let all = branches(&spec);
    assert_eq!(draft.branch(&place, &all), None);
    draft.pick(&place, &all, Some(0));
    put(&root, &mut draft, "/it/radius", "2");
    put(&root, &mut draft, "/it/name", "a");
    assert_eq!(draft.json().as_deref(), Ok(r#"{"it":{"kind":"circle","name":"a","radius":2}}"#));
    draft.pick(&place, &all, Some(1));
    assert_eq!(draft.json().as_deref(), Ok(r#"{"it":{"kind":"square","name":"a"}}"#));
    draft.pick(&place, &all, None);
    assert_eq!(draft.json().as_deref(), Ok("{}"));
}

#[test]
fn the_choice_that_a_value_is_made_for_is_found() {
    let root = shape();
    let branch = |text: &str| {
        let draft = Draft::read(text).expect("an object");
        let (place, _, spec) = find(&root, &draft, "/it");
        draft.branch(&place, &branches(&spec))
    };
    assert_eq!(branch(r#"{"it":{"kind":"square","side":1}}"#), Some(1));
    assert_eq!(branch(r#"{"it":{"side":1}}"#), Some(1));
    assert_eq!(branch(r#"{"it":{"kind":"circle"}}"#), Some(0));
    assert_eq!((branch(r#"{"it":{"kind":"star"}}"#), branch(r#"{"it":3}"#), branch("{}")), (None, None, None));
}

#[test]
fn what_was_picked_moves_with_its_item() {
    let root = one(
        &json!({ "type": "array", "items": { "anyOf": [{ "type": "string", "title": "a" }, { "type": "string", "title": "b" }] } }),
    );
    let mut draft = Draft::read(r#"{"it":["x","y","z"]}"#).expect("an object");
    let (list, ..) = find(&root, &draft, "/it");
    let (item, _, spec) = find(&root, &draft, "/it/2");
    let all = branches(&spec);
    draft.pick(&item, &all, Some(1));
    draft.remove(&list, 0);
    assert_eq!((draft.branch(&list.item(0), &all), draft.branch(&list.item(1), &all)), (Some(0), Some(1)));
}

#[test]
fn members_of_an_object_and_of_its_choice_are_one_form() {
    let root = form(
        &json!({ "type": "object", "properties": { "a": { "type": "string" } }, "required": ["a"],
        "oneOf": [{ "properties": { "b": { "type": "string" } }, "required": ["b"] }, { "properties": { "c": {} } }] })
        .to_string(),
    )
    .expect("a form");
    let names: Vec<_> =
        group(&branches(&root)[0].spec).members.iter().map(|it| (it.name.clone(), it.required)).collect();
    assert_eq!(names, [("b".to_owned(), true), ("a".to_owned(), true)]);
    assert_eq!(Draft::starting(&root).json().as_deref(), Ok(r#"{"b":"","a":""}"#));
}

#[test]
fn choices_that_only_ask_for_members_are_no_choice_of_a_form() {
    let schema = json!({ "type": "object", "properties": { "a": {}, "b": {} }, "anyOf": [{ "required": ["a"] }, { "required": ["b"] }] });
    assert_eq!(group(&form(&schema.to_string()).expect("a form")).members.len(), 2);
}
