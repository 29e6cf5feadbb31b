//! Properties of everything that reads foreign input, on generated input and on a corpus that is kept.
//!
//! A module for each parser. What holds for any input at all (`sound`) is checked on generated input and on every
//! file below `tests/data/corpus`, whichever parser the file was meant for. The generated input is the same at every
//! run; `PROPTEST_RNG_SEED=7 PROPTEST_CASES=100000 cargo test --no-default-features --test parsers` looks further, and
//! what it finds becomes a file of the corpus.

#![cfg(not(target_arch = "wasm32"))]

mod address;
mod arguments;
mod challenge;
mod content;
mod form;
mod given;
mod json_rpc;
mod metadata;
mod mirror;
mod model;
mod outline;
mod report;
mod schema;
mod sse;
mod template;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use std::fs;
use std::path::Path;

/// Checks a property on as many values as `PROPTEST_CASES` says, else on 256.
fn holds<S: Strategy>(given: S, property: impl Fn(S::Value)) {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    let checked = TestRunner::new(config).run(&given, |value| {
        property(value);
        Ok(())
    });
    checked.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Checks a property on every file of the corpus.
fn holds_in_the_corpus(property: impl Fn(&[u8])) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/corpus");
    let folders = fs::read_dir(root).expect("a folder for each parser").map(|it| it.expect("a folder").path());
    let files = folders.flat_map(|it| fs::read_dir(it).expect("files")).map(|it| it.expect("a file").path());
    let mut count = 0;
    for file in files {
        // Shown where the property fails.
        eprintln!("{}", file.display());
        property(&fs::read(&file).expect("readable"));
        count += 1;
    }
    assert!(count > 100, "only {count} files");
}

/// The same for a parser of texts, which gets them as the page does: with U+FFFD for what is not UTF-8.
fn holds_in_the_texts_of_the_corpus(property: impl Fn(&str)) {
    holds_in_the_corpus(|bytes| property(&String::from_utf8_lossy(bytes)));
}
