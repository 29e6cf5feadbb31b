//! What the result of a call, a read or a prompt holds, block by block.
//!
//! Read leniently: what is not understood is shown as it came, and one bad block does not hide the others. Long
//! texts stay where they are, as spans of the result; only their beginning is copied.

pub mod hex;
pub mod markdown;
pub mod page;
pub mod prompt;
mod reader;
pub mod shape;
pub mod table;
mod taking;
pub mod update;

use self::shape::Shape;
use crate::base::address::{Address, AddressError};
use crate::base::text::prefix;
use crate::json::members::Members;
use crate::json::outline::node::Span;
use crate::json::outline::string;
use crate::mcp::jsonrpc::RpcError;
use serde::Serialize;
use serde_json::value::RawValue;
use std::sync::Arc;

/// How many bytes of a text are shown at first.
const HEAD: usize = 16 << 10;

/// Blocks in order.
#[derive(Debug, Default, PartialEq)]
pub struct Content {
    pub groups: Vec<Group>,
    /// Blocks beyond those that are shown.
    pub left_out: usize,
    /// The `structuredContent`.
    pub structured: Option<Block>,
}

/// The blocks of a result, or of one message of a prompt.
#[derive(Debug, PartialEq)]
pub struct Group {
    pub role: Option<String>,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub shape: Shape,
    /// Of an embedded resource.
    pub resource: Option<Named>,
    pub body: Body,
    /// What the server notes about it, by the names of the specification ("Annotations").
    pub annotations: Vec<Annotation>,
    /// Whether it is JSON that `structuredContent` says as well.
    pub repeats: bool,
    /// The block as it was received.
    raw: Span,
}

/// An annotation of a block, which is a hint of the server's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    pub name: &'static str,
    /// In short.
    pub value: String,
}

/// Which resource it is, and its media type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub uri: String,
    pub mime: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Text(Excerpt),
    /// Base64.
    Media(Media),
    Link(Link),
    /// A resource without text and data.
    Nothing,
}

/// The beginning of a text, and where all of it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Excerpt {
    pub head: String,
    whole: Span,
    quoted: bool,
}

impl Excerpt {
    /// Of a string of JSON, a part of the result; `None` where it is no string.
    fn quoted(result: &str, raw: &str) -> Option<Self> {
        let whole = Span::within(result, raw).filter(|_| raw.starts_with('"'))?;
        let inside = whole.inside(result);
        let head = match inside.len() <= HEAD {
            true => string::unescape(inside),
            false => beginning(inside),
        };
        Some(Self { head, whole, quoted: true })
    }

    /// Of a value of JSON as it stands.
    fn plain(result: &str, raw: &str) -> Option<Self> {
        Some(Self { head: prefix(raw, HEAD).to_owned(), whole: Span::within(result, raw)?, quoted: false })
    }

    /// Bytes in the result.
    pub fn length(&self) -> usize {
        self.whole.length()
    }

    /// Whether the beginning is all.
    pub fn is_whole(&self) -> bool {
        self.length() <= HEAD
    }

    /// All of it, out of the result that it was read from.
    pub fn all(&self, result: &str) -> Arc<str> {
        match self.quoted {
            true => string::unescape(self.whole.inside(result)).into(),
            false => self.whole.of(result).into(),
        }
    }
}

/// The characters that the first bytes of a raw string stand for; no escape is cut.
fn beginning(inside: &str) -> String {
    let mut bytes = 0;
    let characters = string::characters(inside).take_while(|(_, length)| {
        bytes += length;
        bytes <= HEAD
    });
    characters.map(|(char, _)| char).collect()
}

/// Base64: an image, a sound, or what is neither.
#[derive(Clone, Debug, PartialEq)]
pub struct Media {
    pub mime: String,
    /// Of the data itself, in bytes.
    pub size: usize,
    /// A `data:` URL; none where the type is not one that is shown, the data is no base64, or too much.
    pub url: Option<String>,
    data: Span,
}

/// A resource that is named but not included.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub uri: String,
    pub name: Option<String>,
    pub description: Option<String>,
    pub mime: Option<String>,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    pub href: String,
    pub host: String,
}

/// Where an address of a server leads, where that may be opened: one that this server may name. `None`: it is no web
/// address.
pub fn opened(uri: &str, server: Option<&Address>) -> Option<Result<Opened, AddressError>> {
    match server.map_or_else(|| Address::given(uri), |by| Address::named(uri, by)) {
        Ok(it) => Some(Ok(Opened { href: it.href(), host: it.host() })),
        Err(why @ (AddressError::Local(_) | AddressError::Plain(_))) => Some(Err(why)),
        Err(_) => None,
    }
}

/// The JSON text of a result's `structuredContent`.
pub fn structured(result: &str) -> Option<&str> {
    Members::of(result)?.value("structuredContent").map(RawValue::get)
}

/// An error of JSON-RPC as an object of JSON again, its data as received.
pub fn error_text(error: &RpcError) -> Arc<str> {
    #[derive(Serialize)]
    struct Object<'a> {
        code: i64,
        message: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        data: Option<&'a RawValue>,
    }
    let data = error.data.as_deref().and_then(|it| serde_json::from_str(it).ok());
    let object = Object { code: error.code, message: &error.message, data };
    serde_json::to_string(&object).unwrap_or_default().into()
}

#[cfg(test)]
mod tests;
