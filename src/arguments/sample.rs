//! Examples of the values that a schema describes.

use crate::schema::keywords::Schema;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::cell::Cell;

/// How deep an example may nest, references followed included.
const DEPTH: usize = 8;
/// How many values an example may have.
const VALUES: usize = 500;

/// Arguments that the schema of a tool asks for.
pub fn arguments(root: &str) -> Option<Sample<'_>> {
    let sampler = Sampler { root, left: Cell::new(VALUES) };
    Schema::read(root).map(|it| Sample::Object(sampler.members(&it, 0)))
}

/// An example value.
pub enum Sample<'a> {
    Raw(&'a str),
    Text(String),
    Number(f64),
    Whole(i64),
    Flag(bool),
    Null,
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Serialize for Sample<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Raw(text) => {
                serde_json::from_str::<&RawValue>(text).map_err(serde::ser::Error::custom)?.serialize(to)
            }
            Self::Text(text) => to.serialize_str(text),
            Self::Number(number) => to.serialize_f64(*number),
            Self::Whole(number) => to.serialize_i64(*number),
            Self::Flag(flag) => to.serialize_bool(*flag),
            Self::Null => to.serialize_unit(),
            Self::Array(items) => to.collect_seq(items),
            Self::Object(members) => to.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}

/// Makes examples for the parts of one schema.
struct Sampler<'a> {
    root: &'a str,
    /// How many more values and parts there may be.
    left: Cell<usize>,
}

impl<'a> Sampler<'a> {
    /// Required members, and those with a default.
    fn members(&self, schema: &Schema<'a>, depth: usize) -> Vec<(String, Sample<'a>)> {
        let required = schema.required();
        let mut members = Vec::new();
        for (name, value) in schema.0.object("properties").once() {
            let part = Schema::read(value.get()).unwrap_or_default();
            if self.left.get() > 0 && (required.contains(&name) || part.given().is_some()) {
                members.push((name, self.sample(&part, depth + 1)));
            }
        }
        for part in schema.list("allOf").unwrap_or_default() {
            if let Some(part) = Schema::read(part).filter(|_| depth < DEPTH && self.spend()) {
                let more = self.members(&self.followed(part), depth + 1);
                for member in more {
                    if !members.iter().any(|(name, _)| *name == member.0) {
                        members.push(member);
                    }
                }
            }
        }
        members
    }

    /// Whether there may be one more, which it then is. Parts of `allOf` count too: they may lead back to themselves.
    fn spend(&self) -> bool {
        let left = self.left.get().saturating_sub(1);
        self.left.set(left);
        left > 0
    }

    fn sample(&self, schema: &Schema<'a>, depth: usize) -> Sample<'a> {
        let enough = self.spend();
        if let Some(named) = schema.named() {
            return Sample::Raw(named);
        }
        if depth >= DEPTH || !enough {
            return Sample::Null;
        }
        if let Some(other) = self.other(schema) {
            return self.sample(&other, depth + 1);
        }
        match schema.kind().as_deref() {
            Some("string") => Sample::Text(text(schema)),
            Some("integer") => Sample::Whole(least(schema).ceil() as i64),
            Some("number") => number(least(schema)),
            Some("boolean") => Sample::Flag(false),
            Some("array") => Sample::Array(self.items(schema, depth)),
            Some("object") => Sample::Object(self.members(schema, depth)),
            None if schema.0.get("properties").is_some() => Sample::Object(self.members(schema, depth)),
            _ => Sample::Null,
        }
    }

    /// The schema that stands for this one: a reference, or the first choice.
    fn other(&self, schema: &Schema<'a>) -> Option<Schema<'a>> {
        if schema.0.get("$ref").is_some() {
            return schema.target(self.root);
        }
        let choices = schema.list("anyOf").or_else(|| schema.list("oneOf"))?;
        let read = choices.into_iter().filter_map(Schema::read);
        let mut read = read.filter(|it| it.kind().as_deref() != Some("null"));
        read.next()
    }

    fn followed(&self, schema: Schema<'a>) -> Schema<'a> {
        schema.target(self.root).unwrap_or(schema)
    }

    fn items(&self, schema: &Schema<'a>, depth: usize) -> Vec<Sample<'a>> {
        let least = schema.keyword::<u64>("minItems").unwrap_or(0).min(16);
        let item = schema.keyword::<&'a RawValue>("items").and_then(|it| Schema::read(it.get())).unwrap_or_default();
        (0..least).map(|_| self.sample(&item, depth + 1)).collect()
    }
}

fn text(schema: &Schema<'_>) -> String {
    let example = match schema.keyword::<String>("format").as_deref() {
        Some("date-time") => "2026-01-31T12:00:00Z",
        Some("date") => "2026-01-31",
        Some("time") => "12:00:00Z",
        Some("email") => "somebody@example.com",
        Some("uri" | "url") => "https://example.com/",
        Some("uuid") => "00000000-0000-4000-8000-000000000000",
        _ => "",
    };
    let least = schema.keyword::<usize>("minLength").unwrap_or(0).min(64);
    let missing = least.saturating_sub(example.len());
    format!("{example}{}", "x".repeat(missing))
}

/// Zero, or the number within the bounds that is nearest to it.
fn least(schema: &Schema<'_>) -> f64 {
    let bound = |name: &str| schema.keyword::<f64>(name);
    let lowest = bound("minimum").or_else(|| bound("exclusiveMinimum").map(|it| it + 1.0));
    let highest = bound("maximum").or_else(|| bound("exclusiveMaximum").map(|it| it - 1.0));
    0.0_f64.max(lowest.unwrap_or(0.0)).min(highest.unwrap_or(f64::MAX))
}

fn number(number: f64) -> Sample<'static> {
    match number.fract() == 0.0 && number.abs() < 1e15 {
        true => Sample::Whole(number as i64),
        false => Sample::Number(number),
    }
}
