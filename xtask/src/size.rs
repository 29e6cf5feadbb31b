//! `cargo xtask size`: what each part costs, the first load, a list of tools, and all; and whether one of these is more
//! than it may be. Where a sum falls, its limit falls with it, until it is where its goal is.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::options::PublicUrl;
use crate::project::Project;
use crate::{site, split};

pub fn run(project: &Project) -> Result<(), Error> {
    let folder = site::build(project, &PublicUrl::root())?;
    let mut rows = Vec::new();
    for file in site::entries(&folder)? {
        rows.extend(Row::of(&file)?);
    }
    println!("{:<44}{:>10}{:>10}{:>10}", "bytes", "raw", "gzip", "brotli");
    rows.iter().for_each(|row| println!("{row}"));
    let sums = Sum::all(&rows);
    sums.iter().for_each(|sum| println!("{sum}"));
    match sums.into_iter().find(|sum| sum.row.brotli > sum.limit) {
        None => Ok(()),
        Some(Sum { row, limit, .. }) => Err(Error::TooLarge { name: row.name, brotli: row.brotli, limit }),
    }
}

/// What several files are together, may be at most with brotli, and are to be.
struct Sum {
    row: Row,
    limit: u64,
    goal: u64,
}

impl Sum {
    fn all(rows: &[Row]) -> [Self; 3] {
        let of = |name, limit, goal, counts: fn(&Row) -> bool| Self { row: Row::sum(name, rows, counts), limit, goal };
        [
            of("first load", 260_000, 260_000, |it| it.part().is_none()),
            of("to a list of tools", 610_000, 420_000, |it| it.part().is_none_or(|it| it == "connection")),
            of("all", 1_700_000, 800_000, |_| true),
        ]
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  at most {}", self.row, grouped(self.limit))?;
        match self.row.brotli.saturating_sub(self.goal) {
            0 => Ok(()),
            over => write!(f, "; {} over the goal of {}", grouped(over), grouped(self.goal)),
        }
    }
}

#[derive(Debug, PartialEq)]
struct Row {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl Row {
    /// The part that a file is of; none of what is loaded first. The service worker comes when the page stands.
    fn part(&self) -> Option<&'static str> {
        if self.name == site::WORKER {
            return Some(site::WORKER);
        }
        split::PARTS
            .into_iter()
            .chain([site::SCHEMA])
            .find(|part| self.name.strip_prefix(part).is_some_and(|it| it.starts_with('-')))
    }

    /// The page, its styles, scripts and modules lie side by side; the rest is not loaded with it.
    fn of(file: &Path) -> Result<Option<Self>, Error> {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (_, kind) = name.rsplit_once('.').unwrap_or_default();
        if !["css", "html", "js", "wasm"].contains(&kind) || site::COPIES.contains(&&*name) {
            return Ok(None);
        }
        let size = |path: PathBuf| fs::metadata(&path).map(|it| it.len()).map_err(Error::io(&path));
        // A page has no copies: it counts as it is.
        let beside = |ending| match kind {
            "html" => file.to_owned(),
            _ => PathBuf::from(format!("{}.{ending}", file.display())),
        };
        let (raw, gzip, brotli) = (size(file.to_owned())?, size(beside("gz"))?, size(beside("br"))?);
        Ok(Some(Self { name, raw, gzip, brotli }))
    }

    fn sum(name: &str, rows: &[Self], counts: fn(&Self) -> bool) -> Self {
        let rows: Vec<&Self> = rows.iter().filter(|row| counts(row)).collect();
        Self {
            name: name.to_owned(),
            raw: rows.iter().map(|row| row.raw).sum(),
            gzip: rows.iter().map(|row| row.gzip).sum(),
            brotli: rows.iter().map(|row| row.brotli).sum(),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [raw, gzip, brotli] = [self.raw, self.gzip, self.brotli].map(grouped);
        write!(f, "{:<44}{raw:>10}{gzip:>10}{brotli:>10}", short(&self.name))
    }
}

/// A module's name has the whole hash of its bytes; its beginning tells enough.
fn short(name: &str) -> String {
    match name.split_once('-') {
        Some((kind, rest)) => {
            let (hash, ending) = rest.split_at(rest.find(['_', '.']).unwrap_or(rest.len()));
            format!("{kind}-{:.16}{ending}", hash)
        }
        None => name.to_owned(),
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
        assert_eq!(Row::sum("both", &rows, |_| true), row("both", 1500, 40, 25));
    }

    #[test]
    fn a_list_of_tools_needs_the_first_load_and_the_connection() {
        let names = ["flowglass-1_bg.wasm", "parts-1.css", "connection-1.wasm", "bench-1.wasm", "sw.js"];
        let sizes = [1, 10, 100, 1000, 10_000];
        let rows: Vec<Row> = names.into_iter().zip(sizes).map(|(it, size)| row(it, 0, 0, size)).collect();
        assert_eq!(Sum::all(&rows).map(|it| it.row.brotli), [11, 111, 11_111]);
    }

    #[test]
    fn a_row_lines_up() {
        let line = row("index.html", 1_234_567, 999, 1_000).to_string();
        assert_eq!(line, format!("{:<44} 1,234,567       999     1,000", "index.html"));
    }

    #[test]
    fn a_long_hash_is_cut() {
        let hash = "0123456789abcdef".repeat(4);
        assert_eq!(short(&format!("flowglass-{hash}_bg.wasm")), "flowglass-0123456789abcdef_bg.wasm");
        assert_eq!(short("index.html"), "index.html");
    }

    #[test]
    fn copies_and_pictures_are_not_part_of_the_first_load() {
        for name in ["404.html", "favicon.svg", "index.html.br", "oauth"] {
            assert_eq!(Row::of(Path::new(name)).unwrap(), None, "{name}");
        }
    }
}
