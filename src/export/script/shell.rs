//! Words of a shell: what is literal in single quotes, variables in double quotes.

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
    /// A text as it is. A mask in it is a character like any other: a server could have put it there.
    pub fn text(text: &str) -> Self {
        Self(vec![Part::Literal(text.to_owned())])
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

    /// A field of a form or a query. What the script made up needs no encoding.
    pub fn field(&mut self, name: &str, variable: &str) {
        self.literal(&format!("{name}="));
        match variable {
            // The code and a session id are taken over as a URL has them.
            "CODE" | "CODE_VERIFIER" | "CODE_CHALLENGE" | "STATE" | "SESSION_ID" => self.variable(variable),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::MASK;

    #[test]
    fn a_mask_in_a_text_is_text() {
        for text in [format!("https://a/?HOME={MASK}"), format!("{{\"client_secret\": \"{MASK}"), MASK.to_owned()] {
            assert_eq!((Word::text(&text).variables().count(), Word::text(&text).written()), (0, literal(&text)));
        }
    }

    #[test]
    fn nothing_of_a_text_is_read_by_the_shell() {
        assert_eq!(Word::text("it's $HOME `x` \\").written(), r"'it'\''s $HOME `x` \'");
        let mut word = Word::text("a=");
        word.variable("A");
        word.literal("&b");
        assert_eq!(word.written(), "'a='\"$A\"'&b'");
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
