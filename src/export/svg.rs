//! The five lanes as a picture of its own: no script, no style sheet, no font but the reader's.

use super::scene::{Line, Message, Row, Scene, Stroke};
use super::{RedactedTrace, cut};
use crate::checks::Verdict;
use crate::walkthrough::words::Party;
use crate::wire::words;
use std::fmt::Write as _;

const WIDTH: u32 = 1280;
/// Where the first row begins, and how high a stroke is.
const TOP: u32 = 132;
const HIGH: u32 = 34;
/// The width of a character of the small text, in tenths.
const LETTER: u32 = 67;

const INK: &str = "#1b1c1e";
const PALE: &str = "#63666d";
const RULE: &str = "#e6e4dd";
const GOOD: &str = "#1a7039";
const WARN: &str = "#865600";
const BAD: &str = "#b3261e";

/// The colours of the lanes on paper; the page has them in `style/tokens.css`.
const fn colour(party: Party) -> &'static str {
    match party {
        Party::You => "#865600",
        Party::Browser => "#4a5565",
        Party::Client => "#0b6b66",
        Party::Server => "#3c4ec4",
        Party::Issuer => "#932a88",
    }
}

const fn lane(party: Party) -> u32 {
    match party {
        Party::You => 300,
        Party::Browser => 440,
        Party::Client => 640,
        Party::Server => 960,
        Party::Issuer => 1180,
    }
}

pub fn write(trace: &RedactedTrace) -> String {
    let scene = Scene::of(trace);
    let rows = scene.as_ref().map(|it| it.rows.as_slice()).unwrap_or_default();
    let strokes: usize = rows.iter().map(|it| it.strokes.len()).sum();
    let height = TOP + HIGH * u32::try_from(strokes).unwrap_or_default() + 24;
    let title = scene.as_ref().map_or_else(|| "Nothing has happened yet".to_owned(), |it| it.title.clone());
    let mut svg = head(height, &title);
    for party in Party::ALL {
        let (name, under) = scene.as_ref().map_or((party.title(), None), |it| it.lane(party));
        self::party(&mut svg, party, name, under, height);
    }
    let mut y = TOP;
    for row in rows {
        draw_row(&mut svg, row, y);
        y += HIGH * u32::try_from(row.strokes.len()).unwrap_or_default();
    }
    svg.push_str("</svg>\n");
    svg
}

fn head(height: u32, title: &str) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-labelledby=\"title\" font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"{INK}\">\n"
    );
    let _ = writeln!(svg, "<title id=\"title\">{}</title>", escape(title));
    let _ = writeln!(svg, "<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fbfaf7\"/>");
    let heading = escape(&cut(title, 130));
    let _ = writeln!(svg, "<text x=\"24\" y=\"40\" font-size=\"18\" font-weight=\"600\">{heading}</text>");
    svg
}

fn party(svg: &mut String, party: Party, name: &str, under: Option<&str>, height: u32) {
    let (x, fill) = (lane(party), colour(party));
    let _ = writeln!(
        svg,
        "<line x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{}\" stroke=\"{RULE}\" stroke-width=\"1.5\"/>",
        TOP - 16,
        height - 16
    );
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"84\" text-anchor=\"middle\" font-weight=\"600\" fill=\"{fill}\">{}</text>",
        escape(name)
    );
    if let Some(under) = under {
        let under = escape(&cut(under, 30));
        let _ = writeln!(
            svg,
            "<text x=\"{x}\" y=\"102\" text-anchor=\"middle\" font-size=\"11\" fill=\"{PALE}\">{under}</text>"
        );
    }
}

fn draw_row(svg: &mut String, row: &Row, y: u32) {
    let fill = if row.failed { BAD } else { INK };
    let base = y + 20;
    let sign = sign(row).map(|(sign, fill)| format!("<tspan fill=\"{fill}\"> {sign}</tspan>")).unwrap_or_default();
    let why = row.problem.as_ref().map(|it| format!(": {}", escape(it))).unwrap_or_default();
    let _ = writeln!(
        svg,
        "<g><title>{} {}: {}{why}</title><text x=\"24\" y=\"{base}\" font-size=\"12\" fill=\"{PALE}\">{}</text><text x=\"56\" y=\"{base}\" fill=\"{fill}\">{}{sign}</text></g>",
        row.step.number(),
        escape(row.step.title()),
        row.words,
        row.step.number(),
        escape(row.step.title())
    );
    for (index, stroke) in (0..).zip(&row.strokes) {
        draw_stroke(svg, stroke, y + HIGH * index);
    }
}

/// What became of a step, as a sign and its colour.
fn sign(row: &Row) -> Option<(&'static str, &'static str)> {
    match (row.failed, row.verdict?) {
        (true, _) | (_, Verdict::Fail) => Some(("✗", BAD)),
        (_, Verdict::Warn) => Some(("!", WARN)),
        (_, Verdict::Pass) => Some(("✓", GOOD)),
    }
}

/// How an answer is written, and in which colour.
fn answer(it: &Message, outcome: &str) -> (String, &'static str) {
    let outcome = cut(outcome, 12);
    match words::class(Some(&outcome)) {
        _ if it.is_lost() => (format!("✗ {outcome}"), BAD),
        _ if it.bad => (outcome, BAD),
        "2" => (outcome, GOOD),
        "4" | "5" => (outcome, WARN),
        _ => (outcome, PALE),
    }
}

fn draw_stroke(svg: &mut String, stroke: &Stroke, y: u32) {
    match stroke {
        Stroke::Message(it) => message(svg, it, y),
        Stroke::Own(party, words) => {
            let (x, edge) = (lane(*party), colour(*party));
            let _ = writeln!(
                svg,
                "<rect x=\"{}\" y=\"{}\" width=\"190\" height=\"22\" rx=\"11\" fill=\"#ffffff\" stroke=\"{edge}\"/>",
                x - 95,
                y + 5
            );
            let _ = writeln!(svg, "{}", small(x, y + 20, "middle", INK, words));
        }
        Stroke::Away(words) => {
            let (from, to) = (lane(Party::You), lane(Party::Issuer));
            let _ = writeln!(
                svg,
                "<line x1=\"{from}\" y1=\"{0}\" x2=\"{to}\" y2=\"{0}\" stroke=\"{PALE}\" stroke-dasharray=\"2 6\"/>",
                y + 24
            );
            let _ = writeln!(svg, "{}", small((from + to) / 2, y + 18, "middle", INK, &cut(words, 120)));
        }
        Stroke::Note(words) => {
            let _ = writeln!(svg, "{}", small(lane(Party::You), y + 20, "start", PALE, &cut(words, 120)));
        }
    }
}

fn message(svg: &mut String, it: &Message, y: u32) {
    let (from, to) = (lane(it.from), lane(it.to));
    let stroke = if it.bad { BAD } else { colour(it.from) };
    let dashes = match it.line {
        Line::Solid => "",
        Line::Dashed => " stroke-dasharray=\"6 4\"",
        Line::Inferred => " stroke-dasharray=\"2 4\"",
    };
    let (line, back) = (y + 24, if from < to { to - 9 } else { to + 9 });
    let _ = writeln!(
        svg,
        "<line x1=\"{from}\" y1=\"{line}\" x2=\"{back}\" y2=\"{line}\" stroke=\"{stroke}\" stroke-width=\"1.5\"{dashes}/>"
    );
    let _ = writeln!(svg, "<path d=\"M{to} {line}L{back} {}L{back} {}z\" fill=\"{stroke}\"/>", line - 5, line + 5);
    let _ = writeln!(svg, "<circle cx=\"{from}\" cy=\"{line}\" r=\"2.5\" fill=\"{stroke}\"/>");
    let room = (from.abs_diff(to) * 10 / LETTER).saturating_sub(2) as usize;
    let _ = writeln!(svg, "{}", small((from + to) / 2, y + 18, "middle", INK, &cut(&it.words, room)));
    if let Some(outcome) = &it.outcome {
        let (outcome, fill) = answer(it, outcome);
        let _ = writeln!(svg, "{}", small(from.max(to) + 8, line + 4, "start", fill, &outcome));
    }
}

/// A small text of one width, with a halo so that lanes do not run through it.
fn small(x: u32, y: u32, anchor: &str, fill: &str, words: &str) -> String {
    format!(
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" font-family=\"ui-monospace, monospace\" font-size=\"11\" fill=\"{fill}\" stroke=\"#fbfaf7\" stroke-width=\"4\" paint-order=\"stroke\">{}</text>",
        escape(words)
    )
}

/// Text for XML: no markup, and none of the characters that XML does not have.
fn escape(text: &str) -> String {
    let mut written = String::new();
    for it in text.chars() {
        match it {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if it.is_control() => written.push(' '),
            _ => written.push(it),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        assert_eq!(escape("<script a=\"b\">&\u{0}\u{ffff}"), "&lt;script a=&quot;b&quot;&gt;&amp; ");
    }
}
