//! The five lanes as a picture of its own: no script, no style sheet, no font but the reader's.
//!
//! It is made for documents and slides: no text in it is lower than 12 px at its own width.

mod palette;

pub use palette::Theme;

use super::cut;
use super::scene::{Line, Message, Scene, SceneRow, Stroke};
use crate::explain::walkthrough::words::Party;
use crate::explain::wire::words;
use crate::trace::RedactedTrace;
use crate::trace::check::Verdict;
use crate::trace::step::Step;
use palette::Palette;
use std::fmt::Write as _;

/// How a picture is to look, and what of the attempt it shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    pub theme: Theme,
    pub frame: Frame,
    /// One step alone, where something happened at it.
    pub step: Option<Step>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Frame {
    /// As high as its content.
    #[default]
    Content,
    /// 16:9, as slides are; what is high makes it wider.
    Slide,
}

/// The width of the lanes, and of a picture that is as high as its content.
const WIDTH: u32 = 1280;
/// Where the first row begins, and how high a stroke is.
const TOP: u32 = 132;
const HIGH: u32 = 34;
/// The width of a character of the small text, in tenths.
const LETTER: u32 = 73;

const fn lane(party: Party) -> u32 {
    match party {
        Party::You => 300,
        Party::Browser => 440,
        Party::Client => 640,
        Party::Server => 960,
        Party::Issuer => 1180,
    }
}

pub fn write(trace: &RedactedTrace, look: Look) -> String {
    let scene = Scene::of(trace);
    let rows = scene.as_ref().map(|it| it.rows.as_slice()).unwrap_or_default();
    let of_step = |row: &&SceneRow| look.step.is_none_or(|step| row.step == step);
    let chosen: Vec<&SceneRow> = rows.iter().filter(of_step).collect();
    let rows = if chosen.is_empty() { rows.iter().collect() } else { chosen };
    let strokes: usize = rows.iter().map(|it| it.strokes.len()).sum();
    let height = TOP + HIGH * u32::try_from(strokes).unwrap_or_default() + 24;
    let title = scene.as_ref().map_or_else(|| "No requests yet".to_owned(), |it| it.title.clone());
    let palette = look.theme.palette();
    let mut svg = head(look, height, &title);
    for party in Party::ALL {
        let (name, under) = scene.as_ref().map_or((party.title(), None), |it| it.lane(party));
        self::party(&mut svg, palette, (party, name, under), height);
    }
    let mut y = TOP;
    for row in rows {
        draw_row(&mut svg, palette, row, y);
        y += HIGH * u32::try_from(row.strokes.len()).unwrap_or_default();
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// The whole picture: its width and height.
fn size(frame: Frame, height: u32) -> (u32, u32) {
    match frame {
        Frame::Content => (WIDTH, height),
        Frame::Slide => {
            // A multiple of 16 wide, so that 16:9 is exact.
            let across = WIDTH.div_ceil(16).max(height.div_ceil(9));
            (across * 16, across * 9)
        }
    }
}

fn head(look: Look, height: u32, title: &str) -> String {
    let palette = look.theme.palette();
    let (wide, high) = size(look.frame, height);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" height=\"{high}\" role=\"img\" aria-labelledby=\"title\" font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"{}\">\n",
        palette.ink
    );
    let _ = writeln!(svg, "<title id=\"title\">{}</title>", escape(title));
    if let Some(paper) = palette.paper {
        let _ = writeln!(svg, "<rect width=\"{wide}\" height=\"{high}\" fill=\"{paper}\"/>");
    }
    let _ = writeln!(svg, "<g transform=\"translate({} {})\">", (wide - WIDTH) / 2, (high - height) / 2);
    let heading = escape(&cut(title, 130));
    let _ = writeln!(svg, "<text x=\"24\" y=\"40\" font-size=\"18\" font-weight=\"600\">{heading}</text>");
    svg
}

fn party(svg: &mut String, palette: &Palette, (party, name, under): (Party, &str, Option<&str>), height: u32) {
    let (x, fill, rule, pale) = (lane(party), palette.lane(party), palette.rule, palette.pale);
    let _ = writeln!(
        svg,
        "<line x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{}\" stroke=\"{rule}\" stroke-width=\"1.5\"/>",
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
            "<text x=\"{x}\" y=\"102\" text-anchor=\"middle\" font-size=\"12\" fill=\"{pale}\">{under}</text>"
        );
    }
}

fn draw_row(svg: &mut String, palette: &Palette, row: &SceneRow, y: u32) {
    let (fill, pale) = (if row.failed { palette.bad } else { palette.ink }, palette.pale);
    let base = y + 20;
    let sign =
        sign(palette, row).map(|(sign, fill)| format!("<tspan fill=\"{fill}\"> {sign}</tspan>")).unwrap_or_default();
    let why = row.problem.as_ref().map(|it| format!(": {}", escape(it))).unwrap_or_default();
    let _ = writeln!(
        svg,
        "<g><title>{} {}: {}{why}</title><text x=\"24\" y=\"{base}\" font-size=\"12\" fill=\"{pale}\">{}</text><text x=\"56\" y=\"{base}\" fill=\"{fill}\">{}{sign}</text></g>",
        row.step.number(),
        escape(row.step.title()),
        row.words,
        row.step.number(),
        escape(row.step.title())
    );
    for (index, stroke) in (0..).zip(&row.strokes) {
        draw_stroke(svg, palette, stroke, y + HIGH * index);
    }
}

/// What became of a step, as a sign and its colour.
fn sign(palette: &Palette, row: &SceneRow) -> Option<(&'static str, &'static str)> {
    match (row.failed, row.verdict?) {
        (true, _) | (_, Verdict::Fail) => Some(("✗", palette.bad)),
        (_, Verdict::Warn) => Some(("!", palette.warn)),
        (_, Verdict::Pass) => Some(("✓", palette.good)),
    }
}

/// How an answer is written, and in which colour.
fn answer(palette: &Palette, it: &Message, outcome: &str) -> (String, &'static str) {
    let outcome = cut(outcome, 12);
    match words::class(Some(&outcome)) {
        _ if it.is_lost() => (format!("✗ {outcome}"), palette.bad),
        _ if it.bad => (outcome, palette.bad),
        "2" => (outcome, palette.good),
        "4" | "5" => (outcome, palette.warn),
        _ => (outcome, palette.pale),
    }
}

fn draw_stroke(svg: &mut String, palette: &Palette, stroke: &Stroke, y: u32) {
    let Palette { ink, pale, .. } = *palette;
    match stroke {
        Stroke::Message(it) => message(svg, palette, it, y),
        Stroke::Own(party, words) => {
            let (x, edge) = (lane(*party), palette.lane(*party));
            let _ = writeln!(
                svg,
                "<rect x=\"{}\" y=\"{}\" width=\"220\" height=\"22\" rx=\"11\" fill=\"{}\" stroke=\"{edge}\"/>",
                x - 110,
                y + 5,
                palette.paper.unwrap_or("none")
            );
            let _ = writeln!(svg, "{}", small(palette, (x, y + 20, "middle"), ink, words));
        }
        Stroke::Away(words) => {
            let (from, to) = (lane(Party::You), lane(Party::Issuer));
            let _ = writeln!(
                svg,
                "<line x1=\"{from}\" y1=\"{0}\" x2=\"{to}\" y2=\"{0}\" stroke=\"{pale}\" stroke-dasharray=\"2 6\"/>",
                y + 24
            );
            let _ = writeln!(svg, "{}", small(palette, ((from + to) / 2, y + 18, "middle"), ink, &cut(words, 120)));
        }
        Stroke::Note(words) => {
            let _ = writeln!(svg, "{}", small(palette, (lane(Party::You), y + 20, "start"), pale, &cut(words, 120)));
        }
    }
}

fn message(svg: &mut String, palette: &Palette, it: &Message, y: u32) {
    let (from, to) = (lane(it.from), lane(it.to));
    let stroke = if it.bad { palette.bad } else { palette.lane(it.from) };
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
    let _ =
        writeln!(svg, "{}", small(palette, ((from + to) / 2, y + 18, "middle"), palette.ink, &cut(&it.words, room)));
    if let Some(outcome) = &it.outcome {
        let (outcome, fill) = answer(palette, it, outcome);
        let _ = writeln!(svg, "{}", small(palette, (from.max(to) + 8, line + 4, "start"), fill, &outcome));
    }
}

/// A small text of one width, with a halo so that lanes do not run through it.
fn small(palette: &Palette, (x, y, anchor): (u32, u32, &str), fill: &str, words: &str) -> String {
    let halo = palette.paper.map(|it| format!(" stroke=\"{it}\" stroke-width=\"4\" paint-order=\"stroke\""));
    format!(
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" font-family=\"ui-monospace, monospace\" font-size=\"12\" fill=\"{fill}\"{}>{}</text>",
        halo.unwrap_or_default(),
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
    fn a_slide_is_16_to_9_and_holds_its_content_at_full_size() {
        for height in [100, 720, 721, 1500] {
            let (wide, high) = size(Frame::Slide, height);
            assert_eq!(wide * 9, high * 16);
            assert!(wide >= WIDTH && high >= height);
        }
        assert_eq!(size(Frame::Slide, 100), (1280, 720));
        assert_eq!(size(Frame::Content, 100), (WIDTH, 100));
    }

    #[test]
    fn no_text_is_lower_than_12_pixels() {
        for (theme, ..) in Theme::ALL {
            let empty = RedactedTrace::of(&crate::trace::Trace::default());
            let svg = write(&empty, Look { theme, ..Look::default() });
            let sizes = svg.split("font-size=\"").skip(1).filter_map(|it| it.split('"').next()?.parse::<u32>().ok());
            assert!(sizes.min() >= Some(12));
        }
    }

    #[test]
    fn text_is_never_markup() {
        assert_eq!(escape("<script a=\"b\">&\u{0}\u{ffff}"), "&lt;script a=&quot;b&quot;&gt;&amp; ");
    }
}
