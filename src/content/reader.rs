//! Reads results as leniently as they can be read.

use super::{Block, Content, Excerpt, Group, HEAD, Link, Media};
use crate::mcp::model::Kind;
use crate::outline::node::Span;
use crate::outline::string;
use crate::text::prefix;
use crate::tolerant;
use serde::Deserialize;
use serde_json::value::RawValue;

/// How many blocks are shown.
pub(super) const BLOCKS: usize = 100;
/// The longest base64 text that is shown as an image or a sound.
const MEDIA: usize = 12 << 20;

/// Types that a browser draws without running anything of them. Scripts in an SVG do not run within `img`.
const IMAGES: [&str; 6] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml"];

impl Content {
    pub fn read(kind: Kind, result: &str) -> Self {
        let Ok(raw) = serde_json::from_str::<RawResult<'_>>(result) else { return Self::default() };
        let mut left = BLOCKS;
        let mut reader = Reader { result, left: &mut left, left_out: 0 };
        let groups = match kind {
            Kind::Tools => vec![Group { role: None, blocks: reader.blocks(raw.content, Reader::block) }],
            Kind::Resources | Kind::Templates => {
                vec![Group { role: None, blocks: reader.blocks(raw.contents, Reader::resource) }]
            }
            Kind::Prompts => reader.messages(raw.messages),
        };
        let left_out = reader.left_out;
        let structured = raw.structured.and_then(|it| span(result, it.get()));
        Self { groups, left_out, structured }
    }
}

#[derive(Deserialize)]
struct RawResult<'a> {
    #[serde(borrow)]
    content: Option<&'a RawValue>,
    #[serde(borrow)]
    contents: Option<&'a RawValue>,
    #[serde(borrow)]
    messages: Option<&'a RawValue>,
    #[serde(borrow, rename = "structuredContent")]
    structured: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
struct RawBlock<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    blob: Option<&'a RawValue>,
    #[serde(borrow, rename = "mimeType")]
    mime: Option<&'a RawValue>,
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
    #[serde(borrow)]
    uri: Option<&'a RawValue>,
    #[serde(borrow)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    title: Option<&'a RawValue>,
    #[serde(borrow)]
    description: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct RawMessage<'a> {
    #[serde(borrow)]
    role: Option<&'a RawValue>,
    #[serde(borrow)]
    content: Option<&'a RawValue>,
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

    fn messages(&mut self, list: Option<&'a RawValue>) -> Vec<Group> {
        let all = list.and_then(|it| serde_json::from_str::<Vec<&'a RawValue>>(it.get()).ok()).unwrap_or_default();
        let mut groups = Vec::new();
        for raw in all {
            let Ok(message) = serde_json::from_str::<RawMessage<'a>>(raw.get()) else { continue };
            if *self.left == 0 {
                self.left_out += 1;
                continue;
            }
            let blocks = self.blocks(message.content, Self::block);
            groups.push(Group { role: text(message.role), blocks });
        }
        groups
    }

    fn block(&self, raw: &'a str) -> Option<Block> {
        let block: RawBlock<'a> = serde_json::from_str(raw).ok()?;
        match text(block.kind)?.as_str() {
            "text" => self.excerpt(block.text?).map(Block::Text),
            "image" => Some(Block::Image(media(block.data?, text(block.mime)?, |it| IMAGES.contains(&it))?)),
            "audio" => Some(Block::Audio(media(block.data?, text(block.mime)?, |it| it.starts_with("audio/"))?)),
            "resource" => self.resource(block.resource?.get()),
            "resource_link" => Some(Block::Link(Link {
                uri: text(block.uri)?,
                name: text(block.title).or_else(|| text(block.name)),
                description: text(block.description),
                mime: text(block.mime),
            })),
            _ => None,
        }
    }

    fn resource(&self, raw: &'a str) -> Option<Block> {
        let block: RawBlock<'a> = serde_json::from_str(raw).ok()?;
        let mime = text(block.mime);
        let body = match (block.text, block.blob) {
            (Some(text), _) => self.excerpt(text).map(Block::Text),
            (None, Some(blob)) => self.blob(blob, mime.clone().unwrap_or_default()),
            (None, None) => None,
        };
        Some(Block::Resource { uri: text(block.uri)?, mime, body: body.map(Box::new) })
    }

    fn blob(&self, data: &'a RawValue, mime: String) -> Option<Block> {
        if IMAGES.contains(&mime.as_str()) {
            return media(data, mime, |_| true).map(Block::Image);
        }
        if mime.starts_with("audio/") {
            return media(data, mime, |_| true).map(Block::Audio);
        }
        let span = span(self.result, data.get())?;
        Some(Block::Binary(mime, span.inside(self.result).len() / 4 * 3))
    }

    /// The beginning of a string.
    fn excerpt(&self, raw: &'a RawValue) -> Option<Excerpt> {
        if !raw.get().starts_with('"') {
            return None;
        }
        let whole = span(self.result, raw.get())?;
        let inside = whole.inside(self.result);
        let head = match inside.len() <= HEAD {
            true => string::unescape(inside),
            false => beginning(inside),
        };
        Some(Excerpt { head, whole, quoted: true })
    }

    fn unknown(&self, raw: &'a str) -> Option<Block> {
        let whole = span(self.result, raw)?;
        Some(Block::Unknown(Excerpt { head: prefix(raw, HEAD).to_owned(), whole, quoted: false }))
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

/// A member that is a string.
fn text(raw: Option<&RawValue>) -> Option<String> {
    tolerant::read(raw?.get())
}

fn media(data: &RawValue, mime: String, shown: impl Fn(&str) -> bool) -> Option<Media> {
    let length = data.get().len();
    if length > MEDIA {
        return Some(Media { mime, size: length / 4 * 3, url: None });
    }
    let data = text(Some(data))?;
    let is_base64 = data.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/' | b'='));
    let safe_type = mime.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'/' | b'+' | b'-' | b'.'));
    let url = (is_base64 && safe_type && shown(&mime)).then(|| format!("data:{mime};base64,{data}"));
    Some(Media { size: data.trim_end_matches('=').len() * 3 / 4, mime, url })
}

/// Where a part of a text stands in it.
fn span(text: &str, part: &str) -> Option<Span> {
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    Span::new(start, start + part.len()).filter(|it| it.of(text).len() == part.len())
}
