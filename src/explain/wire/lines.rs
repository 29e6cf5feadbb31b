//! What was on the wire as lines to draw: names told from values, secrets marked, JSON and forms laid out.
//!
//! Nothing is added to what was sent but line breaks, and long bodies are cut and say so.

use super::flat::Flat;
use super::layout;
use crate::base::format;
use crate::base::text::{Reveal, Text};
use crate::explain::wire::words;
use crate::http::Request;
use crate::trace::{Body, Exchange};

/// How long a JSON body may be to be laid out, in bytes.
const LAID_OUT: usize = 64 * 1024;
/// How much of a longer body is shown, in bytes.
pub const SHOWN: usize = 16 * 1024;
/// How many lines are drawn at most.
const LINES: usize = 600;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    /// A name, with what separates it from its value.
    Name,
    Secret,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub tone: Tone,
    pub text: String,
}

impl Run {
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into() }
    }
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The header, field or member that it holds.
    pub name: Option<String>,
    /// White space that only shows how deep it stands.
    pub indent: String,
    pub runs: Vec<Run>,
}

impl Line {
    /// As plain text.
    pub fn written(&self) -> String {
        let runs: String = self.runs.iter().map(|it| it.text.as_str()).collect();
        format!("{}{runs}", self.indent)
    }

    fn plain(text: impl Into<String>) -> Self {
        Self { runs: vec![Run::new(Tone::Plain, text)], ..Self::default() }
    }
}

/// Lines, and what is to be said about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    pub lines: Vec<Line>,
    /// What is not shown of the body, in words.
    pub note: Option<String>,
}

/// A request as it left. What the browser adds by itself is not in it.
pub fn request(request: &Request, reveal: Reveal) -> Block {
    let (_, path, query) = words::address(&request.url);
    let mut lines =
        vec![Line::plain(format!("{} {path}{}", request.method.as_str(), if query.is_some() { "?" } else { "" }))];
    let query = query.map(|it| layout::form(&Flat::of(&Text::plain(it)), reveal));
    lines.extend(query.unwrap_or_default());
    lines.extend(request.headers.iter().map(|(name, value)| header(name, value, reveal)));
    let body = request.body.as_ref().map(|text| body(&Body::new(text.clone()), &content_type(request), reveal));
    with_body(lines, body)
}

/// What came back, as far as the browser lets a page read it; nothing where there is no answer.
pub fn answer(exchange: &Exchange, reveal: Reveal) -> Block {
    let Some((head, _)) = &exchange.head else { return Block::default() };
    let mut lines = match head.status {
        0 => vec![Line::plain("opaque response")],
        status => vec![Line::plain(status.to_string())],
    };
    for (name, value) in &head.headers {
        let session = name.eq_ignore_ascii_case("mcp-session-id");
        let value = if session { Text::secret(value.as_str()) } else { Text::plain(value.as_str()) };
        lines.push(header(name, &value, reveal));
    }
    with_body(lines, exchange.body.as_ref().map(|it| body(it, &head.media_type(), reveal)))
}

/// A message or the data of an event.
pub fn message(message: &Body, reveal: Reveal) -> Block {
    body(message, "application/json", reveal)
}

/// A single value.
pub fn value(text: &Text, reveal: Reveal) -> Vec<Run> {
    let flat = Flat::of(text);
    flat.runs(0..flat.len(), reveal)
}

fn header(name: &str, value: &Text, reveal: Reveal) -> Line {
    let mut runs = vec![Run::new(Tone::Name, format!("{name}: "))];
    runs.extend(self::value(value, reveal));
    Line { name: Some(name.to_ascii_lowercase()), runs, ..Line::default() }
}

fn content_type(request: &Request) -> String {
    let found = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    found.map(|(_, value)| value.masked()).unwrap_or_default()
}

fn with_body(mut lines: Vec<Line>, body: Option<Block>) -> Block {
    let Some(body) = body else { return Block { lines, note: None } };
    lines.push(Line::default());
    lines.extend(body.lines);
    Block { lines, note: body.note }
}

fn body(body: &Body, media: &str, reveal: Reveal) -> Block {
    let whole = !body.is_cut() && body.text.len() <= LAID_OUT;
    // What a server and a tool say to each other may hold secrets too: here they are known by their names alone.
    let flat = Flat::of(&body.text.head(if whole { LAID_OUT } else { SHOWN }).marked());
    let mut lines = match media {
        "application/x-www-form-urlencoded" if whole => layout::form(&flat, reveal),
        _ => layout::json(&flat, reveal).filter(|_| whole).unwrap_or_else(|| layout::plain(&flat, reveal)),
    };
    let count = lines.len();
    lines.truncate(LINES);
    let note = match (body.is_cut(), whole) {
        (true, _) => Some(format!(
            "The first {} of {}: no more of it was kept.",
            format::bytes(flat.len()),
            format::bytes(body.bytes)
        )),
        (false, false) => Some(format!("The first {} of {}.", format::bytes(flat.len()), format::bytes(body.bytes))),
        (false, true) if count > LINES => Some(format!("The first {LINES} of {count} lines.")),
        (false, true) => None,
    };
    Block { lines, note }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::{MASK, json};
    use crate::http::Method;

    fn written(block: &Block) -> Vec<String> {
        block.lines.iter().map(Line::written).collect()
    }

    #[test]
    fn a_token_request_is_laid_out_and_keeps_its_secrets() {
        let form = [("grant_type", "authorization_code"), ("code", "a b"), ("resource", "https://a/b")];
        let form = crate::base::text::form(&form.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let sent = Request::new(Method::Post, "https://as.example/token")
            .header("content-type", Text::plain("application/x-www-form-urlencoded"))
            .body(form);
        let mut lines =
            vec!["POST /token", "content-type: application/x-www-form-urlencoded", "", "grant_type=authorization_code"];
        let masked = format!("code={MASK}");
        lines.extend([masked.as_str(), "resource=https://a/b"]);
        assert_eq!(written(&request(&sent, Reveal::Masked)), lines);
        assert_eq!(written(&request(&sent, Reveal::Shown)).get(4).map(String::as_str), Some("code=a b"));
    }

    #[test]
    fn a_query_is_laid_out_below_its_path() {
        let lines = written(&request(&Request::get("https://as.example/authorize?state=x%2Fy&a"), Reveal::Masked));
        assert_eq!(lines, ["GET /authorize?", "state=x/y", "a"]);
    }

    #[test]
    fn a_long_body_says_how_much_of_it_is_shown() {
        let text = Text::plain("x".repeat(LAID_OUT + 1));
        let shown = body(&Body::new(text.clone()), "application/json", Reveal::Masked);
        assert_eq!(shown.note.as_deref(), Some("The first 16.0 KB of 64.0 KB."));
        let cut = body(&Body { text: text.head(10), bytes: 2000, cut: true }, "", Reveal::Masked);
        assert_eq!(cut.note.as_deref(), Some("The first 10 B of 2.0 KB: no more of it was kept."));
        assert_eq!(message(&Body::new(Text::plain("[[],".repeat(9))), Reveal::Masked).note, None);
    }

    #[test]
    fn members_of_a_message_with_names_of_secrets_are_masked_until_shown() {
        for name in ["apiKey", "api_key", "client-secret", "accessToken", "GITHUB_TOKEN", "password"] {
            let text = format!(r#"{{"params":{{"arguments":{{"{name}":"geheim","place":"here"}}}}}}"#);
            let sent = Request::new(Method::Post, "https://mcp.example/mcp").body(Text::plain(text.as_str()));
            let body = Body::new(Text::plain(text.as_str()));
            let both =
                |reveal| written(&message(&body, reveal)).join("\n") + &written(&request(&sent, reveal)).join("\n");
            assert_eq!(both(Reveal::Masked).matches(&format!("\"{name}\": \"{MASK}\"")).count(), 2, "{name}");
            assert!(!both(Reveal::Masked).contains("geheim"), "{name}");
            assert_eq!(both(Reveal::Shown).matches("geheim").count(), 2, "{name}");
            assert_eq!(both(Reveal::Masked).matches("\"place\": \"here\"").count(), 2, "{name}");
        }
        // A string that holds JSON, as tools answer with.
        let text = r#"{"content":[{"type":"text","text":"{\"apiKey\":\"geheim\"}"}]}"#;
        assert!(!written(&message(&Body::new(Text::plain(text)), Reveal::Masked)).concat().contains("geheim"));
    }

    #[test]
    fn the_tokens_of_an_answer_are_masked_until_shown() {
        let it = Body::new(json(r#"{"access_token":"abc","expires_in":3600}"#));
        let masked = written(&body(&it, "application/json", Reveal::Masked));
        assert_eq!(masked, ["{", &format!("  \"access_token\": \"{MASK}\","), "  \"expires_in\": 3600", "}"]);
        let shown = written(&body(&it, "application/json", Reveal::Shown));
        assert_eq!(shown.get(1).map(String::as_str), Some("  \"access_token\": \"abc\","));
    }
}
