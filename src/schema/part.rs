//! A schema together with what it refers to, as one.

use super::keywords::Schema;
use crate::members::Members;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::cell::Cell;

/// How many schemas count for one value: itself, where it refers to, what it is composed of.
const LAYERS: usize = 16;
/// How many bytes are read for the sake of references.
const BYTES: usize = 16 << 20;

/// The schema around all others.
pub struct Root<'a> {
    pub text: &'a str,
    /// How much may still be read for references.
    left: Cell<usize>,
}

/// What is said of one value. What stands first counts: its own keywords before those of its reference.
#[derive(Default)]
pub struct Part<'a> {
    layers: Vec<Schema<'a>>,
    pub nullable: bool,
}

impl<'a> Root<'a> {
    pub const fn new(text: &'a str) -> Self {
        Self { text, left: Cell::new(BYTES) }
    }

    /// Nothing is said where it is no object: `true`, or what cannot be read.
    pub fn part(&self, text: &'a str) -> Part<'a> {
        let mut part = Part::default();
        self.lay(Schema::read(text), &mut part);
        part.nullable |= part.types().iter().any(|it| it == "null");
        part
    }

    fn lay(&self, schema: Option<Schema<'a>>, part: &mut Part<'a>) {
        let Some(schema) = schema.filter(|_| part.layers.len() < LAYERS) else { return };
        let target = self.target(&schema);
        let all = schema.list("allOf").unwrap_or_default();
        let only = only_choice(&schema);
        part.nullable |= only.is_some();
        part.layers.push(schema);
        self.lay(target, part);
        for other in all.into_iter().chain(only) {
            if part.layers.len() < LAYERS {
                self.lay(Schema::read(other), part);
            }
        }
    }

    fn target(&self, schema: &Schema<'a>) -> Option<Schema<'a>> {
        schema.0.get("$ref")?;
        self.left.set(self.left.get().checked_sub(self.text.len())?);
        schema.target(self.text)
    }
}

/// The other of two choices of which one is null.
fn only_choice<'a>(schema: &Schema<'a>) -> Option<&'a str> {
    let choices = schema.list("anyOf").or_else(|| schema.list("oneOf"))?;
    let (null, other): (Vec<&str>, Vec<&str>) = choices.into_iter().partition(|it| is_null(it));
    match other.as_slice() {
        [only] if !null.is_empty() => Some(only),
        _ => None,
    }
}

/// Whether a schema allows null and nothing else.
pub fn is_null(schema: &str) -> bool {
    let schema = Schema::read(schema).unwrap_or_default();
    schema.keyword::<String>("type").as_deref() == Some("null") || schema.0.get("const") == Some("null")
}

impl<'a> Part<'a> {
    pub fn keyword<T: Deserialize<'a>>(&self, name: &str) -> Option<T> {
        self.layers.iter().find_map(|it| it.keyword(name))
    }

    /// The text of a keyword's value.
    pub fn raw(&self, name: &str) -> Option<&'a str> {
        self.layers.iter().find_map(|it| it.0.get(name))
    }

    pub fn list(&self, name: &str) -> Option<Vec<&'a str>> {
        self.layers.iter().find_map(|it| it.list(name))
    }

    pub fn required(&self) -> Vec<String> {
        self.layers.iter().flat_map(Schema::required).collect()
    }

    fn types(&self) -> Vec<String> {
        let one = self.keyword::<String>("type").map(|it| vec![it]);
        one.or_else(|| self.keyword("type")).unwrap_or_default()
    }

    /// The type, where there is one beside null.
    pub fn only_type(&self) -> Option<String> {
        let mut types = self.types();
        types.retain(|it| it != "null");
        types.pop().filter(|_| types.is_empty())
    }

    pub fn names_types(&self) -> bool {
        self.raw("type").is_some()
    }

    /// The properties in their order, at most so many, and how many more there are. A name in two layers is the first's.
    pub fn properties(&self, most: usize) -> (Vec<(String, &'a RawValue)>, usize) {
        let all = self.layers.iter().filter_map(|it| it.keyword::<Members<'a>>("properties"));
        let (mut taken, mut more) = (Vec::<(String, &RawValue)>::new(), 0);
        for member in all.flat_map(Members::once) {
            match taken.iter().any(|(name, _)| *name == member.0) {
                true => {}
                false if taken.len() < most => taken.push(member),
                false => more += 1,
            }
        }
        (taken, more)
    }
}
