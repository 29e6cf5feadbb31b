//! What a schema says of a value.

use super::branches::branches;
use super::keywords::Schema;
use super::part::{Part, is_null};
use super::spec::Spec;
use super::{Choice, Count, Field, Format, Group, Limit, List, Member, Number, Text, ValueKind};
use crate::base::text::prefix;
use crate::json::members::{Members, shown};
use serde_json::value::RawValue;

/// How many members of an object have a field.
const FIELDS: usize = 200;
/// How many places of a list have a schema of their own.
const PLACES: usize = 50;
/// How many values a select offers, and how many boxes there are to check.
const OFFERED: usize = 500;
const BOXES: usize = 60;
/// How much of a server's words about a field is kept.
const WORDS: usize = 2 << 10;
const TITLE: usize = 200;

/// What makes the members of an object more than its properties.
const OPENING: [&str; 7] =
    ["patternProperties", "propertyNames", "if", "dependentSchemas", "dependencies", "minProperties", "$dynamicRef"];

/// The choices of a value.
enum Offer {
    None,
    These(Vec<Choice>),
    /// So many that they cannot be offered.
    TooMany(usize),
}

impl Field {
    /// What a schema says of a value that has to be there, or that may be absent.
    pub fn read(spec: &Spec, required: bool) -> Self {
        let part = spec.part();
        let words = |key: &str, most: usize| {
            let words = part.raw(key).and_then(shown::<String>).filter(|it| !it.trim().is_empty());
            words.map(|it| prefix(it.trim(), most).to_owned())
        };
        let example = part.list("examples").and_then(|it| it.first().copied()).or_else(|| part.raw("example"));
        Self {
            title: words("title", TITLE),
            description: words("description", WORDS),
            nullable: part.nullable,
            example: example.filter(|it| it.len() <= TITLE).map(str::to_owned),
            kind: kind(spec, &part, required),
        }
    }
}

fn kind(spec: &Spec, part: &Part<'_>, required: bool) -> ValueKind {
    let among = match offer(part, OFFERED) {
        Offer::These(choices) => return ValueKind::One(choices),
        Offer::TooMany(count) => Some(count),
        Offer::None => None,
    };
    let branches = branches(spec, part);
    if !branches.is_empty() {
        return ValueKind::Variant(branches);
    }
    match part.only_type().as_deref() {
        Some("string") => ValueKind::Text(text(part, among)),
        Some("number") => number(part, false),
        Some("integer") => number(part, true),
        Some("boolean") => flag(part, required),
        Some("array") => array(spec, part),
        Some("object") => ValueKind::Group(group(spec, part)),
        None if part.types().is_empty() && part.raw("properties").is_some() => ValueKind::Group(group(spec, part)),
        None if part.types().is_empty() && part.raw("items").or_else(|| part.raw("prefixItems")).is_some() => {
            array(spec, part)
        }
        _ => ValueKind::Json,
    }
}

fn group(spec: &Spec, part: &Part<'_>) -> Group {
    let (properties, left_out) = part.properties(FIELDS);
    let required = part.required();
    let member = |(name, raw): (String, &RawValue)| Member {
        required: required.contains(&name),
        spec: spec.within(raw.get()),
        name,
    };
    let mut members: Vec<Member> = properties.into_iter().map(member).collect();
    let order = members.iter().map(|it| it.name.clone()).collect();
    // What has to be there comes first; otherwise as the schema has them.
    members.sort_by_key(|it| !it.required);
    let additional = part.raw("additionalProperties").or_else(|| part.raw("unevaluatedProperties"));
    let is_open = additional.is_some_and(|it| it != "false") || OPENING.iter().any(|it| part.raw(it).is_some());
    let free = free(spec, part).unwrap_or_else(|| spec.anything());
    Group { members, order, left_out, free, is_open, count: count(part, "minProperties", "maxProperties") }
}

/// The schema of members with other names: of one pattern that names may have, else that of all others.
fn free(spec: &Spec, part: &Part<'_>) -> Option<Spec> {
    let patterns = part.keyword::<Members<'_>>("patternProperties").unwrap_or_default().once();
    match patterns.as_slice() {
        [] => part.raw("additionalProperties").filter(|it| it.starts_with('{')).map(|it| spec.within(it)),
        [(_, only)] => Some(spec.within(only.get())),
        _ => None,
    }
}

/// A list of places in draft-07 is an array of `items`, and `additionalItems` what comes after them.
fn array(spec: &Spec, part: &Part<'_>) -> ValueKind {
    let count = count(part, "minItems", "maxItems");
    let items = part.raw("items");
    let places = part.list("prefixItems").or_else(|| part.list("items")).unwrap_or_default();
    let is_old = part.raw("prefixItems").is_none() && items.is_some_and(|it| it.starts_with('['));
    let rest = if is_old { part.raw("additionalItems") } else { items };
    if let Some(items) = rest.filter(|_| places.is_empty())
        && let Offer::These(choices) = offer(&spec.within(items).part(), BOXES)
    {
        return ValueKind::Many { choices, count };
    }
    let rest = match rest {
        Some("false") => None,
        Some(schema) => Some(spec.within(schema)),
        None => Some(spec.anything()),
    };
    let places = places.into_iter().take(PLACES).map(|it| spec.within(it)).collect();
    ValueKind::List(List { places, rest, count })
}

fn offer(part: &Part<'_>, most: usize) -> Offer {
    match choices(part) {
        None => Offer::None,
        Some(all) if all.len() <= most => Offer::These(all),
        Some(all) => Offer::TooMany(all.len()),
    }
}

/// The values of `const`, of `enum` (with or without `enumNames`), or of `oneOf` or `anyOf` with `const` and `title`.
fn choices(part: &Part<'_>) -> Option<Vec<Choice>> {
    if let Some(only) = part.raw("const") {
        return Some(vec![choice(only, None)]);
    }
    if let Some(values) = part.list("enum").filter(|it| !it.is_empty()) {
        let names: Vec<String> = part.raw("enumNames").and_then(shown).unwrap_or_default();
        let all = values.into_iter().enumerate();
        return Some(all.map(|(at, it)| choice(it, names.get(at).cloned())).collect());
    }
    let titled = part.list("oneOf").or_else(|| part.list("anyOf"))?;
    let titled: Vec<&str> = titled.into_iter().filter(|it| !is_null(it)).collect();
    let all: Option<Vec<Choice>> = titled.into_iter().map(titled_choice).collect();
    all.filter(|it| !it.is_empty())
}

fn titled_choice(schema: &str) -> Option<Choice> {
    let schema = Schema::read(schema)?;
    Some(choice(schema.0.get("const")?, schema.keyword("title")))
}

fn choice(value: &str, title: Option<String>) -> Choice {
    let title = title.or_else(|| shown(value)).unwrap_or_else(|| value.to_owned());
    Choice { value: value.to_owned(), title: prefix(&title, TITLE).to_owned() }
}

/// A box to check where one of its two states is sent in any case, else a choice with a third: nothing.
fn flag(part: &Part<'_>, required: bool) -> ValueKind {
    let always = part.keyword::<bool>("default").is_some() || required && !part.nullable;
    if always { ValueKind::Flag } else { ValueKind::One(["true", "false"].map(|it| choice(it, None)).to_vec()) }
}

fn text(part: &Part<'_>, among: Option<usize>) -> Text {
    Text {
        format: part.keyword::<String>("format").map(|it| Format::named(&it)).unwrap_or_default(),
        shortest: part.keyword("minLength"),
        longest: part.keyword("maxLength"),
        pattern: part.keyword::<String>("pattern").map(|it| prefix(&it, TITLE).to_owned()),
        among,
    }
}

fn number(part: &Part<'_>, whole: bool) -> ValueKind {
    let step = part.raw("multipleOf").filter(|it| serde_json::from_str::<f64>(it).is_ok_and(|it| it > 0.0));
    ValueKind::Number(Number {
        whole,
        least: limit(part, "minimum", "exclusiveMinimum"),
        most: limit(part, "maximum", "exclusiveMaximum"),
        step: step.map(|it| prefix(it, TITLE).to_owned()),
    })
}

/// A bound. Before draft 6, `exclusive…` was a flag beside it.
fn limit(part: &Part<'_>, inclusive: &str, exclusive: &str) -> Option<Limit> {
    let read = |name: &str, exclusive: bool| {
        part.keyword::<f64>(name)?;
        Some(Limit { text: prefix(part.raw(name)?, TITLE).to_owned(), exclusive })
    };
    let flagged = part.keyword::<bool>(exclusive) == Some(true);
    read(exclusive, true).or_else(|| read(inclusive, flagged))
}

fn count(part: &Part<'_>, fewest: &str, most: &str) -> Count {
    let unique = part.keyword("uniqueItems") == Some(true);
    Count { fewest: part.keyword(fewest), most: part.keyword(most), unique }
}
