//! The parts of the script that are the same in each, and the words for what it asks for.

/// Sends, shows, keeps. Where the run had a good answer and the script has none, it ends.
const SEND: &str = r#"# Sends a request, and shows and keeps what comes. The first word is the status that Flowglass saw.
send() {
  local seen=$1 status
  shift
  ANSWER=$(curl -sS -i --globoff --max-time 30 -w '\n%{http_code}' "$@") || [ $? -eq 28 ]
  status=${ANSWER##*$'\n'}
  ANSWER=${ANSWER%$'\n'*}
  ANSWER=${ANSWER//$'\r'/}
  printf '%s\n\n' "$ANSWER"
  if [[ $seen == 2?? && $status != 2?? ]]; then
    echo "Answered $status, where Flowglass was answered $seen." >&2
    exit 1
  fi
}
"#;

const LISTEN: &str = r#"# Five seconds of a stream that stays open: then curl says that the time is over, as it should be.
listen() { curl -sS -i -N --globoff --max-time 5 -w '\n\n' "$@" || [ $? -eq 28 ]; }
"#;

const MEMBER: &str = r#"# A text in the JSON that came, by its name.
member() { grep -o "\"$1\" *: *\"[^\"]*\"" <<<"$ANSWER" | sed -n '1{s/^[^:]*: *"//;s/"$//;s#\\/#/#g;p;}' || true; }
"#;

const HEADER: &str = r#"# A header that came, by its name.
header() { grep -i "^$1:" <<<"$ANSWER" | sed -n '1{s/^[^:]*: *//;p;}' || true; }
"#;

const ENCODED: &str = r#"# Percent-encoded, for addresses and forms.
encoded() {
  sed 's/%/%25/g;s/ /%20/g;s/"/%22/g;s/#/%23/g;s/&/%26/g;s/+/%2B/g;s/:/%3A/g;s/=/%3D/g;s/?/%3F/g;s#/#%2F#g' <<<"$1"
}
"#;

/// Each with what shows that it is needed.
const ALL: [(&str, &str); 5] =
    [("\nsend ", SEND), ("\nlisten ", LISTEN), ("$(member ", MEMBER), ("$(header ", HEADER), ("$(encoded ", ENCODED)];

/// The functions that these commands use.
pub fn used_in(commands: &str) -> String {
    ALL.into_iter().filter(|(sign, _)| commands.contains(sign)).map(|(_, text)| text).collect::<Vec<_>>().join("\n")
}

pub const REDIRECT: &str = "\
# Where the browser comes back to. A page that answers there may take the code out of the address before you have
# copied it: set this to an address at which nothing answers, and the code stays.
REDIRECT_URI=${REDIRECT_URI:-{uri}}
";

/// What RFC 7636 §4.1, §4.2 and RFC 6749 §10.12 ask for.
pub const PAIR: &str = "\
# 3 Verifier and challenge: a pair of your own
CODE_VERIFIER=$(openssl rand -hex 32)
CODE_CHALLENGE=$(printf %s \"$CODE_VERIFIER\" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d '=')
STATE=$(openssl rand -hex 16)
";

pub const LOGIN: &str = r#"printf 'Open this address in a browser, log in, and allow it:\n\n%s\n\n' {url}
read -r -p 'The address that the browser came back to, or the code in it: ' BACK
case $BACK in
  *[?\&]error=*) echo 'The authorization server sent no code.' >&2; exit 1 ;;
  *[?\&]state="$STATE"*) ;;
  *[?\&]state=*) echo 'This answers another request: its state is another.' >&2; exit 1 ;;
esac
CODE=$(sed 's/.*[?&]code=//;s/[&#].*//' <<<"$BACK")
: "${CODE:?there is no code}"
"#;

/// RFC 6749 §2.3.1.
pub const CREDENTIALS: &str =
    r#"CLIENT_CREDENTIALS=$(printf %s "$(encoded "$CLIENT_ID"):$(encoded "$CLIENT_SECRET")" | openssl base64 -A)"#;

/// What can be had only while the script runs, and not by it.
pub fn is_of_the_moment(name: &str) -> bool {
    matches!(name, "SESSIONID" | "SESSION_ID" | "CLIENT_ASSERTION" | "CODE")
}

/// Where a value comes from that the script cannot have by itself. It stands between quotes.
pub fn source(name: &str) -> &'static str {
    match name {
        "ACCESS_TOKEN" => "set it to an access token, such as one from the answer of the token endpoint",
        "REFRESH_TOKEN" => "set it to a refresh token, such as one from the answer of the token endpoint",
        "CODE" => "set it to the code in the address that the browser came back to",
        "CLIENT_SECRET" => "set it to the secret of the client",
        "CLIENT_CREDENTIALS" => "set it to the base64 of the id of the client, a colon, and its secret",
        "CLIENT_ASSERTION" => "set it to a signed JWT of the client, which is good for a short time",
        "MCP_SESSION_ID" => "set it to the header mcp-session-id in the answer to initialize",
        "SESSIONID" | "SESSION_ID" => {
            "it is in the address that the server names on its stream, which has to stay open"
        }
        _ => "set it to what you sent in this place",
    }
}
