//! The arguments that a tool's schema asks for.

use crate::given::{deep, json, members, object, text};
use crate::{holds, holds_in_the_texts_of_the_corpus};
use flowglass::schema::arguments::{checked, starting};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, prop_oneof};
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use std::sync::mpsc::channel;
use std::thread::spawn;
use std::time::Duration;

/// Schemas that lead back to themselves, too.
pub fn schema() -> BoxedStrategy<String> {
    let pointer = select(vec!["#", "#/properties/a", "#/$defs/a", "#/allOf/0", "https://a.example/", "#/~1~0"]);
    let leaf = prop_oneof![
        pointer.prop_map(|it| format!(r##"{{"$ref":"{it}"}}"##)),
        Just("{}".to_owned()),
        Just("true".to_owned())
    ];
    let schema = leaf.prop_recursive(4, 24, 4, |inner| {
        let list = || vec(inner.clone(), 0..4).prop_map(|it| format!("[{}]", it.join(","))).boxed();
        let properties = || {
            let members = vec((select(vec!["a", "b", "c"]), inner.clone()), 0..4);
            members.prop_map(|all| object_of(&all)).boxed()
        };
        let kind = select(vec!["string", "integer", "number", "boolean", "array", "object", "null"])
            .prop_map(|it| format!("\"{it}\""));
        let (format, required) = (Just("\"date\"".to_owned()), Just(r#"["a","b"]"#.to_owned()));
        let limit =
            select(vec!["0", "3", "1e9", "18446744073709551615", "-1", "1e308"]).prop_map(str::to_owned).boxed();
        object(vec![
            ("type", kind.boxed()),
            ("properties", properties()),
            ("required", required.boxed()),
            ("allOf", list()),
            ("anyOf", list()),
            ("items", inner.boxed()),
            ("format", format.boxed()),
            ("minItems", limit.clone()),
            ("minLength", limit.clone()),
            ("minimum", limit.clone()),
            ("exclusiveMaximum", limit),
        ])
    });
    schema.boxed()
}

/// An object of members, none of them twice.
fn object_of(members: &[(&str, String)]) -> String {
    let new = |at: usize| members[..at].iter().all(|(name, _)| *name != members[at].0);
    let all =
        members.iter().enumerate().filter(|(at, _)| new(*at)).map(|(_, (name, value))| format!("\"{name}\":{value}"));
    format!("{{{}}}", all.collect::<Vec<_>>().join(","))
}

/// What holds for any text: there is an object to begin with, and it is one that can be sent.
fn sound(schema: &str) {
    let start = starting(Some(schema));
    assert!(members(&start).is_some(), "{schema}: {start}");
    assert_eq!(checked(&start).as_deref(), Ok(start.as_str()));
    let _ = checked(schema);
}

#[test]
fn any_schema_has_arguments_to_begin_with() {
    holds(prop_oneof![schema(), json(), text()], |schema| sound(&schema));
}

#[test]
fn a_schema_that_leads_back_to_itself_many_times_ends() {
    let (ended, end) = channel();
    spawn(move || {
        let references = vec![r##"{"$ref":"#"}"##; 30].join(",");
        sound(&format!(r#"{{"allOf":[{references}]}}"#));
        ended.send(())
    });
    assert_eq!(end.recv_timeout(Duration::from_secs(30)), Ok(()));
}

#[test]
fn what_is_sent_is_what_was_typed() {
    holds(text(), |typed| match checked(&typed) {
        Ok(sent) => assert!(sent == typed.trim() || sent == "{}" && typed.trim().is_empty()),
        Err(words) => assert!(!words.is_empty()),
    });
}

#[test]
fn the_corpus_has_arguments_to_begin_with() {
    holds_in_the_texts_of_the_corpus(sound);
    deep().iter().for_each(|text| sound(text));
}
