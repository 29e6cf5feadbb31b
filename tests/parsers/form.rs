//! The form of an elicitation.

use crate::given::{anything, deep, json, number, text};
use crate::schema::{CHOICES, is_of, satisfies};
use crate::{holds, holds_in_the_texts_of_the_corpus};
use flowglass::question::form::{Field, FieldKind, content, fields};
use flowglass::schema::Entry;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::{select, subsequence};
use proptest::strategy::BoxedStrategy;
use serde_json::{Map, Value, json};

/// A property as an elicitation may have it, with limits and a default that may be wrong.
fn property() -> BoxedStrategy<Value> {
    let limit = || option::of(0..4_u64);
    let formats = vec!["email", "uri", "date", "date-time", "hostname"];
    let text = (limit(), limit(), option::of(select(formats))).prop_map(
        |(least, most, format)| json!({ "type": "string", "minLength": least.filter(|_| format.is_none()), "maxLength": most, "format": format }),
    );
    let bound = || option::of(prop_oneof![(-3..4_i64).prop_map(Value::from), (-3.0..4.0).prop_map(Value::from)]);
    let number = (select(vec!["number", "integer"]), bound(), bound())
        .prop_map(|(kind, least, most)| json!({ "type": kind, "minimum": least, "maximum": most }));
    let titled = CHOICES.map(|it| json!({ "const": it, "title": "x" }));
    let one = vec![json!({ "type": "string", "enum": CHOICES }), json!({ "type": "string", "oneOf": titled })];
    let items = select(vec![json!({ "type": "string", "enum": CHOICES }), json!({ "anyOf": titled })]);
    let many = (items, limit(), limit()).prop_map(
        |(items, least, most)| json!({ "type": "array", "items": items, "minItems": least, "maxItems": most }),
    );
    let other = vec![json!({ "type": "boolean" }), json!({ "type": "object" }), json!({}), json!(true)];
    let schema = prop_oneof![3 => text, 3 => number, 1 => select(one), 2 => many, 1 => select(other)];
    (schema, option::weighted(0.3, default())).prop_map(|(schema, default)| with(schema, default)).boxed()
}

fn default() -> impl Strategy<Value = Value> {
    let all = [json!("a"), json!("abcd"), json!(["a"]), json!(1), json!(1.5), json!(true), json!({}), json!(null)];
    select(all.to_vec())
}

/// Without the limits that are null, which is how a limit that is not there was generated.
fn with(schema: Value, default: Option<Value>) -> Value {
    let choosing = ["enum", "oneOf", "items"].iter().any(|it| schema.get(it).is_some());
    let default = default.filter(|it| !choosing || *it == "a" || *it == json!(["a"]));
    let Value::Object(mut schema) = schema else { return schema };
    schema.retain(|_, it| !it.is_null());
    schema.extend(default.map(|it| ("default".to_owned(), it)));
    Value::Object(schema)
}

/// What somebody types, or picks.
#[derive(Clone, Debug)]
struct Said {
    text: String,
    flag: bool,
    chosen: Vec<String>,
}

fn said() -> impl Strategy<Value = Option<Said>> {
    let words = vec![
        "",
        " ",
        "a",
        "äö",
        "abcd",
        "a@b.c",
        "@",
        "a@",
        "a b@c",
        "urn:x",
        "https://a.example/",
        "1:x",
        "2026-07-28",
        "26-7-8",
        "2026-07-28T12:00:00Z",
        "2026-07-28T12:00:00.5+02:00",
        "2026-07-28T12:00:00",
        "NaN",
        "inf",
        "1e400",
        " 2 ",
        "+1",
        "01",
        "0x1",
        "null",
        "{}",
        "[1]",
    ];
    let text = prop_oneof![select(words).prop_map(str::to_owned), number(), json(), anything()];
    let chosen = subsequence(vec!["a", "b", "ä"], 0..=3).prop_map(|all| all.into_iter().map(str::to_owned).collect());
    option::weighted(0.8, (text, any::<bool>(), chosen).prop_map(|(text, flag, chosen)| Said { text, flag, chosen }))
}

/// What stands in a field, after somebody was there or not.
fn entry(field: &Field, said: Option<&Said>) -> Entry {
    match (field.starting(), said) {
        // One is picked from a list, and typed nowhere.
        (Entry::Text(_), Some(said)) if matches!(field.kind, FieldKind::One(_)) => {
            Entry::Text(said.chosen.first().cloned().unwrap_or_default())
        }
        (Entry::Text(_), Some(said)) => Entry::Text(said.text.clone()),
        (Entry::Flag(_), Some(said)) => Entry::Flag(said.flag),
        (Entry::Many(_), Some(said)) => Entry::Many(said.chosen.clone()),
        (default, None) => default,
    }
}

fn params(properties: &Map<String, Value>, required: &[String]) -> String {
    json!({ "message": "m", "requestedSchema": { "type": "object", "properties": properties, "required": required } })
        .to_string()
}

/// What holds for any text: fields start as something, and what they start as is content or is refused by name.
fn sound(params: &str) {
    let Some(fields) = fields(params) else { return };
    let entries: Vec<Entry> = fields.iter().map(Field::starting).collect();
    match content(&fields, &entries) {
        Ok(text) => {
            let content: Map<String, Value> = serde_json::from_str(&text).expect("an object");
            let known = |name: &String| fields.iter().any(|it| it.name == *name);
            assert!(content.keys().all(known), "{params}");
            assert!(fields.iter().all(|it| !it.required || content.contains_key(&it.name)), "{params}");
        }
        Err(refusals) => {
            let known = |name: &String| fields.iter().any(|it| it.name == *name);
            assert!(!refusals.is_empty() && refusals.iter().all(|(name, words)| known(name) && !words.is_empty()));
        }
    }
}

#[test]
fn what_is_accepted_satisfies_the_schema_and_what_is_refused_is_named() {
    let one = (property(), any::<bool>(), said());
    holds(btree_map("[a-c]", one, 0..3), |all| {
        let properties: Map<_, _> = all.iter().map(|(name, (schema, ..))| (name.clone(), schema.clone())).collect();
        let required: Vec<_> = all.iter().filter(|(_, it)| it.1).map(|(name, _)| name.clone()).collect();
        let fields = fields(&params(&properties, &required)).expect("a schema");
        assert!(fields.iter().map(|it| &it.name).eq(properties.keys()));
        let entries: Vec<_> = fields.iter().map(|it| entry(it, all[&it.name].2.as_ref())).collect();
        let alone = |at: usize| content(&fields[at..=at], &entries[at..=at]);
        let refused: Vec<_> = (0..fields.len()).filter_map(|at| alone(at).err()).flatten().collect();
        match content(&fields, &entries) {
            Ok(text) => {
                let content: Map<String, Value> = serde_json::from_str(&text).expect("an object");
                assert!(refused.is_empty() && required.iter().all(|it| content.contains_key(it)), "{content:?}");
                let wrong = content.iter().find(|(name, value)| !satisfies(&properties[*name], value));
                assert_eq!(wrong, None);
            }
            Err(refusals) => assert_eq!(refusals, refused),
        }
    });
}

#[test]
fn any_schema_gives_fields_that_start_as_something() {
    let property = prop_oneof![json(), property().prop_map(|it| it.to_string())];
    holds(vec(("[a-c]", property), 0..4), |all| {
        let all: Vec<_> = all.into_iter().map(|(name, schema)| format!("\"{name}\":{schema}")).collect();
        sound(&format!(r#"{{"requestedSchema":{{"properties":{{{}}},"required":["a"]}}}}"#, all.join(",")));
    });
}

#[test]
fn a_property_that_is_hard_to_read_hides_no_other() {
    holds(json(), |schema| {
        let text = format!(r#"{{"requestedSchema":{{"properties":{{"a":{schema},"b":{{"type":"boolean"}}}}}}}}"#);
        let fields = fields(&text).expect("a schema");
        assert!(fields.iter().map(|it| it.name.as_str()).eq(["a", "b"]), "{text}");
        assert_eq!(fields[1].starting(), Entry::Flag(false));
    });
}

#[test]
fn a_property_that_comes_twice_is_one_field() {
    let twice = r#"{"requestedSchema":{"properties":{"a":{"type":"integer"},"b":{},"a":{"type":"boolean"}}}}"#;
    let fields = fields(twice).expect("a schema");
    assert!(fields.iter().map(|it| it.name.as_str()).eq(["a", "b"]));
    assert_eq!(fields[0].starting(), Entry::Flag(false));
}

#[test]
fn a_whole_number_arrives_as_it_was_typed() {
    let whole = prop_oneof![any::<i64>().prop_map(|it| it.to_string()), any::<u64>().prop_map(|it| it.to_string())];
    let properties = json!({ "a": { "type": "integer" } });
    let fields = fields(&params(properties.as_object().expect("an object"), &[])).expect("a schema");
    holds(whole, |typed| {
        let sent = content(&fields, &[Entry::Text(typed.clone())]).expect("a number");
        assert_eq!(sent, format!(r#"{{"a":{typed}}}"#));
    });
}

/// The content of one required field with this in it, or with its default.
fn alone(schema: Value, typed: Option<&str>) -> Result<Value, Vec<(String, String)>> {
    let properties = Map::from_iter([("a".to_owned(), schema)]);
    let fields = fields(&params(&properties, &["a".to_owned()])).expect("a schema");
    let entry = typed.map_or_else(|| fields[0].starting(), |it| Entry::Text(it.to_owned()));
    content(&fields, &[entry]).map(|it| serde_json::from_str(&it).expect("JSON"))
}

#[test]
fn a_choice_that_is_not_offered_is_not_sent() {
    let items = json!({ "type": "string", "enum": CHOICES });
    for default in [json!("c"), json!(1), json!(["c"]), json!(["c", "a"])] {
        let one = alone(json!({ "type": "string", "enum": CHOICES, "default": default }), None);
        assert!(one.is_err(), "{default}: {one:?}");
        let many = alone(json!({ "type": "array", "items": items, "default": default }), None);
        assert!(many.as_ref().is_ok_and(|it| satisfies(&json!({ "type": "array" }), &it["a"])), "{default}: {many:?}");
    }
}

#[test]
fn a_format_is_what_its_standard_says() {
    for text in [
        "",
        "x:<>",
        "é:x",
        "a:b",
        "2026-02-30",
        "2024-02-29",
        "2100-02-29",
        "2000-02-29",
        "2026-04-31",
        "2026-07-28T::Z",
        "2026-07-28T25:00:00Z",
        "2026-07-28T12:00:60Z",
        "2026-07-28T12:00:61Z",
        "2026-07-28 12:00:00Z",
        "2026-07-28T12:00:00.Z",
        "2026-07-28T12:00:00+2:00",
    ] {
        for format in ["email", "uri", "date", "date-time"] {
            let sent = alone(json!({ "type": "string", "minLength": 0, "format": format }), Some(text));
            assert_eq!(sent.is_ok(), is_of(&json!(format), text), "{format} {text:?}: {sent:?}");
        }
    }
}

#[test]
fn any_text_is_a_form_or_none() {
    let schema = json().prop_map(|it| format!(r#"{{"requestedSchema":{it}}}"#));
    let properties = json().prop_map(|it| format!(r#"{{"requestedSchema":{{"properties":{it}}}}}"#));
    holds(prop_oneof![text(), schema, properties], |text| sound(&text));
}

#[test]
fn the_corpus_is_forms_or_none() {
    deep().iter().for_each(|text| sound(text));
    holds_in_the_texts_of_the_corpus(|text| {
        sound(text);
        sound(&format!(r#"{{"requestedSchema":{text}}}"#));
    });
}
