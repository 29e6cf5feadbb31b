//! JSON objects whose members keep their order, and the keywords of schemas in them.

use percent_encoding::percent_decode_str;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::fmt;

/// The members of an object in their order.
#[derive(Default)]
pub struct Members<'a>(pub Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    pub fn read(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(it, _)| it == name).map(|(_, value)| value.get())
    }
}

impl<'a, 'de: 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        from.deserialize_map(Reader).map(Self)
    }
}

/// A schema that is an object.
#[derive(Default)]
pub struct Schema<'a>(pub Members<'a>);

impl<'a> Schema<'a> {
    pub fn read(text: &'a str) -> Option<Self> {
        Members::read(text).map(Self)
    }

    /// A keyword, where it has the right type.
    pub fn keyword<T: Deserialize<'a>>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.0.get(name)?).ok()
    }

    pub fn required(&self) -> Vec<String> {
        self.keyword("required").unwrap_or_default()
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

    /// The texts of a keyword that is a list.
    pub fn list(&self, name: &str) -> Option<Vec<&'a str>> {
        Some(self.keyword::<Vec<&'a RawValue>>(name)?.into_iter().map(RawValue::get).collect())
    }

    /// Where `$ref` points to within the same schema (RFC 6901 §6). Nothing is ever fetched.
    pub fn target(&self, root: &'a str) -> Option<Self> {
        let pointer = self.keyword::<String>("$ref")?;
        let pointer = percent_decode_str(pointer.strip_prefix('#')?).decode_utf8_lossy();
        let (first, tokens) = pointer.split_once('/').unwrap_or((&pointer, ""));
        let mut at = root;
        for token in tokens.split('/').filter(|_| pointer.contains('/')) {
            let token = token.replace("~1", "/").replace("~0", "~");
            at = Members::read(at)?.get(&token)?;
        }
        Self::read(at).filter(|_| first.is_empty())
    }
}
