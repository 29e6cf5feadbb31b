//! The exchanges of two runs beside each other, line by line, with what differs taken out of each line.

use crate::base::text::Reveal;
use crate::explain::walkthrough::Walkthrough;
use crate::explain::wire::lines::{self, Block};
use crate::trace::step::Step;
use crate::trace::{Exchange, RedactedTrace, Trace};

/// How many lines of a request or a response are compared.
const LINES: usize = 200;

/// The exchanges that are in the same place of both runs, and differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub step: Step,
    /// Which exchange of the step it is, from 1.
    pub number: usize,
    pub request: Vec<Beside>,
    pub response: Vec<Beside>,
}

/// A line of one run and the line of the other beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    pub this: Option<Piece>,
    pub that: Option<Piece>,
}

/// A line, and what of it the other run does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    pub before: String,
    pub differs: String,
    pub after: String,
}

impl Beside {
    pub const fn differs(&self) -> bool {
        match (&self.this, &self.that) {
            (Some(this), Some(that)) => !this.differs.is_empty() || !that.differs.is_empty(),
            _ => true,
        }
    }
}

/// Of two traces, every pair of exchanges that differs.
pub fn pairs(this: &RedactedTrace, that: &RedactedTrace) -> Vec<Pair> {
    let (Some(first), Some(second)) = (Walkthrough::of(this.trace()), Walkthrough::of(that.trace())) else {
        return Vec::new();
    };
    let steps = Step::ALL.into_iter().chain(Step::LATER);
    let pairs = steps.flat_map(|step| {
        let (left, right) = (exchanges(&first, this.trace(), step), exchanges(&second, that.trace(), step));
        left.into_iter().zip(right).enumerate().map(move |(at, (left, right))| pair(step, at + 1, left, right))
    });
    pairs.filter(|it| it.request.iter().chain(&it.response).any(Beside::differs)).collect()
}

fn exchanges<'a>(attempt: &Walkthrough, trace: &'a Trace, step: Step) -> Vec<&'a Exchange> {
    let rows = attempt.rows.iter().filter(|it| it.step == step);
    rows.flat_map(|row| row.exchanges.iter().filter_map(|id| trace.exchange(*id))).collect()
}

fn pair(step: Step, number: usize, left: &Exchange, right: &Exchange) -> Pair {
    let request = |it: &Exchange| written(&lines::request(&it.request, Reveal::Masked));
    let response = |it: &Exchange| written(&lines::answer(it, Reveal::Masked));
    Pair {
        step,
        number,
        request: beside(&request(left), &request(right)),
        response: beside(&response(left), &response(right)),
    }
}

fn written(block: &Block) -> Vec<String> {
    block.lines.iter().take(LINES).map(lines::Line::written).collect()
}

/// The lines of both, the same ones beside each other.
fn beside(this: &[String], that: &[String]) -> Vec<Beside> {
    let mut rows = Vec::new();
    let (mut left, mut right) = (0, 0);
    for (same_left, same_right) in common(this, that).into_iter().chain([(this.len(), that.len())]) {
        let (one, other) = (this.get(left..same_left), that.get(right..same_right));
        replaced(&mut rows, one.unwrap_or_default(), other.unwrap_or_default());
        let whole = |line: &String| Piece { before: line.clone(), ..Piece::default() };
        if let (Some(one), Some(other)) = (this.get(same_left), that.get(same_right)) {
            rows.push(Beside { this: Some(whole(one)), that: Some(whole(other)) });
        }
        (left, right) = (same_left + 1, same_right + 1);
    }
    rows
}

/// Lines that stand in the place of others.
fn replaced(rows: &mut Vec<Beside>, this: &[String], that: &[String]) {
    for at in 0..this.len().max(that.len()) {
        let alone = |line: &String| Piece { differs: line.clone(), ..Piece::default() };
        rows.push(match (this.get(at), that.get(at)) {
            (Some(one), Some(other)) => split(one, other),
            (one, other) => Beside { this: one.map(alone), that: other.map(alone) },
        });
    }
}

/// Where the longest common sequence of lines is in both.
fn common(this: &[String], that: &[String]) -> Vec<(usize, usize)> {
    let wide = that.len() + 1;
    let mut longest = vec![0_u16; (this.len() + 1) * wide];
    let at = |longest: &[u16], row: usize, column: usize| longest.get(row * wide + column).copied().unwrap_or_default();
    for (row, one) in this.iter().enumerate().rev() {
        for (column, other) in that.iter().enumerate().rev() {
            let length = match one == other {
                true => at(&longest, row + 1, column + 1) + 1,
                false => at(&longest, row + 1, column).max(at(&longest, row, column + 1)),
            };
            if let Some(cell) = longest.get_mut(row * wide + column) {
                *cell = length;
            }
        }
    }
    let (mut row, mut column, mut found) = (0, 0, Vec::new());
    while let (Some(one), Some(other)) = (this.get(row), that.get(column)) {
        match one == other {
            true => {
                found.push((row, column));
                (row, column) = (row + 1, column + 1);
            }
            false if at(&longest, row + 1, column) >= at(&longest, row, column + 1) => row += 1,
            false => column += 1,
        }
    }
    found
}

/// Two lines without what they begin and end with in common.
fn split(this: &str, that: &str) -> Beside {
    let same = |(one, other): &(char, char)| one == other;
    let head: usize = this.chars().zip(that.chars()).take_while(same).map(|(it, _)| it.len_utf8()).sum();
    let rest = |line: &str| line.get(head..).unwrap_or_default().to_owned();
    let (one, other) = (rest(this), rest(that));
    let tail: usize = one.chars().rev().zip(other.chars().rev()).take_while(same).map(|(it, _)| it.len_utf8()).sum();
    let piece = |line: &str, rest: &str| {
        let (differs, after) = rest.split_at_checked(rest.len() - tail).unwrap_or((rest, ""));
        let before = line.get(..head).unwrap_or_default().to_owned();
        Piece { before, differs: differs.to_owned(), after: after.to_owned() }
    };
    Beside { this: Some(piece(this, &one)), that: Some(piece(that, &other)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(this: &[&str], that: &[&str]) -> Vec<String> {
        let lines = |it: &[&str]| it.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let piece = |it: &Option<Piece>| match it {
            Some(it) => format!("{}[{}]{}", it.before, it.differs, it.after),
            None => "-".to_owned(),
        };
        let rows = beside(&lines(this), &lines(that));
        rows.iter().map(|it| format!("{} | {}", piece(&it.this), piece(&it.that))).collect()
    }

    #[test]
    fn the_same_lines_stand_beside_each_other() {
        let rows = told(&["a", "b", "scope: read x", "d"], &["a", "scope: write x", "d", "e"]);
        assert_eq!(rows, ["a[] | a[]", "[b] | [scope: write x]", "[scope: read x] | -", "d[] | d[]", "- | [e]"]);
        assert_eq!(told(&["scope: read x"], &["scope: write x"]), ["scope: [read] x | scope: [write] x"]);
        assert_eq!(told(&[], &[]), Vec::<String>::new());
    }

    #[test]
    fn nothing_is_cut_within_a_character() {
        assert_eq!(told(&["aä"], &["aö"]), ["a[ä] | a[ö]"]);
        assert_eq!(told(&["aa"], &["aaa"]), ["aa[] | aa[a]"]);
    }

    #[test]
    fn every_line_of_both_is_there_once() {
        let texts: [&[&str]; 4] = [&[], &["a"], &["b", "a", "b"], &["a", "c", "b", "b"]];
        for this in texts {
            for that in texts {
                let lines = |it: &[&str]| it.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
                let rows = beside(&lines(this), &lines(that));
                let whole = |it: &Piece| format!("{}{}{}", it.before, it.differs, it.after);
                let left: Vec<String> = rows.iter().filter_map(|it| it.this.as_ref().map(whole)).collect();
                let right: Vec<String> = rows.iter().filter_map(|it| it.that.as_ref().map(whole)).collect();
                assert_eq!((left, right), (lines(this), lines(that)));
            }
        }
    }
}
