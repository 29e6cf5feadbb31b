//! Reads results as leniently as they can be read.

use super::shape::{Shape, essence};
use super::{Annotation, Block, Body, Content, Excerpt, Group, Link, Media, Named};
use crate::base::text::prefix;
use crate::json::members::Members;
use crate::json::outline::node::Span;
use crate::json::same::same;
use crate::mcp::model::{ItemKind, noted};
use serde_json::value::RawValue;

/// How many blocks are shown.
pub(super) const BLOCKS: usize = 100;
/// The longest base64 text that is shown as an image or a sound.
const MEDIA: usize = 12 << 20;
/// As much of an annotation is shown, in bytes.
const NOTE: usize = 300;
/// The annotations of a block (MCP, "Annotations").
const ANNOTATIONS: [&str; 3] = ["audience", "priority", "lastModified"];

/// Types that a browser draws without running anything of them. Scripts in an SVG do not run within `img`.
const IMAGES: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

impl Content {
    pub fn read(kind: ItemKind, result: &str) -> Self {
        let Some(raw) = Members::of(result) else { return Self::default() };
        let mut left = BLOCKS;
        let mut reader = Reader { result, left: &mut left, left_out: 0 };
        let groups = match kind {
            ItemKind::Tools => vec![Group { role: None, blocks: reader.blocks(raw.value("content"), Reader::block) }],
            ItemKind::Resources | ItemKind::Templates => {
                vec![Group { role: None, blocks: reader.blocks(raw.value("contents"), Reader::content) }]
            }
            ItemKind::Prompts => reader.messages(raw.list("messages").unwrap_or_default()),
        };
        let left_out = reader.left_out;
        let structured = raw.value("structuredContent").map(RawValue::get);
        let mut read = Self { groups, left_out, structured: structured.and_then(|it| reader.structured(it)) };
        if let Some(structured) = structured {
            read.compare(result, structured);
        }
        read
    }

    /// Finds the JSON that is there twice: as a text, for clients of revisions without structured content.
    fn compare(&mut self, result: &str, structured: &str) {
        let wrapped = Members::of(structured).and_then(|it| it.get("result"));
        let blocks = self.groups.iter_mut().flat_map(|it| &mut it.blocks);
        for block in blocks.filter(|it| it.shape == Shape::Json) {
            let text = block.source(result);
            block.repeats = same(&text, structured) || wrapped.is_some_and(|it| same(&text, it));
        }
    }
}

struct Reader<'a, 'b> {
    result: &'a str,
    left: &'b mut usize,
    left_out: usize,
}

impl<'a> Reader<'a, '_> {
    /// The blocks of a list, or a block alone.
    fn blocks(&mut self, list: Option<&'a RawValue>, read: fn(&Self, &'a str) -> Option<Block>) -> Vec<Block> {
        let Some(list) = list else { return Vec::new() };
        let all = serde_json::from_str::<Vec<&'a RawValue>>(list.get()).unwrap_or_else(|_| vec![list]);
        let shown = all.len().min(*self.left);
        *self.left -= shown;
        self.left_out += all.len() - shown;
        let shown = all.into_iter().take(shown).map(RawValue::get);
        shown.filter_map(|raw| read(self, raw).or_else(|| self.unknown(raw))).collect()
    }

    fn messages(&mut self, all: Vec<&'a RawValue>) -> Vec<Group> {
        let mut groups = Vec::new();
        for raw in all {
            let Some(message) = Members::of(raw.get()) else { continue };
            if *self.left == 0 {
                self.left_out += 1;
                continue;
            }
            let blocks = self.blocks(message.value("content"), Self::block);
            groups.push(Group { role: message.shown("role"), blocks });
        }
        groups
    }

    fn block(&self, raw: &'a str) -> Option<Block> {
        let block = Members::of(raw)?;
        Some(Block { annotations: annotations(&block), ..self.bare(&block, raw)? })
    }

    fn bare(&self, block: &Members<'a>, raw: &'a str) -> Option<Block> {
        match block.read::<String>("type")?.as_str() {
            "text" => self.text(block, raw),
            "image" => self.media(raw, block.value("data")?, block.read("mimeType")?, (Shape::Image, None)),
            "audio" => self.media(raw, block.value("data")?, block.read("mimeType")?, (Shape::Audio, None)),
            "resource" => self.resource(block.get("resource")?),
            "resource_link" => {
                let link = Link {
                    uri: block.read("uri")?,
                    name: block.shown("title").or_else(|| block.shown("name")),
                    description: block.shown("description"),
                    mime: block.read("mimeType"),
                };
                self.made(raw, Shape::ResourceLink, None, Body::Link(link))
            }
            _ => None,
        }
    }

    /// A text has no media type of its own in any revision; some servers write one all the same.
    fn text(&self, block: &Members<'a>, raw: &'a str) -> Option<Block> {
        let text = self.excerpt(block.value("text")?)?;
        let noted = |name: &str| block.object(name).read::<String>("mimeType");
        let mime = block.read::<String>("mimeType").or_else(|| noted("annotations")).or_else(|| noted("_meta"));
        let shape = Shape::of_text(&text, self.result, mime.as_deref(), Shape::Text);
        self.made(raw, shape, None, Body::Text(text))
    }

    /// Of a resource that was read.
    fn content(&self, raw: &'a str) -> Option<Block> {
        let block = self.resource(raw)?;
        let mime = block.resource.as_ref().and_then(|it| it.mime.as_deref());
        let shape = block.shape.read(mime, &block.body);
        Some(Block { shape, ..block })
    }

    fn resource(&self, raw: &'a str) -> Option<Block> {
        let block = Members::of(raw)?;
        let named = Named { uri: block.shown("uri")?, mime: block.read("mimeType") };
        if let Some(text) = block.value("text").and_then(|it| self.excerpt(it)) {
            let shape = Shape::of_text(&text, self.result, named.mime.as_deref(), Shape::Resource);
            return self.made(raw, shape, Some(named), Body::Text(text));
        }
        match block.value("blob") {
            Some(blob) => self.media(raw, blob, named.mime.clone().unwrap_or_default(), (Shape::Resource, Some(named))),
            None => self.made(raw, Shape::Resource, Some(named), Body::Nothing),
        }
    }

    /// An image or a sound, alone or in a resource, which may hold other data as well.
    fn media(
        &self,
        raw: &'a str,
        data: &RawValue,
        mime: String,
        (declared, resource): (Shape, Option<Named>),
    ) -> Option<Block> {
        let short = essence(&mime);
        let (shape, is_shown) = match short {
            "image/svg+xml" => (Shape::Svg, true),
            _ if short.starts_with("image/") => (Shape::Image, IMAGES.contains(&short)),
            _ if short.starts_with("audio/") => (Shape::Audio, true),
            _ => (declared, false),
        };
        let media = self.data(data, mime, is_shown)?;
        self.made(raw, shape, resource, Body::Media(media))
    }

    fn data(&self, data: &RawValue, mime: String, is_shown: bool) -> Option<Media> {
        let span = Span::within(self.result, data.get()).filter(|_| data.get().starts_with('"'))?;
        let length = span.inside(self.result).trim_end_matches('=').len();
        if length > MEDIA {
            return Some(Media { mime, size: length / 4 * 3, url: None, data: span });
        }
        let text: String = serde_json::from_str(data.get()).ok()?;
        let is_base64 = text.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/' | b'='));
        let safe_type = mime.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'/' | b'+' | b'-' | b'.'));
        let url = (is_base64 && safe_type && is_shown).then(|| format!("data:{mime};base64,{text}"));
        Some(Media { size: text.trim_end_matches('=').len() * 3 / 4, mime, url, data: span })
    }

    fn structured(&self, raw: &'a str) -> Option<Block> {
        self.made(raw, Shape::Structured, None, Body::Text(Excerpt::plain(self.result, raw)?))
    }

    fn unknown(&self, raw: &'a str) -> Option<Block> {
        self.made(raw, Shape::Unknown, None, Body::Text(Excerpt::plain(self.result, raw)?))
    }

    fn excerpt(&self, raw: &'a RawValue) -> Option<Excerpt> {
        Excerpt::quoted(self.result, raw.get())
    }

    fn made(&self, raw: &str, shape: Shape, resource: Option<Named>, body: Body) -> Option<Block> {
        let raw = Span::within(self.result, raw)?;
        Some(Block { shape, resource, body, annotations: Vec::new(), repeats: false, raw })
    }
}

/// Those annotations that can be read.
fn annotations(block: &Members<'_>) -> Vec<Annotation> {
    let all = block.object("annotations").values();
    let one = |name: &'static str| {
        let value = noted::text(all.get(name)?)?;
        Some(Annotation { name, value: prefix(&value, NOTE).to_owned() })
    };
    ANNOTATIONS.into_iter().filter_map(one).collect()
}
