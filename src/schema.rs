//! The schema of a tool's arguments as a form: schema -> fields, fields -> arguments, arguments -> fields.
//!
//! JSON Schema 2020-12 and what draft-07 wrote in another way, as far as people write tools with it; any other property
//! is one field of raw JSON. Schemas are hostile: the number of fields, of choices, of references that are followed
//! and the depth have limits, and nothing is ever fetched. What is typed is kept as text, so that a number of thirty
//! digits goes out as those digits.

mod fields;
pub mod format;
pub mod keywords;
mod part;
mod read;
#[cfg(test)]
mod tests;
mod words;
mod write;

use fields::Reader;
use format::Format;
pub use read::{Reading, pretty, same};

/// The fields of a schema. Those of an object within come after its own field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    pub fields: Vec<Field>,
    /// How many properties are beyond the limit.
    pub left_out: usize,
}

/// One property.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: String,
    /// The names that lead to it, joined by dots.
    pub path: String,
    /// The field of the object that it is a member of.
    pub within: Option<usize>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub required: bool,
    pub nullable: bool,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Text(Text),
    Number {
        whole: bool,
        least: Option<Limit>,
        most: Option<Limit>,
    },
    Flag {
        default: bool,
    },
    One(Vec<Choice>),
    Many {
        choices: Vec<Choice>,
        count: Count,
    },
    /// A list of simple values, one a line.
    Lines {
        item: Item,
        count: Count,
    },
    /// An object; its members name it with `within`.
    Group,
    /// Anything else, typed as JSON.
    Json,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    pub format: Format,
    pub shortest: Option<u64>,
    pub longest: Option<u64>,
    pub pattern: Option<String>,
    /// How many values it is one of, where they are too many to be offered.
    pub among: Option<usize>,
}

/// A bound of a number, as it is written and as it is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    pub text: String,
    pub number: f64,
    /// Whether the bound itself is out of bounds.
    pub exclusive: bool,
}

/// How many items a list may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub fewest: Option<u64>,
    pub most: Option<u64>,
}

/// What is on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    Text,
    Number,
    Whole,
}

/// A value that is offered (raw JSON; in an elicitation, whose choices are texts, the text), and what a person reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub title: String,
}

/// What stands in a field: of a choice its value, of JSON the raw text. Nothing is the empty text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Text(String),
    Flag(bool),
    Many(Vec<String>),
}

impl Form {
    /// The form of an `inputSchema`; `None` where it does not say what arguments there are.
    pub fn of(schema: &str) -> Option<Self> {
        Reader::new(schema).form()
    }

    /// The fields that are members of an object, with their places; of the arguments themselves with `None`.
    pub fn members(&self, within: Option<usize>) -> impl Iterator<Item = (usize, &Field)> {
        self.fields.iter().enumerate().filter(move |(_, it)| it.within == within)
    }
}
