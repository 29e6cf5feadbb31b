//! What is copied and downloaded of a block.

use super::shape::{Shape, essence};
use super::{Block, Body, Media};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::sync::Arc;

/// Servers leave the padding away.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// How a PDF begins.
const PDF: &[u8] = b"%PDF-";

/// Endings of file names by media type.
const ENDINGS: [(&str, &str); 16] = [
    ("image/png", "png"),
    ("image/jpeg", "jpg"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/avif", "avif"),
    ("image/svg+xml", "svg"),
    ("audio/wav", "wav"),
    ("audio/mpeg", "mp3"),
    ("audio/ogg", "ogg"),
    ("application/json", "json"),
    ("application/pdf", "pdf"),
    ("application/zip", "zip"),
    ("application/gzip", "gz"),
    ("text/csv", "csv"),
    ("text/html", "html"),
    ("text/markdown", "md"),
];

impl Media {
    /// The base64 as it was received, without what JSON adds.
    pub fn base64(&self, result: &str) -> String {
        self.data.inside(result).replace('\\', "")
    }

    /// The data; `None` where it is no base64.
    pub fn bytes(&self, result: &str) -> Option<Vec<u8>> {
        LENIENT.decode(self.base64(result)).ok()
    }
}

impl Block {
    /// The text of it: of an SVG its XML, of what has no text the JSON as received.
    pub fn source(&self, result: &str) -> Arc<str> {
        match &self.body {
            Body::Text(text) => text.all(result),
            Body::Media(media) if self.shape == Shape::Svg => match media.bytes(result) {
                Some(bytes) => String::from_utf8_lossy(&bytes).into(),
                None => media.base64(result).into(),
            },
            _ => self.raw.of(result).into(),
        }
    }

    /// What is copied: the text, the base64, or the URI of a link.
    pub fn copied(&self, result: &str) -> String {
        match &self.body {
            Body::Media(media) if self.shape != Shape::Svg => media.base64(result),
            Body::Link(link) => link.uri.clone(),
            _ => self.source(result).to_string(),
        }
    }

    /// What is downloaded: the data, or the text.
    pub fn file(&self, result: &str) -> Vec<u8> {
        let data = match &self.body {
            Body::Media(media) => media.bytes(result),
            _ => None,
        };
        data.unwrap_or_else(|| self.source(result).as_bytes().to_vec())
    }

    /// The ending of its file, by its shape or its media type.
    pub fn ending(&self) -> &'static str {
        match self.shape {
            Shape::Markdown => "md",
            Shape::Csv => "csv",
            Shape::Svg => "svg",
            Shape::Html => "html",
            Shape::Pdf => "pdf",
            Shape::Json | Shape::Structured | Shape::Unknown | Shape::ResourceLink => "json",
            _ => self.ending_by_type(),
        }
    }

    fn ending_by_type(&self) -> &'static str {
        let mime = match &self.body {
            Body::Media(media) => Some(media.mime.as_str()),
            _ => self.resource.as_ref().and_then(|it| it.mime.as_deref()),
        };
        let known = mime.and_then(|mime| ENDINGS.into_iter().find(|(it, _)| *it == essence(mime)));
        match (known, &self.body) {
            (Some((_, ending)), _) => ending,
            (None, Body::Text(_)) => "txt",
            (None, Body::Nothing) => "json",
            (None, _) => "bin",
        }
    }

    /// What it is drawn as: an embedded page or PDF like one that was read, with the name of a resource.
    pub fn drawn(&self) -> Shape {
        let mime = self.resource.as_ref().and_then(|it| it.mime.as_deref());
        match self.shape.read(mime, &self.body) {
            shape @ (Shape::Html | Shape::Pdf) => shape,
            _ => self.shape,
        }
    }

    /// A PDF, where the data begins as one does (ISO 32000-1 §7.5.2).
    pub fn pdf(&self, result: &str) -> Option<Vec<u8>> {
        match &self.body {
            Body::Media(media) if self.drawn() == Shape::Pdf => media.bytes(result).filter(|it| it.starts_with(PDF)),
            _ => None,
        }
    }

    /// A `data:` URL for `<img>`, in which an SVG runs no script and loads nothing.
    pub fn drawing(&self, result: &str) -> Option<String> {
        match &self.body {
            Body::Media(media) => media.url.clone(),
            Body::Text(text) if self.shape == Shape::Svg => {
                Some(format!("data:image/svg+xml;base64,{}", LENIENT.encode(text.all(result).as_bytes())))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::mcp::content::Content;
    use crate::mcp::model::ItemKind;
    use serde_json::{Value, json};

    fn taken(block: Value) -> (String, Vec<u8>, &'static str) {
        let result = json!({ "content": [block] }).to_string();
        let block = Content::read(ItemKind::Tools, &result).groups.remove(0).blocks.remove(0);
        (block.copied(&result), block.file(&result), block.ending())
    }

    #[test]
    fn what_is_taken_is_what_was_sent() {
        let text = taken(json!({ "type": "text", "text": "a\n\"b\"" }));
        assert_eq!(text, ("a\n\"b\"".to_owned(), b"a\n\"b\"".to_vec(), "txt"));
        let image = taken(json!({ "type": "image", "mimeType": "image/png", "data": "QUI" }));
        assert_eq!(image, ("QUI".to_owned(), b"AB".to_vec(), "png"));
        let svg = taken(json!({ "type": "image", "mimeType": "image/svg+xml", "data": "PHN2Zy8+" }));
        assert_eq!(svg, ("<svg/>".to_owned(), b"<svg/>".to_vec(), "svg"));
        let link = taken(json!({ "type": "resource_link", "uri": "x:y", "name": "n" }));
        assert_eq!((link.0.as_str(), link.2), ("x:y", "json"));
        let pdf = json!({ "uri": "a:b", "mimeType": "application/pdf", "blob": "QUI=" });
        assert_eq!(taken(json!({ "type": "resource", "resource": pdf })), ("QUI=".to_owned(), b"AB".to_vec(), "pdf"));
        let unknown = taken(json!({ "type": "new" }));
        assert_eq!(unknown, (r#"{"type":"new"}"#.to_owned(), br#"{"type":"new"}"#.to_vec(), "json"));
    }

    #[test]
    fn a_pdf_is_one_by_its_first_bytes_too() {
        let pdf = |blob: &str| {
            let resource = json!({ "uri": "a:b", "mimeType": "application/pdf", "blob": blob });
            let result = json!({ "contents": [resource] }).to_string();
            let block = Content::read(ItemKind::Resources, &result).groups.remove(0).blocks.remove(0);
            (block.pdf(&result), block.ending())
        };
        assert_eq!(pdf("JVBERi0xLjQ="), (Some(b"%PDF-1.4".to_vec()), "pdf"));
        assert_eq!(pdf("PGgxPg==").0, None);
    }

    #[test]
    fn an_svg_in_a_text_is_drawn_as_an_image_too() {
        let resource = json!({ "uri": "a:b", "mimeType": "image/svg+xml", "text": "<svg/>" });
        let result = json!({ "contents": [resource] }).to_string();
        let block = Content::read(ItemKind::Resources, &result).groups.remove(0).blocks.remove(0);
        assert_eq!(block.drawing(&result).as_deref(), Some("data:image/svg+xml;base64,PHN2Zy8+"));
    }
}
