//! The sequence as a Mermaid diagram.

use super::scene::{Line, Message, Scene, SceneRow, Stroke};
use crate::explain::walkthrough::words::Party;
use crate::trace::RedactedTrace;
use std::fmt::Write as _;

pub fn write(trace: &RedactedTrace) -> String {
    let Some(scene) = Scene::of(trace) else {
        return "sequenceDiagram\n    participant client as This client\n    Note over client: no requests yet\n"
            .to_owned();
    };
    let mut text = String::from("sequenceDiagram\n");
    let _ = writeln!(text, "    title {}", plain(&scene.title));
    for party in Party::ALL {
        let (name, under) = scene.lane(party);
        let kind = if party == Party::You { "actor" } else { "participant" };
        let under = under.map(|it| format!("<br/>{}", plain(it))).unwrap_or_default();
        let _ = writeln!(text, "    {kind} {} as {name}{under}", party.name());
    }
    for (index, row) in scene.rows.iter().enumerate() {
        self::row(&mut text, row, scene.rows.get(index + 1).and_then(|it| it.strokes.first()));
    }
    text
}

/// `after` is what the next row begins with.
fn row(text: &mut String, row: &SceneRow, after: Option<&Stroke>) {
    let number = plain(row.step.number());
    let last = row.strokes.iter().rposition(|it| matches!(it, Stroke::Message(it) if it.line == Line::Solid));
    for (index, stroke) in row.strokes.iter().enumerate() {
        let told = after.filter(|_| last == Some(index));
        let _ = match stroke {
            Stroke::Message(it) => message(text, &number, it, told),
            Stroke::Own(party, words) => writeln!(text, "    Note over {}: {number} {}", party.name(), plain(words)),
            Stroke::Away(words) => writeln!(text, "    Note over you,issuer: {number} {}", plain(words)),
            Stroke::Note(words) => writeln!(text, "    Note over client,server: {number} {}", plain(words)),
        };
    }
    if row.failed {
        let why = row.problem.as_ref().map(|it| format!("#58; {}", plain(it))).unwrap_or_default();
        let _ = writeln!(text, "    Note over client: {number} failed{why}");
    }
}

/// Whether a row that tells the answer of a request follows it: then the answer is drawn there, and once.
fn is_told(it: &Message, after: Option<&Stroke>) -> bool {
    let Some(Stroke::Message(next)) = after else { return false };
    let back = next.line == Line::Dashed && (next.from, next.to) == (it.to, it.from);
    back && it.outcome.as_deref().is_some_and(|status| next.words.split(' ').next() == Some(status))
}

fn message(text: &mut String, number: &str, it: &Message, after: Option<&Stroke>) -> std::fmt::Result {
    let (from, to) = (it.from.name(), it.to.name());
    let arrow = match it.line {
        Line::Solid => "->>",
        Line::Dashed => "-->>",
        Line::Inferred => "--)",
    };
    writeln!(text, "    {from}{arrow}{to}: {number} {}", plain(&it.words))?;
    match &it.outcome {
        Some(_) if is_told(it, after) => Ok(()),
        Some(outcome) if it.bad || it.is_lost() => writeln!(text, "    {to}--x{from}: {}", plain(outcome)),
        Some(outcome) => writeln!(text, "    {to}-->>{from}: {}", plain(outcome)),
        None => Ok(()),
    }
}

/// A text that means nothing to Mermaid: what might is written as the number of its character.
fn plain(text: &str) -> String {
    let mut written = String::new();
    for it in text.chars() {
        match it {
            _ if it.is_control() => written.push(' '),
            _ if it.is_alphanumeric() || " .,/_-…·•→↻↑×".contains(it) => written.push(it),
            _ => {
                let _ = write!(written, "#{};", u32::from(it));
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_syntax() {
        assert_eq!(plain("a;b#c\nend"), "a#59;b#35;c end");
        assert_eq!(plain("POST /mcp …/x 2a"), "POST /mcp …/x 2a");
    }
}
