//! What a file names of other modules and crates: in `use`, in paths, and in what macros are given.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItemFn, ItemExternCrate, ItemFn, ItemImpl, ItemMod, ItemUse, Macro, MetaList, Path, UseTree};

use crate::source::{self, Source};

/// A path of more than one name, as it is written after `crate` is known: `crate::http::Request`.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Where its second name stands, which tells the members of a group apart.
    pub line: usize,
    pub path: Vec<String>,
    pub in_test: bool,
}

impl Import {
    /// The module of the root that it leads to.
    pub fn room(&self) -> Option<&str> {
        match self.path.as_slice() {
            [root, room, ..] if root == "crate" => Some(room),
            _ => None,
        }
    }
}

/// In the order of the text, once each time.
pub fn of(source: &Source) -> Vec<Import> {
    let mut reader = Reader { module: source.module(), in_test: source.is_test, found: Vec::new() };
    reader.visit_file(&source.file);
    reader.found
}

struct Reader {
    /// Where it is: `super` and `self` are told by it.
    module: Vec<String>,
    in_test: bool,
    found: Vec<Import>,
}

impl Reader {
    fn name(&mut self, names: &[Ident]) {
        let Some(told) = names.get(1).or(names.first()) else { return };
        let line = told.span().start().line;
        let names: Vec<String> = names.iter().map(Ident::to_string).collect();
        self.found.push(Import { line, path: self.absolute(&names), in_test: self.in_test });
    }

    /// With `crate` for what leads into this crate.
    fn absolute(&self, names: &[String]) -> Vec<String> {
        let ups = names.iter().take_while(|name| *name == "super" || *name == "self").count();
        let supers = names[..ups].iter().filter(|name| *name == "super").count();
        let root = || "crate".to_owned();
        match names.split_first() {
            Some((first, rest)) if first == "crate" || first == "flowglass" => {
                std::iter::once(root()).chain(rest.iter().cloned()).collect()
            }
            Some(_) if ups > 0 => {
                let stays = &self.module[..self.module.len().saturating_sub(supers)];
                std::iter::once(root()).chain(stays.iter().chain(&names[ups..]).cloned()).collect()
            }
            _ => names.to_vec(),
        }
    }

    fn tree(&mut self, before: &[Ident], tree: &UseTree) {
        let with = |name: &Ident| before.iter().chain([name]).cloned().collect::<Vec<_>>();
        match tree {
            UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            UseTree::Name(name) if name.ident == "self" => self.name(before),
            UseTree::Name(name) => self.name(&with(&name.ident)),
            UseTree::Rename(name) => self.name(&with(&name.ident)),
            UseTree::Glob(_) => self.name(before),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(before, tree)),
        }
    }

    /// Macros take what they like: every `a::b` in it is taken for a path.
    fn tokens(&mut self, tokens: TokenStream) {
        let (mut names, mut colons) = (Vec::new(), 0);
        for token in tokens {
            match token {
                TokenTree::Punct(mark) if mark.as_char() == ':' && !names.is_empty() => colons += 1,
                TokenTree::Ident(name) if colons == 2 => {
                    names.push(name);
                    colons = 0;
                }
                other => {
                    self.path(&names);
                    (names, colons) = (Vec::new(), 0);
                    match other {
                        TokenTree::Ident(name) => names.push(name),
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        _ => {}
                    }
                }
            }
        }
        self.path(&names);
    }

    /// A name alone says nothing of where it comes from.
    fn path(&mut self, names: &[Ident]) {
        if names.len() > 1 {
            self.name(names);
        }
    }

    fn within(&mut self, attributes: &[Attribute], visit: impl FnOnce(&mut Self)) {
        let before = self.in_test;
        self.in_test |= source::is_for_tests(attributes);
        visit(self);
        self.in_test = before;
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.within(&item.attrs, |this| this.tree(&[], &item.tree));
    }

    fn visit_item_extern_crate(&mut self, item: &'ast ItemExternCrate) {
        self.name(std::slice::from_ref(&item.ident));
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.module.push(item.ident.to_string());
        self.within(&item.attrs, |this| visit::visit_item_mod(this, item));
        self.module.pop();
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.within(&item.attrs, |this| visit::visit_item_fn(this, item));
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        self.within(&item.attrs, |this| visit::visit_item_impl(this, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.within(&item.attrs, |this| visit::visit_impl_item_fn(this, item));
    }

    fn visit_path(&mut self, path: &'ast Path) {
        self.path(&path.segments.iter().map(|segment| segment.ident.clone()).collect::<Vec<_>>());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }

    fn visit_meta_list(&mut self, list: &'ast MetaList) {
        self.tokens(list.tokens.clone());
        visit::visit_meta_list(self, list);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(name: &str, text: &str) -> Vec<Import> {
        of(&Source::parse(name, text).unwrap())
    }

    fn paths(name: &str, text: &str) -> Vec<String> {
        imports(name, text).into_iter().map(|it| it.path.join("::")).collect()
    }

    #[test]
    fn a_group_is_as_many_imports() {
        let text = "use crate::{http::{self, Head}, trace::*, why as reason};";
        assert_eq!(paths("a.rs", text), ["crate::http", "crate::http::Head", "crate::trace", "crate::why"]);
    }

    #[test]
    fn a_path_counts_wherever_it_stands() {
        for text in [
            "fn f(a: crate::b::C) {}",
            "fn f() { crate::b::C }",
            "fn f() { v!(1, [crate::b::C]) }",
            "#[x(crate::b::C)] fn f() {}",
            "type A = Vec<crate::b::C>;",
            "use flowglass::b::C;",
        ] {
            assert_eq!(paths("a.rs", text), ["crate::b::C"], "{text}");
        }
    }

    #[test]
    fn what_is_relative_is_told_by_the_place() {
        assert_eq!(
            paths("oauth/flow.rs", "use super::token::T; use self::x::Y;"),
            ["crate::oauth::token::T", "crate::oauth::flow::x::Y",]
        );
        assert_eq!(paths("oauth/flow.rs", "mod m { use super::super::super::http::H; }"), ["crate::http::H"]);
    }

    #[test]
    fn names_alone_are_no_imports() {
        for text in ["fn f() { let gloo = \"a::b\"; v!(gloo: 1, a :b) }", "// crate::a::b", "#[inline] fn f(a: b) {}"] {
            assert_eq!(paths("a.rs", text), [""; 0], "{text}");
        }
    }

    #[test]
    fn tests_are_told_apart() {
        let text = "use crate::a::A; #[cfg(test)] mod tests { use crate::b::B; } #[cfg(test)] use crate::c::C; use crate::d::D;";
        let in_test: Vec<bool> = imports("x.rs", text).iter().map(|it| it.in_test).collect();
        assert_eq!(in_test, [false, true, true, false]);
    }
}
