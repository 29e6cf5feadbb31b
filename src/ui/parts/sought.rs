//! What is looked for in a result, marked where a text of it is drawn.

use crate::base::text::needle::Needle;
use crate::ui::prelude::*;

/// As many hits of one text are marked.
const MOST: usize = 200;

/// What is looked for around a view. Where nothing provides it, texts are drawn as they are.
#[derive(Clone, Copy)]
pub struct Sought(pub Memo<Option<Needle>>);

/// A text of a server, with the hits in it. They are no `mark`: that is the one hit of the raw text that is gone to.
pub fn sought(text: String) -> AnyView {
    match use_context::<Sought>() {
        Some(Sought(needle)) => (move || needle.with(|it| marked(&text, it.as_ref()))).into_any(),
        None => foreign(text),
    }
}

fn marked(text: &str, needle: Option<&Needle>) -> AnyView {
    let hits = needle.map(|it| it.hits(text, MOST)).unwrap_or_default();
    let mut at = 0;
    let mut pieces = Vec::with_capacity(2 * hits.len() + 1);
    for hit in hits {
        pieces.push(piece(text, at..hit.start));
        let words = piece(text, hit.clone());
        pieces.push(view! { <span class="hit">{words}</span> }.into_any());
        at = hit.end;
    }
    pieces.push(piece(text, at..text.len()));
    pieces.collect_view().into_any()
}

fn piece(text: &str, bytes: std::ops::Range<usize>) -> AnyView {
    foreign(text.get(bytes).unwrap_or_default())
}
