//! JSON Schema as a form: what a schema asks of a value, the value as it is edited, and what is wrong with it. One engine,
//! for the arguments of tools and for elicitation.
//!
//! JSON Schema 2020-12 and what draft-07 wrote in another way. A [`Spec`] is a schema in its document, [`Field`] what it
//! says of one value, [`draft::Draft`] the value that is typed. The value is the truth: it is JSON, every number with the
//! digits it was written with, and fields are views of it, so that what no field shows is not lost.
//!
//! Schemas are hostile: the number of fields, of choices, of references that are followed and the depth have limits, and
//! nothing is ever fetched. Whether a value is valid is judged by a validator outside of the core; [`verdict`] reads what
//! it found.

pub mod arguments;
mod branches;
mod control;
pub mod draft;
mod fields;
pub mod format;
pub mod keywords;
mod part;
mod shown;
mod spec;
mod start;
#[cfg(test)]
mod tests;
pub mod value;
pub mod verdict;
mod words;

use format::Format;
pub use shown::{pretty, same};
pub use spec::Spec;
use std::sync::Arc;

/// What a schema says of one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub title: Option<String>,
    pub description: Option<String>,
    pub nullable: bool,
    /// A value that the schema gives as an example, as JSON.
    pub example: Option<String>,
    pub kind: ValueKind,
}

/// How a value is edited.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    Text(Text),
    Number(Number),
    /// True or false, and nothing else.
    Flag,
    One(Vec<Choice>),
    Many {
        choices: Vec<Choice>,
        count: Count,
    },
    List(List),
    Group(Group),
    /// One of several schemas.
    Variant(Vec<Branch>),
    /// Anything else, typed as JSON.
    Json,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub format: Format,
    pub shortest: Option<u64>,
    pub longest: Option<u64>,
    pub pattern: Option<String>,
    /// How many values it is one of, where they are too many to be offered.
    pub among: Option<usize>,
}

/// The bounds of a number, and the step between its values, as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Number {
    pub whole: bool,
    pub least: Option<Limit>,
    pub most: Option<Limit>,
    pub step: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    pub text: String,
    /// Whether the bound itself is out of bounds.
    pub exclusive: bool,
}

/// How many items a list may have, or members an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub fewest: Option<u64>,
    pub most: Option<u64>,
    /// Whether no two may be alike.
    pub unique: bool,
}

/// A value that can be chosen (as JSON), and what the user reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub title: String,
}

/// A list of values, each with a schema.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// The first places, which have schemas of their own.
    places: Vec<Spec>,
    /// The schema of the others; none where there may be no others.
    rest: Option<Spec>,
    pub count: Count,
}

/// An object.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Those that are required first.
    pub members: Vec<Member>,
    /// Their names in the order of the schema, in which they are sent.
    pub order: Arc<[String]>,
    /// How many properties are beyond the limit.
    pub left_out: usize,
    /// The schema of members that are named freely.
    pub free: Spec,
    /// Whether the schema speaks of such members, so that they are worth adding.
    pub is_open: bool,
    pub count: Count,
}

/// A named member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub name: String,
    pub required: bool,
    pub spec: Spec,
}

/// One of several schemas.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    pub title: String,
    pub spec: Spec,
}

impl List {
    /// The schema of the item at a place; none where none may be.
    pub fn item(&self, at: usize) -> Option<&Spec> {
        self.places.get(at).or(self.rest.as_ref())
    }
}
