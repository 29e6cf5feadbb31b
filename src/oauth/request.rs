//! The authorization request and the callback that answers it.

use super::metadata::Server;
use super::registration::Client;
use crate::base::secret::Secret;
use crate::base::text::{Text, is_secret_field};

/// What the authorization request is made of (RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2).
pub struct AuthorizationRequest<'a> {
    pub server: &'a Server,
    pub client: &'a Client,
    pub challenge: &'a str,
    pub state: &'a str,
    pub resource: Option<&'a str>,
    pub scope: Option<&'a str>,
    pub extra: &'a [(String, String)],
}

impl AuthorizationRequest<'_> {
    /// The parameters in the order in which they are sent.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let own = [
            ("response_type", Some("code")),
            ("client_id", Some(self.client.id.as_str())),
            ("redirect_uri", Some(self.client.redirect_uri.as_str())),
            ("code_challenge", Some(self.challenge)),
            ("code_challenge_method", Some("S256")),
            ("state", Some(self.state)),
            ("resource", self.resource),
            ("scope", self.scope),
        ];
        let own = own.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
        own.chain(self.extra.iter().cloned()).collect()
    }

    /// The whole address; a query that the endpoint already has is kept (RFC 6749 §3.1).
    pub fn url(&self) -> String {
        self.server.authorization_endpoint.with_query(&self.parameters())
    }
}

/// The parameters that came back in the query of the redirect URI.
#[derive(Clone, PartialEq, Eq)]
pub struct Callback(Vec<(String, Secret<String>)>);

impl Callback {
    /// Form-decoded once, and normalized in no other way (RFC 9207 §2.4).
    pub fn parse(query: &str) -> Self {
        let query = query.strip_prefix('?').unwrap_or(query);
        let pairs = form_urlencoded::parse(query.as_bytes());
        Self(pairs.map(|(name, value)| (name.into_owned(), Secret::new(value.into_owned()))).collect())
    }

    /// The value of a parameter. One that came twice counts as absent (RFC 6749 §3.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|(it, _)| it == name);
        let first = found.next().map(|(_, value)| value.expose().as_str());
        first.filter(|_| found.next().is_none())
    }

    /// How often a parameter came.
    pub fn count(&self, name: &str) -> usize {
        self.0.iter().filter(|(it, _)| it == name).count()
    }

    /// For the trace: the code is marked as secret.
    pub fn texts(&self) -> Vec<(String, Text)> {
        let text = |(name, value): &(String, Secret<String>)| {
            let value = value.expose().as_str();
            (name.clone(), if is_secret_field(name) { Text::secret(value) } else { Text::plain(value) })
        };
        self.0.iter().map(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::registration::Origin;
    use super::*;
    use crate::base::address::Address;

    #[test]
    fn the_endpoints_own_query_is_kept() {
        let mut server = Server::defaults(&Address::given("https://a.example").expect("valid"));
        server.authorization_endpoint = Address::given("https://a.example/authorize?p=1").expect("valid");
        let client = Client::known("me", None, Origin::ByHand, None, "http://localhost/cb");
        let request = AuthorizationRequest {
            server: &server,
            client: &client,
            challenge: "c",
            state: "s",
            resource: Some("https://a.example"),
            scope: None,
            extra: &[("prompt".to_owned(), "consent".to_owned())],
        };
        let url = request.url();
        assert!(url.starts_with("https://a.example/authorize?p=1&response_type=code&client_id=me"), "{url}");
        assert!(url.ends_with("&resource=https%3A%2F%2Fa.example&prompt=consent"), "{url}");
    }

    #[test]
    fn a_callback_is_decoded_once() {
        let callback = Callback::parse("?code=a%2520b&state=x+y&iss=https%3A%2F%2Fas");
        assert_eq!(callback.get("code"), Some("a%20b"));
        assert_eq!(callback.get("state"), Some("x y"));
        assert_eq!(callback.get("iss"), Some("https://as"));
    }

    #[test]
    fn a_parameter_that_came_twice_counts_as_absent() {
        assert_eq!(Callback::parse("state=a&state=b").get("state"), None);
    }
}
