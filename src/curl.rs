//! A request as a curl command, for where a person has to send it instead of the page.

use crate::http::{Method, Request};
use crate::text::{Piece, Text};

/// The command, a part a line; secrets are pieces of their own, so that the screen can mask them.
pub fn command(request: &Request) -> Text {
    let mut text = Text::plain("curl -sS");
    if request.method != Method::Get && request.body.is_none() {
        text = text.and(Text::plain(format!(" -X {}", request.method.as_str())));
    }
    text = text.and(Text::plain(" ")).and(quoted(&Text::plain(request.url.as_str())));
    for (name, value) in &request.headers {
        let header = Text::plain(format!("{name}: ")).and(value.clone());
        text = text.and(Text::plain(" \\\n  -H ")).and(quoted(&header));
    }
    match &request.body {
        Some(body) => text.and(Text::plain(" \\\n  --data-raw ")).and(quoted(body)),
        None => text,
    }
}

/// In single quotes, as every POSIX shell reads them (Shell Command Language §2.2.2).
fn quoted(text: &Text) -> Text {
    let safe = |it: &str| it.replace('\'', r"'\''");
    let pieces = text.pieces().iter().map(|piece| match piece {
        Piece::Plain(it) => Text::plain(safe(it)),
        Piece::Secret(it) => Text::secret(safe(it.expose())),
    });
    pieces.fold(Text::plain("'"), Text::and).and(Text::plain("'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_a_value_ends_no_word_and_a_secret_stays_marked() {
        let request = Request::new(Method::Post, "https://as.example/t?a='")
            .header("x", Text::plain("it's"))
            .body(Text::plain("code=").and(Text::secret("c'0")));
        let command = command(&request);
        let lines =
            [r"curl -sS 'https://as.example/t?a='\''' \", r"  -H 'x: it'\''s' \", r"  --data-raw 'code=c'\''0'"];
        assert_eq!(command.expose(), lines.join("\n"));
        assert!(!command.masked().contains("c'"));
    }

    #[test]
    fn a_get_is_the_address_alone() {
        assert_eq!(command(&Request::get("https://as.example/")).expose(), "curl -sS 'https://as.example/'");
    }
}
