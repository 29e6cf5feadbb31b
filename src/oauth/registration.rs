//! The client: how it gets its id, and how it authenticates at the token endpoint.

use super::assertion::PrivateKey;
use super::scope;
use super::token;
use crate::base::address::Address;
use crate::base::secret::{Secret, in_storage};
use crate::base::text::{self, Text};
use crate::http::{Method, Request};
use crate::json::members::Members;
use crate::settings::TokenAuth;
pub use crate::trace::problem::oauth::Origin;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A client as the authorization server knows it. Kept by issuer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    pub id: String,
    #[serde(with = "in_storage::option")]
    pub secret: Option<Secret<String>>,
    pub auth: TokenAuth,
    /// What its assertions are signed with, where it proves itself by them (`token_endpoint_auth_signing_alg`).
    pub signing_alg: Option<String>,
    pub origin: Origin,
    /// The redirect URI that it was registered with.
    pub redirect_uri: String,
    /// The scope that its dynamic registration was for, whether or not the authorization server took it.
    pub scope: Option<String>,
}

/// A registration response.
pub struct Registered {
    pub client: Client,
    /// What the server says that it registered, where it says so.
    pub redirect_uris: Option<Vec<String>>,
    pub scope: Option<String>,
}

impl Client {
    /// A client whose id needs no registration here.
    pub fn known(
        id: &str,
        secret: Option<Secret<String>>,
        origin: Origin,
        offered: Option<&[String]>,
        redirect_uri: &str,
    ) -> Self {
        let auth = choose(None, secret.is_some(), offered);
        let redirect_uri = redirect_uri.to_owned();
        Self { id: id.to_owned(), secret, auth, signing_alg: None, origin, redirect_uri, scope: None }
    }

    /// The same client as the user set it: how it proves itself, and with what key. `taken` are the algorithms that
    /// the authorization server takes.
    #[must_use]
    pub fn proving(self, set: Option<TokenAuth>, key: Option<&Secret<String>>, taken: Option<&[String]>) -> Self {
        let auth = set.unwrap_or(self.auth);
        // A key that cannot be read is told of when it is to sign.
        let key = key.filter(|_| auth == TokenAuth::PrivateKeyJwt).and_then(|it| PrivateKey::read(it.expose()).ok());
        let signing_alg = key.map(|it| it.algorithm(taken).0.to_owned());
        Self { auth, signing_alg, ..self }
    }

    /// Whether its registration was for all of that scope: authorization servers refuse what was not registered.
    pub fn registered_for(&self, scope: Option<&str>) -> bool {
        scope::covers(self.scope.as_deref().unwrap_or_default(), scope.unwrap_or_default())
    }
}

/// The method to use: the registered one, else `client_secret_basic` before `client_secret_post`, else none.
///
/// Where the server does not say what it takes, RFC 8414 §2 makes basic the default for a client with a secret.
fn choose(registered: Option<TokenAuth>, has_secret: bool, offered: Option<&[String]>) -> TokenAuth {
    let takes = |method: TokenAuth| offered.is_none_or(|list| list.iter().any(|it| it == method.name()));
    match registered {
        Some(method) if takes(method) || method == TokenAuth::None => method,
        _ if !has_secret => TokenAuth::None,
        _ if takes(TokenAuth::Basic) || !takes(TokenAuth::Post) => TokenAuth::Basic,
        _ => TokenAuth::Post,
    }
}

/// What a dynamic registration asks for (RFC 7591 §3.1).
///
/// A page on this machine is a `native` application, a hosted one a `web` application (OpenID Registration §2).
///
/// `scope` is that of the authorization request: some authorization servers refuse every scope that was not registered.
pub fn request(endpoint: &Address, redirect_uri: &str, scope: Option<&str>) -> Request {
    let local = Address::typed(redirect_uri).is_ok_and(|it| it.is_loopback());
    let mut body = json!({
        "client_name": "Flowglass",
        "redirect_uris": [redirect_uri],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "application_type": if local { "native" } else { "web" },
    });
    if let (Some(members), Some(scope)) = (body.as_object_mut(), scope) {
        members.insert("scope".to_owned(), scope.into());
    }
    Request::new(Method::Post, endpoint.href())
        .header("content-type", Text::plain("application/json"))
        .header("accept", Text::plain("application/json"))
        .body(Text::plain(body.to_string()))
}

/// Reads a registration response (RFC 7591 §3.2.1); `None` where it has no client id.
pub fn response(body: &str, redirect_uri: &str, offered: Option<&[String]>) -> Option<Registered> {
    let document = Members::of(body)?;
    let id = document.read("client_id").filter(|it: &String| !it.is_empty())?;
    let secret = document.read("client_secret").filter(|it: &String| !it.is_empty()).map(Secret::new);
    let registered = document.read::<String>("token_endpoint_auth_method").and_then(|it| TokenAuth::parse(&it));
    let auth = choose(registered.filter(|it| *it == TokenAuth::None || secret.is_some()), secret.is_some(), offered);
    let redirect_uri = redirect_uri.to_owned();
    let client = Client { id, secret, auth, signing_alg: None, origin: Origin::Dynamic, redirect_uri, scope: None };
    Some(Registered { client, redirect_uris: document.strings("redirect_uris"), scope: document.read("scope") })
}

/// The client's credentials on a token request (RFC 6749 §2.3.1): a header, or fields of the form.
pub fn authenticate(client: &Client, fields: &mut Vec<(String, String)>) -> Option<Text> {
    let secret = client.secret.as_ref().map(|it| it.expose().as_str()).unwrap_or_default();
    let mut field = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
    match client.auth {
        // The assertion says who the client is, and is added once it is signed.
        TokenAuth::PrivateKeyJwt => {}
        TokenAuth::None => field("client_id", &client.id),
        TokenAuth::Post => {
            field("client_id", &client.id);
            field("client_secret", secret);
        }
        TokenAuth::Basic => {
            use base64::Engine as _;
            let pair = format!("{}:{}", text::encode(&client.id), text::encode(secret));
            return Some(Text::credentials("Basic", &base64::engine::general_purpose::STANDARD.encode(pair)));
        }
    }
    None
}

/// Whether a registration endpoint responds like that (RFC 7591 §3.2), and not something else at a guessed URL.
pub fn is_response(status: u16, body: &str) -> bool {
    const ERRORS: [&str; 4] = [
        "invalid_redirect_uri",
        "invalid_client_metadata",
        "invalid_software_statement",
        "unapproved_software_statement",
    ];
    match status {
        200..=299 => Members::of(body).is_some(),
        // What failed, or has too much to do, says nothing of what it is.
        429 | 500.. => true,
        _ => token::refusal(body).error.is_some_and(|it| ERRORS.contains(&it.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(names: &[&str]) -> Vec<String> {
        names.iter().map(|&it| it.to_owned()).collect()
    }

    #[test]
    fn d_19_a_local_page_is_native_and_a_hosted_one_is_web() {
        let endpoint = Address::given("https://as.example/register").expect("valid");
        let kind = |uri| {
            let body = request(&endpoint, uri, None).body.expect("a body").expose();
            serde_json::from_str::<serde_json::Value>(&body).expect("JSON")["application_type"].clone()
        };
        assert_eq!(kind("http://localhost:3000/oauth/callback"), "native");
        assert_eq!(kind("https://inspector.example.com/oauth/callback"), "web");
    }

    #[test]
    fn basic_comes_before_post_and_none_without_a_secret() {
        assert_eq!(choose(None, false, None), TokenAuth::None);
        assert_eq!(choose(None, true, None), TokenAuth::Basic);
        assert_eq!(choose(None, true, Some(&offered(&["client_secret_post"]))), TokenAuth::Post);
        let both = offered(&["client_secret_post", "client_secret_basic"]);
        assert_eq!(choose(None, true, Some(&both)), TokenAuth::Basic);
        assert_eq!(choose(Some(TokenAuth::Post), true, Some(&both)), TokenAuth::Post);
    }

    #[test]
    fn basic_credentials_are_form_encoded_first() {
        let mut client = Client::known("a:b", Some("c d".into()), Origin::ByHand, None, "");
        client.auth = TokenAuth::Basic;
        let header = authenticate(&client, &mut Vec::new()).expect("a header");
        assert_eq!(header.expose(), "Basic YSUzQWI6Yytk");
    }

    #[test]
    fn a_response_without_an_id_is_none() {
        assert!(response("{}", "", None).is_none());
        assert!(response("[]", "", None).is_none());
        assert!(response(r#"{"client_id":"x"}"#, "", None).is_some());
    }
}
