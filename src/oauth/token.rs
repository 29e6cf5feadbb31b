//! The token endpoint: the request that trades a code, the answer, and the token that is kept.

use super::metadata::{object, string};
use super::registration::{Client, authenticate};
use crate::address::Address;
use crate::http::{Method, Redirect, Request};
use crate::secret::{Secret, in_storage};
use crate::text::{self, Text};
use serde::{Deserialize, Serialize};

/// An access token and what it is bound to. It is sent to that server and nowhere else.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// The MCP server's address.
    pub server: String,
    pub issuer: String,
    pub client_id: String,
    /// The `resource` it was asked for.
    pub resource: Option<String>,
    #[serde(with = "in_storage")]
    pub access_token: Secret<String>,
    #[serde(with = "in_storage::option")]
    pub refresh_token: Option<Secret<String>>,
    /// Granted; the asked one where the server did not say (RFC 6749 §5.1).
    pub scope: Option<String>,
    /// Milliseconds since the epoch.
    pub expires: Option<f64>,
}

/// A token answer (RFC 6749 §5.1) as it was read.
#[derive(Clone, PartialEq)]
pub struct Answer {
    pub access_token: Secret<String>,
    pub refresh_token: Option<Secret<String>>,
    pub token_type: Option<String>,
    pub scope: Option<String>,
    /// Seconds.
    pub expires_in: Option<u64>,
}

/// An error answer (RFC 6749 §5.2, RFC 7591 §3.2.2), as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub error: Option<String>,
    pub description: Option<String>,
}

/// The request that trades a code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.5, RFC 8707 §2.2). It needs no preflight
/// unless the client authenticates by header.
pub fn exchange(endpoint: &Address, client: &Client, code: &str, verifier: &str, resource: Option<&str>) -> Request {
    let mut fields = vec![
        ("grant_type".to_owned(), "authorization_code".to_owned()),
        ("code".to_owned(), code.to_owned()),
        ("code_verifier".to_owned(), verifier.to_owned()),
        ("redirect_uri".to_owned(), client.redirect_uri.clone()),
    ];
    fields.extend(resource.map(|it| ("resource".to_owned(), it.to_owned())));
    let header = authenticate(client, &mut fields);
    let request = Request::new(Method::Post, endpoint.href())
        .header("content-type", Text::plain("application/x-www-form-urlencoded"))
        .header("accept", Text::plain("application/json"))
        .body(text::form(&fields))
        .redirect(Redirect::Stop);
    match header {
        Some(value) => request.header("authorization", value),
        None => request,
    }
}

/// Reads a token answer; `None` where there is no access token in it.
pub fn answer(body: &str) -> Option<Answer> {
    let document = object(body)?;
    let secret = |name| string(&document, name).filter(|it| !it.is_empty()).map(Secret::new);
    let seconds = document.get("expires_in").and_then(|it| it.as_u64().or_else(|| it.as_str()?.parse().ok()));
    Some(Answer {
        access_token: secret("access_token")?,
        refresh_token: secret("refresh_token"),
        token_type: string(&document, "token_type"),
        scope: string(&document, "scope"),
        expires_in: seconds,
    })
}

/// Reads an error answer.
pub fn refusal(body: &str) -> Refusal {
    let document = object(body).unwrap_or_default();
    Refusal { error: string(&document, "error"), description: string(&document, "error_description") }
}

#[cfg(test)]
mod tests {
    use super::super::registration::Origin;
    use super::*;

    #[test]
    fn the_exchange_is_a_simple_request_that_hides_its_secrets() {
        let client = Client::known("me", None, Origin::ByHand, None, "http://localhost/cb");
        let endpoint = Address::given("https://as.example/token").expect("valid");
        let request = exchange(&endpoint, &client, "c0de", "ver", Some("https://a/mcp"));
        assert!(!request.needs_preflight());
        let body = request.body.expect("a body");
        assert!(body.expose().contains("code=c0de&code_verifier=ver"));
        assert!(body.expose().ends_with("resource=https%3A%2F%2Fa%2Fmcp&client_id=me"));
        assert!(!body.masked().contains("c0de"));
    }

    #[test]
    fn an_answer_without_a_token_is_none() {
        assert!(answer(r#"{"access_token":""}"#).is_none());
        assert!(answer(r#"{"access_token":"a","expires_in":"60"}"#).is_some_and(|it| it.expires_in == Some(60)));
    }
}
