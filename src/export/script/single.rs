//! One exchange as a command that sends it again, with variables for its secrets.
//!
//! The access token is `TOKEN` in the environment. A session is opened by the command itself, where the run shows how:
//! whoever pastes it has the token, and not the session.

use super::{Script, helpers};
use crate::base::simulated;
use crate::base::text::MASK;
use crate::http::Mode;
use crate::trace::{Exchange, ExchangeId, RedactedTrace, Trace};
use std::fmt::Write as _;

/// Takes the session id out of the headers of a response (MCP, session management).
const SESSION: &str = " | tr -d '\\r' | sed -n 's/^[Mm][Cc][Pp]-[Ss]ession-[Ii][Dd]: *//p')";
const HEADER: &str = "mcp-session-id";

/// The exchanges that a command for one is made of: those that opened its session, and itself.
pub fn needed(trace: &Trace, id: ExchangeId) -> Vec<ExchangeId> {
    let Some(exchange) = trace.exchange(id) else { return Vec::new() };
    let has_session = exchange.request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(HEADER));
    let before = trace.newest().skip_while(|it| it.id >= id).filter(|_| has_session);
    let mut opening = Vec::new();
    for other in before.filter(|it| it.request.url == exchange.request.url) {
        let method = other.message.as_ref().map_or("", |it| &it.method);
        match method {
            "notifications/initialized" if opening.is_empty() => opening.push(other.id),
            "initialize" => {
                opening.push(other.id);
                break;
            }
            _ => {}
        }
    }
    std::iter::once(id).chain(opening).rev().collect()
}

/// The command for bash and zsh; `None` for a request that only a browser can send.
///
/// `trace` holds those that are [`needed`], the exchange last.
pub fn write(trace: &RedactedTrace) -> Option<String> {
    let exchanges: Vec<&Exchange> = trace.trace().exchanges().collect();
    let (last, opening) = exchanges.split_last()?;
    let is_http = last.request.url.starts_with("https://") || last.request.url.starts_with("http://");
    if last.navigation || last.request.mode == Mode::Opaque || !is_http {
        return None;
    }
    let mut script = Script::new("", &exchanges);
    let mut text = String::new();
    for exchange in opening {
        let is_initialize = exchange.message.as_ref().is_some_and(|it| &*it.method == "initialize");
        let options = if is_initialize { " -o /dev/null -D -" } else { " -o /dev/null" };
        let command = script.curl(options, exchange);
        let _ = match is_initialize {
            true => writeln!(text, "MCP_SESSION_ID=$({command}{SESSION}"),
            false => writeln!(text, "{command}"),
        };
        if is_initialize {
            script.know(&["MCP_SESSION_ID"]);
        }
    }
    text += &script.curl("", last);
    Some(script.comments(last, &text) + &text)
}

impl Script<'_> {
    fn curl(&mut self, options: &str, exchange: &Exchange) -> String {
        let url = self.address(&exchange.request, Self::session_field);
        let mut text = format!("curl -sS --globoff{options} -X {} \\\n  --url {url}", exchange.request.method.as_str());
        for argument in self.arguments(exchange) {
            let _ = write!(text, " \\\n  {argument}");
        }
        text
    }

    /// What has to be known before the command, and what it needs.
    fn comments(&self, exchange: &Exchange, command: &str) -> String {
        let mut text = String::new();
        if simulated::is_ours(&exchange.request.url) {
            text.push_str("# The demo server is simulated in Flowglass, so curl cannot reach it.\n");
        }
        if command.contains(MASK) {
            let _ = writeln!(text, "# Replace {MASK} with your own value.");
        }
        if is_cut(exchange) {
            text.push_str("# The body is cut: Flowglass kept only its beginning.\n");
        }
        for name in &self.needed {
            let _ = match name.as_str() {
                "ACCESS_TOKEN" => writeln!(text, "{name}=${{TOKEN:?{}}}", helpers::source(name)),
                other => writeln!(text, "{}", helpers::asked(other)),
            };
        }
        if command.contains("$(encoded ") {
            text.push_str(helpers::ENCODED);
        }
        text + &self.commands
    }
}

/// Whether a JSON body ends too early.
fn is_cut(exchange: &Exchange) -> bool {
    let body = exchange.request.body.as_ref().map(|it| it.masked()).filter(|it| it.trim_start().starts_with('{'));
    body.is_some_and(|it| serde_json::from_str::<serde::de::IgnoredAny>(&it).is_err())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::{self, Text};
    use crate::http::{Method, Request};
    use crate::trace::{Event, Rpc, RpcKind, Way};

    const SERVER: &str = "https://mcp.example/mcp";

    fn sent(trace: &mut Trace, exchange: ExchangeId, method: &str, session: bool) {
        let text =
            format!(r#"{{"jsonrpc":"2.0","id":{exchange},"method":"{method}","note":"it's $HOME s3cret-token"}}"#);
        let mut request = Request::new(Method::Post, SERVER)
            .header("authorization", Text::credentials("Bearer", "s3cret-token"))
            .header("x-api-key", Text::secret("geheim-key"))
            .body(Text::plain(text.as_str()));
        if session {
            request = request.header(HEADER, Text::secret("s-12345"));
        }
        trace.push(1.0, Event::Sent { exchange, step: None, request });
        let kind = if method.starts_with("not") { RpcKind::Notification } else { RpcKind::Request };
        let (id, text, method) = (Some(exchange.to_string()), "{}".into(), method.to_owned());
        let rpc = Rpc { way: Way::Out, method, kind, id, text, bytes: 2, cut: false, mark: None };
        trace.push(1.0, Event::Rpc { exchange, rpc });
    }

    fn command(trace: &Trace, id: ExchangeId) -> Option<String> {
        write(&RedactedTrace::of_exchanges(trace, &needed(trace, id)))
    }

    /// Runs it with bash, where `curl` prints its arguments, and a session header for `-D`.
    #[cfg(unix)]
    fn run(script: &str) -> (String, String) {
        let curl = r#"curl() { case " $* " in *" -D "*) printf 'HTTP/2 200\r\nMCP-Session-Id: s-new\r\n' ;; esac; printf '%s\n' "$@" >&2; }"#;
        let output = std::process::Command::new("bash")
            .args(["-c", &format!("{curl}\n{script}")])
            .env("TOKEN", "mine")
            .env("FLOWGLASS_HEADER_X_API_KEY", "my-key")
            .output()
            .expect("bash");
        let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
        (text(&output.stdout), text(&output.stderr))
    }

    #[test]
    #[cfg(unix)]
    fn the_command_opens_a_session_of_its_own_and_has_no_secret() {
        let mut trace = Trace::default();
        sent(&mut trace, 1, "initialize", false);
        sent(&mut trace, 2, "notifications/initialized", true);
        sent(&mut trace, 3, "ping", true);
        assert_eq!(needed(&trace, 3), [1, 2, 3]);
        let command = command(&trace, 3).expect("a command");
        for secret in ["s3cret", "geheim", "s-12345"] {
            assert!(!command.contains(secret), "{command}");
        }
        let (_, seen) = run(&command);
        assert_eq!(seen.matches("authorization: Bearer mine\n").count(), 3, "{seen}");
        assert_eq!(seen.matches("x-api-key: my-key\n").count(), 3, "{seen}");
        assert_eq!(seen.matches("mcp-session-id: s-new\n").count(), 2, "{seen}");
        assert!(seen.contains(&format!(r#""id":3,"method":"ping","note":"it's $HOME {MASK}"#)), "{seen}");
        assert!(command.starts_with("# Replace"), "{command}");
    }

    #[test]
    fn without_a_session_it_is_one_request() {
        let mut trace = Trace::default();
        sent(&mut trace, 1, "initialize", false);
        sent(&mut trace, 2, "ping", false);
        let command = command(&trace, 2).expect("a command");
        assert_eq!(command.matches("curl ").count(), 1, "{command}");
        assert!(command.contains("ACCESS_TOKEN=${TOKEN:?"), "{command}");
    }

    #[test]
    fn a_token_request_asks_for_what_it_needs() {
        let mut trace = Trace::default();
        let form = [("grant_type", "authorization_code"), ("code", "geheim-1"), ("code_verifier", "geheim-2")];
        let request = Request::new(Method::Post, "https://as.example/token")
            .header("content-type", Text::plain("application/x-www-form-urlencoded"))
            .body(text::form(&form.map(|(name, value)| (name.to_owned(), value.to_owned()))));
        trace.push(1.0, Event::Sent { exchange: 1, step: None, request });
        let command = command(&trace, 1).expect("a command");
        assert!(command.contains("code='\"$CODE\"") && !command.contains("geheim"), "{command}");
        assert!(command.contains("CODE=${FLOWGLASS_CODE:?"), "{command}");
    }

    #[test]
    fn what_only_a_browser_sends_has_no_command() {
        let mut trace = Trace::default();
        let step = Some(crate::trace::step::Step::Authorize);
        trace.push(1.0, Event::Sent { exchange: 1, step, request: Request::get("https://as.example/authorize") });
        assert_eq!((command(&trace, 1), command(&trace, 2)), (None, None));
    }
}
