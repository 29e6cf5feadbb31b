//! The secrets of a run: what they are, and where they stand.

mod forms;
mod own;

use crate::base::text::{MASK, Piece, Text, names};
use serde_json::Value;
use std::ops::Range;

/// What is shorter is masked where it is marked or named, and not looked for elsewhere: it would be found everywhere.
const SHORTEST: usize = 4;
/// At the end of a text that was cut, so much of the beginning of a secret is one.
const BEGINNING: usize = 8;

/// Every secret that is known, in every form in which it may be written; see the module.
#[derive(Default)]
pub struct Secrets {
    /// As they were learned, in order, each once: a token stands in every request.
    learned: Vec<String>,
    /// In order, each once.
    forms: Vec<String>,
    /// For each two bytes whether a form begins with them.
    begins: Begins,
}

impl Secrets {
    /// The pieces that are marked as secret.
    pub fn learn_text(&mut self, text: &Text) {
        for piece in text.pieces().iter().filter(|it| matches!(it, Piece::Secret(_))) {
            self.learn(piece.as_str());
        }
    }

    /// What stands under a name that says so, in any string of it.
    pub fn learn_value(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.learn_named(text),
            Value::Array(items) => items.iter().for_each(|it| {
                if let Some(secret) = names::pair(it) {
                    self.learn(secret.get(names::credentials(secret)).unwrap_or_default());
                }
                self.learn_value(it);
            }),
            Value::Object(members) => members.values().for_each(|it| self.learn_value(it)),
            _ => {}
        }
    }

    /// What stands under such a name in a text that is not JSON as a whole, or in a pair.
    pub fn learn_named(&mut self, text: &str) {
        for secret in names::values(text).into_iter().filter_map(|it| text.get(it)) {
            self.learn(secret);
        }
    }

    pub fn learn_pair(&mut self, name: &str, value: &str) {
        if names::is_secret(name) {
            self.learn(value.get(names::credentials(value)).unwrap_or_default());
        }
        self.learn_named(value);
    }

    fn learn(&mut self, secret: &str) {
        let place = self.learned.binary_search_by(|it| it.as_str().cmp(secret));
        let Some(at) = place.err().filter(|_| !secret.contains(MASK)) else { return };
        self.learned.insert(at, secret.to_owned());
        self.forms.extend(forms::of(secret).into_iter().filter(|it| it.len() >= SHORTEST));
    }

    /// To be called when all are known.
    pub fn sort(&mut self) {
        self.forms.sort();
        self.forms.dedup();
        self.begins = Begins::of(&self.forms);
    }

    /// Masks what is secret in every string of it.
    pub fn redact(&self, value: &mut Value) {
        self.redact_member("", value);
    }

    fn redact_member(&self, name: &str, value: &mut Value) {
        match value {
            Value::String(text) if !own::is_word(name, text) => {
                let spans = self.spans(text);
                if !spans.is_empty() {
                    *text = replace(text, spans);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|it| {
                mask_pair(it);
                self.redact_member("", it);
            }),
            Value::Object(members) => members.iter_mut().for_each(|(name, it)| self.redact_member(name, it)),
            _ => {}
        }
    }

    /// Whether nothing of a text is secret.
    pub fn is_none_in(&self, text: &str) -> bool {
        self.spans(text).is_empty() && !text.contains(MASK)
    }

    /// A text with a mask for every secret in it.
    pub fn masked(&self, text: &str) -> String {
        replace(text, self.spans(text))
    }

    /// Where secrets stand in it.
    fn spans(&self, text: &str) -> Vec<Range<usize>> {
        let mut spans = names::values(text);
        spans.extend(self.found(text));
        spans
    }

    /// Where a known secret stands, or the beginning of one at the end.
    fn found(&self, text: &str) -> impl Iterator<Item = Range<usize>> {
        let pairs = text.as_bytes().windows(2).enumerate();
        let starts = pairs.filter(|(_, pair)| self.begins.has(pair)).map(|(at, _)| at);
        starts.filter_map(|at| Some(at..at + self.longest(text.get(at..)?)?))
    }

    /// The length of the longest secret that a text begins with.
    fn longest(&self, text: &str) -> Option<usize> {
        let head = text.as_bytes().get(..SHORTEST)?;
        let from = self.forms.partition_point(|it| it.as_bytes() < head);
        let alike = self.forms.iter().skip(from).take_while(|it| it.as_bytes().starts_with(head));
        let is_cut = |it: &str| text.len() >= BEGINNING && it.starts_with(text);
        let lengths = alike.filter_map(|it| match () {
            () if text.starts_with(it.as_str()) => Some(it.len()),
            () if is_cut(it) => Some(text.len()),
            () => None,
        });
        lengths.max()
    }
}

/// A set of pairs of bytes: it tells at most places of a text that no secret begins there.
#[derive(Default)]
struct Begins(Vec<u64>);

impl Begins {
    fn of(forms: &[String]) -> Self {
        let mut set = vec![0_u64; 1 << 10];
        for (word, bit) in forms.iter().filter_map(|it| Self::place(it.as_bytes())) {
            if let Some(word) = set.get_mut(word) {
                *word |= bit;
            }
        }
        Self(set)
    }

    fn has(&self, bytes: &[u8]) -> bool {
        let place = Self::place(bytes);
        place.is_some_and(|(word, bit)| self.0.get(word).is_some_and(|it| it & bit != 0))
    }

    /// In which word of the set, and which bit of it.
    fn place(bytes: &[u8]) -> Option<(usize, u64)> {
        let pair = u16::from_be_bytes(bytes.get(..2)?.try_into().ok()?);
        Some((usize::from(pair >> 6), 1 << (pair & 63)))
    }
}

/// A pair whose name says that its value is secret: a header, a parameter of a callback.
fn mask_pair(pair: &mut Value) {
    let Some(secret) = names::pair(pair) else { return };
    let masked = replace(secret, vec![names::credentials(secret)]);
    if let Some(value) = pair.get_mut(1) {
        *value = Value::String(masked);
    }
}

/// The text with one mask for each run of spans that touch.
fn replace(text: &str, mut spans: Vec<Range<usize>>) -> String {
    spans.retain(|it| !it.is_empty());
    spans.sort_by_key(|it| it.start);
    let (mut masked, mut at) = (String::new(), 0);
    for span in spans {
        if span.start >= at {
            masked.push_str(text.get(at..span.start).unwrap_or_default());
            masked.push_str(MASK);
        }
        at = at.max(span.end);
    }
    masked + text.get(at..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knowing(secrets: &[&str]) -> Secrets {
        let mut this = Secrets::default();
        secrets.iter().for_each(|it| this.learn(it));
        this.sort();
        this
    }

    #[test]
    fn a_secret_is_found_wherever_it_stands_and_however_it_is_written() {
        let secrets = knowing(&["a/b+c\"d", "topsecret"]);
        for text in ["a/b+c\"d", "a%2Fb%2Bc%22d", "a%2fb%2bc%22d", "a/b+c\\\"d", "topsecret", "dG9wc2VjcmV0"] {
            assert_eq!(secrets.masked(&format!("<{text}>")), format!("<{MASK}>"), "{text}");
        }
    }

    #[test]
    fn secrets_that_overlap_leave_nothing_of_either() {
        let secrets = knowing(&["abcdef", "abcd", "defxyz"]);
        assert_eq!(secrets.masked("1abcdefxyz2"), format!("1{MASK}2"));
    }

    #[test]
    fn the_beginning_of_a_secret_at_the_end_of_a_cut_text_is_one() {
        let secrets = knowing(&["0123456789abcdef"]);
        assert_eq!(secrets.masked("x 0123456789"), format!("x {MASK}"));
        assert_eq!(secrets.masked("x 01234"), "x 01234");
    }

    #[test]
    fn a_place_that_no_secret_begins_at_is_told_by_two_bytes() {
        let begins = Begins::of(&["abcd".to_owned(), "\u{e4}xyz".to_owned()]);
        for (text, is) in [("ab", true), ("abx", true), ("ac", false), ("bb", false), ("\u{e4}", true), ("a", false)] {
            assert_eq!(begins.has(text.as_bytes()), is, "{text}");
        }
    }

    #[test]
    fn what_is_too_short_is_not_looked_for() {
        assert_eq!(knowing(&["abc"]).masked("abcabc"), "abcabc");
    }

    #[test]
    fn the_password_of_basic_credentials_is_a_secret_of_its_own() {
        let secrets = knowing(&["bWU6Z2VoZWlt"]);
        assert_eq!(secrets.masked("me:geheim"), MASK);
        assert_eq!(secrets.masked("geheim"), MASK);
    }
}
