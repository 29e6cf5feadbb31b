//! The script of a run, run with bash against servers that check what they get: a person can go the whole way with it.
#![cfg(unix)]

mod world;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flowglass::export::Export;
use flowglass::http::{Method, Request};
use flowglass::inspector::Phase;
use flowglass::settings::Draft;
use flowglass::trace::Trace;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;
use world::{Answer, World, settings};

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
    Export::Curl.write(&Export::Curl.redacted(&trace), 0.0)
}

fn run(script: &str, variables: &[(&str, &str)]) -> Child {
    let mut command = Command::new("bash");
    command.args(["-c", script]).envs(variables.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("bash")
}

/// Runs it as a person does: the address that it prints is opened, and where that leads is typed. Gives whether it
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
    assert!(printed.contains("a-tool-of-the-server") && printed.ends_with("All was sent.\n"), "{printed}");
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
    let elsewhere = [("REDIRECT_URI", "http://127.0.0.1:9/back?here=1")];
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
    assert!(!ended_well && complaints.contains("its state is another"), "{complaints}");
    lock(&servers).refuses = true;
    let (ended_well, printed, complaints) = go(&servers, &script, &[], |back| back);
    assert!(!ended_well && complaints.contains("Answered 400, where Flowglass was answered 200"), "{complaints}");
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
    let with = run(&script, &[("ACCESS_TOKEN", "mine-0123456789")]).wait_with_output().expect("it ends");
    let printed = String::from_utf8_lossy(&with.stdout);
    assert!(with.status.success() && printed.contains("a-tool-of-the-server"), "{printed}");
}
