//! A request as a curl command, for where a user has to send it instead of the page.
//!
//! Every value is literal: no shell finds a variable, a command or an option in it, and no command has a variable of its
//! own.

use crate::base::text::{Piece, Text};
use crate::http::{Method, Request};
use std::fmt::Write as _;

/// The shell that the command is quoted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// And every other POSIX shell.
    Bash,
    PowerShell,
    Cmd,
}

impl Shell {
    /// With the names of the select.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Bash, "bash", "bash, zsh"),
        (Self::PowerShell, "powershell", "PowerShell"),
        (Self::Cmd, "cmd", "cmd.exe"),
    ];

    pub fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|(_, it, _)| *it == name).map_or(Self::Bash, |(it, ..)| it)
    }
}

/// The command, a part a line; secrets are pieces of their own, so that the screen can mask them.
pub fn command(request: &Request, shell: Shell) -> Text {
    let options = options(request);
    match shell {
        Shell::Bash => for_bash(&options),
        Shell::Cmd => for_cmd(&ascii(options)),
        Shell::PowerShell => in_config(&ascii(options)),
    }
}

/// The request as the browser sends it for a page of that origin, its preflight first, with the response headers shown.
/// Secrets are masked: it is for whoever runs the server.
pub fn as_browser(request: &Request, origin: &str) -> String {
    let origin = |request: Request| request.header("Origin", Text::plain(origin));
    let shown = |request: &Request| {
        let options = options(request).into_iter().map(|(name, value)| (name, Text::plain(value.masked())));
        for_bash(&options.collect::<Vec<_>>()).expose().replacen("curl -sS", "curl -i", 1)
    };
    let asked = shown(&origin(request.clone()));
    if !request.needs_preflight() {
        return asked;
    }
    let preflight = origin(Request::get(request.url.as_str()))
        .header("Access-Control-Request-Method", Text::plain(request.method.as_str()))
        .header("Access-Control-Request-Headers", Text::plain(request.preflighted().join(",")));
    let preflight = shown(&preflight).replacen("curl -i", "curl -i -X OPTIONS", 1);
    format!("{preflight}\n{asked}")
}

/// A long name and its value.
type CurlOption = (&'static str, Text);

fn options(request: &Request) -> Vec<CurlOption> {
    let mut options = Vec::new();
    if request.method != Method::Get && request.body.is_none() {
        options.push(("request", Text::plain(request.method.as_str())));
    }
    options.push(("url", Text::plain(request.url.as_str())));
    for (name, value) in &request.headers {
        options.push(("header", Text::plain(format!("{name}: ")).and(value.clone())));
    }
    options.extend(request.body.iter().map(|it| ("data-raw", it.clone())));
    options
}

fn for_bash(options: &[CurlOption]) -> Text {
    options.iter().fold(Text::plain("curl -sS"), |text, (name, value)| {
        text.and(Text::plain(format!(" \\\n  --{name} '"))).and(each(value, bash)).and(Text::plain("'"))
    })
}

fn for_cmd(options: &[CurlOption]) -> Text {
    options.iter().fold(Text::plain("curl.exe -sS"), |text, (name, value)| {
        let mut argument = CmdArgument::default();
        let value = each(value, |it| argument.written(it));
        text.and(Text::plain(format!(" ^\n  --{name} ^\""))).and(value).and(Text::plain(argument.end()))
    })
}

/// The options as a file that curl reads, in a here-string. What PowerShell makes of quotes in the arguments of a program
/// differs from version to version, and a here-string is literal in all (about_Quoting_Rules). None of its lines
/// begins with the quote that ends it.
fn in_config(options: &[CurlOption]) -> Text {
    let lines = options.iter().fold(Text::plain("@'\n"), |text, (name, value)| {
        text.and(Text::plain(format!("{name} = \""))).and(each(value, config)).and(Text::plain("\"\n"))
    });
    lines.and(Text::plain("'@ | curl.exe -sS --config -"))
}

/// Every piece written so, and secrets still marked.
fn each(text: &Text, mut written: impl FnMut(&str) -> String) -> Text {
    let pieces = text.pieces().iter().map(|piece| match piece {
        Piece::Plain(it) => Text::plain(written(it)),
        Piece::Secret(it) => Text::secret(written(it.expose())),
    });
    pieces.fold(Text::default(), Text::and)
}

/// Within single quotes, as every POSIX shell reads them (Shell Command Language §2.2.2).
fn bash(text: &str) -> String {
    text.replace('\0', "").replace('\'', r"'\''")
}

/// Within the quotes of a curl configuration file (curl's manual, `--config`).
fn config(text: &str) -> String {
    let escaped = text.replace('\0', "").replace('\\', r"\\").replace('"', "\\\"");
    escaped.replace('\n', r"\n").replace('\r', r"\r").replace('\t', r"\t")
}

/// An argument within `^"`, the quotes that the program sees and cmd.exe does not: so a caret escapes whatever cmd.exe
/// would act on. It looks for the name of a variable between two percent signs, carets and all, and none begins with one.
#[derive(Default)]
struct CmdArgument {
    /// Backslashes at the end of what was written: the program reads those before a quote by twos.
    slashes: usize,
    /// Whether a percent sign was written last.
    percent: bool,
}

impl CmdArgument {
    fn written(&mut self, text: &str) -> String {
        let mut written = String::new();
        for char in text.chars().filter(|it| !matches!(it, '\0' | '\r')) {
            match char {
                '"' => written.push_str(&format!("{}\\^\"", "\\".repeat(self.slashes))),
                // A caret takes the line break behind it away, and the next one stands.
                '\n' => written.push_str("^\n\n"),
                it if self.percent || "%^&|<>()!\t".contains(it) => written.extend(['^', it]),
                it => written.push(it),
            }
            self.slashes = if char == '\\' { self.slashes + 1 } else { 0 };
            self.percent = char == '%';
        }
        written
    }

    fn end(&self) -> String {
        format!("{}^\"", "\\".repeat(self.slashes))
    }
}

/// The same in ASCII, which is what a Windows console passes on unchanged: JSON can name every other character, and URLs
/// and forms are encoded already.
fn ascii(options: Vec<CurlOption>) -> Vec<CurlOption> {
    let is_json = |text: &Text| text.expose().trim_start().starts_with(['{', '[']);
    let named = |(name, value): CurlOption| match name == "data-raw" && is_json(&value) {
        true => (name, each(&value, in_json)),
        false => (name, value),
    };
    options.into_iter().map(named).collect()
}

/// RFC 8259 §7.
fn in_json(text: &str) -> String {
    let mut written = String::new();
    for unit in text.encode_utf16() {
        match u8::try_from(unit).ok().filter(u8::is_ascii) {
            Some(byte) => written.push(char::from(byte)),
            None => {
                let _ = write!(written, "\\u{unit:04x}");
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each holds what some shell acts on.
    const HOSTILE: [&str; 9] = [
        "it's",
        "%PATH% %PATH:~0,3% %%PATH%% 100%",
        "$(calc) $HOME ${HOME} `calc` $env:PATH",
        "a\"b\\\"c\\",
        "& calc | calc > x < y ^ ! (z)",
        "one\ntwo\n'@\n@'",
        "\u{2018}x\u{2019} \u{201c}y\u{201d}",
        "{\"a\": \"%2F\\n$(x)\"}",
        "-K /etc/passwd",
    ];

    fn hostile() -> Request {
        let all = HOSTILE.iter().fold(Text::default(), |text, it| text.and(Text::plain(*it)).and(Text::secret(*it)));
        Request::new(Method::Post, "https://as.example/t?a='%PATH%").header("x", Text::plain(HOSTILE[3])).body(all)
    }

    fn expected() -> Vec<String> {
        let request = hostile();
        let header = format!("x: {}", HOSTILE[3]);
        let body = request.body.expect("a body").expose();
        ["-sS", "--url", &request.url, "--header", &header, "--data-raw", &body].map(str::to_owned).to_vec()
    }

    #[test]
    fn what_the_browser_sends_is_shown_with_its_preflight_and_without_secrets() {
        let request = Request::new(Method::Post, "https://mcp.example/mcp")
            .header("Authorization", Text::credentials("Bearer", "s3cret"))
            .header("content-type", Text::plain("application/json"))
            .body(Text::plain("{}"));
        let text = as_browser(&request, "https://page.example");
        assert!(
            text.starts_with("curl -i -X OPTIONS") && text.matches("Origin: https://page.example").count() == 2,
            "{text}"
        );
        assert!(text.contains("Access-Control-Request-Headers: authorization,content-type"), "{text}");
        assert!(text.contains("--data-raw '{}'") && !text.contains("s3cret"), "{text}");
        let simple = Request::get("https://mcp.example/mcp");
        assert!(!as_browser(&simple, "https://page.example").contains("OPTIONS"));
    }

    #[test]
    fn a_quote_in_a_value_ends_no_word_and_a_secret_stays_marked() {
        let request = Request::new(Method::Post, "https://as.example/t?a='")
            .header("x", Text::plain("it's"))
            .body(Text::plain("code=").and(Text::secret("c'0")));
        let expected = [
            r"curl -sS \",
            r"  --url 'https://as.example/t?a='\''' \",
            r"  --header 'x: it'\''s' \",
            r"  --data-raw 'code=c'\''0'",
        ];
        assert_eq!(command(&request, Shell::Bash).expose(), expected.join("\n"));
        for (shell, ..) in Shell::ALL {
            assert!(!command(&request, shell).masked().contains("c'"));
        }
    }

    #[test]
    #[cfg(unix)]
    fn bash_reads_every_value_as_it_is() {
        let script = command(&hostile(), Shell::Bash).expose().replacen("curl", "printf '%s\\0'", 1);
        let output = std::process::Command::new("bash").args(["-c", &script]).output().expect("bash");
        let read: Vec<String> =
            String::from_utf8_lossy(&output.stdout).split_terminator('\0').map(str::to_owned).collect();
        assert_eq!(read, expected());
    }

    /// What the first phase of cmd.exe makes of a line that is typed: variables are replaced, and what is none stays.
    fn expanded(line: &str) -> String {
        let Some((before, rest)) = line.split_once('%') else { return line.to_owned() };
        match rest.split_once('%') {
            Some((name, after)) if name.split(':').next() == Some("PATH") => format!("{before}LEAK{}", expanded(after)),
            _ => format!("{before}%{}", expanded(rest)),
        }
    }

    /// What the second phase makes of it: carets escape; nothing that it would act on may be left.
    fn unescaped(line: &str) -> String {
        let (mut read, mut chars) = (String::new(), line.chars());
        while let Some(char) = chars.next() {
            match char {
                '^' => read.extend(chars.next().map(|it| if it == '\n' { chars.next().unwrap_or(' ') } else { it })),
                it => {
                    assert!(!"\"&|<>()\n".contains(it), "cmd.exe acts on {it} in {line}");
                    read.push(it);
                }
            }
        }
        read
    }

    /// How the program splits its arguments (Microsoft C runtime, "Parsing C command-line arguments").
    fn arguments(line: &str) -> Vec<String> {
        let (mut all, mut quoted, mut slashes) = (vec![String::new()], false, 0);
        for char in line.chars() {
            let last = all.last_mut().expect("one");
            match char {
                '\\' => slashes += 1,
                '"' => {
                    last.push_str(&"\\".repeat(slashes / 2));
                    if slashes % 2 == 1 { last.push('"') } else { quoted = !quoted }
                }
                ' ' if !quoted => all.push(String::new()),
                it => last.extend("\\".repeat(slashes).chars().chain([it])),
            }
            slashes = if char == '\\' { slashes } else { 0 };
        }
        all.retain(|it| !it.is_empty());
        all
    }

    #[test]
    fn cmd_reads_every_value_as_it_is() {
        let line = command(&hostile(), Shell::Cmd).expose();
        let read = arguments(&unescaped(&expanded(&line)));
        assert_eq!(read.get(1..).expect("arguments"), expected());
    }

    #[test]
    fn powershell_gets_a_text_that_it_does_not_read() {
        let text = command(&hostile(), Shell::PowerShell).expose();
        let config = text.strip_prefix("@'\n").and_then(|it| it.strip_suffix("\n'@ | curl.exe -sS --config -"));
        let config = config.expect("a here-string");
        assert!(!config.lines().any(|it| it.starts_with(['\'', '\u{2018}', '\u{2019}'])), "{config}");
        assert_eq!(config.lines().count(), 3, "a line an option: {config}");
        assert!(config.contains(r#"header = "x: a\"b\\\"c\\""#), "{config}");
    }

    #[test]
    fn windows_consoles_get_json_in_ascii() {
        let request = Request::new(Method::Post, "https://a/").body(Text::plain("{\"a\":\"ä😀\"}"));
        for shell in [Shell::PowerShell, Shell::Cmd] {
            assert!(
                command(&request, shell).expose().contains("\\u00e4") && command(&request, shell).expose().is_ascii()
            );
        }
    }

    #[test]
    fn a_get_is_the_address_alone() {
        let get = command(&Request::get("https://as.example/"), Shell::Bash);
        assert_eq!(get.expose(), "curl -sS \\\n  --url 'https://as.example/'");
    }
}
