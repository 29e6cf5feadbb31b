//! The one form engine, for the arguments of tools and for elicitation.

use crate::arguments::schema;
use crate::given::{anything, deep, json, members, number, text, tree};
use crate::schema::{CHOICES, satisfies};
use crate::{holds, holds_in_the_texts_of_the_corpus};
use flowglass::schema::draft::{Draft, Place, form};
use flowglass::schema::value::Value as Held;
use flowglass::schema::{Field, Member, Spec, ValueKind, pretty, same};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use serde_json::{Map, Value, json};
use std::fs::{read_dir, read_to_string};
use std::path::Path;

/// How deep, and how many of them, fields are looked at.
const DEPTH: usize = 4;
const FIELDS: usize = 300;

/// The fields that a form draws of what stands in it.
struct Walk<'a> {
    draft: &'a Draft,
    fields: Vec<(Place, Field)>,
}

impl Walk<'_> {
    fn of(root: &Spec, draft: &Draft) -> Vec<(Place, Field)> {
        let mut walk = Walk { draft, fields: Vec::new() };
        walk.step(Place::root(), root, true);
        walk.fields
    }

    fn step(&mut self, place: Place, spec: &Spec, required: bool) {
        if self.fields.len() >= FIELDS || place.depth() > DEPTH {
            return;
        }
        let field = Field::read(spec, required);
        field.limits();
        let shown = self.draft.at(&place).is_none_or(|it| field.kind.shows(it));
        let field = if shown { field } else { field.as_json() };
        match &field.kind {
            ValueKind::Group(group) => {
                for member in &group.members {
                    self.step(place.member(member, &group.order), &member.spec, member.required);
                }
                for name in self.draft.names(&place) {
                    let member = Member { name, required: false, spec: group.free.clone() };
                    self.step(place.member(&member, &group.order), &member.spec, false);
                }
            }
            ValueKind::List(list) => {
                for index in 0..self.draft.length(&place).min(5) {
                    list.item(index).into_iter().for_each(|it| self.step(place.item(index), it, true));
                }
            }
            ValueKind::Variant(branches) => {
                if let Some(branch) = self.draft.branch(&place, branches).and_then(|it| branches.get(it)) {
                    self.step(place.clone(), &branch.spec, true);
                }
            }
            _ => {}
        }
        self.fields.push((place, field));
    }
}

/// What holds for any schema and anything typed: the form has an end; what it gives is an object in which every name is
/// there once, or it is said which field is no JSON.
fn sound(schema: &str, typed: &[String]) {
    let Some(root) = form(schema) else { return };
    let mut draft = Draft::starting(&root);
    assert!(draft.json().is_ok_and(|it| members(&it).is_some()), "{schema}");
    for ((place, field), text) in Walk::of(&root, &draft).into_iter().zip(typed.iter().cycle()) {
        change(&mut draft, &place, &field, text);
        match draft.json() {
            Ok(made) => assert!(members(&made).is_some(), "{schema}: {made}"),
            Err(pointers) => assert!(pointers.iter().all(|it| it.starts_with('/')), "{schema}: {pointers:?}"),
        }
    }
    if let Ok(made) = draft.json() {
        // What was typed as JSON may have a name twice, which no form shows.
        assert!(
            Draft::read(&made).is_ok_and(|it| it.json().is_ok_and(|it| same(&it, &made)))
                || Draft::read(&made).is_err(),
            "{schema}"
        );
    }
}

/// Does to a field what somebody can do to it.
fn change(draft: &mut Draft, place: &Place, field: &Field, text: &str) {
    let picked = text.len() % 3;
    match &field.kind {
        ValueKind::Flag => draft.set(place, Some(Held::typed(if picked == 0 { "true" } else { "false" }))),
        ValueKind::Many { choices, .. } => {
            let items = choices.iter().take(picked).map(|it| Held::typed(&it.value)).collect();
            draft.set(place, Some(Held::List(items)));
        }
        ValueKind::One(choices) => {
            let value = choices.get(picked).map(|it| it.value.clone()).unwrap_or_default();
            draft.set(place, field.kind.typed(&value, !place.is_optional()));
        }
        ValueKind::List(list) => {
            list.item(draft.length(place)).into_iter().for_each(|it| draft.add(place, it));
            if picked == 0 {
                draft.remove(place, 0);
            }
        }
        ValueKind::Variant(branches) => draft.pick(place, branches, Some(picked).filter(|it| *it < branches.len())),
        ValueKind::Group(_) => {}
        kind => draft.set(place, kind.typed(text, !place.is_optional())),
    }
}

/// What holds for any schema and any value: each control shows its value, and gives the same when that is typed again.
fn lossless(schema: &str, text: &str) {
    let (Some(root), Ok(draft)) = (form(schema), Draft::read(text)) else { return };
    assert!(same(&draft.json().expect("JSON"), text), "{text}");
    for (place, field) in Walk::of(&root, &draft) {
        let Some(value) = draft.at(&place) else { continue };
        let again = match &field.kind {
            ValueKind::Group(_) | ValueKind::List(_) | ValueKind::Variant(_) | ValueKind::Flag => continue,
            kind @ ValueKind::Many { .. } => {
                Some(Held::List(kind.chosen(value).iter().map(|it| Held::typed(it)).collect()))
            }
            kind => kind.typed(&kind.text(value), true),
        };
        // The empty text is what an empty control stands for.
        let is_empty = value.as_text().as_deref().is_some_and(|it| it.trim().is_empty());
        let kept = again.is_some_and(|it| same(&it.json(), &value.json()));
        assert!(kept || is_empty, "{schema} {}: {value:?} as {:?}", place.pointer, field.kind);
    }
}

/// An object with properties of any kind, most of them with keywords that belong to them.
fn tool() -> BoxedStrategy<String> {
    let property = prop_oneof![3 => schema(), 1 => json(), 2 => property().prop_map(|it| it.to_string())];
    vec(property, 0..5)
        .prop_map(|all| {
            let members = all.iter().enumerate().map(|(at, it)| format!("\"p{at}\":{it}"));
            let members = members.collect::<Vec<_>>().join(",");
            format!(r#"{{"type":"object","required":["p0","p2"],"properties":{{{members}}}}}"#)
        })
        .boxed()
}

/// A property as people write it, with limits and a default that may be wrong.
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
    let other = vec![
        json!({ "type": "boolean" }),
        json!({ "type": ["string", "integer"] }),
        json!({ "type": "array", "items": { "type": "integer" } }),
        json!({ "oneOf": [{ "properties": { "k": { "const": 1 } } }, { "properties": { "k": { "const": 2 }, "n": { "type": "number" } } }] }),
        json!({ "type": "object", "additionalProperties": { "type": "string" } }),
    ];
    let schema = prop_oneof![3 => text, 3 => number, 1 => select(one), 2 => many, 2 => select(other)];
    (schema, option::weighted(0.3, default())).prop_map(|(schema, default)| with(schema, default)).boxed()
}

fn default() -> impl Strategy<Value = Value> {
    let all = [json!("a"), json!("abcd"), json!(["a"]), json!(1), json!(1.5), json!(true), json!({}), json!(null)];
    select(all.to_vec())
}

/// Without the limits that are null, which is how a limit that is not there was generated.
fn with(schema: Value, default: Option<Value>) -> Value {
    let Value::Object(mut schema) = schema else { return schema };
    schema.retain(|_, it| !it.is_null());
    schema.extend(default.map(|it| ("default".to_owned(), it)));
    Value::Object(schema)
}

fn typed() -> impl Strategy<Value = Vec<String>> {
    vec(prop_oneof![anything(), number(), json(), text()], 1..6)
}

/// An object with the names that properties have here.
fn arguments() -> impl Strategy<Value = String> {
    let member = (
        select(vec!["p0", "p1", "p2", "p3", "a"]),
        prop_oneof![json(), number().boxed(), tree().prop_map(|it| it.to_string())],
    );
    vec(member, 0..5).prop_map(|all| {
        let members = all.iter().map(|(name, it)| format!("\"{name}\":{it}"));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    })
}

#[test]
fn any_schema_has_a_form_or_none_and_what_it_gives_is_an_object() {
    holds((prop_oneof![3 => tool(), 1 => schema(), 1 => json(), 1 => text()], typed()), |(schema, typed)| {
        sound(&schema, &typed);
    });
}

#[test]
fn from_json_to_the_form_and_back_nothing_is_lost() {
    holds((prop_oneof![3 => tool(), 1 => schema()], arguments()), |(schema, text)| lossless(&schema, &text));
}

#[test]
fn what_is_filled_in_unasked_satisfies_the_schema() {
    holds(vec((property(), any::<bool>()), 0..4), |all| {
        let named = || all.iter().enumerate().map(|(at, it)| (format!("p{at}"), it));
        let properties: Map<_, _> = named().map(|(name, (schema, _))| (name, schema.clone())).collect();
        let required: Vec<_> = named().filter(|(_, it)| it.1).map(|(name, _)| name).collect();
        let schema = json!({ "type": "object", "properties": properties, "required": required });
        let root = form(&schema.to_string()).expect("a form");
        let made: Map<String, Value> =
            serde_json::from_str(&Draft::starting(&root).json().expect("JSON")).expect("an object");
        let empty = [json!(""), json!([]), json!({}), json!(false), json!({ "k": 1 })];
        let invented = made.iter().find(|(name, it)| !empty.contains(it) && !satisfies(&properties[*name], it));
        assert_eq!(invented, None, "{schema}");
        let unasked = made.keys().find(|name| !required.contains(name) && properties[*name].get("default").is_none());
        assert_eq!(unasked, None, "{schema}");
    });
}

/// The documents of the official suite: each schema as that of a member, with each of its values in it.
#[test]
fn the_official_suite_goes_through_the_form_without_loss() {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/json-schema-test-suite");
    let mut values = 0;
    for draft in ["draft2020-12", "draft7"] {
        for file in read_dir(suite.join(draft)).expect("a folder").map(|it| it.expect("an entry").path()) {
            let Ok(text) = read_to_string(&file) else { continue };
            let groups: Vec<Value> = serde_json::from_str(&text).expect("JSON");
            for group in groups {
                let whole = json!({ "type": "object", "required": ["p0"], "properties": { "p0": group["schema"] } });
                sound(&whole.to_string(), &["".to_owned(), "1".to_owned(), "ab".to_owned()]);
                sound(&group["schema"].to_string(), &["1".to_owned()]);
                for test in group["tests"].as_array().into_iter().flatten() {
                    lossless(&whole.to_string(), &json!({ "p0": test["data"] }).to_string());
                    lossless(&group["schema"].to_string(), &test["data"].to_string());
                    values += 1;
                }
            }
        }
    }
    assert!(values > 2_000, "{values}");
}

#[test]
fn the_corpus_has_forms_or_none() {
    let typed = ["", "a", "1", "{}", "[1"].map(str::to_owned);
    deep().iter().for_each(|text| sound(text, &typed));
    holds_in_the_texts_of_the_corpus(|text| {
        sound(text, &typed);
        sound(&format!(r#"{{"type":"object","properties":{{"a":{text}}}}}"#), &typed);
        lossless(r#"{"type":"object","properties":{"a":{"type":"string"}}}"#, text);
    });
}

#[test]
fn what_is_shown_prettily_is_the_same() {
    holds((tree(), text()), |(tree, other)| {
        let _ = (pretty(&other), same(&tree.to_string(), &other));
        let text = tree.to_string();
        assert!(same(&pretty(&text), &text), "{text}: {}", pretty(&text));
    });
}
