//! CSV (RFC 4180) as a table of any length: where its rows begin is found in pieces, and a row is read when it is drawn.

use crate::base::text::prefix;
use csv::{Reader, ReaderBuilder, StringRecord};
use std::io::Cursor;
use std::sync::Arc;

/// How many columns are drawn.
const COLUMNS: usize = 50;
/// As much of a field and of a row is drawn, in bytes.
const FIELD: usize = 500;
const ROW: usize = 64 << 10;
/// So many rows say how wide the columns are, at most that wide, in characters. Later ones change nothing of it.
const MEASURED: usize = 1_000;
const WIDEST: usize = 40;
/// The longest text that is drawn as a table, in bytes.
pub const LONGEST: usize = 16 << 20;

/// A text that is shared with whoever shows it.
struct Shared(Arc<str>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

pub struct Table {
    text: Arc<str>,
    separator: u8,
    reader: Reader<Cursor<Shared>>,
    record: StringRecord,
    /// Of the first line.
    pub names: Vec<String>,
    /// Columns that are not drawn.
    pub more_columns: usize,
    /// Where each row begins, in bytes. A text is at most [`LONGEST`].
    starts: Vec<u32>,
    widths: Vec<usize>,
}

impl Table {
    /// The head of the table; its rows are found by [`Table::step`].
    pub fn new(text: Arc<str>) -> Self {
        let separator = separator(&text);
        let reader = builder(separator).from_reader(Cursor::new(Shared(Arc::clone(&text))));
        let (names, starts, widths) = (Vec::new(), Vec::new(), Vec::new());
        let mut this =
            Self { text, separator, reader, record: StringRecord::new(), names, more_columns: 0, starts, widths };
        if this.next() {
            this.names = fields(&this.record);
            this.more_columns = this.record.len().saturating_sub(COLUMNS);
            this.measure();
        }
        this
    }

    /// Finds the rows of so many bytes more; says whether there is more to look at.
    pub fn step(&mut self, budget: usize) -> bool {
        let until = self.at().saturating_add(budget.max(1));
        while self.at() < until {
            let start = self.at();
            if !self.next() {
                return false;
            }
            self.starts.extend(u32::try_from(start).ok());
            if self.starts.len() <= MEASURED {
                self.measure();
            }
        }
        true
    }

    /// How many rows were found, without the first line.
    pub fn rows(&self) -> usize {
        self.starts.len()
    }

    /// The fields of a row, as far as they are drawn. Lines of unequal length are read as they are.
    pub fn row(&self, index: usize) -> Vec<String> {
        let Some(start) = self.starts.get(index).map(|it| *it as usize) else { return Vec::new() };
        let end = self.starts.get(index + 1).map_or(self.text.len(), |it| *it as usize);
        let text = prefix(self.text.get(start..end).unwrap_or_default(), ROW);
        let mut record = StringRecord::new();
        let read = builder(self.separator).from_reader(text.as_bytes()).read_record(&mut record);
        let mut fields = if read.is_ok_and(|there| there) { fields(&record) } else { Vec::new() };
        fields.truncate(self.widths.len());
        fields
    }

    /// How wide the columns are, in characters.
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }

    fn at(&self) -> usize {
        usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX)
    }

    fn next(&mut self) -> bool {
        self.reader.read_record(&mut self.record).is_ok_and(|there| there)
    }

    fn measure(&mut self) {
        let count = self.record.len().min(COLUMNS);
        self.widths.resize(self.widths.len().max(count), 1);
        for (width, field) in self.widths.iter_mut().zip(&self.record) {
            *width = (*width).max(field.chars().take(WIDEST).count());
        }
    }
}

fn builder(separator: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(separator);
    builder
}

/// The sign that is most often in the first line.
fn separator(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let count = |sign: &u8| head.bytes().filter(|it| it == sign).count();
    // Of equals, the last is the most.
    b"\t;,".iter().copied().max_by_key(count).unwrap_or(b',')
}

fn fields(record: &StringRecord) -> Vec<String> {
    record.iter().take(COLUMNS).map(|field| prefix(field, FIELD).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, budget: usize) -> Table {
        let mut table = Table::new(text.into());
        while table.step(budget) {}
        table
    }

    fn rows(table: &Table) -> Vec<Vec<String>> {
        (0..table.rows()).map(|it| table.row(it)).collect()
    }

    #[test]
    fn quotes_line_feeds_empty_and_short_lines_are_read_in_pieces_of_any_size() {
        for budget in [1, 5, 1_000] {
            let table = read("id,name\n1,\"Hopper, \"\"Grace\"\"\nAdmiral\"\r\n\r\n2\n", budget);
            assert_eq!(table.names, ["id", "name"]);
            assert_eq!(rows(&table), [vec!["1", "Hopper, \"Grace\"\nAdmiral"], vec!["2"]], "by {budget}");
        }
        assert_eq!(rows(&read("a;b\n1;2", 9)), [["1", "2"]]);
        let none = read("", 9);
        assert_eq!((none.names.len(), none.rows(), none.row(0).len()), (0, 0, 0));
    }

    #[test]
    fn a_hundred_thousand_rows_are_found_and_the_last_is_read_alone() {
        let text: String = (0..100_000).map(|it| format!("{it},ship {it}\n")).collect();
        let table = read(&format!("id,name\n{text}"), 64 << 10);
        assert_eq!((table.rows(), table.row(99_999)), (100_000, vec!["99999".to_owned(), "ship 99999".to_owned()]));
        assert_eq!((table.row(100_000).len(), table.names.len()), (0, 2));
    }

    #[test]
    fn a_wide_table_is_cut_and_says_by_how_much() {
        let table = read(&format!("{}x\n1", "x,".repeat(99)), 100);
        assert_eq!((table.names.len(), table.more_columns, table.widths().len()), (50, 50, 50));
    }

    #[test]
    fn the_columns_are_as_wide_as_the_first_rows_need_and_later_ones_change_nothing() {
        let short = "1,2\n".repeat(MEASURED);
        let table = read(&format!("id,n\n{short}123456,{}\n", "x".repeat(99)), 1 << 20);
        assert_eq!(table.widths(), [2, 1]);
        let table = read(&format!("id,n\n1,{}\n", "ä".repeat(99)), 1 << 20);
        assert_eq!(table.widths(), [2, WIDEST]);
    }

    #[test]
    fn a_quote_that_never_ends_is_one_row_that_is_drawn_in_part() {
        let table = read(&format!("a\n\"{}", "x\n".repeat(200_000)), 1 << 20);
        assert_eq!((table.rows(), table.row(0).first().map(String::len)), (1, Some(FIELD)));
    }
}
