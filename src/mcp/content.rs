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
    /// Whether it is JSON that `structuredContent` says as well.
    pub repeats: bool,
    /// The block as it was received.
    raw: Span,
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
mod tests {
    use super::reader::BLOCKS;
    use super::*;
    use crate::mcp::model::ItemKind;
    use serde_json::json;

    fn blocks(kind: ItemKind, result: &str) -> Vec<Block> {
        Content::read(kind, result).groups.into_iter().flat_map(|it| it.blocks).collect()
    }

    #[test]
    fn one_bad_block_does_not_hide_the_others() {
        let result = r#"{"content":[{"type":"text","text":"a\nb"},{"type":"text"},7,{"type":"new","x":[1]},{"type":"text","text":"c"}]}"#;
        let read = blocks(ItemKind::Tools, result).into_iter().map(|it| match it {
            Block { shape: Shape::Text, body: Body::Text(it), .. } => it.head,
            Block { shape: Shape::Unknown, body: Body::Text(it), .. } => format!("raw {}", it.head),
            other => format!("{other:?}"),
        });
        let read: Vec<_> = read.collect();
        assert_eq!(read, ["a\nb", r#"raw {"type":"text"}"#, "raw 7", r#"raw {"type":"new","x":[1]}"#, "c"]);
    }

    #[test]
    fn a_link_of_a_public_server_leads_to_no_private_network() {
        let target = |uri: &str, server: &str| {
            let opened = opened(uri, Address::typed(server).ok().as_ref())?;
            Some(opened.map(|it| it.href).map_err(|why| why.to_string()))
        };
        let (public, own) = ("https://mcp.example.com/mcp", "http://127.0.0.1:3000/mcp");
        for uri in ["http://localhost:8080/reset", "https://192.168.0.1/", "https://[::1]/", "http://10.0.0.1/x"] {
            let why = target(uri, public).expect("an address").expect_err(uri);
            assert!(why.contains("on loopback or in a private network, but the server is not"), "{why}");
        }
        assert_eq!(target("http://localhost:8080/reset", own), Some(Ok("http://localhost:8080/reset".to_owned())));
        assert_eq!(target("https://docs.example.com/a", public), Some(Ok("https://docs.example.com/a".to_owned())));
        for uri in ["demo://resource/1", "javascript:alert(1)", "file:///etc/passwd", "https://user@docs.example.com/"]
        {
            assert_eq!(target(uri, public), None, "{uri}");
        }
    }

    #[test]
    fn what_is_no_result_has_no_blocks() {
        for result in ["", "3", "[]", "null", "{}", r#"{"content":null}"#] {
            let read = Content::read(ItemKind::Tools, result);
            assert_eq!(read.structured, None);
            assert!(read.groups.iter().all(|it| it.blocks.len() <= 1), "{result}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters_and_can_be_had_whole() {
        let long = "é\\n".repeat(10_000);
        let result = format!(r#"{{"content":[{{"type":"text","text":"{long}"}}]}}"#);
        let read = blocks(ItemKind::Tools, &result);
        let [Block { body: Body::Text(excerpt), .. }] = read.as_slice() else { panic!("{}", read.len()) };
        assert!(!excerpt.is_whole() && excerpt.head.starts_with("é\n") && excerpt.head.len() <= HEAD);
        assert_eq!(&*excerpt.all(&result), "é\n".repeat(10_000));
    }

    #[test]
    fn images_are_shown_only_as_safe_types_and_real_base64() {
        let image = |mime: &str, data: &str| {
            let result = format!(r#"{{"content":[{{"type":"image","mimeType":"{mime}","data":"{data}"}}]}}"#);
            match blocks(ItemKind::Tools, &result).pop() {
                Some(Block { body: Body::Media(media), .. }) => media.url,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(image("image/png", "QUJD").as_deref(), Some("data:image/png;base64,QUJD"));
        assert_eq!(image("image/png", r"QUJ\/").as_deref(), Some("data:image/png;base64,QUJ/"));
        assert_eq!(image("text/html", "QUJD"), None);
        assert_eq!(image("image/png", "<svg>"), None);
    }

    #[test]
    fn resources_are_read_with_text_or_blob() {
        let result = r#"{"contents":[{"uri":"a:1","mimeType":"text/plain","text":"x"},{"uri":"a:2","mimeType":"image/png","blob":"QUJD"},{"uri":"a:3","blob":"QUJD"},{"uri":"a:4"}]}"#;
        let read = blocks(ItemKind::Resources, result);
        let uris: Vec<_> = read.iter().filter_map(|it| it.resource.as_ref()).map(|it| it.uri.as_str()).collect();
        assert_eq!(uris, ["a:1", "a:2", "a:3", "a:4"]);
        assert!(matches!(&read[0].body, Body::Text(text) if text.head == "x"));
        assert!(matches!(&read[1].body, Body::Media(Media { url: Some(_), size: 3, .. })));
        assert!(matches!(&read[2].body, Body::Media(Media { url: None, size: 3, .. })));
        assert_eq!(read[3].body, Body::Nothing);
        let shapes: Vec<_> = read.iter().map(|it| it.shape.name()).collect();
        assert_eq!(shapes, ["text", "image", "resource", "resource"]);
    }

    #[test]
    fn a_resource_that_was_read_is_told_by_its_type_and_an_embedded_one_is_a_resource() {
        let page = json!({ "uri": "a:1", "mimeType": "text/html; charset=utf-8", "text": "<p>" });
        let pdf = json!({ "uri": "a:2", "mimeType": "Application/PDF", "blob": "JVBERi0=" });
        let data = json!({ "uri": "a:3", "mimeType": "text/html", "blob": "QUJD" });
        let shapes = |kind: ItemKind, result: &str| -> Vec<_> {
            blocks(kind, result).iter().map(|it| it.shape.name()).collect()
        };
        let read = json!({ "contents": [page, pdf, data] }).to_string();
        assert_eq!(shapes(ItemKind::Resources, &read), ["html", "pdf", "resource"]);
        let block = |it: &serde_json::Value| json!({ "type": "resource", "resource": it });
        let embedded = json!({ "content": [block(&page), block(&pdf), block(&data)] }).to_string();
        assert_eq!(shapes(ItemKind::Tools, &embedded), ["resource", "resource", "resource"]);
    }

    #[test]
    fn every_kind_of_block_is_told() {
        let resource = |mime: &str, text: &str| json!({ "type": "resource", "resource": { "uri": "a:b", "mimeType": mime, "text": text } });
        let content = json!([
            { "type": "text", "text": "hello" },
            { "type": "text", "text": "{\"a\":1}" },
            { "type": "text", "text": "x", "annotations": { "mimeType": "text/markdown" } },
            resource("text/markdown", "x"),
            resource("text/csv", "a,b"),
            resource("application/json", "[1]"),
            resource("text/plain", "x"),
            resource("image/svg+xml", "<svg/>"),
            { "type": "image", "mimeType": "image/svg+xml", "data": "QUJD" },
            { "type": "audio", "mimeType": "audio/wav", "data": "QUJD" },
            { "type": "resource_link", "uri": "x:y", "name": "n" },
            { "type": "video" }
        ]);
        let result = json!({ "content": content, "structuredContent": { "a": 1 } }).to_string();
        let read = Content::read(ItemKind::Tools, &result);
        let shapes: Vec<_> = read.groups[0].blocks.iter().map(|it| it.shape.name()).collect();
        let expected = [
            "text",
            "json",
            "markdown",
            "markdown",
            "csv",
            "json",
            "resource",
            "svg",
            "svg",
            "audio",
            "resource-link",
            "unknown",
        ];
        assert_eq!(shapes, expected);
        assert_eq!(read.structured.map(|it| it.shape), Some(Shape::Structured));
    }

    #[test]
    fn json_that_the_structured_content_says_as_well_is_known() {
        let repeats = |text: &str, structured: &str| {
            let result =
                format!(r#"{{"content":[{{"type":"text","text":{}}}],"structuredContent":{structured}}}"#, json!(text));
            blocks(ItemKind::Tools, &result)[0].repeats
        };
        assert!(repeats("{\n  \"a\": [1]\n}", r#"{"a":[1]}"#));
        // A list is wrapped by some servers.
        assert!(repeats("[1, 2]", r#"{"result":[1,2]}"#));
        assert!(!repeats("{\"a\":[2]}", r#"{"a":[1]}"#));
        assert!(!repeats("a", r#"{"result":"a"}"#));
    }

    #[test]
    fn a_prompt_has_messages_with_one_block_or_several() {
        let result = r#"{"messages":[{"role":"user","content":{"type":"text","text":"a"}},{"role":"assistant","content":[{"type":"text","text":"b"},{"type":"resource_link","uri":"x:y","name":"n"}]}]}"#;
        let read = Content::read(ItemKind::Prompts, result);
        let roles: Vec<_> = read.groups.iter().map(|it| (it.role.as_deref(), it.blocks.len())).collect();
        assert_eq!(roles, [(Some("user"), 1), (Some("assistant"), 2)]);
    }

    #[test]
    fn structured_content_is_a_span_of_the_result() {
        let result = r#"{"content":[],"structuredContent": {"a" : 1}}"#;
        let structured = Content::read(ItemKind::Tools, result).structured.expect("there");
        assert_eq!(&*structured.source(result), r#"{"a" : 1}"#);
    }

    #[test]
    fn very_many_blocks_are_counted_and_not_shown() {
        let result = format!(r#"{{"content":[{}1]}}"#, "1,".repeat(999));
        let read = Content::read(ItemKind::Tools, &result);
        assert_eq!((read.groups[0].blocks.len(), read.left_out), (BLOCKS, 1000 - BLOCKS));
    }

    #[test]
    fn an_error_is_an_object_again() {
        let error = RpcError { code: -3, message: "a\"b".to_owned(), data: Some("[ 1.0 ]".into()) };
        assert_eq!(&*error_text(&error), r#"{"code":-3,"message":"a\"b","data":[ 1.0 ]}"#);
        assert_eq!(&*error_text(&RpcError { data: None, ..error }), r#"{"code":-3,"message":"a\"b"}"#);
    }
}
