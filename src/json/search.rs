//! A text in a JSON text of any size, looked for in pieces: however long that is, no piece takes long.
//!
//! It is looked for in the text as it was received: what JSON writes as an escape is found as that escape.

use crate::base::text::needle::Needle;
use std::ops::Range;
use std::sync::Arc;

/// A search on its way.
#[derive(Clone, Debug)]
pub struct Search {
    text: Arc<str>,
    needle: Needle,
    /// Where it goes on.
    at: usize,
    /// Where the hits begin, which do not overlap. A text of 4 GiB does not fit into the memory of a page.
    hits: Vec<u32>,
}

/// What a piece of a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Plain,
    Hit,
    /// The hit that is shown.
    Current,
}

impl Search {
    /// The most hits that are counted.
    pub const MOST: usize = 1_000_000;
    /// How many hits before and behind the current one are marked, so that a row of any length is a few pieces.
    const AROUND: usize = 200;

    /// `None` where there is nothing to look for.
    pub fn new(text: Arc<str>, words: &str) -> Option<Self> {
        Some(Self { text, needle: Needle::new(words)?, at: 0, hits: Vec::new() })
    }

    /// Looks at so many bytes more; says whether there is more to look at.
    pub fn step(&mut self, budget: usize) -> bool {
        let until = self.at.saturating_add(budget.max(1)).min(self.text.len());
        // What begins in this part is looked at whole.
        let part = self.text.len().min(until.saturating_add(self.needle.longest()));
        let bytes = self.text.as_bytes().get(..part).unwrap_or_default();
        while self.hits.len() < Self::MOST
            && let Some(hit) = self.needle.find(bytes, self.at).filter(|hit| *hit < until)
        {
            self.hits.extend(u32::try_from(hit).ok());
            self.at = hit + self.needle.length_at(bytes, hit).unwrap_or(1).max(1);
        }
        self.at = self.at.max(until);
        !self.is_done()
    }

    /// Whether all was looked at, or so much was found that it is left at that.
    pub fn is_done(&self) -> bool {
        self.at >= self.text.len() || self.is_full()
    }

    /// Whether there are more hits than are counted.
    pub fn is_full(&self) -> bool {
        self.hits.len() >= Self::MOST
    }

    /// How many were found so far.
    pub fn count(&self) -> usize {
        self.hits.len()
    }

    /// The bytes of a hit.
    pub fn hit(&self, index: usize) -> Option<Range<usize>> {
        let start = *self.hits.get(index)? as usize;
        Some(start..start + self.needle.length_at(self.text.as_bytes(), start)?)
    }

    /// The pieces of the row that has these bytes. A hit stands whole in the row in which it begins.
    pub fn pieces(&self, row: Range<usize>, current: usize) -> Vec<(Range<usize>, Mark)> {
        let begun = self.hits.partition_point(|hit| (*hit as usize) < row.start);
        let reaches = begun.checked_sub(1).and_then(|before| self.hit(before)).map_or(0, |before| before.end);
        let mut at = row.start.max(reaches);
        let mut pieces = Vec::new();
        let near = begun.max(current.saturating_sub(Self::AROUND))..current.saturating_add(Self::AROUND);
        for index in near {
            let Some(hit) = self.hit(index).filter(|hit| hit.start < row.end) else { break };
            pieces.push((at..hit.start, Mark::Plain));
            at = hit.end;
            pieces.push((hit, if index == current { Mark::Current } else { Mark::Hit }));
        }
        pieces.push((at..row.end.max(at), Mark::Plain));
        pieces.retain(|(bytes, _)| !bytes.is_empty());
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(text: &str, words: &str, budget: usize) -> Search {
        let mut search = Search::new(text.into(), words).expect("a text");
        while search.step(budget) {}
        search
    }

    fn hits(text: &str, words: &str, budget: usize) -> Vec<Range<usize>> {
        let search = search(text, words, budget);
        (0..search.count()).filter_map(|index| search.hit(index)).collect()
    }

    #[test]
    fn hits_are_found_in_pieces_of_any_size() {
        let text = r#"{"Name":"name","é":"ÉNAMEname"}"#;
        for budget in [1, 2, 3, 5, 100, usize::MAX] {
            assert_eq!(hits(text, "name", budget), [2..6, 9..13, 23..27, 27..31], "by {budget}");
            assert_eq!(hits(text, "é", budget).len(), 2, "by {budget}");
            assert_eq!(hits("aaaaa", "aa", budget), [0..2, 2..4], "by {budget}");
            assert_eq!(hits(text, "nobody", budget), []);
        }
        assert_eq!(hits("", "a", 10), []);
        assert!(Search::new("a".into(), " ").is_none());
    }

    fn rows(search: &Search, current: usize, ends: &[usize]) -> Vec<String> {
        let mut start = 0;
        let row = |end: &usize| {
            let row = std::mem::replace(&mut start, *end)..*end;
            let pieces = search.pieces(row, current).into_iter().map(|(bytes, mark)| match mark {
                Mark::Plain => search.text[bytes].to_owned(),
                Mark::Hit => format!("({})", &search.text[bytes]),
                Mark::Current => format!("[{}]", &search.text[bytes]),
            });
            pieces.collect()
        };
        ends.iter().map(row).collect()
    }

    #[test]
    fn a_hit_stands_whole_in_the_row_in_which_it_begins() {
        let search = search("ab cd ab cdab", "cd", 100);
        assert_eq!(rows(&search, 0, &[4, 10, 13]), ["ab [cd]", " ab (cd)", "ab"]);
        assert_eq!(rows(&search, 1, &[13]), ["ab (cd) ab [cd]ab"]);
        assert_eq!(rows(&search, 1, &[4, 5, 6, 13]), ["ab (cd)", "", " ", "ab [cd]ab"]);
    }

    #[test]
    fn a_long_row_has_few_pieces() {
        let search = search(&"a ".repeat(100_000), "a", 1 << 20);
        assert_eq!(search.count(), 100_000);
        let pieces = search.pieces(0..200_000, 50_000);
        assert!(pieces.len() < 1_000 && pieces.iter().any(|(_, mark)| *mark == Mark::Current));
        assert_eq!(pieces.iter().map(|(bytes, _)| bytes.len()).sum::<usize>(), 200_000);
    }

    #[test]
    fn ten_megabytes_of_hits_are_counted_up_to_a_bound() {
        let search = search(&"a".repeat(10 << 20), "a", 1 << 20);
        assert!(search.is_full() && search.is_done());
        assert_eq!(search.count(), Search::MOST);
    }
}
