//! The keywords of a schema.

use crate::members::Members;
use percent_encoding::percent_decode_str;
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
        let first = |name: &str| self.list(name)?.first().copied();
        self.given().or_else(|| first("examples")).or_else(|| self.0.get("example")).or_else(|| first("enum"))
    }

    pub fn given(&self) -> Option<&'a str> {
        self.0.get("default").or_else(|| self.0.get("const"))
    }

    /// The texts of a keyword that is a list.
    pub fn list(&self, name: &str) -> Option<Vec<&'a str>> {
        Some(self.0.list(name)?.into_iter().map(RawValue::get).collect())
    }

    /// Where `$ref` points to within the same schema (RFC 6901 §6). Nothing is ever fetched.
    pub fn target(&self, root: &'a str) -> Option<Self> {
        let pointer = self.keyword::<String>("$ref")?;
        let pointer = percent_decode_str(pointer.strip_prefix('#')?).decode_utf8_lossy();
        let (first, tokens) = pointer.split_once('/').unwrap_or((&pointer, ""));
        let mut at = root;
        for token in tokens.split('/').filter(|_| pointer.contains('/')) {
            let token = token.replace("~1", "/").replace("~0", "~");
            at = Members::of(at)?.get(&token)?;
        }
        Self::read(at).filter(|_| first.is_empty())
    }
}
