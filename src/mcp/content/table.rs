//! CSV (RFC 4180) as a table.

use crate::base::text::prefix;
use csv::{ReaderBuilder, StringRecord};

/// How many cells are drawn, and how many columns.
const CELLS: usize = 1_500;
const COLUMNS: usize = 50;
/// As much of a field as is drawn, in bytes.
const FIELD: usize = 500;
/// The longest text that is drawn as a table, in bytes.
pub const LONGEST: usize = 1 << 20;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub names: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// Rows and columns that are not drawn.
    pub more: usize,
    pub more_columns: usize,
}

impl Table {
    /// Lines of unequal length are read as they are.
    pub fn read(text: &str) -> Self {
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(separator(text));
        let mut reader = builder.from_reader(text.as_bytes());
        let mut record = StringRecord::new();
        let mut table = Self::default();
        if reader.read_record(&mut record).is_ok_and(|there| there) {
            table.names = fields(&record);
            table.more_columns = record.len().saturating_sub(COLUMNS);
        }
        let most = CELLS / table.names.len().max(1);
        while reader.read_record(&mut record).is_ok_and(|there| there) {
            match table.rows.len() < most {
                true => table.rows.push(fields(&record)),
                false => table.more += 1,
            }
        }
        table
    }
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

    #[test]
    fn quotes_line_feeds_and_short_lines_are_read() {
        let table = Table::read("id,name\n1,\"Hopper, \"\"Grace\"\"\nAdmiral\"\r\n2\n");
        assert_eq!(table.names, ["id", "name"]);
        assert_eq!(table.rows, [vec!["1", "Hopper, \"Grace\"\nAdmiral"], vec!["2"]]);
        assert_eq!(Table::read("a;b\n1;2").rows, [["1", "2"]]);
        assert_eq!(Table::read(""), Table::default());
    }

    #[test]
    fn a_long_or_wide_table_is_cut_and_says_by_how_much() {
        let table = Table::read(&format!("a,b\n{}", "1,2\n".repeat(1_000)));
        assert_eq!((table.rows.len(), table.more), (750, 250));
        let table = Table::read(&format!("{}x\n1", "x,".repeat(99)));
        assert_eq!((table.names.len(), table.more_columns), (50, 50));
    }
}
