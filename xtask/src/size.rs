//! `cargo xtask size`: what the first load costs, and whether it is more than allowed.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::options::PublicUrl;
use crate::project::Project;
use crate::{site, split};

/// Of all files together, with brotli.
const LIMIT: u64 = 220_000;

pub fn run(project: &Project) -> Result<(), Error> {
    let folder = site::build(project, &PublicUrl::root())?;
    let mut rows = Vec::new();
    for file in site::entries(&folder)? {
        rows.extend(Row::of(&file)?);
    }
    let (later, rows): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(Row::is_later);
    let sum = Row::sum(&rows);
    println!("{:<44}{:>10}{:>10}{:>10}", "bytes", "raw", "gzip", "brotli");
    rows.iter().for_each(|row| println!("{row}"));
    println!("{sum}");
    later.iter().for_each(|row| println!("{row}  when another page is opened"));
    println!("At most {} with brotli", grouped(LIMIT));
    if sum.brotli > LIMIT {
        return Err(Error::TooLarge { brotli: sum.brotli, limit: LIMIT });
    }
    Ok(())
}

#[derive(Debug, PartialEq)]
struct Row {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl Row {
    /// The file of the pages beyond the first.
    fn is_later(&self) -> bool {
        self.name.starts_with(split::LATER)
    }

    /// The page, its styles, scripts and modules lie side by side; the rest is not loaded with it.
    fn of(file: &Path) -> Result<Option<Self>, Error> {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (_, kind) = name.rsplit_once('.').unwrap_or_default();
        if !["css", "html", "js", "wasm"].contains(&kind) || site::COPIES.contains(&&*name) {
            return Ok(None);
        }
        let size = |path: PathBuf| fs::metadata(&path).map(|it| it.len()).map_err(Error::io(&path));
        let beside = |ending| PathBuf::from(format!("{}.{ending}", file.display()));
        let (raw, gzip, brotli) = (size(file.to_owned())?, size(beside("gz"))?, size(beside("br"))?);
        Ok(Some(Self { name, raw, gzip, brotli }))
    }

    fn sum(rows: &[Self]) -> Self {
        Self {
            name: "first load".to_owned(),
            raw: rows.iter().map(|row| row.raw).sum(),
            gzip: rows.iter().map(|row| row.gzip).sum(),
            brotli: rows.iter().map(|row| row.brotli).sum(),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [raw, gzip, brotli] = [self.raw, self.gzip, self.brotli].map(grouped);
        write!(f, "{:<44}{raw:>10}{gzip:>10}{brotli:>10}", self.name)
    }
}

/// 1234567 as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, raw: u64, gzip: u64, brotli: u64) -> Row {
        Row { name: name.to_owned(), raw, gzip, brotli }
    }

    #[test]
    fn the_sum_is_that_of_each_column() {
        let rows = [row("a", 1000, 30, 20), row("b", 500, 10, 5)];
        assert_eq!(Row::sum(&rows), row("first load", 1500, 40, 25));
    }

    #[test]
    fn a_row_lines_up() {
        let line = row("index.html", 1_234_567, 999, 1_000).to_string();
        assert_eq!(line, format!("{:<44} 1,234,567       999     1,000", "index.html"));
    }

    #[test]
    fn copies_and_pictures_are_not_part_of_the_first_load() {
        for name in ["404.html", "favicon.svg", "index.html.br", "oauth"] {
            assert_eq!(Row::of(Path::new(name)).unwrap(), None, "{name}");
        }
    }
}
