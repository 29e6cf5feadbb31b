//! The form of a tool's arguments.

use crate::arguments::schema;
use crate::given::{deep, json, members, number, text, tree};
use crate::{holds, holds_in_the_texts_of_the_corpus};
use flowglass::arguments::starting;
use flowglass::schema::{Entry, Form, Kind, pretty, same};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::strategy::BoxedStrategy;

/// What holds for any schema and anything typed: the form has an end, and what it gives is an object in which every
/// name is there once; what it reads back is what it gave.
fn sound(schema: &str, typed: &[String]) {
    let Some(form) = Form::of(schema) else { return };
    assert!(form.fields.len() <= 200, "{schema}");
    let entries: Vec<Entry> =
        form.fields.iter().zip(typed.iter().cycle()).map(|(it, text)| entry(&it.kind, text)).collect();
    for (field, entry) in form.fields.iter().zip(&entries) {
        field.warning(entry);
        field.limits();
    }
    match form.arguments(&entries) {
        Err(refusals) => assert!(refusals.iter().all(|(at, words)| *at < form.fields.len() && !words.is_empty())),
        Ok(made) => assert!(members(&made).is_some(), "{schema}: {made}"),
    }
    let reading = form.read(&starting(Some(schema)));
    let made = form.arguments(&reading.entries).unwrap_or_else(|it| panic!("{schema}: {it:?}"));
    let again = form.read(&made);
    assert_eq!(again.lost, None, "{schema}: {made}");
    assert_eq!(form.arguments(&again.entries).as_deref(), Ok(made.as_str()), "{schema}");
}

fn entry(kind: &Kind, text: &str) -> Entry {
    match kind {
        Kind::Flag { .. } => Entry::Flag(text.len().is_multiple_of(2)),
        Kind::Many { choices, .. } => {
            Entry::Many(choices.iter().take(text.len() % 3).map(|it| it.value.clone()).collect())
        }
        _ => Entry::Text(text.to_owned()),
    }
}

/// An object with properties of any kind, most of them with keywords that belong to them.
fn tool() -> BoxedStrategy<String> {
    let property = prop_oneof![3 => schema(), 1 => json()];
    vec(property, 0..5)
        .prop_map(|all| {
            let members = all.iter().enumerate().map(|(at, it)| format!("\"p{at}\":{it}"));
            let members = members.collect::<Vec<_>>().join(",");
            format!(r#"{{"type":"object","required":["p0","p2"],"properties":{{{members}}}}}"#)
        })
        .boxed()
}

fn typed() -> impl Strategy<Value = Vec<String>> {
    vec(prop_oneof![any::<String>(), number(), json(), text()], 1..6)
}

#[test]
fn any_schema_has_a_form_or_none_and_its_arguments_are_an_object() {
    holds((prop_oneof![3 => tool(), 1 => schema(), 1 => json(), 1 => text()], typed()), |(schema, typed)| {
        sound(&schema, &typed);
    });
}

#[test]
fn the_corpus_has_forms_or_none() {
    let typed = ["", "a", "1", "{}", "[1"].map(str::to_owned);
    deep().iter().for_each(|text| sound(text, &typed));
    holds_in_the_texts_of_the_corpus(|text| {
        sound(text, &typed);
        sound(&format!(r#"{{"type":"object","properties":{{"a":{text}}}}}"#), &typed);
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
