//! What a field says: what has to hold for it, and what does not hold of what stands in it.

use super::format::{fits, well_formed};
use super::{Count, Entry, Field, Item, Kind, Limit, Text};

impl Field {
    /// What has to hold for it, in a few words; empty where anything goes.
    pub fn limits(&self) -> String {
        match &self.kind {
            Kind::Text(text) => text.limits(),
            Kind::Number { least, most, .. } => bounds(least.as_ref(), most.as_ref()),
            Kind::Many { count, .. } => count.words(),
            Kind::Lines { item, count } => {
                let what = match item {
                    Item::Text => "One a line.",
                    Item::Number => "Numbers, one a line.",
                    Item::Whole => "Whole numbers, one a line.",
                };
                format!("{what} {}", count.words()).trim_end().to_owned()
            }
            Kind::Json => "As JSON.".to_owned(),
            Kind::One(_) | Kind::Flag { .. } | Kind::Group => String::new(),
        }
    }

    /// What the server may not like about what stands in it. It is sent all the same.
    pub fn warning(&self, entry: &Entry) -> Option<String> {
        match self.value(entry) {
            Ok(None) if self.required => Some("This is required by the schema, and missing.".to_owned()),
            Ok(Some(value)) if value != "null" => self.doubt(entry).map(|it| format!("{it}.")),
            _ => None,
        }
    }

    fn doubt(&self, entry: &Entry) -> Option<String> {
        match (&self.kind, entry) {
            (Kind::Text(it), Entry::Text(text)) => {
                fits(text, it.shortest, it.longest).and_then(|()| well_formed(text, it.format)).err()
            }
            (Kind::Number { whole, least, most }, Entry::Text(text)) => {
                out_of_bounds(text, *whole, least.as_ref(), most.as_ref())
            }
            (Kind::Many { count, .. }, Entry::Many(chosen)) => count.doubt(chosen.len()),
            (Kind::Lines { item, count }, Entry::Text(text)) => {
                let lines = || text.lines().filter(|it| !it.trim().is_empty());
                let fraction = *item == Item::Whole && lines().any(|it| !is_whole(it));
                if fraction { Some("Whole numbers are wanted".to_owned()) } else { count.doubt(lines().count()) }
            }
            _ => None,
        }
    }
}

impl Text {
    fn limits(&self) -> String {
        let length = match (self.shortest.filter(|it| *it > 0), self.longest) {
            (Some(a), Some(b)) => format!("{a} to {b} characters."),
            (Some(a), None) => format!("At least {a} characters."),
            (None, Some(b)) => format!("At most {b} characters."),
            (None, None) => String::new(),
        };
        let among = self.among.map(|it| format!("One of {it} values, which the schema lists."));
        let pattern = self.pattern.as_ref().map(|it| format!("Pattern {it}"));
        let words = [self.format.looks().to_owned(), length, among.unwrap_or_default(), pattern.unwrap_or_default()];
        let words: Vec<String> = words.into_iter().filter(|it| !it.is_empty()).collect();
        words.join(" ")
    }
}

impl Count {
    fn words(self) -> String {
        match (self.fewest.filter(|it| *it > 0), self.most) {
            (Some(a), Some(b)) if a == b => format!("Exactly {a}."),
            (Some(a), Some(b)) => format!("{a} to {b}."),
            (Some(a), None) => format!("At least {a}."),
            (None, Some(b)) => format!("At most {b}."),
            (None, None) => String::new(),
        }
    }

    fn doubt(self, count: usize) -> Option<String> {
        let count = count as u64;
        match (self.fewest, self.most) {
            (Some(fewest), _) if count < fewest => Some(format!("At least {fewest}, now {count}")),
            (_, Some(most)) if count > most => Some(format!("At most {most}, now {count}")),
            _ => None,
        }
    }
}

fn bounds(least: Option<&Limit>, most: Option<&Limit>) -> String {
    let lower = least.map(|it| format!("{} {}", if it.exclusive { "more than" } else { "at least" }, it.text));
    let upper = most.map(|it| format!("{} {}", if it.exclusive { "less than" } else { "at most" }, it.text));
    match (least, most, lower, upper) {
        (Some(a), Some(b), ..) if !a.exclusive && !b.exclusive => format!("From {} to {}.", a.text, b.text),
        (_, _, Some(lower), Some(upper)) => format!("{}, and {upper}.", capital(&lower)),
        (_, _, Some(one), None) | (_, _, None, Some(one)) => format!("{}.", capital(&one)),
        _ => String::new(),
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|it| it.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn out_of_bounds(text: &str, whole: bool, least: Option<&Limit>, most: Option<&Limit>) -> Option<String> {
    let number: f64 = text.trim().parse().ok()?;
    let below = |it: &&Limit| number < it.number || it.exclusive && number <= it.number;
    let above = |it: &&Limit| number > it.number || it.exclusive && number >= it.number;
    if whole && !is_whole(text) {
        return Some("A whole number is wanted".to_owned());
    }
    let limit = least.filter(below).or_else(|| most.filter(above))?;
    let side = if least.is_some_and(|it| below(&it)) { (Some(limit), None) } else { (None, Some(limit)) };
    Some(bounds(side.0, side.1).trim_end_matches('.').to_owned())
}

/// Whether a number is without a fraction. `1.0` is (JSON Schema Core §4.2.3).
fn is_whole(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok_and(|it| it.fract() == 0.0)
}
