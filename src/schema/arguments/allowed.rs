//! Whether a schema allows a value: what has to hold before a value is put into a field unasked.
//!
//! What cannot be decided here (a pattern, a keyword that is not known, a schema too deep) counts as allowed, so this
//! is no judgement of what the user typed.

use super::sample::{DEPTH, Sampler};
use crate::schema::format::{Format, fits, is_of};
use crate::schema::keywords::Schema;
use crate::schema::same;
use serde_json::Value;
use serde_json::value::RawValue;

impl<'a> Sampler<'a> {
    /// Whether the value, as JSON, is one that the schema describes. Nothing is, where the budget is spent.
    pub fn allows(&self, schema: &Schema<'a>, value: &str, depth: usize) -> bool {
        if depth >= DEPTH {
            return true;
        }
        let Some(read) = serde_json::from_str::<Value>(value).ok().filter(|_| self.spend()) else { return false };
        is_among(schema, value)
            && has_type(schema, &read)
            && has_size(schema, &read)
            && self.composed(schema, value, depth)
            && match &read {
                Value::Array(items) => self.allows_items(schema, items, depth),
                Value::Object(members) => self.allows_members(schema, members, depth),
                _ => true,
            }
    }

    fn allows_items(&self, schema: &Schema<'a>, items: &[Value], depth: usize) -> bool {
        let unique = schema.keyword("uniqueItems") != Some(true)
            || items.iter().enumerate().all(|(at, it)| !items.iter().take(at).any(|other| other == it));
        let item = schema.keyword::<&'a RawValue>("items").and_then(|it| Schema::read(it.get()));
        unique && item.is_none_or(|item| items.iter().all(|it| self.allows(&item, &it.to_string(), depth + 1)))
    }

    fn allows_members(&self, schema: &Schema<'a>, members: &serde_json::Map<String, Value>, depth: usize) -> bool {
        schema.required().iter().all(|it| members.contains_key(it))
            && schema.0.object("properties").once().into_iter().all(|(name, part)| {
                let part = Schema::read(part.get()).unwrap_or_default();
                members.get(&name).is_none_or(|it| self.allows(&part, &it.to_string(), depth + 1))
            })
    }

    /// What the schema refers to, and is composed of.
    fn composed(&self, schema: &Schema<'a>, value: &str, depth: usize) -> bool {
        let allows = |part: &&'a str| Schema::read(part).is_none_or(|it| self.allows(&it, value, depth + 1));
        let some = |name: &str| schema.list(name).is_none_or(|it| it.iter().any(allows));
        let refuses = schema.0.get("not").and_then(Schema::read);
        self.target(schema).is_none_or(|it| self.allows(&it, value, depth + 1))
            && schema.list("allOf").is_none_or(|it| it.iter().all(allows))
            && some("anyOf")
            && some("oneOf")
            && refuses.is_none_or(|it| !self.allows(&it, value, depth + 1))
    }
}

fn is_among(schema: &Schema<'_>, value: &str) -> bool {
    schema.0.get("const").is_none_or(|it| same(it, value))
        && schema.list("enum").is_none_or(|all| all.iter().any(|it| same(it, value)))
}

fn has_type(schema: &Schema<'_>, value: &Value) -> bool {
    let types = schema.types();
    let is = |name: &String| match (name.as_str(), value) {
        ("null", Value::Null)
        | ("boolean", Value::Bool(_))
        | ("number", Value::Number(_))
        | ("string", Value::String(_))
        | ("array", Value::Array(_))
        | ("object", Value::Object(_)) => true,
        // `1.0` is one, too (JSON Schema Core §4.2.3).
        ("integer", Value::Number(it)) => it.as_f64().is_some_and(|it| it.fract() == 0.0),
        _ => false,
    };
    types.is_empty() || types.iter().any(is)
}

fn has_size(schema: &Schema<'_>, value: &Value) -> bool {
    let within = |count: usize, least: &str, most: &str| {
        let count = count as u64;
        schema.keyword::<u64>(least).is_none_or(|it| count >= it)
            && schema.keyword::<u64>(most).is_none_or(|it| count <= it)
    };
    match value {
        Value::Number(it) => it.as_f64().is_none_or(|it| has_number(schema, it)),
        Value::String(it) => {
            let format = schema.keyword::<String>("format").map(|it| Format::named(&it)).unwrap_or_default();
            fits(it, schema.keyword("minLength"), schema.keyword("maxLength")) && is_of(it, format)
        }
        Value::Array(it) => within(it.len(), "minItems", "maxItems"),
        Value::Object(it) => within(it.len(), "minProperties", "maxProperties"),
        Value::Null | Value::Bool(_) => true,
    }
}

/// Before draft 6, `exclusive…` was a flag beside the bound.
fn has_number(schema: &Schema<'_>, number: f64) -> bool {
    let bound = |name: &str| schema.keyword::<f64>(name);
    let flag = |name: &str| schema.keyword(name) == Some(true);
    let step = bound("multipleOf").filter(|it| *it > 0.0);
    bound("minimum").is_none_or(|it| number > it || (number == it && !flag("exclusiveMinimum")))
        && bound("maximum").is_none_or(|it| number < it || (number == it && !flag("exclusiveMaximum")))
        && bound("exclusiveMinimum").is_none_or(|it| number > it)
        && bound("exclusiveMaximum").is_none_or(|it| number < it)
        && step.is_none_or(|it| ((number / it).round() * it - number).abs() <= f64::EPSILON * number.abs())
}
