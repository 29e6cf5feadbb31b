//! A text that is looked for in others, in either case.

use std::ops::Range;

/// ASCII letters match in either case; others as they were typed, and all small or all large.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    forms: Vec<Vec<u8>>,
    /// The bytes that one of the forms begins with.
    first: [bool; 256],
}

impl Needle {
    /// `None` where there is nothing to look for.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut forms = vec![text.to_lowercase().into_bytes()];
        if !text.is_ascii() {
            forms.extend([text.to_uppercase().into_bytes(), text.as_bytes().to_ascii_lowercase()]);
        }
        let begin = |it: u8| forms.iter().filter_map(|form| form.first()).any(|first| first.eq_ignore_ascii_case(&it));
        let mut first = [false; 256];
        for (byte, begins) in (0..=u8::MAX).zip(&mut first) {
            *begins = begin(byte);
        }
        (!text.is_empty()).then_some(Self { forms, first })
    }

    pub fn is_in(&self, text: &str) -> bool {
        self.is_in_bytes(text.as_bytes())
    }

    pub fn is_in_bytes(&self, text: &[u8]) -> bool {
        self.find(text, 0).is_some()
    }

    /// Where it begins next, from that byte on. Linear in the text.
    pub fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let begins = |byte: &u8| self.first.get(usize::from(*byte)).is_some_and(|it| *it);
            at += text.get(at..)?.iter().position(begins)?;
            if self.length_at(text, at).is_some() {
                return Some(at);
            }
            at += 1;
        }
    }

    /// How many bytes it has where it begins there; `None` where it does not.
    pub fn length_at(&self, text: &[u8], at: usize) -> Option<usize> {
        let rest = text.get(at..)?;
        let is_here = |form: &&Vec<u8>| rest.get(..form.len()).is_some_and(|it| it.eq_ignore_ascii_case(form));
        self.forms.iter().find(is_here).map(Vec::len)
    }

    /// The first so many places of a text where it stands; they do not overlap.
    pub fn hits(&self, text: &str, most: usize) -> Vec<Range<usize>> {
        let (bytes, mut at) = (text.as_bytes(), 0);
        let hits = std::iter::from_fn(|| {
            let start = self.find(bytes, at)?;
            at = start + self.length_at(bytes, start)?.max(1);
            Some(start..at)
        });
        hits.take(most).collect()
    }

    /// Of the longest form, in bytes.
    pub fn longest(&self) -> usize {
        self.forms.iter().map(Vec::len).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_found_in_either_case_and_at_the_end() {
        let needle = Needle::new(" Ab ").expect("a text");
        assert_eq!((needle.find(b"xaaB", 0), needle.find(b"abAB", 1), needle.find(b"a", 0)), (Some(2), Some(2), None));
        assert_eq!((needle.length_at(b"xaB", 1), needle.length_at(b"xaB", 0)), (Some(2), None));
        assert_eq!(Needle::new("  "), None);
        assert_eq!(needle.hits("abxAB", 9), [0..2, 3..5]);
        assert_eq!(needle.hits("abAB", 1).first(), Some(&(0..2)));
        assert_eq!(needle.hits("a", 9), []);
    }

    #[test]
    fn letters_beyond_ascii_are_found_small_large_and_as_typed() {
        let needle = Needle::new("Grüße").expect("a text");
        for text in ["grüße", "GRÜSSE", "Grüße"] {
            assert!(needle.is_in(text), "{text}");
        }
        assert!(!needle.is_in("grusse"));
    }
}
