//! Tests of forms as wholes: from a schema and what is typed to the arguments, and back.

mod hostile;

use super::*;
use serde_json::{Value, json};

fn form(schema: &Value) -> Form {
    Form::of(&schema.to_string()).expect("a form")
}

/// The form of an object with one optional property `it`.
fn one(schema: &Value) -> Form {
    form(&json!({ "type": "object", "properties": { "it": schema } }))
}

fn kind(schema: &Value) -> Kind {
    one(schema).fields.remove(0).kind
}

fn text(text: &str) -> Entry {
    Entry::Text(text.to_owned())
}

/// The arguments of a form in whose only field this was typed.
fn sent(schema: &Value, typed: &str) -> String {
    one(schema).arguments(&[text(typed)]).expect("arguments")
}

fn warned(schema: &Value, typed: &str) -> Option<String> {
    one(schema).fields[0].warning(&text(typed))
}

/// The form holds these arguments, and gives the same.
fn holds(form: &Form, arguments: &str) {
    let reading = form.read(arguments);
    assert_eq!(reading.lost, None, "{arguments}");
    let made = form.arguments(&reading.entries).expect("arguments");
    assert!(same(&made, arguments), "{made} for {arguments}");
}

fn lost(form: &Form, arguments: &str) -> String {
    form.read(arguments).lost.unwrap_or_else(|| panic!("{arguments} is held"))
}

/// The input schemas of `server-everything`, as it sends them.
const EVERYTHING: [(&str, &str, &str); 9] = [
    (
        "echo",
        r#"{"type":"object","properties":{"message":{"type":"string","description":"Message to echo"}},"required":["message"],"additionalProperties":false,"$schema":"http://json-schema.org/draft-07/schema#"}"#,
        r#"{"message":"ahoy"}"#,
    ),
    (
        "get-annotated-message",
        r#"{"type":"object","properties":{"messageType":{"type":"string","enum":["error","success","debug"],"description":"Type of message"},"includeImage":{"type":"boolean","default":false,"description":"Whether to include an example image"}},"required":["messageType"]}"#,
        r#"{"messageType":"error","includeImage":true}"#,
    ),
    ("get-env", r#"{"type":"object","properties":{}}"#, "{}"),
    (
        "get-resource-links",
        r#"{"type":"object","properties":{"count":{"type":"number","minimum":1,"maximum":10,"default":3}}}"#,
        r#"{"count":3}"#,
    ),
    (
        "get-resource-reference",
        r#"{"type":"object","properties":{"resourceType":{"type":"string","enum":["Text","Blob"],"default":"Text"},"resourceId":{"type":"number","default":1}}}"#,
        r#"{"resourceType":"Blob","resourceId":7}"#,
    ),
    (
        "get-structured-content",
        r#"{"type":"object","properties":{"location":{"type":"string","enum":["New York","Chicago","Los Angeles"]}},"required":["location"]}"#,
        r#"{"location":"Chicago"}"#,
    ),
    (
        "get-sum",
        r#"{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"number"}},"required":["a","b"]}"#,
        r#"{"a":2,"b":-4.50}"#,
    ),
    (
        "gzip-file-as-resource",
        r#"{"type":"object","properties":{"name":{"type":"string","default":"README.md.gz"},"data":{"type":"string","format":"uri","default":"https://example.com"},"outputType":{"type":"string","enum":["resourceLink","resource"],"default":"resourceLink"}}}"#,
        r#"{"name":"a.gz","data":"data:text/plain,ahoy","outputType":"resource"}"#,
    ),
    (
        "trigger-long-running-operation",
        r#"{"type":"object","properties":{"duration":{"type":"number","default":10},"steps":{"type":"number","default":5}}}"#,
        r#"{"duration":0.2,"steps":2}"#,
    ),
];

#[test]
fn tools_of_the_reference_server_have_forms_without_a_field_of_json() {
    for (name, schema, arguments) in EVERYTHING {
        let form = Form::of(schema).expect(name);
        assert!(form.fields.iter().all(|it| it.kind != Kind::Json), "{name}");
        holds(&form, arguments);
        holds(&form, &crate::arguments::starting(Some(schema)));
    }
}

#[test]
fn fields_keep_the_order_of_the_schema_and_of_two_with_one_name_the_first() {
    let schema = r#"{"properties":{"z":{"type":"string"},"a":{"type":"integer"},"z":{"type":"integer"}}}"#;
    let form = Form::of(schema).expect("a form");
    assert_eq!(form.fields.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["z", "a"]);
    assert_eq!(form.arguments(&[text("1"), text("2")]).as_deref(), Ok(r#"{"z":"1","a":2}"#));
}

#[test]
fn what_is_empty_is_absent_and_a_required_text_or_list_is_empty() {
    let properties = json!({
        "s": { "type": "string" }, "n": { "type": "number" }, "c": { "enum": ["a"] }, "l": { "type": "array", "items": { "type": "string" } },
    });
    let nothing = vec![text(""); 4];
    let optional = form(&json!({ "type": "object", "properties": properties }));
    assert_eq!(optional.arguments(&nothing).as_deref(), Ok("{}"));
    let required = form(&json!({ "type": "object", "properties": properties, "required": ["s", "n", "c", "l"] }));
    assert_eq!(required.arguments(&nothing).as_deref(), Ok(r#"{"l":[],"s":""}"#));
    assert!(required.fields[0].warning(&nothing[0]).is_some());
}

#[test]
fn numbers_go_out_as_the_digits_that_were_typed() {
    for digits in ["9007199254740993", "123456789012345678901234567890", "1.10", "-0", "1e400"] {
        assert_eq!(sent(&json!({ "type": "integer" }), &format!(" {digits} ")), format!(r#"{{"it":{digits}}}"#));
        holds(&one(&json!({ "type": "number" })), &format!(r#"{{"it":{digits}}}"#));
    }
    for wrong in ["one", "1,5", "+1", ".5", "0x1", "01", "NaN", "true", "\"1\"", "1 2"] {
        assert!(one(&json!({ "type": "number" })).arguments(&[text(wrong)]).is_err(), "{wrong}");
    }
}

#[test]
fn choices_come_in_many_ways() {
    let of = |schema: Value| match kind(&schema) {
        Kind::One(choices) => choices.into_iter().map(|it| (it.value, it.title)).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let pair = |value: &str, title: &str| (value.to_owned(), title.to_owned());
    let titled = [pair("\"a\"", "A!"), pair("2", "B!")];
    assert_eq!(of(json!({ "enum": ["a", 2], "enumNames": ["A!", "B!"] })), titled);
    assert_eq!(of(json!({ "oneOf": [{ "const": "a", "title": "A!" }, { "const": 2, "title": "B!" }] })), titled);
    assert_eq!(of(json!({ "anyOf": [{ "const": "a" }, { "type": "null" }, { "const": 2 }] }))[1], pair("2", "2"));
    assert_eq!(of(json!({ "const": "c" })), [pair("\"c\"", "c")]);
    assert_eq!(of(json!({ "type": "boolean" })), [pair("true", "true"), pair("false", "false")]);
    assert_eq!(sent(&json!({ "enum": ["a", 2] }), "2"), r#"{"it":2}"#);
    assert_eq!(kind(&json!({ "type": "boolean", "default": true })), Kind::Flag { default: true });
}

#[test]
fn lists_are_lines_or_boxes() {
    let lines = |item: &str| json!({ "type": "array", "items": { "type": item }, "minItems": 2 });
    assert_eq!(sent(&lines("string"), "a\n\n \"b\" \n"), r#"{"it":["a"," \"b\" "]}"#);
    assert_eq!(sent(&lines("number"), "1.0\r\n2"), r#"{"it":[1.0,2]}"#);
    assert!(one(&lines("integer")).arguments(&[text("1\nx")]).expect_err("no number")[0].1.contains("Line 2"));
    assert!(warned(&lines("integer"), "1.5\n2").is_some_and(|it| it.contains("hole")));
    assert!(warned(&lines("string"), "a").is_some_and(|it| it.contains("At least 2")));
    let boxes = one(&json!({ "type": "array", "items": { "enum": ["a", "b", 3] }, "maxItems": 2 }));
    let chosen = Entry::Many(vec!["3".to_owned(), "\"a\"".to_owned()]);
    assert_eq!(boxes.arguments(&[chosen]).as_deref(), Ok(r#"{"it":[3,"a"]}"#));
    holds(&boxes, r#"{"it":["b",3]}"#);
    for tuple in
        [json!({ "items": [{ "type": "string" }] }), json!({ "prefixItems": [{}], "items": { "type": "string" } })]
    {
        let Value::Object(mut tuple) = tuple else { return };
        tuple.insert("type".to_owned(), json!("array"));
        assert_eq!(kind(&Value::Object(tuple)), Kind::Json);
    }
}

#[test]
fn objects_are_groups_that_are_absent_until_something_is_said() {
    let inner = json!({ "type": "object", "required": ["name"], "properties": {
        "name": { "type": "string" },
        "then": { "type": "object", "properties": { "on": { "type": "boolean", "default": true } } } } });
    let group = one(&inner);
    let paths: Vec<&str> = group.fields.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["it", "it.name", "it.then", "it.then.on"]);
    let on = Entry::Flag(true);
    let say = |name: &str, on: Entry| group.arguments(&[text(""), text(name), text(""), on]).expect("arguments");
    assert_eq!(say("", on.clone()), "{}");
    assert_eq!(say("Ada", on), r#"{"it":{"name":"Ada"}}"#);
    assert_eq!(say("", Entry::Flag(false)), r#"{"it":{"name":"","then":{"on":false}}}"#);
    holds(&group, r#"{"it":{"name":"","then":{"on":false}}}"#);
    let required = form(
        &json!({ "type": "object", "required": ["it"], "properties": { "it": { "type": "object", "properties": { "a": { "type": "string" } } } } }),
    );
    assert_eq!(required.arguments(&[text(""), text("")]).as_deref(), Ok(r#"{"it":{}}"#));
}

#[test]
fn null_is_sent_where_it_is_allowed_and_something_is_required() {
    for schema in [
        json!({ "type": ["string", "null"] }),
        json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] }),
        json!({ "oneOf": [{ "type": "null" }, { "$ref": "#/$defs/name" }] }),
    ] {
        let schema = json!({ "type": "object", "properties": { "it": schema }, "required": ["it"], "$defs": { "name": { "type": "string" } } });
        let form = form(&schema);
        assert!(matches!(form.fields[0].kind, Kind::Text(_)), "{schema}");
        assert_eq!(form.arguments(&[text("")]).as_deref(), Ok(r#"{"it":null}"#));
        holds(&form, r#"{"it":null}"#);
        assert!(lost(&form, r#"{"it":""}"#).contains("“it”"));
    }
}

#[test]
fn references_are_followed_within_the_schema_and_nowhere_else() {
    let schema = json!({ "type": "object", "definitions": { "a b": { "type": "integer", "title": "far" } }, "properties": {
        "near": { "$ref": "#/definitions/a%20b", "title": "near" }, "all": { "allOf": [{ "$ref": "#/definitions/a b" }] },
        "far": { "$ref": "https://example.com/schema.json" }, "gone": { "$ref": "#/definitions/c" },
    } });
    let form = form(&schema);
    let kinds: Vec<bool> = form.fields.iter().map(|it| matches!(it.kind, Kind::Number { whole: true, .. })).collect();
    assert_eq!(kinds, [true, false, false, true], "in the order of the names");
    assert_eq!(form.fields[3].title, None, "the title is the name");
    assert_eq!(form.fields[0].title.as_deref(), Some("far"));
}

#[test]
fn what_has_no_field_of_its_own_is_json() {
    for schema in [
        json!({}),
        json!(true),
        json!({ "type": ["string", "integer"] }),
        json!({ "type": "object" }),
        json!({ "anyOf": [{ "type": "object", "properties": { "a": {} } }, { "type": "object", "properties": { "b": {} } }] }),
        json!({ "type": "array", "items": { "type": "object" } }),
    ] {
        assert_eq!(kind(&schema), Kind::Json, "{schema}");
        assert_eq!(sent(&schema, " {\"a\" : [1.0]}"), r#"{"it":{"a" : [1.0]}}"#);
        assert!(one(&schema).arguments(&[text("{a}")]).is_err());
        holds(&one(&schema), r#"{"it":[null,{"x":""}]}"#);
    }
}

#[test]
fn limits_are_said_and_doubted_and_never_a_lock() {
    for (schema, good, bad, says) in [
        (json!({ "type": "string", "minLength": 2, "maxLength": 3 }), "äö", "ä", "2 to 3 characters."),
        (json!({ "type": "string", "format": "date" }), "2026-07-28", "28.7.", "A date, like 2026-07-28."),
        (json!({ "type": "integer", "minimum": 1, "maximum": 9 }), "9", "0", "From 1 to 9."),
        (json!({ "type": "integer" }), "7.0", "7.5", ""),
        (json!({ "type": "number", "exclusiveMinimum": 0 }), "0.1", "0", "More than 0."),
        (json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true }), "0.1", "0", "More than 0."),
        (
            json!({ "type": "number", "exclusiveMaximum": 1.5, "minimum": 0 }),
            "0",
            "1.5",
            "At least 0, and less than 1.5.",
        ),
    ] {
        assert_eq!(warned(&schema, good), None, "{schema}");
        assert!(warned(&schema, bad).is_some(), "{schema}");
        assert_eq!(one(&schema).fields[0].limits(), says);
        assert!(one(&schema).arguments(&[text(bad)]).is_ok());
    }
}

#[test]
fn arguments_that_a_form_cannot_hold_stay_json_with_a_reason() {
    let schema = json!({ "type": "object", "required": ["n"], "properties": {
        "n": { "type": "number" }, "c": { "enum": ["a"] }, "s": { "type": "string" }, "o": { "type": "object", "properties": { "x": { "type": "string" } } } } });
    let form = form(&schema);
    holds(&form, r#"{"o":{"x":"y"},"n":1,"c":"\u0061"}"#);
    for (arguments, name) in [
        (r#"{"n":"1"}"#, "“n”"),
        (r#"{"n":1,"c":"b"}"#, "“c”"),
        (r#"{"n":1,"s":""}"#, "“s”"),
        (r#"{"n":1,"more":1}"#, "“more”"),
        (r#"{"n":1,"o":{"z":1}}"#, "“o”"),
        (r#"{"n":1,"o":{"x":"y","z":1}}"#, "“o.z”"),
        (r#"{"n":1,"n":2}"#, "“n”"),
        ("[]", "object"),
    ] {
        assert!(lost(&form, arguments).contains(name), "{arguments}: {}", lost(&form, arguments));
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
