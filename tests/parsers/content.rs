//! What results hold, block by block.

use crate::given::{broken, deep, json, members, object, string, text};
use crate::{holds, holds_in_the_texts_of_the_corpus};
use flowglass::mcp::content::markdown::Document;
use flowglass::mcp::content::table::Table;
use flowglass::mcp::content::{Block, Body, Content};
use flowglass::mcp::model::ItemKind;
use proptest::collection::vec;
use proptest::prelude::{Strategy, prop_oneof};
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use serde_json::value::RawValue;
use std::sync::Arc;

fn quoted(all: &[&str]) -> BoxedStrategy<String> {
    select(all.iter().map(|it| format!("\"{it}\"")).collect::<Vec<_>>()).boxed()
}

fn block() -> BoxedStrategy<String> {
    let kind = || quoted(&["text", "image", "audio", "resource", "resource_link", "x"]);
    let data = || quoted(&["QUJD", "", "<svg>", "QUJ\\/", "\\\" onerror=", "é"]);
    let mime =
        || quoted(&["image/png", "image/svg+xml", "text/html", "audio/x", "audio/x;a", "image/png,\\u003cscript"]);
    let inner =
        object(vec![("uri", string().boxed()), ("text", string().boxed()), ("blob", data()), ("mimeType", mime())]);
    object(vec![
        ("type", kind()),
        ("text", string().boxed()),
        ("data", data()),
        ("mimeType", mime()),
        ("resource", inner),
        ("uri", string().boxed()),
        ("blob", data()),
    ])
}

fn result() -> BoxedStrategy<String> {
    let list =
        || vec(prop_oneof![4 => block(), 1 => json()], 0..5).prop_map(|it| format!("[{}]", it.join(","))).boxed();
    let message = object(vec![("role", string().boxed()), ("content", prop_oneof![block(), list()].boxed())]);
    let messages = vec(message, 0..4).prop_map(|it| format!("[{}]", it.join(",")));
    object(vec![
        ("content", list()),
        ("contents", list()),
        ("messages", messages.boxed()),
        ("structuredContent", json()),
    ])
}

/// A URL that a page may draw: of a type that is drawn, with nothing but base64 in it.
fn is_drawn(url: &str) -> bool {
    let (mime, data) = url.strip_prefix("data:").and_then(|it| it.split_once(";base64,")).expect("a data: URL");
    let plain = |it: char| it.is_ascii_alphanumeric() || "+/=".contains(it);
    (mime.starts_with("image/") || mime.starts_with("audio/"))
        && !mime.contains([',', ';', '"'])
        && data.chars().all(plain)
}

fn check(block: &Block, result: &str) {
    match &block.body {
        Body::Text(it) => {
            let all = it.all(result);
            assert!(all.starts_with(&it.head) && (!it.is_whole() || *all == it.head), "{all}");
        }
        Body::Media(it) => assert!(it.url.as_deref().is_none_or(is_drawn), "{it:?}"),
        Body::Link(_) | Body::Nothing => {}
    }
    assert!(block.drawing(result).as_deref().is_none_or(is_drawn), "{block:?}");
    assert!(!block.file(result).is_empty() || block.copied(result).is_empty(), "{block:?}");
    let source = block.source(result);
    Document::read(&source);
    let mut table = Table::new(Arc::clone(&source));
    while table.step(7) {}
    (0..table.rows()).for_each(|it| assert!(table.row(it).len() <= table.widths().len()));
}

/// What holds for any text: what is shown is a part of it, and of a list nothing is lost.
fn sound(text: &str) {
    for kind in ItemKind::ALL {
        let content = Content::read(kind, text);
        content.groups.iter().flat_map(|it| &it.blocks).for_each(|it| check(it, text));
        assert!(content.structured.is_none_or(|it| serde_json::from_str::<&RawValue>(&it.source(text)).is_ok()));
        let list = match kind {
            ItemKind::Tools => "content",
            ItemKind::Resources | ItemKind::Templates => "contents",
            ItemKind::Prompts => continue,
        };
        let all = members(text).unwrap_or_default();
        let count =
            all.get(list).and_then(|it| serde_json::from_str::<Vec<&RawValue>>(it.get()).ok()).map(|it| it.len());
        let shown: usize = content.groups.iter().map(|it| it.blocks.len()).sum();
        assert!(count.is_none_or(|it| it == shown + content.left_out) || content.groups.is_empty(), "{text}");
    }
}

#[test]
fn no_block_of_a_list_is_lost_and_none_is_drawn_that_must_not_be() {
    holds(prop_oneof![result(), broken(result())], |text| sound(&text));
}

#[test]
fn any_text_has_blocks_that_are_parts_of_it() {
    holds(text(), |text| sound(&text));
}

#[test]
fn the_corpus_has_blocks_that_are_parts_of_it() {
    holds_in_the_texts_of_the_corpus(sound);
    deep().iter().for_each(|text| sound(text));
}
