//! The longest functions, files and structs, without tests: figures, no verdict.

use std::cmp::Reverse;

use syn::visit::{self, Visit};
use syn::{Block, ImplItemFn, ItemFn, ItemMod, ItemStruct, Signature, TraitItemFn};

use crate::source::{self, Source};

/// How many of each are named.
const TOP: usize = 5;

/// What the project's style allows, in lines and in fields.
const FUNCTION: usize = 40;
const FILE: usize = 400;
const STRUCT: usize = 12;

pub fn print(sources: &[Source]) {
    let sources: Vec<&Source> = sources.iter().filter(|source| !source.is_test).collect();
    let files = sources.iter().map(|source| Entry { size: source.lines, what: format!("src/{}", source.name) });
    let mut found = Found::default();
    sources.iter().for_each(|source| found.add(source));
    table("functions", "lines", FUNCTION, found.functions);
    table("files", "lines", FILE, files.collect());
    table("structs", "fields", STRUCT, found.structs);
}

fn table(what: &str, unit: &str, most: usize, entries: Vec<Entry>) {
    let over = entries.iter().filter(|entry| entry.size > most).count();
    println!("Longest {what}, {over} of {} over {most} {unit}:", entries.len());
    longest(entries).iter().for_each(|entry| println!("{:>6}  {}", entry.size, entry.what));
}

fn longest(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by_key(|entry| Reverse(entry.size));
    entries.truncate(TOP);
    entries
}

#[derive(Debug, PartialEq)]
struct Entry {
    size: usize,
    /// Where it is, and its name.
    what: String,
}

#[derive(Default)]
struct Found {
    file: String,
    functions: Vec<Entry>,
    structs: Vec<Entry>,
}

impl Found {
    fn add(&mut self, source: &Source) {
        self.file = format!("src/{}", source.name);
        self.visit_file(&source.file);
    }

    /// From its `fn` to its last brace.
    fn function(&mut self, signature: &Signature, body: &Block) {
        let line = signature.fn_token.span.start().line;
        let size = body.brace_token.span.close().end().line + 1 - line;
        self.functions.push(Entry { size, what: format!("{}:{line} {}", self.file, signature.ident) });
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !source::is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        item.default.iter().for_each(|body| self.function(&item.sig, body));
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        let line = item.ident.span().start().line;
        self.structs.push(Entry { size: item.fields.len(), what: format!("{}:{line} {}", self.file, item.ident) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Found {
        let mut found = Found::default();
        found.add(&Source::parse("a.rs", text).unwrap());
        found
    }

    fn entry(size: usize, what: &str) -> Entry {
        Entry { size, what: what.to_owned() }
    }

    #[test]
    fn functions_are_counted_wherever_they_stand() {
        let text = "/// Says it.\n#[must_use]\npub fn f() {\n    fn g() {}\n}\nimpl A {\n  fn h(\n  ) {}\n}\ntrait T { fn i() {} fn j(); }";
        let expected = [(3, "f", 3), (1, "g", 4), (2, "h", 7), (1, "i", 10)];
        let expected = expected.map(|(size, name, line)| entry(size, &format!("src/a.rs:{line} {name}")));
        assert_eq!(found(text).functions, expected);
    }

    #[test]
    fn a_struct_is_as_long_as_it_has_fields() {
        let text = "struct A;\nstruct B(u8, u8);\nstruct C { a: u8, b: u8, c: u8 }";
        let sizes: Vec<usize> = found(text).structs.iter().map(|it| it.size).collect();
        assert_eq!(sizes, [0, 2, 3]);
    }

    #[test]
    fn tests_are_left_out() {
        let text = "#[cfg(test)] mod tests { fn f() {} struct A; } mod inside { fn g() {} }";
        assert_eq!(found(text).functions, [entry(1, "src/a.rs:1 g")]);
        assert!(found(text).structs.is_empty());
    }

    #[test]
    fn the_five_longest_come_first() {
        let entries = (0..9).map(|size| entry(size, "")).collect();
        let sizes: Vec<usize> = longest(entries).iter().map(|it| it.size).collect();
        assert_eq!(sizes, [8, 7, 6, 5, 4]);
    }
}
