//! One entry of a client's configuration.

use super::{Invalid, Program, Status};
use crate::base::address::Address;
use crate::settings::servers::secrets::{is_variable, may_be_secret};
use crate::settings::servers::{KeptHeader, Server, without_query};
use serde_json::{Map, Value};

type Members = Map<String, Value>;

/// The bridge by which clients without HTTP reach a server: what it is given is the server itself.
const REMOTE: &str = "mcp-remote";

/// The members that hold a URL: of most clients, of Windsurf, of Gemini CLI.
const URLS: [&str; 3] = ["url", "serverUrl", "httpUrl"];

pub fn url(entry: &Members) -> Option<&str> {
    URLS.into_iter().find_map(|it| text(entry, it))
}

pub fn read(name: &str, entry: &Value) -> Status {
    let Value::Object(entry) = entry else { return Status::Invalid(Invalid::NoObject) };
    let found = match (url(entry), text(entry, "command")) {
        (Some(url), _) => reached(entry, url),
        (None, Some(command)) => match remote(entry, command) {
            Some(server) => Ok(server),
            None => return Status::Stdio(program(entry, command)),
        },
        (None, None) => Err(Invalid::NoUrl),
    };
    match found.and_then(|it| checked(name, it)) {
        Ok(server) => Status::Ok(Box::new(server)),
        Err(why) => Status::Invalid(why),
    }
}

/// A server with a URL.
fn reached(entry: &Members, url: &str) -> Result<Server, Invalid> {
    let kind = text(entry, "type").or_else(|| text(entry, "transport")).or_else(|| text(entry, "transportType"));
    // With `http`, VS Code falls back to SSE: that is this client's automatic choice.
    let transport = match kind.map(|it| it.to_ascii_lowercase().replace(['-', '_'], "")).as_deref() {
        None if entry.contains_key("httpUrl") => Some("streamable-http"),
        None | Some("http" | "remote" | "auto") => None,
        Some("streamablehttp") => Some("streamable-http"),
        Some("sse") => Some("sse"),
        Some(_) => return Err(Invalid::Transport(kind.unwrap_or_default().to_owned())),
    };
    let mut server = Server { url: url.to_owned(), ..Server::default() };
    set(&mut server, "transport", transport);
    let headers = entry.get("headers").and_then(Value::as_object);
    let headers = headers.into_iter().flatten().filter_map(|(name, value)| Some(KeptHeader::of(name, value.as_str()?)));
    server.headers = headers.collect();
    authorization(&mut server, entry);
    Ok(server)
}

/// `oauth` of Claude Code and VS Code, `auth` of Cursor: the client, without its secret.
fn authorization(server: &mut Server, entry: &Members) {
    let Some(auth) = ["oauth", "auth"].into_iter().find_map(|it| entry.get(it)?.as_object()) else { return };
    let client = ["clientId", "client_id", "CLIENT_ID"].into_iter().find_map(|it| text(auth, it));
    if let Some(client) = client.filter(|it| !is_variable(it)) {
        set(server, "client_id", Some(client));
        set(server, "registration", Some("pre-registered"));
    }
    let scopes = match auth.get("scopes").or_else(|| auth.get("scope")) {
        Some(Value::String(scopes)) => scopes.clone(),
        Some(Value::Array(scopes)) => scopes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        _ => return,
    };
    set(server, "scope", Some(&scopes).filter(|it| !is_variable(it)).map(String::as_str));
}

/// The server behind `npx mcp-remote <URL>`, with its headers.
fn remote(entry: &Members, command: &str) -> Option<Server> {
    let words = words(entry);
    let is_bridge = |it: &str| it == REMOTE || it.strip_prefix(REMOTE).is_some_and(|it| it.starts_with('@'));
    let rest = match is_bridge(command) {
        true => words.as_slice(),
        false => words.get(words.iter().position(|it| is_bridge(it))? + 1..)?,
    };
    let url = rest.iter().find(|it| it.starts_with("https://") || it.starts_with("http://"))?;
    let mut server = Server { url: url.clone(), ..Server::default() };
    let values =
        |option: &'static str| rest.windows(2).filter_map(move |it| (it.first()? == option).then(|| it.get(1))?);
    let transport = values("--transport").next().and_then(|it| match it.as_str() {
        "sse-only" => Some("sse"),
        "http-only" => Some("streamable-http"),
        _ => None,
    });
    set(&mut server, "transport", transport.or_else(|| url.ends_with("/sse").then_some("sse")));
    server.headers = values("--header")
        .filter_map(|it| it.split_once(':'))
        .map(|(name, value)| KeptHeader::of(name, value))
        .collect();
    Some(server)
}

fn program(entry: &Members, command: &str) -> Program {
    let variables = entry.get("env").and_then(Value::as_object);
    let variables = variables.into_iter().flatten().map(|(name, _)| name.clone()).collect();
    let arguments = hidden(&words(entry));
    Program { command: command.to_owned(), arguments, variables }
}

/// Arguments, with `…` for what may be a secret: what follows `--api-key`, `--token=`, and what looks like a token.
fn hidden(words: &[String]) -> Vec<String> {
    let mut before = "";
    let mut all = Vec::new();
    for word in words {
        let is_flag = word.starts_with('-');
        let secret = match word.split_once('=') {
            Some((name, value)) if is_flag && may_be_secret(name, value) => format!("{name}=…"),
            // A database with its user, a URL with its key.
            _ if word.contains("://") => without_query(word).0,
            _ if !is_flag && may_be_secret(before, word) => "…".to_owned(),
            _ => word.clone(),
        };
        all.push(secret);
        before = if is_flag && !word.contains('=') { word } else { "" };
    }
    all
}

/// What can be connected to.
fn checked(name: &str, mut server: Server) -> Result<Server, Invalid> {
    let (url, _) = without_query(server.url.trim());
    if is_variable(&url) {
        return Err(Invalid::Variable(url));
    }
    Address::typed(&url).map_err(Invalid::Url)?;
    name.clone_into(&mut server.name);
    Ok(server.without_secrets())
}

fn words(entry: &Members) -> Vec<String> {
    let words = entry.get("args").and_then(Value::as_array);
    words.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn set(server: &mut Server, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        server.settings.insert(name.to_owned(), Value::String(value.to_owned()));
    }
}

fn text<'a>(entry: &'a Members, name: &str) -> Option<&'a str> {
    entry.get(name).and_then(Value::as_str).map(str::trim).filter(|it| !it.is_empty())
}
