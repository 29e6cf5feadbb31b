//! Reads results as leniently as they can be read.

use super::{Block, Content, Excerpt, Group, HEAD, Link, Media};
use crate::mcp::model::Kind;
use crate::members::Members;
use crate::outline::node::Span;
use crate::outline::string;
use crate::text::prefix;
use serde_json::value::RawValue;

/// How many blocks are shown.
pub(super) const BLOCKS: usize = 100;
/// The longest base64 text that is shown as an image or a sound.
const MEDIA: usize = 12 << 20;

/// Types that a browser draws without running anything of them. Scripts in an SVG do not run within `img`.
const IMAGES: [&str; 6] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml"];

impl Content {
    pub fn read(kind: Kind, result: &str) -> Self {
        let Some(raw) = Members::of(result) else { return Self::default() };
        let mut left = BLOCKS;
        let mut reader = Reader { result, left: &mut left, left_out: 0 };
        let groups = match kind {
            Kind::Tools => vec![Group { role: None, blocks: reader.blocks(raw.value("content"), Reader::block) }],
            Kind::Resources | Kind::Templates => {
                vec![Group { role: None, blocks: reader.blocks(raw.value("contents"), Reader::resource) }]
            }
            Kind::Prompts => reader.messages(raw.list("messages").unwrap_or_default()),
        };
        let left_out = reader.left_out;
        let structured = raw.value("structuredContent").and_then(|it| span(result, it.get()));
        Self { groups, left_out, structured }
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
        match block.read::<String>("type")?.as_str() {
            "text" => self.excerpt(block.value("text")?).map(Block::Text),
            "image" => {
                Some(Block::Image(media(block.value("data")?, block.read("mimeType")?, |it| IMAGES.contains(&it))?))
            }
            "audio" => {
                Some(Block::Audio(media(block.value("data")?, block.read("mimeType")?, |it| it.starts_with("audio/"))?))
            }
            "resource" => self.resource(block.get("resource")?),
            "resource_link" => Some(Block::Link(Link {
                uri: block.read("uri")?,
                name: block.shown("title").or_else(|| block.shown("name")),
                description: block.shown("description"),
                mime: block.read("mimeType"),
            })),
            _ => None,
        }
    }

    fn resource(&self, raw: &'a str) -> Option<Block> {
        let block = Members::of(raw)?;
        let mime: Option<String> = block.read("mimeType");
        let body = match (block.value("text"), block.value("blob")) {
            (Some(text), _) => self.excerpt(text).map(Block::Text),
            (None, Some(blob)) => self.blob(blob, mime.clone().unwrap_or_default()),
            (None, None) => None,
        };
        Some(Block::Resource { uri: block.shown("uri")?, mime, body: body.map(Box::new) })
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

fn media(data: &RawValue, mime: String, shown: impl Fn(&str) -> bool) -> Option<Media> {
    let length = data.get().len();
    if length > MEDIA {
        return Some(Media { mime, size: length / 4 * 3, url: None });
    }
    let data: String = serde_json::from_str(data.get()).ok()?;
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
