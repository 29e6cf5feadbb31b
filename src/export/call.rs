//! One call of a tool for others: as a command that runs as it is, and as a link that fills the form.
//!
//! Neither holds a secret. Where this client itself put one, the command has a variable: `TOKEN` for the access token,
//! one more for each header that the user typed. A mask anywhere else is text.

mod link;

pub use link::{Left, Link, link};

use super::script::header_variable;
use super::script::shell::Word;
use crate::base::simulated;
use crate::base::text::{MASK, Piece, Text, names};
use crate::http::{Request, is_token};
use crate::inspector::Inspector;
use crate::mcp::connection::{Ask, Connection, Params, Transport};
use crate::mcp::model::Item;
use crate::trace::Secrets;
use std::fmt::Write as _;

/// Takes the session id out of the headers of a response (MCP, session management).
const SESSION: &str = " | tr -d '\\r' | sed -n 's/^[Mm][Cc][Pp]-[Ss]ession-[Ii][Dd]: *//p')\n";

/// The next event of the stream, and where messages are posted: at the origin of the stream, whatever the event says.
const EVENTS: &str = r#"event() {
  while IFS= read -r LINE <&3; do
    case $LINE in data:*) LINE=${LINE#data:}; LINE=${LINE# }; printf '%s\n' "${LINE%$'\r'}"; return ;; esac
  done
  return 1
}
ENDPOINT=$(event)
ENDPOINT=${ENDPOINT#{origin}}
case $ENDPOINT in //*) ENDPOINT=/ ;; /*) ;; *) ENDPOINT=/$ENDPOINT ;; esac
"#;

/// The response to the call, which has the second id.
const RESPONSE: &str = r#"while RESPONSE=$(event); do
  case $RESPONSE in *'"id":2'[,}]*|*'"id": 2'[,}]*) printf '%s\n' "$RESPONSE"; break ;; esac
done
exec 3<&-"#;

/// The call as a command for bash and zsh; `None` without a connection, or where the arguments are no JSON.
///
/// Where the server gave a session, or the transport is HTTP+SSE, the command opens a session of its own first.
pub fn command(inspector: &Inspector, ask: &Ask) -> Option<String> {
    let connection = inspector.connection()?;
    let list = inspector.list(ask.target.kind);
    let item = list.and_then(|it| it.items.iter().find(|it| it.key == ask.target.key)).map(AsRef::as_ref);
    let secrets = known(inspector);
    let writer = Writer { secrets: &secrets };
    let text = match connection.transport {
        Transport::Sse { .. } => writer.over_sse(connection, ask, item)?,
        Transport::Streamable if connection.has_session() => writer.in_session(connection, ask, item)?,
        Transport::Streamable => writer.curl("", &connection.clone().ask(ask, item, Params::new())?.1),
    };
    let mut comments = String::new();
    if simulated::is_ours(connection.server.as_given()) {
        comments.push_str("# The demo server is simulated in Flowglass, so curl cannot reach it.\n");
    }
    if text.contains(MASK) {
        let _ = writeln!(comments, "# Replace {MASK} with your own value.");
    }
    Some(comments + &text)
}

/// The secrets of the connection: tokens, the session, headers and what the client proves itself with.
fn known(inspector: &Inspector) -> Secrets {
    let mut secrets = Secrets::default();
    if let Some(connection) = inspector.connection() {
        connection.stream(None).headers.iter().for_each(|(_, value)| secrets.learn_text(value));
    }
    let typed = inspector.settings().and_then(|it| it.client_secret.as_ref());
    let granted = inspector.grants().iter();
    let granted = granted.flat_map(|it| [Some(&it.access_token), it.refresh_token.as_ref(), it.client.secret.as_ref()]);
    let registered = inspector.clients().iter().map(|(_, it)| it.secret.as_ref());
    for secret in granted.chain(registered).chain([typed]).flatten() {
        secrets.learn_text(&Text::secret(secret.expose().as_str()));
    }
    secrets.sort();
    secrets
}

/// Writes requests as commands.
struct Writer<'a> {
    secrets: &'a Secrets,
}

impl Writer<'_> {
    /// The handshake of a session, and the call in it.
    fn in_session(&self, connection: &Connection, ask: &Ask, item: Option<&Item>) -> Option<String> {
        let mut fresh = connection.unopened();
        let mut text = String::from("SESSION=$(");
        text += &self.curl(" --max-time 60 -o /dev/null -D -", &fresh.initialize().1);
        text += SESSION;
        // What stands for the session is a variable.
        let notice = fresh.initialized(connection.info.clone()?, Some(MASK));
        text += &self.curl(" -o /dev/null", &notice);
        text.push('\n');
        Some(text + &self.curl("", &fresh.ask(ask, item, Params::new())?.1))
    }

    /// The same over HTTP+SSE (2024-11-05): the responses come on a stream, which stays open for the call.
    fn over_sse(&self, connection: &Connection, ask: &Ask, item: Option<&Item>) -> Option<String> {
        let mut fresh = connection.unopened();
        let origin = Word::text(&connection.server.origin()).written();
        let mut text = format!("exec 3< <({})\n", self.curl(" -N", &fresh.stream(None)));
        text += &EVENTS.replace("{origin}", &origin);
        let post = |request: &Request| {
            let mut url = Word::text(&connection.server.origin());
            url.variable("ENDPOINT");
            self.curl_to(" -o /dev/null", &url, request) + "\n"
        };
        text += &post(&fresh.initialize().1);
        text += "event > /dev/null\n";
        text += &post(&fresh.initialized(connection.info.clone()?, None));
        text += &post(&fresh.ask(ask, item, Params::new())?.1);
        Some(text + RESPONSE)
    }

    fn curl(&self, options: &str, request: &Request) -> String {
        self.curl_to(options, &Word::text(&self.secrets.masked(&request.url)), request)
    }

    fn curl_to(&self, options: &str, url: &Word, request: &Request) -> String {
        let mut text = format!("curl -sS --globoff{options} \\\n  --url {}", url.written());
        // A name that is none could be read as an option of another meaning.
        for (name, value) in request.headers.iter().filter(|(name, _)| !name.is_empty() && name.bytes().all(is_token)) {
            let _ = write!(text, " \\\n  --header {}", self.header(name, value).written());
        }
        if let Some(body) = &request.body {
            let body = self.secrets.masked(&body.expose()).replace('\0', "");
            let _ = write!(text, " \\\n  --data-raw {}", Word::text(&body).written());
        }
        text
    }

    /// What this client marked as secret is a variable. What a name alone says to be one is masked.
    fn header(&self, name: &str, value: &Text) -> Word {
        let lower = name.to_ascii_lowercase();
        let has_scheme = matches!(value.pieces(), [Piece::Plain(_), ..]);
        let mut word = Word::text(&format!("{name}: "));
        for piece in value.pieces() {
            match piece {
                Piece::Plain(_) if names::is_secret(name) && !value.has_secret() => word.literal(MASK),
                Piece::Plain(text) => word.literal(&self.secrets.masked(text)),
                Piece::Secret(_) if lower == "authorization" && has_scheme => word.variable("TOKEN"),
                Piece::Secret(_) if lower == "mcp-session-id" => word.variable("SESSION"),
                Piece::Secret(_) => word.variable(&header_variable(name)),
            }
        }
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer(secrets: &Secrets) -> Writer<'_> {
        Writer { secrets }
    }

    fn knowing(secret: &str) -> Secrets {
        let mut secrets = Secrets::default();
        secrets.learn_text(&Text::secret(secret));
        secrets.sort();
        secrets
    }

    #[test]
    fn a_secret_of_this_client_is_a_variable_and_any_other_a_mask() {
        let secrets = knowing("s3cret-token");
        let request = Request::get("https://mcp.example/mcp?api_key=abcd&x=1")
            .header("authorization", Text::credentials("Bearer", "s3cret-token"))
            .header("X-Team", Text::secret("geheim"))
            .header("mcp-session-id", Text::secret("s-1"))
            .header("mcp-param-api-key", Text::plain("geheim"))
            .header("mcp-name", Text::plain("a'$TOKEN"))
            .body(Text::plain(r#"{"password":"geheim","note":"s3cret-token","a":"$HOME"}"#));
        let expected = [
            &format!(r"curl -sS --globoff \|  --url 'https://mcp.example/mcp?api_key={MASK}&x=1'"),
            r#"  --header 'authorization: Bearer '"$TOKEN""#,
            r#"  --header 'X-Team: '"$HEADER_X_TEAM""#,
            r#"  --header 'mcp-session-id: '"$SESSION""#,
            &format!("  --header 'mcp-param-api-key: {MASK}'"),
            r"  --header 'mcp-name: a'\''$TOKEN'",
            &format!(r#"  --data-raw '{{"password":"{MASK}","note":"{MASK}","a":"$HOME"}}'"#),
        ];
        assert_eq!(writer(&secrets).curl("", &request), expected.join(" \\\n").replace('|', "\n"));
    }
}
