//! A text with secret pieces as one string, and where the secrets stand in it.

use super::lines::{Run, Tone};
use crate::base::text::{MASK, Piece, Reveal, Text};
use std::ops::Range;

pub struct Flat {
    text: String,
    secrets: Vec<Range<usize>>,
}

impl Flat {
    pub fn of(text: &Text) -> Self {
        let mut this = Self { text: String::new(), secrets: Vec::new() };
        for piece in text.pieces() {
            let start = this.text.len();
            this.text.push_str(piece.as_str());
            if matches!(piece, Piece::Secret(_)) && this.text.len() > start {
                this.secrets.push(start..this.text.len());
            }
        }
        this
    }

    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// With the secrets in it: for those that look for its structure.
    pub fn exposed(&self) -> &str {
        &self.text
    }

    /// A part of it as runs: the secrets masked, or marked and shown.
    pub fn runs(&self, range: Range<usize>, reveal: Reveal) -> Vec<Run> {
        self.runs_with(range, reveal, str::to_owned)
    }

    /// The same, each run read by `read` before it is shown.
    pub fn runs_with(&self, range: Range<usize>, reveal: Reveal, read: impl Fn(&str) -> String) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut at = range.start;
        let first = self.secrets.partition_point(|it| it.end <= range.start);
        for secret in self.secrets.iter().skip(first).take_while(|it| it.start < range.end) {
            let (start, end) = (secret.start.max(range.start), secret.end.min(range.end));
            runs.extend(self.run(at..start, Tone::Plain, &read));
            match reveal {
                Reveal::Masked => runs.push(Run::new(Tone::Secret, MASK)),
                Reveal::Shown => runs.extend(self.run(start..end, Tone::Secret, &read)),
            }
            at = end;
        }
        runs.extend(self.run(at..range.end, Tone::Plain, &read));
        runs
    }

    fn run(&self, range: Range<usize>, tone: Tone, read: impl Fn(&str) -> String) -> Option<Run> {
        let text = self.text.get(range).filter(|it| !it.is_empty())?;
        Some(Run::new(tone, read(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_secret_is_a_secret() {
        let flat = Flat::of(&Text::plain("ab").and(Text::secret("cd")).and(Text::plain("ef")));
        let written = |range, reveal| flat.runs(range, reveal).into_iter().map(|it| it.text).collect::<String>();
        assert_eq!(written(0..6, Reveal::Masked), format!("ab{MASK}ef"));
        assert_eq!(written(3..5, Reveal::Masked), format!("{MASK}e"));
        assert_eq!(written(1..4, Reveal::Shown), "bcd");
        assert_eq!(written(0..2, Reveal::Masked), "ab");
    }
}
