//! The requests as a shell script. What is secret is a variable, with a word on where to get it.

use super::{RedactedTrace, line};
use crate::format;
use crate::http::{Mode, Request, is_token};
use crate::text::MASK;
use crate::trace::{Exchange, Millis};
use std::fmt::Write as _;

pub fn write(trace: &RedactedTrace, now: Millis) -> String {
    let server = super::server(trace).unwrap_or_default();
    let mut variables = Vec::new();
    let exchanges = trace.trace().exchanges().filter(|it| it.request.mode != Mode::Opaque);
    let commands: String = exchanges.filter_map(|it| command(it, &mut variables)).collect();
    let mut text = String::from("#!/bin/sh\n");
    let _ = writeln!(text, "# The requests that Flowglass sent to {}, written {}.", line(server), format::date(now));
    text.push_str("# Secrets are not in here. Set these before the commands that use them:\n\n");
    for name in &variables {
        let _ = writeln!(text, "{name}=${{{name}:-}} # {}", source(name));
    }
    text + &commands
}

/// One request; `None` for what is no request of http.
fn command(exchange: &Exchange, variables: &mut Vec<String>) -> Option<String> {
    let request = &exchange.request;
    if !request.url.starts_with("https://") && !request.url.starts_with("http://") {
        return None;
    }
    let url = quoted(&line(&request.url), "", variables);
    let step =
        exchange.step.map_or_else(|| "Beside the steps".to_owned(), |it| format!("{} {}", it.number(), it.title()));
    let answered = exchange.status().map(|it| format!(", answer: {it}")).unwrap_or_default();
    if exchange.navigation {
        return Some(format!("\n# {step}: open this in a browser.\n# {url}\n"));
    }
    let mut text = format!("\n# {step}{answered}\ncurl -sS -i --globoff -X {}", request.method.as_str());
    for argument in arguments(request, variables) {
        let _ = write!(text, " \\\n  {argument}");
    }
    let _ = writeln!(text, " \\\n  --url {url}");
    Some(text)
}

fn arguments(request: &Request, variables: &mut Vec<String>) -> Vec<String> {
    let mut arguments = Vec::new();
    // A name that is none could be read as an option of another meaning.
    for (name, value) in request.headers.iter().filter(|(name, _)| !name.is_empty() && name.bytes().all(is_token)) {
        let header = format!("{name}: {}", line(&value.masked()));
        arguments.push(format!("-H {}", quoted(&header, name, variables)));
    }
    if let Some(body) = &request.body {
        arguments.push(format!("--data-raw {}", quoted(&body.masked().replace('\0', ""), "", variables)));
    }
    arguments
}

/// A word of the shell: what is literal in single quotes, a variable in the place of each mask.
fn quoted(text: &str, header: &str, variables: &mut Vec<String>) -> String {
    let mut word = String::new();
    let mut parts = text.split(MASK).peekable();
    while let Some(part) = parts.next() {
        if !part.is_empty() || word.is_empty() {
            let _ = write!(word, "'{}'", part.replace('\'', r"'\''"));
        }
        if parts.peek().is_some() {
            let name = variable(part, header);
            let _ = write!(word, "\"${name}\"");
            if !variables.contains(&name) {
                variables.push(name);
            }
        }
    }
    word
}

/// What the variable is called that stands after this text.
fn variable(before: &str, header: &str) -> String {
    if header.eq_ignore_ascii_case("authorization") {
        return if before.ends_with("Basic ") { "CLIENT_CREDENTIALS" } else { "ACCESS_TOKEN" }.to_owned();
    }
    let name = if header.is_empty() { last_name(before) } else { header };
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

fn source(name: &str) -> &'static str {
    match name {
        "ACCESS_TOKEN" => "access_token in the answer of the token endpoint",
        "REFRESH_TOKEN" => "refresh_token in the answer of the token endpoint",
        "CODE" => "code in the address that the browser is sent back to; it works once, and not for long",
        "CODE_VERIFIER" => "the text whose SHA-256 went out as code_challenge: make a pair of your own",
        "STATE" => "any random text; it comes back unchanged",
        "CLIENT_SECRET" => "from the registration of the client",
        "CLIENT_CREDENTIALS" => "base64 of the client's id, a colon, and its secret",
        "MCP_SESSION_ID" => "the header mcp-session-id in the answer to initialize",
        "SESSIONID" | "SESSION_ID" => "in the address that the server names on its stream",
        "TOKEN" => "the token that is given back",
        _ => "what you sent in this place",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, header: &str) -> (String, Vec<String>) {
        let mut variables = Vec::new();
        (quoted(text, header, &mut variables), variables)
    }

    #[test]
    fn a_mask_becomes_the_variable_of_its_name() {
        for (text, header, name) in [
            (format!("a=b&code={MASK}"), "", "CODE"),
            (format!("{{\"client_secret\": \"{MASK}"), "", "CLIENT_SECRET"),
            (format!("https://a/?state={MASK}"), "", "STATE"),
            (format!("mcp-session-id: {MASK}"), "mcp-session-id", "MCP_SESSION_ID"),
            (format!("Authorization: Bearer {MASK}"), "Authorization", "ACCESS_TOKEN"),
            (format!("authorization: Basic {MASK}"), "authorization", "CLIENT_CREDENTIALS"),
            (format!("ä{MASK}"), "", "SECRET"),
            (MASK.to_owned(), "", "SECRET"),
        ] {
            assert_eq!(word(&text, header).1, [name], "{text}");
        }
    }

    #[test]
    fn nothing_of_a_text_is_read_by_the_shell() {
        assert_eq!(word("it's $HOME `x` \\", "").0, r"'it'\''s $HOME `x` \'");
        assert_eq!(word(&format!("a={MASK}&b"), "").0, "'a='\"$A\"'&b'");
        assert_eq!(word("", "").0, "''");
    }
}
