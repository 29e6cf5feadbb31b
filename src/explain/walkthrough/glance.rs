//! What can be read of a message at a glance: verb, path, and the names of what matters in it. Never a value that
//! could be secret.

use super::drawing::Said;
use crate::base::text::Text;
use crate::explain::wire::words;
use crate::http::Request;
use crate::oauth::challenge;
use crate::trace::Exchange;
use crate::trace::step::Step;
use serde_json::{Map, Value};

/// Bodies up to this length are looked into, in bytes.
const READ: usize = 64 * 1024;

/// `POST /token` with `code, code_verifier`; `method` is that of the JSON-RPC message in it.
pub fn request(step: Step, request: &Request, method: Option<&str>) -> Said {
    let (_, path, query) = words::address(&request.url);
    let what = format!("{} {}", request.method.as_str(), short(path));
    let mut names: Vec<String> =
        method.map(|it| it.trim_start_matches("notifications/").to_owned()).into_iter().collect();
    names.extend(scheme(request));
    if method.is_none() {
        let there = fields(query.unwrap_or_default(), request.body.as_ref());
        let telling = telling(step).iter().filter(|name| there.iter().any(|it| it == *name));
        names.extend(telling.map(|it| (*it).to_owned()));
    }
    Said { what, detail: names.join(", ") }
}

/// With what kind of credentials, never which.
fn scheme(request: &Request) -> Option<String> {
    let mut headers = request.headers.iter();
    let (_, value) = headers.find(|(name, value)| name.eq_ignore_ascii_case("authorization") && value.has_secret())?;
    let masked = value.masked();
    let (scheme, _) = masked.split_once(' ')?;
    Some(scheme.to_owned())
}

/// Long well-known addresses lose their beginning.
pub fn short(path: &str) -> String {
    path.strip_prefix("/.well-known/").map_or_else(|| path.to_owned(), |rest| format!("…/{rest}"))
}

/// The fields that tell what a request is about.
const fn telling(step: Step) -> &'static [&'static str] {
    match step {
        Step::Registration => &["client_name", "redirect_uris"],
        Step::Authorize => &["client_id", "code_challenge", "state", "resource"],
        Step::TokenRequest | Step::Refresh => &["code", "code_verifier", "refresh_token"],
        Step::Revoke => &["token_type_hint"],
        _ => &[],
    }
}

fn fields(query: &str, body: Option<&Text>) -> Vec<String> {
    let body = body.filter(|it| it.len() <= READ).map(Text::masked).unwrap_or_default();
    let names = |form: &str| form_urlencoded::parse(form.as_bytes()).map(|(name, _)| name.into_owned()).collect();
    let in_query: Vec<String> = names(query);
    in_query.into_iter().chain(members(&body).unwrap_or_else(|| names(&body))).collect()
}

fn members(body: &str) -> Option<Vec<String>> {
    let object: Map<String, Value> = serde_json::from_str(body).ok()?;
    Some(object.into_iter().map(|(name, _)| name).collect())
}

/// What the refused request was answered: the status, and whether the challenge says where to read more (RFC 9728 §5.1).
/// The row has no room for what else it names.
pub fn challenge(refused: &Exchange) -> Option<Said> {
    let (head, _) = refused.head.as_ref()?;
    let challenges = head.header("www-authenticate").map(challenge::parse);
    let detail = match challenges.as_deref().map(challenge::bearer) {
        None => "challenge hidden by the browser".to_owned(),
        Some(None) => "no Bearer challenge".to_owned(),
        Some(Some(it)) if it.param("resource_metadata").is_some() => "resource_metadata".to_owned(),
        Some(Some(_)) => "Bearer".to_owned(),
    };
    Some(Said { what: head.status.to_string(), detail })
}

/// The tokens that an answer brought, by name.
pub fn tokens(answered: &Exchange) -> Option<Said> {
    let there = members(&answered.body.as_ref().filter(|it| it.bytes <= READ)?.text.masked()).unwrap_or_default();
    let tokens =
        ["access_token", "refresh_token", "id_token"].into_iter().filter(|name| there.iter().any(|it| it == name));
    Some(Said { what: answered.status()?, detail: tokens.collect::<Vec<_>>().join(", ") })
}

/// The names of what a callback brought.
pub fn names(facts: &[(String, Text)]) -> String {
    let names: Vec<&str> = facts.iter().map(|(name, _)| name.as_str()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Head, Method};
    use crate::trace::{Event, Trace};

    #[test]
    fn a_request_is_known_by_its_path_and_what_matters_in_it() {
        let form =
            crate::base::text::form(&["grant_type", "code_verifier", "code"].map(|it| (it.to_owned(), "x".to_owned())));
        let token = Request::new(Method::Post, "https://as.example/token").body(form);
        let said = request(Step::TokenRequest, &token, None);
        assert_eq!((said.what.as_str(), said.detail.as_str()), ("POST /token", "code, code_verifier"));
        let there = Request::get("https://a.example/.well-known/oauth-protected-resource/mcp");
        assert_eq!(request(Step::ResourceMetadata, &there, None).what, "GET …/oauth-protected-resource/mcp");
        let call = Request::new(Method::Post, "https://a.example/mcp")
            .header("authorization", Text::credentials("Bearer", "t"));
        assert_eq!(request(Step::Connected, &call, Some("tools/list")).detail, "tools/list, Bearer");
        let basic = Request::new(Method::Post, "https://as.example/token")
            .header("authorization", Text::credentials("Basic", "YTpi"));
        assert_eq!(request(Step::TokenRequest, &basic, None).detail, "Basic");
    }

    #[test]
    fn a_challenge_is_known_by_where_it_says_to_read_more() {
        let said = |value: &str| {
            let mut trace = Trace::default();
            let (exchange, request) = (trace.next_exchange(), Request::get("https://a.example/mcp"));
            trace.push(0.0, Event::Sent { exchange, step: Some(Step::McpRequest), request });
            let headers = vec![("www-authenticate".to_owned(), value.to_owned())];
            let head = Head { status: 401, url: String::new(), redirected: false, headers };
            trace.push(1.0, Event::Answered { exchange, head });
            challenge(trace.exchange(exchange).expect("sent")).expect("answered").detail
        };
        assert_eq!(said(r#"Bearer resource_metadata="https://a.example/x", scope="a""#), "resource_metadata");
        assert_eq!(said(r#"Bearer error="invalid_token", scope="a""#), "Bearer");
        assert_eq!(said(r#"Basic realm="a""#), "no Bearer challenge");
    }
}
