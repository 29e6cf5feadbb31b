//! JSON as rows, and any text as rows.

use crate::given::{broken, json, text, tree};
use crate::{holds, holds_in_the_texts_of_the_corpus};
use flowglass::json::outline::Outline;
use flowglass::json::outline::node::NodeKind;
use flowglass::json::outline::raw::RawText;
use flowglass::json::path::Path;
use flowglass::json::same::same;
use flowglass::json::search::Search;
use proptest::prelude::{Strategy, any, prop_oneof};

/// A text of the corpus may be nested so deeply that its rows have no end.
const ROWS: usize = 300;

fn open(text: &str) -> Outline {
    let mut outline = Outline::new(text.into());
    let mut index = 0;
    while outline.rows() < ROWS
        && let Some(row) = outline.row(index)
    {
        if row.expandable && !row.expanded {
            outline.toggle(index);
        }
        index += 1;
    }
    outline
}

/// What holds for any text: every row is a part of it, and closing the first row closes all.
fn sound(text: &str) {
    let mut outline = open(text);
    for index in 0..outline.rows() {
        let row = outline.row(index).expect("a row");
        let part = outline.text_of(index).expect("a text");
        assert!(row.kind == NodeKind::TextLine || text.contains(&*part), "{text}");
        let pointer = outline.path(index).expect("a path").pointer();
        assert!(pointer.is_empty() || pointer.starts_with('/'));
        assert!(row.depth == 0 || index > 0);
    }
    if outline.row(0).is_some_and(|it| it.expanded) {
        outline.toggle(0);
        assert_eq!(outline.rows(), 1);
    }
    assert!(outline.row(outline.rows()).is_none());
}

/// The rows of a text, joined, are the text.
fn whole(text: &str, columns: usize) {
    let raw = RawText::new(text.into(), columns);
    let rows: Vec<_> = (0..raw.rows()).map(|index| raw.row(index)).collect();
    assert_eq!(rows.concat(), text);
    assert!(rows.iter().all(|row| row.trim_end_matches('\n').chars().count() <= columns.max(1)));
}

/// Every place has a path that ends, and what is found, with what stands between it, is the text.
fn searched(text: &str) {
    for byte in (0..=text.len()).step_by(text.len() / 50 + 1) {
        Path::at(text, byte);
    }
    let mut search = Search::new(text.into(), "a").expect("a text");
    while search.step(7) {}
    let bytes: usize = search.pieces(0..text.len(), 0).iter().map(|(bytes, _)| bytes.len()).sum();
    assert_eq!(bytes, text.len());
    assert!((0..search.count()).all(|it| search.hit(it).is_some_and(|it| text[it].eq_ignore_ascii_case("a"))));
    assert!(same(text, text));
}

#[test]
fn rows_lead_to_the_values_of_the_tree() {
    holds(tree(), |value| {
        let outline = open(&value.to_string());
        for index in 0..outline.rows() {
            let path = outline.path(index).expect("a path");
            let at = value.pointer(&path.pointer()).expect("a value");
            let row = outline.row(index).expect("a row");
            let text = outline.text_of(index).expect("a text");
            assert!(row.kind == NodeKind::TextLine || text == *at.to_string(), "{text}");
        }
    });
}

#[test]
fn any_text_has_rows_that_are_parts_of_it() {
    holds(
        (prop_oneof![text(), json(), broken(json().prop_map(|it| format!("[{it}")))], any::<u8>()),
        |(text, columns)| {
            sound(&text);
            whole(&text, columns.into());
            searched(&text);
        },
    );
}

#[test]
fn the_corpus_has_rows_that_are_parts_of_it() {
    holds_in_the_texts_of_the_corpus(|text| {
        sound(text);
        whole(text, 80);
    });
}
