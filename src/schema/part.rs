//! A schema together with what it refers to and what it is composed of, as one.

use super::keywords::Schema;
use super::spec::Document;
use crate::json::members::Members;
use serde::Deserialize;
use serde_json::value::RawValue;

/// How many schemas count for one value: itself, where it refers to, what it is composed of.
const LAYERS: usize = 16;

/// What is said of one value. What stands first counts: its own keywords before those of its reference.
#[derive(Default)]
pub struct Part<'a> {
    layers: Vec<Schema<'a>>,
    /// How many of them offer choices.
    open: usize,
    pub nullable: bool,
    only: Option<&'a str>,
}

impl<'a> Part<'a> {
    /// Nothing is said where it is no object: `true`, or what cannot be read. So many of the texts offer choices.
    pub fn of(
        document: &'a Document,
        texts: impl Iterator<Item = &'a str>,
        open: usize,
        only: Option<&'a str>,
    ) -> Self {
        let mut part = Self { only, ..Self::default() };
        for (at, text) in texts.enumerate() {
            part.lay(document, Schema::read(text), at < open);
            if at < open {
                part.open = part.layers.len();
            }
        }
        part.nullable |= part.types().iter().any(|it| it == "null");
        part.nullable &= only.is_none();
        part
    }

    fn lay(&mut self, document: &'a Document, schema: Option<Schema<'a>>, open: bool) {
        let Some(schema) = schema.filter(|_| self.layers.len() < LAYERS) else { return };
        let target = document.target(&schema);
        let all = schema.list("allOf").unwrap_or_default();
        let (null, other) = if open { choices(&schema) } else { (false, Vec::new()) };
        let only = other.first().filter(|_| other.len() == 1).copied();
        self.nullable |= null;
        self.layers.push(schema);
        self.lay(document, target, open);
        for other in all.into_iter().chain(only) {
            if self.layers.len() < LAYERS {
                self.lay(document, Schema::read(other), open);
            }
        }
    }

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

    /// The types that a value may have; none where the schema does not say.
    pub fn types(&self) -> Vec<String> {
        if let Some(only) = self.only {
            return vec![only.to_owned()];
        }
        let one = self.keyword::<String>("type").map(|it| vec![it]);
        one.or_else(|| self.keyword("type")).unwrap_or_default()
    }

    /// The type, where there is one beside null.
    pub fn only_type(&self) -> Option<String> {
        let mut types = self.types();
        types.retain(|it| it != "null");
        types.pop().filter(|_| types.is_empty())
    }

    /// The choices that are more than values, where there are several: without null.
    pub fn branches(&self) -> Vec<&'a str> {
        let open = self.layers.iter().take(self.open);
        open.map(|it| choices(it).1).find(|it| it.len() > 1).unwrap_or_default()
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

/// Whether null is a choice, and the other ones.
fn choices<'a>(schema: &Schema<'a>) -> (bool, Vec<&'a str>) {
    let choices = schema.list("anyOf").or_else(|| schema.list("oneOf")).unwrap_or_default();
    let (null, other): (Vec<&str>, Vec<&str>) = choices.into_iter().partition(|it| is_null(it));
    (!null.is_empty(), other)
}

/// Whether a schema allows null and nothing else.
pub fn is_null(schema: &str) -> bool {
    let schema = Schema::read(schema).unwrap_or_default();
    schema.keyword::<String>("type").as_deref() == Some("null") || schema.0.get("const") == Some("null")
}
