//! An audit as Markdown, to paste into an issue. What servers sent stands in it as text.

use super::line::Verdict;
use super::{Audit, GROUPS, Item, Repair};
use crate::base::format::minute;
use crate::explain::walkthrough::cited::cite;
use std::fmt::Write as _;

pub fn write(audit: &Audit) -> String {
    let mut text = String::new();
    head(audit, &mut text);
    if let Some(card) = &audit.card {
        let _ = writeln!(text, "\n## Stops a connection\n\n**{}** (`{}`)\n", worded(&card.title), card.code.as_str());
        let _ = writeln!(text, "- Fix: {}\n- Reason: {}", worded(&card.ask()), worded(&card.why()));
        for it in &card.evidence.observed {
            let _ = writeln!(text, "- Evidence: {}", worded(it));
        }
    }
    if !audit.repairs.is_empty() {
        text.push_str("\n## Fixes\n");
        audit.repairs.iter().for_each(|it| repair(it, &mut text));
    }
    for group in &GROUPS {
        let items = audit.group(group);
        if !items.is_empty() {
            let _ = writeln!(text, "\n## {}\n", group.title);
            items.iter().for_each(|it| line(audit, it, &mut text));
        }
    }
    text
}

fn head(audit: &Audit, text: &mut String) {
    let verdicts = &audit.verdicts;
    let _ = writeln!(text, "# Audit of {}\n", plain(&audit.server));
    let _ = writeln!(
        text,
        "Checked from {}, {}, without login or client registration.\n",
        plain(&audit.page),
        minute(audit.began)
    );
    if audit.is_open {
        text.push_str("The server is open: it responds without a token and publishes no metadata.\n\n");
    }
    let _ = writeln!(text, "- Works for any client: {}", verdicts.any_client_words());
    let _ = writeln!(text, "- Works in a browser: {}", verdicts.browser_words());
    let _ = writeln!(text, "- Security: {}", verdicts.safe_words());
    let counts: Vec<String> = Verdict::ALL.into_iter().map(|it| it.counted(audit.count(it))).collect();
    let _ = writeln!(text, "\n{}.", counts.join(" · "));
}

fn repair(repair: &Repair, text: &mut String) {
    for (at, item) in repair.items.iter().enumerate() {
        if at == 0 {
            let _ = writeln!(text, "\n### {}\n", item.line.party.words());
        }
        let (sign, line) = (item.verdict.sign(), item.line);
        let _ = writeln!(text, "- {sign} {} {}: {}", line.id, worded(line.title), worded(line.fix));
        let _ = writeln!(text, "  - Observed: {}", seen(item));
    }
    if let Some(it) = repair.snippets.first() {
        let _ = writeln!(text, "\n{}:\n\n````text\n{}\n````", it.framework.name(), it.text.replace("````", ""));
    }
}

fn line(audit: &Audit, item: &Item, text: &mut String) {
    let line = item.line;
    let (title, url) = cite(line.clause, audit.revision);
    let _ = writeln!(
        text,
        "- {} {} {} ({}, {}): {} [{title}]({url})",
        item.verdict.sign(),
        line.id,
        worded(line.title),
        line.level.words(),
        line.party.words(),
        seen(item)
    );
}

fn seen(item: &Item) -> String {
    let values = item.values.as_ref().map(|[one, other]| format!(" `{}` ≠ `{}`", code(one), code(other)));
    match item.verdict {
        Verdict::Unseen if item.line.has_command() => format!("`{}`", code(&item.seen)),
        _ if item.is_pasted => format!("{} (from pasted output)", worded(&item.seen)),
        _ => format!("{}{}", worded(&item.seen), values.unwrap_or_default()),
    }
}

/// A text between backticks.
fn code(text: &str) -> String {
    text.replace(|it: char| it == '`' || it.is_control(), " ")
}

/// A text of this product: what stands between backticks in it is code.
fn worded(text: &str) -> String {
    let piece = |(index, it): (usize, &str)| match index % 2 {
        0 => plain(it),
        _ => format!("`{}`", it.replace(char::is_control, " ")),
    };
    text.split('`').enumerate().map(piece).collect()
}

/// Foreign text as text: no markup of Markdown or HTML, and no line of its own.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' => plain.extend(['\\', char]),
            _ if char.is_control() => plain.push(' '),
            _ => plain.push(char),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_no_markup() {
        assert_eq!(plain("<b>`x`\n# [a](b)"), "\\<b\\>\\`x\\` \\# \\[a\\](b)");
    }
}
