//! JSON with comments and commas behind the last item, as editors keep their settings.

/// The same text as JSON: comments and such commas are spaces, so that every place keeps its line and column.
pub fn to_json(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut json = String::with_capacity(text.len());
    // Where the last comma stands, if nothing but space has followed it.
    let mut comma = None;
    let mut rest = text.chars().peekable();
    while let Some(next) = rest.next() {
        match (next, rest.peek()) {
            ('"', _) => {
                comma = None;
                json.push('"');
                string(&mut json, &mut rest);
            }
            ('/', Some('/')) => {
                json.push(' ');
                while let Some(it) = rest.next_if(|it| *it != '\n') {
                    blank(&mut json, it);
                }
            }
            ('/', Some('*')) => block(&mut json, &mut rest),
            (',', _) => {
                comma = Some(json.len());
                json.push(',');
            }
            ('}' | ']', _) => {
                if let Some(at) = comma.take() {
                    json.replace_range(at..=at, " ");
                }
                json.push(next);
            }
            _ => {
                if !next.is_whitespace() {
                    comma = None;
                }
                json.push(next);
            }
        }
    }
    json
}

type Rest<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// A string up to the quote that ends it: nothing in it is a comment.
fn string(json: &mut String, rest: &mut Rest<'_>) {
    while let Some(next) = rest.next() {
        json.push(next);
        match next {
            '"' => return,
            '\\' => json.extend(rest.next()),
            _ => {}
        }
    }
}

/// A comment of several lines, after its slash.
fn block(json: &mut String, rest: &mut Rest<'_>) {
    json.push(' ');
    let mut before = ' ';
    // Its star is not that of its end: `/*/`.
    rest.next();
    json.push(' ');
    for next in rest.by_ref() {
        blank(json, next);
        if (before, next) == ('*', '/') {
            return;
        }
        before = next;
    }
}

fn blank(json: &mut String, it: char) {
    json.push(if it == '\n' { '\n' } else { ' ' });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_last_commas_are_spaces() {
        for (text, json) in [
            ("{}", "{}"),
            ("{ // a \"b\"\n \"x\": 1, }", "{         \n \"x\": 1  }"),
            ("[1, /* , ] */ 2,/**/]", "[1,           2     ]"),
            ("{\"a\":\"//b\", \"c\":\"\\\"/*\"}", "{\"a\":\"//b\", \"c\":\"\\\"/*\"}"),
            ("\u{feff}[1,2]", "[1,2]"),
            ("[\"ä\" /*/ ö */]", "[\"ä\"         ]"),
            ("[1 /* never ends", "[1              "),
            ("[\"never ends", "[\"never ends"),
            ("[,]", "[ ]"),
            ("[1,\n// x\n]", "[1 \n    \n]"),
        ] {
            assert_eq!(to_json(text), json, "{text}");
        }
    }
}
