//! Words of a shell: what is literal in single quotes, variables in double quotes.

use crate::text::MASK;

enum Part {
    Literal(String),
    Variable(String),
    /// A variable, percent-encoded.
    Encoded(String),
}

/// One word.
#[derive(Default)]
pub struct Word(Vec<Part>);

impl Word {
    /// A text with a variable in the place of each mask.
    pub fn text(text: &str) -> Self {
        Self::named(text, last_name)
    }

    /// A header, whose variables are called after it.
    pub fn header(name: &str, header: &str) -> Self {
        Self::named(header, |before| match name.eq_ignore_ascii_case("authorization") {
            true if before.ends_with("Basic ") => "client-credentials",
            true => "access-token",
            false => name,
        })
    }

    fn named<'a>(text: &'a str, name: impl Fn(&'a str) -> &'a str) -> Self {
        let mut word = Self::default();
        let mut parts = text.split(MASK).peekable();
        while let Some(part) = parts.next() {
            word.literal(part);
            if parts.peek().is_some() {
                word.variable(&variable(name(part)));
            }
        }
        word
    }

    pub fn literal(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Part::Literal(last)) => last.push_str(text),
            _ => self.0.push(Part::Literal(text.to_owned())),
        }
    }

    pub fn variable(&mut self, name: &str) {
        self.0.push(Part::Variable(name.to_owned()));
    }

    /// A field of a form. What the script made up needs no encoding.
    pub fn field(&mut self, name: &str, variable: &str) {
        self.literal(&format!("{name}="));
        match variable {
            "CODE_CHALLENGE" => self.variable(variable),
            _ => self.0.push(Part::Encoded(variable.to_owned())),
        }
    }

    pub fn and(&mut self, more: Self) {
        for part in more.0 {
            match part {
                Part::Literal(text) => self.literal(&text),
                part => self.0.push(part),
            }
        }
    }

    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|it| match it {
            Part::Literal(_) => None,
            Part::Variable(name) | Part::Encoded(name) => Some(name.as_str()),
        })
    }

    pub fn written(&self) -> String {
        let some = |it: &&Part| !matches!(it, Part::Literal(text) if text.is_empty());
        let word: String = self.0.iter().filter(some).map(Part::written).collect();
        if word.is_empty() { literal("") } else { word }
    }
}

impl Part {
    fn written(&self) -> String {
        match self {
            Self::Literal(text) => literal(text),
            Self::Variable(name) => format!("\"${name}\""),
            Self::Encoded(name) => format!("\"$(encoded \"${name}\")\""),
        }
    }
}

/// In single quotes, as every POSIX shell reads them (Shell Command Language §2.2.2).
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// What the variable of a name is called.
fn variable(name: &str) -> String {
    let name: String =
        name.chars().map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_uppercase() } else { '_' }).collect();
    if name.starts_with(|it: char| it.is_ascii_uppercase()) { name } else { "SECRET".to_owned() }
}

/// The name of the member or parameter that a text ends with: `…"code":"`, `…&code=`.
fn last_name(before: &str) -> &str {
    let before = before.trim_end_matches(['"', '\\', ' ', ':', '=']);
    let start = before.rfind(|it: char| !it.is_ascii_alphanumeric() && it != '_' && it != '-').map_or(0, |at| at + 1);
    // One character before is ASCII only where it was found as such.
    before.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_becomes_the_variable_of_its_name() {
        let header = |name: &str, text: &str| Word::header(name, &format!("{name}: {text}{MASK}"));
        for (word, name) in [
            (Word::text(&format!("a=b&code={MASK}")), "CODE"),
            (Word::text(&format!("{{\"client_secret\": \"{MASK}")), "CLIENT_SECRET"),
            (Word::text(&format!("https://a/?state={MASK}")), "STATE"),
            (header("mcp-session-id", ""), "MCP_SESSION_ID"),
            (header("Authorization", "Bearer "), "ACCESS_TOKEN"),
            (header("authorization", "Basic "), "CLIENT_CREDENTIALS"),
            (Word::text(&format!("ä{MASK}")), "SECRET"),
            (Word::text(MASK), "SECRET"),
        ] {
            assert_eq!(word.variables().collect::<Vec<_>>(), [name]);
        }
    }

    #[test]
    fn nothing_of_a_text_is_read_by_the_shell() {
        assert_eq!(Word::text("it's $HOME `x` \\").written(), r"'it'\''s $HOME `x` \'");
        assert_eq!(Word::text(&format!("a={MASK}&b")).written(), "'a='\"$A\"'&b'");
        assert_eq!(Word::text("").written(), "''");
    }

    #[test]
    fn what_an_answer_brought_is_encoded_in_a_form() {
        let mut word = Word::text("a=b&");
        word.field("client_id", "CLIENT_ID");
        word.and(Word::text("&c=d"));
        assert_eq!(word.written(), "'a=b&client_id='\"$(encoded \"$CLIENT_ID\")\"'&c=d'");
    }
}
