//! Texts use the terms of the specifications: no literal of `src/` and no line of the golden file of all texts has a
//! phrase that `tests/data/banned.txt` lists.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ItemFn, ItemMod, LitStr, Macro};

use crate::error::Error;
use crate::project::Project;
use crate::source::{self, Source};

const LIST: &str = "tests/data/banned.txt";
const GOLDEN: &str = "tests/data/words.txt";

/// Attributes that hold no text, of elements and of items: comments of the documentation are `doc`.
const NO_TEXT: [&str; 8] = ["doc", "class", "id", "testid", "for", "controls", "describedby", "labelledby"];

pub fn check(project: &Project, sources: &[Source]) -> Result<(), Error> {
    let terms = Terms::parse(&project.read(LIST)?);
    let golden = lines(&project.read(GOLDEN)?);
    let all = sources.iter().flat_map(of_source).chain(golden);
    let found: Vec<String> = all.flat_map(|it| terms.told(&it)).collect();
    found.iter().for_each(|line| println!("{line}"));
    println!("Banned phrases in texts: {}", found.len());
    if found.is_empty() { Ok(()) } else { Err(Error::Texts { phrases: found.len() }) }
}

/// A text, and where it stands.
struct Text {
    place: String,
    text: String,
}

/// The phrases, as words between single spaces.
struct Terms {
    /// Each with the term to use.
    banned: Vec<(String, String)>,
    /// Texts that are nothing else.
    labels: Vec<(String, String)>,
    allowed: Vec<String>,
}

impl Terms {
    fn parse(list: &str) -> Self {
        let mut terms = Self { banned: Vec::new(), labels: Vec::new(), allowed: Vec::new() };
        for line in list.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#')) {
            let (phrase, term) = line.split_once(':').unwrap_or((line, ""));
            let pair = || (words(phrase), term.trim().to_owned());
            match line.chars().next() {
                Some('+') => terms.allowed.push(words(phrase)),
                Some('=') => terms.labels.push(pair()),
                _ => terms.banned.push(pair()),
            }
        }
        terms
    }

    /// The phrases of a text, each with its term.
    fn found(&self, text: &str) -> Vec<&(String, String)> {
        let mut words = words(text);
        let labels: Vec<_> = self.labels.iter().filter(|(label, _)| *label == words).collect();
        for it in &self.allowed {
            words = words.replace(it, "  ");
        }
        labels.into_iter().chain(self.banned.iter().filter(|(phrase, _)| words.contains(phrase))).collect()
    }

    fn told(&self, text: &Text) -> Vec<String> {
        let line = |(phrase, term): &(String, String)| {
            format!("{}: \"{}\", write {term}: {}", text.place, phrase.trim(), text.text.trim())
        };
        self.found(&text.text).into_iter().map(line).collect()
    }
}

/// In lower case, without punctuation and without what stands in braces, a space before and behind each.
fn words(text: &str) -> String {
    let mut depth = 0_u32;
    let mut words = String::from(" ");
    for it in text.chars() {
        match it {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if it.is_alphanumeric() => words.extend(it.to_lowercase()),
            _ if !words.ends_with(' ') => words.push(' '),
            _ => {}
        }
    }
    if words.ends_with(' ') { words } else { words + " " }
}

/// The lines of the golden file, each with the heading and the id that stand above it.
fn lines(golden: &str) -> Vec<Text> {
    let (mut heading, mut id) = ("", "");
    let mut all = Vec::new();
    for line in golden.lines() {
        match line.strip_prefix("    ") {
            Some(text) => all.push(Text { place: format!("{GOLDEN} {heading} {id}"), text: text.to_owned() }),
            None if line.starts_with('#') => heading = line,
            None => id = line,
        }
    }
    all
}

/// What the user may read of a file: literals with more than one word, or with a capital first.
fn of_source(source: &Source) -> Vec<Text> {
    let mut reader = Reader { name: &source.name, found: Vec::new() };
    if !source.is_test {
        reader.visit_file(&source.file);
    }
    reader.found
}

struct Reader<'a> {
    name: &'a str,
    found: Vec<Text>,
}

impl Reader<'_> {
    fn literal(&mut self, literal: &LitStr) {
        let text = literal.value();
        let is_label = text.chars().next().is_some_and(char::is_uppercase);
        if is_label || text.trim().contains(' ') {
            let place = format!("src/{}:{}", self.name, literal.span().start().line);
            self.found.push(Text { place, text });
        }
    }

    /// Macros take what they like. In a view, `name="value"` is an attribute.
    fn tokens(&mut self, tokens: TokenStream) {
        let (mut name, mut equals) = (String::new(), false);
        for token in tokens {
            match &token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(_) if equals && NO_TEXT.contains(&name.as_str()) => {}
                TokenTree::Literal(_) => {
                    if let Ok(literal) = syn::parse2::<LitStr>(token.clone().into()) {
                        self.literal(&literal);
                    }
                }
                TokenTree::Ident(ident) => name = ident.to_string(),
                TokenTree::Punct(_) => {}
            }
            equals = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == '=');
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    /// Comments of the documentation are no texts.
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !source::is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        if !source::is_for_tests(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_lit_str(&mut self, literal: &'ast LitStr) {
        self.literal(literal);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        self.tokens(item.tokens.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_has_a_banned_phrase() {
        let project = Project::here().unwrap();
        check(&project, &source::all(&project).unwrap()).unwrap();
    }

    #[test]
    fn phrases_are_found_as_words_and_where_they_are_allowed_they_are_not() {
        let terms = Terms::parse("# why\naddress: URL\n+ address bar\nby hand: manually\n= seen: observed\n");
        let found = |text: &str| terms.found(text).into_iter().map(|it| it.1.as_str()).collect::<Vec<_>>();
        assert_eq!(found("Set by  Hand, the address"), ["URL", "manually"]);
        assert!(found("the address bar, addressed, {address}").is_empty());
        assert_eq!(found("- Seen: {}"), ["observed"]);
        assert!(found("seen twice").is_empty());
    }

    #[test]
    fn texts_are_literals_but_those_of_tests_attributes_and_comments() {
        let text = r#"
            /// By hand.
            #[must_use = "or not"]
            fn f() { g("name", "a b"); view! { <p class="c d" aria-label="e f">"G"{h!("i j")}</p> } }
            #[cfg(test)] mod tests { fn g() { "k l" } }
        "#;
        let found = of_source(&Source::parse("a.rs", text).unwrap());
        let texts: Vec<&str> = found.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(texts, ["a b", "e f", "G", "i j"]);
        assert!(found.iter().all(|it| it.place == "src/a.rs:4"));
    }

    #[test]
    fn a_line_of_the_golden_file_has_the_id_above_it() {
        let found = lines("# X\na/b\n    one\n    two\n\nc\n    three\n");
        let told: Vec<String> = found.iter().map(|it| format!("{} {}", it.place, it.text)).collect();
        assert_eq!(told, ["a/b one", "a/b two", "c three"].map(|it| format!("{GOLDEN} # X {it}")));
    }
}
