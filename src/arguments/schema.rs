//! The keywords of a schema.

use crate::members::Members;
use serde::Deserialize;
use serde_json::value::RawValue;

/// A schema that is an object.
#[derive(Default)]
pub struct Schema<'a>(pub Members<'a>);

impl<'a> Schema<'a> {
    pub fn read(text: &'a str) -> Option<Self> {
        Members::of(text).map(Self)
    }

    /// A keyword, where it has the right type.
    pub fn keyword<T: Deserialize<'a>>(&self, name: &str) -> Option<T> {
        self.0.read(name)
    }

    pub fn required(&self) -> Vec<String> {
        self.0.strings("required").unwrap_or_default()
    }

    /// The first type that is not null.
    pub fn kind(&self) -> Option<String> {
        let one = self.keyword::<String>("type");
        one.or_else(|| self.keyword::<Vec<String>>("type")?.into_iter().find(|it| it != "null"))
    }

    /// A value that the schema itself names, and whether it is there to be sent unasked.
    pub fn named(&self) -> Option<&'a str> {
        let first = |name: &str| self.keyword::<Vec<&'a RawValue>>(name)?.first().map(|it| it.get());
        self.given().or_else(|| first("examples")).or_else(|| self.0.get("example")).or_else(|| first("enum"))
    }

    pub fn given(&self) -> Option<&'a str> {
        self.0.get("default").or_else(|| self.0.get("const"))
    }
}
