//! The token endpoint: the request that trades a code, the answer, and the token that is kept.

use super::account::Account;
use super::registration::{Client, authenticate};
use crate::base::address::Address;
use crate::base::secret::{Secret, in_storage};
use crate::base::text::{self, Text};
use crate::http::{Method, Redirect, Request};
use crate::json::members::Members;
pub use crate::trace::problem::oauth::Refusal;
use serde::{Deserialize, Serialize};

/// An access token and what it is bound to. It is sent to that server and nowhere else.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// The MCP server's address.
    pub server: String,
    pub issuer: String,
    /// The client that it was issued to.
    pub client: Client,
    pub token_endpoint: Address,
    pub revocation_endpoint: Option<Address>,
    pub introspection_endpoint: Option<Address>,
    pub jwks_uri: Option<Address>,
    /// The `resource` it was asked for.
    pub resource: Option<String>,
    #[serde(with = "in_storage")]
    pub access_token: Secret<String>,
    #[serde(with = "in_storage::option")]
    pub refresh_token: Option<Secret<String>>,
    /// Granted; the asked one where the server did not say (RFC 6749 §5.1).
    pub scope: Option<String>,
    /// What was asked for.
    pub asked: Option<String>,
    /// Milliseconds since the epoch.
    pub expires: Option<f64>,
    /// Who logged in, where an ID token says so.
    #[serde(default)]
    pub account: Option<Account>,
    /// Values of `prompt` that the authorization server takes.
    #[serde(default)]
    pub prompt_values: Vec<String>,
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
    pub id_token: Option<Secret<String>>,
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
    form(endpoint, client, fields)
}

/// The request for a new access token (RFC 6749 §6, RFC 8707 §2.2). No scope: it would not be widened by it.
pub fn refresh(grant: &Grant, refresh_token: &str) -> Request {
    refreshing(grant, refresh_token, None)
}

/// The same for a scope of its own (RFC 6749 §6).
pub fn refresh_for(grant: &Grant, refresh_token: &str, scope: &str) -> Request {
    refreshing(grant, refresh_token, Some(scope))
}

fn refreshing(grant: &Grant, refresh_token: &str, scope: Option<&str>) -> Request {
    let mut fields = vec![
        ("grant_type".to_owned(), "refresh_token".to_owned()),
        ("refresh_token".to_owned(), refresh_token.to_owned()),
    ];
    fields.extend(grant.resource.iter().map(|it| ("resource".to_owned(), it.clone())));
    fields.extend(scope.map(|it| ("scope".to_owned(), it.to_owned())));
    form(&grant.token_endpoint, &grant.client, fields)
}

/// The request for a token of the client's own (RFC 6749 §4.4.2, RFC 8707 §2.2).
pub fn client_credentials(endpoint: &Address, client: &Client, resource: Option<&str>, scope: Option<&str>) -> Request {
    let mut fields = vec![("grant_type".to_owned(), "client_credentials".to_owned())];
    fields.extend(resource.map(|it| ("resource".to_owned(), it.to_owned())));
    fields.extend(scope.map(|it| ("scope".to_owned(), it.to_owned())));
    form(endpoint, client, fields)
}

/// The request that gives a token back (RFC 7009 §2.1); `hint` says which kind it is.
pub fn revocation(endpoint: &Address, client: &Client, token: &str, hint: &str) -> Request {
    let fields = vec![("token".to_owned(), token.to_owned()), ("token_type_hint".to_owned(), hint.to_owned())];
    form(endpoint, client, fields)
}

/// The question what a token is good for (RFC 7662 §2.1).
pub fn introspection(endpoint: &Address, client: &Client, token: &str) -> Request {
    let fields = [("token", token), ("token_type_hint", "access_token")];
    form(endpoint, client, fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
}

/// A form with the client's credentials: a simple request, unless they go in a header.
fn form(endpoint: &Address, client: &Client, mut fields: Vec<(String, String)>) -> Request {
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

impl Grant {
    /// The grant with what a refresh brought; a refresh token that was not replaced is kept (RFC 6749 §6).
    #[must_use]
    pub fn refreshed(&self, answer: Answer, now: f64) -> Self {
        let old = self.refresh_token.as_ref().map(|it| Secret::new(it.expose().clone()));
        Self {
            access_token: answer.access_token,
            refresh_token: answer.refresh_token.or(old),
            scope: answer.scope.or_else(|| self.scope.clone()),
            expires: answer.expires_in.map(|it| now + it as f64 * 1000.0),
            ..self.clone()
        }
    }
}

/// Reads a token answer; `None` where there is no access token in it.
pub fn answer(body: &str) -> Option<Answer> {
    let document = Members::of(body)?;
    let secret = |name| document.read(name).filter(|it: &String| !it.is_empty()).map(Secret::new);
    let seconds = document.read("expires_in").or_else(|| document.read::<String>("expires_in")?.parse().ok());
    Some(Answer {
        access_token: secret("access_token")?,
        refresh_token: secret("refresh_token"),
        token_type: document.read("token_type"),
        scope: document.read("scope"),
        expires_in: seconds,
        id_token: secret("id_token"),
    })
}

/// Reads an error answer.
pub fn refusal(body: &str) -> Refusal {
    let document = Members::of(body).unwrap_or_default();
    Refusal { error: document.read("error"), description: document.read("error_description") }
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

    fn grant() -> Grant {
        let endpoint = Address::given("https://as.example/token").expect("valid");
        Grant {
            server: "https://a/mcp".to_owned(),
            issuer: "https://as.example".to_owned(),
            client: Client::known("me", None, Origin::ByHand, None, "http://localhost/cb"),
            token_endpoint: endpoint,
            revocation_endpoint: None,
            introspection_endpoint: None,
            jwks_uri: None,
            resource: Some("https://a/mcp".to_owned()),
            access_token: "t-1".into(),
            refresh_token: Some("r-1".into()),
            scope: Some("a".to_owned()),
            asked: None,
            expires: None,
            account: None,
            prompt_values: Vec::new(),
        }
    }

    #[test]
    fn d_37_a_refresh_carries_the_resource_and_no_scope() {
        let body = refresh(&grant(), "r-1").body.expect("a body");
        assert_eq!(
            body.expose(),
            "grant_type=refresh_token&refresh_token=r-1&resource=https%3A%2F%2Fa%2Fmcp&client_id=me"
        );
        assert!(!body.masked().contains("r-1"));
    }

    #[test]
    fn d_37_a_refresh_token_is_kept_until_it_is_replaced() {
        let refreshed = |body: &str| grant().refreshed(answer(body).expect("a token"), 1000.0);
        let kept = refreshed(r#"{"access_token":"t-2","expires_in":60}"#);
        assert_eq!(kept.refresh_token.map(|it| it.expose().clone()).as_deref(), Some("r-1"));
        assert_eq!((kept.scope.as_deref(), kept.expires), (Some("a"), Some(61_000.0)));
        let new = refreshed(r#"{"access_token":"t-2","refresh_token":"r-2"}"#);
        assert_eq!(new.refresh_token.map(|it| it.expose().clone()).as_deref(), Some("r-2"));
    }

    #[test]
    fn a_revocation_names_what_it_gives_back() {
        let endpoint = Address::given("https://as.example/revoke").expect("valid");
        let body = revocation(&endpoint, &grant().client, "r-1", "refresh_token").body.expect("a body");
        assert_eq!(body.expose(), "token=r-1&token_type_hint=refresh_token&client_id=me");
    }

    #[test]
    fn an_answer_without_a_token_is_none() {
        assert!(answer(r#"{"access_token":""}"#).is_none());
        assert!(answer(r#"{"access_token":"a","expires_in":"60"}"#).is_some_and(|it| it.expires_in == Some(60)));
    }
}
