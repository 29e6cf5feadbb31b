//! A text as it was received, cut into rows for a virtual viewer.
//!
//! Owns where the rows begin, four bytes a row. It knows nothing of what the text is.

use super::string;
use std::ops::Range;
use std::sync::Arc;

/// The rows, joined, are the text.
#[derive(Clone)]
pub struct RawText {
    text: Arc<str>,
    /// The byte at which each row begins.
    starts: Vec<u32>,
}

impl RawText {
    /// Rows end after a line feed, or after `columns` characters (at least one). Linear in the text.
    pub fn new(text: Arc<str>, columns: usize) -> Self {
        let mut starts = Vec::new();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            // A text of 4 GiB does not fit into the memory of a page.
            starts.extend(u32::try_from(at).ok());
            at += row(rest, columns.max(1));
        }
        Self { text, starts }
    }

    /// How many rows there are; an empty text has none.
    pub fn rows(&self) -> usize {
        self.starts.len()
    }

    /// A row with its line feed, if it has one; empty where there is no such row.
    pub fn row(&self, index: usize) -> &str {
        self.bytes(index).and_then(|bytes| self.text.get(bytes)).unwrap_or_default()
    }

    /// The bytes of a row.
    pub fn bytes(&self, index: usize) -> Option<Range<usize>> {
        let start = |index| self.starts.get(index).map(|&start| start as usize);
        Some(start(index)?..start(index + 1).unwrap_or(self.text.len()))
    }

    /// The row that has a byte.
    pub fn row_at(&self, byte: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= byte).saturating_sub(1)
    }

    /// The number of the line that begins with each row, from 1 on; none where a line goes on.
    pub fn line_numbers(&self) -> Vec<Option<u32>> {
        let (mut number, mut begins) = (0, true);
        let numbered = (0..self.rows()).map(|row| {
            let this = begins;
            number += u32::from(this);
            begins = self.row(row).ends_with('\n');
            this.then_some(number)
        });
        numbered.collect()
    }

    /// All of it.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }
}

/// The bytes of the first row. Almost all text is ASCII, where looking for a line feed is all there is to do.
fn row(rest: &str, columns: usize) -> usize {
    match rest.get(..columns + 1).or((rest.len() <= columns).then_some(rest)).filter(|it| it.is_ascii()) {
        Some(head) => head.find('\n').map_or(head.len().min(columns), |at| at + 1),
        None => string::row(rest.chars().map(|char| (char, char.len_utf8())), columns),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows; joined they must be the text.
    fn rows(text: &str, columns: usize) -> Vec<String> {
        let raw = RawText::new(text.into(), columns);
        let rows: Vec<_> = (0..raw.rows()).map(|index| raw.row(index).to_owned()).collect();
        assert_eq!(rows.concat(), text);
        rows
    }

    #[test]
    fn an_empty_text_has_no_rows() {
        assert_eq!(rows("", 80), Vec::<String>::new());
        assert_eq!(RawText::new("".into(), 80).row(0), "");
    }

    #[test]
    fn rows_end_after_line_feeds() {
        assert_eq!(rows("a\n\r\n\nb", 80), ["a\n", "\r\n", "\n", "b"]);
        assert_eq!(rows("a\n", 80), ["a\n"]);
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        assert_eq!(rows("aé🦀bc\nd", 2), ["aé", "🦀b", "c\n", "d"]);
        assert_eq!(rows("ab\ncd\n", 2), ["ab\n", "cd\n"]);
    }

    #[test]
    fn plain_text_is_cut_as_any_other() {
        for text in ["abc", "ab\ncd", "abc\nd", "abcd\n", "\n\n", "abcdefgh\nij\n"] {
            let other = rows(&text.replace(|char: char| char != '\n', "é"), 3);
            let plain: Vec<_> = rows(text, 3).iter().map(|it| it.replace(|char: char| char != '\n', "é")).collect();
            assert_eq!(plain, other, "{text:?}");
        }
    }

    #[test]
    fn a_byte_has_a_row() {
        let raw = RawText::new("ab\ncdef".into(), 2);
        assert_eq!([0, 2, 3, 5, 6, 99].map(|byte| raw.row_at(byte)), [0, 0, 1, 2, 2, 2]);
        assert_eq!((raw.bytes(1), raw.bytes(3)), (Some(3..5), None));
        assert_eq!(RawText::new("".into(), 2).row_at(0), 0);
    }

    #[test]
    fn a_line_is_numbered_where_it_begins() {
        let raw = RawText::new("abcd\n\nef".into(), 3);
        assert_eq!(raw.line_numbers(), [Some(1), None, Some(2), Some(3)]);
        assert_eq!(RawText::new("".into(), 3).line_numbers(), []);
    }

    #[test]
    fn no_columns_are_one_column() {
        assert_eq!(rows("abc", 0), ["a", "b", "c"]);
    }

    #[test]
    fn ten_megabytes_in_one_line_are_rows() {
        let raw = RawText::new("x".repeat(10 << 20).into(), 160);
        assert_eq!((raw.rows(), raw.row(65_535).len()), (65_536, 160));
    }
}
