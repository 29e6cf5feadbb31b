//! What the result of a call, a read or a prompt holds, block by block.
//!
//! Read leniently: what is not understood is shown as it came, and one bad block does not hide the others. Long
//! texts stay where they are, as spans of the result; only their beginning is copied.

mod reader;

use crate::jsonrpc::RpcError;
use crate::outline::node::Span;
use crate::outline::string;
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
    /// Where `structuredContent` stands.
    pub structured: Option<Span>,
}

/// The blocks of a result, or of one message of a prompt.
#[derive(Debug, PartialEq)]
pub struct Group {
    pub role: Option<String>,
    pub blocks: Vec<Block>,
}

#[derive(Debug, PartialEq)]
pub enum Block {
    Text(Excerpt),
    Image(Media),
    Audio(Media),
    /// Base64 that is neither image nor sound: its media type, and its length in bytes.
    Binary(String, usize),
    Resource {
        uri: String,
        mime: Option<String>,
        body: Option<Box<Self>>,
    },
    Link(Link),
    /// JSON of another shape.
    Unknown(Excerpt),
}

/// The beginning of a text, and where all of it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Excerpt {
    pub head: String,
    whole: Span,
    quoted: bool,
}

impl Excerpt {
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

/// An image or a sound.
#[derive(Debug, PartialEq)]
pub struct Media {
    pub mime: String,
    /// Of the data itself, in bytes.
    pub size: usize,
    /// A `data:` URL; none where the type is not one that is shown, the data is no base64, or too much.
    pub url: Option<String>,
}

/// A resource that is named but not included.
#[derive(Debug, PartialEq)]
pub struct Link {
    pub uri: String,
    pub name: Option<String>,
    pub description: Option<String>,
    pub mime: Option<String>,
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
    use crate::mcp::model::Kind;

    fn blocks(kind: Kind, result: &str) -> Vec<Block> {
        Content::read(kind, result).groups.into_iter().flat_map(|it| it.blocks).collect()
    }

    #[test]
    fn one_bad_block_does_not_hide_the_others() {
        let result = r#"{"content":[{"type":"text","text":"a\nb"},{"type":"text"},7,{"type":"new","x":[1]},{"type":"text","text":"c"}]}"#;
        let read = blocks(Kind::Tools, result).into_iter().map(|it| match it {
            Block::Text(it) => it.head,
            Block::Unknown(it) => format!("raw {}", it.head),
            other => format!("{other:?}"),
        });
        let read: Vec<_> = read.collect();
        assert_eq!(read, ["a\nb", r#"raw {"type":"text"}"#, "raw 7", r#"raw {"type":"new","x":[1]}"#, "c"]);
    }

    #[test]
    fn what_is_no_result_has_no_blocks() {
        for result in ["", "3", "[]", "null", "{}", r#"{"content":null}"#] {
            let read = Content::read(Kind::Tools, result);
            assert_eq!(read.structured, None);
            assert!(read.groups.iter().all(|it| it.blocks.len() <= 1), "{result}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters_and_can_be_had_whole() {
        let long = "é\\n".repeat(10_000);
        let result = format!(r#"{{"content":[{{"type":"text","text":"{long}"}}]}}"#);
        let read = blocks(Kind::Tools, &result);
        let [Block::Text(excerpt)] = read.as_slice() else { panic!("{}", read.len()) };
        assert!(!excerpt.is_whole() && excerpt.head.starts_with("é\n") && excerpt.head.len() <= HEAD);
        assert_eq!(&*excerpt.all(&result), "é\n".repeat(10_000));
    }

    #[test]
    fn images_are_shown_only_as_safe_types_and_real_base64() {
        let image = |mime: &str, data: &str| {
            let result = format!(r#"{{"content":[{{"type":"image","mimeType":"{mime}","data":"{data}"}}]}}"#);
            match blocks(Kind::Tools, &result).pop() {
                Some(Block::Image(media)) => media.url,
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
        let read = blocks(Kind::Resources, result).into_iter().map(|it| match it {
            Block::Resource { uri, body, .. } => (uri, body.map(|it| *it)),
            other => panic!("{other:?}"),
        });
        let read: Vec<_> = read.collect();
        assert!(matches!(&read[0], (uri, Some(Block::Text(text))) if uri == "a:1" && text.head == "x"));
        assert!(matches!(&read[1].1, Some(Block::Image(Media { url: Some(_), size: 3, .. }))));
        assert_eq!(read[2].1, Some(Block::Binary(String::new(), 3)));
        assert_eq!(read[3].1, None);
    }

    #[test]
    fn a_prompt_has_messages_with_one_block_or_several() {
        let result = r#"{"messages":[{"role":"user","content":{"type":"text","text":"a"}},{"role":"assistant","content":[{"type":"text","text":"b"},{"type":"resource_link","uri":"x:y","name":"n"}]}]}"#;
        let read = Content::read(Kind::Prompts, result);
        let roles: Vec<_> = read.groups.iter().map(|it| (it.role.as_deref(), it.blocks.len())).collect();
        assert_eq!(roles, [(Some("user"), 1), (Some("assistant"), 2)]);
    }

    #[test]
    fn structured_content_is_a_span_of_the_result() {
        let result = r#"{"content":[],"structuredContent": {"a" : 1}}"#;
        let structured = Content::read(Kind::Tools, result).structured.expect("there");
        assert_eq!(structured.of(result), r#"{"a" : 1}"#);
    }

    #[test]
    fn very_many_blocks_are_counted_and_not_shown() {
        let result = format!(r#"{{"content":[{}1]}}"#, "1,".repeat(999));
        let read = Content::read(Kind::Tools, &result);
        assert_eq!((read.groups[0].blocks.len(), read.left_out), (BLOCKS, 1000 - BLOCKS));
    }

    #[test]
    fn an_error_is_an_object_again() {
        let error = RpcError { code: -3, message: "a\"b".to_owned(), data: Some("[ 1.0 ]".into()) };
        assert_eq!(&*error_text(&error), r#"{"code":-3,"message":"a\"b","data":[ 1.0 ]}"#);
        assert_eq!(&*error_text(&RpcError { data: None, ..error }), r#"{"code":-3,"message":"a\"b"}"#);
    }
}
