//! The parts of the script that are the same in each, and the words for what it asks for.

/// A server writes what a terminal would carry out: what is shown has a question mark in the place of each control
/// character (ECMA-48, in ASCII and in UTF-8), but for line ends and tabs.
const SHOWN: &str = r#"# Prints a response without terminal control characters.
shown() { LC_ALL=C sed $'s/\xc2[\x80-\x9f]/?/g' | tr -d '\r' | LC_ALL=C tr '\000-\010\013-\037\177' '[?*]'; }
"#;

/// Sends, shows, keeps. Where the run had a good answer and the script has none, it ends.
const SEND: &str = r#"# Sends a request, prints and keeps the response. The first argument is the status that Flowglass received.
send() {
  local seen=$1 status
  shift
  RESPONSE=$(curl -sS -i --globoff --max-time 30 -w '\n%{http_code}' "$@") || [ $? -eq 28 ]
  status=${RESPONSE##*$'\n'}
  RESPONSE=${RESPONSE%$'\n'*}
  RESPONSE=${RESPONSE//$'\r'/}
  printf '%s\n\n' "$RESPONSE" | shown
  if [[ $seen == 2?? && $status != 2?? ]]; then
    echo "Response $status, but Flowglass received $seen." >&2
    exit 1
  fi
}
"#;

const LISTEN: &str = r#"# Reads 5 s of a stream that stays open. The timeout that curl reports then is expected.
listen() { curl -sS -i -N --globoff --max-time 5 -w '\n\n' "$@" | shown || [ $? -eq 28 ]; }
"#;

const MEMBER: &str = r#"# A string of the JSON response, by its name.
member() { grep -o "\"$1\" *: *\"[^\"]*\"" <<<"$RESPONSE" | sed -n '1{s/^[^:]*: *"//;s/"$//;s#\\/#/#g;p;}' || true; }
"#;

const HEADER: &str = r#"# A header of the response, by its name.
header() { grep -i "^$1:" <<<"$RESPONSE" | sed -n '1{s/^[^:]*: *//;p;}' || true; }
"#;

pub const ENCODED: &str = r#"# Percent-encodes, for URLs and forms.
encoded() {
  sed 's/%/%25/g;s/ /%20/g;s/"/%22/g;s/#/%23/g;s/&/%26/g;s/+/%2B/g;s/:/%3A/g;s/=/%3D/g;s/?/%3F/g;s#/#%2F#g' <<<"$1"
}
"#;

/// Each with what shows that it is needed.
const ALL: [(&str, &str); 5] =
    [("\nsend ", SEND), ("\nlisten ", LISTEN), ("$(member ", MEMBER), ("$(header ", HEADER), ("$(encoded ", ENCODED)];

/// The functions that these commands use.
pub fn used_in(commands: &str) -> String {
    let used = ALL.into_iter().filter(|(sign, _)| commands.contains(sign)).map(|(_, text)| text);
    std::iter::once(SHOWN).chain(used).collect::<Vec<_>>().join("\n")
}

pub const REDIRECT: &str = "\
# The redirect URI. A page at this URL may remove the code from the address bar before you have copied it: set
# FLOWGLASS_REDIRECT_URI to a URL that does not respond to keep the code.
REDIRECT_URI=${FLOWGLASS_REDIRECT_URI:-{uri}}
";

/// What RFC 7636 §4.1, §4.2 and RFC 6749 §10.12 ask for.
pub const PAIR: &str = "\
# 3 PKCE: a verifier and challenge of your own
CODE_VERIFIER=$(openssl rand -hex 32)
CODE_CHALLENGE=$(printf %s \"$CODE_VERIFIER\" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d '=')
STATE=$(openssl rand -hex 16)
";

pub const LOGIN: &str = r#"printf 'Open this URL in a browser, log in, and approve:\n\n%s\n\n' {url} | shown
read -r -p 'Paste the URL that the browser returned to, or the code in it: ' BACK
case $BACK in
  *[?\&]error=*) echo 'The authorization server sent no code.' >&2; exit 1 ;;
  *[?\&]state="$STATE"*) ;;
  *[?\&]state=*) echo 'state does not match: this is the response to another request.' >&2; exit 1 ;;
esac
CODE=$(sed 's/.*[?&]code=//;s/[&#].*//' <<<"$BACK")
: "${CODE:?no code}"
"#;

/// RFC 6749 §2.3.1.
pub const CREDENTIALS: &str =
    r#"CLIENT_CREDENTIALS=$(printf %s "$(encoded "$CLIENT_ID"):$(encoded "$CLIENT_SECRET")" | openssl base64 -A)"#;

/// A variable of the script, from one of the environment. The prefix keeps it apart from all that stands there for other
/// programs.
pub fn asked(name: &str) -> String {
    format!("{name}=${{FLOWGLASS_{name}:?{}}}", source(name))
}

/// What can be had only while the script runs, and not by it.
pub fn is_of_the_moment(name: &str) -> bool {
    matches!(name, "SESSION_ID" | "CLIENT_ASSERTION" | "CODE")
}

/// Where a value comes from that the script cannot have by itself. It stands in `${NAME:?…}`.
pub fn source(name: &str) -> &'static str {
    match name {
        "ACCESS_TOKEN" => "set it to an access token, such as one from the token response",
        "REFRESH_TOKEN" => "set it to a refresh token, such as one from the token response",
        "CODE" => "set it to the code in the URL that the browser returned to",
        "CLIENT_SECRET" => "set it to the client secret",
        "CLIENT_CREDENTIALS" => "set it to the base64 of client ID, colon and client secret",
        "CLIENT_ASSERTION" => "set it to a fresh client assertion (signed JWT)",
        "MCP_SESSION_ID" => "set it to the header mcp-session-id of the initialize response",
        "SESSION_ID" => "set it to the session in the URL of the endpoint event; the stream must stay open",
        "SERVER_URL" => "set it to the URL of the server, with its query",
        _ => "set it to the value of this header",
    }
}
