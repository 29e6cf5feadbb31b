//! Every requirement on a client has a test that is named after it: the table of `tests/data/requirements.txt` names
//! the tests, and this file looks whether they are there.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The numbers of each section, from the first to the last; those between that are in use stand in the table.
const SECTIONS: [(&str, u32, u32); 5] = [("A", 1, 71), ("B", 1, 46), ("C", 1, 8), ("D", 1, 82), ("E", 40, 71)];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn table() -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("tests/data/requirements.txt")).expect("the table");
    let rows = text.lines().filter(|it| !it.is_empty() && !it.starts_with('#'));
    rows.map(|it| it.split_once(' ').map(|(id, by)| (id.to_owned(), by.trim().to_owned())).expect(it)).collect()
}

/// All Rust files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|it| it.expect("an entry").path());
    let files = entries.flat_map(|it| if it.is_dir() { sources(&it) } else { vec![it] });
    files.filter(|it| it.extension().is_some_and(|it| it == "rs")).collect()
}

/// The names of all functions that are tests and run.
fn tests() -> BTreeSet<String> {
    let files = ["src", "tests"].into_iter().flat_map(|it| sources(&root().join(it)));
    files.flat_map(|file| tests_in(&fs::read_to_string(file).expect("a source"))).collect()
}

fn tests_in(source: &str) -> Vec<String> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let functions = lines.windows(2).filter(|it| it[0] == "#[test]").filter_map(|it| it[1].strip_prefix("fn "));
    functions.filter_map(|it| Some(it.split_once('(')?.0.to_owned())).collect()
}

/// What is wrong with a row.
fn fault(id: &str, by: &str, tests: &BTreeSet<String>) -> Option<&'static str> {
    let named = id.to_ascii_lowercase().replace('-', "_");
    match by.split_once(' ') {
        Some(("platform:", why)) => why.is_empty().then_some("has no reason"),
        Some(("e2e", place)) => {
            let (file, title) = place.split_once(": ").unwrap_or_default();
            let spec = fs::read_to_string(root().join("tests/e2e/specs").join(file)).unwrap_or_default();
            let there = !title.is_empty() && spec.contains(title);
            (!there).then_some("is not in that file")
        }
        Some(_) => Some("is not a row that can be read"),
        None if by == "server" => None,
        None if !tests.contains(by) => Some("is not there, or is no test that runs"),
        None => (!format!("_{by}").contains(&format!("_{named}_"))).then_some("does not name the requirement"),
    }
}

#[test]
fn each_requirement_has_a_test_that_names_it() {
    let tests = tests();
    let rows = table();
    let faults = rows.iter().filter_map(|(id, by)| Some(format!("{id}: {by} {}", fault(id, by, &tests)?)));
    assert_eq!(faults.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn the_table_has_each_requirement_once_and_in_order() {
    let ids: Vec<String> = table().into_iter().map(|(id, _)| id).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    for (section, first, last) in SECTIONS {
        for end in [first, last] {
            assert!(ids.contains(&format!("{section}-{end:02}")), "{section}-{end:02}");
        }
    }
}

/// A test whose name begins with a requirement is that requirement's, so the requirement is in the table.
#[test]
fn what_tests_name_is_in_the_table() {
    let ids: BTreeSet<String> = table().into_iter().map(|(id, _)| id).collect();
    let sections = |id: &str| {
        SECTIONS.iter().any(|(section, first, last)| {
            let number = id.get(2..).and_then(|it| it.parse().ok()).unwrap_or(0);
            id.starts_with(section) && (*first..=*last).contains(&number)
        })
    };
    for test in tests() {
        let (section, rest) = test.split_once('_').unwrap_or_default();
        let number = rest.split('_').next().unwrap_or_default();
        if section.len() == 1 && number.len() == 2 && number.bytes().all(|it| it.is_ascii_digit()) {
            let id = format!("{}-{number}", section.to_ascii_uppercase());
            assert!(ids.contains(&id) || !sections(&id), "{id} has a test, {test}, and no row in the table");
        }
    }
}
