//! The keywords of a schema.

use crate::json::members::Members;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::value::RawValue;

/// How many values of a list are looked at for one that can be used.
const NAMED: usize = 16;

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

    /// The types that a value may have; none where the schema does not say.
    pub fn types(&self) -> Vec<String> {
        let one = self.keyword::<String>("type").map(|it| vec![it]);
        one.or_else(|| self.keyword("type")).unwrap_or_default()
    }

    /// The values that the schema itself names, those first that are there to be sent unasked.
    pub fn named(&self) -> Vec<&'a str> {
        let listed = |name: &str| self.list(name).unwrap_or_default().into_iter().take(NAMED);
        let one = self.given().into_iter().chain(listed("examples"));
        one.chain(self.0.get("example")).chain(listed("enum")).collect()
    }

    /// The default, or the only value.
    pub fn given(&self) -> Option<&'a str> {
        self.0.get("default").or_else(|| self.0.get("const"))
    }

    /// The texts of a keyword that is a list.
    pub fn list(&self, name: &str) -> Option<Vec<&'a str>> {
        Some(self.0.list(name)?.into_iter().map(RawValue::get).collect())
    }

    /// The text that `$ref` points to within the same schema (RFC 6901 §6). Nothing is ever fetched.
    pub fn target(&self, root: &'a str) -> Option<&'a str> {
        let pointer = self.keyword::<String>("$ref")?;
        let pointer = percent_decode_str(pointer.strip_prefix('#')?).decode_utf8_lossy();
        let (first, tokens) = pointer.split_once('/').unwrap_or((&pointer, ""));
        let mut at = root;
        for token in tokens.split('/').filter(|_| pointer.contains('/')) {
            let token = token.replace("~1", "/").replace("~0", "~");
            at = step(at, &token)?;
        }
        first.is_empty().then_some(at)
    }
}

/// A member of an object, or an item of a list.
fn step<'a>(text: &'a str, token: &str) -> Option<&'a str> {
    match Members::of(text) {
        Some(members) => members.get(token),
        None => items(text)?.get(token.parse::<usize>().ok()?).copied(),
    }
}

/// The items of a list, as they are written.
pub fn items(list: &str) -> Option<Vec<&str>> {
    let items: Vec<&RawValue> = serde_json::from_str(list).ok()?;
    Some(items.into_iter().map(RawValue::get).collect())
}
