//! The values that arguments start with: those that a schema names, else the plainest that it allows, never an
//! invented text. What has none of them is left out.

use crate::schema::keywords::Schema;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::cell::Cell;

/// How deep a value may nest, references followed included.
pub(super) const DEPTH: usize = 8;
/// How many values and parts of schemas are looked at.
const VALUES: usize = 2_000;
/// How many bytes are read for the sake of references.
const BYTES: usize = 16 << 20;
/// How many items a list starts with at most.
const ITEMS: u64 = 16;

/// Arguments that the schema of a tool asks for.
pub fn arguments(root: &str) -> Option<Sample<'_>> {
    let sampler = Sampler::of(root);
    let schema = Schema::read(root)?;
    let named = schema.named().into_iter().find(|it| it.starts_with('{') && sampler.allows(&schema, it, 0));
    Some(named.map_or_else(|| Sample::Object(sampler.members(&schema, 0)), Sample::Raw))
}

/// A value to start with.
pub enum Sample<'a> {
    Raw(&'a str),
    /// The empty text.
    Text,
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
            Self::Text => to.serialize_str(""),
            Self::Number(number) => to.serialize_f64(*number),
            Self::Whole(number) => to.serialize_i64(*number),
            Self::Flag(flag) => to.serialize_bool(*flag),
            Self::Null => to.serialize_unit(),
            Self::Array(items) => to.collect_seq(items),
            Self::Object(members) => to.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}

/// Finds values for the parts of one schema.
pub struct Sampler<'a> {
    root: &'a str,
    left: Cell<usize>,
    bytes: Cell<usize>,
}

impl<'a> Sampler<'a> {
    pub const fn of(root: &'a str) -> Self {
        Self { root, left: Cell::new(VALUES), bytes: Cell::new(BYTES) }
    }

    /// Required members, and those with a default.
    fn members(&self, schema: &Schema<'a>, depth: usize) -> Vec<(String, Sample<'a>)> {
        let required = schema.required();
        let mut members = Vec::new();
        for (name, value) in schema.0.object("properties").once() {
            let part = Schema::read(value.get()).unwrap_or_default();
            let sample = match required.contains(&name) {
                true => self.sample(&part, depth + 1),
                false => part.given().filter(|it| self.allows(&part, it, depth + 1)).map(Sample::Raw),
            };
            members.extend(sample.map(|it| (name, it)));
        }
        for part in schema.list("allOf").unwrap_or_default() {
            if let Some(part) = Schema::read(part).filter(|_| depth < DEPTH && self.spend()) {
                let more = self.members(&self.target(&part).unwrap_or(part), depth + 1);
                for member in more {
                    if !members.iter().any(|(name, _)| *name == member.0) {
                        members.push(member);
                    }
                }
            }
        }
        members
    }

    /// Whether one more may be looked at, which it then is. Parts of `allOf` count too: they may lead back to themselves.
    pub(super) fn spend(&self) -> bool {
        let left = self.left.get().saturating_sub(1);
        self.left.set(left);
        left > 0
    }

    /// Where the schema refers to, as long as not too much is read for that.
    pub(super) fn target(&self, schema: &Schema<'a>) -> Option<Schema<'a>> {
        schema.0.get("$ref")?;
        self.bytes.set(self.bytes.get().checked_sub(self.root.len())?);
        schema.target(self.root).and_then(Schema::read)
    }

    /// The first value that the schema allows: of those that it names, then the plainest.
    fn sample(&self, schema: &Schema<'a>, depth: usize) -> Option<Sample<'a>> {
        if depth >= DEPTH || !self.spend() {
            return None;
        }
        let named = schema.named().into_iter().find(|it| self.allows(schema, it, depth)).map(Sample::Raw);
        named.or_else(|| {
            let others = self.others(schema).into_iter().filter_map(|it| self.sample(&it, depth + 1));
            let plain = others.chain(self.plain(schema, depth));
            let fits = |it: &Sample<'_>| serde_json::to_string(it).is_ok_and(|text| self.allows(schema, &text, depth));
            plain.into_iter().find(fits)
        })
    }

    /// The schemas that stand for this one: a reference, or the choices, of which null comes last.
    fn others(&self, schema: &Schema<'a>) -> Vec<Schema<'a>> {
        let choices = schema.list("anyOf").or_else(|| schema.list("oneOf")).unwrap_or_default();
        let (null, other): (Vec<_>, Vec<_>) =
            choices.into_iter().filter_map(Schema::read).partition(|it| it.types() == ["null"]);
        self.target(schema).into_iter().chain(other).chain(null).collect()
    }

    /// Plain values of the types that the schema names, the plainest first.
    fn plain(&self, schema: &Schema<'a>, depth: usize) -> Vec<Sample<'a>> {
        let mut types = schema.types();
        if types.is_empty() {
            types.push(if schema.0.get("properties").is_some() { "object" } else { "null" }.to_owned());
        }
        types.sort_by_key(|it| it == "null");
        types.iter().flat_map(|it| self.plainest(it, schema, depth)).collect()
    }

    fn plainest(&self, kind: &str, schema: &Schema<'a>, depth: usize) -> Vec<Sample<'a>> {
        match kind {
            // What fits a format or a pattern would be invented.
            "string" if ["format", "pattern"].iter().all(|it| schema.0.get(it).is_none()) => vec![Sample::Text],
            "integer" | "number" => numbers(schema),
            "boolean" => vec![Sample::Flag(false), Sample::Flag(true)],
            "array" => self.items(schema, depth).map(Sample::Array).into_iter().collect(),
            "object" => vec![Sample::Object(self.members(schema, depth))],
            "null" => vec![Sample::Null],
            _ => Vec::new(),
        }
    }

    /// As many items as there have to be.
    fn items(&self, schema: &Schema<'a>, depth: usize) -> Option<Vec<Sample<'a>>> {
        let least = schema.keyword::<u64>("minItems").unwrap_or(0).min(ITEMS);
        let item = schema.keyword::<&'a RawValue>("items").and_then(|it| Schema::read(it.get())).unwrap_or_default();
        (0..least).map(|_| self.sample(&item, depth + 1)).collect()
    }
}

/// Zero, else the numbers within the bounds that are nearest to them, in the schema's steps.
fn numbers(schema: &Schema<'_>) -> Vec<Sample<'static>> {
    let bound = |name: &str| schema.keyword::<f64>(name);
    let low = bound("minimum").or_else(|| bound("exclusiveMinimum"));
    let high = bound("maximum").or_else(|| bound("exclusiveMaximum"));
    let step = bound("multipleOf").filter(|it| *it > 0.0).unwrap_or(1.0);
    let above = low.map(|it| (it / step).ceil() * step).into_iter().flat_map(|it| [it, it + step]);
    let below = high.map(|it| (it / step).floor() * step).into_iter().flat_map(|it| [it, it - step]);
    let bounds = low.into_iter().chain(high).chain(low.zip(high).map(|(low, high)| f64::midpoint(low, high)));
    [0.0].into_iter().chain(bounds).chain(above).chain(below).map(number).collect()
}

fn number(number: f64) -> Sample<'static> {
    match number.fract() == 0.0 && number.abs() < 1e15 {
        true => Sample::Whole(number as i64),
        false => Sample::Number(number),
    }
}
