//! A schema within its document: what is asked of one value. It is read when it is drawn, so that a schema which leads
//! back to itself costs nothing before somebody opens it.

use super::keywords::Schema;
use super::part::Part;
use crate::json::outline::node::Span;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// How many bytes of a document are read for the sake of references that were not followed before.
const BYTES: usize = 16 << 20;

/// A document, and where its references lead. Nothing is ever fetched.
#[derive(Debug)]
pub struct Document {
    text: Box<str>,
    followed: Mutex<Followed>,
}

/// The references that were followed, and how much may still be read for others.
#[derive(Debug)]
struct Followed {
    targets: BTreeMap<String, Option<Span>>,
    left: usize,
}

/// One schema, or several that all count for a value: what stands first says most.
#[derive(Clone, Debug)]
pub struct Spec {
    document: Arc<Document>,
    spans: Vec<Span>,
    /// How many of them offer choices; of the others one was chosen.
    open: usize,
    /// The one type that is left of several.
    only: Option<String>,
}

impl PartialEq for Spec {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.document, &other.document)
            && self.spans == other.spans
            && self.only == other.only
            && self.open == other.open
    }
}

impl Document {
    /// The schema that a reference of this document's leads to.
    pub fn target<'a>(&'a self, schema: &Schema<'a>) -> Option<Schema<'a>> {
        let reference = schema.keyword::<String>("$ref")?;
        let mut followed = self.followed.lock().ok()?;
        if let Some(known) = followed.targets.get(&reference) {
            return known.and_then(|it| Schema::read(it.of(&self.text)));
        }
        followed.left = followed.left.checked_sub(self.text.len())?;
        let span = schema.target(&self.text).and_then(|it| self.span(it));
        followed.targets.insert(reference, span);
        span.and_then(|it| Schema::read(it.of(&self.text)))
    }

    /// Where a part of the text stands in it.
    fn span(&self, part: &str) -> Option<Span> {
        let start = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        Span::new(start, start + part.len()).filter(|it| it.of(&self.text).len() == part.len())
    }
}

impl Spec {
    /// A whole document.
    pub fn whole(text: &str) -> Self {
        let followed = Mutex::new(Followed { targets: BTreeMap::new(), left: BYTES });
        let document = Arc::new(Document { text: text.into(), followed });
        let spans = document.span(&document.text).into_iter().collect();
        Self { document, spans, open: 1, only: None }
    }

    /// A part of the same document.
    pub fn within(&self, part: &str) -> Self {
        let spans = self.document.span(part).into_iter().collect();
        Self { document: Arc::clone(&self.document), spans, open: 1, only: None }
    }

    /// Anything.
    pub fn anything(&self) -> Self {
        Self { document: Arc::clone(&self.document), spans: Vec::new(), open: 0, only: None }
    }

    /// The same, with one of its choices, which is a part of the document.
    pub fn choosing(&self, part: &str) -> Self {
        let mut spans: Vec<Span> = self.document.span(part).into_iter().collect();
        spans.extend(&self.spans);
        Self { document: Arc::clone(&self.document), spans, open: 1, only: self.only.clone() }
    }

    /// The same, of one type alone.
    pub fn of_type(&self, name: &str) -> Self {
        Self { only: Some(name.to_owned()), ..self.clone() }
    }

    /// All that is said of the value.
    pub fn part(&self) -> Part<'_> {
        Part::of(&self.document, self.texts(), self.open, self.only.as_deref())
    }

    /// The schemas as they are written.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.spans.iter().map(|it| it.of(&self.document.text))
    }

    /// The text of the document around it.
    pub fn document(&self) -> &str {
        &self.document.text
    }
}
