//! What has to hold for a value, in a few words beside its field.

use super::{Count, Field, Format, Limit, Number, Text, ValueKind};

impl Field {
    /// The constraints; empty where anything goes.
    pub fn limits(&self) -> String {
        let words = match &self.kind {
            ValueKind::Text(text) => text.limits(),
            ValueKind::Number(number) => number.limits(),
            ValueKind::Many { count, .. } => count.limits(""),
            ValueKind::List(list) => list.count.limits("items"),
            ValueKind::Group(group) => group.count.limits("members"),
            ValueKind::Json => "As JSON.".to_owned(),
            ValueKind::One(_) | ValueKind::Flag | ValueKind::Variant(_) => String::new(),
        };
        let example = self.example.as_ref().map(|it| format!("Example: {it}"));
        joined([words, example.unwrap_or_default()])
    }
}

impl Text {
    fn limits(&self) -> String {
        let length = match (self.shortest.filter(|it| *it > 0), self.longest) {
            (Some(a), Some(b)) if a == b => format!("Exactly {}.", counted(a, "character")),
            (Some(a), Some(b)) => format!("{a} to {b} characters."),
            (Some(a), None) => format!("At least {}.", counted(a, "character")),
            (None, Some(b)) => format!("At most {}.", counted(b, "character")),
            (None, None) => String::new(),
        };
        let among = self.among.map(|it| format!("One of {it} values listed in the schema."));
        let pattern = self.pattern.as_ref().map(|it| format!("Pattern {it}"));
        joined([self.format.looks().to_owned(), length, among.unwrap_or_default(), pattern.unwrap_or_default()])
    }
}

impl Number {
    fn limits(&self) -> String {
        let step = self.step.as_ref().filter(|it| !(self.whole && *it == "1"));
        let whole = if self.whole { "A whole number." } else { "" };
        let bounds = bounds(self.least.as_ref(), self.most.as_ref());
        joined([whole.to_owned(), bounds, step.map(|it| format!("A multiple of {it}.")).unwrap_or_default()])
    }
}

impl Count {
    fn limits(self, what: &str) -> String {
        let of = |words: String| format!("{} {what}", words).trim_end().to_owned() + ".";
        let count = match (self.fewest.filter(|it| *it > 0), self.most) {
            (Some(a), Some(b)) if a == b => of(format!("Exactly {a}")),
            (Some(a), Some(b)) => of(format!("{a} to {b}")),
            (Some(a), None) => of(format!("At least {a}")),
            (None, Some(b)) => of(format!("At most {b}")),
            (None, None) => String::new(),
        };
        joined([count, if self.unique { "No two alike.".to_owned() } else { String::new() }])
    }
}

impl Format {
    /// Whether a browser has a control for it.
    pub const fn is_moment(self) -> bool {
        matches!(self, Self::DateTime | Self::Time)
    }
}

fn joined<const N: usize>(words: [String; N]) -> String {
    let words: Vec<String> = words.into_iter().filter(|it| !it.is_empty()).collect();
    words.join(" ")
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
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
