//! The requests of the open stages, in the order in which they go out.

use super::site::Site;
use crate::base::address::Address;
use crate::base::simulated;
use crate::base::text::Text;
use crate::http::{Method, Mode, Redirect, Request};
use crate::oauth::discovery;
use crate::trace::audit::AuditProbe;
use serde_json::{Value, json};

/// What operators find in their logs.
const INVALID: &str = "flowglass-audit-invalid";
pub const NONE: &str = "flowglass-audit-none";

pub fn reach(server: &Address) -> Vec<(AuditProbe, Request)> {
    let get = Request::get(server.href());
    let alive = Request { mode: Mode::Opaque, ..get.clone() };
    vec![(AuditProbe::Simple, get.redirect(Redirect::Stop)), (AuditProbe::Alive, alive)]
}

pub fn server(site: &Site<'_>) -> Vec<(AuditProbe, Request)> {
    let url = || site.server.href();
    let Some(base) = site.base() else { return Vec::new() };
    let base = &Request { redirect: Redirect::Stop, ..base.clone() };
    let harmless = match site.is_open() && method(base).as_deref() == Some("initialize") {
        // Each `initialize` would open a session.
        true => &asking(base, "ping"),
        false => base,
    };
    let bearer = |value: &str| with(base, "authorization", value);
    let mut all = Vec::new();
    if !site.is_open() {
        all.push((AuditProbe::UnknownToken, bearer(&format!("Bearer {INVALID}"))));
        all.push((AuditProbe::EmptyToken, bearer("Bearer")));
    }
    let stream = Request::get(url()).header("accept", Text::plain("text/event-stream")).redirect(Redirect::Stop);
    let ended = Request::new(Method::Delete, url()).header("mcp-session-id", Text::plain(NONE));
    all.push((AuditProbe::Stream, stream));
    all.push((AuditProbe::UnknownSession, ended.redirect(Redirect::Stop)));
    all.extend(headers(harmless));
    if !site.is_open() {
        let lists = [
            (AuditProbe::Tools, "tools/list"),
            (AuditProbe::Resources, "resources/list"),
            (AuditProbe::Prompts, "prompts/list"),
        ];
        all.extend(lists.map(|(probe, name)| (probe, asking(base, name))));
    }
    all.push((AuditProbe::PlainText, plain_text(base)));
    all
}

/// One header more than the request without token has, each on its own.
fn headers(base: &Request) -> Vec<(AuditProbe, Request)> {
    let names = method(base).unwrap_or_default();
    let more = [
        (AuditProbe::MethodHeader, "mcp-method", names.as_str()),
        (AuditProbe::NameHeader, "mcp-name", NONE),
        (AuditProbe::SessionHeader, "mcp-session-id", NONE),
        (AuditProbe::LastEventHeader, "last-event-id", NONE),
    ];
    let untried = more.into_iter().filter(|(_, name, _)| !base.headers.iter().any(|(it, _)| it == name));
    let mut all: Vec<_> = untried.map(|(probe, name, value)| (probe, with(base, name, value))).collect();
    all.push((AuditProbe::UnknownVersion, with(base, "mcp-protocol-version", "1900-01-01")));
    if base.headers.iter().any(|(name, _)| name == "mcp-method") {
        all.push((AuditProbe::OtherMethod, with(base, "mcp-method", "tools/list")));
    }
    all
}

pub fn resource_metadata(site: &Site<'_>) -> Vec<(AuditProbe, Request)> {
    let forms = discovery::resource_metadata(site.server, None);
    let none = forms.first().map(|it| it.at(&format!("{}/{NONE}", it.path())));
    let urls = site.challenged().into_iter().chain(forms).filter(|it| !site.was_asked(it));
    let mut all = documents(AuditProbe::ResourceMetadata, urls);
    all.extend(documents(AuditProbe::NoResource, none.into_iter()));
    all
}

pub fn server_metadata(site: &Site<'_>) -> Vec<(AuditProbe, Request)> {
    let urls = site.issuers().into_iter().flat_map(|it| discovery::server_metadata(&it));
    documents(AuditProbe::ServerMetadata, urls.filter(|it| !site.was_asked(it)))
}

fn documents(probe: AuditProbe, urls: impl Iterator<Item = Address>) -> Vec<(AuditProbe, Request)> {
    let mut all: Vec<(AuditProbe, Request)> = Vec::new();
    for url in urls.map(|it| it.href()) {
        if all.iter().all(|(_, it)| it.url != url) {
            all.push((probe, Request::get(url).header("accept", Text::plain("application/json"))));
        }
    }
    all
}

pub fn endpoints(site: &Site<'_>) -> Vec<(AuditProbe, Request)> {
    let keys = site.endpoint("jwks_uri").into_iter();
    let mut all = documents(AuditProbe::Keys, keys);
    let authorize = site.endpoint("authorization_endpoint").map(|it| Request::get(it.href()).redirect(Redirect::Stop));
    if let Some(request) = authorize.filter(|it| leaves_page(site, it)) {
        all.push((AuditProbe::AuthorizationEndpoint, request));
    }
    if let Some(url) = site.endpoint("token_endpoint") {
        let verifier = "flowglass-audit-invalid-flowglass-audit-inv";
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", INVALID),
            ("client_id", "flowglass-audit-unknown"),
            ("redirect_uri", site.redirect_uri),
            ("code_verifier", verifier),
        ];
        all.push((AuditProbe::TokenEndpoint, form(&url, &fields)));
    }
    if let Some(url) = site.endpoint("introspection_endpoint") {
        all.push((AuditProbe::Introspection, form(&url, &[("token", INVALID)])));
    }
    all
}

/// CORS says nothing of a login on this page's own origin, as the demo's is; and nothing of the demo reaches the network.
pub fn leaves_page(site: &Site<'_>, request: &Request) -> bool {
    let origin = |url: &str| Address::given(url).ok().map(|it| it.origin());
    let leaves_demo = simulated::is_ours(&site.server.href()) && !simulated::is_ours(&request.url);
    origin(site.redirect_uri) != origin(&request.url) && !leaves_demo
}

/// A form, which needs no preflight.
pub fn form(url: &Address, fields: &[(&str, &str)]) -> Request {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    Request::new(Method::Post, url.href())
        .header("content-type", Text::plain("application/x-www-form-urlencoded"))
        .header("accept", Text::plain("application/json"))
        .body(Text::plain(body))
        .redirect(Redirect::Stop)
}

/// Ends a session that a probe opened by accident.
pub fn farewell(server: &Address, session: &str) -> Request {
    Request::new(Method::Delete, server.href()).header("mcp-session-id", Text::secret(session)).redirect(Redirect::Stop)
}

/// The request with one header set.
pub fn with(base: &Request, name: &str, value: &str) -> Request {
    let mut request = base.clone();
    request.headers.retain(|(it, _)| !it.eq_ignore_ascii_case(name));
    request.header(name, Text::plain(value))
}

fn plain_text(base: &Request) -> Request {
    let headers = vec![("content-type".to_owned(), Text::plain("text/plain"))];
    Request { headers, ..base.clone() }
}

fn message(base: &Request) -> Value {
    let body = base.body.as_ref().map(Text::expose).unwrap_or_default();
    serde_json::from_str(&body).unwrap_or_default()
}

fn method(base: &Request) -> Option<String> {
    message(base).get("method")?.as_str().map(str::to_owned)
}

/// The same request for another method. What 2026-07-28 has in `_meta` stays.
fn asking(base: &Request, name: &str) -> Request {
    let meta = message(base).pointer("/params/_meta").cloned();
    let mut body = json!({ "jsonrpc": "2.0", "id": "flowglass-audit", "method": name });
    if let (Some(meta), Some(members)) = (meta, body.as_object_mut()) {
        members.insert("params".to_owned(), json!({ "_meta": meta }));
    }
    let request = match base.headers.iter().any(|(it, _)| it == "mcp-method") {
        true => with(base, "mcp-method", name),
        false => base.clone(),
    };
    request.body(Text::plain(body.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_method_keeps_what_a_request_without_handshake_says_of_itself() {
        let text = r#"{"jsonrpc":"2.0","id":"discover-1","method":"server/discover","params":{"_meta":{"a":1}}}"#;
        let base = Request::new(Method::Post, "https://a.example/mcp")
            .header("mcp-method", Text::plain("server/discover"))
            .body(Text::plain(text));
        let asked = asking(&base, "tools/list");
        assert_eq!(message(&asked).pointer("/params/_meta/a"), Some(&json!(1)));
        assert_eq!(asked.headers.len(), 1);
        assert_eq!(asked.headers.first().map(|(_, it)| it.expose()).as_deref(), Some("tools/list"));
        assert!(!plain_text(&base).needs_preflight());
    }
}
