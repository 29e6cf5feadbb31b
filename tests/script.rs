//! The script of a run, run with bash against servers that check what they get: the user can go the whole way with it.
#![cfg(unix)]

mod world;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flowglass::base::text::{MASK, Text};
use flowglass::export::{Export, Scope};
use flowglass::http::{Method, Request};
use flowglass::inspector::{Input, Phase};
use flowglass::mcp::connection::{Ask, Target};
use flowglass::mcp::model::ItemKind;
use flowglass::settings::Draft;
use flowglass::trace::{Event, Trace};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;
use world::{Answer, World, json_answer, settings};

/// Both servers at one address. Every id, code, token and session of it is a new one.
#[derive(Default)]
struct Servers {
    origin: String,
    count: u32,
    clients: HashMap<String, Value>,
    /// What the code was asked for with.
    codes: HashMap<String, HashMap<String, String>>,
    tokens: Vec<String>,
    sessions: Vec<String>,
    /// Whether the token endpoint refuses.
    refuses: bool,
}

struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Value,
}

fn reply(status: u16, body: Value) -> Reply {
    Reply { status, headers: Vec::new(), body }
}

impl Servers {
    /// With characters that have to be encoded in a form.
    fn new_name(&mut self, kind: &str) -> String {
        self.count += 1;
        format!("{kind}+/=:{}", self.count)
    }

    /// How many clients and tokens there are.
    fn given(&self) -> (usize, usize) {
        (self.clients.len(), self.tokens.len())
    }

    fn answer(&mut self, method: &str, path: &str, header: impl Fn(&str) -> String, body: &str) -> Reply {
        let origin = self.origin.clone();
        let json: Value = serde_json::from_str(body).unwrap_or_default();
        match (method, path) {
            (_, "/mcp") => self.mcp(method, header, &json),
            (_, "/.well-known/oauth-protected-resource/mcp") => {
                reply(200, json!({"resource": format!("{origin}/mcp"), "authorization_servers": [origin]}))
            }
            (_, "/.well-known/oauth-authorization-server") => reply(
                200,
                json!({
                    "issuer": origin,
                    "authorization_endpoint": format!("{origin}/authorize"),
                    "token_endpoint": format!("{origin}/token"),
                    "registration_endpoint": format!("{origin}/register"),
                    "code_challenge_methods_supported": ["S256"],
                }),
            ),
            ("POST", "/register") => {
                let (id, mut answer) = (self.new_name("client"), json);
                answer["client_id"] = json!(id);
                self.clients.insert(id, answer.clone());
                reply(201, answer)
            }
            ("POST", "/token") => self.token(&fields(body)),
            _ => reply(404, json!({"error": "not found"})),
        }
    }

    /// The login, as a browser does it: where it is led back to.
    fn log_in(&mut self, url: &str) -> String {
        let url = url::Url::parse(url).expect("an address");
        let sent: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let client = self.clients.get(&sent["client_id"]).expect("a client that was registered");
        assert_eq!(client["redirect_uris"], json!([sent["redirect_uri"]]));
        let code = self.new_name("code");
        let back = [("code", code.as_str()), ("state", sent["state"].as_str())];
        let back = url::Url::parse_with_params(&sent["redirect_uri"], back).expect("an address").to_string();
        self.codes.insert(code, sent);
        back
    }

    fn token(&mut self, form: &HashMap<String, String>) -> Reply {
        let Some(asked) = self.codes.remove(form.get("code").map_or("", String::as_str)) else {
            return reply(400, json!({"error": "invalid_grant"}));
        };
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(form["code_verifier"].as_bytes()));
        let same = |name: &str| asked.get(name) == form.get(name);
        if self.refuses || challenge != asked["code_challenge"] || !same("client_id") || !same("redirect_uri") {
            return reply(400, json!({"error": "invalid_grant"}));
        }
        let token = self.new_name("token");
        self.tokens.push(token.clone());
        reply(200, json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600}))
    }

    fn mcp(&mut self, method: &str, header: impl Fn(&str) -> String, body: &Value) -> Reply {
        if !self.tokens.iter().any(|it| header("authorization") == format!("Bearer {it}")) {
            let url = format!("{}/.well-known/oauth-protected-resource/mcp", self.origin);
            let challenge = ("www-authenticate", format!("Bearer resource_metadata=\"{url}\""));
            return Reply { headers: vec![challenge], ..reply(401, json!({"error": "invalid_token"})) };
        }
        let known = self.sessions.contains(&header("mcp-session-id"));
        match (method, body["method"].as_str()) {
            ("POST", Some("initialize")) => {
                let session = self.new_name("session");
                self.sessions.push(session.clone());
                let version = body["params"]["protocolVersion"].clone();
                let about = json!({"name": "example", "version": "1"});
                let result = json!({"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": about});
                Reply { headers: vec![("mcp-session-id", session)], ..result_of(body, result) }
            }
            ("GET", _) if known => {
                Reply { headers: vec![("content-type", "text/event-stream".to_owned())], ..reply(200, Value::Null) }
            }
            ("POST", Some("tools/list")) if known => {
                let tool = json!({"name": "a-tool-of-the-server", "inputSchema": {"type": "object"}});
                result_of(body, json!({"tools": [tool]}))
            }
            ("POST", Some(_)) if known && body["id"].is_null() => reply(202, Value::Null),
            ("DELETE", _) => reply(200, Value::Null),
            _ => {
                let error = json!({"code": -32000, "message": "Bad Request: Server not initialized"});
                reply(400, json!({"jsonrpc": "2.0", "error": error, "id": null}))
            }
        }
    }
}

fn result_of(body: &Value, result: Value) -> Reply {
    reply(200, json!({"jsonrpc": "2.0", "id": body["id"], "result": result}))
}

fn fields(form: &str) -> HashMap<String, String> {
    url::form_urlencoded::parse(form.as_bytes()).into_owned().collect()
}

type Shared = Arc<Mutex<Servers>>;

fn lock(servers: &Shared) -> MutexGuard<'_, Servers> {
    servers.lock().expect("no thread panicked")
}

/// Listens on a port of its own.
fn start() -> Shared {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let servers = Shared::new(Mutex::new(Servers { origin, ..Servers::default() }));
    let shared = Arc::clone(&servers);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let shared = Arc::clone(&shared);
            thread::spawn(move || serve(stream, &shared));
        }
    });
    servers
}

/// One request of HTTP/1.1; a stream of events stays open.
fn serve(mut stream: TcpStream, servers: &Shared) {
    let mut reader = BufReader::new(stream.try_clone().expect("the stream"));
    let mut head = Vec::new();
    for line in reader.by_ref().lines() {
        match line.expect("text") {
            line if line.is_empty() => break,
            line => head.push(line),
        }
    }
    let header = |name: &str| {
        let found = head.iter().filter_map(|it| it.split_once(": ")).find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.to_owned()).unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut body).expect("the body");
    let mut first = head.first().expect("a request").split(' ');
    let (method, path) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
    let reply = lock(servers).answer(method, path, header, &String::from_utf8_lossy(&body));
    let streams = reply.headers.iter().any(|(_, value)| value == "text/event-stream");
    let body = if reply.body.is_null() { String::new() } else { reply.body.to_string() };
    let mut text = format!("HTTP/1.1 {} X\r\nconnection: close\r\n", reply.status);
    for (name, value) in &reply.headers {
        text += &format!("{name}: {value}\r\n");
    }
    let length = if streams { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    let _ = write!(stream, "{text}{length}\r\n{body}");
    if streams {
        thread::sleep(Duration::from_secs(60));
    }
}

/// A run of Flowglass against them, as far as the tools are listed.
fn recorded(servers: &Shared, edit: impl FnOnce(&mut Draft)) -> Trace {
    let shared = Arc::clone(servers);
    let answer = move |request: &Request| {
        let url = url::Url::parse(&request.url).expect("an address");
        let header = |name: &str| {
            let found = request.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.expose()).unwrap_or_default()
        };
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        };
        let body = request.body.as_ref().map(|it| it.expose()).unwrap_or_default();
        let reply = lock(&shared).answer(method, url.path(), header, &body);
        Answer::Json(reply.status, reply.headers, reply.body)
    };
    let mut world = World::new(answer);
    let server = format!("{}/mcp", lock(servers).origin);
    world.connect(settings(|it: &mut Draft| {
        it.server = server;
        edit(it);
    }));
    if let Some(url) = world.left.clone() {
        let back = lock(servers).log_in(&url);
        world.back(back.split_once('?').expect("a query").1);
    }
    assert_eq!(world.inspector.phase(), Phase::Connected, "{}", world.render());
    world.inspector.trace().clone()
}

fn script(servers: &Shared, edit: impl FnOnce(&mut Draft)) -> String {
    let trace = recorded(servers, edit);
    Export::Curl.write(&Export::Curl.redacted(&trace, Scope::Attempt), 0.0)
}

fn run(script: &str, variables: &[(&str, &str)]) -> Child {
    let mut command = Command::new("bash");
    command.args(["-c", script]).envs(variables.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("bash")
}

/// Runs it as the user does: the address that it prints is opened, and where that leads is typed. Gives whether it
/// ended well, what it printed, and what it complained of.
fn go(
    servers: &Shared,
    script: &str,
    variables: &[(&str, &str)],
    typed: impl Fn(String) -> String,
) -> (bool, String, String) {
    let mut child = run(script, variables);
    let mut lines = BufReader::new(child.stdout.take().expect("the output")).lines().map_while(Result::ok);
    let address = format!("{}/authorize?", lock(servers).origin);
    let mut printed = String::new();
    for line in lines.by_ref() {
        printed += &format!("{line}\n");
        if line.starts_with(&address) {
            let back = typed(lock(servers).log_in(&line));
            writeln!(child.stdin.take().expect("the input"), "{back}").expect("it reads");
            break;
        }
    }
    lines.for_each(|it| printed += &format!("{it}\n"));
    let output = child.wait_with_output().expect("it ends");
    (output.status.success(), printed, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn the_script_goes_from_the_first_request_to_the_tools() {
    let servers = start();
    let script = script(&servers, |_| ());
    let before = lock(&servers).given();
    let (ended_well, printed, complaints) = go(&servers, &script, &[], |back| back);
    assert!(ended_well, "{printed}\n{complaints}\n{script}");
    assert!(printed.contains("a-tool-of-the-server") && printed.ends_with("Done.\n"), "{printed}");
    // The stream stays open for longer than anybody would wait: the script leaves it.
    assert!(printed.matches("text/event-stream").count() > 0 && script.contains("--max-time 5"), "{printed}");
    assert_eq!(lock(&servers).given(), (before.0 + 1, before.1 + 1), "it went with an id and a token of its own");
    assert_eq!(script.matches("\nlisten ").count(), 1, "a stream that was opened again is the same one: {script}");
    // Every answer ends its line: the next one begins with its status.
    assert!(!printed.contains("}HTTP/"), "{printed}");
}

#[test]
fn the_code_alone_will_do_and_the_browser_may_come_back_elsewhere() {
    let servers = start();
    let script = script(&servers, |_| ()).replace("--max-time 5", "--max-time 1");
    let elsewhere = [("FLOWGLASS_REDIRECT_URI", "http://127.0.0.1:9/back?here=1")];
    let code = |back: String| {
        assert!(back.starts_with("http://127.0.0.1:9/back?here=1&"), "{back}");
        let code = back.split("code=").nth(1).expect("a code");
        code.split('&').next().expect("its value").to_owned()
    };
    let (ended_well, printed, complaints) = go(&servers, &script, &elsewhere, code);
    assert!(ended_well && printed.contains("a-tool-of-the-server"), "{printed}\n{complaints}");
}

#[test]
fn a_script_that_cannot_go_on_says_so_and_fails() {
    let servers = start();
    let script = script(&servers, |_| ());
    let foreign = |back: String| back.replace("state=", "state=x");
    let (ended_well, _, complaints) = go(&servers, &script, &[], foreign);
    assert!(!ended_well && complaints.contains("state does not match"), "{complaints}");
    lock(&servers).refuses = true;
    let (ended_well, printed, complaints) = go(&servers, &script, &[], |back| back);
    assert!(!ended_well && complaints.contains("Response 400, but Flowglass received 200"), "{complaints}");
    assert!(!printed.contains("a-tool-of-the-server"));
}

#[test]
fn what_no_answer_brings_is_asked_for_before_anything_is_sent() {
    let servers = start();
    lock(&servers).tokens.push("mine-0123456789".to_owned());
    let script =
        script(&servers, |it| it.bearer = "mine-0123456789".to_owned()).replace("--max-time 5", "--max-time 1");
    assert!(!script.contains("mine-0123456789"));
    let without = run(&script, &[]).wait_with_output().expect("it ends");
    assert!(!without.status.success() && without.stdout.is_empty());
    assert!(String::from_utf8_lossy(&without.stderr).contains("ACCESS_TOKEN: set it to an access token"));
    let with = run(&script, &[("FLOWGLASS_ACCESS_TOKEN", "mine-0123456789")]).wait_with_output().expect("it ends");
    let printed = String::from_utf8_lossy(&with.stdout);
    assert!(with.status.success() && printed.contains("a-tool-of-the-server"), "{printed}");
}

/// Stands for a secret of the environment that a server may try to name.
const CANARY: &str = "canary-0123456789";

/// Names of the environment as a server could guess them, in what it says, and as the script itself calls its variables.
const CANARIES: [&str; 20] = [
    "AWS_SECRET_ACCESS_KEY",
    "GITHUB_TOKEN",
    "SECRET",
    "TOKEN",
    "PASSWORD",
    "API_KEY",
    "ACCESS_TOKEN",
    "REFRESH_TOKEN",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "CLIENT_CREDENTIALS",
    "CLIENT_ASSERTION",
    "CODE",
    "STATE",
    "CODE_VERIFIER",
    "MCP_SESSION_ID",
    "SESSION_ID",
    "REDIRECT_URI",
    "MCP_PARAM_API_KEY",
    "HEADER_X_KEY",
];

/// A run in which every text that a server gives holds masks behind names of the environment.
fn greedy() -> Trace {
    // A mask is no character of a URL: what stands under such a name becomes one.
    let greed: String = CANARIES.iter().map(|it| format!("&{it}=masked&{}=masked-too", it.to_lowercase())).collect();
    let json: String = CANARIES.iter().map(|it| format!("\"{it}\":\"{MASK}\", ${it} ${{{it}}} `env` ")).collect();
    let origin = "https://mcp.example.com";
    let metadata = format!("{origin}/.well-known/oauth-protected-resource/mcp?x=y{greed}");
    let mut world = World::new(move |request: &Request| {
        let body = request.body.as_ref().map(|it| it.expose()).unwrap_or_default();
        let body: Value = serde_json::from_str(&body).unwrap_or_default();
        let sends_token = request.headers.iter().any(|(name, _)| name == "authorization");
        let (path, method) = (request.url.split('?').next().unwrap_or_default(), body["method"].as_str());
        match (path.strip_prefix(origin).unwrap_or_default(), method) {
            ("/mcp", _) if !sends_token => {
                let challenge = format!("Bearer resource_metadata=\"{metadata}\", scope=\"a{MASK}\"");
                Answer::Json(401, vec![("www-authenticate", challenge)], Value::Null)
            }
            ("/mcp", Some("initialize")) => {
                let about = json!({"name": json, "version": "1"});
                let version = body["params"]["protocolVersion"].clone();
                let result = json!({"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": about});
                let session = ("mcp-session-id", "session-0123456789".to_owned());
                Answer::Json(200, vec![session], json!({"jsonrpc": "2.0", "id": body["id"], "result": result}))
            }
            ("/mcp", Some("tools/list")) => {
                let key = json!({"type": "string", "x-mcp-header": "Api-Key"});
                let schema = json!({"type": "object", "properties": {"key": key}});
                let tools = json!([{"name": format!("a{MASK}"), "inputSchema": schema}]);
                let result = json!({"tools": tools, "nextCursor": Value::Null});
                json_answer(200, json!({"jsonrpc": "2.0", "id": body["id"], "result": result}))
            }
            ("/mcp", _) => json_answer(if body["id"].is_null() { 202 } else { 400 }, Value::Null),
            (path, _) if path.contains("protected-resource") => {
                json_answer(200, json!({"resource": format!("{origin}/mcp"), "authorization_servers": [origin]}))
            }
            (path, _) if path.contains("authorization-server") => json_answer(
                200,
                json!({
                    "issuer": origin,
                    "authorization_endpoint": format!("{origin}/authorize?x=y{greed}"),
                    "token_endpoint": format!("{origin}/token?x=y{greed}"),
                    "registration_endpoint": format!("{origin}/register?x=y{greed}"),
                    "code_challenge_methods_supported": ["S256"],
                    "scopes_supported": [json],
                }),
            ),
            ("/register", _) => json_answer(201, json!({"client_id": format!("AWS_SECRET_ACCESS_KEY={MASK}")})),
            ("/token", _) => json_answer(200, json!({"access_token": "abcd-0123456789", "token_type": "Bearer"})),
            _ => json_answer(404, Value::Null),
        }
    });
    world.connect(settings(|it: &mut Draft| {
        it.server = format!("{origin}/mcp");
        it.headers = vec![("x-key".to_owned(), "typed-0123456789".to_owned())];
    }));
    // The last one is this client's own.
    let state = world.left.as_deref().and_then(|it| it.rsplit_once("&state=")).expect("the browser left").1;
    let back = format!("code=c0de&state={}", state.split('&').next().expect("a value"));
    world.back(&back);
    assert_eq!(world.inspector.phase(), Phase::Connected, "{}", world.render());
    let arguments = format!("{{\"key\":\"{MASK}\"}}");
    let target = Target { kind: ItemKind::Tools, key: format!("a{MASK}") };
    world.input(Input::Ask(Ask { target, arguments }));
    world.inspector.trace().clone()
}

/// In the place of curl: writes its arguments down, and answers with all that a script takes from a response.
const STUB: &str = r#"#!/usr/bin/env bash
printf '%s\n' "$@" >> "$STUB_LOG"
printf 'HTTP/1.1 200 OK\r\nmcp-session-id: own-session\r\n\r\n{"client_id":"own-id","access_token":"own-token"}\n200'
"#;

/// Runs a script with this in the place of curl; gives what came of it, and with what curl was called.
fn run_with(stub: &str, name: &str, script: &str) -> (Output, String) {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile(name);
    let (curl, log) = (folder.join("curl"), folder.join("log"));
    fs::write(&curl, stub).expect("it can be written");
    fs::set_permissions(&curl, fs::Permissions::from_mode(0o755)).expect("it can be run");
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").expect("a path"));
    let mut command = Command::new("bash");
    command.args(["-c", script]).envs(CANARIES.map(|it| (it, CANARY)));
    command.envs([
        ("PATH", path.as_str()),
        ("STUB_LOG", &log.to_string_lossy()),
        ("FLOWGLASS_HEADER_X_KEY", "own-key"),
    ]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("bash");
    // Where it ends early, it says why.
    let _ = writeln!(child.stdin.take().expect("the input"), "own-code");
    let output = child.wait_with_output().expect("it ends");
    let arguments = fs::read_to_string(&log).unwrap_or_default();
    fs::remove_dir_all(&folder).expect("it can be removed");
    (output, arguments)
}

/// A server that writes what a terminal carries out: a title, a colour, the clipboard; in bytes and in UTF-8.
const COMMANDS: &str = r#"#!/usr/bin/env bash
printf 'HTTP/1.1 200 OK\r\nx-name: \e]0;title\a\r\n\r\n{"client_id":"\e[2J","access_token":"own-token","text":"\u00e4\t\e[31mred\b\u009b2J\x7f"}\nline\n200'
"#;

#[test]
fn no_server_writes_commands_to_the_terminal_of_a_script() {
    let script = Export::Curl.write(&Export::Curl.redacted(&greedy(), Scope::Attempt), 0.0);
    let (output, _) = run_with(COMMANDS, "commands", &script);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}\n{}\n{script}", String::from_utf8_lossy(&output.stderr));
    let is_command = |it: &char| it.is_control() && !matches!(it, '\n' | '\t');
    assert_eq!(printed.chars().find(is_command), None, "{printed:?}");
    assert!(printed.contains("\"text\":\"\u{e4}\t?[31mred??2J?\"}\nline\n"), "{printed:?}");
    // Also in the URL that is to be opened, which holds the id of the client.
    assert!(printed.contains("client_id=?[2J"), "{printed:?}");
}

#[test]
fn no_server_names_a_variable_of_the_environment() {
    let script = Export::Curl.write(&Export::Curl.redacted(&greedy(), Scope::Attempt), 0.0);
    let (output, arguments) = run_with(STUB, "stub", &script);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}\n{}\n{script}", String::from_utf8_lossy(&output.stderr));
    assert!(!arguments.contains(CANARY) && !printed.contains(CANARY), "{arguments}\n{printed}");
    for own in ["authorization: Bearer own-token", "x-key: own-key", "mcp-session-id: own-session", "&code=own-code&"] {
        assert!(arguments.contains(own), "{own} in {arguments}\n{script}");
    }
    let masked = format!("a{MASK}");
    assert!(arguments.contains(&format!("&access_token={MASK}")) && arguments.contains(&masked), "{arguments}");
    assert!(script.contains(&format!("# Replace {MASK} with your own value.")));
}

/// A new folder of this test's own.
fn tempfile(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("it can be made");
    folder
}

/// An exchange of a trace that anybody could have written.
fn sent(exchange: u32, request: Request) -> Event {
    Event::Sent { exchange, step: None, request }
}

#[test]
fn a_secret_goes_to_one_origin() {
    let mut trace = Trace::default();
    let bearer = |url: &str| Request::get(url).header("authorization", Text::credentials("Bearer", "geheim"));
    trace.push(1.0, Event::Began { server: "https://mcp.example.com/mcp?api-key=geheim-too".to_owned(), first: None });
    trace.push(2.0, sent(1, bearer("https://mcp.example.com/mcp?api-key=geheim-too")));
    trace.push(3.0, sent(2, bearer("https://mcp.example.com@evil.example/")));
    trace.push(4.0, sent(3, bearer("https://evil.example/")));
    let script = Export::Curl.write(&Export::Curl.redacted(&trace, Scope::Attempt), 0.0);
    assert_eq!(script.matches("-H 'authorization: Bearer '\"$ACCESS_TOKEN\"").count(), 1, "{script}");
    assert_eq!(script.matches(&format!("-H 'authorization: Bearer {MASK}'")).count(), 2, "{script}");
    assert!(!script.contains("geheim") && script.contains("--url \"$SERVER_URL\""), "{script}");
}
