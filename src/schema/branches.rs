//! The choices of a schema that are more than values: `oneOf`, `anyOf`, and several types.

use super::keywords::Schema;
use super::part::Part;
use super::spec::Spec;
use super::value::Value;
use super::{Branch, same};
use crate::base::text::prefix;
use crate::json::members::{Members, shown};

/// How many choices are offered.
const BRANCHES: usize = 100;
/// The longest title of one, in bytes.
const TITLE: usize = 100;
/// How many members are looked at for those that tell choices apart.
const TAGS: usize = 50;

/// What a choice can be about other than the form of its value.
const CONDITIONS: [&str; 8] =
    ["required", "not", "title", "description", "minProperties", "maxProperties", "$comment", "dependentRequired"];

/// The choices; none where there is nothing to choose.
pub fn branches(spec: &Spec, part: &Part<'_>) -> Vec<Branch> {
    let listed = part.branches();
    if !listed.is_empty() && !listed.iter().all(|it| is_condition(it)) {
        let all = listed.into_iter().take(BRANCHES).enumerate();
        return all.map(|(at, it)| branch(spec, it, at)).collect();
    }
    let mut types = part.types();
    types.retain(|it| it != "null");
    match types.len() {
        0 | 1 => Vec::new(),
        _ => types.iter().map(|it| Branch { title: type_title(it), spec: spec.of_type(it) }).collect(),
    }
}

/// Whether a choice asks for something of a value without saying what it is.
fn is_condition(schema: &str) -> bool {
    Members::of(schema).is_none_or(|it| it.iter().all(|(name, _)| CONDITIONS.contains(&name)))
}

fn branch(spec: &Spec, schema: &str, at: usize) -> Branch {
    let spec = spec.choosing(schema);
    let own = spec.within(schema);
    let title = title(&own, schema).unwrap_or_else(|| format!("Option {}", at + 1));
    Branch { title: prefix(&title, TITLE).to_owned(), spec }
}

/// What a choice is called: its title, the value that tells it apart, the name it is defined under, or its type.
fn title(own: &Spec, schema: &str) -> Option<String> {
    let part = own.part();
    let reference = || {
        let reference = Schema::read(schema)?.keyword::<String>("$ref")?;
        reference.rsplit_once('/').map(|(_, name)| name.to_owned())
    };
    let tag = || tags(&part).into_iter().next().map(|(_, value)| shown(value).unwrap_or_else(|| value.to_owned()));
    let named = part.raw("title").and_then(shown::<String>).filter(|it| !it.trim().is_empty());
    named.or_else(tag).or_else(reference).or_else(|| part.only_type().map(|it| type_title(&it)))
}

fn type_title(name: &str) -> String {
    let words = match name {
        "string" => "Text",
        "number" => "Number",
        "integer" => "Whole number",
        "boolean" => "True or false",
        "array" => "List",
        "object" => "Object",
        other => other,
    };
    words.to_owned()
}

/// The members that have one value only.
fn tags<'a>(part: &Part<'a>) -> Vec<(String, &'a str)> {
    let (properties, _) = part.properties(TAGS);
    let only = |raw: &'a str| {
        let schema = Schema::read(raw)?;
        let listed = || schema.list("enum").filter(|it| it.len() == 1).and_then(|it| it.first().copied());
        schema.0.get("const").or_else(listed)
    };
    properties.into_iter().filter_map(|(name, raw)| Some((name, only(raw.get())?))).collect()
}

/// The choice that a value is made for: by its type, by the members that tell choices apart, by what has to be there.
pub fn chosen(branches: &[Branch], value: &Value) -> Option<usize> {
    let grades: Vec<u8> = branches.iter().map(|it| grade(&it.spec.part(), value)).collect();
    let best = grades.iter().copied().max().filter(|it| *it > 0)?;
    grades.iter().position(|it| *it == best)
}

/// How well a value fits: 0 is another type, or another tag.
fn grade(part: &Part<'_>, value: &Value) -> u8 {
    let types = part.types();
    if !types.is_empty() && !types.iter().any(|it| value.is_of(it)) {
        return 0;
    }
    let Value::Object(members) = value else { return if types.is_empty() { 1 } else { 3 } };
    let there = |name: &str| members.iter().find(|(it, _)| it == name).map(|(_, value)| value);
    let tags = tags(part);
    if tags.iter().any(|(name, tag)| there(name).is_some_and(|it| !same(&it.json(), tag))) {
        return 0;
    }
    let complete = part.required().iter().all(|it| there(it).is_some());
    let (known, _) = part.properties(TAGS);
    let foreign = members.iter().any(|(name, _)| !known.iter().any(|(it, _)| it == name));
    match (complete, foreign) {
        (true, false) => 4,
        (true, true) => 3,
        (false, false) => 2,
        (false, true) => 1,
    }
}
